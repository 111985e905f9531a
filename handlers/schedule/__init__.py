"""/schedule: a lawyer's week, their hours, where and how they can be met, and a day of illness."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from telegram import Update
from telegram.ext import CallbackQueryHandler, CommandHandler

from handlers.context import BotApplication, BotContext
from handlers.schedule import hours, illness, overview, terms, week
from handlers.schedule.common import DIALOG, lawyer_of

__all__ = ["DIALOG", "register", "sent", "typed"]

Step = Callable[[BotContext], Awaitable[None]]
Heard = Callable[[BotContext, str], Awaitable[bool]]
# By the step of the dialog: what shows its question again, and what hears the answer.
AGAIN: Mapping[str, Step] = {
    "weekday": hours.weekday_again,
    "days": hours.days_again,
    "day": hours.day_again,
    "office": terms.office_again,
}
HEARS: Mapping[str, Heard] = {
    "weekday": hours.weekday_typed,
    "days": hours.days_typed,
    "day": hours.day_typed,
    "office": terms.office_typed,
}


def register(application: BotApplication) -> None:
    """Listen to /schedule and its buttons; DIALOG's texts go to `typed`, a place on the map to `sent`."""
    application.add_handler(CommandHandler("schedule", week.schedule))
    for part in (week, overview, hours, terms, illness):
        for pattern, handler in part.BUTTONS.items():
            application.add_handler(CallbackQueryHandler(handler, pattern=rf"^sc:{pattern}$"))
    application.add_handler(CallbackQueryHandler(again, pattern=r"^sc:again$"))


async def again(update: Update, context: BotContext) -> None:
    """Go on where a question came in between."""
    if context.dialog is None or context.dialog.name != DIALOG:
        await week.schedule(update, context)
        return
    await lawyer_of(context)
    await AGAIN[context.dialog.step](context)


async def typed(update: Update, context: BotContext) -> bool:
    """Hours, a day or an address, typed while they are asked for; other texts are questions as ever."""
    await lawyer_of(context)
    assert context.dialog is not None
    return await HEARS[context.dialog.step](context, (context.message.text or "").strip())


async def sent(update: Update, context: BotContext) -> bool:
    """The place of the office, sent from the map while it is asked for."""
    await lawyer_of(context)
    assert context.dialog is not None
    return context.dialog.step == "office" and await terms.office_sent(context)
