"""Appointments and events as iCalendar files (RFC 5545), which phones and calendars open."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from icalendar import Calendar
from icalendar import Event as Line

from storage.calendars import Consultation
from storage.events import Event

# Whoever looks into somebody's calendar must not learn from a file where it came from.
PRODUCT = "-//Calendar//EN"
_NAMES = UUID("5b0e4a52-6f0c-4c55-9d3e-0f6f3c6f6a51")


@dataclass(frozen=True, slots=True)
class Entry:
    """What takes place as its line in a calendar says it; whom it tells what, the title's author decides."""

    what: Consultation | Event
    title: str
    place: str | None = None
    latitude: float | None = None
    longitude: float | None = None


def ics(entries: Iterable[Entry], now: datetime) -> bytes:
    """A calendar with these entries, in UTF-8.

    What takes place keeps its id: a later file replaces what an earlier one put into the calendar.
    """
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    for entry in entries:
        calendar.add_component(_event(entry, now))
    return bytes(calendar.to_ical())


def _event(entry: Entry, now: datetime) -> Line:
    what = entry.what
    named = f"event {what.id}" if isinstance(what, Event) else str(what.id)
    line = Line()
    line.add("uid", str(uuid5(_NAMES, named)))
    line.add("dtstamp", now)
    line.add("sequence", int(now.timestamp()) // 60)  # has to grow from file to file
    line.add("dtstart", what.starts_at)
    line.add("dtend", what.ends_at)
    line.add("summary", entry.title)
    if entry.place:
        line.add("location", entry.place)
    if entry.latitude is not None and entry.longitude is not None:
        line.add("geo", (entry.latitude, entry.longitude))
    return line
