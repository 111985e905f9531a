"""What is kept about somebody: shown, withdrawn, deleted."""

from datetime import timedelta

import pytest
from sqlalchemy import BigInteger, func, select

from sandbox import Person as Telephone
from sandbox import Seen
from services import cases, people
from storage.base import Base
from storage.cases import Case, CaseFile, CaseState, EventKind, Outcome
from storage.database import Database
from storage.dialogs import Dialog
from storage.partners import Standing
from storage.people import Grant, Person, Privacy
from storage.relay import RelayedMessage
from storage.traffic import InboxUpdate
from tests.conftest import Office, eventually
from tests.conversations.conftest import (
    UNKNOWN,
    becomes,
    forges,
    forgets_what_was_said,
    said_by_bot,
)
from tests.conversations.stories import begins_at, fresh, hired, opened
from tests.conversations.test_booking import Walk
from tests.conversations.test_handoffs import posted, rules_for
from tests.conversations.test_roles import invited


async def test_everything_kept_is_shown_in_both_languages(office: Office) -> None:
    for speaks, title, language, agreed, place in (
        ("ky", "Мен жөнүндө эмне сакталат", "Тил: Кыргызча", "макул болгонсуз", "Жашаган жериңиз: Талас"),
        ("ru", "Что обо мне хранится", "Язык: Русский", "Вы согласились", "Где вы живёте: Талас"),
    ):  # fmt: skip
        person = await office.citizen(speaks=speaks)
        await person.sends("/settings")
        settings = await person.sees({"ky": "Жөндөөлөр", "ru": "Настройки"}[speaks])
        await person.presses("set:place", on=settings)
        await becomes(person, settings, {"ky": "Кайсы жерде", "ru": "Где вы живёте? "}[speaks])
        await person.sends("талас")
        await person.sees("Талас облусу" if speaks == "ky" else "Таласская область")
        await person.sends("/privacy")
        shown = await person.sees(title)
        assert str(person.id) in shown.text and language in shown.text
        assert agreed in shown.text and place in shown.text


async def test_of_whoever_declines_only_the_choice_is_kept(
    office: Office, database: Database
) -> None:
    oleg = office.newcomer("Олег", "ru")
    await oleg.sends("/start a_labour_unpaid-wages")
    await oleg.presses("Русский", on=await oleg.sees("Выберите язык"))
    await oleg.presses("Нет, только ответы", on=await oleg.sees("/privacy"))
    await oleg.sees("Мне не платят зарплату")
    await oleg.sends(UNKNOWN["ru"])
    await oleg.presses("book", on=await oleg.sees("пока нет ответа"))
    asked = await oleg.sees("Чтобы передать ваше дело юристу")
    await oleg.presses("Нет, только ответы", on=asked)
    await oleg.presses("Город Ош", on=await oleg.sees("Где нужна помощь?"))
    await oleg.sees("Бесплатный юрист · Город Ош")
    await oleg.sends("/privacy")
    await oleg.sees("Вы не соглашались")
    async with database.reading() as session:
        person = (await session.scalars(select(Person))).one()
        assert (person.language, person.privacy) == ("ru", Privacy.DECLINED)
        assert (person.region, person.district) == (None, None)
        for table in Base.metadata.sorted_tables:
            if table.name not in ("people", "inbox", "outbox", "replicas"):
                count = await session.scalar(select(func.count()).select_from(table))
                assert count == 0, table.name
        assert set(await session.scalars(select(InboxUpdate.payload))) == {None}


async def test_withdrawing_takes_the_place_along(office: Office, database: Database) -> None:
    oleg = await office.citizen("Олег", "ru")
    await oleg.sends("/settings")
    await oleg.presses("📍 Где я живу", on=await oleg.sees("Настройки"))
    await oleg.sends("Талас")
    await oleg.presses("📍 Где я живу", on=await oleg.sees("Таласская область"))
    await oleg.sends("/privacy")
    shown = await oleg.sees("Что обо мне хранится")
    for _ in range(2):
        await oleg.presses("Отозвать согласие", on=shown)
    withdrawn = await becomes(oleg, shown, "Вы не соглашались")
    assert "Талас" not in withdrawn.text
    await oleg.sends("Бишкек")  # the open question for the place is gone, too
    async with database.reading() as session:
        person = (await session.scalars(select(Person).where(Person.chat_id == oleg.id))).one()
        assert (person.privacy, person.region, person.district) == (Privacy.DECLINED, None, None)
        assert await session.scalar(select(func.count()).select_from(Dialog)) == 0
    await oleg.presses("✅ Согласен / согласна", on=withdrawn)
    await becomes(oleg, shown, "Вы согласились")


