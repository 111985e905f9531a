"""Sending an announcement to its audience, correcting and recalling it: in batches, whatever happens.

A batch is written together with how far it has come, so that a restart goes on right behind it. What became
of each message is written into its delivery by the outbox, in the transaction that settles the message.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from sqlalchemy import (
    ColumnElement,
    Select,
    Table,
    bindparam,
    exists,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncSession

from services import audiences
from services.audiences import Audience
from services.contents import Content, Press
from services.refusals import Refusal
from storage.announcements import (
    Announcement,
    AnnouncementState,
    AnnouncementText,
    ButtonPress,
    Delivery,
    DeliveryState,
    Run,
    RunState,
    Sending,
)
from storage.people import Person
from storage.traffic import OutboxMessage, OutboxState, PostedMessage, Priority

BATCH = 200  # deliveries written in one transaction: some 30 ms, so that nobody's answer waits
RECALLABLE = timedelta(hours=48)  # Bot API, deleteMessages
_NEVER = datetime(9000, 1, 1, tzinfo=UTC)  # when what is held back leaves
_TABLE = cast(Table, Delivery.__table__)


class NotUnderWay(Refusal):
    """The run has ended, or stands where this makes no sense."""

    message = "This is over already, or somebody else has changed it meanwhile."


class UnderWayAlready(Refusal):
    """An announcement has one run at a time."""

    message = "This announcement is being sent, corrected or recalled at this moment."


class TooLateToRecall(Refusal):
    """Everybody got it more than 48 hours ago."""

    message = "Too late: Telegram lets a message be taken back for 48 hours only."


@dataclass(frozen=True, slots=True)
class Due:
    """One chat that an announcement is to reach, or has reached."""

    id: int
    chat_id: int
    language: str
    message_ids: Sequence[int] = ()

    @property
    def is_group(self) -> bool:
        """Tell whether several people read there."""
        return self.chat_id < 0


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run has come, in chats."""

    total: int
    done: int  # sent, corrected or recalled
    blocked: int
    failed: int

    @property
    def left(self) -> int:
        """How many are still to come."""
        return max(0, self.total - self.done - self.blocked - self.failed)


@dataclass(frozen=True, slots=True)
class Left:
    """What became of one message of a delivery."""

    delivery_id: int
    run: Run
    state: OutboxState
    message_ids: Sequence[int] = ()


# --- what is said ---------------------------------------------------------------------------------


async def contents(session: AsyncSession, announcement: Announcement) -> dict[str, Content]:
    """What an announcement says, by language; in which it says nothing, it is not sent."""
    rows = await session.scalars(
        select(AnnouncementText)
        .where(AnnouncementText.announcement_id == announcement.id)
        .order_by(AnnouncementText.language)
    )
    return {
        row.language: Content.model_validate({"parts": row.parts, "presses": row.buttons})
        for row in rows
    }


# --- beginning ------------------------------------------------------------------------------------


async def begin(
    session: AsyncSession, announcement: Announcement, run: Run, now: datetime
) -> Sending:
    """Begin a run; raise UnderWayAlready or TooLateToRecall."""
    if await under_way(session, announcement.id) is not None:
        raise UnderWayAlready
    total = await _total(session, announcement, run, now)
    if run is Run.RECALL and not total:
        raise TooLateToRecall
    sending = Sending(
        announcement_id=announcement.id,
        run=run,
        state=RunState.RUNNING,
        total=total,
        after=0,
        started_at=now,
    )
    session.add(sending)
    if run is Run.SEND:
        announcement.state, announcement.sent_at = AnnouncementState.SENDING, now
    announcement.changed_at = now
    await session.flush()
    return sending


async def under_way(session: AsyncSession, announcement_id: int) -> Sending | None:
    """The run of an announcement that has not ended."""
    return await session.scalar(
        select(Sending).where(
            Sending.announcement_id == announcement_id,
            Sending.state.in_([RunState.RUNNING, RunState.PAUSED]),
        )
    )


async def _total(session: AsyncSession, announcement: Announcement, run: Run, now: datetime) -> int:
    if run is not Run.SEND:
        counted = select(func.count(Delivery.id)).where(*_reached(announcement.id, run, now))
        return (await session.execute(counted)).scalar_one()
    people = await _people(session, announcement, now)
    total = (
        await session.execute(select(func.count()).select_from(people.subquery()))
    ).scalar_one()
    return total + len(await _groups(session, announcement))


