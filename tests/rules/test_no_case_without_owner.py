"""No open case is ever without an owner whose clock runs, whatever people do and in whatever order."""

from __future__ import annotations

import os
import random
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services import case_details, cases, conflicts, hand_back, partners, privacy, routing, rules
from services.refusals import Refusal
from services.rules import Rule
from storage.cases import Case, CaseEvent, CaseState, Outcome, Urgency
from storage.database import Database
from storage.partners import Lawyer, Partner, Standing, Way
from storage.people import Person
from storage.routing import Handoff, HandoffState
from tests.rules import staff
from tests.rules.staff import COORDINATOR, TUESDAY

TOPICS, LANGUAGES = ("family", "labour", "land"), ("ky", "ru")
LIVES = int(os.environ.get("LIVES", "3"))  # more of them by hand: LIVES=200 STEPS=300
STEPS = int(os.environ.get("STEPS", "160"))
NAMES = (None, "Асанов Бакыт", "Bakyt Asanov", "Токтоева Гүлнара", "ОсОО «Ромашка»")


class Life:
    """What people do, at random but the same for the same seed: each step in a transaction."""

    def __init__(self, session: AsyncSession, chance: random.Random, now: datetime) -> None:
        self.session, self.chance, self.now = session, chance, now

    async def step(self) -> str:
        """Do something; give back what it was. A refusal is ordinary life."""
        acts = {
            self.asks: 6,
            self.accepts: 5,
            self.declines: 3,
            self.time_passes: 3,
            self.coordinator_moves: 2,
            self.lawyer_joins: 2,
            self.resumes: 2,
            self.hands_back: 2,
            self.lawyer_leaves: 1,
            self.partner_ends: 0.3,
            self.group_changes: 1,
            self.blocks_or_hides: 1,
            self.comes_back: 2,
            self.asks_to_be_forgotten: 1,
            self.changes_the_deadline: 1,
            self.pauses: 1,
            self.rules_change: 1,
            self.overrules: 1,
            self.becomes_urgent: 1,
            self.citizen_withdraws: 2,
            self.lawyer_closes: 1,
            self.reopens: 1,
        }
        (act,) = self.chance.choices(list(acts), list(acts.values()))
        try:
            async with self.session.begin_nested():
                await act()
        except Refusal as refusal:
            return f"{act.__name__}: {type(refusal).__name__}"
        return act.__name__

    async def one(self, kind: type[Any], *where: Any) -> Any:
        """One row of a kind, or a refusal when there is none."""
        found: Sequence[Any] = (
            await self.session.scalars(select(kind).where(*where).order_by(kind.id))
        ).all()
        if not found:
            raise Refusal
        return self.chance.choice(found)

    async def asks(self) -> None:
        pick = self.chance.choice
        case = await staff.case(
            self.session,
            self.now,
            topic=pick(TOPICS),
            language=pick(LANGUAGES),
            way=pick(list(Way)),
            urgency=pick(list(Urgency)),
            full_name=pick(NAMES),
            opponent=pick(NAMES),
        )
        await routing.route(self.session, case, self.now)

    async def handoff(self) -> tuple[Handoff, Lawyer]:
        """Any handoff, open or not, and any lawyer: most of what is tried here has to be refused."""
        if self.chance.random() < 0.7:
            handoff = await self.one(Handoff, Handoff.state == HandoffState.OPEN)
            return handoff, await self.session.get_one(Lawyer, handoff.lawyer_id)
        return await self.one(Handoff), await self.one(Lawyer)

    async def accepts(self) -> None:
        handoff, lawyer = await self.handoff()
        try:
            await routing.accept(self.session, handoff.id, lawyer, self.now)
        except routing.ConflictHeld:
            await routing.conflict_found(self.session, handoff.id, self.now)

    async def declines(self) -> None:
        handoff, lawyer = await self.handoff()
        await routing.decline(self.session, handoff.id, lawyer, "занят", self.now)

    async def time_passes(self) -> None:
        self.now += timedelta(minutes=self.chance.choice([5, 20, 200, 2000, 9000]))
        for handoff, _ in await routing.expired(self.session, self.now):
            await routing.expire(self.session, handoff, self.now)
        for case in await cases.overdue(self.session, self.now):
            cases.nudge(self.session, case, self.now)

    async def citizen_withdraws(self) -> None:
        case = await self.one(Case)
        await routing.take_back(self.session, case, by=None, now=self.now)
        await cases.withdraw(self.session, case, now=self.now)

    async def lawyer_closes(self) -> None:
        case = await self.one(Case, Case.state == CaseState.IN_WORK)
        await cases.close(self.session, case, Outcome.ADVICE, by=1, now=self.now)

    async def reopens(self) -> None:
        await cases.reopen(self.session, await self.one(Case), by=COORDINATOR, now=self.now)

    async def coordinator_moves(self) -> None:
        case, partner = await self.one(Case), await self.one(Partner)
        await routing.offer_to(self.session, case, partner, by=COORDINATOR, now=self.now)

    async def hands_back(self) -> None:
        case = await self.one(Case, Case.state == CaseState.IN_WORK)
        lawyer = await self.session.get_one(Lawyer, case.lawyer_id)
        await hand_back.hand_back(self.session, case, lawyer, "көп иш", self.now)
        await routing.route(self.session, case, self.now)

    async def partner_ends(self) -> None:
        of = await self.one(Partner, Partner.standing != Standing.ENDED)
        left = await partners.end_partner(self.session, of, by=COORDINATOR, now=self.now)
        for case in left:
            await routing.take_back(self.session, case, by=None, now=self.now)
            await routing.route(self.session, case, self.now)

    async def group_changes(self) -> None:
        of = await self.one(Partner, Partner.standing != Standing.ENDED)
        if of.group_chat_id is None:
            await partners.bind_group(self.session, of, -1000 - of.id)
        else:
            partners.unbind_group(of)

    async def blocks_or_hides(self) -> None:
        person = await self.one(Person)
        if self.chance.random() < 0.5:
            person.blocked_at = self.now
        else:
            person.discreet = True

    async def comes_back(self) -> None:
        person = await self.one(Person)
        person.blocked_at, person.discreet = None, False

    async def asks_to_be_forgotten(self) -> None:
        case = await self.one(Case, Case.person_id.is_not(None))
        await privacy.forget_cases(self.session, await self.session.get_one(Person, case.person_id))

    async def changes_the_deadline(self) -> None:
        case, day = await self.one(Case), self.now.date() + timedelta(self.chance.randrange(20))
        chosen: date | None = self.chance.choice([None, day])
        await case_details.set_deadline(self.session, case, chosen, by=1, now=self.now)
        await cases.raise_urgency(self.session, self.now)

    async def lawyer_leaves(self) -> None:
        lawyer = await self.one(Lawyer, Lawyer.standing != Standing.ENDED)
        left = await partners.end_lawyer(self.session, lawyer, by=COORDINATOR, now=self.now)
        for case in left:
            await routing.take_back(self.session, case, by=None, now=self.now)
            await routing.route(self.session, case, self.now)

    async def lawyer_joins(self) -> None:
        of = await self.one(Partner, Partner.standing != Standing.ENDED)
        await staff.lawyer(
            self.session,
            of,
            languages=self.chance.choice([[], ["ky"], ["ru"]]),
            topics=self.chance.choice([[], ["family"]]),
            on_duty=self.chance.random() < 0.3,
        )

    async def pauses(self) -> None:
        partners.pause(await self.one(self.chance.choice([Lawyer, Partner])))

    async def resumes(self) -> None:
        partners.resume(await self.one(self.chance.choice([Lawyer, Partner])))

    async def rules_change(self) -> None:
        of = await self.one(Partner)
        current = await rules.in_order(self.session)
        rule = Rule(
            of.id,
            topic=self.chance.choice([None, *TOPICS]),
            language=self.chance.choice([None, *LANGUAGES]),
            weekly_most=self.chance.choice([None, 1, 3]),
        )
        kept = current[1:] if len(current) > 4 else current
        await rules.save(self.session, rules.put(kept, rule))

    async def overrules(self) -> None:
        case = await self.one(Case)
        for conflict, _ in await conflicts.of_case(self.session, case):
            await conflicts.overrule(self.session, conflict.id, "ошибка", COORDINATOR, self.now)

    async def becomes_urgent(self) -> None:
        case = await self.one(Case)
        await cases.set_urgency(self.session, case, Urgency.DANGER, by=None, now=self.now)


