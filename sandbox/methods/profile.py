"""What a bot sets about itself: commands, names, descriptions, the menu button."""

import re
from typing import Any

from sandbox.bots import Scope
from sandbox.chats import PrivateChat, SharedChat
from sandbox.errors import bad, malformed
from sandbox.methods.call import Call, method

Json = dict[str, Any]

_COMMAND = re.compile(r"[a-z0-9_]{1,32}")
_LANGUAGE = re.compile(r"[a-z]{2}")


def _language(call: Call) -> str:
    language = str(call.params.get("language_code", ""))
    if language and not _LANGUAGE.fullmatch(language):
        raise malformed("invalid language code specified")
    return language


def _scope(call: Call) -> Scope:
    scope = call.params.get("scope", {"type": "default"})
    if "chat_id" not in scope:
        return (scope["type"], 0, 0)
    chat_id = scope["chat_id"]
    if isinstance(chat_id, str) and chat_id.lstrip("-").isdecimal():
        chat_id = int(chat_id)
    chat = call.world.known_chat(call.bot, chat_id)
    if isinstance(chat, PrivateChat) and not chat.started:
        raise bad("chat not found")
    if scope["type"] != "chat" and not isinstance(chat, SharedChat):
        raise bad("can't use specified scope in private chats")
    return (scope["type"], chat.id, scope.get("user_id", 0))


@method
def set_my_commands(call: Call) -> bool:
    """Set the menu for a scope and language."""
    commands = call.params["commands"]
    if len(commands) > 100:
        raise malformed("BOT_COMMANDS_TOO_MUCH")
    for command in commands:
        if not _COMMAND.fullmatch(command["command"].removeprefix("/")):
            raise malformed("BOT_COMMAND_INVALID")
        if not 1 <= len(command["description"].strip()) <= 256:
            raise malformed("BOT_COMMAND_DESCRIPTION_INVALID")
    key = (_scope(call), _language(call))
    if commands:
        call.bot.commands[key] = [
            {
                "command": command["command"].removeprefix("/"),
                "description": command["description"].strip(),
            }
            for command in commands
        ]
    else:
        call.bot.commands.pop(key, None)
    call.world.event("commands", bot=call.bot.id)
    return True


@method
def get_my_commands(call: Call) -> list[Json]:
    """Return the menu of exactly one scope and language."""
    return call.bot.commands.get((_scope(call), _language(call)), [])


@method
def delete_my_commands(call: Call) -> bool:
    """Take the menu of a scope and language away."""
    call.bot.commands.pop((_scope(call), _language(call)), None)
    call.world.event("commands", bot=call.bot.id)
    return True


def _set(call: Call, texts: dict[str, str], name: str, limit: int) -> bool:
    language = _language(call)
    text = call.text(name, limit).strip()
    if text:
        texts[language] = text
    else:
        texts.pop(language, None)
    call.world.event("bot", bot=call.bot.describe())
    return True


def _get(call: Call, texts: dict[str, str], name: str) -> Json:
    return {name: texts.get(_language(call), texts.get("", ""))}


@method
def set_my_name(call: Call) -> bool:
    """Set the bot's name for a language; without one, for everybody else."""
    if not _language(call) and not call.text("name", 64).strip():
        raise bad("BOT_TITLE_INVALID")
    _set(call, call.bot.name, "name", 64)
    call.bot.user["first_name"] = call.bot.name.get("", call.bot.user["first_name"])
    return True


@method
def get_my_name(call: Call) -> Json:
    """Return the bot's name in a language."""
    return _get(call, call.bot.name, "name")


@method
def set_my_description(call: Call) -> bool:
    """Set what an empty chat with the bot shows."""
    return _set(call, call.bot.description, "description", 512)


@method
def get_my_description(call: Call) -> Json:
    """Return the description in a language."""
    return _get(call, call.bot.description, "description")


@method
def set_my_short_description(call: Call) -> bool:
    """Set what the bot's profile shows."""
    return _set(call, call.bot.short_description, "short_description", 120)


@method
def get_my_short_description(call: Call) -> Json:
    """Return the short description in a language."""
    return _get(call, call.bot.short_description, "short_description")


@method
def set_chat_menu_button(call: Call) -> bool:
    """Set the button beside the input field of one private chat, or of all."""
    chat_id = call.params.get("chat_id")
    button = call.params.get("menu_button", {"type": "default"})
    if button["type"] == "web_app":
        raise bad("the sandbox does not act web_app buttons out")
    if chat_id is not None:
        call.known_chat()
    call.bot.menu_buttons[chat_id or 0] = button
    call.world.event(
        "menu", bot=call.bot.id, chat_id=chat_id, menu_button=call.bot.menu_button(chat_id or 0)
    )
    return True


@method
def get_chat_menu_button(call: Call) -> Json:
    """Return the menu button of a private chat, or the default one."""
    return call.bot.menu_button(call.params.get("chat_id") or 0)


@method
def set_my_default_administrator_rights(call: Call) -> bool:
    """Set the rights that the bot asks for when it is made an administrator."""
    for_channels = bool(call.params.get("for_channels"))
    if "rights" in call.params:
        call.bot.administrator_rights[for_channels] = call.params["rights"]
    else:
        call.bot.administrator_rights.pop(for_channels, None)
    return True


@method
def get_my_default_administrator_rights(call: Call) -> Json:
    """Return those rights."""
    names = ("is_anonymous", "can_manage_chat", "can_delete_messages", "can_manage_video_chats",
             "can_restrict_members", "can_promote_members", "can_change_info", "can_invite_users",
             "can_post_stories", "can_edit_stories", "can_delete_stories")  # fmt: skip
    set_rights = call.bot.administrator_rights.get(bool(call.params.get("for_channels")), {})
    return {**dict.fromkeys(names, False), **set_rights}
