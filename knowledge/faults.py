"""What is wrong in a file of the knowledge base, and how to put it right: one line each."""

import difflib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

Level = Literal["error", "warning", "note"]
"""An error must be put right; a warning wants somebody's attention by a day; a note may wait."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong."""

    file: Path
    what: str
    cure: str
    level: Level = "error"

    def __str__(self) -> str:
        mark = "" if self.level == "error" else f"{self.level}: "
        return f"{self.file}: {mark}{self.what}: {self.cure}"


class KnowledgeFaulty(Exception):
    """The knowledge base holds files that cannot be used; `faults` names every one."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("\n".join(map(str, faults)))
        self.faults = tuple(faults)


def from_validation(
    file: Path, error: ValidationError, model: type[BaseModel], within: Iterable[str] = ()
) -> Iterator[Fault]:
    """Say in plain words what pydantic found; `within` is where in the file the model stands."""
    details = error.errors(include_url=False)
    for detail in details:
        if detail["type"] == "too_short" and _spoiled(detail["loc"], details):
            continue  # pydantic leaves a faulty item out, and then misses it
        place = _place((*within, *detail["loc"]))
        what, cure = _explained(detail, place, model)
        yield Fault(file, what, cure)


def _spoiled(place: tuple[str | int, ...], details: Iterable[ErrorDetails]) -> bool:
    """Tell whether a list lacks items only because they are faulty."""
    return any(
        len(detail["loc"]) > len(place) and detail["loc"][: len(place)] == place
        for detail in details
    )


def _explained(detail: ErrorDetails, place: str, model: type[BaseModel]) -> tuple[str, str]:
    given = detail["input"]
    match detail["type"]:
        case "missing":
            return f"`{place}` is missing", "add it"
        case "extra_forbidden":
            key = str(detail["loc"][-1])
            return f"`{place}` is no key of this format", _suggestion(key, model)
        case "string_type" if isinstance(given, dict):
            return f"`{place}` is not one sentence", "put it in quotes, it holds a colon"
        case "string_type" if given is None:
            return f"`{place}` is empty", "fill it in, or leave the key out"
        case "string_type":
            return f"`{place}` is not a text", f'put it in quotes: "{given}"'
        case "tuple_type":
            return f"`{place}` is not a list", "write it as [ … ] or with a dash before each item"
        case "too_short":
            return f"`{place}` is empty", "add at least one"
        case "value_error":
            what, _, cure = detail["msg"].removeprefix("Value error, ").partition(": ")
            return (f"`{place}` {what}" if place else what), cure or "correct it"
        case _:
            return f"`{place}` is «{given}»", detail["msg"][:1].lower() + detail["msg"][1:]


def _place(path: Sequence[str | int]) -> str:
    place = ""
    for step in path:
        place += f"[{step}]" if isinstance(step, int) else f".{step}"
    return place.removeprefix(".")


def _suggestion(key: str, model: type[BaseModel]) -> str:
    near = difflib.get_close_matches(key, _keys(model), n=1, cutoff=0.7)
    return f"did you mean `{near[0]}`?" if near else "remove it, or see docs/articles.md"


def _keys(model: type[BaseModel]) -> list[str]:
    """Return the keys of a model and of the models in it."""
    keys: dict[str, None] = {}
    for name, field in model.model_fields.items():
        keys[field.alias or name] = None
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            keys |= dict.fromkeys(_keys(field.annotation))
    return list(keys)
