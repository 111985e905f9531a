"""A citizen asks; the answer, its buttons, and what the curators learn from it."""

import pytest

from storage.questions import Miss
from tests.conftest import Office, eventually
from tests.conversations.conftest import (
    SURE,
    UNKNOWN,
    Kept,
    becomes,
    forges,
    forgets_what_was_said,
    said_by_bot,
    vague_question,
)


@pytest.mark.parametrize("speaks", ["ky", "ru"])
async def test_a_question_is_answered_in_its_own_language(office: Office, speaks: str) -> None:
    other = {"ky": "ru", "ru": "ky"}[speaks]
    person = await office.citizen(speaks=speaks)
    not_reviewed = {"ky": "юрист азырынча текшере элек", "ru": "юрист ещё не проверял"}
    for language in (speaks, other):
        question, title = SURE[language]
        asked = await person.sends(question)
        answer = await person.sees(title)
        assert answer.raw["reply_to_message"]["message_id"] == asked.id
        assert not_reviewed[language] in answer.text

    await person.presses({"ky": "🌐 Кыргызча окуу", "ru": "🌐 Читать по-русски"}[speaks], on=answer)
    switched = await person.hears()
    while switched.id != answer.id or SURE[speaks][1] not in switched.text:
        switched = await person.hears()
    assert not_reviewed[speaks] in switched.text


async def test_a_word_of_both_languages_is_answered_as_the_person_chose(office: Office) -> None:
    ainura, oleg = await office.citizen(), await office.citizen("Олег", "ru")
    for word in ("алимент", "паспорт", "развод"):
        for person, language in ((ainura, "ky"), (oleg, "ru")):
            forgets_what_was_said(person)
            await person.sends(word)
            answer = await person.hears()
            assert f":{language}:" in answer.rows[0][0]["callback_data"]


async def test_what_is_folded_opens_and_folds_again(office: Office) -> None:
    oleg = await office.citizen("Олег", "ru")
    await oleg.sends(SURE["ru"][0])
    short = await oleg.sees(SURE["ru"][1])
    await oleg.presses("⚖️ Закон", on=short)
    law = await oleg.sees("⚖️ Закон\n")
    assert law.id == short.id and "Трудовой кодекс" in law.text
    assert "⚖️ Закон" not in law.buttons
    await oleg.presses("⬅️ Короткий ответ", on=law)
    again = await oleg.sees("📝 Что делать")
    assert (again.id, again.text, again.buttons) == (short.id, short.text, short.buttons)


async def test_unsure_is_a_choice(office: Office, kept: Kept) -> None:
    oleg = await office.citizen("Олег", "ru")
    question = vague_question(office)
    forgets_what_was_said(oleg)
    await oleg.sends(question)
    choice = await oleg.hears()
    *offered, none = choice.buttons
    assert 1 <= len(offered) <= 3 and none in ("Ни одно из этих", "Булардын бири да эмес")
    await oleg.presses(offered[0], on=choice)
    opened = await oleg.hears()
    assert opened.id == choice.id and opened.text.startswith(offered[0])
    assert await kept.missed() == []


async def test_none_of_the_choice_is_kept_for_the_curators(office: Office, kept: Kept) -> None:
    oleg = await office.citizen("Олег", "ru")
    question = vague_question(office)
    forgets_what_was_said(oleg)
    await oleg.sends(question)
    choice = await oleg.hears()
    await oleg.presses(choice.buttons[-1], on=choice)
    await oleg.presses(choice.buttons[-1], on=choice)
    assert "t" in [row[0]["callback_data"] for row in (await oleg.hears()).rows]
    assert await oleg.hears_nothing(0.1)
    assert [(one.text, one.why) for one in await kept.missed()] == [(question, Miss.UNKNOWN)]


@pytest.mark.parametrize("speaks", ["ky", "ru"])
async def test_unknown_is_said_honestly_and_kept_without_the_person(
    office: Office, kept: Kept, speaks: str
) -> None:
    person = await office.citizen(speaks=speaks)
    await person.sends(UNKNOWN[speaks])
    answer = await person.sees({"ky": "азырынча жообум жок", "ru": "пока нет ответа"}[speaks])
    ways_on = [row[0]["callback_data"].partition(":")[0] for row in answer.rows]
    assert ways_on == ["t", "book", "c", "tell"]
    (missed,) = await kept.missed()
    assert (missed.text, missed.language, missed.why) == (UNKNOWN[speaks], speaks, Miss.UNKNOWN)
    assert {"person_id", "chat_id"}.isdisjoint(missed.__table__.columns.keys())


async def test_nothing_is_kept_of_whoever_declined(office: Office, kept: Kept) -> None:
    oleg = office.newcomer("Олег", "ru")
    await oleg.sends("/start")
    await oleg.presses("Русский", on=await oleg.sees("Выберите язык"))
    await oleg.presses("Нет, только ответы", on=await oleg.sees("/privacy"))
    await oleg.sends(UNKNOWN["ru"])
    await oleg.sees("пока нет ответа")
    await oleg.sends(SURE["ru"][0])
    await oleg.presses("👎 Не помогло", on=await oleg.sees(SURE["ru"][1]))
    await oleg.sees("Жаль, что это не помогло")
    assert await kept.missed() == []


