"""Partners and their lawyers: invited, set, paused, ended; whoever leaves hands their cases over."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import select

from sandbox import Person, Seen, members
from services import calendars, partners, slots
from storage.calendars import Consultation
from storage.cases import Case, CaseState
from storage.database import Database
from storage.partners import Lawyer, Partner, Standing, Way
from storage.routing import Handoff, HandoffState
from tests.conftest import Office, eventually
from tests.conversations.conftest import becomes, forges, said_by_bot
from tests.conversations.stories import begins_at, fresh, hired, opened
from tests.conversations.test_handoffs import handoffs_of, posted, rules_for

STRANGER = "только для сотрудников"
GONE = "устарела"
NO_LONGER = "Эта ссылка больше не работает"
CARD = "Дело для вас"


async def all_partners(person: Person) -> Seen:
    """/partners, as it is now."""
    await person.sends("/partners")
    return await person.sees("Партнёры")


async def opens(person: Person, name: str) -> Seen:
    """One partner, as it is now."""
    listed = await all_partners(person)
    await person.presses(next(label for label in listed.buttons if name in label), on=listed)
    return await becomes(person, listed, "Группа для карточек")


async def opens_lawyer(person: Person, partner: str, name: str) -> Seen:
    """One lawyer, as they are now."""
    shown = await opens(person, partner)
    await person.presses(next(label for label in shown.buttons if name in label), on=shown)
    return await becomes(person, shown, "Дежурит в любой час")


async def link_for(person: Person, name: str) -> str:
    """A link for a lawyer of a partner: its start payload."""
    shown = await opens(person, name)
    await person.presses("➕ Пригласить юриста", on=shown)
    made = await becomes(person, shown, "Ссылка для роли: юрист")
    assert name in made.text
    return made.text.partition("?start=")[2].split()[0]


async def lawyers_in(database: Database) -> list[Lawyer]:
    """Everybody's work, the oldest first."""
    async with database.reading() as session:
        return list(await session.scalars(select(Lawyer).order_by(Lawyer.id)))


async def the_partner(database: Database, name: str) -> Partner:
    """A partner by its name, as it is now."""
    async with database.reading() as session:
        return (await session.scalars(select(Partner).where(Partner.name == name))).one()


@pytest.mark.parametrize(
    ("speaks", "welcome", "hours"),
    [
        ("ru", "Вы работаете у партнёра: Адилет", "часы"),
        ("ky", "Сиз иштеген өнөктөш", "убактыңызды"),
    ],
)
async def test_a_partner_is_made_and_a_lawyer_joins_it(
    office: Office, database: Database, speaks: str, welcome: str, hours: str
) -> None:
    nuria = await office.admin()
    listed = await all_partners(nuria)
    assert "Партнёров пока нет" in listed.text
    await nuria.presses("➕ Новый партнёр", on=listed)
    await becomes(nuria, listed, "Как называется партнёр?")
    await nuria.sends("А")
    await nuria.sees("от 2 до 120 знаков")
    await nuria.sends("работодатель не платит зарплату третий месяц?")
    await nuria.sees("Мне не платят зарплату")
    await office.restart()
    await nuria.sends("  Адилет   Бишкек ")
    added = await nuria.sees("Добавлено")
    assert "Адилет Бишкек" in added.text and "0 юристов" in added.text

    payload = await link_for(nuria, "Адилет Бишкек")
    gulnara, oleg = await office.citizen("Гүлнара", speaks), await office.citizen("Олег", "ru")
    await gulnara.sends(f"/start {payload}")
    told = await gulnara.sees(welcome)
    assert hours in told.text and "/schedule" in told.text
    await oleg.sends(f"/start {payload}")
    await oleg.sees(NO_LONGER)
    (lawyer,) = await lawyers_in(database)
    assert (lawyer.chat_id, lawyer.name, lawyer.standing) == (
        gulnara.id,
        "Гүлнара",
        Standing.ACTIVE,
    )
    shown = await opens(nuria, "Адилет")
    assert "1 юрист" in shown.text and "🟢 Гүлнара" in shown.buttons


