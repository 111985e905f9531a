"""What of a lawyer's cases is due today, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from locales import HERE
from services import cases
from storage.calendars import Consultation, ConsultationState
from storage.cases import Case
from storage.partners import Lawyer
from storage.relay import RelayedMessage


class Why(StrEnum):
    """Why a case is due."""

    LATE = "late"  # the clock has run out
    REPLY = "reply"  # the citizen wrote last
    APPOINTMENT = "appointment"  # today, or over without a word on how it went
    DEADLINE = "deadline"  # of a court or an authority, near
    CLOCK = "clock"  # runs out today


@dataclass(frozen=True, slots=True)
class Due:
    """A case with what is due in it."""

    case: Case
    why: tuple[Why, ...]
    appointment: datetime | None  # when it begins, if one is booked


async def of_lawyer(session: AsyncSession, lawyer: Lawyer, now: datetime) -> list[Due]:
    """A lawyer's open cases: what is due today first, then by urgency and clock."""
    theirs = await cases.of_lawyer(session, lawyer)
    ids = [case.id for case in theirs]
    appointments = await _appointments(session, ids)
    waiting = await _waiting_for_reply(session, ids, lawyer)
    listed = [
        Due(case, _why(case, appointments.get(case.id), case.id in waiting, now), at)
        for case in theirs
        for at in [appointments.get(case.id)]
    ]
    return sorted(listed, key=lambda one: (not one.why, one.case.urgency, one.case.clock_at))


def _why(case: Case, appointment: datetime | None, waits: bool, now: datetime) -> tuple[Why, ...]:
    here = now.astimezone(HERE)
    tomorrow = datetime.combine(here.date() + timedelta(days=1), time(), HERE)
    late = case.clock_at is not None and case.clock_at <= now
    holds = {
        Why.LATE: late,
        Why.REPLY: waits,
        Why.APPOINTMENT: appointment is not None and appointment < tomorrow,
        Why.DEADLINE: cases.is_near(case.deadline, now),
        Why.CLOCK: not late and case.clock_at is not None and case.clock_at < tomorrow,
    }
    return tuple(one for one in Why if holds[one])


async def _appointments(session: AsyncSession, ids: Sequence[int]) -> dict[int, datetime]:
    """When the booked appointments of cases begin, by case."""
    found = await session.execute(
        select(Consultation.case_id, Consultation.starts_at).where(
            Consultation.case_id.in_(ids), Consultation.state == ConsultationState.BOOKED
        )
    )
    return {case_id: starts_at for case_id, starts_at in found if case_id is not None}


async def _waiting_for_reply(session: AsyncSession, ids: Sequence[int], lawyer: Lawyer) -> set[int]:
    """The cases in which the citizen wrote last."""
    latest = (
        select(func.max(RelayedMessage.id))
        .where(RelayedMessage.case_id.in_(ids), RelayedMessage.taken_back_at.is_(None))
        .group_by(RelayedMessage.case_id)
    )
    found = await session.scalars(
        select(RelayedMessage.case_id).where(
            RelayedMessage.id.in_(latest), RelayedMessage.from_chat_id != lawyer.chat_id
        )
    )
    return set(found)
