"""Telegram's rate: so many calls in any second, as Telegram counts them.

Telegram counts a call when it arrives there. We know when it left and when its answer came. Of two calls the
second may arrive sooner after the first than it left, by what the first took longer than the shortest way there
and back; so a call counts from its answer less that shortest way. Then never more arrive in a second than may.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

# Seconds by which the shortest round trip known is made longer at each call: it may have got longer.
_CREEP = 0.00001
_ENOUGH = 30  # calls after which the shortest is known well
_MARGIN = 0.004  # seconds: clocks tick in steps, and a server's may be a little ahead
_AT_ONCE = 10  # calls that may leave together after a delay of ours


class Pace:
    """Turns to call. What the bot starts waits for them; replies only where those fill the second."""

    def __init__(self, rate: float) -> None:
        """`rate` is in calls a second."""
        self._rate = rate
        self._most = max(1, int(rate))
        self._window = self._most / rate + _MARGIN  # seconds for which a call counts
        self._under_way = {True: 0, False: 0}  # by whether it is a reply
        self._counted: deque[tuple[float, bool]] = deque()  # until when, and whether it was a reply
        self._shortest = 1.0  # seconds of the shortest round trip of late
        self._measured = 0  # calls
        self._replies_waiting = 0
        self._allowance = 1.0
        self._allowed_at = time.monotonic()
        self._changed = asyncio.Event()
        self._queue = asyncio.Lock()
        self._paused_until = 0.0

    def pause(self, seconds: float) -> None:
        """Let nothing that the bot starts leave for a while; replies go on."""
        self._paused_until = max(self._paused_until, time.monotonic() + seconds)

    @asynccontextmanager
    async def turn(self, *, reply: bool) -> AsyncIterator[None]:
        """Wait until one more call may leave; make it inside."""
        await (self._until_reply_may() if reply else self._until_one_may())
        self._under_way[reply] += 1
        began = time.monotonic()
        try:
            yield
        finally:
            ended = time.monotonic()
            self._under_way[reply] -= 1
            self._counted.append((ended - self._way(ended - began) + self._window, reply))
            self._changed.set()

    def _way(self, took: float) -> float:
        """Seconds that a call is on its way at the least, there and back; 0 while that isn't known."""
        self._shortest = min(took, self._shortest + _CREEP)
        self._measured += 1
        return self._shortest if self._measured > _ENOUGH else 0.0

    def _is_full(self, now: float) -> bool:
        while self._counted and self._counted[0][0] <= now:
            self._counted.popleft()
        return len(self._counted) + sum(self._under_way.values()) >= self._most

    async def _until_reply_may(self) -> None:
        """A reply waits for what the bot started, some hundredths of a second; never for replies."""
        self._replies_waiting += 1
        try:
            while self._is_full(time.monotonic()) and self._has_other():
                await self._a_change()
        finally:
            self._replies_waiting -= 1
            self._changed.set()

    def _has_other(self) -> bool:
        return bool(self._under_way[False]) or not all(reply for _, reply in self._counted)

    async def _until_one_may(self) -> None:
        """What the bot starts: one behind the other, in the order in which they came."""
        async with self._queue:
            await self._until_first_may()

    async def _until_first_may(self) -> None:
        while True:
            now = time.monotonic()
            if (pause := self._paused_until - now) > 0:
                await asyncio.sleep(pause)
            elif self._replies_waiting or self._is_full(now):
                await self._a_change()
            elif (early := self._early(now)) > 0:
                await asyncio.sleep(early)
            else:
                self._allowance -= 1
                return

    def _early(self, now: float) -> float:
        """Seconds until the next is due, evenly spaced."""
        earned = (now - self._allowed_at) * self._rate
        self._allowance = min(_AT_ONCE, self._allowance + earned)
        self._allowed_at = now
        return (1 - self._allowance) / self._rate

    async def _a_change(self) -> None:
        """Until a call ended, or one is no longer counted."""
        self._changed.clear()
        soon = self._counted[0][0] - time.monotonic() if self._counted else None
        with suppress(TimeoutError):
            async with asyncio.timeout(soon):
                await self._changed.wait()


class Rests:
    """What a chat bears: a message a second, in a group twenty a minute."""

    PRIVATE, GROUP = (1, 1.0), (20, 60.0)  # messages in so many seconds
    MOST_KEPT = 10_000  # chats

    def __init__(self) -> None:
        """Nothing was sent yet."""
        self._sent: dict[int, deque[float]] = {}

    async def over(self, chat_id: int) -> None:
        """Wait until one more message may go into a chat."""
        most, seconds = self.GROUP if chat_id < 0 else self.PRIVATE
        sent = self._sent.get(chat_id)
        if sent and len(sent) >= most and (rest := sent[0] + seconds - time.monotonic()) > 0:
            await asyncio.sleep(rest)

    def begins(self, chat_id: int) -> None:
        """A message has gone into a chat."""
        most, _ = self.GROUP if chat_id < 0 else self.PRIVATE
        now = time.monotonic()
        if len(self._sent) >= self.MOST_KEPT:
            self._sent = {
                chat: sent for chat, sent in self._sent.items() if sent[-1] > now - self.GROUP[1]
            }
        self._sent.setdefault(chat_id, deque(maxlen=most)).append(now)
