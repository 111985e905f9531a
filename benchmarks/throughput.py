"""Updates a second, latency, start and memory: ours beside bare echo bots, on one server in one run.

Ours answers a legal question durably: inbox, search, reply, record. The echo bots keep nothing.
The bot has one core of its own, the sandbox and the measuring another.

    python -m benchmarks.throughput [--messages 3000] [--only ours]
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
QUESTIONS = (
    "кожоюн айлыгымды бербей жатат",
    "работодатель не платит зарплату третий месяц",
    "паспортымды жоготуп алдым эмне кылам",
    "как развестись если есть ребенок",
    "алимент албай жатам",
    "соседи передвинули забор на мой участок",
)
BOTS = {
    "ours": [sys.executable, "-m", "bot", "run"],
    "python-telegram-bot echo": [sys.executable, "-m", "benchmarks.echo_ptb"],
    "aiogram echo": [sys.executable, "-m", "benchmarks.echo_aiogram"],
}
LIGHT = 200  # messages of the light load
PATIENCE = 120.0  # seconds


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Sandbox:
    """The sandbox as a process of its own, and its control calls."""

    def __init__(self, core: int) -> None:
        """Start it on a core."""
        self.url = f"http://127.0.0.1:{(port := _free_port())}"
        self._process = subprocess.Popen(
            [sys.executable, "-m", "sandbox", "--port", str(port)],
            cwd=ROOT,
            stdout=subprocess.DEVNULL,
        )
        os.sched_setaffinity(self._process.pid, {core})
        self._wait()

    def _wait(self) -> None:
        for _ in range(200):
            try:
                self.call("GET", "/sandbox/clock")
            except OSError:
                time.sleep(0.05)
            else:
                return
        raise RuntimeError("the sandbox does not start")

    def call(self, method: str, path: str, body: Any = None) -> Any:
        """One control call."""
        request = urllib.request.Request(
            self.url + path,
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)

    def people(self, count: int) -> list[int]:
        """Make people."""
        return [
            self.call("POST", "/sandbox/people", {"first_name": f"N{n}", "language_code": "ru"})[
                "id"
            ]
            for n in range(count)
        ]

    def answers(self, after: int) -> Iterator[tuple[int, float, int]]:
        """Number, time and chat of each sendMessage after a number, without end."""
        while True:
            told = self.call(
                "GET", f"/sandbox/calls?after={after}&brief=1&wait=1&limit=5000&method=sendMessage"
            )
            for seq, at, _method, chat, _ok in told["calls"]:
                after = seq
                yield seq, at, chat
            after = max(after, told["seq"]) if not told["calls"] else after

    def seq(self) -> int:
        """The number of the newest call."""
        return int(self.call("GET", "/sandbox/calls?after=999999999")["seq"])

    def stop(self) -> None:
        """End it."""
        self._process.terminate()
        self._process.wait()


@contextmanager
def running_bot(command: list[str], url: str, core: int) -> Iterator[subprocess.Popen[bytes]]:
    """A bot as a process on one core, with a database of its own."""
    with tempfile.TemporaryDirectory() as folder:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env={
                **os.environ,
                "PYTHONPATH": str(ROOT),
                "BOT_TOKEN": "7000000001:sandbox-demo-token-of-no-value-at-all",
                "BOT_API_URL": url,
                "PERSON_LIMIT": "100000",
                "LOG_LEVEL": "WARNING",
            },
        )
        os.sched_setaffinity(process.pid, {core})
        try:
            yield process
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(20)


def _rss(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    line = next(line for line in status.splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


def _cpu(pid: int) -> float:
    """Seconds of processor time that a process has used: it tells the truth on a busy machine too."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def measure(name: str, sandbox: Sandbox, messages: int, core: int) -> dict[str, float]:
    """Start a bot, then light load, then all at once."""
    people = sandbox.people(500)
    before = sandbox.seq()
    started = time.time()
    with running_bot(BOTS[name], sandbox.url, core) as process:
        sandbox.call("POST", "/sandbox/send", {"from": people[0], "text": QUESTIONS[0]})
        _, at, _ = next(sandbox.answers(before))
        start = at - started
        light = _light(sandbox, people)
        spent = _cpu(process.pid)
        rate = _burst(sandbox, people, messages)
        cpu = (_cpu(process.pid) - spent) / messages * 1000
        return {"start": start, "rate": rate, "cpu": cpu, "memory": _rss(process.pid), **light}


def _light(sandbox: Sandbox, people: list[int]) -> dict[str, float]:
    delays = []
    answers = sandbox.answers(sandbox.seq())
    for n in range(LIGHT):
        sent = sandbox.call(
            "POST",
            "/sandbox/send_many",
            [{"from": people[n % len(people)], "text": QUESTIONS[n % len(QUESTIONS)]}],
        )["at"][0]
        _, at, _ = next(answers)
        delays.append((at - sent) * 1000)
        time.sleep(0.02)
    delays.sort()
    return {"median": statistics.median(delays), "p99": delays[int(len(delays) * 0.99) - 1]}


def _burst(sandbox: Sandbox, people: list[int], messages: int) -> float:
    answers = sandbox.answers(sandbox.seq())
    bodies = [
        {"from": people[n % len(people)], "text": QUESTIONS[n % len(QUESTIONS)]}
        for n in range(messages)
    ]
    began = sandbox.call("POST", "/sandbox/send_many", bodies)["at"][-1]
    last = began
    for _ in range(messages):
        _, last, _ = next(answers)
        if last - began > PATIENCE:
            raise TimeoutError("the bot does not answer them all")
    return messages / (last - began)


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=3000)
    parser.add_argument("--only", choices=BOTS, action="append")
    options = parser.parse_args()
    cores = sorted(os.sched_getaffinity(0))
    os.sched_setaffinity(0, {cores[-1]})
    print("| bot | updates/s | CPU ms/update | median ms | p99 ms | start s | memory MB |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: |")
    for name in options.only or BOTS:
        sandbox = Sandbox(cores[-1])
        try:
            found = measure(name, sandbox, options.messages, cores[0])
        finally:
            sandbox.stop()
        print(
            f"| {name} | {found['rate']:.0f} | {found['cpu']:.2f} | {found['median']:.1f} | {found['p99']:.1f} "
            f"| {found['start']:.2f} | {found['memory']:.0f} |",
            flush=True,
        )


if __name__ == "__main__":
    main()
