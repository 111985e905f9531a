"""What the linter looks at: articles one by one, their wording, and the base as a whole.

A check is a generator. It takes the article (or the whole base) and the day, and yields remarks.
`knowledge.check` runs them all; a new check is one more function in its lists.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from knowledge.faults import Level
from knowledge.model import LANGUAGES, LISTS, Article, Language


class Remark(NamedTuple):
    """What is wrong with an article, and how to put it right."""

    what: str
    cure: str
    level: Level = "error"


class Told(NamedTuple):
    """One line that people read."""

    language: Language
    part: str  # title, answer or one of LISTS
    place: str  # as a curator finds it: ky.steps[0]
    text: str


def told(article: Article) -> Iterator[Told]:
    """Return every line that people read, in all languages."""
    for language in LANGUAGES:
        for part, lines in article.in_language(language).told().items():
            for index, text in enumerate(lines):
                yield Told(language, part, f"{language}.{placed(part, index)}", text)


def placed(part: str, index: int) -> str:
    """Return the place of a line: `title`, `steps[0]`."""
    return f"{part}[{index}]" if part in LISTS else part


def listed(things: Iterable[str]) -> str:
    """Write things one after another, in order."""
    return ", ".join(sorted(things))
