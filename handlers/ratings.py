"""What a citizen says of a closed case; a low mark takes up the talk with the coordinator again."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from functools import partial
from types import MappingProxyType

from telegram import Update
from telegram.ext import CallbackQueryHandler

from handlers import danger, desk_news
from handlers.articles import gone
from handlers.case_words import outcome_of
from handlers.context import BotApplication, BotContext, Turn
from handlers.handoffs import tell_citizen
from handlers.menu import n_
from handlers.screens import Button, Screen, bold, italic, plain
from handlers.telling import call_about, new_posted, tell, tell_coordinators
from locales import Texts, texts
from services import case_details, cases, desk, handoffs, hours, people, ratings, relay, safe_hours
from storage.cases import Case, CaseState, Help, Outcome
from storage.people import Role
from storage.traffic import PostedMessage, Priority

DIALOG = "rt"
Take = Callable[[BotContext, Case, str], Awaitable[bool]]  # what is done with a text
LONGEST_MESSAGE = 2000  # characters between citizen and coordinator
HELPS = {Help.YES: n_("👍 Yes"), Help.PARTLY: n_("🤏 Partly"), Help.NO: n_("👎 No")}


def register(application: BotApplication) -> None:
    """Listen to marks and what follows them; DIALOG's texts go to `typed`."""
    case = r"[0-9]{1,18}"
    for pattern, handler in (
        (rf"^rt:m:{case}:[1-5]$", marked),
        (rf"^rt:w:{case}$", word_pressed),
        (r"^rt:x$", word_skipped),
        (rf"^rt:h:{case}:(yes|partly|no)$", helped_pressed),
        (rf"^rt:o:{case}$", reopen_pressed),
        (rf"^rt:t:{case}$", to_citizen_pressed),
        (rf"^rt:a:{case}$", to_coordinators_pressed),
        (r"^rt:again$", again),
    ):
        application.add_handler(CallbackQueryHandler(handler, pattern=pattern))


# --- what the citizen is asked ------------------------------------------------------------------


async def closed(turn: Turn, case: Case) -> None:
    """Tell the citizen that their case is closed, and ask how it was."""
    citizen = await handoffs.citizen_of(turn.session, case)
    if citizen is not None:
        screen = partial(_neutral_screen if case.neutral else _closed_screen, case=case)
        await tell(turn, citizen.chat_id, screen, due_at=_politely(turn, case))


def _politely(turn: Turn, case: Case) -> datetime:
    """When the citizen may be asked: in their safe hours, and at no time at night."""
    return safe_hours.may_write(case, hours.decent(turn.now)) or hours.decent(turn.now)


def _closed_screen(t: Texts, case: Case) -> Screen:
    head = bold(t("Your case {number} is closed.", number=case.number))
    if case.outcome is Outcome.UNREACHABLE:
        said = t("We tried to reach you and could not. Do you still need help? Open it again.")
        return Screen(f"{head}\n\n{plain(said)}", [[reopen_button(t, case)]])
    lines = [t("What came of it: {outcome}.", outcome=outcome_of(t, case))]
    if not ratings.asked(case):
        lines.append(t("If you need a lawyer again: /book"))
        return Screen(f"{head}\n\n{plain(' '.join(lines))}")
    lines.append(t("Something is still open? You can open it again within 30 days: /my"))
    question = t("How did we help you? 5 is very good, 1 is bad.")
    return Screen(f"{head}\n\n{plain(' '.join(lines))}\n\n{plain(question)}", [mark_buttons(case)])


def _neutral_screen(t: Texts, case: Case) -> Screen:
    if not ratings.asked(case):
        return Screen(plain(t("There is news for you.")), [[Button(t("👀 Look"), "my")]])
    return Screen(plain(t("How was it? 5 is very good, 1 is bad.")), [mark_buttons(case)])


def mark_buttons(case: Case) -> list[Button]:
    """The marks, a row of buttons."""
    marks = range(ratings.LOWEST, ratings.HIGHEST + 1)
    return [Button(f"{mark} ⭐️", f"rt:m:{case.id}:{mark}") for mark in marks]


