"""/privacy: what is kept about a person, and deleting it."""

from __future__ import annotations

from telegram import Update
from telegram.ext import CallbackQueryHandler, CommandHandler

from handlers.context import BotApplication, BotContext
from handlers.roles import role_name
from handlers.screens import Button, Screen, bold, plain
from services import people, questions
from storage.people import Privacy


def register(application: BotApplication) -> None:
    """Listen to /privacy and its buttons."""
    application.add_handler(CommandHandler("privacy", held))
    application.add_handler(CallbackQueryHandler(held, pattern=r"^held$"))
    application.add_handler(CallbackQueryHandler(forget_pressed, pattern=r"^forget$"))
    application.add_handler(CallbackQueryHandler(forget_confirmed, pattern=r"^forgotten$"))
    application.add_handler(CallbackQueryHandler(consent_pressed, pattern=r"^consent:(yes|no)$"))


async def held(update: Update, context: BotContext) -> None:
    """Everything that is kept, said plainly."""
    t, person = context.t, context.person
    base, language = context.resources.base, context.language
    region = base.regions.get(person.region or "")
    lines = [
        t("Your number in Telegram: {number}", number=person.chat_id),
        t("Language: {language}", language=t("English name of this language")),
    ]
    if region is not None:
        lines.append(t("Where you live: {place}", place=region.in_language(language)))
    lines.append(
        t("You agreed that more is kept when you ask for a lawyer.")
        if person.privacy is Privacy.ACCEPTED
        else t("You did not agree that anything more is kept.")
    )
    if wishes := await questions.wishes_of(context.session, person):
        lines.append(
            t.plural(
                "That you want to be told of an answer to {number} question.",
                "That you want to be told of an answer to {number} questions.",
                wishes,
            )
        )
    if given := await questions.given_to(context.session, person):
        lines.append(
            t.plural(
                "Which answer you were given, for 90 days ({number}): to tell you if it changes.",
                "Which answers you were given, for 90 days ({number}): to tell you if they change.",
                given,
            )
        )
    roles = await people.roles_of(context.session, person, context.resources.admin_ids)
    if roles:
        lines.append(
            t("Your roles: {roles}", roles=", ".join(role_name(t, one) for one in sorted(roles)))
        )
    lines.append(
        t(
            "The numbers of our messages, for 48 hours, so that they can be hidden. Not the "
            "messages."
        )
    )
    change = (
        Button(t("Withdraw my consent"), "consent:no")
        if person.privacy is Privacy.ACCEPTED
        else Button(t("✅ I agree"), "consent:yes")
    )
    context.show(
        Screen(
            bold(t("What is kept about me"))
            + "\n\n"
            + "\n".join(f"• {plain(line)}" for line in lines),
            [[change], [Button(t("🗑 Delete everything"), "forget")]],
        )
    )


async def consent_pressed(update: Update, context: BotContext) -> None:
    """Give or withdraw consent."""
    agreed = context.args_of_press == ["yes"]
    people.answer_privacy(context.person, Privacy.ACCEPTED if agreed else Privacy.DECLINED)
    if not agreed:
        await context.close_dialog()
        await questions.drop_wishes(context.session, context.person)
    await held(update, context)


async def forget_pressed(update: Update, context: BotContext) -> None:
    """Ask before deleting."""
    t = context.t
    context.show(
        Screen(
            plain(
                t(
                    "Delete everything that is kept about you? The messages in this chat stay: "
                    "/hide deletes those of the last 48 hours."
                )
            ),
            [[Button(t("🗑 Yes, delete"), "forgotten")], [Button(t("⬅️ Back"), "held")]],
        )
    )


async def forget_confirmed(update: Update, context: BotContext) -> None:
    """Delete what is kept."""
    t = context.t
    await people.forget(context.session, context.person)
    context.call("deleteMyCommands", scope={"type": "chat", "chat_id": context.chat_id})
    context.show(Screen(plain(t("Everything is deleted. If you write again, we begin anew."))))
