"""Danger: numbers first, in any spelling; and a conversation that can be made to vanish."""

from dataclasses import replace

import pytest

from sandbox import Person
from tests.conftest import Office, eventually
from tests.conversations.conftest import Kept, forges

TWO_DAYS = 48 * 3600


# What is written, the first words of the reply, the first number, the article that goes with it.
CRIES = (
    ("Муж меня избивает", "уйдите в безопасное место", "102", "safety/domestic-violence"),
    ("күйөөм мени сабап жатат", "коопсуз жерге чыгып", "102", "safety/domestic-violence"),
    ("kuioom urup jatat", "коопсуз жерге чыгып", "102", "safety/domestic-violence"),
    ("ve; ,mtn vtyz", "уйдите в безопасное место", "102", "safety/domestic-violence"),
    ("брата забрали в милицию", "Вы вправе молчать", "115", "police/detained"),
    ("карындашымды ала качып кетишти", "алып кетүү — кылмыш", "102", "safety/bride-kidnapping"),
    ("не хочу жить", "Вы не одни", "112", ""),
    ("жашагым келбей калды", "Сиз жалгыз эмессиз", "112", ""),
    ("отчим бьёт ребёнка", "Если ребёнок в опасности", "111", "safety/child-abuse"),
)


async def test_help_and_numbers_come_first(office: Office) -> None:
    people = [office.newcomer() for _ in CRIES]
    for person, (text, *_) in zip(people, CRIES, strict=True):
        await person.sends(text)
    for person, (_, words, first, article) in zip(people, CRIES, strict=True):
        help_said = await person.sees(words)
        assert help_said.id == person.chat[1].id, "even before the choice of a language"
        assert f"☎️ {first}" in help_said.text.splitlines()[2]
        assert len(help_said.text) < 700, "short"
        await eventually(lambda who=person: len(cards(who)) == 2)
        assert cards(person)[0]["phone_number"] == first
        data = [row[0]["callback_data"] for row in help_said.rows]
        assert data[-1] == "hide"
        assert not article or data[0].endswith(f":{article}")


def cards(person: Person) -> list[dict[str, str]]:
    return [seen.raw["contact"] for seen in person.chat if "contact" in seen.raw]


async def test_its_buttons_leave_the_numbers_on_the_screen(office: Office, kept: Kept) -> None:
    oleg = await office.citizen("Олег", "ru")
    await oleg.sends("Муж меня избивает")
    help_said = await oleg.sees("уйдите в безопасное место")
    title = help_said.buttons[0]
    await oleg.presses(title, on=help_said)
    article = await oleg.sees(title + "\n")
    await oleg.presses("☎️ 102", on=article)
    await eventually(lambda: len(cards(oleg)) == 3)
    await oleg.presses("📍 Убежище и помощь рядом", on=help_said)
    near = await oleg.sees("Насилие\n")
    assert len({help_said.id, article.id, near.id}) == 3
    assert (await oleg.sees("уйдите в безопасное место")).buttons == help_said.buttons
    assert await kept.missed() == []


async def test_danger_does_without_an_article(office: Office) -> None:
    assert office.bot is not None
    resources = office.bot.resources
    resources.base = replace(resources.base, articles={})
    oleg = await office.citizen("Олег", "ru")
    await oleg.sends("Муж меня избивает")
    help_said = await oleg.sees("уйдите в безопасное место")
    assert help_said.buttons == ["📍 Убежище и помощь рядом", "🙈 Скрыть переписку"]


@pytest.mark.parametrize(
    ("cry", "helps"),
    [
        ("меня задержала милиция", "Вы вправе молчать"),
        ("Муж меня избивает", "уйдите в безопасное место"),
    ],
)
async def test_who_is_in_danger_is_led_to_a_lawyer(office: Office, cry: str, helps: str) -> None:
    """What it is about is known; the numbers stay on the screen."""
    oleg = await office.citizen("Олег", "ru")
    await oleg.sends(cry)
    help_said = await oleg.sees(helps)
    await oleg.presses("👩‍⚖️ Бесплатный юрист", on=help_said)
    assert (await oleg.sees("Где вы живёте?")).id != help_said.id
    assert "☎️" in (await oleg.sees(helps)).text


