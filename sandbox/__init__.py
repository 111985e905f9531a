"""A Telegram on this machine, for tests, benchmarks and the demo. See README.md."""

import json
from pathlib import Path
from typing import Any

from sandbox.people import Person, Pressed, Seen
from sandbox.running import DEFAULT_TOKEN, Telegram, running
from sandbox.world import World

__all__ = [
    "DEFAULT_TOKEN",
    "Person",
    "Pressed",
    "Seen",
    "Telegram",
    "World",
    "cast",
    "groups",
    "running",
]


def _made_up() -> dict[str, Any]:
    told: dict[str, Any] = json.loads((Path(__file__).parent / "page" / "cast.json").read_text())
    return told


def cast() -> dict[str, Any]:
    """The made-up people of the page's phones, by phone."""
    people: dict[str, Any] = _made_up()["people"]
    return people


def groups() -> dict[str, Any]:
    """The made-up groups of the page, by the phone that shows them."""
    shared: dict[str, Any] = _made_up()["groups"]
    return shared
