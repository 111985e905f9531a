"""Telephone numbers: every usual way of writing one, and what is none."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.phones import read_phone, spaced

OURS = "+996555123456"


@pytest.mark.parametrize(
    "typed",
    ["0555123456", "0555 12-34-56", "0555 123 456", "(0555) 12 34 56", "0 (555) 12-34-56",
     "996555123456", "+996555123456", "+996 555 12 34 56", "+996 (555) 123-456", "+996(0)555123456",
     "00996555123456", "9960555123456", "555123456", "555 12 34 56", "8 0555 12 34 56", "80555123456",
     "тел. 0555123456", "0555 123 456, Айнура", "мой номер: 0555123456 ватсап", "Номерим 0555-12-34-56",
     "  0555123456\n", "0555.12.34.56", "0555123456 0700111222", "０５５５１２３４５６"],
)  # fmt: skip
def test_a_kyrgyz_number_is_read_however_it_is_written(typed: str) -> None:
    assert read_phone(typed) == OURS


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("+7 912 345-67-89", "+79123456789"), ("8 912 345 67 89", "+79123456789"),
        ("79123456789", "+79123456789"), ("+998 90 123 45 67", "+998901234567"),
        ("+90 532 123 45 67", "+905321234567"), ("0312 62 52 10", "+996312625210"),
        ("0700 12 34 56", "+996700123456"), ("0990123456", "+996990123456"),
    ],
)  # fmt: skip
def test_numbers_from_abroad_and_of_offices_are_read(typed: str, meant: str) -> None:
    assert read_phone(typed) == meant


@pytest.mark.parametrize(
    "typed",
    ["", " ", "нет", "жок", "112", "102", "12345", "0555", "05551234", "055512345678901",
     "у меня нет телефона", "25.12.2026", "+996", "+", "0" * 10, "1" * 200,
     "0555123456" + " и ещё много слов" * 20],
)  # fmt: skip
def test_what_is_no_number_is_none(typed: str) -> None:
    assert read_phone(typed) is None


@given(st.text(max_size=200))
def test_any_text_gives_a_whole_number_or_none(typed: str) -> None:
    found = read_phone(typed)
    assert found is None or re.fullmatch(r"\+\d{7,15}", found)


@given(st.from_regex(r"\+?[0-9 ()\-]{0,40}", fullmatch=True))
def test_a_number_read_is_read_again_as_it_is_shown(typed: str) -> None:
    if (found := read_phone(typed)) is not None:
        assert read_phone(spaced(found)) == found


def test_a_number_is_shown_in_groups() -> None:
    assert spaced(OURS) == "+996 555 123 456"
    assert spaced("nonsense") == "nonsense"
