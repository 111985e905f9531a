"""Appointments as citizens have them: confirmed, put off, given up, and a sooner time taken.

Every press names an appointment and the time that stood on the button: one that has changed since is
shown as it stands now.
"""

from __future__ import annotations

from datetime import date

from telegram import Update
from telegram.ext import CallbackQueryHandler

from handlers import reception
from handlers.appointment_news import (
    booked,
    freed,
    moved,
    offer_times,
    tell_lawyer,
)
from handlers.articles import gone
from handlers.context import BotApplication, BotContext
from handlers.reminders import due
from handlers.screens import Button, Screen, bold, plain
from handlers.times import (
    card,
    choice_for,
    day_from,
    from_minute,
    lawyer_buttons,
    minute,
    numbers,
    slot_from,
    told_of,
    when,
)
from services import appointments, calendars
from services.calendars import AppointmentGone, SlotTaken
from storage.calendars import Consultation, ConsultationState
from storage.cases import Case, CaseState

__all__ = [
    "booked",
    "due",
    "lawyer_buttons",
    "moved",
    "offer_times",
    "register",
]


def register(application: BotApplication) -> None:
    """Listen to the buttons of appointments, the citizens' and the lawyers'."""
    for verb, count, handler in (
        ("see", 1, see_pressed),
        ("yes", 2, confirmed),
        ("off", 2, off_pressed),
        ("offed", 2, called_off),
        ("new", 1, new_pressed),
        ("day", 2, day_pressed),
        ("at", 3, time_pressed),
        ("back", 1, back_pressed),
        ("none", 1, none_pressed),
        ("wait", 1, wait_pressed),
        ("enough", 1, enough_pressed),
        ("take", 2, offer_taken),
        ("keep", 2, offer_declined),
    ):
        pattern = rf"^ap:{verb}(:[0-9]{{1,12}}){{{count}}}$"
        application.add_handler(CallbackQueryHandler(handler, pattern=pattern))
    reception.register(application)


def _is_theirs(context: BotContext, case: Case | None) -> bool:
    """Tell whether the case is that of whoever pressed."""
    return case is not None and case.person_id is not None and case.person_id == context.person.id


async def _their_case(context: BotContext, case_id: int) -> Case | None:
    """The open case of whoever pressed that a button names; if there is none, they are told."""
    case = await appointments.held_case(context.session, case_id)
    if case is None or not _is_theirs(context, case) or case.state is CaseState.CLOSED:
        gone(context)
        return None
    return case


async def _theirs(context: BotContext) -> tuple[Consultation, Case] | None:
    """The appointment that a button names, as it stands; if it is nobody's of theirs, they are told."""
    found = await appointments.get(context.session, numbers(context)[0])
    if found is None or not _is_theirs(context, found[1]):
        gone(context)
        return None
    return found


async def _coming(context: BotContext) -> tuple[Consultation, Case] | None:
    """The same if it is still to come at the time on the button; if not they see what there is."""
    if (found := await _theirs(context)) is None:
        return None
    consultation, case = found
    if _stands(context, consultation) and consultation.state is ConsultationState.BOOKED:
        return found
    await _show_as_it_stands(context, case)
    return None


def _stands(context: BotContext, consultation: Consultation) -> bool:
    starts = numbers(context)[1]
    return minute(consultation.starts_at) == starts and consultation.ends_at > context.now


async def _show_as_it_stands(context: BotContext, case: Case) -> None:
    """What a button was about has changed: show the case's appointment, or that there is none."""
    t = context.t
    if case.state is CaseState.CLOSED:
        gone(context)
        return
    context.toast(t("This has changed meanwhile. Now it stands like this."))
    await _show_present(context, case)


async def _show_present(context: BotContext, case: Case) -> None:
    t = context.t
    consultation = await calendars.of_case(context.session, case)
    if consultation is not None and consultation.ends_at > context.now:
        told = await told_of(context.turn, consultation, case)
        context.show(card(t, told, t("Your appointment")))
    else:
        context.show(_no_time(context, case, t("No time is chosen at present.")))


