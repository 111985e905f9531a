"""Topics and their articles."""

from __future__ import annotations

from telegram import Update
from telegram.ext import CallbackQueryHandler, CommandHandler

from handlers.articles import TOPIC_PAGE, gone, title_button
from handlers.context import BotApplication, BotContext
from handlers.screens import Button, Screen, in_rows, plain


def register(application: BotApplication) -> None:
    """Listen to /topics and the buttons of topics."""
    application.add_handler(CommandHandler("topics", topics))
    application.add_handler(CallbackQueryHandler(topics, pattern=r"^t$"))
    application.add_handler(CallbackQueryHandler(topic_pressed, pattern=r"^t:[^:]+:[0-9]+$"))


async def topics(update: Update, context: BotContext) -> None:
    """All topics."""
    base, language = context.resources.base, context.language
    buttons = [
        Button(f"{topic.emoji} {topic.in_language(language)}", f"t:{topic.id}:0")
        for topic in base.topics.values()
        if base.on_topic(topic.id)
    ]
    context.show(Screen(plain(context.t("What is it about?")), in_rows(buttons, 1)))


async def topic_pressed(update: Update, context: BotContext) -> None:
    """One topic's articles, a page of them."""
    topic_id, page_text = context.args_of_press
    base, language, t = context.resources.base, context.language, context.t
    found = base.on_topic(topic_id)
    if not found:
        gone(context)
        return
    pages = (len(found) - 1) // TOPIC_PAGE + 1
    page = min(int(page_text), pages - 1)
    shown = found[page * TOPIC_PAGE : (page + 1) * TOPIC_PAGE]
    turning = [Button("◀️", f"t:{topic_id}:{page - 1}")] if page else []
    turning += [Button("▶️", f"t:{topic_id}:{page + 1}")] if page + 1 < pages else []
    topic = base.topics[topic_id]
    title = f"{topic.emoji} <b>{plain(topic.in_language(language))}</b>"
    if pages > 1:
        title += "\n" + plain(t("Page {page} of {pages}", page=page + 1, pages=pages))
    context.show(
        Screen(
            title,
            [
                *([title_button(article, language)] for article in shown),
                turning,
                [Button(t("👩‍⚖️ Free lawyer"), f"book:{topic_id}")],
                [Button(t("⬅️ All topics"), "t")],
            ],
        )
    )
