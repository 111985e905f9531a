"""Settings: the language, and where somebody lives, pressed or typed, with a mistake in each step."""

import pytest

from services.places import find_place
from storage.questions import Miss
from tests.conftest import Office, _resources
from tests.conversations.conftest import SURE, Kept, becomes, forges, forgets_what_was_said


@pytest.mark.parametrize(
    ("typed", "region", "district"),
    [
        ("Бишкек", "KG-GB", None), ("бишкег", "KG-GB", None), ("г. Бишкек", "KG-GB", None),
        ("в Бишкеке", "KG-GB", None), ("Бишкекте", "KG-GB", None), ("bishkek", "KG-GB", None),
        ("Ош", "KG-GO", None), ("Ош шаары", "KG-GO", None), ("город Ош", "KG-GO", None),
        ("Ошто", "KG-GO", None), ("в Оше", "KG-GO", None), ("Ош облусу", "KG-O", None),
        ("Ошская область", "KG-O", None), ("Нарын", "KG-N", None), ("нарин", "KG-N", None),
        ("Нарын шаары", "KG-N", "naryn-city"), ("Нарынский район", "KG-N", "naryn"),
        ("Ысык-Кол", "KG-Y", None), ("иссык куль", "KG-Y", None), ("Ысык-Көл району", "KG-Y", "issyk-kul"),
        ("жалалабат", "KG-J", None), ("Каракол", "KG-Y", "karakol"), ("каракл", "KG-Y", "karakol"),
        ("Кара-Көл", "KG-J", "kara-kol-city"), ("токмак", "KG-C", "tokmok"), ("Токмк", "KG-C", "tokmok"),
        ("Балыкчи", "KG-Y", "balykchy"), ("карабалта", "KG-C", "kara-balta"), ("Өзгөндө", "KG-O", "uzgen"),
        ("сузак району", "KG-J", "suzak"), ("Манас району", "KG-T", "manas"), ("Манас", "KG-J", "manas-city"),
    ],
)  # fmt: skip
def test_a_place_is_understood_as_it_is_typed(
    typed: str, region: str, district: str | None
) -> None:
    assert find_place(_resources().base.regions.values(), typed) == (region, district)


@pytest.mark.parametrize(
    "typed",
    ["", " ", "!!!", "Москвабад", "айлык", "развод", "Ташкент", "о", "ш", "район", "область",
     "Муж бьёт меня", "айлыгымды бербей жатат", "Бишкек " * 10],
)  # fmt: skip
def test_what_is_no_place_is_none(typed: str) -> None:
    assert find_place(_resources().base.regions.values(), typed) is None


async def test_a_place_is_pressed(office: Office) -> None:
    ainura = await office.citizen()
    await ainura.sends("/settings")
    shown = await ainura.sees("Жашаган жериңиз: көрсөтүлгөн эмес")
    await ainura.presses("📍 Жашаган жерим", on=shown)
    regions = await ainura.sees("Кайсы жерде жашайсыз?")
    await ainura.presses("Чүй облусу", on=regions)
    await ainura.presses("Талас облусу", on=regions)  # a second thought, at once
    districts = await ainura.sees("Кайсы район же шаар?")
    assert districts.id == shown.id
    await ainura.presses("⬅️ Артка", on=await ainura.sees("Кайсы район же шаар?"))
    await ainura.presses("Чүй облусу", on=await ainura.sees("Кайсы жерде жашайсыз?"))
    await ainura.presses("Токмок шаары", on=await ainura.sees("Кайсы район же шаар?"))
    await ainura.sees("Жашаган жериңиз: Чүй облусу, Токмок шаары")


async def test_a_town_without_districts_asks_no_more(office: Office) -> None:
    oleg = await office.citizen("Олег", "ru")
    await oleg.sends("/settings")
    await oleg.presses("📍 Где я живу", on=await oleg.sees("Настройки"))
    await oleg.presses("Город Ош", on=await oleg.sees("Где вы живёте? Нажмите"))
    await oleg.sees("Где вы живёте: Город Ош")


@pytest.mark.parametrize(
    ("speaks", "button", "asked", "typed", "shown"),
    [
        ("ky", "📍 Жашаган жерим", "Кайсы жерде жашайсыз?", "карасу", "Ош облусу, Кара-Суу шаары"),
        ("ru", "📍 Где я живу", "Где вы живёте? Нажмите", "Бишкег", "Где вы живёте: Город Бишкек"),
    ],
)
async def test_a_place_is_typed_with_mistakes(
    office: Office, kept: Kept, speaks: str, button: str, asked: str, typed: str, shown: str
) -> None:
    person = await office.citizen(speaks=speaks)
    await person.sends("/settings")
    await person.presses(
        button, on=await person.sees({"ky": "Жөндөөлөр", "ru": "Настройки"}[speaks])
    )
    await person.sees(asked)
    wrong = await person.sends("Ыхыхых")
    await person.sees(
        {"ky": "Мындай жерди таба алган жокмун", "ru": "Такого места я не знаю"}[speaks]
    )
    await (person.sends(typed) if speaks == "ky" else person.edits(wrong, typed))
    await person.sees(shown)
    assert await kept.missed() == [], "a name of a place is no question"


