"""People: who they are to us, what they chose, which roles they hold."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, delete, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from services.refusals import InvitationInvalid
from storage.announcements import Delivery
from storage.curation import Proposal
from storage.dialogs import Dialog
from storage.partners import Partner, Standing
from storage.people import Grant, Invitation, Person, Privacy, Role
from storage.traffic import OutboxMessage, OutboxState, PostedMessage, Priority

INVITATION_LIFE = timedelta(days=3)


_MET = (
    select(Person, Dialog)
    .outerjoin(Dialog, Dialog.chat_id == Person.chat_id)
    .where(Person.chat_id.in_(bindparam("chats", expanding=True)))
)


async def meet(
    session: AsyncSession, chat_ids: Collection[int], now: datetime
) -> dict[int, tuple[Person, Dialog | None]]:
    """The people of Telegram accounts, known or new, and the conversation each is in."""
    if not chat_ids:
        return {}
    found = await session.execute(_MET, {"chats": list(chat_ids)})
    met: dict[int, tuple[Person, Dialog | None]] = {}
    for person, dialog in found:
        if person.blocked_at is not None:
            person.blocked_at = None  # whoever writes has unblocked
        met[person.chat_id] = (person, dialog)
    for chat_id in chat_ids:
        if chat_id not in met:
            person = Person(chat_id=chat_id, discreet=False, created_at=now)
            session.add(person)
            met[chat_id] = (person, None)
    return met


def choose_language(person: Person, language: str) -> None:
    """The person chose a language."""
    person.language = language


def answer_privacy(person: Person, answer: Privacy) -> None:
    """The person accepted or declined the privacy notice. Declining takes along what was held."""
    person.privacy = answer
    if answer is Privacy.DECLINED:
        person.region = person.district = None


def choose_place(person: Person, region: str | None, district: str | None) -> None:
    """Where the person lives, as far as they care to say; kept only with their consent."""
    if person.privacy is Privacy.ACCEPTED:
        person.region, person.district = region, district


async def roles_of(
    session: AsyncSession, person: Person, admin_ids: frozenset[int]
) -> frozenset[Role]:
    """The roles a person holds at this moment. `admin_ids` hold all from the start."""
    if person.chat_id in admin_ids:
        return frozenset(Role)
    held = await session.scalars(
        select(Grant.role).where(Grant.person_id == person.id, Grant.revoked_at.is_(None))
    )
    roles = frozenset(held)
    return frozenset(Role) if Role.ADMIN in roles else roles


def roles_given_by(held: frozenset[Role]) -> list[Role]:
    """The roles that somebody may give and take back: a coordinator all but an administrator's."""
    if Role.ADMIN in held:
        return list(Role)
    return [role for role in Role if role is not Role.ADMIN] if Role.COORDINATOR in held else []


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def invite(
    session: AsyncSession,
    *,
    role: Role | None,
    by: Person,
    now: datetime,
    partner_id: int | None = None,
) -> str:
    """Make an invitation to a role, a lawyer's with a partner; give back its secret, which is not kept.

    Without a role it is a partner's group that is invited.
    """
    token = secrets.token_urlsafe(24)
    session.add(
        Invitation(
            token_hash=_hash(token),
            role=role,
            partner_id=partner_id,
            created_by=by.chat_id,
            created_at=now,
            expires_at=now + INVITATION_LIFE,
        )
    )
    return token


async def use_up(
    session: AsyncSession, token: str, *, of_group: bool, by: int, now: datetime
) -> Invitation:
    """Use an invitation of a person or of a group up; raise InvitationInvalid.

    The single UPDATE decides who was first when two open the same link at once.
    """
    used = await session.execute(
        update(Invitation)
        .where(
            Invitation.token_hash == _hash(token),
            Invitation.role.is_(None) if of_group else Invitation.role.is_not(None),
            Invitation.used_at.is_(None),
            Invitation.expires_at > now,
        )
        .values(used_at=now, used_by=by)
        .returning(Invitation.id)
    )
    if (invitation_id := used.scalar_one_or_none()) is None:
        raise InvitationInvalid
    return await session.get_one(Invitation, invitation_id)


