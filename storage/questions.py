"""What people asked in vain, and what they thought of the answers. Without the person."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base, RowId, UtcTime, choice
from storage.sealed import SealedText


class Miss(StrEnum):
    """Why a question is on the curators' list."""

    UNKNOWN = "unknown"
    UNHELPFUL = "unhelpful"


class MissedQuestion(Base):
    """A question that found nothing, or whose answer did not help. Nobody's: no person, no chat."""

    __tablename__ = "missed_questions"

    id: Mapped[RowId] = mapped_column(primary_key=True)
    text: Mapped[str] = mapped_column(SealedText)
    language: Mapped[str] = mapped_column(String(8))
    why: Mapped[Miss] = mapped_column(choice(Miss))
    article: Mapped[str | None] = mapped_column(String(80), comment="the answer that did not help")
    asked_at: Mapped[UtcTime]


class Feedback(Base):
    """How often an article helped, by day and language. Counted, so that nobody's mark is kept."""

    __tablename__ = "feedback"
    __table_args__ = (
        Index("uq_feedback_day", "article", "language", "day", "helpful", unique=True),
    )

    id: Mapped[RowId] = mapped_column(primary_key=True)
    article: Mapped[str] = mapped_column(String(80))
    language: Mapped[str] = mapped_column(String(8))
    day: Mapped[date]
    helpful: Mapped[bool]
    count: Mapped[int] = mapped_column(default=0)
