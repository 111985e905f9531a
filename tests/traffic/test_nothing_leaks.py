"""What people write stays sealed: not in the database file, not in its WAL, not in the log."""

import json
import logging
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

import sandbox
from bot.logs import JsonLines
from sandbox import Person, Seen
from services import routing
from storage.base import Base
from storage.cases import Case
from storage.database import Database
from storage.questions import MissedQuestion
from storage.traffic import InboxUpdate, OutboxMessage
from tests.conftest import TOKEN, Office, eventually
from tests.conversations.conftest import becomes, forges
from tests.conversations.stories import begins_at
from tests.conversations.test_booking import Walk, at_work, confirm_data
from tests.traffic.test_nothing_is_lost import bot_process

PLANTED = "Зымыркош"  # a word that stands nowhere else


@pytest.fixture
def told(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Every line of the log as an operator would read it."""
    lines: list[str] = []

    class Listener(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(JsonLines().format(record))

    listener = Listener()
    logging.getLogger().addHandler(listener)
    caplog.set_level(logging.DEBUG)
    return lines


async def test_planted_words_are_nowhere_in_the_clear(office: Office, told: list[str]) -> None:
    aina = await office.citizen(f"{PLANTED}аин", "ky")
    await aina.sends(f"{PLANTED} футболдо ким утту")
    await aina.sees("жообум жок")
    await aina.sends_photo(caption=f"{PLANTED} кожоюн айлыгымды бербей жатат")
    await eventually(lambda: len(aina.chat) > 5)

    for file in Path(office.database_url.removeprefix("sqlite:///")).parent.glob("bot.db*"):
        for form in (PLANTED, PLANTED.lower()):
            assert form.encode() not in file.read_bytes(), file.name
            assert json.dumps(form).strip('"').encode() not in file.read_bytes(), file.name
    assert told, "the log was listened to"
    assert not [line for line in told if PLANTED.lower() in line.lower()]


UNFIT = "INSERT INTO case_counters (year, last) VALUES (NULL, :words)"
PHONE = ("555987654", "987 654", "0555 98")
STAFF = ("Нурлан", "Бакыт")  # lawyers' names are theirs


async def _staffed(office: Office, database: Database) -> tuple[Person, Person, Person, Person]:
    """Two partners with a lawyer each, in the order of asking; a coordinator; a citizen."""
    await begins_at(office)
    nurlan, _ = await at_work(office, database)
    bakyt, _ = await at_work(office, database, name="Бакыт", partner="Мээрим")
    return nurlan, bakyt, await office.admin(), await office.citizen("Айнура", "ru")


async def _a_whole_case(nurlan: Person, bakyt: Person, nuria: Person, aina: Person) -> list[str]:
    """From a request to a low mark, with words in all that can hold some; give back the ids of files."""
    walk = Walk(aina, "ru")
    await walk.until_story()
    await aina.sends(f"Меня уволил {PLANTED} Пётр")
    await walk.at("more")
    photo = await aina.sends_photo(caption=f"{PLANTED} договор")
    await eventually(lambda: bool(aina.chat[-1].rows))
    await walk.press("bk:story:done", await walk.at("more"))
    await walk.writes("opponent", f"{PLANTED} Пётр")
    await walk.answers("urgent", "no")
    await walk.writes("called", f"{PLANTED}ова")
    await walk.writes("name", f"{PLANTED}ова Айнура")
    await walk.writes("phone", "0555 987 654")
    await walk.chooses(0)
    await walk.confirms()

    card = await nurlan.sees("Дело для вас")
    case = card.text.split("KG-")[1][: len("2026-00001")]
    await nurlan.presses("✖️ Не могу взять", on=card)
    await becomes(nurlan, card, "Почему вы не можете")
    await nurlan.presses("✍️ Другая причина", on=card)
    await nurlan.sees("в нескольких словах")
    await nurlan.sends(f"{PLANTED} мой сосед")
    await nurlan.presses("✖️ Да, отказаться", on=await nurlan.sees("мой сосед»"))
    await nurlan.sees("Вы отказались")

    card = await bakyt.sees("Дело для вас")
    await bakyt.presses("👁 Прочитать рассказ", on=card)
    await bakyt.sees("Меня уволил")
    await bakyt.presses("✅ Беру", on=card)
    shown = await bakyt.sees("+996 555 987 654")
    forges(bakyt, "ca:1", shown)
    await becomes(bakyt, shown, "🪪")
    await _they_write(bakyt, aina, case)
    await bakyt.presses(
        next(one for one in shown_now(bakyt, shown).buttons if "🗒" in one), on=shown
    )
    await becomes(bakyt, shown, "Напишите заметку")
    await bakyt.sends(f"{PLANTED} звонил, врёт")
    await bakyt.sees("врёт")
    for data, said in (("ca:z:1", "Чем закончилось"), ("ca:o:1:ADVICE", "Можно добавить")):
        forges(bakyt, data, shown)
        await becomes(bakyt, shown, said)
    await bakyt.sends(f"{PLANTED} заплатил")
    last = await bakyt.sees("заплатил»")
    await bakyt.presses("ca:Z:1:ADVICE", on=last)

    await aina.presses("1 ⭐️", on=await aina.sees("Как мы вам помогли?"))
    forges(aina, "rt:w:1", await aina.sees("Координатор прочитает"))
    await aina.sees("Хотите добавить пару слов?")
    await aina.sends(f"{PLANTED} так и не заплатил")
    await nuria.sees("так и не заплатил")
    await aina.sends("/privacy")
    await aina.presses("held:file", on=await aina.sees("Что обо мне хранится"))
    await eventually(lambda: "document" in aina.chat[-1].raw)
    sizes = photo.raw["photo"]
    return [one[key] for one in sizes for key in ("file_id", "file_unique_id")]


def shown_now(person: Person, seen: Seen) -> Seen:
    """A message as it stands on the screen now."""
    return next(one for one in person.chat if one.id == seen.id)


async def _they_write(bakyt: Person, aina: Person, case: str) -> None:
    """Everything that goes from one side to the other."""
    await bakyt.sends(f"Я ваш юрист, {PLANTED}ова")
    letter = await aina.sees("Я ваш юрист")
    await aina.sends(f"Вот что сказал {PLANTED}", reply_to=letter)
    copy = await bakyt.sees("Вот что сказал")
    await aina.edits(next(one for one in aina.chat if "Вот что" in one.text), f"{PLANTED} солгал")
    await becomes(bakyt, copy, "солгал")
    await aina.sends_document(caption=f"{PLANTED} приказ", name=f"{PLANTED}.pdf")
    await bakyt.sees("приказ")
    await aina.sends_voice(caption=f"{PLANTED} говорит")
    await bakyt.sees("говорит")
    await aina.shares_contact("+996555987654")
    await eventually(lambda: any("contact" in one.raw for one in bakyt.chat))


async def _nowhere_in_the_clear(
    office: Office, database: Database, ids: list[str], lines: Sequence[str]
) -> None:
    """Neither words nor numbers nor files: not in the database, not in the log."""
    assert lines, "the log was listened to"
    stored = await _stored(office, database)
    for form in (PLANTED, PLANTED.lower(), *PHONE, *STAFF, *ids):
        for name, content in stored:
            assert form.encode() not in content, (name, form)
            assert json.dumps(form).strip('"').encode() not in content, (name, form)
        assert not [line for line in lines if form.lower() in line.lower()], form


async def test_after_a_whole_case_nothing_of_it_is_in_the_clear(
    office: Office, database: Database, told: list[str]
) -> None:
    ids = await _a_whole_case(*await _staffed(office, database))
    await office.close()
    await _nowhere_in_the_clear(office, database, ids, told)


async def test_what_the_program_prints_tells_nothing(
    database_url: str, database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same as an operator runs it, with the most talkative log."""
    monkeypatch.setenv("ADMIN_IDS", str(Office.ADMIN))
    async with sandbox.running(token=TOKEN) as telegram:
        office = Office(telegram, database_url)
        await office.open()
        people = await _staffed(office, database)
        await office.close()
        with (tmp_path / "printed").open("wb") as output:
            async with bot_process(
                tmp_path, telegram.url, database_url, level="DEBUG", output=output
            ):
                await people[-1].sends("/help")
                await people[-1].sees("/hide", timeout=60)
                ids = await _a_whole_case(*people)
        printed = (tmp_path / "printed").read_text("utf-8").splitlines()
        await _nowhere_in_the_clear(office, database, ids, printed)


async def test_a_failure_midway_tells_nothing_of_what_it_was_about(
    office: Office, database: Database, told: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """An error of the database would quote what was told."""

    async def fails(session: AsyncSession, case: Case, *_: object, **__: object) -> None:
        await session.execute(text(UNFIT), {"words": case.story})

    monkeypatch.setattr(routing, "route", fails)
    await begins_at(office)
    await at_work(office, database)
    aina = await office.citizen("Айнура", "ru")
    walk = Walk(aina, "ru")
    await walk.until_story()
    await aina.sends(f"Меня уволил {PLANTED} Пётр")
    await walk.press("bk:story:done", await walk.at("more"))
    await walk.from_story_to_slot()
    await walk.chooses(0)
    summary = await walk.at("summary")
    pressed = await aina.presses(confirm_data(summary), on=summary)
    assert "Номер сбоя" in (await pressed.answer(timeout=20))["text"]
    await office.close()
    assert any("an update failed" in line for line in told)
    await _nowhere_in_the_clear(office, database, [], told)


async def test_errors_of_the_database_are_without_values(database: Database) -> None:
    async with database.reading() as session:
        with pytest.raises(DBAPIError) as raised:
            await session.execute(text("SELECT :words FROM nowhere"), {"words": PLANTED})
    assert PLANTED not in str(raised.value)


async def _stored(office: Office, database: Database) -> list[tuple[str, bytes]]:
    """What stands in the files of the database, or in every row where there are none."""
    if database.is_sqlite:
        folder = Path(office.database_url.removeprefix("sqlite:///")).parent
        return [(file.name, file.read_bytes()) for file in folder.glob("bot.db*")]
    async with database.reading() as session:
        return [
            (table.name, value if isinstance(value, bytes) else str(value).encode())
            for table in Base.metadata.sorted_tables
            for row in await session.execute(text(f"SELECT * FROM {table.name}"))
            for value in row
        ]


async def test_what_is_done_with_is_emptied(office: Office) -> None:
    aina = await office.citizen("Айнура", "ky")
    await aina.sends(f"{PLANTED} футболдо ким утту")
    await aina.sees("жообум жок")
    await office.close()
    database = Database(office.database_url)
    async with database.reading() as session:
        payloads = (await session.scalars(select(InboxUpdate.payload))).all()
        params = (await session.scalars(select(OutboxMessage.params))).all()
        kept = (await session.scalars(select(MissedQuestion.text))).all()
        raw = (await session.execute(text("SELECT text FROM missed_questions"))).scalars().all()
    await database.close()
    assert payloads and set(payloads) == {None}
    assert params and set(params) == {None}
    assert kept == [f"{PLANTED} футболдо ким утту"]
    assert PLANTED.encode() not in bytes(raw[0])


async def test_of_who_declined_no_question_is_kept(office: Office) -> None:
    oleg = office.newcomer("Олег", "ru")
    await oleg.sends("/start")
    await oleg.sees("Выберите язык")
    await oleg.presses("lang:ru")
    await oleg.sees("/privacy")
    await oleg.presses("priv:no")
    await oleg.sees("сохраню только ваш язык")
    await oleg.sends("кто выиграет матч в воскресенье")
    await oleg.sees("пока нет ответа")
    await office.close()
    database = Database(office.database_url)
    async with database.reading() as session:
        assert (await session.scalars(select(MissedQuestion))).all() == []
    await database.close()


def test_a_log_line_tells_of_an_error_without_its_words() -> None:
    try:
        raise ValueError(f"could not read {PLANTED}")
    except ValueError as error:
        record = logging.LogRecord("bot", logging.ERROR, "", 1, "it failed", (), None)
        record.exc_info = (type(error), error, error.__traceback__)
    line = json.loads(JsonLines().format(record))
    assert PLANTED not in json.dumps(line, ensure_ascii=False)
    assert line["error"].startswith("ValueError at traffic/test_nothing_leaks.py")


def test_a_librarys_line_is_told_without_what_it_fills_in() -> None:
    record = logging.LogRecord("telegram.x", logging.ERROR, "", 1, "bad: %s", (PLANTED,), None)
    assert json.loads(JsonLines().format(record))["said"] == "bad: %s"


def test_a_task_that_died_is_told_without_its_words() -> None:
    record = logging.LogRecord(
        "asyncio",
        logging.ERROR,
        "",
        1,
        f"Task exception was never retrieved\nfuture: <Task exception=KeyError('{PLANTED}')>",
        (),
        None,
    )
    line = json.loads(JsonLines().format(record))
    assert line["said"] == "Task exception was never retrieved"


def test_what_ends_the_program_is_told_without_its_words() -> None:
    program = f"import bot.logs as l; l.configure('DEBUG'); raise ValueError('{PLANTED}')"
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, check=False)
    assert ended.returncode == 1
    line = json.loads(ended.stderr)
    assert line["level"] == "critical" and line["error"].startswith("ValueError at")
    assert PLANTED not in ended.stderr.decode()
