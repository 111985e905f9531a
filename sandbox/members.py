"""Who is in a chat, and how everybody learns of it."""

from typing import Any

from sandbox.bots import Bot
from sandbox.chats import CONTENT, Chat, PrivateChat, SharedChat
from sandbox.entities import utf16_slice
from sandbox.world import Account, World

Json = dict[str, Any]

PRESENT = ("creator", "administrator", "member")
RIGHTS = (
    "is_anonymous", "can_manage_chat", "can_delete_messages", "can_manage_video_chats",
    "can_restrict_members", "can_promote_members", "can_change_info", "can_invite_users",
    "can_post_stories", "can_edit_stories", "can_delete_stories", "can_pin_messages",
    "can_manage_topics", "can_post_messages", "can_edit_messages",
)  # fmt: skip
_NOT_GIVEN = ("is_anonymous", "can_promote_members")


def chat_member(user: Json, status: str) -> Json:
    """Return a ChatMember. Administrators have all rights but promoting others."""
    member: Json = {"status": status, "user": user}
    if status == "creator":
        member["is_anonymous"] = False
    elif status == "administrator":
        member["can_be_edited"] = False
        member.update({right: right not in _NOT_GIVEN for right in RIGHTS})
    elif status == "kicked":
        member["until_date"] = 0
    return member


def deliver(world: World, chat: Chat, message: Json, kind: str) -> None:
    """Queue a message for the bots that may see it.

    Args:
        world: where it happens.
        chat: where the message is.
        message: as it is now.
        kind: message or edited_message; in channels these become posts.
    """
    if isinstance(chat, PrivateChat):
        world.bot_by_id(chat.bot_id).updates.add(kind, message)
    elif isinstance(chat, SharedChat):
        _deliver_shared(world, chat, message, kind)


def _deliver_shared(world: World, chat: SharedChat, message: Json, kind: str) -> None:
    if chat.type == "channel":
        kind = kind.replace("message", "channel_post")
    for bot_id, status in chat.bots.items():
        if status in PRESENT:
            bot = world.bot_by_id(bot_id)
            if status == "administrator" or bot.reads_everything or _addressed(bot, message):
                bot.updates.add(kind, message)


def _addressed(bot: Bot, message: Json) -> bool:
    """Tell whether a bot in privacy mode sees a group's message.

    Source: https://core.telegram.org/bots/features#privacy-mode
    """
    text: str = message.get("text") or message.get("caption") or ""
    entities: list[Json] = message.get("entities") or message.get("caption_entities") or []
    mention = f"@{bot.username}".lower()
    for entity in entities:
        piece = utf16_slice(text, entity).lower()
        match entity["type"]:
            case "bot_command" if "@" not in piece or mention in piece:
                return True
            case "mention" if piece == mention:
                return True
            case "text_mention" if entity["user"]["id"] == bot.id:
                return True
    answered = message.get("reply_to_message", {})
    return (
        not any(name in message for name in CONTENT)  # a service message
        or answered.get("from", {}).get("id") == bot.id
        or message.get("via_bot", {}).get("id") == bot.id
    )


def service(world: World, chat: SharedChat, by: Json, content: Json) -> Json:
    """Post a service message ("X joined") and deliver it."""
    sender = {"sender_chat": chat.info} if chat.type == "channel" else {"from": by}
    message = world.post(chat, {**sender, **content})
    deliver(world, chat, message, "message")
    return message


def set_person(
    world: World,
    chat: SharedChat,
    account: Account,
    status: str,
    by: Json,
    *,
    invite_link: Json | None = None,
) -> None:
    """Change a person's status in a chat: service message, chat_member updates, page."""
    old = chat.members.get(account.id, "left")
    if old == status:
        return
    chat.members[account.id] = status
    change: Json = {
        "chat": chat.info,
        "from": by,
        "date": int(world.clock.now()),
        "old_chat_member": chat_member(account.user, old),
        "new_chat_member": chat_member(account.user, status),
    }
    if invite_link is not None:
        change["invite_link"] = invite_link
    for bot_id, bot_status in chat.bots.items():
        if bot_status == "administrator":
            world.bot_by_id(bot_id).updates.add("chat_member", change)
    if chat.type != "channel":
        if old not in PRESENT and status in PRESENT:
            service(world, chat, by, {"new_chat_members": [account.user]})
        elif old in PRESENT and status not in PRESENT:
            service(world, chat, by, {"left_chat_member": account.user})
    world.chat_changed(chat)


