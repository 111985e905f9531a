"""People, the roles they hold, and the invitations to roles."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import BigInteger, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base, RowId, UtcTime, choice
from storage.sealed import SealedText

HELD = text("revoked_at IS NULL")


class Privacy(StrEnum):
    """What a person said to the privacy notice."""

    ACCEPTED = "accepted"
    DECLINED = "declined"


class Role(StrEnum):
    """What a person may do here; granted, never self-declared."""

    LAWYER = "lawyer"
    CAMPAIGNER = "campaigner"
    COORDINATOR = "coordinator"
    CURATOR = "curator"
    ADMIN = "admin"


class Person(Base):
    """One Telegram account that wrote to the bot. No name, no phone: those belong to a case."""

    __tablename__ = "people"

    id: Mapped[RowId] = mapped_column(primary_key=True)
    chat_id: Mapped[int] = mapped_column(
        BigInteger, unique=True, comment="Telegram's id of the person and of the private chat"
    )
    language: Mapped[str | None] = mapped_column(String(8), comment="empty until chosen")
    privacy: Mapped[Privacy | None] = mapped_column(choice(Privacy), comment="empty until answered")
    region: Mapped[str | None] = mapped_column(String(32))
    district: Mapped[str | None] = mapped_column(String(64))
    discreet: Mapped[bool] = mapped_column(
        default=False, comment="hid the conversation: a harmless menu until the next /start"
    )
    blocked_at: Mapped[UtcTime | None] = mapped_column(comment="when Telegram said 403")
    created_at: Mapped[UtcTime]


class Grant(Base):
    """A role that a person holds or held. A role taken back stays, as history."""

    __tablename__ = "grants"
    __table_args__ = (
        Index(
            "uq_grants_held",
            "person_id",
            "role",
            unique=True,
            sqlite_where=HELD,
            postgresql_where=HELD,
        ),
    )

    id: Mapped[RowId] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    role: Mapped[Role] = mapped_column(choice(Role))
    name: Mapped[str] = mapped_column(SealedText, comment="as staff see them in lists")
    granted_by: Mapped[int] = mapped_column(BigInteger, comment="chat id of who invited")
    granted_at: Mapped[UtcTime]
    revoked_by: Mapped[int | None] = mapped_column(BigInteger)
    revoked_at: Mapped[UtcTime | None]


class Invitation(Base):
    """A link that gives a role, or ties a group to a partner, once. Only the hash of its secret is kept."""

    __tablename__ = "invitations"

    id: Mapped[RowId] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    role: Mapped[Role | None] = mapped_column(choice(Role), comment="empty: a group's invitation")
    partner_id: Mapped[int | None] = mapped_column(
        ForeignKey("partners.id", ondelete="CASCADE"), comment="a lawyer's or a group's"
    )
    created_by: Mapped[int] = mapped_column(BigInteger)
    created_at: Mapped[UtcTime]
    expires_at: Mapped[UtcTime]
    used_at: Mapped[UtcTime | None]
    used_by: Mapped[int | None] = mapped_column(BigInteger)