def reopen_button(t: Texts, case: Case) -> Button:
    """The way for a citizen to take a closed case up again."""
    return Button(t("↩️ Open it again"), f"my:o:{case.id}")


async def due(turn: Turn) -> None:
    """Two weeks after a case was closed: did it help? Asked once."""
    for case in await ratings.to_ask_helped(turn.session, turn.now):
        citizen = await handoffs.citizen_of(turn.session, case)
        if citizen is not None:
            draw = partial(_helped_screen, case=case)
            due_at = _politely(turn, case)
            await tell(turn, citizen.chat_id, draw, priority=Priority.REMINDER, due_at=due_at)


def _helped_screen(t: Texts, case: Case) -> Screen:
    said = (
        t("Hello! Did it help you?")
        if case.neutral
        else t(
            "Hello! Two weeks ago your case {number} was closed. Did the lawyer's help solve it?",
            number=case.number,
        )
    )
    buttons = [Button(t(name), f"rt:h:{case.id}:{one.value}") for one, name in HELPS.items()]
    return Screen(plain(said), [buttons])


# --- what the citizen says ----------------------------------------------------------------------


async def own_case(context: BotContext, case_id: int) -> Case | None:
    """A case if the person brought it; None, and a word on it, for everybody else's."""
    case = await case_details.of_person(context.session, case_id, context.person)
    if case is None:
        gone(context)
    return case


async def _pressed(context: BotContext) -> Case | None:
    return await own_case(context, int(context.args_of_press[1]))


async def marked(update: Update, context: BotContext) -> None:
    """A mark. It holds; who pressed in error says so in the word."""
    case = await _pressed(context)
    if case is None:
        return
    mark = int(context.args_of_press[2])
    await cases.lock(context.session, case)
    if not ratings.rate(context.session, case, mark, by=context.chat_id, now=context.now):
        gone(context)
        return
    told = await _tell_unhappy(context.turn, case) if ratings.is_low(mark) else {}
    await _ask_word(context, case, told)


async def _ask_word(context: BotContext, case: Case, told: Mapping[str, int]) -> None:
    """A word besides? At once, unless another conversation is open: that one is not lost."""
    dialog = context.dialog
    over = dialog is not None and (dialog.name, dialog.data.get("case")) == (relay.DIALOG, case.id)
    if dialog is not None and dialog.name != DIALOG and not over:  # the talk ended with the case
        t = context.t
        add = Button(t("✍️ Add a word"), f"rt:w:{case.id}")
        context.show(Screen(plain(_thanks(t, case)), [[add]]))
        return
    await context.open_dialog(DIALOG, "word", {"case": case.id, "told": told})
    context.show(_word_screen(context.t, case))


def _thanks(t: Texts, case: Case) -> str:
    if case.rating is not None and ratings.is_low(case.rating):
        return t("Thank you for saying so. The coordinator reads it and looks into it.")
    return t("Thank you! This helps us.")


def _word_screen(t: Texts, case: Case) -> Screen:
    asked = t("Would you like to say a word about it? Write it here.")
    return Screen(plain(f"{_thanks(t, case)}\n\n{asked}"), [[Button(t("Skip"), "rt:x")]])


async def word_pressed(update: Update, context: BotContext) -> None:
    """They would like to add a word."""
    case = await _pressed(context)
    if case is None:
        return
    if case.rating is None or not ratings.open_to_rating(case, context.now):
        gone(context)
        return
    await context.open_dialog(DIALOG, "word", {"case": case.id})
    context.show(_word_screen(context.t, case))


async def word_skipped(update: Update, context: BotContext) -> None:
    """No word."""
    if context.dialog is not None and context.dialog.name == DIALOG:
        await context.close_dialog()
    context.show(Screen(plain(context.t("Thank you! This helps us."))))