async def test_deleting_asks_first_and_leaves_nothing(office: Office, database: Database) -> None:
    nuria = await office.admin()
    lawyer = await office.citizen("Гүлнара", "ru")
    await lawyer.sends(f"/start {await invited(nuria, 'юрист')}")
    await lawyer.sees("Ваша роль: юрист")

    await lawyer.sends("/privacy")
    shown = await lawyer.sees("Что обо мне хранится")
    assert "Ваши роли: юрист" in shown.text
    await lawyer.presses("🗑 Удалить всё", on=shown)
    asked = await becomes(lawyer, shown, "Удалить всё, что о вас хранится?")
    await lawyer.presses("⬅️ Назад", on=asked)
    await lawyer.presses("🗑 Удалить всё", on=await becomes(lawyer, shown, "Ваши роли"))
    await becomes(lawyer, shown, "Удалить всё, что о вас хранится?")
    await lawyer.presses("🗑 Да, удалить", on=shown)
    await becomes(lawyer, shown, "Всё удалено")
    async with database.reading() as session:
        found = await session.scalars(select(Person.chat_id).where(Person.chat_id == lawyer.id))
        assert found.all() == []
        assert (await session.scalars(select(Grant))).all() == []

    await lawyer.sends("/admin")
    await lawyer.sees("Это только для сотрудников")
    await lawyer.sends("/start")
    await lawyer.sees("Выберите язык")


async def test_deleting_twice_or_unknown_does_no_harm(office: Office) -> None:
    oleg = office.newcomer("Олег", "ru")
    await oleg.sends("ок")
    await oleg.sees("Всегда рад помочь")
    for message in (oleg.chat[0], oleg.chat[1]):
        forgets_what_was_said(oleg)
        assert (await forges(oleg, "forgotten", message).answer())["text"] == ""
        assert "Всё удалено" in (await oleg.hears()).text


SHOWN = {"ky": "Мен жөнүндө эмне сакталат", "ru": "Что обо мне хранится"}
HAS_OPEN = {"ky": "Сизде ачык иш бар", "ru": "У вас есть открытое дело"}
WITHDRAW = {"ky": "🗑 Ишти кайтарып алып, өчүрүү", "ru": "🗑 Отозвать дело и удалить"}
WAIT = {"ky": "⏳ Жабылганча күтүү", "ru": "⏳ Подождать закрытия"}
DELETED = {"ky": "Баары өчүрүлдү", "ru": "Всё удалено"}
STORY = "Үч айдан бери айлык ала элекмин"


async def file_of(person: Telephone, shown: Seen) -> str:
    """What the file with all that is held says."""
    await person.presses("held:file", on=shown)
    await eventually(lambda: "document" in person.chat[-1].raw)
    document = person.chat[-1].raw["document"]
    assert document["file_name"].endswith(".txt")
    file = person.world.files.by_unique_id(document["file_unique_id"])
    assert file is not None
    return file.content.decode("utf-8-sig")


async def closed(office: Office, database: Database, case: Case) -> None:
    """The lawyer has closed a case."""
    assert office.bot is not None
    async with database.transaction() as session:
        found = await session.get_one(Case, case.id)
        now = office.bot.clock.now()
        await cases.close(session, found, Outcome.ADVICE, by=found.lawyer_id, now=now)


@pytest.mark.parametrize("speaks", ["ky", "ru"])
async def test_what_a_case_holds_is_shown_and_handed_over(
    office: Office, database: Database, speaks: str
) -> None:
    ainura = await office.citizen("Айнура", speaks)
    nurlan, lawyer = await hired(office, database)
    await rules_for(database, lawyer)
    await begins_at(office)
    photo = (await ainura.sends_photo()).raw["photo"][-1]["file_id"]
    files = [("photo", photo, "келишим")]
    case = await opened(office, database, ainura, story=STORY, safe_hours="кечинде", files=files)
    await posted(office, case)
    card = await nurlan.sees("Дело для вас")
    await nurlan.presses("👁 Прочитать рассказ", on=card)
    await nurlan.sees("айлык ала элекмин")
    await nurlan.presses("✅ Беру", on=card)
    await nurlan.sees("+996 555 123 456")

    await ainura.sends("/privacy")
    shown = await ainura.sees(SHOWN[speaks])
    await ainura.presses(f"📁 {case.number}", on=shown)
    of_case = await becomes(ainura, shown, "Нурлан Асанов")
    assert STORY not in of_case.text, "who looks over a shoulder reads no story"
    said = {"ky": ("айтып бергениңиз", "телефон"), "ru": ("ваш рассказ", "номер телефона")}
    assert all(one in of_case.text for one in said[speaks])
    assert of_case.text.count("юрист, ") == 2, "who opened it: the role and the day"
    await ainura.presses("held", on=of_case)
    text = await file_of(ainura, await becomes(ainura, shown, SHOWN[speaks]))
    for held in (str(ainura.id), case.number, STORY, "Дастан", "Айнура эже", "Токтосунова Айнура",
                 "+996 555 123 456", "кечинде", "келишим"):  # fmt: skip
        assert held in text, held


