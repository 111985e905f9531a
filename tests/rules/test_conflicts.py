"""Nobody acts against their own client: names are compared however they are written."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from services import cases, conflicts, partners, routing
from services.conflicts import REMEMBERED
from services.likeness import LIKELY, most_alike, names
from services.rules import Rule
from storage.cases import CaseEvent, EventKind, Outcome
from storage.database import Database
from storage.partners import Lawyer, Partner
from storage.routing import Conflict, ConflictState, HandoffState
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

SAME = """
Асанов Бакыт | Бакыт Асанов
Асанов Бакыт | АСАНОВ БАКЫТ ЭРКИНОВИЧ
Асанов Бакыт | Asanov Bakyt
Асанов Бакыт | Bakit Asanov
Асанов Бакыт | Асанов Б.
Асанов Бакыт Эркинович | Асанов Б.Э.
Асанов Бакыт | Б. Асанов
Асанова Айгүл | Асанов кызы Айгуль
Асанова Айгүл | Асан кызы Айгуль
Асанова Айгүл | Айгуль Асанкызы
Асан уулу Бакыт | Асанов Бакыт
Асан уулу Бакыт | Бакыт Асанович
Asan uulu Bakyt | Асан уулу Бакыт
Асан Бакыт | Асанов Бакыт
Токтогулова Гүлнара | Токтогулова Гульнара
Токтогулова Гульнара | Toktogulova Gulnara
Жээнбеков Жаныбек | Джээнбеков Джаныбек
Zheenbekov Zhanybek | Жээнбеков Жаныбек
Jeenbekov Janybek | Жээнбеков Жаныбек
Жумабаев Эрмек | Djumabaev Ermek
Шаршенова Чынара | Sharshenova Chynara
Өмүралиев Төлөгөн | Омуралиев Тологен
Абдылдаева Жаңыл | Абдылдаева Жаныл
Юсупов Хамид | Yusupov Khamid
Ермекова Айзада | Yermekova Aizada
Алиева Сабина | Aliyeva Sabina
Цой Виктор | Tsoi Viktor
Ким Андрей | Ким Андрей Викторович
Шевченко Андрей Иванович | Шевченко А.И.
Каримов Азиз | Karimov Aziz
Юлдашева Мухаббат | Yuldasheva Muhabbat
Ёлкин Пётр | Елкин Петр
Токтоналиев Нурлан | Токтаналиев Нурлан
Сыдыкова Мээрим | Сыдыкова Мерим
Кадырбеков Уланбек | Кадырбеков Улан
Эсенгулова Айпери | Эсенгул кызы Айпери
Токтосунов Кубанычбек | Токтосун уулу Кубанычбек
Мамытова Нургүл | Мамытова Нургул Асановна
Асанов Бакыт Эркинович | Асанов Бакыт Еркинович
мой бывший муж Асанов Бакыт | Асанов Бакыт
күйөөм Асанов Бакыт | Асанов Бакыт
Асанов Бакыт и Токтоева Гульнара | Токтоева Гульнара
Асанов Бакыт жана Токтоева Гүлнара | Асанов Бакыт
директор ОсОО «Ромашка»; Асанов Бакыт | Асанов Бакыт
Асанов, Бакыт | Бакыт Асанов
ИП Асанов Бакыт | Асанов Бакыт
ОсОО «Ромашка» | ООО Ромашка
ОсОО "Ромашка" | OsOO Romashka
ЖЧК Ромашка | ОсОО «Ромашка»
завод «Дастан» | ОАО Дастан
"""
DIFFERENT = """
Асанов Бакыт | Асанов Нурлан
Асанов Бакыт | Усенов Бакыт
Асанов Бакыт | Бакытов Эрмек
Асанов Бакыт | Асанбаев Бакыт
Асанов | Асанов Бакыт
Бакыт | Асанов Бакыт
Асанов Б. | Асанов Н.
А.Б. | А.Б.
Асанов Бакыт Эркинович | Асанов Бакыт Маратович
Токтоев Бакыт Эркинович | Асанов Бакыт Эркинович
Бакыт Эркинович | Нурлан Эркинович
Асан Бакытов | Бакыт Асанов
Асан кызы Айгүл | Асан уулу Бакыт
Асанова Айгүл | Асанова Айнура
Асанова Гүлнара | Асанова Гүлмира
Токтогулова Гүлнара | Токтобаева Гүлнара
Шевченко Андрей | Петров Андрей
Ким Андрей | Ли Андрей
ОсОО Айбек | Айбек
ОсОО «Ромашка» | ОсОО «Береза»
ОАО Банк Азии | ОАО Банк Бакай
ОсОО | ОсОО
муж | мой муж Бакыт
сосед | сосед
начальник | начальник Асанов
Айгүл эже | Айгүл эже
айыл өкмөтү | айыл өкмөт
мой начальник и его жена | жена начальника
"""


def _pairs(table: str) -> list[tuple[str, str]]:
    pairs = (line.split(" | ") for line in table.strip().splitlines())
    return [(one, other) for one, other in pairs]


def _alike(one: str, other: str) -> int:
    return most_alike(names(one), names(other))


@pytest.mark.parametrize(("one", "other"), _pairs(SAME))
def test_one_person_or_firm_written_in_two_ways(one: str, other: str) -> None:
    assert LIKELY <= _alike(one, other) <= 100
    assert _alike(one, other) == _alike(other, one)


@pytest.mark.parametrize(("one", "other"), _pairs(DIFFERENT))
def test_two_people_or_firms(one: str, other: str) -> None:
    assert _alike(one, other) == _alike(other, one) == 0


@given(st.text(max_size=60), st.text(max_size=60))
def test_whatever_is_written_can_be_compared(one: str, other: str) -> None:
    assert _alike(one, other) == _alike(other, one)
    assert 0 <= _alike(one, other) <= 100


GIVEN = ["Бакыт", "Айгүл", "Нурлан", "Гүлнара", "Жаныбек", "Чынара", "Өмүрбек", "Мээрим"]
FAMILY = ["Асанов", "Токтогулов", "Жээнбеков", "Шаршенов", "Өмүралиев", "Сыдыков", "Эсенгулов"]


@given(
    st.sampled_from(GIVEN), st.sampled_from(FAMILY), st.sampled_from(GIVEN), st.sampled_from(FAMILY)
)
def test_of_known_names_the_same_are_found_and_no_others(
    given_name: str, family: str, other_given: str, other_family: str
) -> None:
    same = (given_name, family) == (other_given, other_family)
    found = _alike(f"{family} {given_name}", f"{other_given} {other_family}а".upper())
    assert (found >= LIKELY) == same


async def _office(session: AsyncSession) -> tuple[Partner, Lawyer, Partner, Lawyer]:
    """Two partners with a lawyer each; every case is for the first, then for the second."""
    adilet, ensan = await partner(session, "Адилет"), await partner(session, "Эн Сан")
    first, second = await lawyer(session, adilet), await lawyer(session, ensan)
    await rules_are(session, Rule(adilet.id), Rule(ensan.id))
    return adilet, first, ensan, second


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        ({"full_name": "Асанов Бакыт"}, {"opponent": "Bakyt Asanov"}),
        ({"somebody_else": "мой отец Асанов Бакыт"}, {"opponent": "Асанов Б."}),
        ({"called": "Бакыт Асанов"}, {"opponent": "Асанов Бакыт"}),
        ({"opponent": "Токтоева Гүлнара"}, {"full_name": "Гульнара Токтоева"}),
        ({"opponent": "Токтоева Гүлнара"}, {"somebody_else": "Гульнара Токтоева"}),
    ],
)
async def test_a_partner_with_a_likely_conflict_is_passed_over(
    database: Database, theirs: dict[str, str], ours: dict[str, str]
) -> None:
    async with database.transaction() as session:
        adilet, first, _, second = await _office(session)
        await cases.assign(session, await case(session, **theirs), first, now=TUESDAY)
        found = await routing.eligible(session, told(**ours), TUESDAY)
        assert [one for one, _ in found] == [second]
        matter = await case(session, **ours)
        offer = await routing.route(session, matter, TUESDAY)
        assert offer is not None
        assert offer.lawyer == second
        ((conflict, of),) = await conflicts.of_case(session, matter)
        assert (of, conflict.state) == (adilet, ConflictState.OPEN)
        assert conflict.likeness >= LIKELY


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        ({"full_name": "Асанов Бакыт"}, {"full_name": "Асанов Бакыт"}),  # the same client again
        ({"opponent": "ОсОО «Ромашка»"}, {"opponent": "ОсОО «Ромашка»"}),  # against the same firm
        ({"called": "Бакыт байке"}, {"opponent": "Бакыт байке"}),
        ({}, {"opponent": "Асанов Бакыт"}),
        ({"full_name": "Асанов Бакыт"}, {}),
    ],
)
async def test_what_is_no_conflict(
    database: Database, theirs: dict[str, str], ours: dict[str, str]
) -> None:
    async with database.transaction() as session:
        _, first, _, _ = await _office(session)
        await cases.assign(session, await case(session, **theirs), first, now=TUESDAY)
        offer = await routing.route(session, await case(session, **ours), TUESDAY)
        assert offer is not None
        assert offer.lawyer == first


async def test_closed_cases_count_for_five_years(database: Database) -> None:
    async with database.transaction() as session:
        _, first, _, second = await _office(session)
        earlier = await case(session, full_name="Асанов Бакыт")
        await cases.assign(session, earlier, first, now=TUESDAY)
        await cases.close(session, earlier, Outcome.ADVICE, by=first.chat_id, now=TUESDAY)
        new = told(opponent="Асанов Бакыт")
        day = timedelta(days=1)
        soon = await routing.eligible(session, new, TUESDAY + REMEMBERED - day)
        assert [one for one, _ in soon] == [second]
        late = await routing.eligible(session, new, TUESDAY + REMEMBERED + day)
        assert [one for one, _ in late] == [first, second]


async def test_clients_come_along_to_the_next_partner_and_stay_with_the_first(
    database: Database,
) -> None:
    async with database.transaction() as session:
        adilet, first, ensan, _ = await _office(session)
        earlier = await case(session, full_name="Асанов Бакыт")
        await cases.assign(session, earlier, first, now=TUESDAY)
        await cases.close(session, earlier, Outcome.ADVICE, by=first.chat_id, now=TUESDAY)
        await partners.leave(session, first, now=TUESDAY)
        await lawyer(session, adilet)
        session.add(
            Lawyer(
                partner_id=ensan.id,
                chat_id=first.chat_id,
                name=first.name,
                languages=[],
                topics=[],
                ways=[],
                joined_at=TUESDAY,
            )
        )
        await session.flush()
        assert await routing.eligible(session, told(opponent="Асанов Бакыт"), TUESDAY) == []


async def test_a_lawyer_who_had_the_case_before_another_still_knows_it(database: Database) -> None:
    async with database.transaction() as session:
        _, first, ensan, second = await _office(session)
        earlier = await case(session, full_name="Асанов Бакыт")
        offer = await routing.route(session, earlier, TUESDAY)
        assert offer is not None
        await routing.accept(session, offer.handoff.id, first, TUESDAY)
        moved = await routing.offer_to(session, earlier, ensan, by=COORDINATOR, now=TUESDAY)
        await routing.accept(session, moved.handoff.id, second, TUESDAY)
        assert await routing.eligible(session, told(opponent="Асанов Бакыт"), TUESDAY) == []


async def test_at_acceptance_it_is_looked_for_once_more(database: Database) -> None:
    async with database.transaction() as session:
        adilet, first, _, second = await _office(session)
        matter = await case(session, opponent="Асанов Бакыт")
        offer = await routing.route(session, matter, TUESDAY)
        assert offer is not None
        assert offer.lawyer == first
        client = await case(session, full_name="Асанов Бакыт")
        await cases.assign(session, client, first, now=later(hours=1))
        with pytest.raises(routing.ConflictHeld) as held:
            await routing.accept(session, offer.handoff.id, first, later(hours=2))
        assert held.value.message == routing.TakenAlready.message, "the lawyer gets no reason"
        following = await routing.conflict_found(session, offer.handoff.id, later(hours=2))
        assert following is not None
        assert following.lawyer == second
        assert offer.handoff.state is HandoffState.WITHDRAWN
        ((conflict, of),) = await conflicts.of_case(session, matter)
        assert (of, conflict.found_at) == (adilet, later(hours=2))


async def test_a_coordinator_overrules_with_a_reason(database: Database) -> None:
    async with database.transaction() as session:
        adilet, first, _, _ = await _office(session)
        client = await case(session, full_name="Асанов Бакыт")
        await cases.assign(session, client, first, now=TUESDAY)
        matter = await case(session, opponent="Асанов Бакыт")
        await routing.route(session, matter, TUESDAY)
        with pytest.raises(routing.ConflictStands):
            await routing.offer_to(session, matter, adilet, by=COORDINATOR, now=TUESDAY)
        ((conflict, _),) = await conflicts.of_case(session, matter)
        await conflicts.overrule(session, conflict.id, "однофамилец", COORDINATOR, TUESDAY)
        with pytest.raises(conflicts.ConflictSettled):
            await conflicts.overrule(session, conflict.id, "ещё раз", COORDINATOR, TUESDAY)
        offer = await routing.offer_to(session, matter, adilet, by=COORDINATOR, now=TUESDAY)
        await routing.accept(session, offer.handoff.id, first, TUESDAY)
        assert matter.lawyer_id == first.id
        noted = await session.scalars(
            select(CaseEvent).where(CaseEvent.kind == EventKind.OVERRULED)
        )
        assert [(one.by, one.why) for one in noted] == [(COORDINATOR, "однофамилец")]


async def test_no_name_is_kept_with_a_conflict(database: Database) -> None:
    async with database.transaction() as session:
        _, first, _, _ = await _office(session)
        client = await case(session, full_name="Асанов Бакыт")
        await cases.assign(session, client, first, now=TUESDAY)
        await routing.route(session, await case(session, opponent="Асанов Бакыт"), TUESDAY)
    async with database.reading() as session:
        (found,) = (await session.scalars(select(Conflict))).all()
        assert found.why is None
        for table in ("conflicts", "handoffs", "case_events"):
            rows = (await session.execute(text(f"SELECT * FROM {table}"))).all()
            assert rows
            assert "Асанов" not in repr(rows)
