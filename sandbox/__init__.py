"""A Telegram on this machine, for tests, benchmarks and the demo. See README.md."""

from sandbox.people import Person, Pressed, Seen
from sandbox.running import DEFAULT_TOKEN, Telegram, running
from sandbox.world import World

__all__ = ["DEFAULT_TOKEN", "Person", "Pressed", "Seen", "Telegram", "World", "running"]
