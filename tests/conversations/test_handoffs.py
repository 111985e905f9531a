"""A case is offered to one lawyer after another until somebody accepts; cards never tell who it is."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from bot import outbox
from handlers import handoffs
from handlers.context import Turn
from sandbox import Person
from sandbox.chats import SharedChat
from sandbox.people import Seen
from services import cases, partners, people, routing
from storage.cases import Case, CaseEvent, CaseState, EventKind
from storage.database import Database
from storage.partners import Lawyer, Partner
from storage.people import Grant, Role
from storage.routing import Handoff, HandoffState, RoutingRule
from tests.conftest import Office, eventually
from tests.conversations.conftest import SURE, becomes, forges, said_by_bot
from tests.conversations.stories import begins_at, fresh, hired, opened, passes

STRANGER = "только для сотрудников"
STORY = "Үч айдан бери айлык ала элекмин, директор Дастан Токтогулов карматпайт"
SECRETS = ("Айнура", "Токтосунова", "555", "Дастан", "айлык ала элекмин")
ACCEPT = {"ru": "✅ Беру", "ky": "✅ Алам"}
DECLINE = {"ru": "✖️ Не могу взять", "ky": "✖️ Ала албайм"}
READ = {"ru": "👁 Прочитать рассказ", "ky": "👁 Окуяны окуу"}
CARD = {"ru": "Дело для вас", "ky": "Сизге иш келди"}
BUSY = {"ru": "Сейчас слишком много дел", "ky": "Азыр ишим көп"}
WHY = {"ru": "Почему вы не можете взять", "ky": "эмнеге ала албайсыз"}
OTHER = {"ru": "✍️ Другая причина", "ky": "✍️ Башка себеп"}
REALLY = {"ru": "✖️ Да, отказаться", "ky": "✖️ Ооба, албайм"}
DECLINED = {"ru": "Вы отказались от дела", "ky": "албай турганыңызды айттыңыз"}
FILES_LATER = {"ru": "Файлы получит тот, кто возьмёт дело", "ky": "Файлдарды ишти алган юрист"}
LOOKING = {"ru": "Мы ищем другого юриста", "ky": "башка юрист издеп жатабыз"}
TAKES_CARE = {"ru": "занимается юрист: Бакыт Асанов", "ky": "юрист Бакыт Асанов"}


async def rules_for(database: Database, *lawyers: Lawyer) -> None:
    """All cases go to the partners of these lawyers, in this order."""
    async with database.transaction() as session:
        for place, partner_id in enumerate(dict.fromkeys(one.partner_id for one in lawyers)):
            session.add(RoutingRule(position=place, partner_id=partner_id))


async def posted(office: Office, case: Case) -> Case:
    """A case is routed and its cards are sent, as at the end of a booking."""
    bot = office.bot
    assert bot is not None
    async with bot.database.transaction() as session:
        turn = Turn(session=session, now=bot.clock.now(), resources=bot.resources)
        found = await cases.get(session, case.id)
        assert found is not None
        offer = await routing.route(session, found, turn.now)
        await handoffs.post(turn, offer, found)
        await outbox.put(session, turn.calls, owner=bot._membership.id, now=turn.now)
    bot._sender.wake()
    return case


async def offered(office: Office, database: Database, citizen: Person, **about: Any) -> Case:
    """A citizen's case on its way to a lawyer."""
    case = await opened(office, database, citizen, **{"story": STORY, **about})
    return await posted(office, case)


async def events(database: Database, case: Case) -> list[EventKind]:
    """What happened to a case."""
    async with database.reading() as session:
        found = select(CaseEvent).where(CaseEvent.case_id == case.id).order_by(CaseEvent.id)
        return [one.kind for one in await session.scalars(found)]


async def handoffs_of(database: Database, case: Case) -> list[Handoff]:
    """To whom a case was offered, the first first."""
    async with database.reading() as session:
        found = select(Handoff).where(Handoff.case_id == case.id).order_by(Handoff.id)
        return list(await session.scalars(found))


def tells_nothing(seen: Seen) -> bool:
    """Whether a card is without the person and the story."""
    return not any(secret in str(seen.raw) for secret in SECRETS)


