"""Who could take a case now: the rules, the lawyers, and how much each of them has."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

from sqlalchemy import exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from locales import HERE
from services import rules
from services.hours import decent
from services.rules import Matter, Rule
from storage.cases import Case, CaseState, Urgency
from storage.partners import Lawyer, Partner, Standing
from storage.people import Grant, Person, Role
from storage.routing import Handoff, HandoffState

Choice = tuple[Lawyer, Rule | None]  # the rule by which it is their turn; None: they are on duty


@dataclass(slots=True)
class Board:
    """What decides about a case, read at once."""

    rules: Sequence[Rule]
    lawyers: dict[int, list[Lawyer]]  # of partners by id: those who take cases now
    open: Counter[int] = field(default_factory=Counter)  # cases in work, by lawyer
    offers: Counter[int] = field(default_factory=Counter)  # this week, by lawyer
    taken: Counter[int | None] = field(default_factory=Counter)  # this week, by rule
    night: bool = False  # only those on duty may be woken

    def chain(
        self,
        matter: Matter,
        *,
        but_partners: Collection[int] = (),
        but_lawyers: Collection[int] = (),
    ) -> list[Choice]:
        """Everybody who may be offered a case, in the order of offering, each once."""
        found: dict[int, Choice] = {}
        for lawyer, rule in self._in_turn(matter):
            if lawyer.partner_id not in but_partners and lawyer.id not in but_lawyers:
                found.setdefault(lawyer.id, (lawyer, rule))
        return list(found.values())

    def first(self, matter: Matter) -> Choice | None:
        """Whose turn it is, if it is anybody's."""
        return next(self._in_turn(matter), None)

    def _in_turn(self, matter: Matter) -> Iterator[Choice]:
        fitting = [rule for rule in self.rules if rule.fits(matter)]
        if matter.urgency == Urgency.DANGER:
            yield from self._of_rules(fitting, lambda one: one.on_duty and takes(one, matter))
            everybody = [one for of_partner in self.lawyers.values() for one in of_partner]
            for lawyer in sorted(everybody, key=self.load):
                if lawyer.on_duty and speaks(lawyer, matter):
                    yield lawyer, None
        room = [rule for rule in fitting if not self.is_full(rule)]
        yield from self._of_rules(
            room, lambda one: takes(one, matter) and self.hears_in_time(one, matter)
        )

    def hears_in_time(self, lawyer: Lawyer, matter: Matter) -> bool:
        """Tell whether a card reaches a lawyer while it matters: danger can't wait for the morning."""
        return lawyer.on_duty or not self.night or matter.urgency != Urgency.DANGER

    def _of_rules(
        self, fitting: Sequence[Rule], suits: Callable[[Lawyer], bool]
    ) -> Iterator[Choice]:
        for rule in fitting:
            for lawyer in sorted(self.lawyers.get(rule.partner_id, ()), key=self.load):
                if suits(lawyer):
                    yield lawyer, rule

    def is_full(self, rule: Rule) -> bool:
        """Tell whether a rule has given all that it may this week."""
        return rule.weekly_most is not None and self.taken[rule.id] >= rule.weekly_most

    def load(self, lawyer: Lawyer) -> tuple[int, int, int]:
        """How much a lawyer has: cases in work, then offers of this week; the least comes first."""
        return self.open[lawyer.id], self.offers[lawyer.id], lawyer.id


def speaks(lawyer: Lawyer, matter: Matter) -> bool:
    """Tell whether a lawyer speaks the case's language."""
    return not lawyer.languages or matter.language in lawyer.languages


def takes(lawyer: Lawyer, matter: Matter) -> bool:
    """Tell whether a case is of a lawyer's languages, topics and ways."""
    return (
        speaks(lawyer, matter)
        and (not lawyer.topics or matter.topic in lawyer.topics)
        and (not lawyer.ways or matter.way in lawyer.ways)
    )


def monday(now: datetime) -> datetime:
    """When the week began, in Bishkek."""
    day = now.astimezone(HERE).date()
    return datetime.combine(day - timedelta(days=day.weekday()), time(), HERE)


async def read(session: AsyncSession, now: datetime) -> Board:
    """How things stand at this moment."""
    night = decent(now) > now
    board = Board(await rules.in_order(session), await available(session), night=night)
    working = select(Case.lawyer_id, func.count()).where(Case.state == CaseState.IN_WORK)
    for lawyer_id, number in await session.execute(working.group_by(Case.lawyer_id)):
        if lawyer_id is not None:
            board.open[lawyer_id] = number
    offered = select(Handoff.rule_id, Handoff.lawyer_id, Handoff.state, func.count()).where(
        Handoff.offered_at >= monday(now)
    )
    by_all = offered.group_by(Handoff.rule_id, Handoff.lawyer_id, Handoff.state)
    for rule_id, lawyer_id, state, number in await session.execute(by_all):
        if lawyer_id is not None:
            board.offers[lawyer_id] += number
        if state in (HandoffState.OPEN, HandoffState.ACCEPTED):
            board.taken[rule_id] += number
    return board


async def available(session: AsyncSession) -> dict[int, list[Lawyer]]:
    """Lawyers who take cases now, by partner: active, still in the role, and to be reached."""
    holds = exists().where(
        Grant.person_id == Person.id,
        Grant.role.in_([Role.LAWYER, Role.ADMIN]),
        Grant.revoked_at.is_(None),
    )
    found = await session.scalars(
        select(Lawyer)
        .join(Partner, Partner.id == Lawyer.partner_id)
        .join(Person, Person.chat_id == Lawyer.chat_id)
        .where(
            Lawyer.standing == Standing.ACTIVE,
            Partner.standing == Standing.ACTIVE,
            Person.blocked_at.is_(None),
            Person.discreet.is_(False),
            holds,
        )
        .order_by(Lawyer.id)
    )
    by_partner: dict[int, list[Lawyer]] = defaultdict(list)
    for lawyer in found:
        by_partner[lawyer.partner_id].append(lawyer)
    return by_partner
