"""`python -m bot check`: what is wrong with this installation, one line each, with the cure."""

from __future__ import annotations

from collections.abc import AsyncIterator

from sqlalchemy import select
from telegram.error import InvalidToken, TelegramError

from bot.clock import Clock
from bot.settings import Settings
from bot.transport import AiohttpRequest, TelegramApi
from knowledge.amendments import outdated
from knowledge.base import load_base
from knowledge.check import check
from locales import HERE
from locales.check import faults as catalogue_faults
from services import curation
from storage.database import Database
from storage.migrate import current, newest
from storage.sealed import KeysError
from storage.traffic import InboxUpdate, OutboxMessage


async def faults(settings: Settings) -> AsyncIterator[str]:
    """Everything that is wrong."""
    async for line in _database(settings):
        yield line
    async for line in _token(settings):
        yield line
    for fault in check(day=Clock().now().astimezone(HERE).date()):
        if fault.level == "error":
            yield str(fault)
    for line in catalogue_faults():
        yield line


async def _database(settings: Settings) -> AsyncIterator[str]:
    database = Database(settings.database_url.get_secret_value())
    try:
        if await current(database) != newest():
            yield "database: tables are not up to date: run `python -m bot migrate`"
            return
        async with database.reading() as session:
            # Opening one sealed value of each tells whether the keys fit.
            for column in (InboxUpdate.payload, OutboxMessage.params):
                await session.execute(select(column).where(column.is_not(None)).limit(1))
            base = load_base()
            for one in outdated(base, await curation.amendments(session, base)):
                yield (
                    f"{one.article}: its {one.part} was corrected in chat, but the file says "
                    "something else by now: propose the correction again if it still holds"
                )
    except KeysError as error:
        yield f"database: {error}"
    except Exception as error:
        yield f"database: can't be used ({type(error).__name__}): check DATABASE_URL"
    finally:
        await database.close()


async def _token(settings: Settings) -> AsyncIterator[str]:
    if not settings.token:
        yield "BOT_TOKEN: not set: get one from @BotFather, or use `make run` without"
        return
    request = AiohttpRequest()
    await request.initialize()
    try:
        await TelegramApi(request, f"{settings.bot_api_url}/bot{settings.token}").call("getMe", {})
    except InvalidToken:
        yield "BOT_TOKEN: Telegram does not know it: copy it again from @BotFather"
    except TelegramError as error:
        yield f"BOT_API_URL: no answer ({type(error).__name__}): check the network"
    finally:
        await request.shutdown()
