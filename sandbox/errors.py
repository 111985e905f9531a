"""The one way in which the sandbox says no."""

from typing import Any


class Refused(Exception):
    """A request that Telegram answers with an error.

    Attributes:
        code: as in the answer's `error_code` and its HTTP status.
        description: Telegram's own words, with their prefix ("Bad Request: …").
        parameters: the answer's `parameters` (`retry_after` in seconds), or None.
        violation: whether the request itself was malformed, whatever the world is like;
            such requests are listed under `/sandbox/violations`.
    """

    def __init__(
        self,
        code: int,
        description: str,
        *,
        parameters: dict[str, Any] | None = None,
        violation: bool = False,
    ) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters
        self.violation = violation


def bad(description: str) -> Refused:
    """Make a 400 that depends on the state of the world: an honest bot can meet it."""
    return Refused(400, f"Bad Request: {description}")


def malformed(description: str) -> Refused:
    """Make a 400 for a request that could never have been right: the bot has a mistake."""
    return Refused(400, f"Bad Request: {description}", violation=True)


def forbidden(description: str) -> Refused:
    """Make a 403."""
    return Refused(403, f"Forbidden: {description}")
