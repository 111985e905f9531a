"""What `make run` begins with: in that world the whole way can be played, by anybody of it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest_asyncio
from sqlalchemy import select

import sandbox
from bot import demo
from sandbox import Person
from services import rules
from storage.database import Database
from storage.partners import Lawyer
from tests.conftest import Office, eventually
from tests.conversations.conftest import becomes
from tests.conversations.stories import begins_at
from tests.conversations.test_booking import Walk
from tests.conversations.test_handoffs import ACCEPT, BUSY, CARD, DECLINE, WHY

Phones = dict[str, Person]


@pytest_asyncio.fixture
async def phones(office: Office) -> Phones:
    """The demo's people; it is ten in the morning there."""
    await office.close()
    await office.open(admin_ids=frozenset({demo.admin_id()}))
    assert office.bot is not None
    made = await demo.furnish(office.bot, office.telegram)
    await office.restart()
    for phone in (*demo.ROLES, demo.ADMIN):
        await made[phone].hears()
    await begins_at(office)
    return made


async def meets(person: Person, speaks: str) -> None:
    """First contact."""
    await person.sends("/start")
    await person.sees("Тилди тандаңыз")
    await person.presses(f"lang:{speaks}")
    await person.sees("/privacy")
    await person.presses("priv:yes")


async def test_declined_by_one_partner_it_is_taken_in_the_group_of_the_other(
    office: Office, phones: Phones
) -> None:
    ainura, gulnara, sanjar = phones["citizen-ky"], phones["lawyer"], phones["second-lawyer"]
    (group,) = office.telegram.world.chats.values()
    await meets(ainura, "ky")
    walk = Walk(ainura, "ky")
    await walk.to_summary(slot=0)
    await walk.confirms()

    card = await gulnara.sees(CARD["ky"])
    await gulnara.presses(DECLINE["ky"], on=card)
    await gulnara.presses(BUSY["ky"], on=await becomes(gulnara, card, WHY["ky"]))
    await ainura.sees("азырынча ырастала элек")
    await eventually(lambda: any(one.buttons for one in sanjar.screen(group)))
    (card,) = [one for one in sanjar.screen(group) if one.buttons]
    label = next(one for one in card.buttons if one in ACCEPT.values())
    await sanjar.presses(label, on=card, chat=group)
    await sanjar.sees("Кантип кайрылуу керек: Айнура")
    await ainura.sees("Санжар Эргешов (демо) (Демо: Адвокаты Ферганы)")


async def test_at_night_danger_wakes_only_who_is_on_duty(office: Office, phones: Phones) -> None:
    oleg, gulnara, nurgul = phones["citizen-ru"], phones["lawyer"], phones["coordinator"]
    await begins_at(office, 23)
    await meets(oleg, "ru")
    await oleg.sends("/start b_safety")
    walk = Walk(oleg, "ru")
    await walk.answers("region", "KG-GO")
    await walk.answers("way", "chat")
    await walk.answers("story", "skip")
    await walk.answers("opponent", "skip")
    await walk.answers("urgent", "danger")
    await walk.answers("called", "own")
    await walk.answers("name", "skip")
    await walk.answers("phone", "skip")
    await walk.press("bk:safe:any", await oleg.sees("безопасно звонить"))
    await walk.press("bk:neutral:no", await oleg.sees("смотрит в ваш телефон"))
    await walk.confirms()
    await gulnara.sees("🆘")
    assert not any("🆘" in one.text for one in [*phones["second-lawyer"].chat, *nurgul.chat])


async def test_it_is_plainly_a_demo_and_catches_every_case(
    phones: Phones, database: Database
) -> None:
    async with database.reading() as session:
        lawyers = (await session.scalars(select(Lawyer))).all()
        last = (await rules.in_order(session))[-1]
    assert len(lawyers) == 3 and all(demo.MADE_UP in one.name for one in lawyers)
    assert [one.chat_id for one in lawyers if one.on_duty] == [phones["lawyer"].id]
    assert "cases" in [one["command"] for one in phones["lawyer"].menu]
    assert not last.conditions and last.weekly_most is None
    page = Path(sandbox.__file__).parent / "page"
    shown = json.loads((page / "cast.json").read_text())["phones"]
    assert {*demo.OSH.lawyers, *demo.VALLEY.lawyers, demo.ADMIN, "curator"} <= set(shown)
