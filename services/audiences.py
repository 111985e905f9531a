"""Whom an announcement is for: who asked for such news, refused none of it, and has not had too many."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from pydantic import BaseModel, ConfigDict
from sqlalchemy import ColumnElement, Select, exists, false, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.announcements import Announcement, Delivery, DeliveryState, Kind
from storage.events import Registration, RegistrationState
from storage.following import Community, Follow, Followed, OptOut
from storage.people import Grant, Person, Privacy, Role
from storage.questions import GivenAnswer

WEEK = timedelta(days=7)
WEEKLY_MOST = 3  # announcements that one person gets in seven days, not counting urgent ones
WEEKLY_URGENT_MOST = 2
EVERY_KIND = "all"  # the kind of an OptOut that refuses every announcement


class Audience(BaseModel):
    """Conditions: of one kind any may hold, those of different kinds must hold together.

    Empty is everybody. `event` narrows it to the guests of an event, `attended` to those who came.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    languages: list[str] = []
    regions: list[str] = []
    districts: list[str] = []
    topics: list[str] = []  # asked about or followed
    event: int | None = None
    attended: bool = False
    communities: list[int] = []  # their followers
    roles: list[Role] = []
    groups: bool = False  # the chats of these communities too, of all where none is named


@dataclass(frozen=True, slots=True)
class Count:
    """How many people an audience is at this moment."""

    total: int
    by_language: dict[str, int]
    capped: int  # would belong to it, but had their fill this week


def people(audience: Audience, kind: Kind, now: datetime) -> Select[*tuple[Any, ...]]:
    """Everybody who is to get it: Person.id, chat_id, language, region, in no order.

    News for the guests of an event (a changed hall, say) is not counted and not capped; only who refused
    every announcement does not get it.
    """
    return _wanted(audience, kind).where(~_had_enough(audience, kind, now))


async def count(session: AsyncSession, audience: Audience, kind: Kind, now: datetime) -> Count:
    """Count an audience as it is narrowed."""
    wanted = _wanted(audience, kind).subquery()
    reached = people(audience, kind, now).subquery()
    all_of_them = await session.scalar(select(func.count()).select_from(wanted)) or 0
    rows = await session.execute(
        select(reached.c.language, func.count()).group_by(reached.c.language)
    )
    by_language = {str(language): int(number) for language, number in rows}
    total = sum(by_language.values())
    return Count(total, by_language, all_of_them - total)


def groups(audience: Audience) -> Select[*tuple[Any, ...]]:
    """The chats of the communities that an audience names: Community.chat_id, region."""
    chosen: Select[*tuple[Any, ...]] = select(Community.chat_id, Community.region).where(
        Community.chat_id.is_not(None), Community.ended_at.is_(None)
    )
    if audience.communities:
        chosen = chosen.where(Community.id.in_(audience.communities))
    return chosen.order_by(Community.id)


def _wanted(audience: Audience, kind: Kind) -> Select[*tuple[Any, ...]]:
    """Everybody who fits and would be written to, whatever they had this week."""
    chosen: Select[*tuple[Any, ...]] = select(
        Person.id, Person.chat_id, Person.language, Person.region
    ).where(
        Person.language.is_not(None),
        or_(Person.privacy.is_(None), Person.privacy != Privacy.DECLINED),
        Person.discreet.is_(False),  # whoever hid the conversation may be in danger
        Person.blocked_at.is_(None),
        ~_refused(audience, kind),
    )
    for condition in _conditions(audience):
        chosen = chosen.where(condition)
    return chosen


def _refused(audience: Audience, kind: Kind) -> ColumnElement[bool]:
    kinds = [EVERY_KIND] if audience.event is not None else [EVERY_KIND, str(kind)]
    return exists().where(OptOut.person_id == Person.id, OptOut.kind.in_(kinds))


def _had_enough(audience: Audience, kind: Kind, now: datetime) -> ColumnElement[bool]:
    if audience.event is not None:
        return false()
    urgent = kind is Kind.URGENT
    got = (
        select(func.count(Delivery.id))
        .join(Announcement, Announcement.id == Delivery.announcement_id)
        .where(
            Delivery.chat_id == Person.chat_id,
            Delivery.made_at > now - WEEK,
            Delivery.state.in_([DeliveryState.QUEUED, DeliveryState.SENT]),
            (Announcement.kind == Kind.URGENT) if urgent else (Announcement.kind != Kind.URGENT),
            Announcement.audience["event"].as_integer().is_(None),
        )
        .scalar_subquery()
    )
    return got >= (WEEKLY_URGENT_MOST if urgent else WEEKLY_MOST)


def _conditions(audience: Audience) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if audience.languages:
        conditions.append(Person.language.in_(audience.languages))
    if audience.regions:
        conditions.append(Person.region.in_(audience.regions))
    if audience.districts:
        conditions.append(Person.district.in_(audience.districts))
    if audience.topics:
        asked = [
            GivenAnswer.article.startswith(f"{one}/", autoescape=True) for one in audience.topics
        ]
        conditions.append(
            or_(
                exists().where(GivenAnswer.person_id == Person.id, or_(*asked)),
                _follows(Followed.TOPIC, audience.topics),
            )
        )
    if audience.communities:
        conditions.append(_follows(Followed.COMMUNITY, [str(one) for one in audience.communities]))
    if audience.roles:
        conditions.append(
            exists().where(
                Grant.person_id == Person.id,
                Grant.revoked_at.is_(None),
                Grant.role.in_(audience.roles),
            )
        )
    if audience.event is not None:
        conditions.append(_is_guest(audience.event, attended=audience.attended))
    return conditions


def _follows(what: Followed, which: list[str]) -> ColumnElement[bool]:
    return exists().where(
        Follow.person_id == Person.id, Follow.followed == what, Follow.which.in_(which)
    )


def _is_guest(event_id: int, *, attended: bool) -> ColumnElement[bool]:
    guest = exists().where(
        Registration.person_id == Person.id,
        Registration.event_id == event_id,
        Registration.state == RegistrationState.REGISTERED,
    )
    return guest.where(Registration.checked_in_at.is_not(None)) if attended else guest
