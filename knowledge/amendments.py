"""What curators changed in chat since the files were written, laid over what the files say."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from knowledge.base import Base
from knowledge.checks.articles import spoken
from knowledge.model import LISTS, Article, Language, LanguageText, Lines, Review

PARTS = ("title", "answer", *LISTS)  # what of an article can be corrected in chat
Texts = Mapping[Language, Lines]


@dataclass(frozen=True, slots=True)
class Correction:
    """A part of an article, in the languages in which it changes."""

    article: str
    part: str  # one of PARTS
    before: Texts  # title and answer are lists of one line
    after: Texts


@dataclass(frozen=True, slots=True)
class Amendments:
    """All that holds at a moment, in the order in which it was decided."""

    phrasings: tuple[tuple[str, Language, str], ...] = ()  # article's id, language, text
    corrections: tuple[Correction, ...] = ()
    reviews: Mapping[str, Review] = field(default_factory=dict)
    withdrawn: frozenset[str] = frozenset()

    @property
    def learned(self) -> list[tuple[str, str]]:
        """The phrasings, as the search takes them."""
        return [(article, text) for article, _, text in self.phrasings]


def amended(base: Base, amendments: Amendments) -> Base:
    """Return the base with corrections, reviews and learned phrasings; withdrawn articles stay.

    What the files say already is left alone, and so is a correction of a text that the files have
    changed since: see `outdated`.
    """
    articles = dict(base.articles)
    for correction in amendments.corrections:
        if (article := articles.get(correction.article)) and applies(correction, article):
            articles[article.id] = corrected(article, correction)
    for id, review in amendments.reviews.items():
        if (article := articles.get(id)) and _is_newer(review, article.review):
            articles[id] = article.model_copy(update={"review": review})
    for id, language, text in amendments.phrasings:
        if article := articles.get(id):
            articles[id] = _taught(article, language, text)
    return replace(base, articles=articles)


def without(base: Base, withdrawn: Iterable[str]) -> Base:
    """Return the base as citizens see it: without the articles withdrawn."""
    hidden = set(withdrawn)
    shown = {id: article for id, article in base.articles.items() if id not in hidden}
    return replace(base, articles=shown)


def corrected(article: Article, correction: Correction) -> Article:
    """Return the article with one part changed.

    Raises:
        pydantic.ValidationError: a text cannot be: it is empty, or there are no steps.
    """
    texts: dict[str, LanguageText] = {}
    for language, lines in correction.after.items():
        value: object = lines if correction.part in LISTS else lines[0] if lines else ""
        fields = article.in_language(language).model_dump() | {correction.part: value}
        texts[language] = LanguageText.model_validate(fields)
    return article.model_copy(update=texts)


def outdated(base: Base, amendments: Amendments) -> list[Correction]:
    """Return the corrections of texts that read otherwise in the files by now."""
    last = base
    found = []
    for correction in amendments.corrections:
        article = last.articles.get(correction.article)
        if article is None or not (applies(correction, article) or _is_done(correction, article)):
            found.append(correction)
        else:
            last = amended(last, Amendments(corrections=(correction,)))
    return found


def lines_of(article: Article, language: Language, part: str) -> Lines:
    """Return a part of an article as lines; title and answer are one."""
    return article.in_language(language).told()[part]


def _reads(article: Article, part: str, texts: Texts) -> bool:
    return all(lines_of(article, language, part) == lines for language, lines in texts.items())


def applies(correction: Correction, article: Article) -> bool:
    """Tell whether the article still reads as it did when the correction was written."""
    return _reads(article, correction.part, correction.before)


def _is_done(correction: Correction, article: Article) -> bool:
    return _reads(article, correction.part, correction.after)


def _is_newer(review: Review, than: Review) -> bool:
    return than.on is None or (review.on is not None and review.on >= than.on)


def _taught(article: Article, language: Language, phrasing: str) -> Article:
    text = article.in_language(language)
    if spoken(phrasing) in map(spoken, text.phrasings):
        return article
    taught = text.model_copy(update={"phrasings": (*text.phrasings, phrasing)})
    return article.model_copy(update={language: taught})
