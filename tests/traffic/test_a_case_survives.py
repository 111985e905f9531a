"""From a question to a lawyer, the process killed after every step: nothing lost, nothing doubled."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import select

import sandbox
from handlers.booking.draft import Draft, Said
from handlers.booking.flow import STEPS
from sandbox import Person
from storage import people as known
from storage.calendars import Consultation, ConsultationState
from storage.cases import Case, CaseFile, CaseState
from storage.database import Database
from storage.dialogs import Dialog
from storage.partners import Partner
from storage.relay import RelayedMessage
from storage.routing import Handoff, HandoffState, RoutingRule
from storage.traffic import InboxState, InboxUpdate
from tests.conftest import TOKEN, Office, eventually
from tests.conversations.stories import hired, presses, with_button
from tests.traffic.test_nothing_is_lost import bot_process

NOW = datetime.now(UTC)
MANY = 200
PATIENCE = 30  # seconds for a start and what comes after it
Step = Callable[[], Awaitable[object]]


class Killed:
    """The bot, killed a moment after each step of a story and started anew."""

    def __init__(self, office: Office, folder: Path) -> None:
        self.office = office
        self.folder = folder
        self.chance = random.Random(11)

    async def play(self, *steps: tuple[Step, Callable[[], bool]]) -> None:
        """Each step comes while the bot works; what has to come of it comes from the next one."""
        url, database = self.office.telegram.url, self.office.database_url
        acts = [act for act, _ in steps]
        outcomes = [happened for _, happened in steps]
        for act, awaited in zip(acts, [_begun, *outcomes[:-1]], strict=True):
            async with bot_process(self.folder, url, database):
                await eventually(awaited, PATIENCE)
                await act()
                await asyncio.sleep(self.chance.uniform(0, 0.15))
        async with bot_process(self.folder, url, database):
            await eventually(outcomes[-1], PATIENCE)


def _begun() -> bool:
    """What precedes the first step: nothing."""
    return True


async def _staffed(office: Office, database: Database) -> tuple[Person, Person, Person]:
    """Two partners with a lawyer each, whose rules catch every case; and a citizen."""
    first, _ = await hired(office, database, "Айбек", "ru", partner="Адилет")
    second, _ = await hired(office, database, "Чолпон", "ru", partner="Укук")
    async with database.transaction() as session:
        for position, partner in enumerate(
            await session.scalars(select(Partner).order_by(Partner.id))
        ):
            session.add(RoutingRule(position=position, partner_id=partner.id))
    return first, second, await office.citizen("Айнура", "ru")


def sees(person: Person, text: str) -> Callable[[], bool]:
    return lambda: any(text in seen.text for seen in person.chat)


def offers(person: Person, data: str) -> Callable[[], bool]:
    return lambda: with_button(person, data) is not None


async def test_a_case_is_neither_lost_nor_doubled(
    database_url: str, database: Database, tmp_path: Path
) -> None:
    async with sandbox.running(token=TOKEN) as telegram:
        office = Office(telegram, database_url)
        await office.open()
        aibek, cholpon, ainura = await _staffed(office, database)
        await office.close()
        await Killed(office, tmp_path).play(
            (lambda: ainura.sends("/book"), offers(ainura, "bk:topic:labour")),
            (lambda: presses(ainura, "bk:topic:labour"), offers(ainura, "bk:region:KG-GO")),
            (lambda: presses(ainura, "bk:region:KG-GO"), offers(ainura, "bk:way:phone")),
            (lambda: presses(ainura, "bk:way:phone"), offers(ainura, "bk:story")),
            (lambda: ainura.sends("Не платят три месяца"), offers(ainura, "bk:story:done")),
            (lambda: presses(ainura, "bk:story:done"), offers(ainura, "bk:opponent")),
            (lambda: presses(ainura, "bk:opponent:skip"), offers(ainura, "bk:urgent:no")),
            (lambda: presses(ainura, "bk:urgent:no"), offers(ainura, "bk:called")),
            (lambda: ainura.sends("Айнура эже"), offers(ainura, "bk:name")),
            (lambda: presses(ainura, "bk:name:skip"), offers(ainura, "bk:phone")),
            (lambda: ainura.sends("0555 123 456"), offers(ainura, "bk:slot:at")),
            (lambda: presses(ainura, "bk:slot:at"), offers(ainura, "bk:summary:confirm")),
            (lambda: presses(ainura, "bk:summary:confirm"), offers(aibek, "ho:d")),
            (lambda: presses(aibek, "ho:d"), offers(aibek, "ho:w")),
            (lambda: presses(aibek, "ho:w"), offers(cholpon, "ho:a")),
            (lambda: presses(cholpon, "ho:a"), sees(cholpon, "+996 555 123 456")),
            (lambda: cholpon.sends("Здравствуйте, это юрист"), sees(ainura, "это юрист")),
            (lambda: ainura.sends("Договора нет"), sees(cholpon, "Договора нет")),
        )
        assert telegram.world.violations.since(0) == []
    async with database.reading() as session:
        (case,) = await session.scalars(select(Case))
        assert case.state is CaseState.IN_WORK
        assert (case.story, case.phone) == ("Не платят три месяца", "+996555123456")
        states = await session.scalars(select(Handoff.state).order_by(Handoff.id))
        assert list(states) == [HandoffState.DECLINED, HandoffState.ACCEPTED]
        (appointment,) = await session.scalars(select(Consultation))
        assert appointment.state is ConsultationState.BOOKED
        assert appointment.lawyer_id == case.lawyer_id
        assert len(list(await session.scalars(select(RelayedMessage)))) == 2
        assert not list(await session.scalars(select(CaseFile)))
        waiting = select(InboxUpdate).where(InboxUpdate.state != InboxState.DONE)
        assert not list(await session.scalars(waiting)), "set aside or left behind"


async def about_to_choose(office: Office, database: Database, number: int) -> list[Person]:
    """Citizens who have answered all but when."""
    draft = Draft(
        topic="labour",
        region="KG-GO",
        story=[Said(message_id=1, text="Не платят")],
        called="Айнура",
        phone="+996555123456",
        answered={step for step in STEPS if step != "slot"},
    )
    citizens = [office.telegram.person(f"N{n}", language_code="ru") for n in range(number)]
    async with database.transaction() as session:
        for one in citizens:
            person = known.Person(
                chat_id=one.id,
                language="ru",
                privacy=known.Privacy.ACCEPTED,
                discreet=False,
                created_at=NOW,
            )
            said = draft.model_dump(mode="json")
            dialog = Dialog(chat_id=one.id, name="bk", step="slot", data=said, updated_at=NOW)
            session.add_all([person, dialog])
    return citizens


async def test_two_hundred_press_the_same_hour_at_once(office: Office, database: Database) -> None:
    """One has it; the others are told so and offered the next hours."""
    await _staffed(office, database)
    citizens = await about_to_choose(office, database, MANY)
    for one in citizens:
        await one.sends("/book")
    await eventually(lambda: all(offers(one, "bk:again")() for one in citizens), PATIENCE)
    for one in citizens:
        await presses(one, "bk:again")
    await eventually(lambda: all(offers(one, "bk:slot:at")() for one in citizens), PATIENCE)
    wanted = {first_hour(one) for one in citizens}
    assert len(wanted) == 1
    await asyncio.gather(*(presses(one, wanted.copy().pop()) for one in citizens))
    told = "Это время только что заняли"
    await eventually(lambda: sum(sees(one, told)() for one in citizens) == MANY - 1, PATIENCE)
    (lucky,) = [one for one in citizens if offers(one, "bk:summary:confirm")()]
    assert all(first_hour(one) not in wanted for one in citizens if one is not lucky)
    async with database.reading() as session:
        (held,) = await session.scalars(select(Consultation))
    assert held.chat_id == lucky.id


def first_hour(person: Person) -> str:
    """The data of the first hour on the screen."""
    seen = with_button(person, "bk:slot:at")
    assert seen is not None
    return str(seen.rows[0][0]["callback_data"])
