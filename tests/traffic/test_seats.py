"""Two hundred people want fifty seats at the same moment: fifty have one, the others wait in order."""

from __future__ import annotations

import asyncio
import re
from datetime import UTC, datetime

from sandbox import Person
from services import tickets
from storage.database import Database
from storage.events import RegistrationState
from storage.people import Person as Known
from storage.people import Privacy
from tests.conftest import Office, eventually
from tests.conversations.gatherings import planned, registrations_of
from tests.traffic.test_a_case_survives import offers, presses

SEATS, MANY = 50, 200
PATIENCE = 60  # seconds
PLACE = re.compile(r"ваш номер: (\d+)")


async def citizens(office: Office, database: Database) -> list[Person]:
    """People who have long since agreed."""
    now = datetime.now(UTC)
    phones = [office.telegram.person(f"Гость{n}", language_code="ru") for n in range(MANY)]
    async with database.transaction() as session:
        for phone in phones:
            session.add(
                Known(
                    chat_id=phone.id,
                    language="ru",
                    privacy=Privacy.ACCEPTED,
                    discreet=False,
                    created_at=now,
                )
            )
    return phones


def places(phone: Person) -> list[int]:
    """The numbers on the waiting list that somebody was told."""
    return [int(found[1]) for seen in phone.chat if (found := PLACE.search(seen.text))]


def codes(phone: Person) -> list[str]:
    """The codes of the tickets in a chat."""
    shown = [seen.text for seen in phone.chat if "photo" in seen.raw]
    return [found[0] for text in shown if (found := re.search(r"\b\w{4}-\w{4}\b", text))]


async def test_two_hundred_press_for_fifty_seats_at_once(
    office: Office, database: Database
) -> None:
    event = await planned(office, database, seats=SEATS)
    phones = await citizens(office, database)
    confirm = f"ev:d:{event.id}:ok"
    for phone in phones:
        await phone.sends(f"/start e_{event.id}")
    await eventually(lambda: all(offers(one, "ev:r")() for one in phones), PATIENCE)
    for phone in phones:
        await presses(phone, "ev:r")
    await eventually(lambda: all(offers(one, confirm)() for one in phones), PATIENCE)
    await asyncio.gather(*(presses(phone, confirm) for phone in phones))
    await eventually(lambda: all(places(one) or codes(one) for one in phones), PATIENCE)

    registered = await registrations_of(database, event)
    seated, waiting = registered[:SEATS], registered[SEATS:]
    assert len(registered) == MANY
    assert {one.state for one in seated} == {RegistrationState.REGISTERED}
    assert {one.state for one in waiting} == {RegistrationState.WAITING}
    told = sorted(code for phone in phones for code in codes(phone))
    assert told == sorted(tickets.spaced(one.code) for one in seated)
    by_name = {one.name: place for place, one in enumerate(waiting, start=1)}
    for number, phone in enumerate(phones):
        place = by_name.get(f"Гость{number}")
        assert places(phone) == ([place] if place else []), "the place in which they came"
