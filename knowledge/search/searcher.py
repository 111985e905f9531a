"""The search: a question in, the articles that answer it out."""

import gc
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from hashlib import blake2b
from itertools import chain
from typing import Protocol

import numpy as np
import numpy.typing as npt

from knowledge.search import confidence, danger, lexicon
from knowledge.search.confidence import Evidence
from knowledge.search.danger import Danger, hints
from knowledge.search.index import Index, Keys, Numbers, Scores, key, keys, letter_keys
from knowledge.search.terms import Language, Reader, Text


class Side(Protocol):
    """What the search reads of an article in one language."""

    @property
    def title(self) -> str: ...
    @property
    def answer(self) -> str: ...
    @property
    def phrasings(self) -> Sequence[str]: ...


class Article(Protocol):
    """What the search reads of an article."""

    @property
    def id(self) -> str: ...
    @property
    def urgent(self) -> bool: ...
    @property
    def ky(self) -> Side: ...
    @property
    def ru(self) -> Side: ...


@dataclass(frozen=True, slots=True)
class Result:
    """What the search makes of a question."""

    ids: tuple[str, ...]  # articles, best first, at most 5; empty: the base has no answer
    scores: tuple[float, ...]
    confidence: float  # how likely the first one is right, from 0 to 1
    sure: bool  # answer at once instead of offering a choice
    urgent: bool  # help and numbers first
    danger: Danger | None
    language: Language


@dataclass(frozen=True, slots=True)
class Ranking:
    """Articles by how well they fit a question, and what speaks for the first."""

    ids: tuple[str, ...]
    scores: tuple[float, ...]
    evidence: Evidence | None


NOTHING = Ranking((), (), None)
MOST_IDS = 5
GROUP = 5  # letters
ALARMING = -0.15  # strength of the signs that raises the alarm where no rule has found danger
CONFIRMED = -0.5  # what they have to have where one has
PRESSING = -0.5  # what they have to have where the article is urgent
NAMING = 3  # articles that may name the danger
LIKELY = 0.0, 0.4, 0.8  # how likely the first article is the right one, in steps
URGENT = 0.5  # how likely an urgent article has to be the right one
STRANGE = 2  # articles that may have a word that law has nothing to do with
ASKS = 3  # words of a phrasing that ask something; fewer only name it
PHRASING, TERMS, LETTERS = 0.13, 0.41, 0.46  # fitted on the tuning half of benchmarks/data


@dataclass(frozen=True, slots=True)
class _Indexes:
    """What is searched; made anew and put in place at one stroke when it is revised."""

    ids: tuple[str, ...]  # of the articles that may be found
    owners: Numbers  # whose each phrasing is: a place in ids; in order
    starts: Numbers  # the first phrasing of each article
    said: npt.NDArray[np.uint64]  # phrasings letter by letter: fingerprints, in order
    sayers: Numbers  # whose those are
    phrasings: Index
    terms: Index  # of each article: phrasings and answer
    letters: Index  # of each article: phrasings

    @classmethod
    def of(
        cls,
        phrasings: Mapping[str, Sequence[Text]],
        answers: Mapping[str, Sequence[Text]],
    ) -> "_Indexes":
        """Index what was read of each article."""
        groups = list(phrasings.values())
        owners = np.repeat(np.arange(len(groups)), [len(group) for group in groups])
        texts = [text for group in groups for text in group]
        told = [*groups, *answers.values()]
        said, sayers = _last_sayers(texts, owners)
        return cls(
            ids=tuple(phrasings),
            owners=owners,
            starts=np.searchsorted(owners, np.arange(len(groups))),
            said=said,
            sayers=sayers,
            phrasings=Index(*_occurrences([[text] for text in texts]), len(texts), 0.5),
            terms=Index(*_occurrences(told, modulo=len(groups)), len(groups), 0.4),
            letters=Index(*_letter_occurrences(groups), len(groups), 0.12),
        )

    def revised(
        self, learned: Sequence[tuple[str, Text]], withdrawn: Collection[str]
    ) -> "_Indexes":
        """Return these with more phrasings, and without some articles."""
        ids = tuple(id for id in self.ids if id not in withdrawn)
        place = {id: at for at, id in enumerate(ids)}
        places = np.array([place.get(id, -1) for id in self.ids], np.int64)
        texts = [text for id, text in learned if id in place]
        theirs = np.array([place[id] for id, _ in learned if id in place], np.int64)
        stays = places[self.owners] if len(self.owners) else self.owners
        owners = np.append(stays[stays >= 0], theirs)
        order = np.argsort(owners, kind="stable")
        moved = np.empty_like(order)
        moved[order] = np.arange(len(order))
        phrasings = np.full(len(stays), -1)
        phrasings[stays >= 0] = moved[: len(owners) - len(theirs)]
        said, sayers = _last_sayers(texts, theirs)
        still = (places[self.sayers] >= 0) & ~np.isin(self.said, said)
        said = np.append(self.said[still], said)
        sayers = np.append(places[self.sayers[still]], sayers)
        said_order = np.argsort(said)
        terms, at = _occurrences([[text] for text in texts])
        letters, letters_at = _letter_occurrences([[text] for text in texts])
        moved_more = moved[len(owners) - len(theirs) :]
        return _Indexes(
            ids=ids,
            owners=owners[order],
            starts=np.searchsorted(owners[order], np.arange(len(ids))),
            said=said[said_order],
            sayers=sayers[said_order],
            phrasings=self.phrasings.changed(phrasings, len(owners), terms, moved_more[at]),
            terms=self.terms.changed(places, len(ids), terms, theirs[at]),
            letters=self.letters.changed(places, len(ids), letters, theirs[letters_at]),
        )

    def owner(self, text: Text) -> str | None:
        """Return the article of which the very text is a phrasing."""
        sought = np.uint64(_fingerprint(text))
        place = int(np.searchsorted(self.said, sought))
        if place == len(self.said) or self.said[place] != sought:
            return None
        return self.ids[int(self.sayers[place])]