def _no_time(context: BotContext, case: Case, said: str) -> Screen:
    return Screen(plain(said), [[Button(context.t("📅 Choose a time"), f"ap:new:{case.id}")]])


async def see_pressed(update: Update, context: BotContext) -> None:
    """All that there is to know of an appointment."""
    if (found := await _theirs(context)) is None:
        return
    consultation, case = found
    if consultation.state is not ConsultationState.BOOKED:
        await _show_as_it_stands(context, case)
        return
    told = await told_of(context.turn, consultation, case)
    context.show(card(context.t, told, context.t("Your appointment"), whole=True))


async def confirmed(update: Update, context: BotContext) -> None:
    """The citizen will come."""
    if (found := await _coming(context)) is None:
        return
    consultation, case = found
    appointments.confirm(consultation, context.now)
    told = await told_of(context.turn, consultation, case)
    context.show(card(context.t, told, context.t("✅ Thank you, it is settled.")))


async def off_pressed(update: Update, context: BotContext) -> None:
    """Ask before an appointment is given up."""
    if (found := await _coming(context)) is None:
        return
    consultation, case = found
    t = context.t
    named = f"{consultation.id}:{minute(consultation.starts_at)}"
    context.show(
        Screen(
            bold(t("Give up {when}?", when=when(t, consultation.starts_at))),
            [
                [Button(t("Yes, cancel it"), f"ap:offed:{named}")],
                [Button(t("🔁 Another time"), f"ap:new:{case.id}")],
                [Button(t("⬅️ Back"), f"ap:back:{case.id}")],
            ],
        )
    )


async def called_off(update: Update, context: BotContext) -> None:
    """The citizen gives the appointment up; the case stays."""
    if (found := await _coming(context)) is None:
        return
    consultation, case = found
    offers = await calendars.cancel(context.session, consultation, by_lawyer=False, now=context.now)
    t, starts_at = context.t, consultation.starts_at
    await tell_lawyer(
        context.turn,
        case,
        lambda t: t("The citizen has cancelled the appointment: {when}.", when=when(t, starts_at)),
    )
    await freed(context.turn, offers)
    said = t("It is cancelled: {when}.", when=when(t, starts_at))
    if not case.neutral:
        said += " " + t("Your case {number} goes on.", number=case.number)
    context.show(_no_time(context, case, said))


async def new_pressed(update: Update, context: BotContext) -> None:
    """Show the free times."""
    (case_id,) = numbers(context)
    if (case := await _their_case(context, case_id)) is not None:
        await _show_choice(context, case)


async def day_pressed(update: Update, context: BotContext) -> None:
    """Show the free times of another day."""
    case_id, day = numbers(context)
    if (case := await _their_case(context, case_id)) is not None:
        await _show_choice(context, case, day_from(day))


async def _show_choice(context: BotContext, case: Case, day: date | None = None) -> None:
    choice = await choice_for(context.turn, case)
    context.show(choice.screen(context.t, context.t("Which time suits you?"), day))


async def time_pressed(update: Update, context: BotContext) -> None:
    """A time was chosen: it is the appointment from now on."""
    case_id, lawyer_id, starts = numbers(context)
    if (case := await _their_case(context, case_id)) is None:
        return
    before = await calendars.of_case(context.session, case)
    starts_at = from_minute(starts)
    if before is not None and (before.lawyer_id, before.starts_at) == (lawyer_id, starts_at):
        await _show_present(context, case)  # pressed twice
        return
    choice = await choice_for(context.turn, case)
    try:
        if not any(
            (one.lawyer_id, one.starts_at) == (lawyer_id, starts_at) for one in choice.slots
        ):
            raise SlotTaken
        was = before.starts_at if before is not None else None
        consultation = await reception.appoint(
            context, case, slot_from(lawyer_id, starts), context.person.chat_id
        )
    except (SlotTaken, AppointmentGone):
        context.toast(context.t(SlotTaken.message), alert=True)
        await _show_choice(context, case)
        return
    t = context.t
    context.show(Screen(bold(t("✅ Noted: {when}", when=when(t, consultation.starts_at)))))
    await booked(context.turn, consultation, case)
    await reception.tell_of_time(context.turn, consultation, case, was)


