"""The control API under `/sandbox`: what the page, the tests and the benchmarks ask for.

Its shapes are told in README.md. Handlers take a parsed request and return what becomes JSON.
"""

import asyncio
import base64
import time
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

from sandbox import members
from sandbox.bots import Bot
from sandbox.chats import Chat, SharedChat
from sandbox.files import StoredFile
from sandbox.people import Person, caption_content, text_content, wait_until
from sandbox.samples import SAMPLES
from sandbox.schema import Upload
from sandbox.world import Account, World

Json = dict[str, Any]
Answer = Any | Awaitable[Any]
Handler = Callable[["Request"], Answer]

ROUTES: dict[tuple[str, str], Handler] = {}
"""Handlers by HTTP method and path after `/sandbox/`; `*` stands for one part of a path."""

_FILES = ("photo", "document", "voice", "video", "audio", "animation", "video_note", "sticker")


class Request:
    """One control request.

    Attributes:
        world: what it is about.
        body: the JSON body or form; a list where one is sent.
        query: parameters of the address.
        part: what stands for `*` in the path.
    """

    def __init__(self, world: World, body: Any, query: dict[str, str], part: str = "") -> None:
        self.world = world
        self.body = body
        self.query = query
        self.part = part

    def number(self, name: str, default: int) -> int:
        """Return a whole number of the query."""
        return int(self.query.get(name) or default)

    def bot(self) -> Bot:
        """Return the bot that the request names, or the usual one."""
        named = self.body.get("bot") if isinstance(self.body, dict) else None
        return self.world.find_bot(self.query.get("bot") or named)

    def person(self, name: str = "from") -> Person:
        """Return the person that the request names."""
        return Person(self.world, self.world.account(self.body[name]), self.bot())

    def chat(self, person: Person) -> Chat:
        """Return the chat that the request names, or the person's private one."""
        chat_id = self.body.get("chat")
        return self.world.chat_of(
            person.account, None if chat_id is None else int(chat_id), person.bot
        )


def route(http_method: str, path: str) -> Callable[[Handler], Handler]:
    """Register a handler."""

    def register(handler: Handler) -> Handler:
        ROUTES[http_method, path] = handler
        return handler

    return register


# --- looking ------------------------------------------------------------------------------------


@route("GET", "state")
def state(request: Request) -> Json:
    """Everything there is."""
    world, bot = request.world, request.bot()
    newest = request.number("messages", 200)
    only = {int(each) for each in request.query.get("people", "").split(",") if each}
    accounts = [each for each in world.people.values() if not only or each.id in only]
    chats: list[Chat] = [world.private_chat(bot, account) for account in accounts]
    chats += world.chats.values()
    return {
        "seq": world.events.seq,
        "clock": world.clock.describe(),
        "bot": bot.describe(),
        "bots": [{"id": each.id, "username": each.username} for each in world.bots.values()],
        "people": [account.describe() for account in accounts],
        "chats": [_with_messages(world, chat, newest) for chat in chats],
        "faults": world.faults.describe(),
    }


def _with_messages(world: World, chat: Chat, newest: int) -> Json:
    ids = list(chat.messages)[-newest:] if newest else []
    return {**world.describe_chat(chat), "messages": [chat.shown(each) for each in ids]}


@route("GET", "menu")
def menu(request: Request) -> Json:
    """The commands that a person sees in a chat."""
    bot = request.bot()
    account = request.world.account(request.query["person"])
    chat_id = request.query.get("chat")
    chat = request.world.chat_of(account, int(chat_id) if chat_id else None, bot)
    return {
        "commands": request.world.commands(bot, account, chat),
        "menu_button": bot.menu_button(chat.id),
    }


@route("GET", "calls")
async def calls(request: Request) -> Json:
    """The log of Bot API calls."""
    log = request.world.calls
    after = request.number("after", 0)
    if "wait" in request.query:
        await log.wait(after, float(request.query["wait"]))
    wanted = request.query.get("method")
    limit = request.number("limit", 1000)
    records = log.since(after)
    if wanted:
        records = [record for record in records if record["method"] == wanted]
    records = records[:limit]
    last = records[-1]["seq"] if len(records) == limit else log.seq
    if request.query.get("brief"):
        brief = [
            [each["seq"], each["at"], each["method"], each["params"].get("chat_id"), each["ok"]]
            for each in records
        ]
        return {"seq": last, "calls": brief}
    return {"seq": last, "calls": records}


