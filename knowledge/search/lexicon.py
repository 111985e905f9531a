"""Everyday words and the notions they stand for: lexicon.yaml.

«Айлык», «маяна», «зарплата» and «получка» are one notion. Notions let a question meet an
article that says the same in other words, or in the other language.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from types import MappingProxyType

import yaml

from knowledge.search import russian
from knowledge.search.kyrgyz import Stemmer
from knowledge.search.normal import skeleton

SHORTEST_BORROWED = 4  # letters; shorter ones look like Kyrgyz stems
_INFINITIVES = ("ть", "ться", "ти", "чь")
_FILE = Path(__file__).with_name("lexicon.yaml")
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # safe, and in C where there is one


class Lexicon:
    """Words by notion.

    Args:
        notions: name of a notion → language → its words, separated by commas; a verb stands as
            its stem in Kyrgyz and as its infinitive in Russian; an entry may be several words.
        roots: further Kyrgyz roots, that stand for no notion.
        irregular: Kyrgyz forms that endings alone don't explain → their root.
        fillers: words that say nothing about the matter.
    """

    def __init__(
        self,
        notions: Mapping[str, Mapping[str, str]],
        roots: Sequence[str] = (),
        irregular: Mapping[str, str] = MappingProxyType({}),
        fillers: Sequence[str] = (),
    ) -> None:
        self.kyrgyz_roots = [*roots]
        self.fillers: frozenset[str] = frozenset()
        self._single: dict[str, list[str]] = {}
        self._phrases: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        for words in notions.values():
            self.kyrgyz_roots.extend(
                entry for entry in _split(words.get("ky", "")) if " " not in entry
            )
        self.irregular = {skeleton(form): skeleton(root) for form, root in irregular.items()}
        self.russian_terms: set[str] = set()
        stemmer = Stemmer(self.kyrgyz_roots, self.irregular)
        self.fillers = frozenset(
            term for word in fillers for term in (skeleton(word), russian.term(word))
        )
        for name, words in notions.items():
            for entry in _split(words.get("ky", "")):
                self._add(name, tuple(stemmer.stem(skeleton(word)) for word in entry.split()))
            for entry in _split(words.get("ru", "")):
                terms = tuple(russian.term(word) for word in entry.split())
                if not entry.endswith(_INFINITIVES):
                    self.russian_terms.update(terms)
                self._add(name, terms)

    @property
    def borrowed(self) -> Iterator[str]:
        """Yield Russian words that Kyrgyz endings are put on: «штрафымды»."""
        return (term for term in self.russian_terms if len(term) >= SHORTEST_BORROWED)

    def _add(self, notion: str, terms: tuple[str, ...]) -> None:
        if len(terms) == 1:
            self._single.setdefault(terms[0], []).append(notion)
        else:
            self._phrases.setdefault(terms[0], []).append((terms, notion))

    def notions(self, stems: Sequence[str]) -> Iterator[str]:
        """Yield the notions that stand in a sequence of stems, in order."""
        for place, stem in enumerate(stems):
            for notion in self._single.get(stem, ()):
                yield notion
            for phrase, notion in self._phrases.get(stem, ()):
                if tuple(stems[place : place + len(phrase)]) == phrase:
                    yield notion


def _split(words: str) -> list[str]:
    return [entry.strip() for entry in words.split(",") if entry.strip()]


@cache
def load() -> Lexicon:
    """Read lexicon.yaml."""
    with _FILE.open(encoding="utf-8") as file:
        content = yaml.load(file, _Loader)  # noqa: S506
    return Lexicon(
        content["notions"],
        _split(content["roots"]),
        content["irregular"],
        _split(content["fillers"]),
    )
