"""Danger to life, body or freedom, recognised in a message in any spelling.

Rules over groups of words (danger.yaml), apart from the search for articles: whoever is
in danger gets help first even where no article fits. Missing a danger is worse than a false
alarm, so a word counts in any spelling and, in a Kyrgyz text, in both its readings.

The second opinion is learned (danger-weights.json): what each group weighs, alone and with another
near it, and what each word. It hears what no rule names («в доме решётки, как сбежать») and silences a
rule that heard words alone («соседская собака убила кур»). The third is learned as well, from words, pairs of words and
groups of letters (danger-letters.npy): it knows nothing of the rules, so it errs elsewhere than they do.
"""

import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, reduce
from itertools import pairwise
from operator import or_
from pathlib import Path
from typing import Any, NamedTuple
from zlib import crc32

import numpy as np
import numpy.typing as npt
import yaml
from rapidfuzz.distance import OSA

from knowledge.search import russian
from knowledge.search.normal import skeleton
from knowledge.search.terms import Language, Text, Word

_FILE = Path(__file__).with_name("danger.yaml")
WEIGHTS = Path(__file__).with_name("danger-weights.json")
LETTERS = Path(__file__).with_name("danger-letters.npy")
PLACES = 1 << 16  # of the table of letters; the last one holds the bias
SIGNS_SHARE = 0.35  # what the signs weigh against the letters; see docs/search.md
GROUPS = 3, 4, 5  # letters
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NEAR = 8  # words
UNMISTAKABLE = 5  # letters of a Russian word that is known by its skeleton
LETTERS_A_MISTAKE = 5  # one mistake more is forgiven for so many letters
_MOST_WORDS = 50_000  # kept in memory
_PEOPLE = {"kin", "authority"}
_FIRST_PERSON = re.compile("[иу]?м")
_CHILDS_AGE = re.compile("[1-9]|1[0-7]")
EVEN = 0.25  # how far a long message's many signs are evened out against a short one's few


Letters = npt.NDArray[np.float16]


class Danger(StrEnum):
    """What somebody is in danger of; the value names it in tables and texts."""

    SUICIDE = "suicide"
    KIDNAPPING = "kidnapping"  # a bride taken by force (ала качуу), a marriage forced
    TRAFFICKING = "trafficking"
    SEXUAL_VIOLENCE = "sexual_violence"
    CHILD = "child"
    DETENTION = "detention"  # and torture in it
    VIOLENCE = "violence"
    THREAT = "threat"


@dataclass(frozen=True, slots=True)
class _Rule:
    """Groups that must stand near each other, and groups that must not."""

    danger: Danger
    needed: tuple[str, ...]
    unless: tuple[str, ...]
    near: int

    @classmethod
    def parse(cls, danger: str, text: str) -> "_Rule":
        groups, _, near = text.partition(" within ")
        needed, _, unless = groups.partition(" - ")
        return cls(
            Danger(danger),
            tuple(needed.split(" + ")),
            tuple(unless.split()),
            int(near) if near else _NEAR,
        )

    def holds(self, places: Mapping[str, Sequence[int]]) -> bool:
        """Whether some place of the first group has all the others near, and none forbidden."""
        if any(group not in places for group in self.needed):
            return False
        first, *others = self.needed
        return any(
            all(self._near(place, places[group]) for group in others)
            and not any(self._near(place, places.get(group, ())) for group in self.unless)
            for place in places[first]
        )

    def _near(self, place: int, others: Iterable[int]) -> bool:
        return any(abs(place - other) <= self.near for other in others)


@dataclass(frozen=True, slots=True)
class _Membership:
    """What a word takes part in."""

    patterns: frozenset[str]
    groups: tuple[str, ...]
    begun: tuple[tuple[str, tuple[str, ...]], ...]  # a group, the patterns that have to follow


class Sight(NamedTuple):
    """What was seen in a message."""

    danger: Danger | None
    signs: frozenset[str]  # groups, pairs of them near each other, words: what is weighed


