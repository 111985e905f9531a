"""From the inbox to the handlers: one update at a time in a chat, many chats at once."""

from __future__ import annotations

import asyncio
import json
import logging
import secrets
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from telegram import Chat, Update
from telegram.error import TelegramError

from bot import inbox, outbox
from bot.amendments import Amender
from bot.inbox import Received
from bot.logs import describe
from bot.outbox import Outgoing, Sender
from bot.replica import Membership
from bot.transport import TelegramApi
from handlers import errors
from handlers.context import TURN, BotApplication, Call, Turn
from handlers.resources import Resources
from services import people
from services.refusals import Refusal
from storage.database import Database

log = logging.getLogger(__name__)

MOST_TOGETHER = 20  # updates that share a transaction when as many wait
RETRY_PAUSE = 0.5  # seconds before an update that failed is tried again, longer each time
DATABASE_PAUSE = 1.0  # seconds between tries while the database is away
OTHERS_PAUSE = 0.2  # seconds between looks at an update whose chat is with another replica


class Dispatcher:
    """Hands received updates to the handlers, those that wait together in one transaction.

    A transaction costs more than most handlers do. Under load up to MOST_TOGETHER updates of different
    chats share one; if one of them fails, all are rolled back and each is handled alone.
    """

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
        """Join the parts; nothing runs before `work`."""
        self._application = application
        self._api = api
        self._database = database
        self._sender = sender
        self._resources = resources
        self._amender = Amender(resources)
        self._membership = membership
        self._now = now
        self._lanes: dict[int, deque[Received]] = {}  # what waits, by chat, oldest first
        self._ready: deque[int] = deque()  # chats whose oldest may be handled now
        self._something_ready = asyncio.Event()
        self._one_less = asyncio.Event()
        self._calls: set[asyncio.Task[None]] = set()

    @property
    def backlog(self) -> int:
        """How many updates wait to be handled."""
        return sum(map(len, self._lanes.values()))

    async def drained_to(self, most: int) -> None:
        """Wait while more than `most` updates wait."""
        while self.backlog > most:
            self._one_less.clear()
            await self._one_less.wait()

    def accept(self, updates: Iterable[Received]) -> None:
        """Take updates that are written down, each behind those of its chat."""
        for received in updates:
            lane = self._lanes.get(received.chat_id)
            if lane is None:
                self._lanes[received.chat_id] = deque([received])
                self._make_ready(received.chat_id)
            else:
                lane.append(received)

    def _make_ready(self, chat_id: int) -> None:
        self._ready.append(chat_id)
        self._something_ready.set()

    async def catch_up(self) -> None:
        """Take over what curators changed before this start, so that nobody has to wait for it."""
        async with self._database.transaction() as session:
            await self._amender.refresh(session)

    async def work(self) -> None:
        """Handle what is ready, for ever. Several may work at once; a chat is with one of them."""
        while True:
            await self._something_ready.wait()
            together = [
                self._lanes[self._ready.popleft()][0]
                for _ in range(min(len(self._ready), MOST_TOGETHER))
            ]
            if not self._ready:
                self._something_ready.clear()
            if together:
                for received, pause in (await self._patiently(together)).items():
                    self._leave(received, pause)

    async def _patiently(self, together: Sequence[Received]) -> dict[Received, float | None]:
        try:
            return await self._handle(together)
        except Exception:
            log.exception("updates could not be handled; will try again")
            return dict.fromkeys(together, DATABASE_PAUSE)

    def _leave(self, received: Received, pause: float | None) -> None:
        """An update is done with, or is to be tried again after a pause."""
        chat_id = received.chat_id
        if pause is not None:
            asyncio.get_running_loop().call_later(pause, self._make_ready, chat_id)
            return
        lane = self._lanes[chat_id]
        lane.popleft()
        self._one_less.set()
        if lane:
            self._make_ready(chat_id)  # behind the chats that wait already
        else:
            del self._lanes[chat_id]

    async def _handle(self, together: Sequence[Received]) -> dict[Received, float | None]:
        """Handle updates; for each None when done with it, else the seconds until the next try."""
        try:
            return await self._in_transaction(together)
        except Exception as error:
            if _database_is_away(error):
                log.error("the database is away: %s", type(error).__name__)
                return dict.fromkeys(together, DATABASE_PAUSE)
            if len(together) == 1:
                return {together[0]: await self._failed(together[0], error)}
        outcomes: dict[Received, float | None] = {}
        for alone in together:
            outcomes |= await self._handle([alone])
        return outcomes

    async def _in_transaction(self, together: Sequence[Received]) -> dict[Received, float | None]:
        updates = {one.update_id: self._read(one) for one in together}
        async with self._database.transaction() as session:
            await self._database.lock_chats(session, [one.chat_id for one in together])
            await self._amender.refresh(session)
            claimed = await inbox.claim(session, list(updates))
            who = {number: _whose_row(updates[number]) for number in claimed}
            now = self._now()
            met = await people.meet(session, {one for one in who.values() if one}, now)
            turns = {}
            for received in together:
                if received.update_id not in claimed:
                    continue
                turn = Turn(session=session, now=now, resources=self._resources)
                turn.person, turn.dialog = met.get(who[received.update_id] or 0, (None, None))
                await self._run_handlers(updates[received.update_id], turn, received)
                turns[received.update_id] = turn
            calls = [call for turn in turns.values() for call in turn.calls]
            rows = await outbox.put(session, calls, owner=self._membership.id, now=now)
        self._let_out(rows, calls)
        for number, turn in turns.items():
            self._answer_at_once(updates[number], turn)
        return {
            one: None if one.update_id in claimed else await self._not_claimed(one)
            for one in together
        }

    def _read(self, received: Received) -> Update:
        """The update; an empty one, which nobody listens to, if the library can't read it."""
        try:
            return Update.de_json(json.loads(received.payload), self._application.bot)
        except Exception:
            log.exception("an update can't be read", extra={"update": received.update_id})
            return Update(received.update_id)

    def _let_out(self, rows: list[Outgoing], calls: list[Call]) -> None:
        self._sender.send(rows)
        if len(rows) < len(calls):
            self._sender.wake()

    async def _run_handlers(self, update: Update, turn: Turn, received: Received) -> None:
        TURN.set(turn)
        if received.over_limit:
            errors.slow_down(update, turn)
            return
        await self._application.process_update(update)
        if isinstance(turn.error, Refusal):
            errors.refused(update, turn, turn.error)
        elif turn.error is not None:
            raise turn.error

    async def _not_claimed(self, received: Received) -> float | None:
        # Done already (handed over twice), or an earlier one of this chat waits at another replica.
        async with self._database.reading() as session:
            waits = await inbox.is_waiting(session, received.update_id)
        return OTHERS_PAUSE if waits else None

    def _answer_at_once(self, update: Update, turn: Turn) -> None:
        calls = list(turn.at_once)
        pressed = update.callback_query
        if pressed is not None and not calls:
            calls.append(Call(0, "answerCallbackQuery", {"callback_query_id": pressed.id}))
        for call in calls:
            task = asyncio.create_task(self._call_once(call))
            self._calls.add(task)
            task.add_done_callback(self._calls.discard)

    async def _call_once(self, call: Call) -> None:
        try:
            await self._api.call(call.method, call.params)
        except TelegramError as error:
            # A spinner that turns a little longer: nothing is lost.
            log.info("unanswered: %s", type(error).__name__, extra={"method": call.method})

    async def _failed(self, received: Received, error: Exception) -> float | None:
        code = secrets.token_hex(3).upper()
        log.error(
            "an update failed",
            exc_info=error,
            extra={"update": received.update_id, "code": code},
        )
        update = self._read(received)
        async with self._database.transaction() as session:
            attempts = await inbox.note_failure(
                session, received.update_id, f"{code} {describe(error)}"
            )
            if attempts < inbox.ATTEMPTS:
                return RETRY_PAUSE * attempts
            turn = Turn(session=session, now=self._now(), resources=self._resources)
            if who := _whose_row(update):
                turn.person, _ = (await people.meet(session, {who}, turn.now))[who]
            errors.apologise(update, turn, code)
            rows = await outbox.put(session, turn.calls, owner=self._membership.id, now=turn.now)
        self._let_out(rows, turn.calls)
        self._answer_at_once(update, turn)
        return None


def _database_is_away(error: Exception) -> bool:
    if isinstance(error, DBAPIError):
        if error.connection_invalidated:
            return True
        # asyncpg counts a value that doesn't fit its column among the errors of a connection.
        if error.orig is not None and isinstance(error.orig.__cause__, ValueError):
            return False
    return isinstance(error, OperationalError | InterfaceError | OSError)


def _whose_row(update: Update) -> int | None:
    """The person to whom an update belongs: of a private chat, or who pressed a button in a group."""
    user, chat = update.effective_user, update.effective_chat
    if user is None or user.is_bot:
        return None
    if update.callback_query is not None or (chat is not None and chat.type == Chat.PRIVATE):
        return user.id
    return None
