"""Citizen and lawyer write to each other through the bot, and neither sees the other's account."""

import random
from datetime import datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from locales import HERE
from sandbox import Person, members
from sandbox.people import Seen
from services import partners
from storage.cases import Case, CaseState
from storage.database import Database
from storage.partners import Lawyer
from storage.people import Person as Known
from storage.relay import RelayedMessage
from tests.conftest import Office, eventually
from tests.conversations.conftest import SURE, becomes, forges, said_by_bot
from tests.conversations.stories import fresh, hired, opened
from tests.conversations.test_handoffs import posted, rules_for

SENT = {"ky": "✓ Юристиңизге жөнөтүлдү", "ru": "✓ Отправлено вашему юристу"}
OPEN = {"ky": "юристиңиз алат", "ru": "получит ваш юрист"}
TAKE_BACK = {"ky": "↩️ Кайтарып алуу", "ru": "↩️ Отозвать"}
DAY = 24 * 3600


def copies(person: Person, text: str) -> list[Seen]:
    """Messages of the bot on somebody's screen that say exactly this."""
    return [seen for seen in person.chat if seen.text == text and seen.raw["from"]["is_bot"]]


def received(person: Person, kind: str) -> list[Seen]:
    """Messages of the bot on somebody's screen that hold a file, place or contact of a kind."""
    return [seen for seen in person.chat if kind in seen.raw and seen.raw["from"]["is_bot"]]


async def begun(
    office: Office,
    database: Database,
    citizen_speaks: str = "ky",
    lawyer_speaks: str = "ru",
    **about: Any,
) -> tuple[Person, Person, Lawyer, Case]:
    """A citizen and the lawyer of their case, who writes first."""
    nurlan, lawyer = await hired(office, database, speaks=lawyer_speaks)
    ainura = await office.citizen("Айнура", citizen_speaks)
    case = await opened(office, database, ainura, lawyer=lawyer, **about)
    forges(nurlan, f"rl:w:{case.id}")
    await nurlan.sees(case.number)
    await nurlan.sends("Добрый день, я ваш юрист")
    if about.get("neutral"):
        await nurlan.sees("⏳")
    else:
        await nurlan.sees(f"✓ {case.number}")
        await ainura.sees(OPEN[citizen_speaks])
    return ainura, nurlan, lawyer, case


def daytime(office: Office) -> None:
    """Let it become noon in Bishkek."""
    now = datetime.fromtimestamp(office.telegram.world.clock.now(), HERE)
    noon = datetime.combine(now.date() + timedelta(days=1), time(12), HERE)
    office.telegram.advance((noon - now).total_seconds())


async def looks(office: Office, seconds: float = 0) -> None:
    """Let time pass, and the clockwork look at it."""
    assert office.bot is not None
    if seconds:
        office.telegram.advance(seconds)
    await office.bot.look_at_the_clock()


@pytest.mark.parametrize(("citizen_speaks", "lawyer_speaks"), [("ky", "ru"), ("ru", "ky")])
async def test_they_write_to_each_other(
    office: Office, database: Database, citizen_speaks: str, lawyer_speaks: str
) -> None:
    ainura, nurlan, _, case = await begun(office, database, citizen_speaks, lawyer_speaks)
    copy = await ainura.sees("Добрый день, я ваш юрист")
    assert "Нурлан Асанов" in copy.buttons[0]
    assert "forward_origin" not in copy.raw
    assert copy.raw["from"]["is_bot"]
    await ainura.sends("Саламатсызбы, качан келейин?")
    await ainura.sees(SENT[citizen_speaks])
    question = await nurlan.sees("Саламатсызбы, качан келейин?")
    assert case.number in question.buttons[0]
    assert str(ainura.id) not in str({**question.raw, "chat": None})
    # A reply stays a reply, on either side.
    await nurlan.sends("Завтра в десять", reply_to=question)
    answer = await ainura.sees("Завтра в десять")
    assert answer.raw["reply_to_message"]["text"] == "Саламатсызбы, качан келейин?"
    await ainura.sends("Рахмат!", reply_to=answer)
    thanks = await nurlan.sees("Рахмат!")
    assert thanks.raw["reply_to_message"]["text"] == "Завтра в десять"
    # Confirmations don't pile up: the earlier one goes.
    await eventually(lambda: said_by_bot(ainura)[-1] == SENT[citizen_speaks])
    await eventually(lambda: said_by_bot(ainura).count(SENT[citizen_speaks]) == 1)
    assert (await fresh(database, case)).state is CaseState.IN_WORK


