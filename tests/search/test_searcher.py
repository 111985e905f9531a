from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.prepared import prepared
from knowledge.search import Searcher


@dataclass
class Side:
    title: str
    phrasings: list[str]
    answer: str = ""
    steps: list[str] = field(default_factory=list)


@dataclass
class Article:
    id: str
    ky: Side
    ru: Side
    urgent: bool = False


ARTICLES = {
    article.id: article
    for article in (
        Article(
            "labour/unpaid-wages",
            Side(
                "Айлыгымды төлөбөй жатышат", ["айлык бербей жатат", "эмгек акымды ала албай жүрөм"]
            ),
            Side(
                "Не платят зарплату",
                ["задерживают зарплату", "начальник не отдаёт деньги за работу"],
            ),
        ),
        Article(
            "documents/passport-lost",
            Side("Паспортумду жоготуп алдым", ["паспортум жоголду", "паспортумду уурдатып ийдим"]),
            Side("Потерял паспорт", ["потерял паспорт, что делать", "украли паспорт"]),
        ),
        Article(
            "family/divorce",
            Side("Ажырашуу", ["күйөөм менен ажырашам", "кантип ажырашса болот"]),
            Side("Развод", ["хочу развестись с мужем", "как подать на развод"]),
        ),
    )
}


@pytest.fixture
def searcher():
    return Searcher.build(ARTICLES)


@pytest.mark.parametrize(
    ("question", "answer", "language"),
    [
        ("мне не платят зарплату уже третий месяц", "labour/unpaid-wages", "ru"),
        ("Айлыгымды беришпей жатат, эмне кылам?", "labour/unpaid-wages", "ky"),
        ("ailygymdy berbei jatat", "labour/unpaid-wages", "ky"),
        ("zarplatu ne platyat", "labour/unpaid-wages", "ru"),
        ("pfhgkfne yt gkfnzn", "labour/unpaid-wages", "ru"),
        ("куйоом менен ажырашайын дедим эле", "family/divorce", "ky"),
        ("я патерял паспорт", "documents/passport-lost", "ru"),
    ],
)
def test_a_question_finds_its_answer_however_it_is_typed(searcher, question, answer, language):
    result = searcher.ask(question)
    assert result.ids[0] == answer
    assert result.language == language


def test_what_has_nothing_to_do_with_the_base_is_declined(searcher):
    assert searcher.ask("кто выиграет матч реал барселона").ids == ()


def test_a_learned_phrasing_is_answered_from_then_on():
    searcher = Searcher.build(ARTICLES)
    odd = "хочу соскочить с этой лодки"
    assert searcher.ask(odd).ids[:1] != ("family/divorce",)
    searcher.revise([("family/divorce", odd), ("gone/id", "нет такой")])
    answered = searcher.ask("Хочу соскочить с этой лодки!")
    assert answered.ids[0] == "family/divorce" and answered.sure
    searcher.revise([])
    assert searcher.ask(odd).ids[:1] != ("family/divorce",)


def test_one_or_two_learned_words_are_offered_not_answered():
    searcher = Searcher.build(ARTICLES)
    searcher.revise([("family/divorce", "лодка соскочить")])
    offered = searcher.ask("лодка соскочить")
    assert offered.ids[0] == "family/divorce"


def test_a_phrasing_learned_for_another_article_leads_there():
    searcher = Searcher.build(ARTICLES)
    id, article = next(iter(ARTICLES.items()))
    other = next(other for other in ARTICLES if other != id)
    searcher.revise([(other, article.ru.phrasings[0])])
    assert searcher.ask(article.ru.phrasings[0]).ids[0] == other


def test_a_withdrawn_article_is_not_found():
    searcher = Searcher.build(ARTICLES)
    question = ARTICLES["family/divorce"].ru.phrasings[0]
    assert searcher.ask(question).ids[0] == "family/divorce"
    searcher.revise([], withdrawn={"family/divorce"})
    assert "family/divorce" not in searcher.ask(question).ids


def test_like_questions_are_alike(searcher):
    alike = searcher.similar("айлыгымды бербейт", "айлыгымды беришпей жатат")
    assert alike > 0.4 > searcher.similar("айлыгымды бербейт", "паспорт жоголду")


@pytest.mark.parametrize("text", ["", " ", "😀😀😀", "\x00\x07", "…?!", "а" * 4096, "ü" * 10_000])
def test_a_message_without_words_is_declined(searcher, text):
    assert searcher.ask(text).ids == ()


@given(st.text(max_size=300))
def test_any_message_gets_a_result(text):
    result = EVERYDAY.ask(text)
    assert len(result.ids) == len(result.scores) <= 5
    assert 0 <= result.confidence <= 1


def test_an_empty_base_declines():
    assert Searcher.build({}).ask("айлык").ids == ()


EVERYDAY = Searcher.build(ARTICLES)


def test_a_single_word_is_offered_what_bears_its_name():
    _, searcher = prepared()
    for word in ("паспорт", "пенсия", "кредит", "алименты"):
        found = searcher.ask(word)
        assert found.ids and not found.sure, word
    for word in ("погода", "привет", "футбол"):
        assert not searcher.ask(word).ids, word


@pytest.mark.parametrize(
    ("question", "speaks", "language"),
    [
        ("паспорт", "ky", "ky"),
        ("паспорт", "ru", "ru"),
        ("алимент", "ky", "ky"),
        ("алимент", "ru", "ru"),
        ("кредит ипотека", "ky", "ky"),
        ("айлыгым", "ru", "ky"),
        ("мне не платят", "ky", "ru"),
    ],
)
def test_what_may_be_either_language_is_read_in_that_of_who_asks(question, speaks, language):
    _, searcher = prepared()
    assert searcher.ask(question, speaks).language == language


def test_revising_is_the_same_as_building_anew():
    revised = Searcher.build(ARTICLES)
    learned = ("labour/unpaid-wages", "кинули с деньгами на стройке")
    revised.revise([learned], withdrawn={"family/divorce"})
    anew = {id: article for id, article in ARTICLES.items() if id != "family/divorce"}
    old = anew[learned[0]]
    anew[learned[0]] = Article(
        old.id, old.ky, Side(old.ru.title, [*old.ru.phrasings, learned[1]], old.ru.answer)
    )
    built = Searcher.build(anew)
    for question in ("кинули на стройке", "украли паспорт", "зарплата", "айлык бербей жатат"):
        mine, theirs = revised.rank(question), built.rank(question)
        assert mine.ids == theirs.ids
        assert mine.scores == pytest.approx(theirs.scores, abs=1e-4)
