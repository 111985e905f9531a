"""What is no longer needed goes on schedule."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from bot.jobs import purge
from services import people, questions
from storage.database import Database
from storage.people import Privacy
from storage.questions import AnswerWish, GivenAnswer, Miss, MissedQuestion, MissState

NOW = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
LONG_AGO, LATELY = NOW - timedelta(days=100), NOW - timedelta(days=10)


async def test_settled_questions_and_who_was_given_what_are_forgotten(database: Database) -> None:
    async with database.transaction() as session:
        oleg = (await people.meet(session, {1}, NOW))[1][0]
        people.answer_privacy(oleg, Privacy.ACCEPTED)
        await session.flush()
        for asked in (LONG_AGO, LATELY):
            for what in ("settled", "open"):
                questions.keep_missed(
                    session,
                    asker=oleg,
                    text=f"{what} {asked:%d.%m}",
                    language="ru",
                    why=Miss.UNKNOWN,
                    now=asked,
                )
        await session.flush()
        for missed in await questions.listed(session, MissState.OPEN):
            ticket = missed.ticket or ""
            await questions.wish(session, ticket=ticket, asker=oleg, message_id=5, now=NOW)
            if missed.text.startswith("settled"):
                await questions.settle(
                    session,
                    [missed.id],
                    MissState.DISMISSED,
                    was=[MissState.OPEN],
                    by=oleg,
                    now=missed.asked_at,
                )
        await questions.note_given(session, person=oleg, article="a/old", now=LONG_AGO)
        await questions.note_given(session, person=oleg, article="a/new", now=LATELY)
    async with database.transaction() as session:
        await purge(session, NOW)
    async with database.reading() as session:
        left = sorted(await session.scalars(select(MissedQuestion.text)))
        assert left == ["open 21.11", "open 23.08", "settled 21.11"]
        assert len((await session.scalars(select(AnswerWish))).all()) == 3
        assert list(await session.scalars(select(GivenAnswer.article))) == ["a/new"]


async def test_of_whoever_is_deleted_no_wish_is_left(database: Database) -> None:
    async with database.transaction() as session:
        oleg = (await people.meet(session, {1}, NOW))[1][0]
        people.answer_privacy(oleg, Privacy.ACCEPTED)
        await session.flush()
        ticket = questions.keep_missed(
            session, asker=oleg, text="о чём-то", language="ru", why=Miss.UNKNOWN, now=NOW
        )
        await session.flush()
        await questions.wish(session, ticket=ticket or "", asker=oleg, message_id=5, now=NOW)
        await questions.note_given(session, person=oleg, article="a/new", now=NOW)
    async with database.transaction() as session:
        oleg = (await people.meet(session, {1}, NOW))[1][0]
        await people.forget(session, oleg)
    async with database.reading() as session:
        assert (await session.scalars(select(AnswerWish))).all() == []
        assert (await session.scalars(select(GivenAnswer))).all() == []
        assert len((await session.scalars(select(MissedQuestion))).all()) == 1
