"""Takes out of people's words what could tell who they are: names, phones, numbers, addresses in the net."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from pathlib import Path

from knowledge.search import russian

MASK = "…"
LEAST_DIGITS = 3  # «3 месяца», «18 лет» tell nobody; a sum, a year, a house of three digits may

_CONTACTS = re.compile(
    r"https?://\S+|\bwww\.\S+|\bt\.me/\S+|\S+@\S+\.\S+|(?<!\w)@\w+", re.IGNORECASE
)
_NUMBER = re.compile(r"[A-ZА-Я]{0,3}[№#+(]?\d(?:[\d\s().,:/–-]*\d)?", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
# What stands after «my name is»: whatever it is, it is a name.
_CALLED = re.compile(
    r"\b((?:меня|его|е[её]) зовут|по имени|(?:менин )?(?:атым|аты-жөнүм|фамилиям))\b"
    r"(\s*[:—–-]?\s*)([^\W\d_]+)",
    re.IGNORECASE,
)
_SURNAME = re.compile(
    r"^[^\W\d_]{3,}(?:[оеё]в|[оеё]ва|[оеё]вич|[оеё]вна|ович|овна|ский|ская|уулу|кызы)"
    r"(?:а|у|ом|ым|ой|ду|нун|дун|га|го)?$",
    re.IGNORECASE,
)
_FATHERED = re.compile(r"([^\W\d_]+)\s+(уулу|кызы|тегин)\b", re.IGNORECASE)
_ENDINGS = 5  # letters of Kyrgyz or Russian endings after a name
_SHORTEST_NAME = 4  # letters; shorter ones begin too many other words
_FOLDED = str.maketrans("өүңё", "оуне")
_SECOND_NAME = re.compile(rf"{MASK}\s+[А-ЯЁӨҮҢ][^\W\d_]+")
_MASKS = re.compile(rf"{MASK}(?:[\s,]*{MASK})+")


def masked(text: str, is_common: Callable[[str], bool] = lambda word: False) -> str:
    """Return the words with a mark in place of whatever could tell who somebody is.

    Errs on the side of hiding. What it can't know (a nickname in small letters) a curator takes out.
    `is_common` tells of a lower-case word whether everybody uses it, so that it is nobody's name.
    """
    text = _CONTACTS.sub(MASK, text)
    text = _CALLED.sub(
        lambda cue: cue[0] if is_common(cue[3].lower()) else f"{cue[1]}{cue[2]}{MASK}", text
    )
    text = _FATHERED.sub(lambda found: f"{MASK} {MASK}", text)
    text = _NUMBER.sub(_without_long_number, text)
    starts = {match.end() for match in re.finditer(r"(?:^|[.!?…\n])\s*", text)}
    text = _WORD.sub(
        lambda word: (
            MASK
            if not is_common(word[0].lower()) and _is_name(word[0], first=word.start() in starts)
            else word[0]
        ),
        text,
    )
    return _MASKS.sub(MASK, _SECOND_NAME.sub(MASK, text))


def without_masks(text: str) -> str:
    """Return the words without the marks, as a phrasing can be learned."""
    return " ".join(text.replace(MASK, " ").split())


def _without_long_number(found: re.Match[str]) -> str:
    digits = sum(character.isdigit() for character in found[0])
    return MASK if digits >= LEAST_DIGITS else found[0]


def _is_name(word: str, *, first: bool) -> bool:
    """Whether a word is a name: by the lists, by its form, or a capital within a sentence."""
    capital = word[:1].isupper() and word[1:2].islower()  # «РОВДга» is no name
    if _listed(word.lower()) or russian.is_name(word.lower(), perhaps=capital):
        return True
    if _SURNAME.match(word) and not russian.lemma(word.lower()):
        return True
    return capital and not first and russian.lemma(word.lower()) is None


def _listed(word: str) -> bool:
    folded = word.translate(_FOLDED)
    longest = min(len(folded), max(map(len, _names())))
    starts = range(max(_SHORTEST_NAME, len(folded) - _ENDINGS), longest + 1)
    return any(folded[:end] in _names() for end in starts)


@cache
def _names() -> frozenset[str]:
    lines = Path(__file__).with_name("names.txt").read_text("utf-8").splitlines()
    return frozenset(
        name.translate(_FOLDED)
        for line in lines
        if not line.startswith("#")
        for name in line.split()
    )
