"""From a typed question to the word two weeks later, in both languages, with mistakes on the way."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from sandbox import Person
from storage.calendars import ConsultationState
from storage.cases import Case, CaseState, Help, Outcome
from storage.database import Database
from storage.relay import RelayedMessage
from storage.routing import Handoff, HandoffState
from tests.conftest import Office, eventually
from tests.conversations.conftest import SURE, becomes, forges, said_by_bot
from tests.conversations.stories import (
    begins_at,
    comes,
    consultations_of,
    fresh,
    passes,
    presses,
    with_button,
)
from tests.conversations.test_booking import ARTICLE, SAYS, at_work, only_case
from tests.conversations.test_cases import GLAD, HELPED, HOW, THANKS, until
from tests.conversations.test_handoffs import CARD, DECLINED
from tests.conversations.test_reminders import TODAY, TOMORROW
from tests.conversations.visits import SETTLED, Story

# By the language of who reads it.
NOWHERE = {"ru": "Такого места я не знаю", "ky": "Мындай жерди таба алган жокмун"}
MOVED = {"ru": "перен", "ky": "жылдыр"}
SUITS = {"ru": "✅ Время подходит", "ky": "✅ Убакыт ылайыктуу"}
OTHERS = {"ru": "ушло к другому", "ky": "башка юристке өтүп кетти"}
ANSWERED = {"ru": "уже ответили", "ky": "жооп бергенсиз"}
TAKES_CARE = {"ru": "занимается юрист", "ky": "менен юрист"}
BOTH = pytest.mark.parametrize(("speaks", "lawyer_speaks"), [("ky", "ru"), ("ru", "ky")])


def heard(person: Person, text: str) -> int:
    """How often the bot said it."""
    return sum(text in said for said in said_by_bot(person))


async def books(office: Office, database: Database, citizen: Person, speaks: str) -> Case:
    """The way from a question to a case: at each step something goes wrong first."""
    says = SAYS[speaks]
    await citizen.sends(SURE[speaks][0])
    await citizen.sees(SURE[speaks][1])
    await presses(citizen, f"book:{ARTICLE}")
    await citizen.sees(says["region"])
    await citizen.sends("Атлантида")
    await citizen.sees(NOWHERE[speaks])
    await presses(citizen, "bk:region:KG-GO")
    await presses(citizen, "bk:way:phone")
    await citizen.sees(says["story"])
    await presses(citizen, "bk:story:back")
    await presses(citizen, "bk:way:phone")
    await citizen.sees(says["story"])
    await citizen.sends_voice()
    await citizen.sees(says["more"])
    await citizen.sends("Келишим жок, күбөлөр бар")
    await presses(citizen, "bk:story:done")
    await citizen.sees(says["opponent"])
    await office.restart()
    await citizen.sends("ОсОО «Тулпар»")
    await citizen.sees(says["urgent"])
    past = await forges(citizen, "bk:way:chat").answer()
    assert ANSWERED[speaks] in past["text"]
    await presses(citizen, "bk:urgent:no")
    await presses(citizen, "bk:called:own")
    await citizen.sees(says["name"])
    await citizen.sends("Жылдызбекова Айнура")
    await citizen.sees(says["phone"])
    await citizen.sends("0555 12")
    await citizen.sends("0555 987 654")
    await citizen.sees(says["slot"])
    await presses(citizen, "bk:slot:at")
    await citizen.sees(says["summary"])
    await presses(citizen, "bk:summary:confirm")
    await citizen.sees(says["sent"])
    return await only_case(database)


@BOTH
async def test_from_a_question_to_the_word_two_weeks_later(
    office: Office, database: Database, speaks: str, lawyer_speaks: str
) -> None:
    await begins_at(office)
    about = {"speaks": lawyer_speaks}
    bakyt, _ = await at_work(office, database, name="Бакыт", partner="Адилет", **about)
    nurlan, lawyer = await at_work(office, database, name="Нурлан", partner="Укук", **about)
    citizen = await office.citizen("Айнура", speaks)
    case = await books(office, database, citizen, speaks)
    assert (case.story or "").endswith("Келишим жок, күбөлөр бар")
    assert (case.language, case.phone, case.opponent) == (speaks, "+996555987654", "ОсОО «Тулпар»")

    card = await bakyt.sees(CARD[lawyer_speaks])
    assert not any(word in card.text for word in ("Айнура", "Жылдыз", "987", "Тулпар"))
    assert with_button(nurlan, "ho:") is None, "one after the other"
    await presses(bakyt, "ho:d")
    await presses(bakyt, "ho:w")
    await bakyt.sees(DECLINED[lawyer_speaks])
    await nurlan.sees(CARD[lawyer_speaks])
    await forges(bakyt, card.rows[1][0]["callback_data"]).answer()  # he has thought better of it
    await presses(nurlan, "ho:s")
    await nurlan.sees("күбөлөр бар")
    await presses(nurlan, "ho:a")
    await nurlan.sees("+996 555 987 654")
    await until(database, case, state=CaseState.IN_WORK, lawyer_id=lawyer.id)
    await eventually(lambda: heard(citizen, "Нурлан Асанов") > 0)
    async with database.reading() as session:
        found = await session.scalars(select(Handoff.state).order_by(Handoff.id))
        assert list(found) == [HandoffState.DECLINED, HandoffState.ACCEPTED]

    await nurlan.sends("Саламатсызбы, Айнура эже")
    await citizen.sees("Саламатсызбы, Айнура эже")
    await citizen.sends_photo(caption="паспорт")
    await nurlan.sees("паспорт")
    await citizen.sends_voice()
    await nurlan.sends_document(caption="арыздын үлгүсү")
    await citizen.sees("арыздын үлгүсү")

    (chosen,) = await consultations_of(database, case)
    assert (chosen.state, chosen.lawyer_id) == (ConsultationState.BOOKED, lawyer.id)
    moved = await Story(office, database, nurlan, lawyer, citizen, case).chooses("11:00")
    await eventually(lambda: heard(nurlan, MOVED[lawyer_speaks]) == 1)
    await comes(office, moved.starts_at - timedelta(hours=24, minutes=-1))
    reminder = await citizen.sees(TOMORROW[speaks])
    await citizen.presses(SUITS[speaks], on=reminder)
    await becomes(citizen, reminder, SETTLED[speaks])
    await comes(office, moved.starts_at - timedelta(hours=2, minutes=-1))
    await citizen.sees(TODAY[speaks])
    await nurlan.sees(TODAY[lawyer_speaks])
    await comes(office, moved.ends_at + timedelta(minutes=31))
    await presses(nurlan, "ap:done:")
    await eventually(lambda: with_button(nurlan, "ap:done:") is None)

    await nurlan.sends("/cases")
    for data in (f"ca:{case.id}", f"ca:z:{case.id}", f"ca:o:{case.id}:DOCUMENT"):
        await presses(nurlan, data)
    await presses(nurlan, f"ca:Z:{case.id}:DOCUMENT")
    closed = await until(database, case, state=CaseState.CLOSED, outcome=Outcome.DOCUMENT)
    await citizen.sees(HOW[speaks])
    await presses(citizen, f"rt:m:{case.id}:5")
    await citizen.sends("Чоң рахмат!")
    await citizen.sees(THANKS[speaks])
    await nurlan.sends("Дагы бир сөз")  # the talk is over: nobody hears it
    await comes(office, closed.closed_at + timedelta(days=14, minutes=1))
    await citizen.sees(HELPED[speaks])
    await presses(citizen, f"rt:h:{case.id}:yes")
    await citizen.sees(GLAD[speaks])
    await passes(office, days=1)

    done = await fresh(database, case)
    assert (done.rating, done.rating_word, done.helped) == (5, "Чоң рахмат!", Help.YES)
    (kept,) = await consultations_of(database, case)
    assert kept.state is ConsultationState.DONE
    assert heard(citizen, TODAY[speaks]) == heard(nurlan, TODAY[lawyer_speaks]) == 1
    assert heard(citizen, "Дагы бир сөз") == 0
    foreign = {"ky": "ваш", "ru": "Сиз"}[speaks]  # words of the language that they don't read
    assert not any(foreign in said for said in said_by_bot(citizen))
    async with database.reading() as session:
        assert len(list(await session.scalars(select(RelayedMessage)))) == 4
