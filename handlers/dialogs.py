"""What is sent while a question of ours is open goes to the conversation that asked it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from types import MappingProxyType

from telegram import Update
from telegram.ext import ApplicationHandlerStop, MessageHandler, filters

from handlers.context import BotApplication, BotContext
from handlers.menu import is_button
from handlers.screens import Button, Screen, plain
from services.refusals import NotAllowed

FIRST = -3  # after repeated presses, before the handlers of free text and of albums
Listener = Callable[[Update, BotContext], Awaitable[bool]]
REMINDED = timedelta(hours=1)  # how long a conversation is called back to mind
NOTHING: Mapping[str, Listener] = MappingProxyType({})


def register(
    application: BotApplication,
    listeners: Mapping[str, Listener],
    media: Mapping[str, Listener] = NOTHING,
) -> None:
    """Let conversations hear what is typed, and what is sent otherwise: by the dialog, its listener.

    `media` hears all that is no text: pictures of an album one by one, voice, files, contacts,
    places. A listener gives back whether the message was for it; if not, it is a question as ever.
    """

    async def heard(update: Update, context: BotContext, by: Mapping[str, Listener]) -> None:
        dialog = context.dialog
        listener = by.get(dialog.name) if dialog is not None else None
        if listener is None:
            return
        try:
            taken = await listener(update, context)
        except NotAllowed:  # their role was taken back: what they write is a question again
            await context.close_dialog()
            return
        if taken:
            raise ApplicationHandlerStop

    async def typed(update: Update, context: BotContext) -> None:
        if not is_button(context.message.text or ""):
            await heard(update, context, listeners)

    async def sent(update: Update, context: BotContext) -> None:
        await heard(update, context, media)

    private = filters.ChatType.PRIVATE
    text = filters.TEXT & ~filters.COMMAND
    other = ~filters.TEXT & ~filters.StatusUpdate.ALL
    application.add_handler(MessageHandler(private & text, typed), group=FIRST)
    application.add_handler(MessageHandler(private & other, sent), group=FIRST)


def remind_of_dialog(context: BotContext) -> None:
    """What comes in between does not lose the conversation: offer the way back to it."""
    dialog = context.dialog
    if dialog is None or dialog.name == "start" or context.now - dialog.updated_at > REMINDED:
        return
    t = context.t
    context.reply(
        Screen(
            plain(t("We were not finished. Shall we go on?")),
            [[Button(t("▶️ Go on"), f"{dialog.name}:again"), Button(t("✖️ Stop"), "cancel")]],
        )
    )
