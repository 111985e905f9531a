"""What stands beside a case: its history and audit trail, the notes of those who work on it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.cases import Case, CaseEvent, CaseNote

LONGEST_NOTE = 1000  # characters


async def history(session: AsyncSession, case: Case) -> Sequence[CaseEvent]:
    """All that happened to a case and who looked into it, the oldest first."""
    lines = select(CaseEvent).where(CaseEvent.case_id == case.id).order_by(CaseEvent.id)
    return (await session.scalars(lines)).all()


def add_note(session: AsyncSession, case: Case, text: str, *, by: int, now: datetime) -> None:
    """Keep a note that citizens never see; `by` is a chat id."""
    session.add(CaseNote(case_id=case.id, by=by, text=text[:LONGEST_NOTE], at=now))


async def notes(session: AsyncSession, case: Case) -> Sequence[CaseNote]:
    """The notes on a case, the oldest first."""
    kept = select(CaseNote).where(CaseNote.case_id == case.id).order_by(CaseNote.id)
    return (await session.scalars(kept)).all()
