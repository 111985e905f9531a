"""What a handler is given: the person, their texts, the open transaction, and the ways to answer."""

from __future__ import annotations

import re
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Self, cast

from sqlalchemy.ext.asyncio import AsyncSession
from telegram import CallbackQuery, Message, Update
from telegram.ext import Application, CallbackContext, ExtBot, JobQueue

from handlers.resources import Resources
from handlers.screens import Screen
from knowledge.model import Language
from locales import Texts, guess, texts
from services import people
from services.refusals import NotAllowed
from storage.dialogs import Dialog
from storage.people import Person, Role
from storage.traffic import Priority

# A method of our own for the outbox: deletes what both sides wrote in a chat in the last 48 hours.
HIDE = "hide"
# A button whose data begins with this leaves its message as it is and is answered below it.
BELOW = "+"


@dataclass(frozen=True, slots=True)
class Call:
    """A call of the Bot API to be made; in the outbox it is a row."""

    chat_id: int
    method: str
    params: dict[str, Any]
    priority: Priority = Priority.REPLY
    due_at: datetime | None = None  # not before; replies are always due
    posted_id: int | None = None  # of the PostedMessage that is to learn the message's id
    delivery_id: int | None = None  # of the Delivery that is to learn what became of it


@dataclass(slots=True)
class Turn:
    """One update being handled, inside one transaction. The dispatcher opens and commits it."""

    session: AsyncSession
    now: datetime
    resources: Resources
    person: Person | None = None
    dialog: Dialog | None = None
    calls: list[Call] = field(default_factory=list)
    at_once: list[Call] = field(default_factory=list)
    error: Exception | None = None


TURN: ContextVar[Turn] = ContextVar("turn")


def _letters(text: str) -> str:
    """What is read of a text: Telegram takes out marks that can't be seen, and spaces at the ends."""
    return re.sub(r"[^\w«»]+", "", text)


class BotContext(CallbackContext[ExtBot[None], dict[Any, Any], dict[Any, Any], dict[Any, Any]]):
    """python-telegram-bot's context, with our turn in it."""

    arrived: Update
    turn: Turn

    @classmethod
    def from_update(cls, update: object, application: Any) -> Self:
        """Join the update with the turn that the dispatcher opened for it."""
        context = cls(application)
        assert isinstance(update, Update)
        context.arrived = update
        context.turn = TURN.get()
        return context

    @property
    def session(self) -> AsyncSession:
        """The open transaction."""
        return self.turn.session

    @property
    def now(self) -> datetime:
        """The instant of this turn."""
        return self.turn.now

    @property
    def resources(self) -> Resources:
        """The knowledge base and the rest that all share."""
        return self.turn.resources

    @property
    def person(self) -> Person:
        """Who wrote or pressed; handlers for updates without a person don't ask."""
        assert self.turn.person is not None
        return self.turn.person

    @property
    def language(self) -> Language:
        """The person's language, or a guess by that of their Telegram."""
        user = self.arrived.effective_user
        chosen = self.turn.person.language if self.turn.person else None
        # Whatever has a catalogue has articles: a test holds that.
        return cast(Language, chosen or guess(user.language_code if user else None))

    @property
    def t(self) -> Texts:
        """The texts in the person's language."""
        return texts(self.language)

    @property
    def query(self) -> CallbackQuery:
        """The press being handled."""
        assert self.arrived.callback_query is not None
        return self.arrived.callback_query

    @property
    def message(self) -> Message:
        """The message being handled."""
        assert self.arrived.effective_message is not None
        return self.arrived.effective_message

    @property
    def question_behind(self) -> str:
        """What somebody wrote to get the message whose button was pressed, as far as it is known."""
        pressed = self.query.message
        asked = pressed.reply_to_message if isinstance(pressed, Message) else None
        return (asked.text or asked.caption or "") if asked and not asked.forward_origin else ""

    def shows(self, text: str) -> bool:
        """Tell whether the pressed message says this: its button may stand below an older screen."""
        pressed = self.query.message
        said = (pressed.text or "") if isinstance(pressed, Message) else ""
        return _letters(text) in _letters(said)

    @property
    def args_of_press(self) -> list[str]:
        """The parts of the button's data behind its name."""
        return (self.query.data or "").split(":")[1:]

    async def allow(self, *roles: Role) -> None:
        """Raise NotAllowed unless the person holds one of the roles at this moment."""
        held = await people.roles_of(self.session, self.person, self.resources.admin_ids)
        if not held.intersection(roles):
            raise NotAllowed

    @property
    def chat_id(self) -> int:
        """The chat to answer in."""
        chat = self.arrived.effective_chat
        return chat.id if chat else self.person.chat_id

    def call(self, method: str, **params: Any) -> None:
        """Queue a call of the Bot API; it leaves after the commit, in the order of this chat."""
        self.turn.calls.append(Call(self.chat_id, method, params))

    def send(self, method: str, **params: Any) -> None:
        """Queue a call about this chat."""
        self.call(method, chat_id=self.chat_id, **params)

    def reply(self, screen: Screen, *, quoting: Message | None = None) -> None:
        """Send a new message; `quoting` the one it answers."""
        if screen.menu is not None and self.turn.person is not None and self.turn.person.discreet:
            screen = replace(screen, menu=None)  # who hid the conversation gets no telling menu
        params = screen.params()
        if quoting is not None:
            params["reply_parameters"] = {
                "message_id": quoting.message_id,
                "allow_sending_without_reply": True,
            }
        if self.arrived.effective_message is not None and self.message.is_topic_message:
            params["message_thread_id"] = self.message.message_thread_id
        self.send("sendMessage", **params)

    def show(self, screen: Screen) -> None:
        """Put the screen in place of the one whose button was pressed, or below it, or send it."""
        pressed = self.arrived.callback_query
        keeps = pressed is not None and (pressed.data or "").startswith(BELOW)
        if pressed is None or pressed.message is None or screen.menu is not None or keeps:
            self.reply(screen)
            return
        self.send("editMessageText", message_id=pressed.message.message_id, **screen.params())

    def toast(self, text: str, *, alert: bool = False) -> None:
        """Say something in a pop-up over the pressed button."""
        # Every press is answered once, by the dispatcher if not here: it stops the spinner.
        self.turn.at_once = [
            Call(
                self.chat_id,
                "answerCallbackQuery",
                {"callback_query_id": self.query.id, "text": text[:200], "show_alert": alert},
            )
        ]

    @property
    def dialog(self) -> Dialog | None:
        """The unfinished conversation, if there is one."""
        return self.turn.dialog

    async def open_dialog(self, name: str, step: str, data: Any) -> None:
        """Begin a conversation, or go on to its next step."""
        dialog = self.turn.dialog
        if dialog is None:
            dialog = Dialog(chat_id=self.person.chat_id)
            self.session.add(dialog)
            self.turn.dialog = dialog
        dialog.name, dialog.step, dialog.data, dialog.updated_at = name, step, data, self.now

    async def close_dialog(self) -> None:
        """End the conversation."""
        if self.turn.dialog is not None:
            await self.session.delete(self.turn.dialog)
            self.turn.dialog = None


BotApplication = Application[
    ExtBot[None],
    BotContext,
    dict[Any, Any],
    dict[Any, Any],
    dict[Any, Any],
    JobQueue[BotContext],
]
