"""Events as citizens see them: what is to come, one of them, a person's own, and when to remind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from services import registrations, reminders
from services.hours import decent
from services.reminders import AHEAD
from storage.events import Event, EventState, Registration, RegistrationState
from storage.people import Person

MOST_AT_ONCE = 100  # reminders in one look at the clock
NAMES_KEPT = timedelta(days=365)  # of guests, after an event
LOOKED_BACK = timedelta(days=30)  # a purge that was missed is made up for


@dataclass(frozen=True, slots=True)
class Guest:
    """A registration, or a place in the queue, with its event."""

    registration: Registration
    event: Event

    @property
    def waits(self) -> bool:
        """Whether they have no seat yet."""
        return self.registration.state is RegistrationState.WAITING


async def get(session: AsyncSession, event_id: int) -> Event | None:
    """An event that citizens may see, cancelled ones as well; None for drafts and what isn't there."""
    event = await session.get(Event, event_id)
    return None if event is None or event.state is EventState.DRAFT else event


async def upcoming(
    session: AsyncSession, person: Person, now: datetime, *, page: int, size: int
) -> tuple[Sequence[Event], int]:
    """A page of the events to come, those of a person first, then the soonest; and how many there are."""
    to_come = (Event.state == EventState.OPEN, Event.ends_at > now)
    mine = select(Registration.event_id).where(
        Registration.person_id == person.id, Registration.state != RegistrationState.CANCELLED
    )
    number = await session.scalar(select(func.count(Event.id)).where(*to_come)) or 0
    first = min(page, max(0, number - 1) // size) * size
    found = await session.scalars(
        select(Event)
        .where(*to_come)
        .order_by(Event.id.in_(mine).desc(), Event.starts_at, Event.id)
        .offset(first)
        .limit(size)
    )
    return found.all(), number


async def of_person(session: AsyncSession, person: Person, now: datetime) -> list[Guest]:
    """The events to come at which a person has a seat or waits for one, the soonest first."""
    return [
        one
        for one in await all_of_person(session, person)
        if one.registration.state is not RegistrationState.CANCELLED
        and one.event.state is EventState.OPEN
        and one.event.ends_at > now
    ]


async def all_of_person(session: AsyncSession, person: Person) -> list[Guest]:
    """All registrations of a person, those given back too, by when the event takes place."""
    rows = await session.execute(
        select(Registration, Event)
        .join(Event, Event.id == Registration.event_id)
        .where(Registration.person_id == person.id)
        .order_by(Event.starts_at, Registration.id)
    )
    return [Guest(registration, event) for registration, event in rows]


async def forget(session: AsyncSession, person: Person, now: datetime) -> list[Registration]:
    """Delete a person's registrations; return who moved up for places at events to come."""
    moved: list[Registration] = []
    for one in await of_person(session, person, now):
        _, up = await registrations.cancel(session, one.event.id, person.id, now)
        moved += up
    await session.execute(delete(Registration).where(Registration.person_id == person.id))
    return moved


# --- reminders ----------------------------------------------------------------------------------


async def due_reminders(session: AsyncSession, now: datetime) -> list[tuple[Guest, Person]]:
    """Whom to remind of an event now, each marked so that they are told but once a time.

    A day and two hours before, never at night. Who registered, or got a seat, after a reminder was due
    needs none; an event that was put off is reminded of anew.
    """
    if decent(now) != now:
        return []
    soon = await session.scalars(
        select(Event).where(
            Event.state == EventState.OPEN,
            Event.starts_at > now,
            Event.starts_at <= now + timedelta(days=2),
        )
    )
    due: list[tuple[Guest, Person]] = []
    for event in soon.all():
        moments = [reminders.moment(event.starts_at, kind) for kind in AHEAD]
        passed = [at for at in moments if at <= now]
        if passed and len(due) < MOST_AT_ONCE:
            due += await _not_reminded(session, event, max(passed), now, MOST_AT_ONCE - len(due))
    return due


async def _not_reminded(
    session: AsyncSession, event: Event, since: datetime, now: datetime, most: int
) -> list[tuple[Guest, Person]]:
    """Guests who had a seat when a reminder became due and have not had it."""
    rows = await session.execute(
        select(Registration, Person)
        .join(Person, Person.id == Registration.person_id)
        .where(
            Registration.event_id == event.id,
            Registration.state == RegistrationState.REGISTERED,
            Registration.checked_in_at.is_(None),
            Registration.created_at < since,
            or_(Registration.moved_up_at.is_(None), Registration.moved_up_at < since),
            or_(Registration.reminded_at.is_(None), Registration.reminded_at < since),
        )
        .order_by(Registration.id)
        .limit(most)
        .with_for_update(of=Registration, skip_locked=True)
    )
    found = [(Guest(registration, event), person) for registration, person in rows]
    for guest, _ in found:
        guest.registration.reminded_at = now
    return found


# --- deleting -----------------------------------------------------------------------------------


async def purge(session: AsyncSession, now: datetime) -> None:
    """Empty what guests said of themselves, a year after an event; that they came stays for the figures."""
    last = now - NAMES_KEPT
    over = select(Event.id).where(Event.ends_at < last, Event.ends_at > last - LOOKED_BACK)
    held = await session.scalars(select(Registration).where(Registration.event_id.in_(over)))
    for one in held:
        if one.name or one.needs or one.answers:
            one.name, one.needs, one.answers = "", [], []
    await session.flush()
