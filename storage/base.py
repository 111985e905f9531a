"""What all tables share: the declarative base, constraint names, UTC times."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import IntEnum, StrEnum
from typing import Annotated, Any

from sqlalchemy import (
    BigInteger,
    DateTime,
    Dialect,
    Enum,
    Integer,
    MetaData,
    SmallInteger,
    TypeDecorator,
)
from sqlalchemy.orm import DeclarativeBase, mapped_column


class UtcDateTime(TypeDecorator[datetime]):
    """An instant. Aware datetimes in and out, UTC in the database.

    SQLite has no time zones and would give naive times back; a naive time is refused on the way in.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        """Turn an aware time into UTC; raise ValueError for a naive one."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without its zone: use the clock")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """Give the time back with its zone."""
        if value is None:
            return None
        moment: datetime = value
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


UtcTime = Annotated[datetime, mapped_column(UtcDateTime)]
# SQLite numbers rows by itself only in a column of the type INTEGER.
RowId = Annotated[int, mapped_column(BigInteger().with_variant(Integer, "sqlite"))]


def choice(kind: type[StrEnum]) -> Enum:
    """A column that holds one of a StrEnum's values, as text."""
    return Enum(
        kind,
        native_enum=False,
        create_constraint=False,
        length=16,
        values_callable=lambda members: [member.value for member in members],
    )


class Rank(TypeDecorator[IntEnum]):
    """A column that holds one of an IntEnum's values, as a number."""

    impl = SmallInteger
    cache_ok = True

    def __init__(self, kind: type[IntEnum]) -> None:
        """Hold values of this kind."""
        super().__init__()
        self.kind = kind

    def process_result_value(self, value: Any, dialect: Dialect) -> IntEnum | None:
        """Give the member back, not its bare number."""
        return None if value is None else self.kind(value)


class Base(DeclarativeBase):
    """The base of all tables; constraints get predictable names so that migrations can name them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
