"""How updates reach a bot: by asking, and by webhook."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from email.utils import parsedate_to_datetime
from typing import Any

import pytest_asyncio
from aiohttp import web

from sandbox import Telegram
from tests.sandbox.conftest import Api


async def until(condition: Any, seconds: float = 5) -> None:
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110 - what it waits for has no event of its own
            await asyncio.sleep(0.005)


async def test_an_offset_confirms_everything_before_it(telegram: Telegram, api: Api) -> None:
    oleg = telegram.person("Олег")
    for number in range(5):
        await oleg.sends(str(number))
    batch = await api.updates(limit=3)
    assert [update["message"]["text"] for update in batch] == ["0", "1", "2"]
    assert batch == await api.updates(limit=3), "nothing is confirmed yet"
    rest = await api.updates(offset=batch[1]["update_id"] + 1)
    assert [update["message"]["text"] for update in rest] == ["2", "3", "4"]
    (last,) = await api.updates(offset=-1)
    assert last["message"]["text"] == "4"
    assert await api.updates(offset=last["update_id"] + 1) == []


async def test_a_long_poll_returns_as_soon_as_somebody_writes(telegram: Telegram, api: Api) -> None:
    oleg = telegram.person("Олег")
    poll = asyncio.create_task(api.updates(timeout=20))
    await until(lambda: telegram.bot.updates.polled)
    await oleg.sends("я тут")
    (update,) = await poll
    assert update["message"]["text"] == "я тут"


async def test_a_second_poll_ends_the_first(telegram: Telegram, api: Api) -> None:
    first = asyncio.create_task(api("getUpdates", timeout=20))
    await until(lambda: telegram.bot.updates.polled)
    assert await api.updates() == []
    assert (await first)["description"] == (
        "Conflict: terminated by other getUpdates request; "
        "make sure that only one bot instance is running"
    )


async def test_moving_the_clock_wakes_a_poll_and_shows_in_the_date_header(
    telegram: Telegram, api: Api
) -> None:
    poll = asyncio.create_task(
        api.http.get(f"{telegram.url}/bot{api.token}/getUpdates", params={"timeout": 20})
    )
    await until(lambda: telegram.bot.updates.polled)
    telegram.advance(3 * 86400)
    answer = await poll
    assert answer.json()["result"] == []
    ahead = parsedate_to_datetime(answer.headers["Date"]).timestamp() - time.time()
    assert 3 * 86400 - 5 < ahead < 3 * 86400 + 5


async def test_allowed_updates_are_remembered(telegram: Telegram, api: Api) -> None:
    oleg = telegram.person("Олег")
    await api.updates(allowed_updates=["callback_query", "message_reaction"])
    said = await oleg.sends("мимо")
    await oleg.reacts(said, "👍")
    (update,) = await api.updates()
    assert update["message_reaction"]["new_reaction"] == [{"type": "emoji", "emoji": "👍"}]
    await api.updates(allowed_updates=[], offset=update["update_id"] + 1)
    await oleg.sends("снова видно")
    assert len(await api.updates()) == 1
    await api.updates(allowed_updates=["mesage"])
    (violation,) = telegram.world.violations.since(0)
    assert violation["reason"] == "unknown kinds of updates ['mesage']"


async def test_updates_are_kept_for_a_day(telegram: Telegram, api: Api) -> None:
    oleg = telegram.person("Олег")
    await oleg.sends("вчера")
    telegram.advance(23 * 3600)
    await oleg.sends("сегодня")
    telegram.advance(2 * 3600)
    assert [update["message"]["text"] for update in await api.updates()] == ["сегодня"]


# --- webhooks -----------------------------------------------------------------------------------


class Hook:
    """A bot's web server that notes what comes and answers as told."""

    def __init__(self) -> None:
        self.url = ""
        self.texts: list[str] = []
        self.secrets: set[str | None] = set()
        self.fails: dict[str, int] = {}  # by text: how often to answer 500
        self.slow: set[str] = set()
        self.answer: dict[str, Any] | None = None
        self.at_once = 0
        self.most_at_once = 0

    async def take(self, request: web.Request) -> web.Response:
        text = (await request.json())["message"]["text"]
        self.secrets.add(request.headers.get("X-Telegram-Bot-Api-Secret-Token"))
        if self.fails.get(text, 0) > 0:
            self.fails[text] -= 1
            return web.Response(status=500)
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        if text in self.slow:
            await asyncio.sleep(0.05)
        self.at_once -= 1
        self.texts.append(text)
        return web.json_response(self.answer) if self.answer else web.Response()


