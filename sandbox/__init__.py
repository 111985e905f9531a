"""A Telegram on this machine, for tests, benchmarks and the demo. See README.md."""

import json
from pathlib import Path
from typing import Any

from sandbox.people import Person, Pressed, Seen
from sandbox.running import DEFAULT_TOKEN, Telegram, running
from sandbox.world import World

__all__ = ["DEFAULT_TOKEN", "Person", "Pressed", "Seen", "Telegram", "World", "cast", "running"]


def cast() -> dict[str, Any]:
    """The made-up people of the page's phones, by phone."""
    told: dict[str, Any] = json.loads((Path(__file__).parent / "page" / "cast.json").read_text())
    people: dict[str, Any] = told["people"]
    return people
