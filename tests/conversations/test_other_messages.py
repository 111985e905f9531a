"""Whatever else people send gets a sensible reply."""

from tests.conftest import Office
from tests.conversations.conftest import (
    SURE,
    UNKNOWN,
    Kept,
    forgets_what_was_said,
    said_by_bot,
    vague_question,
)

CHANNEL = {
    "type": "channel",
    "chat": {"id": -1001, "type": "channel", "title": "Новости"},
    "message_id": 5,
}
FRIEND = {"type": "hidden_user", "sender_user_name": "Сосед"}
NEWS = (
    "Сборная Кыргызстана обыграла Таджикистан со счётом 2:1. Болельщики праздновали победу на "
    "площади до самого утра, движение было перекрыто."
)


async def test_voice_pictures_and_the_like(office: Office) -> None:
    oleg = await office.citizen("Олег", "ru")
    await oleg.sends_voice()
    await oleg.sees("Голосовые я пока слушать не умею")
    await oleg.sends_photo()
    await oleg.sees("прочитать его я не могу")
    await oleg.sends_sticker()
    sticker = oleg.chat[-1]
    reply = await oleg.sees("Напишите вопрос своими словами")
    while reply.raw.get("reply_to_message", {}).get("message_id") != sticker.id:
        reply = await oleg.hears()
    await oleg.shares_location()
    await oleg.sees("сейчас это не нужно")


async def test_the_words_under_a_picture_are_the_question(office: Office, kept: Kept) -> None:
    ainura = await office.citizen("Айнура", "ky")
    await ainura.sends_photo(caption=SURE["ky"][0])
    answer = await ainura.sees(SURE["ky"][1])
    await ainura.presses("👎 Жардам бербеди", on=answer)
    await ainura.sees("Жардам бере албаганыма өкүнөм")
    assert [missed.text for missed in await kept.missed()] == [SURE["ky"][0]]
    await ainura.sends_document(caption="Күйөөм мени уруп жатат")
    await ainura.sees("коопсуз жерге чыгып")


async def test_an_album_gets_one_reply(office: Office) -> None:
    oleg = await office.citizen("Олег", "ru")
    for _ in range(4):
        await oleg.sends_photo(media_group="1")
    await oleg.sees("прочитать его я не могу")
    await oleg.sends_photo(media_group="2")
    await oleg.sends_photo(media_group="2", caption=SURE["ru"][0])
    await oleg.sends_photo(media_group="2")
    await oleg.sees(SURE["ru"][1])
    await oleg.sends_voice()
    await oleg.sees("Голосовые")
    replies = [text for text in said_by_bot(oleg) if "прочитать его я не могу" in text]
    assert len(replies) == 2, "one for each album"


async def test_signs_without_words_invite_a_question(office: Office) -> None:
    oleg = await office.citizen("Олег", "ru")
    for text in ("👍", "😢😢😢", "?", "...", "🤷‍♀️ !"):
        forgets_what_was_said(oleg)
        await oleg.sends(text)
        assert "Напишите вопрос своими словами" in (await oleg.hears()).text


async def test_greetings_and_thanks_are_no_questions(office: Office, kept: Kept) -> None:
    oleg = await office.citizen("Олег", "ru")
    for said, reply in (
        ("Здравствуйте!", "Напишите вопрос своими словами"),
        ("Саламатсызбы", "Напишите вопрос своими словами"),
        ("спасибо большое", "Всегда рад помочь"),
        ("Чон рахмат!", "Всегда рад помочь"),
        ("ок", "Всегда рад помочь"),
    ):
        forgets_what_was_said(oleg)
        await oleg.sends(said)
        assert reply in (await oleg.hears()).text
    await oleg.sends("Здравствуйте! " + SURE["ru"][0])
    await oleg.sees(SURE["ru"][1])
    assert await kept.missed() == []


async def test_a_newcomer_who_greets_is_asked_for_the_language(office: Office) -> None:
    ainura = office.newcomer()
    await ainura.sends("Салам")
    await ainura.presses("Кыргызча", on=await ainura.sees("Тилди тандаңыз"))
    await ainura.sees("шифрленип сакталат")


async def test_a_forwarded_post_gets_no_nonsense(office: Office, kept: Kept) -> None:
    oleg = await office.citizen("Олег", "ru")
    await oleg.sends(NEWS, forward_origin=CHANNEL)
    await oleg.sees("Это пересланный пост")
    await oleg.sends_photo(caption=NEWS, forward_origin=CHANNEL)
    await oleg.sends(SURE["ru"][0], forward_origin=CHANNEL)
    offered = await oleg.sees("Вы об этом?")
    assert SURE["ru"][1] in offered.buttons, "a post is no question: an answer is only offered"
    await oleg.presses("Ни одно из этих", on=offered)
    await oleg.sees("пока нет ответа")
    assert await kept.missed() == []


async def test_the_question_of_a_friend_may_be_forwarded(office: Office, kept: Kept) -> None:
    oleg = await office.citizen("Олег", "ru")
    await oleg.sends(SURE["ru"][0], forward_origin=FRIEND)
    await oleg.sees(SURE["ru"][1])
    await oleg.sends("Муж меня избивает", forward_origin=FRIEND)
    await oleg.sees("уйдите в безопасное место")
    await oleg.sends(UNKNOWN["ru"], forward_origin=FRIEND)
    await oleg.sees("пока нет ответа")
    assert await kept.missed() == [], "the words of somebody else are not kept"


async def test_an_edited_question_is_answered_anew(office: Office) -> None:
    oleg = await office.citizen("Олег", "ru")
    asked = await oleg.sends(UNKNOWN["ru"])
    await oleg.sees("пока нет ответа")
    await oleg.edits(asked, SURE["ru"][0])
    answer = await oleg.sees(SURE["ru"][1])
    assert answer.raw["reply_to_message"]["message_id"] == asked.id


async def test_the_longest_messages_are_read_to_the_end(office: Office) -> None:
    oleg = await office.citizen("Олег", "ru")
    story = "Расскажу всё по порядку, как было у нас в селе. " * 85
    end = " Муж избивает меня каждый день, помогите"
    await oleg.sends(story[: 4096 - len(end)] + end)
    await oleg.sees("уйдите в безопасное место")
    forgets_what_was_said(oleg)
    await oleg.sends("ы" * 4096)
    await oleg.sends("<b>не платят</b> & зарплату </i> третий месяц")
    await oleg.sees(SURE["ru"][1])


async def test_a_command_that_nobody_knows_gets_help(office: Office, kept: Kept) -> None:
    oleg = await office.citizen("Олег", "ru")
    await oleg.sends("/nosuchthing")
    await oleg.sees("Я программа, а не юрист")
    await oleg.sends("/cancel")
    await oleg.sees("Останавливать нечего")
    await oleg.sends("/ask " + SURE["ru"][0])
    await oleg.sees(SURE["ru"][1])
    assert await kept.missed() == []


async def test_a_choice_is_offered_in_a_reply_to_the_question(office: Office) -> None:
    oleg = await office.citizen("Олег", "ru")
    forgets_what_was_said(oleg)
    asked = await oleg.sends(vague_question(office))
    assert (await oleg.hears()).raw["reply_to_message"]["message_id"] == asked.id
