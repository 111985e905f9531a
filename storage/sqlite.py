"""SQLite without a thread behind it.

A statement on an embedded database takes some ten microseconds; handing it to a thread and waiting for
the answer takes many times that (measured: 2.6 ms against 1.1 ms for a transaction of three statements,
benchmarks/README.md). So this dialect runs sqlite3 right on the event loop. It is SQLAlchemy's own
pysqlite dialect, told that it may be used by the asyncio extension.
"""

from __future__ import annotations

import sqlite3
from typing import Any

from sqlalchemy import URL, AsyncAdaptedQueuePool, Pool
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.util import await_only

DRIVER = "sqlite+inline"


async def _at_once() -> None:
    """Wait for nothing: the asyncio extension insists that a driver awaits."""


class _Cursor(sqlite3.Cursor):
    async def _async_soft_close(self) -> None:
        """Nothing is held once the rows are fetched."""


class _Connection(sqlite3.Connection):
    def cursor(self, factory: Any = _Cursor) -> Any:
        return super().cursor(factory)


class InlineSQLiteDialect(SQLiteDialect_pysqlite):
    """`sqlite+inline:///path`: pysqlite on the event loop."""

    driver = "inline"
    is_async = True
    supports_statement_cache = True

    @classmethod
    def get_pool_class(cls, url: URL) -> type[Pool]:
        """The pool of the asyncio extension: connections stay on the loop's thread."""
        return AsyncAdaptedQueuePool

    def create_connect_args(self, url: URL) -> tuple[Any, dict[str, Any]]:
        """Add our connection class, and leave transactions to SQLAlchemy's BEGIN."""
        args, options = super().create_connect_args(url)
        return args, {**options, "factory": _Connection, "isolation_level": None}

    def do_execute(self, cursor: Any, statement: str, parameters: Any, context: Any = None) -> None:
        """Run one statement."""
        await_only(_at_once())
        cursor.execute(statement, parameters)

    def do_executemany(
        self, cursor: Any, statement: str, parameters: Any, context: Any = None
    ) -> None:
        """Run one statement with many sets of values."""
        await_only(_at_once())
        cursor.executemany(statement, parameters)


registry.register("sqlite.inline", __name__, "InlineSQLiteDialect")
