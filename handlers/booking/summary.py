"""The last look at a booking: every line can be changed, then it is sent."""

from __future__ import annotations

from collections.abc import Iterator

from handlers.booking.draft import Draft
from handlers.booking.step import Heard, Step
from handlers.cards import URGENCIES, WAYS, day_of
from handlers.context import BotContext
from handlers.screens import Screen, bold, in_rows, plain
from handlers.times import when
from locales import Texts
from services.phones import spaced
from services.safe_hours import window
from storage.cases import Urgency

LONGEST_STORY = 300  # characters of it that are shown


class Summary(Step):
    """Everything that was answered."""

    name = "summary"

    async def screen(self, context: BotContext, draft: Draft) -> Screen:
        """The lines, a button to change each, and the one that sends it."""
        t = context.t
        lines = [f"{bold(label)} {plain(value)}" for _, label, value in _lines(context, draft)]
        change = [
            self.button(f"✏️ {label.removesuffix(':')}", "change", step)
            for step, label, _ in _lines(context, draft)
        ]
        wait = (
            t("🔕 Don't look for a sooner time")
            if draft.waits
            else t("🔔 Also look for a sooner time")
        )
        rows = [
            [self.button(t("✅ Send to a lawyer"), "confirm", draft.token)],
            [self.button(wait, "wait")] if draft.chosen else [],
            *in_rows(change, 2),
        ]
        title = bold(t("Is everything right?"))
        return Screen("\n".join([title, "", *lines]), rows)

    async def pressed(self, context: BotContext, draft: Draft, args: list[str]) -> Heard:
        """The sooner time; the rest is the flow's."""
        if args != ["wait"] or draft.chosen is None:
            return Heard.NOTHING
        draft.waits = not draft.waits
        return Heard.MORE


def _lines(context: BotContext, draft: Draft) -> Iterator[tuple[str, str, str]]:
    """What was answered: the step that asks for it, its name, its value."""
    t, base, language = context.t, context.resources.base, context.language
    none = "—"
    topic = base.topics[draft.topic]
    yield "topic", t("Topic:"), f"{topic.emoji} {topic.in_language(language)}"
    if draft.for_other:
        yield "who", t("For whom:"), draft.somebody_else or none
    yield "region", t("Place:"), _place(context, draft) or none
    yield "way", t("How:"), t(WAYS[draft.way])
    yield "story", t("Story:"), _story(context, draft) or none
    yield "opponent", t("Other side:"), draft.opponent or none
    yield "urgent", t("Urgent:"), _urgency(context, draft)
    yield "called", t("Your name:"), draft.called or none
    yield "name", t("Full name:"), draft.full_name or none
    yield "phone", t("Phone:"), spaced(draft.phone) if draft.phone else none
    yield "safe", t("Safe hours:"), _safe(t, draft)
    reminders = t("mention nothing") if draft.neutral else t("as usual")
    yield "neutral", t("Reminders:"), reminders
    yield "slot", t("Time:"), _time(context, draft)


def _place(context: BotContext, draft: Draft) -> str:
    region = context.resources.base.regions.get(draft.region or "")
    if region is None:
        return ""
    district = region.districts.get(draft.district or "")
    return ", ".join(one.in_language(context.language) for one in (region, district) if one)


def _story(context: BotContext, draft: Draft) -> str:
    words = draft.words or ""
    shown = words if len(words) <= LONGEST_STORY else words[:LONGEST_STORY] + "…"
    number = len(draft.files)
    files = context.t.plural("📎 {number} file", "📎 {number} files", number) if number else ""
    return " · ".join(filter(None, (shown, files)))


def _urgency(context: BotContext, draft: Draft) -> str:
    t = context.t
    if draft.in_danger:
        return t(URGENCIES[Urgency.DANGER])
    if draft.dated:
        day = draft.deadline
        return f"📅 {day_of(t, day)} {day.year}" if day else t("yes, day unknown")
    return t("no")


def _safe(t: Texts, draft: Draft) -> str:
    """When it is safe, and what of it only a person can read."""
    if draft.safe_hours is None or window(draft.safe_hours) is not None:
        return draft.safe_hours or t("At any time")
    alone = t("the lawyer reads this; I myself write from 8 to 21")
    return f"{draft.safe_hours} ({alone})"


def _time(context: BotContext, draft: Draft) -> str:
    t = context.t
    if draft.in_danger:
        return t("as soon as a lawyer answers")
    if draft.chosen is not None:
        said = when(t, draft.chosen.starts_at)
        return f"{said} 🔔" if draft.waits else said
    return t("🔔 when a sooner time comes free") if draft.waits else t("the lawyer suggests one")
