"""The waiting list: a slot that becomes free is held for whoever needs it most, and offered to them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, delete, exists, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from services.hours import decent
from services.safe_hours import may_write
from services.slots import Slot, diaries, lock, notice
from services.timetables import day_of
from storage.calendars import Consultation, ConsultationState, WaitingWish
from storage.cases import Case, CaseState
from storage.partners import Lawyer, Standing, Way
from storage.people import Person
from storage.routing import Handoff, HandoffState

OFFERED = timedelta(hours=2)  # to say yes, at decent hours
LEAST = timedelta(minutes=30)  # less time to answer is no offer
MOST_ASKED = 20  # of those who wait, the first who hears of it in time gets it
LEAD = timedelta(hours=1)  # from the last moment to say yes until the appointment
SEARCHED = 21  # days in which newly opened times are looked for
MOST_OPENED = 20  # of them are offered; whoever waits longer than that chooses for themselves


@dataclass(frozen=True, slots=True)
class WaitingOffer:
    """A slot held for a case that waits, until `consultation.held_until`."""

    consultation: Consultation
    case: Case


async def wait(session: AsyncSession, case: Case, now: datetime) -> None:
    """Put a case on the waiting list; one that waits already keeps its place."""
    if await session.get(WaitingWish, case.id) is None:
        session.add(WaitingWish(case_id=case.id, wished_at=now))
        await session.flush()


async def is_waiting(session: AsyncSession, case: Case) -> bool:
    """Tell whether a case is on the waiting list."""
    return await session.get(WaitingWish, case.id) is not None


async def offered(session: AsyncSession, case: Case, now: datetime) -> Consultation | None:
    """The slot held for a case that waits, while it can be taken."""
    found: Consultation | None = await session.scalar(
        select(Consultation)
        .join(WaitingWish, WaitingWish.offered_id == Consultation.id)
        .where(
            WaitingWish.case_id == case.id,
            Consultation.state == ConsultationState.HELD,
            Consultation.held_until > now,
        )
    )
    return found


async def stop_waiting(session: AsyncSession, case: Case, now: datetime) -> list[WaitingOffer]:
    """Take a case off the waiting list; what was held for it is offered to the next."""
    held = await offered(session, case, now)
    if held is not None:
        await lock(session, held.lawyer_id)
        await end_offer(session, held, now)
    await session.execute(delete(WaitingWish).where(WaitingWish.case_id == case.id))
    return await _pass_on(session, held, now) if held is not None else []


async def got(session: AsyncSession, booked: Consultation) -> None:
    """An appointment was booked: if it was an offer, its case waits no more."""
    await session.execute(delete(WaitingWish).where(WaitingWish.offered_id == booked.id))


async def end_offer(session: AsyncSession, held: Consultation, now: datetime) -> None:
    """An offer was declined or ran out. Its case goes on waiting."""
    held.state, held.settled_at = ConsultationState.CANCELLED, now
    await session.execute(
        update(WaitingWish).where(WaitingWish.offered_id == held.id).values(offered_id=None)
    )


async def expired_offers(session: AsyncSession, now: datetime) -> list[WaitingOffer]:
    """End the offers that ran out; give back those made to the next in their place."""
    run_out = select(Consultation).where(
        Consultation.state == ConsultationState.HELD,
        Consultation.case_id.is_not(None),
        Consultation.held_until <= now,
    )
    made: list[WaitingOffer] = []
    for seen in (await session.scalars(run_out.order_by(Consultation.id))).all():
        await lock(session, seen.lawyer_id)
        held = await session.get(Consultation, seen.id, populate_existing=True)
        if held is not None and held.state is ConsultationState.HELD:
            await end_offer(session, held, now)
            made += await _pass_on(session, held, now)
    return made


async def _pass_on(session: AsyncSession, held: Consultation, now: datetime) -> list[WaitingOffer]:
    await session.flush()
    assert held.lawyer_id is not None  # an offer has a lawyer
    return await offer(session, Slot(held.lawyer_id, held.starts_at, held.ends_at), now)


async def open_times(session: AsyncSession, lawyer: Lawyer, now: datetime) -> dict[datetime, Slot]:
    """A lawyer's free times of the next weeks, by their beginning."""
    diary = (await diaries(session, [lawyer], now))[lawyer.id]
    earliest = notice(lawyer, now)
    days = (day_of(now) + timedelta(days=ahead) for ahead in range(SEARCHED))
    return {slot.starts_at: slot for day in days for slot in diary.free_on(day, earliest)}


