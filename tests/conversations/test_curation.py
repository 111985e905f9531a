"""Curators: what found no answer is tied to an article; articles are corrected, reviewed, withdrawn."""

import asyncio
import os
import shutil
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from knowledge.amendments import Correction
from knowledge.base import HOME, load_base
from knowledge.model import LANGUAGES
from locales import HERE
from sandbox import Person
from sandbox.people import Seen
from services import curation, people
from services.hours import decent
from tests.conftest import KEY, Office, eventually
from tests.conversations.conftest import (
    SURE,
    Kept,
    becomes,
    forges,
    forgets_what_was_said,
    said_by_bot,
)
from tests.conversations.test_roles import invited

ODD = "кто выиграет матч реал барселона"  # nothing is found for it
ARTICLE = "labour/unpaid-wages"
TITLE = "Мне не платят зарплату"


async def curator(office: Office, admin: Person, name: str) -> Person:
    """Somebody who was invited as a curator."""
    person = await office.citizen(name, "ru")
    await person.sends(f"/start {await invited(admin, 'куратор')}")
    await person.sees("Ваша роль: куратор")
    forgets_what_was_said(person)
    return person


async def by_day(office: Office, person: Person) -> None:
    """Let it be a decent hour: at night nobody is written to."""
    now = datetime.now(UTC)
    if decent(now) > now:
        office.telegram.advance((decent(now) - now).total_seconds() + 3600)
        await person.sends("/help")  # the bot hears of the new time with its answer
        await person.sees("Я программа")


async def misses(person: Person, question: str) -> Seen:
    """Ask something that finds nothing."""
    asked = await person.sends(question)
    await eventually(lambda: person.chat[-1].id > asked.id)
    answer = person.chat[-1]
    assert "🔔" in "".join(answer.buttons), answer.text
    return answer


async def test_two_presses_tie_a_question_to_an_article(office: Office, kept: Kept) -> None:
    nuria = await office.admin()
    vera, oleg = await curator(office, nuria, "Вера"), await office.citizen("Олег", "ru")
    await misses(oleg, ODD)
    await vera.sends("/unanswered")
    shown = await vera.sees(ODD)
    assert "1 из 1" in shown.text and "Олег" not in shown.text
    await vera.presses("🔎 Другая статья", on=shown)
    await becomes(vera, shown, "пару слов")
    await vera.sends("невыплата зарплаты")
    choice = await vera.sees("Какая статья?")
    await vera.presses(f"ut:{(await kept.missed())[0].id}:{ARTICLE}", on=choice)
    wording = await becomes(vera, choice, ODD)
    assert TITLE in wording.text
    await vera.presses("✅ Привязать", on=wording)
    await becomes(vera, choice, "✅ Привязано")
    await oleg.sends(ODD)
    await oleg.sees(TITLE)
    await office.restart()
    await oleg.sends(ODD.upper())
    await oleg.sees(TITLE)


async def test_whoever_wants_is_told_of_the_answer(office: Office, kept: Kept) -> None:
    nuria = await office.admin()
    oleg = await office.citizen("Олег", "ru")
    missed = await misses(oleg, ODD)
    pressed = await oleg.presses("🔔 Сообщите, когда будет ответ", on=missed)
    assert "Я напишу вам" in (await pressed.answer())["text"]
    await eventually(lambda: not any("🔔" in one for one in oleg.chat[-1].buttons))
    await oleg.sends("/privacy")
    await oleg.sees("ждёте ответа на 1 вопрос")
    await tied(nuria, kept, ODD)
    await by_day(office, nuria)
    told = await oleg.sees("На ваш вопрос появился ответ", timeout=10)
    assert told.raw["reply_to_message"]["text"] == ODD
    await oleg.presses(TITLE, on=told)
    await oleg.sees("хотя бы 1 раз в месяц")
    forgets_what_was_said(oleg)
    await oleg.sends("/privacy")
    assert "ждёте ответа" not in (await oleg.hears()).text


