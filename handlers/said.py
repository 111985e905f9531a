"""What the bot says for one side of a talk in the other's language: the lawyer's one-press texts, a contact."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handlers import times
from handlers.menu import n_
from handlers.screens import Button, Screen, bold, plain
from locales import Texts
from storage.cases import Case

# By the place in this list a button names a document: new ones go to the end.
DOCUMENTS = (
    n_("passport"),
    n_("birth certificate"),
    n_("marriage or divorce certificate"),
    n_("work contract"),
    n_("bank statement or receipts"),
    n_("court papers"),
    n_("papers from the police"),
    n_("papers on the house or land"),
    n_("medical papers"),
    n_("letters and messages"),
)
BRING, PHOTO, CALL, READ, CONFIRM, WHERE = "bring", "photo", "call", "read", "confirm", "where"
CONTACT = "contact"  # not a text: a card without the account behind it


def listed(t: Texts, chosen: int) -> str:
    """Documents by the bits of a number, as a list of lines."""
    return "\n".join(f"• {t(name)}" for place, name in enumerate(DOCUMENTS) if chosen >> place & 1)


def words(t: Texts, said: Mapping[str, Any]) -> str:
    """A one-press text in a language, with its details, as plain text."""
    match said["text"]:
        case "bring":
            asked = t("Please bring these documents:")
            return f"{asked}\n{listed(t, said['documents'])}"
        case "photo":
            asked = t("Please send me here a photo of:")
            return f"{asked}\n{listed(t, said['documents'])}"
        case "call":
            moment = times.from_minute(said["minute"])
            return t("I will call you: {moment}.", moment=times.when(t, moment))
        case "confirm":
            moment = times.from_minute(said["minute"])
            return t("Please confirm our appointment: {moment}.", moment=times.when(t, moment))
        case "where":
            return t("Please come to this address: {address}", address=said["address"])
    return t("I have read your case. I will write to you here.")


def screen(t: Texts, said: Mapping[str, Any], name: str, case: Case) -> Screen:
    """A one-press text as the citizen gets it: from the lawyer by name."""
    rows = [[Button(t("✉️ Answer"), f"rl:w:{case.id}")]]
    if said["text"] == CONFIRM:
        named = f"{said['consultation']}:{said['minute']}"
        rows.insert(0, [Button(t("✅ The time suits me"), f"ap:yes:{named}")])
    return Screen(f"{bold(f'👩‍⚖️ {name}')}\n{plain(words(t, said))}", rows)


def contact_card(said: Mapping[str, Any]) -> dict[str, Any]:
    """A shared contact as parameters of sendContact: number and name, not whose account it is."""
    card = {"phone_number": said["phone"], "first_name": said["first"]}
    return card | ({"last_name": said["last"]} if said.get("last") else {})