async def test_every_kind_of_message_arrives(office: Office, database: Database) -> None:
    ainura, nurlan, _, _ = await begun(office, database)
    await ainura.sends_voice()
    await ainura.sends_video()
    await ainura.sends_document(caption="Келишим", name="contract.pdf")
    await ainura.sends_sticker()
    await ainura.shares_location(42.5, 72.8)
    await ainura.shares_contact()
    for number in range(4):
        await ainura.sends_photo(media_group="7", caption="Барактар" if number == 0 else "")
    await eventually(lambda: len(received(nurlan, "photo")) == 4)
    for kind in ("voice", "video", "document", "sticker", "location", "contact"):
        assert len(received(nurlan, kind)) == 1, kind
    assert received(nurlan, "document")[0].text == "Келишим"
    (contact,) = received(nurlan, "contact")
    assert contact.raw["contact"]["phone_number"] == ainura.account.phone
    assert "user_id" not in contact.raw["contact"], "a number, not an account"
    await eventually(lambda: len(copies(ainura, SENT["ky"])) == 1)
    # An album is taken back as a whole.
    await ainura.presses(TAKE_BACK["ky"])
    await ainura.sees("↩️ Кайтарылып алынды")
    await eventually(lambda: not received(nurlan, "photo"))


async def test_edits_reach_the_copy(office: Office, database: Database) -> None:
    ainura, nurlan, _, _ = await begun(office, database)
    written = await ainura.sends("Мен 5-маерде бошодум")
    copy = await nurlan.sees("Мен 5-маерде бошодум")
    await ainura.edits(written, "Мен 5-майда бошодум")
    changed = await becomes(nurlan, copy, "5-майда")
    assert changed.buttons == copy.buttons
    document = await ainura.sends_document(caption="Келишм")
    await nurlan.sees("Келишм")
    await ainura.edits(document, "Келишим")
    await nurlan.sees("Келишим")
    world = office.telegram.world
    paper = await ainura.sends_document(b"first page", caption="Чек", name="a.pdf")
    copied = await nurlan.sees("Чек")
    other = ainura.file_content(world.files.add("document", "b.pdf", b"second page"))
    members.deliver(
        world,
        ainura.private,
        world.replace(ainura.private, {**paper.raw, **other}),
        "edited_message",
    )

    def shown() -> str:
        seen = next(one for one in nurlan.chat if one.id == copied.id)
        return str(seen.raw["document"]["file_unique_id"])

    await eventually(lambda: shown() == other["document"]["file_unique_id"])
    answers = [text for text in said_by_bot(ainura) if "5-май" in text]
    assert answers == [], "an edit is never a question"


async def test_an_edit_of_a_question_is_still_a_question(
    office: Office, database: Database
) -> None:
    oleg = await office.citizen("Олег", "ru")
    asked = await oleg.sends("Здравствуйте")
    await oleg.edits(asked, SURE["ru"][0])
    await oleg.sees(SURE["ru"][1])


async def test_each_side_takes_back(office: Office, database: Database) -> None:
    ainura, nurlan, _, _ = await begun(office, database)
    await ainura.sends("Муну жазбай эле коёюн")
    await nurlan.sees("Муну жазбай эле коёюн")
    await ainura.sees(SENT["ky"])
    line = next(seen for seen in reversed(ainura.chat) if seen.text == SENT["ky"])
    await ainura.presses(TAKE_BACK["ky"])
    await ainura.sees("Кайтарылып алынды")
    await eventually(lambda: not copies(nurlan, "Муну жазбай эле коёюн"))
    again = await forges(ainura, next_data(line, "rl:t:")).answer()
    assert "мурун эле" in again["text"]
    await nurlan.sends("Это не вам")
    await ainura.sees("Это не вам")
    await eventually(lambda: TAKE_BACK["ru"] in nurlan.chat[-1].buttons)
    await nurlan.presses(TAKE_BACK["ru"])
    await nurlan.sees("↩️ Отозвано")
    await eventually(lambda: not copies(ainura, "Это не вам"))


