"""Citizens and events: from the list to the ticket, the queue, reminders, and giving a seat back."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from sandbox import Person
from sandbox.people import Seen
from services import tickets
from storage.database import Database
from storage.events import Event, EventState, Registration, RegistrationState
from tests.conftest import Office, eventually
from tests.conversations.conftest import SURE, becomes, forges, said_by_bot
from tests.conversations.gatherings import (
    TITLES,
    changed,
    planned,
    registration_of,
    registrations_of,
)
from tests.conversations.stories import begins_at, comes, passes
from tests.conversations.visits import as_shown, documents, file_in, twice

SEATED, WAITING = RegistrationState.REGISTERED, RegistrationState.WAITING
GIVEN_BACK = RegistrationState.CANCELLED
WORDS = {
    "ru": {
        "register": "✅ Записаться",
        "confirm": "✅ Подтвердить",
        "registered": "Вы записаны",
        "ticket": "🎟 Ваш билет",
        "queue": "⏳ В лист ожидания",
        "number": "ваш номер: ",
        "moved": "Место освободилось",
        "leave": "✖️ Не смогу прийти",
        "yes": "Да, отказаться",
        "left": "запись отменена",
        "tomorrow": "Напоминание: завтра в 10:00",
        "today": "Напоминание: сегодня в 10:00",
        "mine": "Мои мероприятия",
        "over": "Запись закончилась",
        "cancelled": "отменено",
        "places": "Свободных мест: ",
    },
    "ky": {
        "register": "✅ Жазылуу",
        "confirm": "✅ Ырастоо",
        "registered": "Сиз жазылдыңыз",
        "ticket": "🎟 Сиздин билетиңиз",
        "queue": "⏳ Күтүү тизмесине",
        "number": "кезегиңиз: ",
        "moved": "Орун бошоду",
        "leave": "✖️ Келе албайм",
        "yes": "Ооба, баш тартам",
        "left": "жокко чыгарылды",
        "tomorrow": "Эскертүү: эртең саат 10:00",
        "today": "Эскертүү: бүгүн саат 10:00",
        "mine": "Менин иш-чараларым",
        "over": "Жазылуу аяктады",
        "cancelled": "болбойт",
        "places": "Бош орун: ",
    },
}
RU = WORDS["ru"]
both = pytest.mark.parametrize("speaks", ["ru", "ky"])


async def opens(guest: Person, event: Event, speaks: str = "ru") -> Seen:
    """Open an event by its link; the new message it stands in."""
    sent = await guest.sends(f"/start e_{event.id}")

    def card() -> list[Seen]:
        return [one for one in guest.chat if one.id > sent.id and TITLES[speaks] in one.text]

    await eventually(lambda: bool(card()))
    return card()[0]


async def registers(guest: Person, event: Event, speaks: str = "ru") -> Seen:
    """The two presses; give back the message in which it happened."""
    words = WORDS[speaks]
    shown = await opens(guest, event, speaks)
    label = next(one for one in (words["register"], words["queue"]) if one in shown.buttons)
    await guest.presses(label, on=shown)
    await eventually(lambda: words["confirm"] in as_shown(guest, shown).buttons)
    await guest.presses(words["confirm"], on=shown)
    await eventually(lambda: words["confirm"] not in as_shown(guest, shown).buttons)
    return as_shown(guest, shown)


def photos(guest: Person) -> list[Seen]:
    return [one for one in guest.chat if "photo" in one.raw]


async def has_ticket(guest: Person, number: int = 1) -> Seen:
    """The newest of so many tickets."""
    await eventually(lambda: len(photos(guest)) >= number)
    return photos(guest)[-1]


async def own(database: Database, event: Event, guest: Person) -> Registration:
    found = await registration_of(database, event, guest)
    assert found is not None
    return found


# --- the way to a ticket ------------------------------------------------------------------------


@both
async def test_from_the_list_to_the_ticket_in_two_presses(
    office: Office, database: Database, speaks: str
) -> None:
    await begins_at(office)
    event, words = await planned(office, database), WORDS[speaks]
    ainura = await office.citizen("Айнура", speaks)
    await ainura.sends("/events")
    shown = await ainura.sees(TITLES[speaks])
    await ainura.presses(f"ev:e:{event.id}", on=shown)
    card = await becomes(ainura, shown, words["places"] + "50")
    assert "Ленин" in card.text and "юрист" in card.text.lower()
    await ainura.presses(words["register"], on=card)
    await becomes(ainura, shown, "👤 Айнура")
    await ainura.presses(words["confirm"], on=as_shown(ainura, shown))
    await becomes(ainura, shown, words["registered"])
    ticket = await has_ticket(ainura)
    registration = await own(database, event, ainura)
    assert words["ticket"] in ticket.text and tickets.spaced(registration.code) in ticket.text
    file = office.telegram.world.files.by_file_id(
        office.telegram.world.bot.id, ticket.raw["photo"][-1]["file_id"]
    )
    link = f"https://t.me/jigerduu_demo_bot?start=t_{registration.code}"
    assert file.content == tickets.picture(link, registration.code)
    calendar = file_in(office, (await documents(ainura))[0])
    assert calendar["SUMMARY"] == TITLES[speaks] and "Ленин" in calendar["LOCATION"]
    assert datetime.fromisoformat(calendar["DTSTART"]) == event.starts_at
    assert [one.raw["venue"]["title"] for one in ainura.chat if "venue" in one.raw] == [
        TITLES[speaks]
    ]


@both
async def test_companions_needs_regions_and_questions(
    office: Office, database: Database, speaks: str
) -> None:
    await begins_at(office)
    event = await planned(
        office,
        database,
        regions={"KG-O": 5},
        companions_most=2,
        asks_needs=True,
        questions=[
            {"ru": "Чем вы занимаетесь?", "ky": "Кесибиңиз кандай?"},
            {"ru": "О чём хотите услышать?", "ky": "Эмне жөнүндө уккуңуз келет?"},
        ],
    )
    words = WORDS[speaks]
    ainura = await office.citizen("Айнура", speaks)
    shown = await opens(ainura, event, speaks)
    await ainura.presses(words["register"], on=shown)
    await becomes(ainura, shown, {"ru": "Откуда вы?", "ky": "Кайдан болосуз?"}[speaks])
    await ainura.presses(f"ev:d:{event.id}:from:KG-O", on=as_shown(ainura, shown))
    await becomes(ainura, shown, event.questions[0][speaks])
    await ainura.sends(SURE[speaks][0] + "?")
    await ainura.sees(SURE[speaks][1])
    await ainura.sends("Мугалим")
    second = await ainura.sees(event.questions[1][speaks])
    await ainura.presses({"ru": "⬅️ Назад", "ky": "⬅️ Артка"}[speaks], on=second)
    await becomes(ainura, second, event.questions[0][speaks])
    await ainura.sends("Дыйкан")
    second = await ainura.sees(event.questions[1][speaks])
    await ainura.presses(f"ev:d:{event.id}:skip:1", on=second)
    summary = await becomes(ainura, second, "👤 Айнура")
    for companions in (1, 2):
        await ainura.presses("➕ 👥", on=summary)
        summary = await becomes(ainura, summary, f": {companions}")
    assert "➕ 👥" not in summary.buttons
    await ainura.presses("➖ 👥", on=summary)
    summary = await becomes(ainura, summary, ": 1")
    await ainura.presses(f"ev:d:{event.id}:need:childcare:1", on=summary)
    await eventually(lambda: any("☑️" in one for one in as_shown(ainura, summary).buttons))
    await ainura.presses(f"ev:d:{event.id}:name", on=as_shown(ainura, summary))
    await eventually(lambda: words["confirm"] not in as_shown(ainura, summary).buttons)
    await ainura.sends("Токтосунова Айнура")
    summary = await ainura.sees("👤 Токтосунова Айнура")
    await ainura.presses(words["confirm"], on=summary)
    ticket = await has_ticket(ainura)
    assert "Токтосунова Айнура" in ticket.text and "2 " in ticket.text
    guest = await own(database, event, ainura)
    assert (guest.region, guest.companions) == ("KG-O", 1)
    assert (guest.needs, guest.answers) == (["childcare"], ["Дыйкан", ""])


async def test_a_newcomer_follows_the_link_of_an_event(office: Office, database: Database) -> None:
    await begins_at(office)
    event = await planned(office, database)
    oleg = office.newcomer("Олег", "ru")
    await oleg.sends(f"/start e_{event.id}")
    await oleg.presses("Русский", on=await oleg.sees("Выберите язык"))
    await oleg.presses("priv:yes", on=await oleg.sees("/privacy"))
    card = await oleg.sees(TITLES["ru"])
    await oleg.presses(RU["register"], on=card)
    await becomes(oleg, card, "👤 Олег")


async def test_whoever_declined_agrees_before_a_name_is_kept(
    office: Office, database: Database
) -> None:
    await begins_at(office)
    event = await planned(office, database)
    oleg = office.newcomer("Олег", "ru")
    await oleg.sends("/start")
    await oleg.presses("Русский", on=await oleg.sees("Выберите язык"))
    await oleg.presses("Нет, только ответы", on=await oleg.sees("/privacy"))
    await oleg.sees("сохраню только ваш язык")
    await oleg.presses(RU["register"], on=await opens(oleg, event))
    notice = await oleg.sees("сохранить ваше имя")
    assert await registrations_of(database, event) == []
    await oleg.presses("priv:yes", on=notice)
    await eventually(lambda: sum(TITLES["ru"] in said for said in said_by_bot(oleg)) == 2)
    await registers(oleg, event)
    await has_ticket(oleg)


async def test_many_events_stand_on_pages_ones_own_first(
    office: Office, database: Database
) -> None:
    await begins_at(office)
    all_of_them = [await planned(office, database, title_ru=f"Встреча {n}") for n in range(7)]
    await planned(office, database, title_ru="Черновик", state=EventState.DRAFT)
    last = all_of_them[-1]
    await changed(
        database,
        last,
        starts_at=last.starts_at + timedelta(days=9),
        ends_at=last.ends_at + timedelta(days=9),
        title_ru=TITLES["ru"],
    )
    oleg = await office.citizen("Олег", "ru")
    await registers(oleg, last)
    await has_ticket(oleg)
    await oleg.sends("📣 Мероприятия")
    shown = await oleg.sees("Встреча 0")
    assert shown.text.index(TITLES["ru"]) < shown.text.index("Встреча 0")
    await oleg.presses("▶️", on=shown)
    shown = await becomes(oleg, shown, "Встреча 5")
    assert "Встреча 3" not in shown.text
    await oleg.presses("◀️", on=shown)
    await becomes(oleg, shown, "Встреча 0")
    assert not any("Черновик" in said for said in said_by_bot(oleg))


# --- the queue ----------------------------------------------------------------------------------


@both
async def test_the_queue_moves_up_by_itself(
    office: Office, database: Database, speaks: str
) -> None:
    await begins_at(office)
    event, words = await planned(office, database, seats=1), WORDS[speaks]
    first = await office.citizen("Айнура", speaks)
    second, third = await office.citizen("Бермет", speaks), await office.citizen("Олег", "ru")
    await registers(first, event, speaks)
    ticket = await has_ticket(first)
    assert words["number"] + "1" in (await registers(second, event, speaks)).text
    waits = await registers(third, event)
    assert RU["number"] + "2" in waits.text
    await first.presses(words["leave"], on=ticket)
    await eventually(lambda: words["yes"] in first.chat[-1].buttons)
    sure = first.chat[-1]
    await first.presses(words["yes"], on=sure)
    await becomes(first, sure, words["left"])
    told = await has_ticket(second)
    assert words["moved"] in told.text
    assert (await own(database, event, first)).state is GIVEN_BACK
    assert (await own(database, event, second)).state is SEATED
    assert RU["number"] + "1" in (await opens(third, event)).text
    await passes(office, minutes=5)
    assert photos(third) == []


# --- mistakes -----------------------------------------------------------------------------------


async def test_every_press_twice(office: Office, database: Database) -> None:
    await begins_at(office)
    event = await planned(office, database, seats=1)
    oleg = await office.citizen("Олег", "ru")
    shown = await opens(oleg, event)
    await twice(office, oleg, RU["register"], shown)
    await eventually(lambda: RU["confirm"] in as_shown(oleg, shown).buttons)
    await twice(office, oleg, RU["confirm"], as_shown(oleg, shown))
    ticket = await has_ticket(oleg)
    await passes(office, minutes=1)
    assert len(photos(oleg)) == len(await registrations_of(database, event)) == 1
    await twice(office, oleg, RU["leave"], ticket)
    await eventually(lambda: RU["yes"] in oleg.chat[-1].buttons)
    await twice(office, oleg, RU["yes"], oleg.chat[-1])
    assert [one.state for one in await registrations_of(database, event)] == [GIVEN_BACK]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"state": EventState.CANCELLED}, "cancelled"),
        ({"register_until": None}, "over"),
    ],
)
async def test_too_late_between_the_two_presses(
    office: Office, database: Database, change: dict[str, object], said: str
) -> None:
    await begins_at(office)
    assert office.bot is not None
    event = await planned(office, database)
    oleg = await office.citizen("Олег", "ru")
    shown = await opens(oleg, event)
    await oleg.presses(RU["register"], on=shown)
    await becomes(oleg, shown, "👤 Олег")
    if "register_until" in change:
        change = {"register_until": office.bot.clock.now() - timedelta(minutes=1)}
    await changed(database, event, **change)
    await oleg.presses(RU["confirm"], on=as_shown(oleg, shown))
    late = await becomes(oleg, shown, RU[said])
    assert RU["register"] not in late.buttons
    assert await registrations_of(database, event) == []


async def test_the_last_seat_goes_between_the_two_presses(
    office: Office, database: Database
) -> None:
    await begins_at(office)
    event = await planned(office, database, seats=1)
    oleg, ainura = await office.citizen("Олег", "ru"), await office.citizen("Айнура", "ky")
    shown = await opens(oleg, event)
    await oleg.presses(RU["register"], on=shown)
    await becomes(oleg, shown, "👤 Олег")
    await registers(ainura, event, "ky")
    await oleg.presses(RU["confirm"], on=as_shown(oleg, shown))
    waits = await becomes(oleg, shown, "Все места заняты")
    assert RU["number"] + "1" in waits.text and photos(oleg) == []


async def test_more_people_than_there_are_seats(office: Office, database: Database) -> None:
    await begins_at(office)
    event = await planned(office, database, seats=1, companions_most=3)
    oleg = await office.citizen("Олег", "ru")
    shown = await opens(oleg, event)
    await oleg.presses(RU["register"], on=shown)
    await becomes(oleg, shown, "👤 Олег")
    await oleg.presses("➕ 👥", on=as_shown(oleg, shown))
    await becomes(oleg, shown, "Со мной придут: 1")
    pressed = await oleg.presses(RU["confirm"], on=as_shown(oleg, shown))
    assert "Столько мест нет" in (await pressed.answer())["text"]
    await oleg.presses("➖ 👥", on=as_shown(oleg, shown))
    await becomes(oleg, shown, "Со мной придут: 0")
    await oleg.presses(RU["confirm"], on=as_shown(oleg, shown))
    await has_ticket(oleg)


async def test_buttons_of_the_past_and_forged_ones(office: Office, database: Database) -> None:
    await begins_at(office)
    event = await planned(office, database)
    draft = await planned(office, database, state=EventState.DRAFT)
    oleg = await office.citizen("Олег", "ru")
    shown = await opens(oleg, event)
    await oleg.presses(RU["register"], on=shown)
    await becomes(oleg, shown, "👤 Олег")
    await oleg.presses("✖️ Отмена", on=as_shown(oleg, shown))
    await becomes(oleg, shown, "Остановлено")
    for data in (
        f"ev:d:{event.id}:ok",
        f"ev:d:{event.id}:with:200",
        f"ev:e:{draft.id}",
        f"ev:r:{draft.id}",
        f"ev:t:{draft.id}",
        "ev:e:999999999999999",
        "ev:again",
        "ev:x:1",
        f"ev:p:{event.id}",
    ):
        answer = await forges(oleg, data, shown).answer()
        assert "устарела" in answer["text"], data
    for data in (f"ev:t:{event.id}", f"ev:c:{event.id}", f"ev:C:{event.id}"):
        await forges(oleg, data, shown).answer()
        await passes(office, seconds=3)
    assert await registrations_of(database, event) == []
    await oleg.sends("/start e_999999")
    await oleg.sees("Такого мероприятия нет")
    await oleg.sends(f"/start e_{draft.id}")
    await eventually(lambda: said_by_bot(oleg)[-2:].count(said_by_bot(oleg)[-1]) == 2)


async def test_a_ticket_opens_for_its_guest_only(office: Office, database: Database) -> None:
    await begins_at(office)
    event = await planned(office, database)
    ainura, oleg = await office.citizen("Айнура", "ky"), await office.citizen("Олег", "ru")
    await registers(ainura, event, "ky")
    await has_ticket(ainura)
    code = (await own(database, event, ainura)).code
    await ainura.sends(f"/start t_{code.lower()}")
    await has_ticket(ainura, 2)
    await oleg.sends(f"/start t_{code}")
    await oleg.sees("билета с таким кодом нет")
    assert photos(oleg) == []


# --- afterwards ---------------------------------------------------------------------------------


@both
async def test_reminders_a_day_and_two_hours_before(
    office: Office, database: Database, speaks: str
) -> None:
    await begins_at(office)
    event, words = await planned(office, database, seats=1), WORDS[speaks]
    ainura, late = await office.citizen("Айнура", speaks), await office.citizen("Олег", "ru")
    await registers(ainura, event, speaks)
    await has_ticket(ainura)
    await registers(late, event)
    await comes(office, event.starts_at - timedelta(hours=24, minutes=-1))
    reminder = await ainura.sees(words["tomorrow"])
    assert TITLES[speaks] in reminder.text
    await comes(office, event.starts_at - timedelta(hours=2, minutes=-1))
    await ainura.sees(words["today"])
    await passes(office, minutes=10)
    said = said_by_bot(ainura)
    assert [sum(words[day] in one for one in said) for day in ("tomorrow", "today")] == [1, 1]
    assert not any("Напоминание" in one for one in said_by_bot(late)), "they have no seat"


async def test_one_who_registers_late_is_reminded_once(office: Office, database: Database) -> None:
    await begins_at(office)
    event = await planned(office, database)
    await changed(database, event, register_until=event.starts_at)
    oleg = await office.citizen("Олег", "ru")
    await comes(office, event.starts_at - timedelta(hours=20))
    await registers(oleg, event)
    await has_ticket(oleg)
    await passes(office, minutes=30)
    assert not any("Напоминание" in one for one in said_by_bot(oleg))
    await comes(office, event.starts_at - timedelta(hours=2, minutes=-1))
    await oleg.sees(RU["today"])


@both
async def test_it_stands_under_my_things_and_what_is_kept(
    office: Office, database: Database, speaks: str
) -> None:
    await begins_at(office)
    event, words = await planned(office, database, seats=1), WORDS[speaks]
    ainura, oleg = await office.citizen("Айнура", speaks), await office.citizen("Олег", "ru")
    await registers(ainura, event, speaks)
    await has_ticket(ainura)
    await registers(oleg, event)
    await ainura.sends("/my")
    mine = await ainura.sees(words["mine"])
    assert TITLES[speaks] in mine.text and words["registered"] in mine.text
    await ainura.presses(f"ev:e:{event.id}", on=mine)
    await becomes(ainura, mine, words["registered"])
    await ainura.sends("/privacy")
    kept = await ainura.sees({"ru": "Ваша запись на 1 мероприятие", "ky": "1 иш-чарага"}[speaks])
    await ainura.presses("held:file", on=kept)
    file = (await documents(ainura, 2))[-1]
    world = office.telegram.world
    content = world.files.by_file_id(world.bot.id, file.raw["document"]["file_id"]).content
    assert TITLES[speaks] in content.decode() and "👤 Айнура" in content.decode()
    await ainura.presses("forget", on=kept)
    sure = await becomes(ainura, kept, TITLES[speaks])
    await ainura.presses("forgotten", on=sure)
    await becomes(ainura, kept, {"ru": "Всё удалено", "ky": "өчүрүлдү"}[speaks])
    assert RU["moved"] in (await has_ticket(oleg)).text
    (left,) = await registrations_of(database, event)
    assert left.state is SEATED and (await own(database, event, oleg)).id == left.id


async def test_without_consent_no_registration_is_kept(office: Office, database: Database) -> None:
    await begins_at(office)
    event = await planned(office, database)
    oleg = await office.citizen("Олег", "ru")
    await registers(oleg, event)
    await has_ticket(oleg)
    await oleg.sends("/privacy")
    kept = await oleg.sees("Что обо мне хранится")
    await oleg.presses("consent:no", on=kept)
    sure = await becomes(oleg, kept, f"потеряете место на мероприятиях: «{TITLES['ru']}»")
    assert len(await registrations_of(database, event)) == 1
    await oleg.presses("consent:gone", on=sure)
    await becomes(oleg, kept, "Вы не соглашались")
    assert await registrations_of(database, event) == []


async def test_nothing_is_shown_to_who_hid_the_conversation(
    office: Office, database: Database
) -> None:
    await begins_at(office)
    event = await planned(office, database)
    oleg = await office.citizen("Олег", "ru")
    await registers(oleg, event)
    await has_ticket(oleg)
    await oleg.sends("/hide")
    await eventually(lambda: photos(oleg) == [])
    await oleg.sends("/events")
    await oleg.sees("/start")
    await comes(office, event.starts_at - timedelta(hours=24, minutes=-1))
    assert not any(TITLES["ru"] in said for said in said_by_bot(oleg))
