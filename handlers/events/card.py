"""One event on the screen, as it is for who looks at it."""

from __future__ import annotations

from handlers.articles import gone
from handlers.context import BotContext
from handlers.events.words import file_call, hours, said
from handlers.screens import LONGEST, Button, Screen, bold, plain
from handlers.times import when
from services import events, registrations
from services.events import Guest
from storage.events import Event, EventState, Registration, RegistrationState

ROOM = 600  # characters beside the description


def is_hidden(context: BotContext) -> bool:
    """Tell whether nothing may be given away before the next /start, and say how to come back."""
    if context.person.discreet:
        context.reply(Screen(plain(context.t("To come back, write /start."))))
    return context.person.discreet


async def find(context: BotContext, event_id: int) -> Event | None:
    """An event that may be seen; None, and a word on it, if there is none."""
    if is_hidden(context):
        return None
    event = await events.get(context.session, event_id)
    if event is None and context.arrived.callback_query is not None:
        gone(context)
    elif event is None:
        context.reply(Screen(plain(context.t("There is no such event. All of them: /events"))))
    return event


async def screen(context: BotContext, event: Event, head: str = "") -> Screen:
    """An event with what can be done about it; `head` stands above."""
    t = context.t
    own = await registrations.standing(context.session, event.id, context.person.id)
    lines = [bold(said(event, "title", t)), plain(f"📅 {hours(t, event)}")]
    lines += map(plain, place_lines(context, event))
    lines += map(plain, await _seats(context, event) if own is None else [])
    about = said(event, "about", t)
    about = about if len(about) <= LONGEST - ROOM else about[: LONGEST - ROOM] + "…"
    parts = [
        plain(head),
        "\n".join(lines),
        plain(about),
        plain(await standing(context, event, own)),
    ]
    return Screen("\n\n".join(filter(None, parts)), await _rows(context, event, own))


def place_lines(context: BotContext, event: Event) -> list[str]:
    """Where an event takes place."""
    t = context.t
    place = said(event, "place", t)
    return [f"📍 {place}"] * bool(place) + [t("💻 Online")] * bool(event.link)


async def _seats(context: BotContext, event: Event) -> list[str]:
    """How many seats are left for somebody of their region, and until when one may register."""
    t = context.t
    if not registrations.may_register(event, context.now):
        return []
    left = (await registrations.seats(context.session, event)).left(context.person.region)
    until = t("Registration until {when}", when=when(t, event.register_until))
    if left is None:
        return [until]
    if left == 0:
        return [t("No seats are left. There is a waiting list."), until]
    return [t("Seats left: {number}", number=left), until]


async def standing(context: BotContext, event: Event, own: Registration | None) -> str:
    """Where one's own registration stands, or why one can't register."""
    t = context.t
    if event.state is EventState.CANCELLED:
        return t("🚫 This event is cancelled.")
    if event.ends_at <= context.now:
        return t("This event is over.")
    if own is not None:
        return await own_line(context, Guest(own, event))
    if not registrations.may_register(event, context.now):
        return t("Registration is closed.")
    return ""


async def own_line(context: BotContext, guest: Guest) -> str:
    """That somebody has a seat, or their place in the queue."""
    t = context.t
    if guest.registration.state is RegistrationState.REGISTERED:
        return t("✅ You are registered.")
    place = await registrations.place(context.session, guest.registration)
    return t("⏳ You are number {place} on the waiting list.", place=place)


async def _rows(context: BotContext, event: Event, own: Registration | None) -> list[list[Button]]:
    t = context.t
    to_come = event.state is EventState.OPEN and event.ends_at > context.now
    rows: list[list[Button]] = []
    if to_come and own is not None:
        rows += own_rows(context, Guest(own, event))
    elif registrations.may_register(event, context.now):
        left = (await registrations.seats(context.session, event)).left(context.person.region)
        label = t("⏳ Join the waiting list") if left == 0 else t("✅ Register")
        rows.append([Button(label, f"ev:r:{event.id}")])
    pin = event.latitude is not None and event.longitude is not None
    rows.append([Button(t("🗺 On the map"), f"ev:m:{event.id}")] if pin else [])
    if event.programme and file_call(event.programme):
        rows[-1].append(Button(t("📄 Programme"), f"ev:p:{event.id}"))
    return [*rows, [Button(t("⬅️ All events"), "ev")]]


def own_rows(context: BotContext, guest: Guest) -> list[list[Button]]:
    """What a guest can do."""
    t, event = context.t, guest.event
    if guest.waits:
        return [[Button(t("✖️ Leave the waiting list"), f"ev:c:{event.id}")]]
    link = [Button(t("💻 Take part online"), url=event.link)] if event.link else []
    return [
        [Button(t("🎟 My ticket"), f"ev:t:{event.id}"), *link],
        [Button(t("✖️ I can't come"), f"ev:c:{event.id}")],
    ]
