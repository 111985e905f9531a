"""The whole of this Telegram: people, bots, chats, files, time, and what happens to them."""

import asyncio
import re
import secrets
from collections import OrderedDict, defaultdict, deque
from collections.abc import Callable
from typing import Any

from sandbox.bots import Bot
from sandbox.chats import Chat, PrivateChat, SharedChat, Topic
from sandbox.clock import Clock
from sandbox.errors import Refused, bad
from sandbox.faults import Faults
from sandbox.files import Files
from sandbox.logs import Log
from sandbox.updates import Updates

Json = dict[str, Any]

DEMO_USERNAME = "jigerduu_demo_bot"
_TOKEN = re.compile(r"[1-9]\d{0,15}:[\w-]{3,}")
_KEEP_EVERYWHERE = 400_000  # messages of all chats together
_KEEP_QUERIES = 20_000


class Account:
    """A person's Telegram account."""

    __slots__ = ("deleted", "ears", "phone", "user")

    def __init__(self, user: Json, phone: str) -> None:
        self.user = user
        self.phone = phone
        self.deleted = False
        self.ears: deque[Json] | None = None
        """What the bot has sent and nobody has heard yet; only kept for those who listen."""

    @property
    def id(self) -> int:
        """The account's id, and that of its private chats."""
        return int(self.user["id"])

    def describe(self) -> Json:
        """Return the person as the control API tells it."""
        return {**self.user, "phone": self.phone}


class Callback:
    """One press of a callback button."""

    __slots__ = ("answer", "answered", "at", "bot_id", "chat_id", "id", "person_id")

    def __init__(self, query_id: str, bot_id: int, person_id: int, chat_id: int, at: float) -> None:
        self.id = query_id
        self.bot_id = bot_id
        self.person_id = person_id
        self.chat_id = chat_id
        self.at = at
        self.answered = False
        self.answer: Json = {}

    def describe(self) -> Json:
        """Return it as the control API tells it."""
        return {
            "callback_id": self.id,
            "answered": self.answered,
            "text": self.answer.get("text", ""),
            "show_alert": self.answer.get("show_alert", False),
            "url": self.answer.get("url", ""),
        }


class InlineQuery:
    """One question that a person asked a bot inline."""

    __slots__ = ("answer", "at", "bot_id", "id", "offset", "person_id", "query")

    def __init__(
        self, query_id: str, bot_id: int, person_id: int, query: str, offset: str, at: float
    ) -> None:
        self.id = query_id
        self.bot_id = bot_id
        self.person_id = person_id
        self.query = query
        self.offset = offset
        self.at = at
        self.answer: Json | None = None


