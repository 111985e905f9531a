"""Announcements on their way: what leaves next, how far it is, pause, stop, the presses of their buttons."""

from __future__ import annotations

import math

from telegram import Update
from telegram.ext import CallbackQueryHandler

from handlers import announced, start
from handlers.articles import gone
from handlers.context import BotApplication, BotContext, Call, Turn
from handlers.screens import Button, Rows, Screen, bold, plain
from handlers.telling import call_about, new_posted
from locales import Texts, texts
from services import people, sendings
from services.contents import Content
from services.hours import decent
from services.sendings import Due, Progress
from storage.announcements import Announcement, Run, RunState, Sending
from storage.people import Role
from storage.traffic import Priority

AHEAD = 10  # seconds of sending that are written ahead: a look comes every second
BAR = 12  # signs


def register(application: BotApplication) -> None:
    """Listen to the buttons of announcements and of their progress."""
    number = r"\d{1,18}"
    for pattern, pressed in (
        (rf"^dl:b:{number}:\d$", button_pressed),
        (rf"^dl:p:{number}$", pause_pressed),
        (rf"^dl:r:{number}$", resume_pressed),
        (rf"^dl:s:{number}$", stop_pressed),
        (rf"^dl:x:{number}$", stop_confirmed),
    ):
        application.add_handler(CallbackQueryHandler(pressed, pattern=pattern))


# --- beginning ------------------------------------------------------------------------------------


async def begin(turn: Turn, announcement: Announcement, run: Run) -> Sending:
    """Begin to send, correct or recall; the first batch leaves with this very change.

    Raises UnderWayAlready or TooLateToRecall.
    """
    sending = await sendings.begin(turn.session, announcement, run, turn.now)
    await _write(turn, sending)
    await _tell(turn, sending)
    return sending


# --- what leaves ----------------------------------------------------------------------------------


async def feed(turn: Turn) -> bool:
    """Write what leaves next; tell whether there is more to write at once. Called every second."""
    more = False
    for announcement in await sendings.scheduled(turn.session, turn.now):
        await begin(turn, announcement, Run.SEND)
    for sending in await sendings.running(turn.session):
        waiting = await sendings.waiting(turn.session, sending)
        enough = turn.resources.send_rate * AHEAD
        if sending.after is not None and waiting < enough:
            written = await _write(turn, sending)
            more = more or waiting + written < enough
        elif await sendings.finish(turn.session, sending, turn.now):
            await _tell(turn, sending)
    return more


async def due(turn: Turn) -> None:
    """Tell the authors how far it is. Called every few seconds; at night nothing changes."""
    if decent(turn.now) > turn.now and turn.now.minute:
        return
    for sending in await sendings.running(turn.session):
        if not await sendings.tells_already(turn.session, sending):
            await _tell(turn, sending)


async def _write(turn: Turn, sending: Sending) -> int:
    """Write the next batch; give back how many chats it has."""
    announcement = await turn.session.get_one(Announcement, sending.announcement_id)
    batch = await sendings.next_batch(turn.session, sending, turn.now)
    contents = await sendings.contents(turn.session, announcement)
    for one in batch:
        for method, params in _calls(turn, announcement, contents, sending.run, one):
            turn.calls.append(
                Call(
                    one.chat_id,
                    method,
                    {"chat_id": one.chat_id, **params},
                    Priority.ANNOUNCEMENT,
                    delivery_id=one.id,
                )
            )
    return len(batch)


def _calls(
    turn: Turn, announcement: Announcement, contents: dict[str, Content], run: Run, one: Due
) -> announced.Calls:
    if run is Run.RECALL:
        return [("deleteMessages", {"message_ids": list(one.message_ids)})] * bool(one.message_ids)
    about = {
        "kind": announcement.kind,
        "resources": turn.resources,
        "way_out": not one.is_group,
        "delivery": None if one.is_group else one.id,
    }
    made: announced.Calls = []
    ids = list(one.message_ids)
    for language in contents if one.is_group else [one.language]:
        if (content := contents.get(language)) is None:
            continue
        t = texts(language)
        if run is Run.SEND:
            made += announced.calls(content, t=t, **about)  # type: ignore[arg-type]
        elif ids:
            changed = announced.edits(content, t=t, message_ids=ids, **about)  # type: ignore[arg-type]
            made += changed
            ids = ids[len(changed) :]
    return made


# --- how far it is --------------------------------------------------------------------------------


async def _tell(turn: Turn, sending: Sending) -> None:
    """Tell the author: by one message, that is changed from then on."""
    announcement = await turn.session.get_one(Announcement, sending.announcement_id)
    t = texts(await people.language_of(turn.session, announcement.author))
    far = await sendings.progress(turn.session, sending, turn.now)
    method, params = "editMessageText", progress_screen(turn, t, sending, far).params()
    if sending.progress_posted_id is None:
        method = "sendMessage"
        sending.progress_posted_id = (await new_posted(turn, announcement.author)).id
    else:
        params["message_id"] = {"posted": sending.progress_posted_id}
    posted_id = sending.progress_posted_id
    call_about(turn, announcement.author, method, params, posted_id=posted_id)


