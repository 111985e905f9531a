"""When lawyers can be met, and who meets them."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from sqlalchemy import BigInteger, Date, ForeignKey, Index, SmallInteger, text
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base, RowId, UtcTime, choice
from storage.partners import Way

OCCUPIES = text("state IN ('held', 'booked') AND lawyer_id IS NOT NULL")
LIVE = text("state = 'booked'")


class WeeklyHours(Base):
    """Hours that come again every week, in Bishkek."""

    __tablename__ = "weekly_hours"

    id: Mapped[RowId] = mapped_column(primary_key=True)
    lawyer_id: Mapped[int] = mapped_column(ForeignKey("lawyers.id", ondelete="CASCADE"), index=True)
    weekday: Mapped[int] = mapped_column(SmallInteger, comment="0 is Monday")
    starts: Mapped[int] = mapped_column(SmallInteger, comment="minutes after midnight")
    ends: Mapped[int] = mapped_column(SmallInteger, comment="minutes after midnight")


class DayException(Base):
    """A day that differs from its week: other hours, or none when `starts` is empty."""

    __tablename__ = "day_exceptions"
    __table_args__ = (Index("ix_day_exceptions_day", "lawyer_id", "day"),)

    id: Mapped[RowId] = mapped_column(primary_key=True)
    lawyer_id: Mapped[int] = mapped_column(ForeignKey("lawyers.id", ondelete="CASCADE"))
    day: Mapped[date] = mapped_column(Date, comment="in Bishkek")
    starts: Mapped[int | None] = mapped_column(SmallInteger, comment="minutes after midnight")
    ends: Mapped[int | None] = mapped_column(SmallInteger, comment="minutes after midnight")


class ConsultationState(StrEnum):
    """Where an appointment stands."""

    HELD = "held"  # chosen in an unfinished booking, until `held_until`
    BOOKED = "booked"
    CANCELLED = "cancelled"
    DONE = "done"
    NO_SHOW = "no-show"


class Consultation(Base):
    """An appointment in a lawyer's slot.

    The unique index, not a look beforehand, decides who has a slot. A lawyer who declines leaves the
    hour as a wish: `lawyer_id` is empty until another lawyer accepts the case.
    """

    __tablename__ = "consultations"
    __table_args__ = (
        Index(
            "uq_consultations_slot",
            "lawyer_id",
            "starts_at",
            unique=True,
            sqlite_where=OCCUPIES,
            postgresql_where=OCCUPIES,
        ),
        Index(
            "uq_consultations_case",
            "case_id",
            unique=True,
            sqlite_where=LIVE,
            postgresql_where=LIVE,
        ),
        Index("ix_consultations_starts_at", "starts_at"),
    )

    id: Mapped[RowId] = mapped_column(primary_key=True)
    case_id: Mapped[int | None] = mapped_column(
        ForeignKey("cases.id", ondelete="CASCADE"), comment="empty while it is only held"
    )
    lawyer_id: Mapped[int | None] = mapped_column(ForeignKey("lawyers.id"))
    chat_id: Mapped[int] = mapped_column(BigInteger, index=True, comment="of the citizen")
    starts_at: Mapped[UtcTime]
    ends_at: Mapped[UtcTime]
    way: Mapped[Way] = mapped_column(choice(Way))
    state: Mapped[ConsultationState] = mapped_column(choice(ConsultationState))
    held_until: Mapped[UtcTime | None]
    confirmed_at: Mapped[UtcTime | None] = mapped_column(comment="the citizen said they will come")
    day_reminder_at: Mapped[UtcTime | None] = mapped_column(comment="when it was written")
    hours_reminder_at: Mapped[UtcTime | None] = mapped_column(comment="when it was written")
    unreachable_at: Mapped[UtcTime | None] = mapped_column(
        comment="when the lawyer was told that the citizen has blocked the bot"
    )
    asked_at: Mapped[UtcTime | None] = mapped_column(
        comment="when the lawyer was asked whether it took place"
    )
    created_at: Mapped[UtcTime]
    settled_at: Mapped[UtcTime | None] = mapped_column(comment="cancelled, done or missed")
    cancelled_by_lawyer: Mapped[bool] = mapped_column(default=False)


class WaitingWish(Base):
    """A case whose citizen wants a sooner slot, or any at all."""

    __tablename__ = "waiting_wishes"

    case_id: Mapped[int] = mapped_column(
        ForeignKey("cases.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    wished_at: Mapped[UtcTime]
    offered_id: Mapped[int | None] = mapped_column(
        ForeignKey("consultations.id", ondelete="SET NULL"), comment="the slot held for them"
    )
