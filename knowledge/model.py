"""What the knowledge base is made of, typed. A file that breaks a rule here does not load.

What only makes an article worse (too long, a figure without its fact) is the linter's: see
`knowledge.check`. The format is told in docs/articles.md.
"""

import datetime
import hashlib
import json
import re
import unicodedata
from collections.abc import Mapping
from decimal import Decimal
from itertools import pairwise
from typing import Annotated, Generic, Literal, Self, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

Language = Literal["ky", "ru"]
T = TypeVar("T")


def _one_line(text: str) -> str:
    """Join the lines of a text as YAML folds them; one spelling for letters of two parts («й»)."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def _filled(text: str) -> str:
    if not text:
        raise ValueError("is empty: fill it in, or leave the key out")
    return text


def _day_known(value: object) -> object:
    """YAML reads 2025 as a number and 2025-07-10 as a day; all are kept as they are written."""
    return str(value) if isinstance(value, int | datetime.date) else value


def _calendar(text: str) -> str:
    year, *rest = (int(part) for part in text.split("-"))
    month, day = [*rest, 1, 1][:2]
    datetime.date(year, month, day)
    return text


def _link(text: str) -> str:
    if not re.fullmatch(r"https?://[^\s/]+\.[^\s/]+(/[^\s…]*)?", text):
        raise ValueError("is not a whole link: write it with http(s):// and without spaces")
    return text


def _like(pattern: str, example: str) -> AfterValidator:
    """Refuse a text that does not have the form of `example`."""

    def check(text: str) -> str:
        if not re.fullmatch(pattern, text):
            raise ValueError(f"is «{text}»: write it like {example}")
        return text

    return AfterValidator(check)


Line = Annotated[str, AfterValidator(_one_line), AfterValidator(_filled)]
Lines = tuple[Line, ...]
Link = Annotated[str, AfterValidator(_link)]
AsOf = Annotated[
    str,
    BeforeValidator(_day_known),
    _like(r"\d{4}(-\d\d){0,2}", "2025-07-10, 2025-07 or 2025"),
    AfterValidator(_calendar),
]
"""The day, month or year of the text or page that was read."""
Slug = Annotated[str, _like(r"[a-z0-9]+(-[a-z0-9]+)*", "labour-code")]
ArticleId = Annotated[str, _like(r"[a-z0-9-]+/[a-z0-9-]+", "labour/unpaid-wages")]
ShortNumber = Annotated[str, _like(r"\d[\d -]+\d", "112 or 0503 39 40 44")]
FullNumber = Annotated[str, _like(r"\+996\d{9}", "+996503394044")]


class Strict(BaseModel):
    """Cannot be changed, and knows no key but its own: a typing error in a key is a fault."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class InLanguages(Strict, Generic[T]):
    """Something said in every language. The one place where the languages are listed."""

    ky: T
    ru: T

    def in_language(self, language: Language) -> T:
        """Return what is said in `language`."""
        said: T = getattr(self, language)
        return said


LANGUAGES: tuple[Language, ...] = ("ky", "ru")


class LanguageText(Strict):
    """An article in one language. All but the phrasings is shown to people."""

    title: Line
    answer: Line
    steps: Annotated[Lines, Field(min_length=1)]
    documents: Lines = ()
    where: Lines = ()
    deadlines: Lines = ()
    costs: Lines = ()
    mistakes: Lines = ()
    phrasings: Annotated[Lines, Field(min_length=1)]

    def told(self) -> dict[str, Lines]:
        """Return what people read, part by part: `title` and `answer` as lists of one."""
        parts = {"title": (self.title,), "answer": (self.answer,)}
        return parts | {name: getattr(self, name) for name in LISTS}


LISTS = ("steps", "documents", "where", "deadlines", "costs", "mistakes")


class LawEntry(Strict):
    """One fact an article rests on: from an act, or from a page."""

    fact: Line
    act: Slug | None = None  # a key of acts.yaml
    article: Line | None = None  # «ст. 94, ч. 4»
    source: Link | None = None
    as_of: AsOf | None = None

    @model_validator(mode="after")
    def _stands_on_something(self) -> Self:
        if self.act is None and self.source is None:
            raise ValueError("names neither an act nor a source: say what the fact rests on")
        if self.article is not None and self.act is None:
            raise ValueError("names an article but no act: add the act's id")
        return self


class Review(Strict):
    """Whether a lawyer has read the article, and which wording they read."""

    state: Literal["draft", "reviewed"]
    by: Line | None = None
    on: datetime.date | None = None
    text: str | None = None  # Article.text_hash() of what was read

    @model_validator(mode="after")
    def _is_signed(self) -> Self:
        if self.state == "reviewed" and not (self.by and self.on and self.text):
            raise ValueError(
                "is reviewed, but lacks `by`, `on` or `text`: add who, the day, and what "
                "`python -m knowledge review-hash ID` prints"
            )
        return self


