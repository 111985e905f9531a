"""What people asked in vain, what they thought of the answers, and who wants to hear more."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from sqlalchemy import BigInteger, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base, RowId, UtcTime, choice
from storage.sealed import SealedText


class Miss(StrEnum):
    """Why a question is on the curators' list."""

    UNKNOWN = "unknown"
    UNHELPFUL = "unhelpful"


class MissState(StrEnum):
    """What the curators made of a question."""

    OPEN = "open"
    TIED = "tied"
    WANTED = "wanted"  # a new article is wanted for it
    DISMISSED = "dismissed"


class MissedQuestion(Base):
    """A question that found nothing, or whose answer did not help. Nobody's: no person, no chat."""

    __tablename__ = "missed_questions"
    __table_args__ = (Index("ix_missed_questions_state", "state", "asked_at"),)

    id: Mapped[RowId] = mapped_column(primary_key=True)
    text: Mapped[str] = mapped_column(SealedText)
    language: Mapped[str] = mapped_column(String(8))
    why: Mapped[Miss] = mapped_column(choice(Miss))
    article: Mapped[str | None] = mapped_column(String(80), comment="the answer that did not help")
    asked_at: Mapped[UtcTime]
    state: Mapped[MissState] = mapped_column(choice(MissState), default=MissState.OPEN)
    settled_at: Mapped[UtcTime | None]
    settled_by: Mapped[int | None] = mapped_column(BigInteger, comment="chat id of the curator")
    announced_at: Mapped[UtcTime | None] = mapped_column(comment="when the curators heard of it")
    ticket: Mapped[str | None] = mapped_column(
        String(32), unique=True, comment="what the asker's button says; nobody can guess it"
    )


class AnswerWish(Base):
    """Somebody chose to be told when their question has an answer. Goes when they are told."""

    __tablename__ = "answer_wishes"
    __table_args__ = (Index("uq_answer_wishes", "question_id", "person_id", unique=True),)

    id: Mapped[RowId] = mapped_column(primary_key=True)
    question_id: Mapped[int] = mapped_column(ForeignKey("missed_questions.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    message_id: Mapped[int] = mapped_column(
        BigInteger, comment="of the question in their chat: the answer refers to it"
    )
    wished_at: Mapped[UtcTime]


class GivenAnswer(Base):
    """Who was given which article when, so that they can be told when the law changes.

    Only of people who agreed that something is kept, and never of an article on danger.
    """

    __tablename__ = "given_answers"

    person_id: Mapped[int] = mapped_column(
        ForeignKey("people.id", ondelete="CASCADE"), primary_key=True
    )
    article: Mapped[str] = mapped_column(String(80), primary_key=True)
    given_at: Mapped[UtcTime]


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
