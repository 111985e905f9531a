"""Cases: their numbers, who has them, and the clock that runs for whoever does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlalchemy import Select, exists, or_, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from locales import HERE
from services.hours import after_working
from services.refusals import Refusal
from storage.calendars import Consultation, ConsultationState
from storage.cases import (
    Case,
    CaseCounter,
    CaseEvent,
    CaseFile,
    CaseState,
    EventKind,
    Outcome,
    Urgency,
)
from storage.partners import Lawyer, Way
from storage.people import Person
from storage.routing import Handoff, HandoffState

NEAR = timedelta(days=7)  # a deadline that comes so soon makes a case urgent
REOPENED_WITHIN = timedelta(days=30)
BETWEEN_STEPS = {Urgency.DANGER: timedelta(days=1)}  # for whoever works on a case
STEP = timedelta(days=7)
MOST_AT_ONCE = 100  # overdue cases dealt with in one transaction

# Minutes by state and urgency. In danger every hour counts; otherwise only working ones do.
_ROUND_THE_CLOCK = {CaseState.NEW: 15, CaseState.OFFERED: 15, CaseState.IN_WORK: 60}
_WORKING = {
    (CaseState.NEW, Urgency.URGENT): 60,
    (CaseState.NEW, Urgency.NORMAL): 4 * 60,
    (CaseState.OFFERED, Urgency.URGENT): 2 * 60,
    (CaseState.OFFERED, Urgency.NORMAL): 9 * 60,
    (CaseState.IN_WORK, Urgency.URGENT): 4 * 60,
    (CaseState.IN_WORK, Urgency.NORMAL): 2 * 9 * 60,
}
_COUNT = text("INSERT INTO case_counters (year, last) VALUES (:year, 0) ON CONFLICT DO NOTHING")


class CaseClosed(Refusal):
    """The case was closed in the meantime."""

    message = "This case is closed already."


class CaseOpen(Refusal):
    """What is for closed cases only: the case is open."""

    message = "This case is open already."


class TooLate(Refusal):
    """The case was closed too long ago to be opened again."""

    message = "This case was closed long ago. Please ask for a lawyer anew: /book"


@dataclass(slots=True)
class NewCase:
    """What a citizen said on asking for a lawyer."""

    topic: str
    language: str
    way: Way
    article: str | None = None
    region: str | None = None
    district: str | None = None
    urgency: Urgency = Urgency.NORMAL
    danger: str | None = None  # its kind
    deadline: date | None = None  # of a court or an authority
    story: str | None = None
    files: list[tuple[str, str, str | None]] = field(default_factory=list)  # kind, id, caption
    opponent: str | None = None
    called: str | None = None
    full_name: str | None = None
    phone: str | None = None
    somebody_else: str | None = None
    consent: bool = False  # somebody else's
    safe_hours: str | None = None
    neutral: bool = False


def clock(state: CaseState, urgency: Urgency, now: datetime) -> datetime:
    """Until when whoever gets an open case now has time for the first step."""
    if urgency == Urgency.DANGER:
        return now + timedelta(minutes=_ROUND_THE_CLOCK[state])
    return after_working(now, _WORKING[state, urgency])


def is_near(deadline: date | None, now: datetime) -> bool:
    """Tell whether a deadline comes so soon that the case is urgent; one that has passed doesn't."""
    today = now.astimezone(HERE).date()
    return deadline is not None and today <= deadline <= today + NEAR


def urgency_of(
    urgency: Urgency, danger: str | None, deadline: date | None, now: datetime
) -> Urgency:
    """How urgent a case is at least: by danger, and by a deadline that is near."""
    if danger:
        return Urgency.DANGER
    return min(urgency, Urgency.URGENT) if is_near(deadline, now) else urgency


async def _next_serial(session: AsyncSession, year: int) -> int:
    """The next number of a year. Its row stays locked until the commit: no gaps, no doubles."""
    await session.execute(_COUNT, {"year": year})
    counted = await session.execute(
        update(CaseCounter)
        .where(CaseCounter.year == year)
        .values(last=CaseCounter.last + 1)
        .returning(CaseCounter.last)
        .execution_options(synchronize_session=False)
    )
    return counted.scalar_one()


