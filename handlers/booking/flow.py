"""The way through the questions of a booking: which is next, what answers it, how to go back."""

from __future__ import annotations

from telegram import Message, Update

from handlers import danger, my
from handlers.articles import gone
from handlers.booking import draft as drafts
from handlers.booking import finish
from handlers.booking.draft import Draft
from handlers.booking.hour import Hour
from handlers.booking.matter import (
    Deadline,
    District,
    HowToMeet,
    HowUrgent,
    Opponent,
    Region,
    Topic,
)
from handlers.booking.person import (
    Called,
    ForWhom,
    FullName,
    Neutral,
    Phone,
    SafeHours,
    TheirConsent,
)
from handlers.booking.step import Heard, Step, Unclear
from handlers.booking.story import Story
from handlers.booking.summary import Summary
from handlers.context import BotContext
from handlers.menu import menu_screen
from handlers.notice import first_steps, privacy_screen
from handlers.screens import Button, Screen, plain
from services.phones import spaced
from storage.people import Privacy

CONSENT = "consent needed"  # the step before all questions
STORY, PHONE, SUMMARY = Story(), Phone(), Summary()
ORDER: tuple[Step, ...] = (
    Topic(),
    ForWhom(),
    TheirConsent(),
    Region(),
    District(),
    HowToMeet(),
    STORY,
    Opponent(),
    HowUrgent(),
    Deadline(),
    Called(),
    FullName(),
    PHONE,
    SafeHours(),
    Neutral(),
    Hour(),
    SUMMARY,
)
STEPS = {step.name: step for step in ORDER}


def _next(draft: Draft) -> Step:
    """The first question without an answer."""
    return next(
        one
        for one in ORDER
        if one is SUMMARY or (one.is_asked(draft) and one.name not in draft.answered)
    )


def _before(draft: Draft, step: Step) -> Step | None:
    """The question before one; while one answer is changed, the summary."""
    if draft.changing:
        return SUMMARY
    earlier = [one for one in ORDER[: ORDER.index(step)] if one.is_asked(draft)]
    return earlier[-1] if earlier else None


async def begin(context: BotContext, draft: Draft) -> None:
    """Ask the first question, below whatever was pressed; the privacy notice comes before all.

    To who hid the conversation nothing would come from a lawyer: they come back first.
    """
    if context.person.discreet:
        context.reply(Screen(plain(context.t("To come back, write /start."))))
        return
    if context.person.privacy is not Privacy.ACCEPTED:
        await drafts.save(context, draft, CONSENT)
        context.reply(_consent_screen(context))
        return
    await drafts.fill_in(context, draft)
    step = _next(draft)
    draft.first = step.name
    context.reply(await _drawn(context, draft, step))
    await _opened(context, draft, step)


def _consent_screen(context: BotContext) -> Screen:
    t = context.t
    why = t("To pass your case on to a lawyer I have to keep what you tell me.")
    first = first_steps(context) or privacy_screen(t)
    offices = Button(t("📍 Offices near me"), "book:offices")
    return Screen(f"{plain(why)}\n\n{first.text}", [*first.buttons, [offices]])


async def show(context: BotContext, draft: Draft, step: Step, *, above: str = "") -> None:
    """Ask a question: in place of the one whose button was pressed, else in a new message."""
    await _put_keyboard_away(context, draft, step)
    screen = await _drawn(context, draft, step)
    if above:
        screen = Screen(f"{plain(above)}\n\n{screen.text}", screen.buttons)
    context.show(screen)
    await _opened(context, draft, step)


async def _drawn(context: BotContext, draft: Draft, step: Step) -> Screen:
    """The question with the ways back and out."""
    t = context.t
    screen = await step.screen(context, draft)
    rows = [list(row) for row in screen.buttons]
    if step.name == draft.first and not draft.for_other:
        rows.append([Button(t("👥 For somebody else"), f"bk:{step.name}:other")])
    back = [Button(t("⬅️ Back"), f"bk:{step.name}:back")] if _before(draft, step) else []
    return Screen(screen.text, [*rows, [*back, Button(t("✖️ Cancel"), "cancel")]])


