"""What a curator changes in one replica holds in all of them."""

import asyncio
from copy import copy
from datetime import UTC, datetime

import pytest

from bot.amendments import Amender
from handlers.resources import Resources
from knowledge.prepared import prepared
from services import curation, people, questions
from storage.database import Database
from storage.people import Person, Privacy
from storage.questions import Miss, MissState

NOW = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
ODD = "кто выиграет матч реал барселона"
ARTICLE = "labour/unpaid-wages"


class Replica:
    """A process: what it knows, and how it hears of changes."""

    def __init__(self, database: Database) -> None:
        base, searcher = prepared()
        self.resources = Resources(base, copy(searcher), frozenset())
        self._amender = Amender(self.resources)
        self._database = database

    async def finds(self, question: str) -> str | None:
        """Handle a question: what it finds first."""
        async with self._database.transaction() as session:
            await self._amender.refresh(session)
        return next(iter(self.resources.searcher.ask(question).ids), None)


@pytest.fixture
def replicas(database: Database) -> tuple[Replica, Replica]:
    return Replica(database), Replica(database)


async def curator(database: Database) -> Person:
    async with database.transaction() as session:
        met = await people.meet(session, {777}, NOW)
    return met[777][0]


async def test_a_tied_phrasing_is_found_in_every_replica(
    database: Database, replicas: tuple[Replica, Replica]
) -> None:
    here, there = replicas
    assert [await here.finds(ODD), await there.finds(ODD)] == [None, None]
    vera = await curator(database)
    async with database.transaction() as session:
        curation.learn(session, article=ARTICLE, language="ru", text=ODD, by=vera, now=NOW)
    assert [await here.finds(ODD), await there.finds(ODD)] == [ARTICLE, ARTICLE]
    assert await Replica(database).finds(ODD) == ARTICLE, "one that starts later"
    async with database.transaction() as session:
        curation.unlearn(session, article=ARTICLE, text=ODD, by=vera, now=NOW)
    assert [await here.finds(ODD), await there.finds(ODD)] == [None, None]


async def test_a_change_that_is_committed_late_is_not_missed(
    database: Database, replicas: tuple[Replica, Replica]
) -> None:
    if database.is_sqlite:
        pytest.skip("SQLite has one writer: numbers are committed in their order")
    here, _ = replicas
    vera = await curator(database)
    async with database.transaction() as slow:
        curation.learn(slow, article=ARTICLE, language="ru", text=ODD, by=vera, now=NOW)
        await slow.flush()  # it has the lower number, and is committed last
        async with database.transaction() as quick:
            curation.withdraw(quick, article="family/divorce", by=vera, now=NOW)
        assert await here.finds(ODD) is None
        assert here.resources.base.article("family/divorce") is None
    assert await here.finds(ODD) == ARTICLE


async def missed(database: Database) -> int:
    """A question on the list."""
    async with database.transaction() as session:
        asker = (await people.meet(session, {5}, NOW))[5][0]
        questions.keep_missed(
            session, asker=asker, text=ODD, language="ru", why=Miss.UNKNOWN, now=NOW
        )
        await session.flush()
        return (await questions.listed(session, MissState.OPEN))[0].id


async def test_of_two_curators_at_the_same_moment_one_settles_a_question(
    database: Database,
) -> None:
    vera, number = await curator(database), await missed(database)

    async def settle(state: MissState) -> bool:
        async with database.transaction() as session:
            # As the handler does: both have seen the question before either decides.
            await questions.listed(session, MissState.OPEN)
            await asyncio.sleep(0.1)
            try:
                await questions.settle(
                    session, [number], state, was=[MissState.OPEN], by=vera, now=NOW
                )
            except curation.AlreadyDecided:
                return False
            return True

    done = await asyncio.gather(settle(MissState.TIED), settle(MissState.DISMISSED))
    assert sorted(done) == [False, True]


async def test_who_was_given_an_answer_is_told_once_by_two_curators(database: Database) -> None:
    async with database.transaction() as session:
        oleg = (await people.meet(session, {5}, NOW))[5][0]
        people.answer_privacy(oleg, Privacy.ACCEPTED)
        await session.flush()
        await questions.note_given(session, person=oleg, article=ARTICLE, now=NOW)

    async def take() -> int:
        async with database.transaction() as session:
            assert await questions.given_lately(session, ARTICLE, NOW) <= 1
            await asyncio.sleep(0.1)
            return len(await questions.take_given(session, ARTICLE, NOW))

    assert sorted(await asyncio.gather(take(), take())) == [0, 1]


async def test_an_article_stays_withdrawn_under_its_new_id(
    database: Database, replicas: tuple[Replica, Replica]
) -> None:
    here, _ = replicas
    base, vera = here.resources.files, await curator(database)
    old, new = next(iter(base.aliases.items()))
    async with database.transaction() as session:
        curation.withdraw(session, article=old, by=vera, now=NOW)  # before the files renamed it
    async with database.reading() as session:
        assert (await curation.amendments(session, base)).withdrawn == {new}
    await here.finds(ODD)
    assert here.resources.base.article(old) is None
    async with database.transaction() as session:
        curation.restore(session, article=new, by=vera, now=NOW)
    await here.finds(ODD)
    assert here.resources.base.article(old) is not None
