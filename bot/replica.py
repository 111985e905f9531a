"""This process among its replicas: a number of its own, and who else is alive.

Rows of the inbox and the outbox name the replica that is to work on them. When a replica is gone, the
others take its rows over. SQLite has one process, so everybody else is gone by definition; on PostgreSQL
each replica holds a session lock on its number, which the server gives up when the process dies.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import insert, select, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from storage.database import Database
from storage.traffic import (
    InboxState,
    InboxUpdate,
    OutboxMessage,
    OutboxState,
    Replica,
)

_LIFE_LOCKS = 0x6A68


class Membership:
    """The number of this process, held as long as it lives."""

    def __init__(self, database: Database) -> None:
        """Nothing is taken yet: see `join`."""
        self.id = 0
        self._database = database
        self._held: AsyncConnection | None = None

    async def join(self, now: datetime) -> None:
        """Take a number."""
        async with self._database.transaction() as session:
            answer = await session.execute(
                insert(Replica).values(started_at=now).returning(Replica.id)
            )
            self.id = answer.scalar_one()
        await self.hold()

    async def hold(self) -> None:
        """Hold the lock on our number, again after the database was restarted."""
        if self._database.is_sqlite:
            return
        await self.leave()
        self._held = await self._database.engine.connect()
        await self._held.execution_options(isolation_level="AUTOCOMMIT")
        await self._held.execute(
            text("SELECT pg_advisory_lock(:space, CAST(:id AS integer))"),
            {"space": _LIFE_LOCKS, "id": self.id},
        )

    async def check(self) -> None:
        """Make sure that we still hold our number."""
        if self._held is None:
            return
        try:
            await self._held.execute(text("SELECT 1"))
        except Exception:  # the connection is gone in one way or another
            await self.hold()

    async def gone(self, session: AsyncSession) -> list[int]:
        """The numbers of replicas that own unfinished rows and are no longer alive."""
        owners = (
            select(InboxUpdate.owner)
            .distinct()
            .where(InboxUpdate.state == InboxState.PENDING, InboxUpdate.owner != self.id)
            .union(
                select(OutboxMessage.owner)
                .distinct()
                .where(OutboxMessage.state == OutboxState.QUEUED, OutboxMessage.owner != self.id)
            )
        )
        others = list((await session.execute(owners)).scalars())
        if self._database.is_sqlite:
            return others
        return [owner for owner in others if await self._try_lock(session, owner)]

    async def _try_lock(self, session: AsyncSession, owner: int) -> bool:
        # For this transaction only: of several survivors one takes the rows.
        answer = await session.execute(
            text("SELECT pg_try_advisory_xact_lock(:space, CAST(:id AS integer))"),
            {"space": _LIFE_LOCKS, "id": owner},
        )
        return bool(answer.scalar())

    async def leave(self) -> None:
        """Give the number up."""
        if self._held is not None:
            # Back in the pool the connection would keep its lock: it has to end.
            await self._held.invalidate()
            await self._held.close()
            self._held = None
