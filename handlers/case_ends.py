"""How a case ends, and begins again: whoever it concerns is told, and what it held is free for others."""

from __future__ import annotations

from handlers import desk_news, handoffs, ratings, talks
from handlers.appointment_news import freed, tell_lawyer
from handlers.context import Turn
from services import calendars, cases, partners, routing, waiting
from services import hand_back as returns
from services import ratings as marks
from storage.calendars import ConsultationState
from storage.cases import Case, Outcome
from storage.partners import Lawyer
from storage.routing import HandoffState


async def withdraw(turn: Turn, case: Case, *, by: int) -> None:
    """The citizen doesn't need a lawyer any more; raise CaseClosed."""
    handoff = await routing.take_back(turn.session, case, by=by, now=turn.now)
    await cases.withdraw(turn.session, case, by=by, now=turn.now)
    if handoff is not None:
        await handoffs.settle_cards(turn, handoff, HandoffState.WITHDRAWN)
    await desk_news.settled(turn, case, lambda t: t("The citizen needs no lawyer any more."))
    await talks.end_talk(turn, case)
    await _free_time(turn, case, by_lawyer=False)
    await tell_lawyer(turn, case, lambda t: t("The citizen needs no lawyer any more."))


async def close(turn: Turn, case: Case, outcome: Outcome, *, by: int, why: str | None) -> None:
    """The lawyer has done what there was to do; raise CaseClosed."""
    await cases.close(turn.session, case, outcome, by=by, now=turn.now, why=why)
    await _free_time(turn, case, by_lawyer=True)
    await talks.end_talk(turn, case)
    await ratings.closed(turn, case)


async def _free_time(turn: Turn, case: Case, *, by_lawyer: bool) -> None:
    """An appointment still to come is free for others; one that has begun took place."""
    session, now = turn.session, turn.now
    offers = await waiting.stop_waiting(session, case, now)
    booked = await calendars.of_case(session, case)
    if booked is not None and booked.starts_at > now:
        offers += await calendars.cancel(session, booked, by_lawyer=by_lawyer, now=now)
    elif booked is not None and booked.lawyer_id == case.lawyer_id and marks.asked(case):
        await calendars.settle(session, booked, ConsultationState.DONE, now)
    await freed(turn, offers)


async def reopen(turn: Turn, case: Case, *, by: int) -> None:
    """The citizen takes a closed case up again: with the same lawyer if they may have it.

    Who was not content comes to the coordinator. Raises CaseOpen, TooLate.
    """
    before, content = case.lawyer_id, not marks.is_unhappy(case)
    await cases.reopen(turn.session, case, by=by, now=turn.now)
    if not content:
        await desk_news.ask_where(turn, case)
        return
    prefer = await partners.lawyer_by_id(turn.session, before) if before else None
    offer = await routing.route(turn.session, case, turn.now, prefer=prefer)
    await handoffs.post(turn, offer, case)


async def hand_back(turn: Turn, case: Case, lawyer: Lawyer, why: str) -> None:
    """The case's lawyer can't go on with it: somebody else is asked."""
    await returns.hand_back(turn.session, case, lawyer, why, turn.now)
    await handoffs.reroute(turn, case, why)
