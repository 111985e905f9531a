"""Topics of forums, and of private chats with bots that have them."""

from typing import Any

from sandbox.chats import Chat, SharedChat, Topic
from sandbox.errors import bad, malformed
from sandbox.methods.call import Call, method

Json = dict[str, Any]

COLORS = (7322096, 16766590, 13338331, 9367192, 16749490, 16478047)
"""The colours a topic may have (RGB)."""


def _forum(call: Call) -> Chat:
    chat = call.known_chat()
    if isinstance(chat, SharedChat):
        if not chat.info.get("is_forum"):
            raise bad("the chat is not a forum")
        if chat.bots.get(call.bot.id) != "administrator":
            raise bad("not enough rights to manage topics in the chat")
    elif not call.bot.has_topics:
        raise bad("the chat is not a forum")
    return chat


def _topic(call: Call, chat: Chat) -> Topic:
    topic = chat.topics.get(call.params["message_thread_id"])
    if topic is None:
        raise bad("message thread not found")
    return topic


def _tell(call: Call, chat: Chat, topic: Topic, content: Json) -> None:
    call.world.post(
        chat,
        {
            "from": call.bot.user,
            "message_thread_id": topic.thread,
            "is_topic_message": True,
            **content,
        },
    )
    call.world.chat_changed(chat)


def _name(call: Call) -> str:
    name = str(call.params.get("name", "")).strip()
    if len(name) > 128:
        raise malformed("TOPIC_TITLE_INVALID")
    return name


@method
def create_forum_topic(call: Call) -> Json:
    """Make a topic. Its id is that of the service message about it."""
    name = _name(call)
    if not name:
        raise malformed("TOPIC_TITLE_EMPTY")
    color = call.params.get("icon_color", COLORS[0])
    if color not in COLORS:
        raise malformed("TOPIC_ICON_COLOR_INVALID")
    chat = _forum(call)
    thread = chat.last_id + 1
    emoji = call.params.get("icon_custom_emoji_id", "")
    created: Json = {"name": name, "icon_color": color}
    if emoji:
        created["icon_custom_emoji_id"] = emoji
    call.world.post(
        chat,
        {
            "from": call.bot.user,
            "message_thread_id": thread,
            "is_topic_message": True,
            "forum_topic_created": created,
        },
    )
    topic = call.world.add_topic(chat, thread, name, color, emoji)
    return {name: value for name, value in topic.describe().items() if name != "closed"}


@method
def edit_forum_topic(call: Call) -> bool:
    """Rename a topic, or change its icon."""
    chat = _forum(call)
    topic = _topic(call, chat)
    name = _name(call)
    emoji = call.params.get("icon_custom_emoji_id", topic.icon_emoji)
    if (not name or name == topic.name) and emoji == topic.icon_emoji:
        raise bad("TOPIC_NOT_MODIFIED")
    edited: Json = {}
    if name and name != topic.name:
        topic.name = edited["name"] = name
    if emoji != topic.icon_emoji:
        topic.icon_emoji = edited["icon_custom_emoji_id"] = emoji
    _tell(call, chat, topic, {"forum_topic_edited": edited})
    return True


@method
def close_forum_topic(call: Call) -> bool:
    """Close a topic: only administrators write there."""
    return _close(call, True)


@method
def reopen_forum_topic(call: Call) -> bool:
    """Open a closed topic again."""
    return _close(call, False)


def _close(call: Call, closed: bool) -> bool:
    chat = _forum(call)
    topic = _topic(call, chat)
    if topic.closed == closed:
        raise bad("TOPIC_NOT_MODIFIED")
    topic.closed = closed
    _tell(call, chat, topic, {f"forum_topic_{'closed' if closed else 'reopened'}": {}})
    return True


@method
def delete_forum_topic(call: Call) -> bool:
    """Delete a topic with all that was written there."""
    chat = _forum(call)
    call.world.drop_topic(chat, _topic(call, chat))
    return True


@method
def unpin_all_forum_topic_messages(call: Call) -> bool:
    """Unpin everything in a topic."""
    chat = _forum(call)
    topic = _topic(call, chat)
    chat.pinned = [
        each for each in chat.pinned if chat.messages[each].get("message_thread_id") != topic.thread
    ]
    call.world.chat_changed(chat)
    return True


def _general(call: Call, attribute: str, value: bool, service: str) -> bool:
    chat = _forum(call)
    if not isinstance(chat, SharedChat):
        raise bad("the chat is not a supergroup forum")
    if getattr(chat, attribute) == value:
        raise bad("TOPIC_NOT_MODIFIED")
    setattr(chat, attribute, value)
    call.world.post(chat, {"from": call.bot.user, service: {}})
    call.world.chat_changed(chat)
    return True


@method
def close_general_forum_topic(call: Call) -> bool:
    """Close the General topic."""
    return _general(call, "general_closed", True, "forum_topic_closed")


@method
def reopen_general_forum_topic(call: Call) -> bool:
    """Open the General topic again."""
    return _general(call, "general_closed", False, "forum_topic_reopened")


@method
def hide_general_forum_topic(call: Call) -> bool:
    """Hide the General topic."""
    return _general(call, "general_hidden", True, "general_forum_topic_hidden")


@method
def unhide_general_forum_topic(call: Call) -> bool:
    """Show the General topic again."""
    return _general(call, "general_hidden", False, "general_forum_topic_unhidden")


@method
def edit_general_forum_topic(call: Call) -> bool:
    """Rename the General topic."""
    chat = _forum(call)
    name = _name(call)
    if not name:
        raise malformed("TOPIC_TITLE_EMPTY")
    call.world.post(chat, {"from": call.bot.user, "forum_topic_edited": {"name": name}})
    return True


@method
def get_forum_topic_icon_stickers(call: Call) -> list[Json]:
    """Return the stickers that may be topic icons: the sandbox has none."""
    return []
