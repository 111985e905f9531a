"""What other rules would have done: last month's cases routed once more, on paper."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services import board, rules
from services.board import Board
from services.cases import NewCase
from services.rules import Rule
from storage.cases import Case

LOOKED_BACK = timedelta(days=30)
Told = tuple[datetime, NewCase]


@dataclass(frozen=True, slots=True)
class Effect:
    """What becomes of last month's cases under the rules as they are, and under others."""

    cases: int
    partners: dict[int, tuple[int, int]]  # by id: as it is, as it would be
    left: tuple[int, int]  # to the coordinator


async def what_if(session: AsyncSession, changed: Sequence[Rule], now: datetime) -> Effect:
    """Route last month's cases by the rules as they are and by changed ones; both with today's lawyers.

    Each goes to whose turn it is; declining and expiring are not guessed.
    """
    month = await _month(session, now)
    current = await rules.in_order(session)
    lawyers = await board.available(session)
    before = _routed(Board(current, lawyers), month)
    numbered = [replace(rule, id=place) for place, rule in enumerate(changed)]
    after = _routed(Board(numbered, lawyers), month)
    named = sorted(one for one in before | after if one is not None)
    return Effect(
        len(month),
        {partner_id: (before[partner_id], after[partner_id]) for partner_id in named},
        (before[None], after[None]),
    )


async def _month(session: AsyncSession, now: datetime) -> list[Told]:
    """What is asked of last month's cases by rules, in the order in which they came."""
    asked = (Case.topic, Case.region, Case.district, Case.language, Case.way, Case.urgency)
    rows = await session.execute(
        select(Case.created_at, *asked)
        .where(Case.created_at >= now - LOOKED_BACK)
        .order_by(Case.created_at, Case.id)
    )
    return [
        (
            row.created_at,
            NewCase(
                topic=row.topic,
                region=row.region,
                district=row.district,
                language=row.language,
                way=row.way,
                urgency=row.urgency,
            ),
        )
        for row in rows
    ]


def _routed(paper: Board, month: Sequence[Told]) -> Counter[int | None]:
    """How many cases each partner gets, by id; None is the coordinator. Capacities begin anew on Mondays."""
    got: Counter[int | None] = Counter()
    week = None
    for created_at, new in month:
        if week != (begins := board.monday(created_at)):
            week = begins
            paper.taken.clear()
        choice = paper.first(new)
        if choice is None:
            got[None] += 1
            continue
        lawyer, rule = choice
        got[lawyer.partner_id] += 1
        if rule is not None:
            paper.taken[rule.id] += 1
    return got
