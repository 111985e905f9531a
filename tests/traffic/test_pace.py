"""Never more calls in a second than Telegram allows, however long each is on its way."""

import asyncio
import random
import time

from bot.pace import Pace, Rests

RATE, THERE, BACK = 30, 0.005, 0.005  # calls a second; seconds of the shortest way


class Counter:
    """Telegram's side: when each call arrived."""

    def __init__(self) -> None:
        self.pace = Pace(RATE)
        self.arrived: list[float] = []
        self._chance = random.Random(3)

    async def call(self, *, reply: bool = False) -> None:
        async with self.pace.turn(reply=reply):
            await asyncio.sleep(THERE + self._chance.choice((0, 0.001, 0.03)))
            self.arrived.append(time.monotonic())
            await asyncio.sleep(BACK + self._chance.choice((0, 0.001, 0.03)))

    @property
    def most_in_a_second(self) -> int:
        """How many arrived in the fullest second."""
        at = self.arrived
        return max(sum(0 <= other - one < 1 for other in at) for one in at)


async def test_in_no_second_more_arrive_than_may() -> None:
    telegram = Counter()
    await asyncio.gather(*(telegram.call() for _ in range(3 * RATE)))
    assert telegram.most_in_a_second <= RATE


async def test_a_reply_goes_before_what_the_bot_started() -> None:
    telegram = Counter()
    started = [asyncio.create_task(telegram.call()) for _ in range(3 * RATE)]
    while len(telegram.arrived) < RATE:  # noqa: ASYNC110 - nothing tells of it
        await asyncio.sleep(0.005)
    await asyncio.gather(*(telegram.call(reply=True) for _ in range(5)))
    assert sum(not task.done() for task in started) > RATE
    await asyncio.gather(*started)
    assert telegram.most_in_a_second <= RATE


async def test_replies_alone_wait_for_nothing() -> None:
    telegram = Counter()
    telegram.pace.pause(3600)
    await asyncio.wait_for(
        asyncio.gather(*(telegram.call(reply=True) for _ in range(10 * RATE))), timeout=5
    )
    assert telegram.most_in_a_second > RATE


async def test_a_chat_rests_between_two_messages() -> None:
    rests = Rests()
    began = time.monotonic()
    for _ in range(2):
        await rests.over(5)
        rests.begins(5)
    assert time.monotonic() - began >= 1
    for _ in range(20):
        await rests.over(-5)
        rests.begins(-5)
    assert time.monotonic() - began < 20, "a group bears several at once"
