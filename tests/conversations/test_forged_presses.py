"""Whoever a button was not made for presses it in vain: every button that anybody ever had, and others."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest_asyncio
from sqlalchemy import select, text

from sandbox import Person
from sandbox.people import Pressed, Seen
from services import cases
from storage.cases import Case, CaseState, Outcome
from storage.database import Database
from storage.partners import Lawyer
from storage.traffic import InboxUpdate
from tests.conftest import Office, _open_office, eventually
from tests.conversations.conftest import becomes, forges
from tests.conversations.stories import begins_at, fresh, hired, opened
from tests.conversations.test_booking import Walk, at_work, only_case
from tests.conversations.test_handoffs import posted

STORY = "Начальник Кубат третий месяц не отдаёт заработанное"
SECRETS = ("Кубат", "заработанное", "Жылдызбекова", "Жылдыз эже", "987 654", "555987654", "Тулпар")
# What belongs to cases and to who works on them: none of it changes by a forged press.
KEPT = (
    "cases",
    "case_events",
    "case_files",
    "case_notes",
    "case_threads",
    "conflicts",
    "consultations",
    "grants",
    "handoffs",
    "invitations",
    "partners",
    "relayed_messages",
    "routing_rules",
    "waiting_wishes",
)
# Of their own hours and places lawyers may change what they like.
LAWYERS = "SELECT id, partner_id, chat_id, standing, on_duty, current_case_id FROM lawyers"
# Buttons that only show something: whoever may press them looks around with these.
LOOKS = re.compile(
    r"ca(:\d+|:[lshnudbz]:.+|:t|:o:\d+:ADVICE)?"
    r"|rl:(w|q|qm|qc):\d+(:\d+)?|rl:c|rl:qd:\d+:\w+:[01]|rl:qp:.+"
    r"|ap:(see|new|back|none|off|lnew|lback|loff):.+"
    r"|sc:(week|set|x|o|ill|d:1|n:slot|b:\w+|x:\d+)"
    r"|my(:\d+|:[yzwopPhs]:\d+)?|held(:\d+)?|forget"
    r"|de(:[hcpx]:\d+)?|pt(:(p|l|end|lend|topics):\d+|:night)?|ro(:r:\d+|:c:\w+|:t)?"
    r"|admin|take:\d+|invite|ho:[scd]:\d+"
)
# Buttons for everybody, about whoever presses: their language, their own booking, deleting what is held.
OWN = re.compile(r"lang:|priv:|hide|forgotten|consent:|book|cancel")
SMALL, LARGE = ("1", "2", "3"), ("0", "-1", "٣", "9" * 12, "9" * 18, "9" * 30, "x", "")


@pytest_asyncio.fixture
async def office(database_url: str) -> AsyncIterator[Office]:
    """An office in which everybody may press as fast as they like."""
    async with _open_office(database_url, person_limit=1_000_000) as office:
        yield office
        assert office.violations == []


@dataclass
class Watch:
    """What the bot sent to whom, and all that ever stood on a button."""

    office: Office
    data: dict[str, None] = field(default_factory=dict)  # in the order in which it came up
    _seen: int = 0

    def calls(self, after: int) -> list[Any]:
        """What the bot has asked of Telegram since then."""
        return self.office.telegram.world.calls.since(after)

    @property
    def now(self) -> int:
        """How much it has asked so far."""
        return self.office.telegram.world.calls.seq

    def gather(self) -> list[str]:
        """The data of buttons that are new."""
        found = re.findall(r"callback_data[\"']:\s*[\"']([^\"']+)", str(self.calls(self._seen)))
        self._seen = self.now
        new = [one for one in dict.fromkeys(found) if one not in self.data]
        self.data |= dict.fromkeys(new)
        return new


async def screen_of(person: Person) -> Seen:
    """A message of the bot's on which presses can be forged."""
    sent = await person.sends("/settings")
    await eventually(
        lambda: any(one.id > sent.id and "set:place" in str(one.rows) for one in person.chat)
    )
    return next(one for one in reversed(person.chat) if "set:place" in str(one.rows))


