"""The search: a question in, the articles that answer it out."""

import gc
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from hashlib import blake2b
from itertools import chain
from typing import Protocol

import numpy as np
import numpy.typing as npt

from knowledge.search import confidence, danger, lexicon
from knowledge.search.confidence import Evidence
from knowledge.search.danger import Danger
from knowledge.search.index import Index, Scores
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
ALARMING = 0.0  # strength of the signs that raises the alarm where no rule has found danger
CONFIRMED = -1.0  # what they have to have where one has
PRESSING = -1.5  # what they have to have where the article is urgent
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
    said: Mapping[int, int]  # whose a phrasing is, letter by letter: its fingerprint → place in ids
    starts: npt.NDArray[np.intp]  # the first phrasing of each article
    phrasings: Index
    terms: Index  # of each article: phrasings and answer
    letters: Index  # of each article: phrasings


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
        self._phrasings = {
            id: [self._reader.read(text) for text in texts] for id, texts in phrasings.items()
        }
        self._answers = {
            id: [self._reader.read(text) for text in texts] for id, texts in answers.items()
        }
        self._titles = {
            id: {term for side in (a.ky, a.ru) for term in _terms(self._reader.read(side.title))}
            for id, a in articles.items()
        }
        self._indexes = self._indexed({}, frozenset())

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
        more: dict[str, list[Text]] = {}
        for id, text in learned:
            more.setdefault(id, []).append(self._reader.read(text))
        self._indexes = self._indexed(more, frozenset(withdrawn))

    def is_common(self, word: str) -> bool:
        """Tell whether a lower-case word is one that the articles use as well."""
        return self._reader.is_common(word)

    def similar(self, text_a: str, text_b: str) -> float:
        """How alike two questions are, from 0 to 1."""
        first, second = (self._parts(text) for text in (text_a, text_b))
        weigh = self._indexes.terms.weight
        both = sum(map(weigh, first)) + sum(map(weigh, second))
        return 2 * sum(map(weigh, first & second)) / both if both else 0.0

    def alike(self, texts: Sequence[str], least: float = 0.5) -> list[list[int]]:
        """Put questions that are alike together; return their places, each group led by its first.

        Args:
            texts: the questions.
            least: how similar a question has to be to the first of its group, from 0 to 1.
        """
        weigh = self._indexes.terms.weight
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

    def _parts(self, text: str) -> set[str]:
        return set(_terms(self._reader.read(text)))

    def ask(self, text: str) -> Result:
        """Find what answers `text`."""
        question = self._reader.read(text)
        found = ranking = self._rank(question)
        evidence = ranking.evidence
        right = confidence.right(evidence) if evidence else 0.0
        if (owner := self._owner(question)) is not None:
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

    def _owner(self, question: Text) -> str | None:
        """Return the article of which the very question is a phrasing."""
        place = self._indexes.said.get(_fingerprint(question))
        return None if place is None else self._indexes.ids[place]

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
        strength = self._watch.strength(signs)
        if strength >= (ALARMING if sight.danger is None else CONFIRMED):
            named = filter(None, map(self._watch.by_article, ranking.ids[:NAMING]))
            return sight.danger or next(named, None) or self._watch.kind(signs), True
        pressing = strength >= PRESSING and right >= URGENT
        return None, pressing and self._articles[ranking.ids[0]].urgent

    def signs(self, text: str) -> frozenset[str]:
        """Return what speaks for danger in a message: to learn its weights."""
        question = self._reader.read(text)
        return self._watch.look(question).signs | self._signs(self._rank(question))

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
        return {f"{near} articles"} | {
            f"{kind} article {least}" for least in LIKELY if right > least
        }

    def rank(self, text: str) -> Ranking:
        """Return the best articles even where `ask` would decline: to calibrate and compare."""
        return self._rank(self._reader.read(text))

    def _rank(self, question: Text) -> Ranking:
        indexes = self._indexes
        if not question.words or not indexes.ids:
            return NOTHING
        terms = set(_terms(question))  # in a long story, what is said twice tells no more
        by_phrasing = np.maximum.reduceat(indexes.phrasings.score(terms), indexes.starts)
        by_terms = indexes.terms.score(terms)
        by_letters = indexes.letters.score(_letters(question))
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
        terms: Collection[str],
        first: int,
        scores: Scores,
        by_terms: np.float32,
        by_letters: np.float32,
        by_phrasing: np.float32,
    ) -> Evidence:
        """Gather what speaks for the article at the place `first`."""
        said, notions = set(question.terms), set(question.notions)
        return Evidence.of(
            score=float(scores[0]),
            lead=float(scores[0] - scores[1]) if len(scores) > 1 else 0.0,
            terms=float(by_terms),
            letters=float(by_letters),
            notions=len(notions),
            shared=sum(index.has(first, f"#{notion}") for notion in notions),
            weight=float(by_terms) * sum(map(index.weight, terms)),
            unknown=sum(term not in index for term in said) / max(len(said), 1),
            elsewhere=sum(
                _leads_away(index, stems, first) for stems in self._reader.elsewhere(question)
            ),
            length=len(question.words),
            phrasing=float(by_phrasing),
            ahead=float(scores[0] - scores[-1]),
            strange=confidence.strangeness(question),
        )

    def _indexed(self, more: Mapping[str, Sequence[Text]], withdrawn: Collection[str]) -> _Indexes:
        ids = tuple(id for id in self._articles if id not in withdrawn)
        groups = [[*self._phrasings[id], *more.get(id, ())] for id in ids]
        answers = [self._answers[id] for id in ids]
        return _Indexes(
            ids=ids,
            said=_owners([self._phrasings[id] for id in ids])
            | _owners([more.get(id, ()) for id in ids]),
            starts=np.cumsum([0, *(len(group) for group in groups[:-1])]),
            phrasings=Index(map(_terms, chain.from_iterable(groups)), doubt=0.5),
            terms=Index(
                (
                    chain.from_iterable(map(_terms, [*group, *answer]))
                    for group, answer in zip(groups, answers, strict=True)
                ),
                doubt=0.4,
            ),
            letters=Index(
                (chain.from_iterable(map(_letters, group)) for group in groups), doubt=0.12
            ),
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


def _letters(text: Text) -> list[str]:
    """Groups of letters, across the words too."""
    line = f" {' '.join(word.spelt for word in text.words)} "
    return [line[start : start + GROUP] for start in range(len(line) - GROUP + 1)]


def _fingerprint(text: Text) -> int:
    """Return a number for the words as they are spelt: keeping the words would take ten times more."""
    spelt = " ".join(word.spelt for word in text.words)
    return int.from_bytes(blake2b(spelt.encode(), digest_size=8).digest())


def _led_by(id: str, ranking: Ranking) -> Ranking:
    """Put an article first; the others stay in their order."""
    others = [other for other in ranking.ids if other != id][: MOST_IDS - 1]
    return replace(ranking, ids=(id, *others), scores=ranking.scores[: len(others) + 1])


def _owners(groups: Iterable[Iterable[Text]]) -> dict[int, int]:
    """Return the place of the article to which each phrasing belongs."""
    return {
        _fingerprint(text): at for at, group in enumerate(groups) for text in group if text.words
    }


def _leads_away(index: Index, stems: Sequence[str], first: int) -> bool:
    """Whether stems that law has nothing to do with are strange to the articles as well."""
    if len(stems) == 1 and index.spread(stems[0]) > STRANGE:
        return False
    return not all(index.has(first, stem) for stem in stems)
