"""Bring the tables of a database to what this version of the program needs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import inspect, text

from storage.database import Database

if TYPE_CHECKING:
    from alembic.config import Config

# Held while migrating, so that of several replicas that start together one does it.
_MIGRATION_LOCK = 0x6A67_0001
_STEPS = Path(__file__).parent / "migrations"


def _config(connection: Any) -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_STEPS))
    config.attributes["connection"] = connection
    return config


def _upgrade(connection: Any) -> None:
    # Loaded only where there is something to do: it is large, and most starts need none of it.
    from alembic import command

    command.upgrade(_config(connection), "head")


def newest() -> str:
    """The revision this version of the program is written for: the number of the last step's file."""
    return max(step.name.partition("_")[0] for step in (_STEPS / "versions").glob("[0-9]*.py"))


def _current(connection: Any) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    revision: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return revision


async def current(database: Database) -> str | None:
    """The revision the database is at; None for an empty one."""
    async with database.engine.connect() as connection:
        return await connection.run_sync(_current)


async def migrate(database: Database) -> None:
    """Run the steps that are missing."""
    if await current(database) == newest():
        return
    async with database.engine.execution_options(writes=True).begin() as connection:
        if not database.is_sqlite:
            await connection.execute(
                text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _MIGRATION_LOCK}
            )
        await connection.run_sync(_upgrade)
