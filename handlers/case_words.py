"""How cases are spoken of: to their citizens, to lawyers, to coordinators."""

from __future__ import annotations

from handlers.cards import moment_of, topic_of
from handlers.menu import n_
from handlers.resources import Resources
from handlers.screens import bold, plain
from locales import Texts
from services.safe_hours import may_write
from storage.cases import Case, CaseState, Outcome, Urgency

OUTCOMES = {
    Outcome.ADVICE: n_("Advice given"),
    Outcome.DOCUMENT: n_("Document drafted"),
    Outcome.REPRESENTED: n_("Represented"),
    Outcome.STATE_AID: n_("Referred to state legal aid"),
    Outcome.REFERRED: n_("Referred elsewhere"),
    Outcome.WITHDRAWN: n_("Not needed any more"),
    Outcome.UNREACHABLE: n_("Citizen not reached"),
}
URGENCIES = {
    Urgency.DANGER: n_("🆘 Danger"),
    Urgency.URGENT: n_("⚡️ Urgent"),
    Urgency.NORMAL: n_("🙂 Not urgent"),
}
SIGNS = {Urgency.DANGER: "🆘", Urgency.URGENT: "⚡️"}
STATES = {
    CaseState.NEW: n_("with the coordinator"),
    CaseState.OFFERED: n_("offered"),
    CaseState.IN_WORK: n_("in work"),
    CaseState.CLOSED: n_("closed"),
}


def heading(resources: Resources, t: Texts, case: Case) -> str:
    """A case's number and topic, as HTML."""
    return f"{bold(case.number)} · {plain(topic_of(resources, t, case))}"


def outcome_of(t: Texts, case: Case) -> str:
    """What came of a closed case; "" while it is open."""
    return t(OUTCOMES[case.outcome]) if case.outcome else ""


def standing(t: Texts, case: Case, lawyer: str | None) -> list[str]:
    """Where a case stands, for its citizen: who has it, and by when somebody answers."""
    said = {
        CaseState.NEW: t("🔎 The coordinator is looking for a lawyer for you."),
        CaseState.OFFERED: t("📨 A lawyer has been asked to take it."),
        CaseState.IN_WORK: t("👩‍⚖️ Your lawyer: {name}", name=lawyer or ""),
        CaseState.CLOSED: t("✅ Closed: {outcome}", outcome=outcome_of(t, case)),
    }[case.state]
    if case.clock_at is None:
        return [said]
    heard = may_write(case, case.clock_at) or case.clock_at
    promised = (
        t("The lawyer takes the next step by {moment}.", moment=moment_of(t, case.clock_at))
        if case.state is CaseState.IN_WORK
        else t("You will hear from us by {moment}.", moment=moment_of(t, heard))
    )
    return [said, f"⏳ {promised}"]
