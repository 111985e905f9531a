"""An announcement to many over the sandbox: everybody once, at Telegram's rate, whatever goes wrong.

    python -m benchmarks.announcements rough    10,000 people; errors, an outage, ten times kill -9
    python -m benchmarks.announcements large    100,000 people; memory, the first message, processor time

The bot has one core, the sandbox and the measuring another.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import insert

from benchmarks.throughput import ROOT, Sandbox, _cpu, _rss
from services.contents import Content, Part, PartKind, Press, PressKind
from storage.announcements import Announcement, AnnouncementState, AnnouncementText, Kind
from storage.database import Database
from storage.migrate import migrate
from storage.people import Person
from storage.sealed import new_key, use_keys

MARK = "Пособие на детей выросло"
TEXT = MARK + ". " + "Новый размер действует с января. Заявление подают в айыл окмоту. " * 4
QUESTION, ANSWER_PATIENCE = "работодатель не платит зарплату третий месяц", 10.0
BLOCKED = 0.01  # of the people
AUTHOR = 4_000_000
ASKERS = 20
FAULTS = {"error_rate": 0.01, "flood_rate": 0.002, "lost_rate": 0.005, "seed": 11}
KILLS, OUTAGE = 10, 60.0
DAY = 6  # o'clock in UTC: noon in Bishkek
FIRST_PEOPLE = 500_000


@dataclass
class Seen:
    """What has reached people."""

    times: Counter[int] = field(default_factory=Counter)
    at: list[float] = field(default_factory=list)
    answers: dict[int, float] = field(default_factory=dict)
    seq: int = 0

    def look(self, sandbox: Sandbox) -> None:
        """Read the log of calls on from where it was."""
        while True:
            told = sandbox.call("GET", f"/sandbox/calls?after={self.seq}&limit=5000")
            self.seq = told["seq"]
            for call in told["calls"]:
                if call["ok"] and call["method"] == "sendMessage":
                    self._note(call["params"]["chat_id"], call["params"]["text"], call["at"])
            if len(told["calls"]) < 5000:
                return

    def _note(self, chat: int, text: str, at: float) -> None:
        if text.startswith(MARK):
            self.times[chat] += 1
            self.at.append(at)
        else:
            self.answers[chat] = at


class Bot:
    """The bot as a process that can be killed and started."""

    def __init__(self, sandbox: Sandbox, folder: str, database: str, key: str, rate: float) -> None:
        """Not started yet."""
        self._folder = folder
        self._env = {
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "BOT_TOKEN": "7000000001:sandbox-demo-token-of-no-value-at-all",
            "BOT_API_URL": sandbox.url,
            "DATABASE_URL": database,
            "DATA_KEYS": key,
            "SEND_RATE": str(rate),
            "LOG_LEVEL": "ERROR",
            "CLOCK": "server",
        }
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it on a core of its own."""
        command = [sys.executable, "-m", "bot", "run"]
        self.process = subprocess.Popen(command, cwd=self._folder, env=self._env)
        os.sched_setaffinity(self.process.pid, {min(CORES)})

    def end(self, number: int = signal.SIGKILL) -> None:
        """End it, by default as the power would."""
        if self.process is not None:
            self.process.send_signal(number)
            self.process.wait(30)

    @property
    def pid(self) -> int:
        """Of the running process."""
        assert self.process is not None
        return self.process.pid


CORES = os.sched_getaffinity(0)


async def _prepare(url: str, chats: list[int]) -> None:
    """People who know the bot."""
    database = Database(url)
    await migrate(database)
    now = datetime.now(UTC)
    async with database.transaction() as session:
        for begin in range(0, len(chats), 5000):
            await session.execute(
                insert(Person),
                [
                    {
                        "chat_id": chat,
                        "language": "ru",
                        "privacy": "accepted",
                        "discreet": False,
                        "created_at": now,
                    }
                    for chat in chats[begin : begin + 5000]
                ],
            )
    await database.close()


