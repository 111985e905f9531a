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
from services import audiences, sendings
from services import people as known
from services.audiences import Audience
from services.contents import Content, Part, PartKind, Press, PressKind
from storage.announcements import (
    Announcement,
    AnnouncementState,
    AnnouncementText,
    ButtonPress,
    Delivery,
    DeliveryState,
    Kind,
    Run,
    RunState,
    Sending,
)
from storage.database import Database
from storage.following import Community, Gathering, OptOut
from storage.people import Person as Row
from storage.people import Privacy
from tests.conftest import TOKEN, Office, eventually
from tests.conversations.conftest import forges
from tests.conversations.stories import begins_at, passes
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


async def settles(people: Sequence[Person]) -> int:
    """How many have it once nothing more arrives."""
    had = -1
    while had != (now := sum(map(got, people))):
        had = now
        await asyncio.sleep(1)
    return had


async def states(database: Database, announcement: Announcement) -> Counter[DeliveryState]:
    async with database.reading() as session:
        found = select(Delivery.state).where(Delivery.announcement_id == announcement.id)
        return Counter(await session.scalars(found))


async def of(database: Database, kind: Any, number: int) -> Any:
    async with database.reading() as session:
        return await session.get_one(kind, number)


async def run_of(database: Database, announcement: Announcement) -> Sending | None:
    """The run that has begun."""
    async with database.reading() as session:
        return await session.scalar(
            select(Sending).where(Sending.announcement_id == announcement.id)
        )


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
        assert telegram.world.faults.describe()["over_limits"] == 0
        assert telegram.world.violations.since(0) == []
    async with database.reading() as session:
        found = await session.scalars(select(Row.chat_id).where(Row.blocked_at.is_not(None)))
        assert set(found) == {blocked.id, gone.id}


# --- the author's hand ----------------------------------------------------------------------------


async def sent(office: Office, database: Database, people: Sequence[Person], **about: Any) -> Any:
    """An announcement whose time has come, and the run that sends it."""
    assert office.bot is not None
    now = office.bot.clock.now()
    announcement = await written(
        database, now, state=AnnouncementState.SCHEDULED, send_at=now, **about
    )
    async with asyncio.timeout(10):
        while (sending := await run_of(database, announcement)) is None:  # noqa: ASYNC110
            await asyncio.sleep(0.1)
    return announcement, sending


async def test_it_is_paused_goes_on_and_is_stopped(office: Office, database: Database) -> None:
    await begins_at(office)
    author = await office.admin()
    people = await audience_of(database, office.telegram, 250)
    announcement, sending = await sent(office, database, people)
    shown = await author.sees("📣 Рассылается")
    assert "⏳ Осталась примерно 1 минута" in shown.text
    await author.presses("⏸ Пауза", on=shown)
    await author.sees("⏸ Пауза")
    had = await settles(people)
    await passes(office, seconds=30)
    await asyncio.sleep(1)
    assert 0 < sum(map(got, people)) == had < 250

    await author.presses("▶️ Продолжить", on=shown)
    await author.sees("📣 Рассылается")
    await eventually(lambda: sum(map(got, people)) > had + 20, 20)
    await author.presses("⏹ Остановить", on=shown)
    await author.sees("Остановить совсем?")
    await author.presses("⏹ Да, остановить", on=shown)
    await author.sees("⏹ Остановлено")
    assert (await of(database, Sending, sending.id)).state is RunState.STOPPED
    row = await of(database, Announcement, announcement.id)
    assert row.state is AnnouncementState.STOPPED
    had = await settles(people)
    await passes(office, seconds=30)
    await asyncio.sleep(1)
    assert sum(map(got, people)) == had < 250
    assert (await states(database, announcement))[DeliveryState.SENT] == had + got(author)


async def test_only_campaigners_steer_it(office: Office, database: Database) -> None:
    await begins_at(office)
    stranger = await office.citizen("Олег", "ru")
    people = await audience_of(database, office.telegram, 3)
    _, sending = await sent(office, database, people)
    for what in "prsx":
        answer = await forges(stranger, f"dl:{what}:{sending.id}").answer()
        assert "только для сотрудников" in answer["text"]


