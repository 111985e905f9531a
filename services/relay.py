"""Who may write to whom about a case, and the map of what they wrote: no receiver comes from elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import ColumnElement, and_, func, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from services import cases, partners, people
from services.hours import after_working
from services.refusals import NotAllowed, Refusal
from storage.cases import Case, CaseState, Urgency
from storage.dialogs import Dialog
from storage.partners import Lawyer, Standing
from storage.people import Person
from storage.relay import CaseThread, RelayedMessage
from storage.traffic import OutboxState, PostedMessage

DIALOG, TALKING = "rl", "talk"  # what the person writes goes to the other side of a case
SILENCE = timedelta(hours=24)  # after so long it is asked for whom a message is
AT_HAND = timedelta(minutes=30)  # so long after their last word the phone is surely the citizen's
TAKES_BACK = timedelta(hours=48) - timedelta(minutes=1)  # Bot API, deleteMessage
MOST_AT_ONCE = 100  # cases, or copies that did not arrive, dealt with in one transaction


class NotYourCase(Refusal):
    """The case is somebody else's, or no longer theirs. Which of them is nobody's business."""

    message = "This case is not with you. Nothing was sent."


class NobodyThere(Refusal):
    """The citizen has deleted what was held about them."""

    message = "The citizen can't be written to any more. Nothing was sent."


class TakenBackAlready(Refusal):
    """The message was taken back before."""

    message = "This was taken back already."


class TooLateToTakeBack(Refusal):
    """Telegram deletes messages for 48 hours only."""

    message = "Too late: Telegram lets a message be taken back for 48 hours only."


@dataclass(frozen=True, slots=True)
class Talk:
    """The two sides of a case. While no lawyer has it, what the citizen writes is kept."""

    case: Case
    citizen: Person | None  # nobody once they deleted what was held about them
    lawyer: Lawyer | None
    lawyers_person: Person | None

    def is_from_lawyer(self, row: RelayedMessage) -> bool:
        """Tell which side wrote a message."""
        return self.citizen is None or row.from_chat_id != self.citizen.chat_id

    def receiver_of(self, row: RelayedMessage) -> Person | None:
        """Who is to have a message, if there is anybody."""
        return self.citizen if self.is_from_lawyer(row) else self.lawyers_person

    def wakes(self, row: RelayedMessage) -> bool:
        """Tell whether a message may ring at night: danger, for the lawyer on duty."""
        if self.is_from_lawyer(row) or self.lawyer is None or not self.lawyer.on_duty:
            return False
        return row.urgent or self.case.urgency == Urgency.DANGER


@dataclass(frozen=True, slots=True)
class Written:
    """A message as it is written down in the map."""

    message_id: int
    album: str | None = None
    file: str | None = None  # its unique id
    reply_to: int | None = None  # a message of the same chat
    said: Any | None = None
    urgent: bool = False


# --- who ----------------------------------------------------------------------------------------


async def between(session: AsyncSession, case: Case, admin_ids: frozenset[int]) -> Talk:
    """The sides of a case as they are now: a lawyer who was dismissed is no side any more."""
    citizen = await session.get(Person, case.person_id) if case.person_id is not None else None
    lawyer = await session.get(Lawyer, case.lawyer_id) if case.lawyer_id is not None else None
    person = await people.known(session, lawyer.chat_id) if lawyer is not None else None
    try:
        working = await partners.working(session, person, admin_ids) if person else None
    except NotAllowed:
        working = None
    if lawyer is None or working is None or working.id != lawyer.id:
        return Talk(case, citizen, None, None)
    return Talk(case, citizen, lawyer, person)


async def talk_of(
    session: AsyncSession, case_id: int, person: Person, admin_ids: frozenset[int]
) -> Talk:
    """The talk about a case for somebody who is a side of it; raise NotYourCase or NobodyThere."""
    case = await cases.get(session, case_id)
    if case is None:
        raise NotYourCase
    talk = await between(session, case, admin_ids)
    if talk.citizen is None:
        raise NobodyThere if talk.lawyers_person is person else NotYourCase
    if person not in (talk.citizen, talk.lawyers_person):
        raise NotYourCase
    return talk


async def current_of(session: AsyncSession, chat_id: int) -> Lawyer | None:
    """The lawyer of a private chat who has a current case, dismissed or not: `talk_of` looks."""
    found: Lawyer | None = await session.scalar(
        select(Lawyer)
        .where(Lawyer.chat_id == chat_id, Lawyer.current_case_id.is_not(None))
        .order_by(Lawyer.id.desc())
        .limit(1)
    )
    return found


def reachable(person: Person) -> bool:
    """Tell whether somebody can be written to: no block, no hidden conversation."""
    return person.blocked_at is None and not person.discreet


async def at_hand(session: AsyncSession, talk: Talk, now: datetime) -> bool:
    """Tell whether the citizen may be shown a message openly.

    Who asked for neutral messages sees them openly only in a talk that they are in at this moment.
    """
    if not talk.case.neutral:
        return True
    assert talk.citizen is not None
    dialog = await session.get(Dialog, talk.citizen.chat_id)
    return _is_about(dialog, talk.case) and now - cast(Dialog, dialog).updated_at < AT_HAND


# --- the citizen's talk mode --------------------------------------------------------------------


def _is_about(dialog: Dialog | None, case: Case) -> bool:
    return dialog is not None and dialog.name == DIALOG and dialog.data.get("case") == case.id


async def begin(session: AsyncSession, talk: Talk, now: datetime) -> bool:
    """Open the citizen's talk mode unless they are in another conversation; tell whether it is new."""
    assert talk.citizen is not None
    dialog = await session.get(Dialog, talk.citizen.chat_id)
    if dialog is not None:
        lapsed = dialog.name == DIALOG and now - dialog.updated_at >= SILENCE
        if not lapsed or _is_about(dialog, talk.case):
            return False
        dialog.step, dialog.data, dialog.updated_at = TALKING, {"case": talk.case.id}, now
        return True
    begun = Dialog(chat_id=talk.citizen.chat_id, name=DIALOG, step=TALKING, updated_at=now)
    begun.data = {"case": talk.case.id}
    try:
        async with session.begin_nested():
            session.add(begun)
    except IntegrityError:
        return False  # they began another conversation at this instant
    return True


