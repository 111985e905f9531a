"""Inline mode: `@bot …` in any chat shares an answer, with its review state."""

from __future__ import annotations

from typing import Any

from telegram import Update
from telegram.ext import (
    ApplicationHandlerStop,
    InlineQueryHandler,
    MessageHandler,
    filters,
)

from handlers.articles import review_line
from handlers.context import BotApplication, BotContext, Call
from handlers.repeats import FIRST
from handlers.resources import is_language, today
from handlers.screens import Button, bold, plain
from knowledge.model import LANGUAGES, Article, Language
from locales import texts
from services import people

OFFERED = 10
CACHED = 300  # seconds that Telegram may keep the results


def register(application: BotApplication) -> None:
    """Listen to inline queries, and to what they bring into a chat with the bot."""
    application.add_handler(InlineQueryHandler(asked))
    application.add_handler(MessageHandler(filters.VIA_BOT, shared_here), group=FIRST)


async def asked(update: Update, context: BotContext) -> None:
    """Offer articles that answer what was typed; urgent ones when nothing was."""
    assert update.inline_query is not None
    wanted = update.inline_query.query.strip()
    base = context.resources.base
    chosen = await people.language_of(context.session, update.inline_query.from_user.id)
    language = chosen if chosen and is_language(chosen) else context.language
    if (exact := base.article(wanted)) is not None:
        # From a share button: whoever is to read it may prefer the other language.
        others = [(exact, other) for other in LANGUAGES if other != language]
        found = [(exact, language), *others]
    elif wanted:
        result = context.resources.searcher.ask(wanted)
        articles = filter(None, map(base.article, result.ids))
        found = [(one, result.language) for one in articles]
    else:
        found = [(one, language) for one in base.articles.values() if one.urgent]
    context.turn.at_once = [
        Call(
            0,
            "answerInlineQuery",
            {
                "inline_query_id": update.inline_query.id,
                "results": [_result(context, *one) for one in found[:OFFERED]],
                "cache_time": CACHED,
                "is_personal": True,
                "button": {
                    "text": context.t("Ask me in private"),
                    "start_parameter": "ask",
                },
            },
        )
    ]


async def shared_here(update: Update, context: BotContext) -> None:
    """An answer of ours, shared with ourselves or with a group: it is no question."""
    via = context.message.via_bot
    if via is not None and via.id == context.bot.id:
        raise ApplicationHandlerStop


def _result(context: BotContext, article: Article, language: Language) -> dict[str, Any]:
    t = texts(language)
    text = context.resources.told(article, language, today(context.now))
    open_it = Button(t("Read on and ask"), url=context.resources.article_link(article.id))
    return {
        "type": "article",
        "id": f"{language}:{article.id}",
        "title": text.title,
        "description": text.answer[:100],
        "input_message_content": {
            "message_text": "\n\n".join(
                [bold(text.title), plain(text.answer), review_line(t, article)]
            ),
            "parse_mode": "HTML",
            "link_preview_options": {"is_disabled": True},
        },
        "reply_markup": {"inline_keyboard": [[open_it.params()]]},
    }
