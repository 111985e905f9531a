"""Questions that found no answer, what became of them, and what people think of the answers."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from services.curation import AlreadyDecided
from services.refusals import Refusal
from storage.people import Person, Privacy
from storage.questions import (
    AnswerWish,
    Feedback,
    GivenAnswer,
    Miss,
    MissedQuestion,
    MissState,
)
from storage.traffic import OutboxMessage, OutboxState, Priority

LONGEST = 1000  # characters kept of a missed question: enough to see what was meant
MOST_LISTED = 300  # questions looked at together, the newest
LATELY = timedelta(days=90)  # how long it is known who was given an answer


class NothingToWait(Refusal):
    """The question is not on the list any more."""

    message = "This question is settled already. Please ask again."


def keep_missed(
    session: AsyncSession,
    *,
    asker: Person,
    text: str,
    language: str,
    why: Miss,
    now: datetime,
    article: str | None = None,
) -> str | None:
    """Put a question on the curators' list, without the person; give back its ticket.

    With the ticket the asker can choose to be told when there is an answer. Of somebody who declined
    the privacy notice nothing is kept; who hid the conversation gets no ticket: nothing is to come.
    """
    if asker.privacy is Privacy.DECLINED:
        return None
    ticket = secrets.token_urlsafe(12)
    session.add(
        MissedQuestion(
            text=text[:LONGEST],
            language=language,
            why=why,
            article=article,
            asked_at=now,
            state=MissState.OPEN,
            ticket=ticket,
        )
    )
    return None if asker.discreet else ticket


async def wish(
    session: AsyncSession, *, ticket: str, asker: Person, message_id: int, now: datetime
) -> None:
    """Note that the asker wants to be told of an answer; raise NothingToWait."""
    question = await session.scalar(
        select(MissedQuestion)
        .where(
            MissedQuestion.ticket == ticket,
            MissedQuestion.state.in_([MissState.OPEN, MissState.WANTED]),
        )
        .with_for_update()  # a curator who ties it at this moment sees the wish, or we see the tie
    )
    if question is None:
        raise NothingToWait
    known = select(AnswerWish.id).where(
        AnswerWish.question_id == question.id, AnswerWish.person_id == asker.id
    )
    if await session.scalar(known) is None:
        session.add(
            AnswerWish(
                question_id=question.id,
                person_id=asker.id,
                message_id=message_id,
                wished_at=now,
            )
        )


async def listed(session: AsyncSession, state: MissState) -> Sequence[MissedQuestion]:
    """Return the newest questions in a state, newest first."""
    newest = select(MissedQuestion).where(MissedQuestion.state == state)
    newest = newest.order_by(MissedQuestion.id.desc()).limit(MOST_LISTED)
    return (await session.scalars(newest)).all()


async def counts(session: AsyncSession) -> dict[MissState, int]:
    """Return how many questions there are in each state."""
    rows = await session.execute(
        select(MissedQuestion.state, func.count()).group_by(MissedQuestion.state)
    )
    return {row[0]: row[1] for row in rows}


async def settle(
    session: AsyncSession,
    ids: Collection[int],
    state: MissState,
    *,
    was: Collection[MissState],
    by: Person,
    now: datetime,
) -> None:
    """Note what a curator made of questions that stood in one of some states; raise AlreadyDecided.

    The UPDATE decides which of two curators was first.
    """
    settled = await session.execute(
        update(MissedQuestion)
        .where(MissedQuestion.id.in_(ids), MissedQuestion.state.in_(was))
        .values(state=state, settled_at=now, settled_by=by.chat_id)
        .returning(MissedQuestion.id)
    )
    if not settled.all():
        raise AlreadyDecided


@dataclass(frozen=True, slots=True)
class Waiting:
    """Somebody who wants to be told, and which message of theirs asked."""

    chat_id: int
    language: str | None
    message_id: int


async def take_wishes(session: AsyncSession, ids: Collection[int]) -> list[Waiting]:
    """Return who waits for an answer to the questions; each is told once, so their wishes go."""
    rows = await session.execute(
        select(Person.chat_id, Person.language, AnswerWish.message_id)
        .join(Person, Person.id == AnswerWish.person_id)
        .where(
            AnswerWish.question_id.in_(ids), Person.blocked_at.is_(None), Person.discreet.is_(False)
        )
        .order_by(AnswerWish.id)
    )
    waiting = {chat_id: Waiting(chat_id, language, said) for chat_id, language, said in rows}
    await session.execute(delete(AnswerWish).where(AnswerWish.question_id.in_(ids)))
    return list(waiting.values())


async def wishes_of(session: AsyncSession, person: Person) -> int:
    """Return for how many questions somebody wants to be told of an answer."""
    count = select(func.count()).where(AnswerWish.person_id == person.id)
    return await session.scalar(count) or 0


async def given_to(session: AsyncSession, person: Person) -> int:
    """Return how many articles it is known of that somebody was given them."""
    count = select(func.count()).where(GivenAnswer.person_id == person.id)
    return await session.scalar(count) or 0


async def drop_wishes(session: AsyncSession, person: Person) -> None:
    """Somebody hid the conversation or withdrew consent: nothing is to come by itself.

    What waits for the morning goes as well.
    """
    for table in (AnswerWish, GivenAnswer):
        await session.execute(delete(table).where(table.person_id == person.id))
    await session.execute(
        delete(OutboxMessage).where(
            OutboxMessage.chat_id == person.chat_id,
            OutboxMessage.state == OutboxState.QUEUED,
            OutboxMessage.priority >= Priority.REMINDER,
        )
    )


async def unannounced(session: AsyncSession, now: datetime) -> int:
    """Return how many open questions the curators have not heard of, and note that they hear now."""
    fresh = await session.execute(
        update(MissedQuestion)
        .where(MissedQuestion.state == MissState.OPEN, MissedQuestion.announced_at.is_(None))
        .values(announced_at=now)
        .returning(MissedQuestion.id)
    )
    return len(fresh.all())


async def last_announced(session: AsyncSession) -> datetime | None:
    """Return when the curators last heard of new questions."""
    return await session.scalar(
        select(MissedQuestion.announced_at)
        .where(MissedQuestion.announced_at.is_not(None))
        .order_by(MissedQuestion.announced_at.desc())
        .limit(1)
    )


async def note_given(session: AsyncSession, *, person: Person, article: str, now: datetime) -> None:
    """Remember who was given an article, if they agreed that anything is kept."""
    if person.privacy is not Privacy.ACCEPTED or person.discreet:
        return
    given = await session.get(GivenAnswer, (person.id, article))
    if given is None:
        session.add(GivenAnswer(person_id=person.id, article=article, given_at=now))
    else:
        given.given_at = now


def _given_lately(article: str, now: datetime) -> Select[Person]:
    return (
        select(Person)
        .join(GivenAnswer, GivenAnswer.person_id == Person.id)
        .where(
            GivenAnswer.article == article,
            GivenAnswer.given_at > now - LATELY,
            Person.blocked_at.is_(None),
            Person.discreet.is_(False),
        )
        .order_by(Person.id)
    )


async def given_lately(session: AsyncSession, article: str, now: datetime) -> int:
    """Return how many people were given an article lately and can be written to."""
    given = _given_lately(article, now).order_by(None).subquery()
    return await session.scalar(select(func.count()).select_from(given)) or 0


async def take_given(session: AsyncSession, article: str, now: datetime) -> list[Waiting]:
    """Return who was given an article lately, to tell them of its change; each is told once.

    Of two curators who press at the same moment the second waits, and finds nobody left.
    """
    given = _given_lately(article, now).with_for_update(of=GivenAnswer)
    waiting = [Waiting(one.chat_id, one.language, 0) for one in await session.scalars(given)]
    await session.execute(delete(GivenAnswer).where(GivenAnswer.article == article))
    return waiting


@dataclass(frozen=True, slots=True)
class Marks:
    """What people thought of an article lately."""

    helpful: int
    unhelpful: int


async def marks(session: AsyncSession, article: str, now: datetime) -> Marks:
    """Return how often an article helped and did not in the last 90 days."""
    rows = await session.execute(
        select(Feedback.helpful, func.sum(Feedback.count))
        .where(Feedback.article == article, Feedback.day > (now - LATELY).date())
        .group_by(Feedback.helpful)
    )
    counted = {helpful: int(number) for helpful, number in rows}
    return Marks(counted.get(True, 0), counted.get(False, 0))


async def count_feedback(
    session: AsyncSession, *, article: str, language: str, helpful: bool, now: datetime
) -> None:
    """Count a mark for an article."""
    of_today = (
        Feedback.article == article,
        Feedback.language == language,
        Feedback.day == now.date(),
        Feedback.helpful == helpful,
    )
    counted = await session.execute(
        update(Feedback).where(*of_today).values(count=Feedback.count + 1).returning(Feedback.id)
    )
    if counted.first() is None:
        session.add(
            Feedback(article=article, language=language, day=now.date(), helpful=helpful, count=1)
        )
