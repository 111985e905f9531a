"""The whole content as a file and back, and sealing anew. Sealed values stay sealed in the file."""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, MetaData, Table, insert, inspect, select, text, update

from storage.database import Database
from storage.migrate import current
from storage.sealed import Keyring, SealedBytes, SealedJson, SealedText
from storage.tables import Base

BATCH = 500
VERSION_TABLE = "alembic_version"


class DumpError(Exception):
    """The file or the database does not allow it; the text says why and what helps."""


def _tables(connection: Connection) -> list[Table]:
    """The tables as the database knows them: sealed columns are plain bytes there."""
    metadata = MetaData()
    metadata.reflect(connection)
    return [table for table in metadata.sorted_tables if table.name != VERSION_TABLE]


def _to_json(value: Any) -> Any:
    if isinstance(value, bytes):
        return {"bytes": base64.b64encode(value).decode()}
    if isinstance(value, datetime):
        return {"time": value.isoformat()}
    if isinstance(value, date):
        return {"date": value.isoformat()}
    return value


def _from_json(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    match value:
        case {"bytes": content}:
            return base64.b64decode(content)
        case {"time": content}:
            return datetime.fromisoformat(content)
        case {"date": content}:
            return date.fromisoformat(content)
    raise DumpError("the file is damaged: take another copy")


def _rows(connection: Connection) -> Iterator[tuple[str, dict[str, Any]]]:
    for table in _tables(connection):
        for row in connection.execute(select(table)).mappings():
            yield table.name, {name: _to_json(value) for name, value in row.items()}


async def backup(database: Database, file: Path) -> int:
    """Write every row into a gzipped file of JSON lines; give back how many.

    One snapshot: what is written meanwhile is not in it. The file is put in place when it is whole.
    """
    revision = await current(database)
    unfinished = file.with_name(file.name + ".part")

    def write(connection: Connection) -> int:
        count = 0
        with gzip.open(unfinished, "wt", encoding="utf-8") as out:
            out.write(json.dumps({"revision": revision}) + "\n")
            for table, row in _rows(connection):
                out.write(json.dumps([table, row], ensure_ascii=False) + "\n")
                count += 1
        return count

    level = {} if database.is_sqlite else {"isolation_level": "REPEATABLE READ"}
    async with database.engine.connect() as connection:
        await connection.execution_options(**level)
        count = await connection.run_sync(write)
    unfinished.replace(file)
    return count


async def restore(database: Database, file: Path) -> int:
    """Fill an empty database from a backup of the same version; raise DumpError."""
    try:
        with gzip.open(file, "rt", encoding="utf-8") as lines:
            header = json.loads(next(lines))
            rows = [json.loads(line) for line in lines]
    except (OSError, EOFError, ValueError, StopIteration) as error:
        raise DumpError(f"{file.name} can't be read as a backup") from error
    if header.get("revision") != await current(database):
        raise DumpError(
            f"the backup is of tables {header.get('revision')}: restore it with the version of the "
            "program that wrote it, then migrate"
        )

    def fill(connection: Connection) -> int:
        tables = {table.name: table for table in _tables(connection)}
        if any(connection.execute(select(table).limit(1)).first() for table in tables.values()):
            raise DumpError("the database is not empty: restore into a new one")
        for name, table in tables.items():
            batch = [
                {column: _from_json(value) for column, value in row.items()}
                for of, row in rows
                if of == name
            ]
            for at in range(0, len(batch), BATCH):
                connection.execute(insert(table), batch[at : at + BATCH])
            if not database.is_sqlite:
                _continue_numbers(connection, table)
        return len(rows)

    async with database.engine.execution_options(writes=True).begin() as connection:
        return await connection.run_sync(fill)


def _continue_numbers(connection: Connection, table: Table) -> None:
    sequence = connection.execute(
        text("SELECT pg_get_serial_sequence(:table, 'id')")
        if "id" in table.c
        else text("SELECT NULL"),
        {"table": table.name} if "id" in table.c else {},
    ).scalar()
    if sequence is not None:
        connection.execute(
            text(f"SELECT setval(:sequence, (SELECT coalesce(max(id), 1) FROM {table.name}))"),  # noqa: S608
            {"sequence": sequence},
        )


def sealed_columns() -> list[tuple[str, str]]:
    """Table and name of every sealed column."""
    kinds = (SealedBytes, SealedJson, SealedText)
    return [
        (table.name, column.name)
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, kinds)
    ]


async def reseal(database: Database, ring: Keyring) -> int:
    """Seal every value anew with the newest key; afterwards older keys may go. Returns how many."""

    def work(connection: Connection) -> int:
        count = 0
        metadata = MetaData()
        metadata.reflect(connection)
        for name, column in sealed_columns():
            table = metadata.tables[name]
            keys = [
                table.c[key]
                for key in inspect(connection).get_pk_constraint(name)["constrained_columns"]
            ]
            for *key, value in connection.execute(
                select(*keys, table.c[column]).where(table.c[column].is_not(None))
            ).all():
                where = [part == own for part, own in zip(keys, key, strict=True)]
                connection.execute(update(table).where(*where).values({column: ring.reseal(value)}))
                count += 1
        return count

    async with database.engine.execution_options(writes=True).begin() as connection:
        return await connection.run_sync(work)
