"""Lawyers' calendars: what is free, who has it, who waits for it, and when they are reminded."""

import asyncio
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from locales import HERE
from services import calendars, reminders, timetables, waiting
from services.calendars import AppointmentGone, NotYet, Slot, SlotTaken
from services.timetables import DayUnfit, HoursUnfit, read_hours
from storage.base import Base
from storage.calendars import Consultation, ConsultationState
from storage.cases import Case, CaseState, Urgency
from storage.database import Database
from storage.partners import Lawyer, Partner, Standing, Way
from storage.people import Person


def at(text: str) -> datetime:
    """An instant in Bishkek: "2026-12-01 09:00", a Tuesday."""
    return datetime.fromisoformat(text).replace(tzinfo=HERE)


NOW = at("2026-12-01 08:00").astimezone(UTC)
NINE_TO_TWELVE = ((540, 720),)


async def lawyer_of(session: AsyncSession, **about: Any) -> Lawyer:
    """A lawyer who works from 9 to 12 on Tuesdays and Wednesdays, in slots of half an hour."""
    partner = await session.scalar(select(Partner))
    if partner is None:
        partner = Partner(name="Адилет", standing=Standing.ACTIVE, created_at=NOW)
        session.add(partner)
        await session.flush()
    lawyer = Lawyer(
        partner_id=partner.id,
        joined_at=NOW,
        **{
            "chat_id": 500,
            "name": "Гүлнара",
            "standing": Standing.ACTIVE,
            "languages": [],
            "topics": [],
            "ways": [],
            "slot_minutes": 30,
            "gap_minutes": 0,
            "daily_most": 20,
            "notice_hours": 0,
            "on_duty": False,
            **about,
        },
    )
    session.add(lawyer)
    await session.flush()
    for weekday in (1, 2):
        await timetables.set_weekday(session, lawyer, weekday, NINE_TO_TWELVE)
    return lawyer


async def case_of(session: AsyncSession, chat_id: int, lawyer: Lawyer | None, **about: Any) -> Case:
    """A case that the lawyer works on; without one, with the coordinator."""
    person = Person(chat_id=chat_id, discreet=False, created_at=NOW)
    session.add(person)
    await session.flush()
    case = Case(
        person_id=person.id,
        serial=chat_id,
        lawyer_id=lawyer.id if lawyer else None,
        **{
            "year": 2026,
            "state": CaseState.IN_WORK if lawyer else CaseState.NEW,
            "clock_at": NOW,
            "nudges": 0,
            "topic": "family",
            "language": "ky",
            "way": Way.PHONE,
            "urgency": Urgency.NORMAL,
            "neutral": False,
            "created_at": NOW,
            **about,
        },
    )
    session.add(case)
    await session.flush()
    return case


def slot(lawyer: Lawyer, when: str) -> Slot:
    """A slot as a button names it: its end is not known."""
    return Slot(lawyer.id, at(when), at(when))


async def booked(
    session: AsyncSession, case: Case, lawyer: Lawyer, when: str, now: datetime = NOW
) -> Consultation:
    """An appointment, chosen and booked at once."""
    chat_id = await session.scalar(select(Person.chat_id).where(Person.id == case.person_id))
    assert chat_id is not None
    held = await calendars.hold(session, slot(lawyer, when), chat_id=chat_id, way=case.way, now=now)
    await calendars.book(session, held, case, now)
    return held


async def free(
    session: AsyncSession, *lawyers: Lawyer, now: datetime = NOW, **how: Any
) -> list[str]:
    """The free times of lawyers, in Bishkek."""
    how = {"most": 100, "days": 2, **how}
    found = await calendars.free_slots(session, lawyers, how.pop("way", Way.PHONE), now, **how)
    return [f"{one.starts_at.astimezone(HERE):%d %H:%M}" for one in found]


MORNING = ["09:00", "09:30", "10:00", "10:30", "11:00", "11:30"]
TUESDAY = [f"01 {time}" for time in MORNING]
WEDNESDAY = [f"02 {time}" for time in MORNING]


# What is free.


