"""Where a person stands in a conversation of several steps."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base, UtcTime
from storage.sealed import SealedJson


class Dialog(Base):
    """One unfinished conversation a chat. A row, not memory: any replica can go on with it."""

    __tablename__ = "dialogs"

    chat_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    name: Mapped[str] = mapped_column(String(32), comment="which conversation")
    step: Mapped[str] = mapped_column(String(32), comment="which question is open")
    data: Mapped[Any] = mapped_column(SealedJson, comment="what was answered so far")
    updated_at: Mapped[UtcTime]