async def tied(who: Person, kept: Kept, question: str) -> None:
    """Tie the one open question to the article on wages."""
    await who.sends("/unanswered")
    shown = await who.sees(question)
    (missed,) = [one for one in await kept.missed() if one.text == question]
    forges(who, f"uc:{missed.id}:{ARTICLE}", on=shown)
    await becomes(who, shown, "✅ Привязано")


async def test_names_and_numbers_are_masked_and_the_wording_can_be_changed(
    office: Office, kept: Kept
) -> None:
    nuria, oleg = await office.admin(), await office.citizen("Олег", "ru")
    await misses(oleg, "Гулзада 0555123456 рецепт борща со свёклой")
    await nuria.sends("/unanswered")
    shown = await nuria.sees("Вопросы без ответа")
    assert "Гулзада" not in shown.text and "0555" not in shown.text
    (missed,) = await kept.missed()
    forges(nuria, f"uw:{missed.id}:{ARTICLE}", on=shown)
    await becomes(nuria, shown, "одной короткой строкой")
    await nuria.sends("я" * 300)
    await nuria.sees("одну строку от 2 до 200 знаков")
    await nuria.sends("сварить борщ на завтра 0555123456")
    wording = await nuria.sees("Теперь эту статью найдёт каждый")
    assert "«сварить борщ на завтра»" in wording.text
    await nuria.presses("✅ Привязать", on=wording)
    await becomes(nuria, wording, "✅ Привязано")
    await oleg.sends("сварить борщ на завтра")
    await oleg.sees(TITLE)


async def test_like_questions_stand_together_and_are_dismissed_together(
    office: Office, kept: Kept
) -> None:
    nuria, oleg = await office.admin(), await office.citizen("Олег", "ru")
    for question in (
        "кто выиграет матч реал барселона",
        "матч реал барселона кто выиграет сегодня",
    ):
        await misses(oleg, question)
    await misses(oleg, "рецепт борща со свёклой")
    await nuria.sends("/unanswered")
    shown = await nuria.sees("1 из 2")
    assert shown.text.count("реал барселона") == 2
    await nuria.presses("🗑 Отклонить", on=shown)
    left = await becomes(nuria, shown, "борща")
    await nuria.presses("📝 Новая статья", on=left)
    done = await becomes(nuria, shown, "все вопросы разобраны")
    await nuria.presses("Отклонённые: 2", on=done)
    dismissed = await becomes(nuria, shown, "реал барселона")
    await nuria.presses("↩️ Открыть снова", on=dismissed)
    await becomes(nuria, shown, "Снова открыт")
    assert sorted(one.state for one in await kept.missed()) == ["open", "open", "wanted"]


async def test_a_wanted_article_is_tied_once_it_is_there(office: Office, kept: Kept) -> None:
    nuria, oleg = await office.admin(), await office.citizen("Олег", "ru")
    await misses(oleg, ODD)
    await nuria.sends("/unanswered")
    shown = await nuria.sees(ODD)
    await nuria.presses("📝 Новая статья", on=shown)
    done = await becomes(nuria, shown, "Записано: нужна новая статья")
    await nuria.presses("Нужна новая статья: 1", on=done)
    await becomes(nuria, shown, ODD)
    (missed,) = await kept.missed()
    forges(nuria, f"uc:{missed.id}:{ARTICLE}", on=shown)
    await becomes(nuria, shown, "✅ Привязано")
    await oleg.sends(ODD)
    await oleg.sees(TITLE)


async def test_two_curators_at_once_do_not_settle_a_question_twice(
    office: Office, kept: Kept
) -> None:
    nuria = await office.admin()
    vera, oleg = await curator(office, nuria, "Вера"), await office.citizen("Олег", "ru")
    await misses(oleg, ODD)
    await nuria.sends("/unanswered")
    await vera.sends("/unanswered")
    hers, other = await nuria.sees(ODD), await vera.sees(ODD)
    await nuria.presses("🗑 Отклонить", on=hers)
    await becomes(nuria, hers, "все вопросы разобраны")
    late = await vera.presses("📝 Новая статья", on=other)
    assert "уже занялся другой куратор" in (await late.answer())["text"]
    assert [one.state for one in await kept.missed()] == ["dismissed"]