async def test_a_name_is_taken_once_and_a_name_may_be_given_up(office: Office) -> None:
    nuria = await office.admin()
    for said in ("Добавлено", "Партнёр с таким названием уже есть"):
        listed = await all_partners(nuria)
        await nuria.presses("➕ Новый партнёр", on=listed)
        await becomes(nuria, listed, "Как называется партнёр?")
        await nuria.sends("Мээрим")
        await nuria.sees(said)
    await nuria.sends("/cancel")
    await nuria.sees("Остановлено")
    assert (await all_partners(nuria)).text.count("Мээрим") == 1


async def test_what_a_lawyer_works_in_is_set_by_buttons(office: Office, database: Database) -> None:
    nuria = await office.admin()
    _, lawyer = await hired(office, database)
    shown = await opens_lawyer(nuria, "Адилет", "Нурлан")
    assert "Языки: все" in shown.text and "на дежурство" in " ".join(shown.buttons)
    await nuria.presses("🌙 Поставить на дежурство", on=shown)
    await becomes(nuria, shown, "Дежурит в любой час: да")
    await forges(nuria, f"pt:duty:{lawyer.id}:1", shown).answer()
    await nuria.presses("🗣 Языки", on=shown)
    languages = await becomes(nuria, shown, "Нурлан Асанов\n🗣")
    assert languages.buttons[0] == "✅ все"
    await nuria.presses("Кыргызча", on=languages)
    await eventually(lambda: _now(nuria, shown).buttons[0] == "все")
    for _ in range(2):  # the button says on or off: again, it changes nothing
        await forges(nuria, f"pt:languages:{lawyer.id}:ky:1", shown).answer()
    await nuria.presses("⬅️ Назад", on=languages)
    await becomes(nuria, shown, "Языки: Кыргызча")
    for forged in ("topics:{}:family:1", "topics:{}:nonsense:1", "ways:{}:in person:1"):
        await forges(nuria, "pt:" + forged.format(lawyer.id), shown).answer()
    now = await fresh(database, lawyer)
    assert (now.on_duty, now.languages, now.topics, now.ways) == (
        True,
        ["ky"],
        ["family"],
        ["in person"],
    )
    await forges(nuria, f"pt:languages:{lawyer.id}:ru:1", shown).answer()
    assert (await fresh(database, lawyer)).languages == [], "both of them are all"
    listed = await all_partners(nuria)
    assert "дежурят: 1" in listed.text
    await nuria.presses("🌙 Дежурные", on=listed)
    on_duty = await becomes(nuria, listed, "в любой час, и ночью тоже")
    assert any("Нурлан" in label and "🌙" in label for label in on_duty.buttons)


def _now(person: Person, seen: Seen) -> Seen:
    return next(one for one in person.chat if one.id == seen.id)


async def test_who_pauses_keeps_their_cases_and_gets_no_new_ones(
    office: Office, database: Database
) -> None:
    await begins_at(office)
    nuria, ainura = await office.admin(), await office.citizen("Айнура", "ky")
    nurlan, lawyer = await hired(office, database)
    await rules_for(database, lawyer)
    case = await opened(office, database, ainura, lawyer=lawyer)
    shown = await opens_lawyer(nuria, "Адилет", "Нурлан")
    await nuria.presses("⏸ Пауза", on=shown)
    await becomes(nuria, shown, "на паузе")
    second = await posted(office, await opened(office, database, ainura))
    await eventually(lambda: any(second.number in text for text in said_by_bot(nuria)))
    assert await handoffs_of(database, second) == []
    kept = await fresh(database, case)
    assert (kept.state, kept.lawyer_id) == (CaseState.IN_WORK, lawyer.id)
    assert not any(CARD in text for text in said_by_bot(nurlan))
    await nuria.presses("▶️ Снять с паузы", on=shown)
    await becomes(nuria, shown, "берёт дела")
    await posted(office, await opened(office, database, ainura))
    await nurlan.sees(CARD)


