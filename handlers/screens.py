"""What a chat shows: a text in Telegram's HTML and the buttons under it, as parameters of the Bot API."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

LONGEST = 4096  # characters of a message (Bot API, sendMessage)
LONGEST_DATA = 64  # bytes of callback_data (Bot API, InlineKeyboardButton)


@dataclass(frozen=True, slots=True)
class Button:
    """A button under a message: ours (`data`), a link, a text to copy, a share elsewhere."""

    label: str
    data: str | None = None
    url: str | None = None
    copy: str | None = None
    share: str | None = None

    def params(self) -> dict[str, Any]:
        """An InlineKeyboardButton; ValueError for data that Telegram would refuse."""
        if self.data is not None:
            if len(self.data.encode()) > LONGEST_DATA:
                raise ValueError("callback data over 64 bytes")
            return {"text": self.label, "callback_data": self.data}
        if self.url is not None:
            return {"text": self.label, "url": self.url}
        if self.copy is not None:
            return {"text": self.label, "copy_text": {"text": self.copy}}
        return {"text": self.label, "switch_inline_query": self.share or ""}


Rows = Sequence[Sequence[Button]]


@dataclass(frozen=True, slots=True)
class Screen:
    """A message: HTML text, buttons under it, or the menu in place of the keyboard."""

    text: str
    buttons: Rows = ()
    menu: Sequence[Sequence[str]] | None = None
    clears_menu: bool = False
    asks_contact: str | None = None  # the label of a button, in place of the menu, that shares it

    def markup(self) -> dict[str, Any] | None:
        """The reply_markup, if any."""
        if self.menu is not None:
            return {
                "keyboard": [[{"text": label} for label in row] for row in self.menu],
                "resize_keyboard": True,
                "is_persistent": True,
            }
        if self.asks_contact is not None:
            return {
                "keyboard": [[{"text": self.asks_contact, "request_contact": True}]],
                "resize_keyboard": True,
                "one_time_keyboard": True,
            }
        if self.clears_menu:
            return {"remove_keyboard": True}
        if self.buttons:
            return {"inline_keyboard": [[b.params() for b in row] for row in self.buttons if row]}
        return None

    def params(self) -> dict[str, Any]:
        """What sendMessage and editMessageText have in common."""
        said: dict[str, Any] = {
            "text": self.text,
            "parse_mode": "HTML",
            "link_preview_options": {"is_disabled": True},
        }
        if (markup := self.markup()) is not None:
            said["reply_markup"] = markup
        return said


def bold(text: str) -> str:
    """Plain text as bold HTML."""
    return f"<b>{escape(text, quote=False)}</b>"


def plain(text: str) -> str:
    """Plain text as HTML."""
    return escape(text, quote=False)


def italic(text: str) -> str:
    """Plain text as italic HTML."""
    return f"<i>{escape(text, quote=False)}</i>"


def in_rows(buttons: Sequence[Button], width: int) -> list[list[Button]]:
    """Buttons laid out so many a row."""
    return [list(buttons[at : at + width]) for at in range(0, len(buttons), width)]
