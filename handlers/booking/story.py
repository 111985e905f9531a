"""The problem in own words: texts, voice, photos, documents, as many messages as it takes."""

from __future__ import annotations

from telegram import Message

from handlers.booking.draft import MOST_FILES, MOST_WORDS, Draft, Said
from handlers.booking.step import Heard, Step, Unclear
from handlers.context import BotContext
from handlers.screens import Screen, italic, plain

LONGEST_QUOTE = 300  # characters of their question


class Story(Step):
    """What happened."""

    name = "story"

    async def screen(self, context: BotContext, draft: Draft) -> Screen:
        """An invitation to tell; once something came, to tell more or to go on."""
        t = context.t
        rows = []
        if draft.behind and not any(one.text == draft.behind for one in draft.story):
            rows.append([self.button(t("📋 Pass on what I asked"), "behind")])
        if draft.story:
            said = plain(t("Received. Write or send more, or press «Done»."))
            return Screen(said, [*rows, [self.button(t("✅ Done"), "done")]])
        said = plain(
            t(
                "What happened? Tell it in your own words: write, speak, send photos and "
                "documents, in as many messages as you like."
            )
        )
        if rows:
            asked = plain(t("You asked:"))
            said += f"\n\n{asked} {italic(f'«{draft.behind[:LONGEST_QUOTE]}»')}"
        return Screen(said, [*rows, [self.button(t("Skip"), "skip")]])

    async def pressed(self, context: BotContext, draft: Draft, args: list[str]) -> Heard:
        """Pass on what they asked before, go on, or leave it out."""
        if args[0] == "behind" and draft.behind:
            if not any(one.text == draft.behind for one in draft.story):
                draft.story.append(Said(message_id=0, text=draft.behind))
            return Heard.ANSWER
        return Heard.ANSWER if args[0] in ("done", "skip") else Heard.NOTHING

    async def typed(self, context: BotContext, draft: Draft, text: str) -> Heard:
        """A part of the story."""
        told = sum(len(one.text) for one in draft.story)
        if told + len(text) > MOST_WORDS:
            raise Unclear(context.t("This is enough for the lawyer to begin. Please go on."))
        draft.story.append(Said(message_id=context.message.message_id, text=text))
        return Heard.MORE

    def edited(self, draft: Draft, message: Message) -> bool:
        """What was told is said differently; tell whether it was a part of the story."""
        for one in draft.story:
            if one.message_id == message.message_id:
                one.text = message.text or message.caption or ""
                return True
        return False

    def sent(self, context: BotContext, draft: Draft, message: Message) -> bool:
        """A file of the story; tell whether it is of a kind that a lawyer can be given."""
        found = file_of(message)
        if found is None:
            return False
        if len(draft.files) >= MOST_FILES:
            raise Unclear(context.t("This is enough for the lawyer to begin. Please go on."))
        kind, file_id = found
        draft.story.append(
            Said(
                message_id=message.message_id,
                text=message.caption or "",
                kind=kind,
                file_id=file_id,
            )
        )
        return True


def file_of(message: Message) -> tuple[str, str] | None:
    """The file of a message: its kind and Telegram's id of it."""
    if message.photo:
        return "photo", message.photo[-1].file_id
    if message.animation:  # before the document that it also is
        return "animation", message.animation.file_id
    for kind in ("voice", "video", "document", "audio", "video_note"):
        if (file := getattr(message, kind)) is not None:
            return kind, file.file_id
    return None
