"""What the linter says to a curator: one line a fault, with its cure."""

from collections.abc import Callable
from datetime import date

import pytest

from knowledge.check import check

FIRST = "articles/labour/unpaid-wages.yaml"
SECOND = "articles/labour/dismissal.yaml"
Spoil = Callable[..., str]


def test_the_published_base_has_no_error():
    faults = check(day=date(2026, 11, 23))

    assert [str(fault) for fault in faults if fault.level == "error"] == []


def test_a_year_may_be_told_but_places_in_acts_and_days_read_are_no_facts(spoiled: Spoil):
    steps = ["В 2025 году ждали 94 дня.", "1229"]

    said = spoiled(ky__steps=steps, ru__steps=steps)

    assert "ru.steps[0] tells 94, which no `law` fact states: add the fact" in said
    assert "2025" not in said


def test_a_good_article_has_no_fault(house):
    assert house.complaints() == ""


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"ky__title": "А" * 61}, "ky.title has 61 characters: 60 is the limit"),
        ({"ru__steps": ["А" * 301, "Ждите."]}, "ru.steps[0] has 301 characters: 300 is the limit"),
        ({"ru__phrasings": ["я" * 301] * 10}, "ru.phrasings[0] has 301 characters"),
        ({"ru__steps": ["Одно дело."]}, "ky has 2 steps, ru has 1: add the missing one"),
        ({"ky__costs": ["Акысыз."]}, "ky has 1 costs, ru has 0: add the missing one"),
        ({"ru__answer": "Доплатят. Штраф — {units:50}."}, "ru.answer lacks 0.25: tell the same"),
        ({"ru__answer": "Доплатят 0,25 %."}, "ru.answer lacks 50, {units:50}"),
        ({"ru__steps": ["Ждите 3 дня.", "1229"]}, "ru.steps[0] tells 3, which no `law` fact"),
        ({"law": [{"source": "https://24.kg/1", "fact": "Да."}]}, "ky.answer tells 0.25, 50, which"),
        ({"ru__title": "Что делать, сyд?"}, "ru.title holds «сyд», where «y» is Latin"),
        ({"ky__title": "Айлығымды бербейт"}, "ky.title holds «ғ», no letter of the language"),
        ({"ru__title": "Мне\u200b не платят"}, "ru.title holds an invisible character"),
        ({"ru__title": "Мне **не** платят"}, "ru.title holds markup: write plain text"),
        ({"ru__title": "Мне не платят: https://24.kg"}, "ru.title holds a link"),
        ({"ru__title": 'Не платит "Рога"'}, "ru.title has straight quotes: write «…»"),
        ({"ru__steps": ["Штраф 50 расчётных показателей.", "-"]}, "by hand: write {units:50}"),
        ({"ky__steps": ["{units:50}дөн ашпайт.", "-"]}, "ky.steps[0] has letters glued to a sum"),
        ({"ru__steps": ["Не больше {rate:moon}.", "-"]}, "names {rate:moon}: add its file"),
        ({"ru__steps": ["Не больше {unit:50}.", "-"]}, "ru.steps[0] has a brace"),
        ({"ru__steps": ["Не больше {units:many}.", "-"]}, "ru.steps[0] has a brace"),
        ({"ru__phrasings": ["где деньги"] * 2}, "ru has 2 phrasings: write 20 or more"),
        ({"ru__phrasings": ["Где деньги?", "где  деньги"]}, "ru.phrasings has «где деньги» twice"),
        ({"contacts": ["contacts/900"]}, "contact contacts/900 is unknown"),
        ({"urgent": True, "contacts": []}, "is urgent, but names no contacts"),
        ({"related": ["labour/unpaid-wages"]}, "is related to itself"),
        (
            {"law": [{"act": "moon-law", "fact": "0,25 %, 50."}]},
            "act moon-law is unknown: correct the id, or add the act to acts.yaml",
        ),
        (
            {"law": [{"act": "labour-code", "article": "раздел 4", "fact": "0,25 %, 50."}]},
            "`law` cites «раздел 4», which has no translation: use гл.",
        ),
    ],
)  # fmt: skip
def test_a_fault_is_told_with_its_cure(spoiled: Spoil, changes: dict[str, object], complaint: str):
    said = spoiled(**changes)

    assert complaint in said
    assert said.startswith(FIRST)


def test_an_article_in_a_folder_that_is_no_topic(spoiled: Spoil):
    assert "topic moon is unknown" in spoiled("moon/unpaid-wages")


def test_an_answer_too_long_for_one_message_with_its_sums_written_out(spoiled: Spoil):
    steps = ["{units:50} " * 27] * 10

    said = spoiled(ky__steps=steps, ru__steps=steps)

    assert "title, answer and steps make a message of" in said


def test_an_id_too_long_for_a_button(spoiled: Spoil):
    assert "its id has 57 characters: 50 is the limit" in spoiled(f"labour/{'a' * 50}")


def test_more_law_than_one_message_holds(spoiled: Spoil):
    law = [
        {"act": "labour-code", "fact": "0,25 %; 50", "article": f"ст. {n}00"} for n in range(999)
    ]

    assert "ky: law make a message of" in spoiled(law=law)


