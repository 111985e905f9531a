"""What a lawyer does with an offered case: read the story, accept it, or decline it with a reason."""

from __future__ import annotations

from telegram import Update
from telegram.ext import CallbackQueryHandler

from handlers import appointment_news, cards, handoffs, relay, relaying
from handlers.articles import gone
from handlers.context import BotApplication, BotContext, Turn
from handlers.menu import n_
from handlers.screens import Button, Screen, in_rows, plain
from handlers.telling import call_about, new_posted, tell
from locales import Texts
from services import calendars, cases, partners, routing
from services import handoffs as kept
from storage.cases import Case, EventKind, Urgency
from storage.partners import Lawyer, Way
from storage.routing import Handoff, HandoffState
from storage.traffic import Priority

DIALOG = "ho"
REASONS = {
    "busy": n_("Too much work now"),
    "field": n_("Not my field"),
    "personal": n_("Personal reasons"),
}
LONGEST_REASON = 300  # characters
NEXT = {  # what the citizen can expect once a lawyer has the case
    Way.PHONE: n_("The lawyer will call you."),
    Way.IN_PERSON: n_("You will agree with the lawyer on when to meet."),
    Way.CHAT: n_("The lawyer will write to you here."),
}


def register(application: BotApplication) -> None:
    """Listen to the buttons of cards; DIALOG's texts go to `typed`."""
    for pattern, handler in (
        (r"^ho:s:\d{1,18}$", story_pressed),
        (r"^ho:a:\d{1,18}$", accept_pressed),
        (r"^ho:d:\d{1,18}$", decline_pressed),
        (r"^ho:c:\d{1,18}$", card_pressed),
        (r"^ho:w:\d{1,18}:[a-z]{1,12}$", reason_pressed),
        (r"^ho:o:\d{1,18}$", other_pressed),
        (r"^ho:W:\d{1,18}$", reason_confirmed),
        (rf"^{DIALOG}:again$", again),
    ):
        application.add_handler(CallbackQueryHandler(handler, pattern=pattern))


async def _working(context: BotContext) -> Lawyer:
    """Who presses, as a lawyer at this moment; raise NotAllowed for everybody else."""
    return await partners.working(context.session, context.person, context.resources.admin_ids)


async def _offered(context: BotContext, handoff_id: int) -> tuple[Lawyer, Handoff, Case]:
    """A handoff that the person may answer now; raise a Refusal if they may not."""
    lawyer = await _working(context)
    handoff, case = await routing.answering(context.session, handoff_id, lawyer)
    return lawyer, handoff, case


def _pressed(context: BotContext) -> int:
    return int(context.args_of_press[1])


def _in_private(context: BotContext) -> bool:
    return context.chat_id == context.person.chat_id


async def story_pressed(update: Update, context: BotContext) -> None:
    """The story without the person, for the one to whom the case is offered; it is noted who read it."""
    lawyer, handoff, case = await _offered(context, _pressed(context))
    if handoff.lawyer_id != lawyer.id or not _in_private(context):
        gone(context)
        return
    turn, resources = context.turn, context.resources
    cases.note(context.session, case, EventKind.READ_STORY, by=lawyer.chat_id, now=context.now)
    for text in cards.story(resources, context.t, case):
        await _show_apart(turn, handoff, lawyer, text)


async def _show_apart(turn: Turn, handoff: Handoff, lawyer: Lawyer, text: str) -> None:
    """A message that can't be passed on, and goes when the handoff is settled."""
    posted = await new_posted(turn, lawyer.chat_id, handoff_id=handoff.id)
    posted.tells_story = True
    params = {**Screen(text).params(), "protect_content": True}
    priority, posted_id = Priority.REPLY, posted.id
    call_about(turn, lawyer.chat_id, "sendMessage", params, priority=priority, posted_id=posted_id)


async def accept_pressed(update: Update, context: BotContext) -> None:
    """The first to accept has the case, and only now learns who the citizen is."""
    lawyer, handoff, case = await _offered(context, _pressed(context))
    try:
        await routing.accept(context.session, handoff.id, lawyer, context.now)
    except routing.ConflictHeld as held:
        context.toast(context.t(held.message), alert=True)
        await _elsewhere(context.turn, handoff, case)
        return
    await _stop_asking(context)
    await handoffs.settle_cards(context.turn, handoff, HandoffState.ACCEPTED)
    await _hand_over(context, case, lawyer)
    await _tell_citizen(context.turn, case, lawyer)
    await relay.open_talk(context.turn, case)


