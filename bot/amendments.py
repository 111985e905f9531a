"""Keeps what curators changed in force: in every replica, from the first update after their press."""

from __future__ import annotations

import asyncio
import logging

from sqlalchemy.ext.asyncio import AsyncSession

from handlers.resources import Resources
from services import curation

log = logging.getLogger(__name__)


class Amender:
    """Compares the curators' log with what is in memory before updates are handled."""

    def __init__(self, resources: Resources) -> None:
        """The resources are as the files say until `refresh`."""
        self._resources = resources
        self._stamp = curation.UNTOUCHED
        self._busy = asyncio.Lock()

    async def refresh(self, session: AsyncSession) -> None:
        """Take over what was changed; costs one short query where nothing was."""
        if await curation.stamp(session) == self._stamp:
            return
        async with self._busy:  # of several workers that notice, one does it
            stamp = await curation.stamp(session)
            if stamp == self._stamp:
                return
            amendments = await curation.amendments(session, self._resources.files)
            # In a thread, so that what has been handled can leave meanwhile.
            await asyncio.to_thread(self._resources.amend, amendments)
            self._stamp = stamp
            log.info("took over the curators' changes: %d", stamp[0])