async def scheduled(session: AsyncSession, now: datetime) -> Sequence[Announcement]:
    """Announcements whose time has come."""
    return (
        await session.scalars(
            select(Announcement)
            .where(Announcement.state == AnnouncementState.SCHEDULED, Announcement.send_at <= now)
            .order_by(Announcement.send_at)
            .with_for_update(skip_locked=True)
        )
    ).all()


# --- batches --------------------------------------------------------------------------------------


async def running(session: AsyncSession) -> Sequence[Sending]:
    """Runs under way that are not paused, held for this transaction."""
    return (
        await session.scalars(
            select(Sending)
            .where(Sending.state == RunState.RUNNING)
            .order_by(Sending.id)
            .with_for_update()
        )
    ).all()


async def next_batch(
    session: AsyncSession, sending: Sending, now: datetime, most: int = BATCH
) -> list[Due]:
    """The next chats of a run, written down; empty once there are no more."""
    if sending.after is None:
        return []
    announcement = await session.get_one(Announcement, sending.announcement_id)
    if sending.run is not Run.SEND:
        return await _next_reached(session, sending, now, most)
    people = await _people(session, announcement, now)

    rows = (
        await session.execute(
            people.where(Person.id > sending.after).order_by(Person.id).limit(most)
        )
    ).all()
    if rows:
        sending.after = rows[-1].id
        chats = [(row.chat_id, row.language, row.region) for row in rows]
    else:
        sending.after = None
        chats = await _groups(session, announcement)
    return await _write(session, announcement, chats, now)


async def _people(
    session: AsyncSession, announcement: Announcement, now: datetime
) -> Select[*tuple[Any, ...]]:
    """Who of the audience has not got it yet and can read it."""
    audience = Audience.model_validate(announcement.audience)
    has_it = exists().where(
        Delivery.announcement_id == announcement.id, Delivery.chat_id == Person.chat_id
    )
    written_in = select(AnnouncementText.language).where(
        AnnouncementText.announcement_id == announcement.id
    )
    languages = list(await session.scalars(written_in))
    wanted = audiences.people(audience, announcement.kind, now)
    return wanted.where(Person.language.in_(languages), ~has_it)


async def _groups(
    session: AsyncSession, announcement: Announcement
) -> list[tuple[int, str, str | None]]:
    """The groups and channels; they hear it in every language it is written in."""
    audience = Audience.model_validate(announcement.audience)
    texts = await contents(session, announcement)
    if not (audience.groups and texts):
        return []
    have_it = set(
        await session.scalars(
            select(Delivery.chat_id).where(
                Delivery.announcement_id == announcement.id, Delivery.chat_id < 0
            )
        )
    )
    found = await session.execute(audiences.groups(audience))
    return [(chat, min(texts), region) for chat, region in found if chat not in have_it]


async def _write(
    session: AsyncSession,
    announcement: Announcement,
    chats: Sequence[tuple[int, str, str | None]],
    now: datetime,
) -> list[Due]:
    if not chats:
        return []
    rows: list[dict[str, Any]] = [
        {
            "announcement_id": announcement.id,
            "chat_id": chat_id,
            "language": language,
            "region": region,
            "state": DeliveryState.QUEUED,
            "message_ids": [],
            "made_at": now,
        }
        for chat_id, language, region in chats
    ]
    connection = await session.connection()
    answer = await connection.execute(_INSERT, rows)
    return [
        Due(number, chat_id, language)
        for number, (chat_id, language, _) in zip(answer.scalars(), chats, strict=True)
    ]


_INSERT = insert(_TABLE).returning(_TABLE.c.id, sort_by_parameter_order=True)


def _reached(announcement_id: int, run: Run, now: datetime) -> list[ColumnElement[bool]]:
    conditions = [
        Delivery.announcement_id == announcement_id,
        Delivery.state == DeliveryState.SENT,
    ]
    if run is Run.RECALL:
        conditions.append(Delivery.settled_at > now - RECALLABLE)
    return conditions


