"""What lies with the coordinators: cases that nobody has, that stand still, and likely conflicts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.cases import Case, CaseState
from storage.partners import Lawyer, Partner
from storage.routing import Conflict, ConflictState

_CONFLICTS = (
    select(Conflict, Case, Partner)
    .join(Case, Case.id == Conflict.case_id)
    .join(Partner, Partner.id == Conflict.partner_id)
)
_STANDS = (Conflict.state == ConflictState.OPEN, Case.state != CaseState.CLOSED)
_UNDECIDED = (*_STANDS, Conflict.decided_by.is_(None))


async def waiting(session: AsyncSession) -> Sequence[Case]:
    """Cases that no lawyer has and none is asked about; whose clock runs out first."""
    with_us = select(Case).where(Case.state == CaseState.NEW)
    return (await session.scalars(with_us.order_by(Case.clock_at, Case.id))).all()


async def stalled(session: AsyncSession, now: datetime) -> Sequence[Case]:
    """Cases in work whose lawyer let their time run out, the longest first."""
    late = select(Case).where(
        Case.state == CaseState.IN_WORK, or_(Case.nudges > 0, Case.clock_at <= now)
    )
    return (await session.scalars(late.order_by(Case.nudges.desc(), Case.clock_at))).all()


async def handed_out(session: AsyncSession, *, skip: int, most: int) -> Sequence[Case]:
    """Cases that are offered or in work, newest first: a page of them."""
    out = select(Case).where(Case.state.in_([CaseState.OFFERED, CaseState.IN_WORK]))
    return (await session.scalars(out.order_by(Case.id.desc()).offset(skip).limit(most))).all()


async def standing_conflict(
    session: AsyncSession, conflict_id: int
) -> tuple[Conflict, Case, Partner] | None:
    """A likely conflict in an open case, with its partner; None if it is overruled or over."""
    row = (await session.execute(_CONFLICTS.where(*_STANDS, Conflict.id == conflict_id))).first()
    return (row[0], row[1], row[2]) if row else None


async def undecided(session: AsyncSession) -> list[tuple[Conflict, Case, Partner]]:
    """Likely conflicts in open cases of which no coordinator has said anything."""
    rows = await session.execute(_CONFLICTS.where(*_UNDECIDED).order_by(Conflict.id))
    return [(one, case, partner) for one, case, partner in rows]


async def found_at(
    session: AsyncSession, case: Case, moment: datetime
) -> list[tuple[Conflict, Case, Partner]]:
    """The likely conflicts that came to light in a case at an instant."""
    here = Conflict.case_id == case.id, Conflict.found_at == moment
    rows = await session.execute(_CONFLICTS.where(*_UNDECIDED, *here).order_by(Conflict.id))
    return [(one, case, partner) for one, case, partner in rows]


def leave(conflict: Conflict, *, by: int) -> None:
    """A coordinator lets the conflict stand: the case stays away from that partner."""
    conflict.decided_by = by


async def owner(session: AsyncSession, case: Case) -> tuple[Lawyer, Partner] | None:
    """The lawyer who has a case in work, and their partner."""
    if case.lawyer_id is None:
        return None
    lawyer = await session.get_one(Lawyer, case.lawyer_id)
    return lawyer, await session.get_one(Partner, lawyer.partner_id)