async def test_a_question_in_between_does_not_lose_the_place(office: Office, kept: Kept) -> None:
    oleg = await office.citizen("Олег", "ru")
    await oleg.sends("/settings")
    await oleg.presses("📍 Где я живу", on=await oleg.sees("Настройки"))
    await oleg.presses("Нарынская область", on=await oleg.sees("Где вы живёте? Нажмите"))
    districts = await oleg.sees("Какой район или город?")
    await office.restart()
    await oleg.sends(SURE["ru"][0])
    await oleg.sees(SURE["ru"][1])
    await oleg.presses("▶️ Продолжить", on=await oleg.sees("Мы не закончили"))
    again = await oleg.sees("Какой район или город?")
    assert again.buttons == districts.buttons, "at the same step"
    await oleg.sends("какая погода будет завтра в горах и кто выиграет матч")
    await oleg.sees("пока нет ответа")
    await oleg.sends("Муж меня избивает")
    await oleg.sees("уйдите в безопасное место")
    forgets_what_was_said(oleg)
    await oleg.sends("нарын шаары")
    await oleg.sees("Нарынская область, Нарын")
    assert [missed.why for missed in await kept.missed()] == [Miss.UNKNOWN]


async def test_stopping_and_coming_too_late(office: Office) -> None:
    oleg = await office.citizen("Олег", "ru")
    await oleg.sends("/settings")
    settings = await oleg.sees("Настройки")
    await oleg.presses("📍 Где я живу", on=settings)
    await oleg.presses("✖️ Отмена", on=await oleg.sees("Где вы живёте? Нажмите"))
    await oleg.sees("Остановлено. Ничего не изменилось.")
    await oleg.sends(SURE["ru"][0])
    await oleg.sees(SURE["ru"][1])
    assert "Мы не закончили" not in oleg.chat[-1].text
    await forges(oleg, "cancel", oleg.chat[-1]).answer()
    await oleg.sees("Останавливать нечего")
    await forges(oleg, "place:again", settings).answer()
    await oleg.sees("Где вы живёте? Нажмите")


async def test_an_old_dialog_is_not_brought_up_for_ever(office: Office) -> None:
    oleg = await office.citizen("Олег", "ru")
    await oleg.sends("/settings")
    await oleg.presses("📍 Где я живу", on=await oleg.sees("Настройки"))
    await oleg.sees("Где вы живёте? Нажмите")
    office.telegram.advance(7200)
    await oleg.sends("/help")  # the bot hears of the new time with its answer
    await oleg.sees("Я программа")
    forgets_what_was_said(oleg)
    await oleg.sends(SURE["ru"][0])
    assert SURE["ru"][1] in (await oleg.hears()).text
    assert await oleg.hears_nothing(0.2)


async def test_a_place_can_be_taken_back(office: Office) -> None:
    oleg = await office.citizen("Олег", "ru")
    await oleg.sends("/settings")
    await oleg.presses("📍 Где я живу", on=await oleg.sees("Настройки"))
    await oleg.presses("Пропустить", on=await oleg.sees("Где вы живёте? Нажмите"))
    await oleg.presses("📍 Где я живу", on=await oleg.sees("не указано"))
    await oleg.sends("Талас")
    settings = await oleg.sees("Где вы живёте: Таласская область")
    await oleg.presses("📍 Где я живу", on=settings)
    await oleg.presses("🗑 Не хранить", on=await becomes(oleg, settings, "Где вы живёте? Нажмите"))
    await becomes(oleg, settings, "Где вы живёте: не указано")


async def test_without_consent_no_place_is_kept(office: Office) -> None:
    oleg = office.newcomer("Олег", "ru")
    await oleg.sends("/start")
    await oleg.presses("Русский", on=await oleg.sees("Выберите язык"))
    await oleg.presses("Нет, только ответы", on=await oleg.sees("/privacy"))
    await oleg.sends("/settings")
    settings = await oleg.sees("Настройки")
    await forges(oleg, "district:KG-C:tokmok", settings).answer()
    await oleg.presses("📍 Где я живу", on=await oleg.sees("не указано"))
    await oleg.sees("всё это зашифровано")
    await oleg.sends("/settings")
    await oleg.sees("Где вы живёте: не указано")