@pytest.mark.parametrize(("citizen_speaks", "speaks"), [("ky", "ru"), ("ru", "ky")])
async def test_declined_it_goes_to_the_next_lawyer_then_to_the_next_partner(
    office: Office, database: Database, citizen_speaks: str, speaks: str
) -> None:
    nurlan, first = await hired(office, database, "Нурлан", speaks)
    aida, _ = await hired(office, database, "Аида", speaks)
    bakyt, third = await hired(office, database, "Бакыт", speaks, partner="Мээрим")
    await rules_for(database, first, third)
    ainura = await office.citizen("Айнура", citizen_speaks)
    await begins_at(office)
    photo = (
        "photo",
        (await ainura.sends_photo()).raw["photo"][-1]["file_id"],
        "Дастан менен келишим",
    )
    case = await offered(office, database, ainura, files=[photo])

    card = await nurlan.sees(CARD[speaks])
    assert tells_nothing(card) and case.number in card.text and READ[speaks] in card.buttons
    assert FILES_LATER[speaks] in card.text
    await nurlan.presses(READ[speaks], on=card)
    told = await nurlan.sees("айдан бери айлык ала элекмин")
    assert "Дастан" not in told.text and "Токтогулов" not in told.text
    await nurlan.presses(DECLINE[speaks], on=card)
    await nurlan.presses(BUSY[speaks], on=await becomes(nurlan, card, WHY[speaks]))
    await becomes(nurlan, card, DECLINED[speaks])
    await eventually(lambda: not any("айлык" in text for text in said_by_bot(nurlan)))
    assert not any("photo" in seen.raw for seen in nurlan.chat)
    await ainura.sees(LOOKING[citizen_speaks])

    card = await aida.sees(CARD[speaks])
    await aida.presses(DECLINE[speaks], on=card)
    await aida.presses(OTHER[speaks], on=await becomes(aida, card, WHY[speaks]))
    await aida.sees("кыскача" if speaks == "ky" else "в нескольких словах")
    await aida.sends(SURE[speaks][0])  # no reason: a question in between declines nothing
    asked = await aida.sees(f"«{SURE[speaks][0]}»")
    await aida.sends("Директор менин тууганым")
    own = await aida.sees("«Директор менин тууганым»")
    stale = await aida.presses(REALLY[speaks], on=asked)
    assert {"ky": "эскирип", "ru": "устарела"}[speaks] in (await stale.answer())["text"]
    await aida.presses(REALLY[speaks], on=own)
    await becomes(aida, own, DECLINED[speaks])

    card = await bakyt.sees(CARD[speaks])
    assert tells_nothing(card)
    await bakyt.presses(ACCEPT[speaks], on=card)
    person = await bakyt.sees("+996 555 123 456")
    assert "Айнура эже" in person.text and "Дастан" in person.text
    await bakyt.sees(STORY)
    await eventually(lambda: any("photo" in seen.raw for seen in bakyt.chat))
    await ainura.sees(TAKES_CARE[citizen_speaks])
    now = await fresh(database, case)
    assert (now.state, now.lawyer_id) == (CaseState.IN_WORK, third.id)
    states = [one.state for one in await handoffs_of(database, case)]
    assert states == [HandoffState.DECLINED, HandoffState.DECLINED, HandoffState.ACCEPTED]
    kinds = await events(database, case)
    assert EventKind.READ_STORY in kinds and EventKind.READ_PERSON in kinds


async def with_group(office: Office, database: Database, *members: Person) -> SharedChat:
    """A group of the lawyers' partner, to which cards are sent."""
    group = office.telegram.group("Адилет", list(members))
    async with database.transaction() as session:
        partner = (await session.scalars(select(Partner))).one()
        await partners.bind_group(session, partner, group.id)
    return group


async def test_in_a_group_the_first_to_accept_has_it(office: Office, database: Database) -> None:
    nurlan, first = await hired(office, database, "Нурлан")
    aida, _ = await hired(office, database, "Аида")
    oleg = await office.citizen("Олег", "ru")
    group = await with_group(office, database, nurlan, aida, oleg)
    await rules_for(database, first)
    ainura = await office.citizen()
    await begins_at(office)
    case = await offered(office, database, ainura)

    card = await aida.sees("Дело для вас", chat=group)
    assert tells_nothing(card) and READ["ru"] not in card.buttons
    own = await nurlan.sees("Дело для вас")
    stranger = await oleg.presses("✅ Беру", on=card, chat=group)
    assert STRANGER in (await stranger.answer())["text"]
    forged = forges(aida, f"ho:s:{card.button('✅ Беру')['callback_data'].split(':')[2]}")
    assert "устарела" in (await forged.answer())["text"], "the story is for the one who was asked"

    pressed = [
        await aida.presses("✅ Беру", on=card, chat=group),
        await nurlan.presses("✅ Беру", on=own),
    ]
    said = [(await one.answer()).get("text") or "" for one in pressed]
    assert sorted("к другому юристу" in text for text in said) == [False, True], said
    now = await fresh(database, case)
    taker, other = (aida, nurlan) if now.lawyer_id != first.id else (nurlan, aida)
    await taker.sees("+996 555 123 456")
    await becomes_in(aida, group, card, "Дело взял")
    await becomes(nurlan, own, "Вы взяли" if taker is nurlan else "Дело взял ваш коллега")
    assert not any("555" in text for text in said_by_bot(other))
    assert all(tells_nothing(seen) for seen in aida.screen(group))


