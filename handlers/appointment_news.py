"""What citizens and lawyers are told of appointments, each in their language."""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
from datetime import datetime

from handlers import handoffs as offered
from handlers import relaying
from handlers.context import Turn
from handlers.screens import Button, Screen, bold, plain
from handlers.telling import Draw, call_about, tell
from handlers.times import Told, card, choice_for, minute, told_of, when
from locales import Texts, texts
from services import calendars, handoffs, partners, people
from services.calendars import Moved, WaitingOffer
from services.hours import decent
from services.invites import Entry, ics
from services.safe_hours import may_write
from storage.calendars import Consultation
from storage.cases import Case, Urgency
from storage.partners import Lawyer, Way
from storage.traffic import Priority

FILE = "calendar.ics"
Said = Callable[[Texts], str]
Rows = Callable[[Texts], Sequence[Sequence[Button]]]


def politely(turn: Turn, case: Case, chat_id: int) -> datetime | None:
    """When a lawyer may be written to: at once in danger, or when they have just acted themselves."""
    return None if _acts(turn, chat_id) or case.urgency == Urgency.DANGER else decent(turn.now)


def safely(turn: Turn, case: Case, chat_id: int) -> datetime | None:
    """When the citizen may be written to: in their safe hours, or when they have just acted."""
    return None if _acts(turn, chat_id) else may_write(case, turn.now)


def _acts(turn: Turn, chat_id: int) -> bool:
    return turn.person is not None and turn.person.chat_id == chat_id


async def booked(turn: Turn, consultation: Consultation, case: Case) -> None:
    """Tell the citizen of their appointment: time, way, place, and a file for their calendar."""
    await _announce(turn, consultation, case, lambda t: t("Your appointment"))


async def put_off(turn: Turn, consultation: Consultation, case: Case, was: datetime) -> None:
    """Tell the citizen that the lawyer has moved their appointment."""

    def title(t: Texts) -> str:
        return t("I am sorry: it doesn't work out on {when}. The new time:", when=when(t, was))

    await _announce(turn, consultation, case, title)


async def moved(turn: Turn, appointments: Sequence[Moved]) -> None:
    """Tell everybody whose appointment a sick day moved, or for whom there is no other time yet."""
    for one in appointments:
        if one.slot is not None:
            await put_off(turn, one.consultation, one.case, one.was_at)
        else:
            await tell_citizen(turn, one.consultation, one.case, apology(one.case, one.was_at))
        await offered.redraw_cards(turn, one.case)


async def _announce(turn: Turn, consultation: Consultation, case: Case, title: Said) -> None:
    """An appointment with all that belongs to it; of a neutral case nothing says more than the time."""
    told = await told_of(turn, consultation, case)
    chat_id, due_at = consultation.chat_id, safely(turn, case, consultation.chat_id)
    await tell(turn, chat_id, lambda t: card(t, told, title(t)), due_at=due_at)
    person = await people.known(turn.session, chat_id)
    if person is None or person.discreet or not told.accepted:  # until then it is but a wish
        return
    t = texts(person.language)
    if not case.neutral:
        _send_place(turn, t, told, due_at)
    call_about(turn, chat_id, "sendDocument", _invite(turn, t, told), due_at=due_at)


def _send_place(turn: Turn, t: Texts, told: Told, due_at: datetime | None) -> None:
    lawyer, chat_id = told.lawyer, told.consultation.chat_id
    if lawyer is None or told.consultation.way is not Way.IN_PERSON:
        return
    if lawyer.latitude is None or lawyer.longitude is None:
        return
    pin = {"latitude": lawyer.latitude, "longitude": lawyer.longitude}
    if not lawyer.address:
        call_about(turn, chat_id, "sendLocation", pin, due_at=due_at)
        return
    venue = {**pin, "title": t("Where you meet"), "address": lawyer.address}
    call_about(turn, chat_id, "sendVenue", venue, due_at=due_at)


