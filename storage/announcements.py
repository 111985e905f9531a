"""Announcements of campaign staff: what they say, whom they are for, who got them."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, Index, SmallInteger, String
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base, RowId, UtcTime, choice
from storage.sealed import SealedJson

UNDER_WAY = sql("state IN ('running', 'paused')")


class Kind(StrEnum):
    """What an announcement is about; citizens refuse them by kind."""

    CAMPAIGN = "campaign"
    EVENT = "event"
    NEWS = "news"  # a law has changed
    URGENT = "urgent"
    STORY = "story"  # a success story: stays readable


class AnnouncementState(StrEnum):
    """Where an announcement stands, from draft to sent."""

    DRAFT = "draft"
    AWAITING = "awaiting"  # a second person has to approve it
    SCHEDULED = "scheduled"
    SENDING = "sending"
    SENT = "sent"
    STOPPED = "stopped"
    RECALLED = "recalled"


class Announcement(Base):
    """A message to many. Its words stand in AnnouncementText, one row a language."""

    __tablename__ = "announcements"
    __table_args__ = (
        Index("ix_announcements_state", "state", "send_at"),
        CheckConstraint("state != 'scheduled' OR send_at IS NOT NULL", name="has_time"),
    )

    id: Mapped[RowId] = mapped_column(primary_key=True)
    kind: Mapped[Kind] = mapped_column(choice(Kind))
    state: Mapped[AnnouncementState] = mapped_column(choice(AnnouncementState))
    author: Mapped[int] = mapped_column(BigInteger, comment="chat id of the campaigner")
    audience: Mapped[Any] = mapped_column(JSON, comment="services.audiences.Audience")
    event_id: Mapped[int | None] = mapped_column(
        ForeignKey("events.id", ondelete="SET NULL"), index=True
    )
    send_at: Mapped[UtcTime | None]
    rehearsed_at: Mapped[UtcTime | None]
    approved_by: Mapped[int | None] = mapped_column(BigInteger, comment="chat id, not the author's")
    created_at: Mapped[UtcTime]
    changed_at: Mapped[UtcTime]
    sent_at: Mapped[UtcTime | None] = mapped_column(comment="when the first left")


class AnnouncementText(Base):
    """What an announcement says in one language, as its author sent it: text, entities, file ids."""

    __tablename__ = "announcement_texts"

    announcement_id: Mapped[int] = mapped_column(
        ForeignKey("announcements.id", ondelete="CASCADE"), primary_key=True
    )
    language: Mapped[str] = mapped_column(String(8), primary_key=True)
    parts: Mapped[Any] = mapped_column(
        SealedJson, comment="services.contents.Part, more than one in an album"
    )
    buttons: Mapped[Any] = mapped_column(JSON, comment="services.contents.Press, one a row")


class Run(StrEnum):
    """What is done to everybody of an audience, one by one."""

    SEND = "send"
    CORRECT = "correct"
    RECALL = "recall"


class RunState(StrEnum):
    """Where such a run stands."""

    RUNNING = "running"
    PAUSED = "paused"
    STOPPED = "stopped"
    DONE = "done"


class Sending(Base):
    """One run over an audience, taken in batches: `after` says how far it has come."""

    __tablename__ = "sendings"
    __table_args__ = (
        Index(
            "uq_sendings_under_way",
            "announcement_id",
            unique=True,
            sqlite_where=UNDER_WAY,
            postgresql_where=UNDER_WAY,
        ),
        Index("ix_sendings_state", "state"),
    )

    id: Mapped[RowId] = mapped_column(primary_key=True)
    announcement_id: Mapped[int] = mapped_column(ForeignKey("announcements.id", ondelete="CASCADE"))
    run: Mapped[Run] = mapped_column(choice(Run))
    state: Mapped[RunState] = mapped_column(choice(RunState))
    total: Mapped[int] = mapped_column(comment="people, as counted at the start")
    after: Mapped[int | None] = mapped_column(
        BigInteger, comment="the last person or delivery that has been written; empty: all have"
    )
    progress_posted_id: Mapped[int | None] = mapped_column(
        BigInteger, comment="of posted_messages: the message that tells its author how far it is"
    )
    started_at: Mapped[UtcTime]
    finished_at: Mapped[UtcTime | None]


class DeliveryState(StrEnum):
    """What became of an announcement to one person."""

    QUEUED = "queued"
    SENT = "sent"
    BLOCKED = "blocked"
    FAILED = "failed"
    RECALLED = "recalled"


class Delivery(Base):
    """One announcement to one chat: a person's, a group or a channel. Never two."""

    __tablename__ = "deliveries"
    __table_args__ = (
        Index("uq_deliveries", "announcement_id", "chat_id", unique=True),
        Index("ix_deliveries_chat_id", "chat_id", "made_at"),
        # Counting by state reads nothing else; a correction goes through those sent in order.
        Index("ix_deliveries_state", "announcement_id", "state", "id"),
    )

    id: Mapped[RowId] = mapped_column(primary_key=True)
    announcement_id: Mapped[int] = mapped_column(ForeignKey("announcements.id", ondelete="CASCADE"))
    chat_id: Mapped[int] = mapped_column(BigInteger)
    language: Mapped[str] = mapped_column(String(8))
    region: Mapped[str | None] = mapped_column(String(32), comment="of the person, at that time")
    state: Mapped[DeliveryState] = mapped_column(choice(DeliveryState))
    message_ids: Mapped[Any] = mapped_column(JSON, comment="Telegram's, for correction and recall")
    made_at: Mapped[UtcTime]
    settled_at: Mapped[UtcTime | None]


class ButtonPress(Base):
    """Somebody pressed one of our own buttons below an announcement; counted once a person."""

    __tablename__ = "button_presses"

    delivery_id: Mapped[int] = mapped_column(
        ForeignKey("deliveries.id", ondelete="CASCADE"), primary_key=True
    )
    button: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    pressed_at: Mapped[UtcTime]
