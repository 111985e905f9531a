"""Free text is a question, at any moment."""

from __future__ import annotations

from telegram import Message, Update
from telegram.ext import CommandHandler, MessageHandler, filters

from handlers import danger
from handlers.articles import article_screen, title_button, unknown_screen
from handlers.context import BotApplication, BotContext
from handlers.screens import Button, Screen, italic, plain
from handlers.start import how_to_ask
from knowledge.search import Result
from locales import texts
from services import questions
from storage.questions import Miss

CHOICES = 3
LETTERS_NEEDED = 2  # fewer make no question: an emoji, a full stop


def register(application: BotApplication) -> None:
    """Listen to /ask and to any text, new or edited, in private chats."""
    application.add_handler(CommandHandler("ask", ask))
    application.add_handler(MessageHandler(filters.TEXT & filters.ChatType.PRIVATE, question_asked))


async def ask(update: Update, context: BotContext) -> None:
    """/ask: with a question behind it, answer; else invite one."""
    asked = " ".join(context.args or ())
    if asked:
        answer(context, asked)
        return
    context.reply(Screen(how_to_ask(context.t)))


async def question_asked(update: Update, context: BotContext) -> None:
    """A text that is no command and no menu button."""
    answer(context, context.message.text or "")
    remind_of_dialog(context)


def answer(context: BotContext, asked: str, *, quoting: Message | None = None) -> None:
    """Answer a question: danger first, then an article, a choice, or an honest no."""
    if sum(map(str.isalnum, asked)) < LETTERS_NEEDED:
        context.reply(Screen(how_to_ask(context.t)), quoting=quoting or context.message)
        return
    result = context.resources.searcher.ask(asked)
    quoting = quoting or context.message
    if result.danger is not None:
        danger.respond(context, result)
    elif result.sure:
        screen = article_screen(context, result.ids[0], result.language)
        context.reply(with_notice(context, screen), quoting=quoting)
    elif result.ids:
        context.reply(choices_screen(context, result), quoting=quoting)
    else:
        _unknown(context, asked, result, quoting)


def choices_screen(context: BotContext, result: Result) -> Screen:
    """Unsure: up to three articles to choose from."""
    t = texts(result.language)
    found = [context.resources.base.article(one) for one in result.ids[:CHOICES]]
    return Screen(
        plain(t("Did you mean one of these?")),
        [
            *([title_button(context, one, result.language)] for one in found if one),
            [Button(t("None of these"), f"none:{result.language}")],
        ],
    )


def _unknown(context: BotContext, asked: str, result: Result, quoting: Message) -> None:
    questions.keep_missed(
        context.session,
        asker=context.person,
        text=asked,
        language=result.language,
        why=Miss.UNKNOWN,
        now=context.now,
    )
    context.reply(unknown_screen(texts(result.language)), quoting=quoting)


def with_notice(context: BotContext, screen: Screen) -> Screen:
    """To whom has not seen the privacy notice yet, a line on where it is."""
    if context.person.privacy is not None:
        return screen
    line = italic(context.t("Language, privacy, menu: /start"))
    return Screen(f"{screen.text}\n\n{line}", screen.buttons)


def remind_of_dialog(context: BotContext) -> None:
    """A question in between does not lose the conversation: offer the way back to it."""
    dialog = context.dialog
    if dialog is None or dialog.name == "start":
        return
    t = context.t
    context.reply(
        Screen(
            plain(t("We were not finished. Shall we go on?")),
            [[Button(t("▶️ Go on"), f"{dialog.name}:again"), Button(t("✖️ Stop"), "cancel")]],
        )
    )
