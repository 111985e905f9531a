"""A lawyer goes, or a partner: whoever had their cases hears of it, and others are asked."""

from __future__ import annotations

from collections.abc import Sequence

from handlers import handoffs, start
from handlers.context import BotContext, Turn
from handlers.screens import Screen, plain
from handlers.telling import tell
from locales import Texts
from services import partners, people
from storage.cases import Case
from storage.partners import Lawyer, Partner
from storage.people import Person, Role

LEFT = "the lawyer has left"  # in the history of a case


async def lawyer_ends(turn: Turn, lawyer: Lawyer, *, by: int) -> None:
    """A lawyer's work ends, and the role with it; their open cases go on with others."""
    await pass_on(turn, await partners.end_lawyer(turn.session, lawyer, by=by, now=turn.now))
    await tell(turn, lawyer.chat_id, _farewell)


def _farewell(t: Texts) -> Screen:
    said = t(
        "Thank you for your work with us: it has ended. What you write now is a question to the bot."
    )
    return Screen(plain(said))


async def partner_ends(turn: Turn, partner: Partner, *, by: int) -> None:
    """A partner ends with all its lawyers; their open cases go on with others."""
    leaving = await partners.lawyers_of(turn.session, partner.id)
    await pass_on(turn, await partners.end_partner(turn.session, partner, by=by, now=turn.now))
    for lawyer in leaving:
        await tell(turn, lawyer.chat_id, _farewell)


async def without_role(turn: Turn, person: Person, *, by: int) -> None:
    """A role was taken back: who holds that of a lawyer no longer, works for nobody."""
    held = await people.roles_of(turn.session, person, turn.resources.admin_ids)
    lawyer = await partners.present(turn.session, person.chat_id)
    if lawyer is not None and Role.LAWYER not in held:
        await lawyer_ends(turn, lawyer, by=by)


async def pass_on(turn: Turn, cases: Sequence[Case]) -> None:
    """Have cases routed anew, the most urgent first; their citizens are told."""
    for case in cases:
        await handoffs.reroute(turn, case, LEFT)


async def menu_of(context: BotContext, chat_id: int) -> None:
    """Show somebody the commands they have left, once a role of theirs is gone."""
    person = await people.known(context.session, chat_id)
    if person is not None:
        await start.set_commands(context, person)
