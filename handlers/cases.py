"""/cases: a lawyer's cases, what is due first, and one case with all that its lawyer may know."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from telegram import Update
from telegram.ext import CallbackQueryHandler, CommandHandler

from handlers import cards
from handlers.articles import gone
from handlers.case_words import SIGNS, STATES, heading, outcome_of
from handlers.context import BotApplication, BotContext
from handlers.menu import n_
from handlers.screens import Button, Screen, bold, in_rows, plain
from handlers.times import lawyer_buttons, when
from locales import Texts
from services import agenda, calendars, case_history, cases, handoffs, partners
from services.agenda import Due, Why
from services.refusals import NotAllowed
from storage.calendars import Consultation
from storage.cases import Case, CaseEvent, CaseState, EventKind
from storage.partners import Lawyer

DIALOG = "ca"  # its questions are asked in handlers.case_work
PAGE = 8  # cases on a screen
MOST_LINES, WHY_SHOWN = 30, 100  # lines of a history, characters of a reason in it
NUMBER = r"[0-9]{1,18}"
DUE_TODAY, OPEN, CLOSED, OF_TOPIC = "due", "open", "closed", "t."
WHY = {
    Why.LATE: n_("⌛️ your time has run out"),
    Why.REPLY: n_("💬 an answer is waited for"),
    Why.APPOINTMENT: n_("📅 appointment"),
    Why.DEADLINE: n_("⚖️ the date is near"),
    Why.CLOCK: n_("⏳ next step today"),
}
# What a lawyer reads of a case's history. Whom else it was offered to, and why, is not for them.
TOLD = {
    EventKind.READ_PERSON: n_("read: who the citizen is"),
    EventKind.READ_STORY: n_("read: the story"),
    EventKind.NUDGED: n_("the time ran out"),
    EventKind.PRIORITY: n_("urgency or date changed"),
    EventKind.RATED: n_("the citizen gave a mark"),
}


def register(application: BotApplication) -> None:
    """Listen to /cases, its lists, and what shows of a case."""
    application.add_handler(CommandHandler("cases", cases_asked))
    for pattern, handler in (
        (r"^ca$", cases_asked),
        (r"^ca:l:(due|open|closed|t\.[a-z0-9-]{1,32}):[0-9]{1,4}$", list_pressed),
        (r"^ca:t$", topics_pressed),
        (rf"^ca:{NUMBER}$", case_pressed),
        (rf"^ca:s:{NUMBER}$", story_pressed),
        (rf"^ca:h:{NUMBER}$", history_pressed),
    ):
        application.add_handler(CallbackQueryHandler(handler, pattern=pattern))


async def working(context: BotContext) -> Lawyer:
    """The work of who pressed, in their private chat; raise NotAllowed."""
    if context.chat_id != context.person.chat_id:
        raise NotAllowed
    return await partners.working(context.session, context.person, context.resources.admin_ids)


async def mine(context: BotContext, place: int = 1) -> tuple[Lawyer, Case] | None:
    """The case that a button names, for the lawyer whose it is now; None, and a word on it, for others."""
    lawyer = await working(context)
    case = await cases.get(context.session, int(context.args_of_press[place]))
    if case is None or not is_theirs(case, lawyer):
        gone(context)
        return None
    return lawyer, case


def is_theirs(case: Case, lawyer: Lawyer) -> bool:
    """Tell whether a case is this lawyer's: in work, or closed by them."""
    return case.lawyer_id == lawyer.id and case.state in (CaseState.IN_WORK, CaseState.CLOSED)


# --- lists --------------------------------------------------------------------------------------


async def cases_asked(update: Update, context: BotContext) -> None:
    """What is due today; if nothing is, all that is open."""
    lawyer = await working(context)
    open_cases = await agenda.of_lawyer(context.session, lawyer, context.now)
    chosen = DUE_TODAY if any(one.why for one in open_cases) else OPEN
    context.show(await _list_screen(context, lawyer, chosen, 0))


async def list_pressed(update: Update, context: BotContext) -> None:
    """A list, or its next page."""
    lawyer = await working(context)
    _, chosen, page = context.args_of_press
    context.show(await _list_screen(context, lawyer, chosen, int(page)))