def next_data(seen: Seen, begins: str) -> str:
    """The data of a message's button."""
    found = (button["callback_data"] for row in seen.rows for button in row)
    return str(next(one for one in found if one.startswith(begins)))


async def test_after_two_days_it_is_too_late_to_take_back(
    office: Office, database: Database
) -> None:
    ainura, nurlan, _, _ = await begun(office, database)
    await ainura.sends("Бул калат")
    await nurlan.sees("Бул калат")
    await ainura.sees(SENT["ky"])
    await looks(office, 2 * DAY)
    pressed = await ainura.presses(TAKE_BACK["ky"])
    assert "48 саат" in (await pressed.answer())["text"]
    assert copies(nurlan, "Бул калат")


async def test_a_question_in_between(office: Office, database: Database) -> None:
    """Commands and menu buttons never go to the lawyer; a question may be called back."""
    ainura, nurlan, _, _ = await begun(office, database)
    await ainura.sends("/topics")
    await ainura.sends("❓ Суроо берүү")
    await ainura.sends(SURE["ky"][0])
    await nurlan.sees(SURE["ky"][0])
    await ainura.sees(SENT["ky"])
    await ainura.presses("❓ Бул ботко суроо эле")
    await ainura.sees(SURE["ky"][1])
    await eventually(lambda: not copies(nurlan, SURE["ky"][0]))
    assert not copies(nurlan, "/topics")
    assert not copies(nurlan, "❓ Суроо берүү")
    await ainura.sends("/cancel")
    await ainura.sees("Токтотулду")
    await ainura.sends(SURE["ky"][0])
    await eventually(lambda: sum(SURE["ky"][1] in text for text in said_by_bot(ainura)) == 2)
    assert not copies(nurlan, SURE["ky"][0])


async def test_a_reply_goes_to_the_lawyer_whatever_else_is_open(
    office: Office, database: Database
) -> None:
    ainura, nurlan, _, _ = await begun(office, database)
    letter = await ainura.sees("Добрый день, я ваш юрист")
    await ainura.sends("/cancel")
    await ainura.sees("Токтотулду")
    await ainura.sends("/settings")
    await ainura.presses("set:place", on=await ainura.sees("Жөндөөлөр"))
    await ainura.sees("Кайсы жерде жашайсыз")
    await ainura.sends("Ош", reply_to=letter)
    await nurlan.sees("Ош")
    await ainura.sees(SENT["ky"])
    await ainura.sends("Ош")  # and this answers the question that is open
    await ainura.sees("Жашаган жер")
    assert len(copies(nurlan, "Ош")) == 1


async def test_danger_is_answered_and_passed_on(office: Office, database: Database) -> None:
    ainura, nurlan, _, case = await begun(office, database)
    await ainura.sends("Күйөөм мени уруп жатат, жардам бергиле")
    await ainura.sees("коопсуз жерге чыгып")
    await nurlan.sees("Күйөөм мени уруп жатат, жардам бергиле")
    mark = await nurlan.sees("🆘 Срочно")
    assert mark.raw["reply_to_message"]["text"].startswith("Күйөөм")
    assert (await fresh(database, case)).urgency == 0


async def test_danger_waits_for_no_question(office: Office, database: Database) -> None:
    ainura, nurlan, _, _ = await begun(office, database)
    await looks(office, DAY + 60)
    await ainura.sends("Күйөөм мени уруп жатат, жардам бергиле")
    await ainura.sees("коопсуз жерге чыгып")
    await nurlan.sees("Күйөөм мени уруп жатат, жардам бергиле")


