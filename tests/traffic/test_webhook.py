"""Updates come in by webhook as they do by polling; only Telegram may bring them."""

import asyncio
import json
import socket

import aiohttp
from pydantic import SecretStr

from tests.conftest import Office, _open_office, eventually

SECRET = "a-secret-of-the-test"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def test_a_citizen_is_answered_over_a_webhook(database_url: str) -> None:
    port = free_port()
    async with _open_office(
        database_url,
        webhook_url=f"http://127.0.0.1:{port}/hook",
        webhook_secret=SecretStr(SECRET),
        port=port,
    ) as office:
        await eventually(lambda: bool(office.telegram.bot.webhook), 10)
        oleg = await office.citizen("Олег", "ru")
        await oleg.sends("как развестись если есть дети")
        await oleg.sees("Развод")
        await _strangers_are_refused(f"http://127.0.0.1:{port}", office)
        assert office.violations == []


async def _strangers_are_refused(address: str, office: Office) -> None:
    stranger = office.newcomer("Чужой", "ru")
    forged = {
        "update_id": 5,
        "message": {
            "message_id": 1,
            "date": 1,
            "chat": {"id": stranger.id, "type": "private"},
            "from": {"id": stranger.id, "is_bot": False, "first_name": "Чужой"},
            "text": "/start",
        },
    }
    header = "X-Telegram-Bot-Api-Secret-Token"
    async with aiohttp.ClientSession() as http:
        for secret in ("", "wrong", "не латиница"):
            headers = {header: secret.encode().decode("latin-1")}
            async with http.post(f"{address}/hook", json=forged, headers=headers) as answer:
                assert answer.status == 403
        for body in ("", "[]", "{}", '{"update_id": "x"}', "null"):
            async with http.post(f"{address}/hook", data=body, headers={header: SECRET}) as answer:
                assert answer.status == 400, body
        async with http.get(f"{address}/healthz") as answer:
            assert answer.status == 200
        async with http.get(f"{address}/readyz") as answer:
            assert answer.status == 200
        async with http.get(f"{address}/metrics") as answer:
            assert "bot_inbox_waiting" in await answer.text()
    await asyncio.sleep(0.2)
    assert stranger.chat == []


async def test_an_update_of_a_kind_nobody_knows_is_taken_and_done_with(office: Office) -> None:
    oleg = await office.citizen("Олег", "ru")
    assert office.bot is not None
    await office.bot.intake.receive(
        [
            {"update_id": 10**9, "something_new": {"from": {"id": oleg.id}, "x": 1}},
            {"update_id": 10**9 + 1},
            {"update_id": 10**9 + 2, "message": {"message_id": 1}},
            json.loads('{"update_id": 1000000003, "poll": null}'),
        ]
    )
    await oleg.sends("как развестись если есть дети")
    await oleg.sees("Развод")