async def helped_pressed(update: Update, context: BotContext) -> None:
    """Two weeks later: it helped, or not."""
    case = await _pressed(context)
    if case is None:
        return
    said, t = Help(context.args_of_press[2]), context.t
    await cases.lock(context.session, case)
    if not ratings.helped(context.session, case, said, by=context.chat_id, now=context.now):
        gone(context)
        return
    if said is Help.YES:
        context.show(Screen(plain(t("I am glad! Write whenever you have a question."))))
        return
    if said is Help.NO:
        await _tell_unhappy(context.turn, case)
        words = t("Thank you for saying so. The coordinator reads it and looks into it.")
    else:
        words = t("Thank you for saying so. If something is still open, go on with it.")
    rows = [[reopen_button(t, case)]] if cases.reopens(case, context.now) else []
    context.show(Screen(plain(words), rows))


# --- the talk with the coordinator --------------------------------------------------------------


async def _tell_unhappy(
    turn: Turn, case: Case, told: Mapping[str, int] = MappingProxyType({})
) -> dict[str, int]:
    """A card for the coordinators: which case, whose it was, what was said; no name.

    `told` names the cards that they have already, by chat: those are changed, no second one comes. Give
    back the cards as they are named from now on.
    """
    held = await desk.owner(turn.session, case)
    partner = held[1].name if held else None

    def draw(t: Texts) -> Screen:
        lines = [t("Partner: {partner}", partner=partner) if partner else None, *_said(t, case)]
        head = bold(t("😕 {number}: the citizen is not content", number=case.number))
        said = "\n".join(plain(line) for line in lines if line)
        return Screen(f"{head}\n{said}", _coordinators_rows(t, case))

    cards = {}
    for person in await people.holding(turn.session, Role.COORDINATOR, turn.resources.admin_ids):
        chat_id = person.chat_id
        posted = await turn.session.get(PostedMessage, told.get(str(chat_id), 0))
        if posted is None or await handoffs.unsent(turn.session, posted, turn.now):
            posted = await new_posted(turn, chat_id)
            await tell(turn, chat_id, draw, due_at=hours.decent(turn.now), posted=posted)
        else:
            params = {"message_id": {"posted": posted.id}, **draw(texts(person.language)).params()}
            call_about(turn, chat_id, "editMessageText", params)
        cards[str(chat_id)] = posted.id
    return cards


def _said(t: Texts, case: Case) -> list[str]:
    lines = []
    if case.rating is not None:
        lines.append(t("Mark: {mark} of 5", mark=case.rating))
    if case.rating_word:
        lines.append(t("Word: «{word}»", word=case.rating_word))
    if case.helped is Help.NO:
        lines.append(t("Two weeks later: it did not help."))
    return lines


def _coordinators_rows(t: Texts, case: Case) -> list[list[Button]]:
    return [
        [Button(t("✉️ Write to the citizen"), f"rt:t:{case.id}")],
        [Button(t("↩️ Open it again"), f"rt:o:{case.id}")],
    ]


def _talks(case: Case) -> bool:
    """Tell whether citizen and coordinator have something to talk about in a case."""
    return case.state is CaseState.NEW or ratings.is_unhappy(case)


async def _coordinators_case(context: BotContext, case_id: int) -> Case | None:
    """A case of which a coordinator may talk with its citizen."""
    await context.allow(Role.COORDINATOR)
    case = await cases.get(context.session, case_id)
    if case is None or case.person_id is None or not _talks(case):
        gone(context)
        return None
    return case


async def reopen_pressed(update: Update, context: BotContext) -> None:
    """A coordinator opens the case again: it is theirs until a lawyer has it."""
    case = await _coordinators_case(context, int(context.args_of_press[1]))
    if case is None:
        return
    await cases.reopen(context.session, case, by=context.chat_id, now=context.now)
    said = context.t("{number} is open again.", number=case.number)
    context.show(Screen(plain(said), _coordinators_rows(context.t, case)[:1]))
    await desk_news.ask_where(context.turn, case)

    def draw(t: Texts) -> Screen:
        told = t(
            "Your case {number} is open again. We look for another lawyer. More: /my",
            number=case.number,
        )
        return Screen(plain(told))

    await tell_citizen(context.turn, case, draw)


async def to_citizen_pressed(update: Update, context: BotContext) -> None:
    """A coordinator would like to write to the citizen."""
    case = await _coordinators_case(context, int(context.args_of_press[1]))
    if case is not None:
        await _open_talk(context, case, "citizen")


