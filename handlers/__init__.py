"""Conversations: one module a capability, its keyboards and message views. No SQL, no rules."""

from __future__ import annotations

from handlers import (
    articles,
    ask,
    browse,
    consultations,
    contacts,
    corrections,
    curation,
    danger,
    dialogs,
    groups,
    inline,
    others,
    privacy,
    repeats,
    roles,
    settings,
    start,
    unanswered,
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
        unanswered,
        curation,
        corrections,
    ):
        part.register(application)
    dialogs.register(
        application,
        {
            settings.DIALOG: settings.place_typed,
            unanswered.DIALOG: unanswered.typed,
            curation.DIALOG: curation.typed,
            curation.CORRECTION: corrections.typed,
        },
    )
    others.register_menu(application)
    others.register(application)
    inline.register(application)
    ask.register(application)
    others.register_last(application)
