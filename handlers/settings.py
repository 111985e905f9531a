"""/settings: language, region and district; all of it may be skipped."""

from __future__ import annotations

from telegram import Update
from telegram.ext import CallbackQueryHandler, CommandHandler

from handlers.articles import gone
from handlers.contacts import region_rows
from handlers.context import BotApplication, BotContext
from handlers.courtesy import is_greeting, is_thanks
from handlers.menu import is_button
from handlers.notice import language_screen, privacy_screen
from handlers.screens import Button, Screen, bold, in_rows, plain
from knowledge.model import Region
from services import people
from services.places import find_place
from storage.dialogs import Dialog
from storage.people import Privacy

DIALOG = "place"
LONGEST_NAME = 3  # words


def register(application: BotApplication) -> None:
    """Listen to /settings, its buttons, and a place typed while it is asked for."""
    application.add_handler(CommandHandler("settings", settings))
    application.add_handler(CallbackQueryHandler(settings, pattern=r"^set$"))
    application.add_handler(CallbackQueryHandler(language_pressed, pattern=r"^set:language$"))
    application.add_handler(CallbackQueryHandler(place_pressed, pattern=r"^set:place$"))
    application.add_handler(CallbackQueryHandler(place_again, pattern=r"^place:again$"))
    application.add_handler(CallbackQueryHandler(region_chosen, pattern=r"^region:[^:]+$"))
    application.add_handler(
        CallbackQueryHandler(district_chosen, pattern=r"^district:[^:]+:[^:]+$")
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
    context.show(_region_screen(context))


def _region_screen(context: BotContext) -> Screen:
    t = context.t
    rows = region_rows(context.resources.base, context.language, "region")
    nowhere = t("🗑 Don't keep it") if context.person.region else t("Skip")
    return Screen(
        plain(t("Where do you live? Press, or write the name of your district or town.")),
        [
            *rows,
            [Button(nowhere, "region:-"), Button(t("✖️ Cancel"), "cancel")],
        ],
    )


async def place_again(update: Update, context: BotContext) -> None:
    """Go on where a question came in between."""
    if context.dialog is None or context.dialog.name != DIALOG:
        await place_pressed(update, context)
        return
    context.show(_open_screen(context, context.dialog))


def _open_screen(context: BotContext, dialog: Dialog) -> Screen:
    """The question that is open: the region, or the district of one."""
    region = context.resources.base.regions.get(dialog.data.get("region", ""))
    return _district_screen(context, region) if region else _region_screen(context)


async def region_chosen(update: Update, context: BotContext) -> None:
    """A region was pressed; its districts are next."""
    (code,) = context.args_of_press
    if code == "-":
        await _finish(context, None, None)
        return
    region = context.resources.base.regions.get(code)
    if region is None:
        gone(context)
        return
    if not region.districts:
        await _finish(context, code, None)
        return
    await context.open_dialog(DIALOG, "district", {"region": code})
    context.show(_district_screen(context, region))


def _district_screen(context: BotContext, region: Region) -> Screen:
    language, t = context.language, context.t
    buttons = [
        Button(district.in_language(language), f"district:{region.code}:{district.code}")
        for district in region.districts.values()
    ]
    return Screen(
        plain(t("Which district or town?")),
        [
            *in_rows(buttons, 2),
            [Button(t("Skip"), f"district:{region.code}:-")],
            [Button(t("⬅️ Back"), "set:place"), Button(t("✖️ Cancel"), "cancel")],
        ],
    )


async def district_chosen(update: Update, context: BotContext) -> None:
    """A district was pressed, or skipped."""
    code, district = context.args_of_press
    region = context.resources.base.regions.get(code)
    if region is None or (district != "-" and district not in region.districts):
        gone(context)
        return
    await _finish(context, code, None if district == "-" else district)


async def place_typed(update: Update, context: BotContext) -> bool:
    """A name typed while the place is asked for; any other text is a question as ever."""
    dialog = context.dialog
    assert dialog is not None
    regions, typed = context.resources.base.regions, context.message.text or ""
    chosen = regions.get(dialog.data.get("region", ""))
    found = (find_place([chosen], typed) if chosen else None) or find_place(regions.values(), typed)
    if found is not None:
        await _finish(context, *found)
        return True
    if update.edited_message is None and _may_be_a_place(context, typed):
        t = context.t
        unknown = plain(t("I don't know this place. Is it written differently?"))
        question = _open_screen(context, dialog)
        context.reply(Screen(f"{unknown}\n\n{question.text}", question.buttons))
        return True
    return False


def _may_be_a_place(context: BotContext, typed: str) -> bool:
    """Tell whether a name was meant that we don't know, and not a question in between."""
    if (
        len(typed.split()) > LONGEST_NAME
        or is_button(typed)
        or is_greeting(typed)
        or is_thanks(typed)
    ):
        return False
    result = context.resources.searcher.ask(typed)
    return not result.sure and result.danger is None and any(map(str.isalpha, typed))


async def _finish(context: BotContext, region: str | None, district: str | None) -> None:
    people.choose_place(context.person, region, district)
    await context.close_dialog()
    context.show(settings_screen(context))
