"""A guest's ticket: a picture for the door, a pin for the map, a file for the calendar."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from handlers.context import Call, Turn
from handlers.events.words import hours, needs, people, said
from handlers.screens import Button, Screen, bold, plain
from locales import Texts, texts
from services import tickets
from services.events import Guest
from services.invites import Entry, ics
from storage.events import Event
from storage.people import Person
from storage.traffic import Priority

PICTURE, CALENDAR = "ticket.png", "event.ics"
Headline = Callable[[Texts], str]
Made = tuple[str, dict[str, Any]]


def send(
    turn: Turn,
    person: Person,
    guest: Guest,
    headline: Headline | None = None,
    *,
    due_at: datetime | None = None,
) -> None:
    """Send somebody their ticket with all that belongs to it; nothing to who hid the conversation."""
    if person.discreet:
        return
    t = texts(person.language)
    asked_for = turn.person is not None and turn.person.id == person.id
    priority = Priority.REPLY if asked_for else Priority.CASE
    head = headline(t) if headline else t("🎟 Your ticket")
    for method, params in (
        _picture(turn, t, guest, head),
        *pin(t, guest.event),
        _calendar(turn, t, guest.event),
    ):
        params = {"chat_id": person.chat_id, **params}
        turn.calls.append(Call(person.chat_id, method, params, priority, due_at))


def _file(name: str, content: bytes) -> dict[str, Any]:
    return {"file": {"name": name, "content": base64.b64encode(content).decode()}}


def _picture(turn: Turn, t: Texts, guest: Guest, head: str) -> Made:
    code = guest.registration.code
    link = turn.resources.deep_link(tickets.payload(code))
    shown = Screen(text(t, guest, head), buttons(t, guest.event))
    return "sendPhoto", {
        "photo": _file(PICTURE, tickets.picture(link, code)),
        "caption": shown.text,
        "parse_mode": "HTML",
        "reply_markup": shown.markup(),
    }


def text(t: Texts, guest: Guest, head: str) -> str:
    """What a ticket says, as HTML; it fits under a picture."""
    event, registration = guest.event, guest.registration
    place = said(event, "place", t)
    lines = [
        plain(head),
        bold(said(event, "title", t)),
        plain(f"📅 {hours(t, event)}"),
        *([plain(f"📍 {place}")] if place else []),
        plain(f"👤 {registration.name} · {people(t, registration)}"),
        *map(plain, needs(t, registration)),
        "",
        f"<code>{tickets.spaced(registration.code)}</code>",
        plain(t("Show the picture or tell the code at the entrance.")),
    ]
    return "\n".join(lines)


def buttons(t: Texts, event: Event) -> list[list[Button]]:
    """What stands below a ticket and its reminders."""
    link = [Button(t("💻 Take part online"), url=event.link)] if event.link else []
    about = Button(t("ℹ️ About the event"), f"+ev:e:{event.id}")
    return [link, [about], [Button(t("✖️ I can't come"), f"+ev:c:{event.id}")]]


def pin(t: Texts, event: Event) -> Iterator[Made]:
    """The place on a map, if it is known where that is."""
    if event.latitude is None or event.longitude is None:
        return
    where = {"latitude": event.latitude, "longitude": event.longitude}
    place = said(event, "place", t)
    if place:
        yield "sendVenue", {**where, "title": said(event, "title", t), "address": place}
    else:
        yield "sendLocation", where


def _calendar(turn: Turn, t: Texts, event: Event) -> Made:
    place = said(event, "place", t) or event.link
    entry = Entry(event, said(event, "title", t), place, event.latitude, event.longitude)
    return "sendDocument", {
        "document": _file(CALENDAR, ics([entry], turn.now)),
        "caption": t("📅 Open the file: the time will stand in your phone's calendar."),
    }
