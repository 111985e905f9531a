"""Who may write to whom, whose copy is whose original, and when it is told that nobody answers now."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.ext.asyncio import AsyncSession

from locales import HERE
from services import cases, partners, relay
from services.refusals import Refusal
from services.relay import Talk, Written
from storage.cases import Case, Urgency
from storage.database import Database
from storage.dialogs import Dialog
from storage.partners import Lawyer
from storage.people import Person
from storage.relay import RelayedMessage
from storage.traffic import OutboxState, PostedMessage
from tests.rules import staff
from tests.rules.staff import TUESDAY

NOBODY = frozenset[int]()


@dataclass
class Sides:
    """A case at work with its two sides."""

    case: Case
    citizen: Person
    lawyer: Lawyer
    of_lawyer: Person
    talk: Talk


async def sides(session: AsyncSession, lawyer: Lawyer, **about: object) -> Sides:
    """Somebody's case, which the lawyer has accepted."""
    citizen = await staff.person(session)
    new = cases.NewCase(topic="family", language="ru", way=staff.Way.CHAT)
    case = await cases.open_case(session, new, citizen, TUESDAY)
    await cases.assign(session, case, lawyer, now=TUESDAY)
    for name, value in about.items():
        setattr(case, name, value)
    await session.flush()
    talk = await relay.between(session, case, NOBODY)
    assert talk.lawyers_person is not None
    return Sides(case, citizen, lawyer, talk.lawyers_person, talk)


@asynccontextmanager
async def one_talk(
    database: Database, **about: object
) -> AsyncIterator[tuple[AsyncSession, Sides]]:
    """A transaction with one case at work."""
    async with database.transaction() as session:
        lawyer = await staff.lawyer(session, await staff.partner(session, "Адилет"))
        yield session, await sides(session, lawyer, **about)


async def copied(session: AsyncSession, row: RelayedMessage, to: Person, message_id: int) -> None:
    """A message has arrived at the other side."""
    posted = PostedMessage(chat_id=to.chat_id, state=OutboxState.SENT, message_id=message_id)
    session.add(posted)
    await session.flush()
    row.posted_id, row.to_chat_id = posted.id, to.chat_id
    await session.flush()


# --- who ----------------------------------------------------------------------------------------


async def test_only_the_two_sides_may_write(database: Database) -> None:
    async with one_talk(database) as (session, one):
        colleague = await staff.lawyer(session, await staff.partner(session, "Другие"), "Асель")
        others = await sides(session, colleague)
        for person in (one.citizen, one.of_lawyer):
            talk = await relay.talk_of(session, one.case.id, person, NOBODY)
            assert (talk.citizen, talk.lawyer) == (one.citizen, one.lawyer)
        for person in (others.citizen, others.of_lawyer, await staff.person(session)):
            with pytest.raises(Refusal):
                await relay.talk_of(session, one.case.id, person, NOBODY)
        with pytest.raises(relay.NotYourCase):
            await relay.talk_of(session, 10**17, one.citizen, NOBODY)


async def test_a_dismissed_lawyer_is_no_side_any_more(database: Database) -> None:
    async with one_talk(database) as (session, one):
        await partners.end_lawyer(session, one.lawyer, by=1, now=TUESDAY)
        with pytest.raises(Refusal):
            await relay.talk_of(session, one.case.id, one.of_lawyer, NOBODY)
        talk = await relay.talk_of(session, one.case.id, one.citizen, NOBODY)
        row = await relay.write_down(session, talk, one.citizen, Written(5), TUESDAY)
        assert talk.receiver_of(row) is None
        assert [kept.id for kept in await relay.kept(session, one.case.id)] == [row.id]
        assert list(await relay.deliverable(session)) == []


async def test_a_citizen_who_deleted_everything_is_written_to_no_more(database: Database) -> None:
    async with one_talk(database) as (session, one):
        one.case.person_id = None
        await session.flush()
        with pytest.raises(relay.NobodyThere):
            await relay.talk_of(session, one.case.id, one.of_lawyer, NOBODY)
        newcomer = Person(chat_id=77, discreet=False, created_at=TUESDAY)
        session.add(newcomer)
        with pytest.raises(relay.NotYourCase):
            await relay.talk_of(session, one.case.id, newcomer, NOBODY)


# --- the map ------------------------------------------------------------------------------------