@pytest.mark.parametrize("speaks", ["ky", "ru"])
async def test_with_an_open_case_deleting_is_a_choice(
    office: Office, database: Database, speaks: str
) -> None:
    await begins_at(office)
    nuria, ainura = await office.admin(), await office.citizen("Айнура", speaks)
    nurlan, lawyer = await hired(office, database)
    case = await opened(office, database, ainura, lawyer=lawyer)
    await ainura.sends("/privacy")
    shown = await ainura.sees(SHOWN[speaks])
    await ainura.presses("forget", on=shown)
    asked = await becomes(ainura, shown, HAS_OPEN[speaks])
    assert case.number in asked.text and "Нурлан Асанов" in asked.text
    await ainura.presses(WAIT[speaks], on=asked)
    await becomes(ainura, shown, SHOWN[speaks])
    await forges(ainura, "forgotten", shown).answer()  # a press of before the case was opened
    await becomes(ainura, shown, HAS_OPEN[speaks])
    assert (await fresh(database, case)).story == STORY

    await ainura.presses(WITHDRAW[speaks], on=asked)
    await becomes(ainura, shown, DELETED[speaks])
    await nurlan.sees(case.number)
    assert not any("Айнура" in text for text in said_by_bot(nuria))
    await nothing_left_of(database, ainura.id, case)


async def nothing_left_of(database: Database, chat_id: int, case: Case) -> None:
    """Only the bare case stays: no person, no word, no message."""
    async with database.reading() as session:
        left = await session.get_one(Case, case.id)
        assert (left.state, left.topic, left.region) == (CaseState.CLOSED, "labour", "KG-GO")
        for column in ("person_id", "story", "phone", "full_name", "called", "opponent",
                       "somebody_else", "safe_hours", "figures", "rating_word"):  # fmt: skip
            assert getattr(left, column) is None, column
        assert (await session.scalars(select(CaseFile))).all() == []
        assert (await session.scalars(select(RelayedMessage))).all() == []
        for table in Base.metadata.sorted_tables:
            if table.name in ("inbox", "outbox"):
                continue  # numbers of messages, for 48 hours
            for column in table.columns:
                if isinstance(column.type, BigInteger) and not column.foreign_keys:
                    held = select(func.count()).select_from(table).where(column == chat_id)
                    assert await session.scalar(held) == 0, f"{table.name}.{column.name}"


async def test_a_closed_case_is_deleted_at_once(office: Office, database: Database) -> None:
    oleg = await office.citizen("Олег", "ru")
    _, lawyer = await hired(office, database)
    case = await opened(office, database, oleg, lawyer=lawyer, files=[("photo", "AgAD", None)])
    await closed(office, database, case)
    await oleg.sends("/privacy")
    shown = await oleg.sees(SHOWN["ru"])
    await oleg.presses("🗑 Удалить всё", on=shown)
    await oleg.presses("🗑 Да, удалить", on=await becomes(oleg, shown, "Удалить всё, что о вас"))
    await becomes(oleg, shown, DELETED["ru"])
    await nothing_left_of(database, oleg.id, case)


async def test_consent_and_cases_go_together(office: Office, database: Database) -> None:
    await begins_at(office)
    oleg = await office.citizen("Олег", "ru")
    nurlan, lawyer = await hired(office, database)
    case = await opened(office, database, oleg, lawyer=lawyer)
    await forges(oleg, "priv:no").answer()  # the notice of the first day
    await oleg.sees(HAS_OPEN["ru"])
    await oleg.sends("/privacy")
    shown = await oleg.sees(SHOWN["ru"])
    await oleg.presses("Отозвать согласие", on=shown)
    await oleg.presses(WITHDRAW["ru"], on=await becomes(oleg, shown, HAS_OPEN["ru"]))
    await becomes(oleg, shown, "Вы не соглашались")
    await nurlan.sees(case.number)
    left = await fresh(database, case)
    assert (left.state, left.story, left.person_id) == (CaseState.CLOSED, None, None)