async def test_a_mark_counts_once_however_often_it_is_pressed(office: Office, kept: Kept) -> None:
    oleg = await office.citizen("Олег", "ru")
    await oleg.sends(SURE["ru"][0])
    answer = await oleg.sees(SURE["ru"][1])
    first = await oleg.presses("👍 Помогло", on=answer)
    second = await oleg.presses("👍 Помогло", on=answer)
    assert "Рад, что помогло" in (await first.answer())["text"]
    assert (await second.answer())["text"] == ""
    assert await kept.marks() == [("labour/unpaid-wages", True, 1)]
    await eventually(lambda: "👎 Не помогло" not in oleg.chat[-1].buttons)
    await oleg.presses("⚖️ Закон", on=answer)
    law = await becomes(oleg, answer, "⚖️ Закон\n")
    await oleg.presses("⬅️ Короткий ответ", on=law)
    short = await becomes(oleg, answer, "📝 Что делать")
    assert "👍 Помогло" not in law.buttons + short.buttons, "a mark is given once"


async def test_an_answer_that_did_not_help_goes_to_the_curators(office: Office, kept: Kept) -> None:
    oleg = await office.citizen("Олег", "ru")
    await oleg.sends(SURE["ru"][0])
    answer = await oleg.sees(SURE["ru"][1])
    await oleg.presses("👎 Не помогло", on=answer)
    again = await oleg.presses("👎 Не помогло", on=answer)
    await again.answer()
    sorry = await oleg.sees("Жаль, что это не помогло")
    assert said_by_bot(oleg).count(sorry.text) == 1
    await oleg.presses("🔗 Похожее", on=sorry)
    await oleg.sees("Похожие вопросы:")
    (missed,) = await kept.missed()
    assert (missed.text, missed.why) == (SURE["ru"][0], Miss.UNHELPFUL)
    assert missed.article == "labour/unpaid-wages"
    assert await kept.marks() == [("labour/unpaid-wages", False, 1)]


async def test_related_questions_and_back(office: Office) -> None:
    ainura = await office.citizen("Айнура", "ky")
    await ainura.sends(SURE["ky"][0])
    answer = await ainura.sees(SURE["ky"][1])
    await ainura.presses("🔗 Жакын суроолор", on=answer)
    listed = await ainura.sees("Ушуга жакын суроолор:")
    assert listed.id == answer.id and len(listed.buttons) >= 2
    await ainura.presses("⬅️ Артка", on=listed)
    back = await ainura.sees(SURE["ky"][1])
    assert (back.text, back.buttons) == (answer.text, answer.buttons)
    await ainura.presses("🔗 Жакын суроолор", on=back)
    other = listed.buttons[0]
    await ainura.presses(other, on=await ainura.sees("Ушуга жакын суроолор:"))
    assert (await ainura.sees(other + "\n")).id == answer.id


async def test_a_lawyer_is_asked_about_an_answer(office: Office) -> None:
    ainura = await office.citizen("Айнура", "ky")
    await ainura.sends(SURE["ky"][0])
    answer = await ainura.sees(SURE["ky"][1])
    for _ in range(2):
        await ainura.presses("👩‍⚖️ Бул боюнча юристтен сураш", on=answer)
    asked = await ainura.sees("Кайсы жерде жашайсыз?")
    assert asked.id != answer.id, "the answer stays"
    assert said_by_bot(ainura).count(asked.text) == 1
    await ainura.presses("Ош шаары", on=asked)
    await ainura.sees("Юрист менен кантип сүйлөшкөнүңүз")


async def test_buttons_of_the_old_language_still_work(office: Office) -> None:
    ainura = await office.citizen("Айнура", "ky")
    await ainura.sends(SURE["ky"][0])
    answer = await ainura.sees(SURE["ky"][1])
    await ainura.sends("/language")
    await ainura.presses("Русский", on=await ainura.sees("Выберите язык"))
    await ainura.sees("Напишите вопрос")
    await ainura.presses("⚖️ Мыйзам", on=answer)
    law = await ainura.sees("⚖️ Мыйзам\n")
    assert law.id == answer.id, "an article stays in its language until it is switched"
    await ainura.presses("👩‍⚖️ Бул боюнча юристтен сураш", on=law)
    await ainura.sees("Где вы живёте?")
    await ainura.sends("📚 Темалар")  # a keyboard that an old phone still shows
    await ainura.sees("О чём ваш вопрос?")


async def test_a_forged_button_is_out_of_date(office: Office) -> None:
    oleg = await office.citizen("Олег", "ru")
    forgets_what_was_said(oleg)
    for data in (
        "a:", "a:xx:labour/unpaid-wages", "a:ru:no/such", "a:ru", "a:ru:labour/unpaid-wages:z:z",
        "h:ru:2:labour/unpaid-wages", "h:ru:1:no/such", "h:", "rel:ru", "rel:de:labour/dismissal",
        "none:", "t:labour:-1", "t:no:0", "t:labour:²", "c:no", "c:legal-aid:XX", "cr:no",
        "card:no", "region:XX", "district:KG-B:no", "district:KG-B", "lang:de", "priv:maybe",
        "consent:", "nonsense", "::", "+a:ru:no/such",
    ):  # fmt: skip
        answer = await forges(oleg, data, oleg.chat[-1]).answer()
        assert "Эта кнопка устарела" in answer["text"], data
    assert await oleg.hears_nothing(0.1)


async def test_buttons_of_a_message_that_is_gone_still_lead_on(office: Office, kept: Kept) -> None:
    oleg = await office.citizen("Олег", "ru")
    for data in ("h:ru:0:labour/unpaid-wages", "a:ru:labour/unpaid-wages", "book", "t", "none:ru"):
        await forges(oleg, data).answer()
    for text in ("Жаль", "Мне не платят", "Консультация юриста", "О чём ваш вопрос", "пока нет"):
        await oleg.sees(text)
    assert await kept.missed() == []
