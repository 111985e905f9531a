"""The Bot API itself: from a request's parameters to the answer's JSON."""

import json
import time
from collections.abc import Awaitable
from inspect import isawaitable
from typing import Any

from sandbox.bots import Bot
from sandbox.errors import Refused, malformed
from sandbox.faults import Lost
from sandbox.methods import METHODS, Call
from sandbox.methods.call import refuse_gap
from sandbox.methods.updates import learn_kinds
from sandbox.schema import Method, Mismatch, Schema, Upload
from sandbox.world import World

Json = dict[str, Any]

_encode = json.JSONEncoder(separators=(",", ":"), check_circular=False).encode

_MISSING = {
    "chat_id": "chat_id is empty",
    "from_chat_id": "from_chat_id is empty",
    "text": "message text is empty",
    "message_id": "message identifier is not specified",
    "callback_query_id": "query is too old and response timeout expired or query ID is invalid",
    "user_id": "user identifier is not specified",
    "file_id": "file_id not specified",
}
"""Telegram's words for a parameter that isn't there."""


def encode(value: Any) -> bytes:
    """Write JSON as Telegram does: short, and in ASCII."""
    return _encode(value).encode()


class BotApi:
    """Answers the calls of all bots of a world."""

    def __init__(self, world: World, schema: Schema | None = None) -> None:
        self.world = world
        self.schema = schema or Schema.load()
        learn_kinds(self.schema)

    async def answer(self, token: str, name: str, raw: Json) -> tuple[int, bytes]:
        """Carry a request out and return the HTTP status and the body of its answer.

        Args:
            token: as in the address.
            name: of the method, in any case.
            raw: parameters as they came; uploads as `Upload`.

        Raises:
            Lost: the connection is to be cut instead.
        """
        lost: Lost | None = None
        bot: Bot | None = None
        params: Json = raw
        method = self.schema.methods.get(name.lower())
        try:
            bot = self.world.bot_by_token(token)
            if bot.closed_until > self.world.clock.now():
                raise Refused(400, "Logged out")
            if method is None:
                raise Refused(404, "Not Found", violation=True)
            params = self._read(bot, method, raw)
            if self.world.faults.active:
                try:
                    self.world.faults.check(bot.id, method.name, params)
                except Lost as fault:
                    if not fault.done:
                        raise
                    lost = fault
            result = self._call(bot, method, params, raw)
            if isawaitable(result):
                result = await result
                if self.world.faults.outage():  # it began while the bot waited
                    raise Lost(done=False)
        except Refused as refusal:
            body = self._refused(bot, method.name if method else name, params, refusal)
            return refusal.code, body
        if method.name != "getUpdates":
            self._log(bot, method.name, params, ok=True, result=result)
        if lost is not None:
            raise lost
        return 200, b'{"ok":true,"result":' + encode(result) + b"}"

    def _read(self, bot: Bot, method: Method, raw: Json) -> Json:
        try:
            params, missing, strays = method.read(raw)
        except Mismatch as mismatch:
            raise malformed(_misread(mismatch)) from None
        if strays:  # Telegram ignores them, but nobody sends them on purpose
            self.world.violation(bot, method.name, f"unknown fields {strays}", params)
        if missing is not None:
            raise malformed(_MISSING.get(missing, f'parameter "{missing}" is required'))
        return params

    def _call(self, bot: Bot, method: Method, params: Json, raw: Json) -> Any | Awaitable[Any]:
        handler = METHODS.get(method.name)
        if handler is None:
            self.world.gaps[method.name] = self.world.gaps.get(method.name, 0) + 1
            raise refuse_gap(method.name)
        files = {name: value for name, value in raw.items() if isinstance(value, Upload)}
        return handler(Call(self.world, bot, params, files))

    def _refused(self, bot: Bot | None, name: str, params: Json, refusal: Refused) -> bytes:
        if refusal.violation:
            self.world.violation(bot, name, refusal.description, loggable(params))
        self._log(bot, name, params, ok=False, error=f"{refusal.code} {refusal.description}")
        answer: Json = {
            "ok": False,
            "error_code": refusal.code,
            "description": refusal.description,
        }
        if refusal.parameters:
            answer["parameters"] = refusal.parameters
        return encode(answer)

    def _log(self, bot: Bot | None, name: str, params: Json, **outcome: Any) -> None:
        self.world.calls.add(
            {
                "at": time.time(),
                "bot": bot.id if bot else None,
                "method": name,
                "params": loggable(params),
                **outcome,
            }
        )


def _misread(mismatch: Mismatch) -> str:
    """Return Telegram's words for a value of the wrong type, or the sandbox's where it has none."""
    if mismatch.path == "reply_markup":
        if mismatch.expected.endswith("in JSON"):
            return "can't parse reply keyboard markup JSON object"
        return "object expected as reply markup"
    return f"can't parse the request: {mismatch}"


def loggable(params: Json) -> Json:
    """Put a file's name and size in its place."""
    if any(isinstance(value, Upload) for value in params.values()):
        return {
            name: {"file": value.name, "size": len(value.content)}
            if isinstance(value, Upload)
            else value
            for name, value in params.items()
        }
    return params
