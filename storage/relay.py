"""The map of messages between citizen and lawyer: whose copy is whose original."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base, RowId, UtcTime
from storage.sealed import SealedJson, SealedText

KEPT = text("posted_id IS NULL AND taken_back_at IS NULL")


class RelayedMessage(Base):
    """A message of one side and its copy at the other.

    The message itself stays with Telegram. Words are held only of what the bot says for its sender in
    the receiver's language. While the receiver can't have it there is no copy: it is kept.
    """

    __tablename__ = "relayed_messages"
    __table_args__ = (
        Index("uq_relayed_messages_original", "from_chat_id", "from_message_id", unique=True),
        Index("ix_relayed_messages_posted_id", "posted_id"),
        Index("ix_relayed_messages_confirmed_id", "confirmed_id"),
        Index("ix_relayed_messages_kept", "id", sqlite_where=KEPT, postgresql_where=KEPT),
    )

    id: Mapped[RowId] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), index=True)
    from_chat_id: Mapped[int] = mapped_column(BigInteger)
    from_message_id: Mapped[int] = mapped_column(BigInteger)
    to_chat_id: Mapped[int | None] = mapped_column(BigInteger, comment="empty while it is kept")
    posted_id: Mapped[int | None] = mapped_column(
        ForeignKey("posted_messages.id", ondelete="CASCADE"),
        comment="the copy; empty while it is kept",
    )
    confirmed_id: Mapped[int | None] = mapped_column(
        ForeignKey("posted_messages.id", ondelete="SET NULL"),
        comment="the line that tells the sender what became of it",
    )
    reply_to_id: Mapped[int | None] = mapped_column(BigInteger, comment="of this map")
    album: Mapped[str | None] = mapped_column(String(64), comment="shared by its pictures")
    file: Mapped[str | None] = mapped_column(
        SealedText, comment="unique id: tells a new caption from another picture"
    )
    said: Mapped[Any | None] = mapped_column(
        SealedJson, comment="what the bot says for the sender: which text, with which details"
    )
    urgent: Mapped[bool] = mapped_column(default=False, comment="speaks of danger")
    announced: Mapped[bool] = mapped_column(
        default=False, comment="the receiver knows that something is kept for them"
    )
    taken_back_at: Mapped[UtcTime | None]
    sent_at: Mapped[UtcTime]


class CaseThread(Base):
    """The forum topic of a case in a lawyer's private chat, where Telegram gives the bot topics."""

    __tablename__ = "case_threads"

    case_id: Mapped[int] = mapped_column(
        ForeignKey("cases.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    chat_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    posted_id: Mapped[int] = mapped_column(ForeignKey("posted_messages.id", ondelete="CASCADE"))
