"""How a lawyer can be met: length of a slot, pauses, limits, ways, topics, languages, the office."""

from __future__ import annotations

from collections.abc import Mapping

from telegram import Update

from handlers.context import BotContext
from handlers.menu import n_
from handlers.schedule.common import DIALOG, Pressed, lawyer_of, leave_dialog
from handlers.schedule.overview import NUMBERS, names_of, settings_screen
from handlers.screens import Button, Screen, bold, in_rows, plain
from services import partners, timetables
from services.partners import Bounds
from storage.partners import Lawyer

SHORTEST_ADDRESS = 5  # characters


QUESTIONS = {
    Bounds.WAYS: n_("How can people meet you? Press what fits; none chosen means all."),
    Bounds.TOPICS: n_("Which topics do you take? Press what fits; none chosen means all."),
    Bounds.LANGUAGES: n_("Which languages do you speak? Press what fits; none chosen means all."),
}


async def number_pressed(update: Update, context: BotContext) -> None:
    """Which number?"""
    lawyer, name = await lawyer_of(context), context.args_of_press[1]
    await leave_dialog(context)
    number, t = NUMBERS[name], context.t
    own = getattr(lawyer, number.column)
    buttons = [
        Button(f"✅ {one}" if one == own else str(one), f"sc:nv:{name}:{one}")
        for one in number.choices
    ]
    context.show(
        Screen(plain(t(number.question)), [*in_rows(buttons, 4), [Button(t("⬅️ Back"), "sc:set")]])
    )


async def number_chosen(update: Update, context: BotContext) -> None:
    """A number was pressed."""
    lawyer = await lawyer_of(context)
    _, name, value = context.args_of_press
    timetables.set_number(lawyer, NUMBERS[name].column, int(value))
    context.show(await settings_screen(context, lawyer))


async def bound_pressed(update: Update, context: BotContext) -> None:
    """Which ways, topics or languages?"""
    lawyer = await lawyer_of(context)
    await leave_dialog(context)
    context.show(_bound_screen(context, lawyer, Bounds(context.args_of_press[1])))


def _bound_screen(context: BotContext, lawyer: Lawyer, what: Bounds) -> Screen:
    t, chosen = context.t, getattr(lawyer, what)
    buttons = [
        Button(
            f"✅ {name}" if code in chosen else name,
            f"sc:bv:{what}:{code}:{'off' if code in chosen else 'on'}",
        )
        for code, name in names_of(context, what).items()
    ]
    everything = Button(t("All") if chosen else f"✅ {t('All')}", f"sc:bv:{what}:-:on")
    return Screen(
        plain(t(QUESTIONS[what])),
        [*in_rows(buttons, 1), [everything], [Button(t("⬅️ Back"), "sc:set")]],
    )


async def bound_chosen(update: Update, context: BotContext) -> None:
    """One more, one less, or all of them."""
    lawyer = await lawyer_of(context)
    _, named, code, on = context.args_of_press
    what = Bounds(named)
    known = list(names_of(context, what))
    partners.narrow(lawyer, what, None if code == "-" else code, on == "on", known)
    context.show(_bound_screen(context, lawyer, what))


async def office_pressed(update: Update, context: BotContext) -> None:
    """Where is the office? The address is written, the place sent from the map."""
    lawyer = await lawyer_of(context)
    await context.open_dialog(DIALOG, "office", {})
    context.show(_office_screen(context, lawyer))


def _office_screen(context: BotContext, lawyer: Lawyer, said: str = "") -> Screen:
    t = context.t
    lines = [
        *([plain(said)] if said else []),
        bold(t("📍 Office: {address}", address=lawyer.address or t("not given"))),
        plain(
            t("🗺 It is on the map.")
            if lawyer.latitude is not None
            else t("It is not on the map yet.")
        ),
        plain(
            t("Write the address: town, street, house, room. And send the place: 📎 → Location.")
        ),
    ]
    remove = [Button(t("🗑 No office"), "sc:ox")] if lawyer.address or lawyer.latitude else []
    return Screen(
        "\n".join(lines),
        [remove, [Button(t("⬅️ Back"), "sc:set"), Button(t("✖️ Cancel"), "cancel")]],
    )


async def office_removed(update: Update, context: BotContext) -> None:
    """There is no office to come to."""
    lawyer = await lawyer_of(context)
    timetables.set_office(lawyer, None)
    await leave_dialog(context)
    context.show(await settings_screen(context, lawyer))


async def office_again(context: BotContext) -> None:
    """Ask for the office again."""
    context.show(_office_screen(context, await lawyer_of(context)))


async def office_typed(context: BotContext, typed: str) -> bool:
    """An address was written. What is a sure question, without a number of a house, is a question."""
    lawyer = await lawyer_of(context)
    result = context.resources.searcher.ask(typed)
    is_question = result.danger is not None or typed.endswith("?")
    if is_question or (result.sure and not any(map(str.isdigit, typed))):
        return False
    address = " ".join(typed.split())
    if not SHORTEST_ADDRESS <= len(address) <= timetables.LONGEST_ADDRESS:
        context.reply(Screen(plain(context.t("Please write the address in 5 to 200 characters."))))
        return True
    timetables.set_office(lawyer, address)
    context.reply(_office_screen(context, lawyer, context.t("✅ Noted.")))
    return True


async def office_sent(context: BotContext) -> bool:
    """The place came from the map; a venue brings its address along."""
    lawyer, message = await lawyer_of(context), context.message
    if message.location is None:
        return False
    timetables.set_pin(lawyer, message.location.latitude, message.location.longitude)
    if message.venue is not None and not lawyer.address:
        timetables.set_office(lawyer, message.venue.address or message.venue.title)
    context.reply(_office_screen(context, lawyer, context.t("✅ Noted.")))
    return True


_ONE_OF_BOUNDS = "|".join(Bounds)
BUTTONS: Mapping[str, Pressed] = {
    f"n:(?:{'|'.join(NUMBERS)})": number_pressed,
    rf"nv:(?:{'|'.join(NUMBERS)}):\d{{1,4}}": number_chosen,
    f"b:(?:{_ONE_OF_BOUNDS})": bound_pressed,
    f"bv:(?:{_ONE_OF_BOUNDS}):[^:]+:(?:on|off)": bound_chosen,
    "o": office_pressed,
    "ox": office_removed,
}
