"""/route: coordinators see and change the rules, and see why a case went where it went."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from sandbox import Person
from services import conflicts, routing, rules
from services.rules import Rule
from storage.cases import Case
from storage.database import Database
from storage.partners import Partner
from storage.routing import Conflict
from tests.conftest import Office, eventually
from tests.conversations.conftest import SURE, becomes, forges
from tests.conversations.stories import hired, opened

STRANGER = "Это только для сотрудников"


@pytest.fixture
async def nuria(office: Office, database: Database) -> Person:
    """An administrator, in an office with two partners of one lawyer each."""
    await hired(office, database, "Нурлан", partner="Адилет")
    await hired(office, database, "Аида", partner="Эн Сан")
    return await office.admin()


async def _partner(database: Database, name: str) -> Partner:
    async with database.reading() as session:
        found = await session.scalar(select(Partner).where(Partner.name == name))
        assert found is not None
        return found


async def _rules(database: Database, *chosen: Rule) -> list[Rule]:
    """Make these the rules, if any are given; the rules as they stand."""
    async with database.transaction() as session:
        if chosen:
            await rules.save(session, chosen)
        return await rules.in_order(session)


async def _here(session: AsyncSession, case: Case) -> Case:
    """The case in this transaction."""
    return await session.get_one(Case, case.id)


async def test_a_rule_is_added_by_buttons(
    office: Office, database: Database, nuria: Person
) -> None:
    citizen = await office.citizen()
    await opened(office, database, citizen, topic="family")
    await opened(office, database, citizen)
    await nuria.sends("/route")
    shown = await nuria.sees("Правил пока нет")
    await nuria.presses("➕ Добавить правило", on=shown)
    await nuria.presses("Адилет", on=await becomes(nuria, shown, "Какому партнёру?"))
    await nuria.presses(
        "Тема: любой вариант", on=await becomes(nuria, shown, "любое дело → Адилет")
    )
    await nuria.presses("Семья и дети", on=await becomes(nuria, shown, "Тема: что выбрать?"))
    panel = await becomes(nuria, shown, "Семья и дети → Адилет")
    await nuria.presses("Область: любой вариант", on=panel)
    await nuria.presses("Город Ош", on=await becomes(nuria, shown, "Область: что выбрать?"))
    panel = await becomes(nuria, shown, "Семья и дети · Город Ош → Адилет")
    await nuria.presses("Дел в неделю: без ограничения", on=panel)
    await becomes(nuria, shown, "Сколько дел в неделю")
    await nuria.sends("8")
    panel = await nuria.sees("Семья и дети · Город Ош → Адилет, 8 дел в неделю")
    assert await _rules(database) == [], "nothing is saved yet"
    await nuria.presses("✅ Что это изменит", on=panel)
    preview = await becomes(nuria, panel, "Что было бы с 2 делами за последние 30 дней")
    assert "Адилет: 0 → 1" in preview.text
    assert "координатору: 2 → 1" in preview.text
    for _ in range(2):
        await nuria.presses("✅ Сохранить", on=preview)
    await becomes(nuria, panel, "1. Семья и дети · Город Ош → Адилет, 8 дел в неделю")
    (rule,) = await _rules(database)
    assert rule.conditions == {"topic": "family", "region": "KG-GO"}
    assert rule.weekly_most == 8


async def test_a_change_can_be_seen_and_dropped(
    office: Office, database: Database, nuria: Person
) -> None:
    adilet, ensan = await _partner(database, "Адилет"), await _partner(database, "Эн Сан")
    before = await _rules(database, Rule(adilet.id, topic="labour"), Rule(ensan.id))
    await nuria.sends("/route")
    shown = await nuria.sees("1. Работа и зарплата → Адилет\n2. любое дело → Эн Сан")
    await nuria.presses("1", on=shown)
    await nuria.presses("🗑 Удалить правило", on=await becomes(nuria, shown, "Правило 1 из 2"))
    await nuria.presses("✖️ Не сохранять", on=await becomes(nuria, shown, "Удалить это правило?"))
    await becomes(nuria, shown, "Решает первое подходящее")
    await nuria.presses("2", on=shown)
    panel = await becomes(nuria, shown, "Правило 2 из 2")
    assert "✅ Что это изменит" not in panel.buttons, "nothing is changed yet"
    await nuria.presses("⬆️ Раньше", on=panel)
    panel = await becomes(nuria, shown, "Правило 1 из 2")
    assert "⬆️ Раньше" not in panel.buttons, "it is the first"
    await nuria.presses("✅ Что это изменит", on=panel)
    preview = await becomes(nuria, shown, "дел не было")
    await nuria.presses("⬅️ Назад", on=preview)
    await nuria.presses("✖️ Отмена", on=await becomes(nuria, shown, "Нажмите на то"))
    assert await _rules(database) == before


async def test_rules_move_and_go(office: Office, database: Database, nuria: Person) -> None:
    adilet, ensan = await _partner(database, "Адилет"), await _partner(database, "Эн Сан")
    labour, rest = await _rules(database, Rule(adilet.id, topic="labour"), Rule(ensan.id))
    await nuria.sends("/route")
    shown = await nuria.sees("любое дело → Эн Сан")
    await nuria.presses("1", on=shown)
    await nuria.presses("⬇️ Позже", on=await becomes(nuria, shown, "Правило 1 из 2"))
    await nuria.presses("✅ Что это изменит", on=await becomes(nuria, shown, "Правило 2 из 2"))
    await nuria.presses("✅ Сохранить", on=await becomes(nuria, shown, "дел не было"))
    await becomes(nuria, shown, "1. любое дело → Эн Сан\n2. Работа и зарплата → Адилет")
    assert [rule.id for rule in await _rules(database)] == [rest.id, labour.id]
    await nuria.presses("1", on=shown)
    await nuria.presses("🗑 Удалить правило", on=await becomes(nuria, shown, "Правило 1 из 2"))
    await nuria.presses("🗑 Удалить", on=await becomes(nuria, shown, "Удалить это правило?"))
    await becomes(nuria, shown, "1. Работа и зарплата → Адилет")
    assert [rule.id for rule in await _rules(database)] == [labour.id]


async def test_two_coordinators_at_once_lose_nothing(
    office: Office, database: Database, nuria: Person
) -> None:
    adilet, ensan = await _partner(database, "Адилет"), await _partner(database, "Эн Сан")
    _, rest = await _rules(database, Rule(adilet.id, topic="labour"), Rule(ensan.id))
    await nuria.sends("/route")
    shown = await nuria.sees("Правила распределения")
    await nuria.presses("1", on=shown)
    await nuria.presses("🗑 Удалить правило", on=await becomes(nuria, shown, "Правило 1 из 2"))
    preview = await becomes(nuria, shown, "Удалить это правило?")
    await _rules(database, rest)  # somebody else was faster
    pressed = await nuria.presses("🗑 Удалить", on=preview)
    assert "Этого правила больше нет" in (await pressed.answer())["text"]
    assert await _rules(database) == [rest]


async def test_a_question_in_between_loses_nothing_and_a_restart_neither(
    office: Office, database: Database, nuria: Person
) -> None:
    question, title = SURE["ru"]
    await nuria.sends("/route")
    shown = await nuria.sees("Правил пока нет")
    await nuria.presses("➕ Добавить правило", on=shown)
    await nuria.presses("Адилет", on=await becomes(nuria, shown, "Какому партнёру?"))
    panel = await becomes(nuria, shown, "любое дело → Адилет")
    await nuria.presses("Дел в неделю: без ограничения", on=panel)
    await becomes(nuria, shown, "Сколько дел в неделю")
    await nuria.sends(question)
    await nuria.sees(title)
    await office.restart()
    await nuria.presses("ro:again")
    await nuria.sees("Сколько дел в неделю")
    await nuria.sends("1000")
    await nuria.sees("Напишите число от 1 до 999")
    await nuria.sends("5")
    await nuria.sees("любое дело → Адилет, 5 дел в неделю")


async def test_strangers_and_forged_presses_change_nothing(
    office: Office, database: Database, nuria: Person
) -> None:
    adilet = await _partner(database, "Адилет")
    before = await _rules(database, Rule(adilet.id))
    oleg = await office.citizen("Олег", "ru")
    await oleg.sends("/route")
    await oleg.sees(STRANGER)
    for data in (
        "ro",
        "ro:a",
        f"ro:r:{before[0].id}",
        "ro:x",
        "ro:t",
        "ro:s",
        "ro:again",
        "ro:m:1",
    ):
        assert STRANGER in (await forges(oleg, data).answer())["text"]
    for data in ("ro:s", "ro:x", "ro:c:topic", "ro:v:topic:family", "ro:m:-1", "ro:t"):
        assert "устарела" in (await forges(nuria, data).answer())["text"]
    await nuria.sends("/route")
    shown = await nuria.sees("любое дело → Адилет")
    await nuria.presses("1", on=shown)
    await becomes(nuria, shown, "Правило 1 из 1")
    for data in (
        "ro:v:topic:magic",
        "ro:v:district:osh",
        "ro:v:partner:999",
        "ro:v:partner:-",
        "ro:s",
    ):
        assert "устарела" in (await forges(nuria, data, on=shown).answer())["text"]
    await forges(nuria, "ro:r:999", on=shown).answer()
    assert await _rules(database) == before


async def test_the_way_of_a_case_is_told(office: Office, database: Database, nuria: Person) -> None:
    assert office.bot is not None
    now = office.bot.clock.now()
    adilet, ensan = await _partner(database, "Адилет"), await _partner(database, "Эн Сан")
    await _rules(
        database,
        Rule(adilet.id, topic="labour", region="KG-GO", language="ky", weekly_most=8),
        Rule(ensan.id),
    )
    case = await opened(office, database, await office.citizen())
    await nuria.sends(f"/route {case.number}")
    await nuria.sees("Его пока никому не предлагали")
    async with database.transaction() as session:
        offer = await routing.route(session, await _here(session, case), now)
        assert offer is not None
        assert offer.lawyer is not None
        await routing.decline(session, offer.handoff.id, offer.lawyer, "болею", now)
    await nuria.sends(f"/route {case.number.lower()}")
    told = await nuria.sees("Отказ: «болею»")
    assert "Адилет (Нурлан Асанов): Работа и зарплата · Город Ош · Кыргызча, 1 из 8" in told.text
    assert "Эн Сан (Аида Асанов): любое дело" in told.text
    assert "Ждём ответа" in told.text
    for secret in ("Токтосунова", "Дастан", "айлык"):
        assert secret not in told.text
    await nuria.sends("/route KG-2026-99999")
    await nuria.sees("Дела с таким номером нет")


async def test_a_conflict_and_what_keeps_a_rule_from_a_case_are_told(
    office: Office, database: Database, nuria: Person
) -> None:
    assert office.bot is not None
    now = office.bot.clock.now()
    adilet = await _partner(database, "Адилет")
    await _rules(database, Rule(adilet.id))
    _, lawyer = await hired(office, database, "Эрмек", partner="Адилет")
    await opened(
        office, database, await office.citizen("Бакыт"), full_name="Асанов Бакыт", lawyer=lawyer
    )
    case = await opened(office, database, await office.citizen(), opponent="Bakyt Asanov")
    async with database.transaction() as session:
        assert await routing.route(session, await _here(session, case), now) is None
    await nuria.sends(f"/route {case.number}")
    told = await nuria.sees("вероятен конфликт интересов (100 из 100); обошли")
    assert "любое дело → Адилет: вероятен конфликт интересов" in told.text
    assert "Сейчас дело у координатора" in told.text
    async with database.transaction() as session:
        found = await session.scalar(select(Conflict))
        assert found is not None
        await conflicts.overrule(session, found.id, "однофамилец", nuria.id, now)
    await nuria.sends(f"/route {case.number}")
    await nuria.sees("снят: «однофамилец»")


async def test_the_menu_has_it_in_kyrgyz_too(office: Office, database: Database) -> None:
    await hired(office, database, partner="Адилет")
    nuria = await office.admin("ky")
    await eventually(lambda: "route" in {one["command"] for one in nuria.menu})
    await nuria.sends("/route")
    await nuria.sees("Азырынча эреже жок")
