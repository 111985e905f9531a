"""A partner's group, which gets cards of cases: tied by a link that works once, untied, moved."""

from __future__ import annotations

import re

from telegram import Chat, ChatMemberUpdated, Message, Update
from telegram.ext import CallbackQueryHandler, MessageHandler, filters

from handlers.context import BotApplication, BotContext
from handlers.partners import NUMBER, allow, chosen, one_pressed
from handlers.roles import link_screen
from handlers.screens import Button, Screen, plain
from handlers.telling import tell_coordinators
from locales import texts
from services import groups, partners, people
from services.refusals import GroupTaken, InvitationInvalid
from storage.partners import Partner

# «/start g_…» comes by itself from a link with ?startgroup; it may be written as well.
_TYING = re.compile(r"^/start(?:@(\w+))?\s+g_([\w-]{1,64})\s*$")
GONE = ("left", "kicked")


def register(application: BotApplication) -> None:
    """Listen to the buttons, and to groups before those who answer there."""
    application.add_handler(CallbackQueryHandler(tie_pressed, pattern=rf"^pt:group:{NUMBER}$"))
    application.add_handler(CallbackQueryHandler(untie_pressed, pattern=rf"^pt:ungroup:{NUMBER}$"))
    in_group = filters.ChatType.GROUPS
    application.add_handler(MessageHandler(in_group & filters.Regex(_TYING), tie))
    application.add_handler(MessageHandler(in_group & filters.StatusUpdate.MIGRATE, moved))


async def tie_pressed(update: Update, context: BotContext) -> None:
    """Make a link that adds the bot to the partner's group and ties it."""
    if (partner := await chosen(context)) is None:
        return
    token = people.invite(
        context.session, role=None, by=context.person, now=context.now, partner_id=partner.id
    )
    t = context.t
    title = t("Group of «{partner}»", partner=partner.name)
    link = f"{context.resources.deep_link('')}?startgroup=g_{token}"
    back = [[Button(t("⬅️ Back"), f"pt:p:{partner.id}")]]
    screen = link_screen(context, title, link, back)
    how = t(
        "Open the link and choose the group, or let a lawyer of the partner do it. Cards without "
        "names and stories come there."
    )
    context.show(Screen(f"{screen.text}\n\n{plain(how)}", screen.buttons))


async def untie_pressed(update: Update, context: BotContext) -> None:
    """The partner has no group from now on."""
    await allow(context)
    if (partner := await chosen(context)) is not None:
        partners.unbind_group(partner)
        await one_pressed(update, context)


async def tie(update: Update, context: BotContext) -> None:
    """The link was opened in a group: by a coordinator, or by a lawyer of that partner."""
    message = context.message
    found = _TYING.match(message.text or "")
    if found is None or not _is_for_us(context, found[1]):
        return
    user = message.from_user
    if user is None or user.is_bot or message.sender_chat is not None:
        _answer(context, message, context.t("Please do it under your own name, not the group's."))
        return
    try:
        partner = await groups.tie(
            context.session,
            token=found[2],
            group=message.chat_id,
            by=user.id,
            now=context.now,
            admin_ids=context.resources.admin_ids,
        )
    except (InvitationInvalid, GroupTaken) as refusal:
        _answer(context, message, context.t(refusal.message))
        return
    t = texts(await people.language_of(context.session, user.id))
    said = t("From now on cards of cases for «{partner}» come here.", partner=partner.name)
    _answer(context, message, said)


def _is_for_us(context: BotContext, bot: str | None) -> bool:
    return bot is None or bot.lower() == context.resources.username.lower()


def _answer(context: BotContext, message: Message, said: str) -> None:
    context.reply(Screen(plain(said)), quoting=message)


async def moved(update: Update, context: BotContext) -> None:
    """The group became a supergroup: another id, the same group. Both chats tell it."""
    message = context.message
    if message.migrate_to_chat_id is not None:
        await partners.group_moved(context.session, message.chat_id, message.migrate_to_chat_id)
    elif message.migrate_from_chat_id is not None:
        await partners.group_moved(context.session, message.migrate_from_chat_id, message.chat_id)


async def membership_changed(context: BotContext, changed: ChatMemberUpdated) -> None:
    """The bot was taken out of a group: no cards go there; the coordinators hear of it."""
    if changed.chat.type == Chat.PRIVATE or changed.new_chat_member.status not in GONE:
        return
    partner = await partners.of_group(context.session, changed.chat.id)
    if partner is not None:
        partners.unbind_group(partner)
        await _tell_of_loss(context, partner)


async def _tell_of_loss(context: BotContext, partner: Partner) -> None:
    name, number = partner.name, partner.id
    await tell_coordinators(
        context.turn,
        lambda t: Screen(
            plain(
                t(
                    "I was taken out of the group of «{partner}». Cards go to its lawyers only.",
                    partner=name,
                )
            ),
            [[Button(t("👥 Add its group"), f"pt:group:{number}")]],
        ),
    )
