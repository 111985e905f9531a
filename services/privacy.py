"""What is held of somebody in cases: all of it shown, deleted when they wish, and purged in time.

A case itself stays, without the person, for the figures: topic, place, way, when, and its outcome.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, delete, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from services import calendars, cases, partners, people
from services.refusals import Refusal
from storage.calendars import Consultation, ConsultationState, WaitingWish
from storage.cases import Case, CaseEvent, CaseFile, CaseNote, CaseState, EventKind
from storage.partners import Lawyer
from storage.people import Grant, Person, Role
from storage.relay import CaseThread, RelayedMessage
from storage.routing import Conflict, Handoff
from storage.traffic import OutboxMessage, OutboxState, PostedMessage

STORIES_KEPT = timedelta(days=365)  # after a case is closed
NAMES_KEPT = timedelta(days=5 * 365)  # for the conflict check alone; see services.conflicts
MESSAGES_KEPT = timedelta(days=60)  # which copy is whose message, and where cards stand

_WORDS = ("story", "phone", "safe_hours", "figures", "rating_word")
_NAMES = ("full_name", "called", "somebody_else", "opponent")
_LOOKS = (EventKind.READ_STORY, EventKind.READ_PERSON)


class StillOpen(Refusal):
    """Somebody who has an open case can't be forgotten."""

    message = "A case of yours is open. Withdraw it first, or wait until it is closed."


@dataclass(frozen=True, slots=True)
class Look:
    """Somebody of the staff opened a case: in which role, what, and when."""

    role: Role
    what: EventKind
    at: datetime


@dataclass(frozen=True, slots=True)
class Held:
    """All that is held of one case besides its own row."""

    case: Case
    files: Sequence[CaseFile]
    appointments: Sequence[Consultation]
    events: Sequence[CaseEvent]
    looks: Sequence[Look]
    notes: int
    messages: int
    waits: bool  # for a time to become free


async def held(session: AsyncSession, case: Case, admin_ids: frozenset[int]) -> Held:
    """Read all that is held of a case."""
    files = select(CaseFile).where(CaseFile.case_id == case.id).order_by(CaseFile.id)
    met = select(Consultation).where(Consultation.case_id == case.id).order_by(Consultation.id)
    told = select(CaseEvent).where(CaseEvent.case_id == case.id).order_by(CaseEvent.id)
    events = (await session.scalars(told)).all()
    notes = select(func.count(CaseNote.id)).where(CaseNote.case_id == case.id)
    passed = select(func.count(RelayedMessage.id)).where(RelayedMessage.case_id == case.id)
    return Held(
        case=case,
        files=(await session.scalars(files)).all(),
        appointments=(await session.scalars(met)).all(),
        events=events,
        looks=await _looks(session, events, admin_ids),
        notes=(await session.execute(notes)).scalar_one(),
        messages=(await session.execute(passed)).scalar_one(),
        waits=await session.get(WaitingWish, case.id) is not None,
    )


async def _looks(
    session: AsyncSession, events: Sequence[CaseEvent], admin_ids: frozenset[int]
) -> list[Look]:
    """Who opened a case. Whoever isn't or wasn't a lawyer did it as a coordinator."""
    opened = [one for one in events if one.kind in _LOOKS and one.by is not None]
    by = {one.by for one in opened}
    lawyers = set(await session.scalars(select(Lawyer.chat_id).where(Lawyer.chat_id.in_(by))))
    coordinating = (
        select(Person.chat_id)
        .join(Grant, Grant.person_id == Person.id)
        .where(Person.chat_id.in_(by), Grant.role.in_([Role.COORDINATOR, Role.ADMIN]))
    )
    coordinators = {*(await session.scalars(coordinating)), *admin_ids} - lawyers
    return [
        Look(Role.COORDINATOR if one.by in coordinators else Role.LAWYER, one.kind, one.at)
        for one in opened
    ]


# --- deleting -----------------------------------------------------------------------------------


async def forget(session: AsyncSession, person: Person) -> None:
    """Delete all that is held about somebody; raise StillOpen.

    Whoever works as a lawyer must have ended it before: their cases need somebody else.
    """
    await session.flush()
    await forget_cases(session, person)
    await _forget_work(session, person)
    await calendars.release(session, person.chat_id)
    await session.execute(delete(PostedMessage).where(PostedMessage.chat_id == person.chat_id))
    await people.forget(session, person)


async def forget_cases(session: AsyncSession, person: Person) -> None:
    """Empty somebody's cases of all that tells of them; raise StillOpen."""
    await session.flush()
    if await cases.of_citizen(session, person, open_only=True):
        raise StillOpen
    ids = [case.id for case in await cases.of_citizen(session, person)]
    theirs = select(Case.id).where(Case.id.in_(ids))
    await _empty_words(session, theirs)
    await _forget_messages(session, theirs)
    await _part(session, theirs, person.chat_id)


