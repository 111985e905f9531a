"""How events are spoken of: to citizens, and to staff."""

from __future__ import annotations

from typing import Any, Literal

from handlers.context import Turn
from handlers.menu import n_
from handlers.resources import today
from handlers.times import when
from locales import Texts, all_texts
from services.registrations import party
from storage.events import Event, Registration

NEEDS = {
    "interpreter": n_("🗣 Interpreter"),
    "wheelchair": n_("♿️ Wheelchair access"),
    "childcare": n_("🧸 Childcare"),
    "transport": n_("🚌 Transport"),
}
# By the kind of a file, the method that sends it; the parameter is called like the kind.
FILES = {
    "document": "sendDocument",
    "photo": "sendPhoto",
    "video": "sendVideo",
    "audio": "sendAudio",
    "voice": "sendVoice",
    "animation": "sendAnimation",
}


def said(event: Event, what: Literal["title", "about", "place"], t: Texts) -> str:
    """What an event says in a language; in another where it says nothing in that one."""
    for language in (t.language, *all_texts()):
        text = getattr(event, f"{what}_{language}", None)
        if text:
            return str(text)
    return ""


def question(asked: dict[str, str], t: Texts) -> str:
    """A question of an event, in the language if it has it."""
    return asked.get(t.language) or next(iter(asked.values()), "")


def hours(t: Texts, event: Event) -> str:
    """When an event takes place: a day and its hours, or two days."""
    if today(event.starts_at) == today(event.ends_at):
        return f"{when(t, event.starts_at)}–{t.time(event.ends_at)}"
    return f"{when(t, event.starts_at)} – {when(t, event.ends_at)}"


def needs(t: Texts, guest: Registration) -> list[str]:
    """What a guest needs, in words."""
    return [t(NEEDS[one]) for one in guest.needs if one in NEEDS]


def people(t: Texts, guest: Registration) -> str:
    """How many come on a ticket."""
    return t.plural("{number} person", "{number} people", party(guest))


def file_call(file: dict[str, Any]) -> tuple[str, dict[str, Any]] | None:
    """The method and the parameters that send a file kept as `{"kind", "file_id"}`."""
    method = FILES.get(file.get("kind", ""))
    return (method, {file["kind"]: file["file_id"]}) if method else None


def link_of(turn: Turn, event: Event) -> str:
    """The link that opens an event here."""
    return turn.resources.deep_link(f"e_{event.id}")
