"""The demo: the bot against the sandbox, with people to play and nothing to set up."""

from __future__ import annotations

import logging
from contextlib import suppress
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncSession

import sandbox
from bot.app import Bot
from bot.settings import Settings
from storage.database import Database
from storage.migrate import migrate
from storage.people import Grant, Person, Role

log = logging.getLogger(__name__)

DATABASE = Path("data/demo.db")
PAGE_PORT = 8081
# Plainly made-up people; the page shows a phone for each.
CITIZENS = ((9001, "Айнура (демо)", "ky"), (9002, "Олег (демо)", "ru"))
STAFF = (
    (9003, "Юрист Гүлнара (демо)", "ky", Role.LAWYER),
    (9004, "Кампания Эрмек (демо)", "ru", Role.CAMPAIGNER),
    (9005, "Координатор Нурия (демо)", "ru", Role.COORDINATOR),
    (9006, "Куратор Салтанат (демо)", "ky", Role.CURATOR),
)
ADMIN = STAFF[2][0]


async def play(settings: Settings) -> None:
    """Start the sandbox, its people and the bot; print the address of the page; run until stopped."""
    DATABASE.parent.mkdir(parents=True, exist_ok=True)
    for left in DATABASE.parent.glob(DATABASE.name + "*"):
        left.unlink()  # the sandbox forgets its world, so must the database
    async with _sandbox() as telegram:
        people = [*CITIZENS, *((chat, name, code) for chat, name, code, _ in STAFF)]
        for chat_id, name, code in people:
            telegram.person(name, person_id=chat_id, language_code=code, started=True)
        bot = Bot(
            settings.model_copy(
                update={
                    "bot_token": type(settings.bot_token)(sandbox.DEFAULT_TOKEN),
                    "bot_api_url": telegram.url,
                    "database_url": type(settings.bot_token)(f"sqlite:///{DATABASE}"),
                    "admin_ids": settings.admin_ids | {ADMIN},
                    "clock": "server",
                    "webhook_url": "",
                }
            )
        )
        await _hire(bot.database, bot)
        print(f"\n  Open {telegram.url}/  (Ctrl+C ends it)\n", flush=True)
        await bot.run()


def _sandbox():  # type: ignore[no-untyped-def]
    return sandbox.running(PAGE_PORT)


async def _hire(database: Database, bot: Bot) -> None:
    await migrate(database)
    async with database.transaction() as session:
        for chat_id, name, _, role in STAFF:
            await _grant(session, chat_id, name, role, bot)


async def _grant(session: AsyncSession, chat_id: int, name: str, role: Role, bot: Bot) -> None:
    now = bot.clock.now()
    person = Person(chat_id=chat_id, discreet=False, created_at=now)
    session.add(person)
    await session.flush()
    with suppress(KeyError):
        session.add(
            Grant(person_id=person.id, role=role, name=name, granted_by=ADMIN, granted_at=now)
        )
