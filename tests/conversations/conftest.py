"""What several conversations need: questions of each kind, forged presses, a look at what is kept."""

from collections.abc import Sequence
from typing import Any

import pytest
from sqlalchemy import select

from sandbox import Person
from sandbox.people import Pressed, Seen
from storage.database import Database
from storage.questions import Feedback, MissedQuestion
from tests.conftest import Office, eventually

# By language: a question that has an answer, and the title of the answer.
SURE = {
    "ru": ("работодатель не платит зарплату третий месяц", "Мне не платят зарплату"),
    "ky": ("айлыгымды үч айдан бери бербей жатат", "Айлыгымды бербей жатышат"),
}
UNKNOWN = {"ru": "кто выиграет матч", "ky": "футболдо ким жеңет"}
VAGUE = (
    "мени алдап кетти",
    "штраф",
    "деньги не вернули",
    "меня обманули",
    "сосед мешает жить",
    "не дают справку",
    "ребёнка забрали",
    "проблема с документами на дом",
    "отказали",
    "документы и деньги",
    "жер жана үй маселеси",
    "куда жаловаться",
    "сроки",
)


class Kept:
    """What the database holds for the curators."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def missed(self) -> Sequence[MissedQuestion]:
        """The questions on their list."""
        async with self._database.reading() as session:
            return (await session.scalars(select(MissedQuestion))).all()

    async def marks(self) -> list[tuple[str, bool, int]]:
        """Article, helpful or not, how often."""
        async with self._database.reading() as session:
            rows = await session.scalars(select(Feedback).order_by(Feedback.helpful.desc()))
            return [(row.article, row.helpful, row.count) for row in rows]


@pytest.fixture
def kept(database: Database) -> Kept:
    return Kept(database)


def vague_question(office: Office) -> str:
    """A question for which the search offers a choice."""
    assert office.bot is not None
    ask = office.bot.resources.searcher.ask
    found = ((question, ask(question)) for question in VAGUE)
    return next(one for one, result in found if result.ids and not (result.sure or result.danger))


def forges(person: Person, data: str, on: Seen | None = None) -> Pressed:
    """Press a button that isn't there: on a message, or on one that is gone."""
    message_id = on.id if on is not None else 999_999
    return Pressed(person.world, person.press_data(person.private, message_id, data))


def forgets_what_was_said(person: Person) -> None:
    """Hear only what comes from now on."""
    person.account.ears.clear()  # type: ignore[union-attr]


async def becomes(person: Person, seen: Seen, text: str) -> Seen:
    """Wait until a message that is on the screen already shows `text`."""

    def now() -> Seen:
        return next(one for one in person.chat if one.id == seen.id)

    await eventually(lambda: text in now().text)
    return now()


def said_by_bot(person: Person) -> list[Any]:
    """What the bot's messages on the screen say."""
    return [seen.text for seen in person.chat if seen.raw["from"]["is_bot"]]
