"""Everyday words and the notions they stand for: lexicon.yaml.

«Айлык», «маяна», «зарплата» and «получка» are one notion. Notions let a question meet an
article that says the same in other words, or in the other language.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from knowledge.search import russian
from knowledge.search.kyrgyz import Stemmer
from knowledge.search.normal import skeleton

SHORTEST_ROOT = 4  # letters of a root that is known only from words that law doesn't use
SHORTEST_BORROWED = 4  # letters of a Russian word in a Kyrgyz one; shorter ones look like its stem
_INFINITIVES = ("ть", "ться", "ти", "тись", "чь", "чься")
_FILE = Path(__file__).with_name("lexicon.yaml")
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # safe, and in C where there is one


class Notions:
    """Finds the notions that words, and sequences of words, stand for."""

    def __init__(self) -> None:
        self._single: dict[str, list[str]] = {}
        self._phrases: dict[str, list[tuple[tuple[str, ...], str]]] = {}

    def add(self, notion: str, terms: tuple[str, ...]) -> None:
        """Let a sequence of terms stand for a notion."""
        if len(terms) == 1:
            self._single.setdefault(terms[0], []).append(notion)
        else:
            self._phrases.setdefault(terms[0], []).append((terms, notion))

    def find(self, stems: tuple[str, ...]) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Yield the notions that stand in a sequence of stems, each with the stems it stands in."""
        single, phrases = self._single, self._phrases
        for place, stem in enumerate(stems):
            if stem in single:
                for notion in single[stem]:
                    yield notion, (stem,)
            if stem in phrases:
                for phrase, notion in phrases[stem]:
                    if stems[place : place + len(phrase)] == phrase:
                        yield notion, phrase


@dataclass(frozen=True)
class Lexicon:
    """What lexicon.yaml tells."""

    notions: Notions
    elsewhere: Notions  # what law has nothing to do with
    fillers: frozenset[str]  # terms that say nothing about the matter
    stemmer: Stemmer
    russian_terms: frozenset[str]


def _parse(content: Mapping[str, Any]) -> Lexicon:
    """Make a lexicon of the file's content.

    Under `notions` and `elsewhere`: name → language → words, separated by commas; a verb stands
    as its stem in Kyrgyz and as its infinitive in Russian; an entry may be several words.
    """
    entries = [
        (kind, name, language, entry)
        for kind in ("notions", "elsewhere")
        for name, sides in content[kind].items()
        for language, words in sides.items()
        for entry in _split(words)
    ]
    irregular = {skeleton(form): skeleton(root) for form, root in content["irregular"].items()}
    stemmer = Stemmer(_roots(content, entries), irregular)
    fillers = {
        term for word in _split(content["fillers"]) for term in (skeleton(word), russian.term(word))
    }
    found = {"notions": Notions(), "elsewhere": Notions()}
    for kind, name, language, entry in entries:
        term = russian.term if language == "ru" else lambda word: stemmer.stem(skeleton(word))
        terms = tuple(map(term, entry.split()))
        if not fillers.issuperset(terms):
            found[kind].add(name, terms)
    borrowed = {
        russian.term(word)
        for kind, _, language, entry in entries
        if kind == "notions" and language == "ru" and not entry.endswith(_INFINITIVES)
        for word in entry.split()
    }
    stemmer.borrow(term for term in borrowed if len(term) >= SHORTEST_BORROWED)
    return Lexicon(
        found["notions"], found["elsewhere"], frozenset(fillers), stemmer, frozenset(borrowed)
    )


def _roots(content: Mapping[str, Any], entries: Sequence[tuple[str, str, str, str]]) -> list[str]:
    """Kyrgyz roots: the single words; what stands in phrases has its endings on."""
    return _split(content["roots"]) + [
        entry
        for kind, _, language, entry in entries
        if language == "ky"
        and " " not in entry
        and (kind == "notions" or len(entry) >= SHORTEST_ROOT)
    ]


def _split(words: str) -> list[str]:
    return [entry.strip() for entry in words.split(",") if entry.strip()]


@cache
def load() -> Lexicon:
    """Read lexicon.yaml."""
    with _FILE.open(encoding="utf-8") as file:
        return _parse(yaml.load(file, _Loader))  # noqa: S506