async def test_accepting_opens_the_talk_for_both(office: Office, database: Database) -> None:
    nurlan, lawyer = await hired(office, database, partner="Адилет")
    ainura = await office.citizen("Айнура", "ky")
    before = await opened(office, database, ainura, lawyer=lawyer, called="Башка")
    forges(nurlan, f"rl:w:{before.id}")
    await nurlan.sees(before.number)
    await rules_for(database, lawyer)
    case = await posted(office, await opened(office, database, ainura))
    await nurlan.presses("✅ Беру", on=await nurlan.sees("Дело для вас"))
    await nurlan.sees(f"получит человек по делу {case.number}")
    await ainura.sees(OPEN["ky"])
    await nurlan.sends("Теперь я ваш юрист")  # goes to the new case, not to the one before
    await nurlan.sees(f"✓ {case.number}")
    await ainura.sees("Теперь я ваш юрист")
    await ainura.sends("Кош келиңиз")
    letter = await nurlan.sees("Кош келиңиз")
    assert case.number in letter.buttons[0]


# --- out of reach -------------------------------------------------------------------------------


async def test_what_is_sent_to_who_blocked_the_bot_is_kept(
    office: Office, database: Database
) -> None:
    ainura, nurlan, _, case = await begun(office, database)
    ainura.blocks()
    for text in ("Первое", "Второе", "Третье"):
        await nurlan.sends(text)
    await nurlan.sees("пока не доставлено")
    await looks(office)
    assert not copies(ainura, "Первое")
    ainura.unblocks()
    await eventually(lambda: ainura.private.blocked is False)
    for _ in range(3):
        await looks(office)
    await ainura.sees("Третье")
    order = [seen.text for seen in ainura.chat if seen.text in ("Первое", "Второе", "Третье")]
    assert order == ["Первое", "Второе", "Третье"], "in order, once"
    await nurlan.sees(f"✓ {case.number}")


async def test_a_block_that_only_telegram_knows_of(office: Office, database: Database) -> None:
    ainura, nurlan, _, _ = await begun(office, database)
    ainura.private.blocked = True  # no update says so
    await nurlan.sends("Вы получили письмо?")
    await nurlan.sees("✓")

    async def noticed() -> bool:
        await looks(office)
        return any("пока не доставлено" in text for text in said_by_bot(nurlan))

    await until(noticed)
    await ainura.sends("Мен келдим")
    await nurlan.sees("Мен келдим")
    await looks(office)
    await ainura.sees("Вы получили письмо?")
    assert len(copies(ainura, "Вы получили письмо?")) == 1


async def until(condition: Any) -> None:
    """Wait until something that has to be asked for holds."""
    for _ in range(50):
        if await condition():
            return
    raise AssertionError("it doesn't come to hold")


async def test_nothing_comes_to_who_hid_the_conversation(
    office: Office, database: Database
) -> None:
    ainura, nurlan, _, _ = await begun(office, database)
    await ainura.sends("/hide")
    await ainura.sees("/start")
    await nurlan.sends("Как вы?")
    await nurlan.sees("пока не доставлено")
    await looks(office)
    assert not copies(ainura, "Как вы?")
    await ainura.sends("/start")
    await looks(office)
    await ainura.sees("Как вы?")


async def test_a_kept_message_can_be_taken_back(office: Office, database: Database) -> None:
    ainura, nurlan, _, _ = await begun(office, database)
    ainura.blocks()
    await nurlan.sends("Не стоит")
    await nurlan.sees("пока не доставлено")
    await nurlan.presses(TAKE_BACK["ru"])
    await nurlan.sees("↩️ Отозвано")
    ainura.unblocks()
    await ainura.sends("/my")
    await looks(office)
    await ainura.sends("Саламатсызбы")
    await nurlan.sees("Саламатсызбы")
    assert not copies(ainura, "Не стоит")


async def test_messages_that_give_nothing_away(office: Office, database: Database) -> None:
    daytime(office)
    ainura, nurlan, _, _ = await begun(office, database, neutral=True)
    sign = await ainura.sees("Сизге кат бар.")
    assert not copies(ainura, "Добрый день, я ваш юрист")
    assert "юрист" not in " ".join([sign.text, *sign.buttons]).lower()
    await nurlan.sends("Ещё одно")
    await nurlan.sees("сказано только, что есть сообщение")
    assert len(copies(ainura, "Сизге кат бар.")) == 1
    await ainura.presses("👀 Көрүү", on=sign)
    await ainura.sees("Добрый день, я ваш юрист")
    letter = await ainura.sees("Ещё одно")
    assert "Нурлан" not in " ".join(letter.buttons)
    await ainura.sends("Угуп жатам")  # now the talk is open
    await nurlan.sees("Угуп жатам")
    await nurlan.sends("Хорошо")
    await ainura.sees("Хорошо")
    office.telegram.advance(3600)  # the phone may be in other hands now
    await nurlan.sends("Завтра суд")
    await nurlan.sees("сказано только")
    assert not copies(ainura, "Завтра суд")