def set_bot(world: World, chat: SharedChat, bot: Bot, status: str, by: Json) -> None:
    """Change a bot's status in a chat: my_chat_member update, service message, page."""
    old = chat.bots.get(bot.id, "left")
    status = "left" if status == "absent" else status
    if old == status:
        return
    chat.bots[bot.id] = status
    bot.updates.add(
        "my_chat_member",
        {
            "chat": chat.info,
            "from": by,
            "date": int(world.clock.now()),
            "old_chat_member": chat_member(bot.user, old),
            "new_chat_member": chat_member(bot.user, status),
        },
    )
    if chat.type != "channel":
        if old not in PRESENT and status in PRESENT:
            service(world, chat, by, {"new_chat_members": [bot.user]})
        elif old in PRESENT and status not in PRESENT:
            service(world, chat, by, {"left_chat_member": bot.user})
    world.chat_changed(chat)


def creator(world: World, chat: SharedChat) -> Json:
    """Return the User who made a chat, or the bot's where nobody did."""
    creators = [who for who, status in chat.members.items() if status == "creator"]
    return world.people[creators[0]].user if creators else world.bot.user


def upgrade(world: World, chat: SharedChat) -> SharedChat:
    """Make a supergroup of a group: a new chat with a new id; bots are told in both.

    Raises:
        ValueError: it isn't a group, or has been upgraded before.
    """
    if chat.type != "group" or chat.upgraded_to is not None:
        raise ValueError("only a group can be upgraded, and only once")
    new = world.add_chat("supergroup", chat.info["title"])
    new.members, new.bots = dict(chat.members), dict(chat.bots)
    by = creator(world, chat)
    service(world, chat, by, {"migrate_to_chat_id": new.id})
    chat.upgraded_to = new.id
    service(world, new, by, {"migrate_from_chat_id": chat.id})
    world.chat_changed(chat)
    world.chat_changed(new)
    return new


def set_blocked(world: World, chat: PrivateChat, account: Account, blocked: bool) -> None:
    """Let a person block or unblock a bot."""
    if chat.blocked == blocked:
        return
    chat.blocked = blocked
    bot = world.bot_by_id(chat.bot_id)
    old, new = ("member", "kicked") if blocked else ("kicked", "member")
    bot.updates.add(
        "my_chat_member",
        {
            "chat": chat.info,
            "from": account.user,
            "date": int(world.clock.now()),
            "old_chat_member": chat_member(bot.user, old),
            "new_chat_member": chat_member(bot.user, new),
        },
    )
    world.event("blocked", bot=bot.id, person=account.id, blocked=blocked)


def join(world: World, account: Account, link: str) -> Json:
    """Let a person follow an invite link.

    Raises:
        LookupError: no chat has such a link, or it is revoked or used up.
    """
    chat = next((each for each in world.chats.values() if link in each.invite_links), None)
    if chat is None:
        raise LookupError("there is no such link")
    invite = chat.invite_links[link]
    expired = invite.get("expire_date") and invite["expire_date"] <= world.clock.now()
    limit = invite.get("member_limit")
    if invite["is_revoked"] or expired or (limit and invite.get("joined", 0) >= limit):
        raise LookupError("the link is not valid any more")
    public = {name: value for name, value in invite.items() if name != "joined"}
    if invite["creates_join_request"]:
        chat.join_requests[account.id] = link
        request = {
            "chat": chat.info,
            "from": account.user,
            "user_chat_id": account.id,
            "date": int(world.clock.now()),
            "invite_link": public,
        }
        for bot_id, status in chat.bots.items():
            if status == "administrator":
                bot = world.bot_by_id(bot_id)
                world.private_chat(bot, account).started = True  # it may answer for 5 minutes
                bot.updates.add("chat_join_request", request)
        return {"joined": False, "requested": True}
    invite["joined"] = invite.get("joined", 0) + 1
    set_person(world, chat, account, "member", account.user, invite_link=public)
    return {"joined": True, "requested": False}
