"""Jobs only wake; what is due stands in the tables."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from sqlalchemy import delete, update
from sqlalchemy.ext.asyncio import AsyncSession

from handlers.context import Call
from handlers.unanswered import note
from locales import texts
from services import events, people, privacy, questions
from services.hours import decent
from storage.curation import Proposal
from storage.dialogs import Dialog
from storage.people import Role
from storage.questions import AnswerWish, GivenAnswer, MissedQuestion, MissState
from storage.traffic import (
    InboxState,
    InboxUpdate,
    OutboxMessage,
    OutboxState,
    Priority,
    Replica,
)

log = logging.getLogger(__name__)

# A bot can delete messages of a private chat for 48 hours; Telegram repeats updates for 24.
MESSAGE_IDS_KEPT = timedelta(hours=48)
SET_ASIDE_KEPT = timedelta(days=7)
DIALOGS_KEPT = timedelta(days=30)
SETTLED_KEPT = timedelta(days=90)  # questions and proposals that curators have dealt with
OPEN_KEPT = timedelta(days=365)  # and those that nobody has
BETWEEN_NOTES = timedelta(hours=20)  # between two notes to the curators


async def announce_misses(
    session: AsyncSession, admin_ids: frozenset[int], now: datetime
) -> list[Call]:
    """Tell the curators once a day, in the morning, of new questions without an answer."""
    if decent(now) > now:
        return []
    last = await questions.last_announced(session)
    if last is not None and now - last < BETWEEN_NOTES:
        return []
    number = await questions.unannounced(session, now)
    if not number:
        return []
    return [
        Call(
            person.chat_id,
            "sendMessage",
            {"chat_id": person.chat_id, **note(texts(person.language), number).params()},
            Priority.REMINDER,
        )
        for person in await people.holding(session, Role.CURATOR, admin_ids)
    ]


async def purge(session: AsyncSession, now: datetime) -> None:
    """Delete what is no longer needed."""
    old = now - MESSAGE_IDS_KEPT
    await session.execute(
        delete(InboxUpdate).where(
            InboxUpdate.received_at < old, InboxUpdate.state == InboxState.DONE
        )
    )
    await session.execute(
        update(InboxUpdate)
        .where(
            InboxUpdate.received_at < now - SET_ASIDE_KEPT,
            InboxUpdate.state == InboxState.SET_ASIDE,
        )
        .values(payload=None)
    )
    await session.execute(
        delete(OutboxMessage).where(
            OutboxMessage.created_at < old, OutboxMessage.state != OutboxState.QUEUED
        )
    )
    await privacy.purge(session, now)
    await events.purge(session, now)
    await session.execute(delete(Dialog).where(Dialog.updated_at < now - DIALOGS_KEPT))
    settled = MissedQuestion.state.in_([MissState.TIED, MissState.DISMISSED])
    await session.execute(
        delete(MissedQuestion).where(settled, MissedQuestion.settled_at < now - SETTLED_KEPT)
    )
    await session.execute(delete(MissedQuestion).where(MissedQuestion.asked_at < now - OPEN_KEPT))
    await session.execute(delete(AnswerWish).where(AnswerWish.wished_at < now - OPEN_KEPT))
    decided = Proposal.decided_at < now - SETTLED_KEPT  # what was approved stands in the log
    await session.execute(delete(Proposal).where(decided))
    await session.execute(delete(GivenAnswer).where(GivenAnswer.given_at < now - questions.LATELY))
    await session.execute(delete(Replica).where(Replica.started_at < now - timedelta(days=90)))
