"""Conflicts of interest: nobody acts against their own client, or for somebody they act against.

Names are sealed and opened in memory alone, where their words stay at hand while the program runs: opening
all of them for each new case would take seconds. What is kept in the database is which partner and how like
the names are, never whose.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import LargeBinary, and_, func, or_, select, type_coerce, update
from sqlalchemy.ext.asyncio import AsyncSession

from services import cases
from services.likeness import Name, compared_with, names
from services.refusals import Refusal
from services.rules import Matter
from storage.cases import Case, CaseState, EventKind
from storage.partners import Lawyer, Partner, Standing
from storage.routing import Conflict, ConflictState, Handoff, HandoffState
from storage.sealed import keyring

REMEMBERED = timedelta(days=5 * 365)  # after the closing of a case
AT_HAND = 100_000  # sealed names whose words stay in memory; a case has up to four


class ConflictSettled(Refusal):
    """Another coordinator overruled it already."""

    message = "Another coordinator has decided on this conflict already."


async def barred(
    session: AsyncSession, matter: Matter, among: Collection[int], now: datetime
) -> set[int]:
    """Those of some partners who may not have a case for a likely conflict of interest.

    What is found about a case is kept, so that the coordinator can see and overrule it.
    """
    if not isinstance(matter, Case):
        return set(await likely(session, matter, among, now))
    await check(session, matter, among, now)
    open_here = select(Conflict.partner_id).where(
        Conflict.case_id == matter.id, Conflict.state == ConflictState.OPEN
    )
    return set(await session.scalars(open_here)) & set(among)


async def check(
    session: AsyncSession, case: Case, among: Collection[int], now: datetime
) -> list[Conflict]:
    """Look for conflicts of some partners in a case; give back those found anew."""
    seen = set(
        await session.scalars(select(Conflict.partner_id).where(Conflict.case_id == case.id))
    )
    found = [
        Conflict(
            case_id=case.id,
            partner_id=partner_id,
            likeness=likeness,
            state=ConflictState.OPEN,
            found_at=now,
        )
        for partner_id, likeness in (await likely(session, case, set(among) - seen, now)).items()
    ]
    for conflict in found:
        session.add(conflict)
        cases.note(session, case, EventKind.CONFLICT, by=None, now=now)
    if found:
        await session.flush()
    return found


async def likely(
    session: AsyncSession, matter: Matter, among: Collection[int], now: datetime
) -> dict[int, int]:
    """Partners whose clients look like the other side, or whose opponents like the client: how much."""
    opponent = names(matter.opponent)
    client = _client(*map(names, (matter.full_name, matter.somebody_else, matter.called)))
    if not among or not (client or opponent):
        return {}
    found: dict[int, int] = {}
    own = matter.id if isinstance(matter, Case) else None
    lawyers = await _lawyers(session, among)
    like_opponent, like_client = compared_with(opponent), compared_with(client)
    for lawyer_id, their_client, their_opponent in await _cases(session, lawyers, own, now):
        alike = max(like_opponent(their_client), like_client(their_opponent))
        for partner_id in lawyers[lawyer_id] if alike else ():
            found[partner_id] = max(alike, found.get(partner_id, 0))
    return found


def _client(
    full_name: Sequence[Name], somebody_else: Sequence[Name], called: Sequence[Name]
) -> list[Name]:
    """For whom a case is. How somebody is called counts where it is a full name."""
    return [*full_name, *somebody_else, *(one for one in called if one.is_full)]


def _sealed(column: Any) -> Any:
    """A column as it stands in the database, not opened."""
    return type_coerce(column, LargeBinary)


@lru_cache(AT_HAND)
def _names(sealed: bytes | None) -> tuple[Name, ...]:
    """The names in a sealed text. What is changed is sealed anew, so this never grows old."""
    return () if sealed is None else tuple(names(keyring().open(sealed).decode()))


async def _lawyers(session: AsyncSession, among: Collection[int]) -> dict[int, set[int]]:
    """Everybody's work, at whichever partner, by the partners among these that it binds.

    Whoever worked for another partner before brings their earlier clients along.
    """
    rows = (
        await session.execute(select(Lawyer.id, Lawyer.partner_id, Lawyer.chat_id, Lawyer.standing))
    ).all()
    now_at: dict[int, set[int]] = defaultdict(set)
    for _, partner_id, chat_id, standing in rows:
        if standing is not Standing.ENDED:
            now_at[chat_id].add(partner_id)
    bound = {
        lawyer_id: {partner_id, *now_at[chat_id]}.intersection(among)
        for lawyer_id, partner_id, chat_id, _ in rows
    }
    return {lawyer_id: partners for lawyer_id, partners in bound.items() if partners}


async def _cases(
    session: AsyncSession, lawyers: Collection[int], but: int | None, now: datetime
) -> list[tuple[int, Sequence[Name], Sequence[Name]]]:
    """The cases that some lawyers have or had: whose it was, the client's and the opponent's names."""
    accepted = and_(Handoff.case_id == Case.id, Handoff.state == HandoffState.ACCEPTED)
    worker = func.coalesce(Handoff.lawyer_id, Case.lawyer_id)
    said = (Case.full_name, Case.somebody_else, Case.called, Case.opponent)
    past = (
        select(worker, *map(_sealed, said))
        .outerjoin(Handoff, accepted)
        .where(
            worker.in_(lawyers),
            Case.id != (but or 0),
            or_(Case.state != CaseState.CLOSED, Case.closed_at >= now - REMEMBERED),
        )
    )
    return [
        (lawyer_id, _client(*map(_names, client)), _names(opponent))
        for lawyer_id, *client, opponent in await session.execute(past)
    ]


async def of_case(session: AsyncSession, case: Case) -> list[tuple[Conflict, Partner]]:
    """All conflicts of a case with their partners, overruled ones as well."""
    rows = await session.execute(
        select(Conflict, Partner)
        .join(Partner, Partner.id == Conflict.partner_id)
        .where(Conflict.case_id == case.id)
        .order_by(Conflict.id)
    )
    return [(conflict, partner) for conflict, partner in rows]


async def overrule(
    session: AsyncSession, conflict_id: int, why: str, by: int, now: datetime
) -> Conflict:
    """A coordinator says that it is no conflict: the partner may have the case; raise ConflictSettled."""
    decided = await session.execute(
        update(Conflict)
        .where(Conflict.id == conflict_id, Conflict.state == ConflictState.OPEN)
        .values(state=ConflictState.OVERRULED, why=why, decided_by=by)
        .returning(Conflict.id)
        .execution_options(synchronize_session=False)
    )
    if decided.scalar_one_or_none() is None:
        raise ConflictSettled
    conflict = await session.get_one(Conflict, conflict_id, populate_existing=True)
    case = await session.get_one(Case, conflict.case_id)
    cases.note(session, case, EventKind.OVERRULED, by=by, now=now, why=why)
    return conflict
