"""What all handlers share and none changes: the knowledge base, the search, who is admin."""

from __future__ import annotations

from dataclasses import dataclass

from knowledge.base import Base
from knowledge.search import Searcher


@dataclass(slots=True)
class Resources:
    """Loaded once at the start."""

    base: Base
    searcher: Searcher
    admin_ids: frozenset[int]
    username: str = ""

    def deep_link(self, payload: str) -> str:
        """A link that opens the bot with a start payload (Bot API: up to 64 of A-Z a-z 0-9 _ -)."""
        return f"https://t.me/{self.username}?start={payload}"
