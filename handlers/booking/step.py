"""What one question of the booking is made of."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import Enum, auto
from typing import ClassVar

from handlers.booking.draft import Draft
from handlers.context import BotContext
from handlers.screens import Button, Screen


class Heard(Enum):
    """What a press or a text was to a question."""

    NOTHING = auto()  # no answer to it
    MORE = auto()  # it stays open
    ANSWER = auto()


class Unclear(Exception):
    """It was meant as an answer; `message` is the sentence that says what is wrong with it."""

    def __init__(self, message: str) -> None:
        """Take the sentence as the person is to read it."""
        super().__init__()
        self.message = message


class Step:
    """One question: a screen, and what may be pressed or written as its answer."""

    name: ClassVar[str]

    def is_asked(self, draft: Draft) -> bool:
        """Whether it has to be asked at all, as things stand."""
        return True

    async def screen(self, context: BotContext, draft: Draft) -> Screen:
        """The question with the buttons of its answers."""
        raise NotImplementedError

    async def pressed(self, context: BotContext, draft: Draft, args: list[str]) -> Heard:
        """Take a press; button data is untrusted."""
        return Heard.NOTHING

    async def typed(self, context: BotContext, draft: Draft, text: str) -> Heard:
        """Take a text; raises Unclear. What is no answer is a question as ever."""
        return Heard.NOTHING

    def button(self, label: str, *args: object) -> Button:
        """A button that answers this question."""
        return Button(label, ":".join(["bk", self.name, *map(str, args)]))


def named(options: Mapping[str, str], typed: str) -> str | None:
    """The option (by its label) that was typed instead of pressed: all of its name, or a word of it."""
    said = _words(typed)
    whole = [key for key, label in options.items() if _words(label) == said]
    if not whole and len(said) == 1 and len(said[0]) >= len("чат"):
        whole = [key for key, label in options.items() if said[0] in _words(label)]
    return whole[0] if len(whole) == 1 else None


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W\d_]+", text.lower())


def one_line(context: BotContext, typed: str, most: int) -> str:
    """A name as it was typed, without signs that can't be seen; raises Unclear for what can't be one."""
    line = " ".join("".join(filter(str.isprintable, " ".join(typed.split()))).split())
    if not any(map(str.isalpha, line)):
        raise Unclear(context.t("Please write it in letters."))
    if len(line) > most:
        raise Unclear(context.t("Please write it shorter."))
    return line


def is_question(context: BotContext, typed: str) -> bool:
    """Tell whether a text is rather a question in between than a name or a number."""
    if "?" in typed:
        return True
    result = context.resources.searcher.ask(typed)
    return result.danger is not None or (result.sure and len(typed.split()) > 2)
