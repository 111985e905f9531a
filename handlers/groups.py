"""Groups: a short answer where the bot is meant; everything personal in private."""

from __future__ import annotations

import re

from telegram import Message, Update
from telegram.ext import ApplicationHandlerStop, CallbackQueryHandler, MessageHandler, filters

from handlers import courtesy, dialogs
from handlers.articles import gone, review_line
from handlers.context import BotApplication, BotContext
from handlers.phones import contact_lines
from handlers.resources import today
from handlers.screens import Button, Screen, bold, plain
from knowledge.search import Result
from locales import texts

URGENT = ("contacts/112", "contacts/102")
CHOICES = 3
# The buttons of cards (handlers.offers): a press of any other in a group is forged, and what it leads to
# would stand there for all to read.
PRESSED_HERE = re.compile(r"ho:[ad]:")


def register(application: BotApplication) -> None:
    """Listen to groups, before the commands and conversations of private chats do."""
    application.add_handler(CallbackQueryHandler(pressed), group=dialogs.FIRST)
    application.add_handler(MessageHandler(filters.ChatType.GROUPS, said))


def _question(message: Message, username: str) -> str | None:
    """What was asked of the bot: by a command, behind its mention, in reply to it; else None."""
    text = message.text or message.caption or ""
    mention = f"@{username}".lower()
    if text.startswith("/"):
        command, _, rest = text.partition(" ")
        return (
            rest.strip() if command.lower() == "/ask" or command.lower().endswith(mention) else None
        )
    at = text.lower().find(mention)
    if at >= 0:
        return (text[:at] + " " + text[at + len(mention) :]).strip()
    quoted = message.reply_to_message
    author = quoted.from_user if quoted else None
    if author is not None and (author.username or "").lower() == username.lower():
        return text if text and not courtesy.is_thanks(text) else None
    return None


async def pressed(update: Update, context: BotContext) -> None:
    """A press in a group: to be answered there only if it is one of a card's."""
    private = context.chat_id == context.person.chat_id
    if not private and not PRESSED_HERE.match(context.query.data or ""):
        gone(context)
        raise ApplicationHandlerStop


async def said(update: Update, context: BotContext) -> None:
    """Answer what was meant for the bot, with a link into the private chat; leave the rest alone."""
    asked = _question(context.message, context.resources.username)
    if asked is not None:
        result = context.resources.searcher.ask(asked)
        context.reply(_screen(context, asked, result), quoting=context.message)


def _screen(context: BotContext, asked: str, result: Result) -> Screen:
    resources, base = context.resources, context.resources.base
    t = texts(result.language if asked else context.language)
    found = [one for article_id in result.ids[:CHOICES] if (one := base.article(article_id))]
    private = [Button(t("Write in private"), url=resources.deep_link(""))]
    if result.danger is not None:
        help_said = plain(
            t("If somebody is in danger, call. Write to me in private, nobody else sees it.")
        )
        numbers = [
            contact_lines(base, base.contacts[one], result.language, briefly=True) for one in URGENT
        ]
        return Screen("\n".join([help_said, *numbers]), [private])
    if found and result.sure:
        told = resources.told(found[0], result.language, today(context.now))
        text = "\n\n".join([bold(told.title), plain(told.answer), review_line(t, found[0])])
        link = resources.article_link(found[0].id)
        return Screen(text, [[Button(t("Write in private"), url=link)]])
    if found:
        titles = [
            [Button(one.in_language(result.language).title, url=resources.article_link(one.id))]
            for one in found
        ]
        return Screen(plain(t("Did you mean one of these?")), [*titles, private])
    invitation = t("Write to me in private: there I can ask back, and nobody else sees it.")
    return Screen(plain(invitation), [private])
