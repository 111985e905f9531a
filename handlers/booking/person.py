"""Questions on the person: for whom it is, how to call them, their number, when it is safe."""

from __future__ import annotations

from telegram import Contact

from handlers.booking.draft import Draft, fill_in
from handlers.booking.step import Heard, Step, Unclear, is_question, one_line
from handlers.context import BotContext
from handlers.menu import n_
from handlers.screens import Screen, plain
from services.phones import read_phone, spaced
from storage.partners import Way

LONGEST_NAME = 100
LONGEST_CALLED = 60
LONGEST_HOURS = 200
# Parts of the day, as everybody reads them and services.safe_hours does.
PARTS = {
    "8:00–12:00": n_("🌅 Morning, 8–12"),
    "12:00–17:00": n_("☀️ Day, 12–17"),
    "17:00–21:00": n_("🌙 Evening, 17–21"),
}


class ForWhom(Step):
    """For whom it is, when not for the one who writes."""

    name = "who"

    def is_asked(self, draft: Draft) -> bool:
        """Only after «for somebody else» was pressed."""
        return draft.for_other

    async def screen(self, context: BotContext, draft: Draft) -> Screen:
        """Who they are, in a few words."""
        t = context.t
        said = t("For whom is it? Write the name and who they are to you: «Gulnara, my neighbour».")
        return Screen(plain(said), [[self.button(t("It is for me"), "me")]])

    async def pressed(self, context: BotContext, draft: Draft, args: list[str]) -> Heard:
        """For oneself after all."""
        if args[0] != "me":
            return Heard.NOTHING
        draft.for_other, draft.somebody_else, draft.consent = False, None, False
        await fill_in(context, draft)
        return Heard.ANSWER

    async def typed(self, context: BotContext, draft: Draft, text: str) -> Heard:
        """A name."""
        if is_question(context, text):
            return Heard.NOTHING
        draft.somebody_else = one_line(context, text, LONGEST_NAME)
        return Heard.ANSWER


class TheirConsent(Step):
    """Whether they know."""

    name = "consent"

    def is_asked(self, draft: Draft) -> bool:
        """Only for somebody else."""
        return draft.for_other

    async def screen(self, context: BotContext, draft: Draft) -> Screen:
        """Their yes, or why it can't be had."""
        t = context.t
        said = t("Does this person agree that I pass what you tell me on to a lawyer?")
        return Screen(
            plain(said),
            [
                [self.button(t("✅ Yes, they agree"), "yes")],
                [self.button(t("They can't be asked: held, ill, a child"), "cannot")],
            ],
        )

    async def pressed(self, context: BotContext, draft: Draft, args: list[str]) -> Heard:
        """It is noted."""
        if args[0] not in ("yes", "cannot"):
            return Heard.NOTHING
        draft.consent = args[0] == "yes"
        return Heard.ANSWER


class Called(Step):
    """How the lawyer addresses them."""

    name = "called"

    async def screen(self, context: BotContext, draft: Draft) -> Screen:
        """A name to be typed, or that of their Telegram."""
        said = context.t(
            "How should the lawyer address you? Write a name, it need not be the full one."
        )
        name = self._own_name(context)
        return Screen(plain(said), [[self.button(name, "own")]] if name else ())

    def _own_name(self, context: BotContext) -> str:
        user = context.arrived.effective_user
        name = " ".join(user.first_name.split())[:LONGEST_CALLED] if user else ""
        return name if any(map(str.isalpha, name)) else ""

    async def pressed(self, context: BotContext, draft: Draft, args: list[str]) -> Heard:
        """The name that Telegram shows."""
        name = self._own_name(context)
        if args[0] != "own" or not name:
            return Heard.NOTHING
        draft.called = name
        return Heard.ANSWER

    async def typed(self, context: BotContext, draft: Draft, text: str) -> Heard:
        """A name."""
        if is_question(context, text):
            return Heard.NOTHING
        draft.called = one_line(context, text, LONGEST_CALLED)
        return Heard.ANSWER


class FullName(Step):
    """The full name, for the check that nobody works for both sides."""

    name = "name"

    async def screen(self, context: BotContext, draft: Draft) -> Screen:
        """Why it is asked, and that it may be left out."""
        t = context.t
        said = (
            t("What is the full name of the person it is for?")
            if draft.for_other
            else t("What is your full name?")
        )
        why = t("It is for checking that the lawyer doesn't already work for the other side.")
        skip = self.button(t("Skip"), "skip")
        return Screen(f"{plain(said)}\n\n{plain(why)}", [[skip]])

    async def pressed(self, context: BotContext, draft: Draft, args: list[str]) -> Heard:
        """Left out."""
        if args[0] != "skip":
            return Heard.NOTHING
        draft.full_name = None
        return Heard.ANSWER

    async def typed(self, context: BotContext, draft: Draft, text: str) -> Heard:
        """A name."""
        if is_question(context, text):
            return Heard.NOTHING
        draft.full_name = one_line(context, text, LONGEST_NAME)
        return Heard.ANSWER