async def test_who_does_not_want_to_live_gets_a_voice_not_a_form(office: Office) -> None:
    oleg = await office.citizen("Олег", "ru")
    await oleg.sends("не хочу жить")
    buttons = (await oleg.sees("Вы не одни")).buttons
    assert "👩‍⚖️ Бесплатный юрист" not in buttons and "🙈 Скрыть переписку" in buttons


@pytest.mark.parametrize(
    ("speaks", "hello", "older"),
    [("ky", "Саламатсызбы!", "«Тарыхты тазалоону»"), ("ru", "Здравствуйте!", "«Очистить историю»")],
)
async def test_one_press_hides_the_conversation(
    office: Office, speaks: str, hello: str, older: str
) -> None:
    person = await office.citizen(speaks=speaks)
    await person.sends("Муж меня избивает" if speaks == "ru" else "Күйөөм мени сабап жатат")
    await eventually(lambda: len(cards(person)) == 2)
    pressed = await person.presses("hide")
    told = await pressed.answer()
    assert older in told["text"] and "/start" in told["text"] and told["show_alert"]
    await eventually(lambda: [seen.text for seen in person.chat] == [hello])
    assert person.keyboard == []
    assert [command["command"] for command in person.menu] == ["start"]

    await person.sends("/start")
    await eventually(lambda: len(person.keyboard) == 3)
    await eventually(lambda: "hide" in [command["command"] for command in person.menu])


async def test_the_command_hides_and_its_note_goes_as_well(office: Office) -> None:
    oleg = await office.citizen("Олег", "ru")
    await oleg.sends("работодатель не платит зарплату третий месяц")
    await oleg.sees("Мне не платят зарплату")
    await oleg.sends("/hide")
    note = await oleg.sees("«Очистить историю»")
    await eventually(lambda: len(oleg.chat) == 2)
    await oleg.presses(note.buttons[0], on=note)
    await eventually(lambda: [seen.text for seen in oleg.chat] == ["Здравствуйте!"])
    assert (await forges(oleg, "read", note).answer())["text"] == ""


async def test_older_messages_stay_and_the_others_still_go(office: Office) -> None:
    oleg = await office.citizen("Олег", "ru")
    old = [seen.id for seen in oleg.chat]
    office.telegram.advance(TWO_DAYS + 60)
    await oleg.sends("Муж меня избивает")
    await eventually(lambda: len(cards(oleg)) == 2)
    await oleg.presses("hide")
    await eventually(lambda: oleg.chat[-1].text == "Здравствуйте!")
    await eventually(lambda: [seen.id for seen in oleg.chat[:-1]] == old, seconds=1)


async def test_a_long_conversation_is_hidden_whole(office: Office) -> None:
    """Telegram deletes at most a hundred messages in one call."""
    await office.close()
    await office.open(person_limit=1000)
    oleg = await office.citizen("Олег", "ru")
    for _ in range(60):
        await oleg.sends("🙂")
    await eventually(lambda: len(oleg.chat) == 123)
    await oleg.sends("/hide")
    await eventually(lambda: len(oleg.chat) == 2)
    assert "«Очистить историю»" in oleg.chat[-1].text


async def test_hidden_stays_hidden_until_start(office: Office) -> None:
    oleg = await office.citizen("Олег", "ru")
    await oleg.sends("/hide")
    await oleg.sees("«Очистить историю»")
    await oleg.sends("/language")
    await oleg.presses("Кыргызча", on=await oleg.sees("Выберите язык"))
    await oleg.sees("Эми Сиз менен кыргызча сүйлөшөм")
    await oleg.sends("/help")
    await oleg.sees("Мен юрист эмес, программамын")
    assert oleg.keyboard == []
    assert [command["command"] for command in oleg.menu] == ["start"]


async def test_hiding_before_the_first_steps(office: Office) -> None:
    ainura = office.newcomer()
    await ainura.sends("Күйөөм мени сабап жатат")
    await eventually(lambda: len(cards(ainura)) == 2)
    help_said = await ainura.sees("коопсуз жерге чыгып")
    for _ in range(2):
        await ainura.presses("hide", on=help_said)
    await eventually(lambda: [seen.text for seen in ainura.chat] == ["Саламатсызбы!"])
    await ainura.sends("/start")
    await ainura.sees("Тилди тандаңыз")