async def to_coordinators_pressed(update: Update, context: BotContext) -> None:
    """The citizen would like to answer the coordinator."""
    case = await _pressed(context)
    if case is None:
        return
    if not _talks(case):
        gone(context)
        return
    await _open_talk(context, case, "coordinators")


async def _open_talk(context: BotContext, case: Case, to: str) -> None:
    await context.open_dialog(DIALOG, to, {"case": case.id, "number": case.number})
    context.reply(_talk_screen(context.t, to, case.number))


def _talk_screen(t: Texts, to: str, number: str) -> Screen:
    said = (
        t(
            "Write your message to the citizen of {number}. They don't see who you are.",
            number=number,
        )
        if to == "citizen"
        else t("Write your message to the coordinator.")
    )
    return Screen(plain(said), [[Button(t("✖️ Cancel"), "cancel")]])


async def again(update: Update, context: BotContext) -> None:
    """Go on where a question came in between."""
    dialog = context.dialog
    if dialog is None or dialog.name != DIALOG:
        gone(context)
        return
    if dialog.step != "word":
        context.show(_talk_screen(context.t, dialog.step, dialog.data["number"]))
    elif (case := await own_case(context, dialog.data["case"])) is not None:
        context.show(_word_screen(context.t, case))


async def typed(update: Update, context: BotContext) -> bool:
    """A word beside the mark, or a message between citizen and coordinator."""
    dialog = context.dialog
    assert dialog is not None
    if update.edited_message is not None:
        return False
    written = (context.message.text or "").strip()
    word = partial(_word_typed, told=dialog.data.get("told", {}))
    take: dict[str, Take] = {"word": word, "citizen": _to_citizen, "coordinators": _to_coordinators}
    case = await cases.get(context.session, dialog.data["case"])
    await context.close_dialog()
    if case is None or not await take[dialog.step](context, case, written):
        return False
    found = context.resources.searcher.ask(written)
    if found.danger is not None and dialog.step != "citizen":
        danger.respond(context, found)
    return True


async def _word_typed(
    context: BotContext, case: Case, written: str, *, told: Mapping[str, int]
) -> bool:
    if case.person_id != context.person.id or not ratings.word(case, written, context.now):
        return False
    if case.rating is not None and ratings.is_low(case.rating):
        await _tell_unhappy(context.turn, case, told)
    context.reply(Screen(plain(context.t("Thank you! This helps us."))))
    return True


async def _to_citizen(context: BotContext, case: Case, written: str) -> bool:
    await context.allow(Role.COORDINATOR)
    citizen = await handoffs.citizen_of(context.session, case)
    t = context.t
    if citizen is None or not _talks(case) or not relay.reachable(citizen):
        said = t("The citizen can't be written to now: they blocked the bot or hid the talk.")
        context.reply(Screen(plain(said)))
        return True

    def draw(t: Texts) -> Screen:
        head = t("A message for you:") if case.neutral else t("The coordinator writes to you:")
        answer = Button(t("✉️ Answer"), f"rt:a:{case.id}")
        return Screen(f"{bold(head)}\n\n{plain(written[:LONGEST_MESSAGE])}", [[answer]])

    due_at = _politely(context.turn, case)
    await tell(context.turn, citizen.chat_id, draw, due_at=due_at)
    context.reply(Screen(plain(t("Sent."))))
    return True


async def _to_coordinators(context: BotContext, case: Case, written: str) -> bool:
    if case.person_id != context.person.id or not _talks(case):
        return False

    def draw(t: Texts) -> Screen:
        head = t("The citizen of {number} writes:", number=case.number)
        rows = _coordinators_rows(t, case)
        shown = rows if case.state is CaseState.CLOSED else rows[:1]
        return Screen(f"{bold(head)}\n\n{italic(written[:LONGEST_MESSAGE])}", shown)

    await tell_coordinators(context.turn, draw, due_at=hours.decent(context.now))
    context.reply(Screen(plain(context.t("Sent. The coordinator answers here."))))
    return True