async def open_case(session: AsyncSession, new: NewCase, person: Person, now: datetime) -> Case:
    """Begin a case: it is with the coordinator, with a number and a clock, until it is routed."""
    await session.flush()  # somebody unknown until now has no id yet
    year = now.astimezone(HERE).year
    urgency = urgency_of(new.urgency, new.danger, new.deadline, now)
    case = Case(
        year=year,
        serial=await _next_serial(session, year),
        person_id=person.id,
        state=CaseState.NEW,
        clock_at=clock(CaseState.NEW, urgency, now),
        nudges=0,
        topic=new.topic,
        article=new.article,
        region=new.region,
        district=new.district,
        language=new.language,
        way=new.way,
        urgency=urgency,
        danger=new.danger,
        deadline=new.deadline,
        story=new.story,
        opponent=new.opponent,
        called=new.called,
        full_name=new.full_name,
        phone=new.phone,
        somebody_else=new.somebody_else,
        consent_at=now if new.consent else None,
        safe_hours=new.safe_hours,
        neutral=new.neutral,
        created_at=now,
    )
    session.add(case)
    await session.flush()
    for kind, file_id, caption in new.files:
        session.add(CaseFile(case_id=case.id, kind=kind, file_id=file_id, caption=caption))
    note(session, case, EventKind.STATE, by=person.chat_id, now=now)
    await session.flush()
    return case


async def get(session: AsyncSession, case_id: int) -> Case | None:
    """A case by its id."""
    return await session.get(Case, case_id)


async def by_number(session: AsyncSession, number: str) -> Case | None:
    """A case by its public number."""
    prefix, _, rest = number.strip().upper().partition("-")
    year, _, serial = rest.partition("-")
    if prefix != "KG" or not (year.isdecimal() and serial.isdecimal() and len(rest) < 15):
        return None
    found = select(Case).where(Case.year == int(year), Case.serial == int(serial))
    possible = int(year) < 10_000 and int(serial) < 2**31
    return (await session.scalars(found)).one_or_none() if possible else None


async def of_citizen(
    session: AsyncSession, person: Person, *, open_only: bool = False
) -> Sequence[Case]:
    """The cases that somebody brought, for themselves or somebody else: newest first."""
    theirs = select(Case).where(Case.person_id == person.id)
    if open_only:
        theirs = theirs.where(Case.state != CaseState.CLOSED)
    return (await session.scalars(theirs.order_by(Case.id.desc()))).all()


async def of_lawyer(
    session: AsyncSession, lawyer: Lawyer, *, closed: bool = False
) -> Sequence[Case]:
    """The cases that a lawyer works on, whose clock runs out first; or those closed, latest first."""
    state = CaseState.CLOSED if closed else CaseState.IN_WORK
    order = Case.closed_at.desc() if closed else Case.clock_at
    theirs = select(Case).where(Case.lawyer_id == lawyer.id, Case.state == state)
    return (await session.scalars(theirs.order_by(order, Case.id))).all()


async def lock(session: AsyncSession, case: Case) -> Case:
    """Read the case as it is now, and hold it until the commit.

    The one order in which rows are held, so that two can't block each other: the case, its handoff,
    the lawyer, the appointments. Others may write what only refers to the case meanwhile.
    """
    await session.flush()  # reading anew would drop what isn't written yet
    await session.refresh(case, with_for_update={"key_share": True})
    return case


def note(
    session: AsyncSession,
    case: Case,
    kind: EventKind,
    *,
    by: int | None,
    now: datetime,
    why: str | None = None,
) -> None:
    """Write a line of the case's history and audit trail; `by` is a chat id, None the program."""
    session.add(CaseEvent(case_id=case.id, kind=kind, state=case.state, by=by, why=why, at=now))


def set_state(
    session: AsyncSession,
    case: Case,
    state: CaseState,
    *,
    by: int | None,
    now: datetime,
    why: str | None = None,
    clock_at: datetime | None = None,
) -> None:
    """Change where a case stands: the only place that does.

    The new owner's clock is `clock_at` (an offered case's: the handoff's deadline), else the usual
    one. A lawyer belongs to cases in work and to closed ones only.
    """
    case.state, case.nudges = state, 0
    if state is CaseState.CLOSED:
        case.clock_at, case.closed_at = None, now
    else:
        case.clock_at = clock_at or clock(state, case.urgency, now)
        case.closed_at = case.outcome = None
    if state in (CaseState.NEW, CaseState.OFFERED):
        case.lawyer_id = case.accepted_at = None
    note(session, case, EventKind.STATE, by=by, now=now, why=why)


async def with_coordinator(
    session: AsyncSession, case: Case, *, now: datetime, why: str, by: int | None = None
) -> None:
    """Give an open case to the coordinator; raise CaseClosed."""
    await lock(session, case)
    _must_be_open(case)
    set_state(session, case, CaseState.NEW, by=by, now=now, why=why)


async def assign(session: AsyncSession, case: Case, lawyer: Lawyer, *, now: datetime) -> None:
    """A lawyer has accepted the case; raise CaseClosed."""
    await lock(session, case)
    _must_be_open(case)
    case.lawyer_id, case.accepted_at = lawyer.id, now
    set_state(session, case, CaseState.IN_WORK, by=lawyer.chat_id, now=now)


