"""A case from both sides: what the citizen sees and changes, what the lawyer does, how it ends."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from sandbox import Person
from sandbox.people import Seen
from services import calendars, cases, people, reasons, routing
from services.slots import free_slots
from storage.calendars import ConsultationState
from storage.cases import (
    Case,
    CaseEvent,
    CaseFile,
    CaseNote,
    CaseState,
    EventKind,
    Help,
    Outcome,
    Urgency,
)
from storage.database import Database
from storage.partners import Lawyer, Partner, Standing, Way
from storage.people import Grant
from storage.routing import Handoff, HandoffState, RoutingRule
from tests.conftest import Office, eventually
from tests.conversations.conftest import (
    SURE,
    becomes,
    forges,
    forgets_what_was_said,
    said_by_bot,
)
from tests.conversations.stories import (
    begins_at,
    comes,
    consultations_of,
    fresh,
    hired,
    opened,
    passes,
)

STALE = "Эта кнопка устарела"
STAFF_ONLY = "только для сотрудников"
# By language.
MINE = {"ru": "Мои дела", "ky": "Менин иштерим"}
OTHERS = {"ru": "За другого человека", "ky": "Башка адам үчүн"}
NONE_YET = {"ru": "Открытых дел у вас нет", "ky": "Ачык ишиңиз жок"}
LOOKING = {"ru": "Координатор подбирает вам юриста", "ky": "Координатор Сизге юрист издеп жатат"}
ADD = {"ru": "✍️ Дополнить рассказ", "ky": "✍️ Окуяны толуктоо"}
BESIDES = {"ru": "Что ещё важно знать юристу?", "ky": "Юрист дагы эмнени билиши керек?"}
MORE = {"ru": "Получил", "ky": "Алдым"}
DONE = {"ru": "✅ Готово", "ky": "✅ Болду"}
REACH = {"ru": "☎️ Как со мной связаться", "ky": "☎️ Мени менен кантип байланышуу"}
NUMBER = {"ru": "☎️ Другой номер", "ky": "☎️ Башка номер"}
WHICH_NUMBER = {"ru": "По какому номеру", "ky": "кайсы номерге чалса"}
HOURS = {"ru": "🕐 Безопасные часы", "ky": "🕐 Коопсуз убакыт"}
WHEN_SAFE = {"ru": "Когда вам безопасно звонить?", "ky": "качан чалса коопсуз?"}
QUIET = {"ru": "🤫 Неприметные напоминания", "ky": "🤫 Сыр бербеген эскертүүлөр"}
GO_ON = {"ru": "▶️ Продолжить", "ky": "▶️ Улантуу"}
NO_MORE = {"ru": "✖️ Юрист больше не нужен", "ky": "✖️ Юрист эми керек эмес"}
YES_CLOSE = {"ru": "✅ Да, закрыть", "ky": "✅ Ооба, жабуу"}
CLOSED = {"ru": "✅ Закрыто", "ky": "✅ Жабылды"}
REOPEN = {"ru": "↩️ Открыть снова", "ky": "↩️ Кайра ачуу"}
YES_OPEN = {"ru": "✅ Да, открыть", "ky": "✅ Ооба, ачуу"}
OPEN_AGAIN = {"ru": "Дело снова открыто", "ky": "Иш кайра ачылды"}
CARD = {"ru": "Дело для вас", "ky": "Сизге иш келди"}
YOURS_CLOSED = {"ru": "закрыто.", "ky": "жабылды."}
HOW = {"ru": "Как мы вам помогли?", "ky": "Кандай жардам бердик?"}
WORD = {"ru": "Хотите добавить пару слов?", "ky": "Бир-эки сөз кошкуңуз келеби?"}
THANKS = {"ru": "Спасибо! Это нам помогает.", "ky": "Рахмат! Бул бизге жардам берет."}
HELPED = {"ru": "Помог ли вам юрист", "ky": "маселе чечилдиби?"}
GLAD = {"ru": "Рады, что помогло!", "ky": "Кубанып калдык!"}
LOOKS_INTO = {"ru": "Координатор прочитает", "ky": "Координатор окуп"}


async def events(database: Database, case: Case) -> list[EventKind]:
    """What happened to a case, and who looked into it."""
    async with database.reading() as session:
        found = select(CaseEvent).where(CaseEvent.case_id == case.id).order_by(CaseEvent.id)
        return [one.kind for one in await session.scalars(found)]


async def until(database: Database, case: Case, **wanted: Any) -> Any:
    """Wait until a case is so."""
    async with asyncio.timeout(5):
        while True:
            found = await fresh(database, case)
            if all(getattr(found, column) == value for column, value in wanted.items()):
                return found
            await asyncio.sleep(0.01)


async def files_of(database: Database, case: Case) -> list[tuple[str, str | None]]:
    """Kind and caption of what belongs to a story."""
    async with database.reading() as session:
        found = await session.scalars(select(CaseFile).where(CaseFile.case_id == case.id))
        return [(one.kind, one.caption) for one in found]


def time_in(office: Office) -> datetime:
    """What time it is."""
    assert office.bot is not None
    return office.bot.clock.now()


def now(person: Person, seen: Seen) -> Seen:
    """A message as it stands on the screen now."""
    return next(one for one in person.chat if one.id == seen.id)


async def presses(person: Person, seen: Seen, *wanted: str) -> None:
    """Press one button after the other on a message, each as soon as it is there."""
    for button in wanted:
        await eventually(
            lambda button=button: any(  # type: ignore[misc]
                button in (one["text"], one.get("callback_data"))
                for row in now(person, seen).rows
                for one in row
            )
        )
        await person.presses(button, on=seen)


async def listed(person: Person, command: str, button: str) -> Seen:
    """What a command answers with: the next message that has this button."""
    asked = await person.sends(command)

    def answers() -> list[Seen]:
        return [one for one in person.chat if one.id > asked.id and button in str(one.rows)]

    await eventually(lambda: bool(answers()))
    return answers()[0]


async def looks_at(citizen: Person, case: Case) -> Seen:
    """The citizen opens a case from /my."""
    seen = await listed(citizen, "/my", f"my:{case.id}")
    await presses(citizen, seen, f"my:{case.id}")
    return seen


async def opens(lawyer: Person, case: Case) -> Seen:
    """The lawyer opens a case from /cases."""
    seen = await listed(lawyer, "/cases", "ca:t")
    await presses(lawyer, seen, "ca:l:open:0", f"ca:{case.id}")
    return await becomes(lawyer, seen, "☎️")


# --- the citizen --------------------------------------------------------------------------------


@pytest.mark.parametrize("speaks", ["ky", "ru"])
async def test_a_citizen_sees_their_cases_and_those_for_others_apart(
    office: Office, database: Database, speaks: str
) -> None:
    ainura = await office.citizen("Айнура", speaks)
    await ainura.sends("/my")
    await ainura.sees(NONE_YET[speaks])
    own = await opened(office, database, ainura)
    other = await opened(office, database, ainura, somebody_else="Гүлнара, кошуна")
    await ainura.sends("/my")
    seen = await ainura.sees(own.number)
    before, after = seen.text.split(OTHERS[speaks])
    assert MINE[speaks] in before and own.number in before and other.number not in before
    assert other.number in after and "Гүлнара" in after
    assert LOOKING[speaks] in before
    _, lawyer = await hired(office, database)
    async with database.transaction() as session:
        await cases.assign(
            session, await session.get_one(Case, own.id), lawyer, now=time_in(office)
        )
    await ainura.presses(f"my:{own.id}", on=seen)
    seen = await becomes(ainura, seen, "Нурлан Асанов (Адилет)")
    assert ADD[speaks] not in seen.buttons, "what is new is written to the lawyer"
    assert f"rl:w:{own.id}" in str(seen.rows)
    await ainura.presses("my", on=seen)
    await becomes(ainura, seen, other.number)


@pytest.mark.parametrize("speaks", ["ky", "ru"])
async def test_more_is_told_while_no_lawyer_has_it_and_a_question_in_between_is_no_loss(
    office: Office, database: Database, speaks: str
) -> None:
    ainura = await office.citizen("Айнура", speaks)
    case = await opened(office, database, ainura, story="Айлык бербейт", phone=None)
    seen = await looks_at(ainura, case)
    await presses(ainura, seen, ADD[speaks])
    await becomes(ainura, seen, BESIDES[speaks])
    await ainura.sends("Дагы: келишимим бар")
    await ainura.sees(MORE[speaks])
    await office.restart()
    forgets_what_was_said(ainura)
    await ainura.sends_photo(caption="келишим")
    noted = await ainura.hears()
    assert await files_of(database, case) == [("photo", "келишим")]
    await presses(ainura, noted, DONE[speaks])
    await becomes(ainura, noted, LOOKING[speaks])
    found = await fresh(database, case)
    assert found.story == "Айлык бербейт\nДагы: келишимим бар"

    seen = await looks_at(ainura, case)
    await presses(ainura, seen, REACH[speaks], NUMBER[speaks])
    await becomes(ainura, seen, WHICH_NUMBER[speaks])
    await ainura.sends(SURE[speaks][0])
    await ainura.sees(SURE[speaks][1])
    await eventually(lambda: any("my:again" in str(one.rows) for one in ainura.chat))
    await ainura.presses(GO_ON[speaks])
    await ainura.sends("12")
    await ainura.sees("0555 123 456")
    await ainura.sends("0700 11-22-33")
    await until(database, case, phone="+996700112233")
    seen = await ainura.sees("+996 700 112 233")

    await ainura.presses(HOURS[speaks], on=seen)
    await becomes(ainura, seen, WHEN_SAFE[speaks])
    await ainura.sends("9дан 11ге чейин")
    seen = await ainura.sees("9дан 11ге чейин")
    await until(database, case, safe_hours="9дан 11ге чейин")
    await ainura.presses(QUIET[speaks], on=seen)
    await until(database, case, neutral=True)


async def test_many_cases_stand_on_several_pages(office: Office, database: Database) -> None:
    ainura = await office.citizen("Айнура", "ru")
    first = await opened(office, database, ainura)
    for _ in range(8):
        await opened(office, database, ainura, somebody_else="Гүлнара")
    own = await opened(office, database, ainura)
    seen = await listed(ainura, "/my", "my:y:1")
    assert seen.text.index(own.number) < seen.text.index(OTHERS["ru"])
    assert first.number in seen.text, "one's own come first"
    await presses(ainura, seen, "my:y:1", "my:y:0")
    await becomes(ainura, seen, own.number)
    async with database.transaction() as session:
        for case in (first, own):
            await cases.withdraw(session, await session.get_one(Case, case.id), now=time_in(office))
    await presses(ainura, seen, "my:y:1")
    await presses(ainura, seen, "my:z:0")
    seen = await becomes(ainura, seen, own.number)
    assert first.number in seen.text and "Помощь больше не нужна" in seen.text


async def test_what_tells_of_danger_is_kept_and_answered_with_help(
    office: Office, database: Database
) -> None:
    ainura = await office.citizen("Айнура", "ru")
    case = await opened(office, database, ainura, story=None)
    await forges(ainura, f"my:s:{case.id}").answer()
    await ainura.sends("муж меня избивает, боюсь идти домой")
    await ainura.sees("102")
    assert "избивает" in (await until(database, case)).story


async def test_the_word_beside_a_mark_is_not_taken_for_the_talk_that_ended(
    office: Office, database: Database
) -> None:
    nurlan, lawyer = await hired(office, database)
    ainura = await office.citizen("Айнура", "ru")
    await begins_at(office)
    case = await opened(office, database, ainura, lawyer=lawyer)
    await forges(ainura, f"rl:w:{case.id}").answer()
    await ainura.sends("Здравствуйте")
    await nurlan.sees("Здравствуйте")
    await _closes(nurlan, case)
    asked = await ainura.sees(HOW["ru"])
    await ainura.presses(f"rt:m:{case.id}:1", on=asked)
    await becomes(ainura, asked, "Хотите добавить")
    await ainura.sends("Юрист не пришёл")
    await until(database, case, rating=1, rating_word="Юрист не пришёл")


@pytest.mark.parametrize("speaks", ["ky", "ru"])
async def test_an_edited_part_of_the_story_takes_the_place_of_what_it_said(
    office: Office, database: Database, speaks: str
) -> None:
    ainura = await office.citizen("Айнура", speaks)
    case = await opened(office, database, ainura, story="Айлык беришпейт")
    await forges(ainura, f"my:s:{case.id}").answer()
    first = await ainura.sends("Үч ай болду")
    await ainura.sees(MORE[speaks])
    await ainura.sends("Үйдө бала бар")
    await eventually(lambda: sum(MORE[speaks] in text for text in said_by_bot(ainura)) == 2)
    await ainura.edits(first, "Төрт ай болду")
    await eventually(lambda: sum(MORE[speaks] in text for text in said_by_bot(ainura)) == 3)
    assert (await fresh(database, case)).story == "Айлык беришпейт\nТөрт ай болду\nҮйдө бала бар"


async def test_the_lawyer_is_told_that_the_number_has_changed_not_which(
    office: Office, database: Database
) -> None:
    nurlan, lawyer = await hired(office, database)
    ainura = await office.citizen("Айнура", "ru")
    await begins_at(office)
    case = await opened(office, database, ainura, lawyer=lawyer)
    await forges(ainura, f"my:P:{case.id}").answer()
    await ainura.shares_contact("+996700112233")
    await until(database, case, phone="+996700112233")
    told = await nurlan.sees("Связываться с человеком теперь нужно по-другому")
    assert "700" not in told.text
    await nurlan.presses("📂 Открыть дело", on=told)
    await becomes(nurlan, told, "+996 700 112 233")


@pytest.mark.parametrize("speaks", ["ky", "ru"])
async def test_a_case_is_withdrawn_and_opened_again(
    office: Office, database: Database, speaks: str
) -> None:
    nurlan, lawyer = await hired(office, database, speaks=speaks)
    ainura = await office.citizen("Айнура", speaks)
    await begins_at(office)
    async with database.transaction() as session:
        session.add(RoutingRule(position=0, partner_id=lawyer.partner_id))
    case = await opened(office, database, ainura, lawyer=lawyer)
    await _books(office, database, case, lawyer, ainura)
    seen = await looks_at(ainura, case)
    await presses(ainura, seen, NO_MORE[speaks], YES_CLOSE[speaks])
    await becomes(ainura, seen, CLOSED[speaks])
    forges(ainura, f"my:W:{case.id}", on=seen)
    found = await until(database, case, state=CaseState.CLOSED, outcome=Outcome.WITHDRAWN)
    assert found.clock_at is None
    (booked,) = await consultations_of(database, case)
    assert booked.state is ConsultationState.CANCELLED and not booked.cancelled_by_lawyer
    await nurlan.sees({"ru": "больше не нужен, дело закрыто", "ky": "иш жабылды"}[speaks])

    await presses(ainura, seen, REOPEN[speaks], YES_OPEN[speaks])
    await becomes(ainura, seen, OPEN_AGAIN[speaks])
    assert case.number in (await nurlan.sees(CARD[speaks])).text
    await until(database, case, state=CaseState.OFFERED, outcome=None)
    await forges(ainura, f"my:O:{case.id}").answer()
    async with database.reading() as session:
        handoffs = list(await session.scalars(select(Handoff).where(Handoff.case_id == case.id)))
    assert len(handoffs) == 1, "opened once"

    await forges(ainura, f"my:W:{case.id}", on=seen).answer()
    await until(database, case, state=CaseState.CLOSED)
    assert (await fresh(database, handoffs[0])).state is HandoffState.WITHDRAWN
    await eventually(lambda: not any(CARD[speaks] in one for one in said_by_bot(nurlan)))


async def _books(
    office: Office, database: Database, case: Case, lawyer: Lawyer, citizen: Person
) -> None:
    now = time_in(office)
    async with database.transaction() as session:
        slot = (await free_slots(session, [lawyer], Way.PHONE, now))[-1]
        held = await calendars.hold(session, slot, chat_id=citizen.id, way=Way.PHONE, now=now)
        await calendars.book(session, held, await session.get_one(Case, case.id), now)


async def test_after_hiding_my_gives_nothing_away(office: Office, database: Database) -> None:
    ainura = await office.citizen("Айнура", "ru")
    case = await opened(office, database, ainura)
    await ainura.sends("/hide")
    await ainura.sees("/start")
    forgets_what_was_said(ainura)
    await ainura.sends("/my")
    assert (await ainura.hears()).text == "Чтобы вернуться, напишите /start."
    assert STALE in (await forges(ainura, f"my:{case.id}").answer())["text"]
    assert not any(case.number in text for text in said_by_bot(ainura))
    await ainura.sends("/start")
    await ainura.sends("/my")
    await ainura.sees(case.number)


OF_THE_CITIZEN = (
    *("my:{}", "my:s:{}", "my:p:{}", "my:P:{}", "my:h:{}", "my:H:{}", "my:n:{}:1", "my:w:{}"),
    *("my:W:{}", "my:o:{}", "my:O:{}", "rt:m:{}:5", "rt:w:{}", "rt:h:{}:no", "rt:a:{}"),
)
OF_THE_LAWYER = (
    *("ca:{}", "ca:s:{}", "ca:h:{}", "ca:n:{}", "ca:u:{}", "ca:U:{}:0", "ca:d:{}", "ca:D:{}"),
    *("ca:b:{}", "ca:B:{}:busy", "ca:Y:{}", "ca:z:{}", "ca:o:{}:ADVICE", "ca:Z:{}:ADVICE"),
)
OF_THE_COORDINATOR = ("rt:t:{}", "rt:o:{}")


async def test_nobody_gets_into_a_case_by_a_forged_press(
    office: Office, database: Database
) -> None:
    await office.close()
    await office.open(person_limit=1000)  # who forges presses forges many
    nurlan, lawyer = await hired(office, database)
    aida, _ = await hired(office, database, "Аида")
    ainura, daniyar = await office.citizen("Айнура", "ru"), await office.citizen("Данияр", "ru")
    case = await opened(office, database, ainura, lawyer=lawyer)
    before = await events(database, case)
    for person, forged in (
        (daniyar, (*OF_THE_CITIZEN, *OF_THE_LAWYER, *OF_THE_COORDINATOR)),
        (aida, (*OF_THE_CITIZEN, *OF_THE_LAWYER, *OF_THE_COORDINATOR)),
        (nurlan, (*OF_THE_CITIZEN, *OF_THE_COORDINATOR)),
        (ainura, (*OF_THE_LAWYER, *OF_THE_COORDINATOR)),
    ):
        for data in forged:
            answer = await forges(person, data.format(case.id)).answer()
            assert STALE in answer["text"] or STAFF_ONLY in answer["text"], data
    for data in ("my:999999999999999999", "my:0", "ca:999999999999999999", "ca:U:1:7", "rt:m:1:9"):
        for person in (ainura, nurlan):
            said = (await forges(person, data).answer())["text"]
            assert STALE in said or STAFF_ONLY in said
    assert await events(database, case) == before
    found = await fresh(database, case)
    assert (found.state, found.lawyer_id, found.rating) == (CaseState.IN_WORK, lawyer.id, None)


async def test_a_dismissed_lawyer_gets_nothing_more(office: Office, database: Database) -> None:
    nurlan, lawyer = await hired(office, database)
    ainura = await office.citizen("Айнура", "ru")
    case = await opened(office, database, ainura, lawyer=lawyer)
    seen = await opens(nurlan, case)
    await nurlan.presses(f"ca:n:{case.id}", on=seen)
    await becomes(nurlan, seen, "Напишите заметку")
    async with database.transaction() as session:
        person = await people.known(session, nurlan.id)
        assert person is not None
        for grant in await session.scalars(select(Grant).where(Grant.person_id == person.id)):
            grant.revoked_at, grant.revoked_by = time_in(office), office.ADMIN
    before = await events(database, case)
    for data in OF_THE_LAWYER:
        answer = await forges(nurlan, data.format(case.id), on=seen).answer()
        assert STAFF_ONLY in answer["text"]
    await nurlan.sends("/cases")
    await nurlan.sees(STAFF_ONLY)
    await nurlan.sends("тайная заметка")
    await eventually(lambda: "тайная" not in said_by_bot(nurlan)[-1])
    assert await events(database, case) == before
    async with database.reading() as session:
        assert not list(await session.scalars(select(CaseNote)))


# --- the lawyer ---------------------------------------------------------------------------------


@pytest.mark.parametrize("speaks", ["ky", "ru"])
async def test_a_lawyer_works_on_a_case(office: Office, database: Database, speaks: str) -> None:
    nurlan, lawyer = await hired(office, database, speaks=speaks)
    ainura = await office.citizen("Айнура", "ky")
    await begins_at(office)
    photo = (await ainura.sends_photo()).raw["photo"][-1]["file_id"]
    calm = await opened(office, database, ainura, lawyer=lawyer)
    case = await opened(
        office,
        database,
        ainura,
        lawyer=lawyer,
        topic="family",
        urgency=Urgency.URGENT,
        files=[("photo", photo, None)],
    )
    seen = await listed(nurlan, "/cases", "ca:t")
    assert case.number in seen.text and "Токтосунова" not in seen.text
    await presses(nurlan, seen, "ca:l:open:0")
    seen = await becomes(nurlan, seen, calm.number)
    assert seen.text.index(case.number) < seen.text.index(calm.number), "the urgent one first"
    await presses(nurlan, seen, "ca:t", "ca:l:t.family:0")
    seen = await becomes(nurlan, seen, case.number)
    assert calm.number not in seen.text

    await presses(nurlan, seen, f"ca:{case.id}")
    seen = await becomes(nurlan, seen, "Токтосунова Айнура")
    assert "+996 555 123 456" in seen.text
    assert (await events(database, case))[-1] is EventKind.READ_PERSON
    await nurlan.presses(f"ca:s:{case.id}", on=seen)
    await nurlan.sees("Үч айдан бери айлык ала элекмин")
    await eventually(lambda: any("photo" in one.raw for one in nurlan.chat))
    assert (await events(database, case))[-1] is EventKind.READ_STORY

    await presses(nurlan, seen, f"ca:n:{case.id}")
    await eventually(lambda: "cancel" in str(now(nurlan, seen).rows))
    await nurlan.sends("Сот 5-декабрда. Күбө керек.")
    await nurlan.sees("Күбө керек.")
    before = (await fresh(database, case)).clock_at
    assert before > time_in(office) + timedelta(days=6), "a note is a step"

    seen = await opens(nurlan, case)
    await presses(nurlan, seen, f"ca:d:{case.id}")
    await becomes(nurlan, seen, "25.12.2026")
    await nurlan.sends("кайсы бир күнү")
    await nurlan.sees({"ru": "Не получилось прочитать дату", "ky": "Бул датаны түшүнбөдүм"}[speaks])
    day = (time_in(office) + timedelta(days=30)).date()
    await nurlan.sends(f"{day:%d.%m.%Y}")
    await until(database, case, deadline=day)
    seen = await opens(nurlan, case)
    await presses(nurlan, seen, f"ca:u:{case.id}", f"ca:U:{case.id}:0")
    found = await until(database, case, urgency=Urgency.DANGER)
    assert found.clock_at <= time_in(office) + timedelta(hours=1)
    await presses(nurlan, seen, f"ca:h:{case.id}")
    history = await becomes(nurlan, seen, "—")
    assert history.text.count("—") >= len((EventKind.STATE, *("read", "story", "date", "urgency")))


async def test_a_case_handed_back_goes_to_somebody_else(office: Office, database: Database) -> None:
    nurlan, lawyer = await hired(office, database)
    aida, _ = await hired(office, database, "Аида")
    ainura = await office.citizen("Айнура", "ru")
    await begins_at(office)
    async with database.transaction() as session:
        session.add(RoutingRule(position=0, partner_id=lawyer.partner_id))
    case = await opened(office, database, ainura)
    async with database.transaction() as session:
        found = await session.get_one(Case, case.id)
        offer = await routing.route(session, found, time_in(office))
        assert offer is not None
        await routing.accept(session, offer.handoff.id, lawyer, time_in(office))
    seen = await opens(nurlan, case)
    await nurlan.presses("↪️ Вернуть", on=seen)
    await becomes(nurlan, seen, "Почему вы не можете продолжить")
    await nurlan.sends("Уезжаю на месяц")
    asked = await nurlan.sees("Причина: «Уезжаю на месяц»")
    await nurlan.presses("↪️ Да, вернуть", on=asked)
    await becomes(nurlan, asked, "спросим другого юриста")
    again = await forges(nurlan, f"ca:Y:{case.id}").answer()
    assert STALE in again["text"]
    card = await aida.sees("Дело для вас")
    assert case.number in card.text and "Уезжаю" not in card.text
    await ainura.sees("Мы ищем другого")
    found = await until(database, case, state=CaseState.OFFERED, lawyer_id=None)
    assert STALE in (await forges(nurlan, f"ca:{case.id}").answer())["text"]
    await nurlan.sends("/cases")
    await nurlan.sees("Здесь пусто")


async def test_handed_back_a_case_stays_with_a_partner_that_has_a_group(
    office: Office, database: Database
) -> None:
    nurlan, lawyer = await hired(office, database)
    aida, _ = await hired(office, database, "Аида")
    async with database.transaction() as session:
        session.add(RoutingRule(position=0, partner_id=lawyer.partner_id))
        (await session.get_one(Partner, lawyer.partner_id)).group_chat_id = -100_555
    ainura = await office.citizen("Айнура", "ru")
    await begins_at(office)
    case = await opened(office, database, ainura)
    async with database.transaction() as session:
        found = await session.get_one(Case, case.id)
        offer = await routing.route(session, found, time_in(office))
        assert offer is not None
        await routing.accept(session, offer.handoff.id, lawyer, time_in(office))
    seen = await opens(nurlan, case)
    await presses(nurlan, seen, f"ca:b:{case.id}", f"ca:B:{case.id}:personal")
    card = await aida.sees("Дело для вас")
    assert case.number in card.text
    async with database.reading() as session:
        found = await session.get_one(Case, case.id)
        went = [one.handoff.state for one in await reasons.reasons(session, found)]
    assert went == [HandoffState.HANDED_BACK, HandoffState.OPEN]


# --- the end ------------------------------------------------------------------------------------


async def _closes(lawyer: Person, case: Case, outcome: str = "ADVICE", word: str = "") -> Seen:
    seen = await opens(lawyer, case)
    await presses(lawyer, seen, f"ca:z:{case.id}", f"ca:o:{case.id}:{outcome}")
    if word:
        await lawyer.sends(word)
        seen = await lawyer.sees(f"«{word}»")
    await presses(lawyer, seen, f"ca:Z:{case.id}:{outcome}")
    return seen


@pytest.mark.parametrize("speaks", ["ky", "ru"])
async def test_closing_asks_how_it_was_and_two_weeks_later_whether_it_helped(
    office: Office, database: Database, speaks: str
) -> None:
    nurlan, lawyer = await hired(office, database)
    ainura = await office.citizen("Айнура", speaks)
    await begins_at(office)
    case = await opened(office, database, ainura, lawyer=lawyer)
    seen = await _closes(nurlan, case, word="помирились")
    await becomes(nurlan, seen, "Спасибо за работу")
    found = await until(database, case, state=CaseState.CLOSED, outcome=Outcome.ADVICE)
    again = await forges(nurlan, f"ca:Z:{case.id}:REFERRED", on=seen).answer()
    assert "уже закрыто" in again["text"]

    asked = await ainura.sees(HOW[speaks])
    assert case.number in asked.text and "помирились" not in asked.text
    await ainura.presses(f"rt:m:{case.id}:5", on=asked)
    await becomes(ainura, asked, WORD[speaks])
    assert STALE in (await _forged_ru(office, ainura, f"rt:m:{case.id}:1", speaks))
    await ainura.sends("Чоң рахмат!")
    await ainura.sees(THANKS[speaks])
    found = await until(database, case, rating=5, rating_word="Чоң рахмат!")
    assert found.rating == 5

    await comes(office, found.closed_at + timedelta(days=14, minutes=1))
    asked = await ainura.sees(HELPED[speaks])
    await ainura.presses(f"rt:h:{case.id}:yes", on=asked)
    await becomes(ainura, asked, GLAD[speaks])
    assert (await fresh(database, case)).helped is Help.YES
    forgets_what_was_said(ainura)
    await passes(office, days=1)
    assert await ainura.hears_nothing()


async def _forged_ru(office: Office, person: Person, data: str, speaks: str) -> str:
    said = (await forges(person, data).answer())["text"]
    return STALE if speaks == "ky" and "эскирип калды" in said else str(said)


async def test_a_low_mark_takes_up_the_talk_with_the_coordinator(
    office: Office, database: Database
) -> None:
    nuria = await office.admin()
    nurlan, lawyer = await hired(office, database)
    ainura = await office.citizen("Айнура", "ru")
    await begins_at(office)
    case = await opened(office, database, ainura, lawyer=lawyer)
    await _closes(nurlan, case)
    asked = await ainura.sees(HOW["ru"])
    await ainura.presses(f"rt:m:{case.id}:2", on=asked)
    await becomes(ainura, asked, LOOKS_INTO["ru"])
    card = await nuria.sees("Оценка: 2 из 5")
    assert case.number in card.text and "Адилет" in card.text and "Айнура" not in card.text
    await ainura.sends("Юрист не перезвонил")
    card = await becomes(nuria, card, "Слова: «Юрист не перезвонил»")
    assert sum("Оценка: 2 из 5" in text for text in said_by_bot(nuria)) == 1, "one card, amended"

    await nuria.presses("✉️ Написать человеку", on=card)
    await nuria.sees("Человек не увидит, кто вы")
    await nuria.sends("Простите! Что осталось решить?")
    told = await ainura.sees("Простите! Что осталось решить?")
    assert "Нурия" not in str(told.raw["text"])
    await ainura.presses("✉️ Ответить", on=told)
    await ainura.sees("Напишите сообщение координатору")
    await ainura.sends("Мне не вернули документы")
    answer = await nuria.sees("Мне не вернули документы")

    await nuria.presses("↩️ Открыть снова", on=answer)
    await becomes(nuria, answer, "снова открыто")
    found = await until(database, case, state=CaseState.NEW, lawyer_id=None, rating=None)
    assert found.clock_at is not None
    await nuria.sees("У этого дела нет юриста")
    await ainura.sees("снова открыто. Ищем другого юриста")
    again = await forges(nuria, f"rt:o:{case.id}").answer()
    assert "уже открыто" in again["text"]


async def test_no_two_weeks_later_comes_to_the_coordinator(
    office: Office, database: Database
) -> None:
    nuria = await office.admin()
    _, lawyer = await hired(office, database)
    ainura = await office.citizen("Айнура", "ru")
    await begins_at(office)
    case = await opened(office, database, ainura, lawyer=lawyer)
    async with database.transaction() as session:
        found = await session.get_one(Case, case.id)
        now = time_in(office)
        await cases.close(session, found, Outcome.DOCUMENT, by=lawyer.chat_id, now=now)
    await passes(office, days=14, minutes=1)
    asked = await ainura.sees(HELPED["ru"])
    await ainura.presses("👎 Нет", on=asked)
    await becomes(ainura, asked, LOOKS_INTO["ru"])
    await nuria.sees("Через две недели: не помогло.")
    await presses(ainura, asked, "↩️ Открыть снова", "✅ Да, открыть")
    await becomes(ainura, asked, "Дело снова открыто")
    await nuria.sees("У этого дела нет юриста")
    await until(database, case, state=CaseState.NEW)


async def test_of_a_neutral_case_nothing_that_comes_says_what_it_is_about(
    office: Office, database: Database
) -> None:
    nurlan, lawyer = await hired(office, database)
    ainura = await office.citizen("Айнура", "ru")
    await begins_at(office)
    case = await opened(office, database, ainura, lawyer=lawyer, neutral=True)
    forgets_what_was_said(ainura)
    await _closes(nurlan, case)
    asked = await ainura.hears()
    await comes(office, (await until(database, case, state=CaseState.CLOSED)).closed_at)
    await passes(office, days=14, minutes=1)
    helped = await ainura.sees("Вам помогло?")
    for seen in (asked, helped):
        for word in ("юрист", "дел", case.number, "консультац"):
            assert word not in seen.text.lower() + "".join(seen.buttons).lower()


async def test_a_low_mark_during_another_conversation_does_not_end_it(
    office: Office, database: Database
) -> None:
    nurlan, lawyer = await hired(office, database)
    ainura = await office.citizen("Айнура", "ru")
    await begins_at(office)
    case = await opened(office, database, ainura, lawyer=lawyer)
    other = await opened(office, database, ainura)
    await _closes(nurlan, case)
    asked = await ainura.sees(HOW["ru"])
    await forges(ainura, f"my:s:{other.id}").answer()
    await ainura.presses(f"rt:m:{case.id}:4", on=asked)
    await becomes(ainura, asked, "Спасибо")
    await ainura.sends("Ещё есть расписка")
    await ainura.sees(MORE["ru"])
    assert "расписка" in (await fresh(database, other)).story
    await ainura.presses("✍️ Добавить пару слов", on=asked)
    await becomes(ainura, asked, WORD["ru"])
    await ainura.sends("Всё хорошо")
    await until(database, case, rating=4, rating_word="Всё хорошо")


async def test_a_case_of_a_lawyer_who_left_goes_on_when_its_time_runs_out(
    office: Office, database: Database
) -> None:
    _, lawyer = await hired(office, database)
    aida, _ = await hired(office, database, "Аида")
    ainura = await office.citizen("Айнура", "ru")
    async with database.transaction() as session:
        session.add(RoutingRule(position=0, partner_id=lawyer.partner_id))
    case = await opened(office, database, ainura, lawyer=lawyer)
    async with database.transaction() as session:
        gone = await session.get_one(Lawyer, lawyer.id)
        gone.standing, gone.ended_at = Standing.ENDED, time_in(office)
    await comes(office, (await fresh(database, case)).clock_at + timedelta(seconds=1))
    found = await until(database, case, state=CaseState.OFFERED)
    await begins_at(office)
    assert found.number in (await aida.sees(CARD["ru"])).text


# --- the clock ----------------------------------------------------------------------------------


async def test_when_time_runs_out_the_lawyer_hears_of_it_then_the_coordinator(
    office: Office, database: Database
) -> None:
    nuria = await office.admin()
    nurlan, lawyer = await hired(office, database)
    ainura = await office.citizen("Айнура", "ru")
    case = await opened(office, database, ainura, lawyer=lawyer)
    forgets_what_was_said(nuria)
    await comes(office, (await fresh(database, case)).clock_at + timedelta(seconds=1))
    told = await nurlan.sees("Человек ждёт вашего следующего шага")
    assert case.number in told.text and "Айнура" not in told.text
    found = await until(database, case, nudges=1)
    assert found.clock_at > time_in(office)
    assert not any(case.number in text for text in said_by_bot(nuria))
    await comes(office, found.clock_at + timedelta(seconds=1))
    await nuria.sees("Срок вышел, а шага нет. Юрист: Нурлан Асанов (Адилет).")
    found = await until(database, case, nudges=2)
    assert found.clock_at > time_in(office)


async def test_a_case_that_nobody_has_comes_to_the_coordinator_again(
    office: Office, database: Database
) -> None:
    nuria = await office.admin()
    ainura = await office.citizen("Айнура", "ru")
    case = await opened(office, database, ainura, danger="violence", topic="family")
    for nudges in (1, 2):
        forgets_what_was_said(nuria)
        await passes(office, minutes=16)
        await nuria.sees("У этого дела нет юриста")
        found = await until(database, case, nudges=nudges)
        assert found.clock_at > time_in(office)


async def test_a_date_that_comes_near_is_told(office: Office, database: Database) -> None:
    nurlan, lawyer = await hired(office, database)
    ainura = await office.citizen("Айнура", "ru")
    await begins_at(office)
    day = (time_in(office) + timedelta(days=9)).date()
    case = await opened(office, database, ainura, lawyer=lawyer, deadline=day)
    async with database.transaction() as session:
        await cases.worked(session, await session.get_one(Case, case.id), time_in(office))
    await passes(office, days=3)
    told = await nurlan.sees("Теперь дело срочное")
    assert case.number in told.text
    await until(database, case, urgency=Urgency.URGENT)
