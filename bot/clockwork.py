"""What becomes due by itself: the conversations say what, the tables say when."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime

from bot import outbox
from handlers import DUE, FEED
from handlers.context import Turn
from handlers.resources import Resources
from storage.database import Database

log = logging.getLogger(__name__)


class Clockwork:
    """Looks in turn at everything that may be due; of several replicas one at a time."""

    def __init__(
        self,
        database: Database,
        resources: Resources,
        *,
        now: Callable[[], datetime],
        owner: Callable[[], int],
    ) -> None:
        """`owner` is the replica that sends what comes of it."""
        self._database = database
        self._resources = resources
        self._now = now
        self._owner = owner

    async def turn(self) -> bool:
        """Do what is due, each kind in a transaction of its own; tell whether something is to be sent."""
        written = False
        for number, due in enumerate(DUE):
            try:
                async with self._database.transaction() as session:
                    if not await self._database.try_clockwork(session, number):
                        continue
                    turn = Turn(session=session, now=self._now(), resources=self._resources)
                    await due(turn)
                    await outbox.put(session, turn.calls, owner=self._owner(), now=turn.now)
                    written = written or bool(turn.calls)
            except Exception:
                # One kind that fails must not hold up the others; it is tried again at the next look.
                log.exception("what was due failed", extra={"part": due.__module__})
        return written

    async def feed(self) -> tuple[bool, bool]:
        """Write what leaves next of what goes to many; tell whether there is any, and at once more."""
        async with self._database.transaction() as session:
            if not await self._database.try_clockwork(session, len(DUE)):
                return False, False
            turn = Turn(session=session, now=self._now(), resources=self._resources)
            more = await FEED(turn)
            await outbox.put(session, turn.calls, owner=self._owner(), now=turn.now)
        return bool(turn.calls), more
