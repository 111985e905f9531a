"""How far an answer can be trusted: two small logistic models over a few plain facts.

One tells whether the question belongs to the base at all (else it is declined), the other
whether the first article is the right one (else several are offered). Their coefficients were
fitted on the tuning half of benchmarks/data (`python benchmarks/search.py --fit`) and speak only
of shares and counts, never of single articles, so that they hold while the base grows.
"""

import json
from collections.abc import Iterator, Mapping
from functools import cache
from math import exp, log1p
from pathlib import Path
from typing import NamedTuple

from knowledge.search.terms import Text

WEIGHTS = Path(__file__).with_name("strange-weights.json")


class Evidence(NamedTuple):
    """What is known about the best article of a question."""

    score: float  # of the best article, from 0 to 1
    lead: float  # its score less the second one's
    terms: float  # what of the question's terms it covers, from 0 to 1
    letters: float  # what of its groups of letters
    notions: float  # log(1 + notions of the question that it has)
    mass: float  # log(1 + weight of the terms covered)
    unknown: float  # share of the words that say something and that no article has
    elsewhere: float  # what law has nothing to do with, as a share of all that was understood
    length: float  # log(1 + words)
    phrasing: float  # how near its nearest phrasing is, from 0 to 1
    ahead: float  # its score less that of the last one told
    strange: float  # how much the words, alone and in pairs, are those of messages out of scope

    @classmethod
    def of(
        cls,
        *,
        score: float,
        lead: float,
        terms: float,
        letters: float,
        notions: int,
        shared: int,
        weight: float,
        unknown: float,
        elsewhere: int,
        length: int,
        phrasing: float,
        ahead: float,
        strange: float,
    ) -> "Evidence":
        """Take what was counted.

        Args:
            score, lead, terms, letters, unknown, phrasing, ahead, strange: as they stand above.
            notions: those of the question.
            shared: those of them that the article has.
            weight: of the terms covered.
            elsewhere: matters of the question that law has nothing to do with.
            length: words of the question.
        """
        return cls(
            score,
            lead,
            terms,
            letters,
            log1p(shared),
            log1p(weight),
            unknown,
            elsewhere / (elsewhere + notions + 0.5),
            log1p(length),
            phrasing,
            ahead,
            strange,
        )


BELONGS = (2.83, 2.12, 0.81, 5.06, 0.43, 1.64, -1.35, -6.23, 1.03, -1.96, 5.97, -1.41), -12.44
RIGHT = (2.41, 9.94, 0.86, 4.36, 0.21, 1.57, -1.81, -4.79, 0.68, -2.52, 2.14, -0.79), -11.11
LEAST = 0.5  # below this probability of belonging, a question is declined
SURE = 0.8  # from this probability of being right, the answer is given at once


def marks(text: Text) -> Iterator[str]:
    """Yield what tells whether a message is out of scope: «кайсы жакшы», «посоветуй»."""
    yield from text.stems
    yield from (
        f"{first} {second}" for first, second in zip(text.stems, text.stems[1:], strict=False)
    )
    yield from (f"#{notion}" for notion in text.notions)


def strangeness(text: Text) -> float:
    """Return how much a message is like those out of scope: the logarithm of odds, about."""
    weights = _weights()
    found = set(marks(text))
    many: float = max(len(found), 1) ** 0.5
    return sum(weights.get(mark, 0.0) for mark in found) / many


@cache
def _weights() -> Mapping[str, float]:
    content: dict[str, float] = json.loads(WEIGHTS.read_text(encoding="utf-8"))
    return content


def belongs(evidence: Evidence) -> float:
    """Return the probability that the question is one for this base."""
    return _logistic(evidence, *BELONGS)


def right(evidence: Evidence) -> float:
    """Return the probability that the best article answers the question."""
    return _logistic(evidence, *RIGHT)


def _logistic(evidence: Evidence, weights: tuple[float, ...], bias: float) -> float:
    return 1 / (1 + exp(-bias - sum(w * fact for w, fact in zip(weights, evidence, strict=True))))
