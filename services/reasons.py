"""Why a case went where it went, and why it did not go elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services import board, conflicts, routing
from services.rules import Rule
from storage.cases import Case
from storage.partners import Lawyer, Partner
from storage.routing import ConflictState, Handoff


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a handoff went where it went, and what became of it."""

    handoff: Handoff
    partner: Partner
    lawyer: Lawyer | None
    how: str  # routing.BY_RULE, ON_DUTY, CHOSEN or SLOT
    matched: dict[str, Any]  # the conditions of the rule
    open: int  # cases that the rule had given in that week, this one included
    of: int | None  # as many as it gives a week


class Obstacle(Enum):
    """Why a rule that fits a case does not get it to anybody."""

    CONFLICT = auto()
    ASKED = auto()
    FULL = auto()
    NOBODY = auto()


async def reasons(session: AsyncSession, case: Case) -> Sequence[Reason]:
    """Why a case went where it went, from the first handoff to the last."""
    rows = await session.execute(
        select(Handoff, Partner, Lawyer)
        .join(Partner, Partner.id == Handoff.partner_id)
        .outerjoin(Lawyer, Lawyer.id == Handoff.lawyer_id)
        .where(Handoff.case_id == case.id)
        .order_by(Handoff.id)
    )
    return [
        Reason(handoff, partner, lawyer, **handoff.reasons) for handoff, partner, lawyer in rows
    ]


async def obstacles(
    session: AsyncSession, case: Case, now: datetime
) -> list[tuple[Rule, Obstacle]]:
    """Why the rules that fit a case would not get it to anybody now; those that would are left out."""
    read = await board.read(session, now)
    partners, lawyers = await routing.asked(session, case)
    barred = {
        conflict.partner_id
        for conflict, _ in await conflicts.of_case(session, case)
        if conflict.state is ConflictState.OPEN
    }

    def obstacle(rule: Rule) -> Obstacle | None:
        able = [
            one
            for one in read.lawyers.get(rule.partner_id, ())
            if board.takes(one, case) and read.hears_in_time(one, case)
        ]
        if rule.partner_id in barred:
            return Obstacle.CONFLICT
        if not able:
            return Obstacle.NOBODY
        if rule.partner_id in partners or lawyers.issuperset(one.id for one in able):
            return Obstacle.ASKED
        return Obstacle.FULL if read.is_full(rule) else None

    fitting = ((rule, obstacle(rule)) for rule in read.rules if rule.fits(case))
    return [(rule, why) for rule, why in fitting if why is not None]
