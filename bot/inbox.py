"""The inbox: updates written down before Telegram is told that we have them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, bindparam, exists, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage.database import Database
from storage.traffic import InboxState, InboxUpdate

ATTEMPTS = 3
# The table, not the class: a statement of every update goes past the session's bookkeeping.
_TABLE = cast(Table, InboxUpdate.__table__)


@dataclass(frozen=True, slots=True)
class Received:
    """An update as it waits to be handled."""

    update_id: int
    chat_id: int
    payload: bytes
    over_limit: bool = False


def lane_of(update: dict[str, Any]) -> int:
    """The chat in whose order an update belongs; of inline queries and the like, the person's own.

    Source: Bot API, Update: at most one of its fields besides `update_id` is present.
    """
    for key, content in update.items():
        if key == "update_id" or not isinstance(content, dict):
            continue
        message = content.get("message") if key == "callback_query" else content
        for holder in (message, content):
            if isinstance(holder, dict) and isinstance(holder.get("chat"), dict):
                return int(holder["chat"]["id"])
        for who in ("from", "user"):
            if isinstance(content.get(who), dict):
                return int(content[who]["id"])
    return 0


def sender_of(update: dict[str, Any]) -> int | None:
    """The Telegram id of the person behind an update, if there is one."""
    for key, content in update.items():
        if key != "update_id" and isinstance(content, dict):
            who = content.get("from") or content.get("user")
            if isinstance(who, dict):
                return int(who["id"])
    return None


def _message_id(update: dict[str, Any]) -> int | None:
    message = update.get("message")
    return message.get("message_id") if isinstance(message, dict) else None


async def write_down(
    database: Database,
    updates: Iterable[dict[str, Any]],
    *,
    dropped: frozenset[int],
    owner: int,
    now: datetime,
) -> list[Received]:
    """Store updates and commit; give back those that are new, in order.

    `dropped` are ids to be remembered as done without being handled (a flood).
    """
    rows = [
        {
            "update_id": raw["update_id"],
            "chat_id": lane_of(raw),
            "message_id": _message_id(raw),
            "state": InboxState.DONE if raw["update_id"] in dropped else InboxState.PENDING,
            "payload": None
            if raw["update_id"] in dropped
            else json.dumps(raw, ensure_ascii=False, separators=(",", ":")).encode(),
            "owner": owner,
            "attempts": 0,
            "received_at": now,
        }
        for raw in updates
    ]
    if not rows:
        return []
    statement = database.insert(_TABLE).on_conflict_do_nothing().returning(_TABLE.c.update_id)
    async with database.transaction() as session:
        connection = await session.connection()
        new = set((await connection.execute(statement, rows)).scalars())
    return [
        Received(row["update_id"], row["chat_id"], row["payload"])
        for row in sorted(rows, key=lambda row: row["update_id"])
        if row["update_id"] in new and row["payload"] is not None
    ]


_earlier = _TABLE.alias("earlier")
_CLAIM = (
    update(_TABLE)
    .where(
        _TABLE.c.update_id.in_(bindparam("updates", expanding=True)),
        _TABLE.c.state == InboxState.PENDING,
        ~exists().where(
            _earlier.c.chat_id == _TABLE.c.chat_id,
            _earlier.c.state == InboxState.PENDING,
            _earlier.c.update_id < _TABLE.c.update_id,
        ),
    )
    .values(state=InboxState.DONE, payload=None)
    .returning(_TABLE.c.update_id)
)


async def claim(session: AsyncSession, updates: list[int]) -> set[int]:
    """Mark updates of different chats as done in this transaction; give back those that are ours.

    Not ours is one that is done already, or has an earlier one of its chat before it. The transaction
    that claims is the one that handles: if it rolls back, the claim goes with it.
    """
    connection = await session.connection()
    return set((await connection.execute(_CLAIM, {"updates": updates})).scalars())


async def is_waiting(session: AsyncSession, update_id: int) -> bool:
    """Whether an update still waits to be handled."""
    state = await session.scalar(
        select(InboxUpdate.state).where(InboxUpdate.update_id == update_id)
    )
    return state == InboxState.PENDING


async def take_over(session: AsyncSession, owners: list[int], owner: int) -> list[Received]:
    """Make the waiting updates of replicas that are gone ours; oldest first."""
    if not owners:
        return []
    theirs = InboxUpdate.state == InboxState.PENDING, InboxUpdate.owner.in_(owners)
    found = await session.execute(
        select(InboxUpdate.update_id, InboxUpdate.chat_id, InboxUpdate.payload)
        .where(*theirs)
        .order_by(InboxUpdate.update_id)
    )
    received = [Received(*row) for row in found]  # type: ignore[arg-type]
    await session.execute(update(InboxUpdate).where(*theirs).values(owner=owner))
    return received


async def note_failure(session: AsyncSession, update_id: int, reason: str) -> int:
    """Count a failed attempt and give back how many there were; at ATTEMPTS it is set aside."""
    row = await session.get_one(InboxUpdate, update_id)
    row.attempts += 1
    row.reason = reason[:200]
    if row.attempts >= ATTEMPTS:
        row.state = InboxState.SET_ASIDE
    return row.attempts
