"""A whole office for every test: the sandbox for Telegram, the real bot, a real database.

Tests that ask for `office` run twice, on SQLite and on PostgreSQL. Where no PostgreSQL is reachable
they run on SQLite alone, and the last lines of the run say so.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import uuid
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from copy import copy
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import asyncpg
import pytest
import pytest_asyncio
from pydantic import SecretStr

import sandbox
from bot.app import Bot, load_resources
from bot.settings import Settings
from handlers.resources import Resources
from sandbox import Person, Telegram
from storage.database import Database
from storage.migrate import migrate
from storage.sealed import new_key, use_keys

POSTGRESQL = os.environ.get("TEST_POSTGRESQL", "postgresql://postgres@127.0.0.1:5432")
TOKEN = "7000000001:token-of-the-sandbox-of-no-value-at-all"
KEY = new_key()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--require-postgresql", action="store_true", help="fail without PostgreSQL")


async def _ask_postgresql(statement: str, database: str = "postgres") -> None:
    connection = await asyncpg.connect(f"{POSTGRESQL}/{database}", timeout=3)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


def _reachable() -> bool:
    try:
        asyncio.run(_ask_postgresql("SELECT 1"))
    except (OSError, TimeoutError, asyncpg.PostgresError):
        return False
    return True


def pytest_configure(config: pytest.Config) -> None:
    config.has_postgresql = _reachable()
    if config.getoption("--require-postgresql") and not config.has_postgresql:
        raise pytest.UsageError("no PostgreSQL is reachable: start it, or set TEST_POSTGRESQL")


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    if not config.has_postgresql:
        terminalreporter.write_line("PostgreSQL was not reachable: only SQLite was tested.")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "database_kind" in metafunc.fixturenames:
        both = metafunc.config.has_postgresql and not metafunc.definition.get_closest_marker("long")
        kinds = ["sqlite", "postgresql"] if both else ["sqlite"]
        metafunc.parametrize("database_kind", kinds, indirect=True, scope="session")


@pytest.fixture(scope="session", autouse=True)
def sealing_keys() -> None:
    use_keys([KEY])


@pytest.fixture(scope="session")
def database_kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


async def _migrated(url: str) -> None:
    database = Database(url)
    await migrate(database)
    await database.close()


@pytest.fixture(scope="session")
def template(database_kind: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A migrated, empty database, to be copied for each test."""
    if database_kind == "sqlite":
        file = tmp_path_factory.mktemp("template") / "empty.db"
        asyncio.run(_migrated(f"sqlite:///{file}"))
        yield str(file)
        return
    name = f"template_{uuid.uuid4().hex[:12]}"
    asyncio.run(_ask_postgresql(f"CREATE DATABASE {name}"))
    asyncio.run(_migrated(f"{POSTGRESQL}/{name}"))
    yield name
    asyncio.run(_ask_postgresql(f"DROP DATABASE {name} WITH (FORCE)"))


@pytest_asyncio.fixture
async def database_url(database_kind: str, template: str, tmp_path: Path) -> AsyncIterator[str]:
    """The address of a fresh, migrated database."""
    if database_kind == "sqlite":
        file = tmp_path / "bot.db"
        shutil.copy(template, file)
        yield f"sqlite:///{file}"
        return
    name = f"test_{uuid.uuid4().hex[:12]}"
    await _ask_postgresql(f"CREATE DATABASE {name} TEMPLATE {template}")
    yield f"{POSTGRESQL}/{name}"
    await _ask_postgresql(f"DROP DATABASE {name} WITH (FORCE)")


@pytest_asyncio.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    database = Database(database_url)
    yield database
    await database.close()


@cache
def _resources() -> Resources:
    """The knowledge base and the search, loaded once: no test changes them."""
    return load_resources(Settings(_env_file=None))


async def eventually(condition: Callable[[], bool], seconds: float = 20) -> None:
    """Wait until something holds that no message tells of."""
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110 - nothing tells of it
            await asyncio.sleep(0.01)


class Office:
    """Telegram, the bot, and the people who use it."""

    ADMIN = 777

    def __init__(self, telegram: Telegram, database_url: str) -> None:
        self.telegram = telegram
        self.database_url = database_url
        self.settings: dict[str, Any] = {}
        self.bot: Bot | None = None
        self._stop = asyncio.Event()
        self._running: asyncio.Task[None] | None = None

    async def open(self, **settings: Any) -> None:
        """Start the bot; `settings` as in the environment, in lower case."""
        self.settings |= settings
        chosen = {
            "bot_token": SecretStr(TOKEN),
            "bot_api_url": self.telegram.url,
            "database_url": SecretStr(self.database_url),
            "admin_ids": frozenset({self.ADMIN}),
            "data_keys": (SecretStr(KEY),),
            "clock": "server",
            **self.settings,
        }
        settings_read = Settings(_env_file=None, **chosen)
        loaded = _resources()
        own = replace(  # what curators change in one test, no other sees
            loaded, searcher=copy(loaded.searcher), admin_ids=settings_read.admin_ids
        )
        self.bot = Bot(settings_read, own)
        self._stop = asyncio.Event()
        self._running = asyncio.create_task(self.bot.run(self._stop))

    async def close(self) -> None:
        """Stop the bot as an operator would."""
        if self._running is not None:
            self._stop.set()
            await self._running
            self._running = None

    async def restart(self) -> None:
        """Stop and start the bot on the same database."""
        await self.close()
        await self.open()

    def newcomer(self, name: str = "Айнура", code: str = "ky") -> Person:
        """Somebody who has never written to the bot."""
        return self.telegram.person(name, language_code=code)

    async def citizen(self, name: str = "Айнура", speaks: str = "ky", **about: Any) -> Person:
        """Somebody who chose a language and accepted the privacy notice."""
        person = self.telegram.person(name, language_code=speaks, **about)
        await person.sends("/start")
        await person.sees("Тилди тандаңыз")
        await person.presses(f"lang:{speaks}")
        await person.sees("/privacy")
        await person.presses("priv:yes")
        await person.sees("Напишите вопрос" if speaks == "ru" else "Суроону өз сөзүңүз")
        return person

    async def admin(self, speaks: str = "ru") -> Person:
        """The one who holds all roles from the start."""
        return await self.citizen("Нурия", speaks, person_id=self.ADMIN)

    @property
    def violations(self) -> list[Any]:
        """What Telegram would have refused."""
        return self.telegram.world.violations.since(0)


@asynccontextmanager
async def _open_office(database_url: str, **settings: Any) -> AsyncIterator[Office]:
    async with sandbox.running(token=TOKEN) as telegram:
        office = Office(telegram, database_url)
        await office.open(**settings)
        try:
            yield office
        finally:
            await office.close()


@pytest_asyncio.fixture
async def office(database_url: str) -> AsyncIterator[Office]:
    """An office at work. Whatever the test does, Telegram must have had nothing to refuse."""
    async with _open_office(database_url) as office:
        yield office
        assert office.violations == []