@pytest.mark.parametrize(
    ("about", "expected"),
    [
        ({}, TUESDAY + WEDNESDAY),
        ({"slot_minutes": 60}, ["01 09:00", "01 10:00", "01 11:00", "02 09:00", "02 10:00", "02 11:00"]),
        ({"slot_minutes": 50}, ["01 09:00", "01 09:50", "01 10:40", "02 09:00", "02 09:50", "02 10:40"]),
        ({"gap_minutes": 30}, ["01 09:00", "01 10:00", "01 11:00", "02 09:00", "02 10:00", "02 11:00"]),
        ({"notice_hours": 3}, ["01 11:00", "01 11:30", *WEDNESDAY]),
        ({"notice_hours": 24}, WEDNESDAY),
        ({"daily_most": 0}, []),
        ({"ways": ["in person"]}, []),
        ({"ways": ["phone", "chat"]}, TUESDAY + WEDNESDAY),
        ({"standing": Standing.ENDED}, []),
    ],
)  # fmt: skip
async def test_slots_follow_what_the_lawyer_has_set(
    database: Database, about: dict[str, Any], expected: list[str]
) -> None:
    async with database.transaction() as session:
        assert await free(session, await lawyer_of(session, **about)) == expected


async def test_days_that_differ_and_holidays(database: Database) -> None:
    async with database.transaction() as session:
        lawyer = await lawyer_of(session)
        await timetables.set_day(session, lawyer, date(2026, 12, 1), (), NOW)
        await timetables.set_day(session, lawyer, date(2026, 12, 3), ((600, 660), (840, 900)), NOW)
        assert await free(session, lawyer) == [
            *WEDNESDAY, "03 10:00", "03 10:30", "03 14:00", "03 14:30",
        ]  # fmt: skip
        await timetables.as_every_week(session, lawyer, date(2026, 12, 1))
        assert (await free(session, lawyer))[:6] == TUESDAY

        day_before = at("2028-03-07 08:00")  # a Tuesday, and then the 8th of March
        assert await free(session, lawyer, now=day_before) == [f"07 {time}" for time in MORNING]
        await timetables.set_day(session, lawyer, date(2028, 3, 8), ((600, 630),), day_before)
        assert (await free(session, lawyer, now=day_before))[-1] == "08 10:00"


async def test_the_soonest_first_and_the_rest_later(database: Database) -> None:
    async with database.transaction() as session:
        first = await lawyer_of(session)
        second = await lawyer_of(session, chat_id=501, slot_minutes=60)
        found = await calendars.free_slots(session, [second, first], Way.PHONE, NOW, most=3)
        assert [one.lawyer_id for one in found] == [second.id, first.id, second.id]
        assert found[0].ends_at - found[0].starts_at == timedelta(hours=1)
        later = await free(session, first, most=2, after=found[1].starts_at)
        assert later == ["01 10:00", "01 10:30"]
        assert await free(session, first, after=at("2026-12-02 11:30")) == []


@pytest.mark.parametrize(
    ("typed", "hours"),
    [
        ("10:00-16:30", ((600, 990),)),
        ("9-13, 14-18", ((540, 780), (840, 1080))),
        ("9.00 – 18.00", ((540, 1080),)),
        ("с 9 до 18", ((540, 1080),)),
        ("саат 9дан 18ге чейин", ((540, 1080),)),
        ("0900-1300", ((540, 780),)),
        ("20:00-24:00", ((1200, 1440),)),
        ("10", None), ("", None), ("муж бьёт меня", None), ("мне 18, ему 40 лет", None),
    ],
)  # fmt: skip
def test_hours_are_read_as_people_write_them(typed: str, hours: object) -> None:
    assert read_hours(typed) == hours


@pytest.mark.parametrize(
    "typed", ["18-9", "9-9", "9-25", "9:75-10", "9-13, 12-18", "9-13-14", "9-9:10"]
)
def test_hours_that_cannot_be_are_refused(typed: str) -> None:
    with pytest.raises(HoursUnfit):
        read_hours(typed)


@given(st.text(alphabet=st.sampled_from("0123456789:.-–, сдопи\nж٣"), max_size=30))
def test_whatever_is_typed_gives_hours_of_a_day_or_none(typed: str) -> None:
    try:
        hours = read_hours(typed)
    except HoursUnfit:
        return
    for starts, ends in hours or ():
        assert 0 <= starts < ends <= 24 * 60


