"""Checks requests (and, in tests, answers) against the Bot API's own description, `api.json`.

Every type is compiled once into a callable, so that a check costs a few dictionary look-ups.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

Json = dict[str, Any]
Check = Callable[[Any, list[str]], None]
"""Raises Mismatch for a wrong value; adds the names of unknown fields to the list."""

_ARRAY = "Array of "


class Mismatch(ValueError):
    """A value that isn't of the type it should be, and where it stands."""

    def __init__(self, expected: str, path: str = "") -> None:
        super().__init__(path, expected)
        self.expected = expected
        self.path = path

    def within(self, name: str) -> Mismatch:
        """Tell the same trouble one level further out."""
        path = f"{name}.{self.path}" if self.path and self.path[0] != "[" else f"{name}{self.path}"
        return Mismatch(self.expected, path)

    def __str__(self) -> str:
        where = f'field "{self.path}"' if self.path else "value"
        return f"{where} must be of type {self.expected}"


class Upload:
    """A file that came with a request as multipart/form-data."""

    __slots__ = ("content", "mime_type", "name")

    def __init__(self, name: str, content: bytes, mime_type: str = "") -> None:
        self.name = name
        self.content = content
        self.mime_type = mime_type


def _string(value: Any, strays: list[str]) -> None:
    if not isinstance(value, str):
        raise Mismatch("String")


def _integer(value: Any, strays: list[str]) -> None:
    if not isinstance(value, int) or isinstance(value, bool):
        raise Mismatch("Integer")


def _float(value: Any, strays: list[str]) -> None:
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise Mismatch("Float")


def _boolean(value: Any, strays: list[str]) -> None:
    if not isinstance(value, bool):
        raise Mismatch("Boolean")


def _input_file(value: Any, strays: list[str]) -> None:
    if not isinstance(value, Upload):
        raise Mismatch("InputFile")


def _literal(word: str) -> Check:
    def check(value: Any, strays: list[str]) -> None:
        if value != word:
            raise Mismatch(f'"{word}"')

    return check


class _Object:
    """A type with fields."""

    __slots__ = ("fields", "literals", "name", "required")

    def __init__(self, name: str) -> None:
        self.name = name
        self.fields: dict[str, Check] = {}
        self.required: frozenset[str] = frozenset()
        self.literals: dict[str, str] = {}

    def __call__(self, value: Any, strays: list[str]) -> None:
        if not isinstance(value, dict):
            raise Mismatch(self.name)
        fields = self.fields
        for name, item in value.items():
            check = fields.get(name)
            if check is None:
                strays.append(f"{self.name}.{name}")
            elif item is not None:
                try:
                    check(item, strays)
                except Mismatch as mismatch:
                    raise mismatch.within(name) from None
        if not self.required <= value.keys():
            missing = min(self.required - value.keys())
            raise Mismatch(f"{self.name}, which needs it", missing)

    def suits(self, value: Any) -> bool:
        """Tell whether a value may be meant as this type: its fixed words and required fields."""
        return (
            isinstance(value, dict)
            and self.required <= value.keys()
            and all(value.get(name) == word for name, word in self.literals.items())
        )


class _Array:
    __slots__ = ("item", "name")

    def __init__(self, name: str, item: Check) -> None:
        self.name = name
        self.item = item

    def __call__(self, value: Any, strays: list[str]) -> None:
        if not isinstance(value, list):
            raise Mismatch(self.name)
        for index, item in enumerate(value):
            try:
                self.item(item, strays)
            except Mismatch as mismatch:
                raise mismatch.within(f"[{index}]") from None


class _AnyOf:
    """One of several types; of objects, the one that fits with most of its required fields."""

    __slots__ = ("name", "objects", "others")

    def __init__(self, name: str) -> None:
        self.name = name
        self.objects: list[_Object] = []
        self.others: list[Check] = []

    def __call__(self, value: Any, strays: list[str]) -> None:
        if isinstance(value, dict):
            for candidate in self.objects:
                if candidate.suits(value):
                    return candidate(value, strays)
        for check in self.others:
            try:
                return check(value, strays)
            except Mismatch:
                continue
        raise Mismatch(self.name)

    def offer(self, checks: list[Check]) -> None:
        """Set what may be chosen from; call it when the objects among them have their fields."""
        for check in checks:
            if isinstance(check, _AnyOf):
                self.objects += check.objects
                self.others += check.others
            elif isinstance(check, _Object):
                self.objects.append(check)
            else:
                self.others.append(check)
        self.objects.sort(key=lambda each: -len(each.required))


class Method:
    """One method of the Bot API: what it takes and what it answers."""

    __slots__ = ("answer", "name", "parameters", "required")

    def __init__(
        self,
        name: str,
        parameters: dict[str, Callable[[Any, list[str]], Any]],
        required: tuple[str, ...],
        answer: Check,
    ) -> None:
        self.name = name
        self.parameters = parameters
        self.required = required
        self.answer = answer

    def read(self, raw: Mapping[str, Any]) -> tuple[Json, str | None, list[str]]:
        """Convert the parameters of a request as they came (form text, JSON, uploads).

        Returns:
            the parameters as JSON values; the first required one that is missing, or None;
            names that the description doesn't know.

        Raises:
            Mismatch: a value can't be of its parameter's type.
        """
        strays: list[str] = []
        parameters: Json = {}
        for name, value in raw.items():
            convert = self.parameters.get(name)
            if convert is None:
                if not isinstance(value, Upload):  # those are named by attach://
                    strays.append(name)
            elif value is not None:
                try:
                    converted = convert(value, strays)
                except Mismatch as mismatch:
                    raise mismatch.within(name) from None
                if converted is not None:
                    parameters[name] = converted
        missing = next((name for name in self.required if name not in parameters), None)
        return parameters, missing, strays