async def in_talk(session: AsyncSession, talk: Talk) -> bool:
    """Tell whether what the citizen writes goes into this talk."""
    dialog = await session.get(Dialog, talk.citizen.chat_id) if talk.citizen else None
    return _is_about(dialog, talk.case)


async def silent(session: AsyncSession, case_id: int, since: datetime, now: datetime) -> bool:
    """Tell whether neither side has written for a day; `since` is when the talk was opened."""
    last: datetime | None = await session.scalar(
        select(RelayedMessage.sent_at)
        .where(RelayedMessage.case_id == case_id)
        .order_by(RelayedMessage.id.desc())
        .limit(1)
    )
    return now - max(last or since, since) >= SILENCE


# --- the map ------------------------------------------------------------------------------------


async def at(session: AsyncSession, chat_id: int, message_id: int) -> RelayedMessage | None:
    """What a message of a chat is in the map: an original, a copy, or the line that confirms it."""
    original: RelayedMessage | None = await session.scalar(
        select(RelayedMessage).where(
            RelayedMessage.from_chat_id == chat_id, RelayedMessage.from_message_id == message_id
        )
    )
    if original is not None:
        return original
    posted = await session.scalar(
        select(PostedMessage.id).where(
            PostedMessage.chat_id == chat_id, PostedMessage.message_id == message_id
        )
    )
    if posted is None:
        return None
    found: RelayedMessage | None = await session.scalar(
        select(RelayedMessage).where(
            or_(RelayedMessage.posted_id == posted, RelayedMessage.confirmed_id == posted)
        )
    )
    return found


async def sent_by(session: AsyncSession, chat_id: int, message_id: int) -> RelayedMessage | None:
    """A message that somebody has relayed, by its id in their own chat."""
    row = await at(session, chat_id, message_id)
    own = row is not None and (row.from_chat_id, row.from_message_id) == (chat_id, message_id)
    return row if own else None


