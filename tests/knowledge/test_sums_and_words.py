"""Sums by day, and how figures, days, laws and doubts are said in each language."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge import render
from knowledge.figures import figures
from knowledge.model import LANGUAGES, Contact
from knowledge.rates import RateUnknown, period_before, period_on

NOW = date(2026, 11, 23)
NBSP = "\N{NO-BREAK SPACE}"


@pytest.fixture
def wages(house):
    """A sum known for two years with a gap between them, and told by the labour ministry."""
    house.rate(
        "wage",
        ru="Минимальная зарплата",
        ky="Эң төмөнкү айлык",
        ask="contacts/1966",
        periods=[
            {"from": date(2024, 1, 1), "to": date(2024, 12, 31), "amount": 2460},
            {"from": date(2025, 3, 1), "to": date(2026, 2, 28), "amount": 3100},
        ],
    )
    return house.load()


@pytest.mark.parametrize(
    ("day", "amount"),
    [
        (date(2024, 1, 1), 2460),
        (date(2024, 12, 31), 2460),
        (date(2025, 3, 1), 3100),
        (date(2026, 2, 28), 3100),
    ],
)
def test_a_sum_holds_from_its_first_day_to_its_last(wages, day: date, amount: int):
    assert period_on(wages.rates["wage"], day).amount == amount


@pytest.mark.parametrize("day", [date(2023, 12, 31), date(2025, 2, 28), date(2026, 3, 1)])
def test_outside_its_periods_a_sum_is_not_known(wages, day: date):
    with pytest.raises(RateUnknown, match=f"wage is not known for {day}"):
        period_on(wages.rates["wage"], day)


def test_the_sum_before_is_the_last_that_ended(wages):
    wage = wages.rates["wage"]

    assert period_before(wage, date(2023, 12, 31)) is None
    assert period_before(wage, date(2025, 1, 1)).amount == 2460
    assert period_before(wage, date(2027, 1, 1)).amount == 3100


@pytest.mark.parametrize(
    ("day", "ru", "ky"),
    [
        (date(2024, 5, 1), "2 460 сомов (2024 год)", "2 460 сом (2024-жыл)"),
        (
            date(2025, 5, 1),
            "3 100 сомов (1 марта 2025 года — 28 февраля 2026 года)",
            "3 100 сом (2025-жылдын 1-марты — 2026-жылдын 28-февралы)",
        ),
        (
            date(2026, 5, 1),
            "уточните размер (минимальная зарплата: сколько сейчас, мы не знаем; "
            "в 2025–2026 годах было 3 100 сомов; "
            "спросите: Министерство труда, социального обеспечения и миграции, 1966)",
            "өлчөмүн тактап алыңыз (эң төмөнкү айлык: азыр канча экенин билбейбиз; "
            "2025–2026-жылдары 3 100 сом болгон; "
            "сураңыз: Эмгек, социалдык камсыздоо жана миграция министрлиги, 1966)",
        ),
        (
            date(2023, 5, 1),
            "уточните размер (минимальная зарплата: сколько сейчас, мы не знаем; "
            "спросите: Министерство труда, социального обеспечения и миграции, 1966)",
            "өлчөмүн тактап алыңыз (эң төмөнкү айлык: азыр канча экенин билбейбиз; "
            "сураңыз: Эмгек, социалдык камсыздоо жана миграция министрлиги, 1966)",
        ),
    ],
)
def test_a_sum_is_told_with_its_time_and_an_old_one_never_as_the_present(
    wages, day: date, ru: str, ky: str
):
    told = {language: render.fill("{rate:wage}", language, day, wages) for language in LANGUAGES}

    assert {language: text.replace(NBSP, " ") for language, text in told.items()} == {
        "ru": ru,
        "ky": ky,
    }


def test_a_sum_until_changed_a_percentage_and_a_caveat(house):
    caveat = {"ru": "по проекту", "ky": "долбоор боюнча"}
    period = {"from": date(2026, 7, 1), "amount": 12.5, "caveat": caveat}
    house.rate("share", unit="percent", periods=[period])
    base = house.load()

    ru, ky = (render.fill("{rate:share}", language, NOW, base) for language in ("ru", "ky"))

    assert ru == f"12,5{NBSP}% (с 1 июля 2026 года; по проекту)"
    assert ky == f"12,5{NBSP}% (2026-жылдын 1-июлунан тартып; долбоор боюнча)"


@pytest.mark.parametrize(
    ("count", "ru", "ky"),
    [
        ("1", "1 расчётный показатель (100 сомов)", "1 эсептик көрсөткүч (100 сом)"),
        ("2", "2 расчётных показателя (200 сомов)", "2 эсептик көрсөткүч (200 сом)"),
        ("5", "5 расчётных показателей (500 сомов)", "5 эсептик көрсөткүч (500 сом)"),
        ("11", "11 расчётных показателей (1_100 сомов)", "11 эсептик көрсөткүч (1_100 сом)"),
        ("21", "21 расчётный показатель (2_100 сомов)", "21 эсептик көрсөткүч (2_100 сом)"),
        ("50", "50 расчётных показателей (5_000 сомов)", "50 эсептик көрсөткүч (5_000 сом)"),
        ("0,5", "0,5 расчётного показателя (50 сомов)", "0,5 эсептик көрсөткүч (50 сом)"),
        (
            "1000",
            "1_000 расчётных показателей (100_000 сомов)",
            "1_000 эсептик көрсөткүч (100_000 сом)",
        ),
    ],
)
def test_fines_are_told_in_units_and_in_soms(base, count: str, ru: str, ky: str):
    text = f"{{units:{count}}}"

    assert render.fill(text, "ru", NOW, base).replace(NBSP, "_") == ru
    assert render.fill(text, "ky", NOW, base).replace(NBSP, "_") == ky


def test_units_stand_alone_where_their_worth_is_not_known(base):
    long_ago = date(1990, 1, 1)

    assert render.fill("{units:50}", "ru", long_ago, base) == "50 расчётных показателей"


@pytest.mark.parametrize(
    ("amount", "ru", "ky"),
    [
        ("1", "1 сом", "1 сом"),
        ("3", "3 сома", "3 сом"),
        ("100", "100 сомов", "100 сом"),
        ("8697.32", "8_697,32 сома", "8_697,32 сом"),
        ("50000.00", "50_000 сомов", "50_000 сом"),
        ("1000000", "1_000_000 сомов", "1_000_000 сом"),
    ],
)
def test_sums_of_money(base, amount: str, ru: str, ky: str):
    assert render.som(Decimal(amount), "ru", base).replace(NBSP, "_") == ru
    assert render.som(Decimal(amount), "ky", base).replace(NBSP, "_") == ky


def test_the_parts_of_a_number_stay_together(base):
    filled = render.fill("Долг 12 500 сомов, 0,25 % в день; 0312 65-10-10", "ru", NOW, base)

    assert filled == f"Долг 12{NBSP}500 сомов, 0,25{NBSP}% в день; 0312 65-10-10"


def test_a_whole_article_is_filled_and_its_phrasings_left_alone(house):
    base = house.load()
    article = base.articles["labour/unpaid-wages"]

    text = render.filled(article, "ru", NOW, base)

    assert text.answer.replace(NBSP, " ").endswith(
        "Штраф — 50 расчётных показателей (5 000 сомов)."
    )
    assert text.steps == article.ru.steps
    assert text.phrasings == article.ru.phrasings
    assert "{units:50}" in article.ru.answer


def test_days_and_times(base):
    day = date(2026, 1, 31)

    assert render.calendar_day(day, "ru", base) == "31 января 2026 года"
    assert render.calendar_day(day, "ky", base) == "2026-жылдын 31-январы"
    assert render.when("2021", "ru", base) == "в 2021 году"
    assert render.when("2026-03-06", "ky", base) == "2026-жылдын мартында"


def test_an_act_is_named_once_with_all_its_places_and_pages_come_last(house):
    law = [
        {"source": "https://www.24.kg/1", "fact": "0,25 % и 50."},
        {"act": "labour-code", "article": "ст. 94, ч. 4", "fact": "Да."},
        {"act": "bala-yrysy-decree", "fact": "Да."},
        {"act": "labour-code", "article": "ст. 44, ч. 1, п. 6, пп. «а»", "fact": "Да."},
        {"act": "labour-code", "article": "ст. 94, ч. 4", "fact": "И это."},
        {"act": "legal-aid-law", "article": "ст. 6–8", "fact": "Да."},
    ]
    house.article("labour/unpaid-wages", law=law)
    base = house.load()
    article = base.articles["labour/unpaid-wages"]

    ru, ky = (render.basis(article, language, base) for language in ("ru", "ky"))

    assert [basis.text for basis in ru] == [
        "Трудовой кодекс КР (23 января 2025 года, № 23): ст. 94, ч. 4; ст. 44, ч. 1, п. 6, пп. «а»",
        "Указ Президента КР о пособии «Бала ырысы»",
        "Закон КР «О гарантированной государством юридической помощи» "
        "(10 августа 2022 года, № 91): ст. 6–8",
        "24.kg",
    ]
    assert ky[0].text == (
        "КР Эмгек кодекси (2025-жылдын 23-январы, № 23): "
        "94-берене, 4-бөлүк; 44-берене, 1-бөлүк, 6-пункт, «а» пунктчасы"
    )
    assert [basis.link for basis in ru] == [
        None,
        None,
        "http://ukuk-jardam.gov.kg/ky/p/about/law",
        "https://www.24.kg/1",
    ]


def test_a_number_that_nothing_confirms_comes_with_its_year(base):
    old: Contact = base.contacts["contacts/117"]

    assert (
        render.doubt(old, "ru", base) == "так сообщали в 2021 году; работает ли сейчас, проверьте"
    )
    assert render.doubt(old, "ky", base) == (
        "2021-жылы айтылган маалымат; азыр иштейби, текшериңиз"
    )
    assert render.doubt(base.contacts["contacts/102"], "ru", base) is None


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("5 000 сомов и 5000", {"5000"}),
        (f"12{NBSP}500,50", {"12500.5"}),
        ("0,25 % или 0.25", {"0.25"}),
        ("27.09.2025", {"27", "9", "2025"}),
        ("ст. 94, ч. 1–3", {"94", "1", "3"}),
        ("{units:50} и {rate:wage}", {"50"}),
        ("2026-жылдын 1-январы", {"2026", "1"}),
        ("в 2025 100 раз", {"2025", "100"}),
        ("III группа, три года", set()),
    ],
)
def test_figures_are_found_in_one_spelling(text: str, found: set[str]):
    assert figures(text) == found


@given(st.decimals(min_value=0, max_value=10**9, places=2))
def test_a_number_is_read_as_it_was_written(amount: Decimal):
    assert figures(render.number(amount)) == {f"{amount.normalize():f}"}


@given(st.text(), st.sampled_from(LANGUAGES), st.dates())
def test_no_text_breaks_the_filling(base, text: str, language: str, day: date):
    sums = "".join(f"{{units:{count}}}{{rate:minimum-wage}}" for count in (1, 50))

    filled = render.fill(text.replace("{", "") + sums, language, day, base)

    assert "{" not in filled
    assert len(filled) > len(text.replace("{", ""))
