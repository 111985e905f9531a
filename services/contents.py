"""What an announcement says in one language: its parts as their author sent them, the buttons under them."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, model_validator

LONGEST_TEXT, LONGEST_CAPTION = 4096, 1024  # characters, as Telegram counts them
MOST_IN_ALBUM = 10
MOST_PRESSES = 8
LONGEST_LABEL = 40  # characters of a button that a cheap phone shows whole


class PartKind(StrEnum):
    """What can be sent on, by its name in Telegram."""

    TEXT = "text"
    PHOTO = "photo"
    VIDEO = "video"
    ANIMATION = "animation"
    DOCUMENT = "document"
    AUDIO = "audio"
    VOICE = "voice"
    VIDEO_NOTE = "video_note"
    STICKER = "sticker"
    LOCATION = "location"
    VENUE = "venue"


CAPTIONED = frozenset(
    {
        PartKind.PHOTO,
        PartKind.VIDEO,
        PartKind.ANIMATION,
        PartKind.DOCUMENT,
        PartKind.AUDIO,
        PartKind.VOICE,
    }
)
# What may stand together in an album (Bot API, sendMediaGroup).
_TOGETHER = (
    frozenset({PartKind.PHOTO, PartKind.VIDEO}),
    frozenset({PartKind.DOCUMENT}),
    frozenset({PartKind.AUDIO}),
)


class _Kept(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Part(_Kept):
    """One message as it was sent: words with their formatting, or a file by its id, or a place."""

    kind: PartKind
    text: str = ""  # of a file the caption
    entities: list[dict[str, Any]] = []  # MessageEntity, offsets in UTF-16 units
    file_id: str | None = None
    has_spoiler: bool = False
    above: bool = False  # the caption stands above the picture
    latitude: float | None = None
    longitude: float | None = None
    title: str | None = None
    address: str | None = None

    @model_validator(mode="after")
    def _is_whole(self) -> Part:
        placed = self.latitude is not None and self.longitude is not None
        named = self.title is not None and self.address is not None
        whole = {
            PartKind.TEXT: bool(self.text),
            PartKind.LOCATION: placed,
            PartKind.VENUE: placed and named,
        }.get(self.kind, self.file_id is not None)
        if not whole:
            raise ValueError(f"a {self.kind} without what makes it one")
        return self

    @property
    def has_words(self) -> bool:
        """Tell whether words may stand in it."""
        return self.kind is PartKind.TEXT or self.kind in CAPTIONED

    @property
    def longest(self) -> int:
        """How long its words may be, in characters as Telegram counts them."""
        if self.kind is PartKind.TEXT:
            return LONGEST_TEXT
        return LONGEST_CAPTION if self.kind in CAPTIONED else 0


class PressKind(StrEnum):
    """What a button is for."""

    LINK = "link"
    EVENT = "event"
    ARTICLE = "article"
    BOOK = "book"


class Press(_Kept):
    """A button under an announcement, one a row; of a link its address, else an event or an article."""

    kind: PressKind
    label: Annotated[str, Field(min_length=1, max_length=LONGEST_LABEL)]
    value: str = ""


class Content(_Kept):
    """All of an announcement in one language."""

    parts: Annotated[list[Part], Field(min_length=1, max_length=MOST_IN_ALBUM)]
    presses: Annotated[list[Press], Field(max_length=MOST_PRESSES)] = []

    @model_validator(mode="after")
    def _goes_together(self) -> Content:
        kinds = {part.kind for part in self.parts}
        if self.is_album and not any(kinds <= some for some in _TOGETHER):
            raise ValueError("these can't stand in one album")
        return self

    @property
    def is_album(self) -> bool:
        """Tell whether it is several messages that Telegram shows as one."""
        return len(self.parts) > 1

    @property
    def wordy(self) -> Part | None:
        """The part in which words stand or may stand: of an album the first that has any."""
        able = [part for part in self.parts if part.has_words]
        return next((part for part in able if part.text), able[0] if able else None)

    def with_first(self, part: Part) -> Content:
        """The same with another first part."""
        return self.model_copy(update={"parts": [part, *self.parts[1:]]})

    def shaped_like(self, other: Content) -> bool:
        """Tell whether this can take the place of another that was sent (Bot API, editMessage…).

        The kinds must be the same, one by one, and what cannot be edited must be the same altogether.
        """
        if len(self.parts) != len(other.parts):
            return False
        return all(
            new.kind is old.kind and (new.kind in _EDITABLE or new.file_id == old.file_id)
            for new, old in zip(self.parts, other.parts, strict=True)
        )


_EDITABLE = (CAPTIONED - {PartKind.VOICE}) | {PartKind.TEXT}


def units(text: str) -> int:
    """The length of a text as Telegram counts it: in UTF-16 units."""
    return len(text.encode("utf-16-le")) // 2


def headed(part: Part, head: str) -> Part:
    """A part with a bold line above its words; what can hold no words stays as it is."""
    if not part.has_words:
        return part
    line = f"{head}\n\n" if part.text else head
    by = units(line)
    moved = [{**one, "offset": one["offset"] + by} for one in part.entities]
    bold = {"type": "bold", "offset": 0, "length": units(head)}
    return part.model_copy(update={"text": line + part.text, "entities": [bold, *moved]})
