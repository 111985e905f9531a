"""The process dies, the network goes, the database restarts: whatever Telegram handed over is answered."""

import asyncio
import os
import random
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import IO

import pytest

import sandbox
from sandbox import Person
from tests.conftest import KEY, TOKEN, Office, eventually

ROOT = Path(__file__).parents[2]
PEOPLE, ROUNDS = 40, 3
QUESTIONS = ("кожоюн айлыгымды бербей жатат", "как развестись если есть дети", "кто выиграет матч")


@asynccontextmanager
async def bot_process(
    folder: Path, api: str, database: str, *, level: str = "ERROR", output: IO[bytes] | None = None
) -> AsyncIterator[asyncio.subprocess.Process]:
    """The bot as an operator runs it; killed at the end as the power would."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        "run",
        cwd=folder,
        env={
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "BOT_TOKEN": TOKEN,
            "BOT_API_URL": api,
            "DATABASE_URL": database,
            "DATA_KEYS": KEY,
            "LOG_LEVEL": level,
        },
        stdout=output,
        stderr=output,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGKILL)
        await process.wait()


def answers(person: Person, question_id: int) -> int:
    """How many messages answer this message of the person."""
    quoted = (message.raw.get("reply_to_message", {}) for message in person.chat)
    return sum(one.get("message_id") == question_id for one in quoted)


async def test_killed_again_and_again_it_answers_everybody(
    database_url: str, tmp_path: Path
) -> None:
    chance = random.Random(7)
    async with sandbox.running(token=TOKEN) as telegram:
        people = [telegram.person(f"N{n}", language_code="ru") for n in range(PEOPLE)]
        asked: list[tuple[Person, int]] = []

        async def talk() -> None:
            for _ in range(ROUNDS):
                for person in people:
                    sent = await person.sends(chance.choice(QUESTIONS))
                    asked.append((person, sent.id))
                    await asyncio.sleep(chance.uniform(0, 0.02))

        talking = asyncio.create_task(talk())
        for _ in range(3):
            async with bot_process(tmp_path, telegram.url, database_url):
                await eventually(lambda: any(len(p.chat) > ROUNDS for p in people), 30)
                await asyncio.sleep(chance.uniform(0.1, 0.8))
        await talking
        async with bot_process(tmp_path, telegram.url, database_url):
            await eventually(lambda: all(answers(p, number) for p, number in asked), 40)
        # A send in flight at a kill may repeat: three kills, a few repeats at the most.
        repeated = sum(answers(person, number) - 1 for person, number in asked)
        assert repeated <= 3 * 64
        assert telegram.world.violations.since(0) == []


async def test_an_outage_of_telegram_loses_nothing(office: Office) -> None:
    oleg = await office.citizen("Олег", "ru")
    office.telegram.world.faults.set({"outage_seconds": 1.0})
    await oleg.sends("как развестись если есть дети")
    await oleg.sees("Развод", timeout=20)


async def test_errors_and_lost_answers_are_tried_again(office: Office) -> None:
    oleg = await office.citizen("Олег", "ru")
    office.telegram.world.faults.set(
        {"error_rate": 0.3, "lost_rate": 0.1, "flood_rate": 0.05, "seed": 3}
    )
    questions = [await oleg.sends("как развестись если есть дети") for _ in range(5)]
    await eventually(lambda: all(answers(oleg, one.id) for one in questions), 60)


async def test_an_update_handed_over_twice_has_its_effect_once(office: Office) -> None:
    oleg = await office.citizen("Олег", "ru")
    sent = await oleg.sends("как развестись если есть дети")
    await oleg.sees("Развод")
    raw = {"update_id": 987654, "message": {**sent.raw, "message_id": sent.id}}
    assert office.bot is not None
    await office.bot.intake.receive([raw])
    await office.bot.intake.receive([raw])
    await eventually(lambda: answers(oleg, sent.id) == 2)
    await asyncio.sleep(0.2)
    assert answers(oleg, sent.id) == 2, "once for the message, once for the odd copy, not more"


async def test_a_handler_that_fails_is_set_aside_and_the_citizen_told(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    oleg, aina = await office.citizen("Олег", "ru"), await office.citizen("Айнура", "ky")
    assert office.bot is not None
    searcher = office.bot.resources.searcher
    ask = type(searcher).ask

    def broken(self: object, text: str, *how: object) -> object:
        if "сломай" in text:
            raise KeyError(text)
        return ask(searcher, text, *how)

    monkeypatch.setattr(type(searcher), "ask", broken)
    await oleg.sends("сломай всё")
    await oleg.sends("как развестись если есть дети")
    await aina.sends("кожоюн айлыгымды бербей жатат")
    await aina.sees("Айлыгымды")
    apology = await oleg.sees("Что-то сломалось у нас", timeout=10)
    await oleg.sees("Развод", timeout=10)
    assert apology.text.endswith(".")


async def test_a_flood_gets_one_notice_and_does_not_slow_others(office: Office) -> None:
    oleg = await office.citizen("Олег", "ru")
    aina = await office.citizen("Айнура", "ky")
    for number in range(60):
        await oleg.sends(f"вопрос номер {number}")
    await aina.sends("кожоюн айлыгымды бербей жатат")
    await aina.sees("Айлыгымды")
    await oleg.sees("Слишком много сообщений сразу")
    await asyncio.sleep(0.3)
    notices = [m for m in oleg.chat if "Слишком много сообщений" in m.text]
    assert len(notices) == 1


async def test_hiding_is_heard_in_the_middle_of_a_flood(office: Office) -> None:
    aina = await office.citizen("Айнура", "ky")
    for number in range(60):
        await aina.sends(f"суроо {number}")
    await aina.sends("/hide")
    await eventually(lambda: not any("суроо" in message.text for message in aina.chat), 15)
