"""The outbox: calls of the Bot API, written in the transaction that caused them, sent after it.

A reply to a person who waits leaves at once. What the bot starts by itself (a reminder, an announcement)
goes by priority and at a pace. A call in flight when the process is killed may be made again.
"""

from __future__ import annotations

import asyncio
import logging
import re
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import Table, bindparam, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from bot.pace import Pace, Rests
from bot.transport import AnswerLost, NotReached, TelegramApi, seconds_to_wait
from handlers.context import HIDE, Call
from services import sendings
from services.hours import decent
from services.sendings import Left
from storage.announcements import Run
from storage.database import Database
from storage.people import Person
from storage.traffic import InboxUpdate, OutboxMessage, OutboxState, PostedMessage, Priority

log = logging.getLogger(__name__)

# The table, not the class: a statement of every message goes past the session's bookkeeping.
_TABLE = cast(Table, OutboxMessage.__table__)
_POSTED_TABLE = cast(Table, PostedMessage.__table__)
_ROWS = select(
    OutboxMessage.id,
    OutboxMessage.chat_id,
    OutboxMessage.method,
    OutboxMessage.params,
    OutboxMessage.posted_id,
    OutboxMessage.delivery_id,
    OutboxMessage.priority,
)
_INSERT = insert(_TABLE).returning(_TABLE.c.id, sort_by_parameter_order=True)

DATABASE_PAUSE = 1.0  # seconds between tries while the database is away
LONGEST_PAUSE = 30.0  # seconds between two tries while Telegram can't be reached
# A bot can delete messages of a private chat for 48 hours (Bot API, deleteMessage); one that is older
# makes Telegram refuse all that are named with it, so a minute is left for the way there.
DELETABLE = timedelta(hours=48) - timedelta(minutes=1)
MOST_DELETED = 100  # messages in one call (Bot API, deleteMessages)
FIRST_PAUSE = 0.5  # seconds before a call that failed is made again, longer each time
MOST_AT_THE_DOOR = 4  # calls taken up that wait for their turn to leave
FLOOD = 8  # chats that Telegram tells to wait within a second: then all are meant, else each alone
LOOK_AGAIN, LOOK_PATIENCE = 1.0, 5.0  # seconds between looks whether Telegram is there, of one
UNREACHED = (TimedOut, NotReached, AnswerLost)
# Calls under way that the bot started: one that Telegram is slow to answer doesn't hold up the others.
MOST_UNDER_WAY = 100
POSTPONED = timedelta(minutes=1)  # what refers to a message that has not left yet
# Telegram's words for a call that has had its effect already, or can have none any more.
THREAD_GONE = "message thread not found"
HARMLESS = ("message is not modified", "message to delete not found", "query is too old")


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A committed row of the outbox, ready to be sent."""

    id: int
    chat_id: int
    method: str
    params: dict[str, Any]
    posted_id: int | None = None
    delivery_id: int | None = None
    priority: Priority = Priority.REPLY


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an outgoing call; an album has several messages."""

    row: Outgoing
    state: OutboxState
    message_ids: Sequence[int] = ()
    reason: str | None = None

    @property
    def message_id(self) -> int | None:
        """The id of its first message."""
        return self.message_ids[0] if self.message_ids else None


async def put(
    session: AsyncSession, calls: Iterable[Call], *, owner: int, now: datetime
) -> list[Outgoing]:
    """Write calls into the outbox; give back those that are to leave right after the commit."""
    calls = list(calls)
    if not calls:
        return []
    rows = [
        {
            "chat_id": call.chat_id,
            "priority": call.priority,
            "method": call.method,
            "params": call.params,
            "state": OutboxState.QUEUED,
            "owner": owner,
            "due_at": call.due_at or now,
            "posted_id": call.posted_id,
            "delivery_id": call.delivery_id,
            "created_at": now,
        }
        for call in calls
    ]
    connection = await session.connection()
    answer = await connection.execute(_INSERT, rows)
    return [
        Outgoing(row_id, call.chat_id, call.method, call.params, call.posted_id, call.delivery_id)
        for row_id, call in zip(answer.scalars(), calls, strict=True)
        if call.priority is Priority.REPLY
    ]


async def take_over(session: AsyncSession, owners: list[int], owner: int) -> list[Outgoing]:
    """Make the unsent replies of replicas that are gone ours, in their order."""
    if not owners:
        return []
    theirs = OutboxMessage.state == OutboxState.QUEUED, OutboxMessage.owner.in_(owners)
    found = await session.execute(
        _ROWS.where(*theirs, OutboxMessage.priority == Priority.REPLY).order_by(OutboxMessage.id)
    )
    rows = [Outgoing(*row) for row in found]
    await session.execute(update(OutboxMessage).where(*theirs).values(owner=owner))
    return rows


