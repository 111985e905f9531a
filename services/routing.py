"""Handoffs: a case is offered to one after another until somebody accepts, or the coordinator has it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from services import board, calendars, cases, conflicts, partners, rules
from services.board import Board, Choice
from services.hours import decent
from services.refusals import NotAllowed, Refusal
from services.rules import Matter, Rule
from storage.cases import Case, CaseState, EventKind, Urgency
from storage.partners import Lawyer, Partner, Standing
from storage.routing import Handoff, HandoffState

MOST_AT_ONCE = 100  # expired handoffs dealt with in one transaction
TO_COME = timedelta(hours=1)  # before a wished hour the citizen has to know whether it stands
TO_ANSWER = timedelta(minutes=30)  # less than that is no time for a lawyer
NOBODY = "no rule catches it"  # why the coordinator has it
# Why a handoff goes where it goes, as kept with it; services.reasons reads it.
BY_RULE, ON_DUTY, CHOSEN, SLOT = "rule", "on duty", "chosen", "slot"
_NOT_AGAIN = [HandoffState.DECLINED, HandoffState.EXPIRED, HandoffState.HANDED_BACK]


class TakenAlready(Refusal):
    """The handoff is settled: another lawyer was first, or it went elsewhere."""

    message = "This case has gone elsewhere meanwhile."


class ConflictHeld(TakenAlready):
    """A likely conflict of interest was found at acceptance. The lawyer isn't told why."""


class YoursAlready(Refusal):
    """The lawyer accepted this case before: a second press."""

    message = "You have this case already."


class ConflictStands(Refusal):
    """The coordinator chose a partner with a likely conflict of interest."""

    message = "A conflict of interest is likely there. Overrule it with a reason first."


class NobodyThere(Refusal):
    """The partner has no lawyer who takes cases now."""

    message = "No lawyer of this partner takes cases now."


@dataclass(frozen=True, slots=True)
class Offer:
    """An open handoff, and whom it is offered to."""

    handoff: Handoff
    partner: Partner
    lawyer: Lawyer | None


def deadline(urgency: Urgency, now: datetime) -> datetime:
    """Until when an offer is open: in danger round the clock, else in working hours."""
    return cases.clock(CaseState.OFFERED, urgency, now)


async def _answer_by(session: AsyncSession, case: Case, now: datetime) -> datetime:
    """Until when an offer is open: before the hour that its citizen has chosen, or soon if it is near."""
    until, wish = deadline(case.urgency, now), await calendars.of_case(session, case)
    if wish is None:
        return until
    known = wish.starts_at - TO_COME
    return min(until, max(known, decent(now) + TO_ANSWER))


async def eligible(session: AsyncSession, matter: Matter, now: datetime) -> list[Choice]:
    """Everybody who may be offered a case, in the order of offering, with the rule that names them."""
    chain = await _chain(session, matter, await board.read(session, now))
    among = {lawyer.partner_id for lawyer, _ in chain}
    barred = await conflicts.barred(session, matter, among, now)
    return [choice for choice in chain if choice[0].partner_id not in barred]


async def _chain(session: AsyncSession, matter: Matter, read: Board) -> list[Choice]:
    """Whose turn it may be, conflicts of interest apart."""
    if not isinstance(matter, Case):
        return read.chain(matter)
    partners_asked, lawyers_asked = await asked(session, matter)
    return read.chain(matter, but_partners=partners_asked, but_lawyers=lawyers_asked)


async def _first_free(
    session: AsyncSession, case: Case, chain: Sequence[Choice], now: datetime
) -> Choice | None:
    """The first without a conflict of interest. Names are opened only as far as is needed for that."""
    barred: dict[int, bool] = {}
    for choice in chain:
        partner_id = choice[0].partner_id
        if partner_id not in barred:
            barred[partner_id] = bool(await conflicts.barred(session, case, {partner_id}, now))
        if not barred[partner_id]:
            return choice
    return None


