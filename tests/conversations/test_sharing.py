"""Links into the bot, and answers carried into other chats."""

from tests.conftest import Office
from tests.conversations.conftest import SURE, UNKNOWN, forgets_what_was_said


async def test_a_link_leads_to_its_place(office: Office) -> None:
    oleg = await office.citizen("Олег", "ru")
    for payload, reply in (
        ("a_labour_unpaid-wages", "Мне не платят зарплату"),
        ("b_labour", "Где вы живёте?"),
        ("b_", "Консультация юриста бесплатная"),
        ("a_no_such-article", "Напишите вопрос своими словами"),
        ("i_", "Напишите вопрос своими словами"),
        ("ask", "Напишите вопрос своими словами"),
        ("zzz-ZZZ_0", "Напишите вопрос своими словами"),
    ):
        forgets_what_was_said(oleg)
        await oleg.sends(f"/start {payload}")
        assert reply in (await oleg.hears()).text, payload


async def test_an_old_name_of_an_article_still_leads_there(office: Office) -> None:
    assert office.bot is not None
    alias, article_id = next(iter(office.bot.resources.base.aliases.items()))
    article = office.bot.resources.base.articles[article_id]
    oleg = await office.citizen("Олег", "ru")
    await oleg.sends("/start a_" + alias.replace("/", "_"))
    await oleg.sees(article.ru.title)


async def test_an_answer_is_shared_with_somebody_who_reads_the_other_language(
    office: Office,
) -> None:
    ainura = await office.citizen()
    await ainura.sends(SURE["ky"][0])
    pressed = await ainura.presses("📤 Бөлүшүү", on=await ainura.sees(SURE["ky"][1]))
    assert pressed.switch_inline_query == "labour/unpaid-wages"
    offered = await ainura.asks_inline(pressed.switch_inline_query)
    assert [one["title"] for one in offered["results"]] == [SURE["ky"][1], SURE["ru"][1]]

    group = office.telegram.group("Айыл", [ainura], bot="absent")
    shared = await ainura.chooses(offered["results"][1]["id"], chat=group)
    assert "юрист ещё не проверял" in shared.text, "the review state goes along"
    assert shared.rows[0][0]["url"].endswith("?start=a_labour_unpaid-wages")


async def test_an_answer_shared_with_the_bot_itself_is_no_question(office: Office) -> None:
    oleg = await office.citizen("Олег", "ru")
    group = office.telegram.group("Айыл", [oleg])
    offered = await oleg.asks_inline("safety/domestic-violence")
    forgets_what_was_said(oleg)
    for chat in (group, oleg.private):
        await oleg.chooses(offered["results"][1]["id"], chat=chat)
    assert await oleg.hears_nothing()
    assert [seen.text for seen in oleg.screen(group) if seen.raw["from"]["is_bot"]] == []


async def test_inline_answers_what_is_typed(office: Office) -> None:
    """In the language chosen in the bot, whatever that of the phone."""
    oleg = office.newcomer("Олег", "en")
    await oleg.sends("/start")
    await oleg.presses("Кыргызча", on=await oleg.sees("Выберите язык"))
    await oleg.sees("шифрленип сакталат")
    urgent = (await oleg.asks_inline(""))["results"]
    assert 1 <= len(urgent) <= 10
    assert all(one["id"].startswith("ky:") for one in urgent)
    found = (await oleg.asks_inline(SURE["ru"][0]))["results"]
    assert found[0]["title"] == SURE["ru"][1]
    nothing = await oleg.asks_inline(UNKNOWN["ru"])
    assert nothing["results"] == []
    assert nothing["button"]["start_parameter"] == "ask"
