"""The sandbox inside another program: for tests."""

from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from sandbox.bots import Bot
from sandbox.chats import SharedChat
from sandbox.control import fill_chat
from sandbox.people import Person
from sandbox.server import Server
from sandbox.world import World

DEFAULT_TOKEN = "7000000001:sandbox-demo-token-of-no-value-at-all"  # noqa: S105 - opens nothing


_EARSHOT = 1000  # messages that wait for somebody who never listens


class Telegram:
    """A running sandbox.

    Attributes:
        url: for BOT_API_URL.
        world: everything in it.
    """

    def __init__(self, url: str, world: World) -> None:
        self.url = url
        self.world = world

    @property
    def bot(self) -> Bot:
        """The bot of the token that the sandbox was started with."""
        return self.world.bot

    def person(self, first_name: str, *, started: bool = False, **about: Any) -> Person:
        """Make a person who listens to the bot.

        Args:
            first_name: as others see it.
            started: whether the bot may write to them first.
            about: last_name, username, language_code, person_id, phone.
        """
        account = self.world.add_person(first_name, **about)
        account.ears = deque(maxlen=_EARSHOT)
        person = Person(self.world, account)
        person.private.started = started
        return person

    def group(
        self,
        title: str,
        people: list[Person],
        *,
        kind: str = "supergroup",
        bot: str = "administrator",
        is_forum: bool = False,
    ) -> SharedChat:
        """Make a group, supergroup or channel; the first of the people is its creator."""
        chat = self.world.add_chat(kind, title, is_forum=is_forum)
        fill_chat(self.world, chat, [person.account for person in people], self.bot, bot)
        return chat

    def advance(self, seconds: float) -> None:
        """Move the clock of this world forward."""
        self.world.clock.advance(seconds)
        self.world.moved()


@asynccontextmanager
async def running(
    port: int = 0, token: str = DEFAULT_TOKEN, host: str = "127.0.0.1"
) -> AsyncIterator[Telegram]:
    """Run a sandbox in the running event loop until the block ends."""
    world = World(token)
    server = Server(world)
    await server.start(host, port)
    try:
        yield Telegram(f"http://{host}:{server.port}", world)
    finally:
        await server.stop()
