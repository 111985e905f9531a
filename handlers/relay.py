"""The talk between a citizen and their lawyer, through the bot: neither sees the other's account.

What is written as a reply, or in the topic of a case, goes to that case. Otherwise it goes where the
person's talk is open: the citizen's dialog, the lawyer's current case. Groups never take part.
"""

from __future__ import annotations

from typing import Any

from telegram import Message, Update
from telegram.ext import (
    ApplicationHandlerStop,
    CallbackQueryHandler,
    MessageHandler,
    filters,
)

from handlers import ask, case_ends, danger, dialogs, quick_texts, relaying, talks, times
from handlers.articles import gone
from handlers.context import BotApplication, BotContext
from handlers.menu import is_button
from handlers.relaying import due as due
from handlers.relaying import named
from handlers.resources import is_language
from handlers.screens import Button, Screen, plain
from handlers.talks import end_talk as end_talk
from handlers.talks import open_talk as open_talk
from knowledge.search import Result
from locales import texts
from services import cases, relay
from services.refusals import Refusal
from services.relay import DIALOG, TALKING, Talk, Written
from storage.cases import CaseState, Urgency
from storage.relay import RelayedMessage

ASKING = "ask"  # the step in which it is asked for whom a message is
FIRST = dialogs.FIRST - 1  # a reply to the other side is no answer to a question of ours
MOST_WAITING = 20  # messages remembered until it is said for whom they are


def register(application: BotApplication) -> None:
    """Listen to what both sides write, before all other conversations, and to the buttons."""
    private = filters.ChatType.PRIVATE & ~filters.StatusUpdate.ALL
    new = filters.UpdateType.MESSAGE & ~filters.COMMAND
    application.add_handler(MessageHandler(private & new, written), group=FIRST)
    changed = filters.UpdateType.EDITED_MESSAGE
    application.add_handler(MessageHandler(private & changed, edited), group=FIRST)
    number = r"\d{1,18}"
    for pattern, pressed in (
        (rf"^rl:t:{number}$", take_back_pressed),
        (rf"^rl:n:{number}$", question_pressed),
        (r"^rl:(l|r)$", for_lawyer_pressed),
        (r"^rl:a$", for_bot_pressed),
        (r"^rl:again$", again_pressed),
    ):
        application.add_handler(CallbackQueryHandler(pressed, pattern=pattern))
    talks.register(application)
    quick_texts.register(application)


# --- what is written ----------------------------------------------------------------------------


async def written(update: Update, context: BotContext) -> None:
    """A message: if it belongs to a talk it goes there, and nowhere else."""
    message = context.message
    if is_button(message.text or ""):
        return
    if await quick_texts.hour_typed(context):
        raise ApplicationHandlerStop
    addressed = await _addressed(context, message)
    if addressed is None:
        return
    case_id, surely = addressed
    try:
        talk = await talks.talk_of(context, case_id)
        await _take(context, talk, message, surely=surely)
    except Refusal:
        if not surely:
            await talks.leave(context)  # the next message is a question again
        raise
    raise ApplicationHandlerStop


async def _addressed(context: BotContext, message: Message) -> tuple[int, bool] | None:
    """The case to which a message belongs, and whether its writer named it themselves."""
    session, chat_id = context.session, context.chat_id
    if (quoted := message.reply_to_message) is not None:
        row = await relay.at(session, chat_id, quoted.message_id)
        if row is not None:
            return row.case_id, True
    if message.is_topic_message and message.message_thread_id is not None:
        case_id = await relay.case_in_thread(session, chat_id, message.message_thread_id)
        if case_id is not None:
            return case_id, True
    if (dialog := context.dialog) is not None:
        return (dialog.data["case"], False) if dialog.name == DIALOG else None
    lawyer = await relay.current_of(session, chat_id)
    return (lawyer.current_case_id, False) if lawyer and lawyer.current_case_id else None


async def _take(context: BotContext, talk: Talk, message: Message, *, surely: bool) -> None:
    """Pass a message on, or first ask for whom it is: after a long silence, or in a closed case.

    Danger waits for no answer: the citizen has the numbers at once, the lawyer the message.
    """
    by_lawyer = talks.is_lawyer(context, talk)
    found = None if by_lawyer else _danger_in(context, message)
    if talk.case.state is CaseState.CLOSED:
        if by_lawyer:
            raise cases.CaseClosed
        if found is not None:
            danger.respond(context, found)
        if not cases.reopens(talk.case, context.now):
            raise cases.TooLate
        await _ask_for_whom(context, talk, message)
    elif not (surely or found) and (_asks(context) or await _silent(context, talk)):
        await _ask_for_whom(context, talk, message)
    else:
        await _pass_on(context, talk, message, found)


def _asks(context: BotContext) -> bool:
    dialog = context.dialog
    return dialog is not None and dialog.name == DIALOG and dialog.step == ASKING


