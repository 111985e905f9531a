"""Who has which slot: holding, booking, moving and giving back, so that nobody is met twice at once.

Whoever changes a lawyer's appointments locks the lawyer's row first and looks for what is in the way
then. Beside that the unique index refuses a second live appointment at the same instant.
Everything is checked before anything is changed: a refusal doesn't roll back.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from services import reminders, timetables, waiting
from services.refusals import Refusal
from services.reminders import due_reminders
from services.slots import Slot, diaries, free_slots, lock, notice, offers
from services.waiting import WaitingOffer, expired_offers, is_waiting, stop_waiting, wait
from storage.calendars import Consultation, ConsultationState
from storage.cases import Case
from storage.partners import Lawyer, Way

__all__ = [
    "HOLD",
    "Appointment",
    "AppointmentGone",
    "Moved",
    "NotYet",
    "Slot",
    "SlotTaken",
    "WaitingOffer",
    "book",
    "cancel",
    "coming",
    "due_reminders",
    "expired_offers",
    "free_slots",
    "held_by",
    "hold",
    "is_waiting",
    "leave_as_wish",
    "move",
    "of_case",
    "place",
    "release",
    "settle",
    "sick_day",
    "stop_waiting",
    "wait",
    "week",
]

HOLD = timedelta(minutes=10)  # while a citizen finishes a booking
SEARCHED = 30  # days in which a sick day's appointments find another time
_HELD, _BOOKED = ConsultationState.HELD, ConsultationState.BOOKED


class SlotTaken(Refusal):
    """The slot is somebody else's, or the lawyer doesn't work then any more."""

    message = "This time has just been taken. Please choose another."


class AppointmentGone(Refusal):
    """The appointment was cancelled, is over, or an offered time ran out."""

    message = "This appointment is over or was cancelled already."


class NotYet(Refusal):
    """An appointment can't have taken place, or been missed, before it begins."""

    message = "The appointment has not begun yet."


@dataclass(frozen=True, slots=True)
class Moved:
    """What became of an appointment on a sick day; without `slot` there was no other time for it."""

    consultation: Consultation
    case: Case
    was_at: datetime
    slot: Slot | None


async def _as_it_is(session: AsyncSession, consultation: Consultation) -> Consultation | None:
    """The consultation read anew, once its lawyer is locked; None when it is deleted."""
    found: Consultation | None = await session.scalar(
        select(Consultation)
        # SQLite gives the id of a hold that was deleted to the next one.
        .where(Consultation.id == consultation.id, Consultation.chat_id == consultation.chat_id)
        .execution_options(populate_existing=True)
    )
    return found


async def _locked(
    session: AsyncSession, consultation: Consultation, *besides: int | None
) -> tuple[Consultation | None, dict[int, Lawyer]]:
    """A consultation as it is, its lawyer and others locked."""
    lawyers = await lock(session, consultation.lawyer_id, *besides)
    return await _as_it_is(session, consultation), lawyers


async def hold(
    session: AsyncSession, slot: Slot, *, chat_id: int, way: Way, now: datetime
) -> Consultation:
    """Keep a slot for HOLD while its citizen finishes the booking, in place of their other hold.

    `slot` may come from a button: it has to be one of the lawyer's free slots. Raises SlotTaken.
    """
    lawyer = (await lock(session, slot.lawyer_id)).get(slot.lawyer_id)
    own = await _hold_of(session, chat_id)
    free = await _free(session, lawyer, slot.starts_at, way, now, but=own)
    held = Consultation(
        lawyer_id=free.lawyer_id,
        chat_id=chat_id,
        starts_at=free.starts_at,
        ends_at=free.ends_at,
        way=way,
        state=_HELD,
        held_until=now + HOLD,
        created_at=now,
    )
    async with _unless_taken(session):
        await _clear_run_out(session, free, now)
        await release(session, chat_id)
        session.add(held)
    return held