async def _elsewhere(turn: Turn, handoff: Handoff, case: Case) -> None:
    """A conflict of interest came out: the coordinators are told of it, the lawyer is not."""
    lawyer_id = handoff.lawyer_id
    offer = await routing.conflict_found(turn.session, handoff.id, turn.now)
    await handoffs.settle_cards(turn, handoff, HandoffState.WITHDRAWN)
    await handoffs.leave_wish(turn, case, lawyer_id)
    await handoffs.goes_on(turn, case, offer)


async def _hand_over(context: BotContext, case: Case, lawyer: Lawyer) -> None:
    """Who the citizen is, the story and the files: to the lawyer's private chat alone, in its topic."""
    turn, t = context.turn, context.t
    thread = await relaying.thread_of(turn, case, lawyer.chat_id)
    there = {"message_thread_id": {"posted": thread}} if thread else {}
    cases.note(turn.session, case, EventKind.READ_PERSON, by=lawyer.chat_id, now=turn.now)
    *before, last = cards.person(t, case)
    for text in before:
        _to_lawyer(turn, lawyer, "sendMessage", {**there, **Screen(text).params()})
    buttons = [[Button(t("📂 Open the case"), f"ca:{case.id}")]]
    _to_lawyer(turn, lawyer, "sendMessage", {**there, **Screen(last, buttons).params()})
    for file in await kept.files_of(turn.session, case):
        if file.kind in cards.SENDS:
            method, params = cards.file_call(file)
            _to_lawyer(turn, lawyer, method, {**there, **params})


def _to_lawyer(turn: Turn, lawyer: Lawyer, method: str, params: dict[str, object]) -> None:
    # A reply would overtake the making of the topic it belongs to.
    priority = Priority.CASE if "message_thread_id" in params else Priority.REPLY
    call_about(turn, lawyer.chat_id, method, params, priority=priority)


async def _tell_citizen(turn: Turn, case: Case, lawyer: Lawyer) -> None:
    """Who has the case and what comes next; the wished hour if the lawyer is free, else others."""
    partner = await partners.partner_by_id(turn.session, lawyer.partner_id)
    placed = await calendars.place(turn.session, case, lawyer, turn.now)

    def draw(t: Texts) -> Screen:
        said = t(
            "✅ {lawyer} ({partner}) takes care of your case {number}.",
            lawyer=lawyer.name,
            partner=partner.name,
            number=case.number,
        )
        return Screen(plain(said if placed else f"{said}\n{t(NEXT[case.way])}"))

    await handoffs.tell_citizen(turn, case, draw)
    if placed is not None:
        await appointment_news.booked(turn, placed, case)
    elif case.way is not Way.CHAT and case.urgency != Urgency.DANGER:
        await appointment_news.offer_times(turn, case, lawyer)


async def _stop_asking(context: BotContext) -> None:
    """A reason for declining is no longer asked for."""
    if context.dialog is not None and context.dialog.name == DIALOG:
        await context.close_dialog()


async def decline_pressed(update: Update, context: BotContext) -> None:
    """Why not? In a group only a word that the question is asked in private."""
    lawyer, handoff, case = await _offered(context, _pressed(context))
    await _stop_asking(context)
    screen = _why_screen(context.t, handoff, case, back=_in_private(context))
    if _in_private(context):
        context.show(screen)
        return
    posted = await new_posted(context.turn, lawyer.chat_id, handoff_id=handoff.id)
    await tell(
        context.turn,
        lawyer.chat_id,
        lambda t: screen,
        priority=Priority.REPLY,
        posted=posted,
    )
    context.toast(context.t("I have asked you in private for the reason."))


