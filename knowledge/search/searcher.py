"""The search: a question in, the articles that answer it out."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from knowledge.search import danger, lexicon
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
    def steps(self) -> Sequence[str]: ...
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


MOST_IDS = 5
BODY_WEIGHT = 0.3  # a word of the answer against one of a phrasing
_NGRAM = 4  # letters


class Searcher:
    """Finds articles; see the package's text. Asking changes nothing and never raises."""

    def __init__(self, articles: Mapping[str, Article], learned: Iterable[tuple[str, str]]) -> None:
        self._watch = danger.load()
        self._reader = Reader(lexicon.load())
        self._articles = dict(articles)
        self._ids = list(articles)
        self._phrasings = {
            id: [self._reader.read(text) for text in _phrasings(article)]
            for id, article in articles.items()
        }
        self._bodies = {
            id: [self._reader.read(text) for text in _body(article)]
            for id, article in articles.items()
        }
        self._reader.trust(self._watch.vocabulary)
        for id, text in learned:
            if id in self._phrasings:
                self._phrasings[id].append(self._reader.read(text))
        self._index()

    @classmethod
    def build(
        cls, articles: Mapping[str, Article], learned: Iterable[tuple[str, str]] = ()
    ) -> "Searcher":
        """Read the articles, and the phrasings learned since as (article's id, text)."""
        return cls(articles, learned)

    def learn(self, article_id: str, text: str) -> None:
        """Add a way to ask for an article; it is found from now on.

        Raises:
            KeyError: there is no such article.
        """
        self._phrasings[article_id].append(self._reader.read(text))
        self._index()

    def similar(self, text_a: str, text_b: str) -> float:
        """How alike two questions are, from 0 to 1."""
        first, second = (_ngrams(self._reader.read(text)) for text in (text_a, text_b))
        norm = (_square(first) * _square(second)) ** 0.5
        return sum(first[gram] * second[gram] for gram in first) / norm if norm else 0.0

    def ask(self, text: str) -> Result:
        """Find what answers `text`."""
        question = self._reader.read(text)
        found = self._watch.find(question)
        scores = self._score(question)
        best: list[int] = np.argsort(-scores, kind="stable")[:MOST_IDS].tolist()
        top = float(scores[best[0]]) if best else 0.0
        answered = top > 0.25
        ids = tuple(self._ids[place] for place in best) if answered else ()
        return Result(
            ids=ids,
            scores=tuple(float(scores[place]) for place in best) if answered else (),
            confidence=min(top, 1.0),
            sure=top > 0.5,
            urgent=found is not None or (top > 0.5 and self._articles[ids[0]].urgent),
            danger=found,
            language=question.language,
        )

    def features(self, question: Text) -> list[Scores]:
        """Score every article in each of the ways that together decide."""
        terms, grams = _terms(question), _ngrams(question)
        return [
            self._best(self._phrasing_terms.score(terms)),
            self._article_terms.score(terms),
            self._best(self._phrasing_grams.score(grams)),
            self._article_grams.score(grams),
        ]

    def _score(self, question: Text) -> Scores:
        weighted = zip((0.3, 0.3, 0.2, 0.2), self.features(question), strict=True)
        total = np.zeros(len(self._ids), np.float32)
        for weight, scores in weighted:
            total += np.float32(weight) * scores
        return total

    def _best(self, scores: Scores) -> Scores:
        """From each article's phrasings, the best."""
        if not len(scores):
            return scores
        best: Scores = np.maximum.reduceat(scores, self._starts)
        return best

    def _index(self) -> None:
        texts = [self._phrasings[id] for id in self._ids]
        self._starts = np.cumsum([0, *(len(group) for group in texts[:-1])])
        flat = [text for group in texts for text in group]
        self._phrasing_terms = Index([_terms(text) for text in flat])
        self._phrasing_grams = Index([_ngrams(text) for text in flat])
        self._article_terms = Index(
            [
                _merge(
                    [(_terms(text), 1.0) for text in group]
                    + [(_terms(text), BODY_WEIGHT) for text in self._bodies[id]]
                )
                for id, group in zip(self._ids, texts, strict=True)
            ]
        )
        self._article_grams = Index(
            [_merge((_ngrams(text), 1.0) for text in group) for group in texts]
        )


def _phrasings(article: Article) -> Iterator[str]:
    for side in (article.ky, article.ru):
        yield side.title
        yield from side.phrasings


def _body(article: Article) -> Iterator[str]:
    for side in (article.ky, article.ru):
        yield side.answer
        yield from side.steps


def _terms(text: Text) -> Counter[str]:
    return Counter((*text.terms, *(f"#{notion}" for notion in text.notions)))


def _ngrams(text: Text) -> Counter[str]:
    grams: Counter[str] = Counter()
    for word in text.words:
        padded = f" {word.skeleton} "
        grams.update(padded[i : i + _NGRAM] for i in range(max(len(padded) - _NGRAM + 1, 1)))
    return grams


def _merge(bags: Iterable[tuple[Counter[str], float]]) -> dict[str, float]:
    merged: dict[str, float] = {}
    for bag, weight in bags:
        for term, count in bag.items():
            merged[term] = merged.get(term, 0.0) + count * weight
    return merged


def _square(bag: Counter[str]) -> int:
    return sum(count * count for count in bag.values())
