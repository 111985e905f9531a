"""What citizens say of a closed case: a mark, a word, and two weeks later whether it helped."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from services import cases
from storage.cases import Case, CaseState, EventKind, Help, Outcome

LOWEST, HIGHEST = 1, 5
LOW = 2  # this mark or a lower one is the coordinator's business
HELPED_AFTER = timedelta(days=14)
RATED_WITHIN = timedelta(days=60)  # after that a button pressed is an old one
LONGEST_WORD = 1000  # characters
MOST_AT_ONCE = 50
# There is nothing to ask of who went away, or could not be found.
UNASKED = (Outcome.WITHDRAWN, Outcome.UNREACHABLE)


def asked(case: Case) -> bool:
    """Tell whether a case is one that its citizen is asked about."""
    return case.state is CaseState.CLOSED and case.outcome not in UNASKED


def open_to_rating(case: Case, now: datetime) -> bool:
    """Tell whether what the citizen says of the case still counts."""
    lately = case.closed_at is not None and now <= case.closed_at + RATED_WITHIN
    return asked(case) and lately


def rate(session: AsyncSession, case: Case, mark: int, *, by: int, now: datetime) -> bool:
    """Keep a mark; False if it can't be, or was given before. The history keeps it for good."""
    if not open_to_rating(case, now) or case.rating is not None:
        return False
    if not LOWEST <= mark <= HIGHEST:
        return False
    case.rating = mark
    cases.note(session, case, EventKind.RATED, by=by, now=now, why=str(mark))
    return True


def word(case: Case, text: str, now: datetime) -> bool:
    """Keep a word beside the mark; False if there is no mark to add it to."""
    if case.rating is None or not open_to_rating(case, now):
        return False
    case.rating_word = text[:LONGEST_WORD]
    return True


def helped(session: AsyncSession, case: Case, said: Help, *, by: int, now: datetime) -> bool:
    """Keep whether it helped; False if nobody asked, or it was said before."""
    if not open_to_rating(case, now) or case.asked_helped_at is None or case.helped is not None:
        return False
    case.helped = said
    cases.note(session, case, EventKind.RATED, by=by, now=now, why=said.value)
    return True


def is_low(mark: int) -> bool:
    """Tell whether a mark is the coordinator's business."""
    return mark <= LOW


def is_unhappy(case: Case) -> bool:
    """Tell whether the citizen was not content with what came of the case."""
    return case.helped is Help.NO or (case.rating is not None and is_low(case.rating))


async def to_ask_helped(session: AsyncSession, now: datetime) -> Sequence[Case]:
    """Cases closed two weeks ago whose citizens were not asked yet; from now on they were."""
    due = (
        select(Case)
        .where(
            Case.state == CaseState.CLOSED,
            Case.closed_at <= now - HELPED_AFTER,
            Case.closed_at > now - RATED_WITHIN,
            Case.asked_helped_at.is_(None),
            Case.person_id.is_not(None),
            or_(Case.outcome.is_(None), Case.outcome.not_in(UNASKED)),
        )
        .order_by(Case.closed_at)
        .limit(MOST_AT_ONCE)
        .with_for_update(skip_locked=True, key_share=True)
    )
    found = (await session.scalars(due)).all()
    for case in found:
        case.asked_helped_at = now
    return found
