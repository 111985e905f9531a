"""The time of this world: the machine's, and as far ahead of it as somebody has moved it."""

import time
from datetime import UTC, datetime
from email.utils import formatdate

Json = dict[str, object]


class Clock:
    """Seconds since 1970, UTC. It only runs forward with the machine, but may be set freely."""

    def __init__(self) -> None:
        self.ahead = 0.0
        """Seconds by which this world is ahead of the machine."""
        self._header = (0, "")

    def now(self) -> float:
        """Return the present moment of this world, in Unix seconds."""
        return time.time() + self.ahead

    def advance(self, seconds: float) -> None:
        """Move the clock forward, or back when negative."""
        self.ahead += seconds

    def set(self, moment: datetime) -> None:
        """Make it a certain moment; a naive one is taken as UTC."""
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC)
        self.ahead = moment.timestamp() - time.time()

    def http_date(self) -> str:
        """Return the moment as the HTTP `Date` header writes it."""
        second = int(self.now())
        if self._header[0] != second:
            self._header = (second, formatdate(second, usegmt=True))
        return self._header[1]

    def describe(self) -> Json:
        """Return the moment as the control API tells it."""
        now = self.now()
        moment = datetime.fromtimestamp(now, UTC).isoformat(timespec="seconds")
        return {"now": moment, "unix": int(now), "ahead": round(self.ahead, 3)}
