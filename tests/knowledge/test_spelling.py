"""The linter reads every word: it knows the right ones, and tells the wrong ones with their cure."""

import random
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from knowledge.checks import told
from knowledge.checks.spelling import is_right

WORDS = Path(__file__).parents[2] / "knowledge" / "words"
Spoil = Callable[..., str]


@pytest.mark.parametrize(
    "words",
    [
        "үй үйгө үйдөн үйүңүздү үйлөрдөгүлөр үйсүз",
        "айлык айлыгы айлыгымды айлыгыңызга айлыгыбыздан",
        "төлөө төлөбөйт төлөнүүчү төлөтөт",
        "баштоо баштап башталганда баштаңыз баштайбыз",
        "коюу коёт коюңуз койбогон койгондо",
        "таап тапкан табылат тапса",
        "иштээрин иштөөчүлөрдүн иштегендиктен",
        "ордуна ордунда мойнуна үстүнөн",
        "эртерээк көбүрөөк азыраак",
        "баланыкын кишиникиндей",
        "МСЭКтин МФОнун ТСЖга кВтка",
        "кадастрга полициясына адвокатсыз договорун",
        "ата-эне ата-энесинин күнү-түнү",
    ],
)
def test_right_kyrgyz_words(words: str):
    assert [word for word in words.split() if not is_right(word, "ky")] == []


@pytest.mark.parametrize(
    "words",
    [
        "уйго үйге үйдан уйдон",  # harmony, and letters of another keyboard
        "айлыкы айлыгымди айлыктен",  # к stays before no vowel
        "толоо төлобөйт төлөнүчү баштаоо",
        "жогго фонтто саатап күнөөлү кысган",  # those that stood in the articles
        "келишимлер сотдун кагаздтар",  # no such joint of consonants
        "өкмот мыйзм",
        "МСЭКдин ЦОНлар ЦОНдан",
    ],
)
def test_wrong_kyrgyz_words(words: str):
    assert [word for word in words.split() if is_right(word, "ky")] == []


def test_wrong_and_right_russian_words():
    right = "заявление айыл окмоту кенеша техпаспорта соцзащиты трёхфазных неотгулянного ЦОН кто-то"
    wrong = "заевление акыл окматом зарплто техпаспрта соцзащты"

    assert [word for word in right.split() if not is_right(word, "ru")] == []
    assert [word for word in wrong.split() if is_right(word, "ru")] == []


def test_a_misspelt_word_is_told_with_its_place_and_cure(spoiled: Spoil):
    said = spoiled(ky__steps=["Сотко барыныз.", "1229"], ru__steps=["Пишите заевление.", "1229"])

    assert (
        "ky.steps[0] has «барыныз», which no word list knows: "
        "write «барыңыз», or add it to knowledge/words/ky.txt"
    ) in said
    assert (
        "ru.steps[0] has «заевление», which no word list knows: "
        "correct it, or add it to knowledge/words/ru.txt"
    ) in said


def test_phrasings_may_be_misspelt(spoiled: Spoil):
    assert "word list" not in spoiled(ky__phrasings=["айлыкымды бербй жатат"])


def test_names_of_the_other_language_stand_in_quotes_or_brackets(spoiled: Spoil):
    steps = ["«Үй-бүлөгө көмөк» (исполнительный лист).", "1229"]

    assert "word list" not in spoiled(ky__steps=steps, ru__steps=steps)


def test_addresses_and_endings_after_figures_are_no_words(spoiled: Spoil):
    steps = ["darek.kg, 1229: 50 %дан, 50дөн, 50-чү.", "1229"]

    assert "word list" not in spoiled(ky__steps=steps)


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"ky__answer": "Муну сиз чечесиз."}, "ky.answer says «сиз» to the reader in lower case"),
        ({"ky__answer": "Үч жумушчу күнү."}, "ky.answer has «жумушчу күн»: write «жумуш күнү»"),
        ({"ky__answer": "Үйдү ондотуп бериңиз."}, "ky.answer spells оңдо- (mend) with н"),
        ({"ru__answer": "Идите в айыл өкмөту."}, "ru.answer spells айыл окмоту in another way"),
    ],
)
def test_words_that_are_wrong_where_they_stand(
    spoiled: Spoil, changes: dict[str, object], complaint: str
):
    assert complaint in spoiled(**changes)


def test_most_words_typed_without_kyrgyz_letters_are_caught(base):
    words = sorted(
        word
        for article in base.articles.values()
        for line in told(article)
        if line.language == "ky"
        for word in re.findall(r"\b[а-яөүң]*[өүң][а-яөүң]*\b", line.text)
    )
    drawn = random.Random(7).sample(sorted(set(words)), 500)

    missed = [word for word in drawn if is_right(without_one_kyrgyz_letter(word), "ky")]

    assert len(missed) <= 15


def without_one_kyrgyz_letter(word: str) -> str:
    return re.sub("[өүң]", lambda letter: {"ө": "о", "ү": "у", "ң": "н"}[letter[0]], word, count=1)


@pytest.mark.parametrize("name", ["ky", "ky-general", "ru"])
def test_word_lists_hold_each_word_once(name: str):
    lines = (WORDS / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    words = [line for line in lines if not line.startswith("#")]

    assert len(words) == len(set(words))
    assert [
        word for word in words if not re.fullmatch(r"[^\W\d_]+(-[^\W\d_]+)*(-|/\w+)?", word)
    ] == []


@pytest.mark.parametrize("name", ["ky", "ru"])
def test_project_lists_are_in_alphabetical_order(name: str):
    alphabet = "абвгдеёжзийклмнңоөпрстуүфхцчшщъыьэюя"
    lines = (WORDS / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    words = [line for line in lines if not line.startswith("#")]

    assert words == sorted(
        words, key=lambda word: ([alphabet.find(letter) for letter in word.lower()], word)
    )
