"""A booking half done: what was answered so far, as the dialog's row keeps it."""

from __future__ import annotations

import secrets
from datetime import UTC, date, datetime

from pydantic import BaseModel, Field

from handlers.context import BotContext
from knowledge.search import Danger
from services import cases, people
from services.cases import NewCase
from services.slots import Slot
from storage.cases import Urgency
from storage.partners import Way

DIALOG = "bk"
MOST_FILES = 30
MOST_WORDS = 20_000  # characters of a story


class Said(BaseModel):
    """A part of the story; one that is edited is found by its message."""

    message_id: int
    text: str = ""
    kind: str | None = None  # of the file, if there is one
    file_id: str = ""


class Chosen(BaseModel):
    """The slot that is held."""

    lawyer_id: int
    starts_at: datetime
    ends_at: datetime

    @property
    def slot(self) -> Slot:
        """As the calendars know it."""
        return Slot(self.lawyer_id, self.starts_at.astimezone(UTC), self.ends_at.astimezone(UTC))


class Draft(BaseModel):
    """What somebody has answered; `answered` names the steps that need not be asked again."""

    token: str = Field(default_factory=lambda: secrets.token_urlsafe(6))  # in the last button
    answered: set[str] = set()
    first: str = ""  # the step that was shown first
    changing: bool = False  # one answer, from the summary
    keyboard: bool = False  # the button that shares a number stands below the input field
    heard: dict[int, str] = {}  # which message answered which step: it may be edited
    album: str = ""  # the album that was thanked for
    behind: str = ""  # what they asked before they pressed the button

    topic: str = ""
    article: str | None = None
    region: str | None = None
    district: str | None = None
    way: Way = Way.PHONE
    story: list[Said] = []
    opponent: str | None = None
    dated: bool = False  # a court or an authority has set a day
    danger: str | None = None
    deadline: date | None = None
    for_other: bool = False
    somebody_else: str | None = None
    consent: bool = False
    called: str | None = None
    full_name: str | None = None
    phone: str | None = None
    offered_phone: str | None = None  # somebody else's contact card: theirs only if they say so
    safe_hours: str | None = None
    neutral: bool = False
    chosen: Chosen | None = None
    waits: bool = False  # for a sooner slot
    page: int = 0  # of the slots

    @property
    def words(self) -> str | None:
        """The story in words, message by message."""
        return "\n\n".join(one.text for one in self.story if one.text and not one.kind) or None

    @property
    def files(self) -> list[tuple[str, str, str | None]]:
        """The files of the story: kind, id, caption."""
        return [(one.kind, one.file_id, one.text or None) for one in self.story if one.kind]

    @property
    def in_danger(self) -> bool:
        """Whether they said so, or what they wrote did."""
        return self.danger is not None

    @property
    def is_sensitive(self) -> bool:
        """Whether somebody beside them may be whom they fear."""
        return self.in_danger or self.topic == "safety"

    def urgency(self, now: datetime) -> Urgency:
        """How urgent it is: a day that they don't know may be near."""
        least = Urgency.URGENT if self.dated and self.deadline is None else Urgency.NORMAL
        return cases.urgency_of(least, self.danger, self.deadline, now)

    def new_case(self, language: str, now: datetime) -> NewCase:
        """The case as it would be opened now."""
        return NewCase(
            topic=self.topic,
            article=self.article,
            region=self.region,
            district=self.district,
            language=language,
            way=self.way,
            urgency=self.urgency(now),
            danger=self.danger,
            deadline=self.deadline,
            story=self.words,
            files=self.files,
            opponent=self.opponent,
            called=self.called,
            full_name=self.full_name,
            phone=self.phone,
            somebody_else=self.somebody_else,
            consent=self.consent,
            safe_hours=self.safe_hours,
            neutral=self.neutral,
        )

    def in_fear(self, danger: Danger) -> None:
        """What they wrote tells of danger: the first kind stays."""
        self.danger = self.danger or danger.value


async def load(context: BotContext) -> Draft | None:
    """The person's booking, if one is under way."""
    dialog = context.dialog
    return Draft.model_validate(dialog.data) if dialog and dialog.name == DIALOG else None


async def save(context: BotContext, draft: Draft, step: str) -> None:
    """Keep what was answered, and which question is open."""
    await context.open_dialog(DIALOG, step, draft.model_dump(mode="json"))


async def fill_in(context: BotContext, draft: Draft) -> None:
    """Answer what is known: the place from the settings, name and number as in the last case."""
    person = context.person
    region = context.resources.base.regions.get(person.region or "")
    if region is not None:
        draft.region, draft.district = region.code, person.district
        draft.answered |= {"region", "district"}
    own = [one for one in await cases.of_citizen(context.session, person) if not one.somebody_else]
    if own and own[0].called:
        draft.called, draft.full_name = own[0].called, own[0].full_name
        draft.answered |= {"called", "name"}
    if own and own[0].phone:
        draft.phone = own[0].phone
        draft.answered.add("phone")


def forget_known(draft: Draft) -> None:
    """It is for somebody else: neither place nor name nor number of the one who writes are theirs."""
    draft.region = draft.district = draft.full_name = draft.phone = None
    draft.answered -= {"region", "district", "name", "phone"}


def keep_place(context: BotContext, draft: Draft) -> None:
    """Where they live is known from now on; not where somebody else does."""
    if not draft.for_other:
        people.choose_place(context.person, draft.region, draft.district)