async def test_days_long_past_or_far_away_are_refused(database: Database) -> None:
    async with database.transaction() as session:
        lawyer = await lawyer_of(session)
        for day in (date(2026, 11, 30), date(2028, 1, 1)):
            with pytest.raises(DayUnfit):
                await timetables.set_day(session, lawyer, day, (), NOW)


# Who has it.


async def test_a_slot_is_held_for_ten_minutes(database: Database) -> None:
    async with database.transaction() as session:
        lawyer = await lawyer_of(session)
        nine = slot(lawyer, "2026-12-01 09:00")
        await calendars.hold(session, nine, chat_id=1, way=Way.PHONE, now=NOW)
        with pytest.raises(SlotTaken):
            await calendars.hold(session, nine, chat_id=2, way=Way.PHONE, now=NOW)
        later = NOW + timedelta(minutes=10)
        assert (await free(session, lawyer))[0] == "01 09:30"
        assert (await free(session, lawyer, now=later))[0] == "01 09:00"
        taken = await calendars.hold(session, nine, chat_id=2, way=Way.PHONE, now=later)
        assert await calendars.held_by(session, 2, later) is taken
        assert await calendars.held_by(session, 1, later) is None


async def test_one_citizen_holds_one_slot_at_a_time(database: Database) -> None:
    async with database.transaction() as session:
        lawyer = await lawyer_of(session)
        for time in ("09:00", "09:00", "10:00"):
            held = await calendars.hold(
                session, slot(lawyer, f"2026-12-01 {time}"), chat_id=1, way=Way.PHONE, now=NOW
            )
        assert await calendars.held_by(session, 1, NOW) is held
        assert "01 09:00" in await free(session, lawyer)
        with pytest.raises(SlotTaken):
            await calendars.hold(
                session, slot(lawyer, "2026-12-01 12:00"), chat_id=1, way=Way.PHONE, now=NOW
            )
        assert await calendars.held_by(session, 1, NOW) is held, "a refusal changes nothing"
        await calendars.release(session, 1)
        assert await calendars.held_by(session, 1, NOW) is None


@pytest.mark.parametrize(
    "when",
    ["2026-12-01 09:10", "2026-12-01 08:30", "2026-12-01 12:00", "2026-12-03 09:00",
     "2026-11-24 09:00", "2026-12-01 07:00"],
)  # fmt: skip
async def test_a_forged_time_is_refused(database: Database, when: str) -> None:
    async with database.transaction() as session:
        lawyer = await lawyer_of(session)
        for forged in (slot(lawyer, when), Slot(lawyer.id + 99, at("2026-12-01 09:00"), NOW)):
            with pytest.raises(SlotTaken):
                await calendars.hold(session, forged, chat_id=1, way=Way.PHONE, now=NOW)


async def test_a_hold_becomes_an_appointment_once(database: Database) -> None:
    async with database.transaction() as session:
        lawyer = await lawyer_of(session)
        case, other = [await case_of(session, chat, lawyer) for chat in (1, 2)]
        held = await booked(session, case, lawyer, "2026-12-01 09:00")
        assert await calendars.book(session, held, case, NOW) == [], "pressed twice"
        with pytest.raises(SlotTaken):
            await calendars.book(session, held, other, NOW)
        assert await calendars.of_case(session, case) is held
        assert held.ends_at == at("2026-12-01 09:30")


async def test_a_hold_that_ran_out_is_taken_again_if_it_still_can_be(database: Database) -> None:
    later = NOW + timedelta(minutes=15)
    async with database.transaction() as session:
        lawyer = await lawyer_of(session)
        case, other = [await case_of(session, chat, lawyer) for chat in (1, 2)]
        first = await calendars.hold(
            session, slot(lawyer, "2026-12-01 09:00"), chat_id=1, way=Way.PHONE, now=NOW
        )
        second = await calendars.hold(
            session, slot(lawyer, "2026-12-01 10:00"), chat_id=2, way=Way.PHONE, now=NOW
        )
        await calendars.book(session, first, case, later)
        await calendars.hold(
            session, slot(lawyer, "2026-12-01 10:00"), chat_id=3, way=Way.PHONE, now=later
        )
        with pytest.raises(SlotTaken):
            await calendars.book(session, second, other, later)


