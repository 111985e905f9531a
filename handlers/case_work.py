"""What a lawyer does with a case of theirs: notes, urgency, the date, handing it back, closing it."""

from __future__ import annotations

from telegram import Update
from telegram.ext import CallbackQueryHandler

from handlers import cards, case_ends
from handlers.articles import gone
from handlers.case_words import OUTCOMES, URGENCIES
from handlers.cases import DIALOG, NUMBER, case_screen, is_theirs, mine, stop_asking, working
from handlers.context import BotApplication, BotContext
from handlers.days import read_day
from handlers.offers import REASONS
from handlers.resources import today
from handlers.screens import Button, Screen, bold, in_rows, plain
from locales import Texts
from services import case_details, case_history, cases
from services.cases import CaseClosed
from storage.cases import Case, CaseState, Outcome, Urgency
from storage.partners import Lawyer

NOTE, DATE, BACK, WORD = "note", "date", "back", "word"
NOTES_SHOWN, NOTE_SHOWN = 10, 300  # notes on a screen, characters of each
LONGEST_WORD = 500  # characters of a reason, or beside an outcome


def register(application: BotApplication) -> None:
    """Listen to the buttons of a case; DIALOG's texts go to `typed`."""
    for pattern, handler in (
        (rf"^ca:n:{NUMBER}$", notes_pressed),
        (rf"^ca:u:{NUMBER}$", urgency_pressed),
        (rf"^ca:U:{NUMBER}:[0-2]$", urgency_chosen),
        (rf"^ca:d:{NUMBER}$", date_pressed),
        (rf"^ca:D:{NUMBER}$", date_dropped),
        (rf"^ca:b:{NUMBER}$", back_pressed),
        (rf"^ca:B:{NUMBER}:[a-z]{{1,16}}$", reason_pressed),
        (rf"^ca:Y:{NUMBER}$", reason_confirmed),
        (rf"^ca:z:{NUMBER}$", close_pressed),
        (rf"^ca:o:{NUMBER}:[A-Z_]{{1,16}}$", outcome_pressed),
        (rf"^ca:Z:{NUMBER}:[A-Z_]{{1,16}}$", close_confirmed),
        (r"^ca:again$", again),
    ):
        application.add_handler(CallbackQueryHandler(handler, pattern=pattern))


async def _in_work(context: BotContext) -> tuple[Lawyer, Case] | None:
    """The lawyer's case that a button names; raise CaseClosed when it is over."""
    found = await mine(context)
    if found is None:
        return None
    lawyer, case = found
    await cases.lock(context.session, case)  # it may just have been moved or withdrawn
    if not is_theirs(case, lawyer):
        gone(context)
        return None
    if case.state is CaseState.CLOSED:
        raise CaseClosed
    return found


async def _ask(context: BotContext, case: Case, step: str, **data: str) -> None:
    await context.open_dialog(DIALOG, step, {"case": case.id, **data})
    context.show(await _question(context, case, step))


async def _question(context: BotContext, case: Case, step: str) -> Screen:
    """The question that is open."""
    assert context.dialog is not None
    t, data = context.t, context.dialog.data
    match step:
        case "note":
            return await _notes_screen(context, case)
        case "date":
            return _date_screen(t, case)
        case "back":
            return _back_screen(t, case, data.get("why"))
    return _word_screen(t, case, Outcome[data["outcome"]], data.get("why"))


def _back(t: Texts, case: Case) -> Button:
    return Button(t("⬅️ Back"), f"ca:{case.id}")


def _ends(t: Texts, case: Case) -> list[Button]:
    return [_back(t, case), Button(t("✖️ Cancel"), "cancel")]


# --- notes --------------------------------------------------------------------------------------


async def notes_pressed(update: Update, context: BotContext) -> None:
    """The notes; what is typed now becomes one."""
    if (found := await _in_work(context)) is not None:
        await _ask(context, found[1], NOTE)


async def _notes_screen(context: BotContext, case: Case) -> Screen:
    t = context.t
    notes = await case_history.notes(context.session, case)
    lines = [
        f"{bold(cards.moment_of(t, one.at))}\n{plain(_short(one.text))}"
        for one in notes[-NOTES_SHOWN:]
    ]
    head = bold(t("Notes on {number}", number=case.number))
    ask = plain(t("Write a note. The citizen never sees it; who takes over the case does."))
    return Screen("\n\n".join([head, *lines, ask]), [_ends(t, case)])


def _short(text: str) -> str:
    return text if len(text) <= NOTE_SHOWN else f"{text[:NOTE_SHOWN]}…"


