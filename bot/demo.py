"""The demo: the bot against the sandbox, with people to play and nothing to set up."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

import sandbox
from bot.app import Bot
from bot.settings import Settings
from sandbox import Telegram
from services import partners, people, rules, timetables
from services.rules import Rule
from storage.migrate import migrate
from storage.people import Grant, Person, Privacy, Role

DATABASE = Path("data/demo.db")
PAGE_PORT = 8081
# Which of the page's phones holds which role; the coordinator holds all, as ADMIN_IDS do.
ROLES = {
    "lawyer": Role.LAWYER,
    "partner-group": Role.LAWYER,
    "campaigner": Role.CAMPAIGNER,
    "curator": Role.CURATOR,
}
ADMIN = "coordinator"
# Made-up partners: of which phone the lawyer is, and the page's group for the cards, if any.
PARTNERS = {
    "Демо: Юристы Оша": ("lawyer", None),
    "Демо: Адвокаты Ферганы": ("partner-group", "partner-group"),
}
# Who is asked first for which region, then for all others.
RULES = (
    ("Демо: Юристы Оша", "KG-GO"),
    ("Демо: Юристы Оша", "KG-O"),
    ("Демо: Адвокаты Ферганы", None),
    ("Демо: Юристы Оша", None),
)
OPENS, CLOSES = 8 * 60, 20 * 60  # minutes after midnight, on every day of the week


async def play(settings: Settings) -> None:
    """Start the sandbox, its people and the bot; print the address of the page; run until stopped."""
    DATABASE.parent.mkdir(parents=True, exist_ok=True)
    for left in DATABASE.parent.glob(DATABASE.name + "*"):
        left.unlink()  # the sandbox forgets its world, so must the database
    async with sandbox.running(PAGE_PORT) as telegram:
        cast = sandbox.cast()
        bot = Bot(
            settings.model_copy(
                update={
                    "bot_token": type(settings.bot_token)(sandbox.DEFAULT_TOKEN),
                    "bot_api_url": telegram.url,
                    "database_url": type(settings.bot_token)(f"sqlite:///{DATABASE}"),
                    "admin_ids": settings.admin_ids | {cast[ADMIN]["id"]},
                    "clock": "server",
                    "webhook_url": "",
                }
            )
        )
        groups = _people(telegram, cast)
        await _hire(bot, cast, groups)
        print(f"\n  Open {telegram.url}/  (Ctrl+C ends it)\n", flush=True)
        await bot.run()


def _people(telegram: Telegram, cast: dict[str, Any]) -> dict[str, int]:
    """Make everybody of the page's phones, and its groups: their ids by name.

    The staff have met the bot already, so that it may write to them first.
    """
    phones = {
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


async def _hire(bot: Bot, cast: dict[str, Any], groups: dict[str, int]) -> None:
    """Give the staff of the page's phones their roles, and the lawyers their partners and hours."""
    await migrate(bot.database)
    now = bot.clock.now()
    async with bot.database.transaction() as session:
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
                    name=cast[phone]["first_name"],
                    granted_by=cast[ADMIN]["id"],
                    granted_at=now,
                )
            )
        await _found_partners(session, cast, staff, groups, now)


async def _found_partners(
    session: AsyncSession,
    cast: dict[str, Any],
    staff: dict[str, Person],
    groups: dict[str, int],
    now: datetime,
) -> None:
    """Partners, each with a lawyer who has hours every day and is on duty, and the rules."""
    ids = {}
    for name, (phone, group) in PARTNERS.items():
        partner = await partners.add_partner(session, name, now)
        partner.group_chat_id = groups[group] if group else None
        ids[name] = partner.id
        called = f"{cast[phone]['first_name']} {cast[phone]['last_name']}"
        lawyer = await partners.join(
            session, partner_id=partner.id, person=staff[phone], name=called, now=now
        )
        partners.set_duty(lawyer, True)
        for weekday in range(7):
            await timetables.set_weekday(session, lawyer, weekday, [(OPENS, CLOSES)])
    await rules.save(session, [Rule(ids[name], region=region) for name, region in RULES])