async def test_slots_of_another_length_do_not_overlap_old_appointments(database: Database) -> None:
    async with database.transaction() as session:
        lawyer = await lawyer_of(session)
        await booked(session, await case_of(session, 1, lawyer), lawyer, "2026-12-01 09:30")
        lawyer.slot_minutes = 60
        assert (await free(session, lawyer))[:2] == ["01 10:00", "01 11:00"]
        with pytest.raises(SlotTaken):
            await calendars.hold(
                session, slot(lawyer, "2026-12-01 09:00"), chat_id=2, way=Way.PHONE, now=NOW
            )
        lawyer.gap_minutes = 10
        assert "01 10:10" in await free(session, lawyer)


async def test_a_full_day_takes_no_more(database: Database) -> None:
    async with database.transaction() as session:
        lawyer = await lawyer_of(session, daily_most=2)
        for chat, time in ((1, "09:00"), (2, "11:00")):
            case = await case_of(session, chat, lawyer)
            await booked(session, case, lawyer, f"2026-12-01 {time}")
        assert await free(session, lawyer) == WEDNESDAY


async def test_an_appointment_moves_and_leaves_its_time(database: Database) -> None:
    async with database.transaction() as session:
        lawyer = await lawyer_of(session, notice_hours=3)
        case, other = [await case_of(session, chat, lawyer) for chat in (1, 2)]
        early = NOW - timedelta(days=1)
        mine = await booked(session, case, lawyer, "2026-12-02 09:00", early)
        await booked(session, other, lawyer, "2026-12-02 10:00", early)
        mine.confirmed_at = NOW
        with pytest.raises(SlotTaken):
            await calendars.move(session, mine, slot(lawyer, "2026-12-02 10:00"), NOW)
        assert mine.starts_at == at("2026-12-02 09:00") and mine.confirmed_at
        await calendars.move(session, mine, slot(lawyer, "2026-12-02 11:00"), NOW)
        assert mine.starts_at == at("2026-12-02 11:00") and mine.confirmed_at is None
        assert "02 09:00" in await free(session, lawyer)
        await calendars.cancel(session, mine, by_lawyer=False, now=NOW)
        for again in (
            calendars.move(session, mine, slot(lawyer, "2026-12-02 09:00"), NOW),
            calendars.cancel(session, mine, by_lawyer=True, now=NOW),
        ):
            with pytest.raises(AppointmentGone):
                await again
        assert not mine.cancelled_by_lawyer


async def test_an_appointment_took_place_only_after_it_began(database: Database) -> None:
    async with database.transaction() as session:
        lawyer = await lawyer_of(session)
        mine = await booked(session, await case_of(session, 1, lawyer), lawyer, "2026-12-01 09:00")
        with pytest.raises(NotYet):
            await calendars.settle(session, mine, ConsultationState.NO_SHOW, NOW)
        after = NOW + timedelta(hours=2)
        await calendars.settle(session, mine, ConsultationState.DONE, after)
        with pytest.raises(AppointmentGone):
            await calendars.settle(session, mine, ConsultationState.NO_SHOW, after)
        assert mine.state is ConsultationState.DONE


async def test_a_declined_hour_stays_a_wish_until_another_accepts(database: Database) -> None:
    async with database.transaction() as session:
        first = await lawyer_of(session)
        second = await lawyer_of(session, chat_id=501)
        case = await case_of(session, 1, None)
        await booked(session, case, first, "2026-12-01 09:00")
        await calendars.leave_as_wish(session, case)
        assert (await free(session, first))[0] == "01 09:00"
        wish = await calendars.of_case(session, case)
        assert wish is not None and wish.lawyer_id is None
        placed = await calendars.place(session, case, second, NOW)
        assert placed is not None and placed.lawyer_id == second.id
        assert await calendars.place(session, case, second, NOW) is placed
        assert (await free(session, second))[0] == "01 09:30"


async def test_an_hour_that_passed_before_anybody_accepted_is_over(database: Database) -> None:
    async with database.transaction() as session:
        lawyer = await lawyer_of(session)
        case = await case_of(session, 1, None)
        await booked(session, case, lawyer, "2026-12-01 09:00")
        late = at("2026-12-01 09:01")
        assert await calendars.place(session, case, lawyer, late) is None
        assert await calendars.of_case(session, case) is None


