"""The coordinator's desk: cases that nobody has, that stand still, likely conflicts; moving a case."""

from __future__ import annotations

from collections.abc import Sequence

from telegram import Update
from telegram.ext import CallbackQueryHandler

from handlers import cards, desk_moves, desk_news
from handlers.articles import gone
from handlers.context import BotApplication, BotContext
from handlers.menu import n_
from handlers.screens import Button, Screen, bold, in_rows, plain
from locales import Texts
from services import cases, conflicts, desk, partners, routing
from storage.cases import Case, CaseState, Urgency
from storage.partners import Partner, Standing
from storage.people import Role
from storage.routing import Conflict, ConflictState

PAGE = 10  # cases on one screen
STATES = {
    CaseState.NEW: n_("Nobody has it; we have until {moment}."),
    CaseState.OFFERED: n_("Offered to {who}, until {moment}."),
    CaseState.IN_WORK: n_("With {who}; next step until {moment}."),
}
MORE_URGENT = {
    Urgency.URGENT: n_("⚡️ Make it urgent"),
    Urgency.DANGER: n_("🆘 There is danger"),
}


def register(application: BotApplication) -> None:
    """Listen to the desk and what can be done there."""
    for pattern, handler in (
        (r"^de$", desk_pressed),
        (r"^de:h:\d{1,4}$", handed_out_pressed),
        (r"^de:c:\d{1,18}$", case_pressed),
        (r"^de:p:\d{1,18}$", partners_pressed),
        (r"^de:u:\d{1,18}:[01]$", urgency_pressed),
        (r"^de:x:\d{1,18}$", conflict_pressed),
        (r"^de:k:\d{1,18}$", leave_pressed),
    ):
        application.add_handler(CallbackQueryHandler(handler, pattern=pattern))


async def desk_pressed(update: Update, context: BotContext) -> None:
    """All that lies with the coordinators."""
    await context.allow(Role.COORDINATOR)
    t, session = context.t, context.session
    waiting = await desk.waiting(session)
    stalled = await desk.stalled(session, context.now)
    undecided = await desk.undecided(session)
    said = [
        bold(t("📂 Cases with the coordinator")),
        plain(t("Without a lawyer: {number}", number=len(waiting))),
        plain(t("Standing still: {number}", number=len(stalled))),
        plain(t("Likely conflicts: {number}", number=len(undecided))),
    ]
    rows = [
        *_case_rows(context, waiting[:PAGE], "🔎"),
        *_case_rows(context, stalled[:PAGE], "⏸"),
        *(
            [Button(f"⚖️ {case.number} · {partner.name}"[:60], f"de:x:{found.id}")]
            for found, case, partner in undecided[:PAGE]
        ),
        [Button(t("📋 Offered and in work"), "de:h:0")],
    ]
    context.show(Screen("\n".join(said), rows))


def _case_rows(context: BotContext, listed: Sequence[Case], sign: str) -> list[list[Button]]:
    """A button for each case, with when its owner's time runs out."""
    t = context.t
    return [
        [
            Button(
                f"{'🆘' if case.urgency == Urgency.DANGER else sign} {case.number} · "
                f"{cards.moment_of(t, case.clock_at) if case.clock_at else ''}",
                f"de:c:{case.id}",
            )
        ]
        for case in listed
    ]


async def handed_out_pressed(update: Update, context: BotContext) -> None:
    """Cases that are offered or in work, page by page."""
    await context.allow(Role.COORDINATOR)
    page = int(context.args_of_press[1])
    found = await desk.handed_out(context.session, skip=page * PAGE, most=PAGE + 1)
    turning = [Button("◀️", f"de:h:{page - 1}")] if page else []
    turning += [Button("▶️", f"de:h:{page + 1}")] if len(found) > PAGE else []
    t = context.t
    rows = [*_case_rows(context, found[:PAGE], "📂"), turning, [Button(t("⬅️ Back"), "de")]]
    context.show(Screen(bold(t("📋 Offered and in work")), rows))


async def open_case(context: BotContext, case_id: int) -> Case | None:
    """An open case that a coordinator's button names; None, and a word on it, if it isn't open."""
    await context.allow(Role.COORDINATOR)
    case = await cases.get(context.session, case_id)
    if case is None or case.state is CaseState.CLOSED:
        gone(context)
        return None
    return case


async def case_pressed(update: Update, context: BotContext) -> None:
    """A case without the person: who has it until when, and what can be done."""
    case = await open_case(context, int(context.args_of_press[1]))
    if case is not None:
        await desk_moves.stop_asking(context)
        context.show(await case_screen(context, case))


