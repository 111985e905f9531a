"""Questions on the matter: what it is about, where, how, against whom, and how urgent."""

from __future__ import annotations

from datetime import timedelta

from handlers.booking.draft import Draft, keep_place
from handlers.booking.step import Heard, Step, Unclear, named, one_line
from handlers.cards import WAYS, day_of
from handlers.context import BotContext
from handlers.days import read_day
from handlers.menu import n_
from handlers.resources import today
from handlers.screens import Screen, in_rows, plain
from services import cases
from services.places import find_place
from storage.partners import Way

# Translators: what people write instead of pressing, lower case, with a comma and a space between.
WAY_WORDS = {
    Way.PHONE: n_("phone, call, by phone"),
    Way.IN_PERSON: n_("in person, meet, office"),
    Way.CHAT: n_("chat, in writing, here"),
}
LONGEST_OPPONENT = 200
DAY_WORDS = 5  # more is no day but a question
AHEAD = (1, 3, 7)  # days, as buttons
FARTHEST = timedelta(days=5 * 366)


def drop_slot(draft: Draft) -> None:
    """What decides who gets the case has changed: another lawyer may be whom to meet."""
    draft.chosen, draft.waits, draft.page = None, False, 0
    draft.answered.discard("slot")


class Topic(Step):
    """What it is about."""

    name = "topic"

    def _options(self, context: BotContext) -> dict[str, str]:
        topics = context.resources.base.topics.values()
        return {one.id: f"{one.emoji} {one.in_language(context.language)}" for one in topics}

    async def screen(self, context: BotContext, draft: Draft) -> Screen:
        """All topics."""
        buttons = [self.button(label, key) for key, label in self._options(context).items()]
        said = context.t("A lawyer's consultation is free. What is it about?")
        return Screen(plain(said), in_rows(buttons, 2))

    async def pressed(self, context: BotContext, draft: Draft, args: list[str]) -> Heard:
        """A topic."""
        if args[0] not in context.resources.base.topics:
            return Heard.NOTHING
        if draft.topic != args[0]:
            draft.topic, draft.article = args[0], None
            drop_slot(draft)
        return Heard.ANSWER

    async def typed(self, context: BotContext, draft: Draft, text: str) -> Heard:
        """The name of a topic."""
        topic = named(self._options(context), text)
        return await self.pressed(context, draft, [topic]) if topic else Heard.NOTHING


class Region(Step):
    """Which region."""

    name = "region"

    async def screen(self, context: BotContext, draft: Draft) -> Screen:
        """All regions; a place may also be typed."""
        regions = context.resources.base.regions.values()
        buttons = [self.button(one.in_language(context.language), one.code) for one in regions]
        t = context.t
        said = (
            t("Where does this person live? Press, or write the district or town.")
            if draft.for_other
            else t("Where do you live? Press, or write the name of your district or town.")
        )
        return Screen(plain(said), in_rows(buttons, 2))

    async def pressed(self, context: BotContext, draft: Draft, args: list[str]) -> Heard:
        """A region."""
        if args[0] not in context.resources.base.regions:
            return Heard.NOTHING
        _place(context, draft, args[0], None)
        return Heard.ANSWER

    async def typed(self, context: BotContext, draft: Draft, text: str) -> Heard:
        """A region, or a district of any."""
        found = find_place(context.resources.base.regions.values(), text)
        if found is None:
            return _no_place(context, text)
        _place(context, draft, *found)
        return Heard.ANSWER