def _must_be_open(case: Case) -> None:
    if case.state is CaseState.CLOSED:
        raise CaseClosed


async def worked(session: AsyncSession, case: Case, now: datetime) -> None:
    """The lawyer did something: they have time until the next step, or a day after the appointment."""
    if case.state is not CaseState.IN_WORK:
        return
    step = BETWEEN_STEPS.get(case.urgency, STEP)
    appointment = await session.scalar(
        select(Consultation.ends_at).where(
            Consultation.case_id == case.id, Consultation.state == ConsultationState.BOOKED
        )
    )
    after = appointment + timedelta(days=1) if appointment else now
    case.clock_at, case.nudges = max(now + step, after), 0


async def close(
    session: AsyncSession,
    case: Case,
    outcome: Outcome,
    *,
    by: int | None,
    now: datetime,
    why: str | None = None,
) -> None:
    """The matter is done; raise CaseClosed when somebody was faster."""
    await lock(session, case)
    _must_be_open(case)
    set_state(session, case, CaseState.CLOSED, by=by, now=now, why=why)
    case.outcome = outcome


async def withdraw(
    session: AsyncSession, case: Case, *, now: datetime, by: int | None = None
) -> None:
    """The citizen doesn't need a lawyer any more; raise CaseClosed."""
    await close(session, case, Outcome.WITHDRAWN, by=by, now=now)


async def reopen(
    session: AsyncSession, case: Case, *, by: int, now: datetime, why: str | None = None
) -> None:
    """Open a closed case again: it is with the coordinator. Raises CaseOpen, TooLate.

    It is rated and asked about anew when it closes again; the old mark stays in its history.
    """
    await lock(session, case)
    if case.state is not CaseState.CLOSED:
        raise CaseOpen
    if not reopens(case, now):
        raise TooLate
    case.rating = case.rating_word = case.helped = case.asked_helped_at = None
    set_state(session, case, CaseState.NEW, by=by, now=now, why=why)


def reopens(case: Case, now: datetime) -> bool:
    """Tell whether a case was closed so lately that it can be opened again."""
    return case.closed_at is not None and now <= case.closed_at + REOPENED_WITHIN


async def set_urgency(
    session: AsyncSession,
    case: Case,
    urgency: Urgency,
    *,
    by: int | None,
    now: datetime,
    why: str | None = None,
    only_up: bool = False,
) -> None:
    """Change how urgent a case is; a more urgent one has less time. An offer keeps its deadline.

    `only_up`: whoever has just made it more urgent still is right.
    """
    await lock(session, case)
    if urgency == case.urgency or case.state is CaseState.CLOSED:
        return
    if only_up and urgency > case.urgency:
        return
    case.urgency = urgency
    if case.state is not CaseState.OFFERED and case.clock_at is not None:
        case.clock_at = min(case.clock_at, clock(case.state, urgency, now))
    note(session, case, EventKind.PRIORITY, by=by, now=now, why=why)


async def raise_urgency(session: AsyncSession, now: datetime) -> Sequence[Case]:
    """Make cases urgent whose deadline has come near; give back those that became so."""
    today = now.astimezone(HERE).date()
    near = select(Case).where(
        Case.state != CaseState.CLOSED,
        Case.urgency == Urgency.NORMAL,
        Case.deadline.between(today, today + NEAR),
    )
    raised = (await session.scalars(_to_change(near.order_by(Case.deadline)))).all()
    for case in raised:
        await set_urgency(session, case, Urgency.URGENT, by=None, now=now)
    return raised


async def overdue(session: AsyncSession, now: datetime) -> Sequence[Case]:
    """Open cases whose owner's time has run out, the longest first.

    Offered ones belong to `routing.expired`; one without an open handoff would belong to nobody.
    """
    handed = exists().where(Handoff.case_id == Case.id, Handoff.state == HandoffState.OPEN)
    late = select(Case).where(
        Case.state != CaseState.CLOSED,
        Case.clock_at <= now,
        or_(Case.state != CaseState.OFFERED, ~handed),
    )
    return (await session.scalars(_to_change(late.order_by(Case.clock_at, Case.id)))).all()


def _to_change(cases: Select[Case]) -> Select[Case]:
    """Cases that nobody is changing at this moment, held until the commit: some at once."""
    held = cases.limit(MOST_AT_ONCE).with_for_update(skip_locked=True, key_share=True)
    return held.execution_options(populate_existing=True)


def nudge(session: AsyncSession, case: Case, now: datetime) -> None:
    """Note that the owner's time ran out, and give them the same time again."""
    case.nudges += 1
    case.clock_at = clock(case.state, case.urgency, now)
    note(session, case, EventKind.NUDGED, by=None, now=now)
