"""What people write stays sealed: not in the database file, not in its WAL, not in the log."""

import json
import logging
from pathlib import Path

import pytest
from sqlalchemy import select, text

from bot.logs import JsonLines
from storage.base import Base
from storage.cases import Case
from storage.database import Database
from storage.questions import MissedQuestion
from storage.traffic import InboxUpdate, OutboxMessage
from tests.conftest import Office, eventually
from tests.conversations.conftest import forges
from tests.conversations.stories import begins_at
from tests.conversations.test_booking import Walk, at_work

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


async def test_after_a_whole_case_nothing_of_it_is_in_the_clear(
    office: Office, database: Database, told: list[str]
) -> None:
    await begins_at(office)
    nurlan, _ = await at_work(office, database)
    aina = await office.citizen("Айнура", "ru")
    walk = Walk(aina, "ru")
    await walk.until_story()
    await aina.sends(f"Меня уволил {PLANTED} Пётр")
    await walk.at("more")
    await aina.sends_photo(caption=f"{PLANTED} договор")
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
    await nurlan.presses("👁 Прочитать рассказ", on=card)
    await nurlan.sees("Меня уволил")
    await nurlan.presses("✅ Беру", on=card)
    await nurlan.sees("+996 555 987 654")
    async with database.reading() as session:
        case = (await session.scalars(select(Case))).one()
    forges(nurlan, f"rl:w:{case.id}")
    await nurlan.sees(case.number)
    await nurlan.sends(f"Я ваш юрист, {PLANTED}ова")
    letter = await aina.sees("Я ваш юрист")
    await aina.sends(f"Вот что сказал {PLANTED}", reply_to=letter)
    await nurlan.sees("Вот что сказал")
    await aina.sends("/privacy")
    shown = await aina.sees("Что обо мне хранится")
    await aina.presses("held:file", on=shown)
    await eventually(lambda: "document" in aina.chat[-1].raw)
    await office.close()

    for form in (PLANTED, PLANTED.lower(), "555987654", "987 654"):
        for name, content in await _stored(office, database):
            assert form.encode() not in content, (name, form)
            assert json.dumps(form).strip('"').encode() not in content, (name, form)
        assert not [line for line in told if form.lower() in line.lower()], form


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