# --- several ------------------------------------------------------------------------------------


async def test_two_citizens_of_one_lawyer(office: Office, database: Database) -> None:
    nurlan, lawyer = await hired(office, database)
    ainura, oleg = await office.citizen("Айнура", "ky"), await office.citizen("Олег", "ru")
    hers = await opened(office, database, ainura, lawyer=lawyer)
    his = await opened(office, database, oleg, lawyer=lawyer, called="Олег", language="ru")
    forges(nurlan, f"rl:w:{hers.id}")
    await nurlan.sees(hers.number)
    forges(oleg, f"rl:w:{his.id}")
    await oleg.sees(OPEN["ru"])
    await oleg.sends("Что мне делать?")
    asked = await nurlan.sees("Что мне делать?")
    await nurlan.sends("Для Айнуры")
    await ainura.sees("Для Айнуры")
    await nurlan.sends("Для Олега", reply_to=asked)
    await nurlan.sees(f"✓ {his.number}")
    await oleg.sees("Для Олега")
    await nurlan.presses("🔁 Другое дело")
    choice = await nurlan.sees("Кому вы пишете?")
    await nurlan.presses(f"rl:w:{his.id}", on=choice)
    await nurlan.sees(f"получит человек по делу {his.number}")
    await nurlan.sends("Снова Олегу")
    await oleg.sees("Снова Олегу")
    assert not copies(oleg, "Для Айнуры")
    assert not copies(ainura, "Для Олега")
    assert not copies(ainura, "Снова Олегу")
    await nurlan.sends("/cancel")
    await nurlan.sees("Остановлено")
    await nurlan.sends(SURE["ru"][0])
    await nurlan.sees(SURE["ru"][1])


@pytest.mark.parametrize("seed", [1, 2])
async def test_nothing_is_mixed_up(office: Office, database: Database, seed: int) -> None:
    """Whoever writes, replies, edits and takes back in whatever order: each word reaches its case."""
    dice = random.Random(seed)
    await office.close()
    await office.open(person_limit=10_000, send_rate=1000)
    staff = [await hired(office, database, name) for name in ("Нурлан", "Асель")]
    talks = []
    for number in range(4):
        citizen = await office.citizen(f"Гражданин {number}", "ru")
        phone, lawyer = staff[number % 2]
        case = await opened(office, database, citizen, lawyer=lawyer, called=f"Гр {number}")
        forges(citizen, f"rl:w:{case.id}")
        await citizen.sees(OPEN["ru"])
        await citizen.sends(f"{number}:начало")
        first = await phone.sees(f"{number}:начало")
        talks.append((citizen, phone, first))
    for step in range(40):
        number = dice.randrange(len(talks))
        citizen, phone, first = talks[number]
        if dice.random() < 0.5:
            text = f"{number}:к юристу {step}"
            wrote = await citizen.sends(text)
            if dice.random() < 0.3:
                await citizen.edits(wrote, f"{number}:исправлено {step}")
        else:
            theirs = [s for s in phone.chat if s.text.startswith(f"{number}:к") and s.rows]
            await phone.sends(f"{number}:гражданину {step}", reply_to=dice.choice([first, *theirs]))
    for number, (citizen, phone, _) in enumerate(talks):
        await citizen.sends(f"{number}:конец")
        await phone.sees(f"{number}:конец", 60)
        await phone.sends(f"{number}:прощайте", reply_to=await phone.sees(f"{number}:конец", 60))
        await citizen.sees(f"{number}:прощайте", 60)
    for number, (citizen, phone, _) in enumerate(talks):
        heard = [s.text for s in citizen.chat if s.raw["from"]["is_bot"] and s.text[1:2] == ":"]
        assert heard
        assert all(text.startswith(f"{number}:") for text in heard)
        own = {str(place) for place, talk in enumerate(talks) if talk[1] is phone}
        said = [s.text for s in phone.chat if s.raw["from"]["is_bot"] and s.text[1:2] == ":"]
        assert {text[0] for text in said} <= own
    async with database.reading() as session:
        rows = (await session.scalars(select(RelayedMessage))).all()
    assert len({(row.from_chat_id, row.from_message_id) for row in rows}) == len(rows)