async def _note_typed(context: BotContext, lawyer: Lawyer, case: Case, written: str) -> None:
    case_history.add_note(context.session, case, written, by=lawyer.chat_id, now=context.now)
    await cases.worked(context.session, case, context.now)
    await context.session.flush()
    context.reply(await _notes_screen(context, case))


# --- urgency and date ---------------------------------------------------------------------------


async def urgency_pressed(update: Update, context: BotContext) -> None:
    """How urgent is it? Near a deadline it can't be said not to be."""
    found = await _in_work(context)
    if found is None:
        return
    t, case = context.t, found[1]
    near = cases.is_near(case.deadline, context.now)
    buttons = [
        Button(f"{'● ' if one == case.urgency else ''}{t(name)}", f"ca:U:{case.id}:{one.value}")
        for one, name in URGENCIES.items()
        if not (near and one is Urgency.NORMAL)
    ]
    asked = t("How urgent is {number}?", number=case.number)
    context.show(Screen(plain(asked), [*in_rows(buttons, 1), [_back(t, case)]]))


async def urgency_chosen(update: Update, context: BotContext) -> None:
    """The clock goes by it."""
    found = await _in_work(context)
    if found is None:
        return
    lawyer, case = found
    urgency = Urgency(int(context.args_of_press[2]))
    if not (urgency is Urgency.NORMAL and cases.is_near(case.deadline, context.now)):
        await cases.set_urgency(context.session, case, urgency, by=lawyer.chat_id, now=context.now)
    context.show(await case_screen(context, case))


async def date_pressed(update: Update, context: BotContext) -> None:
    """When is the court, or another date that can't be missed?"""
    if (found := await _in_work(context)) is not None:
        await _ask(context, found[1], DATE)


def _date_screen(t: Texts, case: Case) -> Screen:
    asked = plain(t("When is the court or the other date? For example: 25.12.2026"))
    drop = [Button(t("🗑 There is no date"), f"ca:D:{case.id}")] if case.deadline else []
    return Screen(asked, [drop, _ends(t, case)])


async def date_dropped(update: Update, context: BotContext) -> None:
    """There is no date any more."""
    found = await _in_work(context)
    if found is None:
        return
    lawyer, case = found
    await stop_asking(context)
    await case_details.set_deadline(context.session, case, None, by=lawyer.chat_id, now=context.now)
    context.show(await case_screen(context, case))


async def _date_typed(context: BotContext, lawyer: Lawyer, case: Case, written: str) -> None:
    t, day = context.t, read_day(written, today(context.now))
    if day is None or day < today(context.now):
        unread = t("I can't read this as a day to come.")
        question = _date_screen(t, case)
        context.reply(Screen(f"{plain(unread)}\n\n{question.text}", question.buttons))
        return
    await context.close_dialog()
    await case_details.set_deadline(context.session, case, day, by=lawyer.chat_id, now=context.now)
    context.reply(await case_screen(context, case))


# --- handing back -------------------------------------------------------------------------------


async def back_pressed(update: Update, context: BotContext) -> None:
    """Why can't they go on with it?"""
    if (found := await _in_work(context)) is not None:
        await _ask(context, found[1], BACK)


def _back_screen(t: Texts, case: Case, why: str | None) -> Screen:
    if why:
        asked = t("Hand {number} back? Reason: «{why}»", number=case.number, why=why)
        yes = Button(t("↪️ Yes, hand it back"), f"ca:Y:{case.id}")
        return Screen(plain(asked), [[yes], _ends(t, case)])
    asked = t(
        "Why can't you go on with {number}? Press, or write it. Another lawyer is asked at once.",
        number=case.number,
    )
    reasons = [Button(t(words), f"ca:B:{case.id}:{key}") for key, words in REASONS.items()]
    return Screen(plain(asked), [*in_rows(reasons, 1), _ends(t, case)])


async def reason_pressed(update: Update, context: BotContext) -> None:
    """Handed back, for one of the usual reasons."""
    key = context.args_of_press[2]
    if key not in REASONS:
        gone(context)
    elif (found := await _in_work(context)) is not None:
        await _hand_back(context, *found, context.t(REASONS[key]))


async def reason_confirmed(update: Update, context: BotContext) -> None:
    """Handed back, for the reason that was written."""
    found, dialog = await _in_work(context), context.dialog
    if found is None:
        return
    data = dialog.data if dialog is not None and dialog.name == DIALOG else {}
    if data.get("case") != found[1].id or not (why := data.get("why")) or not context.shows(why):
        gone(context)
        return
    await _hand_back(context, *found, why)