async def looks_around(watch: Watch, person: Person, *first: str) -> None:
    """Press whatever only shows something, as far as that leads."""
    screen, ahead, pressed = await screen_of(person), list(first), set(first)
    watch.gather()
    while ahead:
        await forges(person, ahead.pop(0), screen).answer()
        await screen_of(person)  # what was shown has arrived
        new = [one for one in watch.gather() if LOOKS.fullmatch(one) and one not in pressed]
        pressed |= set(new)
        ahead += new


def forged_of(data: Iterable[str]) -> list[str]:
    """Of each kind of button one as it was, and one with other numbers, or with what is none."""
    kinds: dict[str, str] = {}
    for one in data:
        kinds[re.sub(r"\d+", "#", one)] = one
    made = []
    for place, (kind, known) in enumerate(kinds.items()):
        number = SMALL[place % 3] if place % 2 else LARGE[place // 2 % 8]
        made += [known, kind.replace("#", number)]
    return [one for one in dict.fromkeys(made) if len(one.encode()) <= 64]


async def rows_of(database: Database) -> dict[str, list[Any]]:
    """All that is kept of cases, as it stands in the tables."""
    asked = {table: f"SELECT * FROM {table}" for table in KEPT} | {"lawyers": LAWYERS}
    async with database.reading() as session:
        return {
            table: sorted(map(str, await session.execute(text(query))))
            for table, query in asked.items()
        }


async def presses_all(watch: Watch, person: Person, wanted: Sequence[str]) -> str:
    """Press all of it, one after the other; give back all that the bot said to who pressed."""
    screen, before = await screen_of(person), watch.now
    answers = [await forges(person, one, screen).answer(timeout=60) for one in wanted]
    await screen_of(person)  # what was shown has arrived
    calls = [one["params"] for one in watch.calls(before)]
    told = [one for one in calls if one.get("chat_id") == person.id]
    return f"{[one['text'] for one in answers]}{told}"


async def press_in_vain(
    watch: Watch, database: Database, outsiders: Mapping[Person, Case | None], hidden: Sequence[str]
) -> None:
    """Everybody presses everything; nobody learns or changes anything.

    The outsiders come with the case that is theirs after all: its buttons they leave alone.
    """
    watch.gather()
    data = forged_of(one for one in watch.data if not OWN.match(one))
    before = await rows_of(database)
    heard = await asyncio.gather(
        *(
            presses_all(watch, person, [one for one in data if not _is_about(one, own)])
            for person, own in outsiders.items()
        )
    )
    after = await rows_of(database)
    for table in before:
        assert after[table] == before[table], table
    for person, told in zip(outsiders, heard, strict=True):
        found = [secret for secret in hidden if secret in told]
        assert not found, (person.account.user["first_name"], found)


def _is_about(data: str, case: Case | None) -> bool:
    return case is not None and str(case.id) in data.split(":")


async def booked(office: Office, database: Database, ainura: Person) -> Case:
    """A citizen asks for a lawyer and tells all that there is to tell."""
    walk = Walk(ainura, "ru")
    await walk.until_story()
    await ainura.sends(STORY)
    await walk.at("more")
    await ainura.sends_photo(caption="договор с Кубатом")
    await eventually(lambda: bool(ainura.chat[-1].rows))
    await walk.press("bk:story:done", await walk.at("more"))
    await walk.writes("opponent", "ОсОО «Тулпар»")
    await walk.answers("urgent", "no")
    await walk.writes("called", "Жылдыз эже")
    await walk.writes("name", "Жылдызбекова Айнура")
    await walk.writes("phone", "0555 987 654")
    await walk.chooses(0)
    await walk.confirms()
    return await only_case(database)


async def taken(watch: Watch, phone: Person, lawyer: Lawyer, case: Case) -> None:
    """A lawyer reads the story, takes the case, and looks at all there is."""
    card = await phone.sees("Дело для вас")
    await phone.presses("👁 Прочитать рассказ", on=card)
    await phone.sees("третий месяц")
    await phone.presses("✅ Беру", on=card)
    await phone.sees("Жылдызбекова")
    await looks_around(watch, phone, "ca", f"ca:{case.id}", "sc:week")
    await forges(phone, f"rl:w:{case.id}").answer()
    await phone.sends(f"Я ваш юрист, {lawyer.name}")
    await phone.sees(f"✓ {case.number}")


async def test_presses_of_others_do_nothing_at_any_stage(
    office: Office, database: Database
) -> None:
    await begins_at(office)
    watch = Watch(office)
    temir, dismissed = await at_work(office, database, name="Темир")
    bakyt, _ = await hired(office, database, "Бакыт", partner="Мээрим")
    nuria, ainura = await office.admin(), await office.citizen("Айнура", "ru")
    case = await booked(office, database, ainura)
    stranger, former = await office.citizen("Олег", "ru"), await office.citizen("Жамиля", "ru")
    old = await opened(office, database, former, lawyer=dismissed)
    assert office.bot is not None
    async with database.transaction() as session:
        found = await session.get_one(Case, old.id)
        now = office.bot.clock.now()
        await cases.close(session, found, Outcome.ADVICE, by=temir.id, now=now)
    photo = next(one for one in ainura.chat if "photo" in one.raw).raw["photo"][-1]["file_id"]
    hidden = (*SECRETS, photo, case.number)

    others = {stranger: None, former: old, bakyt: None}

    await temir.sees("Дело для вас")
    await looks_around(watch, nuria, "de", "pt", "ro", "admin", "invite")
    await looks_around(watch, ainura, "my", f"my:{case.id}", "held")
    await press_in_vain(watch, database, others, hidden)

    await taken(watch, temir, dismissed, case)
    await looks_around(watch, ainura, "my", f"my:{case.id}")
    await press_in_vain(watch, database, others, hidden)

    nurlan, lawyer = await at_work(office, database, name="Нурлан")
    shown = await screen_of(nuria)
    await forges(nuria, f"pt:lended:{dismissed.id}", shown).answer()
    await becomes(nuria, shown, "Асанов")
    await nurlan.sees("Дело для вас")
    await press_in_vain(watch, database, {temir: None}, hidden[:-1])

    await taken(watch, nurlan, lawyer, case)
    shown = await screen_of(nurlan)
    for data in (f"ca:z:{case.id}", f"ca:o:{case.id}:ADVICE", f"ca:Z:{case.id}:ADVICE"):
        await forges(nurlan, data, shown).answer()
    await ainura.presses("2 ⭐️", on=await ainura.sees("Как мы вам помогли?"))
    await nuria.sees(case.number)
    await looks_around(watch, ainura, "my", f"my:{case.id}", "held")
    await press_in_vain(watch, database, {former: old, temir: None}, hidden[:-1])
    assert (await fresh(database, case)).state is CaseState.CLOSED
    assert len(watch.data) > 150, "there was something to press"
    await no_incidents(database)


async def no_incidents(database: Database) -> None:
    """No update failed, whatever stood in it."""
    async with database.reading() as session:
        failed = select(InboxUpdate.reason).where(InboxUpdate.attempts > 0)
        assert list(await session.scalars(failed)) == []


async def test_what_is_over_stays_over_whoever_presses_old_buttons(
    office: Office, database: Database
) -> None:
    """The rightful ones press all that they ever had, twice, once the case is closed and rated."""
    await begins_at(office)
    watch = Watch(office)
    temir, lawyer = await at_work(office, database, name="Темир")
    ainura = await office.citizen("Айнура", "ru")
    case = await booked(office, database, ainura)
    await taken(watch, temir, lawyer, case)
    await looks_around(watch, ainura, "my", f"my:{case.id}")
    shown = await screen_of(temir)
    for data in (f"ca:z:{case.id}", f"ca:o:{case.id}:ADVICE", f"ca:Z:{case.id}:ADVICE"):
        await forges(temir, data, shown).answer()
    await ainura.presses("5 ⭐️", on=await ainura.sees("Как мы вам помогли?"))
    await looks_around(watch, ainura, "my", f"my:{case.id}", "held")
    watch.gather()
    before = await rows_of(database)
    may = re.compile(r"my:O:|rl:[rtn]")  # open it again, take a message back
    old = forged_of(one for one in watch.data if not OWN.match(one) and not may.match(one))
    for _ in range(2):
        await asyncio.gather(*(presses_all(watch, one, old) for one in (ainura, temir)))
    after = await rows_of(database)
    looked = re.compile(r"'read (story|person)'")  # their lawyer may look at what is over
    for table in before:
        left = [row for row in after[table] if not looked.search(row)]
        assert left == [row for row in before[table] if not looked.search(row)], table
    await no_incidents(database)


async def test_in_a_group_only_cards_are_answered(office: Office, database: Database) -> None:
    """What a button of the private chat shows never stands in a group, even for whom it was made."""
    nurlan, lawyer = await hired(office, database)
    ainura = await office.citizen("Айнура", "ru")
    case = await opened(office, database, ainura, lawyer=lawyer)
    group = office.telegram.group("Адилет", [nurlan, ainura])
    await nurlan.sends("@jigerduu_demo_bot привет", chat=group)
    answer = await nurlan.sees("Напишите мне лично", chat=group)
    for person, data in (
        (ainura, f"my:{case.id}"),
        (ainura, "held"),
        (nurlan, f"ca:{case.id}"),
        (nurlan, f"ca:s:{case.id}"),
        (nurlan, f"rl:w:{case.id}"),
        (nurlan, "sc:week"),
    ):
        pressed = Pressed(person.world, person.press_data(group, answer.id, data))
        assert "устарела" in (await pressed.answer())["text"], data
    assert nurlan.screen(group)[-1] == answer


async def test_words_that_look_like_markup_stay_words(office: Office, database: Database) -> None:
    """Whatever people write is shown as they wrote it, and Telegram can read what it stands in."""
    await begins_at(office)
    watch, marked = Watch(office), "<b>Да</b> & </i><a href='https://x.kg'>бот</a> &lt; \u202e"
    temir, lawyer = await at_work(office, database, name="Темир")
    nuria, ainura = await office.admin(), await office.citizen("<i>Айнура & ", "ru")
    async with database.transaction() as session:
        (await session.get_one(Lawyer, lawyer.id)).name = marked
    about = dict.fromkeys(
        ("called", "full_name", "somebody_else", "opponent", "safe_hours"), marked
    )
    case = await opened(
        office, database, ainura, story=marked * 100, phone="+996555987654", **about
    )
    await posted(office, case)
    card = await temir.sees("Дело для вас")
    await temir.presses("👁 Прочитать рассказ", on=card)
    await temir.sees("Рассказ по делу")
    await temir.presses("✅ Беру", on=card)
    person = await temir.sees("555 987 654")
    assert person.text.count("<b>Да</b> & </i><a href='https://x.kg'>бот</a> &lt;") >= 4
    assert not any(one["type"] == "text_link" for one in person.raw["entities"])
    shown = await screen_of(temir)
    await forges(temir, f"ca:n:{case.id}", shown).answer()
    await temir.sends(marked * 10)
    await eventually(lambda: any("</i><a" in one.text for one in temir.chat[-1:]))
    await looks_around(watch, temir, "ca", f"ca:{case.id}")
    await looks_around(watch, ainura, "my", f"my:{case.id}", "held")
    await looks_around(watch, nuria, "de", "pt", "admin")
    await no_incidents(database)