STEP = st.tuples(st.integers(0, 2), st.booleans(), st.integers(0, 30), st.booleans())


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=st.lists(STEP, max_size=25))
async def test_every_reply_stays_in_its_case(
    database: Database, steps: list[tuple[int, bool, int, bool]]
) -> None:
    """In whatever order three citizens and their one lawyer write: nothing leaves its case."""

    class Undo(Exception):
        pass

    with pytest.raises(Undo):
        async with database.transaction() as session:
            lawyer = await staff.lawyer(session, await staff.partner(session, "Адилет"))
            talks = [await sides(session, lawyer) for _ in range(3)]
            ids = dict.fromkeys(
                [lawyer.chat_id, *(one.citizen.chat_id for one in talks)], 0
            )  # by chat its last message, as Telegram counts

            def next_id(person: Person) -> int:
                ids[person.chat_id] += 1
                return ids[person.chat_id]

            for which, by_lawyer, quoted, arrives in steps:
                one = talks[which]
                by, to = one.citizen, one.of_lawyer
                if by_lawyer:
                    by, to = to, by
                found = await relay.at(session, by.chat_id, quoted)
                written = Written(next_id(by), reply_to=quoted)
                row = await relay.write_down(session, one.talk, by, written, TUESDAY)
                assert one.talk.receiver_of(row) is to
                if arrives:
                    await copied(session, row, to, next_id(to))
                answered = await relay.counterpart(session, row, to.chat_id)
                if found is None or found.case_id != one.case.id or answered is None:
                    assert answered is None or found is not None
                    continue
                if isinstance(answered, dict):
                    posted = await session.get(PostedMessage, answered["posted"])
                    assert posted is not None
                    assert posted.chat_id == to.chat_id
                    answered = posted.message_id
                there = await relay.at(session, to.chat_id, answered)
                assert there is not None
                assert (there.id, there.case_id) == (found.id, one.case.id)
            raise Undo


async def test_an_original_its_copy_and_the_line_below_are_one(database: Database) -> None:
    async with one_talk(database) as (session, one):
        row = await relay.write_down(session, one.talk, one.citizen, Written(5), TUESDAY)
        await copied(session, row, one.of_lawyer, 9)
        line = PostedMessage(chat_id=one.citizen.chat_id, state=OutboxState.SENT, message_id=6)
        session.add(line)
        await session.flush()
        row.confirmed_id = line.id
        await session.flush()
        for chat_id, message_id in ((one.citizen.chat_id, 5), (one.citizen.chat_id, 6)):
            assert await relay.at(session, chat_id, message_id) is row
        assert await relay.at(session, one.of_lawyer.chat_id, 9) is row
        assert await relay.at(session, one.of_lawyer.chat_id, 5) is None
        assert await relay.sent_by(session, one.of_lawyer.chat_id, 9) is None
        assert await relay.sent_by(session, one.citizen.chat_id, 5) is row


async def test_taking_back(database: Database) -> None:
    async with one_talk(database) as (session, one):
        album = []
        for number in (5, 6):
            note = Written(number, album="7")
            album.append(await relay.write_down(session, one.talk, one.citizen, note, TUESDAY))
            await copied(session, album[-1], one.of_lawyer, number + 10)
        other = await relay.write_down(session, one.talk, one.citizen, Written(8), TUESDAY)
        with pytest.raises(relay.NotYourCase):
            await relay.by_id(session, album[0].id, one.of_lawyer)
        with pytest.raises(relay.TooLateToTakeBack):
            await relay.take_back(session, album[0], TUESDAY + timedelta(hours=48))
        assert await relay.take_back(session, album[1], TUESDAY) == album
        with pytest.raises(relay.TakenBackAlready):
            await relay.take_back(session, album[0], TUESDAY)
        # What never left can be taken back at any time, and nothing is to be deleted.
        assert await relay.take_back(session, other, TUESDAY + timedelta(days=9)) == []
        assert list(await relay.kept(session, one.case.id)) == []


# --- who can have it ----------------------------------------------------------------------------


async def test_what_is_kept_waits_for_its_receiver(database: Database) -> None:
    async with one_talk(database) as (session, one):
        await relay.write_down(session, one.talk, one.of_lawyer, Written(5), TUESDAY)
        assert list(await relay.deliverable(session)) == [one.case.id]
        one.citizen.blocked_at = TUESDAY
        await session.flush()
        assert list(await relay.deliverable(session)) == []
        one.citizen.blocked_at, one.citizen.discreet = None, True
        await session.flush()
        assert list(await relay.deliverable(session)) == []
        one.citizen.discreet = False
        await session.flush()
        assert list(await relay.deliverable(session)) == [one.case.id]


