"""Trouble to order: errors, floods, lost answers, outages, and Telegram's own pacing."""

import random
import time
from collections import defaultdict, deque
from dataclasses import asdict, dataclass
from typing import Any

from sandbox.errors import Refused, forbidden

Json = dict[str, Any]


class Lost(Exception):
    """The connection breaks and the bot gets no answer; `done` tells whether the call took place."""

    def __init__(self, done: bool) -> None:
        super().__init__("the answer is lost")
        self.done = done


@dataclass
class Settings:
    """What `POST /sandbox/faults` sets. Rates are from 0 to 1, of all calls of Bot API methods."""

    error_rate: float = 0.0
    flood_rate: float = 0.0
    lost_rate: float = 0.0
    forbidden_rate: float = 0.0
    latency_ms: float = 0.0
    limits: bool = False


class Faults:
    """Decides for each call whether it goes wrong, and how."""

    def __init__(self) -> None:
        self.settings = Settings()
        self._random = random.Random(1)  # noqa: S311 - it only has to be repeatable
        self._outage_until = 0.0
        self._pace = Pace()
        self._over = 0  # calls that were refused for Telegram's limits, not by order
        self.active = False

    def set(self, changes: Json) -> None:
        """Change what is named in `changes`.

        Raises:
            ValueError: an unknown name or a rate that isn't one.
        """
        changes = dict(changes)
        if changes.pop("reset", False):
            self.settings = Settings()
            self._outage_until = 0.0
        if "seed" in changes:
            self._random.seed(changes.pop("seed"))
        if "outage_seconds" in changes:
            self._outage_until = time.monotonic() + float(changes.pop("outage_seconds"))
        known = asdict(self.settings)
        for name, value in changes.items():
            if name not in known:
                raise ValueError(f"unknown fault {name}")
            if name.endswith("_rate") and not 0 <= value <= 1:
                raise ValueError(f"{name} must be from 0 to 1")
            setattr(self.settings, name, type(known[name])(value))
        if changes.get("limits") is True:
            self._pace = Pace()
            self._over = 0
        self.active = self.outage() or self.settings != Settings()

    def outage(self) -> bool:
        """Tell whether nothing gets through at this moment."""
        return self._outage_until > time.monotonic()

    def describe(self) -> Json:
        """Return all settings, how many seconds of an outage are left, and how often a bot was over
        Telegram's limits since they were set.
        """
        left = max(0.0, self._outage_until - time.monotonic())
        return {
            **asdict(self.settings),
            "outage_seconds": round(left, 1),
            "over_limits": self._over,
        }

    def check(self, bot_id: int, method: str, parameters: Json) -> None:
        """Let a call pass, or make it fail.

        Raises:
            Refused: 403, 429, 500 or 502, as ordered.
            Lost: the connection is to be cut.
        """
        settings = self.settings
        if self.outage():
            raise Lost(done=False)
        if settings.error_rate and self._random.random() < settings.error_rate:
            code = self._random.choice((500, 502))
            raise Refused(code, "Internal Server Error" if code == 500 else "Bad Gateway")
        asks = method == "getUpdates"
        if settings.flood_rate and not asks and self._random.random() < settings.flood_rate:
            raise too_many(self._random.randint(1, 3))
        if "chat_id" in parameters and method.startswith(("send", "copy", "forward")):
            if settings.forbidden_rate and self._random.random() < settings.forbidden_rate:
                raise forbidden("bot was blocked by the user")
            if settings.limits and method != "sendChatAction":
                self._take(bot_id, parameters["chat_id"])
        if settings.lost_rate and self._random.random() < settings.lost_rate:
            raise Lost(done=True)

    def _take(self, bot_id: int, chat_id: object) -> None:
        try:
            self._pace.take(bot_id, chat_id)
        except Refused:
            self._over += 1
            raise


def too_many(seconds: int) -> Refused:
    """Make Telegram's answer to a flood."""
    return Refused(
        429, f"Too Many Requests: retry after {seconds}", parameters={"retry_after": seconds}
    )


class Pace:
    """Telegram's limits: 30 messages a second of a bot, one a second in a chat, 20 a minute in a
    group; short bursts are tolerated.

    Source: https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this
    """

    OVERALL = (30, 1.0)
    CHAT = (5, 5.0)  # one a second, in bursts of up to five
    GROUP = (20, 60.0)

    def __init__(self) -> None:
        self._sent: dict[tuple[int, object], deque[float]] = defaultdict(deque)

    def take(self, bot_id: int, chat_id: object) -> None:
        """Count one message.

        Raises:
            Refused: 429, with the seconds to wait.
        """
        now = time.monotonic()
        is_group = isinstance(chat_id, str) or (isinstance(chat_id, int) and chat_id < 0)
        rules = [(("all"), self.OVERALL), (chat_id, self.GROUP if is_group else self.CHAT)]
        for key, (count, seconds) in rules:
            sent = self._sent[bot_id, key]
            while sent and sent[0] <= now - seconds:
                sent.popleft()
            if len(sent) >= count:
                raise too_many(max(1, round(sent[0] + seconds - now)))
        for key, _ in rules:
            self._sent[bot_id, key].append(now)
        if len(self._sent) > 10_000:
            self._sent = defaultdict(
                deque, {key: sent for key, sent in self._sent.items() if sent[-1] > now - 60}
            )