@pytest.mark.parametrize(
    "command_or_press", ["/unanswered", "/article", "un:o:0", "kW:labour/unpaid-wages", "pa:1"]
)
async def test_strangers_curate_nothing(office: Office, command_or_press: str) -> None:
    oleg = await office.citizen("Олег", "ru")
    if command_or_press.startswith("/"):
        await oleg.sends(command_or_press)
        await oleg.sees("Это только для сотрудников")
    else:
        refused = forges(oleg, command_or_press, on=oleg.chat[-1])
        assert "только для сотрудников" in (await refused.answer())["text"]
        await oleg.sends(SURE["ru"][0])
        await oleg.sees(TITLE)


async def test_curators_hear_of_new_questions_once_a_day(office: Office) -> None:
    nuria, oleg = await office.admin(), await office.citizen("Олег", "ru")
    await by_day(office, oleg)
    await misses(oleg, ODD)
    assert office.bot is not None
    await office.bot.announce_misses()
    told = await nuria.sees("1 новый вопрос без ответа", timeout=10)
    await misses(oleg, "рецепт борща со свёклой")
    await office.bot.announce_misses()
    await nuria.presses("Посмотреть", on=told)
    await becomes(nuria, told, "1 из 2")
    assert sum("без ответа" in text and "нов" in text for text in said_by_bot(nuria)) == 0


async def test_a_correction_holds_once_a_second_curator_approves(office: Office) -> None:
    nuria = await office.admin()
    vera, oleg = await curator(office, nuria, "Вера"), await office.citizen("Олег", "ru")
    await by_day(office, vera)
    await vera.sends(f"/article {ARTICLE}")
    await vera.sees("хотя бы 1 раз в месяц")
    panel = await vera.sees("Юрист ещё не проверял")
    await vera.presses("✏️ Предложить исправление", on=panel)
    parts = await becomes(vera, panel, "Что исправить?")
    await vera.presses("Заголовок", on=parts)
    await becomes(vera, panel, "Айлыгымды бербей жатышат")
    await vera.presses("Оставить как есть", on=panel)
    await becomes(vera, panel, TITLE)
    await vera.sends("Работодатель задолжал мне 77 зарплат")
    wrong = await vera.sees("Так предложить пока нельзя")
    assert "Такого числа нет в фактах" in wrong.text
    await vera.presses("✏️ Написать заново", on=wrong)
    again = await becomes(vera, wrong, "Айлыгымды")
    await vera.presses("Оставить как есть", on=again)
    await becomes(vera, wrong, "Напишите текст заново")
    await vera.sends("Мне вовремя не дают зарплату")
    difference = await vera.sees("➕ Мне вовремя не дают зарплату")
    await vera.presses("📤 Отправить второму куратору", on=difference)
    sent = await becomes(vera, difference, "одобрит второй куратор")
    await vera.presses(next(one for one in sent.buttons if one.startswith("✏️ Мне")), on=sent)
    own = await becomes(vera, difference, "Предложение: Вера")
    assert "✅ Одобрить" not in own.buttons
    refused = forges(vera, "pa:1", on=own)
    assert "второй куратор" in (await refused.answer())["text"]
    call = await nuria.sees("Вера предлагает исправить статью", timeout=10)
    await nuria.presses("Посмотреть", on=call)
    proposal = await becomes(nuria, call, "➕ Мне вовремя не дают зарплату")
    await nuria.presses("✅ Одобрить", on=proposal)
    await becomes(nuria, call, "действует с этой минуты")
    await oleg.sends(SURE["ru"][0])
    await oleg.sees("Мне вовремя не дают зарплату")
    late = forges(nuria, "pj:1", on=call)
    assert "уже занялся другой куратор" in (await late.answer())["text"]
    await office.restart()
    await oleg.sends(SURE["ru"][0])
    await oleg.sees("Мне вовремя не дают зарплату")


