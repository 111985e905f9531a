"""A person and a bot talk, seen from both sides."""

from __future__ import annotations

import asyncio

import pytest
from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
    CopyTextButton,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    MenuButtonCommands,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
    ReplyParameters,
)
from telegram.error import BadRequest, Forbidden

from sandbox import Telegram
from tests.sandbox.conftest import Api


async def test_start_with_a_payload_reaches_the_bot(telegram: Telegram, bot: Bot) -> None:
    ainura = telegram.person("Айнура", language_code="ky")
    await ainura.sends("/start a_labour_unpaid-wages")
    (update,) = await bot.get_updates()
    assert update.message is not None
    assert update.message.text == "/start a_labour_unpaid-wages"
    assert update.message.entities[0].type == "bot_command"
    assert update.effective_user is not None
    assert update.effective_user.language_code == "ky"
    assert update.effective_chat is not None
    assert update.effective_chat.id == ainura.id


async def test_the_bot_may_not_write_first(telegram: Telegram, bot: Bot) -> None:
    stranger = telegram.person("Олег")
    with pytest.raises(Forbidden, match="can't initiate conversation"):
        await bot.send_message(stranger.id, "Добрый день")
    with pytest.raises(BadRequest, match=r"[Cc]hat not found"):
        await bot.send_message(424242, "Добрый день")
    await stranger.sends("/start")
    await bot.send_message(stranger.id, "Добрый день")
    assert (await stranger.hears()).text == "Добрый день"


async def test_after_a_block_the_bot_is_told_and_refused(telegram: Telegram, bot: Bot) -> None:
    oleg = telegram.person("Олег", started=True)
    oleg.blocks()
    (update,) = await bot.get_updates()
    assert update.my_chat_member is not None
    assert update.my_chat_member.new_chat_member.status == "kicked"
    with pytest.raises(Forbidden, match="bot was blocked by the user"):
        await bot.send_message(oleg.id, "Вы здесь?")
    await oleg.sends("/start")
    await bot.send_message(oleg.id, "С возвращением")
    assert (await oleg.hears()).text == "С возвращением"


async def test_an_account_that_is_gone(telegram: Telegram, api: Api) -> None:
    oleg = telegram.person("Олег", started=True)
    await api.control("POST", "deactivate", {"person": oleg.id})
    words = await api.refused("sendMessage", chat_id=oleg.id, text="Вы здесь?")
    assert words == "Forbidden: user is deactivated"


async def test_a_press_shows_a_notice_and_changes_the_message(telegram: Telegram, bot: Bot) -> None:
    ainura = telegram.person("Айнура", started=True)
    keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("Ооба", callback_data="yes")]])
    question = await bot.send_message(ainura.id, "Жардам бердиби?", reply_markup=keyboard)
    await ainura.hears()

    pressed = await ainura.presses("Ооба")
    (update,) = await bot.get_updates()
    query = update.callback_query
    assert query is not None and query.message is not None
    assert (query.data, query.message.message_id) == ("yes", question.message_id)
    await query.answer("Рахмат!", show_alert=True)
    await query.edit_message_text("Рахмат!")

    assert await pressed.answer() == {
        "callback_id": query.id,
        "answered": True,
        "text": "Рахмат!",
        "show_alert": True,
        "url": "",
    }
    edited = await ainura.hears()
    assert (edited.id, edited.text, edited.buttons) == (question.message_id, "Рахмат!", [])
    with pytest.raises(LookupError):
        await ainura.presses("Ооба")


async def test_an_answer_to_a_press_comes_once_and_in_time(telegram: Telegram, api: Api) -> None:
    ainura = telegram.person("Айнура", started=True)
    await api.done(
        "sendMessage",
        chat_id=ainura.id,
        text="?",
        reply_markup={"inline_keyboard": [[{"text": "A", "callback_data": "a"}]]},
    )
    first = await ainura.presses("A")
    assert first.callback is not None
    await api.done("answerCallbackQuery", callback_query_id=first.callback.id)
    again = await api.refused("answerCallbackQuery", callback_query_id=first.callback.id)
    assert again.startswith("Bad Request: query is too old")

    second = await ainura.presses("A")
    assert second.callback is not None
    telegram.advance(60)
    late = await api.refused("answerCallbackQuery", callback_query_id=second.callback.id)
    assert late == again


async def test_the_reply_keyboard_stays_until_it_is_removed(telegram: Telegram, bot: Bot) -> None:
    oleg = telegram.person("Олег", started=True)
    keyboard = ReplyKeyboardMarkup(
        [["Темы"], [KeyboardButton("Мой номер", request_contact=True)]], is_persistent=True
    )
    await bot.send_message(oleg.id, "Меню", reply_markup=keyboard)
    await bot.send_message(oleg.id, "Ещё слово")
    assert oleg.keyboard == [["Темы"], ["Мой номер"]]

    await oleg.presses("Темы")
    await oleg.presses("Мой номер")
    themes, number = await bot.get_updates()
    assert themes.message is not None and themes.message.text == "Темы"
    assert number.message is not None and number.message.contact is not None
    assert number.message.contact.user_id == oleg.id
    assert number.message.contact.phone_number == oleg.account.phone

    await bot.send_message(oleg.id, "Готово", reply_markup=ReplyKeyboardRemove())
    assert oleg.keyboard == []


