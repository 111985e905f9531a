"""What people do on their phones, and what they see there."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from sandbox import members
from sandbox.bots import Bot
from sandbox.chats import Chat, PrivateChat, SharedChat
from sandbox.entities import formatted
from sandbox.files import StoredFile, describe
from sandbox.samples import SAMPLES
from sandbox.world import Account, Callback, InlineQuery, World

Json = dict[str, Any]
PATIENCE = 20.0  # seconds to wait for the bot, on a machine that is busy with other things


@dataclass(frozen=True)
class Seen:
    """A message as it stands on a screen."""

    raw: Json
    """The Bot API's Message."""

    @property
    def id(self) -> int:
        """The message's id, counted in its chat."""
        return int(self.raw["message_id"])

    @property
    def text(self) -> str:
        """Its text or caption, without formatting; "" when it has none."""
        return str(self.raw.get("text", self.raw.get("caption", "")))

    @property
    def rows(self) -> list[list[Json]]:
        """Its inline keyboard."""
        markup = self.raw.get("reply_markup", {})
        return list(markup.get("inline_keyboard", ()))

    @property
    def buttons(self) -> list[str]:
        """The labels of its inline keyboard, row by row."""
        return [button["text"] for row in self.rows for button in row]

    def button(self, wanted: str) -> Json:
        """Return a button by its label or data.

        Raises:
            LookupError: there is none.
        """
        for row in self.rows:
            for button in row:
                if wanted in (button["text"], button.get("callback_data")):
                    return button
        raise LookupError(f"no button {wanted!r} here, only {self.buttons}")


@dataclass(frozen=True)
class Pressed:
    """What came of pressing a button; what doesn't apply is None."""

    world: World
    callback: Callback | None = None
    message: Seen | None = None
    url: str | None = None
    copied: str | None = None
    switch_inline_query: str | None = None
    current_chat: bool = False

    async def answer(self, timeout: float = PATIENCE) -> Json:  # noqa: ASYNC109
        """Wait for the bot's answerCallbackQuery and return its text, show_alert and url.

        Raises:
            TimeoutError: the button still shows its spinner after `timeout` seconds.
        """
        if self.callback is None:
            raise LookupError("that button has no spinner")
        pressed = self.callback
        await wait_until(self.world, pressed.chat_id, lambda: pressed.answered, timeout)
        return pressed.describe()

    def describe(self) -> Json:
        """Return it as the control API tells it."""
        if self.callback is not None:
            return {"callback_id": self.callback.id}
        if self.message is not None:
            return {"message": self.message.raw}
        if self.switch_inline_query is not None:
            return {
                "switch_inline_query": self.switch_inline_query,
                "current_chat": self.current_chat,
            }
        return {"copied": self.copied} if self.copied is not None else {"url": self.url}


async def wait_until(
    world: World, chat_id: int, condition: Callable[[], bool], seconds: float
) -> None:
    """Wait until `condition()` holds; look again at each change in a chat.

    Raises:
        TimeoutError: it still doesn't after `seconds`.
    """
    deadline = time.monotonic() + seconds
    while not condition():
        await world.change(chat_id, deadline - time.monotonic())


