"""What all handlers share: the knowledge base, the search, who is admin."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TypeGuard, cast

from knowledge.amendments import Amendments, amended, without
from knowledge.base import Base
from knowledge.model import LANGUAGES, Article, Language, LanguageText
from knowledge.render import filled
from knowledge.search import Searcher
from locales import HERE, texts


@dataclass(slots=True, eq=False)
class Resources:
    """Loaded at the start; what curators change since is laid over it with `amend`."""

    base: Base  # as citizens see it
    searcher: Searcher
    admin_ids: frozenset[int]
    username: str = ""
    send_rate: float = 30  # messages a second that the bot starts
    has_topics: bool = False  # whether private chats with the bot may be divided into topics
    files: Base = field(init=False)  # as the files say it
    whole: Base = field(init=False)  # amended, with the articles that are withdrawn
    amendments: Amendments = field(init=False, default_factory=Amendments)
    revision: int = field(init=False, default=0)  # how often it was amended

    def __post_init__(self) -> None:
        """Nothing is amended yet."""
        self.files = self.whole = self.base

    def amend(self, amendments: Amendments) -> None:
        """Lay what curators changed over the files; takes some tenths of a second."""
        self.searcher.revise(amendments.learned, amendments.withdrawn)
        self.whole = amended(self.files, amendments)
        self.base = without(self.whole, amendments.withdrawn)
        self.amendments = amendments
        self.revision += 1

    def deep_link(self, payload: str) -> str:
        """A link that opens the bot with a start payload (Bot API: up to 64 of A-Z a-z 0-9 _ -)."""
        return f"https://t.me/{self.username}" + (f"?start={payload}" if payload else "")

    def article_link(self, article_id: str) -> str:
        """A link that opens an article. Ids have a slash, payloads may not."""
        return self.deep_link("a_" + article_id.replace("/", "_"))

    def told(self, article: Article, language: Language, day: date) -> LanguageText:
        """An article as it is to be read on a day in Bishkek, with the sums in force."""
        return filled(article, language, day, self.base)


def is_language(code: str) -> TypeGuard[Language]:
    """Tell whether articles are written in that language."""
    return code in LANGUAGES


def speaks(code: str | None) -> Language:
    """The language to write to somebody in whose chosen one, if any, is `code`."""
    # Whatever has a catalogue has articles: a test holds that.
    return cast(Language, texts(code).language)


def today(now: datetime) -> date:
    """The calendar day in Bishkek."""
    return now.astimezone(HERE).date()
