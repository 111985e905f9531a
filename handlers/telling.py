"""Writing to somebody else than who wrote: in their language, and nothing to who hid the conversation."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from handlers.context import Call, Turn
from handlers.screens import Screen
from locales import Texts, texts
from services import people
from storage.people import Role
from storage.traffic import OutboxState, PostedMessage, Priority

Draw = Callable[[Texts], Screen]


async def tell(
    turn: Turn,
    chat_id: int,
    draw: Draw,
    *,
    priority: Priority = Priority.CASE,
    due_at: datetime | None = None,
    posted: PostedMessage | None = None,
    thread: int | None = None,
) -> None:
    """Write to a private chat or a group; `thread` is the PostedMessage of a forum topic."""
    person = await people.known(turn.session, chat_id)
    if person is not None and person.discreet:
        return
    params = draw(texts(person.language if person else None)).params()
    if thread is not None:
        params["message_thread_id"] = {"posted": thread}
    call_about(
        turn,
        chat_id,
        "sendMessage",
        params,
        priority=priority,
        due_at=due_at,
        posted_id=posted.id if posted else None,
    )


async def tell_coordinators(
    turn: Turn, draw: Draw, *, priority: Priority = Priority.CASE, due_at: datetime | None = None
) -> None:
    """Write to everybody who coordinates."""
    admin_ids = turn.resources.admin_ids
    for person in await people.holding(turn.session, Role.COORDINATOR, admin_ids):
        params = draw(texts(person.language)).params()
        call_about(turn, person.chat_id, "sendMessage", params, priority=priority, due_at=due_at)


async def new_posted(turn: Turn, chat_id: int, *, handoff_id: int | None = None) -> PostedMessage:
    """A message about to be written that is to be changed or answered later; it has its id."""
    posted = PostedMessage(chat_id=chat_id, state=OutboxState.QUEUED, handoff_id=handoff_id)
    turn.session.add(posted)
    await turn.session.flush()
    return posted


def call_about(
    turn: Turn,
    chat_id: int,
    method: str,
    params: dict[str, Any],
    *,
    priority: Priority = Priority.CASE,
    due_at: datetime | None = None,
    posted_id: int | None = None,
) -> None:
    """Queue any call of the Bot API about a chat.

    Where Telegram's id of a message of ours is wanted, `{"posted": id}` names its PostedMessage; a file of
    our own is `{"file": {"name": …, "content": base64}}`.
    """
    params = {"chat_id": chat_id, **params}
    turn.calls.append(Call(chat_id, method, params, priority, due_at, posted_id))
