"""/my: a citizen's cases, appointments and events, and what they can do with each."""

from __future__ import annotations

from collections.abc import Sequence

from telegram import Update
from telegram.ext import CallbackQueryHandler, CommandHandler

from handlers import case_ends, ratings
from handlers.articles import gone
from handlers.cards import day_of, topic_of
from handlers.case_words import heading, standing
from handlers.context import BotApplication, BotContext
from handlers.events import card as events_card
from handlers.events.words import hours, said
from handlers.screens import Button, Screen, bold, plain
from handlers.times import citizen_buttons, told_of, when
from services import calendars, cases, desk, events
from services import ratings as marks
from services.events import Guest
from services.phones import spaced
from storage.cases import Case, CaseState

SHOWN = 8  # cases on a screen


def register(application: BotApplication) -> None:
    """Listen to /my and its buttons; what changes a case is handlers.my_changes."""
    application.add_handler(CommandHandler("my", my))
    case = r"[0-9]{1,18}"
    for pattern, handler in (
        (r"^my(:y:[0-9]{1,4})?$", my),
        (r"^my:z:[0-9]{1,4}$", closed_pressed),
        (rf"^my:{case}$", case_pressed),
        (rf"^my:w:{case}$", withdraw_pressed),
        (rf"^my:W:{case}$", withdrawn),
        (rf"^my:o:{case}$", reopen_pressed),
        (rf"^my:O:{case}$", reopened),
    ):
        application.add_handler(CallbackQueryHandler(handler, pattern=pattern))


async def my(update: Update, context: BotContext) -> None:
    """The open cases, each with where it stands; closed ones behind a button."""
    t = context.t
    if context.person.discreet:  # after /hide nothing is given away before the next /start
        context.reply(Screen(plain(t("To come back, write /start."))))
        return
    theirs = await cases.of_citizen(context.session, context.person)
    running = [one for one in theirs if one.state is not CaseState.CLOSED]
    running.sort(key=lambda one: bool(one.somebody_else))  # one's own first
    done = len(theirs) - len(running)
    shown, turning = _page(context, "y", running)
    parts = [
        await _listed(context, t("My cases"), [one for one in shown if not one.somebody_else]),
        await _listed(context, t("For somebody else"), [one for one in shown if one.somebody_else]),
    ]
    guests = await events.of_person(context.session, context.person, context.now)
    parts.append(await _events_listed(context, guests))
    text = "\n\n".join(filter(None, parts))
    context.show(
        Screen(
            text or plain(t("You have no open case. A lawyer's consultation is free.")),
            [
                *([_button(context, one)] for one in shown),
                turning,
                *(
                    [Button(f"🎟 {said(one.event, 'title', t)}", f"ev:e:{one.event.id}")]
                    for one in guests[:SHOWN]
                ),
                [Button(t("🗄 Closed: {number}", number=done), "my:z:0")] if done else [],
                [Button(t("👩‍⚖️ Free lawyer"), "book")],
            ],
        )
    )


async def _events_listed(context: BotContext, guests: Sequence[Guest]) -> str:
    """The events to come at which they have a seat or wait for one."""
    t = context.t
    if not guests:
        return ""
    entries = [
        f"{bold(said(one.event, 'title', t))}\n{plain(f'📅 {hours(t, one.event)}')}\n"
        f"{plain(await events_card.own_line(context, one))}"
        for one in guests[:SHOWN]
    ]
    return "\n\n".join([bold(t("My events")), *entries])