async def test_a_review_is_shown_with_name_and_day(office: Office) -> None:
    nuria, oleg = await office.admin(), await office.citizen("Олег", "ru")
    await nuria.sends("/article")
    await nuria.sees("пару слов из неё")
    forgets_what_was_said(nuria)
    await nuria.sends("расторжение брака развод")
    choice = await nuria.hears()
    await nuria.presses("ka:family/divorce", on=choice)
    panel = await becomes(nuria, choice, "family/divorce")
    await nuria.presses("✅ Отметить как проверенную", on=panel)
    await becomes(nuria, panel, "Проверил юрист: Нурия")
    await nuria.sends("Адвокат Проба Тестова")
    asked = await nuria.sees("Проверил юрист: Адвокат Проба Тестова")
    await nuria.presses("✅ Да, проверено", on=asked)
    await becomes(nuria, asked, "Записано")
    await oleg.sends("/start a_family_divorce")
    today = datetime.now(HERE)
    shown = await oleg.sees("Проверил юрист")
    assert f"Адвокат Проба Тестова, {today:%d.%m.%Y}" in shown.text


async def test_a_withdrawn_article_is_shown_to_nobody_until_it_comes_back(office: Office) -> None:
    nuria, oleg = await office.admin(), await office.citizen("Олег", "ru")
    await oleg.sends(SURE["ru"][0])
    old = await oleg.sees(TITLE)
    await nuria.sends(f"/article {ARTICLE}")
    panel = await nuria.sees("Юрист ещё не проверял")
    await nuria.presses("⛔️ Снять с показа", on=panel)
    await becomes(nuria, panel, "С этой минуты")
    await nuria.presses("Да, снять", on=panel)
    await becomes(nuria, panel, "Снята с показа")
    gone = await oleg.presses("🌐 Кыргызча окуу", on=old)
    assert "сейчас проверяют" in (await gone.answer())["text"]
    forgets_what_was_said(oleg)
    await oleg.sends(SURE["ru"][0])
    assert TITLE not in (await oleg.hears()).text
    await nuria.sends("/article")
    which = await nuria.sees("Какая статья?")
    await nuria.presses(f"⛔️ {TITLE}", on=which)
    hidden = await becomes(nuria, which, "Снята с показа")
    await nuria.presses("👁 Кыргызча", on=hidden)
    await nuria.sees("Айлыгымды бербей жатышат")
    await nuria.presses("↩️ Показывать снова", on=hidden)
    await becomes(nuria, which, "Снова показывать")
    await nuria.presses("Да, показывать", on=which)
    await becomes(nuria, which, "Граждане снова видят")
    await oleg.sends(SURE["ru"][0])
    await oleg.sees(TITLE)


async def test_a_link_to_a_withdrawn_article_says_that_it_is_being_checked(office: Office) -> None:
    nuria, oleg = await office.admin(), await office.citizen("Олег", "ru")
    forges(nuria, f"kW:{ARTICLE}", on=nuria.chat[-1])
    await nuria.sees("Снята с показа")
    await oleg.sends("/start a_labour_unpaid-wages")
    await oleg.sees("сейчас проверяют")


async def test_many_long_learned_phrasings_fit_in_a_message(office: Office) -> None:
    nuria = await office.admin()
    assert office.bot is not None
    async with office.bot.database.transaction() as session:
        by = (await people.meet(session, {office.ADMIN}, datetime.now(UTC)))[office.ADMIN][0]
        for number in range(30):
            curation.learn(
                session,
                article=ARTICLE,
                language="ru",
                text=f"борщ {number} " + "очень " * 30,
                by=by,
                now=datetime.now(UTC),
            )
    forges(nuria, f"kl:{ARTICLE}", on=nuria.chat[-1])
    await nuria.sees("борщ 29")


async def test_a_long_correction_is_shown_to_the_second_curator_in_full(office: Office) -> None:
    nuria = await office.admin()
    vera = await curator(office, nuria, "Вера")
    assert office.bot is not None
    lines = {code: tuple(f"{code} {n} " + "я" * 190 for n in range(15)) for code in LANGUAGES}
    article = office.bot.resources.files.articles[ARTICLE]
    before = {code: article.in_language(code).steps for code in LANGUAGES}
    async with office.bot.database.transaction() as session:
        by = (await people.meet(session, {vera.id}, datetime.now(UTC)))[vera.id][0]
        await curation.propose(
            session,
            correction=Correction(ARTICLE, "steps", before, lines),
            by=by,
            name="Вера",
            now=datetime.now(UTC),
        )
    forges(nuria, "pr:1", on=nuria.chat[-1])
    await nuria.sees("ky 14 я")
    await nuria.sees("ru 14 я")
    assert "✅ Одобрить" in (await nuria.sees("Предложение: Вера")).buttons


