"""What is sent reaches Telegram whatever happens in between."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from sqlalchemy import select
from telegram.error import InvalidToken, TimedOut

from bot import inbox, outbox
from bot.outbox import Sender
from bot.transport import TelegramApi
from handlers.context import HIDE, Call
from services.hours import HERE
from storage.database import Database
from storage.traffic import OutboxMessage, OutboxState, PostedMessage, Priority
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
    work = [asyncio.create_task(late.pace_forever()), asyncio.create_task(late.record_forever())]
    late.wake()
    await eventually(lambda: bool(server.calls))
    assert [method for method, _ in server.calls] == ["sendPhoto"]
    moment = datetime(2026, 12, 2, 8, 0, tzinfo=HERE)
    late.wake()
    await eventually(lambda: len(server.calls) == 2)
    assert server.calls[1][0] == "sendMessage"
    for task in work:
        task.cancel()


class Posts(Server):
    """Gives each message a number, as Telegram does; does not answer where it is told to be slow."""

    def __init__(self, slow: int = 0) -> None:
        super().__init__()
        self.slow = slow

    async def call(self, method: str, params: Mapping[str, Any]) -> object:
        await super().call(method, params)
        if params["chat_id"] == self.slow:
            await asyncio.Event().wait()
        return {"message_id": 900 + len(self.calls)}


async def posted(database: Database, chat: int = CHAT) -> int:
    """A message that others are to refer to."""
    async with database.transaction() as session:
        row = PostedMessage(chat_id=chat, state=OutboxState.QUEUED)
        session.add(row)
        await session.flush()
        return row.id


@asynccontextmanager
async def at_work(sender: Sender) -> AsyncIterator[None]:
    work = [
        asyncio.create_task(sender.pace_forever()),
        asyncio.create_task(sender.record_forever()),
    ]
    sender.wake()
    yield
    for task in work:
        task.cancel()


async def test_a_card_is_changed_and_answered_though_its_id_was_not_known(
    database: Database,
) -> None:
    card, never = await posted(database), await posted(database)
    about, lost = {"posted": card}, {"posted": never}
    async with database.transaction() as session:
        (await session.get_one(PostedMessage, never)).state = OutboxState.BLOCKED
    await put(
        database,
        Call(CHAT, "sendMessage", {"chat_id": CHAT}, Priority.CASE, NOW, card),
        Call(CHAT, "editMessageText", {"chat_id": CHAT, "message_id": about}, Priority.CASE, NOW),
        Call(CHAT, "editMessageText", {"chat_id": CHAT, "message_id": lost}, Priority.CASE, NOW),
        Call(
            CHAT,
            "copyMessage",
            {"chat_id": CHAT, "reply_parameters": {"message_id": about}, "message_thread_id": lost},
            Priority.CASE,
            NOW,
        ),
    )
    server = Posts()
    async with at_work(sender(database, server)):
        await eventually(lambda: len(server.calls) == 3)
    assert server.calls[1] == ("editMessageText", {"chat_id": CHAT, "message_id": 901})
    assert server.calls[2] == (
        "copyMessage",
        {"chat_id": CHAT, "reply_parameters": {"message_id": 901}},
    )


async def test_a_change_waits_for_the_card_that_waits_for_the_morning(database: Database) -> None:
    card = await posted(database)
    change = {"chat_id": CHAT, "message_id": {"posted": card}}
    morning = NOW + timedelta(seconds=90)
    await put(
        database,
        Call(CHAT, "sendMessage", {"chat_id": CHAT}, Priority.CASE, morning, card),
        Call(CHAT, "editMessageText", change, Priority.CASE, NOW),
    )
    moment = NOW
    server = Posts()
    api = cast(TelegramApi, server)
    early = Sender(database, api, now=lambda: moment, rate=30, owner=lambda: 1)

    async def put_off() -> bool:
        async with database.reading() as session:
            due = await session.scalars(select(OutboxMessage.due_at))
            return min(due) > NOW and not server.calls

    async with at_work(early):
        while not await put_off():  # noqa: ASYNC110 - nothing tells of it
            await asyncio.sleep(0.01)
        moment = NOW + timedelta(minutes=2)
        early.wake()
        await eventually(lambda: len(server.calls) == 2)
    assert [method for method, _ in server.calls] == ["sendMessage", "editMessageText"]


async def test_a_call_that_is_not_answered_holds_up_nobody_else(database: Database) -> None:
    calls = [
        Call(chat, "sendMessage", {"chat_id": chat}, Priority.CASE, NOW) for chat in (5, 5, 6, 7)
    ]
    await put(database, *calls)
    server = Posts(slow=5)
    async with at_work(sender(database, server)):
        await eventually(lambda: len(server.calls) == 3)
    assert [params["chat_id"] for _, params in server.calls] == [5, 6, 7]
