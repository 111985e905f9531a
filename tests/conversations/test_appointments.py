"""Appointments: chosen, confirmed, put off, given up, waited for, and what comes of them by itself."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import update

from bot import outbox
from handlers import appointments
from handlers.context import Turn
from handlers.times import minute, when
from locales import texts
from sandbox import Person
from sandbox.people import Seen
from services import calendars
from services.timetables import day_of
from storage.calendars import ConsultationState
from storage.cases import Case
from storage.database import Database
from storage.partners import Lawyer, Way
from storage.people import Grant
from tests.conftest import Office
from tests.conversations.conftest import becomes, forges, said_by_bot
from tests.conversations.stories import (
    begins_at,
    comes,
    consultations_of,
    hired,
    opened,
    passes,
)
from tests.conversations.test_handoffs import offered, rules_for
from tests.conversations.visits import (
    ADDRESS,
    COMING,
    SETTLED,
    WHICH,
    YOURS,
    Story,
    as_shown,
    documents,
    file_in,
    opens,
    story,
    twice,
)

CANCELLED, BOOKED = ConsultationState.CANCELLED, ConsultationState.BOOKED


# --- the citizen --------------------------------------------------------------------------------


@pytest.mark.parametrize("speaks", ["ru", "ky"])
async def test_a_chosen_time_comes_with_its_place_and_a_file(
    office: Office, database: Database, speaks: str
) -> None:
    s = await story(office, database, speaks)
    consultation = await s.chooses()
    card = await s.citizen.sees(YOURS[speaks])
    said = when(texts(speaks), consultation.starts_at)
    assert said in card.text and "11:00" in said
    assert "Нурлан Асанов" in card.text and ADDRESS in card.text and s.case.number in card.text
    (file,) = await documents(s.citizen)
    told = file_in(office, file)
    assert told["SUMMARY"].endswith(s.case.number) and told["LOCATION"] == ADDRESS
    assert datetime.fromisoformat(told["DTSTART"]) == consultation.starts_at
    (pin,) = [one.raw["venue"] for one in s.citizen.chat if "venue" in one.raw]
    assert pin["address"] == ADDRESS and pin["location"]["latitude"] == 40.51
    everything = str([one.raw for one in s.citizen.chat])
    assert str(s.lawyer.chat_id) not in everything, "no account"
    heard = await s.lawyer_phone.sees("Гражданин выбрал время")
    assert when(texts("ru"), consultation.starts_at) in heard.text
    assert "Айнура" not in heard.text and s.case.number in heard.text


async def test_a_time_pressed_twice_is_booked_once(office: Office, database: Database) -> None:
    s = await story(office, database)
    shown = await s.times()
    await twice(office, s.citizen, "11:00", shown)
    await becomes(s.citizen, shown, YOURS["ru"])
    assert len(await consultations_of(database, s.case)) == 1
    assert len(await documents(s.citizen)) == 1


@pytest.mark.parametrize("speaks", ["ru", "ky"])
async def test_an_appointment_is_confirmed(office: Office, database: Database, speaks: str) -> None:
    s = await story(office, database, speaks)
    await s.chooses()
    card = await s.citizen.sees(YOURS[speaks])
    await twice(office, s.citizen, COMING[speaks], card)
    await becomes(s.citizen, card, SETTLED[speaks])
    assert COMING[speaks] not in as_shown(s.citizen, card).buttons
    assert (await s.appointment()).confirmed_at is not None


async def test_an_appointment_is_moved_by_its_citizen(office: Office, database: Database) -> None:
    s = await story(office, database, lawyer_speaks="ky")
    first = await s.chooses()
    card = await s.citizen.sees(YOURS["ru"])
    await s.citizen.presses(COMING["ru"], on=card)
    await becomes(s.citizen, card, SETTLED["ru"])
    second = await s.chooses("14:20")
    assert second.id == first.id and second.confirmed_at is None, "to be confirmed anew"
    heard = await s.lawyer_phone.sees("Жаран жазылуусун жылдырды")
    assert "11:00" in heard.text and "14:20" in heard.text
    times = await s.times()
    assert "11:00" in times.buttons and "14:20" not in times.buttons
    summaries = [file_in(office, one)["DTSTART"] for one in await documents(s.citizen, 2)]
    assert len(set(summaries)) == 2


async def test_the_card_of_an_offered_case_shows_the_hour_that_is_wished_for_now(
    office: Office, database: Database
) -> None:
    await begins_at(office)
    phone, lawyer = await hired(office, database)
    await rules_for(database, lawyer)
    citizen = await office.citizen("Айнура", "ky")
    case = await offered(office, database, citizen)
    s = Story(office, database, phone, lawyer, citizen, case)
    card = await phone.sees("Дело для вас")
    assert "11:00" not in card.text
    await s.chooses("11:00")
    await becomes(phone, card, "11:00")
    await s.chooses("14:20")
    assert "11:00" not in (await becomes(phone, card, "14:20")).text
    assert as_shown(phone, card).buttons == card.buttons
    assert len([one for one in phone.chat if "14:20" in one.text]) == 1, "nobody is rung for it"


async def test_a_card_that_waits_for_the_morning_comes_with_the_hour_of_then(
    office: Office, database: Database
) -> None:
    await begins_at(office, 22)
    phone, lawyer = await hired(office, database)
    await rules_for(database, lawyer)
    citizen = await office.citizen("Айнура", "ru")
    case = await offered(office, database, citizen)
    await Story(office, database, phone, lawyer, citizen, case).chooses("14:20")
    assert not any("Дело для вас" in one.text for one in phone.chat)
    await passes(office, hours=11)
    assert "14:20" in (await phone.sees("Дело для вас")).text
    assert len([one for one in phone.chat if case.number in one.text]) == 1


async def test_where_there_are_topics_an_appointment_is_told_in_that_of_its_case(
    office: Office, database: Database
) -> None:
    await office.close()
    office.telegram.bot.has_topics = True
    await office.open()
    s = await story(office, database)
    await s.chooses()
    told = await s.lawyer_phone.sees("выбрал время")
    topic = s.lawyer_phone.private.topics[told.raw["message_thread_id"]]
    assert topic.name.startswith(s.case.number)


async def test_a_stale_button_shows_how_it_stands(office: Office, database: Database) -> None:
    s = await story(office, database)
    await s.chooses()
    card = await s.citizen.sees(YOURS["ru"])
    await s.chooses("14:20")
    pressed = await s.citizen.presses(COMING["ru"], on=card)
    assert "изменилось" in (await pressed.answer())["text"]
    now = await becomes(s.citizen, card, "14:20")
    assert (await s.appointment()).confirmed_at is None
    await s.citizen.presses(COMING["ru"], on=now)
    await becomes(s.citizen, card, SETTLED["ru"])


@pytest.mark.parametrize("speaks", ["ru", "ky"])
async def test_an_appointment_is_given_up_after_a_question(
    office: Office, database: Database, speaks: str
) -> None:
    s = await story(office, database, speaks)
    consultation = await s.chooses()
    card = await s.citizen.sees(YOURS[speaks])
    off = card.button(f"ap:off:{consultation.id}:{minute(consultation.starts_at)}")["text"]
    really = {"ru": "Отменить:", "ky": "Жокко чыгаралыбы"}[speaks]
    await s.citizen.presses(off, on=card)
    asked = await becomes(s.citizen, card, really)
    assert await s.state(consultation) is BOOKED
    await s.citizen.presses(f"ap:back:{s.case.id}", on=asked)
    await becomes(s.citizen, card, YOURS[speaks])
    await s.citizen.presses(off, on=card)
    asked = await becomes(s.citizen, card, really)
    yes = {"ru": "Да, отменить", "ky": "Ооба, жокко чыгаруу"}[speaks]
    await twice(office, s.citizen, yes, asked)
    await becomes(s.citizen, card, {"ru": "не выбрано", "ky": "тандалган жок"}[speaks])
    await s.lawyer_phone.sees("Гражданин отменил запись")
    assert await s.state(consultation) is CANCELLED
    told = [text for text in said_by_bot(s.lawyer_phone) if "отменил" in text]
    assert len(told) == 1
    assert "11:00" in (await s.times()).buttons, "and may choose again"


async def test_a_time_that_somebody_took_meanwhile(office: Office, database: Database) -> None:
    s = await story(office, database)
    oleg = await office.citizen("Олег", "ru")
    other = await opened(office, database, oleg, lawyer=s.lawyer)
    mine, his = await s.times(), await s.times(oleg, other)
    await oleg.presses("11:00", on=his)
    await oleg.sees(YOURS["ru"])
    pressed = await s.citizen.presses("11:00", on=mine)
    assert "только что заняли" in (await pressed.answer())["text"]
    await becomes(s.citizen, mine, WHICH["ru"])
    assert await consultations_of(database, s.case) == []


async def test_no_time_suits(office: Office, database: Database) -> None:
    s = await story(office, database)
    shown = await s.times()
    await s.citizen.presses("Ничего не подходит", on=shown)
    asked = await becomes(s.citizen, shown, "продолжим без времени")
    await twice(office, s.citizen, f"ap:wait:{s.case.id}", asked)
    await becomes(s.citizen, shown, "Я напишу вам")
    await s.lawyer_phone.sees("договоритесь с ним")
    assert sum("договоритесь" in text for text in said_by_bot(s.lawyer_phone)) == 1


# --- the lawyer ---------------------------------------------------------------------------------


async def lawyers_card(s: Story) -> Seen:
    """What the lawyer got when the citizen chose."""
    return await s.lawyer_phone.sees("Гражданин выбрал время")


@pytest.mark.parametrize("speaks", ["ru", "ky"])
async def test_a_lawyer_moves_an_appointment(
    office: Office, database: Database, speaks: str
) -> None:
    s = await story(office, database, speaks)
    before = await s.chooses()
    card, theirs = await lawyers_card(s), await s.citizen.sees(YOURS[speaks])
    await s.lawyer_phone.presses("🔁 Перенести", on=card)
    shown = await becomes(s.lawyer_phone, card, f"перенести {s.case.number}")
    at = next(one for one in shown.buttons if ":" in one)
    await twice(office, s.lawyer_phone, at, shown)
    await becomes(s.lawyer_phone, card, s.case.number)
    sorry = {"ru": "Простите, не получится", "ky": "Кечиресиз, бул убакытта болбой калды"}
    told = await s.citizen.sees(sorry[speaks])
    after = await s.appointment()
    assert after.starts_at != before.starts_at
    t = texts(speaks)
    assert when(t, before.starts_at) in told.text and when(t, after.starts_at) in told.text
    await documents(s.citizen, 2)
    assert sum(sorry[speaks] in text for text in said_by_bot(s.citizen)) == 1
    pressed = await s.citizen.presses(COMING[speaks], on=theirs)
    await pressed.answer()
    assert (await s.appointment()).confirmed_at is None, "that was the old time"
    await s.citizen.presses(COMING[speaks], on=told)
    await becomes(s.citizen, told, SETTLED[speaks])


async def test_a_lawyer_gives_an_appointment_up(office: Office, database: Database) -> None:
    s = await story(office, database, "ky")
    consultation = await s.chooses()
    card = await lawyers_card(s)
    await s.lawyer_phone.presses("✖️ Отменить запись", on=card)
    asked = await becomes(s.lawyer_phone, card, "попрошу гражданина")
    await twice(office, s.lawyer_phone, "Да, отменить", asked)
    told = await s.citizen.sees("Кечиресиз")
    assert sum("Кечиресиз" in text for text in said_by_bot(s.citizen)) == 1
    assert await s.state(consultation) is CANCELLED
    await s.citizen.presses("📅 Убакыт тандоо", on=told)
    await becomes(s.citizen, told, WHICH["ky"])


async def test_whether_it_took_place_is_said_after_it_began(
    office: Office, database: Database
) -> None:
    s = await story(office, database)
    consultation = await s.chooses()
    card = await lawyers_card(s)
    named = f"{consultation.id}:{minute(consultation.starts_at)}"
    for verb in ("done", "missed"):
        pressed = forges(s.lawyer_phone, f"ap:{verb}:{named}", card)
        assert "ещё не началась" in (await pressed.answer())["text"]
    await comes(office, consultation.ends_at + timedelta(minutes=1))
    asked = await s.lawyer_phone.sees("Встреча состоялась")
    await twice(office, s.lawyer_phone, "✅ Состоялась", asked)
    await becomes(s.lawyer_phone, asked, "Отмечено: состоялась")
    assert await s.state(consultation) is ConsultationState.DONE
    await passes(office, hours=1)
    assert sum("Встреча состоялась" in text for text in said_by_bot(s.lawyer_phone)) == 0


@pytest.mark.parametrize("speaks", ["ru", "ky"])
async def test_who_did_not_come_is_kindly_offered_another_time(
    office: Office, database: Database, speaks: str
) -> None:
    s = await story(office, database, speaks)
    consultation = await s.chooses()
    await comes(office, consultation.ends_at + timedelta(minutes=1))
    asked = await s.lawyer_phone.sees("Встреча состоялась")
    await twice(office, s.lawyer_phone, "🚫 Не состоялась", asked)
    kind = {"ru": "так бывает", "ky": "андай да болот"}[speaks]
    told = await s.citizen.sees(kind)
    assert await s.state(consultation) is ConsultationState.NO_SHOW
    await s.citizen.presses(f"ap:new:{s.case.id}", on=told)
    shown = await becomes(s.citizen, told, WHICH[speaks])
    await s.citizen.presses(next(one for one in shown.buttons if ":" in one), on=shown)
    await s.citizen.sees(YOURS[speaks])
    assert sum(kind in text for text in said_by_bot(s.citizen)) == 0


# --- the waiting list and sick days -------------------------------------------------------------


async def two_of_one_lawyer(office: Office, database: Database) -> tuple[Story, Person, Case]:
    """Айнура has 11:00; Олег has 14:20 and waits for a sooner time."""
    s = await story(office, database)
    await s.chooses()
    oleg = await office.citizen("Олег", "ky")
    other = await opened(office, database, oleg, lawyer=s.lawyer, way=Way.IN_PERSON)
    await s.chooses("14:20", oleg, other)
    await opens(oleg, f"ap:wait:{other.id}")
    return s, oleg, other


async def gives_up(s: Story) -> None:
    """Айнура gives her time up."""
    consultation = await s.appointment()
    named = f"{consultation.id}:{minute(consultation.starts_at)}"
    await opens(s.citizen, f"ap:offed:{named}")


async def test_a_time_that_becomes_free_is_offered_to_who_waits(
    office: Office, database: Database
) -> None:
    s, oleg, other = await two_of_one_lawyer(office, database)
    before = await s.appointment(other)
    await gives_up(s)
    offered = await oleg.sees("Убакыт бошоду")
    assert "11:00" in offered.text and "14:20" in offered.text
    await twice(office, oleg, "✅ Алам", offered)
    await becomes(oleg, offered, "11:00")
    heard = await s.lawyer_phone.sees("перенёс запись")
    assert "14:20" in heard.text and "11:00" in heard.text
    now = await s.appointment(other)
    assert when(texts("ky"), now.starts_at).endswith("11:00")
    assert await s.state(before) is CANCELLED
    await documents(oleg, 2)
    assert len(await documents(oleg)) == 2, "the second press had no effect"


async def test_who_waits_may_keep_what_they_have(office: Office, database: Database) -> None:
    s, oleg, other = await two_of_one_lawyer(office, database)
    await gives_up(s)
    offered = await oleg.sees("Убакыт бошоду")
    await oleg.presses("Өзүмкү калсын", on=offered)
    kept = await becomes(oleg, offered, "Сизде калат")
    assert "14:20" in kept.text
    times = await s.times()
    assert "11:00" in times.buttons, "free for others again"
    take = offered.button("✅ Алам")["callback_data"]
    pressed = forges(oleg, take, offered)
    assert (await pressed.answer())["show_alert"]
    assert when(texts("ky"), (await s.appointment(other)).starts_at).endswith("14:20")


async def test_an_offered_time_runs_out(office: Office, database: Database) -> None:
    s, oleg, other = await two_of_one_lawyer(office, database)
    await gives_up(s)
    offered = await oleg.sees("Убакыт бошоду")
    await passes(office, hours=3)
    times = await s.times()
    assert "11:00" in times.buttons, "nobody else waits"
    take = offered.button("✅ Алам")["callback_data"]
    await forges(oleg, take, offered).answer()
    await becomes(oleg, offered, "14:20")
    assert when(texts("ky"), (await s.appointment(other)).starts_at).endswith("14:20")


async def test_a_sick_day_moves_everybody_politely(office: Office, database: Database) -> None:
    s, oleg, other = await two_of_one_lawyer(office, database)
    consultation = await s.appointment()
    bot = office.bot
    assert bot is not None
    now = bot.clock.now()
    async with database.transaction() as session:
        lawyer = await session.get_one(Lawyer, s.lawyer.id)
        turn = Turn(session=session, now=now, resources=bot.resources)
        day = day_of(consultation.starts_at)
        moved = await calendars.sick_day(session, lawyer, day, now)
        await appointments.moved(turn, moved)
        await outbox.put(session, turn.calls, owner=bot._membership.id, now=now)
    bot._sender.wake()
    told, his = await s.citizen.sees("Простите"), await oleg.sees("Кечиресиз")
    for person, seen, case, speaks in ((s.citizen, told, s.case, "ru"), (oleg, his, other, "ky")):
        new = await s.appointment(case)
        assert day_of(new.starts_at) != day
        assert when(texts(speaks), new.starts_at) in seen.text
        await person.presses(COMING[speaks], on=seen)
        await becomes(person, seen, SETTLED[speaks])


# --- who has no business here -------------------------------------------------------------------


async def test_strangers_press_in_vain(office: Office, database: Database) -> None:
    s = await story(office, database)
    consultation = await s.chooses()
    free = minute((await s.appointment()).starts_at + timedelta(minutes=40))
    named = f"{consultation.id}:{minute(consultation.starts_at)}"
    case, lawyer = s.case.id, s.lawyer.id
    citizens = [
        f"ap:see:{consultation.id}",
        f"ap:yes:{named}",
        f"ap:off:{named}",
        f"ap:offed:{named}",
        f"ap:new:{case}",
        f"ap:day:{case}:20261231",
        f"ap:at:{case}:{lawyer}:{free}",
        f"ap:back:{case}",
        f"ap:none:{case}",
        f"ap:wait:{case}",
        f"ap:enough:{case}",
        f"ap:take:{named}",
        f"ap:keep:{named}",
    ]
    lawyers = [
        f"ap:lnew:{case}",
        f"ap:lday:{case}:20261231",
        f"ap:lat:{case}:{lawyer}:{free}",
        f"ap:lback:{case}",
        f"ap:loff:{named}",
        f"ap:loffed:{named}",
        f"ap:done:{named}",
        f"ap:missed:{named}",
    ]
    oleg = await office.citizen("Олег", "ru")
    nobody = office.newcomer("Никто", "ru")
    colleague, _ = await hired(office, database, "Бакыт")
    for person in (oleg, nobody, colleague):
        for data in citizens:
            assert (await forges(person, data).answer())["show_alert"], data
    for person in (oleg, s.citizen, colleague):
        for data in lawyers:
            assert (await forges(person, data).answer())["show_alert"], data
    after = await s.appointment()
    assert (after.starts_at, after.confirmed_at) == (consultation.starts_at, None)


async def test_a_lawyer_whose_role_was_taken_back_changes_nothing(
    office: Office, database: Database
) -> None:
    s = await story(office, database)
    consultation = await s.chooses()
    named = f"{consultation.id}:{minute(consultation.starts_at)}"
    async with database.transaction() as session:
        await session.execute(update(Grant).values(revoked_at=consultation.created_at))
    for data in (f"ap:loffed:{named}", f"ap:lnew:{s.case.id}"):
        pressed = forges(s.lawyer_phone, data)
        assert "только для сотрудников" in (await pressed.answer())["text"]
    assert await s.state(consultation) is BOOKED


@pytest.mark.parametrize(
    "data",
    [
        "ap:yes:999999999999:999999999999",
        "ap:yes:0:0",
        "ap:at:{case}:999999999999:1",
        "ap:at:{case}:{lawyer}:999999999999",
        "ap:at:{case}:{lawyer}:1",
        "ap:day:{case}:999999999999",
        "ap:lat:{case}:{lawyer}:1",
        "ap:see:9999999999999999999999",
        "ap:yes:x:y",
        "ap:at:{case}",
        "ap:",
    ],
)
async def test_nonsense_on_a_button(office: Office, database: Database, data: str) -> None:
    s = await story(office, database)
    await opens(s.citizen, data.format(case=s.case.id, lawyer=s.lawyer.id))
    await opens(s.lawyer_phone, data.format(case=s.case.id, lawyer=s.lawyer.id))
    assert await consultations_of(database, s.case) == []
