"""Chats: what is in them, who is in them, what stands under the input field."""

from typing import Any

Json = dict[str, Any]

KEEP_MESSAGES = 2000
"""Messages kept of one chat; older ones are forgotten, as if nobody could scroll that far."""

CONTENT = (
    "text", "entities", "link_preview_options", "photo", "document", "voice", "video", "audio",
    "animation", "video_note", "sticker", "contact", "location", "venue", "poll", "dice",
    "caption", "caption_entities", "show_caption_above_media", "has_media_spoiler",
)  # fmt: skip
"""Fields of a Message that make up its content, those that a copy takes along; a message without
any of them is a service message."""


class Topic:
    """One topic of a forum. Its id is that of the message which made it."""

    __slots__ = ("closed", "icon_color", "icon_emoji", "name", "thread")

    def __init__(self, thread: int, name: str, icon_color: int, icon_emoji: str = "") -> None:
        self.thread = thread
        self.name = name
        self.icon_color = icon_color
        self.icon_emoji = icon_emoji
        self.closed = False

    def describe(self) -> Json:
        """Return it as a ForumTopic, with `closed` added for the page."""
        topic: Json = {
            "message_thread_id": self.thread,
            "name": self.name,
            "icon_color": self.icon_color,
        }
        if self.icon_emoji:
            topic["icon_custom_emoji_id"] = self.icon_emoji
        return {**topic, "closed": self.closed}


class Chat:
    """What every chat has. Messages are in the Bot API's shape and are replaced, never changed."""

    __slots__ = ("_topics", "info", "keyboard", "last_id", "locked", "messages", "pinned",
                 "reactions")  # fmt: skip

    def __init__(self, info: Json) -> None:
        self.info = info
        """The chat as a Bot API `Chat`, shared by all its messages."""
        self.messages: dict[int, Json] = {}
        self.last_id = 0
        self.keyboard: Json | None = None
        self.pinned: list[int] = []
        self.locked: set[int] = set()  # sent with a reply keyboard: Telegram lets nobody edit these
        self.reactions: dict[int, dict[int, list[Json]]] | None = None
        self._topics: dict[int, Topic] | None = None

    @property
    def id(self) -> int:
        """The chat's id: a person's for a private chat, negative for the others."""
        return int(self.info["id"])

    @property
    def type(self) -> str:
        """One of private, group, supergroup, channel."""
        return str(self.info["type"])

    @property
    def topics(self) -> dict[int, Topic]:
        """Topics by thread id."""
        if self._topics is None:
            self._topics = {}
        return self._topics

    def has_topics(self) -> bool:
        """Tell whether the chat has ever had topics, without making room for them."""
        return bool(self._topics)

    def new_id(self) -> int:
        """Return the id of the next message."""
        self.last_id += 1
        return self.last_id

    def keep(self, message: Json) -> None:
        """Add a message, or put a changed one in the place of its older self."""
        self.messages[message["message_id"]] = message
        if len(self.messages) > KEEP_MESSAGES:
            self.forget(next(iter(self.messages)))

    def forget(self, message_id: int) -> bool:
        """Take a message away for everybody; tell whether it was there."""
        self.locked.discard(message_id)
        if message_id in self.pinned:
            self.pinned.remove(message_id)
        if self.reactions:
            self.reactions.pop(message_id, None)
        return self.messages.pop(message_id, None) is not None

    def shown(self, message_id: int) -> Json:
        """Return a message as the page gets it: with the reactions on it."""
        message = self.messages[message_id]
        reactions = self.reactions.get(message_id) if self.reactions else None
        if not reactions:
            return message
        listed = [{"from": who, "reaction": what} for who, what in reactions.items()]
        return {**message, "reactions": listed}


class PrivateChat(Chat):
    """A person's chat with one bot."""

    __slots__ = ("blocked", "bot_id", "started")

    def __init__(self, info: Json, bot_id: int) -> None:
        super().__init__(info)
        self.bot_id = bot_id
        self.started = False
        self.blocked = False


class SharedChat(Chat):
    """A group, supergroup or channel."""

    __slots__ = ("bots", "description", "general_closed", "general_hidden", "invite_links",
                 "join_requests", "members", "upgraded_to")  # fmt: skip

    def __init__(self, info: Json) -> None:
        super().__init__(info)
        self.members: dict[int, str] = {}
        """Status of each person ever seen here: creator, administrator, member, left, kicked."""
        self.bots: dict[int, str] = {}
        """Status of each bot ever seen here: administrator, member, left, kicked."""
        self.description = ""
        self.invite_links: dict[str, Json] = {}
        self.join_requests: dict[int, str] = {}  # person -> link
        self.upgraded_to: int | None = None
        """The supergroup that a group has become; nothing more happens in the group then."""
        self.general_closed = False
        self.general_hidden = False

    def present(self) -> list[int]:
        """Return the people who are in the chat now."""
        return [who for who, status in self.members.items() if status not in ("left", "kicked")]