class Searcher:
    """Finds articles; see the package's text. Asking changes nothing and never raises."""

    def __init__(self, articles: Mapping[str, Article]) -> None:
        self._watch = danger.load()
        self._reader = Reader(lexicon.load())
        self._articles = dict(articles)
        phrasings = {id: list(_phrasings(article)) for id, article in articles.items()}
        answers = {id: [side.answer for side in (a.ky, a.ru)] for id, a in articles.items()}
        texts = chain.from_iterable([*phrasings.values(), *answers.values()])
        self._reader.study(texts, self._watch.vocabulary)
        read = self._reader.read
        self._titles = {
            id: {term for side in (a.ky, a.ru) for term in _terms(read(side.title))}
            for id, a in articles.items()
        }
        self._unrevised = self._indexes = _Indexes.of(
            {id: [read(text) for text in texts] for id, texts in phrasings.items()},
            {id: [read(text) for text in texts] for id, texts in answers.items()},
        )

    @classmethod
    def build(cls, articles: Mapping[str, Article]) -> "Searcher":
        """Read the articles."""
        with _without_garbage_collection():
            return cls(articles)

    def revise(
        self, learned: Iterable[tuple[str, str]], withdrawn: Collection[str] = frozenset()
    ) -> None:
        """Search with these phrasings besides those of the articles, and without these articles.

        Takes some tenths of a second; another thread may do it while questions are asked.

        Args:
            learned: (article's id, text); of articles that aren't here they are left out.
            withdrawn: ids of articles that are not to be found.
        """
        read = [(id, self._reader.read(text)) for id, text in learned]
        unchanged = not read and not withdrawn
        self._indexes = (
            self._unrevised if unchanged else self._unrevised.revised(read, frozenset(withdrawn))
        )

    def is_common(self, word: str) -> bool:
        """Tell whether a lower-case word is one that the articles use as well."""
        return self._reader.is_common(word)

    def similar(self, text_a: str, text_b: str) -> float:
        """How alike two questions are, from 0 to 1."""
        first, second = (self._parts(text) for text in (text_a, text_b))
        weigh = self._weight
        both = sum(map(weigh, first)) + sum(map(weigh, second))
        return 2 * sum(map(weigh, first & second)) / both if both else 0.0

    def alike(self, texts: Sequence[str], least: float = 0.5) -> list[list[int]]:
        """Put questions that are alike together; return their places, each group led by its first.

        Args:
            texts: the questions.
            least: how similar a question has to be to the first of its group, from 0 to 1.
        """
        weigh = cache(self._weight)
        groups: list[list[int]] = []
        leaders: list[float] = []  # what the terms of each group's first weigh together
        having: dict[str, list[int]] = {}  # the groups whose first has a term
        for place, text in enumerate(texts):
            parts = self._parts(text)
            weight = sum(map(weigh, parts))
            shared: defaultdict[int, float] = defaultdict(float)
            for part in parts:
                for group in having.get(part, ()):
                    shared[group] += weigh(part)
            near = {g: 2 * both / (weight + leaders[g]) for g, both in shared.items()}
            closest = max(near, key=near.__getitem__, default=None)
            if closest is not None and near[closest] >= least:
                groups[closest].append(place)
                continue
            for part in parts:
                having.setdefault(part, []).append(len(groups))
            leaders.append(weight)
            groups.append([place])
        return groups

    def _weight(self, term: str) -> float:
        return float(self._indexes.terms.weights(keys([term]))[0])

    def _parts(self, text: str) -> set[str]:
        return set(_terms(self._reader.read(text)))

    def ask(self, text: str, speaks: Language | None = None) -> Result:
        """Find what answers `text`.

        Args:
            text: a message.
            speaks: the language of who asks, for what may be either («паспорт», «алимент»).
        """
        question = self._reader.read(text, speaks)
        found = ranking = self._rank(question)
        evidence = ranking.evidence
        right = confidence.right(evidence) if evidence else 0.0
        if (owner := self._indexes.owner(question)) is not None:
            ranking = _led_by(owner, ranking)
            right = 1.0 if len(question.words) >= ASKS else right
        elif evidence is None or confidence.belongs(evidence) < confidence.LEAST:
            ranking, right = self._named(question, ranking), 0.0
        sure = right >= confidence.SURE
        danger, urgent = self._alarm(question, found, right)
        return Result(
            ids=ranking.ids,
            scores=ranking.scores,
            confidence=right,
            sure=sure,
            urgent=urgent,
            danger=danger,
            language=question.language,
        )

    def _named(self, question: Text, ranking: Ranking) -> Ranking:
        """Of a single word, which asks nothing: the articles that bear it in their title."""
        if len(question.words) > 1:
            return NOTHING
        said = set(_terms(question))
        named = [
            (id, score)
            for id, score in zip(ranking.ids, ranking.scores, strict=True)
            if said & self._titles[id]
        ]
        if not named:
            return NOTHING
        ids, scores = zip(*named, strict=True)
        return Ranking(ids, scores, None)

    def _alarm(self, question: Text, ranking: Ranking, right: float) -> tuple[Danger | None, bool]:
        """Tell the danger, and whether help has to come first: by the words, or by the article."""
        sight = self._watch.look(question)
        signs = sight.signs | self._signs(ranking)
        strength = self._watch.strength(question, signs)
        if strength >= (ALARMING if sight.danger is None else CONFIRMED):
            named = filter(None, map(self._watch.by_article, ranking.ids[:NAMING]))
            return sight.danger or next(named, None) or self._watch.kind(signs), True
        pressing = strength >= PRESSING and right >= URGENT
        return None, pressing and self._articles[ranking.ids[0]].urgent

    def signs(self, text: str) -> frozenset[str]:
        """Return what speaks for danger in a message: to learn its weights."""
        question = self._reader.read(text)
        return self._watch.look(question).signs | self._signs(self._rank(question))

    def hints(self, text: str) -> list[int]:
        """Return what words and letters speak for danger in a message: to learn their weights."""
        return hints(self._reader.read(text))

    def marks(self, text: str) -> frozenset[str]:
        """Return what tells whether a message is out of scope: to learn its weights."""
        return frozenset(confidence.marks(self._reader.read(text)))

    def in_danger(self, id: str) -> bool:
        """Tell whether people in danger ask for an article."""
        return self._watch.by_article(id) is not None

    def _signs(self, ranking: Ranking) -> set[str]:
        """Return how near a question is to articles that people in danger ask for."""
        if ranking.evidence is None:
            return set()
        first = ranking.ids[0]
        kind = "danger" if self.in_danger(first) else "other"
        if kind == "other" and self._articles[first].urgent:
            kind = "urgent"
        right = confidence.right(ranking.evidence)
        near = sum(map(self.in_danger, ranking.ids[:NAMING]))
        foreign = confidence.belongs(ranking.evidence) < confidence.LEAST
        return {f"{near} articles", "out of scope" if foreign else "in scope"} | {
            f"{kind} article {least}" for least in LIKELY if right > least
        }

    def rank(self, text: str) -> Ranking:
        """Return the best articles even where `ask` would decline: to calibrate and compare."""
        return self._rank(self._reader.read(text))

    def _rank(self, question: Text) -> Ranking:
        indexes = self._indexes
        if not question.words or not indexes.ids:
            return NOTHING
        terms = keys(set(_terms(question)))  # in a long story, what is said twice tells no more
        by_phrasing = np.maximum.reduceat(indexes.phrasings.score(terms), indexes.starts)
        by_terms = indexes.terms.score(terms)
        by_letters = indexes.letters.score(letter_keys([_line(question)], GROUP))
        scores = PHRASING * by_phrasing + TERMS * by_terms + LETTERS * by_letters
        best: list[int] = np.argsort(-scores, kind="stable")[:MOST_IDS].tolist()
        evidence = self._evidence(
            indexes.terms,
            question,
            terms,
            best[0],
            scores[best],
            by_terms[best[0]],
            by_letters[best[0]],
            by_phrasing[best[0]],
        )
        return Ranking(
            tuple(indexes.ids[place] for place in best),
            tuple(float(scores[place]) for place in best),
            evidence,
        )

    def _evidence(
        self,
        index: Index,
        question: Text,
        terms: Keys,
        first: int,
        scores: Scores,
        by_terms: np.float32,
        by_letters: np.float32,
        by_phrasing: np.float32,
    ) -> Evidence:
        """Gather what speaks for the article at the place `first`."""
        said, notions = keys(set(question.terms)), set(question.notions)
        return Evidence.of(
            score=float(scores[0]),
            lead=float(scores[0] - scores[1]) if len(scores) > 1 else 0.0,
            terms=float(by_terms),
            letters=float(by_letters),
            notions=len(notions),
            shared=sum(index.has(first, key(f"#{notion}")) for notion in notions),
            weight=float(by_terms) * float(index.weights(terms).sum()),
            unknown=int((~index.known(said)).sum()) / max(len(said), 1),
            elsewhere=sum(
                _leads_away(index, stems, first) for stems in self._reader.elsewhere(question)
            ),
            length=len(question.words),
            phrasing=float(by_phrasing),
            ahead=float(scores[0] - scores[-1]),
            strange=confidence.strangeness(question),
        )


