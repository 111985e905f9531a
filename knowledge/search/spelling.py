"""Mends misspelt words by the vocabulary of the base: «зарплту», «айлгымды», «брбй»."""

from collections.abc import Iterable, Sequence

from rapidfuzz import process
from rapidfuzz.distance import OSA

_VOWELS = frozenset("аеиоу")
_NO_VOWELS = str.maketrans("", "", "аеиоу")
SHORTEST = 4  # letters; shorter words have too many neighbours
LONG = 8  # letters from which on two mistakes are mended


class Speller:
    """Knows words by their skeletons and finds the one that was meant."""

    def __init__(self) -> None:
        self._known: set[str] = set()
        self._shelves: dict[tuple[str, int], list[str]] = {}
        self._consonants: dict[str, list[str]] = {}

    def add(self, words: Iterable[str]) -> None:
        """Add skeletons of words that are spelt right."""
        for word in words:
            if word in self._known or len(word) < SHORTEST:
                continue
            self._known.add(word)
            self._shelves.setdefault((_first(word), len(word)), []).append(word)
            self._consonants.setdefault(word.translate(_NO_VOWELS), []).append(word)

    def mend(self, word: str, most: int = 2) -> str | None:
        """Return the known word that `word`, a skeleton, was meant to be.

        Args:
            word: a skeleton.
            most: mistakes allowed, beside vowels left out.
        """
        if word in self._known:
            return word
        return self._without_vowels(word) or self._near(word, most)

    def _without_vowels(self, word: str) -> str | None:
        """Find a word whose vowels were left out: «брбй», «айлгмды»."""
        key = word.translate(_NO_VOWELS)
        if len(key) < 3:
            return None
        full = [known for known in self._consonants.get(key, ()) if _within(word, known)]
        return min(full, key=len, default=None)

    def _near(self, word: str, most: int) -> str | None:
        if len(word) < SHORTEST:
            return None
        key = word.translate(_NO_VOWELS)  # vowels are what people hear differently: «патерял»
        most_vowels = most if len(key) > 2 else 1
        found = _closest(word, self._consonants.get(key, ()), most_vowels)
        if found:
            return found[0]
        most = min(most, 1 + (len(word) >= LONG))
        best: str | None = None
        for length in range(len(word), len(word) + most + 1):
            for near in {length, 2 * len(word) - length}:
                found = _closest(word, self._shelves.get((_first(word), near), ()), most)
                if found:
                    best, most = found[0], found[1] - 1
                if most <= 0:
                    return best
        return best


def _closest(word: str, known: Sequence[str], most: int) -> tuple[str, int] | None:
    found = process.extractOne(word, known, scorer=OSA.distance, score_cutoff=most)
    return (found[0], int(found[1])) if found else None


def _within(short: str, long: str) -> bool:
    """Whether `long` has all letters of `short`, in their order."""
    letters = iter(long)
    return all(letter in letters for letter in short)


def _first(word: str) -> str:
    """Return the first letter; the vowels, often mistaken for each other, are one."""
    return "а" if word[0] in _VOWELS else word[0]