@pytest.mark.parametrize("speaks", ["ky", "ru"])
async def test_the_cases_of_a_lawyer_who_ends_go_to_others(
    office: Office, database: Database, speaks: str
) -> None:
    await begins_at(office)
    nuria, ainura = await office.admin(), await office.citizen("Айнура", speaks)
    nurlan, first = await hired(office, database)
    bakyt, second = await hired(office, database, "Бакыт", partner="Мээрим")
    await rules_for(database, first, second)
    in_work = await opened(office, database, ainura, lawyer=first)
    await _booked(office, database, in_work, first)
    offered = await posted(office, await opened(office, database, ainura))
    card = await nurlan.sees(CARD)

    shown = await opens_lawyer(nuria, "Адилет", "Нурлан")
    await nuria.presses("⚫️ Закончить", on=shown)
    asked = await becomes(nuria, shown, "2 открытых дела перейдут к другим")
    await nuria.presses("⬅️ Назад", on=asked)
    await nuria.presses("⚫️ Закончить", on=await becomes(nuria, shown, "Дежурит"))
    await becomes(nuria, shown, "перейдут к другим")
    await nuria.presses("⚫️ Да, закончить", on=shown)
    await becomes(nuria, shown, "закончена")
    again = await forges(nuria, f"pt:lended:{first.id}").answer()
    assert GONE in again["text"]

    await eventually(lambda: sum(CARD in text for text in said_by_bot(bakyt)) == 2)
    await ainura.sees(in_work.number)
    assert (await fresh(database, first)).standing is Standing.ENDED
    for case in (in_work, offered):
        now = await fresh(database, case)
        assert (now.state, now.lawyer_id) == (CaseState.OFFERED, None)
        (open_one,) = [
            one for one in await handoffs_of(database, case) if one.state is HandoffState.OPEN
        ]
        assert open_one.lawyer_id == second.id
    async with database.reading() as session:
        wish = (await session.scalars(select(Consultation))).one()
        assert wish.lawyer_id is None

    await nurlan.sees("Спасибо за работу с нами")
    before = len(nurlan.chat)
    for data in ("ho:a:{}", "ho:d:{}", "ho:s:{}"):
        for handoff in await _all_handoffs(database):
            answer = await forges(nurlan, data.format(handoff.id), card).answer()
            assert answer["text"], "refused"
    await nurlan.sends("/cases")
    await nurlan.sees(STRANGER)
    assert len(nurlan.chat) == before + 2, "nothing but the refusal of a command"


async def _booked(office: Office, database: Database, case: Case, lawyer: Lawyer) -> None:
    assert office.bot is not None
    now = office.bot.clock.now()
    async with database.transaction() as session:
        (slot, *_) = await slots.free_slots(session, [lawyer], Way.PHONE, now, most=1)
        held = await calendars.hold(
            session, slot, chat_id=lawyer.chat_id + 1, way=Way.PHONE, now=now
        )
        await calendars.book(session, held, await session.get_one(Case, case.id), now)


async def _all_handoffs(database: Database) -> list[Handoff]:
    async with database.reading() as session:
        return list(await session.scalars(select(Handoff)))


