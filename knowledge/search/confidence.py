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
    notions: float  # log(1 + notions of the question that it has)
    mass: float  # log(1 + weight of the terms covered)
    unknown: float  # share of the words that say something and that no article has
    elsewhere: float  # what law has nothing to do with, as a share of all that was understood
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
        shared: int,
        weight: float,
        unknown: float,
        elsewhere: int,
        length: int,
    ) -> "Evidence":
        """Take what was counted.

        Args:
            score, lead, terms, letters, unknown: as they stand above.
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
        )


BELONGS = (2.03, 1.92, -0.76, 5.35, 1.33, 2.45, 1.60, -7.53, 2.90), -14.56
RIGHT = (-0.51, 12.22, 0.77, 2.06, -0.08, 1.37, -0.11, -6.66, 0.65), -6.32
LEAST = 0.7  # below this probability of belonging, a question is declined
SURE = 0.8  # from this probability of being right, the answer is given at once


def belongs(evidence: Evidence) -> float:
    """Return the probability that the question is one for this base."""
    return _logistic(evidence, *BELONGS)


def right(evidence: Evidence) -> float:
    """Return the probability that the best article answers the question."""
    return _logistic(evidence, *RIGHT)


def _logistic(evidence: Evidence, weights: tuple[float, ...], bias: float) -> float:
    return 1 / (1 + exp(-bias - sum(w * fact for w, fact in zip(weights, evidence, strict=True))))
