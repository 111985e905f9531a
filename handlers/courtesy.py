"""Greetings and thanks: they are no questions, and the search would make something of them."""

from __future__ import annotations

import re
from functools import cache

from handlers.menu import n_
from locales import all_texts

# Translators: what people write, lower case, without punctuation, with a comma and a space between.
GREETINGS = n_("hello, hi, good day, good morning, good evening")
# Translators: as above; also the small words by which people say that they have understood.
THANKS = n_("thanks, thank you, many thanks, ok, good, clear")
_LOOSE = str.maketrans("өүңё", "оуне")  # as people type them


def _bare(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.lower().translate(_LOOSE)))


@cache
def _said(key: str) -> frozenset[str]:
    return frozenset(_bare(one) for t in all_texts().values() for one in t(key).split(","))


def is_greeting(text: str) -> bool:
    """Tell whether a text is nothing but a greeting, in any language."""
    return _bare(text) in _said(GREETINGS)


def is_thanks(text: str) -> bool:
    """Tell whether a text only thanks, or says that it was understood, in any language."""
    return _bare(text) in _said(THANKS)
