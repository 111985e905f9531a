"""What is sent reaches Telegram whatever happens in between."""

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, cast

from telegram.error import InvalidToken, TimedOut

from bot import inbox, outbox
from bot.outbox import Sender
from bot.transport import TelegramApi
from handlers.context import HIDE, Call
from services.hours import HERE
from storage.database import Database
from storage.traffic import Priority
from tests.conftest import eventually

NOW = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
CHAT = 5
SAID = {"update_id": 1, "message": {"message_id": 41, "chat": {"id": CHAT}, "from": {"id": CHAT}}}


class Server:
    """Stands for Telegram: refuses some methods with an error, takes the others."""

    def __init__(self, **refused: Exception) -> None:
        self.refused = refused
        self.calls: list[tuple[str, Mapping[str, Any]]] = []

    async def call(self, method: str, params: Mapping[str, Any]) -> object:
        self.calls.append((method, params))
        if method in self.refused:
            raise self.refused[method]
        return True


def sender(database: Database, server: Server) -> Sender:
    api = cast(TelegramApi, server)
    return Sender(database, api, now=lambda: NOW, rate=30, owner=lambda: 1)


async def put(database: Database, *calls: Call) -> list[outbox.Outgoing]:
    async with database.transaction() as session:
        return await outbox.put(session, calls, owner=1, now=NOW)


async def test_hiding_that_was_cut_off_is_done_at_the_next_start(database: Database) -> None:
    await inbox.write_down(database, [SAID], dropped=frozenset({1}), owner=1, now=NOW)
    (hide,) = await put(database, Call(CHAT, HIDE, {}))
    silent = Server(deleteMessages=TimedOut())
    killed = sender(database, silent)
    killed.send([hide])
    await eventually(lambda: bool(silent.calls))
    for task in asyncio.all_tasks() - {asyncio.current_task()}:  # type: ignore[arg-type]
        if "_drain" in str(task.get_coro()):
            task.cancel()

    again = Server()
    sender(database, again).send([hide])
    await eventually(lambda: bool(again.calls))
    assert again.calls == [("deleteMessages", {"chat_id": CHAT, "message_ids": [41]})]


async def test_a_method_the_server_lacks_does_not_silence_the_chat(database: Database) -> None:
    menu = Call(CHAT, "setMyCommands", {"commands": []})
    answer = Call(CHAT, "sendMessage", {"chat_id": CHAT, "text": "…"})
    server = Server(setMyCommands=InvalidToken("Not Found"))
    sender(database, server).send(await put(database, menu, answer))
    await eventually(lambda: len(server.calls) == 2)
    assert [method for method, _ in server.calls] == ["setMyCommands", "sendMessage"]


async def test_what_is_late_in_the_evening_waits_for_the_morning(database: Database) -> None:
    moment = datetime(2026, 12, 1, 22, 0, tzinfo=HERE)
    server = Server()
    api = cast(TelegramApi, server)
    late = Sender(database, api, now=lambda: moment, rate=30, owner=lambda: 1)
    said = {"chat_id": CHAT, "text": "…"}
    await put(
        database,
        Call(CHAT, "sendMessage", said, Priority.REMINDER, NOW),
        Call(CHAT, "sendPhoto", said, Priority.CASE, NOW),
    )
    pacing = asyncio.create_task(late.pace_forever())
    late.wake()
    await eventually(lambda: bool(server.calls))
    assert [method for method, _ in server.calls] == ["sendPhoto"]
    moment = datetime(2026, 12, 2, 8, 0, tzinfo=HERE)
    late.wake()
    await eventually(lambda: len(server.calls) == 2)
    assert server.calls[1][0] == "sendMessage"
    pacing.cancel()