class DangerWatch:
    """Knows the groups and rules, and which groups each word belongs to."""

    def __init__(
        self, content: Mapping[str, Any], weights: Mapping[str, float], letters: Letters
    ) -> None:
        self._weights = weights
        self._letters = letters
        self._patterns: dict[str, set[str]] = {}  # a whole word or, with *, a beginning → patterns
        self._entries: set[str] = set()
        self._groups: dict[str, list[str]] = {}  # by the pattern that is an entry
        self._phrases: dict[str, list[tuple[str, tuple[str, ...]]]] = {}  # by the first pattern
        for name, entries in content["words"].items():
            for entry in filter(None, map(str.strip, entries.split(","))):
                self._add(name, entry.split())
        self._rules = [
            _Rule.parse(danger, rule)
            for danger, rules in content["rules"].items()
            for rule in rules
        ]
        self._articles = {
            id: Danger(danger) for danger, ids in content["articles"].items() for id in ids
        }
        self._kinds = {Danger(danger): set(groups) for danger, groups in content["kinds"].items()}
        self._known: dict[tuple[Word, Language], _Membership] = {}

    @property
    def vocabulary(self) -> Iterable[str]:
        """The words of the rules, so that they are known when spelling is mended."""
        return (pattern.strip("=*") for pattern in self._entries)

    def _add(self, group: str, patterns: Sequence[str]) -> None:
        self._entries.update(patterns)
        for pattern in patterns:
            for key in _keys_of_pattern(pattern):
                self._patterns.setdefault(key, set()).add(pattern)
        if len(patterns) == 1:
            self._groups.setdefault(patterns[0], []).append(group)
        else:
            self._phrases.setdefault(patterns[0], []).append((group, tuple(patterns[1:])))

    def look(self, text: Text) -> Sight:
        """Tell what danger a text tells of, the first in the order of the rules, and all signs."""
        places = self._places(text)
        signs = _signs(places) | {f"word {stem}" for stem in text.stems}
        if any(_CHILDS_AGE.fullmatch(word.skeleton) for word in text.words):
            signs.add("a child's age")
        if "general" in places and "me" not in places and "calling" not in places:
            return Sight(None, frozenset(signs))
        for rule in self._rules:
            if rule.needed[0] in places and rule.holds(places):
                return Sight(rule.danger, frozenset(signs | {"rule"}))
        return Sight(None, frozenset(signs))

    def strength(self, text: Text, signs: Collection[str]) -> float:
        """How likely a text with these signs tells of danger: the logarithm of the odds."""
        weigh = self._weights.get
        many: float = max(len(signs), 1) ** EVEN
        by_signs = weigh("", 0.0) + sum(weigh(sign, 0.0) for sign in signs) / many
        places = hints(text)
        found = self._letters[places].sum(dtype=np.float32) / max(len(places), 1) ** EVEN
        by_letters = float(self._letters[PLACES] + found)
        return SIGNS_SHARE * by_signs + (1 - SIGNS_SHARE) * by_letters

    def kind(self, signs: Collection[str]) -> Danger:
        """Return the danger that most of the signs speak of."""
        return max(self._kinds, key=lambda danger: len(self._kinds[danger].intersection(signs)))

    def by_article(self, id: str) -> Danger | None:
        """Return the danger that somebody is in who asks, about themselves, for an article."""
        return self._articles.get(id)

    def _places(self, text: Text) -> dict[str, list[int]]:
        places: dict[str, list[int]] = {}
        members = [self._of(word, text.language) for word in text.words]
        for place, member in enumerate(members):
            for group in member.groups:
                places.setdefault(group, []).append(place)
            for group, rest in member.begun:
                following = members[place + 1 : place + 1 + len(rest)]
                if len(following) == len(rest) and all(
                    pattern in other.patterns
                    for pattern, other in zip(rest, following, strict=True)
                ):
                    places.setdefault(group, []).append(place)
        return places

    def _of(self, word: Word, language: Language) -> _Membership:
        known = self._known.get((word, language))
        if known is None:
            if len(self._known) > _MOST_WORDS:  # the words of many strangers: start afresh
                self._known.clear()
            known = self._known[word, language] = self._look_up(word, language)
        return known

    def _look_up(self, word: Word, language: Language) -> _Membership:
        patterns: set[str] = set()
        for key in _keys_of_word(word, language):
            patterns.update(self._patterns.get(key, ()))
        groups = {group for pattern in patterns for group in self._groups.get(pattern, ())}
        if groups & _PEOPLE and _is_mine(word):
            groups.add("me")
        begun = [phrase for pattern in patterns for phrase in self._phrases.get(pattern, ())]
        return _Membership(frozenset(patterns), tuple(groups), tuple(begun))


