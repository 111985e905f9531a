"""What all handlers share and none changes: the knowledge base, the search, who is admin."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeGuard

from knowledge.base import Base
from knowledge.model import LANGUAGES, Article, Language, LanguageText
from knowledge.render import filled
from knowledge.search import Searcher
from locales import HERE


@dataclass(slots=True, eq=False)
class Resources:
    """Loaded once at the start."""

    base: Base
    searcher: Searcher
    admin_ids: frozenset[int]
    username: str = ""

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


def today(now: datetime) -> date:
    """The calendar day in Bishkek."""
    return now.astimezone(HERE).date()