@contextmanager
def _without_garbage_collection() -> Iterator[None]:
    """Save a fifth of the start: of the hundred thousands of objects made in it, all stay."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _phrasings(article: Article) -> Iterator[str]:
    for side in (article.ky, article.ru):
        yield side.title
        yield from side.phrasings


def _terms(text: Text) -> list[str]:
    return [*text.terms, *(f"#{notion}" for notion in text.notions)]


def _line(text: Text) -> str:
    return f" {' '.join(word.spelt for word in text.words)} "


def _occurrences(groups: Sequence[Sequence[Text]], modulo: int = 0) -> tuple[Keys, Numbers]:
    """Return the terms of groups of texts, and the number of the group of each."""
    found = [keys(chain.from_iterable(map(_terms, group))) for group in groups]
    owners = np.repeat(np.arange(len(groups)), [len(terms) for terms in found])
    if not found:
        return np.zeros(0, np.uint32), np.zeros(0, np.int64)
    return np.concatenate(found), owners % modulo if modulo else owners


def _letter_occurrences(groups: Sequence[Sequence[Text]]) -> tuple[Keys, Numbers]:
    """Return the groups of letters of groups of texts, and the number of the group of each."""
    found = [letter_keys(list(map(_line, group)), GROUP) for group in groups]
    if not found:
        return np.zeros(0, np.uint32), np.zeros(0, np.int64)
    return np.concatenate(found), np.repeat(np.arange(len(groups)), [len(some) for some in found])


def _last_sayers(texts: Sequence[Text], owners: Numbers) -> tuple[npt.NDArray[np.uint64], Numbers]:
    """Return fingerprints of texts, in order, and whose each is; what two say is the last one's."""
    whose = {
        _fingerprint(text): int(owner)
        for text, owner in zip(texts, owners, strict=True)
        if text.words
    }
    said = np.array(sorted(whose), np.uint64)
    return said, np.array([whose[mark] for mark in said.tolist()], np.int64)


def _fingerprint(text: Text) -> int:
    """Return a number for the words as they are spelt: keeping the words would take ten times more."""
    spelt = " ".join(word.spelt for word in text.words)
    return int.from_bytes(blake2b(spelt.encode(), digest_size=8).digest())


def _led_by(id: str, ranking: Ranking) -> Ranking:
    """Put an article first; the others stay in their order."""
    others = [other for other in ranking.ids if other != id][: MOST_IDS - 1]
    return replace(ranking, ids=(id, *others), scores=ranking.scores[: len(others) + 1])


def _leads_away(index: Index, stems: Sequence[str], first: int) -> bool:
    """Whether stems that law has nothing to do with are strange to the articles as well."""
    if len(stems) == 1 and index.spread(key(stems[0])) > STRANGE:
        return False
    return not all(index.has(first, key(stem)) for stem in stems)
