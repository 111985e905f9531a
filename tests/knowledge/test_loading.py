"""Files become models, or are refused with a line that says why."""

import re
from datetime import date

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from knowledge.base import load_yaml
from knowledge.faults import KnowledgeFaulty

PLAIN = (dict, list, set, str, bytes, int, float, date, type(None))
PLACE = "articles/labour/unpaid-wages.yaml"


def refusal(house) -> str:
    with pytest.raises(KnowledgeFaulty) as caught:
        house.load()
    return str(caught.value).replace(f"{house.path}/", "")


def test_the_published_base_loads_whole(base):
    assert len(base.topics) == 14
    assert {article.topic for article in base.articles.values()} <= base.topics.keys()
    assert len(base.regions) == 9
    assert base.contacts["contacts/112"].ky.name
    assert base.rates["calculation-index"].periods
    assert base.acts["labour-code"].number == "23"


def test_an_article_is_found_by_its_id_and_its_aliases(house):
    house.article("courts/legal-fact", aliases=["documents/fact-through-court"])
    base = house.load()

    assert base.article("courts/legal-fact") is base.articles["courts/legal-fact"]
    assert base.article("documents/fact-through-court") is base.articles["courts/legal-fact"]
    assert base.article("documents/moon") is None
    assert list(base.articles) == ["labour/unpaid-wages", "courts/legal-fact"]  # topics' order


def test_related_articles_leave_out_what_is_not_written_and_what_comes_twice(house):
    house.article("courts/legal-fact", aliases=["documents/fact-through-court"])
    others = ["courts/legal-fact", "documents/fact-through-court", "labour/moon"]
    house.article("labour/unpaid-wages", related=others)
    base = house.load()

    found = base.related(base.articles["labour/unpaid-wages"])

    assert [article.id for article in found] == ["courts/legal-fact"]


def test_articles_are_listed_by_topic_and_by_act(house):
    house.article("courts/legal-fact", law=[{"act": "family-code", "fact": "0,25 %; 50"}])
    base = house.load()

    assert [article.id for article in base.on_topic("courts")] == ["courts/legal-fact"]
    assert [article.id for article in base.resting_on("labour-code")] == ["labour/unpaid-wages"]


def test_help_in_the_region_comes_first_and_that_of_other_regions_not_at_all(base):
    near = [contact.id for contact in base.help_for("legal-aid", "KG-B")]

    assert near[0] == "legal-aid/batken-house"
    assert "contacts/minjust" in near
    assert "legal-aid/sokuluk-center" not in near
    assert "legal-aid/sokuluk-center" in [c.id for c in base.help_for("legal-aid")]


def test_every_need_has_somebody_to_call_anywhere(base):
    for need in base.needs:
        assert [contact for contact in base.help_for(need, "KG-N") if contact.phones], need


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"moon": ["А"]}, "`moon` is no key of this format: remove it, or see docs/articles.md"),
        ({"ky__stepps": ["А"]}, "`ky.stepps` is no key of this format: did you mean `steps`?"),
        ({"ky__steps": []}, "`ky.steps` is empty: add at least one"),
        ({"ky__steps": "Чалыңыз."}, "`ky.steps` is not a list: write it as [ … ]"),
        ({"ky__steps": [{"Кат": "жазыңыз"}]}, "`ky.steps[0]` is not one sentence: put it in quot"),
        ({"ky__steps": [112]}, '`ky.steps[0]` is not a text: put it in quotes: "112"'),
        ({"ky__answer": None}, "`ky.answer` is empty: fill it in"),
        ({"ky__answer": "  "}, "`ky.answer` is empty: fill it in"),
        ({"aliases": ["Эмгек"]}, "`aliases[0]` is «Эмгек»: write it like labour/unpaid-wages"),
        ({"law": [{"fact": "Да."}]}, "`law[0]` names neither an act nor a source: say what"),
        (
            {"law": [{"source": "https://24.kg/1", "article": "ст. 1", "fact": "Да."}]},
            "`law[0]` names an article but no act: add the act's id",
        ),
        (
            {"law": [{"source": "24.kg/1", "fact": "Да."}]},
            "`law[0].source` is not a whole link: write it with http(s)://",
        ),
        (
            {"law": [{"act": "labour-code", "fact": "Да.", "as_of": "вчера"}]},
            "`law[0].as_of` is «вчера»: write it like 2025-07-10, 2025-07 or 2025",
        ),
        (
            {"law": [{"act": "labour-code", "fact": "Да.", "as_of": "2025-13"}]},
            "`law[0].as_of` month must be in 1..12: correct it",
        ),
        ({"review": {"state": "reviewed"}}, "`review` is reviewed, but lacks `by`, `on` or `text`"),
        ({"review": {"state": "fine"}}, "`review.state` is «fine»: input should be 'draft' or"),
        ({"urgent": "maybe"}, "`urgent` is «maybe»: input should be a valid boolean"),
    ],
)
def test_a_file_against_the_format_is_refused(house, changes: dict[str, object], complaint: str):
    house.article("labour/unpaid-wages", **changes)

    said = refusal(house)

    assert complaint in said
    assert said.startswith(f"{PLACE}: ")
    assert "\n" not in said


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("ky: [", "line 2: is no YAML"),
        ("urgent: true\nurgent: false", "line 2: is no YAML (the key `urgent` stands twice)"),
        ("? [a]\n: b", "line 1: is no YAML (a key is not a single word)"),
        ("review: {on: 2026-02-30}", "is no YAML (day is out of range for month)"),
        ("- ky", "does not begin with `key: value`"),
        ("", "does not begin with `key: value`"),
        ("urgent: false", "`ky` is missing: add it"),
    ],
)
def test_what_is_no_article_is_refused(house, content: str, complaint: str):
    house.write(PLACE, content)

    assert f"{PLACE}: {complaint}" in refusal(house)


