"""Partners, lawyers, rules and cases, as the rules of routing see them."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import count
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from locales import HERE
from services import cases, rules
from services.rules import Rule
from storage.cases import Case
from storage.partners import Lawyer, Partner, Way
from storage.people import Grant, Person, Role

TUESDAY = datetime(2026, 11, 24, 10, tzinfo=HERE)  # a working day, in the morning
COORDINATOR = 900
_chats = count(1000)


async def person(session: AsyncSession, now: datetime = TUESDAY) -> Person:
    """Somebody who wrote to the bot."""
    someone = Person(chat_id=next(_chats), language="ru", discreet=False, created_at=now)
    session.add(someone)
    await session.flush()
    return someone


async def partner(session: AsyncSession, name: str, *, group: int | None = None) -> Partner:
    """A partner, without lawyers yet."""
    new = Partner(name=name, group_chat_id=group, created_at=TUESDAY)
    session.add(new)
    await session.flush()
    return new


async def lawyer(session: AsyncSession, of: Partner, name: str = "Нурлан", **about: Any) -> Lawyer:
    """A lawyer in the role, who takes everything unless `about` says otherwise."""
    someone = await person(session)
    session.add(
        Grant(
            person_id=someone.id,
            role=Role.LAWYER,
            name=name,
            granted_by=COORDINATOR,
            granted_at=TUESDAY,
        )
    )
    empty = {"languages": [], "topics": [], "ways": []}
    new = Lawyer(
        partner_id=of.id, chat_id=someone.chat_id, name=name, joined_at=TUESDAY, **(empty | about)
    )
    session.add(new)
    await session.flush()
    return new


async def rules_are(session: AsyncSession, *chosen: Rule) -> list[Rule]:
    """Make these the rules; give them back with their ids."""
    await rules.save(session, chosen)
    return await rules.in_order(session)


def told(**about: Any) -> cases.NewCase:
    """What a citizen said: a family matter in Osh, in Kyrgyz, by phone."""
    said = {"topic": "family", "language": "ky", "way": Way.PHONE, "region": "KG-GO"}
    return cases.NewCase(**(said | about))


async def case(session: AsyncSession, now: datetime = TUESDAY, **about: Any) -> Case:
    """A case as it stands before it is routed."""
    return await cases.open_case(session, told(**about), await person(session), now)


def later(**time: float) -> datetime:
    """So long after TUESDAY."""
    return TUESDAY + timedelta(**time)
