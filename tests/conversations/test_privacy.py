"""What is kept about somebody: shown, withdrawn, deleted."""

from sqlalchemy import func, select

from storage.base import Base
from storage.database import Database
from storage.dialogs import Dialog
from storage.people import Grant, Person, Privacy
from storage.traffic import InboxUpdate
from tests.conftest import Office
from tests.conversations.conftest import UNKNOWN, becomes, forges, forgets_what_was_said


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
    await oleg.presses("Город Ош", on=await oleg.sees("Где вы живёте?"))
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
    await nuria.sends("/invite")
    await nuria.presses("юрист", on=await nuria.sees("На какую роль пригласить?"))
    link = (await nuria.sees("?start=i_")).text
    token = link.partition("?start=")[2].split()[0]
    await lawyer.sends(f"/start {token}")
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
