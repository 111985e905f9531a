"""Roles: given by a link that works once, taken back at a press, and asked for at every step."""

from datetime import UTC, datetime

import pytest

from sandbox import Person, Seen
from storage import people as known
from storage.database import Database
from tests.conftest import Office, eventually
from tests.conversations.conftest import becomes, forges, said_by_bot

NOW = datetime.now(UTC)
THREE_DAYS = 3 * 24 * 3600
STRANGER = "Это только для сотрудников"
NO_LONGER = "Эта ссылка больше не работает"


async def invited(inviter: Person, role: str) -> str:
    """Make a link for a role; its start payload."""
    await inviter.sends("/invite")
    roles = await inviter.sees("На какую роль пригласить?")
    await inviter.presses(role, on=roles)
    if role == "юрист":
        roles = await chooses_partner(inviter, roles)
    shown = await becomes(inviter, roles, f"Ссылка для роли: {role}")
    return shown.text.partition("?start=")[2].split()[0]


async def chooses_partner(inviter: Person, shown: Seen) -> Seen:
    """A lawyer works for a partner: choose it, or make the first; the message with the link."""
    asked = await becomes(inviter, shown, "партнёр")
    if "Адилет" in asked.buttons:
        await inviter.presses("Адилет", on=asked)
        return asked
    await inviter.presses("➕ Новый партнёр", on=asked)
    await becomes(inviter, shown, "Как называется партнёр?")
    await inviter.sends("Адилет")
    added = await inviter.sees("Добавлено")
    await inviter.presses("➕ Пригласить юриста", on=added)
    return added


@pytest.mark.parametrize(
    ("role", "commands"),
    [
        ("юрист", set()),
        ("координатор", {"admin", "invite"}),
    ],
)
async def test_a_link_gives_its_role_once(office: Office, role: str, commands: set[str]) -> None:
    nuria, gulnara = await office.admin(), await office.citizen("Гүлнара", "ru")
    payload = await invited(nuria, role)
    await gulnara.sends(f"/start {payload}")
    await gulnara.sees(f"Ваша роль: {role}")
    await nuria.sees("По вашей ссылке пришёл человек: Гүлнара")
    await eventually(
        lambda: {"admin", "invite"} & {one["command"] for one in gulnara.menu} == commands
    )
    oleg = await office.citizen("Олег", "ru")
    await oleg.sends(f"/start {payload}")
    await oleg.sees(NO_LONGER)
    await gulnara.sends(f"/start {payload}")
    await gulnara.sees(NO_LONGER)
    await oleg.sends("/admin")
    await oleg.sees(STRANGER)


async def test_a_link_works_before_the_first_steps(office: Office) -> None:
    nuria, gulnara = await office.admin(), office.newcomer("Гүлнара", "ky")
    payload = await invited(nuria, "юрист")
    await gulnara.sends(f"/start {payload}")
    await gulnara.presses("Кыргызча", on=await gulnara.sees("Тилди тандаңыз"))
    await gulnara.presses("✅ Макулмун", on=await gulnara.sees("шифрленип сакталат"))
    await gulnara.sees("Сиздин ролуңуз: юрист")
    assert gulnara.keyboard


async def test_a_link_that_fails_after_the_first_steps_still_leads_to_the_menu(
    office: Office,
) -> None:
    oleg = office.newcomer("Олег", "ru")
    await oleg.sends("/start i_nonsense")
    await oleg.presses("Русский", on=await oleg.sees("Выберите язык"))
    pressed = await oleg.presses("priv:yes", on=await oleg.sees("/privacy"))
    assert NO_LONGER in (await pressed.answer())["text"]
    await oleg.sees("Напишите вопрос своими словами")
    assert oleg.keyboard


async def test_a_link_expires_after_three_days(office: Office) -> None:
    nuria, gulnara = await office.admin(), await office.citizen("Гүлнара", "ru")
    late, in_time = await invited(nuria, "юрист"), await invited(nuria, "куратор")
    office.telegram.advance(THREE_DAYS - 600)
    await gulnara.sends("/help")  # the bot hears of the new time with its answer
    await gulnara.sees("Я программа")
    await gulnara.sends(f"/start {in_time}")
    await gulnara.sees("Ваша роль: куратор")
    office.telegram.advance(700)
    await gulnara.sends("/cancel")
    await gulnara.sees("Останавливать нечего")
    await gulnara.sends(f"/start {late}")
    await gulnara.sees(NO_LONGER)