async def asked(session: AsyncSession, case: Case) -> tuple[set[int], set[int]]:
    """The partners and lawyers who declined a case, let its offer expire, or handed it back.

    A partner with a group was asked as a whole, unless one lawyer handed the case back; in danger each
    lawyer on duty is asked all the same.
    """
    rows = await session.execute(
        select(Handoff.lawyer_id, Handoff.partner_id, Handoff.state, Partner.group_chat_id)
        .join(Partner, Partner.id == Handoff.partner_id)
        .where(
            Handoff.case_id == case.id,
            Handoff.state.in_(_NOT_AGAIN),
        )
    )
    asked_partners, asked_lawyers = set(), set()
    for lawyer_id, partner_id, state, group in rows:
        if lawyer_id is not None:
            asked_lawyers.add(lawyer_id)
        of_all = group is not None and state is not HandoffState.HANDED_BACK
        if lawyer_id is None or (of_all and case.urgency != Urgency.DANGER):
            asked_partners.add(partner_id)
    return asked_partners, asked_lawyers


async def _tried(session: AsyncSession, case: Case) -> set[int]:
    """The lawyers who were asked about a case in vain, or had it once: others come before them."""
    had = select(Handoff.lawyer_id).where(
        Handoff.case_id == case.id, Handoff.state == HandoffState.ACCEPTED
    )
    _, asked_lawyers = await asked(session, case)
    return {*asked_lawyers, *(one for one in await session.scalars(had) if one is not None)}


async def route(
    session: AsyncSession, case: Case, now: datetime, *, prefer: Lawyer | None = None
) -> Offer | None:
    """Offer a case to whose turn it is, or to `prefer` if they may have it; raise TakenAlready, CaseClosed.

    None: nobody may have it, and the coordinator has it now.
    """
    await cases.lock(session, case)
    if case.state is CaseState.CLOSED:
        raise cases.CaseClosed
    if await open_handoff(session, case) is not None:
        raise TakenAlready
    read = await board.read(session, now)
    chain = await _chain(session, case, read)
    wished = [choice for choice in chain if prefer is not None and choice[0].id == prefer.id]
    chosen = await _first_free(session, case, [*wished, *chain], now)
    if chosen is None:
        await cases.with_coordinator(session, case, now=now, why=NOBODY)
        return None
    lawyer, rule = chosen
    how = SLOT if chosen in wished[:1] and chosen != chain[0] else BY_RULE if rule else ON_DUTY
    partner = await partners.partner_by_id(session, lawyer.partner_id)
    reasons = _reasons(how, rule, read.taken[rule.id] + 1 if rule else 0)
    return await _offer(session, case, partner, lawyer, now, reasons, rule=rule)


def _reasons(how: str, rule: Rule | None = None, number: int = 0) -> dict[str, Any]:
    """Why a handoff goes where it goes, as it is kept with it."""
    if rule is None:
        return {"how": how, "matched": {}, "open": number, "of": None}
    return {"how": how, "matched": rule.conditions, "open": number, "of": rule.weekly_most}


async def _offer(
    session: AsyncSession,
    case: Case,
    partner: Partner,
    lawyer: Lawyer,
    now: datetime,
    reasons: dict[str, Any],
    *,
    rule: Rule | None = None,
    by: int | None = None,
) -> Offer:
    """Open a handoff; the case's clock is its deadline."""
    handoff = Handoff(
        case_id=case.id,
        partner_id=partner.id,
        lawyer_id=lawyer.id,
        rule_id=rule.id if rule else None,
        state=HandoffState.OPEN,
        reasons=reasons,
        offered_at=now,
        deadline_at=await _answer_by(session, case, now),
    )
    session.add(handoff)
    cases.set_state(session, case, CaseState.OFFERED, by=by, now=now, clock_at=handoff.deadline_at)
    cases.note(session, case, EventKind.OFFERED, by=by, now=now)
    await session.flush()
    return Offer(handoff, partner, lawyer)