# --- who may not --------------------------------------------------------------------------------


async def test_strangers_and_dismissed_lawyers(office: Office, database: Database) -> None:
    ainura, nurlan, lawyer, case = await begun(office, database)
    await ainura.sends("Мен ушундамын")
    letter = await nurlan.sees("Мен ушундамын")
    asel, _ = await hired(office, database, "Асель")
    stranger = await office.citizen("Чужой", "ru")
    async with database.reading() as session:
        rows = (await session.scalars(select(RelayedMessage))).all()
    datas = [f"rl:{one}:{case.id}" for one in ("s", "w", "q", "qm", "qc")]
    datas += [f"rl:{one}:{row.id}" for one in ("t", "n") for row in rows]
    datas += [f"rl:qs:{case.id}:read:0", f"rl:qp:{case.id}:where:0", "rl:l", "rl:r", "rl:a"]
    for person in (asel, stranger):
        for data in datas:
            pressed = await forges(person, data).answer()
            assert pressed["text"], data
    async with database.transaction() as session:
        row = await session.get(Lawyer, lawyer.id)
        assert row is not None
        await partners.end_lawyer(session, row, by=office.ADMIN, now=case.created_at)
    await nurlan.sends("Я ещё тут", reply_to=letter)
    await nurlan.sees("Это дело не у вас")
    for data in datas:
        assert (await forges(nurlan, data).answer())["text"], data
    await ainura.sends("Кандайсыз?")
    await ainura.sees("Сакталды: азыр ишиңиз эч бир юристте эмес")
    await looks(office)
    assert not copies(ainura, "Я ещё тут")
    assert not copies(nurlan, "Кандайсыз?")
    # Whoever takes the case over gets what was kept.
    asel_phone, other = asel, await lawyer_of(database, asel)
    async with database.transaction() as session:
        moved = await session.get(Case, case.id)
        assert moved is not None
        moved.lawyer_id = other.id
    await looks(office)
    await asel_phone.sees("Кандайсыз?")
    assert not copies(nurlan, "Кандайсыз?")


async def lawyer_of(database: Database, person: Person) -> Lawyer:
    """A person's work for a partner."""
    async with database.reading() as session:
        found = await session.scalar(select(Lawyer).where(Lawyer.chat_id == person.id))
    assert found is not None
    return found


async def test_groups_never_take_part(office: Office, database: Database) -> None:
    ainura, nurlan, _, _ = await begun(office, database)
    group = office.telegram.group("Юристы", [nurlan, ainura])
    await nurlan.sends("Айнура, слышите?", chat=group)
    await ainura.sends("Угуп жатам", chat=group)
    await ainura.sends("Бул жеке кат")
    await nurlan.sees("Бул жеке кат")
    assert not copies(ainura, "Айнура, слышите?")
    assert not copies(nurlan, "Угуп жатам")


# --- silence and the end ------------------------------------------------------------------------


