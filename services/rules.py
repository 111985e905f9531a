"""The rules of routing: which cases go to which partner, in order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.cases import NewCase
from services.refusals import Refusal
from storage.cases import Case, Urgency
from storage.partners import Way
from storage.routing import RoutingRule

Matter = Case | NewCase  # what can be routed: a case, or one that is being asked for
CONDITIONS = ("topic", "region", "district", "language", "way", "urgency")
MOST = 999  # cases a week by one rule, and rules


class RuleGone(Refusal):
    """Somebody deleted the rule meanwhile."""

    message = "This rule is gone: somebody changed the rules meanwhile. Please look again."


@dataclass(frozen=True, slots=True)
class Rule:
    """Cases like this go to that partner. A condition that is None fits every case."""

    partner_id: int
    topic: str | None = None
    region: str | None = None
    district: str | None = None
    language: str | None = None
    way: Way | None = None
    urgency: Urgency | None = None
    weekly_most: int | None = None  # cases from Monday on; None: no limit
    id: int | None = None  # None while it isn't saved

    @property
    def conditions(self) -> dict[str, Any]:
        """What a case must be, by the name of the condition."""
        named = ((name, getattr(self, name)) for name in CONDITIONS)
        return {name: wanted for name, wanted in named if wanted is not None}

    def fits(self, matter: Matter) -> bool:
        """Tell whether a case is meant by the rule."""
        return (  # spelled out: it is asked for every case and rule of a month
            (self.topic is None or self.topic == matter.topic)
            and (self.region is None or self.region == matter.region)
            and (self.district is None or self.district == matter.district)
            and (self.language is None or self.language == matter.language)
            and (self.way is None or self.way == matter.way)
            and (self.urgency is None or self.urgency == matter.urgency)
        )


async def in_order(session: AsyncSession) -> list[Rule]:
    """All rules, the first first."""
    rows = await session.scalars(select(RoutingRule).order_by(RoutingRule.position, RoutingRule.id))
    return [
        Rule(
            id=row.id,
            partner_id=row.partner_id,
            weekly_most=row.weekly_most,
            **{name: getattr(row, name) for name in CONDITIONS},
        )
        for row in rows
    ]


async def save(session: AsyncSession, rules: Sequence[Rule]) -> None:
    """Make these the rules, in this order. One without an id is new; those left out are deleted."""
    kept = [rule.id for rule in rules if rule.id is not None]
    await session.execute(delete(RoutingRule).where(RoutingRule.id.not_in(kept)))
    rows = {row.id: row for row in await session.scalars(select(RoutingRule))}
    for position, rule in enumerate(rules):
        row = rows.get(rule.id or 0)
        if row is None:
            row = RoutingRule()
            session.add(row)
        row.position, row.partner_id = position, rule.partner_id
        row.weekly_most = rule.weekly_most
        for name in CONDITIONS:
            setattr(row, name, getattr(rule, name))
    await session.flush()


def _place(rules: Sequence[Rule], rule_id: int | None) -> int:
    """Where a rule stands; raise RuleGone."""
    for place, rule in enumerate(rules):
        if rule.id == rule_id:
            return place
    raise RuleGone


def one(rules: Sequence[Rule], rule_id: int | None) -> Rule:
    """The rule with an id; raise RuleGone."""
    return rules[_place(rules, rule_id)]


def put(rules: Sequence[Rule], rule: Rule) -> list[Rule]:
    """The rules with one changed, or a new one; raise RuleGone.

    A new one comes before the first that is wider: behind it, it would get no case.
    """
    changed = list(rules)
    if rule.id is not None:
        changed[_place(rules, rule.id)] = rule
        return changed
    wider = (
        place
        for place, other in enumerate(rules)
        if other.conditions.items() < rule.conditions.items()
    )
    changed.insert(next(wider, len(changed)), rule)
    return changed


def moved(rules: Sequence[Rule], rule_id: int | None, step: int) -> list[Rule]:
    """The rules with one moved so many places down, as far as there is room; raise RuleGone."""
    changed = list(rules)
    place = _place(rules, rule_id)
    rule = changed.pop(place)
    changed.insert(max(0, place + step), rule)
    return changed


def without(rules: Sequence[Rule], rule_id: int) -> list[Rule]:
    """The rules without one; raise RuleGone."""
    changed = list(rules)
    del changed[_place(rules, rule_id)]
    return changed


def with_condition(rule: Rule, name: str, wanted: Any) -> Rule:
    """The rule with a condition changed. A district stands in its region, and goes with it."""
    changed: dict[str, Any] = {name: wanted}
    if name == "region" and wanted != rule.region:
        changed["district"] = None
    return replace(rule, **changed)
