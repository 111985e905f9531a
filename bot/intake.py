"""Where updates come in: polling or webhook, both through the same door into the inbox."""

from __future__ import annotations

import asyncio
import dataclasses
import logging
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError

from bot import inbox
from bot.dispatcher import Dispatcher
from bot.limits import PersonLimit, Verdict
from bot.replica import Membership
from bot.transport import TelegramApi, seconds_to_wait
from storage.database import Database

log = logging.getLogger(__name__)

LONG_POLL = 30  # seconds that Telegram holds a getUpdates with nothing to say
ENOUGH = 2000  # updates in memory beyond which no more are fetched
# The kinds of updates that handlers listen to.
ALLOWED_UPDATES = [
    "message",
    "edited_message",
    "callback_query",
    "inline_query",
    "my_chat_member",
]


class Intake:
    """The door: an update is confirmed to Telegram only after its row is committed."""

    def __init__(
        self,
        *,
        database: Database,
        dispatcher: Dispatcher,
        membership: Membership,
        limit: PersonLimit,
        now: Callable[[], datetime],
    ) -> None:
        """Join the parts."""
        self._database = database
        self._dispatcher = dispatcher
        self._membership = membership
        self._limit = limit
        self._now = now

    async def receive(self, updates: Sequence[dict[str, Any]]) -> None:
        """Write updates down, then pass them on. When this returns, Telegram may forget them."""
        verdicts = {raw["update_id"]: self._judge(raw) for raw in updates}
        new = await inbox.write_down(
            self._database,
            updates,
            dropped=frozenset(i for i, verdict in verdicts.items() if verdict is Verdict.DROP),
            owner=self._membership.id,
            now=self._now(),
        )
        self._dispatcher.accept(
            dataclasses.replace(received, over_limit=True)
            if verdicts[received.update_id] is Verdict.NOTICE
            else received
            for received in new
        )

    def _judge(self, raw: dict[str, Any]) -> Verdict:
        """Whoever has to hide the conversation is heard, however much they sent before."""
        if wants_to_hide(raw):
            return Verdict.HANDLE
        return self._limit.judge(inbox.sender_of(raw))

    async def has_room(self) -> None:
        """Wait while more than enough updates wait in memory."""
        await self._dispatcher.drained_to(ENOUGH)


def wants_to_hide(raw: dict[str, Any]) -> bool:
    """Whether an update is /hide or the press of its button."""
    pressed, message = raw.get("callback_query"), raw.get("message")
    if isinstance(pressed, dict):
        return str(pressed.get("data", "")).removeprefix("+") == "hide"
    return isinstance(message, dict) and str(message.get("text", "")).startswith("/hide")


class TokenRefused(Exception):
    """Telegram does not know the token."""


async def poll(api: TelegramApi, intake: Intake) -> None:
    """Fetch updates for ever. The offset, which confirms, moves only after the rows are committed."""
    offset, pause = 0, 1.0
    while True:
        await intake.has_room()
        params = {"offset": offset, "timeout": LONG_POLL, "allowed_updates": ALLOWED_UPDATES}
        try:
            updates = await api.call("getUpdates", params, seconds=LONG_POLL + 10)
            if updates:
                await intake.receive(updates)
                offset = max(raw["update_id"] for raw in updates) + 1
            pause = 1.0
            continue
        except InvalidToken as error:
            raise TokenRefused from error
        except RetryAfter as error:
            log.warning("Telegram asks to fetch updates more slowly")
            pause = seconds_to_wait(error)
        except Conflict:
            log.error("another program fetches the updates of this bot: stop it, or use a webhook")
        except TelegramError as error:
            log.warning("no updates from Telegram: %s", type(error).__name__)
        except Exception:
            # Not written down, so not confirmed: Telegram hands the same updates over again.
            log.exception("updates could not be written down")
        await asyncio.sleep(pause)
        pause = min(pause * 2, 30.0)