def _why_screen(t: Texts, handoff: Handoff, case: Case, *, back: bool) -> Screen:
    said = t("Why can't you take {number}? Only the coordinators see it.", number=case.number)
    reasons = [Button(t(words), f"ho:w:{handoff.id}:{key}") for key, words in REASONS.items()]
    reasons.append(Button(t("✍️ Another reason"), f"ho:o:{handoff.id}"))
    return Screen(plain(said), [*in_rows(reasons, 1), [Button(t("⬅️ Back"), f"ho:c:{handoff.id}")]])


async def card_pressed(update: Update, context: BotContext) -> None:
    """Back to the card."""
    lawyer, handoff, case = await _offered(context, _pressed(context))
    if _in_private(context):
        await _stop_asking(context)
        context.show(await _card(context, lawyer, handoff, case))


async def _card(context: BotContext, lawyer: Lawyer, handoff: Handoff, case: Case) -> Screen:
    """The card as it is for this lawyer: the story is for the one who was asked."""
    facts = await cards.facts(context.turn, case)
    drawn = cards.private_card if handoff.lawyer_id == lawyer.id else cards.group_card
    return drawn(context.resources, context.t, facts, handoff)


async def reason_pressed(update: Update, context: BotContext) -> None:
    """Declined, for one of the usual reasons."""
    key = context.args_of_press[2]
    if key not in REASONS:
        gone(context)
        return
    await _decline(context, _pressed(context), context.t(REASONS[key]))


async def _decline(context: BotContext, handoff_id: int, why: str) -> None:
    """The case goes to the next at once."""
    lawyer, handoff, case = await _offered(context, handoff_id)
    await _stop_asking(context)
    turn, asked = context.turn, handoff.lawyer_id
    await handoffs.leave_wish(turn, case, asked)
    offer = await routing.decline(context.session, handoff.id, lawyer, why, context.now)
    await handoffs.settle_cards(turn, handoff, HandoffState.DECLINED)
    await handoffs.goes_on(turn, case, offer)


async def other_pressed(update: Update, context: BotContext) -> None:
    """Another reason: it is typed. The card comes back, the question stands below it."""
    lawyer, handoff, case = await _offered(context, _pressed(context))
    if not _in_private(context):
        gone(context)
        return
    await context.open_dialog(DIALOG, "why", {"handoff": handoff.id})
    context.show(await _card(context, lawyer, handoff, case))
    context.reply(_other_screen(context.t, handoff, case))


def _other_screen(t: Texts, handoff: Handoff, case: Case, why: str | None = None) -> Screen:
    """What was written is asked about once: it may have been a question in between."""
    cancel = Button(t("✖️ Cancel"), "cancel")
    if why is None:
        said = t("Write in a few words why you can't take {number}.", number=case.number)
        return Screen(plain(said), [[cancel]])
    said = t("Decline {number}? Reason: «{why}»", number=case.number, why=why)
    yes = Button(t("✖️ Yes, decline it"), f"ho:W:{handoff.id}")
    return Screen(plain(said), [[yes], [cancel]])


async def again(update: Update, context: BotContext) -> None:
    """Go on where something came in between."""
    dialog = context.dialog
    if dialog is None or dialog.name != DIALOG:
        gone(context)
        return
    _, handoff, case = await _offered(context, dialog.data["handoff"])
    context.show(_other_screen(context.t, handoff, case, dialog.data.get("why")))


async def typed(update: Update, context: BotContext) -> bool:
    """A typed reason, to be confirmed."""
    dialog = context.dialog
    assert dialog is not None
    why = " ".join((context.message.text or "").split())[:LONGEST_REASON]
    try:
        _, handoff, case = await _offered(context, dialog.data["handoff"])
    except routing.TakenAlready:
        await context.close_dialog()
        raise
    await context.open_dialog(DIALOG, "why", {"handoff": handoff.id, "why": why})
    context.reply(_other_screen(context.t, handoff, case, why))
    return True


async def reason_confirmed(update: Update, context: BotContext) -> None:
    """Declined, for the reason that was written."""
    dialog, handoff_id = context.dialog, _pressed(context)
    data = dialog.data if dialog is not None and dialog.name == DIALOG else {}
    why = data.get("why")
    if data.get("handoff") != handoff_id or not why or not context.shows(why):
        gone(context)
        return
    await _decline(context, handoff_id, why)
    context.show(Screen(plain(context.t("You declined it. Thank you for saying so."))))
