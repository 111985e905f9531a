"""The demo: the bot against the sandbox, with people to play and nothing to set up."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import sandbox
from bot.app import Bot
from bot.settings import Settings
from services import people
from storage.migrate import migrate
from storage.people import Grant, Role

DATABASE = Path("data/demo.db")
PAGE_PORT = 8081
# Which of the page's phones holds which role; the coordinator holds all, as ADMIN_IDS do.
ROLES = {"lawyer": Role.LAWYER, "campaigner": Role.CAMPAIGNER, "curator": Role.CURATOR}
ADMIN = "coordinator"


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
        await _hire(bot, cast)
        print(f"\n  Open {telegram.url}/  (Ctrl+C ends it)\n", flush=True)
        await bot.run()


async def _hire(bot: Bot, cast: dict[str, Any]) -> None:
    """Give the staff of the page's phones their roles."""
    await migrate(bot.database)
    now = bot.clock.now()
    async with bot.database.transaction() as session:
        for phone, role in ROLES.items():
            somebody = cast[phone]
            person, _ = (await people.meet(session, {somebody["id"]}, now))[somebody["id"]]
            await session.flush()
            session.add(
                Grant(
                    person_id=person.id,
                    role=role,
                    name=somebody["first_name"],
                    granted_by=cast[ADMIN]["id"],
                    granted_at=now,
                )
            )
