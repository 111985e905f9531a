"""Groups, channels and topics: who sees what, who may what."""

from __future__ import annotations

from typing import Any

import pytest
from telegram import Bot
from telegram.constants import ForumIconColor
from telegram.error import BadRequest, Forbidden

from sandbox import Telegram
from tests.sandbox.conftest import Api


def texts(updates: list[dict[str, Any]]) -> list[str]:
    return [update["message"]["text"] for update in updates if "text" in update.get("message", {})]


async def test_privacy_mode_hides_ordinary_talk(telegram: Telegram, api: Api) -> None:
    gulnara, erik = telegram.person("Гүлнара"), telegram.person("Эрик")
    group = telegram.group("Партнёр", [gulnara, erik], bot="member")
    sent = await api.done("sendMessage", chat_id=group.id, text="Новое дело")
    for text in ("Болтовня", "/cases", "/cases@other_bot", "@jigerduu_demo_bot помоги"):
        await gulnara.sends(text, chat=group)
    await erik.sends("Беру", chat=group, reply_to=sent["message_id"])
    assert texts(await api.updates()) == ["/cases", "@jigerduu_demo_bot помоги", "Беру"]

    await api.control("POST", "bot", {"privacy": False})
    await erik.sends("А теперь слышно", chat=group)
    assert texts(await api.updates())[-1] == "А теперь слышно"


async def test_an_administrator_sees_everything(telegram: Telegram, api: Api) -> None:
    gulnara = telegram.person("Гүлнара")
    group = telegram.group("Партнёр", [gulnara])
    await gulnara.sends("Болтовня", chat=group)
    joined, added, talk = await api.updates()
    assert joined["my_chat_member"]["new_chat_member"]["status"] == "administrator"
    assert added["message"]["new_chat_members"][0]["username"] == "jigerduu_demo_bot"
    assert talk["message"]["chat"] == {"id": group.id, "type": "supergroup", "title": "Партнёр"}


async def test_coming_and_going(telegram: Telegram, api: Api) -> None:
    gulnara, erik = telegram.person("Гүлнара"), telegram.person("Эрик")
    group = telegram.group("Партнёр", [gulnara])
    await api.updates(allowed_updates=["message", "chat_member"])
    answer = await api.control("POST", f"chats/{group.id}/members", {"add": [erik.id]})
    assert {"person": erik.id, "status": "member"} in answer["members"]
    erik.leaves(group)
    added, joined, left, gone = (await api.updates())[-4:]
    assert added["chat_member"]["new_chat_member"]["status"] == "member"
    assert joined["message"]["new_chat_members"][0]["id"] == erik.id
    assert left["chat_member"]["new_chat_member"]["status"] == "left"
    assert gone["message"]["left_chat_member"]["id"] == erik.id
    member = await api.done("getChatMember", chat_id=group.id, user_id=erik.id)
    assert member["status"] == "left"
    assert await api.done("getChatMemberCount", chat_id=group.id) == 2
    administrators = await api.done("getChatAdministrators", chat_id=group.id)
    assert [each["status"] for each in administrators] == ["creator", "administrator"]


async def test_a_bot_that_was_removed(telegram: Telegram, api: Api) -> None:
    gulnara = telegram.person("Гүлнара")
    group = telegram.group("Партнёр", [gulnara])
    await api.control("POST", f"chats/{group.id}/members", {"bot": "kicked"})
    send = {"chat_id": group.id, "text": "?"}
    words = await api.refused("sendMessage", **send)
    assert words == "Forbidden: bot was kicked from the supergroup chat"
    await api.control("POST", f"chats/{group.id}/members", {"bot": "member"})
    await api.done("leaveChat", chat_id=group.id)
    words = await api.refused("sendMessage", **send)
    assert words == "Forbidden: bot is not a member of the supergroup chat"
    channel = telegram.group("Новости", [gulnara], kind="channel", bot="member")
    words = await api.refused("sendMessage", chat_id=channel.id, text="?")
    assert words == "Bad Request: need administrator rights in the channel chat"


async def test_a_group_that_becomes_a_supergroup(telegram: Telegram, api: Api) -> None:
    gulnara = telegram.person("Гүлнара")
    group = telegram.group("Партнёр", [gulnara], kind="group")
    new = await api.control("POST", f"chats/{group.id}/upgrade", {})
    answer = await api("sendMessage", chat_id=group.id, text="Дело")
    assert answer["parameters"] == {"migrate_to_chat_id": new["id"]}
    await api.done("sendMessage", chat_id=new["id"], text="Дело")
    assert gulnara.screen(telegram.world.chats[new["id"]])[-1].text == "Дело"
    *_, old_news, new_news = await api.updates()
    assert old_news["message"]["migrate_to_chat_id"] == new["id"]
    assert new_news["message"]["migrate_from_chat_id"] == group.id
    again = await api.control("POST", f"chats/{group.id}/upgrade", {})
    assert again == {"error": "only a group can be upgraded, and only once"}


async def test_commands_of_those_who_were_promoted(telegram: Telegram, api: Api) -> None:
    gulnara, erik = telegram.person("Гүлнара"), telegram.person("Эрик")
    group = telegram.group("Партнёр", [gulnara, erik])
    commands = [{"command": "cases", "description": "Дела"}]
    await api.done("setMyCommands", commands=commands, scope={"type": "all_chat_administrators"})
    assert telegram.world.commands(telegram.bot, erik.account, group) == []
    await api.control("POST", f"chats/{group.id}/members", {"promote": [erik.id]})
    assert telegram.world.commands(telegram.bot, erik.account, group) == commands


