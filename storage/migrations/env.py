"""Alembic's entry: runs the steps on the connection that storage/migrate.py hands over."""

from typing import Any, Literal

from alembic import context
from sqlalchemy import TypeDecorator

from storage.tables import Base


def plain_types(kind: str, thing: Any, _: Any) -> str | Literal[False]:
    """Write a step with plain SQLAlchemy types: it must run when our own types have moved on."""
    if kind == "type" and isinstance(thing, TypeDecorator):
        return f"sa.{thing.impl!r}"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_item=plain_types,
    render_as_batch=True,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
