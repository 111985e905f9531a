"""How far an answer can be trusted: two small logistic models over a few plain facts.

One tells whether the question belongs to the base at all (else it is declined), the other
whether the first article is the right one (else several are offered). Their coefficients were
fitted on the tuning half of benchmarks/data (`python benchmarks/search.py --fit`) and speak only
of shares and counts, never of single articles, so that they hold while the base grows.
"""

from math import exp, log1p
from typing import NamedTuple


class Evidence(NamedTuple):
    """What is known about the best article of a question."""

    score: float  # of the best article, from 0 to 1
    lead: float  # its score less the second one's
    terms: float  # what of the question's terms it covers, from 0 to 1
    letters: float  # what of its groups of letters
    notions: float  # log(1 + notions that the base knows)
    mass: float  # log(1 + weight of the terms covered)
    said: float  # log(1 + different words that say something)
    unknown: float  # log(1 + such words that no article has)
    elsewhere: float  # log(1 + notions that law has nothing to do with)
    length: float  # log(1 + words)

    @classmethod
    def of(
        cls,
        *,
        score: float,
        lead: float,
        terms: float,
        letters: float,
        notions: int,
        weight: float,
        said: int,
        unknown: int,
        elsewhere: int,
        length: int,
    ) -> "Evidence":
        """Take counts as people count them; their logarithms are what the models see."""
        counted = map(log1p, (notions, weight, said, unknown, elsewhere, length))
        return cls(score, lead, terms, letters, *counted)


BELONGS = (2.53, 6.31, 1.94, 2.8, 2.61, 1.42, 0.86, 0.53, -3.93, 1.05), -11.88
RIGHT = (1.65, 5.33, 2.34, 2.6, 0.31, 1.7, -0.25, 0.38, -1.2, 1.63), -11.71
LEAST = 0.6  # below this probability of belonging, a question is declined
SURE = 0.75  # from this probability of being right, the answer is given at once


def belongs(evidence: Evidence) -> float:
    """Return the probability that the question is one for this base."""
    return _logistic(evidence, *BELONGS)


def right(evidence: Evidence) -> float:
    """Return the probability that the best article answers the question."""
    return _logistic(evidence, *RIGHT)


def _logistic(evidence: Evidence, weights: tuple[float, ...], bias: float) -> float:
    return 1 / (1 + exp(-bias - sum(w * fact for w, fact in zip(weights, evidence, strict=True))))