async def _announce(url: str, send_at: datetime) -> None:
    database = Database(url)
    button = Press(kind=PressKind.ARTICLE, label="Подробнее", value="labour/unpaid-wages")
    content = Content(parts=[Part(kind=PartKind.TEXT, text=TEXT)], presses=[button])
    kept = content.model_dump(mode="json")
    async with database.transaction() as session:
        announcement = Announcement(
            kind=Kind.NEWS,
            state=AnnouncementState.SCHEDULED,
            author=AUTHOR,
            audience={},
            send_at=send_at,
            created_at=send_at,
            changed_at=send_at,
        )
        session.add(announcement)
        await session.flush()
        session.add(
            AnnouncementText(
                announcement_id=announcement.id,
                language="ru",
                parts=kept["parts"],
                buttons=kept["presses"],
            )
        )
    await database.close()


def _people(sandbox: Sandbox, count: int) -> list[int]:
    ids = [FIRST_PEOPLE + number for number in range(count)] + [AUTHOR]
    for begin in range(0, len(ids), 5000):
        bodies = [
            {"first_name": "N", "id": one, "started": True, "language_code": "ru"}
            for one in ids[begin : begin + 5000]
        ]
        sandbox.call("POST", "/sandbox/people", bodies)
    return ids[:-1]


def _noon(sandbox: Sandbox) -> datetime:
    """Move the clock to noon, so that nobody sleeps; give back the time there."""
    now = datetime.fromisoformat(sandbox.call("GET", "/sandbox/clock")["now"])
    sandbox.call("POST", "/sandbox/clock", {"advance": ((DAY - now.hour) % 24) * 3600})
    return datetime.fromisoformat(sandbox.call("GET", "/sandbox/clock")["now"])


def _asked(sandbox: Sandbox, seen: Seen, asker: int) -> float | None:
    """Ask a question and give back how many seconds its answer took; None if the bot was away."""
    seen.answers.pop(asker, None)
    sent = sandbox.call("POST", "/sandbox/send_many", [{"from": asker, "text": QUESTION}])["at"][0]
    deadline = time.time() + ANSWER_PATIENCE
    while asker not in seen.answers and time.time() < deadline:
        time.sleep(0.02)
        seen.look(sandbox)
    return seen.answers[asker] - sent if asker in seen.answers else None


