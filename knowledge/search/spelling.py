"""Mends misspelt words by the vocabulary of the base: «зарплту», «айлгымды», «брбй»."""

from collections.abc import Iterable

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

    def mend(self, word: str) -> str | None:
        """Return the known word that `word`, a skeleton, was meant to be, if one is near enough."""
        if word in self._known or not word.isalpha():
            return None
        return self._by_consonants(word) or self._by_letters(word)

    def _by_consonants(self, word: str) -> str | None:
        """Vowels are what people leave out or hear differently: «птрл» and «патерял»."""
        key = word.translate(_NO_VOWELS)
        if len(key) < 3:
            return None
        dropped = len(word) - len(key) <= len(key) // 3
        most = 4 if dropped else 1 + len(word) // LONG
        found = process.extractOne(
            word, self._consonants.get(key, ()), scorer=OSA.distance, score_cutoff=most
        )
        return found[0] if found else None

    def _by_letters(self, word: str) -> str | None:
        if len(word) < SHORTEST:
            return None
        most = 1 + (len(word) >= LONG)
        best: str | None = None
        for length in range(len(word), len(word) + most + 1):
            for near in {length, 2 * len(word) - length}:
                shelf = self._shelves.get((_first(word), near), ())
                found = process.extractOne(word, shelf, scorer=OSA.distance, score_cutoff=most)
                if found:
                    best, most = found[0], int(found[1]) - 1
                if most <= 0:
                    return best
        return best


def _first(word: str) -> str:
    """Return the first letter; the vowels, often mistaken for each other, are one."""
    return "а" if word[0] in _VOWELS else word[0]
