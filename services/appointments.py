"""What appointments need somebody's word: those that are over, those whose citizen can't be reached."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from services import cases
from storage.calendars import Consultation, ConsultationState
from storage.cases import Case, CaseState
from storage.people import Person

ASKED_WITHIN = timedelta(days=7)  # after that nobody remembers
MOST_AT_ONCE = 100


async def get(session: AsyncSession, consultation_id: int) -> tuple[Consultation, Case] | None:
    """An appointment that belongs to a case, and the case, as they stand until the commit."""
    case_id = await session.scalar(
        select(Consultation.case_id).where(Consultation.id == consultation_id)
    )
    if case_id is None or (case := await held_case(session, case_id)) is None:
        return None
    found = await session.get(Consultation, consultation_id, populate_existing=True)
    return (found, case) if found is not None and found.case_id == case_id else None


async def held_case(session: AsyncSession, case_id: int) -> Case | None:
    """A case; nobody else changes it or its appointments until the commit."""
    case = await cases.get(session, case_id)
    return await cases.lock(session, case) if case is not None else None


async def ended(session: AsyncSession, now: datetime) -> list[tuple[Consultation, Case]]:
    """Appointments that are over and not settled, each marked so that its lawyer is asked but once."""
    found = await _with_lawyers(
        session,
        Consultation.asked_at.is_(None),
        Consultation.ends_at <= now,
        Consultation.ends_at > now - ASKED_WITHIN,
    )
    for consultation, _ in found:
        consultation.asked_at = now
    return found


async def unreachable(session: AsyncSession, now: datetime) -> list[tuple[Consultation, Case]]:
    """Coming appointments whose citizen has blocked the bot, each marked so that it is told but once.

    Who has come back meanwhile, and blocks it again, is told of again.
    """
    blocked = select(Person.chat_id).where(Person.blocked_at.is_not(None))
    await session.execute(
        update(Consultation)
        .where(
            Consultation.state == ConsultationState.BOOKED,
            Consultation.unreachable_at.is_not(None),
            Consultation.chat_id.not_in(blocked),
        )
        .values(unreachable_at=None)
    )
    found = await _with_lawyers(
        session,
        Consultation.unreachable_at.is_(None),
        Consultation.starts_at > now,
        Consultation.chat_id.in_(blocked),
    )
    for consultation, _ in found:
        consultation.unreachable_at = now
    return found


async def _with_lawyers(
    session: AsyncSession, *fits: ColumnElement[bool]
) -> list[tuple[Consultation, Case]]:
    """Appointments with the lawyer who works on the case, soonest first, some at once."""
    rows = await session.execute(
        select(Consultation, Case)
        .join(Case, Case.id == Consultation.case_id)
        .where(
            Consultation.state == ConsultationState.BOOKED,
            Case.state == CaseState.IN_WORK,
            Case.lawyer_id == Consultation.lawyer_id,
            *fits,
        )
        .order_by(Consultation.starts_at)
        .limit(MOST_AT_ONCE)
    )
    return [(consultation, case) for consultation, case in rows]


def confirm(consultation: Consultation, now: datetime) -> None:
    """The citizen will come."""
    consultation.confirmed_at = consultation.confirmed_at or now
