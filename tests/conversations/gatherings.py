"""Events as staff would have made them, for stories that begin with one."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from locales import HERE
from sandbox import Person
from storage.database import Database
from storage.events import Event, EventState, RegionSeats, Registration
from storage.people import Person as Known
from tests.conftest import Office

TITLES = {"ru": "Право на землю", "ky": "Жерге болгон укук"}
DAYS_AHEAD = 5


async def planned(
    office: Office,
    database: Database,
    *,
    seats: int | None = 50,
    regions: dict[str, int] | None = None,
    **about: Any,
) -> Event:
    """An open event at ten in the morning, some days from now; `about` fills columns of Event."""
    assert office.bot is not None
    now = office.bot.clock.now()
    day = (now + timedelta(days=DAYS_AHEAD)).astimezone(HERE)
    starts_at = day.replace(hour=10, minute=0, second=0, microsecond=0)
    columns: dict[str, Any] = {
        "state": EventState.OPEN,
        "title_ky": TITLES["ky"],
        "title_ru": TITLES["ru"],
        "about_ky": "Юристтер суроолорго жооп берет.",
        "about_ru": "Юристы отвечают на вопросы.",
        "starts_at": starts_at,
        "ends_at": starts_at + timedelta(hours=6),
        "place_ky": "Ош ш., Ленин көч. 5",
        "place_ru": "г. Ош, ул. Ленина, 5",
        "latitude": 40.51,
        "longitude": 72.8,
        "seats": seats,
        "register_until": starts_at - timedelta(hours=12),
        "questions": [],
        "created_by": office.ADMIN,
        "created_at": now,
        **about,
    }
    async with database.transaction() as session:
        event = Event(**columns)
        session.add(event)
        await session.flush()
        for region, number in (regions or {}).items():
            session.add(RegionSeats(event_id=event.id, region=region, seats=number))
    return event


async def changed(database: Database, event: Event, **about: Any) -> None:
    """Change columns of an event behind everybody's back."""
    async with database.transaction() as session:
        there = await session.get_one(Event, event.id)
        for column, value in about.items():
            setattr(there, column, value)


async def registrations_of(database: Database, event: Event) -> list[Registration]:
    """All registrations of an event, in order."""
    async with database.reading() as session:
        found = select(Registration).where(Registration.event_id == event.id)
        return list(await session.scalars(found.order_by(Registration.id)))


async def registration_of(database: Database, event: Event, guest: Person) -> Registration | None:
    """Somebody's last registration for an event."""
    async with database.reading() as session:
        found: Registration | None = await session.scalar(
            select(Registration)
            .join(Known, Known.id == Registration.person_id)
            .where(Registration.event_id == event.id, Known.chat_id == guest.id)
            .order_by(Registration.id.desc())
            .limit(1)
        )
        return found
