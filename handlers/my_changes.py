"""What citizens change in their cases: more of the story until a lawyer has it, and how to reach them."""

from __future__ import annotations

from telegram import Message, Update
from telegram.ext import CallbackQueryHandler

from handlers import danger
from handlers.appointment_news import tell_lawyer
from handlers.articles import gone
from handlers.booking.step import is_question
from handlers.booking.story import file_of
from handlers.context import BotApplication, BotContext
from handlers.my import case_screen, own_case
from handlers.screens import Button, Screen, bold, plain
from services import case_details
from services.phones import read_phone, spaced
from services.refusals import Refusal
from services.safe_hours import window
from storage.cases import Case, CaseState

DIALOG = "my"
STORY, PHONE, HOURS = "story", "phone", "hours"


def register(application: BotApplication) -> None:
    """Listen to the buttons; what is typed or sent in DIALOG goes to `typed` and `sent`."""
    case = r"[0-9]{1,18}"
    for pattern, handler in (
        (rf"^my:s:{case}$", story_pressed),
        (rf"^my:d:{case}$", done_pressed),
        (rf"^my:p:{case}$", reach_pressed),
        (rf"^my:P:{case}$", phone_pressed),
        (rf"^my:h:{case}$", hours_pressed),
        (rf"^my:H:{case}$", hours_dropped),
        (rf"^my:n:{case}:[01]$", neutral_pressed),
        (r"^my:again$", again),
    ):
        application.add_handler(CallbackQueryHandler(handler, pattern=pattern))


async def _pressed(context: BotContext) -> Case | None:
    """The person's open case that a button names."""
    case = await own_case(context, int(context.args_of_press[1]))
    if case is not None and case.state is CaseState.CLOSED:
        context.show(await case_screen(context, case))
        return None
    return case


async def _ask(context: BotContext, case: Case, step: str) -> None:
    await context.open_dialog(DIALOG, step, {"case": case.id})
    context.show(_question(context, case, step))


def _question(context: BotContext, case: Case, step: str) -> Screen:
    t = context.t
    back = [
        Button(t("⬅️ Back"), f"my:{'d' if step == STORY else 'p'}:{case.id}"),
        Button(t("✖️ Cancel"), "cancel"),
    ]
    if step == STORY:
        said = t("What should the lawyer know besides? Write it, or send photos and documents.")
        return Screen(plain(said), [back])
    if step == PHONE:
        said = t("Under which number can the lawyer call you? Write it, or send a contact.")
        return Screen(plain(said), [back])
    said = t("When is it safe to call you? For example: on weekdays from 10 to 12.")
    drop = [Button(t("🗑 At any time"), f"my:H:{case.id}")] if case.safe_hours else []
    return Screen(plain(said), [drop, back])


# --- the story ----------------------------------------------------------------------------------


async def story_pressed(update: Update, context: BotContext) -> None:
    """There is more to tell."""
    case = await _pressed(context)
    if case is None:
        return
    if case.state is CaseState.IN_WORK:
        raise case_details.HasLawyer
    await _ask(context, case, STORY)


async def done_pressed(update: Update, context: BotContext) -> None:
    """All is told."""
    case = await _pressed(context)
    await _leave(context)
    if case is not None:
        context.show(await case_screen(context, case))


async def _leave(context: BotContext) -> None:
    if context.dialog is not None and context.dialog.name == DIALOG:
        await context.close_dialog()


# --- how to reach them --------------------------------------------------------------------------


async def reach_pressed(update: Update, context: BotContext) -> None:
    """Phone, safe hours, and whether messages tell anything."""
    case = await _pressed(context)
    await _leave(context)
    if case is not None:
        context.show(_reach_screen(context, case))


def _reach_screen(context: BotContext, case: Case) -> Screen:
    t = context.t
    lines = [
        t("Phone: {phone}", phone=spaced(case.phone)) if case.phone else t("Phone: not given"),
        t("Safe to call: {hours}", hours=case.safe_hours or t("at any time")),
        t("I can't read hours in this: the lawyer does. I myself write from 8 to 21.")
        if case.safe_hours and window(case.safe_hours) is None
        else None,
        t("Messages that come by themselves say nothing of a lawyer.")
        if case.neutral
        else t("Messages that come by themselves name the case and the lawyer."),
    ]
    quiet = (
        Button(t("🔔 Messages may name the case"), f"my:n:{case.id}:0")
        if case.neutral
        else Button(t("🤫 Messages that give nothing away"), f"my:n:{case.id}:1")
    )
    said = "\n".join(f"• {plain(line)}" for line in lines if line)
    return Screen(
        f"{bold(t('☎️ How to reach me'))} · {plain(case.number)}\n\n{said}",
        [
            [Button(t("☎️ Another number"), f"my:P:{case.id}")],
            [Button(t("🕐 Safe hours"), f"my:h:{case.id}")],
            [quiet],
            [Button(t("⬅️ Back"), f"my:{case.id}")],
        ],
    )


async def phone_pressed(update: Update, context: BotContext) -> None:
    """Ask for another number."""
    if (case := await _pressed(context)) is not None:
        await _ask(context, case, PHONE)


