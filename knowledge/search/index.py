"""Sparse scoring with numpy: which documents share rare terms with a question."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import numpy.typing as npt

Scores = npt.NDArray[np.float32]
Bag = Mapping[str, float]  # term → how often it stands there, weighted


class Index:
    """BM25 over bags of terms, each score divided by what a perfect document would get.

    A score is then the share of the question's rarity that the document covers, from 0 to
    about 1, whatever the question's length: comparable between questions.

    Args:
        bags: one for each document.
        saturation: BM25's k1; how soon a repeated term stops to count.
        length: BM25's b; how much a long document is held against it, from 0 to 1.
    """

    def __init__(self, bags: Sequence[Bag], saturation: float = 1.2, length: float = 0.5) -> None:
        self.size = len(bags)
        vocabulary: dict[str, int] = {}
        ids: list[int] = []
        weights: list[float] = []
        for bag in bags:
            ids.extend(vocabulary.setdefault(term, len(vocabulary)) for term in bag)
            weights.extend(bag.values())
        terms = np.asarray(ids, np.int32)
        counts = np.asarray(weights, np.float32)
        documents = np.repeat(
            np.arange(self.size, dtype=np.int32), [len(bag) for bag in bags]
        ).astype(np.int32)
        lengths = np.bincount(documents, counts, self.size)
        norm = 1 - length + length * lengths / max(float(lengths.mean()) if self.size else 1, 1e-9)
        frequency = np.bincount(terms, minlength=len(vocabulary))
        self._idf = np.log1p((self.size - frequency + 0.5) / (frequency + 0.5)).astype(np.float32)
        self._unknown = float(np.log1p((self.size + 0.5) / 0.5))
        order = np.argsort(terms, kind="stable")
        self._vocabulary = vocabulary
        self._documents = documents[order]
        saturated = counts * (1 + saturation) / (counts + saturation * norm[documents])
        self._weights = (saturated * self._idf[terms]).astype(np.float32)[order]
        self._starts = np.concatenate(([0], np.cumsum(frequency))).tolist()

    def __contains__(self, term: str) -> bool:
        return term in self._vocabulary

    def idf(self, term: str) -> float:
        """How rare a term is; an unknown one is as rare as can be."""
        known = self._vocabulary.get(term)
        return self._unknown if known is None else float(self._idf[known])

    def score(self, question: Mapping[str, float] | Iterable[str]) -> Scores:
        """Score every document by the share of the question that it covers."""
        bag = question if isinstance(question, Mapping) else Counter(question)
        documents: list[npt.NDArray[np.int32]] = []
        weights: list[Scores] = []
        total = 0.0
        for term, weight in bag.items():
            known = self._vocabulary.get(term)
            if known is None:
                total += weight * self._unknown
                continue
            total += weight * float(self._idf[known])
            start, end = self._starts[known], self._starts[known + 1]
            documents.append(self._documents[start:end])
            weights.append(self._weights[start:end] * np.float32(weight))
        if not documents:
            return np.zeros(self.size, np.float32)
        found = np.bincount(np.concatenate(documents), np.concatenate(weights), self.size)
        return (found / total).astype(np.float32)
