"""One call of a Bot API method, and what most methods need of it."""

from collections.abc import Callable
from typing import Any

from sandbox.bots import Bot
from sandbox.chats import Chat, PrivateChat, SharedChat
from sandbox.errors import Refused, bad, forbidden, malformed
from sandbox.members import PRESENT
from sandbox.methods.keyboards import checked_markup
from sandbox.schema import Upload
from sandbox.world import World

Json = dict[str, Any]
Handler = Callable[["Call"], Any]

METHODS: dict[str, Handler] = {}
"""Every method that is acted out, by its name as the Bot API writes it."""


def method(handler: Handler) -> Handler:
    """Register a function as the Bot API method of its name, with words joined: send_message."""
    first, *others = handler.__name__.split("_")
    METHODS[first + "".join(word.capitalize() for word in others)] = handler
    return handler


class Call:
    """A checked request: who asks, with which parameters, with which files."""

    __slots__ = ("bot", "files", "params", "world")

    def __init__(self, world: World, bot: Bot, params: Json, files: dict[str, Upload]) -> None:
        self.world = world
        self.bot = bot
        self.params = params
        self.files = files

    def known_chat(self, name: str = "chat_id") -> Chat:
        """Return a chat that the bot may read from.

        Raises:
            Refused: it doesn't know the chat, or isn't in it any more.
        """
        chat = self.world.known_chat(self.bot, self.params[name])
        if isinstance(chat, PrivateChat):
            if not chat.started:
                raise bad("chat not found")
        elif isinstance(chat, SharedChat):
            self._check_presence(chat)
        return chat

    def writable_chat(self) -> Chat:
        """Return the chat that a message shall go to.

        Raises:
            Refused: 400 or 403, whatever keeps the bot from writing there.
        """
        chat = self.world.known_chat(self.bot, self.params["chat_id"])
        if isinstance(chat, PrivateChat):
            if chat.blocked:
                raise forbidden("bot was blocked by the user")
            if not chat.started:
                raise forbidden("bot can't initiate conversation with a user")
            if self.world.people[chat.id].deleted:
                raise forbidden("user is deactivated")
        elif isinstance(chat, SharedChat):
            self._check_presence(chat)
            if chat.type == "channel" and chat.bots.get(self.bot.id) != "administrator":
                raise bad("need administrator rights in the channel chat")
        return chat

    def _check_presence(self, chat: SharedChat) -> None:
        if chat.upgraded_to is not None:
            raise Refused(
                400,
                "Bad Request: group chat was upgraded to a supergroup chat",
                parameters={"migrate_to_chat_id": chat.upgraded_to},
            )
        status = chat.bots.get(self.bot.id, "left")
        if status == "kicked":
            raise forbidden(f"bot was kicked from the {chat.type} chat")
        if status not in PRESENT:
            raise forbidden(f"bot is not a member of the {chat.type} chat")

    def shared_chat(self) -> SharedChat:
        """Return a group, supergroup or channel that the bot is in."""
        chat = self.known_chat()
        if not isinstance(chat, SharedChat):
            raise bad("method is available only for supergroups and channels")
        return chat

    def administered_chat(self) -> SharedChat:
        """Return a group, supergroup or channel that the bot administers."""
        chat = self.shared_chat()
        if chat.bots.get(self.bot.id) != "administrator":
            raise bad("not enough rights to manage the chat")
        return chat

    def text(self, name: str, limit: int) -> str:
        """Return a text parameter, "" when absent.

        Raises:
            Refused: it is longer than `limit` characters.
        """
        value = str(self.params.get(name, ""))
        if len(value) > limit:
            raise malformed(f"{name} is too long, at most {limit} characters are allowed")
        return value

    # --- sending --------------------------------------------------------------------------------

    def send(self, content: Json, *, chat: Chat | None = None, **more: Any) -> Json:
        """Post a message of the bot with everything that all `send…` methods share.

        Raises:
            Refused: the keyboard, the chat, the topic or the message replied to won't do.
        """
        params = self.params
        markup = params.get("reply_markup")
        if markup is not None:
            markup = checked_markup(markup, params["chat_id"])
        if chat is None:
            chat = self.writable_chat()
        message: Json = (
            {"sender_chat": chat.info} if chat.type == "channel" else {"from": self.bot.user}
        )
        if "message_thread_id" in params or chat.has_topics():
            message.update(self._thread(chat))
        if "reply_parameters" in params:
            message.update(self._reply(chat))
        message.update(content)
        if params.get("protect_content"):
            message["has_protected_content"] = True
        if "message_effect_id" in params:
            message["effect_id"] = params["message_effect_id"]
        if more:
            message.update(more)
        if markup is None:
            return self.world.post(chat, message)
        if "inline_keyboard" in markup:
            if markup["inline_keyboard"]:
                message["reply_markup"] = markup
            return self.world.post(chat, message)
        posted = self.world.post(chat, message)
        chat.locked.add(posted["message_id"])
        keyboard = None if "remove_keyboard" in markup else markup
        if keyboard is not None:
            keyboard = {**keyboard, "message_id": posted["message_id"]}
        self.world.set_keyboard(chat, keyboard)
        return posted

    def _thread(self, chat: Chat) -> Json:
        thread = self.params.get("message_thread_id")
        if not thread:
            if isinstance(chat, SharedChat) and chat.general_closed and "is_forum" in chat.info:
                raise bad("TOPIC_CLOSED")
            return {}
        if thread == 1 and chat.info.get("is_forum"):
            return {}  # the General topic has no thread of its own
        topic = chat.topics.get(thread)
        if topic is None:
            raise bad("message thread not found")
        if topic.closed and not (
            isinstance(chat, SharedChat) and chat.bots.get(self.bot.id) == "administrator"
        ):
            raise bad("TOPIC_CLOSED")
        return {"message_thread_id": thread, "is_topic_message": True}

    def _reply(self, chat: Chat) -> Json:
        reply = self.params["reply_parameters"]
        elsewhere = reply.get("chat_id", chat.id) != chat.id
        source = self.world.known_chat(self.bot, reply["chat_id"]) if elsewhere else chat
        replied = source.messages.get(reply["message_id"])
        if replied is None:
            if reply.get("allow_sending_without_reply"):
                return {}
            raise bad("message to be replied not found")
        quoted: Json = {}
        if "quote" in reply:
            text: str = replied.get("text") or replied.get("caption") or ""
            position = text.find(reply["quote"])
            if position < 0:
                raise bad("QUOTE_TEXT_INVALID")
            quoted = {"quote": {"text": reply["quote"], "position": position, "is_manual": True}}
        if elsewhere:
            origin = {"type": "hidden_user", "sender_user_name": "Sandbox", "date": replied["date"]}
            return {**quoted, "external_reply": {"origin": origin}}
        shown = {name: value for name, value in replied.items() if name != "reply_to_message"}
        return {**quoted, "reply_to_message": shown}


def refuse_gap(name: str) -> Refused:
    """Make the answer to what Telegram has and the sandbox doesn't."""
    return bad(f"the sandbox does not act {name} out")
