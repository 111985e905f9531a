"""The lawyer's one-press texts: seen first in the lawyer's language, sent in the citizen's."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from telegram import Update
from telegram.ext import CallbackQueryHandler

from handlers import relaying, said, times
from handlers.articles import gone
from handlers.context import BotApplication, BotContext
from handlers.relaying import named
from handlers.screens import Button, Screen, bold, in_rows, italic, plain
from locales import HERE, Texts
from services import calendars, cases, relay
from services.relay import DIALOG, TALKING, Talk, Written
from storage.cases import CaseState

HOUR = "hour"  # the step in which the hour of a call may be typed
DAYS = 6  # to choose from for a call
AHEAD = timedelta(days=60)  # a call that is further away is a mistake
FROM, TO, STEP = 8 * 60, 20 * 60, 30  # minutes of the day at which calls begin
ACROSS = 5
TYPED = re.compile(r"(?:(\d{1,2})[./](\d{1,2})(?:[./]\d{2,4})?[ ,]+)?(\d{1,2})[:.](\d{2})")
DOCUMENTS = range(1, 1 << len(said.DOCUMENTS))


def register(application: BotApplication) -> None:
    """Listen to the buttons; what is typed comes through `hour_typed`."""
    case = r"\d{1,18}"
    for pattern, pressed in (
        (rf"^rl:q:{case}$", menu_pressed),
        (rf"^rl:qm:{case}$", menu_again_pressed),
        (rf"^rl:qd:{case}:(bring|photo):\d{{1,6}}$", documents_pressed),
        (rf"^rl:qc:{case}$", days_pressed),
        (rf"^rl:qc:{case}:\d{{1,10}}$", hours_pressed),
        (rf"^rl:qp:{case}:[a-z]+:\d{{1,10}}$", preview_pressed),
        (rf"^rl:qs:{case}:[a-z]+:\d{{1,10}}$", send_pressed),
    ):
        application.add_handler(CallbackQueryHandler(pressed, pattern=pattern))


async def _talk(context: BotContext) -> Talk:
    """The talk of the pressed button, for its lawyer only."""
    case_id, admin_ids = int(context.args_of_press[1]), context.resources.admin_ids
    talk = await relay.talk_of(context.session, case_id, context.person, admin_ids)
    if context.person is not talk.lawyers_person:
        raise relay.NotYourCase
    if talk.case.state is not CaseState.IN_WORK:
        raise cases.CaseClosed
    return talk


async def menu_pressed(update: Update, context: BotContext) -> None:
    """📋: which texts there are; below, for the line whose button it is stays of use."""
    context.reply(await _menu(context))


async def menu_again_pressed(update: Update, context: BotContext) -> None:
    """⬅️: back to the list."""
    screen = await _menu(context)
    await _settle(context, int(context.args_of_press[1]))
    context.show(screen)


async def _menu(context: BotContext) -> Screen:
    talk = await _talk(context)
    t, case = context.t, talk.case
    assert talk.lawyer is not None
    rows = [
        [Button(t("📂 Bring documents"), f"rl:qd:{case.id}:bring:0")],
        [Button(t("📷 Send a photo"), f"rl:qd:{case.id}:photo:0")],
        [Button(t("📞 I will call at …"), f"rl:qc:{case.id}")],
        [Button(t("📖 I have read your case"), f"rl:qp:{case.id}:read:0")],
    ]
    if await calendars.of_case(context.session, case) is not None:
        rows.append([Button(t("📅 Confirm the time"), f"rl:qp:{case.id}:confirm:0")])
    if talk.lawyer.address:
        rows.append([Button(t("📍 Where to come"), f"rl:qp:{case.id}:where:0")])
    head = t("Ready texts for {case}. You see each before it is sent.", case=named(case))
    return Screen(plain(head), rows)


async def documents_pressed(update: Update, context: BotContext) -> None:
    """Which documents: each press marks one or takes the mark away."""
    talk = await _talk(context)
    t, kind, chosen = context.t, context.args_of_press[2], int(context.args_of_press[3])
    mark = f"rl:qd:{talk.case.id}:{kind}"
    rows = [
        [Button(("✅ " if chosen >> place & 1 else "") + t(name), f"{mark}:{chosen ^ 1 << place}")]
        for place, name in enumerate(said.DOCUMENTS)
    ]
    if chosen in DOCUMENTS:
        rows.append([Button(t("▶️ Go on"), f"rl:qp:{talk.case.id}:{kind}:{chosen}")])
    rows.append([_back(t, talk)])
    head = t("Which documents?") if kind == said.BRING else t("A photo of what?")
    context.show(Screen(plain(head), rows))


def _back(t: Texts, talk: Talk) -> Button:
    return Button(t("⬅️ Back"), f"rl:qm:{talk.case.id}")


async def days_pressed(update: Update, context: BotContext) -> None:
    """On which day the lawyer calls; the hour may be typed as well."""
    talk = await _talk(context)
    t, now = context.t, context.now
    await context.open_dialog(DIALOG, HOUR, {"case": talk.case.id})
    days = [_midnight(now) + timedelta(days=ahead) for ahead in range(DAYS)]
    buttons = [
        Button(f"{t.weekday(day)}, {t.day(day)}", f"rl:qc:{talk.case.id}:{times.minute(day)}")
        for day in days
    ]
    head = t("When do you call? Press a day, or write: 14:30, or 25.11 14:30.")
    context.show(Screen(plain(head), [*in_rows(buttons, 2), [_back(t, talk)]]))


def _midnight(moment: datetime) -> datetime:
    return moment.astimezone(HERE).replace(hour=0, minute=0, second=0, microsecond=0)


async def hours_pressed(update: Update, context: BotContext) -> None:
    """At which hour of a day."""
    talk = await _talk(context)
    t, day = context.t, _midnight(times.from_minute(int(context.args_of_press[2])))
    hours = [day + timedelta(minutes=at) for at in range(FROM, TO + 1, STEP)]
    buttons = [
        Button(t.time(hour), f"rl:qp:{talk.case.id}:call:{times.minute(hour)}")
        for hour in hours
        if context.now < hour < context.now + AHEAD
    ]
    back = Button(t("⬅️ Back"), f"rl:qc:{talk.case.id}")
    head = f"{t.weekday(day)}, {t.day(day)}"
    context.show(Screen(plain(head), [*in_rows(buttons, ACROSS), [back]]))


async def hour_typed(context: BotContext) -> bool:
    """The hour of a call, typed; anything else is for the citizen, as ever."""
    dialog, message = context.dialog, context.message
    if dialog is None or (dialog.name, dialog.step) != (DIALOG, HOUR) or message.reply_to_message:
        return False
    case_id, moment = dialog.data["case"], _read_hour(message.text or "", context.now)
    await _settle(context, case_id)
    if moment is None:
        return False
    admin_ids = context.resources.admin_ids
    talk = await relay.talk_of(context.session, case_id, context.person, admin_ids)
    minute = times.minute(moment)
    context.reply(_preview(context.t, talk, {"text": said.CALL, "minute": minute}, minute))
    return True


async def _settle(context: BotContext, case_id: int) -> None:
    """No hour is asked for any more: what is written goes where it went before."""
    if context.dialog is None or context.dialog.step != HOUR:
        return
    if context.resources.has_topics:
        await context.close_dialog()
    else:
        await context.open_dialog(DIALOG, TALKING, {"case": case_id})


def _read_hour(text: str, now: datetime) -> datetime | None:
    """«14:30» today or tomorrow, «25.11 14:30»: the next such instant; None for anything else."""
    found = TYPED.fullmatch(text.strip())
    if found is None:
        return None
    day, month, hour, minute = (int(one) if one else None for one in found.groups())
    here = now.astimezone(HERE)
    try:
        moment = here.replace(hour=hour or 0, minute=minute or 0, second=0, microsecond=0)
        if day is None or month is None:
            return moment if moment > now else moment + timedelta(days=1)
        moment = moment.replace(day=1, month=month).replace(day=day)
        moment = moment if moment > now else moment.replace(year=moment.year + 1)
    except ValueError:
        return None
    return moment if moment < now + AHEAD else None


async def _said(context: BotContext, talk: Talk) -> Mapping[str, Any] | None:
    """What the pressed button means at this moment; None if it can't be said (any more)."""
    key, detail = context.args_of_press[2], int(context.args_of_press[3])
    assert talk.lawyer is not None
    match key:
        case said.BRING | said.PHOTO if detail in DOCUMENTS:
            return {"text": key, "documents": detail}
        case said.CALL if context.now < times.from_minute(detail) < context.now + AHEAD:
            return {"text": key, "minute": detail}
        case said.READ:
            return {"text": key}
        case said.CONFIRM:
            appointment = await calendars.of_case(context.session, talk.case)
            if appointment is None:
                return None
            minute = times.minute(appointment.starts_at)
            return {"text": key, "consultation": appointment.id, "minute": minute}
        case said.WHERE if talk.lawyer.address:
            pin = {"latitude": talk.lawyer.latitude, "longitude": talk.lawyer.longitude}
            there = pin if None not in pin.values() else {}
            return {"text": key, "address": talk.lawyer.address, **there}
    return None