def _page(
    context: BotContext, kind: str, listed: Sequence[Case]
) -> tuple[Sequence[Case], list[Button]]:
    """The cases of the page that was pressed, the first otherwise, and the buttons to turn it."""
    pressed = context.args_of_press if context.arrived.callback_query else []
    wanted = int(pressed[1]) if len(pressed) > 1 else 0
    page = min(wanted, max(0, len(listed) - 1) // SHOWN)
    turning = [Button("◀️", f"my:{kind}:{page - 1}")] if page else []
    turning += [Button("▶️", f"my:{kind}:{page + 1}")] if (page + 1) * SHOWN < len(listed) else []
    return listed[page * SHOWN : (page + 1) * SHOWN], turning


async def _listed(context: BotContext, title: str, listed: Sequence[Case]) -> str:
    if not listed:
        return ""
    return "\n\n".join([bold(title), *[await _entry(context, one) for one in listed]])


def _button(context: BotContext, case: Case) -> Button:
    label = f"{case.number} · {topic_of(context.resources, context.t, case)}"
    return Button(label, f"my:{case.id}")


async def _entry(context: BotContext, case: Case) -> str:
    """A case: number, topic, for whom, where it stands, when they meet."""
    t = context.t
    held = await desk.owner(context.session, case)
    lawyer = f"{held[0].name} ({held[1].name})" if held else None
    lines = [t("👥 For: {whom}", whom=case.somebody_else)] if case.somebody_else else []
    lines += standing(t, case, lawyer)
    booked = await calendars.of_case(context.session, case)
    if booked is not None and case.state is not CaseState.CLOSED:
        lines.append(t("📅 Appointment: {when}", when=when(t, booked.starts_at)))
    said = "\n".join(plain(line) for line in lines)
    return f"{heading(context.resources, t, case)}\n{said}"


async def closed_pressed(update: Update, context: BotContext) -> None:
    """The closed cases, newest first."""
    t = context.t
    theirs = await cases.of_citizen(context.session, context.person)
    done = [one for one in theirs if one.state is CaseState.CLOSED]
    if not done or context.person.discreet:
        gone(context)
        return
    shown, turning = _page(context, "z", done)
    context.show(
        Screen(
            await _listed(context, t("Closed cases"), shown),
            [*([_button(context, one)] for one in shown), turning, [Button(t("⬅️ Back"), "my")]],
        )
    )


# --- one case -----------------------------------------------------------------------------------


async def own_case(context: BotContext, case_id: int) -> Case | None:
    """A case of the person's own; None, and a word on it, for everybody else's."""
    if context.person.discreet:
        gone(context)
        return None
    return await ratings.own_case(context, case_id)


async def case_pressed(update: Update, context: BotContext) -> None:
    """One case, and what can be done with it."""
    case = await own_case(context, int(context.args_of_press[0]))
    if case is not None:
        context.show(await case_screen(context, case))


async def case_screen(context: BotContext, case: Case, said: str = "") -> Screen:
    """A case for its citizen; `said` stands above."""
    t = context.t
    lines = [await _entry(context, case)]
    if case.deadline is not None:
        lines.append(plain(t("📅 Court or other date: {day}", day=day_of(t, case.deadline))))
    if case.state is not CaseState.CLOSED and case.phone:
        lines.append(plain(f"☎️ {spaced(case.phone)}"))
    rows = await (_rows_closed if case.state is CaseState.CLOSED else _rows_open)(context, case)
    head = f"{plain(said)}\n\n" if said else ""
    return Screen(head + "\n".join(lines), [*rows, [Button(t("⬅️ Back"), "my")]])


async def _rows_open(context: BotContext, case: Case) -> list[list[Button]]:
    t = context.t
    if case.state is CaseState.IN_WORK:
        rows = [[Button(t("✉️ Write to the lawyer"), f"rl:w:{case.id}")]]
    else:
        rows = [[Button(t("✍️ Add to the story"), f"my:s:{case.id}")]]
    booked = await calendars.of_case(context.session, case)
    if booked is not None and booked.starts_at > context.now:
        told = await told_of(context.turn, booked, case)
        rows += citizen_buttons(t, told, whole=True)
    else:
        rows.append([Button(t("📅 Choose a time"), f"ap:new:{case.id}")])
    rows.append([Button(t("☎️ How to reach me"), f"my:p:{case.id}")])
    rows.append([Button(t("✖️ I need no lawyer any more"), f"my:w:{case.id}")])
    return rows


async def _rows_closed(context: BotContext, case: Case) -> list[list[Button]]:
    rows = []
    if marks.open_to_rating(case, context.now) and case.rating is None:
        rows.append(ratings.mark_buttons(case))
    if cases.reopens(case, context.now):
        rows.append([ratings.reopen_button(context.t, case)])
    return rows


async def withdraw_pressed(update: Update, context: BotContext) -> None:
    """Ask before a case ends."""
    case = await own_case(context, int(context.args_of_press[1]))
    if case is None:
        return
    if case.state is CaseState.CLOSED:
        context.show(await case_screen(context, case))
        return
    t = context.t
    asked = t(
        "Do you need no lawyer in the case {number} any more? It will be closed, and an appointment "
        "is cancelled. You can open it again within 30 days.",
        number=case.number,
    )
    yes = Button(t("✅ Yes, close it"), f"my:W:{case.id}")
    back = Button(t("⬅️ Back"), f"my:{case.id}")
    context.show(Screen(plain(asked), [[yes], [back]]))


async def withdrawn(update: Update, context: BotContext) -> None:
    """The case is closed; everybody who had to do with it is told."""
    case = await own_case(context, int(context.args_of_press[1]))
    if case is None:
        return
    if case.state is not CaseState.CLOSED:
        await case_ends.withdraw(context.turn, case, by=context.chat_id)
    said = context.t("Closed. If you need a lawyer again, open it again or write /book.")
    context.show(await case_screen(context, case, said))


async def reopen_pressed(update: Update, context: BotContext) -> None:
    """Ask before a case begins again."""
    case = await own_case(context, int(context.args_of_press[1]))
    if case is None:
        return
    if case.state is not CaseState.CLOSED:
        context.show(await case_screen(context, case))
        return
    t = context.t
    asked = t("Open the case {number} again? A lawyer takes it up.", number=case.number)
    yes = Button(t("✅ Yes, open it"), f"my:O:{case.id}")
    back = Button(t("⬅️ Back"), f"my:{case.id}")
    context.show(Screen(plain(asked), [[yes], [back]]))


async def reopened(update: Update, context: BotContext) -> None:
    """The case begins again."""
    case = await own_case(context, int(context.args_of_press[1]))
    if case is None:
        return
    if case.state is CaseState.CLOSED:
        await case_ends.reopen(context.turn, case, by=context.chat_id)
    context.show(await case_screen(context, case, context.t("The case is open again.")))