async def open_handoff(session: AsyncSession, case: Case) -> Handoff | None:
    """The handoff of a case that waits for an answer."""
    waits = select(Handoff).where(Handoff.case_id == case.id, Handoff.state == HandoffState.OPEN)
    found: Handoff | None = await session.scalar(waits)
    return found


async def _settle(
    session: AsyncSession,
    handoff: Handoff,
    state: HandoffState,
    now: datetime,
    **values: Any,
) -> None:
    """Close an open handoff; raise TakenAlready when somebody was first. The one UPDATE decides.

    The case is held by the caller.
    """
    await session.flush()
    settled = await session.execute(
        update(Handoff)
        .where(Handoff.id == handoff.id, Handoff.state == HandoffState.OPEN)
        .values(state=state, settled_at=now, **values)
        .returning(Handoff.id)
        .execution_options(synchronize_session=False)
    )
    if settled.scalar_one_or_none() is None:
        raise TakenAlready
    await session.refresh(handoff)


async def answering(session: AsyncSession, handoff_id: int, lawyer: Lawyer) -> tuple[Handoff, Case]:
    """A handoff that a lawyer may answer, and its case; raise NotAllowed, YoursAlready, TakenAlready.

    Without a group only the one to whom it is offered may; with one anybody of the partner. The case is
    held until the commit.
    """
    handoff = await session.get(Handoff, handoff_id)
    if handoff is None or handoff.partner_id != lawyer.partner_id:
        raise NotAllowed
    case = await cases.lock(session, await session.get_one(Case, handoff.case_id))
    await session.refresh(handoff)
    partner = await partners.partner_by_id(session, handoff.partner_id)
    if lawyer.standing is not Standing.ACTIVE or partner.standing is not Standing.ACTIVE:
        raise NotAllowed
    if partner.group_chat_id is None and handoff.lawyer_id not in (None, lawyer.id):
        raise NotAllowed
    if handoff.state is HandoffState.ACCEPTED and handoff.lawyer_id == lawyer.id:
        raise YoursAlready
    if handoff.state is not HandoffState.OPEN:
        raise TakenAlready
    return handoff, case


async def accept(session: AsyncSession, handoff_id: int, lawyer: Lawyer, now: datetime) -> Case:
    """A lawyer takes a case: the first has it.

    Raises NotAllowed, YoursAlready, TakenAlready; ConflictHeld when the case turns out to be against
    a client of the partner's, or for an opponent: then `conflict_found` takes it elsewhere.
    """
    handoff, case = await answering(session, handoff_id, lawyer)
    if await conflicts.barred(session, case, {lawyer.partner_id}, now):
        raise ConflictHeld
    await _settle(
        session,
        handoff,
        HandoffState.ACCEPTED,
        now,
        lawyer_id=lawyer.id,
        settled_by=lawyer.chat_id,
    )
    await cases.assign(session, case, lawyer, now=now)
    await session.flush()
    return case


async def conflict_found(session: AsyncSession, handoff_id: int, now: datetime) -> Offer | None:
    """A likely conflict came out at acceptance: the case goes to the next; raise TakenAlready."""
    handoff = await session.get_one(Handoff, handoff_id)
    case = await session.get_one(Case, handoff.case_id)
    await _settle(session, handoff, HandoffState.WITHDRAWN, now)
    return await route(session, case, now)


async def decline(
    session: AsyncSession, handoff_id: int, lawyer: Lawyer, why: str, now: datetime
) -> Offer | None:
    """A lawyer can't take a case: it goes to the next at once, None if only the coordinator is left.

    Raises NotAllowed, YoursAlready, TakenAlready.
    """
    handoff, case = await answering(session, handoff_id, lawyer)
    await _settle(session, handoff, HandoffState.DECLINED, now, settled_by=lawyer.chat_id, why=why)
    cases.note(session, case, EventKind.DECLINED, by=lawyer.chat_id, now=now, why=why)
    return await route(session, case, now)