class Person:
    """One person's hands and eyes. Every action works on the world directly, without HTTP."""

    def __init__(self, world: World, account: Account, bot: Bot | None = None) -> None:
        self.world = world
        self.account = account
        self.bot = bot or world.bot

    # --- what they see --------------------------------------------------------------------------

    @property
    def id(self) -> int:
        """Their Telegram id."""
        return self.account.id

    @property
    def private(self) -> PrivateChat:
        """Their chat with the bot."""
        return self.world.private_chat(self.bot, self.account)

    @property
    def chat(self) -> list[Seen]:
        """What stands in their chat with the bot, oldest first."""
        return self.screen()

    def screen(self, chat: Chat | None = None) -> list[Seen]:
        """Return what stands in a chat, oldest first."""
        return [Seen(message) for message in (chat or self.private).messages.values()]

    @property
    def keyboard(self) -> list[list[str]]:
        """The labels of the reply keyboard, row by row; empty when there is none."""
        rows = (self.private.keyboard or {}).get("keyboard", ())
        return [[_label(button) for button in row] for row in rows]

    @property
    def menu(self) -> list[Json]:
        """The commands that the menu shows."""
        return self.world.commands(self.bot, self.account, self.private)

    async def hears(self, timeout: float = PATIENCE) -> Seen:  # noqa: ASYNC109
        """Wait for the bot's next new or edited message in the private chat, each told once.

        Raises:
            TimeoutError: it stays silent for `timeout` seconds.
        """
        if self.account.ears is None:
            self.account.ears = deque()
        ears = self.account.ears
        await wait_until(self.world, self.id, lambda: bool(ears), timeout)
        return Seen(ears.popleft())

    async def hears_nothing(self, seconds: float = 0.2) -> bool:
        """Tell whether the bot stays silent for that long."""
        try:
            await self.hears(seconds)
        except TimeoutError:
            return True
        return False

    async def sees(self, text: str, timeout: float = PATIENCE, *, chat: Chat | None = None) -> Seen:  # noqa: ASYNC109
        """Wait until a message that isn't their own and contains `text` stands in the chat.

        Raises:
            AssertionError: it doesn't within `timeout` seconds; the message tells what does.
        """
        found: list[Seen] = []

        def look() -> bool:
            found[:] = [
                seen
                for seen in reversed(self.screen(chat))
                if text in seen.text and seen.raw.get("from", {}).get("id") != self.id
            ]
            return bool(found)

        try:
            await wait_until(self.world, (chat or self.private).id, look, timeout)
        except TimeoutError:
            texts = [seen.text for seen in self.screen(chat)][-5:]
            raise AssertionError(f"{text!r} doesn't appear; the last are {texts}") from None
        return found[0]

    # --- what they send -------------------------------------------------------------------------

    async def sends(self, text: str, **how: Any) -> Seen:
        """Write a message. `how`: chat, reply_to, thread, entities, forward_origin."""
        entities = how.pop("entities", None)
        return self.says(text_content(text, entities), **how)

    async def sends_photo(
        self, content: bytes | None = None, caption: str = "", **how: Any
    ) -> Seen:
        """Send a picture; a small sample without `content`."""
        return self.sends_file("photo", content, caption, **how)

    async def sends_document(
        self, content: bytes | None = None, caption: str = "", **how: Any
    ) -> Seen:
        """Send a document; `name=` is its file name."""
        return self.sends_file("document", content, caption, **how)

    async def sends_voice(
        self, content: bytes | None = None, caption: str = "", **how: Any
    ) -> Seen:
        """Send a voice message."""
        return self.sends_file("voice", content, caption, **how)

    async def sends_video(
        self, content: bytes | None = None, caption: str = "", **how: Any
    ) -> Seen:
        """Send a video."""
        return self.sends_file("video", content, caption, **how)

    async def sends_sticker(self, **how: Any) -> Seen:
        """Send a sticker."""
        return self.sends_file("sticker", None, "", **how)

    def sends_file(
        self, kind: str, content: bytes | None, caption: str = "", *, name: str = "", **how: Any
    ) -> Seen:
        """Send a file of any kind."""
        sample = SAMPLES[kind]
        file = self.world.files.add(
            kind, name or sample.name, sample.content if content is None else content
        )
        return self.says({**self.file_content(file), **caption_content(caption)}, **how)

    def file_content(self, file: StoredFile) -> Json:
        """Return what a message with a file has besides its caption."""
        content: Json = {file.kind: describe(self.bot.id, file)}
        if file.kind == "animation":
            content["document"] = content["animation"]
        return content

    async def shares_contact(self, phone: str | None = None, **how: Any) -> Seen:
        """Share their own contact, or that of somebody who has another phone."""
        contact = self.own_contact()
        if phone is not None and phone != self.account.phone:
            contact = {"phone_number": phone, "first_name": "Somebody"}
        return self.says({"contact": contact}, **how)

    def own_contact(self) -> Json:
        """Return their own Contact."""
        user = self.account.user
        contact: Json = {"phone_number": self.account.phone, "first_name": user["first_name"]}
        if "last_name" in user:
            contact["last_name"] = user["last_name"]
        return {**contact, "user_id": self.id}

    async def shares_location(
        self, latitude: float = 42.8746, longitude: float = 74.5698, **how: Any
    ) -> Seen:
        """Share a place; Bishkek without one."""
        return self.says({"location": {"latitude": latitude, "longitude": longitude}}, **how)

    def says(
        self,
        content: Json,
        *,
        chat: Chat | None = None,
        reply_to: Seen | int | None = None,
        thread: int | None = None,
        forward_origin: Json | None = None,
        media_group: str | None = None,
        via_bot: Json | None = None,
    ) -> Seen:
        """Put a message with any content into a chat and deliver it.

        Raises:
            LookupError: they aren't in that chat, or the message replied to isn't there.
        """
        chat = chat or self.private
        message = self._sender(chat)
        if thread is not None:
            if thread not in chat.topics:
                raise LookupError(f"there is no topic {thread}")
            message.update(message_thread_id=thread, is_topic_message=True)
        if reply_to is not None:
            message["reply_to_message"] = self._quoted(chat, reply_to)
        if forward_origin is not None:
            message["forward_origin"] = {"date": int(self.world.clock.now()), **forward_origin}
        if media_group is not None:
            message["media_group_id"] = media_group
        if via_bot is not None:
            message["via_bot"] = via_bot
        if isinstance(chat, PrivateChat):
            members.set_blocked(self.world, chat, self.account, False)
            if not chat.started:
                chat.started = True
                self.world.chat_changed(chat)
        posted = self.world.post(chat, {**message, **content})
        members.deliver(self.world, chat, posted, "message")
        return Seen(posted)

    def _sender(self, chat: Chat) -> Json:
        if isinstance(chat, SharedChat):
            if self.id not in chat.present():
                raise LookupError(f"{self.account.user['first_name']} isn't in that chat")
            if chat.type == "channel":
                return {"sender_chat": chat.info}
        return {"from": self.account.user}

    def _quoted(self, chat: Chat, reply_to: Seen | int) -> Json:
        message_id = reply_to.id if isinstance(reply_to, Seen) else reply_to
        if message_id not in chat.messages:
            raise LookupError(f"there is no message {message_id} to reply to")
        quoted = chat.messages[message_id]
        return {name: value for name, value in quoted.items() if name != "reply_to_message"}

    # --- what they do with messages -------------------------------------------------------------

    async def edits(self, message: Seen | int, text: str, *, chat: Chat | None = None) -> Seen:
        """Change the text or caption of their own message; the bot is told.

        Raises:
            LookupError: the message isn't there or isn't theirs.
        """
        chat = chat or self.private
        old = self._message(chat, message)
        if old.get("from", {}).get("id") != self.id:
            raise LookupError("only one's own messages can be edited")
        content = text_content(text) if "text" in old else caption_content(text)
        kept = {
            name: value
            for name, value in old.items()
            if name not in ("text", "entities", "caption", "caption_entities")
        }
        new = self.world.replace(chat, {**kept, **content})
        members.deliver(self.world, chat, new, "edited_message")
        return Seen(new)

    async def deletes(self, *messages: Seen | int, chat: Chat | None = None) -> int:
        """Delete messages for everybody; the bot isn't told. Return how many were there."""
        ids = [message.id if isinstance(message, Seen) else message for message in messages]
        return self.world.delete(chat or self.private, ids)

    async def clears(self, chat: Chat | None = None) -> int:
        """Clear the history of a chat; return how many messages there were."""
        chat = chat or self.private
        return self.world.delete(chat, list(chat.messages))

    async def presses(
        self, wanted: str, on: Seen | int | None = None, *, chat: Chat | None = None
    ) -> Pressed:
        """Press a button by its label or data: inline or of the reply keyboard.

        Without `on` it is the newest message of the chat that has such a button.

        Raises:
            LookupError: there is no such button.
        """
        chat = chat or self.private
        if on is not None:
            seen = Seen(self._message(chat, on))
            return self.press_inline(chat, seen.id, seen.button(wanted))
        keyboard = chat.keyboard or {}
        for message in reversed(chat.messages.values()):
            if message["message_id"] < keyboard.get("message_id", 0):
                break
            for row in Seen(message).rows:
                for button in row:
                    if wanted in (button["text"], button.get("callback_data")):
                        return self.press_inline(chat, message["message_id"], button)
        for row in keyboard.get("keyboard", ()):
            for button in row:
                if _label(button) == wanted:
                    return await self._press_key(chat, button)
        return self._press_older(chat, wanted, keyboard.get("message_id", 0))

    def _press_older(self, chat: Chat, wanted: str, before: int) -> Pressed:
        for message in reversed(chat.messages.values()):
            if message["message_id"] < before:
                for row in Seen(message).rows:
                    for button in row:
                        if wanted in (button["text"], button.get("callback_data")):
                            return self.press_inline(chat, message["message_id"], button)
        there = [label for seen in self.screen(chat)[-5:] for label in seen.buttons]
        raise LookupError(f"no button {wanted!r}; there are {there} and {self.keyboard}")

    def press_inline(self, chat: Chat, message_id: int, button: Json) -> Pressed:
        """Press a button of an inline keyboard."""
        if "callback_data" in button:
            return Pressed(self.world, self.press_data(chat, message_id, button["callback_data"]))
        if "copy_text" in button:
            return Pressed(self.world, copied=button["copy_text"]["text"])
        for name, here in (
            ("switch_inline_query", False),
            ("switch_inline_query_current_chat", True),
        ):
            if name in button:
                return Pressed(self.world, switch_inline_query=button[name], current_chat=here)
        if "switch_inline_query_chosen_chat" in button:
            query = button["switch_inline_query_chosen_chat"].get("query", "")
            return Pressed(self.world, switch_inline_query=query)
        return Pressed(self.world, url=button.get("url", ""))

    def press_data(self, chat: Chat, message_id: int, data: str) -> Callback:
        """Send a callback query, whether or not such a button is there (a forged one)."""
        inline_id = self.world.inline_ids.get((self.bot.id, chat.id, message_id))
        callback = self.world.new_callback(self.bot, self.account, chat)
        query: Json = {
            "id": callback.id,
            "from": self.account.user,
            "chat_instance": str(hash((self.bot.id, chat.id)) & (2**62 - 1)),
            "data": data,
        }
        if inline_id is not None:
            query["inline_message_id"] = inline_id
        elif message_id in chat.messages:
            query["message"] = chat.messages[message_id]
        else:
            query["message"] = {"chat": chat.info, "message_id": message_id, "date": 0}
        self.bot.updates.add("callback_query", query)
        return callback

    async def _press_key(self, chat: Chat, button: Json | str) -> Pressed:
        if isinstance(button, dict) and button.get("request_contact"):
            return Pressed(self.world, message=await self.shares_contact(chat=chat))
        if isinstance(button, dict) and button.get("request_location"):
            return Pressed(self.world, message=await self.shares_location(chat=chat))
        return Pressed(self.world, message=await self.sends(_label(button), chat=chat))

    def _message(self, chat: Chat, message: Seen | int) -> Json:
        message_id = message.id if isinstance(message, Seen) else message
        if message_id not in chat.messages:
            raise LookupError(f"there is no message {message_id}")
        return chat.messages[message_id]

    async def reacts(
        self, message: Seen | int, emoji: str | None, *, chat: Chat | None = None
    ) -> None:
        """Put a reaction on a message, or take it back with None."""
        chat = chat or self.private
        message_id = self._message(chat, message)["message_id"]
        new: list[Json] = [{"type": "emoji", "emoji": emoji}] if emoji else []
        old = set_reaction(self.world, chat, message_id, self.id, new)
        update = {
            "chat": chat.info,
            "message_id": message_id,
            "user": self.account.user,
            "date": int(self.world.clock.now()),
            "old_reaction": old,
            "new_reaction": new,
        }
        for bot in bots_in(self.world, chat, administrators=True):
            bot.updates.add("message_reaction", update)

    async def votes(
        self, message: Seen | int, options: list[int], *, chat: Chat | None = None
    ) -> None:
        """Vote in a poll; an empty list takes the vote back.

        Raises:
            LookupError: that isn't an open poll or has no such option.
        """
        chat = chat or self.private
        vote(self.world, chat, self._message(chat, message), self.account, options)

    # --- the rest -------------------------------------------------------------------------------

    def blocks(self) -> None:
        """Block the bot."""
        members.set_blocked(self.world, self.private, self.account, True)

    def unblocks(self) -> None:
        """Unblock the bot without writing to it."""
        members.set_blocked(self.world, self.private, self.account, False)

    def joins(self, link: str) -> Json:
        """Follow an invite link."""
        return members.join(self.world, self.account, link)

    def leaves(self, chat: SharedChat) -> None:
        """Leave a group or channel."""
        members.set_person(self.world, chat, self.account, "left", self.account.user)

    async def asks_inline(
        self,
        query: str,
        offset: str = "",
        *,
        chat_type: str = "sender",
        timeout: float = 10,  # noqa: ASYNC109
    ) -> Json:
        """Write `@bot query` in some chat and return the answerInlineQuery, with `cached`.

        Raises:
            LookupError: inline mode is off.
            TimeoutError: no answer within `timeout` seconds.
        """
        if not self.bot.inline:
            raise LookupError("the bot has no inline mode")
        asked = self.world.new_inline_query(self.bot, self.account, query, offset)
        self.world.last_results[self.bot.id, self.id] = asked
        cached = self._cached(query, offset)
        if cached is not None:
            asked.answer = cached
            return {**cached, "cached": True}
        self.bot.updates.add(
            "inline_query",
            {
                "id": asked.id,
                "from": self.account.user,
                "query": query,
                "offset": offset,
                "chat_type": chat_type,
            },
        )
        await wait_until(self.world, self.id, lambda: asked.answer is not None, timeout)
        return {**(asked.answer or {}), "cached": False}

    def _cached(self, query: str, offset: str) -> Json | None:
        for who in (self.id, 0):
            until, answer = self.world.inline_cache.get(
                (self.bot.id, who, query, offset), (0.0, None)
            )
            if answer is not None and until > self.world.clock.now():
                return answer
        return None

    async def chooses(self, result_id: str, *, chat: Chat | None = None) -> Seen:
        """Tap one of the last inline results: its message appears in a chat.

        Raises:
            LookupError: there is no such result.
        """
        asked = self.world.last_results.get((self.bot.id, self.id))
        results = (asked.answer or {}).get("results", ()) if asked else ()
        result = next((each for each in results if each["id"] == result_id), None)
        if asked is None or result is None:
            raise LookupError(f"there is no result {result_id}")
        chat = chat or self.private
        content: Json = dict(result["message"])
        seen = self.says(content, chat=chat, via_bot=self.bot.user)
        inline_id = None
        if "reply_markup" in content:
            inline_id = f"AgAAA{self.bot.id}-{chat.id}-{seen.id}"
            self.world.inline_messages[inline_id] = (chat, seen.id, self.bot.id)
            self.world.inline_ids[self.bot.id, chat.id, seen.id] = inline_id
        self._tell_choice(asked, result_id, inline_id)
        return seen

    def _tell_choice(self, asked: InlineQuery, result_id: str, inline_id: str | None) -> None:
        if not self.bot.inline_feedback:
            return
        chosen: Json = {"result_id": result_id, "from": self.account.user, "query": asked.query}
        if inline_id is not None:
            chosen["inline_message_id"] = inline_id
        self.bot.updates.add("chosen_inline_result", chosen)