class Schema:
    """The whole description, compiled. `methods` is keyed by the method's name in lower case."""

    def __init__(self, description: Json) -> None:
        self.version: str = description["version"]
        self._checks: dict[str, Check] = {
            "String": _string,
            "Integer": _integer,
            "Float": _float,
            "Boolean": _boolean,
        }
        self._unions: list[tuple[_AnyOf, list[str]]] = []
        kinds: dict[str, Json] = description["types"]
        for name, kind in kinds.items():
            if "any_of" in kind:
                self._unite(name, kind["any_of"])
            else:
                self._checks[name] = _input_file if name == "InputFile" else _Object(name)
        for name, kind in kinds.items():
            target = self._checks[name]
            if isinstance(target, _Object):
                self._fill(target, kind)
        self.methods = {
            name.lower(): self._method(name, kind) for name, kind in description["methods"].items()
        }
        for union, members in self._unions:
            union.offer([self.type(member) for member in members])

    @classmethod
    def load(cls) -> Schema:
        """Read the description that lies beside this module."""
        return cls(json.loads((Path(__file__).parent / "api.json").read_text(encoding="utf-8")))

    def fields(self, name: str) -> set[str]:
        """Return the names of a type's fields."""
        check = self._checks[name]
        return set(check.fields) if isinstance(check, _Object) else set()

    def type(self, name: str) -> Check:
        """Return the check of a type as the description writes it: `Array of Update`, `A|B`."""
        check = self._checks.get(name)
        if check is None:
            if name.startswith(_ARRAY) and "|" in name:  # of several types, also mixed
                items = name.replace(_ARRAY, "").split("|")
                check = self._checks[name] = _Array(name, self._unite("|".join(items), items))
            elif "|" in name:
                check = self._unite(name, name.split("|"))
            elif name.startswith(_ARRAY):
                check = self._checks[name] = _Array(name, self.type(name.removeprefix(_ARRAY)))
            else:
                check = self._checks[name] = _literal(name.removeprefix("="))
        return check

    def _unite(self, name: str, members: list[str]) -> _AnyOf:
        union = self._checks[name] = _AnyOf(name)
        self._unions.append((union, members))
        return union

    def _fill(self, target: _Object, kind: Json) -> None:
        required: dict[str, str] = kind["required"]
        target.fields = {
            name: self.type(each) for name, each in {**required, **kind["optional"]}.items()
        }
        target.required = frozenset(required)
        target.literals = {name: each[1:] for name, each in required.items() if each[0] == "="}

    def _method(self, name: str, kind: Json) -> Method:
        return Method(
            name,
            {
                field: _reader(each, self.type(each))
                for field, each in {**kind["required"], **kind["optional"]}.items()
            },
            tuple(kind["required"]),
            self.type(kind["returns"]),
        )


def _reader(name: str, check: Check) -> Callable[[Any, list[str]], Any]:
    """Make the function that reads a parameter: what comes as form text is text all through.

    It returns None for an empty text where a text can't be meant: Telegram takes that as absent.
    """
    simple = {
        "String": _read_string,
        "Integer": _read_integer,
        "Float": _read_float,
        "Boolean": _read_boolean,
        "Integer|String": _read_chat_id,
        "InputFile|String": _read_file,
        "InputFile": _read_file,
    }
    if name in simple:
        return simple[name]

    def read(value: Any, strays: list[str]) -> Any:
        if isinstance(value, str):
            if not value:
                return None
            try:
                value = json.loads(value)
            except ValueError:
                raise Mismatch(f"{name} in JSON") from None
        check(value, strays)
        return value

    return read


def _read_string(value: Any, strays: list[str]) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    raise Mismatch("String")


def _read_integer(value: Any, strays: list[str]) -> int | None:
    if isinstance(value, str):
        if not value:
            return None
        try:
            return int(value)
        except ValueError:
            raise Mismatch("Integer") from None
    _integer(value, strays)
    return int(value)


def _read_float(value: Any, strays: list[str]) -> float | None:
    if isinstance(value, str):
        if not value:
            return None
        try:
            return float(value)
        except ValueError:
            raise Mismatch("Float") from None
    _float(value, strays)
    return float(value)


def _read_boolean(value: Any, strays: list[str]) -> bool | None:
    if isinstance(value, bool):
        return value
    word = str(value).lower()
    if word in ("true", "yes", "1"):
        return True
    if word in ("false", "no", "0"):
        return False
    if word == "":
        return None
    raise Mismatch("Boolean")


def _read_chat_id(value: Any, strays: list[str]) -> int | str | None:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if not isinstance(value, str):
        raise Mismatch("Integer or String")
    try:
        return int(value)
    except ValueError:
        return value or None


def _read_file(value: Any, strays: list[str]) -> Upload | str:
    if isinstance(value, Upload | str):
        return value
    raise Mismatch("InputFile or String")