async def test_a_learned_phrasing_can_be_taken_back(office: Office, kept: Kept) -> None:
    nuria, oleg = await office.admin(), await office.citizen("Олег", "ru")
    await misses(oleg, ODD)
    await tied(nuria, kept, ODD)
    await nuria.sends(f"/article {ARTICLE}")
    panel = await nuria.sees(ARTICLE)
    await nuria.presses("💬 Выученные вопросы: 1", on=panel)
    learned = await becomes(nuria, panel, ODD)
    await nuria.presses(f"kx:0:{ARTICLE}", on=learned)
    await eventually(lambda: not any(ODD[:20] in one for one in nuria.chat[-1].buttons))
    await misses(oleg, ODD)


async def test_those_who_were_given_an_answer_hear_that_it_changed(office: Office) -> None:
    nuria, oleg = await office.admin(), await office.citizen("Олег", "ru")
    declined = office.newcomer("Пётр", "ru")
    await declined.sends("/start")
    await declined.presses("Русский", on=await declined.sees("Выберите язык"))
    await declined.presses("Нет, только ответы", on=await declined.sees("/privacy"))
    for person in (oleg, declined):
        await person.sends(SURE["ru"][0])
        await person.sees(TITLE)
    await nuria.sends(f"/article {ARTICLE}")
    panel = await nuria.sees("Юрист ещё не проверял")
    await nuria.presses("📣 Сообщить получившим ответ", on=panel)
    asked = await becomes(nuria, panel, "получил 1 человек")
    await nuria.presses("📣 Да, сообщить", on=asked)
    await becomes(nuria, panel, "Сообщим 1 человеку")
    await by_day(office, nuria)
    await oleg.sees("Ответ, который вы получали, изменился", timeout=10)
    assert not any("изменился" in text for text in said_by_bot(declined))


async def test_the_curators_changes_are_written_into_the_files(
    office: Office, kept: Kept, tmp_path: Path
) -> None:
    nuria, oleg = await office.admin(), await office.citizen("Олег", "ru")
    await misses(oleg, ODD)
    await tied(nuria, kept, ODD)
    await office.close()
    folder = tmp_path / "knowledge"
    shutil.copytree(HOME, folder, ignore=shutil.ignore_patterns("__pycache__", "*.py"))
    settings = {"DATABASE_URL": office.database_url, "DATA_KEYS": KEY}
    for written in ("1 phrasings, 0 texts", "0 phrasings, 0 texts"):  # what is there stays
        assert written in await exported(folder, settings)
    article = load_base(folder).article(ARTICLE)
    assert article is not None and ODD in article.ru.phrasings


async def exported(folder: Path, settings: dict[str, str]) -> str:
    """Run `python -m bot export-knowledge`; what it says."""
    command = [sys.executable, "-m", "bot", "export-knowledge", str(folder)]
    run = await asyncio.create_subprocess_exec(
        *command, env=os.environ | settings, stdout=asyncio.subprocess.PIPE
    )
    said, _ = await run.communicate()
    assert run.returncode == 0
    return said.decode()


@pytest.mark.parametrize(
    "data",
    [
        "un:o:999999999999",
        "un:x:0",
        "ut:999999999999:labour/unpaid-wages",
        "ut:1:no/such",
        "uc:1:labour/unpaid-wages",
        "uw:1:no/such",
        "ud:1:o:w",
        "ka:no/such",
        "kv:xx:labour/unpaid-wages",
        "kp:phrasings:labour/unpaid-wages",
        "kk",
        "ks",
        "kn",
        "kx:7:labour/unpaid-wages",
        "pr:999999999999",
        "pa:999999999999",
        "correction:again",
        "curation:again",
        "unanswered:again",
    ],
)
async def test_forged_and_stale_buttons_of_curators_do_no_harm(office: Office, data: str) -> None:
    nuria = await office.admin()
    pressed = forges(nuria, data, on=nuria.chat[-1])
    assert "Номер" not in (await pressed.answer())["text"], "an incident"
    await nuria.sends("/article labour/unpaid-wages")
    await nuria.sees("Юрист ещё не проверял")


