"""A lawyer, a citizen and an appointment: what the stories about those have in common."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from icalendar import Calendar

from sandbox import Person
from sandbox.people import Seen
from storage.calendars import Consultation, ConsultationState
from storage.cases import Case
from storage.database import Database
from storage.partners import Lawyer, Way
from tests.conftest import Office, eventually
from tests.conversations.conftest import becomes, forges
from tests.conversations.stories import begins_at, consultations_of, hired, opened, passes

# By language.
WHICH = {"ru": "Какое время вам подходит?", "ky": "Сизге кайсы убакыт ылайыктуу?"}
YOURS = {"ru": "Ваша запись", "ky": "Сиздин жазылууңуз"}
COMING = {"ru": "✅ Приду", "ky": "✅ Келем"}
SETTLED = {"ru": "✅ Спасибо, договорились.", "ky": "✅ Рахмат, макулдаштык."}
ADDRESS = "Ош ш., Ленин көч. 5"


@dataclass
class Story:
    """A lawyer, a citizen, and their case."""

    office: Office
    database: Database
    lawyer_phone: Person
    lawyer: Lawyer
    citizen: Person
    case: Case

    async def times(self, citizen: Person | None = None, case: Case | None = None) -> Seen:
        """The free times, two days from now."""
        citizen, case = citizen or self.citizen, case or self.case
        shown = await opens(citizen, f"ap:new:{case.id}")
        await becomes(citizen, shown, "📅")
        for _ in range(2):
            before = as_shown(citizen, shown).text
            onward = next(one for one in as_shown(citizen, shown).buttons if "▶️" in one)
            await citizen.presses(onward, on=shown)
            await eventually(lambda before=before: as_shown(citizen, shown).text != before)
        return as_shown(citizen, shown)

    async def chooses(
        self, at: str = "11:00", citizen: Person | None = None, case: Case | None = None
    ) -> Consultation:
        """The citizen chooses a time, two days from now."""
        citizen, case = citizen or self.citizen, case or self.case
        shown = await self.times(citizen, case)
        await citizen.presses(at, on=shown)
        await eventually(lambda: as_shown(citizen, shown).text.startswith("✅"))
        return await self.appointment(case)

    async def appointment(self, case: Case | None = None) -> Consultation:
        """The case's appointment as it stands."""
        booked = [
            one
            for one in await consultations_of(self.database, case or self.case)
            if one.state is ConsultationState.BOOKED
        ]
        assert len(booked) == 1
        return booked[0]

    async def state(self, consultation: Consultation) -> ConsultationState:
        """Where an appointment stands."""
        async with self.database.reading() as session:
            return (await session.get_one(Consultation, consultation.id)).state


def as_shown(person: Person, seen: Seen) -> Seen:
    """A message as it stands on the screen now."""
    return next(one for one in person.chat if one.id == seen.id)


async def opens(person: Person, data: str) -> Seen:
    """Press a button that leads there, as other screens have; give back the message it changes."""
    sent = await person.sends("/settings")

    def screens() -> list[Seen]:
        return [one for one in person.chat if one.id > sent.id and "set:place" in str(one.rows)]

    await eventually(lambda: bool(screens()))
    screen = screens()[0]
    await forges(person, data, screen).answer()
    return screen


async def twice(office: Office, person: Person, label: str, on: Seen) -> None:
    """Press a button, and once more when an impatient thumb's second press no longer is one."""
    data = on.button(label)["callback_data"]
    for _ in range(2):
        await forges(person, data, on).answer()
        await passes(office, seconds=3)


async def story(
    office: Office, database: Database, speaks: str = "ru", lawyer_speaks: str = "ru", **about: Any
) -> Story:
    """A lawyer has accepted a citizen's case, which has no time yet; it is ten in the morning."""
    await begins_at(office)
    phone, lawyer = await hired(
        office, database, "Нурлан", lawyer_speaks, address=ADDRESS, latitude=40.51, longitude=72.8
    )
    citizen = await office.citizen("Айнура", speaks)
    case = await opened(office, database, citizen, lawyer=lawyer, **{"way": Way.IN_PERSON, **about})
    return Story(office, database, phone, lawyer, citizen, case)


def file_in(office: Office, seen: Seen) -> dict[str, str]:
    """What a calendar file in a chat says."""
    document = seen.raw["document"]
    bot = office.telegram.world.bot
    content = office.telegram.world.files.by_file_id(bot.id, document["file_id"]).content
    (event,) = Calendar.from_ical(content).walk("VEVENT")
    return {name: str(event[name]) for name in ("SUMMARY", "LOCATION") if name in event} | {
        "DTSTART": event["DTSTART"].dt.isoformat(),
        "FILE": document["file_name"],
    }


async def documents(person: Person, number: int = 1) -> list[Seen]:
    """The files in a chat, once there are so many."""

    def there() -> list[Seen]:
        return [one for one in person.chat if "document" in one.raw]

    await eventually(lambda: len(there()) >= number)
    return there()