@pytest.mark.parametrize(
    ("mine", "theirs"),
    [
        ("Кайда даттанам?", "кайда даттанам"),
        ("Күбөлүк жоголду", "кубөлук жоголду"),
        ("всё отняли", "Все отняли!"),
    ],
)
def test_no_two_articles_claim_a_phrasing(house, mine: str, theirs: str):
    house.article("labour/unpaid-wages", ky__phrasings=[mine])
    house.article("labour/dismissal", ky__phrasings=[theirs])

    said = house.complaints()

    assert f"{FIRST}: «{mine}» belongs to labour/dismissal as well" in said
    assert f"{SECOND}: «{theirs}» belongs to labour/unpaid-wages as well" in said


def test_one_word_may_be_the_same_in_both_languages_of_an_article(spoiled: Spoil):
    said = spoiled(ky__phrasings=["алимент"], ru__phrasings=["алимент"])

    assert "алимент" not in said


def test_related_articles_may_be_written_later(house):
    house.article("labour/unpaid-wages", related=["labour/no-contract"])

    assert house.complaints() == (
        f"{FIRST}: note: `related` names what is not written yet (labour/no-contract): "
        "write it, or correct the id"
    )
    assert [fault.level for fault in house.faults(strict=True)] == ["error"]


def test_ten_phrasings_do_but_twenty_are_asked_for(house):
    house.article("labour/unpaid-wages", ru__phrasings=[f"вопрос {word}" for word in "абвгдежзик"])

    assert house.complaints() == f"{FIRST}: note: ru has 10 phrasings: write 20 or more"


def test_a_review_lapses_when_the_text_changes(house):
    signed = {"state": "reviewed", "by": "Гүлнара", "on": date(2026, 10, 1)}
    text = house.load().articles["labour/unpaid-wages"].text_hash()
    house.article("labour/unpaid-wages", review=signed | {"text": text})
    assert house.load().articles["labour/unpaid-wages"].reviewed
    assert house.complaints() == ""

    house.article("labour/unpaid-wages", review=signed | {"text": text}, ru__title="Не платят")

    assert not house.load().articles["labour/unpaid-wages"].reviewed
    assert "warning: changed since Гүлнара reviewed it: have it read again" in house.complaints()


def test_a_review_is_due_again_after_a_year(house):
    text = house.load().articles["labour/unpaid-wages"].text_hash()
    review = {"state": "reviewed", "by": "Гүлнара", "on": date(2025, 11, 1), "text": text}
    house.article("labour/unpaid-wages", review=review)

    assert house.complaints(date(2026, 11, 1)) == ""
    assert "was reviewed on 2025-11-01: have it read again" in house.complaints(date(2026, 11, 2))


def test_a_sum_that_runs_out_is_told_forty_days_before(house):
    year = {"from": date(2026, 1, 1), "to": date(2026, 12, 31), "amount": 3280}
    house.rate("minimum-wage", periods=[year])

    assert house.complaints(date(2026, 11, 20)) == ""
    assert house.complaints(date(2026, 11, 23)) == (
        "rates/minimum-wage.yaml: warning: ends 2026-12-31, 38 days from now: enter the next period"
    )
    assert "no period covers 2027-01-01: enter the present" in house.complaints(date(2027, 1, 1))

    next_year = {"from": date(2027, 1, 1), "to": date(2027, 12, 31), "amount": 3500}
    house.rate("minimum-wage", periods=[year, next_year])
    assert house.complaints(date(2026, 11, 23)) == ""


def test_a_rate_names_a_contact_and_an_act_that_exist(house):
    period = {"from": date(2026, 1, 1), "amount": 3280, "act": "moon-law"}
    house.rate("minimum-wage", periods=[period], ask="contacts/900")

    assert "contact contacts/900 is unknown: correct `ask`" in house.complaints()
    assert "act moon-law is unknown" in house.complaints()


def test_a_sum_with_nobody_to_ask_does_not_stop_the_linter(house):
    house.rate("minimum-wage", periods=[], ask="contacts/900")
    steps = ["Не больше {rate:minimum-wage}.", "1229"]
    house.article("labour/unpaid-wages", ky__steps=steps, ru__steps=steps)

    assert "contact contacts/900 is unknown: correct `ask`" in house.complaints()


def test_contacts_name_needs_and_regions_that_exist(house):
    text = (house.path / "contacts.yaml").read_text(encoding="utf-8")
    text = text.replace("regions: [KG-T]", "regions: [KG-X]").replace("[taxes]", "[tax]")
    house.write("contacts.yaml", text)

    said = house.complaints()

    assert "legal-aid/manas-raion-house: region KG-X is unknown" in said
    assert "contacts/116: need tax is unknown" in said


def test_names_are_spelled_with_their_own_letters(house):
    text = (house.path / "topics.yaml").read_text(encoding="utf-8")
    house.write("topics.yaml", text.replace("Майыптык", "Mайыптык"))

    assert "topics.yaml: disability.ky holds «Mайыптык», where «M» is Latin" in house.complaints()


def test_a_broken_file_does_not_hide_the_faults_of_others(house):
    house.write("articles/labour/dismissal.yaml", "ky: [")
    house.article("labour/unpaid-wages", ky__title="А" * 61)

    said = house.complaints()

    assert f"{SECOND}: line 2: is no YAML" in said
    assert f"{FIRST}: ky.title has 61 characters" in said


def test_without_the_words_of_a_language_that_alone_is_told(house):
    (house.path / "languages.yaml").unlink()

    assert house.complaints() == "languages.yaml: is missing: put it back"
