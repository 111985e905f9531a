"""Which sum is in force on a day. The sums themselves stand in knowledge/rates/*.yaml."""

from datetime import date

from knowledge.model import Period, Rate

CALCULATION_INDEX = "calculation-index"
"""The rate that `{units:…}` is counted with: soms in one расчётный показатель."""


class RateUnknown(LookupError):
    """No period of a rate covers the day; what is told must then say so."""

    def __init__(self, rate: Rate, day: date) -> None:
        super().__init__(f"{rate.name} is not known for {day}")


def period_on(rate: Rate, day: date) -> Period:
    """Return the period in force on `day`, a calendar day in Bishkek.

    Raises:
        RateUnknown: no period covers the day.
    """
    for period in rate.periods:
        if period.start <= day and (period.end is None or day <= period.end):
            return period
    raise RateUnknown(rate, day)


def period_before(rate: Rate, day: date) -> Period | None:
    """Return the last period that ended before `day`, or None."""
    ended = [period for period in rate.periods if period.end is not None and period.end < day]
    return ended[-1] if ended else None
