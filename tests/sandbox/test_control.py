"""The control API over HTTP, as the page and the benchmarks use it."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest_asyncio

from sandbox import Telegram
from tests.sandbox.conftest import Api


async def test_a_whole_talk_by_http(telegram: Telegram, api: Api) -> None:
    person = await api.control("POST", "people", {"first_name": "Айнура", "language_code": "ky"})
    assert person == {
        "id": 1001,
        "is_bot": False,
        "first_name": "Айнура",
        "language_code": "ky",
        "phone": "+996700001001",
    }
    said = await api.control("POST", "send", {"from": 1001, "text": "/start"})
    assert said["entities"] == [{"type": "bot_command", "offset": 0, "length": 6}]
    sent = await api.done(
        "sendMessage",
        chat_id=1001,
        text="Тилди тандаңыз",
        reply_markup={"inline_keyboard": [[{"text": "Кыргызча", "callback_data": "lang:ky"}]]},
    )
    body = {"from": 1001, "message_id": sent["message_id"]}
    pressed = await api.control("POST", "press", {**body, "button": "Кыргызча"})
    waiting = asyncio.create_task(api.control("GET", f"callbacks/{pressed['callback_id']}?wait=5"))
    await api.done("answerCallbackQuery", callback_query_id=pressed["callback_id"], text="Болду")
    assert (await waiting)["text"] == "Болду"
    assert await api.control("POST", "press", {**body, "data": "lang:ru"}) == {
        "error": "no button 'lang:ru' here, only ['Кыргызча']"
    }
    forged = await api.control("POST", "press", {**body, "data": "lang:ru", "forged": True})
    assert "callback_id" in forged

    state = await api.control("GET", "state")
    (chat,) = state["chats"]
    assert [message["text"] for message in chat["messages"]] == ["/start", "Тилди тандаңыз"]
    assert (chat["bot"], chat["started"], chat["keyboard"]) == (telegram.bot.id, True, None)
    assert state["bot"]["username"] == "jigerduu_demo_bot"


async def test_files_and_forms(telegram: Telegram, api: Api) -> None:
    telegram.person("Олег", person_id=7)
    url = f"{telegram.url}/sandbox/send"
    form = await api.http.post(
        url,
        data={"from": "7", "caption": "Договор"},
        files={"document": ("договор.pdf", b"%PDF", "application/pdf")},
    )
    document = form.json()["document"]
    assert (document["file_name"], document["mime_type"]) == ("договор.pdf", "application/pdf")
    content = await api.http.get(f"{telegram.url}/sandbox/files/{document['file_unique_id']}")
    assert content.content == b"%PDF"
    photo = await api.control("POST", "send", {"from": 7, "photo": True, "media_group": "x"})
    assert photo["photo"][-1]["width"] == 320
    voice = {"name": "a.ogg", "data": "T2dnUw=="}
    assert (await api.control("POST", "send", {"from": 7, "voice": voice}))["voice"][
        "file_size"
    ] == 4
    shared = await api.control("POST", "send", {"from": 7, "contact": True})
    assert shared["contact"]["user_id"] == 7
    place = {"latitude": 40.5, "longitude": 72.8}
    assert (await api.control("POST", "send", {"from": 7, "location": place}))["location"] == place


async def test_mistakes_are_told(telegram: Telegram, api: Api) -> None:
    telegram.person("Олег", person_id=7)
    for path, body, words in (
        ("send", {"from": 8, "text": "a"}, "there is no person 8"),
        ("send", {"text": "a"}, "'from' is needed or unknown"),
        ("send", {"from": 7}, "nothing to send: text, a file, contact or location is needed"),
        ("send", {"from": 7, "text": " "}, "an empty message can't be sent"),
        ("send", {"from": 7, "chat": -5, "text": "a"}, "there is no chat -5"),
        ("people", {"first_name": "Олег", "id": 7}, "the id 7 is taken or wrong"),
        ("nothing", {}, "no such call"),
    ):
        assert await api.control("POST", path, body) == {"error": words}


async def test_the_clock(telegram: Telegram, api: Api) -> None:
    telegram.person("Олег", person_id=7)
    before = (await api.control("GET", "clock"))["unix"]
    after = await api.control("POST", "clock", {"advance": 3600})
    assert 3600 <= after["unix"] - before < 3605
    await api.control("POST", "clock", {"now": "2027-03-08T09:00:00+06:00"})
    said = await api.control("POST", "send", {"from": 7, "text": "С праздником"})
    assert 0 <= said["date"] - 1804474800 < 5


async def test_many_messages_and_the_log_of_calls(telegram: Telegram, api: Api) -> None:
    crowd = [{"first_name": str(number), "id": number, "started": True} for number in range(1, 301)]
    assert len(await api.control("POST", "people", crowd)) == 300
    sent = await api.control(
        "POST", "send_many", [{"from": number, "text": "Суроо"} for number in range(1, 301)]
    )
    assert (sent["sent"], len(sent["message_ids"]), len(sent["at"])) == (300, 300, 300)
    assert len(await api.updates()) == 100
    for number in (1, 2):
        await api.done("sendMessage", chat_id=number, text="Жооп")
    await api.refused("sendMessage", chat_id=1, text="")
    log = await api.control("GET", "calls?brief=1&method=sendMessage")
    assert [(method, chat, ok) for _, _, method, chat, ok in log["calls"]] == [
        ("sendMessage", 1, True),
        ("sendMessage", 2, True),
        ("sendMessage", 1, False),
    ]
    page = await api.control("GET", "calls?limit=1")
    rest = await api.control("GET", f"calls?after={page['seq']}")
    assert [call["seq"] for call in page["calls"] + rest["calls"]] == [1, 2, 3]
    assert rest["calls"][-1]["error"] == "400 Bad Request: message text is empty"
    violations = await api.control("GET", "violations")
    assert [each["method"] for each in violations["violations"]] == ["sendMessage"]


async def test_a_new_world(telegram: Telegram, api: Api) -> None:
    oleg = telegram.person("Олег")
    await oleg.sends("привет")
    await api.control("POST", "reset", {})
    state = await api.control("GET", "state")
    assert (state["people"], state["chats"]) == ([], [])
    assert await api.updates() == []


async def test_groups_menus_and_reactions(telegram: Telegram, api: Api) -> None:
    telegram.person("Гүлнара", person_id=7, language_code="ky")
    group = await api.control(
        "POST", "chats",
        {"type": "supergroup", "title": "Партнёр", "is_forum": True, "members": [7], "bot": "administrator"},
    )  # fmt: skip
    assert (group["bot_status"], group["members"]) == (
        "administrator",
        [{"person": 7, "status": "creator"}],
    )
    topic = await api.control("POST", f"chats/{group['id']}/topics", {"from": 7, "name": "Дело"})
    body = {"from": 7, "chat": group["id"], "text": "Суть", "thread": topic["message_thread_id"]}
    said = await api.control("POST", "send", body)
    await api.control("POST", "react", {**body, "message_id": said["message_id"], "emoji": "👍"})
    await api.done(
        "setMyCommands",
        commands=[{"command": "cases", "description": "Дела"}],
        scope={"type": "chat_administrators", "chat_id": group["id"]},
    )
    menu = await api.control("GET", f"menu?person=7&chat={group['id']}")
    assert menu["commands"] == [{"command": "cases", "description": "Дела"}]
    state = await api.control("GET", "state")
    shown = next(chat for chat in state["chats"] if chat["id"] == group["id"])
    assert shown["messages"][-1]["reactions"] == [
        {"from": 7, "reaction": [{"type": "emoji", "emoji": "👍"}]}
    ]


# --- events -------------------------------------------------------------------------------------


class Events:
    """Reads a stream of Server-Sent Events."""

    def __init__(self, lines: AsyncIterator[str]) -> None:
        self._lines = lines

    async def next(self) -> dict[str, Any]:
        async with asyncio.timeout(5):
            async for line in self._lines:
                if line.startswith("data: "):
                    return dict(json.loads(line[6:]))
        raise AssertionError("the stream has ended")


@pytest_asyncio.fixture
async def streams(telegram: Telegram) -> AsyncIterator[Any]:
    """Open event streams; they are closed after the test."""
    async with httpx.AsyncClient(timeout=10) as http:
        opened = []

        async def open_stream(query: str) -> Events:
            request = http.build_request("GET", f"{telegram.url}/sandbox/events{query}")
            response = await http.send(request, stream=True)
            opened.append(response)
            return Events(response.aiter_lines())

        yield open_stream
        for response in opened:
            await response.aclose()


async def test_the_page_hears_of_everything(telegram: Telegram, api: Api, streams: Any) -> None:
    oleg = telegram.person("Олег")
    events = await streams("?after=0")
    await oleg.sends("привет")
    keyboard = {"keyboard": [[{"text": "Суд"}]]}
    sent = await api.done("sendMessage", chat_id=oleg.id, text="Темы", reply_markup=keyboard)
    await api.done("sendMessage", chat_id=oleg.id, text="Выберите")
    await api.done("deleteMessage", chat_id=oleg.id, message_id=sent["message_id"])
    oleg.blocks()
    telegram.advance(1)
    seen: list[dict[str, Any]] = []
    while not seen or seen[-1]["type"] != "clock":
        seen.append(await events.next())
    assert [event["type"] for event in seen] == [
        "bot", "person", "chat", "message", "message", "keyboard", "message", "keyboard", "delete",
        "blocked", "clock",
    ]  # fmt: skip
    assert seen[5]["keyboard"]["keyboard"] == [[{"text": "Суд"}]]
    assert seen[7]["keyboard"] is None, "the keyboard goes with its message"
    assert [event["seq"] for event in seen] == list(range(1, 12))

    again = await streams("?after=9")
    assert (await again.next())["type"] == "blocked"


async def test_a_reader_that_was_away_too_long_is_told(telegram: Telegram, streams: Any) -> None:
    oleg = telegram.person("Олег")
    for _ in range(telegram.world.events.records.maxlen or 0):
        telegram.world.event("bot")
    events = await streams("?after=1")
    assert (await events.next())["type"] == "reset"
    await oleg.sends("привет")
    assert (await events.next())["type"] == "chat"


# --- the process --------------------------------------------------------------------------------


async def test_the_sandbox_as_a_process_of_its_own() -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "sandbox", "--port", "0", stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    try:
        line = (await asyncio.wait_for(process.stdout.readline(), 20)).decode()
        url, token = line.split()[1], line.split()[-1]
        async with httpx.AsyncClient() as http:
            me = await http.get(f"{url}bot{token}/getMe")
            page = await http.get(url)
            outside = await http.get(f"{url}../server.py")
        assert me.json()["result"]["username"] == "jigerduu_demo_bot"
        assert page.headers["Content-Type"].startswith("text/html")
        assert outside.status_code == 404
    finally:
        process.terminate()
        await asyncio.wait_for(process.wait(), 10)
    assert process.returncode == 0