async def _silent(context: BotContext, talk: Talk) -> bool:
    dialog, case = context.dialog, talk.case
    opened = dialog.updated_at if dialog else case.accepted_at or case.created_at
    return await relay.silent(context.session, case.id, opened, context.now)


async def _pass_on(context: BotContext, talk: Talk, message: Message, found: Result | None) -> None:
    by_lawyer = talks.is_lawyer(context, talk)
    note = relaying.written_of(message, urgent=found is not None)
    row = await relaying.pass_on(context.turn, talk, context.person, note)
    dialog = context.dialog
    if dialog is not None and dialog.name == DIALOG and dialog.data["case"] == talk.case.id:
        dialog.updated_at = context.now
    if by_lawyer:
        await relaying.open_for_citizen(context.turn, talk, row)
    if found is not None:
        await _raise_alarm(context, talk, found)
    await _confirm(context, talk, row, message)
    if not by_lawyer:
        await _tell_hours(context, talk, row)


def _danger_in(context: BotContext, message: Message) -> Result | None:
    """What the search makes of a citizen's words, if they speak of danger."""
    said, speaks = message.text or message.caption, context.person.language
    if not said:
        return None
    result = context.resources.searcher.ask(
        said, speaks if speaks and is_language(speaks) else None
    )
    return result if result.danger is not None else None


async def _raise_alarm(context: BotContext, talk: Talk, found: Result) -> None:
    """Danger: the citizen gets the numbers as ever, and the case goes before others."""
    danger.respond(context, found)
    await cases.set_urgency(
        context.session, talk.case, Urgency.DANGER, by=context.chat_id, now=context.now
    )


async def _confirm(context: BotContext, talk: Talk, row: RelayedMessage, message: Message) -> None:
    """One line below a message, and one below an album."""
    album = await relay.album_of(context.session, row)
    if any(one.confirmed_id is not None for one in album):
        return
    question = bool(message.text or message.caption)
    screen = relaying.confirmation(context.t, talk, row, question=question)
    thread = message.message_thread_id if message.is_topic_message else None
    await relaying.confirm(context.turn, row, screen, thread)


async def _tell_hours(context: BotContext, talk: Talk, row: RelayedMessage) -> None:
    """Outside working hours, once: when somebody will answer."""
    opens = await relay.opens_at(context.session, talk, row)
    if opens is None:
        return
    if talk.case.neutral:
        moment = times.when(context.t, opens)
        said = context.t("You will be answered from {moment} on.", moment=moment)
    else:
        said = context.t(
            "Lawyers answer from Monday to Friday, 9:00 to 18:00. Yours will read this from "
            "{moment}. In danger call 102 or 112.",
            moment=times.when(context.t, opens),
        )
    context.reply(Screen(plain(said)))


async def edited(update: Update, context: BotContext) -> None:
    """A message was changed: so is its copy. What was relayed is never taken for a question."""
    message = context.message
    row = await relay.sent_by(context.session, context.chat_id, message.message_id)
    if row is None:
        if any(one["message_id"] == message.message_id for one in _waiting(context)):
            raise ApplicationHandlerStop  # when it is passed on, it goes as it is then
        return
    if row.taken_back_at is None and row.posted_id is not None:
        talk = await talks.talk_of(context, row.case_id)
        if talk.case.state is CaseState.CLOSED:
            raise cases.CaseClosed
        await _pass_edit(context, talk, row, message)
    raise ApplicationHandlerStop


async def _pass_edit(
    context: BotContext, talk: Talk, row: RelayedMessage, message: Message
) -> None:
    receiver = talk.receiver_of(row)
    there = receiver is not None and relay.reachable(receiver)
    if there and receiver is talk.citizen:
        there = await relay.at_hand(context.session, talk, context.now)
    if receiver is None or receiver.chat_id != row.to_chat_id or not there:
        said = context.t("The change can't be delivered now. Please write it as a new message.")
        context.reply(Screen(plain(said)), quoting=message)
        return
    relaying.pass_edit(context.turn, talk, row, message)
    found = None if talks.is_lawyer(context, talk) or row.urgent else _danger_in(context, message)
    if found is not None and row.posted_id is not None:
        row.urgent = True
        relaying.mark_urgent(
            context.turn, texts(receiver.language), receiver.chat_id, row.posted_id
        )
        await _raise_alarm(context, talk, found)


# --- for whom is it? ----------------------------------------------------------------------------


def _waiting(context: BotContext) -> list[dict[str, Any]]:
    """Messages of which it isn't said yet for whom they are."""
    return list(context.dialog.data.get("waiting", ())) if _asks(context) and context.dialog else []


async def _ask_for_whom(context: BotContext, talk: Talk, message: Message) -> None:
    waiting = _waiting(context)
    note = relaying.written_of(message)
    known = any(note.album and note.album == one["album"] for one in waiting)
    kept = {
        "message_id": note.message_id,
        "album": note.album,
        "file": note.file,
        "reply_to": note.reply_to,
        "said": note.said,
    }
    waiting = [*waiting, kept][-MOST_WAITING:]
    await context.open_dialog(DIALOG, ASKING, {"case": talk.case.id, "waiting": waiting})
    if not known:  # of an album it is asked once
        context.reply(_for_whom_screen(context, talk), quoting=message)


