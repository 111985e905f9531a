"""The end of a booking: a case, its appointment, its way to a lawyer, and a true word on when."""

from __future__ import annotations

from datetime import datetime

from handlers import danger, figures, handoffs
from handlers.booking.draft import Draft
from handlers.booking.hour import hold
from handlers.cards import moment_of
from handlers.context import BotContext
from handlers.menu import menu_screen
from handlers.phones import card, contact_lines
from handlers.screens import Button, Screen, bold, plain
from handlers.times import when
from knowledge.model import Contact
from services import calendars, cases, partners, routing
from services import figures as told_before
from services.routing import Offer
from services.safe_hours import may_write, window
from storage.calendars import Consultation
from storage.cases import Case, Urgency


async def confirm(context: BotContext, draft: Draft) -> None:
    """Open the case and offer it; raises Unclear when the slot has gone meanwhile.

    The dialog ends with it in the same transaction, so a second press finds nothing to confirm.
    """
    session, now = context.session, context.now
    if draft.chosen is not None:
        await hold(context, draft, draft.chosen.slot)
    else:
        await calendars.release(session, context.person.chat_id)
    told = draft.new_case(context.language, now)
    case = await cases.open_case(session, told, context.person, now)
    booked = await _book(context, draft, case)
    preferred = (
        await partners.lawyer_by_id(session, draft.chosen.lawyer_id) if draft.chosen else None
    )
    offer = await routing.route(session, case, now, prefer=preferred)
    if booked is not None and not _is_with(offer, booked):
        await calendars.leave_as_wish(session, case)
    if draft.waits:
        await calendars.wait(session, case, now)
    await context.close_dialog()
    wished = draft.chosen.starts_at if draft.chosen else None
    context.show(_sent_screen(context, case, offer, wished))
    await handoffs.post(context.turn, offer, case)
    earlier = await cases.of_citizen(session, context.person)
    told_before.carry_over(case, earlier, now)
    context.reply(figures.first_screen(context, case))


async def _book(context: BotContext, draft: Draft, case: Case) -> Consultation | None:
    if draft.chosen is None:
        return None
    held = await calendars.held_by(context.session, context.person.chat_id, context.now)
    assert held is not None  # taken a moment ago, in this transaction
    await calendars.book(context.session, held, case, context.now)
    return held


def _is_with(offer: Offer | None, booked: Consultation) -> bool:
    """Whether the lawyer whose slot it is has been asked."""
    return bool(offer and offer.lawyer and offer.lawyer.id == booked.lawyer_id)


def _sent_screen(
    context: BotContext, case: Case, offer: Offer | None, wished: datetime | None
) -> Screen:
    """The number, what happens next, and by when; all on the hour comes when a lawyer has agreed."""
    t = context.t
    until = offer.handoff.deadline_at if offer else case.clock_at
    assert until is not None  # an open case has a clock
    until = may_write(case, until) or until
    said = [
        t("A lawyer has been asked. You will hear from us by {moment}.", moment=moment_of(t, until))
        if offer
        else t(
            "The coordinator looks for a lawyer for you. You will hear from us by {moment}.",
            moment=moment_of(t, until),
        ),
        t(
            "If the first lawyer can't, the next one is asked. I write to you as soon as one takes it."
        ),
    ]
    if wished is not None:
        chosen = when(t, wished)
        said.append(
            t("📅 You chose {when}. When a lawyer agrees, I send the details.", when=chosen)
        )
    if window(case.safe_hours) is not None:
        said.append(t("I write to you only in your safe hours."))
    title = bold(t("Your case is {number}", number=case.number))
    lines = [title, *map(plain, said), plain(t("All your cases: /my"))]
    on_duty = bool(offer and offer.lawyer and offer.lawyer.on_duty)
    if case.urgency == Urgency.DANGER and not on_duty:
        alone = t("No lawyer is on duty right now. Don't wait for me: please call.")
        lines[1:1] = [f"🆘 {bold(alone)}", _numbers(context, case.danger)]
    return Screen("\n\n".join(lines), [[Button(t("📂 My case"), f"my:{case.id}")]])


def _numbers(context: BotContext, kind: str | None) -> str:
    """Whom to call at once, by the kind of danger, as lines of HTML."""
    contacts = _to_call(context, kind)
    base, language = context.resources.base, context.language
    return "\n".join(contact_lines(base, one, language, briefly=True) for one in contacts)


def _to_call(context: BotContext, kind: str | None) -> list[Contact]:
    known = context.resources.base.contacts
    wanted = danger.NUMBERS.get(kind or "", danger.OTHERWISE)
    return [known[one] for one in wanted if one in known]


def tell_numbers(context: BotContext, draft: Draft) -> None:
    """They say that there is danger: whom to call at once, with cards to dial from."""
    context.reply(Screen(f"🆘\n{_numbers(context, draft.danger)}"))
    for contact in _to_call(context, draft.danger)[: danger.CARDS]:
        context.send("sendContact", **card(contact, context.language))


async def abandon(context: BotContext, draft: Draft) -> None:
    """It was stopped: the time that was kept is free again, and the menu is back."""
    await calendars.release(context.session, context.person.chat_id)
    if draft.keyboard:
        context.reply(menu_screen(context.t, plain(context.t("Here is the menu."))))