async def by_night(office: Office, person: Person) -> None:
    """Let it be eleven in the evening or later."""
    here = datetime.now(UTC).astimezone(HERE)
    office.telegram.advance((23 - here.hour) % 24 * 3600)
    await person.sends("/help")
    await person.sees("Я программа")
    forgets_what_was_said(person)


async def test_only_the_wording_that_was_read_becomes_public(office: Office, kept: Kept) -> None:
    nuria, oleg = await office.admin(), await office.citizen("Олег", "ru")
    await misses(oleg, ODD)
    await nuria.sends("/unanswered")
    shown = await nuria.sees(ODD)
    (missed,) = await kept.missed()
    forges(nuria, f"ut:{missed.id}:{ARTICLE}", on=shown)
    await becomes(nuria, shown, "Теперь эту статью найдёт каждый")
    await misses(oleg, f"{ODD} скажи азаматик")  # joins the question while it is confirmed
    forges(nuria, f"uw:{missed.id}:{ARTICLE}", on=shown)
    await becomes(nuria, shown, "одной короткой строкой")
    await nuria.sends("ставки на матч")
    wording = await nuria.sees("«ставки на матч»")
    await nuria.sends(f"/article {ARTICLE}")  # ends what was begun
    await nuria.sees("Юрист ещё не проверял")
    await nuria.presses("✅ Привязать", on=wording)
    read_again = await becomes(nuria, wording, f"«{ODD}»")
    assert [one.state for one in await kept.missed()] == ["open", "open"]
    office.telegram.advance(5)  # the same press at once would count as one
    await nuria.presses("✅ Привязать", on=read_again)
    await becomes(nuria, wording, "✅ Привязано")
    await nuria.sends("/help")
    await nuria.sees("Я программа")
    assert office.bot is not None
    assert office.bot.resources.amendments.learned == [(ARTICLE, ODD)]


async def test_nothing_comes_in_the_morning_to_who_hid_the_conversation(
    office: Office, kept: Kept
) -> None:
    nuria = await office.admin()
    hidden, declined, waits = [
        await office.citizen(name, "ru") for name in ("Олег", "Пётр", "Иван")
    ]
    await by_night(office, nuria)
    for person in (hidden, declined, waits):
        missed = await misses(person, ODD)
        pressed = await person.presses("🔔 Сообщите, когда будет ответ", on=missed)
        await pressed.answer()
    await nuria.sends("/unanswered")
    shown = await nuria.sees(ODD)
    forges(nuria, f"uc:{(await kept.missed())[0].id}:{ARTICLE}", on=shown)
    await becomes(nuria, shown, "✅ Привязано")
    await hidden.sends("/hide")
    await hidden.sees("Здравствуйте!")
    forges(declined, "priv:no", on=declined.chat[-1])  # an old notice, answered otherwise
    await declined.sees("Хорошо")
    office.telegram.advance(11 * 3600)
    await nuria.sends("/help")
    await waits.sees("На ваш вопрос появился ответ", timeout=10)
    for person in (hidden, declined):
        assert not any("появился ответ" in text for text in said_by_bot(person))


async def test_who_hid_the_conversation_is_promised_no_message(office: Office) -> None:
    oleg = await office.citizen("Олег", "ru")
    await oleg.sends("/hide")
    await oleg.sees("Здравствуйте!")
    forgets_what_was_said(oleg)
    await oleg.sends(ODD)
    answer = await oleg.hears()
    while "lawyer" in answer.text or "📚" not in "".join(answer.buttons):
        answer = await oleg.hears()
    assert not any("🔔" in one for one in answer.buttons)