async def _free(
    session: AsyncSession,
    lawyer: Lawyer | None,
    starts_at: datetime,
    way: Way,
    now: datetime,
    *,
    but: Consultation | None = None,
) -> Slot:
    """The free slot of a locked lawyer at an instant, as if `but` were not; raise SlotTaken."""
    if lawyer is None or not offers(lawyer, way):
        raise SlotTaken
    diary = (await diaries(session, [lawyer], now, but=[but.id] if but else ()))[lawyer.id]
    if (found := diary.slot_at(starts_at, notice(lawyer, now))) is None:
        raise SlotTaken
    return found


@asynccontextmanager
async def _unless_taken(session: AsyncSession) -> AsyncIterator[None]:
    """Write appointments inside this; the unique indexes decide. Raises SlotTaken."""
    try:
        async with session.begin_nested():
            yield
    except IntegrityError:
        raise SlotTaken from None


async def _clear_run_out(session: AsyncSession, slot: Slot, now: datetime) -> None:
    """Take away the hold that ran out in a slot. To the index it would still be in the way."""
    run_out = (
        Consultation.lawyer_id == slot.lawyer_id,
        Consultation.starts_at == slot.starts_at,
        Consultation.held_until <= now,
    )
    await _end_holds(session, run_out, now)


async def _end_holds(
    session: AsyncSession, which: tuple[ColumnElement[bool], ...], now: datetime
) -> None:
    """Take holds away, those of unfinished bookings and those of the waiting list."""
    held = (*which, Consultation.state == _HELD)
    await session.execute(delete(Consultation).where(*held, Consultation.case_id.is_(None)))
    for offered in (await session.scalars(select(Consultation).where(*held))).all():
        await waiting.end_offer(session, offered, now)
    await session.flush()


async def _hold_of(session: AsyncSession, chat_id: int) -> Consultation | None:
    found: Consultation | None = await session.scalar(
        select(Consultation)
        .where(
            Consultation.chat_id == chat_id,
            Consultation.state == _HELD,
            Consultation.case_id.is_(None),
        )
        .order_by(Consultation.id.desc())
        .limit(1)
    )
    return found


async def held_by(session: AsyncSession, chat_id: int, now: datetime) -> Consultation | None:
    """What a citizen holds in an unfinished booking and nobody else has taken since.

    It may have run out: `book` takes it again then, if the slot is still free.
    """
    found = await _hold_of(session, chat_id)
    return found if found is not None and found.starts_at > now else None


async def release(session: AsyncSession, chat_id: int) -> None:
    """Give back what a citizen holds in an unfinished booking."""
    await session.execute(
        delete(Consultation).where(
            Consultation.chat_id == chat_id,
            Consultation.state == _HELD,
            Consultation.case_id.is_(None),
        )
    )


async def book(
    session: AsyncSession, consultation: Consultation, case: Case, now: datetime
) -> list[WaitingOffer]:
    """Make a hold, or an offer of the waiting list, the case's appointment; raise SlotTaken.

    One that ran out is taken again if the slot is still free. An appointment that the case had before
    is given back; what that frees is offered to whoever waits.
    """
    before = await of_case(session, case)
    held, lawyers = await _locked(session, consultation, before.lawyer_id if before else None)
    if held is not None and held.state is _BOOKED and held.case_id == case.id:
        return []  # pressed twice
    if held is None or held.state is not _HELD or held.case_id not in (None, case.id):
        raise SlotTaken
    if held.starts_at <= now:
        raise SlotTaken
    if held.held_until is None or held.held_until <= now:
        await _free(
            session, lawyers.get(held.lawyer_id or 0), held.starts_at, held.way, now, but=held
        )
    freed = before is not None and before.ends_at > now
    async with _unless_taken(session):
        if before is not None:
            before.state = ConsultationState.CANCELLED if freed else ConsultationState.DONE
            before.settled_at = now
            await session.flush()
        held.case_id, held.state, held.held_until = case.id, _BOOKED, None
        reminders.spare_past(held, now)
    await waiting.got(session, held)
    was = _slot_of(before) if before is not None and freed else None
    return await waiting.offer(session, was, now) if was else []


