"""A lawyer gives a case back that they had accepted."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from services import cases
from storage.cases import Case, EventKind
from storage.partners import Lawyer
from storage.routing import Handoff, HandoffState


async def hand_back(
    session: AsyncSession, case: Case, lawyer: Lawyer, why: str, now: datetime
) -> None:
    """Note why a lawyer can't go on with a case, so that routing asks others.

    The caller has it routed anew in the same transaction: until then it is still theirs.
    """
    await session.execute(
        update(Handoff)
        .where(
            Handoff.case_id == case.id,
            Handoff.lawyer_id == lawyer.id,
            Handoff.state == HandoffState.ACCEPTED,
        )
        .values(state=HandoffState.HANDED_BACK, why=why)
    )
    if lawyer.current_case_id == case.id:
        lawyer.current_case_id = None  # what they write next is for nobody in this case
    cases.note(session, case, EventKind.DECLINED, by=lawyer.chat_id, now=now, why=why)