async def _list_screen(context: BotContext, lawyer: Lawyer, chosen: str, page: int) -> Screen:
    t = context.t
    open_cases = await agenda.of_lawyer(context.session, lawyer, context.now)
    closed = await cases.of_lawyer(context.session, lawyer, closed=True)
    listed = _chosen(open_cases, closed, chosen)
    page = min(page, max(0, len(listed) - 1) // PAGE)
    shown = listed[page * PAGE : (page + 1) * PAGE]
    turning = [Button("◀️", f"ca:l:{chosen}:{page - 1}")] if page else []
    turning += [Button("▶️", f"ca:l:{chosen}:{page + 1}")] if (page + 1) * PAGE < len(listed) else []
    entries = [_entry(context, one) for one in shown]
    return Screen(
        "\n\n".join([bold(_title(context, chosen)), *(entries or [plain(t("Nothing here."))])]),
        [
            *([_button(context, one.case)] for one in shown),
            turning,
            *_filters(t, open_cases, closed),
        ],
    )


def _chosen(open_cases: Sequence[Due], closed: Sequence[Case], chosen: str) -> list[Due]:
    if chosen == CLOSED:
        return [Due(case, (), None) for case in closed]
    if chosen == DUE_TODAY:
        return [one for one in open_cases if one.why]
    topic = chosen.removeprefix(OF_TOPIC)
    return [one for one in open_cases if chosen == OPEN or one.case.topic == topic]


def _title(context: BotContext, chosen: str) -> str:
    t, topics = context.t, context.resources.base.topics
    titles = {
        DUE_TODAY: t("Due today"),
        OPEN: t("Open cases"),
        CLOSED: t("Closed cases"),
    }
    topic = topics.get(chosen.removeprefix(OF_TOPIC))
    return titles.get(chosen) or (topic.in_language(context.language) if topic else t("Open cases"))


def _filters(t: Texts, open_cases: Sequence[Due], closed: Sequence[Case]) -> list[list[Button]]:
    due = sum(bool(one.why) for one in open_cases)
    return [
        [
            Button(t("🔥 Today: {number}", number=due), f"ca:l:{DUE_TODAY}:0"),
            Button(t("📂 Open: {number}", number=len(open_cases)), f"ca:l:{OPEN}:0"),
        ],
        [
            Button(t("🏷 By topic"), "ca:t"),
            Button(t("🗄 Closed: {number}", number=len(closed)), f"ca:l:{CLOSED}:0"),
        ],
    ]


def _button(context: BotContext, case: Case) -> Button:
    sign = SIGNS.get(case.urgency, "")
    label = f"{sign} {case.number} · {cards.topic_of(context.resources, context.t, case)}"
    return Button(label.strip(), f"ca:{case.id}")


def _entry(context: BotContext, one: Due) -> str:
    """A case without the person, and what is due in it."""
    t, case = context.t, one.case
    said = [_why(t, why, one) for why in one.why]
    if case.state is CaseState.CLOSED:
        said = [outcome_of(t, case)]
    elif not said and case.clock_at is not None:
        said = [t("⏳ next step by {moment}", moment=cards.moment_of(t, case.clock_at))]
    sign = f"{SIGNS[case.urgency]} " if case.urgency in SIGNS else ""
    return f"{sign}{heading(context.resources, t, case)}\n{plain(' · '.join(said))}"


def _why(t: Texts, why: Why, one: Due) -> str:
    if why is Why.APPOINTMENT and one.appointment is not None:
        return f"{t(WHY[why])} {when(t, one.appointment)}"
    if why is Why.DEADLINE and one.case.deadline is not None:
        return f"{t(WHY[why])}: {cards.day_of(t, one.case.deadline)}"
    return t(WHY[why])


async def topics_pressed(update: Update, context: BotContext) -> None:
    """The topics of the open cases."""
    lawyer, t = await working(context), context.t
    counted = Counter(case.topic for case in await cases.of_lawyer(context.session, lawyer))
    topics = context.resources.base.topics
    buttons = [
        Button(
            f"{topics[topic].emoji} {topics[topic].in_language(context.language)}: {number}",
            f"ca:l:{OF_TOPIC}{topic}:0",
        )
        for topic, number in counted.most_common()
        if topic in topics
    ]
    back = [Button(t("⬅️ Back"), "ca")]
    context.show(Screen(plain(t("What is it about?")), [*in_rows(buttons, 1), back]))


# --- one case -----------------------------------------------------------------------------------


async def case_pressed(update: Update, context: BotContext) -> None:
    """A case with who the citizen is; that it was read is noted."""
    if (found := await mine(context, 0)) is not None:
        await stop_asking(context)
        context.show(await case_screen(context, found[1]))


async def stop_asking(context: BotContext) -> None:
    """A question about a case, still open, is over."""
    if context.dialog is not None and context.dialog.name == DIALOG:
        await context.close_dialog()


async def case_screen(context: BotContext, case: Case, said: str = "") -> Screen:
    """A case as its lawyer sees it; `said` stands above. Every showing goes to the audit trail."""
    t, session = context.t, context.session
    cases.note(session, case, EventKind.READ_PERSON, by=context.chat_id, now=context.now)
    files = await handoffs.files_of(session, case)
    booked = await calendars.of_case(session, case)
    appointment = booked if booked is not None and booked.lawyer_id == case.lawyer_id else None
    parts = [
        plain(said) if said else "",
        "\n".join(cards.lines(context.resources, t, cards.Facts(case, None, len(files)))),
        "\n".join(cards.person_lines(t, case)),
        plain("\n".join(_standing(t, case, appointment))),
    ]
    if case.state is CaseState.CLOSED:
        rows = [[_history_button(t, case)]]
    else:
        rows = await _rows(context, case, appointment)
    return Screen("\n\n".join(filter(None, parts)), [*rows, [Button(t("⬅️ Back"), "ca")]])


def _standing(t: Texts, case: Case, appointment: Consultation | None) -> list[str]:
    if case.state is CaseState.CLOSED:
        return [t("✅ Closed: {outcome}", outcome=outcome_of(t, case))]
    said = []
    if appointment is not None:
        said.append(t("📅 Appointment: {when}", when=when(t, appointment.starts_at)))
    if case.clock_at is not None:
        said.append(t("⏳ next step by {moment}", moment=cards.moment_of(t, case.clock_at)))
    return said


async def _rows(
    context: BotContext, case: Case, appointment: Consultation | None
) -> list[list[Button]]:
    t, id = context.t, case.id
    notes = len(await case_history.notes(context.session, case))
    if appointment is not None:
        meeting = lawyer_buttons(t, appointment, context.now)
    else:
        meeting = [[Button(t("📅 Choose a time"), f"ap:lnew:{id}")]]
    return [
        [Button(t("✉️ Write"), f"rl:w:{id}"), Button(t("📋 Ready texts"), f"rl:q:{id}")],
        *meeting,
        [
            Button(t("📝 Story and files"), f"ca:s:{id}"),
            Button(t("🗒 Notes: {number}", number=notes), f"ca:n:{id}"),
        ],
        [Button(t("⚡️ Urgency"), f"ca:u:{id}"), Button(t("⚖️ Court date"), f"ca:d:{id}")],
        [_history_button(t, case), Button(t("↪️ Hand back"), f"ca:b:{id}")],
        [Button(t("✅ Close the case"), f"ca:z:{id}")],
    ]


def _history_button(t: Texts, case: Case) -> Button:
    return Button(t("🕘 History"), f"ca:h:{case.id}")


async def story_pressed(update: Update, context: BotContext) -> None:
    """The story and its files again, below."""
    found = await mine(context)
    if found is None:
        return
    _, case = found
    session, t = context.session, context.t
    cases.note(session, case, EventKind.READ_STORY, by=context.chat_id, now=context.now)
    told, files = cards.whole_story(case), await handoffs.files_of(session, case)
    for text in told or [plain(t("Nothing was told in writing."))]:
        context.reply(Screen(text))
    for file in files:
        if file.kind in cards.SENDS:
            method, params = cards.file_call(file)
            context.send(method, **params)


async def history_pressed(update: Update, context: BotContext) -> None:
    """What happened to the case, the latest last."""
    found = await mine(context)
    if found is None:
        return
    _, case = found
    t = context.t
    events = [one for one in await case_history.history(context.session, case) if _is_told(one)]
    lines = [_event(t, one, context.chat_id) for one in events[-MOST_LINES:]]
    head = bold(t("History of {number}", number=case.number))
    back = Button(t("⬅️ Back"), f"ca:{case.id}")
    context.show(Screen("\n".join([head, "", *map(plain, lines)]), [[back]]))


def _is_told(event: CaseEvent) -> bool:
    return event.kind in TOLD or event.kind is EventKind.STATE


def _event(t: Texts, event: CaseEvent, lawyer_chat: int) -> str:
    said = t(STATES[event.state]) if event.kind is EventKind.STATE else t(TOLD[event.kind])
    own = event.why[:WHY_SHOWN] if event.by == lawyer_chat and event.why else None
    return f"{cards.moment_of(t, event.at)} — {said}" + (f": {own}" if own else "")