class District(Step):
    """Which district or town of the region."""

    name = "district"

    def is_asked(self, draft: Draft) -> bool:
        """Not before the region is known; one without districts is skipped by the flow."""
        return draft.region is not None

    async def screen(self, context: BotContext, draft: Draft) -> Screen:
        """The districts of the region."""
        region = context.resources.base.regions[draft.region or ""]
        buttons = [
            self.button(one.in_language(context.language), one.code)
            for one in region.districts.values()
        ]
        t = context.t
        rows = [*in_rows(buttons, 2), [self.button(t("Skip"), "skip")]]
        return Screen(plain(t("Which district or town?")), rows)

    async def pressed(self, context: BotContext, draft: Draft, args: list[str]) -> Heard:
        """A district, or none."""
        region = context.resources.base.regions[draft.region or ""]
        if args[0] != "skip" and args[0] not in region.districts:
            return Heard.NOTHING
        _place(context, draft, region.code, None if args[0] == "skip" else args[0])
        draft.answered.add(self.name)
        return Heard.ANSWER

    async def typed(self, context: BotContext, draft: Draft, text: str) -> Heard:
        """A district of this region, or of another."""
        regions = context.resources.base.regions
        here = regions[draft.region or ""]
        found = find_place([here], text) or find_place(regions.values(), text)
        if found is None:
            return _no_place(context, text)
        _place(context, draft, *found)
        return Heard.ANSWER if "district" in draft.answered else Heard.MORE


def _place(context: BotContext, draft: Draft, region: str, district: str | None) -> None:
    """Where they live; the settings know it from now on, unless it is somebody else's place."""
    if (draft.region, draft.district) != (region, district):
        drop_slot(draft)
    draft.region, draft.district = region, district
    draft.answered.add("region")
    if district is not None or not context.resources.base.regions[region].districts:
        draft.answered.add("district")
    else:
        draft.answered.discard("district")
    keep_place(context, draft)


def _no_place(context: BotContext, typed: str) -> Heard:
    """A name was meant that we don't know, or it was a question in between."""
    result = context.resources.searcher.ask(typed)
    if len(typed.split()) > 3 or "?" in typed or result.sure or result.danger is not None:
        return Heard.NOTHING
    raise Unclear(context.t("I don't know this place. Is it written differently?"))


class HowToMeet(Step):
    """By phone, in person or in writing."""

    name = "way"

    async def screen(self, context: BotContext, draft: Draft) -> Screen:
        """The three ways; whoever has a case on this topic already may go on with it."""
        t = context.t
        said = plain(t("How would you like to talk with the lawyer?"))
        rows = [[self.button(t(label), way.name.lower())] for way, label in WAYS.items()]
        if not draft.for_other:
            for case in await cases.of_citizen(context.session, context.person, open_only=True):
                if case.topic == draft.topic and not case.somebody_else:
                    had = t("You have an open case on this topic: {number}.", number=case.number)
                    said = f"{plain(had)}\n\n{said}"
                    label = t("📂 Go on with {number}", number=case.number)
                    rows.insert(0, [self.button(label, "mine", case.id)])
                    break
        return Screen(said, rows)

    async def pressed(self, context: BotContext, draft: Draft, args: list[str]) -> Heard:
        """A way."""
        ways = {way.name.lower(): way for way in Way}
        if args[0] not in ways:
            return Heard.NOTHING
        if draft.way is not ways[args[0]]:
            drop_slot(draft)
        draft.way = ways[args[0]]
        if draft.way is Way.PHONE and draft.phone is None:
            draft.answered.discard("phone")
        return Heard.ANSWER

    async def typed(self, context: BotContext, draft: Draft, text: str) -> Heard:
        """«Телефон», «чат»."""
        said = text.strip(" .!").lower()
        for way, words in WAY_WORDS.items():
            if said in context.t(words).split(", "):
                return await self.pressed(context, draft, [way.name.lower()])
        return Heard.NOTHING


class Opponent(Step):
    """Who is on the other side."""

    name = "opponent"

    async def screen(self, context: BotContext, draft: Draft) -> Screen:
        """Why it is asked, and that it may be left out."""
        t = context.t
        said = (
            t("Who is on the other side? Write the name of the person or organisation."),
            t("I need it so that your lawyer isn't somebody who works for them."),
        )
        skip = self.button(t("Nobody, or I don't want to say"), "skip")
        return Screen("\n\n".join(map(plain, said)), [[skip]])

    async def pressed(self, context: BotContext, draft: Draft, args: list[str]) -> Heard:
        """None."""
        if args[0] != "skip":
            return Heard.NOTHING
        if draft.opponent is not None:
            drop_slot(draft)
        draft.opponent = None
        return Heard.ANSWER

    async def typed(self, context: BotContext, draft: Draft, text: str) -> Heard:
        """A name."""
        if "?" in text:
            return Heard.NOTHING
        draft.opponent = one_line(context, text, LONGEST_OPPONENT)
        drop_slot(draft)
        return Heard.ANSWER