async def _opened(context: BotContext, draft: Draft, step: Step) -> None:
    """Keep which question is open; a number can be shared from below the input field."""
    if step is PHONE and not draft.keyboard:
        t = context.t
        label = t("📱 Share my number")
        context.reply(Screen(plain(t("👇 This button sends me your number:")), asks_contact=label))
        draft.keyboard = True
    await drafts.save(context, draft, step.name)


async def _put_keyboard_away(context: BotContext, draft: Draft, step: Step) -> None:
    """Off the question for the number, the menu stands below the input field again."""
    if draft.keyboard and step is not PHONE:
        draft.keyboard = False
        restore_menu(context, draft)


def restore_menu(context: BotContext, draft: Draft) -> None:
    """The menu in place of the button that shares a number."""
    t = context.t
    said = plain(
        t("Number: {phone}", phone=spaced(draft.phone)) if draft.phone else t("Without a number.")
    )
    if context.person.discreet:
        context.reply(Screen(said, clears_menu=True))
    else:
        context.reply(menu_screen(t, said))


async def _forward(context: BotContext, draft: Draft, step: Step) -> None:
    """An answer was given: ask the next question."""
    draft.answered.add(step.name)
    draft.changing = False
    _skip_districts(context, draft)
    await show(context, draft, _next(draft))


def _skip_districts(context: BotContext, draft: Draft) -> None:
    region = context.resources.base.regions.get(draft.region or "")
    if region is not None and not region.districts:
        draft.answered.add("district")


async def pressed(update: Update, context: BotContext) -> None:
    """A button of the booking."""
    draft = await drafts.load(context)
    name, *args = context.args_of_press
    if draft is None or context.dialog is None:
        gone(context)
        return
    if name == "again":
        await again(context, draft)
        return
    if context.dialog.step != name or not args:
        context.toast(context.t("This is answered already. You can change it at the end."))
        return
    step = STEPS[name]
    if await _turned(context, draft, step, args):
        return
    was_in_danger = draft.in_danger
    try:
        heard = await step.pressed(context, draft, args)
    except Unclear as unclear:
        await show(context, draft, step, above=unclear.message)
        return
    await _heard(context, draft, step, heard)
    if draft.in_danger and not was_in_danger:
        finish.tell_numbers(context, draft)


async def _turned(context: BotContext, draft: Draft, step: Step, args: list[str]) -> bool:
    """Ways that are no answers: back, for somebody else, to a line of the summary, the end."""
    match args:
        case ["back"] if (before := _before(draft, step)) is not None:
            draft.changing = False
            await show(context, draft, before)
        case ["other"] if step.name == draft.first:
            draft.for_other = True
            drafts.forget_known(draft)
            await show(context, draft, STEPS["who"])
        case ["mine", number] if step.name == "way" and number.isdecimal() and len(number) < 19:
            await _instead(context, draft, int(number))
        case ["change", name] if step is SUMMARY and name in STEPS:
            draft.changing = True
            await show(context, draft, STEPS[name])
        case ["confirm", token] if step is SUMMARY and token == draft.token:
            await _confirm(context, draft)
        case _:
            return False
    return True


async def _instead(context: BotContext, draft: Draft, case_id: int) -> None:
    """They go on with a case that they have already."""
    case = await my.own_case(context, case_id)
    if case is not None:
        await finish.abandon(context, draft)
        await context.close_dialog()
        context.show(await my.case_screen(context, case))


async def _confirm(context: BotContext, draft: Draft) -> None:
    if context.person.privacy is not Privacy.ACCEPTED:
        gone(context)
        return
    missing = _next(draft)
    if missing is not SUMMARY:
        await show(context, draft, missing)
        return
    try:
        await finish.confirm(context, draft)
    except Unclear as unclear:
        await show(context, draft, STEPS[Hour.name], above=unclear.message)