@route("GET", "violations")
def violations(request: Request) -> Json:
    """Requests that could not have been right."""
    log = request.world.violations
    records = log.since(request.number("after", 0))
    return {"seq": log.seq, "violations": records, "gaps": request.world.gaps}


@route("GET", "callbacks/*")
async def callback(request: Request) -> Json:
    """The answer to a press."""
    pressed = request.world.callbacks.get(request.part)
    if pressed is None:
        raise LookupError("there is no such callback")
    seconds = float(request.query.get("wait", 0))
    if seconds and not pressed.answered:
        try:
            await wait_until(request.world, pressed.chat_id, lambda: pressed.answered, seconds)
        except TimeoutError:
            return pressed.describe()
    return pressed.describe()


# --- the world ----------------------------------------------------------------------------------


@route("GET", "clock")
def clock(request: Request) -> Json:
    """The time of this world."""
    return request.world.clock.describe()


@route("POST", "clock")
def move_clock(request: Request) -> Json:
    """Move the clock."""
    if "advance" in request.body:
        request.world.clock.advance(float(request.body["advance"]))
    else:
        request.world.clock.set(datetime.fromisoformat(request.body["now"]))
    request.world.moved()
    return request.world.clock.describe()


@route("GET", "faults")
def faults(request: Request) -> Json:
    """What goes wrong at present."""
    return request.world.faults.describe()


@route("POST", "faults")
def set_faults(request: Request) -> Json:
    """Order trouble."""
    request.world.faults.set(request.body)
    for bot in request.world.bots.values():
        bot.updates.wake()  # an outage cuts those off who wait
    return request.world.faults.describe()


@route("POST", "reset")
def reset(request: Request) -> Json:
    """Begin an empty world."""
    request.world.reset()
    return {}


@route("POST", "bot")
def set_bot(request: Request) -> Json:
    """Set what BotFather sets."""
    bot, body = request.bot(), request.body
    names = {"can_join_groups": "can_join_groups", "supports_inline_queries": "inline",
             "inline_feedback": "inline_feedback", "has_topics_enabled": "has_topics"}  # fmt: skip
    for name, attribute in names.items():
        if name in body:
            setattr(bot, attribute, bool(body[name]))
    if "privacy" in body:
        bot.reads_everything = not body["privacy"]
    if "first_name" in body:
        bot.user["first_name"] = bot.name[""] = str(body["first_name"])
    request.world.event("bot", bot=bot.describe())
    return bot.describe()


# --- people and chats ---------------------------------------------------------------------------


@route("POST", "people")
def add_people(request: Request) -> Any:
    """Make one person, or many from a list."""
    if isinstance(request.body, list):
        bot = request.world.bot
        return [_add_person(request.world, bot, about).describe() for about in request.body]
    return _add_person(request.world, request.bot(), request.body).describe()


def _add_person(world: World, bot: Bot, about: Json) -> Account:
    account = world.add_person(
        about["first_name"],
        last_name=about.get("last_name"),
        username=about.get("username"),
        language_code=about.get("language_code"),
        person_id=about.get("id"),
        phone=about.get("phone"),
    )
    if about.get("started"):
        world.private_chat(bot, account).started = True
    return account


@route("POST", "chats")
def add_chat(request: Request) -> Json:
    """Make a group, supergroup or channel."""
    body, world = request.body, request.world
    if body["type"] not in ("group", "supergroup", "channel"):
        raise ValueError("type must be group, supergroup or channel")
    chat = world.add_chat(
        body["type"],
        body["title"],
        is_forum=bool(body.get("is_forum")),
        username=body.get("username"),
    )
    people = [world.account(each) for each in body.get("members", ())]
    bot = world.find_bot(request.query.get("bot"))  # in the body it is the bot's status
    fill_chat(world, chat, people, bot, body.get("bot", "member"))
    return world.describe_chat(chat)


