"""How rules of routing, their effect, and the way of a case are spoken of to coordinators."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from handlers.cards import WAYS, moment_of
from handlers.case_words import URGENCIES
from handlers.menu import n_
from handlers.resources import Resources, speaks
from handlers.screens import bold, plain
from locales import Texts, texts
from services import routing
from services.reasons import Obstacle, Reason
from services.replay import Effect
from services.rules import Rule
from storage.cases import Case, CaseState
from storage.partners import Partner, Standing
from storage.routing import Conflict, ConflictState, HandoffState

CONDITIONS = {
    "topic": n_("Topic"),
    "region": n_("Region"),
    "district": n_("District"),
    "language": n_("Language"),
    "way": n_("Way"),
    "urgency": n_("Urgency"),
}
HOWS = {
    routing.ON_DUTY: n_("lawyer on duty"),
    routing.CHOSEN: n_("chosen by a coordinator"),
    routing.SLOT: n_("the citizen chose this lawyer's hour"),
}
OBSTACLES = {
    Obstacle.CONFLICT: n_("a conflict of interest is likely"),
    Obstacle.ASKED: n_("asked already"),
    Obstacle.FULL: n_("full this week"),
    Obstacle.NOBODY: n_("no lawyer for it now"),
}
Partners = Mapping[int, Partner]


def value_of(resources: Resources, t: Texts, name: str, wanted: Any, region: str | None) -> str:
    """What a condition asks for, as people call it."""
    base, language = resources.base, speaks(t.language)
    if name == "language":
        return texts(wanted)("English name of this language")
    if name == "way":
        return t(WAYS[wanted])
    if name == "urgency":
        return t(URGENCIES[wanted])
    if name == "topic":
        found = base.topics.get(wanted)
        return found.in_language(language) if found else str(wanted)
    within = base.regions.get(region or "")
    place = base.regions.get(wanted) if name == "region" else None
    if name == "district" and within is not None:
        return (
            district.in_language(language) if (district := within.districts.get(wanted)) else wanted
        )
    return place.in_language(language) if place else str(wanted)


def conditions_of(resources: Resources, t: Texts, conditions: Mapping[str, Any]) -> str:
    """Which cases are meant: семья · Ош."""
    said = [
        value_of(resources, t, name, wanted, conditions.get("region"))
        for name, wanted in conditions.items()
    ]
    return " · ".join(said) or t("any case")


def most_of(t: Texts, rule: Rule) -> str:
    """How many cases a rule gives a week; "" where it has no limit."""
    if rule.weekly_most is None:
        return ""
    return t.plural("{number} a week", "{number} a week at most", rule.weekly_most)


def partner_of(t: Texts, partners: Partners, partner_id: int) -> str:
    """A partner's name, with a sign while it takes no cases."""
    partner = partners.get(partner_id)
    if partner is None:
        return "⏸ " + t("a partner that has ended")
    return partner.name if partner.standing is Standing.ACTIVE else f"⏸ {partner.name}"


def rule_line(resources: Resources, t: Texts, rule: Rule, partners: Partners) -> str:
    """A rule in a line: семья · Ош → Адилет, 8 в неделю."""
    who = partner_of(t, partners, rule.partner_id)
    said = f"{conditions_of(resources, t, rule.conditions)} → {who}"
    return f"{said}, {most}" if (most := most_of(t, rule)) else said


def effect_lines(t: Texts, effect: Effect, partners: Partners) -> list[str]:
    """What a change would have done to last month's cases, as lines of HTML."""
    if not effect.cases:
        return [plain(t("There were no cases in the last 30 days to try it on."))]
    head = t.plural(
        "What it would have done to the {number} case of the last 30 days:",
        "What it would have done to the {number} cases of the last 30 days:",
        effect.cases,
    )
    named = [(partner_of(t, partners, one), *both) for one, both in effect.partners.items()]
    return [
        plain(head),
        *(_change(*one) for one in [*named, (t("to the coordinator"), *effect.left)]),
    ]


def _change(who: str, before: int, after: int) -> str:
    if before == after:
        return f"• {plain(who)}: {before}"
    return f"• {plain(who)}: {before} → {bold(str(after))}"


def way_of_case(
    resources: Resources,
    t: Texts,
    case: Case,
    reasons: list[Reason],
    conflicts: list[tuple[Conflict, Partner]],
) -> list[str]:
    """Everything that was decided about where a case goes, in its order, as lines of HTML."""
    told: list[tuple[datetime, str]] = [
        (one.handoff.offered_at, _reason(resources, t, one)) for one in reasons
    ]
    told += [(conflict.found_at, _conflict(t, conflict, of)) for conflict, of in conflicts]
    told.sort(key=lambda one: one[0])
    return [f"{plain(moment_of(t, moment))} {said}" for moment, said in told]


def _reason(resources: Resources, t: Texts, one: Reason) -> str:
    """→ Адилет (Нурлан): семья · Ош, 3 из 8 за неделю. Отказ: «в отпуске»."""
    lawyer = f" ({one.lawyer.name})" if one.lawyer is not None else ""
    by_rule = one.how == routing.BY_RULE or one.matched
    why = [] if one.how == routing.BY_RULE else [t(HOWS[one.how])]
    if by_rule:
        why.append(conditions_of(resources, t, one.matched))
        why.append(
            t("{open} of {of} this week", open=one.open, of=one.of)
            if one.of is not None
            else t("number {open} this week", open=one.open)
        )
    return f"→ {bold(one.partner.name)}{plain(lawyer)}: {plain(', '.join(why))}. " + plain(
        _outcome(t, one)
    )


def _outcome(t: Texts, one: Reason) -> str:
    handoff = one.handoff
    return {
        HandoffState.OPEN: t("Waits until {moment}.", moment=moment_of(t, handoff.deadline_at)),
        HandoffState.ACCEPTED: t("Accepted."),
        HandoffState.DECLINED: t("Declined: «{why}»", why=handoff.why or "–"),
        HandoffState.EXPIRED: t("No answer in time."),
        HandoffState.HANDED_BACK: t("Handed back: «{why}»", why=handoff.why or "–"),
        HandoffState.WITHDRAWN: t("Taken back."),
    }[handoff.state]


def _conflict(t: Texts, conflict: Conflict, partner: Partner) -> str:
    said = (
        t("overruled: «{why}»", why=conflict.why or "–")
        if conflict.state is ConflictState.OVERRULED
        else t("passed over")
    )
    likely = t("a conflict of interest is likely ({likeness} of 100)", likeness=conflict.likeness)
    return f"⚖️ {bold(partner.name)}: {plain(f'{likely}; {said}')}"


def case_head(resources: Resources, t: Texts, case: Case) -> str:
    """What rules look at in a case, as a line of HTML."""
    asked = {name: getattr(case, name) for name in CONDITIONS if getattr(case, name) is not None}
    return f"{bold(case.number)} · {plain(conditions_of(resources, t, asked))}"


def where_now(t: Texts, case: Case) -> str:
    """Who has the case at this moment, and until when."""
    if case.clock_at is None:
        return t("The case is closed.")
    until = moment_of(t, case.clock_at)
    return {
        CaseState.NEW: t("Now it is with the coordinator, until {moment}.", moment=until),
        CaseState.OFFERED: t("Now it is offered, until {moment}.", moment=until),
        CaseState.IN_WORK: t(
            "Now a lawyer has it; the next step is due by {moment}.", moment=until
        ),
    }[case.state]
