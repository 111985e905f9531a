"""Cases: numbers without gaps, a clock for whoever has one, and what becomes of them when it runs out."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from locales import HERE
from services import agenda, case_details, case_history, cases, hand_back, ratings, routing
from services.agenda import Why
from services.rules import Rule
from storage.calendars import Consultation, ConsultationState
from storage.cases import Case, CaseEvent, CaseState, EventKind, Help, Outcome, Urgency
from storage.database import Database
from storage.partners import Lawyer, Way
from storage.relay import RelayedMessage
from storage.routing import Handoff, HandoffState
from tests.rules.staff import (
    COORDINATOR,
    TUESDAY,
    case,
    later,
    lawyer,
    partner,
    person,
    rules_are,
    told,
)


def _here(moment: str) -> datetime:
    return datetime.fromisoformat(moment).replace(tzinfo=HERE)


# --- numbers ------------------------------------------------------------------------------------


async def test_cases_opened_at_the_same_instant_get_numbers_without_gaps(
    database: Database,
) -> None:
    async def opens(fails: bool) -> str | None:
        try:
            async with database.transaction() as session:
                number = (await case(session)).number
                if fails:
                    raise ZeroDivisionError
                return number
        except ZeroDivisionError:
            return None

    given_out = await asyncio.gather(*(opens(fails=place % 3 == 2) for place in range(12)))
    assert sorted(filter(None, given_out)) == [f"KG-2026-{number:05}" for number in range(1, 9)]


async def test_every_year_in_bishkek_counts_anew(database: Database) -> None:
    async with database.transaction() as session:
        new_year = datetime(2026, 12, 31, 18, tzinfo=UTC)  # midnight in Bishkek
        opened = [await case(session, now) for now in (new_year - timedelta(seconds=1), new_year)]
        assert [one.number for one in opened] == ["KG-2026-00001", "KG-2027-00001"]
        assert await cases.by_number(session, " kg-2027-00001 ") is opened[1]


@given(st.text() | st.from_regex(r"(?i)kg-[0-9]{1,30}-[0-9]{0,30}"))
def test_what_is_no_number_finds_nothing(typed: str) -> None:
    class Nothing:
        async def scalars(self, _: object) -> object:
            return self

        def one_or_none(self) -> None:
            return None

    assert asyncio.run(cases.by_number(Nothing(), typed)) is None  # type: ignore[arg-type]


# --- clocks -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "urgency", "now", "then"),
    [
        (CaseState.NEW, Urgency.DANGER, "2026-11-28T23:00", "2026-11-28T23:15"),
        (CaseState.NEW, Urgency.URGENT, "2026-11-24T17:30", "2026-11-25T09:30"),
        (CaseState.NEW, Urgency.NORMAL, "2026-11-27T16:00", "2026-11-30T11:00"),
        (CaseState.OFFERED, Urgency.DANGER, "2026-11-29T03:00", "2026-11-29T03:15"),
        (CaseState.OFFERED, Urgency.URGENT, "2026-11-24T10:00", "2026-11-24T12:00"),
        (CaseState.OFFERED, Urgency.NORMAL, "2026-11-24T10:00", "2026-11-25T10:00"),
        (CaseState.IN_WORK, Urgency.DANGER, "2026-11-29T03:00", "2026-11-29T04:00"),
        (CaseState.IN_WORK, Urgency.URGENT, "2026-11-24T10:00", "2026-11-24T14:00"),
        (CaseState.IN_WORK, Urgency.NORMAL, "2026-11-27T10:00", "2026-12-01T10:00"),
    ],
)
def test_whoever_has_a_case_has_so_much_time(
    state: CaseState, urgency: Urgency, now: str, then: str
) -> None:
    assert cases.clock(state, urgency, _here(now)) == _here(then)


@given(
    st.sampled_from([CaseState.NEW, CaseState.OFFERED, CaseState.IN_WORK]),
    st.sampled_from(Urgency),
    st.datetimes(datetime(2026, 1, 1), datetime(2028, 12, 31), timezones=st.just(UTC)),
)
def test_an_open_case_always_has_time_left_and_danger_never_waits(
    state: CaseState, urgency: Urgency, now: datetime
) -> None:
    until = cases.clock(state, urgency, now)
    assert until > now
    if urgency is Urgency.DANGER:
        assert until <= now + timedelta(hours=1)


@pytest.mark.parametrize(
    ("about", "urgency"),
    [
        ({}, Urgency.NORMAL),
        ({"urgency": Urgency.URGENT}, Urgency.URGENT),
        ({"danger": "detention"}, Urgency.DANGER),
        ({"deadline": date(2026, 12, 1)}, Urgency.URGENT),
        ({"deadline": date(2026, 12, 2)}, Urgency.NORMAL),
        ({"deadline": date(2026, 11, 23)}, Urgency.NORMAL),
        ({"deadline": date(2026, 11, 25), "danger": "violence"}, Urgency.DANGER),
    ],
)
async def test_danger_and_a_near_date_make_a_case_urgent(
    database: Database, about: dict[str, Any], urgency: Urgency
) -> None:
    async with database.transaction() as session:
        opened = await case(session, **about)
        assert opened.urgency is urgency
        assert opened.clock_at == cases.clock(CaseState.NEW, urgency, TUESDAY)


async def test_a_date_that_comes_near_makes_a_case_urgent_once(database: Database) -> None:
    async with database.transaction() as session:
        opened = await case(session, deadline=date(2026, 12, 4))
        assert await cases.raise_urgency(session, later(days=2)) == []
        assert await cases.raise_urgency(session, later(days=3)) == [opened]
        assert opened.urgency is Urgency.URGENT
        assert await cases.raise_urgency(session, later(days=3)) == []
    async with database.transaction() as session:
        kinds = [one.kind for one in await case_history.history(session, opened)]
        assert kinds == [EventKind.STATE, EventKind.PRIORITY]


async def test_the_database_refuses_an_open_case_that_nobody_answers_for(
    database: Database,
) -> None:
    async with database.transaction() as session:
        opened = await case(session)
    for broken in ({"clock_at": None}, {"state": CaseState.IN_WORK}):
        with pytest.raises(IntegrityError):
            async with database.transaction() as session:
                found = await session.get_one(Case, opened.id)
                for column, value in broken.items():
                    setattr(found, column, value)


@pytest.mark.parametrize(
    "steps",
    [
        "accept work nudge back accept close reopen",
        "nudge nudge accept nudge close",
        "close reopen close reopen accept",
        "accept back back close close",
        "work reopen accept accept reopen",
        "close accept back work nudge",
    ],
)
async def test_whatever_happens_an_open_case_has_an_owner_whose_clock_runs(
    database: Database, steps: str
) -> None:
    async with database.transaction() as session:
        nurlan = await lawyer(session, await partner(session, "Адилет"))
        opened = await case(session)
        for place, step in enumerate(steps.split()):
            now = later(hours=place)
            with suppress(cases.CaseClosed, cases.CaseOpen):
                await _step(session, opened, nurlan, step, now)
            await session.flush()
            if opened.state is CaseState.CLOSED:
                assert opened.clock_at is None
            else:
                assert opened.clock_at is not None and opened.clock_at > now
            assert (opened.lawyer_id is not None) or opened.state is not CaseState.IN_WORK
            last = (await case_history.history(session, opened))[-1]
            assert last.state is opened.state


async def _step(
    session: AsyncSession, opened: Case, nurlan: Lawyer, step: str, now: datetime
) -> None:
    match step:
        case "accept":
            await cases.assign(session, opened, nurlan, now=now)
        case "back":
            await cases.with_coordinator(session, opened, now=now, why="moved")
        case "nudge" if opened.state is not CaseState.CLOSED:
            cases.nudge(session, opened, now)
        case "work":
            await cases.worked(session, opened, now)
        case "close":
            await cases.close(session, opened, Outcome.ADVICE, by=nurlan.chat_id, now=now)
        case "reopen":
            await cases.reopen(session, opened, by=COORDINATOR, now=now)


# --- in work ------------------------------------------------------------------------------------


async def test_each_step_gives_the_lawyer_time_until_the_next(database: Database) -> None:
    async with database.transaction() as session:
        nurlan = await lawyer(session, await partner(session, "Адилет"))
        calm, danger = await case(session), await case(session, danger="violence")
        for one in (calm, danger):
            await cases.assign(session, one, nurlan, now=TUESDAY)
            cases.nudge(session, one, TUESDAY)
            await cases.worked(session, one, TUESDAY)
            assert one.nudges == 0
        assert (calm.clock_at, danger.clock_at) == (later(days=7), later(days=1))
        await _booked(session, calm, nurlan, later(days=10))
        await cases.worked(session, calm, TUESDAY)
        assert calm.clock_at == later(days=11, minutes=30)


async def _booked(
    session: AsyncSession, of: Case, nurlan: Lawyer, starts_at: datetime
) -> Consultation:
    booked = Consultation(
        case_id=of.id,
        lawyer_id=nurlan.id,
        chat_id=1,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=30),
        way=Way.PHONE,
        state=ConsultationState.BOOKED,
        created_at=TUESDAY,
    )
    session.add(booked)
    await session.flush()
    return booked


async def test_a_more_urgent_case_has_less_time_never_more(database: Database) -> None:
    async with database.transaction() as session:
        opened = await case(session)
        await cases.set_urgency(session, opened, Urgency.DANGER, by=COORDINATOR, now=TUESDAY)
        assert opened.clock_at == later(minutes=15)
        await cases.set_urgency(session, opened, Urgency.NORMAL, by=COORDINATOR, now=TUESDAY)
        assert opened.clock_at == later(minutes=15)


async def test_only_cases_without_an_open_offer_are_overdue_the_longest_first(
    database: Database,
) -> None:
    async with database.transaction() as session:
        adilet = await partner(session, "Адилет")
        nurlan = await lawyer(session, adilet)
        await rules_are(session, Rule(adilet.id))
        offered = await case(session)
        assert await routing.route(session, offered, TUESDAY) is not None
        working, new, closed = [await case(session) for _ in range(3)]
        await cases.assign(session, working, nurlan, now=TUESDAY)
        await cases.close(session, closed, Outcome.ADVICE, by=nurlan.chat_id, now=TUESDAY)
        lost = await case(session)
        cases.set_state(session, lost, CaseState.OFFERED, by=None, now=TUESDAY)
    async with database.transaction() as session:
        assert await cases.overdue(session, later(hours=3)) == []
        found = await cases.overdue(session, later(days=30))
        assert [one.id for one in found] == [new.id, lost.id, working.id]


async def test_a_case_handed_back_is_not_offered_to_the_same_lawyer(database: Database) -> None:
    async with database.transaction() as session:
        adilet = await partner(session, "Адилет")
        nurlan, aida = await lawyer(session, adilet), await lawyer(session, adilet, "Аида")
        await rules_are(session, Rule(adilet.id))
        offer = await routing.route(session, opened := await case(session), TUESDAY)
        assert offer is not None and offer.lawyer == nurlan
        await routing.accept(session, offer.handoff.id, nurlan, TUESDAY)
        nurlan.current_case_id = opened.id
        await hand_back.hand_back(session, opened, nurlan, "көп иш", TUESDAY)
        again = await routing.route(session, opened, TUESDAY)
        assert again is not None and again.lawyer == aida
        assert (opened.state, opened.lawyer_id) == (CaseState.OFFERED, None)
        assert nurlan.current_case_id is None
    async with database.reading() as session:
        first = await session.get_one(Handoff, offer.handoff.id)
        assert (first.state, first.why) == (HandoffState.HANDED_BACK, "көп иш")


# --- what changes, what is due ------------------------------------------------------------------


async def test_the_story_grows_until_a_lawyer_has_it(database: Database) -> None:
    async with database.transaction() as session:
        nurlan = await lawyer(session, await partner(session, "Адилет"))
        opened = await case(session, story="Айлык бербейт")
        await case_details.add_to_story(session, opened, "Үч ай болду")
        assert opened.story == "Айлык бербейт\nҮч ай болду"
        with pytest.raises(case_details.TooMuch):
            await case_details.add_to_story(session, opened, "а" * case_details.LONGEST_STORY)
        for _ in range(case_details.MOST_FILES):
            await case_details.add_file(session, opened, "photo", "id", None)
        with pytest.raises(case_details.TooMuch):
            await case_details.add_file(session, opened, "photo", "id", None)
        await cases.assign(session, opened, nurlan, now=TUESDAY)
        with pytest.raises(case_details.HasLawyer):
            await case_details.add_to_story(session, opened, "дагы")
        await case_details.change_phone(session, opened, "+996700111222")
        await cases.close(session, opened, Outcome.ADVICE, by=nurlan.chat_id, now=TUESDAY)
        with pytest.raises(cases.CaseClosed):
            await case_details.change_phone(session, opened, None)
        assert opened.phone == "+996700111222"


async def test_what_is_due_today_comes_first_and_says_why(database: Database) -> None:
    async with database.transaction() as session:
        nurlan = await lawyer(session, await partner(session, "Адилет"))
        calm, late, meets, dated, writes = [await case(session) for _ in range(5)]
        for one in (calm, late, meets, dated, writes):
            await cases.assign(session, one, nurlan, now=TUESDAY)
            await cases.worked(session, one, TUESDAY)
        late.clock_at = later(hours=-1)
        await _booked(session, meets, nurlan, later(hours=3))
        await case_details.set_deadline(
            session, dated, date(2026, 11, 27), by=nurlan.chat_id, now=TUESDAY
        )
        for number, chat_id in enumerate((nurlan.chat_id, 5)):
            session.add(
                RelayedMessage(
                    case_id=writes.id, from_chat_id=chat_id, from_message_id=number, sent_at=TUESDAY
                )
            )
        await session.flush()
        listed = await agenda.of_lawyer(session, nurlan, TUESDAY)
    by_case = {one.case.id: one.why for one in listed}
    assert by_case == {
        calm.id: (),
        late.id: (Why.LATE,),
        meets.id: (Why.APPOINTMENT,),
        dated.id: (Why.DEADLINE, Why.CLOCK),
        writes.id: (Why.REPLY,),
    }
    assert listed[0].case.id == dated.id, "the urgent one"
    assert listed[-1].case.id == calm.id, "nothing is due in it"


# --- the end ------------------------------------------------------------------------------------


async def _closed(
    session: AsyncSession, outcome: Outcome = Outcome.ADVICE, now: datetime = TUESDAY
) -> Case:
    opened = await case(session, now)
    await cases.close(session, opened, outcome, by=COORDINATOR, now=now)
    return opened


async def test_a_case_closes_once(database: Database) -> None:
    async with database.transaction() as session:
        opened = await _closed(session)
    outcomes = await asyncio.gather(*(_withdraws(database, opened) for _ in range(2)))
    assert outcomes == [False, False]
    async with database.reading() as session:
        found = await session.get_one(Case, opened.id)
        assert (found.state, found.outcome, found.closed_at) == (
            CaseState.CLOSED,
            Outcome.ADVICE,
            TUESDAY,
        )


async def _withdraws(database: Database, of: Case) -> bool:
    async with database.transaction() as session:
        found = await session.get_one(Case, of.id)
        try:
            await cases.withdraw(session, found, now=TUESDAY)
        except cases.CaseClosed:
            return False
        return True


async def test_of_two_who_end_a_case_at_once_one_does(database: Database) -> None:
    async with database.transaction() as session:
        opened = await case(session)
    assert sorted(await asyncio.gather(*(_withdraws(database, opened) for _ in range(5)))) == [
        *[False] * 4,
        True,
    ]
    async with database.reading() as session:
        states = await session.scalars(
            select(CaseEvent.state).where(CaseEvent.case_id == opened.id).order_by(CaseEvent.id)
        )
        assert list(states) == [CaseState.NEW, CaseState.CLOSED]


async def test_a_closed_case_opens_again_within_thirty_days(database: Database) -> None:
    async with database.transaction() as session:
        opened = await _closed(session)
        with pytest.raises(cases.TooLate):
            await cases.reopen(session, opened, by=1, now=later(days=31))
        assert ratings.rate(session, opened, 2, by=1, now=TUESDAY)
        await cases.reopen(session, opened, by=1, now=later(days=29))
        assert (opened.state, opened.outcome, opened.rating) == (CaseState.NEW, None, None)
        assert opened.clock_at is not None
        with pytest.raises(cases.CaseOpen):
            await cases.reopen(session, opened, by=1, now=later(days=29))
    async with database.reading() as session:
        rated = [one for one in await case_history.history(session, opened) if one.why]
        assert [(one.kind, one.why) for one in rated] == [(EventKind.RATED, "2")]


async def test_a_mark_counts_once(database: Database) -> None:
    async with database.transaction() as session:
        closed, running = await _closed(session), await case(session)
        assert not ratings.rate(session, running, 5, by=1, now=TUESDAY)
        assert not ratings.word(closed, "рахмат", TUESDAY), "without a mark there is no word"
        assert not ratings.rate(session, closed, 6, by=1, now=TUESDAY)
        assert not ratings.rate(session, closed, 5, by=1, now=later(days=61))
        assert ratings.rate(session, closed, 4, by=1, now=TUESDAY)
        assert not ratings.rate(session, closed, 1, by=1, now=TUESDAY)
        assert ratings.word(closed, "рахмат", TUESDAY)
        assert (closed.rating, closed.rating_word) == (4, "рахмат")
        assert not ratings.is_unhappy(closed)


async def test_two_weeks_later_it_is_asked_once_whether_it_helped(database: Database) -> None:
    async with database.transaction() as session:
        closed = await _closed(session)
        await _closed(session, Outcome.WITHDRAWN)
        await _closed(session, Outcome.UNREACHABLE)
        await _closed(session, now=later(days=-90))
        assert not ratings.helped(session, closed, Help.NO, by=1, now=TUESDAY), "nobody asked"
        assert await ratings.to_ask_helped(session, later(days=13)) == []
        assert await ratings.to_ask_helped(session, later(days=14)) == [closed]
        assert await ratings.to_ask_helped(session, later(days=15)) == []
        assert ratings.helped(session, closed, Help.NO, by=1, now=later(days=15))
        assert not ratings.helped(session, closed, Help.YES, by=1, now=later(days=15))
        assert ratings.is_unhappy(closed)


async def test_cases_belong_to_who_brought_them(database: Database) -> None:
    async with database.transaction() as session:
        mine, theirs = await person(session), await person(session)
        first = await cases.open_case(session, told(), mine, TUESDAY)
        second = await cases.open_case(session, told(somebody_else="Гүлнара"), mine, TUESDAY)
        await cases.withdraw(session, first, now=TUESDAY)
        assert await cases.of_citizen(session, mine) == [second, first]
        assert await cases.of_citizen(session, mine, open_only=True) == [second]
        assert await cases.of_citizen(session, theirs) == []
        assert await case_details.of_person(session, first.id, mine) is first
        assert await case_details.of_person(session, first.id, theirs) is None


async def test_of_two_who_change_the_priority_at_once_neither_makes_danger_less(
    database: Database,
) -> None:
    async with database.transaction() as session:
        opened = await case(session)

    async def changes(urgency: Urgency) -> None:
        async with database.transaction() as session:
            read = await session.get_one(Case, opened.id)
            await asyncio.sleep(0)
            await cases.set_urgency(
                session, read, urgency, by=COORDINATOR, now=TUESDAY, only_up=True
            )

    await asyncio.gather(*(changes(one) for one in [Urgency.DANGER, *[Urgency.URGENT] * 4]))
    async with database.transaction() as session:
        now = await session.get_one(Case, opened.id)
        assert now.urgency is Urgency.DANGER
        assert now.clock_at == later(minutes=15)
