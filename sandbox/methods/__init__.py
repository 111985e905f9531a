"""The methods of the Bot API that the sandbox acts out, a module for each family."""

from sandbox.methods import (
    chats,
    editing,
    media,
    profile,
    queries,
    sending,
    topics,
    updates,
)
from sandbox.methods.call import METHODS, Call

__all__ = [
    "METHODS",
    "Call",
    "chats",
    "editing",
    "media",
    "profile",
    "queries",
    "sending",
    "topics",
    "updates",
]
