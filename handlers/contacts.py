"""/contacts: hotlines and offices by need and region."""

from __future__ import annotations

from telegram import Update
from telegram.ext import CallbackQueryHandler, CommandHandler

from handlers.articles import gone
from handlers.context import BotApplication, BotContext
from handlers.phones import card, card_buttons, contact_lines
from handlers.screens import LONGEST, Button, Screen, bold, in_rows, plain
from knowledge.base import Base
from knowledge.model import Contact, Language
from locales import texts


def register(application: BotApplication) -> None:
    """Listen to /contacts and its buttons."""
    application.add_handler(CommandHandler("contacts", needs))
    application.add_handler(CallbackQueryHandler(needs, pattern=r"^c$"))
    application.add_handler(CallbackQueryHandler(need_pressed, pattern=r"^\+?c(:[^:]+){1,2}$"))
    application.add_handler(CallbackQueryHandler(regions_pressed, pattern=r"^cr:[^:]+$"))
    application.add_handler(CallbackQueryHandler(card_pressed, pattern=r"^card:[^:]+$"))


async def needs(update: Update, context: BotContext) -> None:
    """What do you need help with?"""
    language = context.language
    buttons = [
        Button(need.in_language(language), f"c:{need.id}")
        for need in context.resources.base.needs.values()
    ]
    context.show(Screen(plain(context.t("Whom do you need?")), in_rows(buttons, 2)))


async def need_pressed(update: Update, context: BotContext) -> None:
    """Who helps with a need, in the person's region or a chosen one."""
    need_id, *chosen = context.args_of_press
    base = context.resources.base
    region = chosen[0] if chosen else (context.person.region or "")
    if need_id not in base.needs or (region and region not in base.regions):
        gone(context)
        return
    context.show(need_screen(base, need_id, region or None, context.language))


def need_screen(base: Base, need_id: str, region: str | None, language: Language) -> Screen:
    """Contacts for a need, with cards for the numbers that the text can't dial."""
    t = texts(language)
    contacts = base.help_for(need_id, region)
    title = bold(base.needs[need_id].in_language(language))
    if region:
        title += " · " + plain(base.regions[region].in_language(language))
    return Screen(
        _fitting(base, title, contacts, language),
        [
            *in_rows(card_buttons(contacts), 3),
            [Button(t("📍 Another region"), f"cr:{need_id}")],
            [Button(t("⬅️ Back"), "c")],
        ],
    )


def _fitting(base: Base, title: str, contacts: tuple[Contact, ...], language: Language) -> str:
    """All contacts in full if they fit into a message, the last ones briefly if not."""
    blocks = [contact_lines(base, one, language) for one in contacts]
    briefly = len(blocks)
    while sum(map(len, blocks)) + 2 * len(blocks) > LONGEST - 200 and briefly:
        briefly -= 1
        blocks[briefly] = contact_lines(base, contacts[briefly], language, briefly=True)
    return "\n\n".join([title, *blocks])


async def regions_pressed(update: Update, context: BotContext) -> None:
    """Choose another region for a need."""
    (need_id,) = context.args_of_press
    base, language = context.resources.base, context.language
    if need_id not in base.needs:
        gone(context)
        return
    rows = region_rows(base, language, f"c:{need_id}")
    back = [Button(context.t("⬅️ Back"), f"c:{need_id}")]
    context.show(Screen(plain(context.t("Where do you need help?")), [*rows, back]))


def region_rows(base: Base, language: Language, data: str) -> list[list[Button]]:
    """A button for each region, two a row; its code goes behind `data`."""
    buttons = [
        Button(region.in_language(language), f"{data}:{region.code}")
        for region in base.regions.values()
    ]
    return in_rows(buttons, 2)


async def card_pressed(update: Update, context: BotContext) -> None:
    """A contact card: a tap on it dials, even a short number."""
    (contact_id,) = context.args_of_press
    contact = context.resources.base.contacts.get(contact_id)
    if contact is None or not contact.phones:
        gone(context)
        return
    context.send("sendContact", **card(contact, context.language))
