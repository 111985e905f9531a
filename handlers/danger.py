"""Danger: help and numbers first, short; and a button that hides the conversation."""

from __future__ import annotations

from telegram import Update
from telegram.ext import CallbackQueryHandler, CommandHandler

from handlers import articles, menu
from handlers.context import BELOW, HIDE, BotApplication, BotContext
from handlers.phones import card, contact_lines
from handlers.screens import Button, Screen, plain
from knowledge.search import Danger, Result
from locales import Texts, texts
from services import questions

# Whom to call first, ids of knowledge/contacts.yaml. The first two come on cards.
NUMBERS: dict[str, tuple[str, ...]] = {
    "child": ("contacts/111", "contacts/102", "contacts/112"),
    "suicide": ("contacts/112", "contacts/103", "contacts/111"),
    "detention": ("contacts/115", "contacts/112"),
    "trafficking": ("contacts/102", "contacts/112", "contacts/189"),
}
OTHERWISE = ("contacts/102", "contacts/112", "contacts/103")
CARDS = 2
# The article that says what to do, by kind.
ARTICLES = {
    "violence": "safety/domestic-violence",
    "detention": "police/detained",
    "kidnapping": "safety/bride-kidnapping",
    "trafficking": "safety/human-trafficking",
    "child": "safety/child-abuse",
    "sexual_violence": "safety/sexual-violence",
    "threat": "safety/stalking-threats",
}


def register(application: BotApplication) -> None:
    """Listen to /hide and its button."""
    application.add_handler(CommandHandler("hide", hide))
    application.add_handler(CallbackQueryHandler(hide, pattern=r"^hide$"))
    application.add_handler(CallbackQueryHandler(note_read, pattern=r"^read$"))


def _first_words(t: Texts, danger: Danger) -> str:
    match danger.value:
        case "child":
            return t("If a child is in danger, call now. You need not give your name.")
        case "suicide":
            return t(
                "It is good that you wrote. You are not alone: please call now, or tell "
                "somebody near you."
            )
        case "detention":
            return t(
                "You have the right to be silent, to a lawyer at once, and to tell your family "
                "where you are. Sign nothing without a lawyer."
            )
        case "kidnapping":
            return t("Taking a girl against her will is a crime. Call now: the police must come.")
        case "trafficking":
            return t(
                "Holding people and taking their papers is a crime. If you can, call now; "
                "abroad, call the consulate."
            )
    return t("If you are in danger now, go to a safe place and call. You are not to blame.")


def respond(context: BotContext, result: Result) -> None:
    """Help first: numbers in the text, cards to dial from, then what to do and how to hide this."""
    assert result.danger is not None
    language = result.language
    t = texts(language)
    contacts = context.resources.base.contacts
    ids = [one for one in NUMBERS.get(result.danger.value, OTHERWISE) if one in contacts]
    lines = [f"🆘 <b>{plain(_first_words(t, result.danger))}</b>", ""]
    lines += [
        contact_lines(context.resources.base, contacts[one], language, briefly=True) for one in ids
    ]
    context.reply(Screen("\n".join(lines), _buttons(context, result, t)), quoting=context.message)
    for one in ids[:CARDS]:
        context.send("sendContact", **card(contacts[one], language))


def _buttons(context: BotContext, result: Result, t: Texts) -> list[list[Button]]:
    assert result.danger is not None
    base = context.resources.base
    wanted = [ARTICLES.get(result.danger.value, ""), *(result.ids[:1] if result.sure else ())]
    found = {a.id: a for one in wanted if (a := base.article(one)) is not None}
    rows = [[articles.title_button(a, result.language, below=True)] for a in found.values()]
    if result.danger is not Danger.DETENTION:
        rows.append([Button(t("📍 Shelter and help near me"), f"{BELOW}c:violence")])
    about = base.article(ARTICLES.get(result.danger.value, ""))
    if about is not None:  # who does not want to live needs a voice, not a form
        rows.append([Button(t("👩‍⚖️ Free lawyer"), f"book:{about.id}")])
    rows.append([Button(t("🙈 Hide this conversation"), "hide")])
    return rows


async def hide(update: Update, context: BotContext) -> None:
    """Delete both sides' messages of 48 hours and leave a screen that gives nothing away."""
    person, t = context.person, context.t
    person.discreet = True
    await context.close_dialog()
    await questions.drop_wishes(context.session, person)
    context.call(HIDE)
    context.call("setMyCommands", **menu.scoped(context.chat_id, menu.harmless_commands(t)))
    # A word that could be anybody's; it also takes the menu away from the keyboard.
    context.reply(Screen(plain(t("Hello!")), clears_menu=True))
    older = t("Older messages: open the chat's menu (⋮) and choose «Clear history».")
    said = older + " " + t("To come back, write /start.")
    if update.callback_query is not None:
        context.toast(said, alert=True)
    else:
        context.reply(Screen(plain(said), [[Button(t("Understood, delete this"), "read")]]))


async def note_read(update: Update, context: BotContext) -> None:
    """The note about older messages was read: it goes, too."""
    if context.query.message is not None:
        context.send("deleteMessage", message_id=context.query.message.message_id)
