"""When time runs out: whoever has a case is reminded, then the coordinators hear of it."""

from __future__ import annotations

import logging

from handlers import desk_news, handoffs, relaying
from handlers.cards import day_of
from handlers.context import Turn
from handlers.desk_news import Said, when
from handlers.screens import Button, Screen, bold, plain
from handlers.telling import tell, tell_coordinators
from locales import Texts
from services import cases, partners, people, relay
from storage.cases import Case, CaseState
from storage.partners import Lawyer

log = logging.getLogger(__name__)

LAWYER_GONE = "the lawyer has left"
NOBODY_ASKED = "no offer was open"


async def due(turn: Turn) -> None:
    """Cases whose date has come near become urgent; those whose owner's time ran out are looked into."""
    for case in await cases.raise_urgency(turn.session, turn.now):
        await _tell_urgent(turn, case)
    for case in await cases.overdue(turn.session, turn.now):
        said = len(turn.calls)
        try:
            async with turn.session.begin_nested():
                await _late(turn, case)
        except Exception:
            # One that fails must not hold up the others; it is tried again at the next look.
            del turn.calls[said:]
            log.exception("a case whose time ran out can't go on", extra={"case": case.number})


async def _tell_urgent(turn: Turn, case: Case) -> None:
    def said(t: Texts) -> str:
        day = day_of(t, case.deadline) if case.deadline else ""
        return t("The date is near: {day}. The case is urgent now.", day=day)

    if case.state is CaseState.IN_WORK and case.lawyer_id is not None:
        await _tell_lawyer(
            turn, case, await partners.lawyer_by_id(turn.session, case.lawyer_id), said
        )
    else:
        await _tell_coordinators(turn, case, said)


async def _late(turn: Turn, case: Case) -> None:
    match case.state:
        case CaseState.NEW:
            cases.nudge(turn.session, case, turn.now)
            await desk_news.ask_where(turn, case)
        case CaseState.IN_WORK:
            await _late_in_work(turn, case)
        case _:
            await cases.with_coordinator(turn.session, case, now=turn.now, why=NOBODY_ASKED)
            await desk_news.ask_where(turn, case)


async def _late_in_work(turn: Turn, case: Case) -> None:
    """The lawyer first; the second time, or if the lawyer can't hear it, the coordinators too."""
    assert case.lawyer_id is not None
    lawyer = await partners.lawyer_by_id(turn.session, case.lawyer_id)
    now_there = await partners.present(turn.session, lawyer.chat_id)
    if now_there is None or now_there.id != lawyer.id:
        await handoffs.reroute(turn, case, LAWYER_GONE)
        return
    cases.nudge(turn.session, case, turn.now)
    person = await people.known(turn.session, lawyer.chat_id)
    hears = person is not None and relay.reachable(person)
    if hears:
        await _tell_lawyer(
            turn,
            case,
            lawyer,
            lambda t: t(
                "The citizen waits for your next step. Please write or call, or hand it back."
            ),
        )
    if case.nudges > 1 or not hears:
        name = await partners.name_of(turn.session, lawyer)
        await _tell_coordinators(
            turn, case, lambda t: t("{name} has let the time run out.", name=name)
        )


async def _tell_lawyer(turn: Turn, case: Case, lawyer: Lawyer, said: Said) -> None:
    def draw(t: Texts) -> Screen:
        button = Button(t("📂 Open the case"), f"ca:{case.id}")
        return Screen(f"⏳ {bold(case.number)}\n{plain(said(t))}", [[button]])

    thread = await relaying.thread_of(turn, case, lawyer.chat_id)
    await tell(turn, lawyer.chat_id, draw, due_at=when(turn, case), thread=thread)


async def _tell_coordinators(turn: Turn, case: Case, said: Said) -> None:
    def draw(t: Texts) -> Screen:
        button = Button(t("📂 Open the case"), f"de:c:{case.id}")
        return Screen(f"⏳ {bold(case.number)}\n{plain(said(t))}", [[button]])

    await tell_coordinators(turn, draw, due_at=when(turn, case))