async def offer_opened(
    session: AsyncSession, lawyer: Lawyer, before: Collection[datetime], now: datetime
) -> list[WaitingOffer]:
    """Offer what a change of hours has opened, beside the times `before`, to those who wait."""
    await lock(session, lawyer.id)
    after = await open_times(session, lawyer, now)
    opened = [slot for starts, slot in sorted(after.items()) if starts not in before]
    made: list[WaitingOffer] = []
    for slot in opened[:MOST_OPENED]:
        made += await offer(session, slot, now)
    return made


async def offer(
    session: AsyncSession, slot: Slot, now: datetime, *, left_by: int | None = None
) -> list[WaitingOffer]:
    """Hold a slot that has just become free for the first who can use it; empty if there is nobody.

    The lawyer's row is locked by the caller. The case `left_by` has just given the slot up.
    """
    lawyer = await session.get_one(Lawyer, slot.lawyer_id)
    until = min(decent(now) + OFFERED, slot.starts_at - LEAD)
    if lawyer.standing is Standing.ENDED or until < decent(now) + LEAST:
        return []
    diary = (await diaries(session, [lawyer], now))[lawyer.id]
    if not diary.free_at(slot.starts_at, slot.ends_at):
        return []
    waiting = await _waiting(session, lawyer, slot, left_by)
    heard_in_time = (one for one in waiting if _hears(one[1], now) <= until - LEAST)
    first = next(heard_in_time, None)
    if first is None:
        return []
    wish, case, chat_id = first
    held = Consultation(
        case_id=case.id,
        lawyer_id=lawyer.id,
        chat_id=chat_id,
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        way=case.way,
        state=ConsultationState.HELD,
        held_until=until,
        created_at=now,
    )
    session.add(held)
    await session.flush()
    wish.offered_id = held.id
    return [WaitingOffer(held, case)]


def _hears(case: Case, now: datetime) -> datetime:
    """When the citizen of a case hears of an offer: not outside their safe hours."""
    return may_write(case, now) or now


async def _waiting(
    session: AsyncSession, lawyer: Lawyer, slot: Slot, left_by: int | None
) -> list[tuple[WaitingWish, Case, int]]:
    """Those who wait for this lawyer and can use a slot: the most urgent, then who waits longest."""
    booked, before = aliased(Consultation), aliased(Consultation)
    had_it = exists().where(
        before.case_id == Case.id,
        before.lawyer_id == slot.lawyer_id,
        before.starts_at == slot.starts_at,
    )
    offered_to_them = exists().where(
        Handoff.case_id == Case.id,
        Handoff.state == HandoffState.OPEN,
        or_(
            Handoff.lawyer_id == lawyer.id,
            and_(Handoff.lawyer_id.is_(None), Handoff.partner_id == lawyer.partner_id),
        ),
    )
    rows = await session.execute(
        select(WaitingWish, Case, Person.chat_id)
        .join(Case, Case.id == WaitingWish.case_id)
        .join(Person, Person.id == Case.person_id)
        .outerjoin(
            booked,
            and_(booked.case_id == Case.id, booked.state == ConsultationState.BOOKED),
        )
        .where(
            WaitingWish.offered_id.is_(None),
            Case.state != CaseState.CLOSED,
            Case.id != (left_by or 0),
            Case.way.in_([Way(one) for one in lawyer.ways] or list(Way)),
            or_(Case.lawyer_id == lawyer.id, and_(Case.lawyer_id.is_(None), offered_to_them)),
            or_(booked.id.is_(None), booked.starts_at > slot.starts_at),
            ~had_it,
            # Who can't be told has nothing of an offer.
            Person.blocked_at.is_(None),
            Person.discreet.is_(False),
        )
        .order_by(Case.urgency, WaitingWish.wished_at)
        .limit(MOST_ASKED)
        .with_for_update(of=WaitingWish, skip_locked=True)
    )
    return [(wish, case, chat_id) for wish, case, chat_id in rows]
