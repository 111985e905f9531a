"""What citizens want to hear of, what they refuse, and the communities and networks they follow."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import BigInteger, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base, RowId, UtcTime, choice


class Gathering(StrEnum):
    """What a community is held together by."""

    MUNICIPALITY = "municipality"  # with its learning lab
    NETWORK = "network"  # by a theme


class Community(Base):
    """A municipality with its learning lab, or a thematic network: to follow and to announce to."""

    __tablename__ = "communities"

    id: Mapped[RowId] = mapped_column(primary_key=True)
    gathering: Mapped[Gathering] = mapped_column(choice(Gathering))
    name_ky: Mapped[str] = mapped_column(String(80))
    name_ru: Mapped[str] = mapped_column(String(80))
    region: Mapped[str | None] = mapped_column(String(32))
    district: Mapped[str | None] = mapped_column(String(64))
    chat_id: Mapped[int | None] = mapped_column(
        BigInteger, unique=True, comment="its group or channel, where the bot is a member"
    )
    created_at: Mapped[UtcTime]
    ended_at: Mapped[UtcTime | None]


class Followed(StrEnum):
    """What can be followed."""

    TOPIC = "topic"
    COMMUNITY = "community"


class Follow(Base):
    """Somebody follows a topic (by its id) or a community (by its number)."""

    __tablename__ = "follows"
    __table_args__ = (Index("ix_follows_what", "followed", "which"),)

    person_id: Mapped[int] = mapped_column(
        ForeignKey("people.id", ondelete="CASCADE"), primary_key=True
    )
    followed: Mapped[Followed] = mapped_column(choice(Followed), primary_key=True)
    which: Mapped[str] = mapped_column(String(32), primary_key=True)
    since: Mapped[UtcTime]


class OptOut(Base):
    """Somebody wants no announcements of a kind; the kind `all` refuses every one."""

    __tablename__ = "opt_outs"

    person_id: Mapped[int] = mapped_column(
        ForeignKey("people.id", ondelete="CASCADE"), primary_key=True
    )
    kind: Mapped[str] = mapped_column(String(16), primary_key=True)
    since: Mapped[UtcTime]
