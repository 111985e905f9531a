"""Photos, documents, albums, copies and forwards."""

from __future__ import annotations

import pytest
from telegram import (
    Bot,
    InputMediaDocument,
    InputMediaPhoto,
    MessageOriginUser,
)
from telegram.error import BadRequest, Forbidden

from sandbox import Telegram
from sandbox.files import picture_size
from sandbox.samples import plain_png
from tests.sandbox.conftest import Api

PNG = plain_png(1000, 500, (10, 20, 30))


async def test_a_persons_document_is_downloaded(telegram: Telegram, bot: Bot) -> None:
    oleg = telegram.person("Олег")
    await oleg.sends_document(b"a contract", "Мой договор", name="contract.txt")
    (update,) = await bot.get_updates()
    assert update.message is not None and update.message.document is not None
    document = update.message.document
    assert (update.message.caption, document.file_name) == ("Мой договор", "contract.txt")
    file = await document.get_file()
    assert bytes(await file.download_as_bytearray()) == b"a contract"


async def test_a_photo_has_sizes_and_a_voice_a_length(telegram: Telegram, bot: Bot) -> None:
    oleg = telegram.person("Олег")
    await oleg.sends_photo(PNG, "Справка")
    await oleg.sends_voice()
    await oleg.sends_sticker()
    photo, voice, sticker = (update.message for update in await bot.get_updates())
    assert photo is not None and voice is not None and sticker is not None
    assert [(size.width, size.height) for size in photo.photo] == [
        (90, 45), (320, 160), (800, 400), (1000, 500),
    ]  # fmt: skip
    assert len({size.file_id for size in photo.photo}) == 4
    assert voice.voice is not None and voice.voice.mime_type == "audio/ogg"
    assert sticker.sticker is not None


async def test_a_file_id_works_again_but_not_for_another_bot(
    telegram: Telegram, bot: Bot, api: Api
) -> None:
    oleg = telegram.person("Олег", started=True)
    sent = await bot.send_photo(oleg.id, PNG, caption="<b>Схема</b>", parse_mode="HTML")
    again = await bot.send_photo(oleg.id, sent.photo[-1].file_id)
    assert again.photo[-1].file_unique_id == sent.photo[-1].file_unique_id
    with pytest.raises(BadRequest, match="an't use file of type photo as document"):
        await bot.send_document(oleg.id, sent.photo[-1].file_id)
    other = api.as_bot("123456:AAE-another-token-of-the-usual-form-0")
    words = await other.refused("getFile", file_id=sent.photo[-1].file_id)
    assert words == "Bad Request: wrong file identifier/HTTP URL specified"
    content = await api.http.get(f"{telegram.url}/sandbox/files/{sent.photo[0].file_unique_id}")
    assert (content.content, content.headers["Content-Type"]) == (PNG, "image/png")


async def test_files_that_are_refused(telegram: Telegram, bot: Bot) -> None:
    oleg = telegram.person("Олег", started=True)
    with pytest.raises(BadRequest, match="Image_process_failed"):
        await bot.send_photo(oleg.id, b"not a picture")
    with pytest.raises(BadRequest, match=r"[Ff]ile must be non-empty"):
        await bot.send_document(oleg.id, b"", filename="empty.txt")
    with pytest.raises(BadRequest, match=r"[Mm]essage caption is too long"):
        await bot.send_document(oleg.id, b"x", caption="а" * 1025)
    assert oleg.chat == []


async def test_albums_come_as_several_messages(telegram: Telegram, bot: Bot) -> None:
    oleg = telegram.person("Олег", started=True)
    album = await bot.send_media_group(
        oleg.id, [InputMediaPhoto(PNG, caption="Первая"), InputMediaPhoto(PNG)]
    )
    assert len({message.media_group_id for message in album}) == 1
    assert [message.caption for message in album] == ["Первая", None]
    with pytest.raises(BadRequest, match="can't be mixed"):
        await bot.send_media_group(oleg.id, [InputMediaPhoto(PNG), InputMediaDocument(b"x")])

    for number in range(2):
        await oleg.sends_photo(caption=str(number), media_group="a1")
    updates = await bot.get_updates()
    assert {update.message.media_group_id for update in updates if update.message} == {"a1"}