async def test_what_was_sent_is_corrected_and_recalled(office: Office, database: Database) -> None:
    assert office.bot is not None
    await begins_at(office)
    author = await office.admin()
    people = await audience_of(database, office.telegram, 12)
    announcement, sending = await sent(office, database, people)
    await ends(database, sending)
    await eventually(lambda: all(got(one) == 1 for one in people))
    assert (await of(database, Announcement, announcement.id)).state is AnnouncementState.SENT

    right = {"ru": "Пособие выросло с февраля", "ky": "Жөлөкпул февралдан өстү"}
    await says(database, announcement, {one: said(text, ARTICLE) for one, text in right.items()})
    run = await begins(database, announcement, Run.CORRECT, office.bot.clock.now())
    await ends(database, run)
    assert [got(one) for one in people] == [0] * 12
    assert [got(one, tuple(right.values())) for one in people] == [1] * 12
    assert all("📖" in one.chat[-1].buttons for one in people)
    await author.sees("✏️ Исправлено: 13 из 13")  # the author reads it as well

    run = await begins(database, announcement, Run.RECALL, office.bot.clock.now())
    await ends(database, run)
    assert [len(one.chat) for one in people] == [0] * 12
    assert await states(database, announcement) == {DeliveryState.RECALLED: 13}
    assert (await of(database, Announcement, announcement.id)).state is AnnouncementState.RECALLED
    await author.sees("🗑 Отозвано: 13 из 13")


async def test_after_two_days_nothing_can_be_recalled(office: Office, database: Database) -> None:
    assert office.bot is not None
    await begins_at(office)
    people = await audience_of(database, office.telegram, 2)
    announcement, sending = await sent(office, database, people)
    await ends(database, sending)
    await passes(office, hours=49)
    with pytest.raises(sendings.TooLateToRecall):
        await begins(database, announcement, Run.RECALL, office.bot.clock.now())


# --- what arrives ---------------------------------------------------------------------------------


async def test_its_button_opens_the_article_and_is_counted_once(
    office: Office, database: Database
) -> None:
    await begins_at(office)
    oleg, other = await office.citizen("Олег", "ru"), await office.citizen("Асан", "ru")
    _, sending = await sent(office, database, [oleg])
    await ends(database, sending)
    message = await oleg.sees(NEWS["ru"])
    assert message.buttons == ["📖", "🔕 Не присылать: новости о законах"]
    for _ in range(2):
        await oleg.presses("📖", on=message)
        await oleg.sees("Мне не платят зарплату")
        await passes(office, seconds=3)
    data = message.button("📖")["callback_data"]
    answer = await forges(other, data).answer()
    assert "устарела" in answer["text"], "somebody else's"
    async with database.reading() as session:
        presses = (await session.scalars(select(ButtonPress))).all()
    assert len(presses) == 1


async def test_who_refused_hid_or_had_enough_gets_nothing(
    office: Office, database: Database
) -> None:
    assert office.bot is not None
    await begins_at(office)
    people = await audience_of(database, office.telegram, 6)
    reader, no_news, no_campaigns, nothing, hidden, declined = people
    async with database.transaction() as session:
        rows = {row.chat_id: row for row in await session.scalars(select(Row))}
        for person, kind in ((no_news, "news"), (no_campaigns, "campaign"), (nothing, "all")):
            session.add(
                OptOut(person_id=rows[person.id].id, kind=kind, since=office.bot.clock.now())
            )
        rows[hidden.id].discreet = True
        rows[declined.id].privacy = Privacy.DECLINED
    for _ in range(audiences.WEEKLY_MOST + 1):
        _, sending = await sent(office, database, people)
        await ends(database, sending)
    assert [got(one) for one in people] == [3, 0, 3, 0, 0, 0]
    for _ in range(audiences.WEEKLY_URGENT_MOST + 1):
        _, sending = await sent(office, database, people, kind=Kind.URGENT)
        await ends(database, sending)
    assert [got(one) for one in people] == [5, 2, 5, 0, 0, 0]
    urgent = reader.chat[-1]
    assert urgent.text.startswith("❗️ Срочно\n\n")
    assert urgent.raw["entities"] == [{"type": "bold", "offset": 0, "length": 9}]
    await passes(office, days=8)
    _, sending = await sent(office, database, people)
    await ends(database, sending)
    assert got(reader) == 6


