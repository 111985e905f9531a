"""The one clock. Code asks it for the time, so that tests and the sandbox can move it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

# Dates in HTTP headers have whole seconds: a smaller difference says nothing.
NOTICEABLE = timedelta(seconds=2)


class Clock:
    """The time in UTC: the machine's, plus an offset that is nothing in real life."""

    def __init__(self, *, follows_server: bool = False) -> None:
        """`follows_server`: take the time from the Bot API server's `Date` header (the sandbox's)."""
        self._offset = timedelta()
        self._follows_server = follows_server

    def now(self) -> datetime:
        """This instant."""
        return datetime.now(UTC) + self._offset

    def heard(self, date_header: str | None) -> None:
        """Take note of the date that a Bot API server put on its answer."""
        if not self._follows_server or date_header is None:
            return
        theirs = parsedate_to_datetime(date_header)
        if abs(theirs - self.now()) > NOTICEABLE:
            self._offset = theirs - datetime.now(UTC)
