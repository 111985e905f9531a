"""When people may be written to without being asked, and when lawyers work. All of it in Bishkek."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from holidays import country_holidays

from locales import HERE

MORNING, EVENING = time(8), time(21)  # nothing but what was asked for from EVENING to MORNING
OPENS, CLOSES = time(9), time(18)  # lawyers, on working days
WORKING_DAY = 9 * 60  # minutes
SATURDAY = 5

# Every year is computed once, when it is first asked for; the Eids of coming years are estimates.
_HOLIDAYS = country_holidays("KG")


def decent(now: datetime) -> datetime:
    """Return the first instant from `now` on at which somebody may be written to."""
    here = now.astimezone(HERE)
    if MORNING <= here.time() < EVENING:
        return now
    day = here.date() + timedelta(days=here.time() >= EVENING)
    return datetime.combine(day, MORNING, HERE)


def holiday(day: date) -> bool:
    """Tell whether it is a public holiday of the Kyrgyz Republic."""
    return day in _HOLIDAYS


def is_working_day(day: date) -> bool:
    """Tell whether it is a day from Monday to Friday and no holiday."""
    return day.weekday() < SATURDAY and not holiday(day)


def after_working(now: datetime, minutes: int) -> datetime:
    """Return the instant at which so many working minutes have passed since `now`, in UTC."""
    here = now.astimezone(HERE)
    day, left = here.date(), timedelta(minutes=minutes)
    while True:
        begins = max(here, datetime.combine(day, OPENS, HERE))
        room = datetime.combine(day, CLOSES, HERE) - begins
        if room > timedelta() and is_working_day(day):
            if left <= room:
                return (begins + left).astimezone(UTC)
            left -= room
        day += timedelta(days=1)
