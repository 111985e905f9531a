"""What is neither a question nor a button: help, cancel, the menu, voice, pictures and all the rest."""

from __future__ import annotations

from telegram import Update
from telegram.ext import (
    CallbackQueryHandler,
    ChatMemberHandler,
    CommandHandler,
    MessageHandler,
    filters,
)
from telegram.ext.filters import BaseFilter

from handlers import ask, booking, browse, contacts, events, menu, partner_groups, settings, talks
from handlers.articles import gone
from handlers.context import BotApplication, BotContext
from handlers.screens import Screen, plain
from handlers.start import how_to_ask

PRIVATE = filters.ChatType.PRIVATE


def register_menu(application: BotApplication) -> None:
    """Listen to the buttons of the main menu, in every language, before free text."""
    pressed = {
        menu.ASK: ask.ask,
        menu.TOPICS: browse.topics,
        menu.BOOK: booking.book,
        menu.CONTACTS: contacts.needs,
        menu.EVENTS: events.listed,
        menu.SETTINGS: settings.settings,
    }
    for key, handler in pressed.items():
        named = filters.Text(list(menu.labels(key)))
        application.add_handler(MessageHandler(PRIVATE & named, handler))


def register(application: BotApplication) -> None:
    """Listen to the rest; last of all."""
    application.add_handler(CommandHandler("help", help_asked))
    application.add_handler(CommandHandler("cancel", cancel))
    application.add_handler(CallbackQueryHandler(cancel, pattern=r"^cancel$"))
    application.add_handler(ChatMemberHandler(membership_changed))


def register_last(application: BotApplication) -> None:
    """Listen to what nobody else took."""
    by_kind: list[tuple[BaseFilter, object]] = [
        (filters.COMMAND, help_asked),
        (filters.CAPTION, captioned),
        (filters.VOICE | filters.AUDIO | filters.VIDEO_NOTE, voice),
        (filters.PHOTO | filters.VIDEO | filters.Document.ALL | filters.ANIMATION, picture),
        (filters.LOCATION | filters.CONTACT, shared),
        (~filters.StatusUpdate.ALL, anything),
    ]
    for kind, handler in by_kind:
        application.add_handler(MessageHandler(PRIVATE & kind, handler))  # type: ignore[arg-type]
    application.add_handler(CallbackQueryHandler(stale))


async def help_asked(update: Update, context: BotContext) -> None:
    """/help, and any command that we don't know."""
    t = context.t
    context.reply(
        menu.menu_screen(
            t,
            "\n\n".join(
                plain(line)
                for line in (
                    t(
                        "Write what happened, in your own words. I look for the answer in "
                        "articles made of Kyrgyz law and say whether a lawyer has reviewed "
                        "them."
                    ),
                    t("If I am unsure, I offer up to three answers. If I don't know, I say so."),
                    t(
                        "In danger, write it as it is: numbers come first. /hide deletes this "
                        "conversation."
                    ),
                    t("I am a program, not a lawyer. A lawyer's consultation is free: /book."),
                )
            ),
        )
    )


async def cancel(update: Update, context: BotContext) -> None:
    """/cancel, or the button: end what was begun."""
    t = context.t
    begun = await talks.leave(context) or context.dialog is not None
    await booking.abandon(context)
    await context.close_dialog()
    said = t("Stopped. Nothing was changed.") if begun else t("There is nothing to stop.")
    if update.callback_query is not None:
        context.show(Screen(plain(said)))
    else:
        context.reply(menu.menu_screen(t, plain(said)))


async def captioned(update: Update, context: BotContext) -> None:
    """A picture or file with words: the words are the question."""
    await ask.answer(context, context.message.caption or "")


async def _say(text: str, update: Update, context: BotContext) -> None:
    context.reply(Screen(plain(text)), quoting=context.message)


async def voice(update: Update, context: BotContext) -> None:
    """A voice message."""
    await _say(
        context.t("I can't listen to voice messages yet. Please write it in a few words."),
        update,
        context,
    )


async def picture(update: Update, context: BotContext) -> None:
    """A photo, video or file without words."""
    await _say(
        context.t(
            "I see that you sent a file, but I can't read it. Please write in a few words what "
            "it is about."
        ),
        update,
        context,
    )


async def shared(update: Update, context: BotContext) -> None:
    """A place or a contact, unasked."""
    await _say(
        context.t("Thank you, but I don't need this now. You can set where you live in /settings."),
        update,
        context,
    )


async def anything(update: Update, context: BotContext) -> None:
    """Stickers, dice, polls and whatever Telegram thinks of next."""
    context.reply(Screen(how_to_ask(context.t)), quoting=context.message)


async def stale(update: Update, context: BotContext) -> None:
    """A button that nobody listens to any more."""
    gone(context)


async def membership_changed(update: Update, context: BotContext) -> None:
    """The bot was blocked, unblocked, or added to a group."""
    changed = update.my_chat_member
    if changed is None:
        return
    if changed.chat.type == changed.chat.PRIVATE and changed.new_chat_member.status == "kicked":
        context.person.blocked_at = context.now
    await partner_groups.membership_changed(context, changed)
