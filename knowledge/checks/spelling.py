"""Words that people read are spelled as the word lists know them.

Russian: the dictionary of pymorphy3. Kyrgyz: `words/ky-general.txt` and the rules of `endings`.
What both lack stands in `words/ru.txt` and `words/ky.txt`.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import cache, lru_cache
from itertools import combinations
from pathlib import Path
from typing import NamedTuple

from knowledge import render
from knowledge.base import Base
from knowledge.checks import Remark, told
from knowledge.checks.endings import VOWELS, glided, is_form
from knowledge.model import Article, Language
from knowledge.search import russian

_LISTS = Path(__file__).parent.parent / "words"
# Not what follows a digit (10до, 2-й), nor parts of addresses.
_WORD = re.compile(r"(?<![\w.@/%»)-])[^\W\d_]+(?:-[^\W\d_]+)*(?![\w@/]|\.\w)")
_CYRILLIC = re.compile(r"[\u0400-\u04ff-]+")
_QUOTED = re.compile(r"«[^«»]*»|\([^()]*\)")
_ABBREVIATION = re.compile(r"[А-ЯЁӨҮҢ]{2,}|кВт|млн")
_NOUN = re.compile(r"(?:а|у|ом|е|ы|и|ов|ам|ами|ах)$")
_ADJECTIVE = re.compile(r"(?:[ыи]й|ой|ая|ую|[ое]е|[ыи]е|[ое]го|[ое]му|[ыи]м|ом|ем|[ыи]х|[ыи]ми)$")
_SECOND = 4  # letters of the second part of a compound
_READ = [(vowel, last) for vowel in "аоеөуү" for last in (vowel, "н", "т", "р")]  # МСЭК, ТСЖ
_KYRGYZ_LETTERS = {"о": "ө", "у": "ү", "н": "ң"}
_LOAN = 5  # letters from which on a Russian noun is taken for a Kyrgyz root too

_USAGE: Mapping[Language, tuple[tuple[re.Pattern[str], str, str], ...]] = {
    "ky": (
        (
            re.compile(r"(?<!\w)сиз(?:ди|дин|ге|де|ден|дер\w*)?(?!\w)"),
            "says «сиз» to the reader in lower case",
            "write «Сиз»",
        ),
        (
            re.compile(r"(?i)(?<!\w)ондо(?:о|т|п|л|ш)\w*"),
            "spells оңдо- (mend) with н",
            "write «оңдо…»",
        ),
        (re.compile(r"(?i)жумушчу күн"), "has «жумушчу күн»", "write «жумуш күнү»"),
    ),
    "ru": (
        (
            re.compile(r"(?i)(?<!\w)(?:айыл|айылный|айылного|айылном) (?:өкмөт|окмот[а-тф-яё])"),
            "spells айыл окмоту in another way",
            "write «айыл окмоту»",
        ),
    ),
}


class Words(NamedTuple):
    """One or more lists."""

    whole: frozenset[str]  # in lower case but for abbreviations
    parts: frozenset[str]  # stems of Kyrgyz verbs; first parts of Russian compounds
    shapes: Mapping[str, str]  # a Kyrgyz word's shape before a vowel → the word: орд → орун


def spelling(article: Article, base: Base, day: date) -> Iterator[Remark]:
    """Every word is in a list, with right endings."""
    for line in told(article):
        text = render.PLACEHOLDER.sub(" ", line.text)
        quoted = [match.span() for match in _QUOTED.finditer(text)]
        for match in _WORD.finditer(text):
            word = match[0]
            name = any(start < match.start() < end for start, end in quoted)
            name = name or (line.language == "ru" and word[0].isupper())
            if not is_right(word, line.language, name=name):
                meant = _meant(word) if line.language == "ky" else None
                first = f"write «{meant}»" if meant else "correct it"
                cure = f"{first}, or add it to knowledge/words/{line.language}.txt"
                yield Remark(f"{line.place} has «{word}», which no word list knows", cure)


def usage(article: Article, base: Base, day: date) -> Iterator[Remark]:
    """Words that exist, but are wrong where they stand."""
    for line in told(article):
        for pattern, what, cure in _USAGE[line.language]:
            if pattern.search(line.text):
                yield Remark(f"{line.place} {what}", cure)


def is_right(word: str, language: Language, *, name: bool = False) -> bool:
    """Tell whether `word` is spelled right; a `name` may be of the other language."""
    if not _CYRILLIC.fullmatch(word):
        return True  # an address or a name in Latin letters
    if len(word) == 1 and word.isupper():
        return True  # an initial
    mine, other = (_kyrgyz, _russian) if language == "ky" else (_russian, _kyrgyz)
    return mine(word) or (name and other(word))


@lru_cache(maxsize=65_536)
def _russian(word: str) -> bool:
    known = _words("ru")
    lower = word.lower()
    if word in known.whole or lower in known.whole or _is_declined(lower, known):
        return True
    if russian.lemma(lower) is not None:
        return word != lower or not russian.is_name(lower)
    if "-" in word:
        *firsts, last = word.split("-")
        return all(one in known.parts or _russian(one) for one in firsts) and _russian(last)
    return any(
        lower.startswith(part)
        and len(lower) - len(part) >= _SECOND
        and _russian(lower[len(part) :])
        for part in known.parts
    )


def _is_declined(word: str, known: Words) -> bool:
    """Tell whether `word` is a case of a listed masculine noun or adjective."""
    noun, adjective = _NOUN.sub("", word), _ADJECTIVE.sub("", word)
    if noun[-1:] not in VOWELS and noun in known.whole:
        return True
    return any(adjective + ending in known.whole for ending in ("ый", "ий", "ой"))


@lru_cache(maxsize=65_536)
def _kyrgyz(word: str) -> bool:
    known = _words("ky-general", "ky")
    if word in known.whole or word.lower() in known.whole:
        return True
    if (abbreviation := _ABBREVIATION.match(word)) and abbreviation[0] in known.whole:
        return _is_abbreviation(abbreviation[0].lower(), word[abbreviation.end() :])
    if "-" in word and all(map(_kyrgyz, word.split("-"))):
        return True
    return is_form(word.lower(), _is_root)


def _is_abbreviation(short: str, ending: str) -> bool:
    if short[-2] in VOWELS and short[-1] not in VOWELS:  # read as a word: ЦОНдон
        return is_form(short + ending, _one(short))
    return any(is_form(f"{vowel}{last}{ending}", _one(vowel + last)) for vowel, last in _READ)


def _one(root: str) -> Callable[[str, bool], bool]:
    return lambda start, verb: start == root and not verb


def _is_root(root: str, verb: bool) -> bool:
    known = _words("ky-general", "ky")
    if verb:
        return root in known.parts
    return root in known.whole or root in known.shapes or _is_loan(root)


@cache
def _is_loan(root: str) -> bool:
    root = root.replace("йа", "я").replace("йе", "е")
    return len(root) >= _LOAN and any(
        russian.lemma(noun) == noun and not russian.is_name(noun, perhaps=True)
        for noun in (root, f"{root}ь")
    )


def _meant(word: str) -> str | None:
    """Return the word with ө ү ң for о у н that is right, if there is one."""
    places = [place for place, letter in enumerate(word) if letter in _KYRGYZ_LETTERS][:8]
    for count in range(1, len(places) + 1):
        for chosen in combinations(places, count):
            letters = list(word)
            for place in chosen:
                letters[place] = _KYRGYZ_LETTERS[letters[place]]
            if _kyrgyz(other := "".join(letters)):
                return other
    return None


@cache
def _words(*names: str) -> Words:
    whole: set[str] = set()
    parts: set[str] = set()
    shapes: dict[str, str] = {}
    for name in names:
        written = glided if name.startswith("ky") else str
        for line in (_LISTS / f"{name}.txt").read_text(encoding="utf-8").splitlines():
            if not line or line.startswith("#"):
                continue
            if line.endswith("-"):
                parts.add(written(line[:-1]))
                continue
            word, _, shape = line.partition("/")
            whole.update((word, written(word)))
            if word.istitle():
                whole.add(written(word.lower()))
            if shape:
                shapes[shape] = word
    return Words(frozenset(whole), frozenset(parts), shapes)
