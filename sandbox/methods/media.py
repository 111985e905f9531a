"""Messages with files, albums, copies and forwards; getFile."""

from typing import Any

from sandbox.chats import CONTENT, Chat
from sandbox.entities import CAPTION_LIMIT, formatted, utf16_length
from sandbox.errors import Refused, bad, malformed
from sandbox.files import DOWNLOAD_LIMIT, UPLOAD_LIMIT, StoredFile, describe
from sandbox.methods.call import Call, method
from sandbox.methods.keyboards import checked_inline
from sandbox.schema import Upload

Json = dict[str, Any]

CAPTIONED = ("photo", "document", "voice", "video", "audio", "animation")


def caption_of(params: Json) -> Json:
    """Return what a caption adds to a message.

    Raises:
        Refused: it is too long or badly marked up.
    """
    if not params.get("caption"):
        return {}
    caption, entities = formatted(
        params["caption"], params.get("parse_mode"), params.get("caption_entities")
    )
    if utf16_length(caption) > CAPTION_LIMIT:
        raise malformed("message caption is too long")
    content: Json = {"caption": caption} if caption else {}
    if caption and entities:
        content["caption_entities"] = entities
    if caption and params.get("show_caption_above_media"):
        content["show_caption_above_media"] = True
    return content


def file_of(call: Call, kind: str, source: Upload | str) -> StoredFile:
    """Find or keep the file that a request names: an upload, `attach://name` or a file_id.

    Raises:
        Refused: there is no such file, it is too big, or it belongs to another bot.
    """
    if isinstance(source, str) and source.startswith("attach://"):
        attached = call.files.get(source.removeprefix("attach://"))
        if attached is None:
            raise malformed("wrong file identifier/HTTP URL specified")
        source = attached
    if isinstance(source, str):
        if source.startswith(("http://", "https://")):
            raise bad("failed to get HTTP URL content")  # the sandbox fetches nothing
        if not source:
            raise malformed(f"there is no {kind} in the request")
        stored = call.world.files.by_file_id(call.bot.id, source)
        if stored.kind != kind:
            raise malformed(
                f"can't use file of type {stored.kind.capitalize()} as {kind.capitalize()}"
            )
        return stored
    if not source.content:
        raise malformed("file must be non-empty")
    if len(source.content) > UPLOAD_LIMIT:
        raise Refused(413, "Request Entity Too Large", violation=True)
    return call.world.files.add(kind, source.name, source.content, source.mime_type)


def media_of(call: Call, kind: str, source: Upload | str, about: Json) -> Json:
    """Return what a file adds to a message: the file itself and its flags."""
    file = file_of(call, kind, source)
    names = ("duration", "width", "height", "length", "performer", "title", "emoji")
    described = describe(call.bot.id, file, **{name: about.get(name) for name in names})
    content: Json = {kind: described}
    if kind == "animation":
        content["document"] = described
    if about.get("has_spoiler"):
        content["has_media_spoiler"] = True
    return content


def _send_file(call: Call, kind: str) -> Json:
    caption = caption_of(call.params) if kind in CAPTIONED else {}
    chat = call.writable_chat()
    content = media_of(call, kind, call.params[kind], call.params)
    return call.send({**content, **caption}, chat=chat)


@method
def send_photo(call: Call) -> Json:
    """Send a photo."""
    return _send_file(call, "photo")


@method
def send_document(call: Call) -> Json:
    """Send any file."""
    return _send_file(call, "document")


@method
def send_voice(call: Call) -> Json:
    """Send a voice message."""
    return _send_file(call, "voice")


@method
def send_video(call: Call) -> Json:
    """Send a video."""
    return _send_file(call, "video")


@method
def send_audio(call: Call) -> Json:
    """Send music."""
    return _send_file(call, "audio")


@method
def send_animation(call: Call) -> Json:
    """Send a video without sound."""
    return _send_file(call, "animation")


@method
def send_video_note(call: Call) -> Json:
    """Send a round video."""
    return _send_file(call, "video_note")


@method
def send_sticker(call: Call) -> Json:
    """Send a sticker."""
    return _send_file(call, "sticker")


