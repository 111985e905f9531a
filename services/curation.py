"""What curators change in the knowledge base from their chats: a log that everybody reads.

Each change is a row that is never altered; laid over the files they are the base that holds now.
A replica compares the log's `stamp` with the one it has read, and reads it anew when they differ.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from knowledge.amendments import Amendments, Correction, applies
from knowledge.base import Base
from knowledge.checks.articles import spoken
from knowledge.model import Article, Language, Review
from services.refusals import Refusal
from storage.curation import ChangeKind, KnowledgeChange, Proposal, ProposalState
from storage.people import Person

Stamp = tuple[int, int]
UNTOUCHED: Stamp = (0, 0)
FEWEST, MOST = 2, 200  # characters of a learned phrasing


class PhrasingUnfit(Refusal):
    """A phrasing that can't be learned."""

    message = "Please write one line of 2 to 200 characters, as people would ask."


class OwnProposal(Refusal):
    """Somebody wants to approve what they proposed themselves."""

    message = "A second curator has to approve a correction. You proposed this one yourself."


class AlreadyDecided(Refusal):
    """Somebody else was faster."""

    message = "Another curator has dealt with this already."


class TextChanged(Refusal):
    """What a proposal corrects reads otherwise by now."""

    message = "The text has changed meanwhile. Please read it again."


async def stamp(session: AsyncSession) -> Stamp:
    """Tell apart states of the log; ids alone would not do: a later one may be committed first."""
    log = KnowledgeChange.id
    counted = await session.execute(select(func.count(log), func.coalesce(func.max(log), 0)))
    number, last = counted.one()
    return number, last


async def amendments(session: AsyncSession, base: Base) -> Amendments:
    """Read what holds now; an article whose id is an alias by now goes by that of the base."""
    phrasings: dict[tuple[str, str], tuple[str, Language, str]] = {}
    corrections: list[Correction] = []
    reviews: dict[str, Review] = {}
    withdrawn: set[str] = set()
    for change in await session.scalars(select(KnowledgeChange).order_by(KnowledgeChange.id)):
        article, content = base.aliases.get(change.article, change.article), change.content
        match change.kind:
            case ChangeKind.PHRASING:
                key = article, spoken(content["text"])
                phrasings[key] = (article, content["language"], content["text"])
            case ChangeKind.UNLEARNED:
                phrasings.pop((article, spoken(content["text"])), None)
            case ChangeKind.CORRECTION:
                corrections.append(correction_of(article, content))
            case ChangeKind.REVIEW:
                reviews[article] = Review.model_validate(content)
            case ChangeKind.WITHDRAWN:
                withdrawn.add(article)
            case ChangeKind.RESTORED:
                withdrawn.discard(article)
    return Amendments(tuple(phrasings.values()), tuple(corrections), reviews, frozenset(withdrawn))


def _record(
    session: AsyncSession, kind: ChangeKind, article: str, content: Any, by: Person, now: datetime
) -> None:
    session.add(
        KnowledgeChange(
            kind=kind, article=article, content=content, made_by=by.chat_id, made_at=now
        )
    )


def fit(text: str) -> str:
    """Return a phrasing as one line; raise PhrasingUnfit."""
    line = " ".join(text.split())
    if not FEWEST <= len(line) <= MOST or not spoken(line):
        raise PhrasingUnfit
    return line


def learn(
    session: AsyncSession,
    *,
    article: str,
    language: Language,
    text: str,
    by: Person,
    now: datetime,
) -> None:
    """Let an article be found by a phrasing; raise PhrasingUnfit."""
    content = {"language": language, "text": fit(text)}
    _record(session, ChangeKind.PHRASING, article, content, by, now)


def unlearn(session: AsyncSession, *, article: str, text: str, by: Person, now: datetime) -> None:
    """Take a learned phrasing back."""
    _record(session, ChangeKind.UNLEARNED, article, {"text": text}, by, now)


def owner_of(base: Base, text: str) -> Article | None:
    """Return the article that has a phrasing already."""
    said = spoken(text)
    for article in base.articles.values():
        for side in (article.ky, article.ru):
            if said in map(spoken, (side.title, *side.phrasings)):
                return article
    return None


def mark_reviewed(
    session: AsyncSession, *, article: Article, name: str, day: date, by: Person, now: datetime
) -> None:
    """Note that somebody has read the article as it stands now, with the law behind it."""
    content = {
        "state": "reviewed",
        "by": name,
        "on": day.isoformat(),
        "text": article.text_hash(),
    }
    _record(session, ChangeKind.REVIEW, article.id, content, by, now)


def withdraw(session: AsyncSession, *, article: str, by: Person, now: datetime) -> None:
    """Show the article to nobody any more."""
    _record(session, ChangeKind.WITHDRAWN, article, {}, by, now)


def restore(session: AsyncSession, *, article: str, by: Person, now: datetime) -> None:
    """Show a withdrawn article again."""
    _record(session, ChangeKind.RESTORED, article, {}, by, now)


def content_of(correction: Correction) -> dict[str, Any]:
    """Return a correction as it is stored."""
    return {
        "part": correction.part,
        "before": {language: list(lines) for language, lines in correction.before.items()},
        "after": {language: list(lines) for language, lines in correction.after.items()},
    }


def correction_of(article: str, content: Mapping[str, Any]) -> Correction:
    """Read a stored correction."""
    before, after = (
        {language: tuple(lines) for language, lines in content[side].items()}
        for side in ("before", "after")
    )
    return Correction(article, content["part"], before, after)


async def propose(
    session: AsyncSession, *, correction: Correction, by: Person, name: str, now: datetime
) -> Proposal:
    """Put a correction before a second curator."""
    proposal = Proposal(
        article=correction.article,
        content=content_of(correction),
        state=ProposalState.OPEN,
        proposed_by=by.chat_id,
        proposer=name,
        proposed_at=now,
    )
    session.add(proposal)
    await session.flush()
    return proposal


async def proposal(session: AsyncSession, number: int) -> Proposal | None:
    """Return a proposal by its number."""
    return await session.get(Proposal, number)


async def open_proposals(session: AsyncSession, article: str | None = None) -> Sequence[Proposal]:
    """Return the proposals that wait, oldest first; of one article if one is given."""
    query = select(Proposal).where(Proposal.state == ProposalState.OPEN).order_by(Proposal.id)
    if article is not None:
        query = query.where(Proposal.article == article)
    return (await session.scalars(query)).all()


async def decide(
    session: AsyncSession, *, number: int, approve: bool, base: Base, by: Person, now: datetime
) -> Proposal:
    """Approve or reject a proposal; raise OwnProposal, AlreadyDecided, TextChanged.

    Whoever proposed it may take it back, but not approve it. What no longer fits the article of the
    base can only be rejected. The UPDATE decides who was first.
    """
    found = await session.get(Proposal, number)
    if found is None:
        raise AlreadyDecided
    if approve and found.proposed_by == by.chat_id:
        raise OwnProposal
    if approve and found.state is ProposalState.OPEN:
        article = base.article(found.article)
        if article is None or not applies(correction_of(article.id, found.content), article):
            raise TextChanged
    decided = await session.execute(
        update(Proposal)
        .where(Proposal.id == number, Proposal.state == ProposalState.OPEN)
        .values(
            state=ProposalState.APPROVED if approve else ProposalState.REJECTED,
            decided_by=by.chat_id,
            decided_at=now,
        )
        .returning(Proposal.id)
    )
    if decided.first() is None:
        raise AlreadyDecided
    if approve:
        _record(session, ChangeKind.CORRECTION, found.article, found.content, by, now)
    return found
