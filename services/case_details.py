"""What may still change in a case: its story until a lawyer has it, how the citizen is reached, its date."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from services import cases
from services.refusals import Refusal
from storage.cases import Case, CaseFile, CaseState, EventKind
from storage.people import Person

LONGEST_STORY = 12_000  # characters
MOST_FILES = 20
LONGEST_HOURS = 200  # characters of when it is safe to call


class HasLawyer(Refusal):
    """A lawyer has the case: what is new is written to them."""

    message = "A lawyer has your case now: please write it to them."


class TooMuch(Refusal):
    """The story is as long as a story can be."""

    message = "There is no more room. Please tell the rest to the lawyer."


async def of_person(session: AsyncSession, case_id: int, person: Person) -> Case | None:
    """A case, if this person brought it."""
    case = await session.get(Case, case_id)
    theirs = case is not None and case.person_id is not None and case.person_id == person.id
    return case if theirs else None


async def add_to_story(session: AsyncSession, case: Case, words: str) -> None:
    """Put words behind the story. Raises CaseClosed, HasLawyer, TooMuch."""
    await _must_be_waiting(session, case)
    longer = f"{case.story}\n{words}" if case.story else words
    if len(longer) > LONGEST_STORY:
        raise TooMuch
    case.story = longer


async def reword_story(session: AsyncSession, case: Case, before: str, after: str) -> None:
    """Put other words in place of some that were added last. Raises as `add_to_story`."""
    await _must_be_waiting(session, case)
    head, found, tail = (case.story or "").rpartition(before)
    if not found:
        await add_to_story(session, case, after)
        return
    if len(head) + len(after) + len(tail) > LONGEST_STORY:
        raise TooMuch
    case.story = f"{head}{after}{tail}"


async def add_file(
    session: AsyncSession, case: Case, kind: str, file_id: str, caption: str | None
) -> None:
    """Put a picture, a voice message or a document with the story. Raises as `add_to_story`."""
    await _must_be_waiting(session, case)
    kept = select(func.count(CaseFile.id)).where(CaseFile.case_id == case.id)
    if (await session.execute(kept)).scalar_one() >= MOST_FILES:
        raise TooMuch
    session.add(CaseFile(case_id=case.id, kind=kind, file_id=file_id, caption=caption))
    await session.flush()


async def _must_be_waiting(session: AsyncSession, case: Case) -> None:
    await _must_be_open(session, case)
    if case.state is CaseState.IN_WORK:
        raise HasLawyer


async def _must_be_open(session: AsyncSession, case: Case) -> None:
    await cases.lock(session, case)
    if case.state is CaseState.CLOSED:
        raise cases.CaseClosed


async def change_phone(session: AsyncSession, case: Case, phone: str | None) -> None:
    """Change under which number the citizen is called, as E.164; raise CaseClosed."""
    await _must_be_open(session, case)
    case.phone = phone


async def change_safe_hours(session: AsyncSession, case: Case, hours: str | None) -> None:
    """Change when it is safe to call, in the citizen's words; raise CaseClosed."""
    await _must_be_open(session, case)
    case.safe_hours = hours[:LONGEST_HOURS] if hours else None


async def set_neutral(session: AsyncSession, case: Case, neutral: bool) -> None:
    """Whether what comes by itself says nothing of a lawyer; raise CaseClosed."""
    await _must_be_open(session, case)
    case.neutral = neutral


async def set_deadline(
    session: AsyncSession, case: Case, deadline: date | None, *, by: int, now: datetime
) -> None:
    """Change the date of a court or an authority; a near one makes the case urgent. Raises CaseClosed."""
    await _must_be_open(session, case)
    if deadline == case.deadline:
        return
    case.deadline = deadline
    cases.note(session, case, EventKind.PRIORITY, by=by, now=now)
    urgency = cases.urgency_of(case.urgency, case.danger, deadline, now)
    await cases.set_urgency(session, case, urgency, by=None, now=now)