@method
def send_media_group(call: Call) -> list[Json]:
    """Send an album."""
    media = call.params["media"]
    if not 2 <= len(media) <= 10:
        raise malformed("group message must contain 2-10 items")
    kinds = {item["type"] for item in media}
    if len(kinds) > 1 and kinds & {"document", "audio"}:
        raise malformed(
            f"{'document' if 'document' in kinds else 'audio'} can't be mixed with other media types"
        )
    captions = [caption_of(item) for item in media]
    chat = call.writable_chat()
    contents = [media_of(call, item["type"], item["media"], item) for item in media]
    group = str(13_000_000_000_000_000 + chat.last_id)
    return [
        call.send({**content, **caption}, chat=chat, media_group_id=group)
        for content, caption in zip(contents, captions, strict=True)
    ]


@method
def get_file(call: Call) -> Json:
    """Prepare a file for downloading."""
    file = call.world.files.by_file_id(call.bot.id, call.params["file_id"])
    if file.size > DOWNLOAD_LIMIT:
        raise bad("file is too big")
    return {
        "file_id": call.params["file_id"],
        "file_unique_id": file.unique_id,
        "file_size": file.size,
        "file_path": file.path,
    }


@method
def get_user_profile_photos(call: Call) -> Json:
    """Tell a person's pictures: nobody here has any."""
    if call.params["user_id"] not in call.world.people:
        raise bad("user not found")
    return {"total_count": 0, "photos": []}


# --- copies and forwards ------------------------------------------------------------------------


def _source(call: Call, verb: str, message_id: int) -> Json:
    chat = call.known_chat("from_chat_id")
    message = chat.messages.get(message_id)
    if message is None:
        raise bad(f"message to {verb} not found")
    if not any(name in message for name in CONTENT):
        raise bad(f"message can't be {'copied' if verb == 'copy' else 'forwarded'}")
    if message.get("has_protected_content") and verb == "forward":
        raise bad("message can't be forwarded")
    return message


def _copied(call: Call, message: Json) -> Json:
    content = {name: message[name] for name in CONTENT if name in message}
    if "caption" in call.params and any(kind in message for kind in CAPTIONED):
        for name in ("caption", "caption_entities", "show_caption_above_media"):
            content.pop(name, None)
        content.update(caption_of(call.params))
    elif call.params.get("remove_caption"):
        for name in ("caption", "caption_entities", "show_caption_above_media"):
            content.pop(name, None)
    return content


def _origin(message: Json) -> Json:
    if "forward_origin" in message:
        return dict(message["forward_origin"])
    if "sender_chat" in message:
        return {
            "type": "channel",
            "date": message["date"],
            "chat": message["sender_chat"],
            "message_id": message["message_id"],
        }
    return {"type": "user", "date": message["date"], "sender_user": message["from"]}


@method
def copy_message(call: Call) -> Json:
    """Send a message again as the bot's own."""
    chat = call.writable_chat()
    message = _source(call, "copy", call.params["message_id"])
    sent = call.send(_copied(call, message), chat=chat)
    return {"message_id": sent["message_id"]}


@method
def forward_message(call: Call) -> Json:
    """Send a message again, with its sender."""
    chat = call.writable_chat()
    message = _source(call, "forward", call.params["message_id"])
    return _forwarded(call, chat, message)


def _forwarded(call: Call, chat: Chat, message: Json) -> Json:
    content = {name: message[name] for name in CONTENT if name in message}
    return call.send({**content, "forward_origin": _origin(message)}, chat=chat)


def _several(call: Call) -> list[Json]:
    """Return the messages that can be copied or forwarded; the others are skipped."""
    ids = call.params["message_ids"]
    if not 1 <= len(ids) <= 100:
        raise malformed("message identifiers must be 1-100 in number")
    if ids != sorted(set(ids)):
        raise malformed("message identifiers must be in a strictly increasing order")
    source = call.known_chat("from_chat_id")
    found = [source.messages[each] for each in ids if each in source.messages]
    found = [message for message in found if any(name in message for name in CONTENT)]
    if not found:
        raise bad("there are no messages to forward")
    return found


@method
def copy_messages(call: Call) -> list[Json]:
    """Copy several messages, albums kept together."""
    chat = call.writable_chat()
    return [
        {"message_id": call.send(_copied(call, message), chat=chat)["message_id"]}
        for message in _several(call)
    ]


@method
def forward_messages(call: Call) -> list[Json]:
    """Forward several messages."""
    chat = call.writable_chat()
    return [
        {"message_id": _forwarded(call, chat, message)["message_id"]} for message in _several(call)
    ]


def keyboard_of(params: Json) -> Json | None:
    """Return the inline keyboard of an edit, None for none."""
    markup = params.get("reply_markup")
    if not markup:
        return None
    checked = checked_inline(markup)
    return checked if checked["inline_keyboard"] else None