async def test_where_there_are_topics_all_of_a_case_comes_in_its_own(
    office: Office, database: Database
) -> None:
    await office.close()
    office.telegram.bot.has_topics = True
    await office.open()
    nurlan, lawyer = await hired(office, database)
    await rules_for(database, lawyer)
    ainura = await office.citizen()
    await begins_at(office)
    case = await offered(office, database, ainura, files=[("photo", await a_photo(ainura), None)])
    await nurlan.presses("✅ Беру", on=await nurlan.sees("Дело для вас"))
    handed = [await nurlan.sees("+996 555 123 456"), await nurlan.sees(STORY)]
    await eventually(lambda: any("photo" in seen.raw for seen in nurlan.chat))
    handed += [seen for seen in nurlan.chat if "photo" in seen.raw]
    topics = {nurlan.private.topics[seen.raw["message_thread_id"]].name for seen in handed}
    assert len(topics) == 1 and topics.pop().startswith(case.number)


async def a_photo(person: Person) -> str:
    """The id of a photo that somebody has sent."""
    sent = await person.sends_photo()
    return str(sent.raw["photo"][-1]["file_id"])


async def becomes_in(person: Person, chat: SharedChat, seen: Seen, text: str) -> None:
    """Wait until a message in a group shows `text`."""
    await eventually(
        lambda: any(one.id == seen.id and text in one.text for one in person.screen(chat))
    )


async def test_who_declines_in_a_group_is_asked_why_in_private(
    office: Office, database: Database
) -> None:
    nurlan, first = await hired(office, database, "Нурлан")
    aida, _ = await hired(office, database, "Аида")
    group = await with_group(office, database, nurlan, aida)
    await rules_for(database, first)
    ainura = await office.citizen()
    nuria = await office.admin()
    await begins_at(office)
    case = await offered(office, database, ainura)
    card = await aida.sees("Дело для вас", chat=group)
    pressed = await aida.presses("✖️ Не могу взять", on=card, chat=group)
    assert "в личном чате" in (await pressed.answer())["text"]
    asked = await aida.sees("Почему вы не можете взять")
    assert card.text == (await aida.sees("Дело для вас", chat=group)).text
    await aida.presses("Не моя область", on=asked)
    await becomes(aida, asked, "Вы отказались от дела")
    await becomes_in(aida, group, card, "передано дальше")
    await becomes(nurlan, await nurlan.sees(case.number), "передано дальше")
    await nuria.sees("У этого дела нет юриста")
    (handoff,) = await handoffs_of(database, case)
    assert handoff.why == "Не моя область"


async def test_what_nobody_answers_goes_on_until_the_coordinator_has_it(
    office: Office, database: Database
) -> None:
    nurlan, first = await hired(office, database, "Нурлан")
    bakyt, second = await hired(office, database, "Бакыт", partner="Мээрим")
    await rules_for(database, first, second)
    nuria, ermek = await office.admin(), await coordinator(office, database)
    ainura = await office.citizen("Айнура", "ru")
    await begins_at(office)
    case = await offered(office, database, ainura)
    card = await nurlan.sees("Дело для вас")
    await office.bot.look_at_the_clock()  # type: ignore[union-attr]
    assert len(await handoffs_of(database, case)) == 1, "it isn't late yet"
    await passes(office, days=14)
    await nuria.sees(f"{case.number}: партнёр Адилет не ответил вовремя; теперь спрошен Мээрим")
    await becomes(nurlan, card, "передано дальше")
    late = await forges(nurlan, card.button("✅ Беру")["callback_data"]).answer()
    assert "к другому юристу" in late["text"]
    await bakyt.sees("Дело для вас")
    await passes(office, days=14)
    await nuria.sees(f"{case.number}: партнёр Мээрим не ответил вовремя; теперь дело у вас")
    asked, other = await nuria.sees("У этого дела нет юриста"), await ermek.sees("нет юриста")
    assert tells_nothing(asked)
    assert (await fresh(database, case)).state is CaseState.NEW
    assert sum("ищем другого юриста" in text for text in said_by_bot(ainura)) == 2

    await nuria.presses("🏛 Другой партнёр", on=asked)
    chosen = await becomes(nuria, asked, "Какому партнёру передать")
    await nuria.presses("Мээрим", on=chosen)
    await becomes(nuria, asked, "предложено партнёру Мээрим")
    await becomes(ermek, other, "Предложено партнёру: Мээрим")
    again = await forges(ermek, f"de:o:{case.id}:{first.partner_id}").answer()
    assert "already" not in again["text"] and again["text"]
    assert [one.partner_id for one in await handoffs_of(database, case)][-1] == second.partner_id
    assert len(await handoffs_of(database, case)) == 3


