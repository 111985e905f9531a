"""Free text is a question, at any moment."""

from __future__ import annotations

from telegram import Message, MessageOriginChannel, MessageOriginChat, Update
from telegram.ext import CommandHandler, MessageHandler, filters

from handlers import courtesy, danger
from handlers.articles import article_screen, note_given, title_button, unknown_screen
from handlers.context import BotApplication, BotContext
from handlers.dialogs import remind_of_dialog
from handlers.notice import first_steps
from handlers.resources import is_language
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
    free_text = filters.TEXT & ~filters.COMMAND & filters.ChatType.PRIVATE
    application.add_handler(MessageHandler(free_text, question_asked))


async def ask(update: Update, context: BotContext) -> None:
    """/ask: with a question behind it, answer; else invite one."""
    asked = " ".join(context.args or ())
    if asked:
        await answer(context, asked)
        return
    context.reply(Screen(how_to_ask(context.t)))


async def question_asked(update: Update, context: BotContext) -> None:
    """A text that is no command and no menu button."""
    await answer(context, context.message.text or "")


async def answer(context: BotContext, asked: str) -> None:
    """Answer what somebody wrote: danger first, then an article, a choice, or an honest no."""
    if (politely := _courtesy(context, asked)) is not None:
        context.reply(politely, quoting=context.message)
        return
    result = _in_their_language(context, asked)
    if result.danger is not None:
        danger.respond(context, result)
        return
    screen = await _answered(context, asked, result)
    context.reply(_with_notice(context, screen), quoting=context.message)
    remind_of_dialog(context)


def _in_their_language(context: BotContext, asked: str) -> Result:
    """What the search makes of a question; words of both languages («алимент») are read as they chose."""
    chosen = context.person.language
    speaks = chosen if chosen and is_language(chosen) else None
    return context.resources.searcher.ask(asked, speaks)


def _courtesy(context: BotContext, said: str) -> Screen | None:
    """What to say to a greeting, to thanks, to signs without words; None to a question."""
    if courtesy.is_greeting(said):
        return first_steps(context) or Screen(how_to_ask(context.t))
    if courtesy.is_thanks(said):
        return Screen(plain(context.t("You are welcome. Write whenever you have a question.")))
    if sum(map(str.isalnum, said)) < LETTERS_NEEDED:
        return Screen(how_to_ask(context.t))
    return None


async def _answered(context: BotContext, asked: str, result: Result) -> Screen:
    t = texts(result.language)
    if _is_post(context.message):
        if result.sure:
            return _choices(context, result)
        return Screen(
            plain(
                t(
                    "This is a forwarded post. What would you like to know? Write it in your own words."
                )
            )
        )
    if result.sure:
        await note_given(context, result.ids[0])
        return article_screen(context, result.ids[0], result.language)
    if result.ids:
        return _choices(context, result)
    ticket = None
    if context.message.forward_origin is None:
        ticket = questions.keep_missed(
            context.session,
            asker=context.person,
            text=asked,
            language=result.language,
            why=Miss.UNKNOWN,
            now=context.now,
        )
    return unknown_screen(t, ticket)


def _is_post(message: Message) -> bool:
    """Tell whether a text was published somewhere: then it is nobody's question."""
    return isinstance(message.forward_origin, MessageOriginChannel | MessageOriginChat)


def _choices(context: BotContext, result: Result) -> Screen:
    """Unsure: up to three articles to choose from."""
    t = texts(result.language)
    found = [context.resources.base.article(one) for one in result.ids[:CHOICES]]
    return Screen(
        plain(t("Did you mean one of these?")),
        [
            *([title_button(one, result.language)] for one in found if one),
            [Button(t("None of these"), f"none:{result.language}")],
        ],
    )


def _with_notice(context: BotContext, screen: Screen) -> Screen:
    """To whom has not seen the privacy notice yet, a line on where it is."""
    if context.person.privacy is not None:
        return screen
    line = italic(context.t("Language, privacy, menu: /start"))
    return Screen(f"{screen.text}\n\n{line}", screen.buttons)
