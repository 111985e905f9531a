"""Groups and channels: about them, their members, their invite links."""

import secrets
from typing import Any

from sandbox import members
from sandbox.chats import PrivateChat, SharedChat
from sandbox.errors import bad, malformed
from sandbox.members import PRESENT, chat_member
from sandbox.methods.call import Call, method
from sandbox.world import Account

Json = dict[str, Any]


@method
def get_chat(call: Call) -> Json:
    """Return everything about a chat."""
    chat = call.known_chat()
    full: Json = {
        **chat.info,
        "accent_color_id": chat.id % 7,
        "max_reaction_count": 11,
        "accepted_gift_types": dict.fromkeys(
            ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription",
             "gifts_from_channels"), False),
    }  # fmt: skip
    if chat.pinned:
        full["pinned_message"] = chat.messages[chat.pinned[-1]]
    if isinstance(chat, SharedChat):
        if chat.description:
            full["description"] = chat.description
        primary = [link for link in chat.invite_links.values() if link["is_primary"]]
        if primary and chat.bots.get(call.bot.id) == "administrator":
            full["invite_link"] = primary[-1]["invite_link"]
        if chat.type != "channel":
            full["permissions"] = {"can_send_messages": True}
    return full


@method
def get_chat_member(call: Call) -> Json:
    """Return one member, or that somebody isn't one."""
    chat = call.known_chat()
    user_id = call.params["user_id"]
    if isinstance(chat, SharedChat):
        bot = next((bot for bot in call.world.bots.values() if bot.id == user_id), None)
        if bot is not None:
            return chat_member(bot.user, chat.bots.get(bot.id, "left"))
    account = call.world.people.get(user_id)
    if account is None:
        raise bad("PARTICIPANT_ID_INVALID" if isinstance(chat, SharedChat) else "user not found")
    if isinstance(chat, PrivateChat):
        return chat_member(account.user, "member" if account.id == chat.id else "left")
    assert isinstance(chat, SharedChat)
    return chat_member(account.user, chat.members.get(user_id, "left"))


@method
def get_chat_administrators(call: Call) -> list[Json]:
    """Return the administrators that aren't other bots."""
    chat = call.known_chat()
    if not isinstance(chat, SharedChat):
        raise bad("there are no administrators in the private chat")
    found = [
        chat_member(call.world.people[who].user, status)
        for who, status in chat.members.items()
        if status in ("creator", "administrator")
    ]
    if chat.bots.get(call.bot.id) == "administrator":
        found.append(chat_member(call.bot.user, "administrator"))
    return found


@method
def get_chat_member_count(call: Call) -> int:
    """Return how many are in a chat."""
    chat = call.known_chat()
    if not isinstance(chat, SharedChat):
        return 2
    return len(chat.present()) + sum(status in PRESENT for status in chat.bots.values())


@method
def leave_chat(call: Call) -> bool:
    """Leave a group or channel."""
    chat = call.known_chat()
    if not isinstance(chat, SharedChat):
        raise bad("chat can't be left")
    members.set_bot(call.world, chat, call.bot, "left", call.bot.user)
    return True


@method
def set_chat_title(call: Call) -> bool:
    """Rename a group or channel."""
    chat = call.administered_chat()
    title = call.params["title"].strip()
    if not 1 <= len(title) <= 128:
        raise malformed("new chat title must be of 1-128 characters")
    chat.info["title"] = title
    call.world.post(chat, {"from": call.bot.user, "new_chat_title": title})
    call.world.chat_changed(chat)
    return True


@method
def set_chat_description(call: Call) -> bool:
    """Describe a group or channel."""
    chat = call.administered_chat()
    description = call.text("description", 255)
    if description == chat.description:
        raise bad("chat description is not modified")
    chat.description = description
    call.world.chat_changed(chat)
    return True


def _member(call: Call) -> Account:
    account = call.world.people.get(call.params["user_id"])
    if account is None:
        raise bad("PARTICIPANT_ID_INVALID")
    return account


@method
def ban_chat_member(call: Call) -> bool:
    """Remove somebody for good."""
    chat = call.administered_chat()
    account = _member(call)
    if chat.members.get(account.id) == "creator":
        raise bad("can't remove chat owner")
    members.set_person(call.world, chat, account, "kicked", call.bot.user)
    return True


@method
def unban_chat_member(call: Call) -> bool:
    """Let somebody come back; who is still there is removed unless `only_if_banned`."""
    chat = call.administered_chat()
    account = _member(call)
    banned = chat.members.get(account.id) == "kicked"
    if banned or not call.params.get("only_if_banned"):
        members.set_person(call.world, chat, account, "left", call.bot.user)
    return True


# --- invite links -------------------------------------------------------------------------------


def _new_link(call: Call, chat: SharedChat, **about: Any) -> Json:
    link: Json = {
        "invite_link": f"https://t.me/+{secrets.token_urlsafe(12)}",
        "creator": call.bot.user,
        "creates_join_request": False,
        "is_primary": False,
        "is_revoked": False,
        **about,
    }
    chat.invite_links[link["invite_link"]] = link
    call.world.chat_changed(chat)
    return _public(link)


def _public(link: Json) -> Json:
    return {name: value for name, value in link.items() if name != "joined"}


def _about_link(call: Call) -> Json:
    params = call.params
    if len(params.get("name", "")) > 32:
        raise malformed("INVITE_LINK_NAME_TOO_LONG")
    if "member_limit" in params:
        if not 1 <= params["member_limit"] <= 99999:
            raise malformed("MEMBER_LIMIT_INVALID")
        if params.get("creates_join_request"):
            raise malformed(
                "member limit can't be specified for links requiring administrator approval"
            )
    names = ("name", "expire_date", "member_limit", "creates_join_request")
    return {name: params[name] for name in names if name in params}


@method
def export_chat_invite_link(call: Call) -> str:
    """Make a new primary link; the old one is revoked."""
    chat = call.administered_chat()
    for link in chat.invite_links.values():
        if link["is_primary"]:
            link["is_revoked"] = True
    return str(_new_link(call, chat, is_primary=True)["invite_link"])


@method
def create_chat_invite_link(call: Call) -> Json:
    """Make one more link."""
    return _new_link(call, call.administered_chat(), **_about_link(call))


def _link(call: Call, chat: SharedChat) -> Json:
    link = chat.invite_links.get(call.params["invite_link"])
    if link is None:
        raise bad("INVITE_HASH_EXPIRED")
    return link


@method
def edit_chat_invite_link(call: Call) -> Json:
    """Change a link."""
    chat = call.administered_chat()
    link = _link(call, chat)
    link.update(_about_link(call))
    call.world.chat_changed(chat)
    return _public(link)


@method
def revoke_chat_invite_link(call: Call) -> Json:
    """Make a link worthless."""
    chat = call.administered_chat()
    link = _link(call, chat)
    link["is_revoked"] = True
    call.world.chat_changed(chat)
    return _public(link)


@method
def approve_chat_join_request(call: Call) -> bool:
    """Let somebody in who has asked."""
    chat, account, link = _request(call)
    members.set_person(call.world, chat, account, "member", account.user, invite_link=link)
    return True


@method
def decline_chat_join_request(call: Call) -> bool:
    """Don't let somebody in who has asked."""
    _request(call)
    return True


def _request(call: Call) -> tuple[SharedChat, Account, Json]:
    chat = call.administered_chat()
    account = call.world.people.get(call.params["user_id"])
    link = chat.join_requests.pop(account.id, None) if account else None
    if account is None or link is None:
        raise bad("HIDE_REQUESTER_MISSING")
    return chat, account, _public(chat.invite_links[link])