async def test_a_wished_hour_that_cannot_be_is_over(database: Database) -> None:
    async with database.transaction() as session:
        first = await lawyer_of(session)
        second = await lawyer_of(session, chat_id=501)
        case, other = [await case_of(session, chat, None) for chat in (1, 2)]
        await booked(session, case, first, "2026-12-01 09:00")
        await booked(session, other, second, "2026-12-01 09:00")
        assert await calendars.place(session, case, second, NOW) is None
        assert await calendars.of_case(session, case) is None
        assert (await free(session, first))[0] == "01 09:00"


# Who waits for it.


async def test_a_freed_slot_goes_to_the_most_urgent_then_who_waits_longest(
    database: Database,
) -> None:
    async with database.transaction() as session:
        lawyer = await lawyer_of(session)
        mine = await booked(session, await case_of(session, 1, lawyer), lawyer, "2026-12-02 09:00")
        cases = [
            await case_of(session, 2, lawyer),
            await case_of(session, 3, lawyer),
            await case_of(session, 4, lawyer, urgency=Urgency.URGENT),
            await case_of(session, 5, None, urgency=Urgency.DANGER),  # another lawyer's, perhaps
            await case_of(session, 6, lawyer, way=Way.IN_PERSON, urgency=Urgency.DANGER),
        ]
        lawyer.ways = ["phone"]
        for minutes, case in zip((2, 1, 3, 0, 0), cases, strict=True):
            await calendars.wait(session, case, NOW - timedelta(minutes=minutes))
        now, chosen = NOW, []
        offers = await calendars.cancel(session, mine, by_lawyer=False, now=now)
        while offers:
            (one,) = offers
            chosen.append(one.consultation.chat_id)
            assert "02 09:00" not in await free(session, lawyer, now=now), "it is held for them"
            assert one.consultation.held_until is not None
            now = one.consultation.held_until
            offers = await calendars.expired_offers(session, now)
        assert chosen == [4, 2, 3]
        assert "02 09:00" in await free(session, lawyer, now=now)
        assert await calendars.is_waiting(session, cases[0]), "they go on waiting"


async def test_an_offer_is_taken_and_what_it_frees_is_offered_on(database: Database) -> None:
    async with database.transaction() as session:
        lawyer = await lawyer_of(session)
        first, second, third = [await case_of(session, chat, lawyer) for chat in (1, 2, 3)]
        mine = await booked(session, first, lawyer, "2026-12-02 09:00")
        theirs = await booked(session, second, lawyer, "2026-12-02 11:00")
        for case in (second, third):
            await calendars.wait(session, case, NOW)
        (one,) = await calendars.cancel(session, mine, by_lawyer=False, now=NOW)
        assert one.case is second
        (next_one,) = await calendars.book(session, one.consultation, second, NOW)
        assert next_one.case is third and next_one.consultation.starts_at == theirs.starts_at
        assert theirs.state is ConsultationState.CANCELLED
        assert not await calendars.is_waiting(session, second)
        assert await calendars.stop_waiting(session, third, NOW) == []
        assert "02 11:00" in await free(session, lawyer)


async def test_a_declined_offer_passes_on_and_a_late_yes_is_refused(database: Database) -> None:
    async with database.transaction() as session:
        lawyer = await lawyer_of(session)
        first, second, third = [await case_of(session, chat, lawyer) for chat in (1, 2, 3)]
        mine = await booked(session, first, lawyer, "2026-12-02 09:00")
        for minutes, case in ((2, second), (1, third)):
            await calendars.wait(session, case, NOW - timedelta(minutes=minutes))
        (one,) = await calendars.cancel(session, mine, by_lawyer=False, now=NOW)
        (other,) = await calendars.cancel(session, one.consultation, by_lawyer=False, now=NOW)
        assert other.case is third
        with pytest.raises(SlotTaken):
            await calendars.book(session, one.consultation, second, NOW)
        with pytest.raises(SlotTaken):
            await calendars.book(session, other.consultation, second, NOW)
        late = NOW + timedelta(hours=3)
        await calendars.book(session, other.consultation, third, late)  # nobody else wanted it