async def expired(session: AsyncSession, now: datetime) -> list[tuple[Handoff, Case]]:
    """Handoffs that nobody answered in time, the oldest first, held until the commit.

    Those being answered at this very moment are left out.
    """
    late = (
        select(Handoff, Case)
        .join(Case, Case.id == Handoff.case_id)
        .where(Handoff.state == HandoffState.OPEN, Handoff.deadline_at <= now)
        .order_by(Handoff.deadline_at, Handoff.id)
        .limit(MOST_AT_ONCE)
        .with_for_update(of=Case, skip_locked=True, key_share=True)
        .execution_options(populate_existing=True)
    )
    return [(handoff, case) for handoff, case in await session.execute(late)]


async def expire(session: AsyncSession, handoff: Handoff, now: datetime) -> Offer | None:
    """Nobody answered: the case goes to the next, None if only the coordinator is left.

    Raises TakenAlready when it was answered after all.
    """
    case = await session.get_one(Case, handoff.case_id)
    await _settle(session, handoff, HandoffState.EXPIRED, now)
    cases.note(session, case, EventKind.EXPIRED, by=None, now=now)
    return await route(session, case, now)


async def take_back(
    session: AsyncSession, case: Case, *, by: int | None, now: datetime
) -> Handoff | None:
    """Withdraw a case's open handoff, if there is one. Who calls gives the case a new owner."""
    await cases.lock(session, case)
    handoff = await open_handoff(session, case)
    if handoff is None:
        return None
    try:
        await _settle(session, handoff, HandoffState.WITHDRAWN, now, settled_by=by)
    except TakenAlready:
        return None
    return handoff


async def offer_to(
    session: AsyncSession,
    case: Case,
    partner: Partner,
    *,
    by: int,
    now: datetime,
    lawyer: Lawyer | None = None,
) -> Offer:
    """The coordinator offers a case to a partner of their choice, whoever had it until now.

    Who hasn't had the case yet, whom it suits and who has least to do comes first, if no `lawyer` is
    named. Raises CaseClosed, NobodyThere, and ConflictStands for a likely conflict that isn't overruled.
    """
    read, tried = await board.read(session, now), await _tried(session, case)
    there = sorted(read.lawyers.get(partner.id, ()), key=read.load)
    there.sort(key=lambda one: (not board.takes(one, case), not board.speaks(one, case)))
    there.sort(key=lambda one: one.id in tried)
    chosen = [one for one in there if lawyer is None or one.id == lawyer.id]
    if not chosen:
        raise NobodyThere
    if await conflicts.barred(session, case, {partner.id}, now):
        raise ConflictStands
    await take_back(session, case, by=by, now=now)
    if case.state is CaseState.CLOSED:
        raise cases.CaseClosed
    return await _offer(session, case, partner, chosen[0], now, _reasons(CHOSEN), by=by)


async def propose(session: AsyncSession, case: Case, now: datetime) -> Partner | None:
    """A guess for a case that no rule catches: who gets the likest cases and has a lawyer for it."""
    read = await board.read(session, now)
    asked_partners, _ = await asked(session, case)
    tried = await _tried(session, case)
    able = {
        partner_id: suited
        for partner_id, lawyers in read.lawyers.items()
        if (suited := [one for one in lawyers if board.takes(one, case)])
        and partner_id not in asked_partners
        and not tried.issuperset(one.id for one in suited)
    }

    def likeness(partner_id: int) -> tuple[int, int, int]:
        near = [_nearness(rule, case) for rule in read.rules if rule.partner_id == partner_id]
        busy = min(read.open[one.id] for one in able[partner_id])
        return max(near, default=-len(rules.CONDITIONS)), -busy, -partner_id

    for partner_id in sorted(able, key=likeness, reverse=True):
        if not await conflicts.barred(session, case, {partner_id}, now):
            return await partners.partner_by_id(session, partner_id)
    return None


def _nearness(rule: Rule, case: Case) -> int:
    """How many conditions of a rule a case meets, less those it doesn't."""
    met = [bool(getattr(case, name) == wanted) for name, wanted in rule.conditions.items()]
    return 2 * met.count(True) - len(met)