async def test_a_copy_hides_the_sender_and_a_forward_shows_him(
    telegram: Telegram, bot: Bot
) -> None:
    oleg, gulnara = telegram.person("Олег"), telegram.person("Гүлнара", started=True)
    said = await oleg.sends_document(b"x", "Мой договор")
    copied = await bot.copy_message(gulnara.id, oleg.id, said.id)
    again = await bot.copy_message(gulnara.id, oleg.id, said.id, caption="Договор клиента")
    forwarded = await bot.forward_message(gulnara.id, oleg.id, said.id)

    first, second, third = gulnara.chat
    assert (first.id, first.text) == (copied.message_id, "Мой договор")
    assert (second.id, second.text) == (again.message_id, "Договор клиента")
    assert "forward_origin" not in first.raw and first.raw["from"]["is_bot"]
    assert isinstance(forwarded.forward_origin, MessageOriginUser)
    assert forwarded.forward_origin.sender_user.id == oleg.id
    assert third.raw["document"]["file_unique_id"] == said.raw["document"]["file_unique_id"]
    with pytest.raises(BadRequest, match=r"[Mm]essage can't be edited"):
        await forwarded.edit_caption("a")
    with pytest.raises(BadRequest, match=r"[Mm]essage to copy not found"):
        await bot.copy_message(gulnara.id, oleg.id, 99)


async def test_several_messages_at_once(telegram: Telegram, bot: Bot) -> None:
    oleg, gulnara = telegram.person("Олег"), telegram.person("Гүлнара", started=True)
    said = [(await oleg.sends(text)).id for text in ("раз", "два", "три")]
    await bot.copy_messages(gulnara.id, oleg.id, [said[0], said[2], 99])
    await bot.forward_messages(gulnara.id, oleg.id, said[1:2])
    assert [seen.text for seen in gulnara.chat] == ["раз", "три", "два"]


async def test_a_protected_message_is_not_forwarded(telegram: Telegram, bot: Bot) -> None:
    oleg = telegram.person("Олег", started=True)
    sent = await bot.send_message(oleg.id, "Секрет", protect_content=True)
    assert sent.has_protected_content
    with pytest.raises(BadRequest, match="can't be forwarded"):
        await sent.forward(oleg.id)


async def test_a_text_becomes_a_picture(telegram: Telegram, bot: Bot) -> None:
    oleg = telegram.person("Олег", started=True)
    sent = await bot.send_message(oleg.id, "Скоро")
    await bot.edit_message_media(InputMediaPhoto(PNG, caption="Вот"), oleg.id, sent.message_id)
    (seen,) = oleg.chat
    assert (seen.text, "photo" in seen.raw, "text" in seen.raw) == ("Вот", True, False)
    await bot.edit_message_caption(oleg.id, sent.message_id, caption="Вот!")
    with pytest.raises(BadRequest, match="no text in the message"):
        await bot.edit_message_text("a", oleg.id, sent.message_id)


async def test_a_blocked_bot_sends_no_file(telegram: Telegram, bot: Bot) -> None:
    oleg = telegram.person("Олег", started=True)
    oleg.blocks()
    with pytest.raises(Forbidden):
        await bot.send_photo(oleg.id, PNG)


def test_pictures_are_measured() -> None:
    jpeg = b"\xff\xd8\xff\xe0\x00\x04ab\xff\xc0\x00\x11\x08" + b"\x00\x20\x00\x40" + bytes(20)
    assert picture_size(PNG) == (1000, 500)
    assert picture_size(jpeg) == (64, 32)
    assert picture_size(b"GIF89a\x05\x00\x06\x00") == (5, 6)
    assert picture_size(b"\xff\xd8\xff") == picture_size(b"text") == (0, 0)
