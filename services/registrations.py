"""Registering for an event: seats, the queue behind them, the ticket, the door.

Seats are counted in pools: those set aside for a region, and what is left for everybody else. Within a pool
the queue is strict: whoever came first moves up first, and a smaller party overtakes nobody.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from services.refusals import Refusal
from storage.events import Event, EventState, RegionSeats, Registration, RegistrationState

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # without letters and digits that look alike
CODE_LENGTH = 8
BEST_RATING = 5


class RegistrationOver(Refusal):
    """The event is cancelled, over, or its time to register is."""

    message = "One can no longer register for this event."


class PartyTooLarge(Refusal):
    """More people than there ever are seats for."""

    message = "There aren't that many seats. Please come with fewer people."


class NoTicket(Refusal):
    """No ticket has this code, or it was given back."""

    message = "There is no valid ticket with this code."


class StillWaiting(Refusal):
    """At the door: their place in the queue has not been reached."""

    message = "This person is on the waiting list and has no seat yet."


@dataclass(frozen=True, slots=True)
class Told:
    """What a guest says when registering."""

    name: str
    region: str | None = None
    companions: int = 0
    needs: tuple[str, ...] = ()
    answers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Seats:
    """The pools of an event: how many seats each has (None: no limit), how many are taken."""

    of: dict[str | None, int | None]
    taken: dict[str | None, int]

    def pool(self, region: str | None) -> str | None:
        """Whose seats somebody of a region takes."""
        return region if region in self.of else None

    def left(self, region: str | None) -> int | None:
        """Seats that are free for a region; None where there is no limit."""
        pool = self.pool(region)
        most = self.of[pool]
        return None if most is None else max(0, most - self.taken.get(pool, 0))

    def fits(self, guest: Registration) -> bool:
        """Tell whether a guest and their companions find seats."""
        left = self.left(guest.region)
        return left is None or party(guest) <= left

    def take(self, guest: Registration) -> None:
        """Count a guest in."""
        pool = self.pool(guest.region)
        self.taken[pool] = self.taken.get(pool, 0) + party(guest)


def party(guest: Registration) -> int:
    """How many seats a guest needs."""
    return 1 + guest.companions


async def lock(session: AsyncSession, event_id: int) -> Event:
    """Take an event for oneself until the end of the transaction: seats are given one after another."""
    found = await session.execute(
        select(Event)
        .where(Event.id == event_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return found.scalar_one()


async def seats(session: AsyncSession, event: Event) -> Seats:
    """Count an event's seats, pool by pool."""
    regions = await session.execute(
        select(RegionSeats.region, RegionSeats.seats).where(RegionSeats.event_id == event.id)
    )
    set_aside: dict[str | None, int | None] = {row.region: row.seats for row in regions}
    rest = (
        None
        if event.seats is None
        else max(0, event.seats - sum(number or 0 for number in set_aside.values()))
    )
    counted = Seats({None: rest, **set_aside}, {})
    for region, number in await session.execute(
        select(Registration.region, func.sum(1 + Registration.companions))
        .where(
            Registration.event_id == event.id,
            Registration.state == RegistrationState.REGISTERED,
        )
        .group_by(Registration.region)
    ):
        pool = counted.pool(region)
        counted.taken[pool] = counted.taken.get(pool, 0) + int(number)
    return counted


def may_register(event: Event, now: datetime) -> bool:
    """Tell whether somebody can still register, or join the queue."""
    return event.state is EventState.OPEN and now < min(event.register_until, event.ends_at)


async def standing(session: AsyncSession, event_id: int, person_id: int) -> Registration | None:
    """A person's registration for an event, or their place in its queue."""
    found: Registration | None = await session.scalar(
        select(Registration).where(
            Registration.event_id == event_id,
            Registration.person_id == person_id,
            Registration.state != RegistrationState.CANCELLED,
        )
    )
    return found


