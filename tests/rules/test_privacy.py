"""What is held of citizens in cases goes in time, or when they wish; the bare case stays."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.jobs import purge
from services import case_history, cases, privacy
from services.cases import NewCase
from services.privacy import MESSAGES_KEPT, NAMES_KEPT, STORIES_KEPT, StillOpen
from storage.calendars import Consultation, ConsultationState
from storage.cases import Case, CaseEvent, CaseFile, CaseNote, CaseState, EventKind, Outcome
from storage.database import Database
from storage.partners import Way
from storage.people import Person, Role
from storage.relay import CaseThread, RelayedMessage
from storage.routing import Handoff, HandoffState
from storage.traffic import OutboxState, PostedMessage
from tests.rules import staff

NOW = staff.TUESDAY
DAY = timedelta(days=1)
WORDS = ("story", "phone", "safe_hours", "figures", "rating_word")
NAMES = ("full_name", "called", "somebody_else", "opponent")


async def told(session: AsyncSession, now: datetime, person: Person | None = None) -> Case:
    """A case in work, with all that a case can hold."""
    person = person or await staff.person(session, now)
    of = await staff.partner(session, f"Адилет {now}")
    lawyer = await staff.lawyer(session, of)
    case = await cases.open_case(
        session,
        NewCase(
            topic="labour", language="ky", way=Way.PHONE, region="KG-N", story="Айлык жок",
            phone="+996555123456", safe_hours="кечинде", full_name="Токтосунова Айнура",
            called="Айнура эже", somebody_else="Апам", opponent="Дастан", consent=True,
            files=[("photo", "AgAD", "келишим")],
        ),
        person,
        now,
    )  # fmt: skip
    await cases.assign(session, case, lawyer, now=now)
    case.figures, case.rating_word = {"age": "29-59"}, "рахмат"
    cases.note(session, case, EventKind.READ_PERSON, by=lawyer.chat_id, now=now, why="себеп")
    case_history.add_note(session, case, "эскертүү", by=lawyer.chat_id, now=now)
    handoff = Handoff(
        case_id=case.id, partner_id=of.id, lawyer_id=lawyer.id, state=HandoffState.ACCEPTED,
        reasons={}, offered_at=now, deadline_at=now, settled_by=lawyer.chat_id, why="себеп",
    )  # fmt: skip
    session.add(handoff)
    await session.flush()
    copies = [PostedMessage(chat_id=one, state=OutboxState.SENT, message_id=7)
              for one in (person.chat_id, lawyer.chat_id)]  # fmt: skip
    card = PostedMessage(chat_id=5, state=OutboxState.SENT, message_id=1, handoff_id=handoff.id)
    session.add_all([*copies, card])
    await session.flush()
    session.add(
        RelayedMessage(
            case_id=case.id, from_chat_id=lawyer.chat_id, from_message_id=case.id,
            to_chat_id=person.chat_id, posted_id=copies[0].id, sent_at=now,
        )
    )  # fmt: skip
    session.add(CaseThread(case_id=case.id, chat_id=lawyer.chat_id, posted_id=copies[1].id))
    session.add(
        Consultation(
            case_id=case.id, lawyer_id=lawyer.id, chat_id=person.chat_id, starts_at=now,
            ends_at=now, way=Way.PHONE, state=ConsultationState.DONE, created_at=now,
        )
    )  # fmt: skip
    await session.flush()
    return case


async def close(session: AsyncSession, case: Case, now: datetime) -> None:
    await cases.close(session, case, Outcome.ADVICE, by=None, now=now)


async def rows(session: AsyncSession, *tables: Any) -> list[int]:
    return [len((await session.scalars(select(one))).all()) for one in tables]


def filled(case: Case, columns: tuple[str, ...]) -> list[str]:
    return [one for one in columns if getattr(case, one) is not None]


async def test_each_thing_goes_when_its_time_has_come(database: Database) -> None:
    async with database.transaction() as session:
        case = await told(session, NOW)
        await close(session, case, NOW)
    maps = (RelayedMessage, CaseThread, PostedMessage)
    for after, words, names, messages in (
        (MESSAGES_KEPT - DAY, WORDS, NAMES, [1, 1, 3]),
        (MESSAGES_KEPT + DAY, WORDS, NAMES, [0, 0, 0]),
        (STORIES_KEPT - DAY, WORDS, NAMES, [0, 0, 0]),
        (STORIES_KEPT + DAY, (), NAMES, [0, 0, 0]),
        (NAMES_KEPT - DAY, (), NAMES, [0, 0, 0]),
        (NAMES_KEPT + DAY, (), (), [0, 0, 0]),
    ):
        for _ in range(2):  # a second look at once changes nothing
            async with database.transaction() as session:
                await purge(session, NOW + after)
        async with database.reading() as session:
            left = await session.get_one(Case, case.id)
            assert (filled(left, WORDS), filled(left, NAMES)) == (list(words), list(names)), after
            assert await rows(session, *maps) == messages, after
            kept = 1 if words else 0
            assert await rows(session, CaseFile, CaseNote) == [kept, kept]
            assert (left.person_id is not None) == bool(names)
            events = (await session.scalars(select(CaseEvent))).all()
            assert len(events) == 4 and any(one.why for one in events) == bool(words)
            assert (left.topic, left.region, left.outcome) == ("labour", "KG-N", Outcome.ADVICE)


async def test_of_open_cases_nothing_is_purged(database: Database) -> None:
    async with database.transaction() as session:
        case = await told(session, NOW)
    async with database.transaction() as session:
        await privacy.purge(session, NOW + NAMES_KEPT + DAY)
    async with database.reading() as session:
        left = await session.get_one(Case, case.id)
        assert filled(left, WORDS + NAMES) == [*WORDS, *NAMES]
        assert await rows(session, RelayedMessage, CaseThread, CaseFile, CaseNote) == [1, 1, 1, 1]


async def test_a_hold_that_ran_out_goes_after_a_day(database: Database) -> None:
    async with database.transaction() as session:
        for number, until in enumerate((NOW - 2 * DAY, NOW - DAY / 2, NOW + DAY)):
            session.add(
                Consultation(
                    chat_id=number, starts_at=NOW, ends_at=NOW, way=Way.PHONE,
                    state=ConsultationState.HELD, held_until=until, created_at=NOW,
                )
            )  # fmt: skip
    async with database.transaction() as session:
        await privacy.purge(session, NOW)
    async with database.reading() as session:
        held = await session.scalars(select(Consultation.chat_id).order_by(Consultation.chat_id))
        assert list(held) == [1, 2]


async def test_who_has_an_open_case_is_not_forgotten(database: Database) -> None:
    async with database.transaction() as session:
        case = await told(session, NOW)
    async with database.transaction() as session:
        person = await session.get_one(Person, case.person_id)
        for forgetting in (privacy.forget, privacy.forget_cases):
            with pytest.raises(StillOpen):
                await forgetting(session, person)
    async with database.reading() as session:
        assert filled(await session.get_one(Case, case.id), WORDS + NAMES)


async def test_who_is_forgotten_leaves_others_alone(database: Database) -> None:
    async with database.transaction() as session:
        gone, stays = await told(session, NOW), await told(session, NOW + DAY)
        for case in (gone, stays):
            await close(session, case, NOW + DAY)
        person = await session.get_one(Person, gone.person_id)
        await privacy.forget(session, person)
    async with database.reading() as session:
        assert await session.get(Person, person.id) is None
        assert filled(await session.get_one(Case, gone.id), (*WORDS, *NAMES, "person_id")) == []
        left = await session.get_one(Case, stays.id)
        assert filled(left, WORDS + NAMES) == [*WORDS, *NAMES]
        assert await rows(session, RelayedMessage, CaseFile, CaseNote) == [1, 1, 1]
        chats = await session.scalars(select(Consultation.chat_id).order_by(Consultation.id))
        assert [one == 0 for one in chats] == [True, False]


async def test_who_looked_is_told_by_role(database: Database) -> None:
    async with database.transaction() as session:
        case = await told(session, NOW)
        cases.note(session, case, EventKind.READ_STORY, by=staff.COORDINATOR, now=NOW + DAY)
        await session.flush()
        held = await privacy.held(session, case, frozenset({staff.COORDINATOR}))
    assert [(one.role, one.what, one.at) for one in held.looks] == [
        (Role.LAWYER, EventKind.READ_PERSON, NOW),
        (Role.COORDINATOR, EventKind.READ_STORY, NOW + DAY),
    ]
    assert (len(held.files), held.notes, held.messages, len(held.appointments)) == (1, 1, 1, 1)
    assert held.case.state is CaseState.IN_WORK