async def coordinator(office: Office, database: Database) -> Person:
    """Somebody who coordinates and is no administrator."""
    ermek = await office.citizen("Эрмек", "ru")
    async with database.transaction() as session:
        person = await people.known(session, ermek.id)
        assert person is not None
        grant = Grant(
            person_id=person.id,
            role=Role.COORDINATOR,
            name="Эрмек",
            granted_by=office.ADMIN,
            granted_at=office.bot.clock.now(),  # type: ignore[union-attr]
        )
        session.add(grant)
    return ermek


async def test_many_that_are_late_go_on_in_order(office: Office, database: Database) -> None:
    """After an outage the oldest go first, and each goes on once."""
    _, first = await hired(office, database, "Нурлан")
    _, second = await hired(office, database, "Бакыт", partner="Мээрим")
    await rules_for(database, first, second)
    ainura = await office.citizen()
    await begins_at(office)
    offers = [await offered(office, database, ainura) for _ in range(handoffs.MOST_AT_ONCE + 5)]
    await passes(office, days=14)
    # The bot may have looked at the clock a second time by itself; never at one behind another.
    once = [len(await handoffs_of(database, case)) for case in offers]
    assert once[: handoffs.MOST_AT_ONCE] == [2] * handoffs.MOST_AT_ONCE
    assert set(once[handoffs.MOST_AT_ONCE :]) in ({1}, {2})
    await office.bot.look_at_the_clock()  # type: ignore[union-attr]
    assert [len(await handoffs_of(database, case)) for case in offers] == [2] * len(offers)
    for case in offers:
        now = await fresh(database, case)
        assert now.state is CaseState.OFFERED and now.clock_at is not None


async def test_forged_and_replayed_presses_do_nothing(office: Office, database: Database) -> None:
    nurlan, first = await hired(office, database, "Нурлан")
    aida, _ = await hired(office, database, "Аида")
    bakyt, second = await hired(office, database, "Бакыт", partner="Мээрим")
    gone, dismissed = await hired(office, database, "Темир")
    await rules_for(database, first, second)
    oleg = await office.citizen("Олег", "ru")
    await begins_at(office)
    case = await offered(office, database, await office.citizen())
    card = await nurlan.sees("Дело для вас")
    number = card.button("✅ Беру")["callback_data"].split(":")[2]
    async with database.transaction() as session:
        lawyer = await partners.lawyer_by_id(session, dismissed.id)
        await partners.end_lawyer(session, lawyer, by=office.ADMIN, now=lawyer.joined_at)
    for person in (oleg, aida, bakyt, gone):
        for data in ("a", "d", "s", "c", "o"):
            answer = await forges(person, f"ho:{data}:{number}").answer()
            assert answer["text"], (person.account.user["first_name"], data)
        await forges(person, f"ho:w:{number}:busy").answer()
    for data in ("ho:a:999999", "ho:w:1:nothing", "ho:a:x", "ho:a:-1", "ho:s", f"ho:a:{9**20}"):
        assert (await forges(nurlan, data).answer())["text"], data
    for data in (
        f"de:o:{case.id}:{second.partner_id}",
        f"de:t:{case.id}",
        "de",
        f"de:u:{case.id}:0",
    ):
        assert STRANGER in (await forges(nurlan, data).answer())["text"], data
    (handoff,) = await handoffs_of(database, case)
    assert handoff.state is HandoffState.OPEN
    assert EventKind.READ_STORY not in await events(database, case)

    await nurlan.presses("✅ Беру", on=card)
    await nurlan.sees("+996 555 123 456")
    for data in (f"ho:a:{number}", f"ho:w:{number}:busy", f"ho:s:{number}"):
        assert "уже у вас" in (await forges(nurlan, data).answer())["text"], data
    assert sum("+996 555 123 456" in text for text in said_by_bot(nurlan)) == 1
    assert [one.state for one in await handoffs_of(database, case)] == [HandoffState.ACCEPTED]
