"""Events: conferences, trainings, legal clinic days; who registered, and who came."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    Double,
    ForeignKey,
    Index,
    SmallInteger,
    String,
    Text,
)
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base, RowId, UtcTime, choice
from storage.sealed import SealedJson, SealedText

STANDING = sql("state IN ('registered', 'waiting')")


class EventState(StrEnum):
    """Where an event stands."""

    DRAFT = "draft"
    OPEN = "open"  # citizens see it; whether one may register, its dates say
    CANCELLED = "cancelled"


class Event(Base):
    """Something that takes place at a time, with seats or without a limit."""

    __tablename__ = "events"
    __table_args__ = (
        Index("ix_events_starts_at", "state", "starts_at"),
        CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        CheckConstraint("seats IS NULL OR seats > 0", name="has_seats"),
    )

    id: Mapped[RowId] = mapped_column(primary_key=True)
    state: Mapped[EventState] = mapped_column(choice(EventState))
    title_ky: Mapped[str] = mapped_column(String(120))
    title_ru: Mapped[str] = mapped_column(String(120))
    about_ky: Mapped[str] = mapped_column(Text)
    about_ru: Mapped[str] = mapped_column(Text)
    starts_at: Mapped[UtcTime]
    ends_at: Mapped[UtcTime]
    place_ky: Mapped[str | None] = mapped_column(String(200))
    place_ru: Mapped[str | None] = mapped_column(String(200))
    latitude: Mapped[float | None] = mapped_column(Double)
    longitude: Mapped[float | None] = mapped_column(Double)
    link: Mapped[str | None] = mapped_column(String(300), comment="where it takes place online")
    region: Mapped[str | None] = mapped_column(String(32), comment="where it takes place")
    seats: Mapped[int | None] = mapped_column(comment="empty: no limit")
    register_until: Mapped[UtcTime]
    companions_most: Mapped[int] = mapped_column(SmallInteger, default=0)
    asks_needs: Mapped[bool] = mapped_column(
        default=False, comment="interpreter, wheelchair, childcare, transport"
    )
    questions: Mapped[Any] = mapped_column(JSON, comment="a text by language, each")
    programme: Mapped[Any | None] = mapped_column(SealedJson, comment="a file id and its kind")
    materials: Mapped[Any | None] = mapped_column(SealedJson, comment="sent afterwards")
    created_by: Mapped[int] = mapped_column(BigInteger)
    created_at: Mapped[UtcTime]
    thanked_at: Mapped[UtcTime | None]


class RegionSeats(Base):
    """So many of an event's seats are for people of a region."""

    __tablename__ = "region_seats"

    event_id: Mapped[int] = mapped_column(
        ForeignKey("events.id", ondelete="CASCADE"), primary_key=True
    )
    region: Mapped[str] = mapped_column(String(32), primary_key=True)
    seats: Mapped[int] = mapped_column(SmallInteger)


class RegistrationState(StrEnum):
    """Where a registration stands."""

    REGISTERED = "registered"
    WAITING = "waiting"
    CANCELLED = "cancelled"


class Registration(Base):
    """A person's place at an event, or their place in the queue, which goes by `id`."""

    __tablename__ = "registrations"
    __table_args__ = (
        Index(
            "uq_registrations_standing",
            "event_id",
            "person_id",
            unique=True,
            sqlite_where=STANDING,
            postgresql_where=STANDING,
        ),
        Index("ix_registrations_event", "event_id", "state", "id"),
    )

    id: Mapped[RowId] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("events.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    state: Mapped[RegistrationState] = mapped_column(choice(RegistrationState))
    name: Mapped[str] = mapped_column(SealedText, comment="as on the ticket")
    region: Mapped[str | None] = mapped_column(String(32), comment="whose seats it takes")
    companions: Mapped[int] = mapped_column(SmallInteger, default=0)
    needs: Mapped[Any] = mapped_column(SealedJson)
    answers: Mapped[Any] = mapped_column(SealedJson, comment="to the event's questions, in order")
    code: Mapped[str] = mapped_column(String(12), unique=True, comment="of the ticket")
    created_at: Mapped[UtcTime]
    moved_up_at: Mapped[UtcTime | None]
    cancelled_at: Mapped[UtcTime | None]
    checked_in_at: Mapped[UtcTime | None]
    checked_in_by: Mapped[int | None] = mapped_column(BigInteger)
    reminded_at: Mapped[UtcTime | None]
    rating: Mapped[int | None] = mapped_column(SmallInteger, comment="1 to 5")