async def test_a_message_with_a_reply_keyboard_cannot_be_edited(
    telegram: Telegram, bot: Bot
) -> None:
    oleg = telegram.person("Олег", started=True)
    sent = await bot.send_message(oleg.id, "Меню", reply_markup=ReplyKeyboardMarkup([["Темы"]]))
    with pytest.raises(BadRequest, match=r"[Mm]essage can't be edited"):
        await sent.edit_text("Другое меню")


async def test_other_buttons_work_without_the_bot(telegram: Telegram, bot: Bot) -> None:
    oleg = telegram.person("Олег", started=True)
    keyboard = InlineKeyboardMarkup(
        [
            [InlineKeyboardButton("Сайт", url="https://minjust.gov.kg")],
            [InlineKeyboardButton("102", copy_text=CopyTextButton("102"))],
            [InlineKeyboardButton("Поделиться", switch_inline_query="wages")],
        ]
    )
    await bot.send_message(oleg.id, "Куда обратиться", reply_markup=keyboard)
    assert (await oleg.presses("Сайт")).url == "https://minjust.gov.kg/"
    assert (await oleg.presses("102")).copied == "102"
    assert (await oleg.presses("Поделиться")).switch_inline_query == "wages"
    assert await bot.get_updates() == ()


async def test_a_forged_press_on_a_deleted_message(telegram: Telegram, bot: Bot) -> None:
    oleg = telegram.person("Олег", started=True)
    oleg.press_data(oleg.private, 99, "case:1:close")
    (update,) = await bot.get_updates()
    assert update.callback_query is not None and update.callback_query.message is not None
    assert update.callback_query.data == "case:1:close"
    assert not update.callback_query.message.is_accessible


async def test_edits_of_a_person_reach_the_bot_and_deletions_do_not(
    telegram: Telegram, bot: Bot
) -> None:
    oleg = telegram.person("Олег")
    said = await oleg.sends("Не платят зарплту")
    await oleg.edits(said, "Не платят зарплату")
    await oleg.deletes(said)
    first, second = await bot.get_updates()
    assert first.message is not None and first.message.text == "Не платят зарплту"
    assert second.edited_message is not None
    assert second.edited_message.text == "Не платят зарплату"
    assert second.edited_message.edit_date is not None
    assert oleg.chat == []


async def test_replies_and_quotes(telegram: Telegram, bot: Bot) -> None:
    oleg = telegram.person("Олег")
    question = await oleg.sends("Сколько длится отпуск?")
    answer = await bot.send_message(
        oleg.id, "28 дней", reply_parameters=ReplyParameters(question.id, quote="отпуск")
    )
    assert answer.reply_to_message is not None and answer.quote is not None
    assert answer.reply_to_message.text == "Сколько длится отпуск?"
    assert answer.quote.position == 15
    with pytest.raises(BadRequest, match=r"[Mm]essage to be replied not found"):
        await bot.send_message(oleg.id, "?", reply_parameters=ReplyParameters(99))
    lone = await bot.send_message(
        oleg.id, "!", reply_parameters=ReplyParameters(99, allow_sending_without_reply=True)
    )
    assert lone.reply_to_message is None

    await oleg.sends("Спасибо", reply_to=answer.message_id)
    *_, thanks = await bot.get_updates()
    assert thanks.message is not None and thanks.message.reply_to_message is not None
    assert thanks.message.reply_to_message.message_id == answer.message_id


async def test_people_are_mentioned_by_their_id(telegram: Telegram, bot: Bot) -> None:
    oleg = telegram.person("Олег", started=True)
    sent = await bot.send_message(
        oleg.id,
        f"<a href='tg://user?id={oleg.id}'>Вы</a> и <a href='tg://user?id=5'>кто-то</a>",
        parse_mode="HTML",
    )
    (mention,) = sent.entities
    assert mention.user is not None and mention.user.first_name == "Олег"


async def test_deleting_works_for_48_hours_and_for_both_sides(telegram: Telegram, bot: Bot) -> None:
    oleg = telegram.person("Олег")
    old = await oleg.sends("старое")
    telegram.advance(49 * 3600)
    new = await oleg.sends("новое")
    answer = await bot.send_message(oleg.id, "ответ")
    with pytest.raises(BadRequest, match="can't be deleted for everyone"):
        await bot.delete_message(oleg.id, old.id)
    await bot.delete_messages(oleg.id, [new.id, answer.message_id, 777])
    assert [seen.text for seen in oleg.chat] == ["старое"]
    with pytest.raises(BadRequest, match=r"[Mm]essage to delete not found"):
        await bot.delete_message(oleg.id, new.id)


