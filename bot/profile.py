"""How the bot presents itself in Telegram: name, descriptions and command menus, in every language."""

from __future__ import annotations

import logging
from typing import Any

from telegram.error import TelegramError

from bot.transport import TelegramApi
from handlers import menu
from locales import DEFAULT, Texts, all_texts

log = logging.getLogger(__name__)


def _wanted(t: Texts) -> list[tuple[str, str, str]]:
    """Method suffix, field and text of what is set per language code."""
    return [
        ("Name", "name", t("Legal help")),
        (
            "Description",
            "description",
            t(
                "Free legal help for everybody in Kyrgyzstan. Ask in your own words, in Kyrgyz or "
                "Russian: about work, family, land, documents, police, violence. You get a plain "
                "answer, the law it rests on, and where to get a free lawyer."
            ),
        ),
        (
            "ShortDescription",
            "short_description",
            t("Ask about your rights in your own words. Free, in Kyrgyz and Russian."),
        ),
    ]


async def present(api: TelegramApi) -> None:
    """Set what differs from what Telegram shows now (it limits how often names may change)."""
    known = all_texts()
    # The empty code is for everybody else; asked for first, it would stand in for the others.
    for code, t in [*known.items(), ("", known[DEFAULT])]:
        for suffix, field, text in _wanted(t):
            await _set_if_new(api, suffix, field, text, code)
        listed = {"commands": menu.commands(t), "language_code": code}
        await _try(api, "setMyCommands", listed)


async def _set_if_new(api: TelegramApi, suffix: str, field: str, text: str, language: str) -> None:
    shown = await _try(api, f"getMy{suffix}", {"language_code": language})
    if not isinstance(shown, dict) or shown.get(field) != text:
        await _try(api, f"setMy{suffix}", {field: text, "language_code": language})


async def _try(api: TelegramApi, method: str, params: dict[str, Any]) -> Any:
    try:
        return await api.call(method, params)
    except TelegramError as error:
        # The bot works without it; the next start tries again.
        log.warning("not set: %s", type(error).__name__, extra={"method": method})
        return None
