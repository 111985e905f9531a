"""What all parts of /schedule share: who presses, how hours and days are said and named in buttons."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import date, datetime

from telegram import Update

from handlers.articles import gone
from handlers.context import BotContext
from handlers.courtesy import is_greeting, is_thanks
from handlers.menu import n_
from handlers.times import day_from
from locales import Texts
from services import partners
from services.timetables import AHEAD, Hours, moment
from storage.partners import Lawyer

DIALOG = "sc"
MORNING, AFTERNOON, WHOLE = (9 * 60, 13 * 60), (14 * 60, 18 * 60), (9 * 60, 18 * 60)
PRESETS: Sequence[tuple[Hours, ...]] = (
    (MORNING,),
    (AFTERNOON,),
    (WHOLE,),
    ((10 * 60, 16 * 60),),
    (MORNING, AFTERNOON),
)
FREE = n_("day off")
MONDAY = date(2026, 11, 30)  # any: for the names of the days of the week
SHORT = 3  # letters of a weekday on a narrow button
A_FEW = 4  # words; more is a question and no answer of ours
Pressed = Callable[[Update, BotContext], Awaitable[None]]


async def lawyer_of(context: BotContext) -> Lawyer:
    """The lawyer who writes or presses; raise NotAllowed for anybody else."""
    return await partners.working(context.session, context.person, context.resources.admin_ids)


async def leave_dialog(context: BotContext) -> None:
    """No question of ours is open any more."""
    if context.dialog is not None and context.dialog.name == DIALOG:
        await context.close_dialog()


def clock(minutes: int) -> str:
    """Minutes after midnight as a time of day."""
    return f"{minutes // 60:02}:{minutes % 60:02}"


def hours_line(hours: Sequence[Hours]) -> str:
    """Hours as a lawyer reads them; empty for a day off."""
    return ", ".join(f"{clock(starts)}–{clock(ends)}" for starts, ends in hours)


def as_data(hours: Sequence[Hours]) -> str:
    """Hours in a button's data."""
    return "_".join(f"{starts}-{ends}" for starts, ends in hours) or "off"


def from_data(data: str) -> tuple[Hours, ...]:
    """The hours that a button's data names."""
    if data == "off":
        return ()
    pairs = (one.split("-") for one in data.split("_"))
    return tuple((int(starts), int(ends)) for starts, ends in pairs)


def noon(day: date) -> datetime:
    """An instant of a day in Bishkek, to say the day by."""
    return moment(day, 12 * 60)


def day_line(t: Texts, day: date) -> str:
    """A day with its name: вторник, 1 декабря."""
    return t("{weekday}, {day}", weekday=t.weekday(noon(day)), day=t.day(noon(day)))


def short_day(t: Texts, day: date) -> str:
    """The same on a button beside another: вто, 1 декабря."""
    return t("{weekday}, {day}", weekday=t.weekday(noon(day))[:SHORT], day=t.day(noon(day)))


def pressed_day(context: BotContext, at: int = 1) -> date | None:
    """The day in a button's data, within a year of today; None, and the button is out of date."""
    day = day_from(int(context.args_of_press[at]))
    if day is None or abs((noon(day) - context.now).days) > AHEAD:
        gone(context)
        return None
    return day


def is_for_us(context: BotContext, typed: str) -> bool:
    """Tell whether a text we can't read was meant as an answer, and not as a question in between."""
    if len(typed.split()) > A_FEW or is_greeting(typed) or is_thanks(typed):
        return False
    result = context.resources.searcher.ask(typed)
    return not result.sure and result.danger is None
