"""What curators changed in the knowledge base from their chats, and what they propose."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base, RowId, UtcTime, choice
from storage.sealed import SealedJson, SealedText


class ChangeKind(StrEnum):
    """What was changed."""

    PHRASING = "phrasing"
    UNLEARNED = "unlearned"
    CORRECTION = "correction"
    REVIEW = "review"
    WITHDRAWN = "withdrawn"
    RESTORED = "restored"


class KnowledgeChange(Base):
    """One change to what the files say. Rows are only added: together they are what holds now."""

    __tablename__ = "knowledge_changes"

    id: Mapped[RowId] = mapped_column(primary_key=True)
    kind: Mapped[ChangeKind] = mapped_column(choice(ChangeKind))
    article: Mapped[str] = mapped_column(String(80))
    content: Mapped[Any] = mapped_column(SealedJson, comment="by kind; see services.curation")
    made_by: Mapped[int] = mapped_column(BigInteger, comment="chat id of the curator")
    made_at: Mapped[UtcTime]


class ProposalState(StrEnum):
    """What became of a proposed correction."""

    OPEN = "open"
    APPROVED = "approved"
    REJECTED = "rejected"


class Proposal(Base):
    """A correction that waits for a second curator."""

    __tablename__ = "proposals"
    __table_args__ = (Index("ix_proposals_article", "article", "state"),)

    id: Mapped[RowId] = mapped_column(primary_key=True)
    article: Mapped[str] = mapped_column(String(80))
    content: Mapped[Any] = mapped_column(SealedJson, comment="the part, before and after")
    state: Mapped[ProposalState] = mapped_column(choice(ProposalState), default=ProposalState.OPEN)
    proposed_by: Mapped[int] = mapped_column(BigInteger, comment="chat id")
    proposer: Mapped[str] = mapped_column(SealedText, comment="their name, as curators see it")
    proposed_at: Mapped[UtcTime]
    decided_by: Mapped[int | None] = mapped_column(BigInteger)
    decided_at: Mapped[UtcTime | None]
