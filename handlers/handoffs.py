"""Offered cases: cards to a partner and its lawyers, and what becomes of them by itself."""

from __future__ import annotations

import logging
from collections import Counter

from handlers import cards, desk_news
from handlers.context import Turn
from handlers.desk_news import Said
from handlers.menu import n_
from handlers.screens import Button, Screen, plain
from handlers.telling import Draw, call_about, new_posted, tell
from locales import Texts, texts
from services import calendars, cases, handoffs, hours, partners, people, routing, safe_hours
from services.routing import Offer
from storage.cases import Case, EventKind, Urgency
from storage.partners import Lawyer, Partner
from storage.routing import Handoff, HandoffState
from storage.traffic import PostedMessage

log = logging.getLogger(__name__)

MOST_AT_ONCE = 50  # expired offers dealt with in one transaction; the next look is seconds away
# What a citizen is told when the case goes to somebody else.
ANOTHER_ASKED = n_("We are looking for another lawyer for your case {number}.")
ANOTHER_NEEDED = n_("Your lawyer can't go on with your case {number}. We are looking for another.")


async def post(turn: Turn, offer: Offer | None, case: Case) -> None:
    """Send the cards of an offered case; without an offer the coordinators are asked.

    Likely conflicts that routing found at this moment are shown to the coordinators.
    """
    await desk_news.tell_conflicts(turn, case)
    if offer is None:
        await desk_news.ask_where(turn, case)
        return
    await desk_news.settled(turn, case, offered_to(offer.partner))
    facts, handoff = await cards.facts(turn, case), offer.handoff
    if offer.lawyer is not None:
        await _post_to_lawyer(turn, facts, handoff, offer.lawyer)
    if offer.partner.group_chat_id is not None:
        await _post_to_group(turn, facts, handoff, offer.partner, offer.partner.group_chat_id)


def offered_to(partner: Partner) -> Said:
    """What the coordinators' cards say once a case is offered."""
    return lambda t: t("Offered to {partner}.", partner=partner.name)


async def _post_to_lawyer(turn: Turn, facts: cards.Facts, handoff: Handoff, lawyer: Lawyer) -> None:
    wakes = facts.case.urgency == Urgency.DANGER and lawyer.on_duty
    await tell(
        turn,
        lawyer.chat_id,
        lambda t: cards.private_card(turn.resources, t, facts, handoff),
        due_at=None if wakes else hours.decent(turn.now),
        posted=await new_posted(turn, lawyer.chat_id, handoff_id=handoff.id),
    )


async def _post_to_group(
    turn: Turn, facts: cards.Facts, handoff: Handoff, partner: Partner, chat_id: int
) -> None:
    posted = await new_posted(turn, chat_id, handoff_id=handoff.id)
    screen = cards.group_card(turn.resources, await _group_texts(turn, partner), facts, handoff)
    call_about(
        turn,
        chat_id,
        "sendMessage",
        screen.params(),
        due_at=hours.decent(turn.now),
        posted_id=posted.id,
    )


async def _group_texts(turn: Turn, partner: Partner) -> Texts:
    """A group is written to in the language that most of the partner's lawyers chose."""
    lawyers = await partners.lawyers_of(turn.session, partner.id)
    chosen = [await people.language_of(turn.session, one.chat_id) for one in lawyers]
    spoken = Counter(code for code in chosen if code).most_common(1)
    return texts(spoken[0][0] if spoken else None)


async def redraw_cards(turn: Turn, case: Case) -> None:
    """What the cards of an offered case say has changed: they are drawn anew, and nobody is rung."""
    handoff = await routing.open_handoff(turn.session, case)
    if handoff is None or handoff.lawyer_id is None:
        return
    partner = await partners.partner_by_id(turn.session, handoff.partner_id)
    lawyer = await partners.lawyer_by_id(turn.session, handoff.lawyer_id)
    facts = await cards.facts(turn, case)
    for posted in await handoffs.cards(turn.session, handoff.id):
        if posted.tells_story:
            continue
        if await handoffs.unsent(turn.session, posted, turn.now):  # it waits for the morning
            if posted.chat_id == lawyer.chat_id:
                await _post_to_lawyer(turn, facts, handoff, lawyer)
            else:
                await _post_to_group(turn, facts, handoff, partner, posted.chat_id)
            continue
        t = await _texts_of(turn, partner, posted)
        drawn = cards.private_card if posted.chat_id == lawyer.chat_id else cards.group_card
        params = drawn(turn.resources, t, facts, handoff).params()
        about = {"message_id": {"posted": posted.id}}
        call_about(turn, posted.chat_id, "editMessageText", {**about, **params})


async def _texts_of(turn: Turn, partner: Partner, posted: PostedMessage) -> Texts:
    """The language of whoever reads a card."""
    if posted.chat_id < 0:
        return await _group_texts(turn, partner)
    return texts(await people.language_of(turn.session, posted.chat_id))