def hints(text: Text) -> list[int]:
    """Return the places of the table that a text speaks to: its words, pairs of them, letters."""
    stems = text.stems
    pairs = (f"{one} {two}" for one, two in pairwise(stems))
    wide = (f"{one}…{two}" for one, two in zip(stems, stems[2:], strict=False))
    told = {
        crc32(one.encode()) for one in (*stems, *(f"#{n}" for n in text.notions), *pairs, *wide)
    }
    spelt = f" {' '.join(word.spelt for word in text.words)} "
    line = spelt.encode("utf-16-le")  # two bytes a letter
    for size in GROUPS:
        ends = range(2 * size, len(line) + 1, 2)
        told.update(crc32(line[end - 2 * size : end]) for end in ends)
    return list({one % PLACES for one in told})


def _signs(places: Mapping[str, Sequence[int]]) -> set[str]:
    """Return the groups, and the pairs of groups that stand near each other."""
    groups = sorted(places)
    where = [sum(1 << place for place in set(places[group])) for group in groups]  # a bit a word
    around = [reduce(or_, (bits << n | bits >> n for n in range(_NEAR + 1))) for bits in where]
    pairs = {
        f"{group}+{groups[other]}"
        for one, group in enumerate(groups)
        for other in range(one + 1, len(groups))
        if around[one] & where[other]
    }
    return pairs.union(groups)


def _keys_of_pattern(pattern: str) -> set[str]:
    """Return the keys under which a word has to be found to match a pattern.

    A short Russian word stands for its dictionary form only: the skeleton of «бил» is «был»'s.
    """
    spelt = skeleton(pattern.strip("=*"))
    if pattern.endswith("*"):
        return {f"{spelt}*"}
    if pattern.startswith("="):
        return {spelt}
    if russian.lemma(pattern) is None:
        return {spelt, f"ky:{spelt}"}
    keys = {f"ky:{spelt}", f"ru:{russian.term(pattern)}", f"?:{spelt}"}
    return keys | {spelt} if len(spelt) >= UNMISTAKABLE else keys


def _keys_of_word(word: Word, language: Language) -> Iterator[str]:
    """Yield the keys of a word as the language reads it; a doubtful mending doesn't count."""
    spellings = {word.skeleton}
    if word.meant and _is_near(word.skeleton, word.meant):
        spellings.add(word.meant)
    for spelt in spellings:
        yield spelt
        yield from (f"{spelt[:end]}*" for end in range(len(spelt) + 1))
        if not word.known:
            yield f"?:{spelt}"
    if word.meant and word.meant not in spellings:
        return
    if word.kyrgyz and not (word.russian and language == "ru"):
        yield f"ky:{word.kyrgyz}"
        yield f"{word.kyrgyz}*"
    if word.russian:
        yield f"ru:{word.russian}"


def _is_near(word: str, meant: str) -> bool:
    """Whether a misspelt word is near enough to raise an alarm."""
    return OSA.distance(word, meant) <= max(1, len(word) // LETTERS_A_MISTAKE)


def _is_mine(word: Word) -> bool:
    """Whether a Kyrgyz word has the possessive of the one who writes: «эже-м», «балам-ды»."""
    root = word.kyrgyz
    return (
        root is not None
        and word.spelt.startswith(root)
        and _FIRST_PERSON.match(word.spelt, len(root)) is not None
    )


@cache
def load() -> DangerWatch:
    """Read danger.yaml and the weights."""
    weights = json.loads(WEIGHTS.read_text(encoding="utf-8"))
    with _FILE.open(encoding="utf-8") as file:
        return DangerWatch(yaml.load(file, _Loader), weights, np.load(LETTERS))  # noqa: S506
