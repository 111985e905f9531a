"""What Telegram refuses, in its own words, and what is noted as the bot's mistake."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox import Telegram
from tests.sandbox.conftest import Api

BUTTON = {"text": "A", "callback_data": "a"}


def inline(**button: Any) -> dict[str, Any]:
    return {"inline_keyboard": [[{"text": "A", **button}]]}


@pytest.mark.parametrize(
    ("params", "words"),
    [
        ({}, "message text is empty"),
        ({"text": " \n "}, "message text is empty"),
        ({"text": "<b></b>", "parse_mode": "HTML"}, "message text is empty"),
        ({"text": "а" * 4097}, "message is too long"),
        ({"text": "a", "parse_mode": "XML"}, "unsupported parse_mode"),
        ({"text": "a<", "parse_mode": "HTML"}, "can't parse entities: Unclosed start tag at byte offset 1"),
        ({"text": "a", "reply_markup": inline(callback_data="я" * 33)}, "BUTTON_DATA_INVALID"),
        ({"text": "a", "reply_markup": inline(callback_data="")}, "BUTTON_DATA_INVALID"),
        (
            {"text": "a", "reply_markup": inline(url="mailto:a@b.kg")},
            "inline keyboard button URL 'mailto:a@b.kg' is invalid: Unsupported URL protocol",
        ),
        (
            {"text": "a", "reply_markup": inline(url="tel:112")},
            "inline keyboard button URL 'tel:112' is invalid: Wrong HTTP URL",
        ),
        (
            {"text": "a", "reply_markup": inline()},
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
        ),
        (
            {"text": "a", "reply_markup": {"inline_keyboard": [BUTTON]}},
            "can't parse the request: field \"reply_markup.inline_keyboard[0]\" must be of type "
            "Array of InlineKeyboardButton",
        ),
        ({"text": "a", "reply_markup": {"inline_keyboard": [[BUTTON] * 101]}}, "reply markup is too long"),
        ({"text": "a", "reply_markup": "{"}, "can't parse reply keyboard markup JSON object"),
        ({"text": "a", "reply_markup": []}, "object expected as reply markup"),
        ({"text": "a", "entities": [{"type": "bold", "offset": 0}]}, None),
        ({"text": {"a": 1}}, None),
        ({"text": "a", "disable_notification": "perhaps"}, None),
    ],
)  # fmt: skip
async def test_messages_that_could_never_be_right(
    telegram: Telegram, api: Api, params: dict[str, Any], words: str | None
) -> None:
    oleg = telegram.person("Олег", started=True)
    description = await api.refused("sendMessage", chat_id=oleg.id, **params)
    if words is not None:
        assert description == f"Bad Request: {words}"
    (violation,) = telegram.world.violations.since(0)
    assert (violation["method"], violation["reason"]) == ("sendMessage", description)
    assert oleg.chat == []


async def test_the_limit_counts_what_is_shown(telegram: Telegram, api: Api) -> None:
    oleg = telegram.person("Олег", started=True)
    await api.done("sendMessage", chat_id=oleg.id, text=f"<b>{'а' * 4096}</b>", parse_mode="HTML")
    await api.refused("sendMessage", chat_id=oleg.id, text="😀" * 2049)
    await api.done("sendMessage", chat_id=oleg.id, text="😀" * 2048)


@pytest.mark.parametrize(
    ("method", "params", "words"),
    [
        ("sendMessage", {"text": "a"}, "chat_id is empty"),
        ("sendMessage", {"chat_id": 5, "text": "a"}, "chat not found"),
        ("sendMessage", {"chat_id": -100123, "text": "a"}, "chat not found"),
        ("sendMessage", {"chat_id": "@nowhere", "text": "a"}, "chat not found"),
        ("deleteMessage", {"chat_id": 1}, "message identifier is not specified"),
        ("getFile", {"file_id": "AgACAgIAAx"}, "wrong file identifier/HTTP URL specified"),
        ("setMyCommands", {"commands": [{"command": "Старт", "description": "x"}]}, "BOT_COMMAND_INVALID"),
        ("setMyCommands", {"commands": [{"command": "start", "description": ""}]}, "BOT_COMMAND_DESCRIPTION_INVALID"),
        ("setMyName", {"name": "x", "language_code": "kyr"}, "invalid language code specified"),
        ("answerCallbackQuery", {"callback_query_id": "1"},
         "query is too old and response timeout expired or query ID is invalid"),
        ("sendPoll", {"chat_id": 1, "question": "?", "options": []}, "poll can't have more than 12 options"),
    ],
)  # fmt: skip
async def test_requests_that_are_refused(
    api: Api, method: str, params: dict[str, Any], words: str
) -> None:
    assert await api.refused(method, **params) == f"Bad Request: {words}"


async def test_unknown_methods_and_parameters(telegram: Telegram, api: Api) -> None:
    oleg = telegram.person("Олег", started=True)
    assert await api.refused("sendMesage", chat_id=oleg.id, text="a") == "Not Found"
    await api.done("SENDMESSAGE", chat_id=oleg.id, text="a")  # names have no case
    await api.done("sendMessage", chat_id=oleg.id, text="b", parsemode="HTML")
    reasons = [violation["reason"] for violation in telegram.world.violations.since(0)]
    assert reasons == ["Not Found", "unknown fields ['parsemode']"]


async def test_what_the_sandbox_lacks_is_a_gap_and_no_violation(
    telegram: Telegram, api: Api
) -> None:
    words = await api.refused("getStarTransactions")
    assert words == "Bad Request: the sandbox does not act getStarTransactions out"
    assert telegram.world.gaps == {"getStarTransactions": 1}
    assert telegram.world.violations.since(0) == []


async def test_tokens(api: Api) -> None:
    assert await api.as_bot("nonsense").refused("getMe") == "Unauthorized"
    other = await api.as_bot("123456:AAE-another-token-of-the-usual-form-0").done("getMe")
    assert (other["id"], other["username"]) == (123456, "sandbox_1_bot")
    assert (await api.done("getMe"))["username"] == "jigerduu_demo_bot"


async def test_an_edit_that_changes_nothing(telegram: Telegram, api: Api) -> None:
    oleg = telegram.person("Олег", started=True)
    markup = {"inline_keyboard": [[BUTTON]]}
    same = {"chat_id": oleg.id, "text": "<b>a</b>", "parse_mode": "HTML"}
    sent = await api.done("sendMessage", **same, reply_markup=markup)
    same["message_id"] = sent["message_id"]
    assert await api.refused("editMessageText", **same, reply_markup=markup) == (
        "Bad Request: message is not modified: specified new message content and reply markup are "
        "exactly the same as a current content and reply markup of the message"
    )
    edited = await api.done("editMessageText", **same)  # without its buttons it isn't the same
    assert "reply_markup" not in edited and "edit_date" in edited
    await api.refused("editMessageText", **same)


async def test_edits_that_are_refused(telegram: Telegram, api: Api) -> None:
    oleg = telegram.person("Олег")
    said = await oleg.sends("моё")
    photo = await oleg.sends_photo(caption="снимок")
    sent = await api.done("sendMessage", chat_id=oleg.id, text="a")
    edit = {"chat_id": oleg.id, "text": "b"}
    assert await api.refused("editMessageText", **edit, message_id=99) == (
        "Bad Request: message to edit not found"
    )
    for theirs in (said.id, photo.id):
        words = await api.refused("editMessageText", **edit, message_id=theirs)
        assert words == "Bad Request: message can't be edited"
    assert (
        await api.refused(
            "editMessageCaption", chat_id=oleg.id, message_id=sent["message_id"], caption="c"
        )
        == "Bad Request: there is no caption in the message to edit"
    )
    assert await api.refused("editMessageText", chat_id=oleg.id, text="b") == (
        "Bad Request: message identifier is not specified"
    )
    await oleg.deletes(sent["message_id"])
    await api.refused("editMessageText", **edit, message_id=sent["message_id"])


async def test_parameters_come_in_every_form(telegram: Telegram, api: Api) -> None:
    oleg = telegram.person("Олег", started=True)
    url = f"{telegram.url}/bot{api.token}/sendMessage"
    form = {"chat_id": str(oleg.id), "text": "форма", "reply_markup": '{"remove_keyboard":true}'}
    query = await api.http.get(url, params={"chat_id": oleg.id, "text": "адрес"})
    answers = [
        query,
        await api.http.post(url, data=form),
        await api.http.post(url, files={name: (None, value) for name, value in form.items()}),
        await api.http.post(f"{telegram.url}/bot{api.token.replace(':', '%3A')}/sendMessage", json=form),
    ]  # fmt: skip
    assert [answer.json()["result"]["text"] for answer in answers] == ["адрес", *["форма"] * 3]
    broken = await api.http.post(url, content=b"{", headers={"Content-Type": "application/json"})
    assert (broken.status_code, broken.json()["ok"]) == (400, False)
    assert query.headers["Date"].endswith("GMT")