@pytest.mark.parametrize(
    ("cancelled", "appointment", "until"),
    [
        ("2026-12-01 12:00", "2026-12-02 11:00", "2026-12-01 14:00"),
        ("2026-12-01 22:00", "2026-12-02 11:30", "2026-12-02 10:00"),  # told at 8, two hours
        ("2026-12-01 22:00", "2026-12-02 09:30", "2026-12-02 08:30"),  # an hour to get there
        ("2026-12-01 22:00", "2026-12-02 09:00", None),  # nobody could answer in time
        ("2026-12-02 09:20", "2026-12-02 10:30", None),
    ],
)
async def test_there_is_time_to_answer_at_a_decent_hour(
    database: Database, cancelled: str, appointment: str, until: str | None
) -> None:
    async with database.transaction() as session:
        lawyer = await lawyer_of(session)
        first, second = [await case_of(session, chat, lawyer) for chat in (1, 2)]
        mine = await booked(session, first, lawyer, appointment)
        await calendars.wait(session, second, NOW)
        offers = await calendars.cancel(session, mine, by_lawyer=False, now=at(cancelled))
        assert [one.consultation.held_until for one in offers] == ([at(until)] if until else [])


async def test_only_a_sooner_slot_is_offered_and_not_one_s_own(database: Database) -> None:
    async with database.transaction() as session:
        lawyer = await lawyer_of(session)
        first, second = [await case_of(session, chat, lawyer) for chat in (1, 2)]
        mine = await booked(session, first, lawyer, "2026-12-02 11:00")
        await booked(session, second, lawyer, "2026-12-02 10:00")
        for case in (first, second):
            await calendars.wait(session, case, NOW)
        assert await calendars.move(session, mine, slot(lawyer, "2026-12-02 11:30"), NOW) == []
        assert await calendars.cancel(session, mine, by_lawyer=True, now=NOW) == []


async def test_new_hours_are_offered_to_those_who_wait(database: Database) -> None:
    async with database.transaction() as session:
        lawyer = await lawyer_of(session)
        first, second, third = [await case_of(session, chat, lawyer) for chat in (1, 2, 3)]
        await booked(session, first, lawyer, "2026-12-01 10:00")
        for case in (first, second):
            await calendars.wait(session, case, NOW)
        before = await waiting.open_times(session, lawyer, NOW)
        assert await waiting.offer_opened(session, lawyer, before, NOW) == []
        await timetables.set_day(session, lawyer, date(2026, 12, 3), ((600, 690),), NOW)
        offers = await waiting.offer_opened(session, lawyer, before, NOW)
        assert [(one.case, one.consultation.starts_at) for one in offers] == [
            (second, at("2026-12-03 10:00"))  # the first has a sooner time, the third doesn't wait
        ]
        assert not await calendars.is_waiting(session, third)


# A day off, reminders, the week.


async def test_a_sick_day_moves_everyone_once(database: Database) -> None:
    async with database.transaction() as session:
        lawyer = await lawyer_of(session, daily_most=3)
        urgent = await case_of(session, 1, lawyer, urgency=Urgency.URGENT)
        usual, waits = [await case_of(session, chat, lawyer) for chat in (2, 3)]
        await booked(session, usual, lawyer, "2026-12-01 09:00")
        was = await booked(session, urgent, lawyer, "2026-12-01 10:00")
        tomorrow = await booked(session, waits, lawyer, "2026-12-02 09:00")
        await calendars.hold(
            session, slot(lawyer, "2026-12-01 11:00"), chat_id=9, way=Way.PHONE, now=NOW
        )
        moved = await calendars.sick_day(session, lawyer, date(2026, 12, 1), NOW)
        assert [(one.case.id, one.was_at) for one in moved] == [
            (urgent.id, at("2026-12-01 10:00")),
            (usual.id, at("2026-12-01 09:00")),
        ]
        assert [one.slot.starts_at for one in moved if one.slot] == [
            at("2026-12-02 09:30"),
            at("2026-12-02 10:00"),
        ]
        assert was.state is ConsultationState.BOOKED and was.starts_at == at("2026-12-02 09:30")
        assert tomorrow.starts_at == at("2026-12-02 09:00")
        assert await calendars.held_by(session, 9, NOW) is None
        assert await free(session, lawyer) == []
        assert await calendars.sick_day(session, lawyer, date(2026, 12, 1), NOW) == []


