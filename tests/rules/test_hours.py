"""Nobody is written to at night without having asked, and the time lawyers have is working time."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from locales import HERE
from services.hours import WORKING_DAY, after_working, decent, holiday, is_working_day


def _here(moment: str) -> datetime:
    return datetime.fromisoformat(moment).replace(tzinfo=HERE)


@pytest.mark.parametrize(
    ("now", "then"),
    [
        ("2026-12-01T08:00", "2026-12-01T08:00"),
        ("2026-12-01T20:59", "2026-12-01T20:59"),
        ("2026-12-01T21:00", "2026-12-02T08:00"),
        ("2026-12-01T23:30", "2026-12-02T08:00"),
        ("2026-12-01T03:15", "2026-12-01T08:00"),
        ("2026-12-31T22:00", "2027-01-01T08:00"),
    ],
)
def test_at_night_it_waits_for_the_morning(now: str, then: str) -> None:
    assert decent(_here(now)) == _here(then)


@pytest.mark.parametrize(
    "day",
    ["2026-01-01", "2026-03-21", "2026-05-05", "2026-05-27", "2026-08-31", "2027-03-08"],
)
def test_the_holidays_of_the_country_are_known(day: str) -> None:
    assert holiday(date.fromisoformat(day))
    assert not is_working_day(date.fromisoformat(day))


def test_a_working_day_is_no_weekend() -> None:
    week = [date(2026, 11, 23) + timedelta(days=number) for number in range(7)]
    assert [is_working_day(day) for day in week] == [True] * 5 + [False] * 2


@pytest.mark.parametrize(
    ("now", "minutes", "then"),
    [
        ("2026-11-24T10:00", 120, "2026-11-24T12:00"),
        ("2026-11-24T07:00", 120, "2026-11-24T11:00"),  # before they open
        ("2026-11-24T17:00", 120, "2026-11-25T10:00"),  # an hour today, an hour tomorrow
        ("2026-11-24T18:00", 120, "2026-11-25T11:00"),
        ("2026-11-24T23:59", 120, "2026-11-25T11:00"),
        ("2026-11-24T10:00", WORKING_DAY, "2026-11-25T10:00"),
        ("2026-11-24T09:00", WORKING_DAY, "2026-11-24T18:00"),
        ("2026-11-27T17:30", 60, "2026-11-30T09:30"),  # over the weekend
        ("2026-11-28T12:00", 60, "2026-11-30T10:00"),
        ("2026-08-28T17:00", 120, "2026-09-01T10:00"),  # 31 August is Independence Day
        ("2026-12-31T17:00", 120, "2027-01-08T10:00"),  # the long holidays of the new year
    ],
)
def test_only_working_time_counts(now: str, minutes: int, then: str) -> None:
    assert after_working(_here(now), minutes) == _here(then)


@given(
    st.datetimes(datetime(2025, 1, 1), datetime(2035, 1, 1)),
    st.integers(0, 3 * WORKING_DAY),
    st.integers(1, 3 * WORKING_DAY),
)
def test_working_time_adds_up(moment: datetime, first: int, second: int) -> None:
    now = moment.replace(tzinfo=UTC)
    then = after_working(now, first)
    assert then >= now
    assert is_working_day(then.astimezone(HERE).date())
    assert after_working(then, second) == after_working(now, first + second)