class Article(InLanguages[LanguageText]):
    """One answer of the knowledge base, in all languages."""

    id: ArticleId  # topic/slug, as its path
    aliases: tuple[ArticleId, ...] = ()
    urgent: bool = False
    law: Annotated[tuple[LawEntry, ...], Field(min_length=1)]
    contacts: tuple[str, ...] = ()
    related: tuple[ArticleId, ...] = ()
    review: Review

    @property
    def topic(self) -> str:
        """Return the id of the article's topic."""
        return self.id.partition("/")[0]

    def text_hash(self) -> str:
        """Return a fingerprint of every wording people are shown, and of the law behind it.

        Phrasings are not part of it: they are found, not read. Sums of knowledge/rates are their
        own files' and change without the article's review.
        """
        told = {
            "texts": [self.in_language(language).told() for language in LANGUAGES],
            "law": [entry.model_dump(mode="json") for entry in self.law],
            "contacts": self.contacts,
            "urgent": self.urgent,
        }
        canonical = json.dumps(told, ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(canonical.encode()).hexdigest()[:16]

    @property
    def reviewed(self) -> bool:
        """Tell whether a lawyer has read the very text that stands here now."""
        return self.review.state == "reviewed" and not self.review_lapsed

    @property
    def review_lapsed(self) -> bool:
        """Tell whether the text was changed after its review."""
        return self.review.state == "reviewed" and self.review.text != self.text_hash()


class Act(InLanguages[Line]):
    """A law, code, decree or treaty that articles rest on."""

    id: Slug
    date: datetime.date | None = None
    number: Line | None = None
    link: Link | None = None
    note: Line | None = None  # for curators


class Phone(Strict):
    """A number to call."""

    short: ShortNumber  # as it is dialled inside the country
    dial: FullNumber | None = None  # where the whole number is known
    ext: Annotated[str, _like(r"\d+", "195")] | None = None  # an extension


class ContactText(Strict):
    """A contact in one language."""

    name: Line
    what: Line  # what one may come for
    hours: Line | None = None
    address: Line | None = None


class Contact(InLanguages[ContactText]):
    """A hotline or an office that helps."""

    id: ArticleId
    needs: Annotated[tuple[Slug, ...], Field(min_length=1)]
    regions: tuple[str, ...] = ()  # codes; empty: the whole country
    phones: tuple[Phone, ...]
    source: Link
    as_of: AsOf
    unconfirmed: bool = False  # nothing recent confirms it: say the year when showing it


class Need(InLanguages[Line]):
    """What one looks for a contact for."""

    id: Slug


class District(InLanguages[Line]):
    """A raion or a town."""

    code: Slug
    kind: Literal["raion", "town"]
    aliases: Lines = ()


class Region(InLanguages[Line]):
    """An oblast or a city of republican standing, with its districts."""

    code: Annotated[str, _like(r"KG-[A-Z]{1,2}", "KG-GB")]  # ISO 3166-2
    aliases: Lines = ()
    districts: Mapping[str, District]


class Topic(InLanguages[Line]):
    """A shelf of the knowledge base."""

    id: Slug
    emoji: str


class Period(Strict):
    """From when to when a sum is in force, both days included."""

    start: datetime.date = Field(alias="from")
    end: datetime.date | None = Field(default=None, alias="to")  # none: until changed
    amount: Annotated[Decimal, Field(ge=0)]
    caveat: InLanguages[Line] | None = None  # said in brackets after the sum
    act: Slug | None = None
    source: Link
    as_of: AsOf

    @model_validator(mode="after")
    def _runs_forward(self) -> Self:
        if self.end is not None and self.end < self.start:
            raise ValueError(f"ends {self.end}, before it starts: correct `from` or `to`")
        return self


class Rate(InLanguages[Line]):
    """A sum or percentage that is set anew from time to time; periods stand in order."""

    name: Slug
    unit: Literal["som", "percent"]
    ask: str | None = None  # the contact that tells the present sum
    periods: tuple[Period, ...]

    @model_validator(mode="after")
    def _periods_follow_one_another(self) -> Self:
        for earlier, later in pairwise(self.periods):
            if earlier.end is None or later.start <= earlier.end:
                raise ValueError(
                    f"has two sums for {later.start}: let the earlier period end the day before"
                )
        return self


class Words(Strict):
    """How one language says figures, days and doubts; see knowledge/languages.yaml."""

    name: Line
    letters: str
    months: Annotated[tuple[str, ...], Field(min_length=12, max_length=12)]
    months_since: Annotated[tuple[str, ...], Field(min_length=12, max_length=12)]
    months_in: Annotated[tuple[str, ...], Field(min_length=12, max_length=12)]
    date: str
    since: str
    year: str
    in_month: str
    in_years: Mapping[str, str]
    som: Mapping[str, str]
    percent: str
    units: Mapping[str, str]
    unknown: str
    unknown_why: str
    was: str
    ask: str
    dated_contact: str
    cites: Mapping[str, str]
