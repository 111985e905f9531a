"""When people may be written to without being asked: not at night."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from locales import HERE

MORNING, EVENING = time(8), time(21)  # nothing but what was asked for from EVENING to MORNING


def decent(now: datetime) -> datetime:
    """Return the first instant from `now` on at which somebody may be written to."""
    here = now.astimezone(HERE)
    if MORNING <= here.time() < EVENING:
        return now
    day = here.date() + timedelta(days=here.time() >= EVENING)
    return datetime.combine(day, MORNING, HERE)
