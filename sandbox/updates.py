"""What waits for a bot: its queue of updates, and the long poll that empties it."""

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Any

from sandbox.errors import Refused

Json = dict[str, Any]

KEEP_SECONDS = 24 * 3600  # Telegram's own, in the time of the world
_ON_REQUEST = frozenset(("chat_member", "message_reaction", "message_reaction_count"))


class Updates:
    """The queue of one bot."""

    def __init__(self, now: Callable[[], float], first_id: int) -> None:
        self._now = now
        self.pending: deque[tuple[int, float, Json]] = deque()
        self.in_flight = 0  # taken by the webhook's courier and not yet delivered
        self.next_id = first_id
        self.allowed: list[str] = []  # empty: all but those on request
        self._poll: asyncio.Future[None] | None = None
        self.on_new: Callable[[], None] | None = None
        """Called for each new update: the webhook's ear."""

    @property
    def polled(self) -> bool:
        """Whether a `getUpdates` waits at this moment."""
        return self._poll is not None and not self._poll.done()

    def count(self) -> int:
        """Return how many updates the bot hasn't taken yet."""
        return len(self.pending) + self.in_flight

    def wants(self, kind: str) -> bool:
        """Tell whether updates of a kind reach the bot."""
        return kind in self.allowed if self.allowed else kind not in _ON_REQUEST

    def add(self, kind: str, payload: Json) -> int | None:
        """Queue an update if the bot wants its kind; return its id."""
        if not self.wants(kind):
            return None
        update_id = self.next_id
        self.next_id += 1
        self.pending.append((update_id, self._now(), {"update_id": update_id, kind: payload}))
        self.wake()
        if self.on_new is not None:
            self.on_new()
        return update_id

    def wake(self) -> None:
        """Let a waiting poll return with what there is."""
        if self._poll is not None and self.polled:
            self._poll.set_result(None)

    def forget_old(self) -> None:
        """Drop what has waited for 24 hours."""
        limit = self._now() - KEEP_SECONDS
        while self.pending and self.pending[0][1] < limit:
            self.pending.popleft()

    def confirm(self, offset: int) -> None:
        """Drop what a `getUpdates` offset confirms; a negative one counts from the end."""
        if offset < 0:
            while len(self.pending) > -offset:
                self.pending.popleft()
        while offset > 0 and self.pending and self.pending[0][0] < offset:
            self.pending.popleft()

    async def get(self, offset: int, limit: int, patience: float) -> list[Json]:
        """Answer a `getUpdates`: confirm, wait for at most `patience` seconds, return a batch.

        Raises:
            Refused: another `getUpdates` began while this one waited.
        """
        self.end_poll()
        self.confirm(offset)
        self.forget_old()
        if not self.pending and patience > 0:
            poll = self._poll = asyncio.get_running_loop().create_future()
            try:
                await asyncio.wait_for(poll, patience)
            except TimeoutError:
                pass
            finally:
                if self._poll is poll:
                    self._poll = None
        return [update for _, (_, _, update) in zip(range(limit), self.pending, strict=False)]

    def end_poll(self) -> None:
        """Refuse a poll that is still waiting, as Telegram does when a second one begins."""
        if self._poll is not None and self.polled:
            self._poll.set_exception(
                Refused(
                    409,
                    "Conflict: terminated by other getUpdates request; "
                    "make sure that only one bot instance is running",
                )
            )
        self._poll = None
