"""How an announcement looks: its content as calls of the Bot API, with the buttons and the way out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from handlers.menu import n_
from handlers.resources import Resources
from handlers.screens import Button, Screen, plain
from locales import Texts
from services.contents import CAPTIONED, Content, Part, PartKind, Press, PressKind, headed
from storage.announcements import Kind

PREVIEW = 0  # the delivery of a preview: presses say what they would do
WAY_OUT = "fo:no"  # see handlers.following
KINDS = {
    Kind.CAMPAIGN: n_("campaigns"),
    Kind.EVENT: n_("events"),
    Kind.NEWS: n_("legal news"),
    Kind.URGENT: n_("urgent messages"),
    Kind.STORY: n_("success stories"),
}

Params = dict[str, Any]
Calls = list[tuple[str, Params]]

_METHODS = {
    PartKind.TEXT: "sendMessage",
    PartKind.PHOTO: "sendPhoto",
    PartKind.VIDEO: "sendVideo",
    PartKind.ANIMATION: "sendAnimation",
    PartKind.DOCUMENT: "sendDocument",
    PartKind.AUDIO: "sendAudio",
    PartKind.VOICE: "sendVoice",
    PartKind.VIDEO_NOTE: "sendVideoNote",
    PartKind.STICKER: "sendSticker",
    PartKind.LOCATION: "sendLocation",
    PartKind.VENUE: "sendVenue",
}
_HIDEABLE = (PartKind.PHOTO, PartKind.VIDEO, PartKind.ANIMATION)


def marked(content: Content, kind: Kind, t: Texts) -> Content:
    """The content as it is sent: an urgent one says so in its first line."""
    wordy = content.wordy
    if kind is not Kind.URGENT or wordy is None:
        return content
    head = headed(wordy, t("❗️ Urgent"))
    parts = [head if part is wordy else part for part in content.parts]
    return content.model_copy(update={"parts": parts})


def too_long(content: Content, kind: Kind, t: Texts) -> bool:
    """Tell whether Telegram would refuse it for its length, with all that is added."""
    return any(len(part.text) > part.longest for part in marked(content, kind, t).parts)


def calls(
    content: Content,
    kind: Kind,
    resources: Resources,
    t: Texts,
    *,
    way_out: bool = True,
    delivery: int | None = None,
) -> Calls:
    """Method and parameters, without the chat; an album has its buttons in one message after it.

    `delivery` is what presses are counted for; without one (in a group) buttons are links into the
    private chat, and nobody is offered a way out.
    """
    content = marked(content, kind, t)
    markup = keyboard(content.presses, kind, resources, t, way_out=way_out, delivery=delivery)
    if not content.is_album:
        (part,) = content.parts
        return [(_METHODS[part.kind], _params(part) | markup)]
    album = [("sendMediaGroup", {"media": [_media(part) for part in content.parts]})]
    return album + ([("sendMessage", _below(content, t) | markup)] if markup else [])


def edits(
    content: Content,
    kind: Kind,
    resources: Resources,
    t: Texts,
    message_ids: Sequence[int],
    *,
    way_out: bool = True,
    delivery: int | None = None,
) -> Calls:
    """The calls that put this content in the place of what was sent in these messages."""
    content = marked(content, kind, t)
    markup = keyboard(content.presses, kind, resources, t, way_out=way_out, delivery=delivery)
    if not content.is_album:
        return [_edit(content.parts[0], message_ids[0], markup)]
    made = [
        _edit(part, number, {}) for part, number in zip(content.parts, message_ids, strict=False)
    ]
    if markup and len(message_ids) > len(content.parts):
        made.append(
            (
                "editMessageText",
                {"message_id": message_ids[len(content.parts)]} | _below(content, t) | markup,
            )
        )
    return made


def keyboard(
    presses: Sequence[Press],
    kind: Kind,
    resources: Resources,
    t: Texts,
    *,
    way_out: bool,
    delivery: int | None,
) -> Params:
    """The reply_markup: one button a row, the way out last; nothing where there is none."""
    rows = [[_button(press, at, resources, delivery)] for at, press in enumerate(presses)]
    if way_out and delivery is not None:
        label = t("🔕 No more of {kind}", kind=t(KINDS[kind]))
        rows.append([Button(label, f"{WAY_OUT}:{kind}")])
    markup = Screen("", rows).markup()
    return {} if markup is None else {"reply_markup": markup}


def _button(press: Press, at: int, resources: Resources, delivery: int | None) -> Button:
    if press.kind is PressKind.LINK:
        return Button(press.label, url=press.value)
    if delivery is not None:
        return Button(press.label, f"dl:b:{delivery}:{at}")
    return Button(press.label, url=resources.deep_link(payload(press)))


def payload(press: Press) -> str:
    """Where a button of ours leads, as the payload of a deep link."""
    value = press.value.replace("/", "_")
    return {PressKind.EVENT: "e_", PressKind.ARTICLE: "a_", PressKind.BOOK: "b_"}[
        press.kind
    ] + value


def _params(part: Part) -> Params:
    """One part as the parameters of its method."""
    match part.kind:
        case PartKind.TEXT:
            return {"text": part.text} | _entities("entities", part)
        case PartKind.LOCATION | PartKind.VENUE:
            place = {"latitude": part.latitude, "longitude": part.longitude}
            if part.kind is PartKind.VENUE:
                place |= {"title": part.title, "address": part.address}  # type: ignore[dict-item]
            return place
        case _:
            return {str(part.kind): part.file_id} | _caption(part)


def _media(part: Part) -> Params:
    """One part as an InputMedia."""
    return {"type": str(part.kind), "media": part.file_id} | _caption(part)


def _caption(part: Part) -> Params:
    params: Params = {}
    if part.text and part.kind in CAPTIONED:
        params = {"caption": part.text} | _entities("caption_entities", part)
    if part.kind in _HIDEABLE and part.has_spoiler:
        params["has_spoiler"] = True
    if part.kind in _HIDEABLE and part.above:
        params["show_caption_above_media"] = True
    return params


def _entities(name: str, part: Part) -> Params:
    return {name: part.entities} if part.entities else {}


def _below(content: Content, t: Texts) -> Params:
    """What the message after an album says: it carries the buttons."""
    said = t("👇 More about it:") if content.presses else t("👆 A message from Jigerduu.")
    return Screen(plain(said)).params()


def _edit(part: Part, message_id: int, markup: Params) -> tuple[str, Params]:
    params = {"message_id": message_id} | markup
    if part.kind is PartKind.TEXT:
        return "editMessageText", _params(part) | params
    if part.kind is PartKind.VOICE:  # can't be replaced (Bot API, editMessageMedia)
        return "editMessageCaption", _caption(part) | params
    if part.kind in CAPTIONED:
        return "editMessageMedia", {"media": _media(part)} | params
    return "editMessageReplyMarkup", params