async def _part(session: AsyncSession, those: Select[int], chat_id: int) -> None:
    """Take names and account out of cases: nothing leads to the citizen any more."""
    await session.execute(
        update(CaseEvent)
        .where(CaseEvent.case_id.in_(those), CaseEvent.by == chat_id)
        .values(by=None)
    )
    await session.execute(
        update(Handoff)
        .where(Handoff.case_id.in_(those), Handoff.settled_by == chat_id)
        .values(settled_by=None)
    )
    await session.execute(
        update(Consultation).where(Consultation.case_id.in_(those)).values(chat_id=0)
    )
    for case in await _holding(session, those, (*_NAMES, "person_id")):
        for column in (*_NAMES, "person_id", "consent_at"):
            setattr(case, column, None)
    await session.flush()


async def _holding(
    session: AsyncSession, those: Select[int], columns: Sequence[str]
) -> Sequence[Case]:
    """Of those cases the ones in which a column isn't empty."""
    holds = or_(*(getattr(Case, column).is_not(None) for column in columns))
    found = select(Case).where(Case.id.in_(those), holds)
    return (await session.scalars(found)).all()


async def _empty_words(session: AsyncSession, those: Select[int]) -> None:
    """Delete what people wrote in cases, and files of theirs; names stay."""
    for case in await _holding(session, those, _WORDS):
        for column in _WORDS:
            setattr(case, column, None)
    await session.flush()
    for told in (CaseFile, CaseNote, WaitingWish):
        await session.execute(delete(told).where(told.case_id.in_(those)))
    for reasoned in (CaseEvent, Handoff, Conflict):
        await session.execute(
            update(reasoned)
            .where(reasoned.case_id.in_(those), reasoned.why.is_not(None))
            .values(why=None)
        )


async def _forget_messages(session: AsyncSession, those: Select[int]) -> None:
    """Delete the map of messages of cases, and where their cards stand."""
    passed = select(RelayedMessage.posted_id).where(RelayedMessage.case_id.in_(those))
    threads = select(CaseThread.posted_id).where(CaseThread.case_id.in_(those))
    offers = select(Handoff.id).where(Handoff.case_id.in_(those))
    await session.execute(
        delete(PostedMessage).where(
            or_(
                PostedMessage.id.in_(passed.where(RelayedMessage.posted_id.is_not(None))),
                PostedMessage.id.in_(threads),
                PostedMessage.handoff_id.in_(offers),
                PostedMessage.case_id.in_(those),
            )
        )
    )
    await session.execute(delete(RelayedMessage).where(RelayedMessage.case_id.in_(those)))
    await session.execute(delete(CaseThread).where(CaseThread.case_id.in_(those)))


async def _forget_work(session: AsyncSession, person: Person) -> None:
    """Of who was a lawyer only the row stays to which closed cases belong."""
    if await partners.present(session, person.chat_id) is not None:
        raise StillOpen
    theirs = select(Lawyer).where(Lawyer.chat_id == person.chat_id)
    for lawyer in (await session.scalars(theirs)).all():
        lawyer.name, lawyer.chat_id, lawyer.current_case_id = "—", 0, None
        lawyer.address = lawyer.latitude = lawyer.longitude = None
    await session.flush()


# --- on schedule --------------------------------------------------------------------------------


async def purge(session: AsyncSession, now: datetime) -> None:
    """Delete what is no longer needed of closed cases."""
    await _empty_words(session, _closed(now - STORIES_KEPT))
    named = await _holding(session, _closed(now - NAMES_KEPT), (*_NAMES, "person_id"))
    for case in named:
        citizen = await session.get(Person, case.person_id) if case.person_id else None
        only = select(Case.id).where(Case.id == case.id)
        await _part(session, only, citizen.chat_id if citizen else 0)
    await _forget_messages(session, _closed(now - MESSAGES_KEPT))
    await session.execute(
        delete(Consultation).where(
            Consultation.state == ConsultationState.HELD,
            Consultation.held_until < now - timedelta(days=1),
        )
    )
    await _forget_strays(session)


def _closed(before: datetime) -> Select[int]:
    return select(Case.id).where(Case.state == CaseState.CLOSED, Case.closed_at < before)


async def _forget_strays(session: AsyncSession) -> None:
    """Messages that nothing refers to any more: changed for the last time, and long since sent."""
    await session.execute(
        delete(PostedMessage).where(
            PostedMessage.state != OutboxState.QUEUED,
            PostedMessage.handoff_id.is_(None),
            PostedMessage.case_id.is_(None),
            ~select(RelayedMessage.id).where(RelayedMessage.posted_id == PostedMessage.id).exists(),
            ~select(RelayedMessage.id)
            .where(RelayedMessage.confirmed_id == PostedMessage.id)
            .exists(),
            ~select(CaseThread.case_id).where(CaseThread.posted_id == PostedMessage.id).exists(),
            ~select(OutboxMessage.id).where(OutboxMessage.posted_id == PostedMessage.id).exists(),
        )
    )
