"""Days as people write them: 25.12.2026, 25 декабря, 25-декабрь, эртең, в пятницу."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import cache

from babel import Locale

from handlers.menu import n_
from locales import all_texts

LONGEST = 60  # characters; more is a story
# Translators: what people write, lower case, with a comma and a space between.
TODAY = n_("today")
# Translators: as above.
TOMORROW = n_("tomorrow")
# Translators: as above.
AFTER_TOMORROW = n_("the day after tomorrow")
_LOOSE = str.maketrans("өүңё", "оуне")  # as people type them
_MONTH, _WEEKDAY = 3, 4  # letters that tell the months, and the days of the week, apart


def read_day(typed: str, today: date) -> date | None:
    """The day that a text names; None when it names none.

    Without a year it is the next such day, of a day of the week as well.
    """
    said = typed.lower().translate(_LOOSE)
    if len(said) > LONGEST:
        return None
    for read in (_in_figures, _with_month, _relative, _weekday):
        if (found := read(said, today)) is not None:
            return found
    return None


def _in_figures(said: str, today: date) -> date | None:
    if found := re.search(r"\b(\d{4})-(\d{1,2})-(\d{1,2})\b", said):
        return _day(int(found[3]), int(found[2]), int(found[1]), today)
    if found := re.search(r"\b(\d{1,2})\s?[./-]\s?(\d{1,2})(?:\s?[./-]\s?(\d{4}|\d\d)\b)?", said):
        year = int(found[3]) if found[3] else None
        return _day(int(found[1]), int(found[2]), year, today)
    return None


def _with_month(said: str, today: date) -> date | None:
    year = re.search(r"\b(20\d\d)\b", said)
    found = re.search(
        r"\b(\d{1,2})(?:\W|го\b|чи\b)*([^\W\d]{3,})", re.sub(r"\b20\d\d\S*", "", said)
    )
    month = _months().get(found[2][:_MONTH]) if found else None
    if found is None or month is None:
        return None
    return _day(int(found[1]), month, int(year[1]) if year else None, today)


def _relative(said: str, today: date) -> date | None:
    words = " ".join(re.findall(r"[^\W\d]+", said))
    for days, key in ((2, AFTER_TOMORROW), (1, TOMORROW), (0, TODAY)):
        names = (
            one.strip().translate(_LOOSE) for t in all_texts().values() for one in t(key).split(",")
        )
        if any(re.search(rf"\b{re.escape(name)}\b", words) for name in names):
            return today + timedelta(days=days)
    return None


def _weekday(said: str, today: date) -> date | None:
    for word in re.findall(r"[^\W\d]{4,}", said):
        if (weekday := _weekdays().get(word[:_WEEKDAY])) is not None:
            return today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1)
    return None


def _day(day: int, month: int, year: int | None, today: date) -> date | None:
    try:
        if year is not None:
            return date(year + 2000 if year < 100 else year, month, day)
        this_year = date(today.year, month, day)
        return this_year if this_year >= today else date(today.year + 1, month, day)
    except ValueError:
        return None


@cache
def _months() -> dict[str, int]:
    return dict(_beginnings(lambda locale, form: locale.months[form]["wide"], _MONTH))


@cache
def _weekdays() -> dict[str, int]:
    return dict(_beginnings(lambda locale, form: locale.days[form]["wide"], _WEEKDAY))


def _beginnings(
    names: Callable[[Locale, str], dict[int, str]], letters: int
) -> Iterator[tuple[str, int]]:
    """The first letters of names in every language and form, each with its number."""
    for t in all_texts().values():
        for form in ("format", "stand-alone"):
            for number, name in names(t.locale, form).items():
                yield name.lower().translate(_LOOSE)[:letters], number
