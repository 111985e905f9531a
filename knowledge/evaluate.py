"""Measures a search on questions whose right answers are known."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from knowledge.base import Base

Ask = Callable[[str], Sequence[str]]
"""What is measured: a question in, ids out, best first, none when it declines."""

GROUPS = ("language", "style")  # of a question, where its line tells them


@dataclass(frozen=True, slots=True)
class Question:
    """A question, the articles of which any answers it, and the groups it belongs to."""

    text: str
    ids: frozenset[str]  # empty: the base has no answer, it should be declined
    groups: tuple[str, ...] = ()


@dataclass(slots=True)
class Measure:
    """How well questions of one group were answered; shares from 0 to 1."""

    group: str
    places: list[int | None] = field(default_factory=list)  # of the first right id, from 0
    refused: list[bool] = field(default_factory=list)  # of questions without an answer

    def add(self, question: Question, found: Sequence[str]) -> None:
        """Count one question and what was found for it."""
        if question.ids:
            right = (place for place, id in enumerate(found) if id in question.ids)
            self.places.append(next(right, None))
        else:
            self.refused.append(not found)

    def recall(self, within: int) -> float:
        """Return the share of questions with a right answer among the first `within`."""
        return _share([place is not None and place < within for place in self.places])

    @property
    def mrr(self) -> float:
        """Return the mean of 1/place of the first right answer, 0 where there is none."""
        ranks = [0.0 if place is None else 1 / (place + 1) for place in self.places]
        return sum(ranks) / len(ranks) if ranks else 0.0

    @property
    def refusals(self) -> float:
        """Return the share of questions without an answer that were declined."""
        return _share(self.refused)

    def __str__(self) -> str:
        told = [f"{self.group}: {len(self.places)} questions"]
        if self.places:
            told += [f"recall@1 {self.recall(1):.3f}", f"recall@3 {self.recall(3):.3f}"]
            told += [f"MRR {self.mrr:.3f}"]
        if self.refused:
            told += [f"refusals {self.refusals:.3f} of {len(self.refused)}"]
        return ", ".join(told)


def read_questions(file: Path, base: Base) -> list[Question]:
    """Read lines of `{"q", "ids"}`, and `language` and `style` where they are told.

    Raises:
        OSError: the file cannot be read.
        ValueError: a line is no such object, or names an article that isn't there.
    """
    questions = []
    for place, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip():
            continue
        try:
            told = json.loads(line)
            text, named = str(told["q"]), [str(id) for id in told["ids"]]
        except (ValueError, KeyError, TypeError):
            raise ValueError(f'line {place} is not {{"q": …, "ids": […]}}') from None
        ids = set()
        for id in named:
            if (article := base.article(id)) is None:
                raise ValueError(f"line {place} names {id}, which is not written")
            ids.add(article.id)
        groups = tuple(f"{key} {told[key]}" for key in GROUPS if key in told)
        questions.append(Question(text, frozenset(ids), groups))
    return questions


def evaluate(questions: Sequence[Question], ask: Ask) -> Iterator[Measure]:
    """Ask everything; return the measure of all questions, then those of their groups."""
    measures = {"all": Measure("all")}
    for question in questions:
        found = ask(question.text)
        for group in ("all", *question.groups):
            measures.setdefault(group, Measure(group)).add(question, found)
    yield from measures.values()


def _share(hits: Sequence[bool]) -> float:
    return sum(hits) / len(hits) if hits else 0.0
