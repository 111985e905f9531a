"""/events: what is to come, registering in two presses, the ticket, giving a seat back."""

from __future__ import annotations

from telegram import Update
from telegram.ext import CallbackQueryHandler, CommandHandler

from handlers.articles import gone
from handlers.context import BotApplication, BotContext
from handlers.events import card, registering, ticket
from handlers.events.news import due, moved_up
from handlers.events.registering import DIALOG, typed
from handlers.events.words import file_call, hours, said
from handlers.screens import Button, Screen, bold, plain
from services import events, registrations
from services.events import Guest
from services.registrations import NoTicket
from storage.events import Event, EventState, Registration

__all__ = [
    "DIALOG",
    "due",
    "forget_all",
    "listed",
    "moved_up",
    "register",
    "show_event",
    "ticket_opened",
    "typed",
]

SHOWN = 5  # events on a screen


def register(application: BotApplication) -> None:
    """Listen to /events and its buttons."""
    application.add_handler(CommandHandler("events", listed))
    event = r"[0-9]{1,15}"
    for pattern, handler in (
        (r"^ev(:l:[0-9]{1,4})?$", listed),
        (r"^ev:again$", registering.again),
        (rf"^\+?ev:e:{event}$", event_pressed),
        (rf"^ev:r:{event}$", registering.register_pressed),
        (
            rf"^ev:d:{event}:(ok|name|region|with:[0-9]{{1,3}}|need:[a-z]{{1,20}}:[01]|from:[\w-]{{1,20}}"
            r"|skip:[0-9]{1,3}|back:[a-z]{1,10}:[0-9]{1,3})$",
            registering.pressed,
        ),
        (rf"^\+?ev:t:{event}$", ticket_pressed),
        (rf"^ev:m:{event}$", map_pressed),
        (rf"^ev:p:{event}$", programme_pressed),
        (rf"^\+?ev:c:{event}$", cancel_pressed),
        (rf"^ev:C:{event}$", cancelled),
    ):
        application.add_handler(CallbackQueryHandler(handler, pattern=pattern))


# --- looking ------------------------------------------------------------------------------------


async def listed(update: Update, context: BotContext) -> None:
    """The events to come, page by page, one's own first."""
    if card.is_hidden(context):
        return
    t = context.t
    pressed = context.args_of_press if update.callback_query else []
    page = int(pressed[1]) if len(pressed) > 1 else 0
    shown, number = await events.upcoming(
        context.session, context.person, context.now, page=page, size=SHOWN
    )
    page = min(page, max(0, number - 1) // SHOWN)
    turning = [Button("◀️", f"ev:l:{page - 1}")] if page else []
    turning += [Button("▶️", f"ev:l:{page + 1}")] if (page + 1) * SHOWN < number else []
    entries = [await _entry(context, one) for one in shown]
    nothing = plain(t("No event is planned now. As soon as there is one, it stands here."))
    context.show(
        Screen(
            "\n\n".join([bold(t("Events")), *(entries or [nothing])]),
            [*([_button(context, one)] for one in shown), turning],
        )
    )


def _button(context: BotContext, event: Event) -> Button:
    return Button(
        f"{context.t.day(event.starts_at)} · {said(event, 'title', context.t)}", f"ev:e:{event.id}"
    )


async def _entry(context: BotContext, event: Event) -> str:
    t = context.t
    own = await registrations.standing(context.session, event.id, context.person.id)
    lines = [f"📅 {hours(t, event)}", *card.place_lines(context, event)]
    lines += [await card.own_line(context, Guest(own, event))] if own is not None else []
    return "\n".join([bold(said(event, "title", t)), *map(plain, lines)])


async def show_event(context: BotContext, event_id: int, head: str = "") -> None:
    """An event that a link or a button of an announcement leads to."""
    event = await card.find(context, event_id)
    if event is not None:
        context.show(await card.screen(context, event, head))


async def event_pressed(update: Update, context: BotContext) -> None:
    """One event."""
    await show_event(context, int(context.args_of_press[1]))


async def map_pressed(update: Update, context: BotContext) -> None:
    """Where it is, on a map."""
    event = await card.find(context, int(context.args_of_press[1]))
    for method, params in ticket.pin(context.t, event) if event is not None else ():
        context.send(method, **params)


async def programme_pressed(update: Update, context: BotContext) -> None:
    """The programme, as staff gave it."""
    event = await card.find(context, int(context.args_of_press[1]))
    if event is None:
        return
    call = file_call(event.programme or {})
    if call is None:
        gone(context)
        return
    method, params = call
    context.send(method, **params)


# --- the ticket ---------------------------------------------------------------------------------


async def _own(context: BotContext) -> tuple[Event, Registration | None] | None:
    """The event that a button names, with one's own registration."""
    event = await card.find(context, int(context.args_of_press[1]))
    if event is None:
        return None
    return event, await registrations.standing(context.session, event.id, context.person.id)


async def ticket_pressed(update: Update, context: BotContext) -> None:
    """The ticket again."""
    found = await _own(context)
    if found is not None:
        await _show_ticket(context, *found)


async def _show_ticket(context: BotContext, event: Event, own: Registration | None) -> None:
    """One's ticket; the event where there is none."""
    over = event.state is not EventState.OPEN or event.ends_at <= context.now
    if own is None or over or Guest(own, event).waits:
        context.show(await card.screen(context, event))
    else:
        ticket.send(context.turn, context.person, Guest(own, event))


async def ticket_opened(context: BotContext, code: str) -> None:
    """A ticket's link, opened by its guest; raise NoTicket for everybody else's."""
    guest = await registrations.by_code(context.session, code)
    if guest.person_id != context.person.id:
        raise NoTicket
    event = await context.session.get_one(Event, guest.event_id)
    await _show_ticket(context, event, guest)


# --- giving a seat back -------------------------------------------------------------------------


async def cancel_pressed(update: Update, context: BotContext) -> None:
    """Ask before a seat goes to somebody else."""
    found = await _own(context)
    if found is None:
        return
    event, own = found
    if own is None or own.checked_in_at is not None or event.ends_at <= context.now:
        context.show(await card.screen(context, event))
        return
    t, waits = context.t, Guest(own, event).waits
    asked = (
        t("Leave the waiting list? Your place in it is lost.")
        if waits
        else t("Give your seat back? Somebody else gets it, and your ticket is no longer valid.")
    )
    yes = t("Yes, leave it") if waits else t("Yes, give it back")
    context.show(
        Screen(
            f"{bold(said(event, 'title', t))}\n\n{plain(asked)}",
            [[Button(yes, f"ev:C:{event.id}")], [Button(t("⬅️ Back"), f"ev:e:{event.id}")]],
        )
    )


async def cancelled(update: Update, context: BotContext) -> None:
    """A seat is given back; who is next in the queue gets it."""
    found = await _own(context)
    if found is None:
        return
    event, _ = found
    guest, moved = await registrations.cancel(
        context.session, event.id, context.person.id, context.now
    )
    await moved_up(context.turn, moved)
    head = context.t("Done: your place is given back.") if guest is not None else ""
    context.show(await card.screen(context, event, head))


async def forget_all(context: BotContext) -> None:
    """Delete somebody's registrations; their places at events to come go to who waits."""
    moved = await events.forget(context.session, context.person, context.now)
    await moved_up(context.turn, moved)
