"""A lawyer is ill: all appointments of a day move, and everybody is told."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from telegram import Update

from handlers import appointment_news
from handlers.articles import gone
from handlers.context import BotContext
from handlers.resources import today
from handlers.schedule.common import Pressed, day_line, lawyer_of, leave_dialog, pressed_day
from handlers.screens import Button, Screen, bold, plain
from locales import Texts
from services import calendars
from storage.partners import Lawyer


async def ill_pressed(update: Update, context: BotContext) -> None:
    """Today or tomorrow? Asked before anybody is moved."""
    first = today(context.now)
    await _ask(context, first, first + timedelta(days=1))


async def day_pressed(update: Update, context: BotContext) -> None:
    """A chosen day on which the lawyer doesn't work: move its appointments?"""
    if (day := pressed_day(context)) is not None:
        await _ask(context, day)


async def _ask(context: BotContext, *days: date) -> None:
    lawyer = await lawyer_of(context)
    await leave_dialog(context)
    t = context.t
    said = t(
        "Everybody gets your next free time and is told, politely. Who finds none is asked to "
        "choose. The day becomes a day off."
    )
    rows = [[await _day_button(context, lawyer, day)] for day in days]
    title = t("You can't receive anybody?")
    text = f"{bold(title)}\n\n{plain(said)}"
    context.show(Screen(text, [*rows, [Button(t("⬅️ Back"), "sc:week")]]))


async def _day_button(context: BotContext, lawyer: Lawyer, day: date) -> Button:
    """A day with how many have an appointment then."""
    affected = len(await calendars.coming(context.session, lawyer, day, context.now))
    return Button(f"🤒 {_named(context, day)} ({affected})", f"sc:sick:{day:%Y%m%d}")


def _named(context: BotContext, day: date) -> str:
    t, first = context.t, today(context.now)
    if day == first:
        return t("Today, {day}", day=day_line(t, day))
    if day == first + timedelta(days=1):
        return t("Tomorrow, {day}", day=day_line(t, day))
    return day_line(t, day)


async def sick(update: Update, context: BotContext) -> None:
    """Move the day; pressed twice there is nobody left to move or to tell."""
    lawyer = await lawyer_of(context)
    day = pressed_day(context)
    if day is None:
        return
    if day < today(context.now):
        gone(context)
        return
    moved = await calendars.sick_day(context.session, lawyer, day, context.now)
    await appointment_news.moved(context.turn, moved)
    left = sum(one.slot is None for one in moved)
    text = "\n".join(_outcome(context.t, len(moved) - left, left))
    context.show(Screen(plain(text), [[Button(context.t("📅 My week"), f"sc:w:{day:%Y%m%d}")]]))


def _outcome(t: Texts, moved: int, left: int) -> list[str]:
    said = [t("Get well soon! The day is free now.")]
    if moved:
        said.append(t.plural("{number} appointment moved.", "{number} appointments moved.", moved))
    if left:
        said.append(
            t.plural(
                "For {number} there is no other time yet: I ask them to choose.",
                "For {number} of them there is no other time yet: I ask them to choose.",
                left,
            )
        )
    return said


BUTTONS: Mapping[str, Pressed] = {
    "ill": ill_pressed,
    r"ill:\d{8}": day_pressed,
    r"sick:\d{8}": sick,
}