def _label(button: Json | str) -> str:
    return button if isinstance(button, str) else str(button["text"])


def text_content(text: str, given: list[Json] | None = None) -> Json:
    """Return what a text message has, with the entities that Telegram finds in it.

    Raises:
        ValueError: nothing is left of the text, or it is too long for one message.
    """
    text, entities = formatted(text, None, given)
    if not text:
        raise ValueError("an empty message can't be sent")
    return {"text": text, "entities": entities} if entities else {"text": text}


def caption_content(caption: str) -> Json:
    """Return what a caption adds to a message; nothing when it is empty."""
    caption, entities = formatted(caption, None, None)
    if not caption:
        return {}
    return {"caption": caption, "caption_entities": entities} if entities else {"caption": caption}


def bots_in(world: World, chat: Chat, *, administrators: bool = False) -> Iterator[Bot]:
    """Yield the bots of a chat; in shared ones only its administrators if asked to."""
    if isinstance(chat, PrivateChat):
        yield world.bot_by_id(chat.bot_id)
    elif isinstance(chat, SharedChat):
        wanted = ("administrator",) if administrators else members.PRESENT
        for bot_id, status in chat.bots.items():
            if status in wanted:
                yield world.bot_by_id(bot_id)


def set_reaction(
    world: World, chat: Chat, message_id: int, who: int, reaction: list[Json]
) -> list[Json]:
    """Change the reaction of a person or bot; return the old one."""
    if chat.reactions is None:
        chat.reactions = {}
    on_message = chat.reactions.setdefault(message_id, {})
    old = on_message.pop(who, [])
    if reaction:
        on_message[who] = reaction
    listed = [{"from": each, "reaction": what} for each, what in on_message.items()]
    world.chat_event("reaction", chat, message_id=message_id, reactions=listed)
    return old