@pytest.mark.parametrize("speaks", ["ky", "ru"])
async def test_after_a_day_of_silence_it_is_asked(
    office: Office, database: Database, speaks: str
) -> None:
    ainura, nurlan, _, _ = await begun(office, database, speaks)
    await looks(office, DAY + 60)
    for _ in range(3):
        await ainura.sends_photo(media_group="9")
    asked = {"ky": "Бул юристиңизгеби", "ru": "Это вашему юристу"}[speaks]
    await ainura.sees(asked)
    assert sum(asked in text for text in said_by_bot(ainura)) == 1
    assert not received(nurlan, "photo")
    await ainura.presses("rl:l")
    await eventually(lambda: len(received(nurlan, "photo")) == 3)
    await ainura.sees(SENT[speaks])
    await ainura.sends("Дагы")
    await nurlan.sees("Дагы")
    await looks(office, DAY + 60)
    question = await ainura.sends(SURE[speaks][0])
    await ainura.presses("rl:a", on=await ainura.sees(asked))
    await ainura.sees(SURE[speaks][1])
    assert not copies(nurlan, SURE[speaks][0])
    await ainura.edits(question, SURE[speaks][0] + "?")
    await eventually(lambda: sum(SURE[speaks][1] in text for text in said_by_bot(ainura)) == 2)


async def test_the_lawyer_is_asked_as_well(office: Office, database: Database) -> None:
    ainura, nurlan, _, case = await begun(office, database)
    await looks(office, DAY + 60)
    await nurlan.sends("Как ваши дела?")
    ask = await nurlan.sees(f"Это человеку по делу {case.number}")
    assert not copies(ainura, "Как ваши дела?")
    await nurlan.presses("✉️ Человеку", on=ask)
    await ainura.sees("Как ваши дела?")


async def test_the_end_of_a_case(office: Office, database: Database) -> None:
    ainura, nurlan, _, case = await begun(office, database)
    forges(ainura, f"my:W:{case.id}")
    await ainura.sees("Юрист менен сүйлөшүү бүттү")
    await nurlan.sends("Айнура?", reply_to=await nurlan.sees("Айнура"))
    await ainura.sends("Дагы бир суроом бар эле")
    ask = await ainura.sees("Аны кайра ачып")
    assert not copies(nurlan, "Дагы бир суроом бар эле")
    await ainura.presses("rl:r", on=ask)
    await ainura.sees("Сакталды")
    assert (await fresh(database, case)).state is not CaseState.CLOSED


# --- topics -------------------------------------------------------------------------------------


async def test_one_topic_a_case(office: Office, database: Database) -> None:
    await office.close()
    office.telegram.bot.has_topics = True
    await office.open()
    nurlan, lawyer = await hired(office, database)
    ainura, oleg = await office.citizen("Айнура", "ky"), await office.citizen("Олег", "ru")
    hers = await opened(office, database, ainura, lawyer=lawyer)
    his = await opened(office, database, oleg, lawyer=lawyer, called="Олег")
    for citizen, case in ((ainura, hers), (oleg, his)):
        forges(citizen, f"rl:w:{case.id}")
        await citizen.sees("алат" if citizen is ainura else "получит")
        await citizen.sends(f"Это {case.number}")
    threads = {}
    for case in (hers, his):
        copy = await nurlan.sees(f"Это {case.number}")
        threads[case.id] = copy.raw["message_thread_id"]
        assert nurlan.private.topics[threads[case.id]].name.startswith(case.number)
    await nurlan.sends("Ответ ей", thread=threads[hers.id])
    await nurlan.sends("Ответ ему", thread=threads[his.id])
    await ainura.sees("Ответ ей")
    await oleg.sees("Ответ ему")
    assert not copies(oleg, "Ответ ей")
    assert not copies(ainura, "Ответ ему")
    line = await nurlan.sees(f"✓ {his.number}")
    assert line.raw["message_thread_id"] == threads[his.id]
    # A topic that was deleted is made again.
    office.telegram.world.drop_topic(nurlan.private, nurlan.private.topics[threads[hers.id]])
    await ainura.sends("Биринчи")
    await nurlan.sees("Биринчи")
    await ainura.sends("Экинчи")
    second = await nurlan.sees("Экинчи")
    again = second.raw["message_thread_id"]
    assert again != threads[hers.id]
    await nurlan.sends("Слышу", thread=again)
    await ainura.sees("Слышу")


# --- ready texts --------------------------------------------------------------------------------