class World:
    """Everything there is. Nothing of it outlives the process."""

    def __init__(self, token: str | None = None) -> None:
        self.clock = Clock()
        self.faults = Faults()
        self.events = Log(5_000)
        self.calls = Log(20_000)
        self.violations = Log(1_000)
        self.gaps: dict[str, int] = {}
        self.bots: dict[str, Bot] = {}  # by token
        self.on_webhook: Callable[[Bot], None] | None = None
        """Called when a bot's webhook is set or deleted: the couriers' ear."""
        self._first_token = token
        self._clear()
        if token is not None:
            self.bot_by_token(token)

    def _clear(self) -> None:
        self.people: dict[int, Account] = {}
        self.chats: dict[int, SharedChat] = {}
        self.files = Files()
        self.callbacks: OrderedDict[str, Callback] = OrderedDict()
        self.inline_queries: OrderedDict[str, InlineQuery] = OrderedDict()
        self.inline_messages: dict[str, tuple[Chat, int, int]] = {}
        self.inline_ids: dict[tuple[int, int, int], str] = {}  # bot, chat, message
        self.inline_cache: dict[tuple[int, int, str, str], tuple[float, Json]] = {}
        self.votes: dict[str, dict[int, list[int]]] = {}
        self.last_results: dict[tuple[int, int], InlineQuery] = {}
        self._shelf: deque[tuple[Chat, int]] = deque()
        self._next_person = 1000
        self._next_chat = 0
        self._listening: defaultdict[int, list[asyncio.Future[None]]] = defaultdict(list)

    def reset(self) -> None:
        """Begin an empty world; the bots keep their tokens and what was set about them."""
        self._clear()
        for bot in self.bots.values():
            bot.chats.clear()
            bot.updates.pending.clear()
        self.calls.records.clear()
        self.violations.records.clear()
        self.gaps.clear()
        self.event("reset")

    # --- telling others -------------------------------------------------------------------------

    def event(self, kind: str, **fields: Any) -> None:
        """Tell the page that something happened."""
        self.events.add({"type": kind, **fields})

    def chat_event(self, kind: str, chat: Chat, **fields: Any) -> None:
        """Tell the page that something happened in a chat."""
        if isinstance(chat, PrivateChat):
            self.events.add({"type": kind, "bot": chat.bot_id, "chat_id": chat.id, **fields})
        else:
            self.events.add({"type": kind, "chat_id": chat.id, **fields})

    def chat_changed(self, chat: Chat) -> None:
        """Tell the page that a chat is new or isn't what it was."""
        record: Json = {"type": "chat", "chat": self.describe_chat(chat)}
        if isinstance(chat, PrivateChat):
            record["bot"] = chat.bot_id
        self.events.add(record)

    def violation(self, bot: Bot | None, method: str, reason: str, params: Json) -> None:
        """Record a request that could not have been right."""
        record = {
            "at": self.clock.now(),
            "bot": bot.id if bot else None,
            "method": method,
            "reason": reason,
            "params": params,
        }
        self.violations.add(record)
        self.event("violation", violation=dict(record))

    def webhook_changed(self, bot: Bot) -> None:
        """Tell the couriers and the page that a bot's webhook was set or deleted."""
        if self.on_webhook is not None:
            self.on_webhook(bot)
        self.event("bot", bot=bot.describe())

    def moved(self) -> None:
        """Tell everybody that the clock was moved: waiting polls return, empty."""
        for bot in self.bots.values():
            bot.updates.wake()
        self.event("clock", **self.clock.describe())

    # --- finding --------------------------------------------------------------------------------

    @property
    def bot(self) -> Bot:
        """The bot, where nothing says which: that of the first token, else the oldest."""
        if self._first_token is not None:
            return self.bot_by_token(self._first_token)
        if not self.bots:
            return self.bot_by_token(f"7000000001:{secrets.token_hex(16)}")
        return next(iter(self.bots.values()))

    def bot_by_token(self, token: str) -> Bot:
        """Return the bot of a token, made now if it is new.

        Raises:
            Refused: 401, the text isn't a token.
        """
        bot = self.bots.get(token)
        if bot is None:
            if not _TOKEN.fullmatch(token):
                raise Refused(401, "Unauthorized")
            if token == self._first_token:
                username, name = DEMO_USERNAME, "Jigerduu"
            else:
                number = 1 + sum(each.username != DEMO_USERNAME for each in self.bots.values())
                username, name = f"sandbox_{number}_bot", f"Sandbox {number}"
            first_update = 100_000_000 + secrets.randbelow(100_000_000)
            bot = Bot(token, username, name, Updates(self.clock.now, first_update))
            self.bots[token] = bot
            self.event("bot", bot=bot.describe())
        return bot

    def find_bot(self, which: object) -> Bot:
        """Return a bot by id, username or token; the bot when `which` is None.

        Raises:
            LookupError: there is no such bot.
        """
        if which is None:
            return self.bot
        name = str(which).removeprefix("@")
        for bot in self.bots.values():
            if name in (str(bot.id), bot.username, bot.token):
                return bot
        raise LookupError(f"there is no bot {which}")

    def bot_by_id(self, bot_id: int) -> Bot:
        """Return a bot by its id."""
        return next(bot for bot in self.bots.values() if bot.id == bot_id)

    def account(self, person_id: object) -> Account:
        """Return a person.

        Raises:
            LookupError: there is nobody of that id.
        """
        account = self.people.get(int(str(person_id)))
        if account is None:
            raise LookupError(f"there is no person {person_id}")
        return account

    def chat_of(self, account: Account, chat_id: int | None, bot: Bot) -> Chat:
        """Return a chat as a person names it: their own with the bot, or one they share.

        Raises:
            LookupError: there is no such chat.
        """
        if chat_id is None or chat_id == account.id:
            return self.private_chat(bot, account)
        chat = self.chats.get(chat_id)
        if chat is None:
            raise LookupError(f"there is no chat {chat_id}")
        return chat

    def private_chat(self, bot: Bot, account: Account) -> PrivateChat:
        """Return a person's chat with a bot; making it doesn't mean that they have met."""
        chat = bot.chats.get(account.id)
        if chat is None:
            user = account.user
            info = {"id": account.id, "type": "private"}
            for name in ("first_name", "last_name", "username"):
                if name in user:
                    info[name] = user[name]
            chat = bot.chats[account.id] = PrivateChat(info, bot.id)
        return chat

    def describe_chat(self, chat: Chat) -> Json:
        """Return a chat as the control API tells it, without its messages."""
        about: Json = {
            **chat.info,
            "keyboard": chat.keyboard,
            "pinned": chat.pinned,
            "topics": [topic.describe() for topic in chat.topics.values()]
            if chat.has_topics()
            else [],
        }
        if isinstance(chat, PrivateChat):
            bot = self.bot_by_id(chat.bot_id)
            about.update(
                bot=bot.id,
                started=chat.started,
                blocked=chat.blocked,
                commands=self.commands(bot, self.people[chat.id], chat),
                menu_button=bot.menu_button(chat.id),
            )
        elif isinstance(chat, SharedChat):
            about.update(
                bot_status=chat.bots.get(self.bot.id, "absent"),
                bots=chat.bots,
                description=chat.description,
                members=[{"person": who, "status": chat.members[who]} for who in chat.present()],
                invite_links=list(chat.invite_links.values()),
            )
        return about

    def commands(self, bot: Bot, account: Account, chat: Chat) -> list[Json]:
        """Return the commands that a person sees in a chat."""
        status = chat.members.get(account.id) if isinstance(chat, SharedChat) else None
        language = str(account.user.get("language_code", ""))[:2]
        administrator = status in ("creator", "administrator")
        return bot.commands_for(chat.id, chat.type, account.id, administrator, language)

    # --- making ---------------------------------------------------------------------------------

    def add_person(
        self,
        first_name: str,
        *,
        last_name: str | None = None,
        username: str | None = None,
        language_code: str | None = None,
        person_id: int | None = None,
        phone: str | None = None,
    ) -> Account:
        """Make an account.

        Raises:
            ValueError: the id is taken.
        """
        if person_id is None:
            self._next_person += 1
            while self._next_person in self.people:
                self._next_person += 1
            person_id = self._next_person
        elif person_id in self.people or person_id <= 0:
            raise ValueError(f"the id {person_id} is taken or wrong")
        user: Json = {"id": person_id, "is_bot": False, "first_name": first_name}
        for name, value in (
            ("last_name", last_name),
            ("username", username),
            ("language_code", language_code),
        ):
            if value:
                user[name] = value
        account = Account(user, phone or f"+996700{person_id % 1_000_000:06d}")
        self.people[person_id] = account
        self.event("person", person=account.describe())
        return account

    def add_chat(
        self, kind: str, title: str, *, is_forum: bool = False, username: str | None = None
    ) -> SharedChat:
        """Make a group, supergroup or channel with nobody in it."""
        self._next_chat += 1
        chat_id = -self._next_chat if kind == "group" else -1_001_000_000_000 - self._next_chat
        info: Json = {"id": chat_id, "type": kind, "title": title}
        if username:
            info["username"] = username
        if is_forum:
            info["is_forum"] = True
        chat = self.chats[chat_id] = SharedChat(info)
        return chat

    def post(self, chat: Chat, message: Json) -> Json:
        """Put a message into a chat: give it an id and a date, keep it, tell the page.

        `message` has everything else that a Bot API Message has; `chat` is filled in.
        """
        self._name_mentioned(message)
        posted: Json = {
            "message_id": chat.new_id(),
            **message,
            "chat": chat.info,
            "date": int(self.clock.now()),
        }
        chat.keep(posted)
        self._shelf.append((chat, posted["message_id"]))
        if len(self._shelf) > _KEEP_EVERYWHERE:
            old_chat, old_id = self._shelf.popleft()
            old_chat.forget(old_id)
        self.chat_event("message", chat, message=posted)
        self.heard(chat, posted)
        return posted

    def replace(self, chat: Chat, message: Json, *, edited: bool = True) -> Json:
        """Put a changed message in the place of the old one."""
        self._name_mentioned(message)
        if edited:
            message = {**message, "edit_date": int(self.clock.now())}
        chat.keep(message)
        self.chat_event("edit", chat, message=chat.shown(message["message_id"]))
        self.heard(chat, message)
        return message

    def _name_mentioned(self, message: Json) -> None:
        """Fill in who is mentioned by id; Telegram drops mentions of people it can't tell of."""
        for field in ("entities", "caption_entities"):
            entities = message.get(field)
            if entities and any(entity["type"] == "text_mention" for entity in entities):
                named = [
                    {**entity, "user": self.people[entity["user"]["id"]].user}
                    if entity["type"] == "text_mention"
                    else entity
                    for entity in entities
                    if entity["type"] != "text_mention" or entity["user"]["id"] in self.people
                ]
                message[field] = named
                if not named:
                    del message[field]

    def delete(self, chat: Chat, message_ids: list[int]) -> int:
        """Delete messages for everybody; return how many there were."""
        gone = [message_id for message_id in message_ids if chat.forget(message_id)]
        if gone:
            if chat.keyboard is not None and chat.keyboard.get("message_id") in gone:
                self.set_keyboard(chat, None)
            self.chat_event("delete", chat, message_ids=gone)
            self.wake(chat.id)
        return len(gone)

    def set_keyboard(self, chat: Chat, keyboard: Json | None) -> None:
        """Change what stands under the input field."""
        if keyboard is None and chat.keyboard is None:
            return
        chat.keyboard = keyboard
        self.chat_event("keyboard", chat, keyboard=keyboard)

    def add_topic(self, chat: Chat, thread: int, name: str, color: int, emoji: str = "") -> Topic:
        """Make a topic; `thread` is the id of the service message about it."""
        topic = chat.topics[thread] = Topic(thread, name, color, emoji)
        self.chat_changed(chat)
        return topic

    def drop_topic(self, chat: Chat, topic: Topic) -> None:
        """Take a topic and all that was written there away."""
        chat.topics.pop(topic.thread, None)
        self.delete(
            chat,
            [
                message_id
                for message_id, message in chat.messages.items()
                if message.get("message_thread_id") == topic.thread
            ],
        )
        self.chat_changed(chat)

    def new_callback(self, bot: Bot, account: Account, chat: Chat) -> Callback:
        """Make a callback query and remember it for its answer."""
        query_id = str(secrets.randbits(62) + (1 << 61))
        callback = Callback(query_id, bot.id, account.id, chat.id, self.clock.now())
        self.callbacks[query_id] = callback
        if len(self.callbacks) > _KEEP_QUERIES:
            self.callbacks.popitem(last=False)
        return callback

    def new_inline_query(self, bot: Bot, account: Account, query: str, offset: str) -> InlineQuery:
        """Make an inline query and remember it for its answer."""
        query_id = str(secrets.randbits(62) + (1 << 61))
        asked = InlineQuery(query_id, bot.id, account.id, query, offset, self.clock.now())
        self.inline_queries[query_id] = asked
        if len(self.inline_queries) > _KEEP_QUERIES:
            self.inline_queries.popitem(last=False)
        return asked

    # --- listening ------------------------------------------------------------------------------

    def heard(self, chat: Chat, message: Json) -> None:
        """Let those who listen know of a new or changed message."""
        if isinstance(chat, PrivateChat):
            ears = self.people[chat.id].ears
            if ears is not None and message.get("from", {}).get("id") == chat.bot_id:
                ears.append(message)
        self.wake(chat.id)

    def wake(self, chat_id: int) -> None:
        """Let those who wait for a change in a chat look again."""
        for future in self._listening.pop(chat_id, ()):
            if not future.done():
                future.set_result(None)

    async def change(self, chat_id: int, seconds: float) -> None:
        """Wait until anything changes in a chat.

        Raises:
            TimeoutError: nothing did within `seconds`.
        """
        future = asyncio.get_running_loop().create_future()
        self._listening[chat_id].append(future)
        await asyncio.wait_for(future, seconds)

    # --- what a bot may reach -------------------------------------------------------------------

    def chat_by_name(self, name: str) -> SharedChat | None:
        """Find a public chat by its @username."""
        wanted = name.removeprefix("@").lower()
        return next(
            (
                chat
                for chat in self.chats.values()
                if str(chat.info.get("username", "")).lower() == wanted
            ),
            None,
        )

    def known_chat(self, bot: Bot, chat_id: int | str) -> Chat:
        """Return a chat that a bot may know of, whether or not it may write there.

        Raises:
            Refused: 400 "chat not found".
        """
        chat: Chat | None
        if isinstance(chat_id, str):
            chat = self.chat_by_name(chat_id) if chat_id.startswith("@") else None
        elif chat_id > 0:
            chat = bot.chats.get(chat_id)
            if chat is None and chat_id in self.people:
                chat = self.private_chat(bot, self.people[chat_id])
        else:
            chat = self.chats.get(chat_id)
            if chat is not None and bot.id not in chat.bots and "username" not in chat.info:
                chat = None
        if chat is None:
            raise bad("chat not found")
        return chat
