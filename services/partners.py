"""Partner organisations and their lawyers: who takes cases, who pauses, who has gone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, Select, and_, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from services import people
from services.refusals import (
    GroupTaken,
    NameTaken,
    NameUnfit,
    NoPartner,
    NotAllowed,
    Refusal,
)
from storage.cases import Case, CaseState
from storage.partners import Lawyer, Partner, Standing
from storage.people import Grant, Person, Role
from storage.routing import Handoff, HandoffState
from storage.traffic import Priority


class Bounds(StrEnum):
    """What a lawyer's work may be narrowed to; the values name columns of Lawyer."""

    LANGUAGES = "languages"
    TOPICS = "topics"
    WAYS = "ways"


NAME_FROM, NAME_TO = 2, 120  # characters of a partner's name


async def working(session: AsyncSession, person: Person, admin_ids: frozenset[int]) -> Lawyer:
    """The work that a person does for a partner at this moment; raise NotAllowed if there is none.

    Both count, the role and the work: either may have been taken away a moment ago. Others of the staff
    are told how to get there: NoPartner.
    """
    lawyer = await present(session, person.chat_id)
    held = await people.roles_of(session, person, admin_ids)
    if lawyer is None and held:
        raise NoPartner
    if lawyer is None or Role.LAWYER not in held:
        raise NotAllowed
    return lawyer


async def present(session: AsyncSession, chat_id: int) -> Lawyer | None:
    """The work that is not ended of whoever has this private chat, for a partner that is not."""
    found: Lawyer | None = await session.scalar(
        select(Lawyer)
        .join(Partner, Partner.id == Lawyer.partner_id)
        .where(Lawyer.chat_id == chat_id, *_STILL_HERE)
    )
    return found


async def partner_by_id(session: AsyncSession, partner_id: int) -> Partner:
    """A partner, ended or not; raise Refusal for an id that nobody has."""
    if (partner := await session.get(Partner, partner_id)) is None:
        raise Refusal
    return partner


async def lawyer_by_id(session: AsyncSession, lawyer_id: int) -> Lawyer:
    """A lawyer's work for a partner, ended or not; raise Refusal for an id that nobody has."""
    if (lawyer := await session.get(Lawyer, lawyer_id)) is None:
        raise Refusal
    return lawyer


async def name_of(session: AsyncSession, lawyer: Lawyer) -> str:
    """A lawyer with their partner, as staff see them."""
    return f"{lawyer.name} ({(await partner_by_id(session, lawyer.partner_id)).name})"


async def partners(session: AsyncSession) -> Sequence[Partner]:
    """All partners that are not ended, the oldest first."""
    here = select(Partner).where(Partner.standing != Standing.ENDED).order_by(Partner.id)
    return (await session.scalars(here)).all()


async def lawyers_of(session: AsyncSession, partner_id: int) -> Sequence[Lawyer]:
    """The lawyers of a partner who are not ended, in the order in which they joined."""
    return (await session.scalars(_lawyers(Lawyer.partner_id == partner_id, *_STILL_HERE))).all()


async def active_lawyers(session: AsyncSession, partner_id: int | None = None) -> Sequence[Lawyer]:
    """Those who take new cases now: neither they nor their partner pause."""
    of_partner = [] if partner_id is None else [Lawyer.partner_id == partner_id]
    return (await session.scalars(_lawyers(*of_partner, *_TAKE_CASES))).all()


async def on_duty(session: AsyncSession) -> Sequence[Lawyer]:
    """Those who take danger and detention at every hour."""
    return (await session.scalars(_lawyers(Lawyer.on_duty.is_(True), *_TAKE_CASES))).all()


_STILL_HERE = (Lawyer.standing != Standing.ENDED, Partner.standing != Standing.ENDED)
_TAKE_CASES = (Lawyer.standing == Standing.ACTIVE, Partner.standing == Standing.ACTIVE)


def _lawyers(*fits: ColumnElement[bool]) -> Select[Lawyer]:
    joined = select(Lawyer).join(Partner, Partner.id == Lawyer.partner_id)
    return joined.where(*fits).order_by(Lawyer.id)


@dataclass(frozen=True, slots=True)
class Load:
    """How much lies with somebody now."""

    open: int  # cases in work or offered
    lawyers: int
    on_duty: int


async def load(session: AsyncSession, partner: Partner) -> Load:
    """How much lies with a partner now."""
    lawyers = await lawyers_of(session, partner.id)
    return Load(
        len(await open_cases(session, *lawyers, of=partner)),
        len(lawyers),
        sum(one.on_duty for one in lawyers),
    )


async def open_cases(
    session: AsyncSession, *lawyers: Lawyer, of: Partner | None = None
) -> list[Case]:
    """The cases that lawyers work on or are offered; with `of`, those offered to that partner too."""
    ids = [one.id for one in lawyers]
    offered = or_(Handoff.lawyer_id.in_(ids), Handoff.partner_id == of.id if of else Handoff.id < 0)
    handed = select(Handoff.case_id).where(Handoff.state == HandoffState.OPEN, offered)
    at_work = and_(Case.lawyer_id.in_(ids), Case.state == CaseState.IN_WORK)
    found = select(Case).where(or_(at_work, Case.id.in_(handed))).order_by(Case.urgency, Case.id)
    return list((await session.scalars(found)).all())


