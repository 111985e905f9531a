"""Ordered trouble and Telegram's own limits."""

from __future__ import annotations

import asyncio

import httpx
import pytest
from telegram import Bot
from telegram.error import NetworkError, RetryAfter

from sandbox import Telegram
from tests.sandbox.conftest import Api


async def test_a_flood_is_answered_with_how_long_to_wait(telegram: Telegram, bot: Bot) -> None:
    oleg = telegram.person("Олег", started=True)
    telegram.world.faults.set({"flood_rate": 1})
    with pytest.raises(RetryAfter) as refusal:
        await bot.send_message(oleg.id, "a")
    assert refusal.value.retry_after in (1, 2, 3)
    telegram.world.faults.set({"reset": True})
    await bot.send_message(oleg.id, "a")
    assert len(oleg.chat) == 1


async def test_a_lost_answer_means_a_message_that_arrived(telegram: Telegram, bot: Bot) -> None:
    oleg = telegram.person("Олег", started=True)
    telegram.world.faults.set({"lost_rate": 1})
    with pytest.raises(NetworkError):
        await bot.send_message(oleg.id, "a")
    assert [seen.text for seen in oleg.chat] == ["a"]


async def test_an_outage_lets_nothing_through(telegram: Telegram, api: Api) -> None:
    oleg = telegram.person("Олег", started=True)
    await api.control("POST", "faults", {"outage_seconds": 60})
    with pytest.raises(httpx.RemoteProtocolError):
        await api("sendMessage", chat_id=oleg.id, text="a")
    assert oleg.chat == []
    await api.control("POST", "faults", {"outage_seconds": 0})
    await api.done("sendMessage", chat_id=oleg.id, text="a")


async def test_an_outage_cuts_off_who_waits(telegram: Telegram, api: Api) -> None:
    poll = asyncio.create_task(api("getUpdates", timeout=20))
    async with asyncio.timeout(5):
        while not telegram.bot.updates.polled:  # noqa: ASYNC110 - it has no event of its own
            await asyncio.sleep(0.005)
    await api.control("POST", "faults", {"outage_seconds": 60})
    with pytest.raises(httpx.RemoteProtocolError):
        await poll


async def test_errors_and_forbidden_come_as_often_as_ordered(telegram: Telegram, api: Api) -> None:
    oleg = telegram.person("Олег", started=True)
    telegram.world.faults.set({"error_rate": 0.5, "seed": 7})
    answers = [await api("sendMessage", chat_id=oleg.id, text=str(n)) for n in range(40)]
    failed = [answer for answer in answers if not answer["ok"]]
    assert {answer["error_code"] for answer in failed} == {500, 502}
    assert len(oleg.chat) == 40 - len(failed) and 10 < len(failed) < 30
    telegram.world.faults.set({"reset": True, "forbidden_rate": 1})
    words = await api.refused("sendMessage", chat_id=oleg.id, text="a")
    assert words == "Forbidden: bot was blocked by the user"
    assert telegram.world.violations.since(0) == []


async def test_telegrams_pace(telegram: Telegram, api: Api) -> None:
    people = [telegram.person(str(number), started=True) for number in range(31)]
    group = telegram.group("Партнёр", people[:1])
    telegram.world.faults.set({"limits": True})
    one = [await api("sendMessage", chat_id=people[0].id, text="a") for _ in range(6)]
    assert [answer["ok"] for answer in one] == [True] * 5 + [False]
    assert one[-1]["error_code"] == 429
    assert 1 <= one[-1]["parameters"]["retry_after"] <= 5

    telegram.world.faults.set({"limits": True})
    many = [await api("sendMessage", chat_id=group.id, text="a") for _ in range(21)]
    assert [answer["ok"] for answer in many] == [True] * 20 + [False]
    assert 50 <= many[-1]["parameters"]["retry_after"] <= 60


def test_unknown_faults_are_refused(telegram: Telegram) -> None:
    with pytest.raises(ValueError, match="unknown fault"):
        telegram.world.faults.set({"eror_rate": 1})
    with pytest.raises(ValueError, match="from 0 to 1"):
        telegram.world.faults.set({"error_rate": 2})