async def test_who_reads_another_language_only_is_not_written_to(
    office: Office, database: Database
) -> None:
    await begins_at(office)
    people = await audience_of(database, office.telegram, 4)
    _, sending = await sent(office, database, people, contents={"ky": said(NEWS["ky"])})
    await ends(database, sending)
    assert [got(one) for one in people] == [0, 1, 0, 1]


async def test_an_album_has_its_buttons_behind_it_and_goes_altogether(
    office: Office, database: Database
) -> None:
    assert office.bot is not None
    await begins_at(office)
    oleg = await office.citizen("Олег", "ru")
    photos = [(await oleg.sends_photo()).raw["photo"][-1]["file_id"] for _ in range(2)]
    album = Content(
        parts=[
            Part(kind=PartKind.PHOTO, file_id=photos[0], text=NEWS["ru"], has_spoiler=True),
            Part(kind=PartKind.PHOTO, file_id=photos[1]),
        ],
        presses=[ARTICLE],
    )
    announcement, sending = await sent(office, database, [oleg], contents={"ru": album})
    await ends(database, sending)
    first, second = (one for one in oleg.chat if "media_group_id" in one.raw)
    below = await oleg.sees("👇 Подробнее:")
    assert first.raw["media_group_id"] == second.raw["media_group_id"]
    assert first.text == NEWS["ru"] and first.raw["has_media_spoiler"]
    assert below.buttons == ["📖", "🔕 Не присылать: новости о законах"]
    run = await begins(database, announcement, Run.RECALL, office.bot.clock.now())
    await ends(database, run)
    assert not {one.id for one in oleg.chat} & {first.id, second.id, below.id}


async def test_a_communitys_group_hears_it_in_both_languages(
    office: Office, database: Database
) -> None:
    assert office.bot is not None
    await begins_at(office)
    oleg = await office.citizen("Олег", "ru")
    group = office.telegram.group("Кара-Суу", [oleg])
    async with database.transaction() as session:
        session.add(
            Community(
                gathering=Gathering.MUNICIPALITY,
                name_ky="Кара-Суу",
                name_ru="Кара-Суу",
                chat_id=group.id,
                created_at=office.bot.clock.now(),
            )
        )
    announcement, sending = await sent(office, database, [], audience=Audience(groups=True))
    await ends(database, sending)
    heard = oleg.screen(group)
    assert [one.text for one in heard[-2:]] == [NEWS["ky"], NEWS["ru"]]
    assert all(one.rows[0][0]["url"].endswith("?start=a_labour_unpaid-wages") for one in heard[-2:])
    assert [one.buttons for one in heard[-2:]] == [["📖"], ["📖"]], "no way out for all at once"
    await says(database, announcement, {"ru": said("Иначе"), "ky": said("Башкача")})
    await ends(database, await begins(database, announcement, Run.CORRECT, office.bot.clock.now()))
    assert [one.text for one in oleg.screen(group)[-2:]] == ["Башкача", "Иначе"]


async def test_nobody_is_woken(office: Office, database: Database) -> None:
    await begins_at(office, 23)
    author = await office.admin()
    people = await audience_of(database, office.telegram, 4)
    await sent(office, database, people)
    shown = await author.sees("📣 Рассылается")
    assert "Продолжится в 08:00" in shown.text
    assert not any(map(got, people))
    await begins_at(office, 9)
    await eventually(lambda: all(map(got, people)))


async def test_who_is_forgotten_meanwhile_holds_nothing_up(
    office: Office, database: Database
) -> None:
    await begins_at(office, 23)
    people = await audience_of(database, office.telegram, 4)
    announcement, sending = await sent(office, database, people)
    async with database.transaction() as session:
        row = await known.known(session, people[0].id)
        assert row is not None
        await known.forget(session, row)
    await begins_at(office, 9)
    await ends(database, sending)
    assert [got(one) for one in people] == [0, 1, 1, 1]
    assert DeliveryState.QUEUED not in await states(database, announcement)
