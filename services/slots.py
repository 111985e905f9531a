"""The times at which lawyers can be met, and which of them are free."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.timetables import DAY, Timetable, day_of, moment, timetables
from storage.calendars import Consultation, ConsultationState
from storage.partners import Lawyer, Standing, Way

# Of an appointment that is or was; a hold stands for its time only.
_STANDS = (ConsultationState.BOOKED, ConsultationState.DONE, ConsultationState.NO_SHOW)


@dataclass(frozen=True, slots=True)
class Slot:
    """A time of one lawyer. Who makes one of a button's data may leave the end as the beginning."""

    lawyer_id: int
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Diary:
    """What is known of a lawyer's time: when they work, and what is taken."""

    lawyer: Lawyer
    timetable: Timetable
    busy: Sequence[tuple[datetime, datetime]]

    def free_on(self, day: date, earliest: datetime) -> Iterator[Slot]:
        """The free slots of a day that begin at `earliest` or later, in order."""
        if self._full(day):
            return
        length = timedelta(minutes=self.lawyer.slot_minutes)
        for starts in self._grid(day):
            if starts >= earliest and not self._overlaps(starts, starts + length):
                yield Slot(self.lawyer.id, starts, starts + length)

    def slot_at(self, starts_at: datetime, earliest: datetime) -> Slot | None:
        """The free slot that begins at an instant, if there is one."""
        free = self.free_on(day_of(starts_at), earliest)
        return next((slot for slot in free if slot.starts_at == starts_at), None)

    def free_at(self, starts_at: datetime, ends_at: datetime) -> bool:
        """Tell whether the lawyer works then and nothing is in the way, whatever their slots are."""
        day = day_of(starts_at)
        works = any(
            moment(day, begin) <= starts_at and ends_at <= moment(day, end)
            for begin, end in self.timetable.on(day)
        )
        return works and not self._full(day) and not self._overlaps(starts_at, ends_at)

    def _grid(self, day: date) -> Iterator[datetime]:
        length = self.lawyer.slot_minutes
        for begins, ends in self.timetable.on(day):
            step = length + self.lawyer.gap_minutes
            for minutes in range(begins, min(ends, DAY) - length + 1, step):
                yield moment(day, minutes)

    def _full(self, day: date) -> bool:
        return Counter(day_of(starts) for starts, _ in self.busy)[day] >= self.lawyer.daily_most

    def _overlaps(self, starts: datetime, ends: datetime) -> bool:
        """Tell whether it runs into something, or into the pause before or after."""
        gap = timedelta(minutes=self.lawyer.gap_minutes)
        return any(starts < other + gap and begins < ends + gap for begins, other in self.busy)


async def lock(session: AsyncSession, *lawyer_ids: int | None) -> dict[int, Lawyer]:
    """Lawyers as they are now, by id; nobody else changes their appointments until the commit."""
    rows = await session.scalars(
        select(Lawyer)
        .where(Lawyer.id.in_({one for one in lawyer_ids if one is not None}))
        .order_by(Lawyer.id)  # one order for all, or two transactions wait for each other
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    return {lawyer.id: lawyer for lawyer in rows}


def offers(lawyer: Lawyer, way: Way) -> bool:
    """Tell whether a lawyer can be met in this way."""
    return lawyer.standing is not Standing.ENDED and (not lawyer.ways or way in lawyer.ways)


def _taken(now: datetime) -> ColumnElement[bool]:
    """An appointment, or a hold that has not run out."""
    return or_(
        Consultation.state.in_(_STANDS),
        and_(Consultation.state == ConsultationState.HELD, Consultation.held_until > now),
    )


async def diaries(
    session: AsyncSession, lawyers: Iterable[Lawyer], now: datetime, *, but: Collection[int] = ()
) -> dict[int, Diary]:
    """The diaries of lawyers from yesterday on, by id, as if the consultations `but` were not."""
    known = {lawyer.id: lawyer for lawyer in lawyers}
    busy: dict[int, list[tuple[datetime, datetime]]] = {one: [] for one in known}
    rows = await session.execute(
        select(Consultation.lawyer_id, Consultation.starts_at, Consultation.ends_at).where(
            Consultation.lawyer_id.in_(known),
            Consultation.starts_at > now - timedelta(days=1),
            Consultation.id.not_in(but),
            _taken(now),
        )
    )
    for lawyer_id, starts, ends in rows:
        assert lawyer_id is not None  # the query asked for known ones
        busy[lawyer_id].append((starts, ends))
    hours = await timetables(session, known, day_of(now))
    return {one: Diary(lawyer, hours[one], busy[one]) for one, lawyer in known.items()}


def notice(lawyer: Lawyer, now: datetime) -> datetime:
    """The earliest instant for which a lawyer can still be booked."""
    return now + timedelta(hours=lawyer.notice_hours)


async def free_slots(
    session: AsyncSession,
    lawyers: Sequence[Lawyer],
    way: Way,
    now: datetime,
    *,
    most: int = 12,
    days: int = 21,
    after: datetime | None = None,
) -> list[Slot]:
    """The soonest free slots, at most `most`, of the coming `days`; with `after` only later ones.

    Of several lawyers who are free at the same instant it is the first of `lawyers`.
    """
    known = await diaries(session, (one for one in lawyers if offers(one, way)), now)
    found: list[Slot] = []
    day = max(day_of(now), day_of(after or now))
    last = day_of(now) + timedelta(days=days)
    while len(found) < most and day <= last:
        free: dict[datetime, Slot] = {}
        for diary in known.values():
            for slot in diary.free_on(day, notice(diary.lawyer, now)):
                if after is None or slot.starts_at > after:
                    free.setdefault(slot.starts_at, slot)
        found += [free[starts] for starts in sorted(free)]
        day += timedelta(days=1)
    return found[:most]