def vote(world: World, chat: Chat, message: Json, account: Account, options: list[int]) -> None:
    """Count a vote and tell the bots."""
    poll = message.get("poll")
    if poll is None or poll["is_closed"]:
        raise LookupError("there is no open poll")
    votes = world.votes.setdefault(poll["id"], {})
    if any(not 0 <= option < len(poll["options"]) for option in options):
        raise LookupError("the poll has no such option")
    if len(options) > 1 and not poll["allows_multiple_answers"]:
        raise LookupError("the poll takes one answer")
    votes[account.id] = list(options)
    counts = [
        sum(index in chosen for chosen in votes.values()) for index in range(len(poll["options"]))
    ]
    new_poll = {
        **poll,
        "options": [
            {**option, "voter_count": count}
            for option, count in zip(poll["options"], counts, strict=True)
        ],
        "total_voter_count": sum(bool(chosen) for chosen in votes.values()),
    }
    world.replace(chat, {**message, "poll": new_poll}, edited=False)
    for bot in bots_in(world, chat):
        bot.updates.add("poll", new_poll)
        if not poll["is_anonymous"]:
            bot.updates.add(
                "poll_answer",
                {
                    "poll_id": poll["id"],
                    "user": account.user,
                    "option_ids": options,
                    "option_persistent_ids": [
                        poll["options"][each]["persistent_id"] for each in options
                    ],
                },
            )