def fill_chat(
    world: World, chat: SharedChat, people: list[Account], bot: Bot, bot_status: str
) -> None:
    """Put people and a bot into a new chat; the first person is its creator."""
    for account in people:
        chat.members[account.id] = "member" if chat.members else "creator"
    world.chat_changed(chat)
    if bot_status != "absent":
        members.set_bot(world, chat, bot, bot_status, people[0].user if people else bot.user)


@route("POST", "chats/*/members")
def change_members(request: Request) -> Json:
    """Let people or the bot come and go."""
    world, body = request.world, request.body
    chat = _shared(world, request.part)
    for person_id in body.get("add", ()):
        account = world.account(person_id)
        members.set_person(world, chat, account, "member", account.user)
    for person_id in body.get("remove", ()):
        account = world.account(person_id)
        members.set_person(world, chat, account, "left", account.user)
    for change, status in (("promote", "administrator"), ("demote", "member")):
        for person_id in body.get(change, ()):
            account = world.account(person_id)
            members.set_person(world, chat, account, status, members.creator(world, chat))
    if "bot" in body:
        bot = world.find_bot(request.query.get("bot"))
        members.set_bot(world, chat, bot, body["bot"], members.creator(world, chat))
    return world.describe_chat(chat)


@route("POST", "chats/*/upgrade")
def upgrade(request: Request) -> Json:
    """Make a supergroup of a group."""
    new = members.upgrade(request.world, _shared(request.world, request.part))
    return request.world.describe_chat(new)


def _shared(world: World, chat_id: str) -> SharedChat:
    chat = world.chats.get(int(chat_id))
    if chat is None:
        raise LookupError(f"there is no chat {chat_id}")
    return chat


@route("POST", "chats/*/topics")
def change_topics(request: Request) -> Json:
    """Let a person make, close, reopen or delete a topic of a group."""
    world, body = request.world, request.body
    chat = _shared(world, request.part)
    if "delete" in body:
        world.drop_topic(chat, chat.topics[int(body["delete"])])
        return {}
    for name, closed in (("close", True), ("reopen", False)):
        if name in body:
            topic = chat.topics[int(body[name])]
            topic.closed = closed
            world.chat_changed(chat)
            return topic.describe()
    account = world.account(body["from"])
    thread = chat.last_id + 1
    color = 7322096
    world.post(
        chat,
        {
            "from": account.user,
            "message_thread_id": thread,
            "is_topic_message": True,
            "forum_topic_created": {"name": body["name"], "icon_color": color},
        },
    )
    members.deliver(world, chat, chat.messages[thread], "message")
    return world.add_topic(chat, thread, body["name"], color).describe()


@route("POST", "join")
def join(request: Request) -> Json:
    """Follow an invite link."""
    return request.person("person").joins(request.body["link"])


@route("POST", "block")
def block(request: Request) -> Json:
    """Block the bot, or unblock it."""
    person = request.person("person")
    members.set_blocked(
        request.world, person.private, person.account, bool(request.body.get("blocked", True))
    )
    return {"blocked": person.private.blocked}


@route("POST", "deactivate")
def deactivate(request: Request) -> Json:
    """Delete an account for good."""
    request.world.account(request.body["person"]).deleted = True
    return {}


# --- what people do -----------------------------------------------------------------------------


@route("POST", "send")
def send(request: Request) -> Json:
    """Send a message as a person."""
    return _send(request)


@route("POST", "send_many")
def send_many(request: Request) -> Json:
    """Send many messages at once."""
    bodies = request.body if isinstance(request.body, list) else request.body["messages"]
    ids, at = [], []
    for body in bodies:
        at.append(time.time())
        ids.append(_send(Request(request.world, body, request.query))["message_id"])
    return {"sent": len(ids), "message_ids": ids, "at": at}


def _send(request: Request) -> Json:
    body = request.body
    person = request.person()
    chat = request.chat(person)
    reply_to, thread = body.get("reply_to"), body.get("thread")
    seen = person.says(
        _content(person, body),
        chat=chat,
        reply_to=None if reply_to is None else int(reply_to),
        thread=None if thread is None else int(thread),
        forward_origin=body.get("forward_origin"),
        media_group=body.get("media_group"),
    )
    return seen.raw


