"""From text to terms: each word's stem, and the notion it stands for.

A word may be read as Kyrgyz, as Russian or as both («сот», «кат»); the words around it decide.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from knowledge.search import normal, russian
from knowledge.search.kyrgyz import Stemmer, bare
from knowledge.search.lexicon import Lexicon

Language = Literal["ky", "ru"]

_KYRGYZ_LETTER = re.compile("[өүң]")
_CYRILLIC_WORD = re.compile("[а-яёөүң]+")


@dataclass(frozen=True, slots=True)
class Word:
    """One word as it can be read: a Kyrgyz stem, a Russian dictionary form, or only a guess."""

    skeleton: str
    kyrgyz: str | None = None
    russian: str | None = None
    guess: str | None = None  # a stem, where neither language knows the word

    @property
    def known(self) -> bool:
        """Whether one of the languages knows the word."""
        return self.guess is None


@dataclass(frozen=True)
class Text:
    """The words of a text, read in the language that prevails in it."""

    words: tuple[Word, ...]
    language: Language
    terms: tuple[str, ...]  # one for each word that says something
    notions: tuple[str, ...]

    @cached_property
    def known_share(self) -> float:
        """How many of its words are known, from 0 to 1."""
        return sum(word.known for word in self.words) / len(self.words) if self.words else 0.0


class Reader:
    """Reads texts into terms; keeps what it found out about each word."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._stemmer = Stemmer(lexicon.kyrgyz_roots, lexicon.irregular)
        self._words: dict[str, Word] = {}

    def read(self, text: str) -> Text:
        """Read `text` in whatever alphabet, keyboard layout and mixture of languages it is."""
        cleaned = normal.clean(text)
        found = self._read_words(normal.words(cleaned))
        if normal.LATIN.search(cleaned):
            switched = self._read_words(normal.words(normal.switch_layout(cleaned)))
            if _plausibility(switched) > _plausibility(found):
                found = switched
        return self._understand(found)

    def word(self, word: str) -> Word:
        """Read one lower-case word."""
        known = self._words.get(word)
        if known is None:
            if len(self._words) > 100_000:  # the words of many strangers: start afresh
                self._words.clear()
            known = self._words[word] = (
                self._read_latin(word) if normal.is_latin(word) else self._read_cyrillic(word)
            )
        return known

    def _read_words(self, words: Iterable[str]) -> list[Word]:
        return [self.word(word) for word in words]

    def _read_latin(self, word: str) -> Word:
        variants = [self._read_cyrillic(spelled) for spelled in normal.latin_variants(word)]
        return next((variant for variant in variants if variant.known), variants[0])

    def _read_cyrillic(self, word: str) -> Word:
        skeleton = normal.skeleton(word)
        if not _CYRILLIC_WORD.fullmatch(word):
            return Word(skeleton, guess=skeleton)
        lemma = None if _KYRGYZ_LETTER.search(word) else russian.lemma(word)
        root = self._stemmer.known(skeleton)
        if root is None and lemma is None:
            return Word(skeleton, guess=bare(skeleton))
        return Word(skeleton, root, normal.skeleton(lemma) if lemma else None)

    def _understand(self, words: Sequence[Word]) -> Text:
        language = self._language(words)
        stems = [_stem(word, language) for word in words]
        terms = tuple(stem for stem in stems if stem not in self._lexicon.fillers)
        return Text(tuple(words), language, terms, tuple(self._lexicon.notions(stems)))

    def _language(self, words: Sequence[Word]) -> Language:
        kyrgyz = sum(word.russian is None for word in words)
        russian_only = sum(word.kyrgyz is None and word.russian is not None for word in words)
        return "ky" if kyrgyz > russian_only else "ru"


def _stem(word: Word, language: Language) -> str:
    first, second = (word.kyrgyz, word.russian) if language == "ky" else (word.russian, word.kyrgyz)
    return first or second or word.guess or word.skeleton


def _plausibility(words: Sequence[Word]) -> int:
    return sum(len(word.skeleton) for word in words if word.known)
