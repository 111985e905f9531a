"""When a lawyer works: the same hours every week, no holidays, and days that differ.

Hours are minutes after midnight in Bishkek.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from locales import HERE
from services.hours import holiday
from services.refusals import Refusal
from storage.calendars import DayException, WeeklyHours
from storage.partners import Lawyer

Hours = tuple[int, int]  # from, to
DAY = 24 * 60
SHORTEST = 15  # minutes in which a lawyer can be met at all
MOST_RANGES = 4  # a day: before and after a break, and then some
_TIME = re.compile(r"(?<!\d)(\d{1,2})(?:[:.]?(\d{2}))?(?!\d)")
# What people write around times: с 9 до 18, саат 9дан 18ге чейин.
_BETWEEN = re.compile(
    r"([-–—,;&+\s]|\b(с|со|до|по|и|саат|дан|ден|дон|дөн|тан|тен|тон|төн|га|ге|го|гө|ка|ке|ко|кө|чейин|жана|менен)\b)*"
)
AHEAD = 366  # days that may be set
LIMITS = {  # by the column of Lawyer: least and most
    "slot_minutes": (SHORTEST, 240),
    "gap_minutes": (0, 120),
    "daily_most": (1, 30),
    "notice_hours": (0, 7 * 24),
}
LONGEST_ADDRESS = 200  # characters


class HoursUnfit(Refusal):
    """Hours that end before they begin, overlap or are too short."""

    message = "Please write hours like 10:00-16:30, or 9-13, 14-18."


class NumberUnfit(Refusal):
    """A length, pause or limit that nobody can work with."""

    message = "This number can't be chosen."


class DayUnfit(Refusal):
    """A day that is over or too far ahead."""

    message = "Please choose a day from today on, within a year."


@dataclass(frozen=True, slots=True)
class Timetable:
    """One lawyer's working hours."""

    weekly: Mapping[int, tuple[Hours, ...]] = field(default_factory=dict)
    differing: Mapping[date, tuple[Hours, ...]] = field(default_factory=dict)

    def on(self, day: date) -> tuple[Hours, ...]:
        """The hours of one day, in order. What is set for the day itself goes before all else."""
        if day in self.differing:
            return self.differing[day]
        return () if holiday(day) else self.weekly.get(day.weekday(), ())


def moment(day: date, minutes: int) -> datetime:
    """The instant so many minutes after a day began in Bishkek."""
    return datetime.combine(day, time(), HERE) + timedelta(minutes=minutes)


def day_of(instant: datetime) -> date:
    """The day in Bishkek."""
    return instant.astimezone(HERE).date()


async def timetables(
    session: AsyncSession, lawyer_ids: Collection[int], since: date
) -> dict[int, Timetable]:
    """The hours of lawyers; of the days that differ those from `since` on."""
    weekly: dict[int, dict[int, list[Hours]]] = {one: defaultdict(list) for one in lawyer_ids}
    for row in await session.scalars(
        select(WeeklyHours)
        .where(WeeklyHours.lawyer_id.in_(lawyer_ids))
        .order_by(WeeklyHours.starts)
    ):
        weekly[row.lawyer_id][row.weekday].append((row.starts, row.ends))
    differing: dict[int, dict[date, list[Hours]]] = {one: defaultdict(list) for one in lawyer_ids}
    for other in await session.scalars(
        select(DayException)
        .where(DayException.lawyer_id.in_(lawyer_ids), DayException.day >= since)
        .order_by(DayException.day, DayException.starts)
    ):
        hours = differing[other.lawyer_id][other.day]
        if other.starts is not None and other.ends is not None:
            hours.append((other.starts, other.ends))
    return {
        one: Timetable(
            {day: tuple(hours) for day, hours in weekly[one].items()},
            {day: tuple(hours) for day, hours in differing[one].items()},
        )
        for one in lawyer_ids
    }


async def timetable(session: AsyncSession, lawyer: Lawyer, since: date) -> Timetable:
    """The hours of one lawyer; of the days that differ those from `since` on."""
    return (await timetables(session, [lawyer.id], since))[lawyer.id]


async def set_weekday(
    session: AsyncSession, lawyer: Lawyer, weekday: int, hours: Sequence[Hours]
) -> None:
    """Set the hours of a weekday, 0 is Monday; none for a free day. Raises HoursUnfit."""
    _check(hours)
    await session.execute(
        delete(WeeklyHours).where(
            WeeklyHours.lawyer_id == lawyer.id, WeeklyHours.weekday == weekday
        )
    )
    for starts, ends in hours:
        session.add(WeeklyHours(lawyer_id=lawyer.id, weekday=weekday, starts=starts, ends=ends))
    await session.flush()


def may_differ(day: date, now: datetime) -> bool:
    """Tell whether a day is one from today on, within a year."""
    return timedelta() <= day - day_of(now) <= timedelta(days=AHEAD)


async def set_day(
    session: AsyncSession, lawyer: Lawyer, day: date, hours: Sequence[Hours], now: datetime
) -> None:
    """Let one day differ from its week; without hours it is a day off. Raises a Refusal."""
    _check(hours)
    if not may_differ(day, now):
        raise DayUnfit
    await as_every_week(session, lawyer, day)
    if not hours:
        session.add(DayException(lawyer_id=lawyer.id, day=day))
    for starts, ends in hours:
        session.add(DayException(lawyer_id=lawyer.id, day=day, starts=starts, ends=ends))
    await session.flush()


async def as_every_week(session: AsyncSession, lawyer: Lawyer, day: date) -> None:
    """Let a day be again like its weekday."""
    await session.execute(
        delete(DayException).where(DayException.lawyer_id == lawyer.id, DayException.day == day)
    )


def set_number(lawyer: Lawyer, name: str, value: int) -> None:
    """Set one of LIMITS; raise NumberUnfit."""
    least, most = LIMITS[name]
    if not least <= value <= most:
        raise NumberUnfit
    setattr(lawyer, name, value)


def set_office(lawyer: Lawyer, address: str | None) -> None:
    """Where citizens come to in person; None when nowhere, and then no place on the map either."""
    lawyer.address = address[:LONGEST_ADDRESS] if address else None
    if not address:
        lawyer.latitude = lawyer.longitude = None


def set_pin(lawyer: Lawyer, latitude: float, longitude: float) -> None:
    """Where the office is on a map."""
    lawyer.latitude, lawyer.longitude = latitude, longitude


def _check(hours: Sequence[Hours]) -> None:
    last = 0
    for starts, ends in hours:
        if starts < last or ends - starts < SHORTEST or ends > DAY:
            raise HoursUnfit
        last = ends
    if len(hours) > MOST_RANGES:
        raise HoursUnfit


def read_hours(typed: str) -> tuple[Hours, ...] | None:
    """What somebody typed as hours: «10:00-16:30», «9-13, 14-18», «с 9 до 18»; None if it is none.

    Raises HoursUnfit for hours that can't be.
    """
    around = _TIME.sub(" ", typed.lower())
    times = [(int(hour), int(minute or 0)) for hour, minute in _TIME.findall(typed)]
    if len(times) < 2 or not _BETWEEN.fullmatch(around):
        return None
    minutes = [hour * 60 + minute for hour, minute in times]
    if len(times) % 2 or any(minute > 59 for _, minute in times):
        raise HoursUnfit
    hours = tuple(zip(minutes[::2], minutes[1::2], strict=True))
    _check(hours)
    return hours
