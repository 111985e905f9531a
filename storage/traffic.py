"""What comes from Telegram and what goes there: the inbox and the outbox."""

from __future__ import annotations

from enum import IntEnum, StrEnum
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, SmallInteger, String, text
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base, RowId, UtcTime, choice
from storage.sealed import SealedBytes, SealedJson

PENDING = text("state = 'pending'")
QUEUED = text("state = 'queued'")
UNTOLD = text("state IN ('blocked', 'failed') AND told_at IS NULL")


class InboxState(StrEnum):
    """Where an update stands."""

    PENDING = "pending"
    DONE = "done"
    SET_ASIDE = "set aside"


class InboxUpdate(Base):
    """One update of Telegram, written down before Telegram is told that we have it.

    Each id is a row of its own, so that an update that arrives late or twice is told apart.
    The payload is emptied once the update is done with.
    """

    __tablename__ = "inbox"
    __table_args__ = (
        Index(
            "ix_inbox_pending",
            "chat_id",
            "update_id",
            sqlite_where=PENDING,
            postgresql_where=PENDING,
        ),
        Index("ix_inbox_chat_id", "chat_id"),
        Index("ix_inbox_received_at", "received_at"),
    )

    update_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    chat_id: Mapped[int] = mapped_column(BigInteger, comment="one update at a time for each")
    message_id: Mapped[int | None] = mapped_column(
        BigInteger, comment="of the person's message, so that it can be hidden for 48 hours"
    )
    state: Mapped[InboxState] = mapped_column(choice(InboxState))
    payload: Mapped[bytes | None] = mapped_column(SealedBytes)
    owner: Mapped[int] = mapped_column(BigInteger, comment="the replica that is to handle it")
    attempts: Mapped[int] = mapped_column(SmallInteger, default=0)
    reason: Mapped[str | None] = mapped_column(
        String(200), comment="kind and place of the error, never its words"
    )
    received_at: Mapped[UtcTime]


class OutboxState(StrEnum):
    """Where a message to Telegram stands."""

    QUEUED = "queued"
    SENT = "sent"
    BLOCKED = "blocked"
    FAILED = "failed"


class Priority(IntEnum):
    """Who goes first."""

    REPLY = 0
    CASE = 1
    REMINDER = 2
    ANNOUNCEMENT = 3


class OutboxMessage(Base):
    """One call of the Bot API that a change caused, written in the transaction of the change.

    The parameters are emptied once it is sent; the message's id stays 48 hours, so that it can be hidden.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        Index(
            "ix_outbox_queued",
            "priority",
            "id",
            sqlite_where=QUEUED,
            postgresql_where=QUEUED,
        ),
        Index("ix_outbox_chat_id", "chat_id"),
        Index("ix_outbox_created_at", "created_at"),
    )

    id: Mapped[RowId] = mapped_column(primary_key=True)
    chat_id: Mapped[int] = mapped_column(BigInteger)
    priority: Mapped[Priority] = mapped_column(SmallInteger)
    method: Mapped[str] = mapped_column(String(64), comment="of the Bot API")
    params: Mapped[Any | None] = mapped_column(SealedJson)
    state: Mapped[OutboxState] = mapped_column(choice(OutboxState))
    owner: Mapped[int] = mapped_column(BigInteger, comment="the replica that is to send it")
    due_at: Mapped[UtcTime]
    posted_id: Mapped[int | None] = mapped_column(
        BigInteger, comment="of posted_messages, which is told the message's id"
    )
    delivery_id: Mapped[int | None] = mapped_column(
        BigInteger, comment="of deliveries, which is told what became of it"
    )
    message_id: Mapped[int | None] = mapped_column(BigInteger, comment="Telegram's, once sent")
    reason: Mapped[str | None] = mapped_column(String(200))
    created_at: Mapped[UtcTime]


class PostedMessage(Base):
    """Where a message of ours stands in Telegram, for as long as it may be changed or answered.

    It is made with the outbox row that sends the message, and learns the id when that has left. A call
    names it in its parameters before (`handlers.context.posted`), for instance to edit a card.
    """

    __tablename__ = "posted_messages"
    __table_args__ = (
        Index("ix_posted_messages_message_id", "chat_id", "message_id"),
        Index("ix_posted_messages_untold", "id", sqlite_where=UNTOLD, postgresql_where=UNTOLD),
    )

    id: Mapped[RowId] = mapped_column(primary_key=True)
    chat_id: Mapped[int] = mapped_column(BigInteger)
    state: Mapped[OutboxState] = mapped_column(choice(OutboxState))
    message_id: Mapped[int | None] = mapped_column(
        BigInteger, comment="Telegram's, once sent; of createForumTopic the thread's"
    )
    handoff_id: Mapped[int | None] = mapped_column(
        ForeignKey("handoffs.id", ondelete="CASCADE"), index=True, comment="whose card it is"
    )
    tells_story: Mapped[bool] = mapped_column(
        default=False, comment="read before accepting: goes when the handoff is settled"
    )
    case_id: Mapped[int | None] = mapped_column(
        ForeignKey("cases.id", ondelete="CASCADE"),
        index=True,
        comment="of which it is a coordinator's card",
    )
    told_at: Mapped[UtcTime | None] = mapped_column(comment="when the sender heard it was blocked")


class Replica(Base):
    """A running process. It holds an advisory lock on its number, so that others see when it is gone."""

    __tablename__ = "replicas"

    id: Mapped[RowId] = mapped_column(primary_key=True)
    started_at: Mapped[UtcTime]