@pytest.mark.parametrize(("citizen_speaks", "lawyer_speaks"), [("ky", "ru"), ("ru", "ky")])
async def test_ready_texts(
    office: Office, database: Database, citizen_speaks: str, lawyer_speaks: str
) -> None:
    ainura, nurlan, lawyer, case = await begun(office, database, citizen_speaks, lawyer_speaks)
    async with database.transaction() as session:
        row = await session.get(Lawyer, lawyer.id)
        assert row is not None
        row.address, row.latitude, row.longitude = "Ош, Ленин көчөсү 1", 40.5, 72.8
    documents = {
        "ky": ("алып келүү", "паспорт", "соттун кагаздары", "ала келиңизчи"),
        "ru": ("Принести", "паспорт", "бумаги из суда", "Возьмите, пожалуйста"),
    }
    for data in ("q:{}", "qd:{}:bring:0", "qd:{}:bring:1", "qd:{}:bring:33", "qp:{}:bring:33"):
        await presses_when_there(nurlan, f"rl:{data.format(case.id)}")
    preview = await nurlan.sees(documents[lawyer_speaks][3])
    await nurlan.presses(f"rl:qs:{case.id}:bring:33", on=preview)
    letter = await ainura.sees(documents[citizen_speaks][3])
    assert documents[citizen_speaks][2] in letter.text
    assert "Нурлан Асанов" in letter.text
    office.telegram.advance(5)  # more than a thumb that presses twice
    replay = await forges(nurlan, f"rl:qs:{case.id}:bring:33", on=preview).answer()
    assert replay["text"], "a second press sends nothing"
    await ainura.sends("Макул", reply_to=letter)
    agreed = await nurlan.sees("Макул")
    assert documents[lawyer_speaks][3] in agreed.raw["reply_to_message"]["text"]
    forges(nurlan, f"rl:qs:{case.id}:where:0", on=agreed)
    await ainura.sees("Ленин көчөсү 1")
    await eventually(lambda: bool(received(ainura, "location")))


async def presses_when_there(person: Person, data: str) -> None:
    """Press a button as soon as it stands on somebody's screen."""
    await eventually(
        lambda: any(
            button.get("callback_data") == data
            for seen in person.chat
            for row in seen.rows
            for button in row
        )
    )
    await person.presses(data)


async def test_the_hour_of_a_call_is_pressed_or_typed(office: Office, database: Database) -> None:
    ainura, nurlan, _, case = await begun(office, database)
    await presses_when_there(nurlan, f"rl:q:{case.id}")
    await presses_when_there(nurlan, f"rl:qc:{case.id}")
    await nurlan.sees("Когда вы позвоните?")
    await nurlan.sends("14:30")
    await nurlan.sees("Я вам позвоню")
    assert not copies(ainura, "14:30")
    await nurlan.presses("✅ Отправить")
    await ainura.sees("14:30")
    asked = await nurlan.sees("Когда вы позвоните?")
    await nurlan.presses("⬅️ Назад", on=asked)
    asked = await becomes(nurlan, asked, "Готовые тексты")
    await nurlan.presses(f"rl:qc:{case.id}", on=asked)
    await becomes(nurlan, asked, "Когда вы позвоните?")
    await nurlan.sends("Лучше скажите вы")  # no hour: it is for the citizen
    await ainura.sees("Лучше скажите вы")


async def test_a_ready_text_that_is_kept_is_said_in_the_language_of_then(
    office: Office, database: Database
) -> None:
    ainura, nurlan, _, case = await begun(office, database)
    ainura.blocks()
    forges(nurlan, f"rl:qs:{case.id}:read:0", on=await nurlan.sees("✓"))
    await nurlan.sees("пока не доставлено")
    async with database.transaction() as session:
        known = await session.scalar(select(Known).where(Known.chat_id == ainura.id))
        assert known is not None
        known.language = "ru"
    ainura.unblocks()
    await ainura.sends("/help")
    await looks(office)
    await ainura.sees("Ваше дело прочитано")


async def test_no_words_are_kept(office: Office, database: Database) -> None:
    """The map says whose copy is whose original, and nothing of what was written."""
    ainura, nurlan, _, _ = await begun(office, database)
    await ainura.sends("Мышыктын аты Барсбек")
    await nurlan.sees("Мышыктын аты Барсбек")
    async with database.reading() as session:
        rows = (await session.scalars(select(RelayedMessage))).all()
    assert all(row.said is None for row in rows)