async def hours_pressed(update: Update, context: BotContext) -> None:
    """Ask when it is safe to call."""
    if (case := await _pressed(context)) is not None:
        await _ask(context, case, HOURS)


async def hours_dropped(update: Update, context: BotContext) -> None:
    """Calling is safe at any time."""
    case = await _pressed(context)
    await _leave(context)
    if case is None:
        return
    if case.safe_hours is None:
        context.show(_reach_screen(context, case))
        return
    await case_details.change_safe_hours(context.session, case, None)
    await _changed(context, case)


async def neutral_pressed(update: Update, context: BotContext) -> None:
    """Whether messages that come by themselves say what it is about."""
    case = await _pressed(context)
    wanted = context.args_of_press[2] == "1"
    if case is None:
        return
    if case.neutral is not wanted:
        await case_details.set_neutral(context.session, case, wanted)
    context.show(_reach_screen(context, case))


async def _changed(context: BotContext, case: Case) -> None:
    """Show how it is now, and tell the lawyer to look."""
    context.show(_reach_screen(context, case))
    if case.state is CaseState.IN_WORK:
        await tell_lawyer(
            context.turn,
            case,
            lambda t: t("How to reach the citizen has changed. Please look before you call."),
            lambda t: [[Button(t("📂 Open the case"), f"ca:{case.id}")]],
        )


# --- what is typed and sent ---------------------------------------------------------------------


async def again(update: Update, context: BotContext) -> None:
    """Go on where something came in between."""
    case = await _of_dialog(context)
    if case is None or context.dialog is None:
        gone(context)
        return
    context.show(_question(context, case, context.dialog.step))


async def _of_dialog(context: BotContext) -> Case | None:
    """The case of the open question, if it is still theirs and open."""
    dialog = context.dialog
    if dialog is None or dialog.name != DIALOG:
        return None
    case = await case_details.of_person(context.session, dialog.data["case"], context.person)
    if case is None or case.state is CaseState.CLOSED:
        await context.close_dialog()
        return None
    return case


async def typed(update: Update, context: BotContext) -> bool:
    """More of the story, a number, or hours; a question in between is answered as ever."""
    case = await _of_dialog(context)
    if case is None or context.dialog is None:
        return False
    written = (context.message.text or "").strip()
    if context.dialog.step == STORY:
        return await _told(context, case, written)
    if update.edited_message is not None:
        return False
    if context.dialog.step == PHONE:
        return await _phone_typed(context, case, written)
    if is_question(context, written):
        return False
    await case_details.change_safe_hours(context.session, case, written)
    await context.close_dialog()
    await _changed(context, case)
    return True


async def _told(context: BotContext, case: Case, written: str) -> bool:
    """A part of the story; one that is edited takes the place of what it said before."""
    dialog, number = context.dialog, str(context.message.message_id)
    assert dialog is not None
    told = dialog.data.get("told", {})
    before = told.get(number)
    if before is None and context.arrived.edited_message is not None:
        return False
    try:
        if before is None:
            await case_details.add_to_story(context.session, case, written)
        else:
            await case_details.reword_story(context.session, case, before, written)
    except Refusal as refusal:
        await _refused(context, refusal)
        return True
    dialog.data = {**dialog.data, "told": {**told, number: written}}
    _noted(context, case)
    found = context.resources.searcher.ask(written)
    if found.danger is not None:
        danger.respond(context, found)
    return True


async def _refused(context: BotContext, refusal: Refusal) -> None:
    """No more can be told here: the question is over."""
    await context.close_dialog()
    context.reply(Screen(plain(context.t(refusal.message))))


def _noted(context: BotContext, case: Case) -> None:
    t = context.t
    done = Button(t("✅ Done"), f"my:d:{case.id}")
    context.reply(Screen(plain(t("Received. Write or send more, or press «Done».")), [[done]]))


async def _phone_typed(context: BotContext, case: Case, written: str) -> bool:
    phone = read_phone(written)
    if phone is None:
        if is_question(context, written):
            return False
        question = _question(context, case, PHONE)
        unread = context.t("I can't read this as a number. For example: 0555 123 456.")
        context.reply(Screen(f"{plain(unread)}\n\n{question.text}", question.buttons))
        return True
    await case_details.change_phone(context.session, case, phone)
    await context.close_dialog()
    await _changed(context, case)
    return True


async def sent(update: Update, context: BotContext) -> bool:
    """A file of the story, or a contact with the number."""
    case = await _of_dialog(context)
    if case is None or context.dialog is None or update.edited_message is not None:
        return False
    message = context.message
    if context.dialog.step == PHONE and message.contact is not None:
        return await _phone_typed(context, case, message.contact.phone_number)
    if context.dialog.step != STORY:
        return False
    return await _file_sent(context, case, message)


async def _file_sent(context: BotContext, case: Case, message: Message) -> bool:
    found, dialog = file_of(message), context.dialog
    if found is None or dialog is None:
        return False
    try:
        await case_details.add_file(context.session, case, *found, message.caption)
    except Refusal as refusal:
        await _refused(context, refusal)
        return True
    album = message.media_group_id
    if album is None or album != dialog.data.get("album"):  # of an album one word is enough
        dialog.data = {**dialog.data, "album": album}
        _noted(context, case)
    return True