async def test_the_menu_follows_scope_and_language(telegram: Telegram, bot: Bot) -> None:
    ainura = telegram.person("Айнура", language_code="ky", started=True)
    oleg = telegram.person("Олег", language_code="ru-RU", started=True)
    everyone = BotCommandScopeAllPrivateChats()
    stranger = telegram.person("Чужой")
    with pytest.raises(BadRequest, match=r"[Cc]hat not found"):
        await bot.set_my_commands([BotCommand("a", "b")], scope=BotCommandScopeChat(stranger.id))
    await bot.set_my_commands([BotCommand("help", "Help")])
    await bot.set_my_commands([BotCommand("help", "Жардам")], scope=everyone, language_code="ky")
    await bot.set_my_commands([BotCommand("cases", "Дела")], scope=BotCommandScopeChat(oleg.id))
    assert ainura.menu == [{"command": "help", "description": "Жардам"}]
    assert oleg.menu == [{"command": "cases", "description": "Дела"}]
    await bot.delete_my_commands(scope=BotCommandScopeChat(oleg.id))
    assert oleg.menu == [{"command": "help", "description": "Help"}]
    assert await bot.get_my_commands(scope=everyone) == ()


async def test_the_menu_button(telegram: Telegram, bot: Bot) -> None:
    oleg = telegram.person("Олег", started=True)
    assert (await bot.get_chat_menu_button(oleg.id)).type == "commands"
    await bot.set_chat_menu_button(oleg.id, MenuButtonCommands())
    changed = [each for each in telegram.world.events.since(0) if each["type"] == "menu"]
    assert (changed[0]["chat_id"], changed[0]["menu_button"]) == (oleg.id, {"type": "commands"})
    with pytest.raises(BadRequest, match=r"[Cc]hat not found"):
        await bot.set_chat_menu_button(5, MenuButtonCommands())


async def test_names_and_descriptions_by_language(telegram: Telegram, bot: Bot) -> None:
    await bot.set_my_name("Укуктук жардам", language_code="ky")
    await bot.set_my_description("Правовая помощь", language_code="ru")
    await bot.set_my_short_description("Legal help")
    assert (await bot.get_my_name("ky")).name == "Укуктук жардам"
    assert (await bot.get_my_name()).name == "Jigerduu"
    assert (await bot.get_my_description("ru")).description == "Правовая помощь"
    assert (await bot.get_my_description("ky")).description == ""
    assert (await bot.get_my_short_description("ky")).short_description == "Legal help"


async def test_everything_comes_back_to_who_waits_for_it(telegram: Telegram, bot: Bot) -> None:
    oleg = telegram.person("Олег", started=True)

    async def answer_later() -> None:
        await bot.send_message(oleg.id, "первый")
        await bot.send_message(oleg.id, "второй, с <b>числом 28</b>", parse_mode="HTML")

    later = asyncio.create_task(answer_later())
    assert (await oleg.sees("числом 28")).raw["entities"][0]["type"] == "bold"
    await later
    assert [(await oleg.hears()).text for _ in range(2)] == ["первый", "второй, с числом 28"]
    assert await oleg.hears_nothing(0.05)
    with pytest.raises(AssertionError, match="doesn't appear"):
        await oleg.sees("третий", timeout=0.05)


async def test_actions_polls_places_and_reactions(telegram: Telegram, bot: Bot, api: Api) -> None:
    oleg = telegram.person("Олег", started=True)
    await bot.send_chat_action(oleg.id, "typing")
    await bot.send_location(oleg.id, 42.87, 74.57)
    await bot.send_venue(oleg.id, 42.87, 74.57, "Юридическая клиника", "пр. Чуй 1")
    contact = await bot.send_contact(oleg.id, "+996312123456", "Горячая линия")
    assert contact.contact is not None and contact.contact.phone_number == "+996312123456"
    poll = await bot.send_poll(oleg.id, "Придёте?", ["Да", "Нет"], is_anonymous=False)
    await oleg.votes(poll.message_id, [1])
    closed = await bot.stop_poll(oleg.id, poll.message_id)
    assert [option.voter_count for option in closed.options] == [0, 1]

    said = await oleg.sends("Спасибо")
    await bot.set_message_reaction(oleg.id, said.id, "👍")
    assert (
        await api.refused(
            "setMessageReaction",
            chat_id=oleg.id,
            message_id=said.id,
            reaction=[{"type": "emoji", "emoji": "🇰🇬"}],
        )
        == "Bad Request: REACTION_INVALID"
    )
    kinds = [event["type"] for event in telegram.world.events.since(0)]
    assert "chat_action" in kinds and "reaction" in kinds
