"""What happens when somebody meets the bot for the first time."""

from tests.conftest import Office, eventually
from tests.conversations.conftest import becomes, forges, forgets_what_was_said, said_by_bot


async def test_a_newcomer_chooses_a_language_and_agrees(office: Office) -> None:
    ainura = office.newcomer("Айнура", "ky")
    await ainura.sends("/start")
    hello = await ainura.hears()
    assert "Тилди тандаңыз" in hello.text and "Выберите язык" in hello.text

    await ainura.presses("Кыргызча")
    notice = await ainura.sees("шифрленип сакталат")
    assert notice.id == hello.id, "the notice takes the place of the question"
    await ainura.presses("✅ Макулмун")
    await ainura.sees("Суроону өз сөзүңүз менен жазыңыз")
    assert ainura.keyboard[0] == ["❓ Суроо берүү", "📚 Темалар"]
    assert {"command": "hide", "description": "Бул жазышууну жашыруу"} in ainura.menu


async def test_declining_still_gives_answers(office: Office) -> None:
    oleg = office.newcomer("Олег", "ru")
    await oleg.sends("/start")
    await oleg.sees("Выберите язык")
    await oleg.presses("Русский")
    await oleg.sees("/privacy")
    await oleg.presses("Нет, только ответы")
    await oleg.sees("сохраню только ваш язык")
    await oleg.sends("работодатель не платит зарплату третий месяц")
    await oleg.sees("Мне не платят зарплату")


async def test_a_question_before_any_start_is_answered(office: Office) -> None:
    oleg = office.newcomer("Олег", "ru")
    await oleg.sends("работодатель не платит зарплату третий месяц")
    answer = await oleg.sees("Мне не платят зарплату")
    assert "/start" in answer.text, "the way to language and privacy is named"


async def test_the_language_changes_at_any_time_and_the_menu_follows(office: Office) -> None:
    ainura = await office.citizen("Айнура", "ky")
    await ainura.sends("/language")
    await ainura.sees("Выберите язык")
    await ainura.presses("Русский")
    await ainura.sees("Теперь я говорю с вами по-русски")
    await ainura.sees("Напишите вопрос")
    assert ainura.keyboard[0] == ["❓ Задать вопрос", "📚 Темы"]
    assert {"command": "topics", "description": "Все темы"} in ainura.menu


async def test_pressing_twice_does_no_harm(office: Office) -> None:
    ainura = office.newcomer("Айнура", "ky")
    await ainura.sends("/start")
    hello = await ainura.sees("Тилди тандаңыз")
    await ainura.presses("Кыргызча", on=hello)
    await ainura.presses("Кыргызча", on=hello)
    notice = await ainura.sees("шифрленип сакталат")
    await ainura.presses("✅ Макулмун", on=notice)
    await ainura.sees("Рахмат. Маселеңизге")
    assert "/help" not in [message.text for message in ainura.chat]


async def test_agreeing_twice_welcomes_once(office: Office) -> None:
    oleg = office.newcomer("Олег", "ru")
    await oleg.sends("/start")
    await oleg.sends("/start")
    await eventually(lambda: len(said_by_bot(oleg)) == 2)
    hellos = [seen for seen in oleg.chat if seen.rows]
    for hello in hellos:
        await oleg.presses("Русский", on=hello)
    await eventually(lambda: [text[:1] for text in said_by_bot(oleg)] == ["🔒", "🔒"])
    for notice in (*hellos, *hellos):
        await forges(oleg, "priv:yes", notice).answer()
    await eventually(lambda: len(said_by_bot(oleg)) == 3)
    assert (
        said_by_bot(oleg)[:2]
        == ["Спасибо. Вы согласились, что я храню то, что нужно для вашего дела."] * 2
    )


async def test_the_last_of_two_answers_counts(office: Office) -> None:
    oleg = office.newcomer("Олег", "ru")
    await oleg.sends("/start")
    hello = await oleg.sees("Выберите язык")
    await oleg.presses("Кыргызча", on=hello)
    await oleg.presses("Русский", on=hello)
    notice = await becomes(oleg, hello, "всё это зашифровано")
    await oleg.presses("✅ Согласен / согласна", on=notice)
    await oleg.presses("Нет, только ответы", on=notice)
    await becomes(oleg, hello, "сохраню только ваш язык")
    await oleg.sends("/privacy")
    await oleg.sees("Вы не соглашались, чтобы хранилось что-то ещё")


async def test_a_button_before_the_first_steps_does_no_harm(office: Office) -> None:
    oleg = office.newcomer("Олег", "ru")
    await oleg.sends("/start")
    hello = await oleg.sees("Выберите язык")
    for forged in ("region:KG-GB", "set:place", "held", "cancel", "c", "t"):
        await forges(oleg, forged, hello).answer()
    await oleg.sends("/start")
    await eventually(lambda: "Выберите язык" in oleg.chat[-1].text)
    await oleg.presses("Русский", on=oleg.chat[-1])
    await oleg.sees("всё это зашифровано")


async def test_whatever_is_sent_instead_of_a_choice_is_answered(office: Office) -> None:
    oleg = office.newcomer("Олег", "ru")
    await oleg.sends("/start a_labour_unpaid-wages")
    await oleg.sees("Выберите язык")
    await oleg.sends("говорю на русский")
    await oleg.sees("/start")
    await oleg.sends_voice()
    await oleg.sees("Голосовые")
    await oleg.sends("работодатель не платит зарплату третий месяц")
    answer = await oleg.sees("Мне не платят зарплату")
    await oleg.sends("русский!")
    await oleg.presses("priv:yes", on=await oleg.sees("всё это зашифровано"))
    await eventually(lambda: oleg.chat[-1].id > answer.id and "Мне не платят" in oleg.chat[-1].text)


async def test_a_link_to_an_article_leads_there_after_the_first_steps(office: Office) -> None:
    oleg = office.newcomer("Олег", "ru")
    await oleg.sends("/start a_labour_unpaid-wages")
    await oleg.sees("Выберите язык")
    await oleg.presses("Русский")
    await oleg.sees("/privacy")
    await oleg.presses("✅ Согласен / согласна")
    await oleg.sees("Мне не платят зарплату")


async def test_name_and_description_are_set_in_each_language(office: Office) -> None:
    profile = office.telegram.bot
    await eventually(lambda: {"ky", "ru"} <= profile.short_description.keys())
    assert profile.name["ky"] == "Укуктук жардам"
    assert profile.name["ru"] == "Правовая помощь"
    assert profile.description["ky"].startswith("Кыргызстанда жашагандардын")


async def test_whoever_blocked_the_bot_comes_back_as_they_were(office: Office) -> None:
    ainura = await office.citizen()
    ainura.blocks()
    forgets_what_was_said(ainura)
    await ainura.sends("/start")
    assert "Суроону өз сөзүңүз" in (await ainura.hears()).text
