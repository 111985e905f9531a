"""The same thing twice at once: a button pressed by an impatient thumb, the pictures of one album."""

from __future__ import annotations

from datetime import timedelta

from telegram import Update
from telegram.ext import (
    ApplicationHandlerStop,
    CallbackQueryHandler,
    MessageHandler,
)
from telegram.ext.filters import MessageFilter

from handlers.context import BotApplication, BotContext

FIRST = -5  # before all other handlers: those of the relay (-4) and of open questions (-3)
UNTAKEN = -1  # after the conversations, which take every picture; before all that only answers
AT_ONCE = timedelta(seconds=2)
MOST_CHATS = 10_000  # kept in memory: a process that forgets them only answers once more


class _InAlbum(MessageFilter):
    def filter(self, message: object) -> bool:
        return getattr(message, "media_group_id", None) is not None


def register(application: BotApplication) -> None:
    """Listen to presses before everybody else, to albums once no conversation took them."""
    application.add_handler(CallbackQueryHandler(pressed), group=FIRST)
    application.add_handler(MessageHandler(_InAlbum(), album), group=UNTAKEN)


async def pressed(update: Update, context: BotContext) -> None:
    """A button: the same one of the same message, pressed again at once, counts as one press."""
    shown = context.query.message
    if _again(context, (shown.message_id if shown else None, context.query.data)):
        raise ApplicationHandlerStop


async def album(update: Update, context: BotContext) -> None:
    """A picture that no conversation waits for: words are read, of the wordless ones the first."""
    again = _again(context, context.message.media_group_id)
    if again and not context.message.caption:
        raise ApplicationHandlerStop


def _again(context: BotContext, what: object) -> bool:
    """Tell whether somebody's last press or picture here was the same; an update retried is not."""
    last = context.bot_data.setdefault("last", {})
    if len(last) > MOST_CHATS:
        last.clear()
    number, user = context.arrived.update_id, context.arrived.effective_user
    who = (context.chat_id, user.id if user else 0)  # in a group several press the same button
    before, before_number, at = last.get(who, (None, number, context.now))
    last[who] = (what, number, context.now)
    return bool(before == what and before_number != number and context.now - at < AT_ONCE)
