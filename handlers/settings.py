"""/settings: language, region and district; all of it may be skipped."""

from __future__ import annotations

from telegram import Update
from telegram.ext import (
    ApplicationHandlerStop,
    CallbackQueryHandler,
    CommandHandler,
    MessageHandler,
    filters,
)

from handlers.articles import gone
from handlers.context import BotApplication, BotContext
from handlers.screens import Button, Screen, bold, in_rows, plain
from handlers.start import language_screen, privacy_screen
from services import people
from services.places import find_place
from storage.people import Privacy

DIALOG = "place"
FIRST = -1  # before the handlers of free text


def register(application: BotApplication) -> None:
    """Listen to /settings, its buttons, and a place typed while it is asked for."""
    application.add_handler(CommandHandler("settings", settings))
    application.add_handler(CallbackQueryHandler(settings, pattern=r"^set$"))
    application.add_handler(CallbackQueryHandler(language_pressed, pattern=r"^set:language$"))
    application.add_handler(
        CallbackQueryHandler(place_pressed, pattern=r"^(set:place|place:again)$")
    )
    application.add_handler(CallbackQueryHandler(region_chosen, pattern=r"^region:"))
    application.add_handler(CallbackQueryHandler(district_chosen, pattern=r"^district:"))
    application.add_handler(
        MessageHandler(filters.TEXT & ~filters.COMMAND & filters.ChatType.PRIVATE, place_typed),
        group=FIRST,
    )


async def settings(update: Update, context: BotContext) -> None:
    """What is set, and buttons to change it."""
    context.show(settings_screen(context))


def settings_screen(context: BotContext) -> Screen:
    """The settings as they are."""
    t = context.t
    return Screen(
        f"{bold(t('Settings'))}\n\n"
        + plain(t("Language: {language}", language=t("English name of this language")))
        + "\n"
        + plain(t("Where you live: {place}", place=_place(context) or t("not given"))),
        [
            [Button(t("🌐 Language"), "set:language")],
            [Button(t("📍 Where I live"), "set:place")],
            [Button(t("🔒 What is kept about me"), "held")],
        ],
    )


def _place(context: BotContext) -> str:
    base, person, language = context.resources.base, context.person, context.language
    region = base.regions.get(person.region or "")
    if region is None:
        return ""
    district = region.districts.get(person.district or "")
    names = [region.in_language(language)]
    if district is not None:
        names.append(district.in_language(language))
    return ", ".join(names)


async def language_pressed(update: Update, context: BotContext) -> None:
    """Change the language."""
    context.show(language_screen())


async def place_pressed(update: Update, context: BotContext) -> None:
    """Ask for the region; it may be pressed or typed."""
    if context.person.privacy is not Privacy.ACCEPTED:
        context.show(privacy_screen(context.t))  # without consent no place is kept
        return
    await context.open_dialog(DIALOG, "region", {})
    language, t = context.language, context.t
    buttons = [
        Button(region.in_language(language), f"region:{region.code}")
        for region in context.resources.base.regions.values()
    ]
    context.show(
        Screen(
            plain(t("Where do you live? Press, or write the name of your district or town.")),
            [
                *in_rows(buttons, 2),
                [Button(t("Skip"), "region:-"), Button(t("✖️ Cancel"), "cancel")],
            ],
        )
    )


async def region_chosen(update: Update, context: BotContext) -> None:
    """A region was pressed; its districts are next."""
    (code,) = context.args_of_press
    base, language, t = context.resources.base, context.language, context.t
    if code == "-":
        await _finish(context, None, None)
        return
    region = base.regions.get(code)
    if region is None:
        gone(context)
        return
    await context.open_dialog(DIALOG, "district", {"region": code})
    buttons = [
        Button(district.in_language(language), f"district:{code}:{district.code}")
        for district in region.districts.values()
    ]
    context.show(
        Screen(
            plain(t("Which district or town?")),
            [
                *in_rows(buttons, 2),
                [Button(t("Skip"), f"district:{code}:-")],
                [Button(t("⬅️ Back"), "set:place"), Button(t("✖️ Cancel"), "cancel")],
            ],
        )
    )


async def district_chosen(update: Update, context: BotContext) -> None:
    """A district was pressed, or skipped."""
    code, district = context.args_of_press
    region = context.resources.base.regions.get(code)
    if region is None or (district != "-" and district not in region.districts):
        gone(context)
        return
    await _finish(context, code, None if district == "-" else district)


async def place_typed(update: Update, context: BotContext) -> None:
    """A name typed while the place is asked for; any other text is a question as ever."""
    dialog = context.dialog
    if dialog is None or dialog.name != DIALOG or update.edited_message is not None:
        return
    found = find_place(context.resources.base.regions.values(), context.message.text or "")
    if found is None:
        return
    await _finish(context, *found)
    raise ApplicationHandlerStop


async def _finish(context: BotContext, region: str | None, district: str | None) -> None:
    people.choose_place(context.person, region, district)
    await context.close_dialog()
    context.show(settings_screen(context))
