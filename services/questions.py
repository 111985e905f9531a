"""Questions that found no answer, and what people think of the answers."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from storage.people import Person, Privacy
from storage.questions import Feedback, Miss, MissedQuestion

LONGEST = 1000  # characters kept of a missed question: enough to see what was meant


def keep_missed(
    session: AsyncSession,
    *,
    asker: Person,
    text: str,
    language: str,
    why: Miss,
    now: datetime,
    article: str | None = None,
) -> None:
    """Put a question on the curators' list, without the person.

    Of somebody who declined the privacy notice nothing is kept.
    """
    if asker.privacy is Privacy.DECLINED:
        return
    session.add(
        MissedQuestion(
            text=text[:LONGEST], language=language, why=why, article=article, asked_at=now
        )
    )


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
