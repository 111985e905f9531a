"""What guests are told without having asked: a seat that became free, a reminder."""

from __future__ import annotations

from collections.abc import Sequence

from handlers.context import Turn
from handlers.events import ticket
from handlers.events.words import hours, said
from handlers.reminders import headline
from handlers.screens import Button, Screen, bold, plain
from handlers.telling import tell
from locales import Texts
from services import events
from services.events import Guest
from services.hours import decent
from storage.events import Event, Registration
from storage.people import Person
from storage.traffic import Priority


async def moved_up(turn: Turn, guests: Sequence[Registration]) -> None:
    """Tell those for whom a seat became free, with their ticket; at night in the morning."""
    for registration in guests:
        event = await turn.session.get_one(Event, registration.event_id)
        person = await turn.session.get_one(Person, registration.person_id)
        ticket.send(
            turn,
            person,
            Guest(registration, event),
            lambda t: t("🎉 A seat is free: you are registered now. Your ticket:"),
            due_at=decent(turn.now),
        )


async def due(turn: Turn) -> None:
    """Remind guests of what is soon; the tables know who was reminded already."""
    for guest, person in await events.due_reminders(turn.session, turn.now):
        await _remind(turn, guest, person)


async def _remind(turn: Turn, guest: Guest, person: Person) -> None:
    event = guest.event

    def draw(t: Texts) -> Screen:
        place = said(event, "place", t)
        lines = [
            plain(headline(turn, t, event.starts_at)),
            bold(said(event, "title", t)),
            plain(f"📅 {hours(t, event)}"),
            *([plain(f"📍 {place}")] if place else []),
        ]
        shows = Button(t("🎟 My ticket"), f"+ev:t:{event.id}")
        return Screen("\n".join(lines), [[shows], *ticket.buttons(t, event)])

    await tell(turn, person.chat_id, draw, priority=Priority.REMINDER)
