"""What Telegram checks about inline and reply keyboards."""

import re
from typing import Any
from urllib.parse import urlsplit

from sandbox.errors import bad, malformed
from sandbox.markup import checked_link

Json = dict[str, Any]

_KINDS = (
    "url", "callback_data", "web_app", "login_url", "switch_inline_query",
    "switch_inline_query_current_chat", "switch_inline_query_chosen_chat", "copy_text",
    "callback_game", "pay",
)  # fmt: skip
_KEY_KINDS = ("request_users", "request_chat", "request_managed_bot", "request_contact",
              "request_location", "request_poll", "web_app")  # fmt: skip
_MOST_BUTTONS = 100
_USER_LINK = re.compile(r"tg://user\?id=\d+")


def checked_markup(markup: Json, chat_id: int | str) -> Json:
    """Return a `reply_markup` as Telegram keeps it.

    Raises:
        Refused: a button or keyboard that Telegram refuses.
    """
    if "inline_keyboard" in markup:
        return checked_inline(markup)
    if "keyboard" in markup:
        return _checked_keys(markup, isinstance(chat_id, int) and chat_id > 0)
    placeholder = markup.get("input_field_placeholder")
    if placeholder is not None and not 1 <= len(placeholder) <= 64:
        raise malformed("input field placeholder must be of 1-64 characters")
    return markup


def checked_inline(markup: Json) -> Json:
    """Check an inline keyboard, and leave out rows without buttons."""
    rows = [row for row in markup["inline_keyboard"] if row]
    if sum(map(len, rows)) > _MOST_BUTTONS:
        raise malformed("reply markup is too long")
    return {"inline_keyboard": [[_checked_button(button) for button in row] for row in rows]}


def _checked_button(button: Json) -> Json:
    if not button["text"].strip():
        raise malformed("can't parse inline keyboard button: Button text must be non-empty")
    data = button.get("callback_data")
    kinds = [kind for kind in _KINDS if button.get(kind) is not None]
    if len(kinds) != 1:
        if not kinds:
            raise malformed(
                "can't parse inline keyboard button: "
                "Text buttons are unallowed in the inline keyboard"
            )
        raise malformed(f"can't parse inline keyboard button: only one of {kinds} can be used")
    if data is not None:
        if not 1 <= len(data.encode()) <= 64:
            raise malformed("BUTTON_DATA_INVALID")
        return button
    if kinds[0] == "url":
        return {**button, "url": _checked_url(button["url"])}
    if kinds[0] == "copy_text" and not 1 <= len(button["copy_text"]["text"]) <= 256:
        raise malformed("BUTTON_COPY_TEXT_INVALID")
    if kinds[0] in ("web_app", "login_url", "pay", "callback_game"):
        raise bad(f"the sandbox does not act {kinds[0]} buttons out")
    return button


def _checked_url(url: str) -> str:
    if _USER_LINK.fullmatch(url):
        return url
    scheme = urlsplit(url).scheme if re.match(r"[a-z][a-z0-9+.-]*:(?!\d)", url) else ""
    if scheme and scheme not in ("http", "https", "tg", "ton"):
        raise malformed(f"inline keyboard button URL '{url}' is invalid: Unsupported URL protocol")
    checked = checked_link(url)
    if not checked:
        raise malformed(f"inline keyboard button URL '{url}' is invalid: Wrong HTTP URL")
    return checked


def _checked_keys(markup: Json, private: bool) -> Json:
    rows = [row for row in markup["keyboard"] if row]
    if not rows:
        raise malformed("reply keyboard markup must have at least one button")
    if sum(map(len, rows)) > 3 * _MOST_BUTTONS:
        raise malformed("reply markup is too long")
    for button in (button for row in rows for button in row):
        if not button["text"].strip():
            raise malformed("can't parse keyboard button: Button text must be non-empty")
        kinds = [kind for kind in _KEY_KINDS if button.get(kind)]
        if len(kinds) > 1:
            raise malformed(f"can't parse keyboard button: only one of {kinds} can be used")
        if "request_contact" in kinds and not private:
            raise malformed("phone number can be requested in private chats only")
        if "request_location" in kinds and not private:
            raise malformed("location can be requested in private chats only")
        if kinds and kinds[0] not in ("request_contact", "request_location"):
            raise bad(f"the sandbox does not act {kinds[0]} buttons out")
    placeholder = markup.get("input_field_placeholder")
    if placeholder is not None and not 1 <= len(placeholder) <= 64:
        raise malformed("input field placeholder must be of 1-64 characters")
    return {**markup, "keyboard": rows}
