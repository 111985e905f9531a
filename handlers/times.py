"""How an appointment looks in a chat, and the free times to choose from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from handlers.context import BotContext, Turn
from handlers.resources import today
from handlers.screens import Button, Screen, bold, in_rows, plain
from locales import Texts
from services import partners, routing
from services.slots import Slot, free_slots
from storage.calendars import Consultation
from storage.cases import Case
from storage.partners import Lawyer, Way

MOST = 500  # free times looked at; two weeks and more of a lawyer
ACROSS = 4  # times in a row of buttons
LAST_MINUTE = 2**31  # since 1970: no appointment is four thousand years away


def when(t: Texts, moment: datetime) -> str:
    """A day and hour in Bishkek, as people say them."""
    return t(
        "{weekday}, {day}, {time}",
        weekday=t.weekday(moment),
        day=t.day(moment),
        time=t.time(moment),
    )


def numbers(context: BotContext) -> list[int]:
    """The numbers in the data of the pressed button, behind its verb."""
    return [int(one) for one in context.args_of_press[1:]]


def minute(moment: datetime) -> int:
    """An instant as it stands in a button's data."""
    return int(moment.timestamp()) // 60


def from_minute(number: int) -> datetime:
    """The instant that a button's data names; one that can't be is long ago."""
    return datetime.fromtimestamp(number * 60 if number < LAST_MINUTE else 0, UTC)


@dataclass(frozen=True, slots=True)
class Told:
    """An appointment with what a citizen may know of it."""

    consultation: Consultation
    case: Case
    lawyer: Lawyer | None

    @property
    def accepted(self) -> bool:
        """Whether it is with the lawyer who has accepted the case."""
        return self.lawyer is not None and self.case.lawyer_id == self.lawyer.id

    def lines(self, t: Texts) -> str:
        """Who and where, one line each, as HTML."""
        said = []
        if self.lawyer is not None and self.accepted:
            said.append(t("👩‍⚖️ Your lawyer: {name}", name=self.lawyer.name))
        else:
            said.append(t("👩‍⚖️ A lawyer has yet to accept it. I will write to you."))
        said.append(self._where(t))
        said.append(t("🗂 Case {number}", number=self.case.number))
        return plain("\n".join(said))

    def _where(self, t: Texts) -> str:
        if self.consultation.way is Way.PHONE:
            return t("📞 By phone: the lawyer will call you.")
        if self.consultation.way is Way.CHAT:
            return t("💬 In writing: the lawyer will write to you here.")
        if self.lawyer is not None and self.lawyer.address:
            return t("📍 In person: {address}", address=self.lawyer.address)
        return t("📍 In person. You will be told the address.")


async def told_of(turn: Turn, consultation: Consultation, case: Case) -> Told:
    """An appointment with its lawyer, if it has one."""
    lawyer_id = consultation.lawyer_id
    lawyer = await partners.lawyer_by_id(turn.session, lawyer_id) if lawyer_id else None
    return Told(consultation, case, lawyer)


def card(t: Texts, told: Told, title: str, *, whole: bool = False) -> Screen:
    """An appointment for its citizen. Of a neutral case it says no more than when, unless asked."""
    consultation = told.consultation
    text = f"{bold(title)}\n📅 {plain(when(t, consultation.starts_at))}"
    if whole or not told.case.neutral:
        text += f"\n\n{told.lines(t)}"
    return Screen(text, citizen_buttons(t, told, whole=whole))


def citizen_buttons(t: Texts, told: Told, *, whole: bool = False) -> list[list[Button]]:
    """What a citizen may do with their appointment; of a neutral case the labels tell nothing."""
    consultation, neutral = told.consultation, told.case.neutral
    named = f"{consultation.id}:{minute(consultation.starts_at)}"
    in_person = consultation.way is Way.IN_PERSON
    label = (
        t("✅ OK") if neutral else t("✅ I will come") if in_person else t("✅ The time suits me")
    )
    rows = [] if consultation.confirmed_at else [[Button(label, f"ap:yes:{named}")]]
    other = Button(t("🔁 Another time"), f"ap:new:{told.case.id}")
    no = t("✖️ No") if neutral else t("✖️ Cancel the appointment")
    rows.append([other, Button(no, f"ap:off:{named}")])
    if neutral and not whole:
        rows.append([Button(t("ℹ️ More"), f"ap:see:{consultation.id}")])
    return rows