async def _heard(context: BotContext, draft: Draft, step: Step, heard: Heard) -> None:
    if heard is Heard.ANSWER:
        await _forward(context, draft, step)
    elif heard is Heard.MORE:
        await show(context, draft, _stays(draft, step))
    else:
        gone(context)


def _stays(draft: Draft, step: Step) -> Step:
    """A place of another region was typed for the district: its districts are next."""
    return step if step.name not in draft.answered else _next(draft)


async def again(context: BotContext, draft: Draft) -> None:
    """Go on where something came in between."""
    dialog = context.dialog
    if dialog is not None and dialog.step in STEPS:
        await show(context, draft, STEPS[dialog.step])
    else:
        await begin(context, draft)


async def typed(update: Update, context: BotContext) -> bool:
    """A text while a question is open: its answer, or a question in between."""
    draft, dialog = await drafts.load(context), context.dialog
    if draft is None or dialog is None or dialog.step not in STEPS:
        return False
    text, message = context.message.text or "", context.message
    step = STEPS[dialog.step]
    if update.edited_message is not None:
        return await _edited(context, draft, step, message)
    alarmed = _alarmed(context, draft, text)
    try:
        heard = await step.typed(context, draft, text)
    except Unclear as unclear:
        await show(context, draft, step, above=unclear.message)
        return True
    if heard is Heard.NOTHING:
        if alarmed:
            await show(context, draft, step)
        return alarmed
    draft.heard[message.message_id] = step.name
    if heard is Heard.ANSWER:
        await _forward(context, draft, step)
    else:
        await show(context, draft, _stays(draft, step))
    return True


def _alarmed(context: BotContext, draft: Draft, text: str) -> bool:
    """Whether they wrote of danger: then help comes first, and lawyers are to see it first."""
    result = context.resources.searcher.ask(text)
    if result.danger is None:
        return False
    if draft.danger is None:
        danger.respond(context, result)
        draft.answered.discard("urgent")
    draft.in_fear(result.danger)
    return True


async def _edited(context: BotContext, draft: Draft, step: Step, message: Message) -> bool:
    """An answer was said differently: it counts as it stands now."""
    if STORY.edited(draft, message):
        await drafts.save(context, draft, step.name)
        return True
    answered = STEPS.get(draft.heard.get(message.message_id, ""))
    if answered is None:
        return False
    try:
        await answered.typed(context, draft, message.text or "")
    except Unclear as unclear:
        context.reply(Screen(plain(unclear.message)), quoting=message)
        return True
    await show(context, draft, step)
    return True


async def sent(update: Update, context: BotContext) -> bool:
    """A picture, voice, file or contact while a question is open."""
    draft, dialog = await drafts.load(context), context.dialog
    if draft is None or dialog is None or dialog.step not in STEPS:
        return False
    step, message = STEPS[dialog.step], context.message
    if update.edited_message is not None:
        return await _edited(context, draft, step, message)
    try:
        if message.contact is not None:
            return await _contact_shared(context, draft, step, message)
        if not STORY.sent(context, draft, message):
            return False
    except Unclear as unclear:
        await show(context, draft, step, above=unclear.message)
        return True
    alarmed = bool(message.caption) and _alarmed(context, draft, message.caption or "")
    if message.media_group_id and message.media_group_id == draft.album and not alarmed:
        await drafts.save(context, draft, step.name)  # one word of thanks an album
        return True
    draft.album = message.media_group_id or ""
    added = "" if step is STORY else context.t("I have added this to your story.")
    await show(context, draft, step, above=added)
    return True


async def _contact_shared(context: BotContext, draft: Draft, step: Step, message: Message) -> bool:
    if step is not PHONE or message.contact is None:
        return False
    heard = PHONE.shared(context, draft, message.contact)
    await _heard(context, draft, step, heard)
    return True
