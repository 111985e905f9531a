"""Appointments as iCalendar files (RFC 5545), which phones and calendars open."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from icalendar import Calendar, Event

from storage.calendars import Consultation

# Whoever looks into somebody's calendar must not learn from a file where it came from.
PRODUCT = "-//Calendar//EN"
_NAMES = UUID("5b0e4a52-6f0c-4c55-9d3e-0f6f3c6f6a51")


@dataclass(frozen=True, slots=True)
class Entry:
    """A consultation as its line in a calendar says it; whom it tells what, the title's author decides."""

    consultation: Consultation
    title: str
    place: str | None = None
    latitude: float | None = None
    longitude: float | None = None


def ics(entries: Iterable[Entry], now: datetime) -> bytes:
    """A calendar with these entries, in UTF-8.

    An appointment keeps its id: a later file replaces what an earlier one put into the calendar.
    """
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    for entry in entries:
        calendar.add_component(_event(entry, now))
    return bytes(calendar.to_ical())


def _event(entry: Entry, now: datetime) -> Event:
    consultation = entry.consultation
    event = Event()
    event.add("uid", str(uuid5(_NAMES, str(consultation.id))))
    event.add("dtstamp", now)
    event.add("sequence", int(now.timestamp()) // 60)  # has to grow from file to file
    event.add("dtstart", consultation.starts_at)
    event.add("dtend", consultation.ends_at)
    event.add("summary", entry.title)
    if entry.place:
        event.add("location", entry.place)
    if entry.latitude is not None and entry.longitude is not None:
        event.add("geo", (entry.latitude, entry.longitude))
    return event