async def write_down(
    session: AsyncSession, talk: Talk, by: Person, written: Written, now: datetime
) -> RelayedMessage:
    """Put a message into the map; there is no copy of it yet."""
    quoted = await at(session, by.chat_id, written.reply_to) if written.reply_to else None
    row = RelayedMessage(
        case_id=talk.case.id,
        from_chat_id=by.chat_id,
        from_message_id=written.message_id,
        reply_to_id=quoted.id if quoted and quoted.case_id == talk.case.id else None,
        album=written.album,
        file=written.file,
        said=written.said,
        urgent=written.urgent,
        announced=False,
        sent_at=now,
    )
    session.add(row)
    await session.flush()
    if by is talk.lawyers_person:
        await cases.worked(session, talk.case, now)
    return row


async def counterpart(session: AsyncSession, row: RelayedMessage, chat_id: int) -> Any | None:
    """The message that a relayed one replies to, as it stands in the receiver's chat."""
    quoted = await session.get(RelayedMessage, row.reply_to_id) if row.reply_to_id else None
    if quoted is None or quoted.taken_back_at is not None:
        return None
    if quoted.from_chat_id == chat_id:
        return quoted.from_message_id
    return {"posted": quoted.posted_id} if quoted.to_chat_id == chat_id else None


async def by_id(session: AsyncSession, row_id: int, sender: Person) -> RelayedMessage:
    """A message of the map, for who sent it; raise NotYourCase."""
    row = await session.get(RelayedMessage, row_id)
    if row is None or row.from_chat_id != sender.chat_id:
        raise NotYourCase
    return row


_KEPT = (RelayedMessage.posted_id.is_(None), RelayedMessage.taken_back_at.is_(None))


async def kept(session: AsyncSession, case_id: int) -> Sequence[RelayedMessage]:
    """What has not been copied to its receiver yet, oldest first.

    Held until the commit, so that each is delivered once, whoever delivers.
    """
    waiting = select(RelayedMessage).where(*_KEPT, RelayedMessage.case_id == case_id)
    waiting = waiting.order_by(RelayedMessage.id).with_for_update()
    return (await session.scalars(waiting.execution_options(populate_existing=True))).all()


async def deliverable(session: AsyncSession) -> Sequence[int]:
    """Cases in which something is kept for a side that has come back, some at once."""
    citizen, lawyers_person = aliased(Person), aliased(Person)
    from_citizen = RelayedMessage.from_chat_id == citizen.chat_id
    for_lawyer = and_(from_citizen, Lawyer.standing != Standing.ENDED, _here(lawyers_person))
    told = and_(Case.neutral, RelayedMessage.announced)
    for_citizen = and_(~from_citizen, _here(citizen), ~told)
    found = (
        select(RelayedMessage.case_id)
        .join(Case, Case.id == RelayedMessage.case_id)
        .join(citizen, citizen.id == Case.person_id)
        .outerjoin(Lawyer, Lawyer.id == Case.lawyer_id)
        .outerjoin(lawyers_person, lawyers_person.chat_id == Lawyer.chat_id)
        .where(*_KEPT, or_(for_lawyer, for_citizen))
        .group_by(RelayedMessage.case_id)
        .order_by(func.min(RelayedMessage.id))
        .limit(MOST_AT_ONCE)
    )
    return (await session.scalars(found)).all()


def _here(person: type[Person]) -> ColumnElement[bool]:
    return and_(person.blocked_at.is_(None), person.discreet.is_(False))


async def announce_anew(session: AsyncSession) -> None:
    """Who was told that something waits, and then blocked the bot or hid, may not have seen it."""
    gone = select(Case.id).join(Person, Person.id == Case.person_id).where(~_here(Person))
    await session.execute(
        update(RelayedMessage)
        .where(*_KEPT, RelayedMessage.announced, RelayedMessage.case_id.in_(gone))
        .values(announced=False)
    )


async def undelivered(session: AsyncSession) -> list[tuple[RelayedMessage, PostedMessage]]:
    """Copies that Telegram did not take, and whose senders have not heard of it."""
    found = await session.execute(
        select(RelayedMessage, PostedMessage)
        .join(PostedMessage, PostedMessage.id == RelayedMessage.posted_id)
        .where(
            PostedMessage.state.in_([OutboxState.BLOCKED, OutboxState.FAILED]),
            PostedMessage.told_at.is_(None),
            RelayedMessage.taken_back_at.is_(None),
        )
        .order_by(RelayedMessage.id)
        .limit(MOST_AT_ONCE)
    )
    return [(row, posted) for row, posted in found]


