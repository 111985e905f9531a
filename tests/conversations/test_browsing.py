"""Topics, their pages and articles, and whom to call, by need and region."""

from itertools import chain

import pytest

from tests.conftest import Office
from tests.conversations.conftest import forges, forgets_what_was_said, said_by_bot


@pytest.mark.parametrize(
    ("speaks", "question", "topic", "back"),
    [
        ("ky", "Маселе эмне жөнүндө?", "Эмгек", "⬅️ Бардык темалар"),
        ("ru", "О чём ваш вопрос?", "Труд", "⬅️ Все темы"),
    ],
)
async def test_from_topics_to_an_article_and_back(
    office: Office, speaks: str, question: str, topic: str, back: str
) -> None:
    person = await office.citizen(speaks=speaks)
    await person.sends("/topics")
    topics = await person.sees(question)
    assert len(topics.buttons) == 14
    labour = next(row[0] for row in topics.rows if row[0]["callback_data"] == "t:labour:0")
    await person.presses(labour["text"], on=topics)
    listed = await person.sees(labour["text"])
    assert listed.id == topics.id
    article = listed.rows[0][0]["text"]
    await person.presses(article, on=listed)
    opened = await person.sees(article + "\n")
    assert opened.id == topics.id
    await person.presses(labour["text"], on=opened)
    again = await person.sees(labour["text"])
    assert (again.text, again.buttons) == (listed.text, listed.buttons)
    await person.presses(back, on=again)
    assert (await person.sees(question)).buttons == topics.buttons


async def test_pages_turn_forward_and_back_and_none_is_missed(office: Office) -> None:
    oleg = await office.citizen("Олег", "ru")
    assert office.bot is not None
    wanted = [article.ru.title for article in office.bot.resources.base.on_topic("labour")]
    await oleg.sends("/topics")
    topics = await oleg.sees("О чём ваш вопрос?")
    await oleg.presses("t:labour:0", on=topics)
    page = await oleg.sees("Страница 1 из")
    first = page.buttons
    seen = [one for one in page.buttons if one in wanted]
    number = 1
    while "▶️" in page.buttons:
        await oleg.presses("▶️", on=page)
        number += 1
        page = await oleg.sees(f"Страница {number} из")
        seen += [one for one in page.buttons if one in wanted]
    assert seen == wanted
    await oleg.presses(wanted[-1], on=page)
    opened = await oleg.sees(wanted[-1] + "\n")
    last = number
    await oleg.presses(f"t:labour:{last - 1}", on=opened)
    assert (await oleg.sees(f"Страница {number} из")).buttons == page.buttons
    while "◀️" in page.buttons:
        await oleg.presses("◀️", on=page)
        number -= 1
        page = await oleg.sees(f"Страница {number} из")
    assert page.buttons == first
    await forges(oleg, "t:labour:99999", page).answer()
    await oleg.sees(f"Страница {last} из")


async def test_contacts_by_need_and_region(office: Office) -> None:
    ainura = await office.citizen()
    await ainura.sends("/contacts")
    needs = await ainura.sees("Сизге кандай жардам керек?")
    await ainura.presses("Акысыз юрист", on=needs)
    everywhere = await ainura.sees("Акысыз юрист\n")
    await ainura.presses("📍 Башка аймак", on=everywhere)
    regions = await ainura.sees("Жардам кайсы жерде керек?")
    assert len([one for one in regions.rows for _ in one]) == 10
    await ainura.presses("Баткен облусу", on=regions)
    near = await ainura.sees("Акысыз юрист · Баткен облусу")
    assert near.id == needs.id
    await ainura.presses("⬅️ Артка", on=near)
    assert (await ainura.sees("Сизге кандай жардам керек?")).buttons == needs.buttons


async def test_a_short_number_comes_on_a_card_that_dials(office: Office) -> None:
    oleg = await office.citizen("Олег", "ru")
    await oleg.sends("/contacts")
    await oleg.presses("Опасность для жизни", on=await oleg.sees("Какая помощь нужна?"))
    listed = await oleg.sees("Единая служба спасения")
    for _ in range(2):
        pressed = await oleg.presses("☎️ 112", on=listed)
    await pressed.answer()
    cards = [seen.raw["contact"] for seen in oleg.chat if "contact" in seen.raw]
    assert [(card["phone_number"], card["first_name"]) for card in cards] == [
        ("112", "Единая служба спасения")
    ]


async def test_contacts_begin_with_the_region_of_the_person(office: Office) -> None:
    oleg = await office.citizen("Олег", "ru")
    await oleg.sends("/settings")
    await oleg.presses("📍 Где я живу", on=await oleg.sees("Настройки"))
    await oleg.sends("Нарын")
    await oleg.sees("Где вы живёте: Нарынская область")
    await oleg.sends("/contacts")
    await oleg.presses("Насилие", on=await oleg.sees("Какая помощь нужна?"))
    await oleg.sees("Насилие · Нарынская область")


async def test_the_menu_leads_everywhere_in_both_languages(office: Office) -> None:
    for speaks, replies in (
        (
            "ky",
            (
                "Суроону өз",
                "Маселе эмне",
                "Юристтин кеңеши",
                "Сизге кандай",
                "Иш-чаралар",
                "Жөндөөлөр",
            ),
        ),
        (
            "ru",
            (
                "Напишите вопрос",
                "О чём ваш",
                "Консультация",
                "Какая помощь",
                "Мероприятия",
                "Настройки",
            ),
        ),
    ):
        person = await office.citizen(speaks=speaks)
        for label, reply in zip(chain(*person.keyboard), replies, strict=True):
            forgets_what_was_said(person)
            await person.presses(label)
            assert reply in (await person.hears()).text
        assert len(said_by_bot(person)) == 8
