"""The question when to talk: free times of the lawyers whose turn it is."""

from __future__ import annotations

from collections.abc import Sequence

from handlers.booking.draft import Chosen, Draft
from handlers.booking.step import Heard, Step, Unclear
from handlers.context import BotContext
from handlers.screens import Button, Screen, plain
from handlers.times import minute, slot_from, when
from services import calendars, routing
from services.calendars import SlotTaken
from services.slots import Slot, free_slots
from storage.partners import Lawyer

PAGE = 6
MOST = 60  # free times looked at: ten pages


class Hour(Step):
    """A free time, none, or a place on the waiting list."""

    name = "slot"

    def is_asked(self, draft: Draft) -> bool:
        """Not in danger: whoever is on duty answers at once."""
        return not draft.in_danger

    async def screen(self, context: BotContext, draft: Draft) -> Screen:
        """Six times a page."""
        t = context.t
        free = await self._free(context, draft)
        without = [self.button(t("Without a time: the lawyer suggests one"), "none")]
        waiting = [self.button(t("🔔 Tell me when a sooner time comes free"), "wait")]
        if not free:
            said = t("There is no free time in the next three weeks.")
            return Screen(plain(said), [without, waiting])
        pages = (len(free) - 1) // PAGE + 1
        draft.page = min(draft.page, pages - 1)
        shown = free[draft.page * PAGE : (draft.page + 1) * PAGE]
        rows = [[self._time(context, slot)] for slot in shown]
        turning = [self.button("◀️", "page", draft.page - 1)] if draft.page else []
        if draft.page + 1 < pages:
            turning.append(self.button(t("More times ▶️"), "page", draft.page + 1))
        said = t("Which time suits you? It is kept for you for ten minutes.")
        return Screen(plain(said), [*rows, turning, without, waiting])

    def _time(self, context: BotContext, slot: Slot) -> Button:
        label = when(context.t, slot.starts_at)
        return self.button(label, "at", slot.lawyer_id, minute(slot.starts_at))

    async def _lawyers(self, context: BotContext, draft: Draft) -> list[Lawyer]:
        """Who may be offered the case, in the order of offering."""
        case = draft.new_case(context.language, context.now)
        return [one for one, _ in await routing.eligible(context.session, case, context.now)]

    async def _free(self, context: BotContext, draft: Draft) -> Sequence[Slot]:
        """The free times of the first partner whose lawyers have any."""
        lawyers = await self._lawyers(context, draft)
        for partner in dict.fromkeys(one.partner_id for one in lawyers):
            theirs = [one for one in lawyers if one.partner_id == partner]
            free = await free_slots(context.session, theirs, draft.way, context.now, most=MOST)
            if free:
                return free
        return []

    async def pressed(self, context: BotContext, draft: Draft, args: list[str]) -> Heard:
        """A time, another page, or neither."""
        match args:
            case ["page", number] if number.isdecimal() and len(number) < 3:
                draft.page = int(number)
                return Heard.MORE
            case ["at", lawyer, starts] if lawyer.isdecimal() and starts.isdecimal():
                return await self._chosen(context, draft, int(lawyer), int(starts))
            case ["none"] | ["wait"]:
                draft.chosen, draft.waits = None, args == ["wait"]
                await calendars.release(context.session, context.person.chat_id)
                return Heard.ANSWER
        return Heard.NOTHING

    async def _chosen(
        self, context: BotContext, draft: Draft, lawyer_id: int, starts: int
    ) -> Heard:
        allowed = {one.id for one in await self._lawyers(context, draft)}
        if lawyer_id not in allowed or starts >= 2**40:
            return Heard.NOTHING
        await hold(context, draft, slot_from(lawyer_id, starts))
        draft.waits = False
        return Heard.ANSWER


async def hold(context: BotContext, draft: Draft, slot: Slot) -> None:
    """Keep a time for this booking for ten minutes; raises Unclear if somebody was faster."""
    try:
        held = await calendars.hold(
            context.session, slot, chat_id=context.person.chat_id, way=draft.way, now=context.now
        )
    except SlotTaken as taken:
        draft.chosen = None
        draft.answered.discard(Hour.name)
        raise Unclear(context.t(taken.message)) from None
    draft.chosen = Chosen(lawyer_id=slot.lawyer_id, starts_at=held.starts_at, ends_at=held.ends_at)
