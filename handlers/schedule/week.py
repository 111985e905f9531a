"""A lawyer's week: the hours and the appointments of each day, and the same as a file."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from telegram import Update

from handlers.cards import WAYS
from handlers.context import BotContext
from handlers.menu import n_
from handlers.resources import today
from handlers.schedule.common import (
    FREE,
    SHORT,
    Pressed,
    day_line,
    hours_line,
    lawyer_of,
    leave_dialog,
    noon,
    pressed_day,
)
from handlers.screens import Button, Screen, bold, in_rows, italic, plain
from locales import Texts
from services import calendars, timetables
from services.calendars import Appointment
from services.hours import holiday
from services.invites import Entry, ics
from storage.calendars import ConsultationState
from storage.partners import Lawyer, Way

FILE = "week.ics"
STATES = {
    ConsultationState.DONE: n_("took place"),
    ConsultationState.NO_SHOW: n_("they didn't come"),
}


async def schedule(update: Update, context: BotContext) -> None:
    """/schedule: this week."""
    lawyer = await lawyer_of(context)
    await leave_dialog(context)
    context.show(await _screen(context, lawyer, today(context.now)))


async def week_pressed(update: Update, context: BotContext) -> None:
    """Another week, by one of its days."""
    lawyer = await lawyer_of(context)
    await leave_dialog(context)
    if (day := pressed_day(context)) is not None:
        context.show(await _screen(context, lawyer, day))


async def _screen(context: BotContext, lawyer: Lawyer, day: date) -> Screen:
    t, monday = context.t, day - timedelta(days=day.weekday())
    days = [monday + timedelta(days=ahead) for ahead in range(7)]
    found = await calendars.week(context.session, lawyer, monday)
    timetable = await timetables.timetable(context.session, lawyer, monday)
    title = t("Your week: {first} – {last}", first=t.day(noon(days[0])), last=t.day(noon(days[-1])))
    blocks = [bold(title)]
    if not timetable.weekly and not timetable.differing:
        blocks.append(plain(t("No hours are set yet: nobody can choose a time with you.")))
    for one in days:
        own = [each for each in found if today(each.consultation.starts_at) == one]
        blocks.append("\n".join(_day_lines(t, lawyer, one, timetable.on(one), own)))
    coming = [one for one in found if _is_coming(context, lawyer, one)]
    return Screen("\n\n".join(blocks), _buttons(t, monday, coming))


def _day_lines(
    t: Texts,
    lawyer: Lawyer,
    day: date,
    hours: Sequence[timetables.Hours],
    found: Sequence[Appointment],
) -> list[str]:
    free = t("public holiday") if holiday(day) else t(FREE)
    return [
        f"{bold(day_line(t, day))} · {plain(hours_line(hours) or free)}",
        *(_appointment_line(t, lawyer, one) for one in found),
    ]


def _appointment_line(t: Texts, lawyer: Lawyer, one: Appointment) -> str:
    """When, which case, in which way; never who."""
    consultation = one.consultation
    times = f"{t.time(consultation.starts_at)}–{t.time(consultation.ends_at)}"
    line = f"{times} {one.case.number}, {t(WAYS[consultation.way])}"
    if consultation.state in STATES:
        said = t(STATES[consultation.state])
    elif one.case.lawyer_id != lawyer.id:
        said = t("not accepted yet")
    else:
        said = t("they confirmed") if consultation.confirmed_at else ""
    return plain(line) + (f" · {italic(said)}" if said else "")


def _is_coming(context: BotContext, lawyer: Lawyer, one: Appointment) -> bool:
    booked = one.consultation.state is ConsultationState.BOOKED
    return booked and one.case.lawyer_id == lawyer.id and one.consultation.ends_at > context.now


def _buttons(t: Texts, monday: date, coming: Sequence[Appointment]) -> list[list[Button]]:
    before, after = (monday + timedelta(days=days) for days in (-7, 7))
    each = [
        Button(
            f"{t.weekday(one.consultation.starts_at)[:SHORT]} {t.time(one.consultation.starts_at)} · "
            f"{one.case.number}",
            f"ap:lback:{one.case.id}",
        )
        for one in coming
    ]
    return [
        *in_rows(each, 2),
        [Button("◀️", f"sc:w:{before:%Y%m%d}"), Button("▶️", f"sc:w:{after:%Y%m%d}")],
        [Button(t("📎 This week as a file"), f"sc:ics:{monday:%Y%m%d}")],
        [Button(t("⚙️ Hours and places"), "sc:set"), Button(t("🤒 I am ill"), "sc:ill")],
    ]


async def file_pressed(update: Update, context: BotContext) -> None:
    """Send the week as a file for the lawyer's own calendar."""
    lawyer = await lawyer_of(context)
    if (day := pressed_day(context)) is None:
        return
    t, monday = context.t, day - timedelta(days=day.weekday())
    found = await calendars.week(context.session, lawyer, monday)
    if not found:
        context.toast(t("There are no appointments in this week."), alert=True)
        return
    entries = [_entry(t, lawyer, one) for one in found]
    content = base64.b64encode(ics(entries, context.now)).decode()
    context.send("sendDocument", document={"file": {"name": FILE, "content": content}})


def _entry(t: Texts, lawyer: Lawyer, one: Appointment) -> Entry:
    title = f"{one.case.number}, {t(WAYS[one.consultation.way])}"
    if one.consultation.way is not Way.IN_PERSON:
        return Entry(one.consultation, title)
    return Entry(one.consultation, title, lawyer.address, lawyer.latitude, lawyer.longitude)


BUTTONS: Mapping[str, Pressed] = {
    "week": schedule,
    r"w:\d{8}": week_pressed,
    r"ics:\d{8}": file_pressed,
}