async def test_nobody_has_to_come_sooner_than_they_had_planned(database: Database) -> None:
    async with database.transaction() as session:
        lawyer = await lawyer_of(session)
        mine = await booked(session, await case_of(session, 1, lawyer), lawyer, "2026-12-02 09:00")
        (moved,) = await calendars.sick_day(session, lawyer, date(2026, 12, 2), NOW)
        assert moved.slot is not None and mine.starts_at == at("2026-12-08 09:00")


async def test_who_finds_no_other_time_waits(database: Database) -> None:
    async with database.transaction() as session:
        lawyer = await lawyer_of(session)
        case = await case_of(session, 1, lawyer)
        mine = await booked(session, case, lawyer, "2026-12-01 09:00")
        for weekday in (1, 2):
            await timetables.set_weekday(session, lawyer, weekday, ())
        (moved,) = await calendars.sick_day(session, lawyer, date(2026, 12, 1), NOW)
        assert moved.slot is None and mine.cancelled_by_lawyer
        assert await calendars.is_waiting(session, case)


@pytest.mark.parametrize(
    ("appointment", "kind", "when"),
    [
        ("2026-12-02 14:00", "day", "2026-12-01 14:00"),
        ("2026-12-02 14:00", "hours", "2026-12-02 12:00"),
        ("2026-12-02 10:00", "hours", "2026-12-02 08:00"),
        ("2026-12-02 09:30", "hours", "2026-12-02 08:00"),  # 7:30 is night: later, if soon enough
        ("2026-12-02 08:30", "hours", "2026-12-01 20:00"),  # or else the evening before
        ("2026-12-02 08:00", "hours", "2026-12-01 20:00"),
        ("2026-12-02 23:30", "hours", "2026-12-02 20:00"),
        ("2026-12-02 22:00", "day", "2026-12-02 08:00"),
        ("2026-12-02 07:00", "day", "2026-12-01 08:00"),
        ("2026-12-02 01:00", "hours", "2026-12-01 20:00"),
    ],
)
def test_reminders_come_at_decent_hours(appointment: str, kind: Any, when: str) -> None:
    assert reminders.moment(at(appointment), kind) == at(when)


async def test_each_reminder_comes_once_and_the_nearer_one_of_two(database: Database) -> None:
    async with database.transaction() as session:
        lawyer = await lawyer_of(session)
        mine = await booked(session, await case_of(session, 1, lawyer), lawyer, "2026-12-02 11:00")

        async def due(when: str) -> list[Any]:
            return [kind for _, kind in await calendars.due_reminders(session, at(when))]

        assert await due("2026-12-01 10:59") == []
        assert await due("2026-12-01 11:00") == ["day"]
        assert await due("2026-12-01 11:01") == []
        mine.confirmed_at = NOW
        assert await due("2026-12-02 08:59") == []
        assert await due("2026-12-02 09:00") == ["hours"]
        assert await due("2026-12-02 09:00") == []

        mine.day_reminder_at = mine.hours_reminder_at = None
        assert await due("2026-12-01 23:00") == [], "late after a pause, but not at night"
        assert await due("2026-12-02 10:30") == ["hours"]
        assert await due("2026-12-02 10:31") == []


async def test_who_has_just_heard_of_it_is_not_reminded(database: Database) -> None:
    async with database.transaction() as session:
        lawyer = await lawyer_of(session)
        case = await case_of(session, 1, lawyer)
        await booked(session, case, lawyer, "2026-12-01 11:00")
        assert await calendars.due_reminders(session, NOW) == []
        assert len(await calendars.due_reminders(session, at("2026-12-01 09:00"))) == 1


async def test_no_reminder_without_a_lawyer_or_after_an_end(database: Database) -> None:
    async with database.transaction() as session:
        lawyer = await lawyer_of(session)
        offered, closed, gone = [
            await case_of(session, 1, None),
            await case_of(session, 2, lawyer),
            await case_of(session, 3, lawyer),
        ]
        for case, time in ((offered, "09:00"), (closed, "10:00")):
            await booked(session, case, lawyer, f"2026-12-02 {time}")
        mine = await booked(session, gone, lawyer, "2026-12-02 11:00")
        await calendars.cancel(session, mine, by_lawyer=False, now=NOW)
        closed.state = CaseState.CLOSED
        assert await calendars.due_reminders(session, at("2026-12-02 08:00")) == []


