"""A bot: what BotFather and the bot itself have set about it."""

from typing import Any

from sandbox.chats import PrivateChat
from sandbox.updates import Updates

Json = dict[str, Any]
Scope = tuple[str, int, int]
"""Kind, chat id and user id of a BotCommandScope; 0 where a kind has none."""


class Bot:
    """One bot, reached by one token."""

    def __init__(self, token: str, username: str, first_name: str, updates: Updates) -> None:
        self.token = token
        self.id = int(token.partition(":")[0])
        self.user: Json = {
            "id": self.id,
            "is_bot": True,
            "first_name": first_name,
            "username": username,
        }
        self.can_join_groups = True
        self.reads_everything = False  # privacy mode is on by default
        self.inline = True
        self.inline_feedback = False
        self.has_topics = False
        self.name: dict[str, str] = {"": first_name}
        self.description: dict[str, str] = {}
        self.short_description: dict[str, str] = {}
        self.commands: dict[tuple[Scope, str], list[Json]] = {}
        self.menu_buttons: dict[int, Json] = {}  # by chat; 0 is everybody's
        self.administrator_rights: dict[bool, Json] = {}
        self.updates = updates
        self.chats: dict[int, PrivateChat] = {}
        self.webhook: Json = {}
        self.closed_until = 0.0

    @property
    def username(self) -> str:
        """The name after the @."""
        return str(self.user["username"])

    def me(self) -> Json:
        """Return what getMe answers."""
        return {
            **self.user,
            "can_join_groups": self.can_join_groups,
            "can_read_all_group_messages": self.reads_everything,
            "supports_inline_queries": self.inline,
            "supports_guest_queries": False,
            "can_connect_to_business": False,
            "has_main_web_app": False,
            "has_topics_enabled": self.has_topics,
            "allows_users_to_create_topics": self.has_topics,
            "can_manage_bots": False,
            "supports_join_request_queries": False,
        }

    def describe(self) -> Json:
        """Return the bot as the control API tells it."""
        return {
            **self.me(),
            "inline_feedback": self.inline_feedback,
            "name": self.name,
            "description": self.description,
            "short_description": self.short_description,
            "webhook": self.webhook.get("url", ""),
            "pending_update_count": self.updates.count(),
        }

    def commands_for(
        self, chat_id: int, chat_type: str, person: int, administrator: bool, language: str
    ) -> list[Json]:
        """Return the commands that one person sees in one chat.

        Source: https://core.telegram.org/bots/api#determining-list-of-commands
        """
        scopes: list[Scope]
        if chat_type == "private":
            scopes = [("chat", chat_id, 0), ("all_private_chats", 0, 0)]
        else:
            scopes = [("chat_member", chat_id, person)]
            if administrator:
                scopes.append(("chat_administrators", chat_id, 0))
            scopes.append(("chat", chat_id, 0))
            if administrator:
                scopes.append(("all_chat_administrators", 0, 0))
            scopes.append(("all_group_chats", 0, 0))
        for scope in (*scopes, ("default", 0, 0)):
            for code in (language, "") if language else ("",):
                if self.commands.get((scope, code)):
                    return self.commands[scope, code]
        return []

    def menu_button(self, chat_id: int) -> Json:
        """Return the menu button of a private chat."""
        button = self.menu_buttons.get(chat_id) or self.menu_buttons.get(0) or {"type": "default"}
        return {"type": "commands"} if button["type"] == "default" else button
