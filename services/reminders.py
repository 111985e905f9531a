"""When citizens are reminded of their appointments: a day before and two hours before, never at night."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import Literal

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from locales import HERE
from services.hours import decent
from services.safe_hours import Window, window
from storage.calendars import Consultation, ConsultationState
from storage.cases import Case, CaseState

Kind = Literal["day", "hours"]
AHEAD: dict[Kind, timedelta] = {"day": timedelta(days=1), "hours": timedelta(hours=2)}
LATE_EVENING = time(20)  # when what would fall into the night goes out
ENOUGH = timedelta(minutes=45)  # before an appointment, to get there
# A day before, and back to the last safe hours: of the weekend for an appointment on a Friday.
EARLIEST = timedelta(days=8)
MOST_AT_ONCE = 100


def moment(starts_at: datetime, kind: Kind, safe: Window | None = None) -> datetime:
    """When to remind of an appointment; within the citizen's safe hours, rather earlier than planned.

    A moment at night waits for the morning if that is early enough before the appointment; if not it
    goes out in the evening before.
    """
    wanted = starts_at - AHEAD[kind]
    if safe is not None:
        return safe.before(wanted)
    morning = decent(wanted)
    if morning <= max(wanted, starts_at - ENOUGH):
        return morning
    here = wanted.astimezone(HERE)
    evening = datetime.combine(here.date(), LATE_EVENING, HERE)
    return evening if evening <= here else evening - timedelta(days=1)


def spare_past(consultation: Consultation, now: datetime) -> None:
    """Whoever is told of an appointment now needs no reminder that was due already."""
    if moment(consultation.starts_at, "day") <= now:
        consultation.day_reminder_at = now
    if moment(consultation.starts_at, "hours") <= now:
        consultation.hours_reminder_at = now


async def due_reminders(session: AsyncSession, now: datetime) -> list[tuple[Consultation, Kind]]:
    """The appointments to be reminded of now, each marked so that it comes but once.

    Only accepted cases: who has no lawyer yet is not told to come.
    """
    rows = await session.execute(
        select(Consultation, Case.safe_hours)
        .join(Case, Case.id == Consultation.case_id)
        .where(
            Consultation.state == ConsultationState.BOOKED,
            Consultation.lawyer_id == Case.lawyer_id,
            Case.state == CaseState.IN_WORK,
            Consultation.starts_at > now,
            Consultation.starts_at <= now + EARLIEST,
            or_(Consultation.day_reminder_at.is_(None), Consultation.hours_reminder_at.is_(None)),
        )
        .order_by(Consultation.starts_at)
        .with_for_update(of=Consultation, skip_locked=True)
    )
    due = [(one, kind) for one, said in rows for kind in _take(one, window(said), now)]
    return due[:MOST_AT_ONCE]


def _take(consultation: Consultation, safe: Window | None, now: datetime) -> Iterator[Kind]:
    """The reminder that is due; of two the nearer one. None at night, or outside the safe hours."""
    if now not in safe if safe is not None else decent(now) != now:
        return
    day, hours = (moment(consultation.starts_at, kind, safe) <= now for kind in AHEAD)
    if hours and consultation.hours_reminder_at is None:
        consultation.hours_reminder_at = now
        consultation.day_reminder_at = consultation.day_reminder_at or now
        yield "hours"
    elif day and consultation.day_reminder_at is None:
        consultation.day_reminder_at = now
        yield "day"
