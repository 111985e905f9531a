import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.search import lexicon
from knowledge.search.normal import clean, from_latin, skeleton, switch_layout, words
from knowledge.search.spelling import Speller
from knowledge.search.terms import Reader


@pytest.fixture
def reader():
    reader = Reader(lexicon.load())
    reader.study(["айлыгымды бербей жатат, зарплату не платят"] * 2)
    return reader


@pytest.mark.parametrize(
    "typed",
    ["жумуштан", "jumushtan", "zhumushtan", "djumushtan", "jumuştan", "жумуштаан", "ЖУМУШТАН"],
)
def test_spellings_of_one_word_meet(typed):
    word = words(clean(typed))[0]
    spelt = word if word[0] == "ж" else from_latin(word)
    assert skeleton(spelt) == skeleton("жумуштан")


def test_the_wrong_keyboard_layout_is_switched():
    assert switch_layout("vtyz edjkbkb") == "меня уволили"


def test_a_word_of_two_alphabets_becomes_cyrillic():
    assert words(clean("cуд aлименты")) == ["суд", "алименты"]


@pytest.mark.parametrize(
    ("text", "notion"),
    [
        ("айлыгымды", "wage"),
        ("айлгымды", "wage"),
        ("айлгмды", "wage"),
        ("ailygymdy", "wage"),
        ("зарплту", "wage"),
        ("zarplatu", "wage"),
        ("штрафымды", "fine"),
        ("эмгек акы", "wage"),
        ("ажырашкым келет", "divorce"),
        ("хочу развестись", "divorce"),
    ],
)
def test_words_stand_for_notions_however_they_are_typed(reader, text, notion):
    assert notion in reader.read(text).notions


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("күйөөм менен ажырашам", "ky"),
        ("куйоом менен ажырашам", "ky"),
        ("kuioom menen ajyrasham", "ky"),
        ("хочу развестись с мужем", "ru"),
        ("hochu razvestis s mujem", "ru"),
        ("штрафымды кантип төлөйм", "ky"),
        ("айлык задержка болуп жатат", "ky"),
        ("", "ru"),
    ],
)
def test_a_text_is_read_in_the_language_that_prevails(reader, text, language):
    assert reader.read(text).language == language


def test_a_verb_is_not_taken_for_a_noun_that_is_spelt_alike(reader):
    assert reader.read("брать").terms != reader.read("брат").terms


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("брбй", "бербей"), ("патерял", "потерял"), ("паспрт", "паспорт"), ("алиманты", "алименты")],
)
def test_misspelt_words_are_mended(typed, meant):
    speller = Speller()
    speller.add(map(skeleton, ["бербей", "потерял", "паспорт", "алименты", "баары"]))
    assert speller.mend(skeleton(typed)) == skeleton(meant)


def test_a_word_far_from_all_others_stays():
    speller = Speller()
    speller.add(["паспорт"])
    assert speller.mend("картошка") is None


@given(st.text(max_size=200))
def test_any_text_can_be_read(text):
    read = READER.read(text)
    assert len(read.stems) == len(read.words)


READER = Reader(lexicon.load())
