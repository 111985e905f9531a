"""What stories begin with: a lawyer at work for a partner, a case of a citizen."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from locales import HERE
from sandbox import Person
from sandbox.people import Seen
from services import cases, partners, people
from storage.calendars import Consultation, WeeklyHours
from storage.cases import Case, Urgency
from storage.database import Database
from storage.partners import Lawyer, Partner, Way
from storage.people import Grant, Role
from tests.conftest import Office, eventually

OPENS, CLOSES = 9 * 60, 18 * 60  # minutes after midnight, in Bishkek


async def passes(office: Office, **time: float) -> None:
    """Let time pass, and what has become due happen: `hours=2`, as of a timedelta."""
    assert office.bot is not None
    office.telegram.advance(timedelta(**time).total_seconds())
    await office.bot.look_at_the_clock()


async def comes(office: Office, moment: datetime) -> None:
    """Let time pass until an instant."""
    assert office.bot is not None
    await passes(office, seconds=(moment - office.bot.clock.now()).total_seconds())


async def begins_at(office: Office, hour: int = 10) -> None:
    """Let the story begin when it is this hour in Bishkek: a test knows no night."""
    assert office.bot is not None
    now = office.bot.clock.now().astimezone(HERE)
    moment = now.replace(hour=hour, minute=0, second=0)
    await comes(office, moment if moment > now else moment + timedelta(days=1))


async def hired(
    office: Office,
    database: Database,
    name: str = "Нурлан",
    speaks: str = "ru",
    *,
    partner: str = "Адилет",
    **about: Any,
) -> tuple[Person, Lawyer]:
    """A lawyer of a partner, with hours on every day of the week; `about` fills columns of Lawyer.

    The partner is made with its first lawyer.
    """
    assert office.bot is not None
    phone = await office.citizen(name, speaks)
    now = office.bot.clock.now()
    async with database.transaction() as session:
        person = await people.known(session, phone.id)
        assert person is not None
        of = await session.scalar(select(Partner).where(Partner.name == partner))
        of = of or await partners.add_partner(session, partner, now)
        lawyer = await partners.join(
            session, partner_id=of.id, person=person, name=f"{name} Асанов", now=now
        )
        for column, value in about.items():
            setattr(lawyer, column, value)
        session.add(
            Grant(
                person_id=person.id,
                role=Role.LAWYER,
                name=name,
                granted_by=office.ADMIN,
                granted_at=now,
            )
        )
        for weekday in range(7):
            session.add(
                WeeklyHours(lawyer_id=lawyer.id, weekday=weekday, starts=OPENS, ends=CLOSES)
            )
    return phone, lawyer


async def opened(
    office: Office,
    database: Database,
    citizen: Person,
    *,
    lawyer: Lawyer | None = None,
    **about: Any,
) -> Case:
    """A citizen's case as the booking would have opened it; with `lawyer`, one they accepted."""
    assert office.bot is not None
    now = office.bot.clock.now()
    told = {
        "topic": "labour",
        "article": "labour/unpaid-wages",
        "region": "KG-GO",
        "district": None,
        "language": "ky",
        "way": Way.PHONE,
        "urgency": Urgency.NORMAL,
        "danger": None,
        "deadline": None,
        "story": "Үч айдан бери айлык ала элекмин",
        "files": [],
        "opponent": "ОсОО «Дастан»",
        "called": "Айнура эже",
        "full_name": "Токтосунова Айнура",
        "phone": "+996555123456",
        "somebody_else": None,
        "consent": False,
        "safe_hours": None,
        "neutral": False,
        **about,
    }
    async with database.transaction() as session:
        person = await people.known(session, citizen.id)
        assert person is not None
        case = await cases.open_case(session, cases.NewCase(**told), person, now)
        if lawyer is not None:
            await cases.assign(session, case, lawyer, now=now)
    return case


async def fresh(database: Database, row: Any) -> Any:
    """A row as it stands in the database now."""
    async with database.reading() as session:
        return await session.get(type(row), row.id)


async def consultations_of(database: Database, case: Case) -> list[Consultation]:
    """A case's appointments, the oldest first."""
    async with database.reading() as session:
        found = select(Consultation).where(Consultation.case_id == case.id)
        return list(await session.scalars(found.order_by(Consultation.id)))


def with_button(person: Person, data: str) -> Seen | None:
    """The newest message that has a button whose data begins like this."""
    for seen in reversed(person.chat):
        for row in seen.rows:
            if any((button.get("callback_data") or "").startswith(data) for button in row):
                return seen
    return None


async def presses(person: Person, data: str) -> None:
    """Press a button once it is on the screen; `data` is how its data begins."""
    try:
        await eventually(lambda: with_button(person, data) is not None)
    except TimeoutError:
        shown = [(seen.text, seen.buttons) for seen in person.chat[-3:]]
        raise AssertionError(f"no button {data!r}; the last are {shown}") from None
    seen = with_button(person, data)
    assert seen is not None
    buttons = [button for row in seen.rows for button in row]
    button = next(one for one in buttons if (one.get("callback_data") or "").startswith(data))
    await person.presses(button["callback_data"], on=seen)
