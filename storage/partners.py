"""Partner organisations and their lawyers."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base, RowId, UtcTime, choice
from storage.sealed import SealedText


class Standing(StrEnum):
    """Whether a partner or a lawyer takes cases."""

    ACTIVE = "active"
    PAUSED = "paused"
    ENDED = "ended"


class Way(StrEnum):
    """How a citizen wants to be helped."""

    PHONE = "phone"
    IN_PERSON = "in person"
    CHAT = "chat"


class Partner(Base):
    """An organisation whose lawyers take cases."""

    __tablename__ = "partners"

    id: Mapped[RowId] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120), unique=True)
    standing: Mapped[Standing] = mapped_column(choice(Standing), default=Standing.ACTIVE)
    group_chat_id: Mapped[int | None] = mapped_column(
        BigInteger, unique=True, comment="the group that gets cards, never a story"
    )
    created_at: Mapped[UtcTime]


class Lawyer(Base):
    """A person's work for a partner. One who changed partners has a row for each, one not ended.

    The role is a grant; both are asked for at every step.
    """

    __tablename__ = "lawyers"

    id: Mapped[RowId] = mapped_column(primary_key=True)
    partner_id: Mapped[int] = mapped_column(ForeignKey("partners.id"), index=True)
    chat_id: Mapped[int] = mapped_column(BigInteger, index=True, comment="of their private chat")
    name: Mapped[str] = mapped_column(SealedText, comment="as citizens and staff see it")
    standing: Mapped[Standing] = mapped_column(choice(Standing), default=Standing.ACTIVE)
    languages: Mapped[Any] = mapped_column(JSON, comment="codes; empty means all")
    topics: Mapped[Any] = mapped_column(JSON, comment="ids; empty means all")
    ways: Mapped[Any] = mapped_column(JSON, comment="values of Way; empty means all")
    on_duty: Mapped[bool] = mapped_column(
        default=False, comment="takes danger and detention at every hour: may be woken"
    )
    slot_minutes: Mapped[int] = mapped_column(SmallInteger, default=30)
    gap_minutes: Mapped[int] = mapped_column(SmallInteger, default=10)
    daily_most: Mapped[int] = mapped_column(SmallInteger, default=6, comment="consultations a day")
    notice_hours: Mapped[int] = mapped_column(SmallInteger, default=3)
    address: Mapped[str | None] = mapped_column(String(200), comment="of the office")
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    current_case_id: Mapped[int | None] = mapped_column(
        BigInteger, comment="to which what they write without a reply goes"
    )
    joined_at: Mapped[UtcTime]
    ended_at: Mapped[UtcTime | None]