async def _next_reached(
    session: AsyncSession, sending: Sending, now: datetime, most: int
) -> list[Due]:
    """The next of those who got it."""
    found = (
        select(Delivery.id, Delivery.chat_id, Delivery.language, Delivery.message_ids)
        .where(*_reached(sending.announcement_id, sending.run, now), Delivery.id > sending.after)
        .order_by(Delivery.id)
        .limit(most)
    )
    rows = [Due(*row) for row in await session.execute(found)]
    sending.after = rows[-1].id if rows else None
    return rows


# --- what became of them --------------------------------------------------------------------------


async def note(session: AsyncSession, outcomes: Iterable[Left], now: datetime) -> None:
    """Write into deliveries what became of their messages; in the transaction that settles those."""
    by_delivery: dict[int, list[Left]] = {}
    for one in outcomes:
        by_delivery.setdefault(one.delivery_id, []).append(one)
    if not by_delivery:
        return
    connection = await session.connection()
    found = await connection.execute(
        select(_TABLE.c.id, _TABLE.c.state, _TABLE.c.message_ids).where(
            _TABLE.c.id.in_(list(by_delivery))
        )
    )
    rows: list[dict[str, Any]] = []
    for number, state, message_ids in found:
        for one in by_delivery[number]:
            state, message_ids = _after(state, message_ids, one)
        rows.append({"row": number, "now_state": state, "ids": message_ids, "at": now})
    if rows:
        await connection.execute(_SETTLE, rows)


_SETTLE = (
    update(_TABLE)
    .where(_TABLE.c.id == bindparam("row"))
    .values(state=bindparam("now_state"), message_ids=bindparam("ids"), settled_at=bindparam("at"))
)


def _after(
    state: DeliveryState, message_ids: list[int], one: Left
) -> tuple[DeliveryState, list[int]]:
    """A delivery after one of its messages; an album's buttons don't undo that the album arrived."""
    if one.run is Run.CORRECT:
        return state, message_ids
    arrived = one.state is OutboxState.SENT
    if one.run is Run.RECALL:
        return (DeliveryState.RECALLED, []) if arrived else (state, message_ids)
    if arrived:
        return DeliveryState.SENT, [*message_ids, *one.message_ids]
    return (DeliveryState(one.state) if state is DeliveryState.QUEUED else state), message_ids


def _queued(announcement_id: int) -> list[ColumnElement[bool]]:
    """The messages of an announcement that have not left."""
    of_it = exists().where(
        Delivery.id == OutboxMessage.delivery_id, Delivery.announcement_id == announcement_id
    )
    return [
        OutboxMessage.state == OutboxState.QUEUED,
        OutboxMessage.priority == Priority.ANNOUNCEMENT,
        of_it,
    ]


async def waiting(session: AsyncSession, sending: Sending) -> int:
    """How many messages of a run are written and have not left."""
    counted = select(func.count(OutboxMessage.id)).where(*_queued(sending.announcement_id))
    return (await session.execute(counted)).scalar_one()


async def progress(session: AsyncSession, sending: Sending, now: datetime) -> Progress:
    """How far a run has come."""
    found = await session.execute(
        select(Delivery.state, func.count())
        .where(Delivery.announcement_id == sending.announcement_id)
        .group_by(Delivery.state)
    )
    by_state = {state: int(number) for state, number in found}
    if sending.run is Run.SEND:
        return Progress(
            total=max(sending.total, sum(by_state.values())),
            done=by_state.get(DeliveryState.SENT, 0),
            blocked=by_state.get(DeliveryState.BLOCKED, 0),
            failed=by_state.get(DeliveryState.FAILED, 0),
        )
    if sending.run is Run.RECALL:
        gone = by_state.get(DeliveryState.RECALLED, 0)
        over = sending.finished_at is not None
        return Progress(sending.total, gone, 0, max(0, sending.total - gone) if over else 0)
    return Progress(sending.total, await _corrected(session, sending), 0, 0)


async def _corrected(session: AsyncSession, sending: Sending) -> int:
    """How many have been changed: those up to where the run is, without what has not left."""
    counted = select(func.count(Delivery.id)).where(
        Delivery.announcement_id == sending.announcement_id,
        Delivery.state == DeliveryState.SENT,
    )
    if sending.after is not None:
        counted = counted.where(Delivery.id <= sending.after)
    queued = select(func.count(OutboxMessage.delivery_id.distinct())).where(
        *_queued(sending.announcement_id)
    )
    taken = (await session.execute(counted)).scalar_one()
    return min(sending.total, taken) - (await session.execute(queued)).scalar_one()


