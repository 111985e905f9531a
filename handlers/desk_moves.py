"""A coordinator decides where a case goes: offered, moved, taken back, a conflict overruled."""

from __future__ import annotations

from typing import Any

from telegram import Update
from telegram.ext import CallbackQueryHandler

from handlers import cards, desk_news, handoffs
from handlers.articles import gone
from handlers.context import BotApplication, BotContext, Turn
from handlers.screens import Button, Screen, plain
from handlers.telling import tell
from locales import Texts
from services import cases, conflicts, desk, partners, routing
from services.routing import Offer
from storage.cases import Case, CaseState, EventKind
from storage.partners import Lawyer, Partner
from storage.people import Role
from storage.routing import HandoffState

DIALOG = "de"
LONGEST_REASON = 300  # characters
MOVE, TAKE, OVERRULE = "move", "take", "overrule"  # what a reason is asked for


def register(application: BotApplication) -> None:
    """Listen to the coordinator's decisions; DIALOG's texts go to `typed`."""
    for pattern, handler in (
        (r"^de:o:\d{1,18}:\d{1,18}$", offer_pressed),
        (r"^de:m:\d{1,18}:\d{1,18}$", move_pressed),
        (r"^de:t:\d{1,18}$", take_pressed),
        (r"^de:v:\d{1,18}$", overrule_pressed),
        (rf"^{DIALOG}:again$", again),
    ):
        application.add_handler(CallbackQueryHandler(handler, pattern=pattern))


async def stop_asking(context: BotContext) -> None:
    """A reason is no longer asked for."""
    if context.dialog is not None and context.dialog.name == DIALOG:
        await context.close_dialog()


async def _open(context: BotContext, case_id: int) -> Case:
    """An open case, for a coordinator; raise NotAllowed or CaseClosed."""
    await context.allow(Role.COORDINATOR)
    case = await cases.get(context.session, case_id)
    if case is None or case.state is CaseState.CLOSED:
        raise cases.CaseClosed
    return case


async def offer_pressed(update: Update, context: BotContext) -> None:
    """A case that nobody has is offered to a partner; the first press decides."""
    case_id, partner_id = map(int, context.args_of_press[1:])
    case = await _open(context, case_id)
    await cases.lock(context.session, case)
    if case.state is not CaseState.NEW:
        raise routing.TakenAlready
    partner = await partners.partner_by_id(context.session, partner_id)
    offer = await _offer(context, case, partner)
    pressed = context.query.message
    besides = (context.chat_id, pressed.message_id) if pressed else None
    said = handoffs.offered_to(partner)
    await desk_news.settled(context.turn, case, said, besides=besides)
    await handoffs.goes_on(context.turn, case, offer)
    context.show(_offered_screen(context.t, case, offer))


async def _offer(context: BotContext, case: Case, partner: Partner) -> Offer:
    """Offer a case; a conflict that comes to light now is shown to the coordinators."""
    try:
        return await routing.offer_to(
            context.session, case, partner, by=context.person.chat_id, now=context.now
        )
    except routing.ConflictStands:
        await desk_news.tell_conflicts(context.turn, case)
        raise


def _offered_screen(t: Texts, case: Case, offer: Offer) -> Screen:
    said = t(
        "{number}: offered to {partner}, until {moment}.",
        number=case.number,
        partner=offer.partner.name,
        moment=cards.moment_of(t, offer.handoff.deadline_at),
    )
    return Screen(plain(said), [[desk_news.desk_button(t)]])


async def move_pressed(update: Update, context: BotContext) -> None:
    """Somebody has the case or is asked about it: why does it go elsewhere?"""
    case_id, partner_id = map(int, context.args_of_press[1:])
    case = await _open(context, case_id)
    partner = await partners.partner_by_id(context.session, partner_id)
    await _ask_why(context, MOVE, {"case": case.id, "partner": partner.id})


async def take_pressed(update: Update, context: BotContext) -> None:
    """Why does the case come back to the coordinator?"""
    case = await _open(context, int(context.args_of_press[1]))
    await _ask_why(context, TAKE, {"case": case.id})


async def overrule_pressed(update: Update, context: BotContext) -> None:
    """Why is it no conflict of interest?"""
    await context.allow(Role.COORDINATOR)
    found = await desk.standing_conflict(context.session, int(context.args_of_press[1]))
    if found is None:
        gone(context)
        return
    conflict, case, partner = found
    data = {"case": case.id, "partner": partner.id, "conflict": conflict.id}
    await _ask_why(context, OVERRULE, data)


async def _ask_why(context: BotContext, step: str, data: dict[str, Any]) -> None:
    await context.open_dialog(DIALOG, step, data)
    context.show(await _why_screen(context, step, data))


