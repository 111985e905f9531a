"""Brings updates to webhooks: in order for each chat, many chats at once, until they are taken."""

import asyncio
import contextlib
import json
from collections import defaultdict, deque
from typing import Any

import aiohttp

from sandbox.api import BotApi
from sandbox.bots import Bot
from sandbox.faults import Lost
from sandbox.updates import KEEP_SECONDS
from sandbox.world import World

Json = dict[str, Any]
Entry = tuple[int, float, Json]

_TIMEOUT = aiohttp.ClientTimeout(total=60, connect=5)
_FIRST_DELAY = 0.25  # seconds before the first repetition; it doubles each time
_LONGEST_DELAY = 5.0


class Couriers:
    """One courier for each bot that has a webhook."""

    def __init__(self, world: World, api: BotApi) -> None:
        self.world = world
        self.api = api
        self._couriers: dict[int, Courier] = {}
        self._session: aiohttp.ClientSession | None = None

    def changed(self, bot: Bot) -> None:
        """Begin or end to bring updates after setWebhook or deleteWebhook."""
        old = self._couriers.pop(bot.id, None)
        if old is not None:
            old.stop()
        if bot.webhook:
            if self._session is None:
                connector = aiohttp.TCPConnector(ssl=False, limit=0)
                self._session = aiohttp.ClientSession(connector=connector, timeout=_TIMEOUT)
            self._couriers[bot.id] = Courier(self.world, self.api, bot, self._session)

    async def stop(self) -> None:
        """Stop all."""
        for courier in self._couriers.values():
            courier.stop()
        self._couriers.clear()
        if self._session is not None:
            await self._session.close()


class Courier:
    """Brings one bot's updates to one address."""

    def __init__(self, world: World, api: BotApi, bot: Bot, session: aiohttp.ClientSession) -> None:
        self.world = world
        self.api = api
        self.bot = bot
        self.webhook = bot.webhook
        self._session = session
        self._queues: dict[int, deque[Entry]] = defaultdict(deque)
        self._tasks: dict[int, asyncio.Task[None]] = {}
        self._free = asyncio.Semaphore(self.webhook["max_connections"])
        bot.updates.on_new = self.collect
        self.collect()

    def collect(self) -> None:
        """Take what is pending and see that every chat has somebody who brings it."""
        pending = self.bot.updates.pending
        while pending:
            entry = pending.popleft()
            key = _order_key(entry[2])
            self._queues[key].append(entry)
            self.bot.updates.in_flight += 1
            if key not in self._tasks:
                self._tasks[key] = asyncio.get_running_loop().create_task(self._work(key))

    def stop(self) -> None:
        """Give back what wasn't taken, oldest first."""
        self.bot.updates.on_new = None
        for task in self._tasks.values():
            task.cancel()
        left = sorted(entry for queue in self._queues.values() for entry in queue)
        self.bot.updates.pending.extendleft(reversed(left))
        self.bot.updates.in_flight = 0
        self._queues.clear()

    async def _work(self, key: int) -> None:
        queue = self._queues[key]
        delay = _FIRST_DELAY
        while queue:
            async with self._free:
                taken = await self._bring(queue[0])
            if taken:
                queue.popleft()
                self.bot.updates.in_flight -= 1
                delay = _FIRST_DELAY
            else:
                await asyncio.sleep(delay)
                delay = min(2 * delay, _LONGEST_DELAY)
        del self._queues[key]
        del self._tasks[key]

    async def _bring(self, entry: Entry) -> bool:
        """Send one update; tell whether it is done with."""
        _, queued_at, update = entry
        if queued_at < self.world.clock.now() - KEEP_SECONDS:
            return True
        if self.world.faults.outage():
            return False
        headers = {"Content-Type": "application/json"}
        if self.webhook["secret_token"]:
            headers["X-Telegram-Bot-Api-Secret-Token"] = self.webhook["secret_token"]
        try:
            async with self._session.post(
                self.webhook["url"], data=json.dumps(update), headers=headers
            ) as answer:
                body = await answer.read()
                if 200 <= answer.status < 300:
                    await self._obey(body)
                    return True
                problem = f"Wrong response from the webhook: {answer.status} {answer.reason}"
        except TimeoutError:
            problem = "Read timeout expired"
        except (aiohttp.ClientError, OSError) as error:
            refused = isinstance(error, aiohttp.ClientConnectorError)
            problem = "Connection refused" if refused else "Connection closed"
        self.webhook["last_error_date"] = int(self.world.clock.now())
        self.webhook["last_error_message"] = problem
        return False

    async def _obey(self, body: bytes) -> None:
        """Carry out a method that the webhook's answer asks for."""
        if not body.startswith(b"{"):
            return
        try:
            params = json.loads(body)
        except ValueError:
            return
        method = params.pop("method", None)
        if method:
            with contextlib.suppress(Lost):
                await self.api.answer(self.bot.token, str(method), params)


def _order_key(update: Json) -> int:
    """Return what keeps updates in order: the chat, or the person where there is none."""
    for kind, payload in update.items():
        if kind == "update_id":
            continue
        chat = payload.get("chat") or payload.get("message", {}).get("chat")
        sender = payload.get("from") or payload.get("user")
        return int((chat or sender or {"id": 0})["id"])
    return 0
