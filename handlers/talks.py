"""Opening, switching and leaving the talk about a case."""

from __future__ import annotations

from telegram import Update
from telegram.ext import CallbackQueryHandler

from handlers import relaying
from handlers.articles import gone
from handlers.context import BotApplication, BotContext, Turn
from handlers.relaying import named
from handlers.screens import Button, Screen, plain
from handlers.telling import tell
from locales import Texts, texts
from services import cases, partners, relay
from services.relay import DIALOG, TALKING, Talk
from storage.cases import Case, CaseState

MOST_CASES = 20  # on the lawyer's list


def register(application: BotApplication) -> None:
    """Listen to the buttons."""
    number = r"\d{1,18}"
    for pattern, pressed in (
        (rf"^rl:w:{number}$", write_pressed),
        (rf"^rl:s:{number}$", show_pressed),
        (r"^rl:c$", cases_pressed),
        (r"^rl:x$", finish_pressed),
    ):
        application.add_handler(CallbackQueryHandler(pressed, pattern=pattern))


async def talk_of(context: BotContext, case_id: int) -> Talk:
    """The talk, for somebody who is a side of it at this moment."""
    admin_ids = context.resources.admin_ids
    return await relay.talk_of(context.session, case_id, context.person, admin_ids)


def is_lawyer(context: BotContext, talk: Talk) -> bool:
    """Tell on which side of a talk the person is."""
    return context.person is not talk.citizen


async def write_pressed(update: Update, context: BotContext) -> None:
    """✉️: what the person writes from now on goes to this case."""
    talk = await talk_of(context, int(context.args_of_press[1]))
    if talk.case.state is CaseState.CLOSED:
        await _offer_reopening(context, talk)
        return
    if is_lawyer(context, talk):
        await _choose(context, talk)
        return
    await context.open_dialog(DIALOG, TALKING, {"case": talk.case.id})
    context.reply(relaying.talk_screen(context.t, talk))


async def _offer_reopening(context: BotContext, talk: Talk) -> None:
    if is_lawyer(context, talk):
        raise cases.CaseClosed
    if not cases.reopens(talk.case, context.now):
        raise cases.TooLate
    said = context.t("Your case {number} is closed.", number=talk.case.number)
    button = Button(context.t("↩️ Open it again"), f"my:o:{talk.case.id}")
    context.reply(Screen(plain(said), [[button]]))


async def _choose(context: BotContext, talk: Talk) -> None:
    """The lawyer's current case, or its topic where there are topics."""
    assert talk.lawyer is not None
    if not context.resources.has_topics:
        talk.lawyer.current_case_id = talk.case.id
        await context.open_dialog(DIALOG, TALKING, {"case": talk.case.id})
    await relaying.tell_lawyer(context.turn, talk, lawyers_screen(context.t, talk, context.turn))


def lawyers_screen(t: Texts, talk: Talk, turn: Turn) -> Screen:
    """The lawyer's talk is open."""
    ready = Button(t("📋 Ready texts"), f"rl:q:{talk.case.id}")
    if turn.resources.has_topics:
        said = t("✉️ What you write here goes to the citizen of {case}.", case=named(talk.case))
        return Screen(plain(said), [[ready]])
    said = t(
        "✉️ What you write now goes to the citizen of {case}. To write to another, reply to their "
        "message.",
        case=named(talk.case),
    )
    rows = [[ready], [Button(t("🔁 Another case"), "rl:c"), Button(t("✖️ Finish"), "rl:x")]]
    return Screen(plain(said), rows)


async def cases_pressed(update: Update, context: BotContext) -> None:
    """🔁: the lawyer's cases to choose from."""
    lawyer = await partners.working(context.session, context.person, context.resources.admin_ids)
    at_work = (await cases.of_lawyer(context.session, lawyer))[:MOST_CASES]
    t = context.t
    rows = [[Button(f"🗂 {named(one)}", f"rl:w:{one.id}")] for one in at_work]
    context.reply(
        Screen(plain(t("To whom do you write?")), [*rows, [Button(t("✖️ Finish"), "rl:x")]])
    )


async def show_pressed(update: Update, context: BotContext) -> None:
    """👀: a citizen whose messages give nothing away asks to see them."""
    talk = await talk_of(context, int(context.args_of_press[1]))
    if is_lawyer(context, talk):
        raise relay.NotYourCase
    if context.dialog is None or context.dialog.name == DIALOG:
        await context.open_dialog(DIALOG, TALKING, {"case": talk.case.id})
    context.show(relaying.talk_screen(context.t, talk))
    await relaying.deliver_kept(context.turn, talk, openly=True)


async def finish_pressed(update: Update, context: BotContext) -> None:
    """✖️: what the person writes is a question again."""
    t = context.t
    if not await leave(context):
        gone(context)
        return
    context.reply(
        Screen(
            plain(
                t(
                    "What you write now is a question to me. To go on with the talk, reply to one "
                    "of its messages."
                )
            )
        )
    )


async def leave(context: BotContext) -> bool:
    """Set the person's talk aside, whichever side they are; tell whether there was one."""
    talked = context.dialog is not None and context.dialog.name == DIALOG
    if talked:
        await context.close_dialog()
    lawyer = await relay.current_of(context.session, context.chat_id)
    if lawyer is not None:
        lawyer.current_case_id = None
    return talked or lawyer is not None


# --- what other conversations begin and end ------------------------------------------------------


async def open_talk(turn: Turn, case: Case) -> None:
    """A lawyer has accepted the case: both may write, and what was kept arrives."""
    talk = await relay.between(turn.session, case, turn.resources.admin_ids)
    citizen, lawyer, person = talk.citizen, talk.lawyer, talk.lawyers_person
    if citizen is None or lawyer is None or person is None:
        return
    if not turn.resources.has_topics:
        lawyer.current_case_id = case.id
        open_now = turn.dialog if turn.person is person else None
        if open_now is not None and open_now.name == DIALOG:
            open_now.step, open_now.data = TALKING, {"case": case.id}
            open_now.updated_at = turn.now
    await relaying.tell_lawyer(turn, talk, lawyers_screen(texts(person.language), talk, turn))
    shown = relay.reachable(citizen) and not case.neutral
    if shown and await relay.begin(turn.session, talk, turn.now):
        await tell(turn, citizen.chat_id, lambda t: relaying.talk_screen(t, talk))
    await relaying.deliver_kept(turn, talk)


async def end_talk(turn: Turn, case: Case) -> None:
    """The case was closed: nothing goes from one to the other any more."""
    talk = await relay.between(turn.session, case, turn.resources.admin_ids)
    if talk.lawyer is not None and talk.lawyer.current_case_id == case.id:
        talk.lawyer.current_case_id = None
    citizen = talk.citizen
    if citizen is None or case.neutral or not await relay.in_talk(turn.session, talk):
        return

    def draw(t: Texts) -> Screen:
        return Screen(
            plain(
                t(
                    "Your talk with the lawyer has ended. If something is left, write it: I will "
                    "ask for whom it is."
                )
            )
        )

    await tell(turn, citizen.chat_id, draw)