def is_blocked(posted: PostedMessage) -> bool:
    """Tell whether a message did not arrive because the receiver has blocked the bot."""
    return posted.state is OutboxState.BLOCKED


def keep(row: RelayedMessage) -> None:
    """Its receiver could not have it: it waits until they can."""
    row.posted_id = row.to_chat_id = None
    row.announced = False


async def confirmed(session: AsyncSession, chat_id: int) -> Sequence[RelayedMessage]:
    """Messages of a sender below which a line still stands that confirms them."""
    found = select(RelayedMessage).where(
        RelayedMessage.from_chat_id == chat_id, RelayedMessage.confirmed_id.is_not(None)
    )
    return (await session.scalars(found.order_by(RelayedMessage.id))).all()


async def album_of(session: AsyncSession, row: RelayedMessage) -> Sequence[RelayedMessage]:
    """The pictures of a message's album, or the message alone."""
    if row.album is None:
        return [row]
    found = select(RelayedMessage).where(
        RelayedMessage.case_id == row.case_id,
        RelayedMessage.from_chat_id == row.from_chat_id,
        RelayedMessage.album == row.album,
    )
    return (await session.scalars(found.order_by(RelayedMessage.id))).all()


async def take_back(
    session: AsyncSession, row: RelayedMessage, now: datetime
) -> list[RelayedMessage]:
    """Take a message back with its album; give back those whose copies are to be deleted.

    Raises TakenBackAlready and TooLateToTakeBack; what is only kept can always be taken back.
    """
    if row.taken_back_at is not None:
        raise TakenBackAlready
    if row.posted_id is not None and now - row.sent_at > TAKES_BACK:
        raise TooLateToTakeBack
    rows = [one for one in await album_of(session, row) if one.taken_back_at is None]
    for one in rows:
        one.taken_back_at = now
    return [one for one in rows if one.posted_id is not None]


# --- topics of a lawyer's private chat -----------------------------------------------------------


async def thread_of(session: AsyncSession, case: Case, chat_id: int) -> int | None:
    """The posted message that made the topic of a case; None if there is none, or it was deleted."""
    found: int | None = await session.scalar(
        select(CaseThread.posted_id)
        .join(PostedMessage, PostedMessage.id == CaseThread.posted_id)
        .where(
            CaseThread.case_id == case.id,
            CaseThread.chat_id == chat_id,
            PostedMessage.state.in_([OutboxState.QUEUED, OutboxState.SENT]),
        )
    )
    return found


async def keep_thread(session: AsyncSession, case: Case, posted: PostedMessage) -> None:
    """A topic is being made for a case, in place of one that was deleted."""
    row = await session.get(CaseThread, (case.id, posted.chat_id))
    if row is None:
        session.add(CaseThread(case_id=case.id, chat_id=posted.chat_id, posted_id=posted.id))
    else:
        row.posted_id = posted.id
    await session.flush()


async def case_in_thread(session: AsyncSession, chat_id: int, thread: int) -> int | None:
    """The case to which a topic of a private chat belongs."""
    found: int | None = await session.scalar(
        select(CaseThread.case_id)
        .join(PostedMessage, PostedMessage.id == CaseThread.posted_id)
        .where(CaseThread.chat_id == chat_id, PostedMessage.message_id == thread)
    )
    return found


# --- working hours ------------------------------------------------------------------------------


async def opens_at(session: AsyncSession, talk: Talk, row: RelayedMessage) -> datetime | None:
    """When lawyers work again, if the citizen is to be told: once in an evening or a weekend.

    Not where the lawyer on duty is woken: then that is when somebody answers.
    """
    opens = after_working(row.sent_at, 0)
    if opens <= row.sent_at or talk.wakes(row) or talk.case.state is not CaseState.IN_WORK:
        return None
    before: datetime | None = await session.scalar(
        select(RelayedMessage.sent_at)
        .where(
            RelayedMessage.case_id == row.case_id,
            RelayedMessage.from_chat_id == row.from_chat_id,
            RelayedMessage.id < row.id,
        )
        .order_by(RelayedMessage.id.desc())
        .limit(1)
    )
    told = before is not None and after_working(before, 0) == opens
    return None if told else opens