def _preview(t: Texts, talk: Talk, told: Mapping[str, Any], detail: int) -> Screen:
    head = t("To the citizen of {case}, in their language:", case=named(talk.case))
    send = Button(t("✅ Send"), f"rl:qs:{talk.case.id}:{told['text']}:{detail}")
    text = f"{bold(head)}\n\n{plain(said.words(t, told))}"
    return Screen(text, [[send, _back(t, talk)]])


async def preview_pressed(update: Update, context: BotContext) -> None:
    """How a text reads, before it is sent."""
    talk = await _talk(context)
    told = await _said(context, talk)
    if told is None:
        gone(context)
        return
    context.show(_preview(context.t, talk, told, int(context.args_of_press[3])))


async def send_pressed(update: Update, context: BotContext) -> None:
    """✅: the text goes to the citizen in their language; a second press sends nothing."""
    talk = await _talk(context)
    told, preview = await _said(context, talk), context.message.message_id
    if told is None or await relay.sent_by(context.session, context.chat_id, preview) is not None:
        gone(context)
        return
    await _settle(context, talk.case.id)
    written = Written(preview, said=dict(told))
    row = await relaying.pass_on(context.turn, talk, context.person, written)
    await relaying.open_for_citizen(context.turn, talk, row)
    context.show(Screen(f"{plain(said.words(context.t, told))}\n\n{italic(named(talk.case))}"))
    thread = context.message.message_thread_id if context.message.is_topic_message else None
    screen = relaying.confirmation(context.t, talk, row)
    await relaying.confirm(context.turn, row, screen, thread)
