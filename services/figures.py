"""What somebody may tell for the donor's report, and whether state legal aid may be due to them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from enum import StrEnum

from storage.cases import Case

# By question the answers, in the order in which they are offered.
ANSWERS: Mapping[str, tuple[str, ...]] = {
    "age": ("under-18", "18-28", "29-59", "60-over"),
    "gender": ("female", "male"),
    "disability": ("yes", "no"),
    "income": ("none", "low", "higher"),
}
KNOWN_FOR = timedelta(days=365)
WAGES = 60  # minimum wages in twelve months: up to that much, state legal aid looks at income


class Ground(StrEnum):
    """Why the state may owe somebody a lawyer (law No. 91 of 2022; codes of criminal procedure)."""

    CRIMINAL = "criminal"
    CATEGORY = "category"  # a child, a disability, violence: income is usually not looked at
    INCOME = "income"


def note(case: Case, question: str, answer: str | None) -> None:
    """Keep an answer with the case; None takes an earlier one back."""
    told = {key: said for key, said in (case.figures or {}).items() if key != question}
    case.figures = {**told, question: answer} if answer else told or None


def carry_over(case: Case, earlier: Iterable[Case], now: datetime) -> None:
    """Keep with a new case of one's own what was told lately with another: it isn't asked again."""
    if case.somebody_else:
        return
    own = (one for one in earlier if not one.somebody_else and one.created_at > now - KNOWN_FOR)
    case.figures = next((dict(one.figures) for one in own if one.figures), None)


def ground(case: Case) -> Ground | None:
    """Why state legal aid may be due, as far as what was told goes; None when nothing speaks for it."""
    told = case.figures or {}
    if case.topic == "police" or case.danger == "detention":
        return Ground.CRIMINAL
    if told.get("age") == "under-18" or told.get("disability") == "yes" or case.danger:
        return Ground.CATEGORY
    return Ground.INCOME if told.get("income") in ("none", "low") else None
