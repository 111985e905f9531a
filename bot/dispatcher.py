"""From the inbox to the handlers: one update at a time in a chat, many chats at once."""

from __future__ import annotations

import asyncio
import json
import logging
import secrets
from collections import deque
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from telegram import Chat, Update
from telegram.error import TelegramError

from bot import inbox, outbox
from bot.inbox import Received
from bot.logs import describe
from bot.outbox import Sender
from bot.replica import Membership
from bot.transport import TelegramApi
from handlers import errors
from handlers.context import TURN, BotApplication, Call, Turn
from handlers.resources import Resources
from services import people
from services.refusals import Refusal
from storage.database import CONNECTIONS, Database

log = logging.getLogger(__name__)

RETRY_AFTER = 0.5  # seconds before an update that failed is tried again, doubled each time
DATABASE_PAUSE = 1.0  # seconds between tries while the database is away


class Dispatcher:
    """Hands each received update to the handlers, inside one transaction."""

    def __init__(
        self,
        *,
        application: BotApplication,
        api: TelegramApi,
        database: Database,
        sender: Sender,
        resources: Resources,
        membership: Membership,
        now: Callable[[], datetime],
    ) -> None:
        """Join the parts; nothing runs before `accept`."""
        self._application = application
        self._api = api
        self._database = database
        self._sender = sender
        self._resources = resources
        self._membership = membership
        self._now = now
        self._lanes: dict[int, deque[Received]] = {}
        self._busy = asyncio.Semaphore(CONNECTIONS - 2)
        self._tasks: set[asyncio.Task[Any]] = set()
        self._one_less = asyncio.Event()
        self._waiting = 0
        self._closing = False

    @property
    def backlog(self) -> int:
        """How many updates wait to be handled."""
        return self._waiting

    async def drained_to(self, most: int) -> None:
        """Wait while more than `most` updates wait."""
        while self._waiting > most:
            self._one_less.clear()
            await self._one_less.wait()

    def accept(self, updates: Iterable[Received]) -> None:
        """Take updates that are written down, each into the lane of its chat."""
        for received in updates:
            self._waiting += 1
            lane = self._lanes.get(received.chat_id)
            if lane is None:
                self._lanes[received.chat_id] = deque([received])
                self._start(self._run_lane(received.chat_id))
            else:
                lane.append(received)

    def _start(self, work: Any) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _run_lane(self, chat_id: int) -> None:
        lane = self._lanes[chat_id]
        while lane and not self._closing:
            async with self._busy:
                pause = await self._handle(lane[0])
            if pause is not None:
                await asyncio.sleep(pause)
                continue
            lane.popleft()
            self._waiting -= 1
            self._one_less.set()
            # The next of this chat goes behind the chats that wait already.
            await asyncio.sleep(0)
        del self._lanes[chat_id]

    async def _handle(self, received: Received) -> float | None:
        """Handle one update; None when done with it, else the seconds until the next try."""
        try:
            return await self._in_transaction(received)
        except (OperationalError, InterfaceError, OSError) as error:
            log.error("the database is away: %s", type(error).__name__)
            return DATABASE_PAUSE
        except Exception as error:
            if isinstance(error, DBAPIError) and error.connection_invalidated:
                return DATABASE_PAUSE
            return await self._failed(received, error)

    async def _in_transaction(self, received: Received) -> float | None:
        update = Update.de_json(json.loads(received.payload), self._application.bot)
        async with self._database.transaction() as session:
            await self._database.lock_chat(session, received.chat_id)
            if not await inbox.claim(session, received):
                return await self._not_ours(received)
            turn = Turn(session=session, now=self._now(), resources=self._resources)
            who = _whose_row(update)
            if who is not None:
                turn.person, turn.dialog = await people.meet(session, who, turn.now)
            await self._run_handlers(update, turn, received)
            rows = await outbox.put(session, turn.calls, owner=self._membership.id, now=turn.now)
        self._sender.send(rows)
        if len(rows) < len(turn.calls):
            self._sender.wake()
        self._answer_at_once(update, turn)
        return None

    async def _run_handlers(self, update: Update, turn: Turn, received: Received) -> None:
        TURN.set(turn)
        if received.over_limit:
            errors.slow_down(update, turn)
            return
        await self._application.process_update(update)
        if isinstance(turn.error, Refusal):
            await turn.session.flush()
            errors.refused(update, turn, turn.error)
        elif turn.error is not None:
            raise turn.error

    async def _not_ours(self, received: Received) -> float | None:
        # Done already (handed over twice), or an earlier one of this chat waits at another replica.
        async with self._database.reading() as session:
            waiting = await inbox.waiting(session, received.chat_id)
        return 0.2 if any(one.update_id == received.update_id for one in waiting) else None

    def _answer_at_once(self, update: Update, turn: Turn) -> None:
        calls = list(turn.at_once)
        pressed = update.callback_query
        if pressed is not None and not calls:
            calls.append(Call(0, "answerCallbackQuery", {"callback_query_id": pressed.id}))
        for call in calls:
            self._start(self._call_once(call))

    async def _call_once(self, call: Call) -> None:
        try:
            await self._api.call(call.method, call.params)
        except TelegramError as error:
            # A spinner that turns a little longer: nothing is lost.
            log.info("unanswered: %s", type(error).__name__, extra={"method": call.method})

    async def _failed(self, received: Received, error: Exception) -> float | None:
        code = secrets.token_hex(3).upper()
        reason = f"{code} {describe(error)}"
        log.error(
            "an update failed",
            exc_info=error,
            extra={"update": received.update_id, "code": code},
        )
        update = Update.de_json(json.loads(received.payload), self._application.bot)
        async with self._database.transaction() as session:
            if not await inbox.note_failure(session, received.update_id, reason):
                return RETRY_AFTER
            turn = Turn(session=session, now=self._now(), resources=self._resources)
            if (who := _whose_row(update)) is not None:
                turn.person, _ = await people.meet(session, who, turn.now)
            errors.apologise(update, turn, code)
            rows = await outbox.put(session, turn.calls, owner=self._membership.id, now=turn.now)
        self._sender.send(rows)
        self._answer_at_once(update, turn)
        return None

    async def close(self) -> None:
        """Finish what is being handled; what waits stays in the inbox for the next start."""
        self._closing = True
        if self._tasks:
            await asyncio.wait(set(self._tasks), timeout=5)


def _whose_row(update: Update) -> int | None:
    """The person to whom an update belongs: of a private chat, or who pressed a button in a group."""
    user, chat = update.effective_user, update.effective_chat
    if user is None or user.is_bot:
        return None
    if update.callback_query is not None or (chat is not None and chat.type == Chat.PRIVATE):
        return user.id
    return None
