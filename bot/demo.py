"""The demo: the bot against the sandbox, with people to play and nothing to set up.

The whole way from a question to a lawyer can be walked: citizens, two made-up partners, one of them with
a group, lawyers with hours, one of them on duty at night, rules of routing, a coordinator, a curator. An
event with few seats is to come: who registers, and who waits.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

import sandbox
from bot import outbox
from bot.app import Bot
from bot.settings import Settings
from handlers import menu
from handlers.context import Call
from handlers.roles import role_name
from handlers.screens import plain
from locales import HERE, texts
from sandbox import Telegram
from services import partners, people, rules, timetables
from services.rules import Rule
from storage.events import Event, EventState
from storage.migrate import migrate
from storage.people import Grant, Person, Privacy, Role

DATABASE = Path("data/demo.db")
PAGE_PORT = 8081
# Which of the page's phones holds which role; the coordinator holds all, as ADMIN_IDS do.
ADMIN = "coordinator"
ROLES = {
    "lawyer": Role.LAWYER,
    "partner-group": Role.LAWYER,
    "second-lawyer": Role.LAWYER,
    "campaigner": Role.CAMPAIGNER,
    "curator": Role.CURATOR,
}
MADE_UP = "(демо)"  # behind the name of every lawyer, as citizens and staff see it


@dataclass(frozen=True, slots=True)
class Organisation:
    """A made-up partner: the phones of its lawyers, and the page's group that gets its cards."""

    name: str
    lawyers: tuple[str, ...]
    group: str | None = None


OSH = Organisation("Демо: Юристы Оша", ("lawyer",))
VALLEY = Organisation("Демо: Адвокаты Ферганы", ("partner-group", "second-lawyer"), "partner-group")
# Who is asked first for which region, with how many cases a week at most; then for all others.
RULES: tuple[tuple[Organisation, str | None, int | None], ...] = (
    (OSH, "KG-GO", 8),
    (OSH, "KG-O", None),
    (VALLEY, None, None),
    (OSH, None, None),
)
ON_DUTY = "lawyer"  # may be woken; the others sleep
OPENS, CLOSES = 8 * 60, 20 * 60  # minutes after midnight, on every day of the week
OFFICE = "Демо: Ош ш., борбордук аянт"
PIN = (40.5139, 72.8161)  # latitude and longitude of the middle of Osh


async def play(settings: Settings) -> None:
    """Start the sandbox, its people and the bot; print the address of the page; run until stopped."""
    async with sandbox.running(PAGE_PORT) as telegram:
        DATABASE.parent.mkdir(parents=True, exist_ok=True)
        for left in DATABASE.parent.glob(DATABASE.name + "*"):
            left.unlink()  # the sandbox forgets its world, so must the database
        bot = Bot(
            settings.model_copy(
                update={
                    "bot_token": type(settings.bot_token)(sandbox.DEFAULT_TOKEN),
                    "bot_api_url": telegram.url,
                    "database_url": type(settings.bot_token)(f"sqlite:///{DATABASE}"),
                    "admin_ids": settings.admin_ids | {admin_id()},
                    "clock": "server",
                    "webhook_url": "",
                }
            )
        )
        await furnish(bot, telegram)
        print(f"\n  Open {telegram.url}/  (Ctrl+C ends it)\n", flush=True)
        await bot.run()


def admin_id() -> int:
    """The Telegram id of the one who holds every role."""
    return int(sandbox.cast()[ADMIN]["id"])


async def furnish(bot: Bot, telegram: Telegram) -> dict[str, sandbox.Person]:
    """Fill an empty world and an empty database; give back the people by their phones."""
    cast = sandbox.cast()
    phones = _people(telegram, cast)
    groups = _groups(telegram, phones)
    await migrate(bot.database)
    now = bot.clock.now()
    async with bot.database.transaction() as session:
        staff = await _hire(session, cast, now)
        ids = {one: await _found(session, one, cast, staff, groups, now) for one in (OSH, VALLEY)}
        wanted = [Rule(ids[of], region=region, weekly_most=most) for of, region, most in RULES]
        await rules.save(session, wanted)
        session.add(_event(now))
        calls = [one for phone, person in staff.items() for one in _greeting(person, phone)]
        await outbox.put(session, calls, owner=0, now=now)  # the bot takes it over at its start
    return phones