async def test_channel_posts(telegram: Telegram, bot: Bot) -> None:
    erik = telegram.person("Эрик")
    channel = telegram.group("Новости", [erik], kind="channel")
    post = await bot.send_message(channel.id, "Акция", parse_mode="HTML")
    assert post.sender_chat is not None and post.from_user is None
    await bot.edit_message_text("Акция!", channel.id, post.message_id)
    await erik.sends("Сам пишу", chat=channel)
    *_, update = await bot.get_updates()
    assert update.channel_post is not None and update.channel_post.text == "Сам пишу"


async def test_topics_live_and_die(telegram: Telegram, bot: Bot) -> None:
    gulnara = telegram.person("Гүлнара")
    group = telegram.group("Партнёр", [gulnara], is_forum=True)
    topic = await bot.create_forum_topic(group.id, "Дело 12", icon_color=ForumIconColor.GREEN)
    thread = topic.message_thread_id
    sent = await bot.send_message(group.id, "Суть дела", message_thread_id=thread)
    assert sent.is_topic_message and sent.message_thread_id == thread
    await gulnara.sends("Вижу", chat=group, thread=thread)
    *_, update = await bot.get_updates()
    assert update.message is not None and update.message.message_thread_id == thread

    await bot.edit_forum_topic(group.id, thread, name="Дело 12: закрыто")
    await bot.close_forum_topic(group.id, thread)
    with pytest.raises(BadRequest, match="Topic_not_modified"):
        await bot.close_forum_topic(group.id, thread)
    await bot.reopen_forum_topic(group.id, thread)
    await bot.delete_forum_topic(group.id, thread)
    with pytest.raises(BadRequest, match=r"[Mm]essage thread not found"):
        await bot.send_message(group.id, "Ещё", message_thread_id=thread)
    assert not any("Суть дела" in seen.text for seen in gulnara.screen(group))


async def test_topics_need_a_forum_and_rights(telegram: Telegram, bot: Bot) -> None:
    gulnara = telegram.person("Гүлнара", started=True)
    plain = telegram.group("Просто", [gulnara])
    guest = telegram.group("Форум", [gulnara], is_forum=True, bot="member")
    for chat_id, words in (
        (plain.id, "chat is not a forum"),
        (guest.id, "ot enough rights"),
        (gulnara.id, "chat is not a forum"),
    ):
        with pytest.raises(BadRequest, match=words):
            await bot.create_forum_topic(chat_id, "Дело")
    telegram.bot.has_topics = True
    topic = await bot.create_forum_topic(gulnara.id, "Дело")
    sent = await bot.send_message(gulnara.id, "a", message_thread_id=topic.message_thread_id)
    assert sent.is_topic_message


async def test_invite_links_and_join_requests(telegram: Telegram, bot: Bot) -> None:
    gulnara, erik, olga = (telegram.person(name) for name in ("Гүлнара", "Эрик", "Ольга"))
    group = telegram.group("Партнёр", [gulnara])
    single = await bot.create_chat_invite_link(group.id, member_limit=1)
    assert erik.joins(single.invite_link) == {"joined": True, "requested": False}
    with pytest.raises(LookupError):
        olga.joins(single.invite_link)

    asked = await bot.create_chat_invite_link(group.id, creates_join_request=True)
    assert olga.joins(asked.invite_link) == {"joined": False, "requested": True}
    *_, update = await bot.get_updates()
    assert update.chat_join_request is not None
    assert update.chat_join_request.from_user.id == olga.id
    await bot.approve_chat_join_request(group.id, olga.id)
    assert olga.id in group.present()
    with pytest.raises(BadRequest, match="Hide_requester_missing"):
        await bot.decline_chat_join_request(group.id, olga.id)
    await bot.revoke_chat_invite_link(group.id, asked.invite_link)
    with pytest.raises(LookupError):
        olga.joins(asked.invite_link)


async def test_deleting_and_pinning_in_groups_needs_rights(telegram: Telegram, bot: Bot) -> None:
    gulnara = telegram.person("Гүлнара")
    group = telegram.group("Партнёр", [gulnara], bot="member")
    theirs = await gulnara.sends("Болтовня", chat=group)
    own = await bot.send_message(group.id, "Дело")
    with pytest.raises(BadRequest, match=r"[Mm]essage can't be deleted"):
        await bot.delete_message(group.id, theirs.id)
    with pytest.raises(BadRequest, match=r"ot enough rights to manage pinned"):
        await own.pin()
    group.bots[telegram.bot.id] = "administrator"
    await own.pin()
    assert (await bot.get_chat(group.id)).pinned_message is not None
    await bot.unpin_chat_message(group.id)
    await bot.delete_message(group.id, theirs.id)
    assert theirs.id not in group.messages


async def test_a_person_outside_cannot_write(telegram: Telegram) -> None:
    gulnara, stranger = telegram.person("Гүлнара"), telegram.person("Чужой")
    group = telegram.group("Партнёр", [gulnara])
    with pytest.raises(LookupError):
        await stranger.sends("Пустите", chat=group)


async def test_several_bots_do_not_see_one_another(telegram: Telegram, bot: Bot, api: Api) -> None:
    gulnara = telegram.person("Гүлнара")
    group = telegram.group("Партнёр", [gulnara])
    other = api.as_bot("123456:AAE-another-token-of-the-usual-form-0")
    await other.done("getMe")
    await api.control("POST", f"chats/{group.id}/members?bot=123456", {"bot": "administrator"})
    before = len(await bot.get_updates())
    await other.done("sendMessage", chat_id=group.id, text="Я тоже бот")
    assert len(await bot.get_updates()) == before
    await gulnara.sends("Слышат оба", chat=group)
    assert len(await bot.get_updates()) == before + 1
    with pytest.raises(Forbidden):
        await bot.send_message(gulnara.id, "Лично")
    assert texts(await other.updates())[-1] == "Слышат оба"
