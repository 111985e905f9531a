"""/book: where a free lawyer is near."""

from __future__ import annotations

from telegram import Update
from telegram.ext import CallbackQueryHandler, CommandHandler

from handlers.contacts import need_screen
from handlers.context import BotApplication, BotContext
from handlers.screens import Button, Screen, in_rows, plain

NEED = "legal-aid"


def register(application: BotApplication) -> None:
    """Listen to /book and its buttons."""
    application.add_handler(CommandHandler("book", book))
    application.add_handler(CallbackQueryHandler(book_pressed, pattern=r"^book(:|$)"))


async def book(update: Update, context: BotContext) -> None:
    """/book."""
    await offer(context, None)


async def book_pressed(update: Update, context: BotContext) -> None:
    """From an article or a topic."""
    about = context.args_of_press
    await offer(context, about[0] if about else None)


async def offer(context: BotContext, about: str | None) -> None:
    """The offices of free legal help in the person's region, or the choice of a region."""
    base, language = context.resources.base, context.language
    if context.person.region in base.regions:
        context.reply(need_screen(base, NEED, context.person.region, language))
        return
    buttons = [
        Button(region.in_language(language), f"c:{NEED}:{region.code}")
        for region in base.regions.values()
    ]
    context.reply(
        Screen(
            plain(context.t("A lawyer's consultation is free. Where do you live?")),
            in_rows(buttons, 2),
        )
    )