async def tells_already(session: AsyncSession, sending: Sending) -> bool:
    """Tell whether the author is to hear how far it is by a message that has not left yet."""
    posted = await session.get(PostedMessage, sending.progress_posted_id or 0)
    if posted is None:
        return False
    waits = select(OutboxMessage.id).where(
        OutboxMessage.chat_id == posted.chat_id,
        OutboxMessage.state == OutboxState.QUEUED,
        OutboxMessage.posted_id == posted.id,
    )
    return await session.scalar(waits.limit(1)) is not None


async def finish(session: AsyncSession, sending: Sending, now: datetime) -> bool:
    """End a run of which nothing is left to do; tell whether it has ended."""
    if sending.after is not None or await waiting(session, sending):
        return False
    if sending.run is Run.SEND:
        # Whoever was forgotten, or hid the conversation, while their message waited.
        await _give_up(session, sending, now)
    sending.state, sending.finished_at = RunState.DONE, now
    announcement = await session.get_one(Announcement, sending.announcement_id)
    if sending.run is Run.SEND:
        announcement.state = AnnouncementState.SENT
    elif sending.run is Run.RECALL:
        announcement.state = AnnouncementState.RECALLED
    return True


async def _give_up(session: AsyncSession, sending: Sending, now: datetime) -> None:
    await session.execute(
        update(Delivery)
        .where(
            Delivery.announcement_id == sending.announcement_id,
            Delivery.state == DeliveryState.QUEUED,
        )
        .values(state=DeliveryState.FAILED, settled_at=now)
    )


# --- pause, resume, stop --------------------------------------------------------------------------


async def get(session: AsyncSession, sending_id: int) -> Sending:
    """A run that has not ended, held for this transaction; raise NotUnderWay."""
    sending = await session.get(Sending, sending_id, with_for_update=True)
    if sending is None or sending.state not in (RunState.RUNNING, RunState.PAUSED):
        raise NotUnderWay
    return sending


async def pause(session: AsyncSession, sending: Sending) -> None:
    """Hold back what has not left; raise NotUnderWay."""
    if sending.state is not RunState.RUNNING:
        raise NotUnderWay
    sending.state = RunState.PAUSED
    await _due(session, sending, _NEVER)


async def resume(session: AsyncSession, sending: Sending, now: datetime) -> None:
    """Go on; raise NotUnderWay."""
    if sending.state is not RunState.PAUSED:
        raise NotUnderWay
    sending.state = RunState.RUNNING
    await _due(session, sending, now)


async def stop(session: AsyncSession, sending: Sending, now: datetime) -> None:
    """End a run for good: what has not left never does, who has it keeps it."""
    sending.state, sending.finished_at = RunState.STOPPED, now
    await session.execute(
        update(OutboxMessage)
        .where(*_queued(sending.announcement_id))
        .values(state=OutboxState.FAILED, params=None, reason="stopped")
        .execution_options(synchronize_session=False)
    )
    if sending.run is Run.SEND:
        await _give_up(session, sending, now)
        announcement = await session.get_one(Announcement, sending.announcement_id)
        announcement.state, announcement.changed_at = AnnouncementState.STOPPED, now


async def _due(session: AsyncSession, sending: Sending, at: datetime) -> None:
    await session.execute(
        update(OutboxMessage)
        .where(*_queued(sending.announcement_id))
        .values(due_at=at)
        .execution_options(synchronize_session=False)
    )


# --- presses --------------------------------------------------------------------------------------


async def pressed(
    session: AsyncSession, delivery_id: int, chat_id: int, button: int, now: datetime
) -> Press | None:
    """Count a press of a button, once, and tell what it is for; None if the chat never got it."""
    delivery = await session.get(Delivery, delivery_id)
    if delivery is None or delivery.chat_id != chat_id:
        return None
    announcement = await session.get_one(Announcement, delivery.announcement_id)
    content = (await contents(session, announcement)).get(delivery.language)
    if content is None or button >= len(content.presses):
        return None
    if await session.get(ButtonPress, (delivery_id, button)) is None:
        session.add(ButtonPress(delivery_id=delivery_id, button=button, pressed_at=now))
    return content.presses[button]