async def message_ids(session: AsyncSession, chat_id: int, *, since: datetime) -> list[int]:
    """The ids of both sides' messages in a chat since then."""
    found: set[int] = set()
    for table, written in (
        (InboxUpdate, InboxUpdate.received_at),
        (OutboxMessage, OutboxMessage.created_at),
    ):
        here = table.chat_id == chat_id, written > since
        found.update(
            one for one in await session.scalars(select(table.message_id).where(*here)) if one
        )
    return sorted(found)


async def forget_message_ids(session: AsyncSession, chat_id: int, ids: list[int]) -> None:
    """Messages are deleted: their ids serve no longer."""
    for table in (InboxUpdate, OutboxMessage):
        here = table.chat_id == chat_id, table.message_id.in_(ids)
        await session.execute(update(table).where(*here).values(message_id=None))


class Sender:
    """Sends what the outbox holds and records what became of it."""

    def __init__(
        self,
        database: Database,
        api: TelegramApi,
        *,
        now: Callable[[], datetime],
        rate: float,
        owner: Callable[[], int],
    ) -> None:
        """`rate` is `SEND_RATE`: messages a second that the bot starts by itself."""
        self._database = database
        self._api = api
        self._now = now
        self._owner = owner
        self._pace = Pace(rate)
        self._slice = max(MOST_AT_THE_DOOR, int(rate))  # rows taken at once: those of a second
        self._lanes: dict[int, deque[Outgoing]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._outcomes: list[Outcome] = []
        self._recorded = asyncio.Event()
        self._recording = asyncio.Lock()
        self._work = asyncio.Event()
        self._busy: dict[int, int] = {}  # by chat the row under way that the bot started
        self._one_less = asyncio.Event()
        self._at_the_door: set[int] = set()  # rows that the bot started and that have not left yet
        self._rests = Rests()
        self._refusals: deque[tuple[float, int]] = deque(maxlen=FLOOD)  # when, in which chat
        self._there = asyncio.Event()  # Telegram can be reached, as far as we know
        self._there.set()

    @property
    def backlog(self) -> int:
        """How many replies wait to be sent."""
        return sum(map(len, self._lanes.values()))

    def send(self, rows: Iterable[Outgoing]) -> None:
        """Send committed replies now: one at a time in a chat, many chats at once."""
        for row in rows:
            self._enqueue(row)

    def _enqueue(self, row: Outgoing) -> None:
        lane = self._lanes.get(row.chat_id)
        if lane is None:
            self._lanes[row.chat_id] = deque([row])
            self._start(self._drain(row.chat_id))
        else:
            lane.append(row)

    def _start(self, work: Any) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _drain(self, chat_id: int) -> None:
        lane = self._lanes[chat_id]
        while lane:
            try:
                outcome = await self._deliver(lane[0])
            except Exception:
                # The database is away while messages are to be hidden: the chat must not fall silent.
                log.exception("a call could not be made; will try again")
                await asyncio.sleep(DATABASE_PAUSE)
                continue
            lane.popleft()
            self._record(outcome)
        del self._lanes[chat_id]

    def _record(self, outcome: Outcome) -> None:
        self._through_the_door(outcome.row)
        self._outcomes.append(outcome)
        self._recorded.set()

    async def _deliver(self, row: Outgoing) -> Outcome:
        """Call until Telegram has it or refuses it for good."""
        if row.method == HIDE:
            return await self._hide(row)
        resolved = await self._resolved(row)
        if not isinstance(resolved, dict):
            return resolved
        method, params, pause = row.method, resolved, FIRST_PAUSE
        while True:
            await self._there.wait()
            try:
                result = await self._call(row, method, params)
            except RetryAfter as error:
                await self._wait_as_told(row, seconds_to_wait(error))
            except Forbidden as error:
                return Outcome(row, OutboxState.BLOCKED, reason=_bare(error.message))
            except ChatMigrated as error:
                params = {**params, "chat_id": error.new_chat_id}
            except BadRequest as error:
                if any(words in error.message.lower() for words in HARMLESS):
                    return Outcome(row, OutboxState.SENT)
                if "message_thread_id" in params and THREAD_GONE in error.message.lower():
                    params = _without(params, "message_thread_id")
                    await self._note_gone(row.params["message_thread_id"])
                    continue
                if method == "editMessageText" and row.delivery_id is None:
                    # The message is gone or too old: the person still gets what they asked for.
                    method, params = "sendMessage", _without(params, "message_id")
                    continue
                log.error(
                    "Telegram refused a call: %s", _bare(error.message), extra={"method": method}
                )
                return Outcome(row, OutboxState.FAILED, reason=_bare(error.message))
            except TelegramError as error:
                if isinstance(error, InvalidToken) and "not found" in error.message.lower():
                    # A method that this server does not have (404): waiting would silence the chat.
                    log.error("the server knows no such method", extra={"method": method})
                    return Outcome(row, OutboxState.FAILED, reason=_bare(error.message))
                log.warning(
                    "a call did not get through (%s)",
                    type(error).__name__,
                    extra={"method": method},
                )
                if isinstance(error, UNREACHED) and await self._look():
                    # Telegram is there: it was the answer that got lost. Nobody gets an
                    # announcement twice, even if now and then somebody should miss one.
                    once = row.delivery_id is not None and _run(method) is Run.SEND
                    if once and not isinstance(error, NotReached):
                        return Outcome(row, OutboxState.SENT, reason="no answer")
                if self._there.is_set():
                    await asyncio.sleep(pause)
                pause = min(pause * 2, LONGEST_PAUSE)
            else:
                return Outcome(row, OutboxState.SENT, _ids_in(result))

    async def _call(self, row: Outgoing, method: str, params: dict[str, Any]) -> Any:
        """Call once, when it is the row's turn."""
        if row.delivery_id is not None:
            await self._rests.over(row.chat_id)
        async with self._pace.turn(reply=row.priority == Priority.REPLY):
            self._through_the_door(row)
            try:
                return await self._api.call(method, params)
            finally:
                if row.delivery_id is not None:
                    self._rests.begins(row.chat_id)

    def _through_the_door(self, row: Outgoing) -> None:
        self._at_the_door.discard(row.id)
        self._one_less.set()

    async def _wait_as_told(self, row: Outgoing, seconds: float) -> None:
        """Telegram says 429. That is about this chat, unless it says so to many at once."""
        now = time.monotonic()
        self._refusals.append((now, row.chat_id))
        lately = {chat for at, chat in self._refusals if at > now - 1}
        if len(lately) == FLOOD:
            self._pace.pause(seconds)
        await asyncio.sleep(seconds)

    async def _look(self) -> bool:
        """Tell whether Telegram can be reached; where not, all wait until it can."""
        if not self._there.is_set():
            return False
        if await self._answers() or await self._answers():
            return True
        if self._there.is_set():
            self._there.clear()
            self._start(self._watch())
        return False

    async def _watch(self) -> None:
        log.warning("Telegram can't be reached; waiting for it")
        while not await self._answers():  # noqa: ASYNC110 - nothing tells of it
            await asyncio.sleep(LOOK_AGAIN)
        self._there.set()

    async def _answers(self) -> bool:
        try:
            async with asyncio.timeout(LOOK_PATIENCE):
                await self._api.call("getMe", {})
        except (TimeoutError, *UNREACHED):
            return False
        except TelegramError:
            return True  # "Bad Gateway" is an answer too, though no good one
        return True

    async def _resolved(self, row: Outgoing) -> dict[str, Any] | Outcome:
        """The parameters with Telegram's ids of the messages they refer to, or why they can't leave."""
        wanted = dict(_references(row.params))
        if not wanted:
            return row.params
        await self.record()
        async with self._database.reading() as session:
            posted = await posted_messages(session, wanted.values())
        if any(state is OutboxState.QUEUED for state, _ in posted.values()):
            return Outcome(row, OutboxState.QUEUED)
        there = {
            one: number for one, (state, number) in posted.items() if state is OutboxState.SENT
        }
        ids = {key: there.get(one) for key, one in wanted.items()}
        if ids.get("message_id", ...) is None:
            return Outcome(row, OutboxState.FAILED, reason="what it is about never left")
        return _with_ids(row.params, ids)

    async def _note_gone(self, reference: Any) -> None:
        """A forum topic was deleted: whoever writes into it next makes a new one."""
        if not isinstance(reference, dict):
            return
        async with self._database.transaction() as session:
            await session.execute(
                update(PostedMessage)
                .where(PostedMessage.id == reference["posted"])
                .values(state=OutboxState.FAILED)
            )

    async def _hide(self, row: Outgoing) -> Outcome:
        """Delete both sides' messages of the last 48 hours, those just sent among them."""
        await self.record()
        async with self._database.reading() as session:
            ids = await message_ids(session, row.chat_id, since=self._now() - DELETABLE)
        for at in range(0, len(ids), MOST_DELETED):
            together = ids[at : at + MOST_DELETED]
            await self._delete(row, together)
            # Only now: whoever is killed in between begins again at the next start.
            async with self._database.transaction() as session:
                await forget_message_ids(session, row.chat_id, together)
        return Outcome(row, OutboxState.SENT)

    async def _delete(self, row: Outgoing, ids: list[int]) -> None:
        """Delete messages; those that Telegram refuses together one by one."""
        params = {"chat_id": row.chat_id, "message_ids": ids}
        outcome = await self._deliver(Outgoing(row.id, row.chat_id, "deleteMessages", params))
        if outcome.state is OutboxState.FAILED and len(ids) > 1:
            for one in ids:
                await self._delete(row, [one])

    async def record_forever(self) -> None:
        """Write outcomes down: in one transaction all that came while the last was written."""
        while True:
            await self._recorded.wait()
            self._recorded.clear()
            await self.record()

    async def record(self) -> None:
        """Write down all outcomes there are; they stay in memory if the database is away."""
        async with self._recording:
            await self._record_all()

    async def _record_all(self) -> None:
        outcomes = list(self._outcomes)
        if not outcomes:
            return
        try:
            async with self._database.transaction() as session:
                await _write_down(session, outcomes, self._now())
                blocked = {o.row.chat_id for o in outcomes if o.state is OutboxState.BLOCKED}
                if blocked:
                    await session.execute(
                        update(Person)
                        .where(Person.chat_id.in_(blocked))
                        .values(blocked_at=self._now())
                    )
        except Exception:
            log.exception("could not record what was sent; will try again")
            await asyncio.sleep(1)
            self._recorded.set()
        else:
            # Only now: whoever is cancelled in between loses nothing.
            del self._outcomes[: len(outcomes)]
            # Of that very row: a reply that left meanwhile says nothing of it.
            freed = [o.row.chat_id for o in outcomes if self._busy.get(o.row.chat_id) == o.row.id]
            for chat_id in freed:
                del self._busy[chat_id]
            if freed:
                self._one_less.set()
                self._work.set()  # what waits behind in the same chat

    def wake(self) -> None:
        """Something that the bot starts by itself may be due."""
        self._work.set()

    async def pace_forever(self) -> None:
        """Send what the bot starts by itself: by priority, at a pace, each when it is due."""
        while True:
            with suppress(TimeoutError):
                # Not wait_for: before Python 3.12 it may lose a cancellation that comes with the wake.
                async with asyncio.timeout(1):
                    await self._work.wait()
            self._work.clear()
            try:
                while rows := await self._due():
                    started: set[int] = set()
                    for row in rows:
                        # Once a chat had its turn, what is behind waits for the next look: in between
                        # it may be free again, and a later row would overtake.
                        if row.chat_id not in started:
                            started.add(row.chat_id)
                            await self._start_one(row)
            except Exception:
                log.exception("sending what is due failed; will try again")

    async def _start_one(self, row: Outgoing) -> None:
        """Send one row when it's its turn; of a chat one at a time, so that they arrive in order."""
        if row.chat_id in self._busy:
            return
        # What waits at the door can no longer be held back, nor overtaken by what is more urgent.
        while len(self._busy) >= MOST_UNDER_WAY or len(self._at_the_door) >= MOST_AT_THE_DOOR:
            self._one_less.clear()
            await self._one_less.wait()
        self._busy[row.chat_id] = row.id
        self._at_the_door.add(row.id)
        self._enqueue(row)

    async def _due(self) -> list[Outgoing]:
        now = self._now()
        at_night = decent(now) > now
        query = (
            _ROWS.where(
                OutboxMessage.chat_id.not_in(list(self._busy)),
                OutboxMessage.state == OutboxState.QUEUED,
                OutboxMessage.priority != Priority.REPLY,
                OutboxMessage.owner == self._owner(),
                OutboxMessage.due_at <= now,
                # What was late in the evening waits for the morning.
                OutboxMessage.priority <= (Priority.CASE if at_night else max(Priority)),
            )
            .order_by(OutboxMessage.priority, OutboxMessage.id)
            .limit(self._slice)
        )
        async with self._database.reading() as session:
            return [Outgoing(*row) for row in await session.execute(query)]

    async def finish(self, patience: timedelta = timedelta(seconds=5)) -> None:
        """Let what is being sent end, then record; what is left leaves at the next start."""
        if self._tasks:
            await asyncio.wait(set(self._tasks), timeout=patience.total_seconds())
        for task in self._tasks:
            task.cancel()
        await self.record()


_OUTCOME = (
    update(_TABLE)
    .where(_TABLE.c.id == bindparam("row"))
    .values(
        state=bindparam("now_state"),
        params=None,
        message_id=bindparam("telegram_id"),
        reason=bindparam("why"),
    )
)
_POSTED = (
    update(_POSTED_TABLE)
    .where(_POSTED_TABLE.c.id == bindparam("posted"))
    .values(state=bindparam("now_state"), message_id=bindparam("telegram_id"))
)
_POSTPONE = (
    update(_TABLE)
    .where(_TABLE.c.id == bindparam("row"))
    .values(priority=Priority.CASE, due_at=bindparam("later"))
)


async def _write_down(session: AsyncSession, outcomes: Iterable[Outcome], now: datetime) -> None:
    connection = await session.connection()
    settled = [one for one in outcomes if one.state is not OutboxState.QUEUED]
    put_off = [one for one in outcomes if one.state is OutboxState.QUEUED]
    if settled:
        await connection.execute(_OUTCOME, [_outcome_row(one) for one in settled])
    if posted := [one for one in settled if _tells_of_posted(one)]:
        rows = [{"posted": one.row.posted_id, **_outcome_row(one)} for one in posted]
        await connection.execute(_POSTED, [_without(row, "row", "why") for row in rows])
    await sendings.note(session, map(_left, _delivered(settled)), now)
    if put_off:
        later = now + POSTPONED
        await connection.execute(
            _POSTPONE, [{"row": one.row.id, "later": later} for one in put_off]
        )


def _tells_of_posted(outcome: Outcome) -> bool:
    """Tell whether a posted message is to learn of it; a change that came to nothing leaves it be."""
    changes = outcome.row.method.startswith("edit")
    return outcome.row.posted_id is not None and bool(outcome.message_ids or not changes)


def _delivered(settled: Iterable[Outcome]) -> list[Outcome]:
    return [one for one in settled if one.row.delivery_id is not None]


def _left(outcome: Outcome) -> Left:
    assert outcome.row.delivery_id is not None
    run = _run(outcome.row.method)
    return Left(outcome.row.delivery_id, run, outcome.state, outcome.message_ids)


def _run(method: str) -> Run:
    """What a method does of an announcement."""
    if method.startswith("edit"):
        return Run.CORRECT
    return Run.RECALL if method.startswith("delete") else Run.SEND


def _outcome_row(outcome: Outcome) -> dict[str, Any]:
    return {
        "row": outcome.row.id,
        "now_state": outcome.state,
        "telegram_id": outcome.message_id,
        "why": outcome.reason,
    }


async def posted_messages(
    session: AsyncSession, ids: Iterable[int]
) -> dict[int, tuple[OutboxState, int | None]]:
    """What became of messages that others refer to: state and Telegram's id."""
    found = await session.execute(
        select(PostedMessage.id, PostedMessage.state, PostedMessage.message_id).where(
            PostedMessage.id.in_(list(ids))
        )
    )
    return {row_id: (state, message_id) for row_id, state, message_id in found}


def _references(params: Mapping[str, Any]) -> Iterator[tuple[str, int]]:
    """Where parameters name a message of ours instead of Telegram's id of it."""
    for key, value in params.items():
        if key == "reply_parameters":
            yield from ((f"{key}.{inner}", one) for inner, one in _references(value))
        elif isinstance(value, dict) and "posted" in value:
            yield key, value["posted"]


def _with_ids(params: Mapping[str, Any], ids: Mapping[str, int | None]) -> dict[str, Any]:
    """Parameters with the ids put in; a reply or a topic that isn't there is left out."""
    known = dict(params)
    for key, value in ids.items():
        outer, _, inner = key.partition(".")
        if value is None:
            known.pop(outer, None)
        else:
            known[outer] = {**known[outer], inner: value} if inner else value
    return known


def _ids_in(result: Any) -> list[int]:
    """The ids in Telegram's answer: a message's, those of an album, or that of a topic just made."""
    if isinstance(result, list):
        return [number for one in result for number in _ids_in(one)]
    if not isinstance(result, dict):
        return []
    number = result.get("message_id") or result.get("message_thread_id")
    return [] if number is None else [number]


def _bare(words: str) -> str:
    """Telegram's words without what they quote: that may be somebody's text."""
    return re.sub(r'".*?"', '"…"', words)[:200]


def _without(params: Mapping[str, Any], *keys: str) -> dict[str, Any]:
    return {key: value for key, value in params.items() if key not in keys}