async def case_screen(context: BotContext, case: Case, said: str = "") -> Screen:
    """A case as coordinators see it; `said` stands above."""
    t, resources = context.t, context.resources
    facts = await cards.facts(context.turn, case)
    head = [plain(said), ""] if said else []
    lines = [*head, *cards.lines(resources, t, facts), "", await _standing(context, case)]
    more = [
        Button(t(words), f"de:u:{case.id}:{urgency.value}")
        for urgency, words in MORE_URGENT.items()
        if urgency < case.urgency
    ]
    taking = [Button(t("↩️ Take it back"), f"de:t:{case.id}")]
    rows = [
        [Button(t("🏛 Another partner"), f"de:p:{case.id}")],
        *(
            [Button(f"⚖️ {partner.name}"[:60], f"de:x:{found.id}")]
            for found, partner in await conflicts.of_case(context.session, case)
            if found.state is ConflictState.OPEN
        ),
        [] if case.state is CaseState.NEW else taking,
        more,
        [Button(t("⬅️ Back"), "de")],
    ]
    return Screen("\n".join(lines), rows)


async def _standing(context: BotContext, case: Case) -> str:
    """Who has an open case, and until when."""
    t, who = context.t, ""
    if case.state is CaseState.OFFERED:
        handoff = await routing.open_handoff(context.session, case)
        if handoff is not None:
            who = (await partners.partner_by_id(context.session, handoff.partner_id)).name
    elif (held := await desk.owner(context.session, case)) is not None:
        lawyer, partner = held
        who = f"{lawyer.name} ({partner.name})"
    until = cards.moment_of(t, case.clock_at) if case.clock_at else ""
    return plain(t(STATES[case.state], who=who, moment=until))


async def partners_pressed(update: Update, context: BotContext) -> None:
    """To which partner? Those that take cases now."""
    case = await open_case(context, int(context.args_of_press[1]))
    if case is None:
        return
    t = context.t
    taking = await _taking(context)
    chosen = "o" if case.state is CaseState.NEW else "m"  # without a reason, or with one
    buttons = [Button(one.name[:40], f"de:{chosen}:{case.id}:{one.id}") for one in taking]
    back = [Button(t("⬅️ Back"), f"de:c:{case.id}")]
    question = t("Which partner should get {number}?", number=case.number)
    said = question if taking else t("No partner has a lawyer who takes cases now.")
    context.show(Screen(plain(said), [*in_rows(buttons, 2), back]))


async def _taking(context: BotContext) -> list[Partner]:
    able = {one.partner_id for one in await partners.active_lawyers(context.session)}
    listed = await partners.partners(context.session)
    return [one for one in listed if one.standing is Standing.ACTIVE and one.id in able]


async def urgency_pressed(update: Update, context: BotContext) -> None:
    """The case is more urgent than was said: whoever has it has less time."""
    case = await open_case(context, int(context.args_of_press[1]))
    if case is None:
        return
    urgency = Urgency(int(context.args_of_press[2]))
    by = context.person.chat_id
    await cases.set_urgency(context.session, case, urgency, by=by, now=context.now, only_up=True)
    context.show(await case_screen(context, case))


async def conflict_of(
    context: BotContext, conflict_id: int
) -> tuple[Conflict, Case, Partner] | None:
    """A likely conflict that a coordinator's button names, if it stands; None, and a word on it."""
    await context.allow(Role.COORDINATOR)
    found = await desk.standing_conflict(context.session, conflict_id)
    if found is None:
        gone(context)
    return found


async def conflict_pressed(update: Update, context: BotContext) -> None:
    """A likely conflict from the list."""
    found = await conflict_of(context, int(context.args_of_press[1]))
    if found is not None:
        context.show(desk_news.conflict_screen(*found, context.t))


async def leave_pressed(update: Update, context: BotContext) -> None:
    """The conflict stands: the case stays away from that partner."""
    found = await conflict_of(context, int(context.args_of_press[1]))
    if found is None:
        return
    conflict, case, partner = found
    desk.leave(conflict, by=context.person.chat_id)
    context.show(_left(context.t, case, partner))


def _left(t: Texts, case: Case, partner: Partner) -> Screen:
    said = t("{number} does not go to {partner}.", number=case.number, partner=partner.name)
    return Screen(plain(said), [[desk_news.desk_button(t)]])
