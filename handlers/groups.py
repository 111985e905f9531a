"""Groups: a short answer where the bot is mentioned; everything personal in private."""

from __future__ import annotations

from telegram import Message, Update
from telegram.ext import MessageHandler, filters

from handlers.articles import review_line
from handlers.context import BotApplication, BotContext
from handlers.phones import contact_lines
from handlers.resources import today
from handlers.screens import Button, Screen, bold, plain
from locales import texts

URGENT = ("contacts/112", "contacts/102")


def register(application: BotApplication) -> None:
    """Listen in groups to what is meant for the bot."""
    application.add_handler(MessageHandler(filters.ChatType.GROUPS & filters.TEXT, said))


def _question(message: Message, username: str) -> str | None:
    """What was asked of the bot: behind its mention, or in reply to it; None when neither."""
    text = message.text or ""
    mention = f"@{username}".lower()
    at = text.lower().find(mention)
    if at >= 0:
        return (text[:at] + " " + text[at + len(mention) :]).strip()
    quoted = message.reply_to_message
    author = quoted.from_user if quoted else None
    if author is not None and (author.username or "").lower() == username.lower():
        return text
    return None


async def said(update: Update, context: BotContext) -> None:
    """Answer with the short answer and a link into the private chat."""
    asked = _question(context.message, context.resources.username)
    if asked is None:
        return
    base, resources = context.resources.base, context.resources
    result = resources.searcher.ask(asked)
    t = texts(result.language if asked else context.language)
    article = base.article(result.ids[0]) if result.ids and result.sure else None
    if result.danger is not None:
        numbers = [
            contact_lines(base, base.contacts[one], result.language, briefly=True) for one in URGENT
        ]
        text = "\n".join(
            [
                plain(
                    t(
                        "If somebody is in danger, call. Write to me in private, nobody else "
                        "sees it."
                    )
                ),
                *numbers,
            ]
        )
        link = resources.deep_link("")
    elif article is not None:
        told = resources.told(article, result.language, today(context.now))
        text = "\n\n".join([bold(told.title), plain(told.answer), review_line(t, article)])
        link = resources.article_link(article.id)
    else:
        text = plain(t("Write to me in private: there I can ask back, and nobody else sees it."))
        link = resources.deep_link("")
    context.reply(
        Screen(text, [[Button(t("Write in private"), url=link)]]), quoting=context.message
    )
