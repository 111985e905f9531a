"""Changing, deleting and pinning messages; reactions; closing polls."""

from typing import Any

from sandbox.chats import Chat, PrivateChat, SharedChat
from sandbox.errors import bad, malformed
from sandbox.methods.call import Call, method
from sandbox.methods.media import CAPTIONED, caption_of, keyboard_of, media_of
from sandbox.methods.sending import text_of
from sandbox.people import set_reaction

Json = dict[str, Any]

_DELETABLE_SECONDS = 48 * 3600
_NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)
_REACTIONS = frozenset(  # a list of them would fill the screen
    "❤ 👍 👎 🔥 🥰 👏 😁 🤔 🤯 😱 🤬 😢 🎉 🤩 🤮 💩 🙏 👌 🕊 🤡 🥱 🥴 😍 🐳 ❤\u200d🔥 🌚 🌭 💯 🤣 ⚡ 🍌 🏆 "  # noqa: SIM905
    "💔 🤨 😐 🍓 🍾 💋 🖕 😈 😴 😭 🤓 👻 👨\u200d💻 👀 🎃 🙈 😇 😨 🤝 ✍ 🤗 🫡 🎅 🎄 ☃ 💅 🤪 🗿 🆒 💘 🙉 "
    "🦄 😘 💊 🙊 😎 👾 🤷\u200d♂ 🤷 🤷\u200d♀ 😡".split()
)


def _target(call: Call) -> tuple[Chat, Json, bool]:
    """Return the message to edit, its chat, and whether it is an inline one.

    Raises:
        Refused: there is no such message, or the bot may not edit it.
    """
    params = call.params
    inline_id = params.get("inline_message_id")
    if inline_id:
        chat, message_id, bot_id = call.world.inline_messages.get(inline_id, (None, 0, 0))
        if chat is None or bot_id != call.bot.id or message_id not in chat.messages:
            raise bad("MESSAGE_ID_INVALID")
        return chat, chat.messages[message_id], True
    for name, words in (
        ("chat_id", "chat_id is empty"),
        ("message_id", "message identifier is not specified"),
    ):
        if name not in params:
            raise malformed(words)
    chat = call.writable_chat()
    message = chat.messages.get(params["message_id"])
    if message is None:
        raise bad("message to edit not found")
    own = message.get("from", {}).get("id") == call.bot.id or (
        chat.type == "channel" and message.get("sender_chat", {}).get("id") == chat.id
    )
    if not own or "forward_origin" in message or message["message_id"] in chat.locked:
        raise bad("message can't be edited")
    return chat, message, False


def _edit(
    call: Call, target: tuple[Chat, Json, bool], old: tuple[str, ...], content: Json
) -> Json | bool:
    """Put new content in the place of the fields `old`; the keyboard is always replaced."""
    chat, message, inline = target
    new = {name: value for name, value in message.items() if name not in (*old, "reply_markup")}
    new.update(content)
    keyboard = keyboard_of(call.params)
    if keyboard is not None:
        new["reply_markup"] = keyboard
    if new == message:
        raise bad(_NOT_MODIFIED)
    only_keyboard = not old
    edited = call.world.replace(chat, new, edited=not only_keyboard)
    return True if inline else edited


@method
def edit_message_text(call: Call) -> Json | bool:
    """Change a text."""
    if "rich_message" in call.params:
        raise bad("the sandbox does not act rich messages out")
    content = text_of(call.params)
    target = _target(call)
    if "text" not in target[1]:
        raise bad("there is no text in the message to edit")
    return _edit(call, target, ("text", "entities", "link_preview_options"), content)


@method
def edit_message_caption(call: Call) -> Json | bool:
    """Change a caption, or take it away."""
    content = caption_of(call.params)
    target = _target(call)
    if not any(kind in target[1] for kind in CAPTIONED):
        raise bad("there is no caption in the message to edit")
    return _edit(call, target, ("caption", "caption_entities", "show_caption_above_media"), content)


@method
def edit_message_media(call: Call) -> Json | bool:
    """Put another file in the place of a message's file, or of its text."""
    media = call.params["media"]
    caption = caption_of(media)
    target = _target(call)
    old = ("text", "entities", "link_preview_options", "caption", "caption_entities",
           "show_caption_above_media", "has_media_spoiler", *CAPTIONED)  # fmt: skip
    content = media_of(call, media["type"], media["media"], media)
    return _edit(call, target, old, {**content, **caption})