async def settle_cards(turn: Turn, handoff: Handoff, how: HandoffState) -> None:
    """The offer is no longer open: its cards say so, and stories that were read are deleted."""
    case = await cases.get(turn.session, handoff.case_id)
    if case is None or how == HandoffState.OPEN:
        return
    partner = await partners.partner_by_id(turn.session, handoff.partner_id)
    for posted in await handoffs.cards(turn.session, handoff.id):
        if await handoffs.unsent(turn.session, posted, turn.now):
            continue
        about = {"message_id": {"posted": posted.id}}
        if posted.tells_story:
            call_about(turn, posted.chat_id, "deleteMessage", about)
            continue
        t = await _texts_of(turn, partner, posted)
        screen = cards.closed_card(t, case, handoff, posted.chat_id)
        call_about(turn, posted.chat_id, "editMessageText", {**about, **screen.params()})


async def tell_citizen(turn: Turn, case: Case, draw: Draw) -> None:
    """Write to the citizen of a case; where it must give nothing away, only that there is news."""
    citizen = await handoffs.citizen_of(turn.session, case)
    if citizen is not None:
        shown = _neutral if case.neutral else draw
        await tell(turn, citizen.chat_id, shown, due_at=safe_hours.may_write(case, turn.now))


def _neutral(t: Texts) -> Screen:
    return Screen(plain(t("There is news for you.")), [[Button(t("👀 Look"), "my")]])


async def goes_on(turn: Turn, case: Case, offer: Offer | None, why: str = ANOTHER_ASKED) -> None:
    """The case goes to somebody else: cards for them, and a true word to the citizen on when.

    `why` is the English sentence that the citizen is told.
    """
    await post(turn, offer, case)
    until = offer.handoff.deadline_at if offer else case.clock_at
    wish = await calendars.of_case(turn.session, case)
    hour = wish.starts_at if wish is not None and wish.starts_at > turn.now else None

    def draw(t: Texts) -> Screen:
        said = [t(why, number=case.number)]
        if hour is not None:
            said.append(
                t(
                    "Your hour, {moment}, is not confirmed: please wait until I write that it stands.",
                    moment=cards.moment_of(t, hour),
                )
            )
        if until is not None:
            heard = safe_hours.may_write(case, until) or until
            said.append(t("You will hear from us by {moment}.", moment=cards.moment_of(t, heard)))
        return Screen(plain("\n".join(said)))

    await tell_citizen(turn, case, draw)


async def leave_wish(turn: Turn, case: Case, lawyer_id: int | None) -> None:
    """A lawyer doesn't take the case: the hour that was chosen with them stays as a wish."""
    appointment = await calendars.of_case(turn.session, case)
    if appointment is not None and lawyer_id is not None and appointment.lawyer_id == lawyer_id:
        await calendars.leave_as_wish(turn.session, case)


async def reroute(turn: Turn, case: Case, why: str) -> None:
    """The case needs somebody else, for its lawyer or partner has left; `why` goes to its history."""
    handoff = await routing.take_back(turn.session, case, by=None, now=turn.now)
    if handoff is not None:
        await settle_cards(turn, handoff, HandoffState.WITHDRAWN)
    await leave_wish(turn, case, handoff.lawyer_id if handoff else case.lawyer_id)
    cases.note(turn.session, case, EventKind.STATE, by=None, now=turn.now, why=why)
    offer = await routing.route(turn.session, case, turn.now)
    await goes_on(turn, case, offer, ANOTHER_ASKED if handoff else ANOTHER_NEEDED)


async def due(turn: Turn) -> None:
    """Offers that nobody answered in time go on, the oldest first; the coordinators hear of it."""
    late: list[tuple[Case, Said]] = []
    for handoff, case in (await routing.expired(turn.session, turn.now))[:MOST_AT_ONCE]:
        said = len(turn.calls)
        try:
            async with turn.session.begin_nested():
                late.append((case, await _expire(turn, handoff, case)))
        except Exception:
            # One that fails must not hold up the others; it is tried again at the next look.
            del turn.calls[said:]
            log.exception("an offer that ran out can't go on", extra={"handoff": handoff.id})
    await desk_news.tell_late(turn, late)


async def _expire(turn: Turn, handoff: Handoff, case: Case) -> Said:
    """The case goes to the next; give back what the coordinators are told."""
    asked = await partners.partner_by_id(turn.session, handoff.partner_id)
    await leave_wish(turn, case, handoff.lawyer_id)
    offer = await routing.expire(turn.session, handoff, turn.now)
    await settle_cards(turn, handoff, HandoffState.EXPIRED)
    await goes_on(turn, case, offer)
    if offer is None:
        return lambda t: t(
            "{number}: {partner} did not answer in time; the case is with you now.",
            number=case.number,
            partner=asked.name,
        )
    return lambda t: t(
        "{number}: {partner} did not answer in time; {next} is asked now.",
        number=case.number,
        partner=asked.name,
        next=offer.partner.name,
    )
