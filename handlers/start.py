"""First contact: language, privacy notice, menu; and links that lead to a place inside."""

from __future__ import annotations

import re

from telegram import Update
from telegram.ext import CallbackQueryHandler, CommandHandler, MessageHandler, filters

from handlers import articles, booking, events, menu, privacy, roles
from handlers.context import BotApplication, BotContext, Call
from handlers.dialogs import remind_of_dialog
from handlers.notice import first_steps, language_names, language_screen, privacy_screen
from handlers.screens import Screen, italic, plain
from locales import Texts, all_texts, texts
from services import people, questions
from storage.people import Person, Privacy
from storage.traffic import Priority

EVENT = re.compile(r"[0-9]{1,15}")  # the number of an event in a link


def register(application: BotApplication) -> None:
    """Listen to /start, /language and what their buttons say."""
    application.add_handler(CommandHandler("start", start))
    application.add_handler(CommandHandler("language", ask_language))
    application.add_handler(CallbackQueryHandler(language_chosen, pattern=r"^lang:[^:]+$"))
    named = re.compile(rf"^({'|'.join(language_names())})\W*$", re.IGNORECASE)
    application.add_handler(
        MessageHandler(filters.Regex(named) & filters.ChatType.PRIVATE, language_named)
    )
    application.add_handler(CallbackQueryHandler(privacy_answered, pattern=r"^priv:(yes|no)$"))


async def start(update: Update, context: BotContext) -> None:
    """/start, with or without a payload of a deep link."""
    payload = context.args[0] if context.args else ""
    person = context.person
    if person.discreet:
        person.discreet = False
        await set_commands(context)
    if (screen := first_steps(context)) is not None:
        if payload:
            await context.open_dialog("start", "payload", payload)
        context.reply(screen)
        return
    if payload:
        await go_to(context, payload)
        return
    context.reply(welcome(context.t))
    remind_of_dialog(context)


async def go_to(context: BotContext, payload: str) -> None:
    """Follow a deep link; an unknown one leads to the menu."""
    kind, _, rest = payload.partition("_")
    match kind:
        case "i" if rest:
            await roles.accept(context, rest)
        case "a" if article := context.resources.base.article(rest.replace("_", "/")):
            await articles.note_given(context, article.id)
            context.reply(articles.article_screen(context, article.id, context.language))
        case "a" if context.resources.whole.article(rest.replace("_", "/")):
            context.reply(Screen(plain(articles.being_checked(context.t))))
        case "b":
            article = context.resources.base.article(rest.replace("_", "/"))
            await booking.offer(context, topic=rest, article=article.id if article else None)
        case "e" if EVENT.fullmatch(rest):
            await events.show_event(context, int(rest))
        case "t" if rest:
            await events.ticket_opened(context, rest)
        case _:
            context.reply(welcome(context.t))


async def ask_language(update: Update, context: BotContext) -> None:
    """/language."""
    context.reply(language_screen())


async def language_chosen(update: Update, context: BotContext) -> None:
    """A language was pressed: all texts and the command menu follow."""
    (code,) = context.args_of_press
    if code in all_texts():
        await _speak(context, code)
    else:
        articles.gone(context)


async def language_named(update: Update, context: BotContext) -> None:
    """The name of a language was written instead of pressed."""
    written = (context.message.text or "").lower()
    for name, code in language_names().items():
        if written.startswith(name.lower()):
            await _speak(context, code)


async def _speak(context: BotContext, code: str) -> None:
    first = context.person.language is None
    people.choose_language(context.person, code)
    await set_commands(context)
    t = texts(code)
    if context.person.privacy is None:
        context.show(privacy_screen(t))
        return
    context.show(Screen(plain(t("From now on I speak English with you."))))
    if not first:
        context.reply(welcome(t))


async def privacy_answered(update: Update, context: BotContext) -> None:
    """The notice was accepted or declined; both lead on."""
    t = context.t
    accepted = context.args_of_press == ["yes"]
    if not accepted and await privacy.has_matters(context):
        await privacy.ask_about_cases(context, "consent:no")
        return
    answer = Privacy.ACCEPTED if accepted else Privacy.DECLINED
    before = context.person.privacy
    people.answer_privacy(context.person, answer)
    if not accepted:
        await questions.drop_wishes(context.session, context.person)
    context.show(
        Screen(
            plain(t("Thank you. You agreed that I keep what your case needs."))
            if accepted
            else plain(
                t("All right: I keep only your language and this choice. Ask whatever you like.")
            )
        )
    )
    if before is answer:  # an older notice, pressed once more, or that before a booking
        await booking.consent_answered(context, agreed=accepted)
        return
    context.reply(welcome(t))
    dialog = context.dialog
    if dialog is not None and dialog.name == "start":
        payload = dialog.data
        await context.close_dialog()
        await go_to(context, payload)
    elif await booking.consent_answered(context, agreed=accepted):
        return
    elif not accepted:
        await context.close_dialog()


def welcome(t: Texts) -> Screen:
    """The main menu with a word on what to do."""
    return menu.menu_screen(t, how_to_ask(t))


def how_to_ask(t: Texts) -> str:
    """An invitation to ask, with an example."""
    invitation = t("Write your question in your own words, as you would tell a neighbour.")
    example = t("For example: my employer does not pay me.")
    return f"{plain(invitation)}\n{italic(example)}"


async def set_commands(context: BotContext, person: Person | None = None) -> None:
    """Set the command menu of a person, of this one if no other is given: by language and role."""
    other = person is not None and person is not context.person
    person = person or context.person
    t = texts(person.language) if other else context.t
    held = await people.roles_of(context.session, person, context.resources.admin_ids)
    listed = menu.commands(t) + menu.staff_commands(t, held)
    if person.discreet:
        listed = menu.harmless_commands(t)
    context.turn.calls.append(
        Call(
            person.chat_id,
            "setMyCommands",
            menu.scoped(person.chat_id, listed),
            Priority.CASE if other else Priority.REPLY,
        )
    )
