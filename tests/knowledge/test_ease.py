"""The linter tells what is hard to read, with the place and the cure."""

from collections.abc import Callable

import pytest

from knowledge.checks.ease import measured, sentences

Spoil = Callable[..., str]


def of_words(count: int) -> str:
    return " ".join(["И", *["да"] * (count - 1)]) + "."


def test_a_long_sentence_is_noted_and_an_absurd_one_is_an_error(spoiled: Spoil):
    said = spoiled(ru__steps=[f"{of_words(25)} {of_words(26)}", of_words(46)])

    assert "note: ru.steps[0] has a sentence of 26 words: make two of it" in said
    assert "yaml: ru.steps[1] has a sentence of 46 words" in said


def test_sentences_end_where_people_see_it():
    text = "Есть 2 дела: ст. суда и 0,25 %; первое. Ждите {units:50}! «Нет» — 1 000 000 сомов?"

    assert [len(words) for words in sentences(text)] == [7, 1, 2, 3]  # 1 000 000 is read as one


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"ru__answer": "Это является нарушением."}, "ru.answer speaks like an office («является»)"),
        ({"ru__answer": "В целях защиты пишите."}, "(«В целях»): write «чтобы»"),
        ({"ru__answer": "Орган осуществляет надзор."}, "say who does what"),
        ({"ky__answer": "Бул мыйзам болуп саналат."}, "ky.answer speaks like an office («болуп саналат»)"),
        ({"ky__answer": "Сот тарабынан чечилет."}, "say who does it"),
    ],
)  # fmt: skip
def test_the_language_of_offices(spoiled: Spoil, changes: dict[str, object], complaint: str):
    assert complaint in spoiled(**changes)


def test_officialese_and_people_are_told_apart(spoiled: Spoil):
    assert "office" not in spoiled(ru__answer="По данным суда он прав. Её представление верно.")


def test_hard_words_make_an_article_hard(spoiled: Spoil):
    steps = ["Административное правонарушение предусматривает ответственность организации."] * 2
    kyrgyz = ["Администрациялаштырылгандарыбыздыкындай мамлекеттештирүүчүлөрдүкү."] * 2

    said = spoiled(ru__answer=steps[0], ru__steps=steps, ky__answer=kyrgyz[0], ky__steps=kyrgyz)

    assert "ru is hard to read: " in said
    assert "ky is hard to read: " in said
    assert "write shorter sentences and shorter words" in said


def test_plain_words_read_easier():
    plain = measured(["Суд даст вам бумагу. Она бесплатна."], "ru")
    office = measured(["Осуществляется предоставление документации заявителю."], "ru")

    assert plain is not None
    assert office is not None
    assert plain.flesch > 60 > 0 > office.flesch


def test_a_text_without_words_is_not_measured():
    assert measured(["…"], "ky") is None