def _event(now: datetime) -> Event:
    """A morning of next week, with fewer seats than there are phones on the page."""
    day = (now + timedelta(days=5)).astimezone(HERE)
    starts_at = day.replace(hour=10, minute=0, second=0, microsecond=0)
    return Event(
        state=EventState.OPEN,
        title_ky="Демо: Жер укугу боюнча акысыз кеңеш күнү",
        title_ru="Демо: День бесплатных консультаций о земле",
        about_ky="Юристтер жер, мурас жана документтер боюнча суроолорго жооп берет.",
        about_ru="Юристы отвечают на вопросы о земле, наследстве и документах.",
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=4),
        place_ky=OFFICE,
        place_ru="Демо: г. Ош, центральная площадь",
        latitude=PIN[0],
        longitude=PIN[1],
        region="KG-GO",
        seats=2,
        register_until=starts_at - timedelta(hours=12),
        companions_most=1,
        asks_needs=True,
        questions=[{"ky": "Кайсы суроо менен келесиз?", "ru": "С каким вопросом вы придёте?"}],
        created_by=admin_id(),
        created_at=now,
    )


def _greeting(person: Person, phone: str) -> list[Call]:
    """What whoever was invited to a role has seen: the menus, and which role it is."""
    t, chat_id = texts(person.language), person.chat_id
    role = ROLES.get(phone, Role.COORDINATOR)
    held = frozenset({role} if phone in ROLES else Role)
    commands = menu.commands(t) + menu.staff_commands(t, held)
    said = plain(t("Welcome! Your role: {role}.", role=role_name(t, role)))
    screen = {"chat_id": chat_id, **menu.menu_screen(t, said).params()}
    return [
        Call(chat_id, "setMyCommands", menu.scoped(chat_id, commands)),
        Call(chat_id, "sendMessage", screen),
    ]


def _people(telegram: Telegram, cast: dict[str, Any]) -> dict[str, sandbox.Person]:
    """Everybody of the page's phones. Staff have met the bot: it may write to them first."""
    return {
        phone: telegram.person(
            about["first_name"],
            started=phone in ROLES or phone == ADMIN,
            person_id=about["id"],
            last_name=about["last_name"],
            username=about["username"],
            language_code=about["language_code"],
        )
        for phone, about in cast.items()
    }


def _groups(telegram: Telegram, phones: dict[str, sandbox.Person]) -> dict[str, int]:
    """The page's groups: their ids by name."""
    by_id = {phone.id: phone for phone in phones.values()}
    return {
        name: telegram.group(
            about["title"],
            [by_id[one] for one in about["members"]],
            kind=about["type"],
            bot=about["bot"],
            is_forum=about["is_forum"],
        ).id
        for name, about in sandbox.groups().items()
    }


async def _hire(session: AsyncSession, cast: dict[str, Any], now: datetime) -> dict[str, Person]:
    """Give the staff of the page's phones their roles."""
    staff = {}
    for phone in (*ROLES, ADMIN):
        somebody = cast[phone]
        person, _ = (await people.meet(session, {somebody["id"]}, now))[somebody["id"]]
        people.choose_language(person, somebody["language_code"])
        people.answer_privacy(person, Privacy.ACCEPTED)
        staff[phone] = person
    await session.flush()
    for phone, role in ROLES.items():
        session.add(
            Grant(
                person_id=staff[phone].id,
                role=role,
                name=_name(cast[phone]),
                granted_by=admin_id(),
                granted_at=now,
            )
        )
    return staff


def _name(about: dict[str, Any]) -> str:
    return f"{about['first_name']} {about['last_name']} {MADE_UP}"


async def _found(
    session: AsyncSession,
    organisation: Organisation,
    cast: dict[str, Any],
    staff: dict[str, Person],
    groups: dict[str, int],
    now: datetime,
) -> int:
    """A partner whose lawyers have an office and hours on every day; its id."""
    partner = await partners.add_partner(session, organisation.name, now)
    partner.group_chat_id = groups[organisation.group] if organisation.group else None
    for phone in organisation.lawyers:
        lawyer = await partners.join(
            session, partner_id=partner.id, person=staff[phone], name=_name(cast[phone]), now=now
        )
        partners.set_duty(lawyer, phone == ON_DUTY)
        timetables.set_office(lawyer, OFFICE)
        timetables.set_pin(lawyer, *PIN)
        for weekday in range(7):
            await timetables.set_weekday(session, lawyer, weekday, [(OPENS, CLOSES)])
    return partner.id
