"""`python -m knowledge`, as a person and a program run it."""

import io
import json
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.__main__ import _question, main
from knowledge.base import load_base
from knowledge.evaluate import Question, evaluate, read_questions
from knowledge.faults import Fault


@pytest.fixture
def type_in(monkeypatch):
    """Put bytes on standard input."""

    def type_in(content: bytes) -> None:
        monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(content)))

    return type_in


def test_check_tells_of_the_files_asked_for_and_counts_the_faults(capsys):
    assert main(["check", "--day", "2026-11-23", "knowledge/rates/minimum-wage.yaml"]) == 0

    told = capsys.readouterr()
    assert told.out == (
        "knowledge/rates/minimum-wage.yaml: warning: "
        "ends 2026-12-31, 38 days from now: enter the next period\n"
    )
    assert told.err == "0 errors, 1 warnings, 0 notes\n"


def test_check_fails_on_an_error(monkeypatch, capsys):
    fault = Fault(Path("knowledge/acts.yaml"), "`moon.ky` is missing", "add it")
    monkeypatch.setattr("knowledge.check.check", lambda **_: [fault])

    assert main(["check"]) == 1
    assert capsys.readouterr().out == "knowledge/acts.yaml: `moon.ky` is missing: add it\n"


def test_search_answers_line_by_line(type_in, capsys):
    type_in('айлыгымды бербей жатат\n{"q": "не платят зарплату"}\n\n'.encode() + b"\xff\n")

    assert main(["search", "--jsonl"]) == 0

    answers = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [answer["q"] for answer in answers] == [
        "айлыгымды бербей жатат",
        "не платят зарплату",
        "",
        "\N{REPLACEMENT CHARACTER}",
    ]
    assert [answer["ids"][:1] for answer in answers[:3]] == [
        ["labour/unpaid-wages"],
        ["labour/unpaid-wages"],
        [],
    ]
    assert [answer["language"] for answer in answers[:2]] == ["ky", "ru"]
    keys = {"q", "ids", "confidence", "sure", "urgent", "language"}
    assert all(answer.keys() == keys for answer in answers)


def test_search_without_json_shows_titles(type_in, capsys):
    type_in("не платят зарплату\n".encode())

    main(["search"])

    assert load_base().articles["labour/unpaid-wages"].ru.title in capsys.readouterr().out


def test_acts_lists_what_rests_on_an_act(capsys):
    assert main(["acts", "labour-code"]) == 0
    assert "labour/unpaid-wages: ст. 94" in capsys.readouterr().out

    assert main(["acts", "moon-law"]) == 1
    assert capsys.readouterr().err == "act moon-law is not in acts.yaml\n"


def test_review_hash_prints_what_a_review_holds(capsys):
    assert main(["review-hash", "labour/unpaid-wages"]) == 0
    text = load_base().articles["labour/unpaid-wages"].text_hash()
    assert capsys.readouterr().out == f"{text}\n"

    assert main(["review-hash", "labour/moon"]) == 1
    assert capsys.readouterr().err == "there is no article labour/moon\n"


def test_evaluate_measures_the_search(tmp_path, capsys):
    questions = tmp_path / "questions.jsonl"
    questions.write_text(
        '{"q": "не платят зарплату", "ids": ["labour/unpaid-wages"], "style": "plain"}\n',
        encoding="utf-8",
    )

    assert main(["evaluate", str(questions)]) == 0

    assert capsys.readouterr().out.splitlines() == [
        "all: 1 questions, recall@1 1.000, recall@3 1.000, MRR 1.000",
        "style plain: 1 questions, recall@1 1.000, recall@3 1.000, MRR 1.000",
    ]


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("что?", 'line 2 is not {"q": …, "ids": […]}'),
        ('{"q": "что?"}', 'line 2 is not {"q": …, "ids": […]}'),
        ('{"q": "что?", "ids": ["moon/moon"]}', "line 2 names moon/moon, which is not written"),
    ],
)
def test_evaluate_refuses_a_wrong_line(tmp_path, capsys, line: str, complaint: str):
    questions = tmp_path / "questions.jsonl"
    questions.write_text(f"\n{line}\n", encoding="utf-8")

    assert main(["evaluate", str(questions)]) == 1
    assert capsys.readouterr().err == f"{questions}: {complaint}\n"


def test_measures_count_places_and_refusals():
    found = {
        "first": ["a", "b"],
        "third": ["b", "c", "a"],
        "never": ["b"],
        "no": [],
        "match": ["a"],
    }
    questions = [
        Question("first", frozenset({"a"}), ("style plain",)),
        Question("third", frozenset({"a"})),
        Question("never", frozenset({"a"})),
        Question("no", frozenset()),
        Question("match", frozenset()),
    ]

    everything, plain = evaluate(questions, found.__getitem__)

    assert everything.recall(1) == pytest.approx(1 / 3)
    assert everything.recall(3) == pytest.approx(2 / 3)
    assert everything.mrr == pytest.approx((1 + 1 / 3) / 3)
    assert everything.refusals == 0.5
    assert str(plain) == "style plain: 1 questions, recall@1 1.000, recall@3 1.000, MRR 1.000"


def test_an_alias_counts_as_its_article(house):
    house.article("courts/legal-fact", aliases=["documents/fact-through-court"])
    house.write("questions.jsonl", '{"q": "факт", "ids": ["documents/fact-through-court"]}')

    (question,) = read_questions(house.path / "questions.jsonl", house.load())

    assert question.ids == {"courts/legal-fact"}


@given(st.text() | st.text().map(lambda text: json.dumps({"q": text})))
def test_every_line_is_a_question(line: str):
    assert isinstance(_question(line), str)


@pytest.mark.parametrize("line", ['{"q": 5}', "{", '{"a": ' * 5000, "[1]", '["q"]'])
def test_what_is_no_question_object_is_plain_text(line: str):
    assert _question(line) == line