async def test_a_wording_that_is_refused_is_no_question(office: Office, kept: Kept) -> None:
    nuria, oleg = await office.admin(), await office.citizen("Олег", "ru")
    await misses(oleg, ODD)
    await nuria.sends("/unanswered")
    shown = await nuria.sees(ODD)
    forges(nuria, f"uw:{(await kept.missed())[0].id}:{ARTICLE}", on=shown)
    await becomes(nuria, shown, "одной короткой строкой")
    await nuria.sends("борщ " * 60)
    await nuria.sees("одну строку от 2 до 200 знаков")
    await nuria.sends("📚 Темы")  # the menu is no wording either
    await nuria.sees("О чём ваш вопрос?")
    assert [one.text for one in await kept.missed()] == [ODD]
    assert "Теперь эту статью" not in "".join(said_by_bot(nuria))


async def test_whose_role_is_taken_back_asks_as_everybody_does(office: Office) -> None:
    nuria = await office.admin()
    vera = await curator(office, nuria, "Вера")
    await vera.sends("/article")
    await vera.sees("пару слов из неё")
    await nuria.sends("/admin")
    roles = await nuria.sees("• Вера")
    await nuria.presses("✖️ Вера — куратор", on=roles)
    asked = await becomes(nuria, roles, "Забрать")
    await nuria.presses("Да, забрать", on=asked)
    await becomes(nuria, roles, "больше нет роли")
    forgets_what_was_said(vera)
    await vera.sends(SURE["ru"][0])
    assert TITLE in (await vera.hears()).text


async def test_a_proposal_for_a_text_that_changed_is_not_approved(office: Office) -> None:
    nuria = await office.admin()
    vera = await curator(office, nuria, "Вера")
    for title in ("Мне вовремя не дают зарплату", "Зарплату задерживают"):
        await vera.sends("/article")
        panel = await vera.sees("Какая статья?")
        forges(vera, f"kp:title:{ARTICLE}", on=panel)
        await becomes(vera, panel, "Айлыгымды бербей жатышат")
        await vera.presses("Оставить как есть", on=panel)
        await becomes(vera, panel, "Напишите текст заново")
        await vera.sends(title)
        difference = await vera.sees(f"➕ {title}")
        await vera.presses("📤 Отправить второму куратору", on=difference)
        await becomes(vera, difference, "одобрит второй куратор")
        forgets_what_was_said(vera)
    await nuria.sends("/article")
    which = await nuria.sees("Какая статья?")
    forges(nuria, "pa:1", on=which)
    await becomes(nuria, which, "действует с этой минуты")
    late = forges(nuria, "pa:2", on=which)
    assert "Текст за это время изменился" in (await late.answer())["text"]
    forges(nuria, "pj:2", on=which)
    await becomes(nuria, which, "Отклонено")


async def test_an_edited_text_takes_the_place_of_the_first(office: Office) -> None:
    nuria = await office.admin()
    await nuria.sends("/article")
    panel = await nuria.sees("Какая статья?")
    forges(nuria, f"kp:title:{ARTICLE}", on=panel)
    await becomes(nuria, panel, "Айлыгымды бербей жатышат")
    wrong = await nuria.sends("Айлыгымды бербей жатшат")
    await nuria.sees("Напишите текст заново")
    await nuria.edits(wrong, "Айлыгымды убагында бербей жатышат")
    await nuria.sends("Мне вовремя не платят зарплату")
    difference = await nuria.sees("➕ Мне вовремя не платят")
    assert "➕ Айлыгымды убагында бербей жатышат" in difference.text


async def test_a_review_is_noted_for_the_article_on_the_screen(office: Office) -> None:
    nuria = await office.admin()
    panels = []
    for id in (ARTICLE, "family/divorce"):
        await nuria.sends(f"/article {id}")
        panel = await nuria.sees(id)
        await nuria.presses("✅ Отметить как проверенную", on=panel)
        panels.append(await becomes(nuria, panel, "Проверил юрист"))
    await nuria.presses("✅ Да, проверено", on=panels[0])  # of the two the older one
    assert office.bot is not None
    asked = await becomes(nuria, panels[0], "Развод: через")
    assert office.bot.resources.whole.articles["family/divorce"].review.state == "draft"
    office.telegram.advance(5)  # the same press at once would count as one
    await nuria.presses("✅ Да, проверено", on=asked)
    await becomes(nuria, panels[0], "Записано")
