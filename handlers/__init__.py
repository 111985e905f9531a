"""Conversations: one module a capability, its keyboards and message views. No SQL, no rules."""

from __future__ import annotations

from handlers import (
    articles,
    ask,
    browse,
    consultations,
    contacts,
    danger,
    groups,
    inline,
    others,
    privacy,
    repeats,
    roles,
    settings,
    start,
)
from handlers.context import BotApplication


def register(application: BotApplication) -> None:
    """Let every conversation listen. Of one group the first that fits takes an update."""
    for part in (
        repeats,
        groups,
        start,
        articles,
        browse,
        contacts,
        consultations,
        danger,
        settings,
        roles,
        privacy,
    ):
        part.register(application)
    others.register_menu(application)
    others.register(application)
    inline.register(application)
    ask.register(application)
    others.register_last(application)