def _for_whom_screen(context: BotContext, talk: Talk) -> Screen:
    t, case = context.t, talk.case
    to_bot = Button(t("❓ A question to the bot"), "rl:a")
    if case.state is CaseState.CLOSED:
        said = t(
            "Your case {number} is closed. Shall I open it again and pass this on, or is it a "
            "question to me?",
            number=case.number,
        )
        return Screen(plain(said), [[Button(t("↩️ Open it again"), "rl:r")], [to_bot]])
    if talks.is_lawyer(context, talk):
        said = t("Is this for the citizen of {case}, or a question to me?", case=named(case))
        return Screen(plain(said), [[Button(t("✉️ To the citizen"), "rl:l")], [to_bot]])
    if case.neutral:
        said = t("Shall I pass this on, or is it a question to me?")
        return Screen(plain(said), [[Button(t("✉️ Pass it on"), "rl:l")], [to_bot]])
    said = t("Is this for your lawyer, or a question to me?")
    return Screen(plain(said), [[Button(t("✉️ To the lawyer"), "rl:l")], [to_bot]])


async def for_lawyer_pressed(update: Update, context: BotContext) -> None:
    """What waits is for the other side; a closed case is opened again for it."""
    waiting, dialog = _waiting(context), context.dialog
    if not waiting or dialog is None:
        gone(context)
        return
    talk = await talks.talk_of(context, dialog.data["case"])
    if talk.case.state is CaseState.CLOSED:
        if talks.is_lawyer(context, talk) or context.args_of_press != ["r"]:
            raise cases.CaseClosed
        talk = await _reopened(context, talk)
    await context.open_dialog(DIALOG, TALKING, {"case": talk.case.id})
    row = None
    for one in waiting:
        row = await relaying.pass_on(context.turn, talk, context.person, Written(**one))
    assert row is not None
    if talks.is_lawyer(context, talk):
        await relaying.open_for_citizen(context.turn, talk, row)
    else:
        await _tell_hours(context, talk, row)
    context.send("deleteMessage", message_id=context.message.message_id)
    screen = relaying.confirmation(context.t, talk, row)
    await relaying.confirm(context.turn, row, screen)


async def _reopened(context: BotContext, talk: Talk) -> Talk:
    """The case goes on; until a lawyer has it again, what the citizen writes is kept."""
    await case_ends.reopen(context.turn, talk.case, by=context.chat_id)
    return await talks.talk_of(context, talk.case.id)


async def for_bot_pressed(update: Update, context: BotContext) -> None:
    """It was a question: it is answered, and the talk is set aside."""
    if not _asks(context):
        gone(context)
        return
    asked = context.question_behind
    await talks.leave(context)
    context.show(Screen(plain(context.t("❓ A question to the bot"))))
    if asked:
        await ask.answer(context, asked)


# --- buttons of both sides ----------------------------------------------------------------------


async def take_back_pressed(update: Update, context: BotContext) -> None:
    """↩️: the copy is deleted."""
    talk = await _take_back(context)
    t = context.t
    if talks.is_lawyer(context, talk):
        said = t("↩️ Taken back. The citizen may have read it before.")
    elif talk.case.neutral:
        said = t("↩️ Taken back.")
    else:
        said = t("↩️ Taken back. Your lawyer may have read it before.")
    context.show(Screen(plain(said)))


async def question_pressed(update: Update, context: BotContext) -> None:
    """❓: the message is taken back and answered as a question."""
    await _take_back(context)
    asked = context.question_behind
    context.show(Screen(plain(context.t("↩️ Taken back. As a question to the bot:"))))
    if asked:
        await ask.answer(context, asked)


async def _take_back(context: BotContext) -> Talk:
    """Take the message of the pressed button back; give back the talk it belongs to."""
    row = await relay.by_id(context.session, int(context.args_of_press[1]), context.person)
    talk = await talks.talk_of(context, row.case_id)
    album = await relay.album_of(context.session, row)
    relaying.delete_copies(context.turn, await relay.take_back(context.session, row, context.now))
    for one in album:
        one.confirmed_id = None  # the line now says that it was taken back, and stays
    return talk


async def again_pressed(update: Update, context: BotContext) -> None:
    """Go on with the talk after something came in between."""
    dialog = context.dialog
    if dialog is None or dialog.name != DIALOG:
        gone(context)
        return
    talk = await talks.talk_of(context, dialog.data["case"])
    if _asks(context):
        context.show(_for_whom_screen(context, talk))
    elif talks.is_lawyer(context, talk):
        context.show(talks.lawyers_screen(context.t, talk, context.turn))
    else:
        context.show(relaying.talk_screen(context.t, talk))
