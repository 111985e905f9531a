"""Whose turn a case is, who may answer for it, and where it goes when nobody does."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from services import cases, partners, people, reasons, replay, routing, rules
from services.reasons import Obstacle
from services.refusals import NotAllowed
from services.rules import Rule
from storage.calendars import Consultation, ConsultationState
from storage.cases import Case, CaseState, Outcome, Urgency
from storage.database import Database
from storage.partners import Lawyer, Standing, Way
from storage.routing import Handoff, HandoffState
from tests.rules.staff import (
    COORDINATOR,
    TUESDAY,
    case,
    later,
    lawyer,
    partner,
    rules_are,
    told,
)


async def test_the_first_rule_that_fits_decides(database: Database) -> None:
    async with database.transaction() as session:
        adilet, ensan = await partner(session, "Адилет"), await partner(session, "Эн Сан")
        nurlan, aida = await lawyer(session, adilet), await lawyer(session, ensan)
        await rules_are(
            session,
            Rule(adilet.id, topic="labour"),
            Rule(ensan.id, topic="family", region="KG-GO", language="ky"),
            Rule(adilet.id),
        )
        offer = await routing.route(session, family := await case(session), TUESDAY)
        assert offer is not None
        assert (offer.partner, offer.lawyer) == (ensan, aida)
        assert (family.state, family.clock_at) == (CaseState.OFFERED, offer.handoff.deadline_at)
        elsewhere = await routing.route(session, await case(session, region="KG-B"), TUESDAY)
        assert elsewhere is not None
        assert elsewhere.lawyer == nurlan


@pytest.mark.parametrize(
    "condition",
    [
        {"topic": "labour"},
        {"region": "KG-B"},
        {"region": "KG-GO", "district": "kara-suu"},
        {"language": "ru"},
        {"way": Way.CHAT},
        {"urgency": Urgency.URGENT},
    ],
)
def test_every_condition_of_a_rule_must_be_met(condition: dict[str, object]) -> None:
    assert not Rule(1, **condition).fits(told())  # type: ignore[arg-type]
    assert Rule(1, **condition).fits(told(**condition))  # type: ignore[arg-type]


async def test_the_least_loaded_lawyer_of_the_partner_is_asked_first(database: Database) -> None:
    async with database.transaction() as session:
        adilet = await partner(session, "Адилет")
        busy, free = await lawyer(session, adilet, "Нурлан"), await lawyer(session, adilet, "Аида")
        await rules_are(session, Rule(adilet.id))
        await cases.assign(session, await case(session), busy, now=TUESDAY)
        asked = []
        for _ in range(3):
            offer = await routing.route(session, await case(session), TUESDAY)
            assert offer is not None
            asked.append(offer.lawyer)
        assert asked == [free, free, free], "open cases weigh more than offers"
        await cases.assign(session, await case(session), free, now=TUESDAY)
        offer = await routing.route(session, await case(session), TUESDAY)
        assert offer is not None
        assert offer.lawyer == busy, "as many open cases, but fewer offers this week"


@pytest.mark.parametrize(
    "about",
    [
        {"languages": ["ru"]},
        {"topics": ["labour", "land"]},
        {"ways": ["chat", "in person"]},
        {"standing": Standing.PAUSED},
        {"standing": Standing.ENDED},
    ],
)
async def test_only_who_takes_such_cases_is_asked(
    database: Database, about: dict[str, object]
) -> None:
    async with database.transaction() as session:
        adilet = await partner(session, "Адилет")
        await lawyer(session, adilet, "Нурлан", **about)
        await rules_are(session, Rule(adilet.id))
        assert await routing.eligible(session, told(), TUESDAY) == []
        suits = await lawyer(
            session, adilet, "Аида", languages=["ky"], topics=["family"], ways=["phone"]
        )
        (only,) = await routing.eligible(session, told(), TUESDAY)
        assert only[0] == suits


async def test_who_lost_the_role_or_blocked_the_bot_is_not_asked(database: Database) -> None:
    async with database.transaction() as session:
        adilet = await partner(session, "Адилет")
        dismissed, silent = await lawyer(session, adilet), await lawyer(session, adilet)
        await rules_are(session, Rule(adilet.id))
        assert len(await routing.eligible(session, told(), TUESDAY)) == 2
        await partners.end_lawyer(session, dismissed, by=COORDINATOR, now=TUESDAY)
        dismissed.standing = Standing.ACTIVE  # the row alone isn't enough
        assert [one for one, _ in await routing.eligible(session, told(), TUESDAY)] == [silent]
        someone = await people.known(session, silent.chat_id)
        assert someone is not None
        someone.blocked_at = TUESDAY
        assert await routing.eligible(session, told(), TUESDAY) == []


async def test_a_full_rule_passes_cases_on_until_monday(database: Database) -> None:
    async with database.transaction() as session:
        adilet, ensan = await partner(session, "Адилет"), await partner(session, "Эн Сан")
        nurlan, aida = await lawyer(session, adilet), await lawyer(session, ensan)
        await rules_are(session, Rule(adilet.id, weekly_most=2), Rule(ensan.id))

        async def asked(now: datetime) -> Lawyer | None:
            offer = await routing.route(session, await case(session, now), now)
            return offer.lawyer if offer else None

        assert [await asked(TUESDAY) for _ in range(3)] == [nurlan, nurlan, aida]
        sunday, monday = later(days=5, hours=13.9), later(days=5, hours=14)
        assert await asked(sunday) == aida
        assert await asked(monday) == nurlan


async def test_a_declined_case_gives_the_place_back(database: Database) -> None:
    async with database.transaction() as session:
        adilet = await partner(session, "Адилет")
        nurlan = await lawyer(session, adilet)
        await rules_are(session, Rule(adilet.id, weekly_most=1))
        offer = await routing.route(session, await case(session), TUESDAY)
        assert offer is not None
        assert await routing.eligible(session, told(), TUESDAY) == []
        await routing.decline(session, offer.handoff.id, nurlan, "болею", TUESDAY)
        assert len(await routing.eligible(session, told(), TUESDAY)) == 1


async def test_a_declined_case_goes_to_the_next_lawyer_then_to_the_next_partner(
    database: Database,
) -> None:
    async with database.transaction() as session:
        adilet, ensan = await partner(session, "Адилет"), await partner(session, "Эн Сан")
        first, second = await lawyer(session, adilet), await lawyer(session, adilet)
        third = await lawyer(session, ensan)
        await rules_are(session, Rule(adilet.id), Rule(ensan.id), Rule(adilet.id))
        matter = await case(session)
        offer = await routing.route(session, matter, TUESDAY)
        asked = []
        while offer is not None:
            assert offer.lawyer is not None
            asked.append(offer.lawyer)
            offer = await routing.decline(session, offer.handoff.id, offer.lawyer, "занят", TUESDAY)
        assert asked == [first, second, third], "and nobody twice"
        assert matter.state is CaseState.NEW
        assert matter.clock_at is not None


async def test_a_partner_asked_in_its_group_is_not_asked_again(database: Database) -> None:
    async with database.transaction() as session:
        adilet = await partner(session, "Адилет", group=-100)
        ensan = await partner(session, "Эн Сан")
        first, second = await lawyer(session, adilet), await lawyer(session, adilet)
        other = await lawyer(session, ensan)
        await rules_are(session, Rule(adilet.id), Rule(ensan.id))
        offer = await routing.route(session, await case(session), TUESDAY)
        assert offer is not None
        assert offer.lawyer == first
        offer = await routing.decline(session, offer.handoff.id, second, "заняты", TUESDAY)
        assert offer is not None
        assert offer.lawyer == other


async def test_what_no_rule_catches_is_with_the_coordinator_with_a_proposal(
    database: Database,
) -> None:
    async with database.transaction() as session:
        adilet, ensan = await partner(session, "Адилет"), await partner(session, "Эн Сан")
        await lawyer(session, adilet), await lawyer(session, ensan)
        await rules_are(
            session,
            Rule(adilet.id, topic="labour", region="KG-GO"),
            Rule(ensan.id, topic="family", region="KG-B"),
            Rule(ensan.id, topic="family", region="KG-GO", language="ru"),
        )
        matter = await case(session)
        assert await routing.route(session, matter, TUESDAY) is None
        assert (matter.state, matter.lawyer_id) == (CaseState.NEW, None)
        assert matter.clock_at == cases.clock(CaseState.NEW, matter.urgency, TUESDAY)
        assert await routing.propose(session, matter, TUESDAY) == ensan, "its cases are the likest"


async def test_for_a_case_opened_again_somebody_else_is_proposed(database: Database) -> None:
    async with database.transaction() as session:
        adilet, ensan = await partner(session, "Адилет"), await partner(session, "Эн Сан")
        nurlan = await lawyer(session, adilet)
        await lawyer(session, ensan)
        await rules_are(session, Rule(adilet.id))
        matter = await case(session)
        offer = await routing.route(session, matter, TUESDAY)
        assert offer is not None and offer.lawyer == nurlan
        await routing.accept(session, offer.handoff.id, nurlan, TUESDAY)
        await cases.close(session, matter, Outcome.ADVICE, by=nurlan.chat_id, now=TUESDAY)
        await cases.reopen(session, matter, by=COORDINATOR, now=TUESDAY)
        assert await routing.propose(session, matter, TUESDAY) == ensan
        second = await lawyer(session, adilet, "Бакыт")
        offer = await routing.offer_to(session, matter, adilet, by=COORDINATOR, now=TUESDAY)
        assert offer.lawyer == second


async def test_nobody_is_proposed_where_nobody_is(database: Database) -> None:
    async with database.transaction() as session:
        adilet = await partner(session, "Адилет")
        await lawyer(session, adilet, topics=["labour"])
        assert await routing.propose(session, await case(session), TUESDAY) is None


async def test_in_danger_lawyers_on_duty_are_asked_first(database: Database) -> None:
    at_night = later(hours=17)  # three o'clock
    async with database.transaction() as session:
        adilet = await partner(session, "Адилет", group=-100)
        ensan, usual = await partner(session, "Эн Сан"), await partner(session, "Мыйзам")
        ordinary = await lawyer(session, adilet)
        awake = await lawyer(session, adilet, on_duty=True)
        elsewhere = await lawyer(session, ensan, on_duty=True, topics=["labour"])
        await lawyer(session, usual, on_duty=True, languages=["ru"])
        await rules_are(session, Rule(adilet.id, weekly_most=0))
        matter = await case(session, at_night, urgency=Urgency.DANGER, danger="violence")
        asked = []
        offer = await routing.route(session, matter, at_night)
        while offer is not None:
            assert offer.lawyer is not None
            assert offer.handoff.deadline_at == later(hours=17, minutes=15 * (len(asked) + 1))
            asked.append(offer.lawyer)
            offer = await routing.expire(session, offer.handoff, offer.handoff.deadline_at)
        assert asked == [awake, elsewhere], "the rule is full, but danger knows no capacity"
        await rules_are(session, Rule(adilet.id))
        danger = told(urgency=Urgency.DANGER, danger="violence")
        by_day = await routing.eligible(session, danger, TUESDAY)
        assert [one for one, _ in by_day] == [awake, elsewhere, ordinary]
        found = await routing.eligible(session, danger, at_night)
        assert [one for one, _ in found] == [awake, elsewhere], "who sleeps would answer too late"


@pytest.mark.parametrize(
    ("begins", "until"),
    [
        (later(hours=5), later(hours=4)),
        (later(days=3), later(days=1)),
        (later(hours=1), later(minutes=30)),  # near: half an hour, whatever becomes of the hour
        (later(hours=22), later(hours=22.5)),  # at seven in the morning everybody sleeps
    ],
)
async def test_it_is_known_an_hour_before_whether_a_chosen_hour_stands(
    database: Database, begins: datetime, until: datetime
) -> None:
    at_night = later(hours=13)
    now = at_night if begins == later(hours=22) else TUESDAY
    async with database.transaction() as session:
        adilet = await partner(session, "Адилет")
        nurlan = await lawyer(session, adilet)
        await rules_are(session, Rule(adilet.id))
        wanted = await case(session, now)
        session.add(
            Consultation(
                case_id=wanted.id,
                lawyer_id=nurlan.id,
                chat_id=1,
                starts_at=begins,
                ends_at=begins + timedelta(minutes=30),
                way=Way.PHONE,
                state=ConsultationState.BOOKED,
                created_at=now,
            )
        )
        offer = await routing.route(session, wanted, now)
        assert offer is not None
        assert offer.handoff.deadline_at == wanted.clock_at == until


@pytest.mark.parametrize(
    ("urgency", "moment", "until"),
    [
        (Urgency.DANGER, later(hours=17), later(hours=17, minutes=15)),
        (Urgency.URGENT, TUESDAY, later(hours=2)),
        (Urgency.URGENT, later(hours=7), later(days=1)),  # 17:00: an hour today, one tomorrow
        (Urgency.NORMAL, TUESDAY, later(days=1)),
        (Urgency.NORMAL, later(days=3), later(days=6)),  # over the weekend
    ],
)
def test_working_hours_count_but_in_danger(
    urgency: Urgency, moment: datetime, until: datetime
) -> None:
    assert routing.deadline(urgency, moment) == until


async def test_the_lawyer_of_the_chosen_slot_is_preferred_if_they_may_have_it(
    database: Database,
) -> None:
    async with database.transaction() as session:
        adilet = await partner(session, "Адилет")
        await lawyer(session, adilet)
        wished = await lawyer(session, adilet)
        unfit = await lawyer(session, adilet, topics=["labour"])
        await rules_are(session, Rule(adilet.id))
        offer = await routing.route(session, await case(session), TUESDAY, prefer=wished)
        assert offer is not None
        assert offer.lawyer == wished
        offer = await routing.route(session, await case(session), TUESDAY, prefer=unfit)
        assert offer is not None
        assert offer.lawyer != unfit


async def test_only_those_asked_may_answer(database: Database) -> None:
    async with database.transaction() as session:
        adilet, ensan = await partner(session, "Адилет"), await partner(session, "Эн Сан")
        asked, colleague = await lawyer(session, adilet), await lawyer(session, adilet)
        stranger = await lawyer(session, ensan)
        await rules_are(session, Rule(adilet.id))
        offer = await routing.route(session, await case(session), TUESDAY)
        assert offer is not None
        assert offer.lawyer == asked
        for whoever in (colleague, stranger):
            with pytest.raises(NotAllowed):
                await routing.accept(session, offer.handoff.id, whoever, TUESDAY)
            with pytest.raises(NotAllowed):
                await routing.decline(session, offer.handoff.id, whoever, "нет", TUESDAY)
        with pytest.raises(NotAllowed):
            await routing.accept(session, 999, asked, TUESDAY)
        asked.standing = Standing.PAUSED
        with pytest.raises(NotAllowed):
            await routing.accept(session, offer.handoff.id, asked, TUESDAY)
        asked.standing = Standing.ACTIVE
        adilet.group_chat_id = -100  # with a group anybody of the partner may
        matter = await routing.accept(session, offer.handoff.id, colleague, TUESDAY)
        assert (matter.state, matter.lawyer_id) == (CaseState.IN_WORK, colleague.id)
        with pytest.raises(routing.YoursAlready):
            await routing.accept(session, offer.handoff.id, colleague, TUESDAY)
        for late in (
            routing.accept(session, offer.handoff.id, asked, TUESDAY),
            routing.decline(session, offer.handoff.id, asked, "нет", TUESDAY),
        ):
            with pytest.raises(routing.TakenAlready):
                await late


async def test_of_many_who_accept_at_once_one_has_it(database: Database) -> None:
    async with database.transaction() as session:
        adilet = await partner(session, "Адилет", group=-100)
        lawyers = [await lawyer(session, adilet) for _ in range(6)]
        await rules_are(session, Rule(adilet.id))
        offer = await routing.route(session, await case(session), TUESDAY)
        assert offer is not None

    async def accepts(id: int) -> bool:
        async with database.transaction() as session:
            try:
                await routing.accept(
                    session, offer.handoff.id, await session.get_one(Lawyer, id), TUESDAY
                )
            except routing.TakenAlready:
                return False
            return True

    won = await asyncio.gather(*(accepts(one.id) for one in lawyers))
    assert won.count(True) == 1
    async with database.reading() as session:
        matter = await session.get_one(Case, offer.handoff.case_id)
        assert matter.lawyer_id == lawyers[won.index(True)].id


async def test_offers_expire_the_oldest_first_and_go_on(database: Database) -> None:
    async with database.transaction() as session:
        adilet, ensan = await partner(session, "Адилет"), await partner(session, "Эн Сан")
        await lawyer(session, adilet), await lawyer(session, ensan)
        await rules_are(session, Rule(adilet.id), Rule(ensan.id))
        moments = [later(hours=1), TUESDAY, later(hours=2)]
        matters = [await case(session, moment) for moment in moments]
        for matter, moment in zip(matters, moments, strict=True):
            await routing.route(session, matter, moment)
        assert await routing.expired(session, later(hours=23)) == []
        late = await routing.expired(session, later(days=1, hours=1.5))
        assert [matter for _, matter in late] == [matters[1], matters[0]]
        for handoff, _ in late:
            offer = await routing.expire(session, handoff, later(days=1, hours=1.5))
            assert offer is not None
            assert offer.partner == ensan
            with pytest.raises(routing.TakenAlready):
                await routing.expire(session, handoff, later(days=1, hours=1.5))
        assert await routing.expired(session, later(days=1, hours=1.6)) == []


async def test_the_coordinator_chooses_whomever_asked_or_not(database: Database) -> None:
    async with database.transaction() as session:
        adilet, ensan = await partner(session, "Адилет"), await partner(session, "Эн Сан")
        nurlan, aida = await lawyer(session, adilet), await lawyer(session, ensan)
        await rules_are(session, Rule(adilet.id))
        matter = await case(session)
        first = await routing.route(session, matter, TUESDAY)
        assert first is not None
        assert await routing.decline(session, first.handoff.id, nurlan, "занят", TUESDAY) is None
        again = await routing.offer_to(session, matter, adilet, by=COORDINATOR, now=TUESDAY)
        assert again.lawyer == nurlan
        await routing.accept(session, again.handoff.id, nurlan, TUESDAY)
        moved = await routing.offer_to(session, matter, ensan, by=COORDINATOR, now=TUESDAY)
        assert moved.lawyer == aida
        assert (matter.state, matter.lawyer_id) == (CaseState.OFFERED, None)
        moved = await routing.offer_to(session, matter, adilet, by=COORDINATOR, now=TUESDAY)
        handoffs = (await session.scalars(select(Handoff).order_by(Handoff.id))).all()
        assert [one.state for one in handoffs] == [
            HandoffState.DECLINED,
            HandoffState.ACCEPTED,
            HandoffState.WITHDRAWN,
            HandoffState.OPEN,
        ]
        empty = await partner(session, "Мыйзам")
        with pytest.raises(routing.NobodyThere):
            await routing.offer_to(session, matter, empty, by=COORDINATOR, now=TUESDAY)
        await routing.take_back(session, matter, by=COORDINATOR, now=TUESDAY)
        await cases.close(session, matter, Outcome.WITHDRAWN, by=None, now=TUESDAY)
        for late in (
            routing.offer_to(session, matter, adilet, by=COORDINATOR, now=TUESDAY),
            routing.route(session, matter, TUESDAY),
        ):
            with pytest.raises(cases.CaseClosed):
                await late


async def test_a_case_has_one_open_handoff_at_most(database: Database) -> None:
    async with database.transaction() as session:
        adilet = await partner(session, "Адилет")
        await lawyer(session, adilet)
        await rules_are(session, Rule(adilet.id))
        matter = await case(session)
        await routing.route(session, matter, TUESDAY)
        with pytest.raises(routing.TakenAlready):
            await routing.route(session, matter, TUESDAY)


async def test_the_reasons_say_what_matched_and_how_full_it_is(database: Database) -> None:
    async with database.transaction() as session:
        adilet = await partner(session, "Адилет")
        nurlan = await lawyer(session, adilet)
        await rules_are(session, Rule(adilet.id, topic="family", language="ky", weekly_most=8))
        for _ in range(2):
            await routing.route(session, await case(session), TUESDAY)
        matter = await case(session)
        await routing.route(session, matter, TUESDAY)
        (reason,) = await reasons.reasons(session, matter)
        assert (reason.partner, reason.lawyer, reason.how) == (adilet, nurlan, routing.BY_RULE)
        assert reason.matched == {"topic": "family", "language": "ky"}
        assert (reason.open, reason.of) == (3, 8)


async def test_what_keeps_the_rules_from_a_case_is_told(database: Database) -> None:
    async with database.transaction() as session:
        full, empty = await partner(session, "Адилет"), await partner(session, "Эн Сан")
        asked, other = await partner(session, "Мыйзам"), await partner(session, "Укук")
        for one in (full, asked, other):
            await lawyer(session, one)
        by_rule = await rules_are(
            session,
            Rule(asked.id),
            Rule(full.id, weekly_most=0),
            Rule(empty.id),
            Rule(other.id, topic="labour"),
        )
        matter = await case(session)
        offer = await routing.route(session, matter, TUESDAY)
        assert offer is not None
        assert offer.lawyer is not None
        await routing.decline(session, offer.handoff.id, offer.lawyer, "занят", TUESDAY)
        assert await reasons.obstacles(session, matter, TUESDAY) == [
            (by_rule[0], Obstacle.ASKED),
            (by_rule[1], Obstacle.FULL),
            (by_rule[2], Obstacle.NOBODY),
        ]


async def test_other_rules_are_tried_on_last_months_cases(database: Database) -> None:
    async with database.transaction() as session:
        adilet, ensan = await partner(session, "Адилет"), await partner(session, "Эн Сан")
        await lawyer(session, adilet), await lawyer(session, ensan)
        current = await rules_are(session, Rule(adilet.id, topic="family", weekly_most=2))
        for days, topic in ((-40, "family"), (-8, "family"), *((0, "family"),) * 3, (0, "land")):
            await case(session, later(days=days), topic=topic)
        now = later(hours=1)
        same = await replay.what_if(session, current, now)
        assert (same.cases, same.left) == (5, (2, 2)), "a week ago one, this week two of three"
        assert same.partners == {adilet.id: (3, 3)}
        changed = await replay.what_if(session, [*current, Rule(ensan.id)], now)
        assert changed.partners == {adilet.id: (3, 3), ensan.id: (0, 2)}
        assert changed.left == (2, 0)
        nothing = await replay.what_if(session, [], now)
        assert (nothing.partners, nothing.left) == ({adilet.id: (3, 0)}, (2, 5))
        assert await rules.in_order(session) == current, "on paper only"


def test_a_new_rule_stands_before_wider_ones() -> None:
    rest = Rule(1, id=1)
    family = Rule(1, topic="family", id=2)
    osh = Rule(2, topic="family", region="KG-GO")
    assert rules.put([family, rest], osh) == [osh, family, rest]
    assert rules.put([family, rest], Rule(2, topic="land")) == [family, Rule(2, topic="land"), rest]
    assert rules.put([rest], Rule(2)) == [rest, Rule(2)]


def test_rules_move_as_far_as_there_is_room() -> None:
    first, second, third = (Rule(1, id=number) for number in (1, 2, 3))
    listed = [first, second, third]
    assert rules.moved(listed, 2, -1) == [second, first, third]
    assert rules.moved(listed, 2, -9) == [second, first, third]
    assert rules.moved(listed, 2, 9) == [first, third, second]
    assert rules.without(listed, 2) == [first, third]
    for change in (rules.moved, rules.one, rules.without):
        with pytest.raises(rules.RuleGone):
            change(listed, 4, *([1] if change is rules.moved else []))  # type: ignore[operator]


def test_a_district_goes_with_its_region() -> None:
    rule = Rule(1, region="KG-O", district="kara-suu")
    assert rules.with_condition(rule, "region", "KG-B").district is None
    assert rules.with_condition(rule, "region", "KG-O").district == "kara-suu"
    assert rules.with_condition(rule, "topic", "land").district == "kara-suu"