def lawyer_buttons(t: Texts, consultation: Consultation, now: datetime) -> list[list[Button]]:
    """What a lawyer may do with an appointment of a case of theirs."""
    named = f"{consultation.id}:{minute(consultation.starts_at)}"
    if now < consultation.starts_at:
        return [
            [
                Button(t("🔁 Move"), f"ap:lnew:{consultation.case_id}"),
                Button(t("✖️ Cancel the appointment"), f"ap:loff:{named}"),
            ]
        ]
    return [
        [
            Button(t("✅ It took place"), f"ap:done:{named}"),
            Button(t("🚫 They didn't come"), f"ap:missed:{named}"),
        ]
    ]


@dataclass(frozen=True, slots=True)
class Choice:
    """Free times to choose one from, a day at a time."""

    case_id: int
    slots: Sequence[Slot]
    side: str = ""  # "l" for the lawyer's buttons

    def screen(self, t: Texts, title: str, day: date | None = None) -> Screen:
        """The times of a day, or of the next on which there are some."""
        days = sorted({today(slot.starts_at) for slot in self.slots})
        if not days:
            return Screen(
                f"{bold(title)}\n\n{plain(t('There is no free time in the next three weeks.'))}",
                [self._others(t)],
            )
        shown = next((one for one in days if day is None or one >= day), days[-1])
        here = [slot for slot in self.slots if today(slot.starts_at) == shown]
        first = here[0].starts_at
        times = [
            Button(
                t.time(slot.starts_at),
                f"ap:{self.side}at:{self.case_id}:{slot.lawyer_id}:{minute(slot.starts_at)}",
            )
            for slot in here
        ]
        return Screen(
            f"{bold(title)}\n📅 {plain(t.weekday(first))}, {plain(t.day(first))}",
            [*in_rows(times, ACROSS), self._turning(t, days, shown), self._others(t)],
        )

    def _turning(self, t: Texts, days: list[date], shown: date) -> list[Button]:
        """Buttons to the day before and the day after."""
        at = days.index(shown)
        row = []
        if at > 0:
            row.append(self._day_button(days[at - 1], "◀️ {day}", t))
        if at + 1 < len(days):
            row.append(self._day_button(days[at + 1], "{day} ▶️", t))
        return row

    def _day_button(self, day: date, label: str, t: Texts) -> Button:
        noon = datetime(day.year, day.month, day.day, 6, tzinfo=UTC)  # 12:00 in Bishkek
        data = f"ap:{self.side}day:{self.case_id}:{day:%Y%m%d}"
        return Button(label.format(day=t.day(noon)), data)

    def _others(self, t: Texts) -> list[Button]:
        back = Button(t("⬅️ Back"), f"ap:{self.side}back:{self.case_id}")
        if self.side:
            return [back]
        return [Button(t("No time suits me"), f"ap:none:{self.case_id}"), back]


async def choice_for(turn: Turn, case: Case, lawyer: Lawyer | None = None) -> Choice:
    """What a citizen may choose from: times of the case's lawyer, before that of all who may get it."""
    if lawyer is None and case.lawyer_id is not None:
        lawyer = await partners.lawyer_by_id(turn.session, case.lawyer_id)
    among = (
        [lawyer]
        if lawyer is not None
        else [one for one, _ in await routing.eligible(turn.session, case, turn.now)]
    )
    return Choice(case.id, await free_slots(turn.session, among, case.way, turn.now, most=MOST))


def day_from(number: int) -> date | None:
    """The day that a button's data names, if there is one."""
    try:
        return date(number // 10_000, number // 100 % 100, number % 100)
    except ValueError:
        return None


def slot_from(lawyer_id: int, starts: int) -> Slot:
    """The slot that a button's data names; whether it is free and how long it is, calendars know."""
    starts_at = from_minute(starts)
    return Slot(lawyer_id, starts_at, starts_at)