async def back_pressed(update: Update, context: BotContext) -> None:
    """Back to the appointment, if there is one."""
    (case_id,) = numbers(context)
    if (case := await _their_case(context, case_id)) is not None:
        await _show_present(context, case)


async def none_pressed(update: Update, context: BotContext) -> None:
    """No time suits: what can be done?"""
    (case_id,) = numbers(context)
    if (case := await _their_case(context, case_id)) is None:
        return
    t = context.t
    own = await calendars.of_case(context.session, case)
    said = (
        t("What you have chosen stays yours. If a sooner time becomes free, I can write to you.")
        if own is not None
        else t("Then it goes on without a time. If one becomes free, I can write to you.")
    )
    context.show(
        Screen(
            plain(said),
            [
                [Button(t("🔔 Write to me when one is free"), f"ap:wait:{case.id}")],
                [Button(t("⬅️ Back"), f"ap:new:{case.id}")],
            ],
        )
    )


async def wait_pressed(update: Update, context: BotContext) -> None:
    """Put the case on the waiting list; if it has no time at all, its lawyer hears of it once."""
    (case_id,) = numbers(context)
    if (case := await _their_case(context, case_id)) is None:
        return
    known = await calendars.is_waiting(context.session, case)
    await calendars.wait(context.session, case, context.now)
    if not known and await calendars.of_case(context.session, case) is None:
        await tell_lawyer(
            context.turn,
            case,
            lambda t: t("No free time suits the citizen. Please agree on one with them."),
        )
    t = context.t
    context.show(
        Screen(
            plain(t("I will write to you when a time becomes free.")),
            [[Button(t("⬅️ Back"), f"ap:back:{case.id}")]],
        )
    )


async def enough_pressed(update: Update, context: BotContext) -> None:
    """The citizen wants to hear of no other times."""
    (case_id,) = numbers(context)
    if (case := await _their_case(context, case_id)) is None:
        return
    offers = await calendars.stop_waiting(context.session, case, context.now)
    await freed(context.turn, offers)
    await _show_present(context, case)


async def offer_taken(update: Update, context: BotContext) -> None:
    """The citizen takes the time that became free; the first press decides."""
    if (found := await _theirs(context)) is None:
        return
    held, case = found
    before = await calendars.of_case(context.session, case)
    if before is not None and before.id == held.id:
        await _show_present(context, case)  # pressed twice
        return
    was = before.starts_at if before is not None else None
    if case.state is CaseState.CLOSED:
        gone(context)
        return
    try:
        offers = await calendars.book(context.session, held, case, context.now)
    except (SlotTaken, AppointmentGone):
        context.toast(context.t(SlotTaken.message), alert=True)
        await _show_present(context, case)
        return
    t = context.t
    context.show(Screen(bold(t("✅ Noted: {when}", when=when(t, held.starts_at)))))
    await booked(context.turn, held, case)
    await reception.tell_of_time(context.turn, held, case, was)
    await freed(context.turn, offers)


async def offer_declined(update: Update, context: BotContext) -> None:
    """The citizen keeps what they have; the next who waits is offered the time."""
    if (found := await _theirs(context)) is None:
        return
    held, case = found
    if held.state is not ConsultationState.HELD:
        await _show_as_it_stands(context, case)
        return
    offers = await calendars.cancel(context.session, held, by_lawyer=False, now=context.now)
    await freed(context.turn, offers)
    t = context.t
    own = await calendars.of_case(context.session, case)
    said = t("You keep {when}.", when=when(t, own.starts_at)) if own else t("All right.")
    context.show(
        Screen(
            plain(said),
            [[Button(t("🔕 Don't offer me others"), f"ap:enough:{case.id}")]],
        )
    )