async def of_case(session: AsyncSession, case: Case) -> Consultation | None:
    """The case's appointment; without a lawyer it is only a wished hour."""
    found: Consultation | None = await session.scalar(
        select(Consultation)
        .where(Consultation.case_id == case.id, Consultation.state == _BOOKED)
        .execution_options(populate_existing=True)
    )
    return found


async def move(
    session: AsyncSession, consultation: Consultation, slot: Slot, now: datetime
) -> list[WaitingOffer]:
    """Give an appointment another time; raise SlotTaken or AppointmentGone.

    What that frees is offered to whoever waits.
    """
    moving, lawyers = await _locked(session, consultation, slot.lawyer_id)
    if moving is None or moving.state is not _BOOKED or moving.ends_at <= now:
        raise AppointmentGone
    if (moving.lawyer_id, moving.starts_at) == (slot.lawyer_id, slot.starts_at):
        return []
    lawyer = lawyers.get(slot.lawyer_id)
    free = await _free(session, lawyer, slot.starts_at, moving.way, now, but=moving)
    was = _slot_of(moving)
    await _put(session, moving, free, now)
    return await waiting.offer(session, was, now, left_by=moving.case_id) if was else []


async def _put(session: AsyncSession, moving: Consultation, slot: Slot, now: datetime) -> None:
    """Write an appointment to another time. It is to be confirmed and reminded of anew."""
    async with _unless_taken(session):
        await _clear_run_out(session, slot, now)
        moving.lawyer_id, moving.starts_at = slot.lawyer_id, slot.starts_at
        moving.ends_at = slot.ends_at
        moving.confirmed_at = moving.day_reminder_at = moving.hours_reminder_at = None
        moving.asked_at = None
        reminders.spare_past(moving, now)


def _slot_of(consultation: Consultation) -> Slot | None:
    """The time that an appointment takes of its lawyer; None of a wished hour."""
    if consultation.lawyer_id is None:
        return None
    return Slot(consultation.lawyer_id, consultation.starts_at, consultation.ends_at)


async def cancel(
    session: AsyncSession, consultation: Consultation, *, by_lawyer: bool, now: datetime
) -> list[WaitingOffer]:
    """Give an appointment back, or say no to an offered time; raise AppointmentGone.

    What that frees is offered to whoever waits.
    """
    leaving, _ = await _locked(session, consultation)
    if leaving is None or leaving.case_id is None or leaving.ends_at <= now:
        raise AppointmentGone
    if leaving.state is _HELD:
        await waiting.end_offer(session, leaving, now)
    elif leaving.state is _BOOKED:
        leaving.state, leaving.settled_at = ConsultationState.CANCELLED, now
        leaving.cancelled_by_lawyer = by_lawyer
    else:
        raise AppointmentGone
    await session.flush()
    freed = _slot_of(leaving)
    return await waiting.offer(session, freed, now) if freed else []


async def leave_as_wish(session: AsyncSession, case: Case) -> None:
    """The lawyer doesn't take the case: the hour stays as a wish, and is free for others."""
    if (wish := await of_case(session, case)) is not None:
        wish.lawyer_id = None
        await session.flush()


async def place(
    session: AsyncSession, case: Case, lawyer: Lawyer, now: datetime
) -> Consultation | None:
    """The appointment of a case that a lawyer has just accepted, at the hour wished for.

    None if there is no wish, or the lawyer is not free then: the wish is over, another hour has to be
    chosen.
    """
    wish = await of_case(session, case)
    if wish is None:
        return None
    wish, lawyers = await _locked(session, wish, lawyer.id)
    if wish is None or wish.state is not _BOOKED:
        return None
    if wish.lawyer_id == lawyer.id and wish.starts_at > now:
        return wish
    own = lawyers[lawyer.id]
    ends_at = wish.starts_at + timedelta(minutes=own.slot_minutes)
    diary = (await diaries(session, [own], now))[own.id]
    if wish.starts_at > now and offers(own, wish.way) and diary.free_at(wish.starts_at, ends_at):
        await _put(session, wish, Slot(own.id, wish.starts_at, ends_at), now)
        return wish
    wish.state, wish.settled_at = ConsultationState.CANCELLED, now
    await session.flush()
    return None