async def _hand_back(context: BotContext, lawyer: Lawyer, case: Case, why: str) -> None:
    await stop_asking(context)
    await case_ends.hand_back(context.turn, case, lawyer, why)
    said = context.t("{number} is handed back: another lawyer is asked.", number=case.number)
    context.show(Screen(plain(said), [[Button(context.t("⬅️ Back"), "ca")]]))


async def _reason_typed(context: BotContext, lawyer: Lawyer, case: Case, written: str) -> None:
    why = " ".join(written.split())[:LONGEST_WORD]
    await context.open_dialog(DIALOG, BACK, {"case": case.id, "why": why})
    context.reply(_back_screen(context.t, case, why))


# --- closing ------------------------------------------------------------------------------------


async def close_pressed(update: Update, context: BotContext) -> None:
    """What came of it?"""
    found = await _in_work(context)
    if found is None:
        return
    await stop_asking(context)
    t, case = context.t, found[1]
    buttons = [Button(t(words), f"ca:o:{case.id}:{one.name}") for one, words in OUTCOMES.items()]
    asked = t("What came of {number}?", number=case.number)
    context.show(Screen(plain(asked), [*in_rows(buttons, 1), [_back(t, case)]]))


def _outcome(context: BotContext) -> Outcome | None:
    """The outcome that a button names; None, and a word on it, if there is none."""
    name = context.args_of_press[2]
    if name not in Outcome.__members__:
        gone(context)
        return None
    return Outcome[name]


async def outcome_pressed(update: Update, context: BotContext) -> None:
    """Before it is closed: a word for the history, if they like."""
    found, outcome = await _in_work(context), _outcome(context)
    if found is not None and outcome is not None:
        await _ask(context, found[1], WORD, outcome=outcome.name)


def _word_screen(t: Texts, case: Case, outcome: Outcome, why: str | None) -> Screen:
    lines = [t("Close {number}: {outcome}.", number=case.number, outcome=t(OUTCOMES[outcome]))]
    if why:
        lines.append(t("Your word: «{why}»", why=why))
    else:
        lines.append(t("You may write a word on it, for the history. The citizen doesn't see it."))
    yes = Button(t("✅ Yes, close it"), f"ca:Z:{case.id}:{outcome.name}")
    back = Button(t("⬅️ Back"), f"ca:z:{case.id}")
    return Screen(plain("\n".join(lines)), [[yes], [back, Button(t("✖️ Cancel"), "cancel")]])


async def _word_typed(context: BotContext, lawyer: Lawyer, case: Case, written: str) -> None:
    assert context.dialog is not None
    data = context.dialog.data | {"why": " ".join(written.split())[:LONGEST_WORD]}
    await context.open_dialog(DIALOG, WORD, data)
    context.reply(_word_screen(context.t, case, Outcome[data["outcome"]], data["why"]))


async def close_confirmed(update: Update, context: BotContext) -> None:
    """The case is closed, and the citizen is asked how it was."""
    found, outcome = await _in_work(context), _outcome(context)
    if found is None or outcome is None:
        return
    lawyer, case = found
    data = context.dialog.data if context.dialog and context.dialog.name == DIALOG else {}
    fits = (data.get("case"), data.get("outcome")) == (case.id, outcome.name)
    why = data.get("why") if fits else None
    await stop_asking(context)
    await case_ends.close(context.turn, case, outcome, by=lawyer.chat_id, why=why)
    said = context.t("{number} is closed. Thank you for your work!", number=case.number)
    context.show(Screen(plain(said), [[Button(context.t("⬅️ Back"), "ca")]]))


# --- what is typed ------------------------------------------------------------------------------


async def _of_dialog(context: BotContext) -> tuple[Lawyer, Case] | None:
    """The case of the open question, if it is still this lawyer's and in work."""
    lawyer, dialog = await working(context), context.dialog
    if dialog is None or dialog.name != DIALOG:
        return None
    case = await cases.get(context.session, dialog.data["case"])
    if case is None or not is_theirs(case, lawyer) or case.state is CaseState.CLOSED:
        await context.close_dialog()
        return None
    return lawyer, case


async def again(update: Update, context: BotContext) -> None:
    """Go on where something came in between."""
    found = await _of_dialog(context)
    if found is None or context.dialog is None:
        gone(context)
        return
    context.show(await _question(context, found[1], context.dialog.step))


async def typed(update: Update, context: BotContext) -> bool:
    """A note, a date, a reason, a word: whatever was asked for."""
    found = await _of_dialog(context)
    if found is None or context.dialog is None or update.edited_message is not None:
        return False
    take = {NOTE: _note_typed, DATE: _date_typed, BACK: _reason_typed, WORD: _word_typed}
    await take[context.dialog.step](context, *found, (context.message.text or "").strip())
    return True
