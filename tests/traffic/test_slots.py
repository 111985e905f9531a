"""Two hundred citizens press the same slot at the same instant, and lawyers change their hours meanwhile."""

import asyncio
from collections import Counter
from datetime import date, datetime, timedelta
from itertools import pairwise

from sqlalchemy import select

from locales import HERE
from services import calendars, timetables
from services.calendars import Slot, SlotTaken
from storage.calendars import Consultation, ConsultationState
from storage.database import Database
from storage.partners import Lawyer, Way
from tests.rules import staff

NOW = datetime(2026, 12, 1, 8, tzinfo=HERE)  # a Tuesday
MANY = 200


async def lawyer_with_hours(database: Database) -> Lawyer:
    """A lawyer who works from 9 to 18 on weekdays, thirteen appointments a day."""
    async with database.transaction() as session:
        lawyer = await staff.lawyer(
            session, await staff.partner(session, "Адилет"), notice_hours=0, daily_most=30
        )
        lawyer.slot_minutes, lawyer.gap_minutes = 30, 10
        for weekday in range(5):
            await timetables.set_weekday(session, lawyer, weekday, ((540, 1080),))
    return lawyer


async def presses(database: Database, slot: Slot, chat_id: int) -> bool:
    """A citizen wants a slot; tell whether they got it."""
    async with database.transaction() as session:
        try:
            await calendars.hold(session, slot, chat_id=chat_id, way=Way.PHONE, now=NOW)
        except SlotTaken:
            return False
    return True


async def live(database: Database) -> list[Consultation]:
    """What takes the lawyer's time."""
    async with database.reading() as session:
        taken = select(Consultation).where(
            Consultation.state.in_([ConsultationState.HELD, ConsultationState.BOOKED])
        )
        return list(await session.scalars(taken.order_by(Consultation.starts_at)))


async def test_one_of_two_hundred_has_the_slot(database: Database) -> None:
    lawyer = await lawyer_with_hours(database)
    nine = datetime(2026, 12, 1, 9, tzinfo=HERE)
    slot = Slot(lawyer.id, nine, nine)
    got = await asyncio.gather(*(presses(database, slot, chat) for chat in range(1, MANY + 1)))
    assert Counter(got) == {True: 1, False: MANY - 1}
    (held,) = await live(database)
    assert held.starts_at == nine and held.chat_id == got.index(True) + 1


async def test_who_comes_too_late_gets_the_next(database: Database) -> None:
    lawyer = await lawyer_with_hours(database)

    async def insists(chat_id: int) -> None:
        while True:
            async with database.reading() as session:
                (slot,) = await calendars.free_slots(session, [lawyer], Way.PHONE, NOW, most=1)
            if await presses(database, slot, chat_id):
                return

    await asyncio.gather(*(insists(chat) for chat in range(1, 31)))
    held = await live(database)
    assert sorted(one.chat_id for one in held) == list(range(1, 31))
    assert all(one.ends_at <= later.starts_at for one, later in pairwise(held))
    days = Counter(timetables.day_of(one.starts_at) for one in held)
    # From 9 to 18 there is room for thirteen with a pause after each, and no gap is left.
    assert days == {date(2026, 12, 1): 13, date(2026, 12, 2): 13, date(2026, 12, 3): 4}


async def test_slots_of_two_lengths_do_not_overlap(database: Database) -> None:
    """The lawyer changes the length of the slots while citizens press what they saw before."""
    lawyer = await lawyer_with_hours(database)
    async with database.reading() as session:
        before = await calendars.free_slots(session, [lawyer], Way.PHONE, NOW, most=13)

    async def lengthens() -> bool:
        async with database.transaction() as session:
            own = await session.get_one(Lawyer, lawyer.id)
            timetables.set_number(own, "slot_minutes", 45)
        async with database.reading() as session:
            after = await calendars.free_slots(session, [own], Way.PHONE, NOW, most=20)
        return all([await presses(database, slot, 900 + at) for at, slot in enumerate(after)])

    wanted = [presses(database, slot, chat) for chat, slot in enumerate(before, 1)]
    await asyncio.gather(*wanted[:6], lengthens(), *wanted[6:])
    held = await live(database)
    assert len(held) > 6
    assert all(one.ends_at <= later.starts_at for one, later in pairwise(held))


async def test_a_run_out_hold_goes_to_one_of_many(database: Database) -> None:
    lawyer = await lawyer_with_hours(database)
    nine = datetime(2026, 12, 1, 9, tzinfo=HERE)
    slot = Slot(lawyer.id, nine, nine)
    async with database.transaction() as session:
        long_ago = NOW - timedelta(minutes=30)
        await calendars.hold(session, slot, chat_id=999, way=Way.PHONE, now=long_ago)
    got = await asyncio.gather(*(presses(database, slot, chat) for chat in range(1, 51)))
    assert sum(got) == 1
    (held,) = await live(database)
    assert held.chat_id == got.index(True) + 1
