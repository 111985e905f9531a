"""Days as people write them, in both languages, and what names none."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.days import read_day

MONDAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    "typed",
    ["25.12.2026", "25.12", "25/12/26", "25-12-2026", "2026-12-25", "25 декабря", "25-декабрь",
     "25-го декабря", "суд 25 декабря", "25-декабрда сот", "2026-жылдын 25-декабрында", "25 ДЕКАБРЬ 2026"],
)  # fmt: skip
def test_a_day_is_read_however_it_is_written(typed: str) -> None:
    assert read_day(typed, MONDAY) == date(2026, 12, 25)


@pytest.mark.parametrize(
    ("typed", "ahead"),
    [("сегодня", 0), ("бүгүн", 0), ("завтра", 1), ("эртең", 1), ("эртен сот", 1), ("послезавтра", 2),
     ("бүрсүгүнү", 2), ("в пятницу", 4), ("жума", 4), ("понедельник", 7), ("дүйшөмбүдө", 7)],
)  # fmt: skip
def test_a_day_is_read_as_seen_from_today(typed: str, ahead: int) -> None:
    assert read_day(typed, MONDAY) == MONDAY + timedelta(days=ahead)


def test_without_a_year_it_is_the_next_such_day() -> None:
    assert read_day("3 мая", MONDAY) == date(2027, 5, 3)
    assert read_day("23.11", MONDAY) == MONDAY


@pytest.mark.parametrize(
    "typed",
    ["", "нет", "жок", "1", "31.02.2027", "99.99.9999", "29 февраля 2027", "12:00", "не знаю", "25 чего-то",
     "0555123456", "0.0.0", "25.12.2026 " * 20],
)  # fmt: skip
def test_what_is_no_day_is_none(typed: str) -> None:
    assert read_day(typed, MONDAY) is None


@given(st.text(max_size=80), st.dates(date(2020, 1, 1), date(2100, 1, 1)))
def test_any_text_gives_a_day_or_none(typed: str, today: date) -> None:
    found = read_day(typed, today)
    assert found is None or isinstance(found, date)


@given(st.dates(date(2026, 1, 1), date(2031, 1, 1)))
def test_a_day_in_figures_is_that_day(day: date) -> None:
    assert read_day(f"{day:%d.%m.%Y}", MONDAY) == day