async def settle(
    session: AsyncSession, consultation: Consultation, how: ConsultationState, now: datetime
) -> None:
    """An appointment took place (DONE) or was missed (NO_SHOW); raise NotYet or AppointmentGone."""
    settled, _ = await _locked(session, consultation)
    if settled is None or settled.state is not _BOOKED:
        raise AppointmentGone
    if settled.starts_at > now:
        raise NotYet
    settled.state, settled.settled_at = how, now


async def sick_day(session: AsyncSession, lawyer: Lawyer, day: date, now: datetime) -> list[Moved]:
    """Take a day off; every appointment of it moves to the next free slot or is given back.

    Whoever is given back waits for a slot. Pressed twice there is nothing left to move.
    """
    lawyer = (await lock(session, lawyer.id))[lawyer.id]
    await timetables.set_day(session, lawyer, day, (), now)
    await _end_holds(session, _on(lawyer, day), now)
    affected = await coming(session, lawyer, day, now)
    return [await _move_on(session, lawyer, one, now) for one in affected]


@dataclass(frozen=True, slots=True)
class Appointment:
    """A line of a lawyer's week."""

    consultation: Consultation
    case: Case


async def coming(
    session: AsyncSession, lawyer: Lawyer, day: date, now: datetime
) -> list[Appointment]:
    """The appointments of a day that have not begun, the most urgent first."""
    rows = await session.execute(
        select(Consultation, Case)
        .join(Case, Case.id == Consultation.case_id)
        .where(*_on(lawyer, day), Consultation.state == _BOOKED, Consultation.starts_at > now)
        .order_by(Case.urgency, Consultation.starts_at)
    )
    return [Appointment(consultation, case) for consultation, case in rows]


def _on(lawyer: Lawyer, day: date, days: int = 1) -> tuple[ColumnElement[bool], ...]:
    return (
        Consultation.lawyer_id == lawyer.id,
        Consultation.starts_at >= timetables.moment(day, 0),
        Consultation.starts_at < timetables.moment(day + timedelta(days=days), 0),
    )


async def _move_on(
    session: AsyncSession, lawyer: Lawyer, appointment: Appointment, now: datetime
) -> Moved:
    """Move an appointment to the lawyer's next free slot, or give it back and let its case wait."""
    moving, case = appointment.consultation, appointment.case
    was_at = moving.starts_at
    # Nobody is asked to come sooner than they had planned.
    that_day = timetables.day_of(was_at)
    days = (that_day - timetables.day_of(now)).days + SEARCHED
    over = timetables.moment(that_day + timedelta(days=1), 0)
    free = await free_slots(session, [lawyer], moving.way, now, most=1, days=days, after=over)
    if free:
        await _put(session, moving, free[0], now)
        return Moved(moving, case, was_at, free[0])
    moving.state, moving.settled_at = ConsultationState.CANCELLED, now
    moving.cancelled_by_lawyer = True
    await wait(session, case, now)
    return Moved(moving, case, was_at, None)


async def week(session: AsyncSession, lawyer: Lawyer, monday: date) -> list[Appointment]:
    """The lawyer's appointments of the seven days from `monday` on, also those that are over."""
    rows = await session.execute(
        select(Consultation, Case)
        .join(Case, Case.id == Consultation.case_id)
        .where(
            *_on(lawyer, monday, days=7),
            Consultation.state.in_([_BOOKED, ConsultationState.DONE, ConsultationState.NO_SHOW]),
        )
        .order_by(Consultation.starts_at)
    )
    return [Appointment(consultation, case) for consultation, case in rows]
