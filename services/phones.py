"""Telephone numbers as people here write them."""

from __future__ import annotations

import re

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberFormat, PhoneNumberMatcher

HERE = "KG"
LONGEST = 100  # characters; whoever writes more tells a story
_RUSSIAN = re.compile(r"[78](\d{10})")  # as it is dialled in Russia, or without its plus
_OLD_TRUNK = re.compile(r"80(\d{9})")  # the long distance prefix of former times before ours


def read_phone(typed: str) -> str | None:
    """The number in a text, as E.164 («+996555123456»); None when there is no valid one.

    Without the code of a country it is Kyrgyz. Of several numbers it is the first.
    """
    if len(typed) > LONGEST:
        return None
    digits = re.sub(r"\D", "", typed)
    abroad = [f"+7{found[1]}"] if (found := _RUSSIAN.fullmatch(digits)) else []
    before = [f"0{found[1]}"] if (found := _OLD_TRUNK.fullmatch(digits)) else []
    for written in (typed, digits, *before, *abroad):
        if (number := _valid(written)) is not None:
            return phonenumbers.format_number(number, PhoneNumberFormat.E164)
    for match in PhoneNumberMatcher(typed, HERE):
        return phonenumbers.format_number(match.number, PhoneNumberFormat.E164)
    return None


def _valid(written: str) -> PhoneNumber | None:
    try:
        number = phonenumbers.parse(written, HERE)
    except NumberParseException:
        return None
    return number if phonenumbers.is_valid_number(number) else None


def spaced(phone: str) -> str:
    """An E.164 number as people read it: «+996 555 123 456»."""
    try:
        number = phonenumbers.parse(phone)
    except NumberParseException:
        return phone
    return phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL)