async def test_a_partner_ends_with_all_its_lawyers(office: Office, database: Database) -> None:
    await begins_at(office)
    nuria, ainura = await office.admin(), await office.citizen("Айнура", "ky")
    nurlan, first = await hired(office, database)
    aida, other = await hired(office, database, "Аида")
    case = await opened(office, database, ainura, lawyer=other)
    unused = await link_for(nuria, "Адилет")
    shown = await opens(nuria, "Адилет")
    await nuria.presses("⚫️ Закончить", on=shown)
    asked = await becomes(nuria, shown, "Закончить работу с «Адилет»?")
    assert "2 юриста потеряют доступ" in asked.text and "1 открытое дело" in asked.text
    await nuria.presses("⚫️ Да, закончить", on=asked)
    await becomes(nuria, shown, "закончена")
    await eventually(lambda: any(case.number in text for text in said_by_bot(nuria)))
    assert (await fresh(database, case)).state is CaseState.NEW, "the coordinator has it"
    for one, lawyer in ((nurlan, first), (aida, other)):
        assert (await fresh(database, lawyer)).standing is Standing.ENDED
        await one.sends("/schedule")
        await one.sees(STRANGER)
    late = await office.citizen("Эрмек", "ru")
    await late.sends(f"/start {unused}")
    await late.sees(NO_LONGER)
    assert "Партнёров пока нет" in (await all_partners(nuria)).text
    for data in ("p", "pause", "end", "ended", "link", "group"):
        pressed = forges(nuria, f"pt:{data}:{first.partner_id}", shown)
        assert GONE in (await pressed.answer())["text"], data


async def test_a_role_taken_back_ends_the_work(office: Office, database: Database) -> None:
    nuria, ainura = await office.admin(), await office.citizen("Айнура", "ky")
    _, lawyer = await hired(office, database)
    case = await opened(office, database, ainura, lawyer=lawyer)
    await nuria.sends("/admin")
    listed = await nuria.sees("Нурлан — юрист")
    await nuria.presses("✖️ Нурлан — юрист", on=listed)
    await nuria.presses("Да, забрать", on=await becomes(nuria, listed, "Забрать роль"))
    await becomes(nuria, listed, "больше нет роли")
    assert (await fresh(database, lawyer)).standing is Standing.ENDED
    assert (await fresh(database, case)).state is CaseState.NEW


async def test_a_lawyer_goes_to_another_partner(office: Office, database: Database) -> None:
    nuria, ainura = await office.admin(), await office.citizen("Айнура", "ky")
    nurlan, before = await hired(office, database)
    case = await opened(office, database, ainura, lawyer=before)
    async with database.transaction() as session:
        assert office.bot is not None
        await partners.add_partner(session, "Мээрим", office.bot.clock.now())
    await nurlan.sends(f"/start {await link_for(nuria, 'Мээрим')}")
    await nurlan.sees("Вы работаете у партнёра: Мээрим")
    old, new = await lawyers_in(database)
    assert (old.standing, new.standing) == (Standing.ENDED, Standing.ACTIVE)
    assert new.chat_id == nurlan.id and new.partner_id != old.partner_id
    assert (await fresh(database, case)).state is not CaseState.IN_WORK


async def test_strangers_and_lawyers_press_in_vain(office: Office, database: Database) -> None:
    nurlan, lawyer = await hired(office, database)
    oleg = await office.citizen("Олег", "ru")
    partner = ("p", "pause", "resume", "end", "ended", "link", "group", "ungroup")
    one = ("l", "lpause", "lresume", "lend", "lended", "languages", "topics", "ways")
    pressed = [
        *("pt", "pt:new", "pt:night"),
        *(f"pt:{what}:{lawyer.partner_id}" for what in partner),
        *(f"pt:{what}:{lawyer.id}" for what in one),
        *(f"pt:duty:{lawyer.id}:1", f"pt:languages:{lawyer.id}:ky:1"),
    ]
    for who in (oleg, nurlan):
        for data in pressed:
            answer = await forges(who, data, who.chat[-1]).answer()
            assert STRANGER in answer["text"], data
        await who.sends("/partners")
        await who.sees("Это только для сотрудников")
    assert (await fresh(database, lawyer)).standing is Standing.ACTIVE
    nuria = await office.admin()
    for data in ("pt:p:999999", "pt:l:999999999999999", "pt:ended:0", "pt:p:x", "pt:lend:-1"):
        assert (await forges(nuria, data, nuria.chat[-1]).answer())["text"], data