# What somebody is in danger of who says no more than that, by topic.
_KINDS = {"police": "detention", "safety": "violence"}


class HowUrgent(Step):
    """Danger, a date that can't be missed, or neither."""

    name = "urgent"

    async def screen(self, context: BotContext, draft: Draft) -> Screen:
        """Three answers; danger first where they wrote of it."""
        t = context.t
        rows = [
            [self.button(t("Not urgent"), "no")],
            [self.button(t("📅 There is a court date or a deadline"), "date")],
            [self.button(t("🆘 Somebody is in danger, or held by the police"), "danger")],
        ]
        said = t("Is it urgent? Is there a court date or another deadline?")
        if draft.in_danger:
            said = t("You wrote of danger. Shall lawyers see this first?")
            rows.reverse()
        return Screen(plain(said), rows)

    async def pressed(self, context: BotContext, draft: Draft, args: list[str]) -> Heard:
        """One of them."""
        if args[0] not in ("no", "date", "danger"):
            return Heard.NOTHING
        before = (draft.danger, draft.dated, draft.deadline)
        if args[0] == "danger":
            draft.danger = draft.danger or _KINDS.get(draft.topic, "threat")
        else:
            draft.danger = None
        draft.dated, draft.deadline = args[0] == "date", None
        draft.answered.discard(Deadline.name)
        if before != (draft.danger, draft.dated, draft.deadline):
            drop_slot(draft)
        return Heard.ANSWER

    async def typed(self, context: BotContext, draft: Draft, text: str) -> Heard:
        """A day, at once."""
        if len(text.split()) > DAY_WORDS or read_day(text, today(context.now)) is None:
            return Heard.NOTHING
        await self.pressed(context, draft, ["date"])
        heard = await Deadline().typed(context, draft, text)
        draft.answered.add(Deadline.name)
        return heard


class Deadline(Step):
    """Which day that is."""

    name = "deadline"

    def is_asked(self, draft: Draft) -> bool:
        """Only where there is one."""
        return draft.dated

    async def screen(self, context: BotContext, draft: Draft) -> Screen:
        """The next days as buttons; any other is typed."""
        t, now = context.t, context.now
        days = [today(now) + timedelta(days=ahead) for ahead in AHEAD]
        said = t("Which day? Press, or write it, for example {day}.", day=f"{days[-1]:%d.%m.%Y}")
        buttons = [self.button(day_of(t, day), f"{day:%Y%m%d}") for day in days]
        unknown = self.button(t("I don't know the day"), "skip")
        return Screen(plain(said), [buttons, [unknown]])

    async def pressed(self, context: BotContext, draft: Draft, args: list[str]) -> Heard:
        """One of the next days, or unknown."""
        if args[0] == "skip":
            draft.deadline = None
            return Heard.ANSWER
        days = [today(context.now) + timedelta(days=ahead) for ahead in range(max(AHEAD) + 1)]
        found = next((day for day in days if f"{day:%Y%m%d}" == args[0]), None)
        draft.deadline = found
        return Heard.ANSWER if found else Heard.NOTHING

    async def typed(self, context: BotContext, draft: Draft, text: str) -> Heard:
        """A day as people write it."""
        day, now = read_day(text, today(context.now)), today(context.now)
        if day is None:
            if "?" in text or len(text.split()) > DAY_WORDS:
                return Heard.NOTHING
            raise Unclear(context.t("I can't read this as a day. Please write it like 25.12.2026."))
        if not now <= day <= now + FARTHEST:
            raise Unclear(context.t("This day has passed, or is too far away. Which day is it?"))
        draft.deadline = day
        return Heard.ANSWER