async def _why_screen(context: BotContext, step: str, data: dict[str, Any]) -> Screen:
    t, case = context.t, await _open(context, data["case"])
    if step == TAKE:
        said = t("Why do you take {number} back? Write it in a few words.", number=case.number)
    else:
        partner = await partners.partner_by_id(context.session, data["partner"])
        places = {"number": case.number, "partner": partner.name}
        if step == MOVE:
            said = t("Why does {number} go to {partner}? Write it in a few words.", **places)
        else:
            said = t("Why may {partner} have {number}? Write it in a few words.", **places)
    back = Button(t("⬅️ Back"), f"de:c:{case.id}")
    return Screen(plain(said), [[back, Button(t("✖️ Cancel"), "cancel")]])


async def again(update: Update, context: BotContext) -> None:
    """Go on where something came in between."""
    dialog = context.dialog
    if dialog is None or dialog.name != DIALOG:
        gone(context)
        return
    context.show(await _why_screen(context, dialog.step, dialog.data))


async def typed(update: Update, context: BotContext) -> bool:
    """A typed reason: what it was asked for is done."""
    await context.allow(Role.COORDINATOR)
    dialog = context.dialog
    assert dialog is not None
    step, data = dialog.step, dialog.data
    why = " ".join((context.message.text or "").split())[:LONGEST_REASON]
    await context.close_dialog()
    case = await _open(context, data["case"])
    done = {MOVE: _move, TAKE: _take, OVERRULE: _overrule}[step]
    context.reply(await done(context, case, data, why))
    return True


async def _move(context: BotContext, case: Case, data: dict[str, Any], why: str) -> Screen:
    """The case goes to another partner, whoever had it."""
    turn, by = context.turn, context.person.chat_id
    partner = await partners.partner_by_id(turn.session, data["partner"])
    held = await desk.owner(turn.session, case)
    handoff = await routing.open_handoff(turn.session, case)
    asked = handoff.lawyer_id if handoff else case.lawyer_id
    offer = await _offer(context, case, partner)
    if handoff is not None:
        await handoffs.settle_cards(turn, handoff, HandoffState.WITHDRAWN)
    await handoffs.leave_wish(turn, case, asked)
    cases.note(turn.session, case, EventKind.STATE, by=by, now=turn.now, why=why)
    await handoffs.goes_on(turn, case, offer, _told(held))
    if held is not None:
        await _tell_former(turn, case, held[0])
    return _offered_screen(context.t, case, offer)


async def _take(context: BotContext, case: Case, data: dict[str, Any], why: str) -> Screen:
    """The case comes back to the coordinators."""
    turn, by = context.turn, context.person.chat_id
    held = await desk.owner(turn.session, case)
    handoff = await routing.take_back(turn.session, case, by=by, now=turn.now)
    await handoffs.leave_wish(turn, case, handoff.lawyer_id if handoff else case.lawyer_id)
    await cases.with_coordinator(turn.session, case, now=turn.now, why=why, by=by)
    if handoff is not None:
        await handoffs.settle_cards(turn, handoff, HandoffState.WITHDRAWN)
    await handoffs.goes_on(turn, case, None, _told(held))
    if held is not None:
        await _tell_former(turn, case, held[0])
    t = context.t
    said = t("{number} is with the coordinator again.", number=case.number)
    return Screen(plain(said), [[desk_news.desk_button(t)]])


def _told(held: tuple[Lawyer, Partner] | None) -> str:
    """What the citizen is told of it: whether a lawyer had the case already."""
    return handoffs.ANOTHER_NEEDED if held else handoffs.ANOTHER_ASKED


async def _tell_former(turn: Turn, case: Case, lawyer: Lawyer) -> None:
    """The lawyer who had the case need do nothing more."""

    def draw(t: Texts) -> Screen:
        said = t(
            "The coordinator gives {number} to somebody else. You need do nothing more for it.",
            number=case.number,
        )
        return Screen(plain(said))

    await tell(turn, lawyer.chat_id, draw, due_at=desk_news.when(turn, case))


async def _overrule(context: BotContext, case: Case, data: dict[str, Any], why: str) -> Screen:
    """It is no conflict: the partner may have the case."""
    by = context.person.chat_id
    await conflicts.overrule(context.session, data["conflict"], why, by, context.now)
    partner = await partners.partner_by_id(context.session, data["partner"])
    t = context.t
    said = t("Noted: {partner} may have {number}.", partner=partner.name, number=case.number)
    how = "o" if case.state is CaseState.NEW else "m"  # with a reason where somebody has it
    label = t("➡️ Offer to {partner}", partner=partner.name)
    rows = [[Button(label, f"de:{how}:{case.id}:{partner.id}")], [desk_news.desk_button(t)]]
    return Screen(plain(said), rows)
