"""Jobs only wake; what is due stands in the tables."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from sqlalchemy import delete, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage.dialogs import Dialog
from storage.traffic import InboxState, InboxUpdate, OutboxMessage, OutboxState, Replica

log = logging.getLogger(__name__)

# A bot can delete messages of a private chat for 48 hours; Telegram repeats updates for 24.
MESSAGE_IDS_KEPT = timedelta(hours=48)
SET_ASIDE_KEPT = timedelta(days=7)
DIALOGS_KEPT = timedelta(days=30)


async def purge(session: AsyncSession, now: datetime) -> None:
    """Delete what is no longer needed."""
    old = now - MESSAGE_IDS_KEPT
    await session.execute(
        delete(InboxUpdate).where(
            InboxUpdate.received_at < old, InboxUpdate.state == InboxState.DONE
        )
    )
    await session.execute(
        update(InboxUpdate)
        .where(
            InboxUpdate.received_at < now - SET_ASIDE_KEPT,
            InboxUpdate.state == InboxState.SET_ASIDE,
        )
        .values(payload=None)
    )
    await session.execute(
        delete(OutboxMessage).where(
            OutboxMessage.created_at < old, OutboxMessage.state != OutboxState.QUEUED
        )
    )
    await session.execute(delete(Dialog).where(Dialog.updated_at < now - DIALOGS_KEPT))
    await session.execute(delete(Replica).where(Replica.started_at < now - timedelta(days=90)))