def test_a_file_in_another_encoding_is_refused(house):
    (house.path / PLACE).write_bytes("ru: да".encode("cp1251"))

    assert refusal(house) == f"{PLACE}: is not UTF-8: save it as UTF-8"


def test_an_alias_has_one_owner(house):
    house.article("labour/unpaid-wages", aliases=["labour/money"])
    house.article("labour/dismissal", aliases=["labour/money", "labour/unpaid-wages"])

    said = refusal(house)

    assert "unpaid-wages.yaml: alias labour/money belongs to labour/dismissal" in said
    assert "dismissal.yaml: alias labour/unpaid-wages belongs to labour/unpaid-wages" in said


def test_all_faults_of_all_files_are_told_at_once(house):
    house.article("labour/unpaid-wages", urgent="maybe", related=["Где"])
    house.write("rates/moon.yaml", "ru: Луна\nky: Ай\nunit: som\nperiods: 5")

    assert len(refusal(house).splitlines()) == 3


def test_two_sums_for_one_day_are_refused(house):
    first = {"from": date(2026, 1, 1), "to": date(2026, 12, 31), "amount": 1}
    house.rate("wage", periods=[first, first | {"from": date(2026, 12, 31)}])

    assert "rates/wage.yaml: has two sums for 2026-12-31: let the earlier period" in refusal(house)


def test_a_period_that_ends_before_it_starts_is_refused(house):
    house.rate("wage", periods=[{"from": date(2026, 2, 1), "to": date(2026, 1, 1), "amount": 1}])

    assert "`periods[0]` ends 2026-01-01, before it starts" in refusal(house)


def test_nothing_in_the_base_can_be_changed(base):
    article = next(iter(base.articles.values()))

    with pytest.raises(ValueError, match="frozen"):
        article.urgent = True


@pytest.mark.parametrize("part", ["title", "answer", "steps", "mistakes"])
@pytest.mark.parametrize("language", ["ky", "ru"])
def test_the_fingerprint_covers_every_wording(house, language: str, part: str):
    before = house.load().articles["labour/unpaid-wages"].text_hash()
    new = "Башкача" if part in ("title", "answer") else ["Башкача"]

    house.article("labour/unpaid-wages", **{f"{language}__{part}": new})

    assert house.load().articles["labour/unpaid-wages"].text_hash() != before


def test_the_fingerprint_is_that_of_the_text_and_not_of_its_phrasings_or_line_breaks(house):
    before = house.load().articles["labour/unpaid-wages"]

    answer = before.ru.answer.replace(". ", ".\n   ")
    house.article("labour/unpaid-wages", ru__answer=answer, ru__phrasings=["где мои деньги"])

    after = house.load().articles["labour/unpaid-wages"]
    assert after.text_hash() == before.text_hash()
    assert re.fullmatch("[0-9a-f]{16}", after.text_hash())


def test_letters_of_two_parts_become_one(house):
    house.article("labour/unpaid-wages", ru__title="Чей это долг?")

    assert house.load().articles["labour/unpaid-wages"].ru.title == "Чей это долг?"


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_any_bytes_are_plain_data_or_refused(content: bytes):
    try:
        loaded = load_yaml(content)
    except (yaml.YAMLError, ValueError):
        return
    assert isinstance(loaded, PLAIN)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=9) | st.dates(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(max_size=9), inner),
    )
)
def test_what_is_written_is_read(content: object):
    written = yaml.safe_dump(content, allow_unicode=True).encode()

    assert load_yaml(written) == yaml.safe_load(written)