def _content(person: Person, body: Json) -> Json:
    if "text" in body:
        return text_content(body["text"], body.get("entities"))
    for kind in _FILES:
        if kind in body:
            file = _file(person.world, kind, body[kind])
            return {**person.file_content(file), **caption_content(body.get("caption", ""))}
    if "contact" in body:
        given = body["contact"]
        return {"contact": person.own_contact() if given in (True, "true") else given}
    if "location" in body:
        return {"location": body["location"]}
    raise ValueError("nothing to send: text, a file, contact or location is needed")


def _file(world: World, kind: str, given: Any) -> StoredFile:
    sample = SAMPLES[kind]
    if isinstance(given, Upload):
        return world.files.add(kind, given.name or sample.name, given.content, given.mime_type)
    if isinstance(given, dict):
        data = given["data"].partition("base64,")[2] or given["data"]
        return world.files.add(kind, given.get("name", sample.name), base64.b64decode(data))
    return world.files.add(kind, sample.name, sample.content)


@route("POST", "edit")
async def edit(request: Request) -> Json:
    """Change one's own message."""
    person, body = request.person(), request.body
    text = body["text"] if "text" in body else body["caption"]
    seen = await person.edits(int(body["message_id"]), text, chat=request.chat(person))
    return seen.raw


@route("POST", "delete")
async def delete(request: Request) -> Json:
    """Delete messages; the bot isn't told."""
    person, body = request.person(), request.body
    ids = body["message_ids"] if "message_ids" in body else [body["message_id"]]
    return {"deleted": await person.deletes(*map(int, ids), chat=request.chat(person))}


@route("POST", "clear")
async def clear(request: Request) -> Json:
    """Clear a chat."""
    person = request.person()
    return {"deleted": await person.clears(request.chat(person))}


@route("POST", "press")
async def press(request: Request) -> Json:
    """Press a button."""
    person, body = request.person(), request.body
    chat = request.chat(person)
    wanted = body["data"] if "data" in body else body["button"]
    if "message_id" not in body:
        return (await person.presses(wanted, chat=chat)).describe()
    message_id = int(body["message_id"])
    if body.get("forged"):
        return {"callback_id": person.press_data(chat, message_id, wanted).id}
    return (await person.presses(wanted, message_id, chat=chat)).describe()


@route("POST", "inline")
async def inline(request: Request) -> Json:
    """Ask the bot inline and wait for its results."""
    person, body = request.person(), request.body
    chat = request.chat(person)
    return await person.asks_inline(
        body["query"],
        body.get("offset", ""),
        chat_type="sender" if chat.type == "private" else chat.type,
        timeout=float(body.get("wait", 10)),
    )


@route("POST", "inline/choose")
async def choose(request: Request) -> Json:
    """Put one of the last results into a chat."""
    person = request.person()
    seen = await person.chooses(request.body["result_id"], chat=request.chat(person))
    return seen.raw


@route("POST", "react")
async def react(request: Request) -> Json:
    """React to a message."""
    person, body = request.person(), request.body
    await person.reacts(int(body["message_id"]), body.get("emoji"), chat=request.chat(person))
    return {}


@route("POST", "vote")
async def vote(request: Request) -> Json:
    """Vote in a poll."""
    person, body = request.person(), request.body
    await person.votes(int(body["message_id"]), body["options"], chat=request.chat(person))
    return {}


async def answer(request: Request, http_method: str, path: str) -> tuple[int, Any]:
    """Find the handler of a path, run it, and return the HTTP status and what becomes JSON."""
    parts = path.split("/")
    handler = ROUTES.get((http_method, path))
    if handler is None and len(parts) > 1:
        request.part = parts[1]
        handler = ROUTES.get((http_method, "/".join([parts[0], "*", *parts[2:]])))
    if handler is None:
        known = any(route_path == path for _, route_path in ROUTES)
        return (405, {"error": "wrong method"}) if known else (404, {"error": "no such call"})
    try:
        result = handler(request)
        if asyncio.iscoroutine(result):
            result = await result
    except KeyError as error:
        return 400, {"error": f"{error} is needed or unknown"}
    except LookupError as error:
        return 404, {"error": str(error)}
    except TimeoutError:
        return 504, {"error": "the bot didn't answer in time"}
    except (ValueError, TypeError) as error:
        return 400, {"error": str(error)}
    return 200, result
