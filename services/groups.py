"""Tying a group to a partner: the group gets cards of cases, never a story."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from services import partners, people
from services.refusals import InvitationInvalid
from storage.partners import Partner, Standing
from storage.people import Person, Role

TIES = frozenset({Role.COORDINATOR, Role.ADMIN})


async def tie(
    session: AsyncSession,
    *,
    token: str,
    group: int,
    by: int,
    now: datetime,
    admin_ids: frozenset[int],
) -> Partner:
    """Use the link of a group up and tie it; raise InvitationInvalid or GroupTaken.

    Whoever made the link must still coordinate; who opens it coordinates, or works for that partner.
    A refusal leaves the link as it was.
    """
    async with session.begin_nested():
        invitation = await people.use_up(session, token, of_group=True, by=by, now=now)
        maker = await people.known(session, invitation.created_by)
        partner = await partners.partner_by_id(session, invitation.partner_id or 0)
        if (
            partner.standing is Standing.ENDED
            or not await _coordinates(session, maker, admin_ids)
            or not await _may_tie(session, partner, by, admin_ids)
        ):
            raise InvitationInvalid
        await partners.bind_group(session, partner, group)
    return partner


async def _coordinates(
    session: AsyncSession, person: Person | None, admin_ids: frozenset[int]
) -> bool:
    return person is not None and bool(TIES & await people.roles_of(session, person, admin_ids))


async def _may_tie(
    session: AsyncSession, partner: Partner, chat_id: int, admin_ids: frozenset[int]
) -> bool:
    lawyer = await partners.present(session, chat_id)
    if lawyer is not None and lawyer.partner_id == partner.id:
        return True
    return await _coordinates(session, await people.known(session, chat_id), admin_ids)
