"""What is written while a question of ours is open goes to the conversation that asked it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from telegram import Update
from telegram.ext import ApplicationHandlerStop, MessageHandler, filters

from handlers.context import BotApplication, BotContext
from handlers.menu import is_button
from services.refusals import NotAllowed

FIRST = -1  # before the handlers of free text
Listener = Callable[[Update, BotContext], Awaitable[bool]]


def register(application: BotApplication, listeners: Mapping[str, Listener]) -> None:
    """Let conversations hear what is typed: by the name of the dialog, its listener.

    A listener gives back whether the text was for it; if not, it is a question as ever.
    """

    async def typed(update: Update, context: BotContext) -> None:
        dialog = context.dialog
        listener = listeners.get(dialog.name) if dialog is not None else None
        if listener is None or is_button(context.message.text or ""):
            return
        try:
            heard = await listener(update, context)
        except NotAllowed:  # their role was taken back: what they write is a question again
            await context.close_dialog()
            return
        if heard:
            raise ApplicationHandlerStop

    text = filters.TEXT & ~filters.COMMAND & filters.ChatType.PRIVATE
    application.add_handler(MessageHandler(text, typed), group=FIRST)
