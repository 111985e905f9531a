"""Numbers to call: in the text where Telegram makes a number a tap, on a contact card where it doesn't."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from handlers.screens import Button, italic, plain
from knowledge.base import Base
from knowledge.model import Contact, Language, Phone
from knowledge.render import doubt
from locales import texts

CARDS = 6  # on one screen


def spaced(dial: str) -> str:
    """+996312625210 as people read it: +996 312 625 210."""
    return f"{dial[:4]} {dial[4:7]} {dial[7:10]} {dial[10:]}" if len(dial) == 13 else dial


def _number(phone: Phone) -> str:
    # Telegram links only full numbers; one that is short is dialled from its card.
    return spaced(phone.dial) if phone.dial else phone.short


def contact_lines(
    base: Base, contact: Contact, language: Language, *, briefly: bool = False
) -> str:
    """A contact as HTML: number and name, then what for, hours, address, and how sure we are."""
    t = texts(language)
    said = contact.in_language(language)
    numbers = ", ".join(
        _number(phone) + (t(" (ext. {number})", number=phone.ext) if phone.ext else "")
        for phone in contact.phones
    )
    head = f"☎️ <b>{plain(numbers)}</b> — {plain(said.name)}" if numbers else f"🏛 {plain(said.name)}"
    if briefly:
        return head
    lines = [head, plain(said.what)]
    lines += [f"🕘 {plain(said.hours)}"] if said.hours else []
    lines += [f"📍 {plain(said.address)}"] if said.address else []
    if said_doubt := doubt(contact, language, base):
        lines.append(italic(said_doubt))
    return "\n".join(lines)


def phone_lines(base: Base, ids: Iterable[str], language: Language) -> str:
    """Several contacts, a line each, those with numbers first."""
    found = [base.contacts[one] for one in ids if one in base.contacts]
    return "\n".join(
        contact_lines(base, contact, language, briefly=True) for contact in found if contact.phones
    )


def card_buttons(contacts: Iterable[Contact]) -> list[Button]:
    """Buttons for the cards of those whose number the text can't dial."""
    short = [one for one in contacts if one.phones and not one.phones[0].dial]
    return [Button(f"☎️ {one.phones[0].short}", f"card:{one.id}") for one in short[:CARDS]]


def card(contact: Contact, language: Language) -> dict[str, Any]:
    """Parameters of sendContact: a card that dials by a tap, short numbers too."""
    phone = contact.phones[0]
    said = contact.in_language(language)
    return {
        "phone_number": phone.dial or "".join(filter(str.isdigit, phone.short)),
        "first_name": said.name[:64],
    }