async def test_a_neutral_sign_is_given_once_for_each_absence(database: Database) -> None:
    async with one_talk(database, neutral=True) as (session, one):
        row = await relay.write_down(session, one.talk, one.of_lawyer, Written(5), TUESDAY)
        assert not await relay.at_hand(session, one.talk, TUESDAY)
        row.announced = True
        await session.flush()
        assert list(await relay.deliverable(session)) == []
        one.citizen.blocked_at = TUESDAY
        await session.flush()
        await relay.announce_anew(session)
        one.citizen.blocked_at = None
        await session.flush()
        assert list(await relay.deliverable(session)) == [one.case.id]


async def test_a_neutral_citizen_is_at_hand_for_a_while_only(database: Database) -> None:
    async with one_talk(database, neutral=True) as (session, one):
        dialog = Dialog(
            chat_id=one.citizen.chat_id,
            name=relay.DIALOG,
            step=relay.TALKING,
            data={"case": one.case.id},
            updated_at=TUESDAY,
        )
        session.add(dialog)
        await session.flush()
        assert await relay.at_hand(session, one.talk, TUESDAY + timedelta(minutes=5))
        assert not await relay.at_hand(session, one.talk, TUESDAY + timedelta(hours=1))
        dialog.data = {"case": one.case.id + 1}
        assert not await relay.at_hand(session, one.talk, TUESDAY)


async def test_the_talk_does_not_push_another_conversation_aside(database: Database) -> None:
    async with one_talk(database) as (session, one):
        session.add(
            Dialog(chat_id=one.citizen.chat_id, name="bk", step="way", data={}, updated_at=TUESDAY)
        )
        await session.flush()
        assert not await relay.begin(session, one.talk, TUESDAY)
        assert not await relay.in_talk(session, one.talk)


async def test_a_silent_talk_gives_way_to_that_of_another_case(database: Database) -> None:
    async with one_talk(database) as (session, one):
        assert await relay.begin(session, one.talk, TUESDAY)
        assert not await relay.begin(session, one.talk, TUESDAY), "it is open already"
        other = await sides(session, one.lawyer)
        second = Talk(other.case, one.citizen, one.lawyer, one.of_lawyer)
        assert not await relay.begin(session, second, TUESDAY + timedelta(hours=1))
        assert await relay.begin(session, second, TUESDAY + timedelta(hours=25))
        assert await relay.in_talk(session, second)


async def test_silence_counts_from_the_last_word_of_either_side(database: Database) -> None:
    async with one_talk(database) as (session, one):
        later = TUESDAY + timedelta(hours=20)
        assert not await relay.silent(session, one.case.id, TUESDAY, later)
        assert await relay.silent(session, one.case.id, TUESDAY, TUESDAY + timedelta(hours=24))
        await relay.write_down(session, one.talk, one.of_lawyer, Written(5), later)
        assert not await relay.silent(session, one.case.id, TUESDAY, TUESDAY + timedelta(hours=40))


# --- working hours ------------------------------------------------------------------------------


def here(day: int, hour: int) -> datetime:
    """An hour of November 2026 in Bishkek; the 24th is a Tuesday."""
    return datetime(2026, 11, day, hour, tzinfo=HERE)


async def test_hours_are_told_once_an_evening(database: Database) -> None:
    async with one_talk(database) as (session, one):
        told = []
        for number, at in enumerate(
            [here(24, 11), here(24, 19), here(24, 23), here(25, 10), here(25, 20), here(27, 18)]
        ):
            note = Written(number + 5)
            row = await relay.write_down(session, one.talk, one.citizen, note, at)
            told.append(await relay.opens_at(session, one.talk, row))
        assert told == [None, here(25, 9), None, None, here(26, 9), here(30, 9)]


async def test_the_lawyer_on_duty_is_woken_in_danger_only(database: Database) -> None:
    async with one_talk(database) as (session, one):
        night = here(24, 23)
        row = await relay.write_down(session, one.talk, one.citizen, Written(5), night)
        assert not one.talk.wakes(row)
        one.case.urgency = Urgency.DANGER
        assert not one.talk.wakes(row), "not on duty"
        assert await relay.opens_at(session, one.talk, row) == here(25, 9)
        one.lawyer.on_duty = True
        assert one.talk.wakes(row)
        assert await relay.opens_at(session, one.talk, row) is None
        back = await relay.write_down(session, one.talk, one.of_lawyer, Written(6), night)
        assert not one.talk.wakes(back), "nobody wakes the citizen"
