"""Finds the figures in a text, in one spelling: 5 000 is 5000, and 0,25 is 0.25."""

import re
from decimal import Decimal

from knowledge.render import PLACEHOLDER

_DATE = re.compile(r"\b(\d{1,2})\.(\d{1,2})\.(\d{4})\b")
_NUMBER = re.compile(r"\d{1,3}(?:[ \xa0]\d{3})+(?!\d)(?:[.,]\d+)?|\d+(?:[.,]\d+)?")


def figures(text: str) -> set[str]:
    """Return the figures of a text; `{units:50}` counts as 50, `{rate:…}` as none."""
    counted = PLACEHOLDER.sub(lambda match: f" {match['units'] or ''} ", text)
    return {_one_spelling(found) for found in _NUMBER.findall(_DATE.sub(r"\1 . \2 . \3", counted))}


def _one_spelling(number: str) -> str:
    plain = re.sub(r"[ \xa0]", "", number).replace(",", ".")
    return f"{Decimal(plain).normalize():f}"
