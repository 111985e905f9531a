"""/book: from a question to a lawyer. One question a screen; what is known is not asked."""

from __future__ import annotations

from telegram import Update
from telegram.ext import CallbackQueryHandler, CommandHandler

from handlers import danger
from handlers.articles import gone
from handlers.booking import draft as drafts
from handlers.booking import finish, flow
from handlers.booking.draft import DIALOG, Draft
from handlers.contacts import need_screen, region_rows
from handlers.context import BotApplication, BotContext
from handlers.screens import Button, Screen, plain

__all__ = ["DIALOG", "abandon", "book", "consent_answered", "offer", "register", "sent", "typed"]

OFFICES = "legal-aid"  # the need of the contacts under which they stand
typed, sent = flow.typed, flow.sent


def register(application: BotApplication) -> None:
    """Listen to /book, the buttons that lead to it, and its own."""
    application.add_handler(CommandHandler("book", book))
    application.add_handler(CallbackQueryHandler(offices_pressed, pattern=r"^book:offices$"))
    application.add_handler(CallbackQueryHandler(anew, pattern=r"^booknew(:[^:]+)?$"))
    application.add_handler(CallbackQueryHandler(book, pattern=r"^book(:[^:]+)?$"))
    application.add_handler(CallbackQueryHandler(flow.pressed, pattern=r"^bk(:[\w-]+){1,4}$"))


async def book(update: Update, context: BotContext) -> None:
    """/book, or its button under an article or a topic."""
    about = context.args_of_press[0] if update.callback_query and context.args_of_press else ""
    draft = await drafts.load(context)
    if draft is not None and draft.story:
        t = context.t
        said = t("You have begun to ask for a lawyer already. Shall we go on with that?")
        new = f"booknew:{about}" if about else "booknew"
        rows = [[Button(t("▶️ Go on"), "bk:again")], [Button(t("🆕 Begin anew"), new)]]
        context.reply(Screen(plain(said), rows))
        return
    await _about(context, about)


async def anew(update: Update, context: BotContext) -> None:
    """What was begun is dropped for another matter."""
    await _about(context, next(iter(context.args_of_press), ""))


async def _about(context: BotContext, about: str) -> None:
    """Begin with an article or a topic, as the button's data names it."""
    article = context.resources.base.article(about)
    if about and article is None and about not in context.resources.base.topics:
        gone(context, about)
        return
    topic = article.topic if article else about or None
    await offer(context, topic=topic, article=article.id if article else None)


async def offer(
    context: BotContext, *, topic: str | None = None, article: str | None = None
) -> None:
    """Begin a booking; of an unknown topic or article the topic is asked for."""
    known = context.resources.base.article(article or "")
    draft = Draft(article=known.id if known else None)
    chosen = known.topic if known else topic or ""
    if chosen in context.resources.base.topics:
        draft.topic = chosen
        draft.answered.add("topic")
    if context.arrived.callback_query is not None:
        _take_over(context, draft)
    await flow.begin(context, draft)


def _take_over(context: BotContext, draft: Draft) -> None:
    """What they wrote before they pressed the button is offered for the story; danger is known."""
    draft.behind = context.question_behind
    feared = context.resources.searcher.ask(draft.behind).danger if draft.behind else None
    if feared is None:
        return
    draft.in_fear(feared)
    article = context.resources.base.article(danger.ARTICLES.get(feared.value, ""))
    if article is not None and not draft.topic:
        draft.topic, draft.article = article.topic, article.id
        draft.answered.add("topic")


async def consent_answered(context: BotContext, *, agreed: bool) -> bool:
    """The privacy notice that came before a booking was answered; tell whether it was that one.

    Who doesn't agree is shown the offices: they help as well.
    """
    draft = await drafts.load(context)
    if draft is None or context.dialog is None or context.dialog.step != flow.CONSENT:
        return False
    if agreed:
        await flow.begin(context, draft)
    else:
        await context.close_dialog()
        _offer_offices(context)
    return True


async def abandon(context: BotContext) -> None:
    """The booking was stopped."""
    draft = await drafts.load(context)
    if draft is not None:
        await finish.abandon(context, draft)


async def offices_pressed(update: Update, context: BotContext) -> None:
    """The offices of free legal help."""
    _offer_offices(context)


def _offer_offices(context: BotContext) -> None:
    """Those of the person's region, or the choice of a region."""
    base, language = context.resources.base, context.language
    if context.person.region in base.regions:
        context.reply(need_screen(base, OFFICES, context.person.region, language))
        return
    question = plain(context.t("Where do you need help?"))
    context.reply(Screen(question, region_rows(base, language, f"c:{OFFICES}")))
