"""The door to the database: one engine, writing transactions, reading sessions."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Collection
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from pathlib import Path
from typing import Any

from sqlalchemy import Table, event, make_url, text
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine

from storage import sqlite

CONNECTIONS = 10
# Advisory locks are numbers in one space: this first half keeps ours apart from anybody else's.
CHAT_LOCKS = 0x6A67
CLOCKWORK_LOCKS = 0x6A69  # 0x6A68 is that of replicas being alive
_TRY_CLOCKWORK = text("SELECT pg_try_advisory_xact_lock(:space, :part)")
_LOCK_CHAT = text("SELECT pg_advisory_xact_lock(:space, hashint8(CAST(:chat AS bigint)))")


class DatabaseUrlError(ValueError):
    """`DATABASE_URL` names no database that this program can use."""


def driver_url(url: str) -> URL:
    """Give a plain `sqlite:///…` or `postgresql://…` address its driver; raise DatabaseUrlError."""
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise DatabaseUrlError("is not an address of a database") from error
    match parsed.get_backend_name():
        case "sqlite" if parsed.database not in (None, "", ":memory:"):
            return parsed.set(drivername=sqlite.DRIVER)
        case "postgresql" | "postgres":
            return parsed.set(drivername="postgresql+asyncpg")
    raise DatabaseUrlError("must be sqlite:///file or postgresql://…")


class Database:
    """An engine and the way to open transactions on it."""

    def __init__(self, url: str) -> None:
        """Prepare the engine; nothing is opened yet. Raises DatabaseUrlError."""
        self.url = driver_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        if self.is_sqlite:
            Path(str(self.url.database)).parent.mkdir(parents=True, exist_ok=True)
        self.engine = _sqlite_engine(self.url) if self.is_sqlite else _postgres_engine(self.url)
        # SQLite has one writer. Waiting here costs nothing; waiting inside SQLite is a sleep.
        self._writer: AbstractAsyncContextManager[Any] = (
            asyncio.Lock() if self.is_sqlite else nullcontext()
        )
        self._writes = self.engine.execution_options(writes=True)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncSession]:
        """A session in a writing transaction: committed at the end, rolled back on an exception."""
        async with (
            self._writer,
            AsyncSession(self._writes, expire_on_commit=False) as session,
            session.begin(),
        ):
            yield session

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncSession]:
        """A session that only reads."""
        async with AsyncSession(self.engine) as session:
            yield session

    def insert(self, table: Table) -> Any:
        """An INSERT that can say what to do on a conflict: SQLAlchemy has one for each database."""
        return sqlite_insert(table) if self.is_sqlite else postgresql_insert(table)

    async def lock_chats(self, session: AsyncSession, chat_ids: Collection[int]) -> None:
        """Hold chats until the transaction ends, across all replicas (SQLite has one process)."""
        if self.is_sqlite:
            return
        for chat_id in sorted(chat_ids):  # one order for all, or two replicas wait for each other
            await session.execute(_LOCK_CHAT, {"space": CHAT_LOCKS, "chat": chat_id})

    async def try_clockwork(self, session: AsyncSession, number: int) -> bool:
        """Hold one part of what is due until the transaction ends; False if another replica does."""
        if self.is_sqlite:
            return True
        held = {"space": CLOCKWORK_LOCKS, "part": number}
        return bool(await session.scalar(_TRY_CLOCKWORK, held))

    async def close(self) -> None:
        """Give all connections back."""
        await self.engine.dispose()


def _sqlite_engine(url: URL) -> AsyncEngine:
    engine = create_async_engine(url, pool_size=CONNECTIONS, hide_parameters=True)

    @event.listens_for(engine.sync_engine, "connect")
    def configure(connection: Any, _: object) -> None:
        # WAL with NORMAL survives the death of the process; only a power cut may lose the last commits.
        for pragma in (
            "journal_mode=WAL",
            "synchronous=NORMAL",
            "foreign_keys=ON",
            "secure_delete=ON",
            "busy_timeout=10000",
        ):
            connection.execute(f"PRAGMA {pragma}").close()

    @event.listens_for(engine.sync_engine, "begin")
    def begin(connection: Any) -> None:
        # A deferred transaction that turns to writing later fails at once if its snapshot is stale.
        writes = connection.get_execution_options().get("writes")
        connection.connection.execute("BEGIN IMMEDIATE" if writes else "BEGIN").close()

    return engine


def _postgres_engine(url: URL) -> AsyncEngine:
    return create_async_engine(url, pool_size=CONNECTIONS, pool_pre_ping=True, hide_parameters=True)