class Phone(Step):
    """The number to call."""

    name = "phone"

    async def screen(self, context: BotContext, draft: Draft) -> Screen:
        """A number, typed or shared; on somebody else's card a question back."""
        t = context.t
        if draft.offered_phone:
            said = t(
                "This is another person's number: {phone}. Shall the lawyer call it?",
                phone=spaced(draft.offered_phone),
            )
            return Screen(plain(said), [[self.button(t("✅ Yes, this number"), "card")]])
        said = t(
            "Which number may the lawyer call? Write it, or share yours with the button below."
        )
        skip = self.button(t("Without a number"), "skip")
        return Screen(plain(said), [[skip]] if draft.way is not Way.PHONE else ())

    async def pressed(self, context: BotContext, draft: Draft, args: list[str]) -> Heard:
        """The number of the card, or none."""
        if args[0] == "card" and draft.offered_phone:
            draft.phone, draft.offered_phone = draft.offered_phone, None
            return Heard.ANSWER
        if args[0] == "skip" and draft.way is not Way.PHONE:
            draft.phone = draft.offered_phone = None
            return Heard.ANSWER
        return Heard.NOTHING

    async def typed(self, context: BotContext, draft: Draft, text: str) -> Heard:
        """A number as people write it."""
        phone = read_phone(text)
        if phone is None:
            if not any(map(str.isdigit, text)) and is_question(context, text):
                return Heard.NOTHING
            raise Unclear(context.t("I can't read this as a number. For example: 0555 123 456."))
        draft.phone, draft.offered_phone = phone, None
        return Heard.ANSWER

    def shared(self, context: BotContext, draft: Draft, contact: Contact) -> Heard:
        """A contact card: one's own is the answer, another's has to be confirmed."""
        number = contact.phone_number
        phone = read_phone(number if number.startswith("+") else f"+{number}") or read_phone(number)
        if phone is None:
            raise Unclear(context.t("I can't read this as a number. For example: 0555 123 456."))
        user = context.arrived.effective_user
        if user is not None and contact.user_id == user.id:
            draft.phone, draft.offered_phone = phone, None
            return Heard.ANSWER
        draft.offered_phone = phone
        return Heard.MORE


class SafeHours(Step):
    """When nobody listens."""

    name = "safe"

    def is_asked(self, draft: Draft) -> bool:
        """Where somebody beside them may be whom they fear; else it is reached from the summary."""
        return draft.is_sensitive

    async def screen(self, context: BotContext, draft: Draft) -> Screen:
        """Hours in their own words, or any."""
        t = context.t
        said = t("When is it safe to call or write to you? For example: on weekdays from 10 to 12.")
        parts = [[self.button(t(label), str(at))] for at, label in enumerate(PARTS.values())]
        return Screen(plain(said), [*parts, [self.button(t("At any time"), "any")]])

    async def pressed(self, context: BotContext, draft: Draft, args: list[str]) -> Heard:
        """A part of the day, or any time."""
        hours = {str(at): hours for at, hours in enumerate(PARTS)}
        if args[0] not in (*hours, "any"):
            return Heard.NOTHING
        draft.safe_hours = hours.get(args[0])
        return Heard.ANSWER

    async def typed(self, context: BotContext, draft: Draft, text: str) -> Heard:
        """Hours in their own words."""
        if "?" in text:
            return Heard.NOTHING
        line = " ".join(text.split())
        if len(line) > LONGEST_HOURS:
            raise Unclear(context.t("Please write it shorter."))
        draft.safe_hours = line
        return Heard.ANSWER


class Neutral(Step):
    """Whether what comes by itself may say what it is about."""

    name = "neutral"

    def is_asked(self, draft: Draft) -> bool:
        """As with the safe hours."""
        return draft.is_sensitive

    async def screen(self, context: BotContext, draft: Draft) -> Screen:
        """May others see your phone?"""
        t = context.t
        said = t(
            "Does somebody else look into your phone? Then my reminders won't mention a lawyer."
        )
        return Screen(
            plain(said),
            [
                [self.button(t("🤫 Yes, mention nothing"), "yes")],
                [self.button(t("No, write as usual"), "no")],
            ],
        )

    async def pressed(self, context: BotContext, draft: Draft, args: list[str]) -> Heard:
        """It is noted."""
        if args[0] not in ("yes", "no"):
            return Heard.NOTHING
        draft.neutral = args[0] == "yes"
        return Heard.ANSWER