async def register(
    session: AsyncSession, event_id: int, person_id: int, told: Told, now: datetime
) -> Registration:
    """Give a person seats, or a place in the queue; who has one keeps it.

    Raises:
        RegistrationOver: it is too late, or the event is cancelled.
        PartyTooLarge: their pool never had that many seats.
    """
    event = await lock(session, event_id)
    if not may_register(event, now):
        raise RegistrationOver
    already = await standing(session, event_id, person_id)
    if already is not None:
        return already
    guest = Registration(
        event_id=event_id,
        person_id=person_id,
        name=told.name,
        region=told.region,
        companions=told.companions,
        needs=list(told.needs),
        answers=list(told.answers),
        code="".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH)),
        created_at=now,
    )
    counted = await seats(session, event)
    most = counted.of[counted.pool(guest.region)]
    if most is not None and party(guest) > most:
        raise PartyTooLarge
    queue = await _queue(session, event_id)
    pools = {counted.pool(waiting.region) for waiting in queue}
    free = counted.pool(guest.region) not in pools and counted.fits(guest)
    guest.state = RegistrationState.REGISTERED if free else RegistrationState.WAITING
    session.add(guest)
    await session.flush()
    return guest


async def _queue(session: AsyncSession, event_id: int) -> list[Registration]:
    """Who waits, the first first."""
    found = await session.scalars(
        select(Registration)
        .where(
            Registration.event_id == event_id,
            Registration.state == RegistrationState.WAITING,
        )
        .order_by(Registration.id)
    )
    return list(found)


async def place(session: AsyncSession, guest: Registration) -> int:
    """A waiting guest's place in the queue of their pool; 1 is next."""
    event = await session.get_one(Event, guest.event_id)
    counted = await seats(session, event)
    mine = counted.pool(guest.region)
    queue = await _queue(session, guest.event_id)
    return sum(1 for one in queue if one.id <= guest.id and counted.pool(one.region) == mine)


async def move_up(session: AsyncSession, event: Event, now: datetime) -> list[Registration]:
    """Give free seats to the queue, in order; give back who got one. The event is locked by the caller."""
    if event.state is not EventState.OPEN or now >= event.ends_at:
        return []
    counted = await seats(session, event)
    moved: list[Registration] = []
    blocked: set[str | None] = set()
    for guest in await _queue(session, event.id):
        pool = counted.pool(guest.region)
        if pool in blocked:
            continue
        if not counted.fits(guest):
            blocked.add(pool)  # nobody overtakes
            continue
        guest.state, guest.moved_up_at = RegistrationState.REGISTERED, now
        counted.take(guest)
        moved.append(guest)
    await session.flush()
    return moved


async def cancel(
    session: AsyncSession, event_id: int, person_id: int, now: datetime
) -> tuple[Registration | None, list[Registration]]:
    """Give a place back; return it, if there was one, and who moved up for it."""
    event = await lock(session, event_id)
    guest = await standing(session, event_id, person_id)
    if guest is None or guest.checked_in_at is not None:
        return None, []
    guest.state, guest.cancelled_at = RegistrationState.CANCELLED, now
    await session.flush()
    return guest, await move_up(session, event, now)


def read_code(typed: str) -> str:
    """A ticket's code as somebody types it at the door: small letters, spaces and dashes don't matter."""
    return "".join(sign for sign in typed.upper() if sign in ALPHABET)


async def by_code(session: AsyncSession, typed: str) -> Registration:
    """The registration whose ticket has this code.

    Raises:
        NoTicket: none has, or it was given back.
    """
    found: Registration | None = await session.scalar(
        select(Registration).where(
            Registration.code == read_code(typed),
            Registration.state != RegistrationState.CANCELLED,
        )
    )
    if found is None:
        raise NoTicket
    return found


async def check_in(session: AsyncSession, guest: Registration, *, by: int, now: datetime) -> bool:
    """Let a guest in; False where somebody already has, whoever presses at the same instant.

    Raises:
        StillWaiting: they have no seat yet.
    """
    if guest.state is not RegistrationState.REGISTERED:
        raise StillWaiting
    done: Any = await session.execute(
        update(Registration)
        .where(Registration.id == guest.id, Registration.checked_in_at.is_(None))
        .values(checked_in_at=now, checked_in_by=by)
    )
    await session.refresh(guest)
    return bool(done.rowcount)


async def rate(session: AsyncSession, guest: Registration, stars: int) -> None:
    """Keep what a guest who came thought of the event, 1 to 5; ValueError for other numbers."""
    if not 1 <= stars <= BEST_RATING:
        raise ValueError("a rating is 1 to 5")
    guest.rating = stars
    await session.flush()
