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

FIRST = -2  # before all other handlers
AT_ONCE = timedelta(seconds=2)
MOST_CHATS = 10_000  # kept in memory: a process that forgets them only answers once more


class _InAlbum(MessageFilter):
    def filter(self, message: object) -> bool:
        return getattr(message, "media_group_id", None) is not None


def register(application: BotApplication) -> None:
    """Listen to presses and albums before everybody else."""
    application.add_handler(CallbackQueryHandler(pressed), group=FIRST)
    application.add_handler(MessageHandler(_InAlbum(), album), group=FIRST)


async def pressed(update: Update, context: BotContext) -> None:
    """A button: the same one of the same message, pressed again at once, counts as one press."""
    shown = context.query.message
    if _again(context, (shown.message_id if shown else None, context.query.data)):
        raise ApplicationHandlerStop


async def album(update: Update, context: BotContext) -> None:
    """A picture of an album: words are always read, of the wordless ones the first is answered."""
    again = _again(context, context.message.media_group_id)
    if again and not context.message.caption:
        raise ApplicationHandlerStop


def _again(context: BotContext, what: object) -> bool:
    """Tell whether the chat's last press or picture was the same; an update retried is not."""
    last = context.bot_data.setdefault("last", {})
    if len(last) > MOST_CHATS:
        last.clear()
    number = context.arrived.update_id
    before, before_number, at = last.get(context.chat_id, (None, number, context.now))
    last[context.chat_id] = (what, number, context.now)
    return bool(before == what and before_number != number and context.now - at < AT_ONCE)
