"""How long it takes to route one case, and to look for its conflicts of interest, among many.

    python -m benchmarks.conflicts [CASES]      one core, SQLite; 10,000 cases of 20 lawyers by default

The first routing after a start opens all names; those after it open what is new.
"""

from __future__ import annotations

import asyncio
import random
import sys
import tempfile
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from services import conflicts, routing, rules
from services.rules import Rule
from storage.cases import Case, CaseState, Urgency
from storage.database import Database
from storage.migrate import migrate
from storage.partners import Lawyer, Partner, Standing, Way
from storage.people import Grant, Person, Role
from storage.sealed import new_key, use_keys

NOW = datetime(2026, 11, 24, 4, tzinfo=UTC)
PARTNERS, LAWYERS, TIMES = 4, 5, 15
GIVEN = [
    "Бакыт",
    "Айгүл",
    "Нурлан",
    "Гүлнара",
    "Азамат",
    "Жылдыз",
    "Эрмек",
    "Чолпон",
    "Данияр",
    "Мээрим",
    "Талант",
    "Назгүл",
]
FAMILY = [
    "Асан",
    "Токто",
    "Мамыт",
    "Осмон",
    "Жумабек",
    "Кадыр",
    "Исак",
    "Сыдык",
    "Абды",
    "Байыш",
    "Эсен",
    "Турсун",
    "Молдо",
]
MIDDLE = ["", "али", "бай", "кул", "бек", "гельди", "мамат", "рали"]


def _somebody(chance: random.Random) -> str:
    """A full name, as one of many people writes it."""
    of = chance.choice(FAMILY) + chance.choice(MIDDLE)
    father = chance.choice(FAMILY) + chance.choice(MIDDLE)
    return f"{of}ов {chance.choice(GIVEN)}{chance.choice(MIDDLE)} {father}ович"


def _case(place: int, chance: random.Random, lawyer_id: int | None) -> Case:
    state = CaseState.CLOSED if lawyer_id else CaseState.NEW
    return Case(
        year=2026,
        serial=place + 1,
        state=state,
        clock_at=None if lawyer_id else NOW,
        closed_at=NOW if lawyer_id else None,
        created_at=NOW,
        lawyer_id=lawyer_id,
        topic="family",
        language="ky",
        way=Way.PHONE,
        urgency=Urgency.NORMAL,
        called=chance.choice(GIVEN),
        full_name=_somebody(chance),
        opponent=_somebody(chance) if chance.random() < 0.7 else None,
    )


async def _fill(session: AsyncSession, size: int, chance: random.Random) -> None:
    for partner_id in range(1, PARTNERS + 1):
        session.add(Partner(id=partner_id, name=f"Партнёр {partner_id}", created_at=NOW))
    await session.flush()
    for one in range(1, PARTNERS * LAWYERS + 1):
        session.add(Person(id=one, chat_id=one, language="ru", discreet=False, created_at=NOW))
        await session.flush()
        about: dict[str, Any] = {"languages": [], "topics": [], "ways": []}
        session.add(
            Lawyer(
                partner_id=one % PARTNERS + 1,
                chat_id=one,
                name="",
                joined_at=NOW,
                standing=Standing.ACTIVE,
                **about,
            )
        )
        session.add(Grant(person_id=one, role=Role.LAWYER, name="", granted_by=1, granted_at=NOW))
    await session.flush()
    session.add_all(_case(place, chance, place % (PARTNERS * LAWYERS) + 1) for place in range(size))
    await rules.save(session, [Rule(partner_id) for partner_id in range(1, PARTNERS + 1)])


async def _timed(
    database: Database, size: int, what: Callable[[AsyncSession, Case], Awaitable[Any]]
) -> tuple[float, float]:
    """How many ms something took for the first case, and usually for those after it."""
    took = list[float]()
    for place in range(TIMES):
        async with database.transaction() as session:
            new = _case(size + _timed_so_far.pop(), random.Random(place), None)
            session.add(new)
            await session.flush()
            began = perf_counter()
            await what(session, new)
            took.append((perf_counter() - began) * 1000)
    return took[0], median(took[1:])


_timed_so_far = list(range(1000, 0, -1))


async def _measure(size: int) -> None:
    use_keys([new_key()])
    with tempfile.TemporaryDirectory() as folder:
        address = f"sqlite:///{Path(folder) / 'cases.sqlite'}"
        database = Database(address)
        await migrate(database)
        async with database.transaction() as session:
            await _fill(session, size, random.Random(1))
        everybody = range(1, PARTNERS + 1)
        rows = {
            "conflict check of 4 partners": lambda session, case: conflicts.likely(
                session, case, everybody, NOW
            ),
            "routing one case": lambda session, case: routing.route(session, case, NOW),
        }
        print("| what | first ms | then ms |\n| --- | ---: | ---: |")
        for name, what in rows.items():
            first, then = await _timed(database, size, what)
            print(f"| {name}, {size:,} cases | {first:.0f} | {then:.0f} |")
        await database.close()


if __name__ == "__main__":
    asyncio.run(_measure(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000))