async def test_a_week_shows_what_is_and_was(database: Database) -> None:
    async with database.transaction() as session:
        lawyer = await lawyer_of(session)
        cases = [await case_of(session, chat, lawyer) for chat in (1, 2, 3)]
        days = ("2026-12-02 10:00", "2026-12-01 09:00", "2026-12-08 09:00")
        for case, when in zip(cases, days, strict=True):
            await booked(session, case, lawyer, when)
        shown = await calendars.week(session, lawyer, date(2026, 11, 30))
        assert [one.case.id for one in shown] == [cases[1].id, cases[0].id]


# Whatever happens.

STEPS = st.lists(
    st.tuples(
        st.sampled_from(
            ["hold", "book", "move", "cancel", "length", "gap", "most", "hours", "sick"]
        ),
        st.integers(0, 4),  # of whom
        st.integers(0, 40),  # where to, or how much
        st.integers(0, 20),  # minutes later
    ),
    max_size=25,
)


@asynccontextmanager
async def _empty_database() -> AsyncIterator[Database]:
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{Path(folder) / 'bot.db'}")
        async with database.engine.begin() as connection:
            await connection.run_sync(Base.metadata.create_all)
        yield database
        await database.close()


class Play:
    """Citizens and a lawyer who press whatever they can."""

    def __init__(self, session: AsyncSession, lawyer: Lawyer, cases: list[Case]) -> None:
        self.session, self.lawyer, self.cases = session, lawyer, cases
        self.now = NOW

    async def step(self, what: str, who: int, how: int, later: int) -> None:
        self.now += timedelta(minutes=later)
        case, chat_id = self.cases[who], who + 1
        aim = Slot(self.lawyer.id, NOW + timedelta(minutes=60 + 5 * how), NOW)
        held = await calendars.held_by(self.session, chat_id, self.now)
        mine = await calendars.of_case(self.session, case)
        match what:
            case "hold":
                await calendars.hold(
                    self.session, aim, chat_id=chat_id, way=Way.PHONE, now=self.now
                )
            case "book" if held:
                await calendars.book(self.session, held, case, self.now)
            case "move" if mine:
                await calendars.move(self.session, mine, aim, self.now)
            case "cancel" if mine:
                await calendars.cancel(self.session, mine, by_lawyer=False, now=self.now)
            case "length":
                self.lawyer.slot_minutes = 15 + 5 * (how % 8)
            case "gap":
                self.lawyer.gap_minutes = 5 * (how % 4)
            case "most":
                self.lawyer.daily_most = how % 6
            case "hours":
                begins = 540 + 5 * (how % 12)
                await timetables.set_weekday(self.session, self.lawyer, 1, ((begins, 720),))
            case "sick" if how == 0:
                await calendars.sick_day(self.session, self.lawyer, date(2026, 12, 1), self.now)

    async def check(self) -> None:
        live = (
            await self.session.scalars(
                select(Consultation)
                .where(
                    Consultation.state.in_([ConsultationState.BOOKED, ConsultationState.HELD]),
                    (Consultation.held_until.is_(None)) | (Consultation.held_until > self.now),
                )
                .order_by(Consultation.starts_at)
            )
        ).all()
        for one, following in pairwise(live):
            assert one.ends_at <= following.starts_at


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(STEPS)
def test_two_appointments_never_overlap(steps: list[tuple[str, int, int, int]]) -> None:
    async def play() -> None:
        async with _empty_database() as database, database.transaction() as session:
            lawyer = await lawyer_of(session, slot_minutes=15)
            cases = [await case_of(session, chat, lawyer) for chat in range(1, 6)]
            for case in cases[:2]:
                await calendars.wait(session, case, NOW)
            game = Play(session, lawyer, cases)
            for step in steps:
                with suppress(SlotTaken, AppointmentGone):
                    await game.step(*step)
                await game.check()

    asyncio.run(play())
