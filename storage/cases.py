"""Cases: citizens' matters, what happened to them, and what only those who work on them may read."""

from __future__ import annotations

from datetime import date
from enum import IntEnum, StrEnum
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Date, ForeignKey, Index, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base, Rank, RowId, UtcTime, choice
from storage.partners import Way
from storage.sealed import SealedJson, SealedText


class CaseState(StrEnum):
    """Where a case stands, from new to closed."""

    NEW = "new"  # with the coordinator: no rule or no lawyer has it
    OFFERED = "offered"  # a handoff is open
    IN_WORK = "in work"  # a lawyer accepted it
    CLOSED = "closed"


class Urgency(IntEnum):
    """Who goes first among cases."""

    DANGER = 0
    URGENT = 1
    NORMAL = 2


class Outcome(StrEnum):
    """What came of a case."""

    ADVICE = "advice"
    DOCUMENT = "document"
    REPRESENTED = "represented"
    STATE_AID = "state aid"
    REFERRED = "referred"
    WITHDRAWN = "withdrawn"
    UNREACHABLE = "unreachable"


class Help(StrEnum):
    """Whether a closed case helped, as the citizen says."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"


class Case(Base):
    """A citizen's matter. What tells who they are, or what happened, is sealed.

    Whoever has an open case has it for a time: `clock_at` is when that runs out, and the database
    refuses an open case without it.
    """

    __tablename__ = "cases"
    __table_args__ = (
        Index("uq_cases_number", "year", "serial", unique=True),
        Index("ix_cases_clock", "state", "clock_at"),
        CheckConstraint("state = 'closed' OR clock_at IS NOT NULL", name="has_clock"),
        CheckConstraint("state != 'in work' OR lawyer_id IS NOT NULL", name="has_lawyer"),
    )

    id: Mapped[RowId] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(SmallInteger)
    serial: Mapped[int] = mapped_column(comment="within the year")
    person_id: Mapped[int | None] = mapped_column(
        ForeignKey("people.id", ondelete="SET NULL"), index=True, comment="who wrote to the bot"
    )
    state: Mapped[CaseState] = mapped_column(choice(CaseState))
    clock_at: Mapped[UtcTime | None] = mapped_column(comment="when the owner's time runs out")
    nudges: Mapped[int] = mapped_column(
        SmallInteger, default=0, comment="how often the owner's time ran out in a row"
    )
    lawyer_id: Mapped[int | None] = mapped_column(ForeignKey("lawyers.id"), index=True)
    topic: Mapped[str] = mapped_column(String(32))
    article: Mapped[str | None] = mapped_column(String(80), comment="what the bot has answered")
    region: Mapped[str | None] = mapped_column(String(32))
    district: Mapped[str | None] = mapped_column(String(64))
    language: Mapped[str] = mapped_column(String(8))
    way: Mapped[Way] = mapped_column(choice(Way))
    urgency: Mapped[Urgency] = mapped_column(Rank(Urgency))
    danger: Mapped[str | None] = mapped_column(String(16), comment="kind of danger, if any")
    deadline: Mapped[date | None] = mapped_column(Date, comment="of a court or an authority")
    story: Mapped[str | None] = mapped_column(SealedText)
    opponent: Mapped[str | None] = mapped_column(SealedText, comment="who is on the other side")
    called: Mapped[str | None] = mapped_column(SealedText, comment="how to address the citizen")
    full_name: Mapped[str | None] = mapped_column(SealedText)
    phone: Mapped[str | None] = mapped_column(SealedText, comment="E.164")
    somebody_else: Mapped[str | None] = mapped_column(
        SealedText, comment="for whom, where it isn't for the one who writes"
    )
    consent_at: Mapped[UtcTime | None] = mapped_column(comment="somebody else's, as noted")
    safe_hours: Mapped[str | None] = mapped_column(SealedText, comment="when it is safe to call")
    neutral: Mapped[bool] = mapped_column(
        default=False, comment="messages that come by themselves say nothing of a lawyer"
    )
    figures: Mapped[Any | None] = mapped_column(
        SealedJson, comment="age, gender, disability, income: for the donor and state legal aid"
    )
    outcome: Mapped[Outcome | None] = mapped_column(choice(Outcome))
    rating: Mapped[int | None] = mapped_column(SmallInteger, comment="1 to 5")
    rating_word: Mapped[str | None] = mapped_column(SealedText)
    helped: Mapped[Help | None] = mapped_column(
        choice(Help), comment="said two weeks after closing"
    )
    asked_helped_at: Mapped[UtcTime | None]
    created_at: Mapped[UtcTime]
    accepted_at: Mapped[UtcTime | None]
    closed_at: Mapped[UtcTime | None]

    @property
    def number(self) -> str:
        """The public number: KG-2026-00042."""
        return f"KG-{self.year}-{self.serial:05}"


class CaseCounter(Base):
    """The last number given in a year."""

    __tablename__ = "case_counters"

    year: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    last: Mapped[int]


class EventKind(StrEnum):
    """What happened to a case, or who looked into it."""

    STATE = "state"
    OFFERED = "offered"
    DECLINED = "declined"
    EXPIRED = "expired"
    READ_STORY = "read story"
    READ_PERSON = "read person"
    CONFLICT = "conflict"
    OVERRULED = "overruled"
    RATED = "rated"
    NUDGED = "nudged"
    PRIORITY = "priority"


class CaseEvent(Base):
    """One line of a case's history and audit trail."""

    __tablename__ = "case_events"

    id: Mapped[RowId] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), index=True)
    kind: Mapped[EventKind] = mapped_column(choice(EventKind))
    state: Mapped[CaseState] = mapped_column(choice(CaseState), comment="the case's, after it")
    by: Mapped[int | None] = mapped_column(BigInteger, comment="chat id; empty: the program")
    why: Mapped[str | None] = mapped_column(SealedText)
    at: Mapped[UtcTime]


class CaseNote(Base):
    """A note that only the case's lawyer, and who takes over from them, reads."""

    __tablename__ = "case_notes"

    id: Mapped[RowId] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), index=True)
    by: Mapped[int] = mapped_column(BigInteger, comment="chat id")
    text: Mapped[str] = mapped_column(SealedText)
    at: Mapped[UtcTime]


class CaseFile(Base):
    """A photo, voice message or document of the story; the file itself stays with Telegram."""

    __tablename__ = "case_files"

    id: Mapped[RowId] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(16), comment="photo, voice, video, document …")
    file_id: Mapped[str] = mapped_column(SealedText)
    caption: Mapped[str | None] = mapped_column(SealedText)
