"""What comes by itself before an appointment and after it, and what it may not say."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import update

from locales import HERE
from sandbox import Person
from storage.calendars import Consultation
from storage.cases import Urgency
from storage.database import Database
from storage.partners import Way
from storage.people import Person as Known
from tests.conftest import Office, eventually
from tests.conversations.conftest import becomes, said_by_bot
from tests.conversations.stories import comes, passes
from tests.conversations.visits import (
    COMING,
    SETTLED,
    YOURS,
    as_shown,
    documents,
    file_in,
    story,
)

TOMORROW = {"ru": "Напоминание: завтра в", "ky": "Эскертүү: эртең саат"}
TODAY = {"ru": "Напоминание: сегодня в", "ky": "Эскертүү: бүгүн саат"}
TELLING = ("юрист", "адвокат", "дел", "кеңеш", "консульт", "kg-", "иш ", "lawyer")


def heard(person: Person, text: str) -> int:
    """How often the bot said it."""
    return sum(text in said for said in said_by_bot(person))


@pytest.mark.parametrize("speaks", ["ru", "ky"])
async def test_a_day_before_and_two_hours_before(
    office: Office, database: Database, speaks: str
) -> None:
    s = await story(office, database, speaks)
    consultation = await s.chooses()
    await comes(office, consultation.starts_at - timedelta(hours=24, minutes=-1))
    reminder = await s.citizen.sees(TOMORROW[speaks])
    assert "11:00" in reminder.text and "Нурлан Асанов" in reminder.text
    await s.citizen.presses(COMING[speaks], on=reminder)
    await becomes(s.citizen, reminder, SETTLED[speaks])
    assert heard(s.lawyer_phone, TOMORROW["ru"]) == 0
    await comes(office, consultation.starts_at - timedelta(hours=2, minutes=-1))
    await s.citizen.sees(TODAY[speaks])
    told = await s.lawyer_phone.sees(TODAY["ru"])
    assert s.case.number in told.text and "подтвердил" in told.text
    assert "Айнура" not in told.text and "996" not in told.text
    await passes(office, minutes=10)
    assert heard(s.citizen, TODAY[speaks]) == heard(s.lawyer_phone, TODAY["ru"]) == 1


async def test_one_reminder_of_two_that_are_late(office: Office, database: Database) -> None:
    s = await story(office, database)
    consultation = await s.chooses()
    await comes(office, consultation.starts_at - timedelta(minutes=50))
    await s.citizen.sees(TODAY["ru"])
    told = await s.lawyer_phone.sees(TODAY["ru"])
    assert "пока не подтвердил" in told.text
    assert heard(s.citizen, TOMORROW["ru"]) == 0


async def test_an_appointment_of_the_early_morning_is_told_of_in_the_evening(
    office: Office, database: Database
) -> None:
    s = await story(office, database)
    consultation = await s.chooses()
    early = consultation.starts_at.astimezone(HERE).replace(hour=8, minute=20)
    async with database.transaction() as session:
        await session.execute(
            update(Consultation).values(starts_at=early, ends_at=early + timedelta(minutes=30))
        )
    await comes(office, early - timedelta(hours=26))
    await comes(office, early.replace(hour=20, minute=1) - timedelta(days=1))
    await s.citizen.sees(TOMORROW["ru"])
    await comes(office, early.replace(hour=6, minute=30))
    said = len(said_by_bot(s.citizen))
    await passes(office, minutes=5)
    assert len(said_by_bot(s.citizen)) == said, "nobody is woken"


@pytest.mark.parametrize("speaks", ["ru", "ky"])
async def test_a_neutral_case_is_reminded_of_without_a_word_on_it(
    office: Office, database: Database, speaks: str
) -> None:
    s = await story(office, database, speaks, neutral=True)
    consultation = await s.chooses()
    card = await s.citizen.sees(YOURS[speaks])
    file = file_in(office, (await documents(s.citizen))[0])
    assert file["SUMMARY"] in ("Встреча", "Жолугушуу") and "LOCATION" not in file
    assert not any("venue" in one.raw for one in s.citizen.chat)
    await comes(office, consultation.starts_at - timedelta(hours=23, minutes=59))
    reminder = await s.citizen.sees(TOMORROW[speaks])
    for seen in (card, reminder):
        said = " ".join([seen.text, *seen.buttons]).lower()
        assert not any(word in said for word in TELLING), said
    ok = {"ru": "✅ Хорошо", "ky": "✅ Макул"}[speaks]
    await s.citizen.presses(ok, on=reminder)
    await becomes(s.citizen, reminder, SETTLED[speaks])
    more = {"ru": "ℹ️ Подробнее", "ky": "ℹ️ Кененирээк"}[speaks]
    await s.citizen.presses(more, on=as_shown(s.citizen, reminder))
    await becomes(s.citizen, reminder, "Нурлан Асанов")


async def test_nothing_comes_to_who_hid_the_conversation(
    office: Office, database: Database
) -> None:
    s = await story(office, database)
    consultation = await s.chooses()
    await documents(s.citizen)
    async with database.transaction() as session:
        hidden = update(Known).where(Known.chat_id == s.citizen.id).values(discreet=True)
        await session.execute(hidden)
    before = len(s.citizen.chat)
    await comes(office, consultation.starts_at - timedelta(hours=23, minutes=59))
    await comes(office, consultation.starts_at - timedelta(hours=1, minutes=59))
    await s.lawyer_phone.sees(TODAY["ru"])
    assert len(s.citizen.chat) == before


async def test_the_lawyer_hears_that_a_citizen_has_blocked_the_bot(
    office: Office, database: Database
) -> None:
    s = await story(office, database)
    consultation = await s.chooses()
    await documents(s.citizen)
    s.citizen.blocks()
    await comes(office, consultation.starts_at - timedelta(hours=23, minutes=59))
    await passes(office, minutes=1)
    assert office.bot is not None

    async def known() -> bool:
        async with database.reading() as session:
            person = await session.get_one(Known, s.case.person_id)
            return person.blocked_at is not None

    async def becomes_known(blocked: bool) -> None:
        assert office.bot is not None
        for _ in range(50):
            if await known() is blocked:
                break
            await office.bot.look_at_the_clock()
        await office.bot.look_at_the_clock()

    await becomes_known(blocked=True)
    told = await s.lawyer_phone.sees("заблокировал бота")
    assert s.case.number in told.text and "Айнура" not in told.text
    await passes(office, minutes=10)
    assert heard(s.lawyer_phone, "заблокировал бота") == 1
    # Who comes back and blocks the bot once more is told of once more.
    s.citizen.unblocks()
    await s.citizen.sends("/start")
    await becomes_known(blocked=False)
    s.citizen.blocks()
    await becomes_known(blocked=True)
    await eventually(lambda: heard(s.lawyer_phone, "заблокировал бота") == 2)


async def test_what_happens_at_night_is_told_in_the_morning(
    office: Office, database: Database
) -> None:
    s = await story(office, database, way=Way.PHONE)
    await s.chooses()
    await s.lawyer_phone.sees("Гражданин выбрал время")
    now = office.bot.clock.now().astimezone(HERE)  # type: ignore[union-attr]
    await comes(office, now.replace(hour=23, minute=0))
    await s.chooses("14:20")
    assert heard(s.lawyer_phone, "перенёс запись") == 0
    morning: datetime = now.replace(hour=8, minute=1) + timedelta(days=1)
    await comes(office, morning)
    await s.lawyer_phone.sees("перенёс запись", timeout=10)


@pytest.mark.parametrize("speaks", ["ru", "ky"])
async def test_nothing_comes_outside_the_safe_hours(
    office: Office, database: Database, speaks: str
) -> None:
    said = {"ru": "с 10 до 12", "ky": "саат 10дон 12ге чейин"}[speaks]
    s = await story(office, database, speaks, safe_hours=said, urgency=Urgency.DANGER)
    consultation = await s.chooses("14:20")
    await comes(office, consultation.starts_at.astimezone(HERE).replace(hour=9, minute=59))
    assert heard(s.citizen, TODAY[speaks]) == 0
    assert heard(s.citizen, TOMORROW[speaks]) == 0, "the day before went by as a whole"
    await passes(office, minutes=2)
    await s.citizen.sees(TODAY[speaks])
    await comes(office, consultation.starts_at - timedelta(hours=2, minutes=-1))
    assert heard(s.citizen, TODAY[speaks]) == 1
    card = await s.lawyer_phone.sees("Гражданин выбрал время")
    await s.lawyer_phone.presses("✖️ Отменить запись", on=card)
    sure = await becomes(s.lawyer_phone, card, "Отменить")
    await s.lawyer_phone.presses("Да, отменить", on=sure)
    await becomes(s.lawyer_phone, card, s.case.number)
    said_then = len(said_by_bot(s.citizen))
    await comes(office, consultation.starts_at)
    assert len(said_by_bot(s.citizen)) == said_then
    await comes(office, consultation.starts_at + timedelta(hours=20))
    await s.citizen.sees({"ru": "Простите", "ky": "Кечиресиз"}[speaks])
