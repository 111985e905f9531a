"""What comes of appointments by themselves: reminders, a question afterwards, times that are passed on."""

from __future__ import annotations

from datetime import datetime

from handlers.appointment_news import Rows, freed, tell_lawyer
from handlers.context import Turn
from handlers.resources import today
from handlers.screens import Screen
from handlers.telling import tell
from handlers.times import card, lawyer_buttons, told_of, when
from locales import Texts
from services import appointments, calendars, cases
from storage.calendars import Consultation
from storage.cases import Case
from storage.traffic import Priority


async def due(turn: Turn) -> None:
    """Write what is due now; the tables know what was written already."""
    for consultation, kind in await calendars.due_reminders(turn.session, turn.now):
        case = await cases.get(turn.session, consultation.case_id or 0)
        if case is not None:
            await _remind(turn, consultation, case)
            if kind == "hours":
                await _remind_lawyer(turn, consultation, case)
    for consultation, case in await appointments.ended(turn.session, turn.now):
        await _ask_lawyer(turn, consultation, case)
    for consultation, case in await appointments.unreachable(turn.session, turn.now):
        await _tell_of_block(turn, consultation, case)
    await freed(turn, await calendars.expired_offers(turn.session, turn.now))


async def _remind(turn: Turn, consultation: Consultation, case: Case) -> None:
    """Remind the citizen; of a neutral case it says when, and nothing else."""
    told = await told_of(turn, consultation, case)

    def draw(t: Texts) -> Screen:
        return card(t, told, headline(turn, t, consultation.starts_at))

    await tell(turn, consultation.chat_id, draw, priority=Priority.REMINDER)


def headline(turn: Turn, t: Texts, starts_at: datetime) -> str:
    """How a reminder begins: how soon it is."""
    time = t.time(starts_at)
    days = (today(starts_at) - today(turn.now)).days
    if days == 0:
        return t("🔔 Reminder: today at {time}", time=time)
    return t("🔔 Reminder: tomorrow at {time}", time=time) if days == 1 else t("🔔 Reminder")


async def _remind_lawyer(turn: Turn, consultation: Consultation, case: Case) -> None:
    def said(t: Texts) -> str:
        coming = (
            t("The citizen has confirmed it.")
            if consultation.confirmed_at
            else t("The citizen has not confirmed it yet.")
        )
        return f"{headline(turn, t, consultation.starts_at)}\n{coming}"

    await tell_lawyer(turn, case, said, _buttons(turn, consultation), priority=Priority.REMINDER)


async def _ask_lawyer(turn: Turn, consultation: Consultation, case: Case) -> None:
    def said(t: Texts) -> str:
        return t("Did it take place: {when}?", when=when(t, consultation.starts_at))

    await tell_lawyer(turn, case, said, _buttons(turn, consultation), priority=Priority.REMINDER)


def _buttons(turn: Turn, consultation: Consultation) -> Rows:
    return lambda t: lawyer_buttons(t, consultation, turn.now)


async def _tell_of_block(turn: Turn, consultation: Consultation, case: Case) -> None:
    def said(t: Texts) -> str:
        return t(
            "The citizen has blocked the bot and gets no reminders: {when}. "
            "If they left a phone number, please call.",
            when=when(t, consultation.starts_at),
        )

    await tell_lawyer(turn, case, said)