def rough(sandbox: Sandbox, folder: str, count: int, database: str) -> None:
    """Everything goes wrong. What is asked while the bot is dead or cut off is not counted."""
    chance, key, seen = random.Random(5), new_key(), Seen()
    use_keys([key])
    people = _people(sandbox, count)
    blocked = set(people[:: int(1 / BLOCKED)])
    for one in blocked:
        sandbox.call("POST", "/sandbox/block", {"person": one})
    askers = [one for one in people if one not in blocked][:ASKERS]
    now = _noon(sandbox)
    asyncio.run(_prepare(database, people))
    sandbox.call("POST", "/sandbox/faults", {"limits": True, **FAULTS})
    asyncio.run(_announce(database, now))
    bot = Bot(sandbox, folder, database, key, 30)
    lost_time = _suffer(sandbox, bot, seen, len(people) - len(blocked), askers, chance)
    for _ in range(50):
        seen.look(sandbox)
        time.sleep(0.1)
    bot.end(signal.SIGTERM)
    reachable = set(people) - blocked
    took = max(seen.at) - min(seen.at) - lost_time.away
    over = sandbox.call("GET", "/sandbox/faults")["over_limits"]
    delays = sorted(lost_time.delays)
    print(
        "| reached | missed | twice | a second | of 30 | avoidable 429 | answer, median | slowest |"
    )
    print("| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    reached = sum(seen.times[one] > 0 for one in reachable)
    twice = sum(seen.times[one] - 1 for one in reachable if seen.times[one])
    rate = sum(seen.times.values()) / took
    print(
        f"| {reached} | {len(reachable) - reached} | {twice} | {rate:.1f} | {rate / 30:.1%} | {over} "
        f"| {statistics.median(delays) * 1000:.0f} ms | {delays[-1] * 1000:.0f} ms |"
    )


@dataclass
class Suffered:
    """Seconds in which nothing could leave, and how long answers took in the others."""

    away: float = 0.0
    delays: list[float] = field(default_factory=list)


def _suffer(
    sandbox: Sandbox,
    bot: Bot,
    seen: Seen,
    wanted: int,
    askers: list[int],
    chance: random.Random,
) -> Suffered:
    suffered = Suffered()
    bot.start()
    shares = [(one + chance.random()) / (KILLS + 1) for one in range(KILLS)]
    outage = 0.5
    number = 0
    while len(seen.times) < wanted and number < 10_000:
        seen.look(sandbox)
        share = len(seen.times) / wanted
        if shares and share > shares[0]:
            shares.pop(0)
            suffered.away += _killed(sandbox, bot, seen)
        elif share > outage:
            outage = 2.0
            suffered.away += _cut_off(sandbox, seen)
        elif seen.times:
            number += 1
            if (took := _asked(sandbox, seen, askers[number % len(askers)])) is not None:
                suffered.delays.append(took)
            time.sleep(0.5)
        else:
            time.sleep(0.05)
    return suffered


def _killed(sandbox: Sandbox, bot: Bot, seen: Seen) -> float:
    """Kill it and start it again; give back the seconds until the next message left."""
    bot.end()
    seen.look(sandbox)
    return _until_next(sandbox, seen, bot.start)


def _cut_off(sandbox: Sandbox, seen: Seen) -> float:
    seen.look(sandbox)

    def cut() -> None:
        sandbox.call("POST", "/sandbox/faults", {"outage_seconds": OUTAGE})

    return _until_next(sandbox, seen, cut)


def _until_next(sandbox: Sandbox, seen: Seen, then: Any) -> float:
    before, last = len(seen.at), max(seen.at, default=time.time())
    then()
    while len(seen.at) == before:
        time.sleep(0.05)
        with suppress(OSError):
            seen.look(sandbox)
    return seen.at[before] - last


def large(sandbox: Sandbox, folder: str, count: int, database: str, rate: float) -> None:
    """Many people and nothing that goes wrong: what it costs."""
    key, seen = new_key(), Seen()
    use_keys([key])
    people = _people(sandbox, count)
    now = _noon(sandbox)
    asyncio.run(_prepare(database, people))
    bot = Bot(sandbox, folder, database, key, rate)
    bot.start()
    time.sleep(5)
    idle, spent = _rss(bot.pid), _cpu(bot.pid)
    asyncio.run(_announce(database, now))
    confirmed = time.time()
    memory: list[float] = []
    while len(seen.times) < count:
        seen.look(sandbox)
        memory.append(_rss(bot.pid))
        time.sleep(0.2)
    cpu = (_cpu(bot.pid) - spent) / count * 1000
    bot.end(signal.SIGTERM)
    half = len(memory) // 2
    print(
        "| people | first message | a second | CPU ms/message | memory before, half way, at the end |"
    )
    print("| ---: | ---: | ---: | ---: | ---: |")
    print(
        f"| {count} | {min(seen.at) - confirmed:.2f} s | {count / (max(seen.at) - min(seen.at)):.0f} "
        f"| {cpu:.2f} | {idle:.0f}, {max(memory[:half]):.0f}, {max(memory[half:]):.0f} MB |"
    )


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=("rough", "large"))
    parser.add_argument("--people", type=int)
    parser.add_argument("--rate", type=float, default=1000, help="SEND_RATE of the large one")
    parser.add_argument("--database", help="postgresql://… of an empty database; else SQLite")
    options = parser.parse_args()
    cores = sorted(CORES)
    os.sched_setaffinity(0, {cores[-1]})
    sandbox = Sandbox(cores[-1])
    try:
        with tempfile.TemporaryDirectory() as folder:
            database = options.database or f"sqlite:///{Path(folder) / 'bot.db'}"
            if options.what == "rough":
                rough(sandbox, folder, options.people or 10_000, database)
            else:
                large(sandbox, folder, options.people or 100_000, database, options.rate)
    finally:
        sandbox.stop()


if __name__ == "__main__":
    main()