@pytest_asyncio.fixture
async def hook() -> AsyncIterator[Hook]:
    hook = Hook()
    app = web.Application()
    app.router.add_post("/hook", hook.take)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    hook.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    yield hook
    await runner.cleanup()


async def test_a_webhook_gets_updates_with_its_secret(
    telegram: Telegram, api: Api, hook: Hook
) -> None:
    oleg = telegram.person("Олег")
    await oleg.sends("до")
    await api.done("setWebhook", url=hook.url, secret_token="a-secret")
    await oleg.sends("после")
    await until(lambda: hook.texts == ["до", "после"])
    assert hook.secrets == {"a-secret"}
    assert (await api.done("getWebhookInfo"))["pending_update_count"] == 0
    assert (await api.refused("getUpdates")).startswith("Conflict: can't use getUpdates method")


async def test_a_failing_webhook_is_asked_again_and_keeps_each_chat_in_order(
    telegram: Telegram, api: Api, hook: Hook
) -> None:
    oleg, ainura = telegram.person("Олег"), telegram.person("Айнура")
    hook.fails = {"раз": 2}
    await api.done("setWebhook", url=hook.url)
    await oleg.sends("раз")
    await oleg.sends("два")
    await ainura.sends("үч")
    await until(lambda: len(hook.texts) == 3)
    assert hook.texts == ["үч", "раз", "два"]
    info = await api.done("getWebhookInfo")
    assert info["last_error_message"] == (
        "Wrong response from the webhook: 500 Internal Server Error"
    )


async def test_max_connections_holds(telegram: Telegram, api: Api, hook: Hook) -> None:
    people = [telegram.person(str(number)) for number in range(6)]
    hook.slow = {person.account.user["first_name"] for person in people}
    await api.done("setWebhook", url=hook.url, max_connections=2)
    for person in people:
        await person.sends(person.account.user["first_name"])
    await until(lambda: len(hook.texts) == 6)
    assert hook.most_at_once == 2


async def test_what_a_webhook_did_not_take_is_there_for_get_updates(
    telegram: Telegram, api: Api, hook: Hook
) -> None:
    oleg = telegram.person("Олег")
    hook.fails = {"раз": 99}
    await api.done("setWebhook", url=hook.url)
    await oleg.sends("раз")
    await oleg.sends("два")
    await until(lambda: hook.fails["раз"] < 99)
    await api.done("deleteWebhook")
    texts = [update["message"]["text"] for update in await api.updates()]
    assert texts == ["раз", "два"]


async def test_a_method_in_the_answer_is_carried_out(
    telegram: Telegram, api: Api, hook: Hook
) -> None:
    oleg = telegram.person("Олег")
    hook.answer = {"method": "sendMessage", "chat_id": oleg.id, "text": "сразу"}
    await api.done("setWebhook", url=hook.url)
    await oleg.sends("привет")
    await oleg.sees("сразу")


async def test_addresses_that_telegram_does_not_take(api: Api) -> None:
    for url, words in (
        ("http://bot.example.org/hook", "An HTTPS URL must be provided for webhook"),
        ("https://bot.example.org:1234/hook",
         "Webhook can be set up only on ports 80, 88, 443 or 8443"),
    ):  # fmt: skip
        assert await api.refused("setWebhook", url=url) == f"Bad Request: bad webhook: {words}"
    assert await api.refused("setWebhook", url="http://localhost/", secret_token="два слова") == (
        "Bad Request: secret token contains unallowed characters"
    )
