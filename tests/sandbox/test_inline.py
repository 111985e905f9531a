"""Inline mode: `@bot question` in any chat."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from telegram import (
    Bot,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQueryResultArticle,
    InlineQueryResultsButton,
    InputTextMessageContent,
)
from telegram.error import BadRequest

from sandbox import Telegram
from tests.sandbox.conftest import Api


def article(number: int, **about: Any) -> InlineQueryResultArticle:
    text = InputTextMessageContent(f"<b>Ответ {number}</b>", parse_mode="HTML")
    return InlineQueryResultArticle(str(number), f"Статья {number}", text, **about)


async def answer(bot: Bot, *results: InlineQueryResultArticle, **how: Any) -> None:
    """Answer the next inline query."""
    seen = await bot.get_updates(timeout=5, offset=getattr(bot, "_seen", 0))
    query = seen[-1].inline_query
    assert query is not None
    await bot.get_updates(offset=seen[-1].update_id + 1)
    await query.answer(results, **how)


async def test_results_are_shown_chosen_and_posted(telegram: Telegram, bot: Bot) -> None:
    oleg = telegram.person("Олег")
    group = telegram.group("Соседи", [oleg], bot="absent")
    telegram.bot.inline_feedback = True
    serving = asyncio.create_task(
        answer(bot, article(1), article(2), next_offset="2",
               button=InlineQueryResultsButton("Спросить", start_parameter="ask"))
    )  # fmt: skip
    shown = await oleg.asks_inline("зарплата")
    await serving
    assert [result["title"] for result in shown["results"]] == ["Статья 1", "Статья 2"]
    assert (shown["next_offset"], shown["cached"]) == ("2", False)

    posted = await oleg.chooses("2", chat=group)
    assert posted.text == "Ответ 2"
    assert posted.raw["via_bot"]["username"] == "jigerduu_demo_bot"
    assert posted.raw["entities"] == [{"type": "bold", "offset": 0, "length": 7}]
    (update,) = await bot.get_updates()
    assert update.chosen_inline_result is not None
    assert update.chosen_inline_result.result_id == "2"


async def test_answers_are_cached_for_everybody_unless_personal(
    telegram: Telegram, bot: Bot
) -> None:
    oleg, ainura = telegram.person("Олег"), telegram.person("Айнура")
    serving = asyncio.create_task(answer(bot, article(1), cache_time=100))
    await oleg.asks_inline("зарплата")
    await serving
    assert (await ainura.asks_inline("зарплата"))["cached"]
    telegram.advance(101)
    serving = asyncio.create_task(answer(bot, article(2), cache_time=100, is_personal=True))
    assert (await oleg.asks_inline("зарплата"))["results"][0]["id"] == "2"
    await serving
    with pytest.raises(TimeoutError):
        await ainura.asks_inline("зарплата", timeout=0.05)


async def test_buttons_under_a_shared_answer_still_work(telegram: Telegram, bot: Bot) -> None:
    oleg = telegram.person("Олег")
    group = telegram.group("Соседи", [oleg], bot="absent")
    keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("Дальше", callback_data="more")]])
    serving = asyncio.create_task(answer(bot, article(1, reply_markup=keyboard)))
    await oleg.asks_inline("зарплата")
    await serving
    posted = await oleg.chooses("1", chat=group)
    await oleg.presses("Дальше", on=posted, chat=group)
    (update,) = await bot.get_updates()
    assert update.callback_query is not None and update.callback_query.message is None
    inline_id = update.callback_query.inline_message_id
    assert await bot.edit_message_text("Ещё", inline_message_id=inline_id) is True
    assert oleg.screen(group)[-1].text == "Ещё"


@pytest.mark.parametrize(
    ("results", "words"),
    [
        ([article(1), article(1)], "Result_id_duplicate"),
        ([article(number) for number in range(51)], "Results_too_much"),
    ],
)
async def test_results_that_are_refused(
    bot: Bot, api: Api, results: list[InlineQueryResultArticle], words: str
) -> None:
    body = [result.to_dict() for result in results]
    description = await api.refused("answerInlineQuery", inline_query_id="1", results=body)
    assert description == f"Bad Request: {words.upper()}"


async def test_an_old_query_takes_no_answer(telegram: Telegram, bot: Bot) -> None:
    oleg = telegram.person("Олег")
    with pytest.raises(TimeoutError):
        await oleg.asks_inline("зарплата", timeout=0.01)
    telegram.advance(60)
    with pytest.raises(BadRequest, match="Query is too old"):
        await answer(bot, article(1))
