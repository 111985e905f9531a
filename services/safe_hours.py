"""When it is safe to write to somebody, as far as it can be read from their own words. In Bishkek."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from locales import HERE
from services.hours import EVENING, MORNING, SATURDAY, decent
from storage.cases import Case, Urgency

MIDDAY, AFTERNOON_ENDS = time(12), time(17)
NIGHT_ENDS = 8  # «from 2 to 5» is meant for the afternoon
_HOUR = re.compile(r"(?<![\d:.])(\d{1,2})(?:[:.]([0-5]\d))?(?![\d:])")
# What can't be told from its opposite by so little is left to the lawyer to read.
_BUT = re.compile(r"\bне\b|\bнельзя|кроме|\bтолько не|эмес|болбойт|башка|except|\bnot\b|n't")
_AFTER = re.compile(r"\bпосле\b|\bс\b|\bот\b|начиная|кийин|баштап|after|from")
_BEFORE = re.compile(r"\bдо\b|чейин|before|until|till")
_MORNING = re.compile(r"утр|эрте|таң|morning")
_DAY = re.compile(r"\bдн[её]м|\bобед|күндүз|кундуз|түш|туш|afternoon")
_EVENING = re.compile(r"вечер|кеч|evening")
_WEEKDAYS = re.compile(r"буд[нью]|рабоч|жумуш күн|жумуш кун|иш күн|иш кун|weekday")
_WEEKEND = re.compile(r"выходн|дем алыш|weekend")


@dataclass(frozen=True, slots=True)
class Window:
    """Hours of a day, on all days or on those of a part of the week (0 is Monday)."""

    opens: time
    closes: time
    days: frozenset[int] = frozenset(range(7))

    def __contains__(self, moment: datetime) -> bool:
        """Tell whether an instant lies within."""
        here = moment.astimezone(HERE)
        return here.weekday() in self.days and self.opens <= here.time() < self.closes

    def after(self, moment: datetime) -> datetime:
        """Return the first instant within, from this one on."""
        return moment if moment in self else next(one for one in self._openings(moment, 1))

    def before(self, moment: datetime) -> datetime:
        """Return this instant if it lies within, else the latest opening before it."""
        return moment if moment in self else next(one for one in self._openings(moment, -1))

    def _openings(self, moment: datetime, step: int) -> list[datetime]:
        today = moment.astimezone(HERE).date()
        days = (today + timedelta(days=step * ahead) for ahead in range(8))
        openings = (datetime.combine(day, self.opens, HERE) for day in days)
        return [one for one in openings if one in self and (one - moment) * step > timedelta()]


def window(said: str | None) -> Window | None:
    """Read «10-12», «после 18», «18:00дөн кийин», «вечером»; None where hours can't be read surely."""
    text = " ".join((said or "").lower().split())
    if not text or _BUT.search(text):
        return None
    found = _between(text) or _part_of_day(text)
    if found is None or found[0] >= found[1]:
        return None
    days = range(SATURDAY) if _WEEKDAYS.search(text) else range(7)
    days = range(SATURDAY, 7) if _WEEKEND.search(text) else days
    return Window(*found, frozenset(days))


def _between(text: str) -> tuple[time, time] | None:
    """The hours that are named by numbers: two, or one with a word before or behind it."""
    named = [_time(text, *one) for one in _HOUR.findall(text)]
    match named:
        case [time() as opens, time() as closes]:
            return opens, closes
        case [time() as one] if _BEFORE.search(text) and not _AFTER.search(text):
            return MORNING, one
        case [time() as one] if _AFTER.search(text):
            return one, EVENING
    return None


def _time(text: str, hour: str, minute: str) -> time | None:
    number = int(hour)
    in_evening = _EVENING.search(text) and not _MORNING.search(text)
    if number < (12 if in_evening else NIGHT_ENDS) and not (
        _MORNING.search(text) and not _EVENING.search(text)
    ):
        number += 12
    return time(number, int(minute or 0)) if number < 24 else None


def _part_of_day(text: str) -> tuple[time, time] | None:
    """Morning, day or evening; of two none, for who knows which was meant."""
    parts = {
        _MORNING: (MORNING, MIDDAY),
        _DAY: (MIDDAY, AFTERNOON_ENDS),
        _EVENING: (AFTERNOON_ENDS, EVENING),
    }
    named = [part for word, part in parts.items() if word.search(text)]
    return named[0] if len(named) == 1 and not re.search(r"\d", text) else None


def may_write(case: Case, now: datetime) -> datetime | None:
    """When the citizen of a case may be written to by itself; None is at once.

    Safe hours hold in danger as well, where they can be read; else danger knows no hours.
    """
    safe = window(case.safe_hours)
    if safe is not None:
        return safe.after(now)
    return None if case.urgency == Urgency.DANGER else decent(now)
