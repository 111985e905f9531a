"""Nobody is written to at night without having asked."""

from datetime import datetime

import pytest

from locales import HERE
from services.hours import decent


@pytest.mark.parametrize(
    ("now", "then"),
    [
        ("2026-12-01T08:00", "2026-12-01T08:00"),
        ("2026-12-01T20:59", "2026-12-01T20:59"),
        ("2026-12-01T21:00", "2026-12-02T08:00"),
        ("2026-12-01T23:30", "2026-12-02T08:00"),
        ("2026-12-01T03:15", "2026-12-01T08:00"),
        ("2026-12-31T22:00", "2027-01-01T08:00"),
    ],
)
def test_at_night_it_waits_for_the_morning(now: str, then: str) -> None:
    moments = (datetime.fromisoformat(one).replace(tzinfo=HERE) for one in (now, then))
    moment, expected = moments
    assert decent(moment) == expected
