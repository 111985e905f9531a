"""An announcement reaches everybody once, whatever goes wrong; people who ask meanwhile don't notice."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select, update

import sandbox
from locales import HERE
from sandbox import Person, Telegram
from services import sendings
from services.audiences import Audience
from services.contents import Content, Part, PartKind, Press, PressKind
from storage.announcements import (
    Announcement,
    AnnouncementState,
    AnnouncementText,
    Delivery,
    DeliveryState,
    Kind,
    Run,
    Sending,
)
from storage.database import Database
from storage.people import Person as Row
from tests.conftest import TOKEN, Office, eventually
from tests.traffic.test_nothing_is_lost import bot_process

NEWS = {"ru": "Пособие выросло с января", "ky": "Жөлөкпул январдан өстү"}
AUTHOR = Office.ADMIN


def said(text: str, *presses: Press) -> Content:
    return Content(parts=[Part(kind=PartKind.TEXT, text=text)], presses=list(presses))


ARTICLE = Press(kind=PressKind.ARTICLE, label="📖", value="labour/unpaid-wages")


async def written(
    database: Database,
    now: datetime,
    contents: dict[str, Content] | None = None,
    *,
    kind: Kind = Kind.NEWS,
    audience: Audience | None = None,
    **about: Any,
) -> Announcement:
    """An announcement as its author and a second person left it."""
    contents = contents or {language: said(text, ARTICLE) for language, text in NEWS.items()}
    async with database.transaction() as session:
        announcement = Announcement(
            **{
                "kind": kind,
                "state": AnnouncementState.DRAFT,
                "author": AUTHOR,
                "audience": (audience or Audience()).model_dump(mode="json"),
                "created_at": now,
                "changed_at": now,
                **about,
            }
        )
        session.add(announcement)
        await session.flush()
        for language, content in contents.items():
            kept = content.model_dump(mode="json")
            session.add(
                AnnouncementText(
                    announcement_id=announcement.id,
                    language=language,
                    parts=kept["parts"],
                    buttons=kept["presses"],
                )
            )
    return announcement


async def says(
    database: Database, announcement: Announcement, contents: dict[str, Content]
) -> None:
    """The author changes the words of what was sent."""
    async with database.transaction() as session:
        for language, content in contents.items():
            kept = content.model_dump(mode="json")
            await session.execute(
                update(AnnouncementText)
                .where(
                    AnnouncementText.announcement_id == announcement.id,
                    AnnouncementText.language == language,
                )
                .values(parts=kept["parts"], buttons=kept["presses"])
            )


async def begins(
    database: Database, announcement: Announcement, run: Run, now: datetime
) -> Sending:
    """The author lets it be corrected or recalled; an announcement begins by its time."""
    async with database.transaction() as session:
        row = await session.get_one(Announcement, announcement.id)
        return await sendings.begin(session, row, run, now)


async def audience_of(
    database: Database, telegram: Telegram, number: int, **about: Any
) -> list[Person]:
    """People who know the bot: every second one reads Kyrgyz."""
    people = [telegram.person(f"N{one}", started=True) for one in range(number)]
    rows = [
        {
            "chat_id": person.id,
            "language": "ky" if at % 2 else "ru",
            "discreet": False,
            "created_at": datetime.now(UTC),
            **about,
        }
        for at, person in enumerate(people)
    ]
    async with database.transaction() as session:
        await session.execute(insert(Row), rows)
    return people


def got(person: Person, texts: Sequence[str] = tuple(NEWS.values())) -> int:
    """How often somebody has it."""
    return sum(any(text in one.text for text in texts) for one in person.chat)


async def states(database: Database, announcement: Announcement) -> Counter[DeliveryState]:
    async with database.reading() as session:
        found = select(Delivery.state).where(Delivery.announcement_id == announcement.id)
        return Counter(await session.scalars(found))


async def of(database: Database, kind: Any, number: int) -> Any:
    async with database.reading() as session:
        return await session.get_one(kind, number)


async def ends(database: Database, sending: Sending, seconds: float = 60) -> Sending:
    """Wait until a run has ended."""
    async with asyncio.timeout(seconds):
        while (row := await of(database, Sending, sending.id)).finished_at is None:  # noqa: ASYNC110
            await asyncio.sleep(0.1)
    return row  # type: ignore[no-any-return]


# --- the rough road -------------------------------------------------------------------------------


async def test_with_faults_and_kills_everybody_has_it_and_hardly_anybody_twice(
    database: Database, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLOCK", "server")
    async with sandbox.running(token=TOKEN) as telegram:
        noon = datetime.combine(datetime.now(HERE).date(), time(12), HERE)
        ahead = (noon - datetime.now(UTC)).total_seconds()
        telegram.advance(ahead % (24 * 3600))
        author = telegram.person("Нурия", person_id=AUTHOR, started=True)
        people = await audience_of(database, telegram, 240)
        blocked, gone = people[7], people[8]
        blocked.private.blocked = True
        gone.account.deleted = True
        await written(
            database,
            noon,
            state=AnnouncementState.SCHEDULED,
            send_at=noon,
        )
        telegram.world.faults.set(
            {
                "limits": True,
                "error_rate": 0.03,
                "flood_rate": 0.01,
                "lost_rate": 0.02,
                "seed": 5,
            }
        )
        for share in (0.2, 0.5):
            async with bot_process(tmp_path, telegram.url, database_url):
                await eventually(lambda: sum(map(got, people)) > share * len(people), 40)  # noqa: B023
        telegram.world.faults.set({"outage_seconds": 2.0})
        async with bot_process(tmp_path, telegram.url, database_url):
            reachable = [one for one in people if one not in (blocked, gone)]
            await eventually(lambda: all(map(got, reachable)), 60)
            await eventually(lambda: any("✅ Готово" in one.text for one in author.chat), 30)
        twice = sum(got(person) - 1 for person in reachable)
        assert twice <= 2 * 8, "what was under way at two kills"
        assert not telegram.world.violations.since(0)
    async with database.reading() as session:
        found = await session.scalars(select(Row.chat_id).where(Row.blocked_at.is_not(None)))
        assert set(found) == {blocked.id, gone.id}
