"""What comes to the coordinators by itself: cases that no rule caught, likely conflicts, lost time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial

from handlers import cards
from handlers.context import Turn
from handlers.resources import Resources
from handlers.screens import Button, Screen, bold, plain
from handlers.telling import call_about, new_posted, tell, tell_coordinators
from locales import Texts, texts
from services import desk, handoffs, hours, people, routing
from storage.cases import Case, Urgency
from storage.partners import Partner
from storage.people import Role
from storage.routing import Conflict

MOST_LINES = 20  # of one message about lost time
Said = Callable[[Texts], str]
DESK = "de"  # the list of what lies with the coordinators; see handlers.desk


def when(turn: Turn, case: Case) -> datetime | None:
    """Danger may wake somebody; all else waits for a decent hour."""
    return None if case.urgency == Urgency.DANGER else hours.decent(turn.now)


async def ask_where(turn: Turn, case: Case) -> None:
    """A case that nobody has: a card to every coordinator, with a proposal."""
    await settled(turn, case, lambda t: t("There is a newer card of this case."))
    facts = await cards.facts(turn, case)
    proposed = await routing.propose(turn.session, case, turn.now)
    admin_ids = turn.resources.admin_ids
    for person in await people.holding(turn.session, Role.COORDINATOR, admin_ids):
        posted = await new_posted(turn, person.chat_id)
        posted.case_id = case.id
        draw = partial(where_screen, turn.resources, facts, proposed)
        await tell(turn, person.chat_id, draw, due_at=when(turn, case), posted=posted)


def where_screen(
    resources: Resources, facts: cards.Facts, proposed: Partner | None, t: Texts
) -> Screen:
    """Where is the case to go? Without the person."""
    case = facts.case
    said = "\n".join(cards.lines(resources, t, facts))
    head = bold(t("No lawyer has this case. Who should get it?"))
    rows = [
        [Button(t("➡️ Offer to {partner}", partner=proposed.name), f"de:o:{case.id}:{proposed.id}")]
        if proposed
        else [],
        [Button(t("🏛 Another partner"), f"de:p:{case.id}")],
        [Button(t("⚙️ Rules"), "ro")],
    ]
    return Screen(f"{head}\n\n{said}", rows)


async def settled(
    turn: Turn, case: Case, said: Said, *, besides: tuple[int, int] | None = None
) -> None:
    """Somebody has decided: the coordinators' cards say so.

    `besides` is the chat and the id of the message in which it was decided.
    """
    for posted in await handoffs.coordinators_cards(turn.session, case.id):
        posted.case_id = None
        if (posted.chat_id, posted.message_id) == besides:
            continue
        if await handoffs.unsent(turn.session, posted, turn.now):
            continue
        t = texts(await people.language_of(turn.session, posted.chat_id))
        screen = Screen(f"{bold(case.number)}\n{plain(said(t))}")
        params = {"message_id": {"posted": posted.id}, **screen.params()}
        call_about(turn, posted.chat_id, "editMessageText", params)


async def tell_conflicts(turn: Turn, case: Case) -> None:
    """Likely conflicts that came to light at this moment, for coordinators alone."""
    for found, of, partner in await desk.found_at(turn.session, case, turn.now):
        draw = partial(conflict_screen, found, of, partner)
        await tell_coordinators(turn, draw, due_at=when(turn, of))


def conflict_screen(found: Conflict, case: Case, partner: Partner, t: Texts) -> Screen:
    """A likely conflict, without the other client's name."""
    said = t(
        "Somebody in this case looks like somebody whom {partner} acts for or against "
        "(likeness {percent} %). The case does not go there.",
        partner=partner.name,
        percent=found.likeness,
    )
    head = bold(t("{number}: a likely conflict of interest", number=case.number))
    return Screen(
        f"{head}\n\n{plain(said)}",
        [
            [Button(t("✍️ There is none: say why"), f"de:v:{found.id}")],
            [Button(t("👌 Leave it so"), f"de:k:{found.id}")],
        ],
    )


async def tell_late(turn: Turn, late: Sequence[tuple[Case, Said]]) -> None:
    """Offers that nobody answered in time, one line each; danger apart, for it may not wait."""
    for urgent in (True, False):
        lines = [said for case, said in late if (case.urgency == Urgency.DANGER) is urgent]
        if lines:
            due_at = None if urgent else hours.decent(turn.now)
            await tell_coordinators(turn, partial(_late, lines), due_at=due_at)


def _late(lines: Sequence[Said], t: Texts) -> Screen:
    said = [f"⌛️ {line(t)}" for line in lines[:MOST_LINES]]
    if (more := len(lines) - MOST_LINES) > 0:
        said.append(t("and {number} more", number=more))
    return Screen("\n".join(map(plain, said)), [[desk_button(t)]])


def desk_button(t: Texts) -> Button:
    """The way to all that lies with the coordinators."""
    return Button(t("📂 Cases with the coordinator"), DESK)