async def test_a_role_taken_back_is_refused_at_once(office: Office) -> None:
    nuria, ermek = await office.admin(), await office.citizen("Эрмек", "ru")
    await ermek.sends(f"/start {await invited(nuria, 'координатор')}")
    await ermek.sees("Ваша роль: координатор")
    of_ermek = await invited(ermek, "юрист")
    await ermek.sends("/admin")
    roles = await ermek.sees("Роли\n")

    await nuria.sends("/admin")
    listed = await nuria.sees("Эрмек — координатор")
    await nuria.presses("✖️ Эрмек — координатор", on=listed)
    asked = await becomes(nuria, listed, "Забрать роль «координатор» у Эрмек?")
    await nuria.presses("⬅️ Назад", on=asked)
    await nuria.presses("✖️ Эрмек — координатор", on=await becomes(nuria, listed, "Роли\n"))
    await becomes(nuria, listed, "Забрать роль")
    for _ in range(2):
        await nuria.presses("Да, забрать", on=listed)
    await becomes(nuria, listed, "больше нет роли «координатор»")

    await ermek.sends("/invite")
    await ermek.sees(STRANGER)
    pressed = await ermek.presses("➕ Пригласить", on=roles)
    assert STRANGER in (await pressed.answer())["text"]
    await eventually(lambda: "invite" not in {one["command"] for one in ermek.menu})
    assert "Сменить язык" in {one["description"] for one in ermek.menu}, "in their language"
    oleg = await office.citizen("Олег", "ru")
    await oleg.sends(f"/start {of_ermek}")
    await oleg.sees(NO_LONGER)


async def test_a_coordinator_neither_makes_nor_unmakes_administrators(office: Office) -> None:
    nuria, ermek, aida = (
        await office.admin(),
        await office.citizen("Эрмек", "ru"),
        await office.citizen("Аида", "ru"),
    )
    await ermek.sends(f"/start {await invited(nuria, 'координатор')}")
    await ermek.sees("Ваша роль: координатор")
    await aida.sends(f"/start {await invited(nuria, 'администратор')}")
    await aida.sees("Ваша роль: администратор")

    await ermek.sends("/invite")
    roles = await ermek.sees("На какую роль пригласить?")
    assert "администратор" not in roles.buttons
    assert "устарела" in (await forges(ermek, "invite:admin", roles).answer())["text"]
    await ermek.sends("/admin")
    listed = await ermek.sees("Аида — администратор")
    assert not any("Аида" in label for label in listed.buttons)
    await nuria.sends("/admin")
    grants = await nuria.sees("Аида — администратор")
    take = grants.button("✖️ Аида — администратор")["callback_data"]
    for forged in (take, take.replace("take", "taken")):
        assert "устарела" in (await forges(ermek, forged, listed).answer())["text"]
    await aida.sends("/admin")
    await aida.sees("Аида — администратор")


async def test_strangers_press_in_vain(office: Office) -> None:
    nuria, ermek = await office.admin(), await office.citizen("Эрмек", "ru")
    await ermek.sends(f"/start {await invited(nuria, 'координатор')}")
    await ermek.sees("Ваша роль: координатор")
    oleg = await office.citizen("Олег", "ru")
    for data in (
        "invite",
        "invite:lawyer",
        "pt:link:1",
        "admin",
        "take:1",
        "taken:1",
        "take:x",
        "invite:king",
    ):
        assert STRANGER in (await forges(oleg, data, oleg.chat[-1]).answer())["text"], data
    for command in ("/invite", "/admin"):
        await oleg.sends(command)
    await eventually(lambda: sum(STRANGER in text for text in said_by_bot(oleg)) == 2)
    for data in ("take:999", "taken:x", "invite:king"):
        assert "устарела" in (await forges(nuria, data, nuria.chat[-1]).answer())["text"], data
    await ermek.sends("/admin")
    await ermek.sees("Эрмек — координатор")


async def test_two_open_the_same_link_at_once(office: Office) -> None:
    nuria = await office.admin()
    people = [await office.citizen(name, "ru") for name in ("Аида", "Бакыт", "Чолпон")]
    payload = await invited(nuria, "юрист")
    for person in people:
        await person.sends(f"/start {payload}")
    await eventually(lambda: all(_last(person) for person in people))
    got = [person for person in people if "Ваша роль" in _last(person)]
    assert len(got) == 1
    await nuria.sees("По вашей ссылке пришёл человек")
    await nuria.sends("/admin")
    listed = await nuria.sees("Роли\n")
    assert listed.text.count("— юрист") == 1


def _last(person: Person) -> str:
    """What came of the link; nothing yet while the link stands last."""
    last = person.chat[-1].text
    return last if "роль" in last or NO_LONGER in last else ""


async def test_many_holders_of_roles_come_by_pages(office: Office, database: Database) -> None:
    nuria = await office.admin()
    async with database.transaction() as session:
        for number in range(45):
            person = known.Person(chat_id=5000 + number, discreet=False, created_at=NOW)
            session.add(person)
            await session.flush()
            name = f"{number:02} " + "Ө" * 125  # Telegram's longest name
            session.add(
                known.Grant(
                    person_id=person.id,
                    role=known.Role.LAWYER,
                    name=name,
                    granted_by=1,
                    granted_at=NOW,
                )
            )
    await nuria.sends("/admin")
    first = await nuria.sees("Страница 1 из 3")
    assert "00 Ө" in first.text and "20 Ө" not in first.text
    await nuria.presses("▶️", on=first)
    await nuria.presses("▶️", on=await becomes(nuria, first, "Страница 2 из 3"))
    last = await becomes(nuria, first, "Страница 3 из 3")
    assert "44 Ө" in last.text and "▶️" not in last.buttons
    await forges(nuria, "admin:999", last).answer()
    await nuria.presses("◀️", on=await becomes(nuria, first, "Страница 3 из 3"))
    await becomes(nuria, first, "Страница 2 из 3")