def _invite(turn: Turn, t: Texts, told: Told) -> dict[str, object]:
    """The appointment as a file; whoever looks into a neutral case's calendar learns the time alone."""
    if told.case.neutral:
        entry = Entry(told.consultation, t("Meeting"))
    else:
        lawyer = told.lawyer if told.consultation.way is Way.IN_PERSON else None
        entry = Entry(
            told.consultation,
            t("Consultation {number}", number=told.case.number),
            lawyer.address if lawyer else None,
            lawyer.latitude if lawyer else None,
            lawyer.longitude if lawyer else None,
        )
    content = base64.b64encode(ics([entry], turn.now)).decode()
    return {
        "document": {"file": {"name": FILE, "content": content}},
        "caption": t("📅 Open the file: the time will stand in your phone's calendar."),
    }


async def offer_times(turn: Turn, case: Case, lawyer: Lawyer) -> None:
    """A lawyer has accepted a case without an hour that both can: the citizen chooses one."""
    citizen = await handoffs.citizen_of(turn.session, case)
    if citizen is None:
        return
    choice = await choice_for(turn, case, lawyer)

    def draw(t: Texts) -> Screen:
        return choice.screen(t, t("Which time suits you?"))

    await tell(turn, citizen.chat_id, draw, due_at=safely(turn, case, citizen.chat_id))


async def tell_lawyer(
    turn: Turn,
    case: Case,
    said: Said,
    buttons: Rows = lambda t: (),
    *,
    priority: Priority = Priority.CASE,
) -> None:
    """Tell the lawyer of an accepted case what became of an appointment: its number, not the person.

    Before that nobody is told; the cards of who is asked show the hour that is wished for now.
    """
    if case.lawyer_id is None:
        await offered.redraw_cards(turn, case)
        return
    lawyer = await partners.lawyer_by_id(turn.session, case.lawyer_id)

    def draw(t: Texts) -> Screen:
        return Screen(f"{bold(case.number)}\n{plain(said(t))}", buttons(t))

    await tell(
        turn,
        lawyer.chat_id,
        draw,
        priority=priority,
        due_at=politely(turn, case, lawyer.chat_id),
        thread=await relaying.thread_of(turn, case, lawyer.chat_id),
    )


async def tell_citizen(turn: Turn, consultation: Consultation, case: Case, draw: Draw) -> None:
    """Tell the citizen what a lawyer did with their appointment."""
    due_at = safely(turn, case, consultation.chat_id)
    await tell(turn, consultation.chat_id, draw, due_at=due_at)


def apology(case: Case, starts_at: datetime) -> Draw:
    """The lawyer can't come, and nothing is arranged instead: the citizen chooses another time."""

    def draw(t: Texts) -> Screen:
        said = t("I am sorry: it doesn't work out on {when}.", when=when(t, starts_at))
        if not case.neutral:
            lasts = t("Your case {number} goes on.", number=case.number)
            said = f"{said} {lasts}"
        return Screen(
            f"{plain(said)}\n\n{plain(t('Please choose another time.'))}",
            [[Button(t("📅 Choose a time"), f"ap:new:{case.id}")]],
        )

    return draw


async def freed(turn: Turn, offers: Sequence[WaitingOffer]) -> None:
    """Offer times that became free to those who wait for one, each held for them a while."""
    for offer in offers:
        await _offer(turn, offer.consultation, offer.case)


async def _offer(turn: Turn, held: Consultation, case: Case) -> None:
    own = await calendars.of_case(turn.session, case)
    until = held.held_until or turn.now
    named = f"{held.id}:{minute(held.starts_at)}"

    def draw(t: Texts) -> Screen:
        free = t("A time is free: {when}", when=when(t, held.starts_at))
        lines = [bold(free), plain(t("It is kept for you until {time}.", time=t.time(until)))]
        if own is not None:
            yours = t("You have chosen so far: {when}", when=when(t, own.starts_at))
            lines.insert(1, plain(yours))
        keep = t("Keep mine") if own is not None else t("No, thank you")
        return Screen(
            "\n".join(lines),
            [[Button(t("✅ Take it"), f"ap:take:{named}"), Button(keep, f"ap:keep:{named}")]],
        )

    await tell_citizen(turn, held, case, draw)
