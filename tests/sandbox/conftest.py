"""A sandbox for every test, and two ways to be a bot in it: raw HTTP and python-telegram-bot."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest_asyncio
from telegram import Bot
from telegram.request import HTTPXRequest

import sandbox
from sandbox import Telegram
from sandbox.schema import Mismatch, Schema

SCHEMA = Schema.load()


def misfits(telegram: Telegram) -> list[str]:
    """Tell what the sandbox has said that doesn't fit the Bot API's description."""
    found: list[str] = []

    def check(name: str, value: Any, kind: Any) -> None:
        strays: list[str] = []
        try:
            kind(value, strays)
        except Mismatch as mismatch:
            found.append(f"{name}: {mismatch}")
        found.extend(f"{name}: unknown {stray}" for stray in strays)

    for call in telegram.world.calls.since(0):
        if call["ok"]:
            check(call["method"], call["result"], SCHEMA.methods[call["method"].lower()].answer)
    for bot in telegram.world.bots.values():
        for _, _, update in bot.updates.pending:
            check("update", update, SCHEMA.type("Update"))
    return found


@pytest_asyncio.fixture
async def telegram() -> AsyncIterator[Telegram]:
    """An empty Telegram. Whatever it answers must fit the Bot API's own description."""
    async with sandbox.running() as running:
        yield running
        assert misfits(running) == []


class Api:
    """Calls Bot API methods over HTTP and gives their answers whole."""

    def __init__(self, telegram: Telegram, http: httpx.AsyncClient, token: str) -> None:
        self.telegram = telegram
        self.http = http
        self.token = token

    async def __call__(self, method: str, **params: Any) -> dict[str, Any]:
        answer = await self.http.post(f"{self.telegram.url}/bot{self.token}/{method}", json=params)
        return dict(answer.json())

    async def done(self, method: str, **params: Any) -> Any:
        """Call a method that must work and return its result."""
        answer = await self(method, **params)
        assert answer["ok"], answer
        return answer["result"]

    async def refused(self, method: str, **params: Any) -> str:
        """Call a method that must be refused and return Telegram's words."""
        answer = await self(method, **params)
        assert not answer["ok"], answer
        return str(answer["description"])

    async def updates(self, **params: Any) -> list[dict[str, Any]]:
        """Return the waiting updates, unconfirmed."""
        return list(await self.done("getUpdates", **params))

    async def control(self, method: str, path: str, body: Any = None) -> Any:
        """Use the control API; a refusal is returned as it comes."""
        answer = await self.http.request(method, f"{self.telegram.url}/sandbox/{path}", json=body)
        return answer.json()

    def as_bot(self, token: str) -> Api:
        """Be another bot."""
        return Api(self.telegram, self.http, token)


@pytest_asyncio.fixture
async def api(telegram: Telegram) -> AsyncIterator[Api]:
    """The bot of this sandbox, by plain HTTP."""
    async with httpx.AsyncClient(timeout=20) as http:
        yield Api(telegram, http, telegram.bot.token)


@pytest_asyncio.fixture
async def bot(telegram: Telegram) -> AsyncIterator[Bot]:
    """The same bot as python-telegram-bot sees it."""
    bot = Bot(
        telegram.bot.token,
        base_url=f"{telegram.url}/bot",
        base_file_url=f"{telegram.url}/file/bot",
        request=HTTPXRequest(read_timeout=20),
    )
    async with bot:
        yield bot
