"""/book: where a free lawyer is near."""

from __future__ import annotations

from telegram import Update
from telegram.ext import CallbackQueryHandler, CommandHandler

from handlers.contacts import need_screen, region_rows
from handlers.context import BotApplication, BotContext
from handlers.screens import Screen, plain

NEED = "legal-aid"


def register(application: BotApplication) -> None:
    """Listen to /book and its buttons."""
    application.add_handler(CommandHandler("book", book))
    application.add_handler(CallbackQueryHandler(book, pattern=r"^book(:|$)"))


async def book(update: Update, context: BotContext) -> None:
    """/book, or its button under an article or a topic."""
    await offer(context)


async def offer(context: BotContext) -> None:
    """The offices of free legal help in the person's region, or the choice of a region."""
    base, language = context.resources.base, context.language
    if context.person.region in base.regions:
        context.reply(need_screen(base, NEED, context.person.region, language))
        return
    question = plain(context.t("A lawyer's consultation is free. Where do you live?"))
    context.reply(Screen(question, region_rows(base, language, f"c:{NEED}")))