async def everybody_is_cared_for(session: AsyncSession, now: datetime) -> None:
    """The invariant, for every case there is."""
    await session.flush()
    handoffs = (
        await session.scalars(select(Handoff).where(Handoff.state == HandoffState.OPEN))
    ).all()
    lawyers = {one.id: one for one in await session.scalars(select(Lawyer))}
    for case in await session.scalars(select(Case)):
        waiting = [one for one in handoffs if one.case_id == case.id]
        match case.state:
            case CaseState.CLOSED:
                assert not waiting
                assert case.clock_at is None
                continue
            case CaseState.OFFERED:
                (handoff,) = waiting
                assert handoff.deadline_at == case.clock_at
                assert case.lawyer_id is None
            case CaseState.IN_WORK:
                assert not waiting
                assert case.lawyer_id is not None
                assert lawyers[case.lawyer_id].standing is not Standing.ENDED
            case CaseState.NEW:
                assert not waiting
                assert case.lawyer_id is None
        assert case.clock_at is not None
        assert case.clock_at <= now + timedelta(days=30), "a clock that comes to an end"


async def every_clock_is_heard(session: AsyncSession, now: datetime) -> None:
    """Whoever's time runs out, it is noticed: by the offers that expire, or by what is overdue."""
    forever = now + timedelta(days=60)
    heard = {case.id for _, case in await routing.expired(session, forever)}
    heard |= {case.id for case in await cases.overdue(session, forever)}
    still_open = await session.scalars(select(Case.id).where(Case.state != CaseState.CLOSED))
    assert set(still_open) == heard


@pytest.mark.parametrize("seed", range(LIVES))
async def test_no_open_case_is_without_an_owner_whose_clock_runs(
    database: Database, seed: int
) -> None:
    chance = random.Random(seed)
    async with database.transaction() as session:
        for name, group in (("Адилет", None), ("Эн Сан", -100), ("Мыйзам", None)):
            of = await staff.partner(session, name, group=group)
            await staff.lawyer(session, of, on_duty=name == "Мыйзам")
        await staff.rules_are(session, Rule(1, topic="family", weekly_most=5), Rule(2), Rule(3))
    now, done = TUESDAY, list[str]()
    for _ in range(STEPS if database.is_sqlite else 2 * STEPS // 3):
        async with database.transaction() as session:
            life = Life(session, chance, now)
            done.append(await life.step())
            now = life.now
            try:
                await everybody_is_cared_for(session, now)
            except AssertionError as error:
                raise AssertionError(f"after {done[-5:]}") from error
    async with database.transaction() as session:
        await every_clock_is_heard(session, now)
        states = set(await session.scalars(select(CaseEvent.state)))
    assert states == set(CaseState), "the run has seen something of everything"