async def test_anothers_case_is_nobodys_to_look_at(office: Office, database: Database) -> None:
    ainura, oleg = await office.citizen(), await office.citizen("Олег", "ru")
    case = await opened(office, database, ainura)
    await oleg.sends("/privacy")
    shown = await oleg.sees(SHOWN["ru"])
    assert case.number not in str(shown.raw)
    for data in (f"held:{case.id}", "held:999999999999999"):
        assert "устарела" in (await forges(oleg, data, shown).answer())["text"]
    assert case.number not in await file_of(oleg, shown)
    await forges(oleg, "forgotten:all", shown).answer()
    await becomes(oleg, shown, DELETED["ru"])
    assert (await fresh(database, case)).story == STORY


async def test_a_lawyer_who_has_everything_deleted_hands_over(
    office: Office, database: Database
) -> None:
    nuria, ainura = await office.admin(), await office.citizen("Айнура", "ky")
    nurlan, lawyer = await hired(office, database)
    bakyt, other = await hired(office, database, "Бакыт", partner="Мээрим")
    await rules_for(database, lawyer, other)
    await begins_at(office)
    case = await opened(office, database, ainura, lawyer=lawyer)
    await nurlan.sends("/privacy")
    shown = await nurlan.sees(SHOWN["ru"])
    await nurlan.presses("🗑 Удалить всё", on=shown)
    asked = await becomes(nurlan, shown, "больше не будете работать здесь юристом")
    assert "1 открытое дело перейдёт к другим" in asked.text
    await nurlan.presses("🗑 Да, удалить", on=asked)
    await becomes(nurlan, shown, DELETED["ru"])
    await bakyt.sees("Дело для вас")
    await nuria.sees("больше не работает с нами")
    await ainura.sees(case.number)
    left = await fresh(database, lawyer)
    assert (left.chat_id, left.name, left.standing) == (0, "—", Standing.ENDED)
    assert (await fresh(database, case)).lawyer_id is None


async def test_who_looked_often_is_told_in_few_lines(office: Office, database: Database) -> None:
    """A lawyer opens a case many times on many days: the list has to fit into a message."""
    ainura = await office.citizen("Айнура", "ru")
    _, lawyer = await hired(office, database)
    case = await opened(office, database, ainura, lawyer=lawyer)
    assert office.bot is not None
    first = office.bot.clock.now()
    async with database.transaction() as session:
        for number in range(300):
            seen_at = first + timedelta(days=number // 10)
            kind = EventKind.READ_PERSON
            cases.note(session, case, kind, by=lawyer.chat_id, now=seen_at)
    await ainura.sends("/privacy")
    shown = await ainura.sees(SHOWN["ru"])
    await ainura.presses(f"📁 {case.number}", on=shown)
    told = await becomes(ainura, shown, "и ещё 20")
    assert told.text.count("юрист, ") == 10 and told.text.count("(×10)") == 10
    await ainura.presses("held", on=told)
    whole = await file_of(ainura, await becomes(ainura, shown, SHOWN["ru"]))
    assert whole.count("юрист, ") == 300


@pytest.mark.parametrize("speaks", ["ky", "ru"])
async def test_what_was_begun_to_tell_is_held_too(office: Office, speaks: str) -> None:
    ainura = await office.citizen("Айнура", speaks)
    walk = Walk(ainura, speaks)
    await walk.until_story()
    await ainura.sends(STORY)
    await walk.at("more")
    await ainura.sends_photo(caption="келишим")
    await walk.press("bk:story:done", await walk.at("more"))
    await walk.writes("opponent", "Дастан Токтогулов")
    await walk.at("urgent")
    await ainura.sends("/privacy")
    shown = await ainura.sees(SHOWN[speaks])
    assert {"ky": "айта баштаганыңыз", "ru": "Начатое обращение"}[speaks] in shown.text
    assert STORY not in shown.text
    whole = await file_of(ainura, shown)
    assert all(told in whole for told in (STORY, "келишим", "Дастан Токтогулов"))


async def test_nothing_is_shown_to_who_finds_a_hidden_phone(
    office: Office, database: Database
) -> None:
    ainura = await office.citizen("Айнура", "ru")
    case = await opened(office, database, ainura)
    await ainura.sends("/privacy")
    shown = await ainura.sees(SHOWN["ru"])
    async with database.transaction() as session:
        ainura_known = await people.known(session, ainura.id)
        assert ainura_known is not None
        ainura_known.discreet = True
    forgets_what_was_said(ainura)
    for data in ("held", "held:file", f"held:{case.id}", "forget"):
        assert "устарела" in (await forges(ainura, data, shown).answer())["text"], data
    await ainura.sends("/privacy")
    assert "/start" in (await ainura.hears()).text
