"""What could tell who somebody is goes; the need stays."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.prepared import prepared
from services.masking import MASK, masked, without_masks

_, SEARCHER = prepared()


@pytest.mark.parametrize(
    ("said", "hidden", "kept"),
    [
        ("меня зовут Айгуль, муж бьёт", ["Айгуль"], "муж бьёт"),
        ("тел 0555 123 456 перезвоните про зарплату", ["555", "123", "456"], "зарплату"),
        ("+996(700)11-22-33 алимент", ["700", "11-22"], "алимент"),
        ("Гүлнарага 50000 сом карыз бердим", ["Гүлнара", "50000"], "сом карыз бердим"),
        ("гулнарага карыз бердим", ["гулнара"], "карыз бердим"),
        ("менин атым Жыпаргүл, кызым окуйт", ["Жыпаргүл"], "кызым окуйт"),
        ("Асан уулу Марат мени сабап кетти", ["Асан", "Марат"], "мени сабап кетти"),
        ("участковый Нургазыев арызымды албай койду", ["Нургазыев"], "арызымды албай койду"),
        ("асанова жерди тартып алды", ["асанова"], "жерди тартып алды"),
        ("паспорт AN1234567 жоголду", ["AN1234567"], "жоголду"),
        ("ПИН 12345678901234 туура эмес", ["12345678901234"], "туура эмес"),
        ("@azamat_77 алдады, t.me/azamat", ["azamat"], "алдады"),
        ("пишите на a.b@mail.kg про развод", ["mail.kg"], "развод"),
        ("живу на Ленина 145, сосед затопил", ["145"], "сосед затопил"),
    ],
)
def test_names_phones_and_numbers_are_hidden(said: str, hidden: list[str], kept: str) -> None:
    shown = masked(said, SEARCHER.is_common)
    assert not [one for one in hidden if one in shown], shown
    assert kept in shown


@pytest.mark.parametrize(
    "said",
    [
        "зарплатаны 3 ай бербей жатат",
        "в Бишкеке отказали в ЗАГСе",
        "айыл өкмөтү Ош шаарында справка бербейт",
        "кайын энем кыйнайт, ким жардам берет",
        "вера в бога и школа",
        "РОВДга арыз бердим",
        "менин атым туура эмес жазылган",
        "ребёнку 12 лет, отец не платит алименты",
    ],
)
def test_the_need_is_left_as_it_was_said(said: str) -> None:
    assert masked(said, SEARCHER.is_common) == said


@given(st.text(max_size=200))
def test_no_long_number_is_ever_left(said: str) -> None:
    shown = masked(f"{said} 0700123456 {said}", SEARCHER.is_common)
    assert "0700123456" not in shown
    assert MASK in shown


def test_a_wording_to_learn_has_no_marks() -> None:
    shown = masked("Гулзада занял 50000 сом и не отдаёт", SEARCHER.is_common)
    assert without_masks(shown) == "занял сом и не отдаёт"