async def group_link(person: Person, name: str) -> str:
    """The payload of a link that ties a group."""
    shown = await opens(person, name)
    await person.presses("👥 Добавить группу", on=shown)
    made = await becomes(person, shown, "Группа партнёра")
    return made.text.partition("?startgroup=")[2].split()[0]


async def test_a_group_is_tied_once_by_whom_it_concerns(office: Office, database: Database) -> None:
    await begins_at(office)
    nuria, oleg = await office.admin(), await office.citizen("Олег", "ru")
    nurlan, lawyer = await hired(office, database)
    await rules_for(database, lawyer)
    group = office.telegram.group("Адилет", [nurlan, oleg], bot="member")
    payload = await group_link(nuria, "Адилет")
    start = f"/start@jigerduu_demo_bot {payload}"
    await oleg.sends(start, chat=group)
    await oleg.sees(NO_LONGER, chat=group)
    assert (await the_partner(database, "Адилет")).group_chat_id is None
    await oleg.sends(f"/start {payload.replace('g_', 'i_')}")
    await oleg.sees(NO_LONGER)
    await nurlan.sends(start, chat=group)
    await nurlan.sees("Теперь карточки дел для «Адилет»", chat=group)
    assert (await the_partner(database, "Адилет")).group_chat_id == group.id

    other = office.telegram.group("Башка", [nurlan], bot="member")
    await nurlan.sends(start, chat=other)
    await nurlan.sees(NO_LONGER, chat=other)
    ainura = await office.citizen("Айнура", "ky")
    case = await posted(office, await opened(office, database, ainura))
    card = await nurlan.sees(case.number, chat=group)
    assert "Айнура" not in card.text and "Дастан" not in card.text

    shown = await opens(nuria, "Адилет")
    await nuria.presses("✖️ Отвязать группу", on=shown)
    await becomes(nuria, shown, "Группа для карточек: нет")
    assert (await the_partner(database, "Адилет")).group_chat_id is None


async def test_a_group_belongs_to_one_partner(office: Office, database: Database) -> None:
    nuria = await office.admin()
    await hired(office, database)
    await hired(office, database, "Бакыт", partner="Мээрим")
    group = office.telegram.group("Баары", [nuria])
    await nuria.sends(f"/start {await group_link(nuria, 'Адилет')}", chat=group)
    await nuria.sees("Теперь карточки дел для «Адилет»", chat=group)
    payload = await group_link(nuria, "Мээрим")
    await nuria.sends(f"/start {payload}", chat=group)
    await nuria.sees("уже принадлежит другому партнёру", chat=group)
    own = office.telegram.group("Мээрим", [nuria])
    await nuria.sends(f"/start {payload}", chat=own)  # the refusal didn't use the link up
    await nuria.sees("Теперь карточки дел для «Мээрим»", chat=own)


async def test_a_group_moves_and_the_bot_may_be_taken_out(
    office: Office, database: Database
) -> None:
    nuria = await office.admin()
    nurlan, _ = await hired(office, database)
    group = office.telegram.group("Адилет", [nurlan], kind="group", bot="member")
    await nurlan.sends(f"/start {await group_link(nuria, 'Адилет')}", chat=group)
    await nurlan.sees("Теперь карточки", chat=group)
    moved = members.upgrade(office.telegram.world, group)
    await _group_is(database, moved.id)
    members.set_bot(office.telegram.world, moved, office.telegram.bot, "left", nurlan.account.user)
    told = await nuria.sees("удалили из группы «Адилет»")
    assert "👥 Добавить группу" in told.buttons
    await _group_is(database, None)


async def _group_is(database: Database, wanted: int | None) -> None:
    async with asyncio.timeout(5):
        while (await the_partner(database, "Адилет")).group_chat_id != wanted:  # noqa: ASYNC110
            await asyncio.sleep(0.02)
