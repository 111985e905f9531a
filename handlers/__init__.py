"""Conversations: one module a capability, its keyboards and message views. No SQL, no rules."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from handlers import (
    appointments,
    articles,
    ask,
    booking,
    browse,
    case_clock,
    case_work,
    cases,
    contacts,
    corrections,
    curation,
    danger,
    deliveries,
    desk,
    desk_moves,
    dialogs,
    events,
    figures,
    groups,
    handoffs,
    inline,
    lawyers,
    my,
    my_changes,
    offers,
    others,
    partner_groups,
    partners,
    privacy,
    ratings,
    relay,
    repeats,
    roles,
    routes,
    schedule,
    settings,
    start,
    unanswered,
)
from handlers.context import BotApplication, Turn

# What becomes due by itself: each is called every few seconds, in a transaction of its own.
DUE: tuple[Callable[[Turn], Awaitable[None]], ...] = (
    handoffs.due,
    case_clock.due,
    appointments.due,
    relay.due,
    ratings.due,
    events.due,
    deliveries.due,
)
# What leaves next of what goes to many, called every second: how much, they know themselves.
FEED: Callable[[Turn], Awaitable[bool]] = deliveries.feed


def register(application: BotApplication) -> None:
    """Let every conversation listen. Of one group the first that fits takes an update."""
    for part in (
        repeats,
        partner_groups,
        groups,
        relay,
        start,
        articles,
        browse,
        contacts,
        booking,
        events,
        figures,
        appointments,
        my,
        my_changes,
        cases,
        case_work,
        ratings,
        danger,
        settings,
        roles,
        partners,
        lawyers,
        routes,
        schedule,
        offers,
        desk,
        desk_moves,
        privacy,
        unanswered,
        curation,
        corrections,
        deliveries,
    ):
        part.register(application)
    dialogs.register(
        application,
        {
            settings.DIALOG: settings.place_typed,
            unanswered.DIALOG: unanswered.typed,
            curation.DIALOG: curation.typed,
            curation.CORRECTION: corrections.typed,
            partners.DIALOG: partners.typed,
            booking.DIALOG: booking.typed,
            routes.DIALOG: routes.typed,
            schedule.DIALOG: schedule.typed,
            my_changes.DIALOG: my_changes.typed,
            cases.DIALOG: case_work.typed,
            ratings.DIALOG: ratings.typed,
            events.DIALOG: events.typed,
            offers.DIALOG: offers.typed,
            desk_moves.DIALOG: desk_moves.typed,
        },
        media={
            booking.DIALOG: booking.sent,
            schedule.DIALOG: schedule.sent,
            my_changes.DIALOG: my_changes.sent,
        },
    )
    others.register_menu(application)
    others.register(application)
    inline.register(application)
    ask.register(application)
    others.register_last(application)
