"""Whatever a bot asks, it gets an answer in the Bot API's form: never a crash."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import sandbox
from sandbox.api import BotApi
from sandbox.methods import METHODS
from sandbox.people import Person
from sandbox.schema import Mismatch
from sandbox.world import World
from tests.sandbox.conftest import SCHEMA

API = json.loads((Path(sandbox.__file__).parent / "api.json").read_text(encoding="utf-8"))
PERSON, GROUP = 1001, -1_001_000_000_001
TEXTS = st.sampled_from(
    ["", "a", "<b>x</b>", "<", "*x*", "HTML", "0", "typing", "👍", "@x", "b" * 65]
)


def values(kind: str, depth: int) -> st.SearchStrategy[Any]:
    """Make values of a type as the description writes it."""
    if "|" in kind and not kind.startswith("Array of "):
        return st.one_of(*(values(each, depth) for each in kind.split("|")))
    if kind.startswith("Array of "):
        item = (
            kind.replace("Array of ", "", 1) if "|" not in kind else kind.replace("Array of ", "")
        )
        return st.lists(values(item, depth - 1), max_size=3) if depth > 0 else st.just([])
    simple = {
        "String": TEXTS,
        "Integer": st.sampled_from([-1, 0, 1, 2, 3, 5, 100, PERSON, GROUP, 2**40]),
        "Float": st.floats(-200, 200),
        "Boolean": st.booleans(),
    }
    if kind in simple:
        return simple[kind]
    if kind.startswith("="):
        return st.just(kind[1:])
    described = API["types"][kind]
    if "any_of" in described:
        return st.one_of(*(values(each, depth) for each in described["any_of"]))
    return objects(described, depth - 1) if kind != "InputFile" else TEXTS


def objects(described: dict[str, Any], depth: int) -> st.SearchStrategy[dict[str, Any]]:
    required = {name: values(kind, depth) for name, kind in described["required"].items()}
    optional = {name: values(kind, depth) for name, kind in described["optional"].items()}
    return st.fixed_dictionaries(required, optional=optional if depth > 0 else {})


def inhabited() -> World:
    """A world with somebody, a forum, and some messages in both chats."""
    world = World("7000000001:token")
    account = world.add_person("Олег", person_id=PERSON)
    person = Person(world, account)
    group = world.add_chat("supergroup", "Партнёр", is_forum=True)
    group.members[PERSON] = "creator"
    group.bots[world.bot.id] = "administrator"
    for chat in (person.private, group):
        person.sends_file("photo", None, "подпись", chat=chat)
        world.post(chat, {"from": world.bot.user, "text": "ответ"})
        world.post(chat, {"from": world.bot.user, "text": "ещё"})
    world.add_topic(group, 2, "Дело", 7322096)
    return world


@pytest.mark.parametrize("method", sorted(set(METHODS) - {"getUpdates", "setWebhook"}))
@settings(max_examples=6, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(data=st.data())
def test_every_method_answers(method: str, data: st.DataObject) -> None:
    world = inhabited()
    api = BotApi(world, SCHEMA)
    for _ in range(3):
        params = data.draw(objects(API["methods"][method], 4))
        status, body = asyncio.run(api.answer(world.bot.token, method, params))
        answer = json.loads(body)
        if answer["ok"]:
            strays: list[str] = []
            SCHEMA.methods[method.lower()].answer(answer["result"], strays)
            assert strays == []
        else:
            assert status == answer["error_code"]
            assert answer["description"].startswith(("Bad Request: ", "Forbidden: ", "Logged out"))


@settings(max_examples=40, deadline=None)
@given(st.dictionaries(st.sampled_from(["chat_id", "text", "reply_markup", "entities"]),
                       st.recursive(st.none() | st.booleans() | st.integers() | st.text(),
                                    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner))))  # fmt: skip
def test_any_json_is_read_or_refused(raw: dict[str, Any]) -> None:
    try:
        params, missing, _ = SCHEMA.methods["sendmessage"].read(raw)
    except Mismatch as mismatch:
        assert mismatch.path.split(".")[0].split("[")[0] in raw
    else:
        assert missing in (None, "chat_id", "text")
        assert set(params) <= set(raw)
