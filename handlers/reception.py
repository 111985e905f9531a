"""Appointments as lawyers have them: put off, given up, held or missed."""

from __future__ import annotations

from datetime import date, datetime

from telegram import Update
from telegram.ext import CallbackQueryHandler

from handlers.appointment_news import (
    apology,
    booked,
    freed,
    put_off,
    tell_citizen,
    tell_lawyer,
)
from handlers.articles import gone
from handlers.context import BotApplication, BotContext, Turn
from handlers.screens import Button, Screen, bold, plain
from handlers.times import (
    Choice,
    choice_for,
    day_from,
    lawyer_buttons,
    minute,
    numbers,
    slot_from,
    when,
)
from locales import Texts
from services import appointments, calendars, cases, handoffs, partners
from services.calendars import AppointmentGone, Slot, SlotTaken
from storage.calendars import Consultation, ConsultationState
from storage.cases import Case, CaseState


def register(application: BotApplication) -> None:
    """Listen to the lawyers' buttons under their appointments."""
    for verb, count, handler in (
        ("lnew", 1, new_pressed),
        ("lday", 2, day_pressed),
        ("lat", 3, time_pressed),
        ("lback", 1, back_pressed),
        ("loff", 2, off_pressed),
        ("loffed", 2, called_off),
        ("done", 2, settled),
        ("missed", 2, settled),
    ):
        pattern = rf"^ap:{verb}(:[0-9]{{1,12}}){{{count}}}$"
        application.add_handler(CallbackQueryHandler(handler, pattern=pattern))


async def _is_theirs(context: BotContext, case: Case | None) -> bool:
    """Tell whether whoever pressed works on the case now; raise NotAllowed if they are no lawyer."""
    lawyer = await partners.working(context.session, context.person, context.resources.admin_ids)
    return case is not None and case.state is CaseState.IN_WORK and case.lawyer_id == lawyer.id


async def _their_case(context: BotContext) -> Case | None:
    case = await appointments.held_case(context.session, numbers(context)[0])
    if case is None or not await _is_theirs(context, case):
        await _is_theirs(context, None)
        gone(context)
        return None
    return case


async def _theirs(context: BotContext) -> tuple[Consultation, Case] | None:
    """The appointment of a case of theirs at the time on the button; if it has changed, they see how."""
    number, starts = numbers(context)
    found = await appointments.get(context.session, number)
    if not await _is_theirs(context, found[1] if found else None) or found is None:
        gone(context)
        return None
    consultation, case = found
    same = minute(consultation.starts_at) == starts
    if consultation.state is ConsultationState.BOOKED and same:
        return found
    if await calendars.of_case(context.session, case) is None:
        raise AppointmentGone
    context.toast(context.t("This has changed meanwhile. Now it stands like this."))
    await _show_present(context, case)
    return None


async def _show_present(context: BotContext, case: Case, said: str | None = None) -> None:
    """The case's appointment, if it has one, with what can be done about it."""
    t = context.t
    consultation = await calendars.of_case(context.session, case)
    if consultation is None:
        line = plain(said or t("No time is chosen at present."))
        buttons = [[Button(t("📅 Choose a time"), f"ap:lnew:{case.id}")]]
    else:
        line = plain(said or f"📅 {when(t, consultation.starts_at)}")
        buttons = lawyer_buttons(t, consultation, context.now)
    context.show(Screen(f"{bold(case.number)}\n{line}", buttons))


async def _show_choice(context: BotContext, case: Case, day: date | None = None) -> None:
    t, found = context.t, await choice_for(context.turn, case)
    if await calendars.of_case(context.session, case) is None:
        title = t("Which time for {number}?", number=case.number)
    else:
        title = t("Move {number} to:", number=case.number)
    context.show(Choice(case.id, found.slots, side="l").screen(t, title, day))


async def new_pressed(update: Update, context: BotContext) -> None:
    """Show the lawyer's own free times."""
    if (case := await _their_case(context)) is not None:
        await _show_choice(context, case)


async def day_pressed(update: Update, context: BotContext) -> None:
    """Show the free times of another day."""
    if (case := await _their_case(context)) is not None:
        await _show_choice(context, case, day_from(numbers(context)[1]))


async def back_pressed(update: Update, context: BotContext) -> None:
    """Back to the appointment."""
    if (case := await _their_case(context)) is not None:
        await _show_present(context, case)