@method
def edit_message_reply_markup(call: Call) -> Json | bool:
    """Change only the buttons."""
    return _edit(call, _target(call), (), {})


@method
def stop_poll(call: Call) -> Json:
    """Close a poll."""
    chat, message, _ = _target(call)
    if "poll" not in message:
        raise bad("message with poll to stop not found")
    if message["poll"]["is_closed"]:
        raise bad("poll has already been closed")
    poll = {**message["poll"], "is_closed": True}
    new = {name: value for name, value in message.items() if name != "reply_markup"}
    keyboard = keyboard_of(call.params)
    call.world.replace(
        chat, {**new, "poll": poll, **({"reply_markup": keyboard} if keyboard else {})}
    )
    return poll


# --- deleting -----------------------------------------------------------------------------------


def _check_deletable(call: Call, chat: Chat, message: Json) -> None:
    own = message.get("from", {}).get("id") == call.bot.id
    if isinstance(chat, SharedChat):
        if chat.bots.get(call.bot.id) == "administrator":
            return
        if not own:
            raise bad("message can't be deleted")
    if message["date"] < call.world.clock.now() - _DELETABLE_SECONDS:
        raise bad("message can't be deleted for everyone")


@method
def delete_message(call: Call) -> bool:
    """Delete a message for everybody."""
    chat = call.known_chat()
    message = chat.messages.get(call.params["message_id"])
    if message is None:
        raise bad("message to delete not found")
    _check_deletable(call, chat, message)
    call.world.delete(chat, [message["message_id"]])
    return True


@method
def delete_messages(call: Call) -> bool:
    """Delete up to 100 messages; those that aren't there are skipped."""
    ids = call.params["message_ids"]
    if not 1 <= len(ids) <= 100:
        raise malformed("message identifiers must be 1-100 in number")
    chat = call.known_chat()
    found = [each for each in ids if each in chat.messages]
    for message_id in found:
        _check_deletable(call, chat, chat.messages[message_id])
    call.world.delete(chat, found)
    return True


# --- pins and reactions -------------------------------------------------------------------------


@method
def pin_chat_message(call: Call) -> bool:
    """Pin a message; a service message tells of it."""
    chat = _pinnable(call)
    message = chat.messages.get(call.params["message_id"])
    if message is None:
        raise bad("message to pin not found")
    if message["message_id"] in chat.pinned:
        raise (
            bad("CHAT_NOT_MODIFIED")
            if chat.pinned[-1] == message["message_id"]
            else bad("message is already pinned")
        )
    chat.pinned.append(message["message_id"])
    if chat.type != "channel":
        call.world.post(chat, {"from": call.bot.user, "pinned_message": message})
    call.world.chat_changed(chat)
    return True


@method
def unpin_chat_message(call: Call) -> bool:
    """Unpin a message, the newest one when none is named."""
    chat = _pinnable(call)
    message_id = call.params.get("message_id") or (chat.pinned[-1] if chat.pinned else None)
    if message_id not in chat.pinned:
        raise bad("message to unpin not found")
    chat.pinned.remove(message_id)
    call.world.chat_changed(chat)
    return True


@method
def unpin_all_chat_messages(call: Call) -> bool:
    """Unpin everything."""
    chat = _pinnable(call)
    chat.pinned.clear()
    call.world.chat_changed(chat)
    return True


def _pinnable(call: Call) -> Chat:
    chat = call.known_chat()
    if isinstance(chat, SharedChat) and chat.bots.get(call.bot.id) != "administrator":
        raise bad("not enough rights to manage pinned messages in the chat")
    return chat


@method
def set_message_reaction(call: Call) -> bool:
    """Put one reaction of the bot on a message, or take it away."""
    reaction = call.params.get("reaction") or []
    if len(reaction) > 1:
        raise bad("REACTIONS_TOO_MANY")
    if any(each["type"] != "emoji" or each["emoji"] not in _REACTIONS for each in reaction):
        raise bad("REACTION_INVALID")
    chat = call.known_chat()
    if isinstance(chat, PrivateChat) and chat.blocked:
        raise bad("message to react not found")
    if call.params["message_id"] not in chat.messages:
        raise bad("message to react not found")
    set_reaction(call.world, chat, call.params["message_id"], call.bot.id, reaction)
    return True