async def add_partner(session: AsyncSession, name: str, now: datetime) -> Partner:
    """A new partner, or one that ended and comes back; raise NameUnfit or NameTaken."""
    name = " ".join(name.split())
    if not NAME_FROM <= len(name) <= NAME_TO:
        raise NameUnfit
    before = await session.scalar(select(Partner).where(Partner.name == name))
    if before is not None and before.standing is Standing.ENDED:
        before.standing = Standing.ACTIVE
        return before
    partner = Partner(name=name, standing=Standing.ACTIVE, created_at=now)
    try:
        async with session.begin_nested():
            session.add(partner)
    except IntegrityError:
        raise NameTaken from None
    return partner


async def join(
    session: AsyncSession, *, partner_id: int, person: Person, name: str, now: datetime
) -> Lawyer:
    """A person works for a partner from now on; who does so already goes on under this name.

    Whoever works for another partner has to `leave` it first, so that their cases are routed anew.
    """
    lawyer = await present(session, person.chat_id)
    if lawyer is None:
        lawyer = Lawyer(
            partner_id=partner_id,
            chat_id=person.chat_id,
            languages=[],
            topics=[],
            ways=[],
            joined_at=now,
        )
        session.add(lawyer)
    assert lawyer.partner_id == partner_id
    lawyer.name, lawyer.standing = name, Standing.ACTIVE
    await session.flush()
    return lawyer


def pause(whom: Partner | Lawyer) -> None:
    """No new cases; what they have, they keep."""
    if whom.standing is Standing.ACTIVE:
        whom.standing = Standing.PAUSED


def resume(whom: Partner | Lawyer) -> None:
    """They take cases again."""
    if whom.standing is Standing.PAUSED:
        whom.standing = Standing.ACTIVE


def set_duty(lawyer: Lawyer, on: bool) -> None:
    """Whether danger and detention may reach them at night."""
    lawyer.on_duty = on


def narrow(lawyer: Lawyer, what: Bounds, one: str | None, on: bool, known: Sequence[str]) -> None:
    """Take one language, topic or way to what a lawyer works in, or out of it; None: all of them.

    What isn't known changes nothing. Empty means all, so all of them one by one is empty, too.
    """
    chosen = set(getattr(lawyer, what)) & set(known)
    if one is None:
        chosen = set()
    elif one in known:
        chosen = chosen | {one} if on else chosen - {one}
    ordered = [each for each in known if each in chosen]
    setattr(lawyer, what, [] if len(ordered) == len(known) else ordered)


async def leave(session: AsyncSession, lawyer: Lawyer, *, now: datetime) -> list[Case]:
    """End a lawyer's work for a partner; give back their open cases, for the caller to route anew.

    What of cases still waits to be sent to them never leaves.
    """
    cases = await open_cases(session, lawyer)
    await people.drop_waiting(session, lawyer.chat_id, Priority.CASE, Priority.REMINDER)
    lawyer.standing, lawyer.ended_at = Standing.ENDED, now
    lawyer.on_duty, lawyer.current_case_id = False, None
    await session.flush()
    return cases


async def end_lawyer(
    session: AsyncSession, lawyer: Lawyer, *, by: int, now: datetime
) -> list[Case]:
    """End a lawyer's work and take the role back; give back their cases, to be routed anew."""
    await session.execute(
        update(Grant)
        .where(
            Grant.person_id.in_(select(Person.id).where(Person.chat_id == lawyer.chat_id)),
            Grant.role == Role.LAWYER,
            Grant.revoked_at.is_(None),
        )
        .values(revoked_at=now, revoked_by=by)
    )
    return await leave(session, lawyer, now=now)


async def end_partner(
    session: AsyncSession, partner: Partner, *, by: int, now: datetime
) -> list[Case]:
    """End a partner and all its lawyers; give back their cases, to be routed anew."""
    lawyers = await lawyers_of(session, partner.id)
    cases = await open_cases(session, *lawyers, of=partner)
    for lawyer in lawyers:
        await end_lawyer(session, lawyer, by=by, now=now)
    partner.standing, partner.group_chat_id = Standing.ENDED, None
    await session.flush()
    return cases


async def of_group(session: AsyncSession, chat_id: int) -> Partner | None:
    """The partner whose group this is."""
    found: Partner | None = await session.scalar(
        select(Partner).where(Partner.group_chat_id == chat_id)
    )
    return found


async def bind_group(session: AsyncSession, partner: Partner, chat_id: int) -> None:
    """Cards for the partner go to this group from now on; raise GroupTaken if another's do."""
    before = await of_group(session, chat_id)
    if before is not None and before.id != partner.id:
        raise GroupTaken
    partner.group_chat_id = chat_id
    await session.flush()


def unbind_group(partner: Partner) -> None:
    """The partner has no group any more."""
    partner.group_chat_id = None


async def group_moved(session: AsyncSession, before: int, after: int) -> None:
    """A group became a supergroup, with another id."""
    await session.execute(
        update(Partner).where(Partner.group_chat_id == before).values(group_chat_id=after)
    )