async def appoint(
    context: BotContext, case: Case, slot: Slot, citizen_chat_id: int
) -> Consultation:
    """Give a case an appointment, or its appointment another time; raise SlotTaken, AppointmentGone.

    Whoever waits hears of what became free.
    """
    session, now = context.session, context.now
    consultation = await calendars.of_case(session, case)
    if consultation is not None and consultation.ends_at > now:
        offers = await calendars.move(session, consultation, slot, now)
    else:
        consultation = await calendars.hold(
            session, slot, chat_id=citizen_chat_id, way=case.way, now=now
        )
        offers = await calendars.book(session, consultation, case, now)
    await freed(context.turn, offers)
    return consultation


async def tell_of_time(
    turn: Turn, consultation: Consultation, case: Case, was: datetime | None
) -> None:
    """Tell the lawyer that the citizen has chosen a time, or another than it `was`."""

    def said(t: Texts) -> str:
        now = when(t, consultation.starts_at)
        if was is None:
            return t("The citizen has chosen a time: {when}", when=now)
        return t(
            "The citizen has moved the appointment from {was} to {when}", was=when(t, was), when=now
        )

    await tell_lawyer(turn, case, said, lambda t: lawyer_buttons(t, consultation, turn.now))


async def time_pressed(update: Update, context: BotContext) -> None:
    """The lawyer chose another time; the citizen hears, and may say that it doesn't suit."""
    if (case := await _their_case(context)) is None:
        return
    _, lawyer_id, starts = numbers(context)
    citizen = await handoffs.citizen_of(context.session, case)
    if citizen is None or lawyer_id != case.lawyer_id:
        gone(context)
        return
    before = await calendars.of_case(context.session, case)
    was = before.starts_at if before is not None else None
    slot = slot_from(lawyer_id, starts)
    if was == slot.starts_at:
        await _show_present(context, case)  # pressed twice
        return
    t = context.t
    try:
        consultation = await appoint(context, case, slot, citizen.chat_id)
    except (SlotTaken, AppointmentGone):
        context.toast(t(SlotTaken.message), alert=True)
        await _show_choice(context, case)
        return
    await cases.worked(context.session, case, context.now)
    await _show_present(context, case, t("✅ Noted: {when}", when=when(t, slot.starts_at)))
    if was is None:
        await booked(context.turn, consultation, case)
    else:
        await put_off(context.turn, consultation, case, was)


async def off_pressed(update: Update, context: BotContext) -> None:
    """Ask before the lawyer gives an appointment up."""
    if (found := await _theirs(context)) is None:
        return
    consultation, case = found
    t = context.t
    named = f"{consultation.id}:{minute(consultation.starts_at)}"
    told = plain(t("The citizen is asked to choose another time."))
    context.show(
        Screen(
            f"{bold(t('Give up {when}?', when=when(t, consultation.starts_at)))}\n{told}",
            [
                [Button(t("Yes, cancel it"), f"ap:loffed:{named}")],
                [Button(t("⬅️ Back"), f"ap:lback:{case.id}")],
            ],
        )
    )


async def called_off(update: Update, context: BotContext) -> None:
    """The lawyer gives the appointment up; the citizen is asked to choose another time."""
    if (found := await _theirs(context)) is None:
        return
    consultation, case = found
    offers = await calendars.cancel(context.session, consultation, by_lawyer=True, now=context.now)
    starts_at = consultation.starts_at
    await tell_citizen(context.turn, consultation, case, apology(case, starts_at))
    await freed(context.turn, offers)
    t = context.t
    said = t("It is cancelled: {when}.", when=when(t, starts_at))
    await _show_present(context, case, said)


async def settled(update: Update, context: BotContext) -> None:
    """It took place, or the citizen did not come: they are kindly offered another time."""
    if (found := await _theirs(context)) is None:
        return
    consultation, case = found
    missed = context.args_of_press[0] == "missed"
    how = ConsultationState.NO_SHOW if missed else ConsultationState.DONE
    await calendars.settle(context.session, consultation, how, context.now)
    await cases.worked(context.session, case, context.now)
    t = context.t
    said = (
        t("Noted: they didn't come. I have offered them another time.")
        if missed
        else t("Noted: it took place. When the matter is done, close the case: /cases")
    )
    context.show(Screen(f"{bold(case.number)}\n{plain(said)}"))
    if missed:
        await tell_citizen(context.turn, consultation, case, lambda t: _we_missed(t, case))


def _we_missed(t: Texts, case: Case) -> Screen:
    return Screen(
        plain(t("It didn't work out this time; that happens. Shall we find another time?")),
        [[Button(t("📅 Choose a time"), f"ap:new:{case.id}")]],
    )