def progress_screen(turn: Turn, t: Texts, sending: Sending, far: Progress) -> Screen:
    """How far a run is, and what can be done about it."""
    over = sending.state is RunState.DONE or not far.total
    share = 1.0 if over else 1 - far.left / far.total
    full = int(share * BAR)
    lines = [
        bold(_headline(t, sending)),
        f"{'▓' * full}{'░' * (BAR - full)} {int(share * 100)} %",
        "",
        plain(_done(t, sending.run, far)),
    ]
    if far.blocked:
        lines.append(plain(t("🚫 Blocked the bot: {number}", number=far.blocked)))
    if far.failed:
        lines.append(plain(t("⚠️ Not delivered: {number}", number=far.failed)))
    if sending.state is RunState.RUNNING and far.left:
        lines.append(plain(_time_left(turn, t, far)))
    return Screen("\n".join(lines), _controls(t, sending))


def _headline(t: Texts, sending: Sending) -> str:
    match sending.state:
        case RunState.PAUSED:
            return t("⏸ Paused")
        case RunState.STOPPED:
            return t("⏹ Stopped")
        case RunState.DONE:
            return t("✅ Done")
    return {
        Run.SEND: t("📣 Being sent"),
        Run.CORRECT: t("✏️ Being corrected"),
        Run.RECALL: t("🗑 Being recalled"),
    }[sending.run]


def _done(t: Texts, run: Run, far: Progress) -> str:
    counted = {"done": far.done, "total": far.total}
    match run:
        case Run.CORRECT:
            return t("✏️ Corrected: {done} of {total}", **counted)
        case Run.RECALL:
            return t("🗑 Recalled: {done} of {total}", **counted)
    return t("✅ Sent: {done} of {total}", **counted)


def _time_left(turn: Turn, t: Texts, far: Progress) -> str:
    morning = decent(turn.now)
    if morning > turn.now:
        return t("🌙 It goes on at {time}: nobody is disturbed at night.", time=t.time(morning))
    minutes = math.ceil(far.left / turn.resources.send_rate / 60)
    return t.plural("⏳ About {number} minute left", "⏳ About {number} minutes left", minutes)


def _controls(t: Texts, sending: Sending) -> Rows:
    stop = Button(t("⏹ Stop"), f"dl:s:{sending.id}")
    match sending.state:
        case RunState.RUNNING:
            return [[Button(t("⏸ Pause"), f"dl:p:{sending.id}"), stop]]
        case RunState.PAUSED:
            return [[Button(t("▶️ Go on"), f"dl:r:{sending.id}"), stop]]
    return []


# --- what the staff press -------------------------------------------------------------------------


async def _sending(context: BotContext) -> Sending:
    """The run of the pressed button; raise NotAllowed or NotUnderWay."""
    await context.allow(Role.CAMPAIGNER)
    return await sendings.get(context.session, int(context.args_of_press[-1]))


async def _show(context: BotContext, sending: Sending) -> None:
    far = await sendings.progress(context.session, sending, context.now)
    context.show(progress_screen(context.turn, context.t, sending, far))


async def pause_pressed(update: Update, context: BotContext) -> None:
    """Pause: within a second nothing more leaves."""
    sending = await _sending(context)
    await sendings.pause(context.session, sending)
    await _show(context, sending)


async def resume_pressed(update: Update, context: BotContext) -> None:
    """Go on."""
    sending = await _sending(context)
    await sendings.resume(context.session, sending, context.now)
    await _show(context, sending)


async def stop_pressed(update: Update, context: BotContext) -> None:
    """Stop: for good, so it is asked once more. Meanwhile nothing leaves."""
    sending = await _sending(context)
    if sending.state is RunState.RUNNING:
        await sendings.pause(context.session, sending)
    t = context.t
    said = t("Stop for good? Who has not got it will not get it any more.")
    rows = [
        [Button(t("⏹ Yes, stop"), f"dl:x:{sending.id}")],
        [Button(t("▶️ No, go on"), f"dl:r:{sending.id}")],
    ]
    context.show(Screen(plain(said), rows))


async def stop_confirmed(update: Update, context: BotContext) -> None:
    """Stop for good."""
    sending = await _sending(context)
    await sendings.stop(context.session, sending, context.now)
    await _show(context, sending)


# --- what the readers press -----------------------------------------------------------------------


async def button_pressed(update: Update, context: BotContext) -> None:
    """A button below an announcement: counted once, then it does what it is for."""
    delivery_id, button = (int(one) for one in context.args_of_press[-2:])
    if delivery_id == announced.PREVIEW:
        context.toast(context.t("This is a preview. Here the button would open what it is for."))
        return
    found = await sendings.pressed(
        context.session, delivery_id, context.chat_id, button, context.now
    )
    if found is None:
        gone(context)
        return
    await start.go_to(context, announced.payload(found))
