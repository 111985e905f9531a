"""Seats, the queue behind them, the ticket and the door."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services import registrations
from services.registrations import NoTicket, PartyTooLarge, RegistrationOver, StillWaiting, Told
from storage.database import Database
from storage.events import Event, EventState, RegionSeats, Registration, RegistrationState
from tests.rules.staff import TUESDAY, later, person

SEATED, WAITING = RegistrationState.REGISTERED, RegistrationState.WAITING


@pytest.fixture
async def session(database: Database) -> AsyncIterator[AsyncSession]:
    async with database.transaction() as opened:
        yield opened


async def event(session: AsyncSession, seats: int | None = 2, **about: Any) -> Event:
    new = Event(
        state=EventState.OPEN,
        title_ky="Жыйын",
        title_ru="Встреча",
        about_ky="",
        about_ru="",
        starts_at=later(days=10),
        ends_at=later(days=10, hours=3),
        seats=seats,
        register_until=later(days=9),
        questions=[],
        created_by=1,
        created_at=TUESDAY,
        **about,
    )
    session.add(new)
    await session.flush()
    return new


async def comes(session: AsyncSession, to: Event, **told: Any) -> Registration:
    guest = await person(session)
    return await registrations.register(
        session, to.id, guest.id, Told(name="Айнура", **told), TUESDAY
    )


async def leaves(session: AsyncSession, guest: Registration) -> list[Registration]:
    _, moved = await registrations.cancel(session, guest.event_id, guest.person_id, TUESDAY)
    return moved


async def test_who_comes_after_the_last_seat_waits_in_order(session: AsyncSession) -> None:
    fair = await event(session, seats=2)
    guests = [await comes(session, fair) for _ in range(4)]
    assert [one.state for one in guests] == [SEATED, SEATED, WAITING, WAITING]
    assert [await registrations.place(session, one) for one in guests[2:]] == [1, 2]
    assert await leaves(session, guests[0]) == [guests[2]]
    assert await registrations.place(session, guests[3]) == 1


async def test_who_has_a_place_keeps_it(session: AsyncSession) -> None:
    fair = await event(session)
    guest = await comes(session, fair, companions=1)
    again = await registrations.register(
        session, fair.id, guest.person_id, Told(name="Айнура"), TUESDAY
    )
    assert again is guest and again.companions == 1


async def test_a_small_party_overtakes_nobody(session: AsyncSession) -> None:
    fair = await event(session, seats=3)
    alone = await comes(session, fair)
    two = await comes(session, fair, companions=1)
    three = await comes(session, fair, companions=2)
    single = await comes(session, fair)
    assert (three.state, single.state) == (WAITING, WAITING)
    assert await leaves(session, alone) == []
    assert await leaves(session, two) == [three]


async def test_regions_have_seats_of_their_own(session: AsyncSession) -> None:
    fair = await event(session, seats=3)
    session.add(RegionSeats(event_id=fair.id, region="KG-O", seats=1))
    osh = [await comes(session, fair, region="KG-O") for _ in range(2)]
    others = [await comes(session, fair, region="KG-B") for _ in range(3)]
    assert [one.state for one in osh + others] == [SEATED, WAITING, SEATED, SEATED, WAITING]
    assert await leaves(session, others[0]) == [others[2]], "the seat is not of Osh"
    assert await leaves(session, osh[0]) == [osh[1]]


async def test_too_late_too_many_and_no_limit(session: AsyncSession) -> None:
    fair = await event(session, seats=2)
    with pytest.raises(PartyTooLarge):
        await comes(session, fair, companions=2)
    guest = await person(session)
    for moment, state in ((later(days=9), EventState.OPEN), (TUESDAY, EventState.CANCELLED)):
        fair.state = state
        await session.flush()
        with pytest.raises(RegistrationOver):
            await registrations.register(session, fair.id, guest.id, Told(name="А"), moment)
    open_air = await event(session, seats=None)
    assert (await comes(session, open_air, companions=50)).state is SEATED


async def test_a_ticket_lets_in_once(session: AsyncSession) -> None:
    fair = await event(session, seats=1)
    guest, second = await comes(session, fair), await comes(session, fair)
    typed = f" {guest.code[:4].lower()}-{guest.code[4:]} "
    found = await registrations.by_code(session, typed)
    assert found is guest
    assert await registrations.check_in(session, found, by=7, now=TUESDAY)
    assert not await registrations.check_in(session, found, by=8, now=later(hours=1))
    assert (guest.checked_in_by, guest.checked_in_at) == (7, TUESDAY)
    with pytest.raises(StillWaiting):
        await registrations.check_in(session, second, by=7, now=TUESDAY)
    await leaves(session, second)
    for wrong in (second.code, "", "O0-I1", "'; --"):
        with pytest.raises(NoTicket):
            await registrations.by_code(session, wrong)
    assert await leaves(session, guest) == [], "who is inside gives no seat back"


async def test_two_hundred_at_once_and_fifty_seats(database: Database) -> None:
    async with database.transaction() as session:
        fair = await event(session, seats=50)
        people = [(await person(session)).id for _ in range(200)]

    async def press(person_id: int) -> None:
        async with database.transaction() as session:
            told = Told(name="Гость")
            await registrations.register(session, fair.id, person_id, told, TUESDAY)

    await asyncio.gather(*(press(one) for one in people))
    async with database.reading() as session:
        found = await session.scalars(select(Registration).order_by(Registration.id))
        states = [one.state for one in found]
    assert states == [SEATED] * 50 + [WAITING] * 150


@pytest.mark.parametrize("seed", range(12))
async def test_no_pool_is_overfull_and_nobody_is_overtaken(
    session: AsyncSession, seed: int
) -> None:
    """Whatever people do: register in parties of any size, leave, come again."""
    chance = random.Random(seed)
    fair = await event(session, seats=7)
    session.add(RegionSeats(event_id=fair.id, region="A", seats=3))
    guests: list[Registration] = []
    for _ in range(40):
        standing = [one for one in guests if one.state is not RegistrationState.CANCELLED]
        if standing and chance.random() < 0.4:
            await leaves(session, chance.choice(standing))
        else:
            told = {"region": chance.choice("AB"), "companions": chance.randrange(3)}
            guests.append(await comes(session, fair, **told))
        for pool, most in (("A", 3), ("B", 4)):
            mine = [one for one in guests if one.region == pool]
            taken = sum(registrations.party(one) for one in mine if one.state is SEATED)
            waiting = [one for one in mine if one.state is WAITING]
            assert taken <= most
            assert not waiting or taken + registrations.party(waiting[0]) > most, "a seat is idle"
