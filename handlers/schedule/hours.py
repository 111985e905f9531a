"""A lawyer's hours: those of every week, and the days that differ."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta

from telegram import Update

from handlers import appointment_news
from handlers.articles import gone
from handlers.context import BotContext
from handlers.days import read_day
from handlers.resources import today
from handlers.schedule.common import (
    DIALOG,
    FREE,
    PRESETS,
    Pressed,
    as_data,
    day_line,
    from_data,
    hours_line,
    is_for_us,
    lawyer_of,
    leave_dialog,
    pressed_day,
    short_day,
)
from handlers.schedule.overview import MONDAY_TO_FRIDAY, settings_screen, weekday_name
from handlers.screens import Button, Screen, bold, in_rows, plain
from services import calendars, timetables, waiting
from services.timetables import Hours, HoursUnfit, Timetable, read_hours
from storage.partners import Lawyer

WORKING_DAYS = range(5)
SHOWN = 14  # next days on buttons; any other is typed
HOURS = r"(?:off|\d{1,4}-\d{1,4}(?:_\d{1,4}-\d{1,4})?)"


async def weekday_pressed(update: Update, context: BotContext) -> None:
    """Which hours on this day of every week? They may be pressed or written."""
    lawyer, weekday = await lawyer_of(context), int(context.args_of_press[1])
    await context.open_dialog(DIALOG, "weekday", {"weekday": weekday})
    context.show(await _weekday_screen(context, lawyer, weekday))


async def _weekday_screen(context: BotContext, lawyer: Lawyer, weekday: int) -> Screen:
    t, named = context.t, bold(_named(context, weekday))
    known = await timetables.timetable(context.session, lawyer, today(context.now))
    now = {known.weekly.get(day, ()) for day in _weekdays(weekday)}
    if len(now) == 1:
        named += plain(f": {hours_line(now.pop()) or t(FREE)}")
    return Screen(
        f"{named}\n\n{plain(_question(context))}",
        [
            *_presets(context, f"sc:dh:{weekday}"),
            [Button(t("⬅️ Back"), "sc:set"), Button(t("✖️ Cancel"), "cancel")],
        ],
    )


def _weekdays(weekday: int) -> Sequence[int]:
    """The days of the week that a button's number stands for."""
    return WORKING_DAYS if weekday == MONDAY_TO_FRIDAY else [weekday]


def _named(context: BotContext, weekday: int) -> str:
    if weekday == MONDAY_TO_FRIDAY:
        return context.t("Monday to Friday")
    return weekday_name(context, weekday)


def _question(context: BotContext) -> str:
    return context.t(
        "At which hours do you receive people? Press, or write your own: 10:00-16:30. "
        "With a break: 9-13, 14-18."
    )


def _presets(context: BotContext, data: str) -> list[list[Button]]:
    """Usual hours, and none."""
    buttons = [Button(hours_line(hours), f"{data}:{as_data(hours)}") for hours in PRESETS]
    return [*in_rows(buttons, 2), [Button(f"🚫 {context.t(FREE)}", f"{data}:off")]]


async def weekday_chosen(update: Update, context: BotContext) -> None:
    """Hours for a day of every week were pressed."""
    lawyer = await lawyer_of(context)
    _, weekday, hours = context.args_of_press
    await _set_weekdays(context, lawyer, int(weekday), from_data(hours))


async def _set_weekdays(
    context: BotContext, lawyer: Lawyer, weekday: int, hours: Sequence[Hours]
) -> None:
    before = await waiting.open_times(context.session, lawyer, context.now)
    for day in _weekdays(weekday):
        await timetables.set_weekday(context.session, lawyer, day, hours)
    await _offer_what_opened(context, lawyer, before)
    await leave_dialog(context)
    said = f"✅ {_named(context, weekday)}: {hours_line(hours) or context.t(FREE)}"
    context.show(await settings_screen(context, lawyer, said))


async def _offer_what_opened(
    context: BotContext, lawyer: Lawyer, before: Collection[datetime]
) -> None:
    """More hours are good news for those who wait for one."""
    offers = await waiting.offer_opened(context.session, lawyer, before, context.now)
    await appointment_news.freed(context.turn, offers)


async def weekday_again(context: BotContext) -> None:
    """Ask for a weekday's hours again."""
    assert context.dialog is not None
    lawyer = await lawyer_of(context)
    context.show(await _weekday_screen(context, lawyer, context.dialog.data["weekday"]))


async def weekday_typed(context: BotContext, typed: str) -> bool:
    """Hours typed for a weekday."""
    assert context.dialog is not None
    lawyer, weekday = await lawyer_of(context), context.dialog.data["weekday"]
    hours = await _hours_typed(context, typed)
    if hours is not None:
        await _set_weekdays(context, lawyer, weekday, hours)
    elif not is_for_us(context, typed):
        return False
    return True


async def _hours_typed(context: BotContext, typed: str) -> tuple[Hours, ...] | None:
    """Typed hours; None when they can't be read, and if they were meant as such it is said how."""
    try:
        hours = read_hours(typed)
    except HoursUnfit as refusal:
        context.reply(Screen(plain(context.t(refusal.message))))
        return None
    if hours is None and is_for_us(context, typed):
        context.reply(Screen(plain(context.t(HoursUnfit.message))))
    return hours


async def days_pressed(update: Update, context: BotContext) -> None:
    """Which day differs? It may be pressed or written."""
    lawyer = await lawyer_of(context)
    await context.open_dialog(DIALOG, "days", {})
    context.show(await _days_screen(context, lawyer))


