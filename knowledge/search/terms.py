"""From text to terms: each word's stem, and the notion it stands for.

A word may be read as Kyrgyz, as Russian or as both («сот», «кат»); the words around it decide.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from knowledge.search import normal, russian
from knowledge.search.kyrgyz import bare, prefixes
from knowledge.search.lexicon import Lexicon
from knowledge.search.spelling import Speller

Language = Literal["ky", "ru"]

_KYRGYZ_LETTER = re.compile("[өүң]")
_CYRILLIC_WORD = re.compile("[а-яёөүң]+")
SHORT_ROOT = 3  # letters
OFTEN = 3  # times that an unknown word of the base comes before others are mended to it
TWICE = 2  # times for a known word; what comes once is seldom what somebody else meant
BOTH = 0.3  # how far a word of both languages speaks for Kyrgyz: Russian has more words of its own
_MOST_WORDS = 100_000  # kept in memory; the vocabulary of a base is a quarter of it


@dataclass(frozen=True, slots=True)
class Word:
    """One word as it can be read: a Kyrgyz stem, a Russian dictionary form, or only a guess."""

    skeleton: str
    kyrgyz: str | None = None
    russian: str | None = None
    guess: str | None = None  # a stem, where neither language knows the word
    meant: str | None = None  # the skeleton that was meant, where the word is misspelt

    @property
    def spelt(self) -> str:
        """The skeleton, as it should be."""
        return self.meant or self.skeleton

    @property
    def known(self) -> bool:
        """Whether one of the languages knows the word."""
        return self.guess is None


@dataclass(frozen=True, slots=True)
class Text:
    """The words of a text, read in the language that prevails in it."""

    words: tuple[Word, ...]
    language: Language
    stems: tuple[str, ...]  # one for each word
    terms: tuple[str, ...]  # the stems that say something about the matter
    notions: tuple[str, ...]


class Reader:
    """Reads texts into terms; keeps what it found out about each word."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._speller = Speller()
        self._mending = False
        self._words: dict[str, Word] = {}
        self._spelt: dict[str, Word] = {}  # by skeleton: what misspelt words can be mended to
        self._trust(Word(root, kyrgyz=root) for root in lexicon.stemmer.roots)
        self._trust(Word(term, russian=term) for term in lexicon.russian_terms)

    def study(self, texts: Iterable[str], words: Iterable[str] = ()) -> None:
        """Learn how words are spelt, from texts and single words; others are mended from now on.

        The texts may have misspelt words among them: a word that no language knows is taken for
        right only where it comes often.
        """
        counts = Counter(word for text in texts for word in normal.words(normal.clean(text)))
        read = ((self.word(word), count) for word, count in counts.items())
        self._trust(word for word, count in read if count >= (TWICE if word.known else OFTEN))
        self._trust(map(self._read_cyrillic, words))
        self._mending = True

    def read(self, text: str, speaks: Language | None = None) -> Text:
        """Read `text` in whatever alphabet, keyboard layout and mixture of languages it is.

        Args:
            text: what was typed.
            speaks: the language to read it in where all its words are of both («паспорт, кредит»).
        """
        cleaned = normal.clean(text)
        found = self._read_words(normal.words(cleaned))
        if normal.LATIN.search(cleaned):
            switched = normal.words(normal.switch_layout(cleaned))
            if _plausibility(map(self._read_cyrillic, switched)) > _plausibility(found):
                found = self._read_words(switched)
        return self._understand(found, speaks)

    def is_common(self, word: str) -> bool:
        """Tell whether a lower-case word is spelt as one of those that were studied."""
        return normal.skeleton(word) in self._spelt

    def elsewhere(self, text: Text) -> set[tuple[str, ...]]:
        """Return the stems of a text, alone or together, that law has nothing to do with."""
        return {stems for _, stems in self._lexicon.elsewhere.find(text.stems)}

    def word(self, word: str) -> Word:
        """Read one lower-case word."""
        known = self._words.get(word)
        if known is None:
            if len(self._words) > _MOST_WORDS:  # the words of many strangers: start afresh
                self._words.clear()
            known = self._words[word] = self._read_word(word)
        return known

    def _trust(self, words: Iterable[Word]) -> None:
        for word in words:
            self._spelt.setdefault(word.skeleton, word)
        self._speller.add(self._spelt)

    def _read_words(self, words: Iterable[str]) -> list[Word]:
        return [self.word(word) for word in words]

    def _read_word(self, word: str) -> Word:
        spellings = normal.latin_variants(word) if normal.is_latin(word) else [word]
        readings = [self._read_cyrillic(spelling) for spelling in spellings]
        for reading in readings:
            if reading.known:
                return self._mend_doubtful(reading) if self._mending else reading
        for reading in readings if self._mending else ():
            mended = self._mend(reading.skeleton)
            if mended:
                return replace(mended, skeleton=reading.skeleton, meant=mended.skeleton)
        return readings[0]

    def _read_cyrillic(self, word: str) -> Word:
        skeleton = normal.skeleton(word)
        if not _CYRILLIC_WORD.fullmatch(word):
            return Word(skeleton, guess=skeleton)
        root = self._lexicon.stemmer.known(skeleton)
        kyrgyz_only = _KYRGYZ_LETTER.search(word) or self._surely_kyrgyz(root)
        if not kyrgyz_only and russian.lemma(word):
            borrowed = root in self._lexicon.russian_terms
            return Word(skeleton, None if borrowed else root, russian.term(word))
        if root:
            return Word(skeleton, root)
        return self._spelt.get(skeleton) or Word(skeleton, guess=bare(skeleton))

    def _surely_kyrgyz(self, root: str | None) -> bool:
        """Whether a root is too long to stand in a Russian word by chance."""
        return (
            root is not None and len(root) > SHORT_ROOT and root not in self._lexicon.russian_terms
        )

    def _mend_doubtful(self, word: Word) -> Word:
        """Doubt a Kyrgyz root under unseen endings: «келишмсиз» comes not from «кел»."""
        root = word.kyrgyz
        if (
            root is None
            or word.russian is not None
            or len(word.skeleton) < max(len(root) + SHORT_ROOT, 2 * SHORT_ROOT)
            or word.skeleton in self._spelt
        ):
            return word
        mended = self._speller.mend(word.skeleton, most=1)
        meant = self._spelt[mended] if mended else word
        if len(meant.kyrgyz or "") <= len(root):
            return word
        return replace(meant, skeleton=word.skeleton, meant=meant.skeleton)

    def _mend(self, skeleton: str) -> Word | None:
        """Mend the word as it stands, or the stem under its Kyrgyz endings."""
        if not skeleton.isalpha():
            return None
        for start in prefixes(skeleton):
            mended = self._speller.mend(start, most=2 if start == skeleton else 1)
            if mended:
                return self._spelt[mended]
        return None

    def _understand(self, words: Sequence[Word], speaks: Language | None) -> Text:
        shared = speaks is not None and all(map(self._is_shared, words))
        language = speaks if speaks and shared else self._language(words)
        stems = tuple(_stem(word, language) for word in words)
        terms = tuple(stem for stem in stems if stem not in self._lexicon.fillers)
        return Text(
            tuple(words),
            language,
            stems,
            terms,
            tuple(notion for notion, _ in self._lexicon.notions.find(stems)),
        )

    def _is_shared(self, word: Word) -> bool:
        """Whether a word is of both languages: known to both, to none, or borrowed as it stands."""
        if (word.kyrgyz is None) == (word.russian is None):
            return True
        bare = word.spelt in (word.kyrgyz, word.russian)
        borrowed = self._lexicon.russian_terms
        return bare and (word.spelt in borrowed or f"{word.spelt}и" in borrowed)  # «алимент(ы)»

    def _language(self, words: Sequence[Word]) -> Language:
        kyrgyz = russian_only = 0.0
        for word in words:
            if word.kyrgyz is not None:
                kyrgyz += 1 if word.russian is None else BOTH
            elif word.russian is not None:
                russian_only += 1
        return "ky" if kyrgyz > russian_only else "ru"


def _stem(word: Word, language: Language) -> str:
    first, second = (word.kyrgyz, word.russian) if language == "ky" else (word.russian, word.kyrgyz)
    return first or second or word.guess or word.skeleton


def _plausibility(words: Iterable[Word]) -> int:
    return sum(len(word.skeleton) for word in words if word.known and not word.meant)
