"""Which partner gets which case, and what was offered to whom."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, SmallInteger, String, text
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base, Rank, RowId, UtcTime, choice
from storage.cases import Urgency
from storage.partners import Way
from storage.sealed import SealedJson, SealedText

OPEN = text("state = 'open'")


class RoutingRule(Base):
    """Cases like this go to that partner. What is empty fits every case; the lowest position is first."""

    __tablename__ = "routing_rules"

    id: Mapped[RowId] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(SmallInteger)
    partner_id: Mapped[int] = mapped_column(ForeignKey("partners.id"), index=True)
    topic: Mapped[str | None] = mapped_column(String(32))
    region: Mapped[str | None] = mapped_column(String(32))
    district: Mapped[str | None] = mapped_column(String(64))
    language: Mapped[str | None] = mapped_column(String(8))
    way: Mapped[Way | None] = mapped_column(choice(Way))
    urgency: Mapped[Urgency | None] = mapped_column(Rank(Urgency))
    weekly_most: Mapped[int | None] = mapped_column(
        SmallInteger, comment="cases a week by this rule, from Monday; empty: no limit"
    )


class HandoffState(StrEnum):
    """What became of an offered case."""

    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    EXPIRED = "expired"
    HANDED_BACK = "handed back"  # accepted first; then the lawyer could not go on
    WITHDRAWN = "withdrawn"  # the citizen or the coordinator took it back


class Handoff(Base):
    """A case offered to a partner, and within it to the lawyer with the least to do."""

    __tablename__ = "handoffs"
    __table_args__ = (
        Index(
            "uq_handoffs_open",
            "case_id",
            unique=True,
            sqlite_where=OPEN,
            postgresql_where=OPEN,
        ),
        Index("ix_handoffs_deadline", "state", "deadline_at"),
        Index("ix_handoffs_rule", "rule_id", "offered_at"),
    )

    id: Mapped[RowId] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), index=True)
    partner_id: Mapped[int] = mapped_column(ForeignKey("partners.id"))
    lawyer_id: Mapped[int | None] = mapped_column(
        ForeignKey("lawyers.id"), comment="whom it is offered to in private"
    )
    rule_id: Mapped[int | None] = mapped_column(
        ForeignKey("routing_rules.id", ondelete="SET NULL"), comment="empty: by the coordinator"
    )
    state: Mapped[HandoffState] = mapped_column(choice(HandoffState))
    reasons: Mapped[Any] = mapped_column(SealedJson, comment="why here; see services.routing")
    offered_at: Mapped[UtcTime]
    deadline_at: Mapped[UtcTime]
    settled_at: Mapped[UtcTime | None]
    settled_by: Mapped[int | None] = mapped_column(BigInteger, comment="chat id")
    why: Mapped[str | None] = mapped_column(SealedText, comment="of declining")


class ConflictState(StrEnum):
    """What the coordinator made of a likely conflict of interest."""

    OPEN = "open"
    OVERRULED = "overruled"


class Conflict(Base):
    """A likely conflict of interest of a partner in a case; only coordinators see it."""

    __tablename__ = "conflicts"
    __table_args__ = (Index("uq_conflicts_pair", "case_id", "partner_id", unique=True),)

    id: Mapped[RowId] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"))
    partner_id: Mapped[int] = mapped_column(ForeignKey("partners.id"))
    likeness: Mapped[int] = mapped_column(SmallInteger, comment="0 to 100")
    state: Mapped[ConflictState] = mapped_column(choice(ConflictState))
    why: Mapped[str | None] = mapped_column(SealedText, comment="of overruling")
    decided_by: Mapped[int | None] = mapped_column(BigInteger, comment="chat id")
    found_at: Mapped[UtcTime]
