"""The main menu and the command menus: what one can do here."""

from __future__ import annotations

from typing import Any

from handlers.screens import Screen
from locales import Texts, all_texts
from storage.people import Role


def n_(message: str) -> str:
    """Mark a text for the catalogues where it is not said at once."""
    return message


ASK = n_("❓ Ask a question")
TOPICS = n_("📚 Topics")
BOOK = n_("👩‍⚖️ Free lawyer")
CONTACTS = n_("☎️ Contacts")
EVENTS = n_("📣 Events")
SETTINGS = n_("⚙️ Settings")
LAYOUT = ((ASK, TOPICS), (BOOK, CONTACTS), (EVENTS, SETTINGS))


def labels(key: str) -> frozenset[str]:
    """How a menu button is called, in every language: people keep old keyboards."""
    return frozenset(t(key) for t in all_texts().values())


def is_button(text: str) -> bool:
    """Tell whether a text is what a menu button sends, in any language."""
    return any(text in labels(key) for row in LAYOUT for key in row)


def menu_screen(t: Texts, text: str) -> Screen:
    """A text with the main menu in place of the keyboard."""
    return Screen(text, menu=[[t(key) for key in row] for row in LAYOUT])


def _command(name: str, description: str) -> dict[str, str]:
    return {"command": name, "description": description}


def commands(t: Texts) -> list[dict[str, str]]:
    """The command menu that everybody sees."""
    return [
        _command("ask", t("Ask a question")),
        _command("topics", t("All topics")),
        _command("book", t("Ask for a free lawyer")),
        _command("my", t("My cases and appointments")),
        _command("events", t("Events to come, registration")),
        _command("contacts", t("Hotlines and offices")),
        _command("hide", t("Hide this conversation")),
        _command("language", t("Change the language")),
        _command("settings", t("Settings")),
        _command("privacy", t("What is kept about me")),
        _command("help", t("How this works")),
    ]


def staff_commands(t: Texts, roles: frozenset[Role]) -> list[dict[str, str]]:
    """What people with a role see besides."""
    listed = []
    if Role.LAWYER in roles:
        listed.append(_command("cases", t("My cases, what is due first")))
        listed.append(_command("schedule", t("My week and my hours")))
    if roles & {Role.ADMIN, Role.COORDINATOR}:
        listed += [
            _command("admin", t("Who holds which role")),
            _command("invite", t("Invite to a role")),
            _command("partners", t("Partners and their lawyers")),
            _command("route", t("Rules of routing, and the way of a case")),
        ]
    if roles & {Role.ADMIN, Role.CURATOR}:
        listed += [
            _command("unanswered", t("Questions without an answer")),
            _command("article", t("Find, correct or withdraw an article")),
        ]
    return listed


def harmless_commands(t: Texts) -> list[dict[str, str]]:
    """The command menu of somebody who hid the conversation: it gives nothing away."""
    return [_command("start", t("Start"))]


def scoped(chat_id: int, listed: list[dict[str, str]]) -> dict[str, Any]:
    """Parameters of setMyCommands for one chat."""
    return {"commands": listed, "scope": {"type": "chat", "chat_id": chat_id}}
