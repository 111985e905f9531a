"""Numbered records of which the newest are kept, and which readers can wait for."""

import asyncio
from collections import deque
from itertools import islice
from typing import Any

Json = dict[str, Any]


class Log:
    """Records with a rising `seq`, starting at 1."""

    def __init__(self, limit: int) -> None:
        self.records: deque[Json] = deque(maxlen=limit)
        self.seq = 0
        self._waiting: list[asyncio.Future[None]] = []

    def add(self, record: Json) -> None:
        """Number a record and wake whoever waits."""
        self.seq += 1
        record["seq"] = self.seq
        self.records.append(record)
        self.wake()

    def wake(self) -> None:
        """Let whoever waits look again."""
        if self._waiting:
            for future in self._waiting:
                if not future.done():
                    future.set_result(None)
            self._waiting.clear()

    def oldest(self) -> int:
        """Return the number before the oldest record that is still here."""
        return self.seq - len(self.records)

    def since(self, after: int) -> list[Json]:
        """Return the records after a number, as far as they are still here."""
        skip = max(0, after - self.oldest())
        return list(islice(self.records, skip, None))

    async def wait(self, after: int, seconds: float) -> bool:
        """Wait for a record after a number; return False when `seconds` pass without."""
        if self.seq > after:
            return True
        future = asyncio.get_running_loop().create_future()
        self._waiting.append(future)
        try:
            await asyncio.wait_for(future, seconds)
        except TimeoutError:
            return False
        return True