async def accept_invitation(
    session: AsyncSession,
    *,
    token: str,
    person: Person,
    name: str,
    now: datetime,
    admin_ids: frozenset[int],
) -> Invitation:
    """Use an invitation up and grant its role; raise InvitationInvalid.

    Whoever made it must still be somebody who gives that role, and a lawyer's partner still be there.
    """
    invitation = await use_up(session, token, of_group=False, by=person.chat_id, now=now)
    role = invitation.role
    assert role is not None
    inviter = await known(session, invitation.created_by)
    held = await roles_of(session, inviter, admin_ids) if inviter else frozenset()
    if role not in roles_given_by(held) or not await _has_place(session, invitation):
        raise InvitationInvalid
    await session.flush()
    try:
        async with session.begin_nested():
            session.add(
                Grant(
                    person_id=person.id,
                    role=role,
                    name=name,
                    granted_by=invitation.created_by,
                    granted_at=now,
                )
            )
    except IntegrityError:
        pass  # they hold the role already: nothing to add
    return invitation


async def _has_place(session: AsyncSession, invitation: Invitation) -> bool:
    """Tell whether there is a partner to work for, where one is needed."""
    if invitation.role is not Role.LAWYER:
        return True
    partner = await session.get(Partner, invitation.partner_id or 0)
    return partner is not None and partner.standing is not Standing.ENDED


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody who holds a role."""

    grant_id: int
    role: Role
    name: str
    chat_id: int


async def holders(session: AsyncSession) -> Sequence[Holder]:
    """Everybody who holds a role, by role, longest first."""
    rows = await session.execute(
        select(Grant.id, Grant.role, Grant.name, Person.chat_id)
        .join(Person, Person.id == Grant.person_id)
        .where(Grant.revoked_at.is_(None))
        .order_by(Grant.role, Grant.granted_at)
    )
    return [Holder(grant, role, name, chat) for grant, role, name, chat in rows]


async def holding(session: AsyncSession, role: Role, admin_ids: frozenset[int]) -> Sequence[Person]:
    """Everybody who holds a role and can be written to; administrators hold all.

    Nothing comes by itself to who hid the conversation.
    """
    granted = select(Grant.person_id).where(
        Grant.revoked_at.is_(None), Grant.role.in_([role, Role.ADMIN])
    )
    people = select(Person).where(
        or_(Person.id.in_(granted), Person.chat_id.in_(admin_ids)),
        Person.blocked_at.is_(None),
        Person.discreet.is_(False),
    )
    return (await session.scalars(people.order_by(Person.id))).all()


async def take_back(session: AsyncSession, *, grant_id: int, by: Person, now: datetime) -> Person:
    """Take a role back; give back whose it was."""
    grant = await session.get_one(Grant, grant_id)
    grant.revoked_at, grant.revoked_by = now, by.chat_id
    return await session.get_one(Person, grant.person_id)


async def forget(session: AsyncSession, person: Person) -> None:
    """Delete what is held about a person: choices, place, roles, the conversation they are in.

    What they proposed and what waits to be sent to them goes as well.
    """
    await session.flush()  # somebody unknown until now has to be a row before it can be deleted
    await session.execute(delete(Dialog).where(Dialog.chat_id == person.chat_id))
    await session.execute(
        update(Invitation).where(Invitation.used_by == person.chat_id).values(used_by=None)
    )
    await session.execute(delete(Grant).where(Grant.person_id == person.id))
    await session.execute(delete(Proposal).where(Proposal.proposed_by == person.chat_id))
    await drop_waiting(session, person.chat_id, *(one for one in Priority if one != Priority.REPLY))
    await session.execute(delete(Delivery).where(Delivery.chat_id == person.chat_id))
    await session.delete(person)


async def known(session: AsyncSession, chat_id: int) -> Person | None:
    """Somebody who has written to the bot."""
    return await session.scalar(select(Person).where(Person.chat_id == chat_id))


async def language_of(session: AsyncSession, chat_id: int) -> str | None:
    """The language that somebody chose."""
    return await session.scalar(select(Person.language).where(Person.chat_id == chat_id))


async def drop_waiting(session: AsyncSession, chat_id: int, *priorities: Priority) -> None:
    """Take back what waits to be sent to somebody, and note of each message that it never left."""
    waits = (
        OutboxMessage.chat_id == chat_id,
        OutboxMessage.state == OutboxState.QUEUED,
        OutboxMessage.priority.in_(priorities),
    )
    never = select(OutboxMessage.posted_id).where(*waits, OutboxMessage.posted_id.is_not(None))
    await session.execute(
        update(PostedMessage)
        .where(PostedMessage.id.in_(never))
        .values(state=OutboxState.FAILED)
        .execution_options(synchronize_session="fetch")
    )
    await session.execute(delete(OutboxMessage).where(*waits))
