"""How much one person may send: a flood from one must not slow the others."""

from __future__ import annotations

import time
from dataclasses import dataclass
from enum import Enum


class Verdict(Enum):
    """What to do with an update."""

    HANDLE = 1
    NOTICE = 2  # the first one over the limit: say so, once
    DROP = 3


@dataclass(slots=True)
class _Bucket:
    tokens: float
    counted_at: float
    noticed: bool = False


class PersonLimit:
    """A token bucket for each person: so many messages a minute, as many at once."""

    def __init__(self, per_minute: float) -> None:
        """`per_minute` is `PERSON_LIMIT`."""
        self._capacity = max(1.0, per_minute)
        self._rate = per_minute / 60
        self._buckets: dict[int, _Bucket] = {}

    def judge(self, person: int | None, now: float | None = None) -> Verdict:
        """Count one update of a person; `now` in seconds of a monotonic clock."""
        if person is None:
            return Verdict.HANDLE
        now = time.monotonic() if now is None else now
        bucket = self._buckets.get(person)
        if bucket is None:
            if len(self._buckets) >= 50_000:
                self._forget_idle(now)
            bucket = self._buckets[person] = _Bucket(self._capacity, now)
        bucket.tokens = min(self._capacity, bucket.tokens + (now - bucket.counted_at) * self._rate)
        bucket.counted_at = now
        if bucket.tokens >= 1:
            bucket.tokens -= 1
            bucket.noticed = False
            return Verdict.HANDLE
        if bucket.noticed:
            return Verdict.DROP
        bucket.noticed = True
        return Verdict.NOTICE

    def _forget_idle(self, now: float) -> None:
        full_after = self._capacity / self._rate
        for person, bucket in list(self._buckets.items()):
            if now - bucket.counted_at > full_after:
                del self._buckets[person]
