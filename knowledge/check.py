"""The linter: everything that is wrong in the knowledge base, one line a fault with its cure."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

from knowledge.base import Base, read_base
from knowledge.checks import Remark, articles, ease, spelling, whole, wording
from knowledge.faults import Fault
from knowledge.model import LANGUAGES, Article

OF_ARTICLES: tuple[Callable[[Article, Base, date], Iterator[Remark]], ...] = (
    articles.references,
    articles.citations,
    articles.parallel,
    articles.lengths,
    articles.messages,
    articles.figures_have_facts,
    articles.phrasings,
    articles.review,
    wording.plain,
    wording.letters,
    spelling.spelling,
    spelling.usage,
    ease.long_sentences,
    ease.officialese,
    ease.ease,
)
# What a changed text can break: quick, and without word lists.
OF_TEXTS = (
    articles.parallel,
    articles.lengths,
    articles.messages,
    articles.figures_have_facts,
    wording.plain,
    wording.letters,
)
OF_BASE: tuple[Callable[[Base, date], Iterator[Fault]], ...] = (
    whole.claims,
    whole.sums,
    whole.contacts,
    whole.names,
)


def errors_of(article: Article, base: Base, day: date) -> list[tuple[str, str]]:
    """Return what must not be said so, as (name of the check, what is wrong): for a changed text."""
    return [
        (look.__name__, remark.what)
        for look in OF_TEXTS
        for remark in look(article, base, day)
        if remark.level == "error"
    ]


def check(path: Path | None = None, *, day: date, strict: bool = False) -> list[Fault]:
    """Return everything that is wrong in the base under `path` on `day`, file by file.

    Args:
        path: a folder laid out like this package's; left out, this package's own.
        day: a calendar day in Bishkek: reviews grow old and sums run out by it.
        strict: whether what may wait (an article still to be written) is an error as well.
    """
    base, faults = read_base(path)
    if not base.languages.keys() >= set(LANGUAGES):
        return faults  # nothing can be said without their words
    for article in base.articles.values():
        for look in OF_ARTICLES:
            faults.extend(
                Fault(base.file(article.id), *remark) for remark in look(article, base, day)
            )
    for look_at_all in OF_BASE:
        faults.extend(look_at_all(base, day))
    if strict:
        faults = [
            replace(fault, level="error") if fault.level == "note" else fault for fault in faults
        ]
    return sorted(faults, key=lambda fault: (str(fault.file), fault.level))
