"""When it is safe to write to somebody: read from their own words, or left to people to read."""

from __future__ import annotations

from datetime import datetime

import pytest

from locales import HERE
from services import reminders, safe_hours


def at(moment: str) -> datetime:
    return datetime.fromisoformat(moment).replace(tzinfo=HERE)


@pytest.mark.parametrize(
    ("said", "opens", "closes"),
    [
        ("с 10 до 12", "10:00", "12:00"),
        ("10-12", "10:00", "12:00"),
        ("10:30 – 12.15", "10:30", "12:15"),
        ("После 18", "18:00", "21:00"),
        ("после 6 вечера", "18:00", "21:00"),
        ("с 9 утра до 6 вечера", "09:00", "18:00"),
        ("с 2 до 5", "14:00", "17:00"),
        ("до 9", "08:00", "09:00"),
        ("18:00дөн кийин", "18:00", "21:00"),
        ("кечки 6дан кийин", "18:00", "21:00"),
        ("саат 10дон 12ге чейин", "10:00", "12:00"),
        ("9га чейин", "08:00", "09:00"),
        ("утром", "08:00", "12:00"),
        ("күндүз", "12:00", "17:00"),
        ("вечером", "17:00", "21:00"),
        ("кечинде", "17:00", "21:00"),
    ],
)
def test_hours_are_read_from_words(said: str, opens: str, closes: str) -> None:
    found = safe_hours.window(said)
    assert found is not None
    assert (f"{found.opens:%H:%M}", f"{found.closes:%H:%M}") == (opens, closes)


@pytest.mark.parametrize(
    "said",
    [
        "",
        "когда муж уйдёт",
        "только не с 18 до 21",
        "кроме 10-12",
        "18ден кийин болбойт",
        "с 10 до 12 и с 15 до 16",
        "24/7",
        "утром или вечером",
        "0555 123 456",
        "с 25 до 30",
    ],
)
def test_what_is_not_sure_is_left_to_people(said: str) -> None:
    assert safe_hours.window(said) is None


def test_on_weekdays() -> None:
    found = safe_hours.window("по будням с 10 до 12")
    assert found is not None
    assert found.after(at("2026-12-04 11:00")) == at("2026-12-04 11:00")  # a Friday
    assert found.after(at("2026-12-04 13:00")) == at("2026-12-07 10:00")
    assert found.before(at("2026-12-06 13:00")) == at("2026-12-04 10:00")


@pytest.mark.parametrize(
    ("kind", "when"), [("day", "2026-12-01 10:00"), ("hours", "2026-12-02 10:00")]
)
def test_reminders_come_earlier_rather_than_unsafely(kind: reminders.Kind, when: str) -> None:
    safe = safe_hours.window("10-12")
    assert reminders.moment(at("2026-12-02 15:00"), kind, safe) == at(when)
