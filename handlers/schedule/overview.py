"""All that a lawyer has set, on one screen, and the way to change each of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from telegram import Update

from handlers.cards import WAYS
from handlers.context import BotContext
from handlers.menu import n_
from handlers.resources import speaks, today
from handlers.schedule.common import (
    FREE,
    MONDAY,
    Pressed,
    day_line,
    hours_line,
    lawyer_of,
    leave_dialog,
    noon,
)
from handlers.screens import Button, Screen, bold, in_rows, plain
from locales import Texts, all_texts, texts
from services import timetables
from services.partners import Bounds
from services.timetables import Timetable
from storage.partners import Lawyer, Way

MONDAY_TO_FRIDAY = 7  # on a button where the days of the week are 0 to 6


@dataclass(frozen=True, slots=True)
class Number:
    """A number that a lawyer sets: its column, what it is called, what may be pressed."""

    column: str
    name: str
    question: str
    choices: Sequence[int]


NUMBERS = {
    "slot": Number(
        "slot_minutes",
        n_("⏱ Length, minutes: {count}"),
        n_("How many minutes does an appointment take?"),
        (15, 20, 30, 40, 45, 60, 90, 120),
    ),
    "gap": Number(
        "gap_minutes",
        n_("☕️ Pause after it, minutes: {count}"),
        n_("How many minutes of pause after each?"),
        (0, 5, 10, 15, 20, 30, 45, 60),
    ),
    "most": Number(
        "daily_most",
        n_("🔢 Most a day: {count}"),
        n_("How many appointments a day at most?"),
        (1, 2, 3, 4, 5, 6, 8, 10, 12, 15),
    ),
    "notice": Number(
        "notice_hours",
        n_("🔔 Hours of notice: {count}"),
        n_("How many hours before may an appointment still be made?"),
        (0, 1, 2, 3, 6, 12, 24, 48),
    ),
}
BOUNDS = {
    Bounds.WAYS: n_("Ways: {chosen}"),
    Bounds.TOPICS: n_("Topics: {chosen}"),
    Bounds.LANGUAGES: n_("Languages: {chosen}"),
}
LABELS = {
    Bounds.WAYS: n_("🤝 How I help"),
    Bounds.TOPICS: n_("📚 My topics"),
    Bounds.LANGUAGES: n_("🗣 Languages"),
}


def names_of(context: BotContext, what: Bounds) -> dict[str, str]:
    """What may be chosen, by its code, as people call it."""
    t = context.t
    if what is Bounds.WAYS:
        return {way.value: t(WAYS[way]) for way in Way}
    if what is Bounds.LANGUAGES:
        return {code: texts(code)("English name of this language") for code in all_texts()}
    topics = context.resources.base.topics.values()
    language = speaks(t.language)
    return {one.id: f"{one.emoji} {one.in_language(language)}" for one in topics}


def _terms_lines(context: BotContext, lawyer: Lawyer) -> list[str]:
    """What is set, one line each."""
    t = context.t
    lines = [t(one.name, count=getattr(lawyer, one.column)) for one in NUMBERS.values()]
    for what, line in BOUNDS.items():
        names = names_of(context, what)
        chosen = ", ".join(names[one] for one in getattr(lawyer, what) if one in names)
        lines.append(t(line, chosen=chosen or t("all")))
    lines.append(t("📍 Office: {address}", address=lawyer.address or t("not given")))
    if lawyer.latitude is not None:
        lines.append(t("🗺 It is on the map."))
    if lawyer.on_duty:
        lines.append(t("🌙 You are on duty: in danger you may be woken. The coordinator sets it."))
    return lines


def _terms_rows(t: Texts, lawyer: Lawyer) -> list[list[Button]]:
    """Buttons to change them."""
    numbers = [
        Button(t(one.name, count=getattr(lawyer, one.column)), f"sc:n:{name}")
        for name, one in NUMBERS.items()
    ]
    bounds = [Button(t(label), f"sc:b:{what}") for what, label in LABELS.items()]
    bounds.append(Button(t("📍 My office"), "sc:o"))
    return [*in_rows(numbers, 1), *in_rows(bounds, 2)]


async def settings(update: Update, context: BotContext) -> None:
    """All that is set, and buttons to change it."""
    lawyer = await lawyer_of(context)
    await leave_dialog(context)
    context.show(await settings_screen(context, lawyer))


async def settings_screen(context: BotContext, lawyer: Lawyer, said: str = "") -> Screen:
    """The hours, and how the lawyer can be met; what has just changed stands above."""
    t, first = context.t, today(context.now)
    known = await timetables.timetable(context.session, lawyer, first)
    blocks = [
        *([plain(said)] if said else []),
        "\n".join([bold(t("Every week")), *_weekly_lines(context, known)]),
        *_differing_block(context, known),
        "\n".join([bold(t("How you can be met")), *map(plain, _terms_lines(context, lawyer))]),
    ]
    weekdays = [Button(weekday_name(context, day), f"sc:d:{day}") for day in range(7)]
    return Screen(
        "\n\n".join(blocks),
        [
            [Button(t("Monday to Friday"), f"sc:d:{MONDAY_TO_FRIDAY}")],
            *in_rows(weekdays, 3),
            [Button(t("📅 A day that differs"), "sc:x")],
            *_terms_rows(t, lawyer),
            [Button(t("⬅️ Back"), "sc:week")],
        ],
    )


def weekday_name(context: BotContext, weekday: int) -> str:
    return context.t.weekday(noon(MONDAY + timedelta(days=weekday)))


def _weekly_lines(context: BotContext, known: Timetable) -> list[str]:
    free = context.t(FREE)
    return [
        plain(f"{weekday_name(context, day)}: {hours_line(known.weekly.get(day, ())) or free}")
        for day in range(7)
    ]


def _differing_block(context: BotContext, known: Timetable) -> list[str]:
    if not known.differing:
        return []
    t = context.t
    lines = [
        plain(f"{day_line(t, day)}: {hours_line(hours) or t(FREE)}")
        for day, hours in sorted(known.differing.items())
    ]
    return ["\n".join([bold(t("Days that differ")), *lines])]


BUTTONS: Mapping[str, Pressed] = {"set": settings}