async def _days_screen(context: BotContext, lawyer: Lawyer) -> Screen:
    t, first = context.t, today(context.now)
    known = await timetables.timetable(context.session, lawyer, first)
    coming = [first + timedelta(days=ahead) for ahead in range(SHOWN)]
    others = [day for day in sorted(known.differing) if day not in coming]
    buttons = [
        Button(_day_label(context, day, known), f"sc:x:{day:%Y%m%d}") for day in coming + others
    ]
    return Screen(
        plain(t("Which day differs from the others? Press, or write the date: 25.12")),
        [
            *in_rows(buttons, 2),
            [Button(t("⬅️ Back"), "sc:set"), Button(t("✖️ Cancel"), "cancel")],
        ],
    )


def _day_label(context: BotContext, day: date, known: Timetable) -> str:
    """A day, marked if it differs already."""
    return ("✏️ " if day in known.differing else "") + short_day(context.t, day)


async def days_again(context: BotContext) -> None:
    """Ask again which day differs."""
    context.show(await _days_screen(context, await lawyer_of(context)))


async def days_typed(context: BotContext, typed: str) -> bool:
    """A day typed; one that is over or far away is refused when its hours are chosen."""
    lawyer = await lawyer_of(context)
    day = read_day(typed, today(context.now)) if is_for_us(context, typed) else None
    if day is not None and timetables.may_differ(day, context.now):
        await _ask_hours(context, lawyer, day)
    elif is_for_us(context, typed):
        context.reply(
            Screen(plain(context.t("I don't understand this day. Write it like this: 25.12")))
            if day is None
            else Screen(plain(context.t(timetables.DayUnfit.message)))
        )
    else:
        return False
    return True


async def day_pressed(update: Update, context: BotContext) -> None:
    """Which hours on this day?"""
    lawyer = await lawyer_of(context)
    if (day := pressed_day(context)) is None:
        return
    if not timetables.may_differ(day, context.now):
        gone(context)
        return
    await _ask_hours(context, lawyer, day)


async def _ask_hours(context: BotContext, lawyer: Lawyer, day: date) -> None:
    await context.open_dialog(DIALOG, "day", {"day": day.isoformat()})
    context.show(await _day_screen(context, lawyer, day))


async def _day_screen(context: BotContext, lawyer: Lawyer, day: date) -> Screen:
    t = context.t
    known = await timetables.timetable(context.session, lawyer, day)
    data = f"sc:xh:{day:%Y%m%d}"
    usual = [Button(t("↩️ As every week"), f"{data}:week")] if day in known.differing else []
    return Screen(
        f"{bold(day_line(t, day))}: {plain(hours_line(known.on(day)) or t(FREE))}\n\n"
        + plain(_question(context)),
        [
            *_presets(context, data),
            usual,
            [Button(t("⬅️ Back"), "sc:x"), Button(t("✖️ Cancel"), "cancel")],
        ],
    )


async def day_again(context: BotContext) -> None:
    """Ask for a day's hours again."""
    assert context.dialog is not None
    day = date.fromisoformat(context.dialog.data["day"])
    context.show(await _day_screen(context, await lawyer_of(context), day))


async def day_chosen(update: Update, context: BotContext) -> None:
    """Hours for one day were pressed, or that it is like every week."""
    lawyer = await lawyer_of(context)
    if (day := pressed_day(context)) is None:
        return
    chosen = context.args_of_press[2]
    await _set_day(context, lawyer, day, None if chosen == "week" else from_data(chosen))


async def day_typed(context: BotContext, typed: str) -> bool:
    """Hours typed for one day."""
    assert context.dialog is not None
    lawyer, day = await lawyer_of(context), date.fromisoformat(context.dialog.data["day"])
    hours = await _hours_typed(context, typed)
    if hours is not None:
        await _set_day(context, lawyer, day, hours)
    elif not is_for_us(context, typed):
        return False
    return True


async def _set_day(
    context: BotContext, lawyer: Lawyer, day: date, hours: Sequence[Hours] | None
) -> None:
    """Set a day's hours; without any its appointments may move."""
    before = await waiting.open_times(context.session, lawyer, context.now)
    if hours is None:
        await timetables.as_every_week(context.session, lawyer, day)
    else:
        await timetables.set_day(context.session, lawyer, day, hours, context.now)
    await _offer_what_opened(context, lawyer, before)
    await leave_dialog(context)
    t = context.t
    known = await timetables.timetable(context.session, lawyer, day)
    said = f"✅ {day_line(t, day)}: {hours_line(known.on(day)) or t(FREE)}"
    context.show(await settings_screen(context, lawyer, said))
    if hours == ():
        await _offer_to_move(context, lawyer, day)


async def _offer_to_move(context: BotContext, lawyer: Lawyer, day: date) -> None:
    """A day off doesn't move who has an appointment on it, unless the lawyer says so."""
    standing = len(await calendars.coming(context.session, lawyer, day, context.now))
    if not standing:
        return
    t = context.t
    said = t.plural(
        "{number} appointment still stands on this day.",
        "{number} appointments still stand on this day.",
        standing,
    )
    context.reply(
        Screen(
            f"{bold(day_line(t, day))}\n{plain(said)}",
            [[Button(t("🔁 Move them"), f"sc:ill:{day:%Y%m%d}")]],
        )
    )


BUTTONS: Mapping[str, Pressed] = {
    "d:[0-7]": weekday_pressed,
    f"dh:[0-7]:{HOURS}": weekday_chosen,
    "x": days_pressed,
    r"x:\d{8}": day_pressed,
    rf"xh:\d{{8}}:(?:week|{HOURS})": day_chosen,
}
