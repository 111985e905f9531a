"""What belongs to an offered case besides the rules: its messages in chats, its files, its citizen."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.cases import Case, CaseFile
from storage.people import Person
from storage.routing import Handoff
from storage.traffic import OutboxMessage, OutboxState, PostedMessage


async def get(session: AsyncSession, handoff_id: int) -> Handoff | None:
    """A handoff by its id, as it stands now."""
    return await session.get(Handoff, handoff_id, populate_existing=True)


async def files_of(session: AsyncSession, case: Case) -> Sequence[CaseFile]:
    """The photos, voice messages and documents of a case's story, in their order."""
    theirs = select(CaseFile).where(CaseFile.case_id == case.id).order_by(CaseFile.id)
    return (await session.scalars(theirs)).all()


async def citizen_of(session: AsyncSession, case: Case) -> Person | None:
    """Who brought a case; None once they had everything deleted."""
    return await session.get(Person, case.person_id) if case.person_id else None


async def cards(session: AsyncSession, handoff_id: int) -> Sequence[PostedMessage]:
    """The messages about a handoff that may stand in chats: cards, and stories that were read."""
    return await _standing(session, PostedMessage.handoff_id == handoff_id)


async def coordinators_cards(session: AsyncSession, case_id: int) -> Sequence[PostedMessage]:
    """The messages that ask the coordinators where a case is to go."""
    return await _standing(session, PostedMessage.case_id == case_id)


async def _standing(session: AsyncSession, of: ColumnElement[bool]) -> Sequence[PostedMessage]:
    there = PostedMessage.state.in_([OutboxState.QUEUED, OutboxState.SENT])
    found = select(PostedMessage).where(of, there).order_by(PostedMessage.id)
    return (await session.scalars(found.execution_options(populate_existing=True))).all()


async def unsent(session: AsyncSession, posted: PostedMessage, now: datetime) -> bool:
    """Take a message back that still waits for its hour; True if it will never be seen."""
    if posted.state is not OutboxState.QUEUED:
        return False
    waits = (
        OutboxMessage.chat_id == posted.chat_id,
        OutboxMessage.posted_id == posted.id,
        OutboxMessage.state == OutboxState.QUEUED,
    )
    due_at = await session.scalar(select(OutboxMessage.due_at).where(*waits))
    if due_at is not None and due_at <= now:
        return False  # it may be on its way at this moment
    await session.execute(delete(OutboxMessage).where(*waits))
    posted.state = OutboxState.FAILED
    return True
