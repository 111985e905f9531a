"""When something can't be done or went wrong: a kind sentence and a way on."""

from __future__ import annotations

from telegram import Update

from handlers.context import Call, Turn
from handlers.menu import n_
from handlers.screens import Screen, plain
from locales import Texts, guess, texts
from services.refusals import Refusal

# Said by services, which know no catalogues.
REFUSALS = (
    n_("This can't be done right now."),
    n_("This is for staff only. If you should have access, ask the coordinator for a link."),
    n_(
        "Cases and hours are with the lawyers of partners, and you work for none yet. A coordinator "
        "gives the link: /partners, the partner, “➕ Invite a lawyer”."
    ),
    n_("This link no longer works. Ask the person who sent it for a new one."),
    n_("Please write one line of 2 to 200 characters, as people would ask."),
    n_("A second curator has to approve a correction. You proposed this one yourself."),
    n_("Another curator has dealt with this already."),
    n_("This question is settled already. Please ask again."),
    n_("The text has changed meanwhile. Please read it again."),
    n_("Please write the name in one line of 2 to 120 characters."),
    n_("There is a partner with this name already."),
    n_("This group belongs to another partner already."),
    n_("A case of yours is open. Withdraw it first, or wait until it is closed."),
    n_("This time has just been taken. Please choose another."),
    n_("This appointment is over or was cancelled already."),
    n_("The appointment has not begun yet."),
    n_("Please write hours like 10:00-16:30, or 9-13, 14-18."),
    n_("Please choose a day from today on, within a year."),
    n_("This number can't be chosen."),
    n_("This case has gone elsewhere meanwhile."),
    n_("You have this case already."),
    n_("A conflict of interest is likely there. Overrule it with a reason first."),
    n_("No lawyer of this partner takes cases now."),
    n_("Another coordinator has decided on this conflict already."),
    n_("This rule is gone: somebody changed the rules meanwhile. Please look again."),
    n_("This case is closed already."),
    n_("This case is open already."),
    n_("This case was closed long ago. Please ask for a lawyer anew: /book"),
    n_("A lawyer has your case now: please write it to them."),
    n_("There is no more room. Please tell the rest to the lawyer."),
    n_("This case is not with you. Nothing was sent."),
    n_("The citizen can't be written to any more. Nothing was sent."),
    n_("This was taken back already."),
    n_("Too late: Telegram lets a message be taken back for 48 hours only."),
    n_("One can no longer register for this event."),
    n_("There aren't that many seats. Please come with fewer people."),
    n_("There is no valid ticket with this code."),
    n_("This person is on the waiting list and has no seat yet."),
    n_("This is over already, or somebody else has changed it meanwhile."),
    n_("This announcement is being sent, corrected or recalled at this moment."),
)


def _texts(update: Update, turn: Turn) -> Texts:
    if turn.person is not None and turn.person.language:
        return texts(turn.person.language)
    user = update.effective_user
    return texts(guess(user.language_code if user else None))


def _tell(update: Update, turn: Turn, text: str) -> None:
    """In a pop-up over the pressed button, else in a message; nowhere if there is no chat."""
    chat, pressed = update.effective_chat, update.callback_query
    if pressed is not None:
        turn.at_once = [
            Call(
                0,
                "answerCallbackQuery",
                {"callback_query_id": pressed.id, "text": text[:200], "show_alert": True},
            )
        ]
    elif chat is not None and update.effective_message is not None:
        turn.calls.append(
            Call(chat.id, "sendMessage", {"chat_id": chat.id, **Screen(plain(text)).params()})
        )


def refused(update: Update, turn: Turn, refusal: Refusal) -> None:
    """A refusal: its sentence is said."""
    _tell(update, turn, _texts(update, turn)(refusal.message))


def apologise(update: Update, turn: Turn, code: str) -> None:
    """An incident: the update is set aside."""
    t = _texts(update, turn)
    _tell(
        update,
        turn,
        t(
            "Something went wrong on our side; your words are safe. Please try again a little "
            "later. Number of the incident: {code}.",
            code=code,
        ),
    )


def slow_down(update: Update, turn: Turn) -> None:
    """More messages than one person may send: one polite notice."""
    t = _texts(update, turn)
    _tell(
        update,
        turn,
        t(
            "That was a lot at once. Your last messages were not read or passed on. Please wait a "
            "minute, then send them again."
        ),
    )
