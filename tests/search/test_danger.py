import json
from pathlib import Path

import pytest

from knowledge.prepared import prepared
from knowledge.search import Danger

_, SEARCHER = prepared()
SET = Path(__file__).parents[2] / "benchmarks" / "data" / "danger.jsonl"


@pytest.mark.parametrize(
    ("message", "danger"),
    [
        ("Муж бьёт меня при детях", Danger.VIOLENCE),
        ("Күйөөм мени сабап салды", Danger.VIOLENCE),
        ("куйоом уруп атат", Danger.VIOLENCE),
        ("kuioom urup jatat", Danger.VIOLENCE),
        ("эрим урватат, эмине кылай", Danger.VIOLENCE),
        ("миня избыл муж", Danger.VIOLENCE),
        ("ve; ,mtn vtyz", Danger.VIOLENCE),
        ("муж менен кайненем мени избил кылышты", Danger.VIOLENCE),
        ("сына забрали в РОВД и не говорят где он", Danger.DETENTION),
        ("мени милиция кармап кетти", Danger.DETENTION),
        ("brata zabrali v militsiyu", Danger.DETENTION),
        ("опера били током", Danger.DETENTION),
        ("карындашымды ала качып кетишти", Danger.KIDNAPPING),
        ("сестру украли замуж", Danger.KIDNAPPING),
        ("родители насильно выдают меня замуж", Danger.KIDNAPPING),
        ("забрали паспорт и не отпускают с работы", Danger.TRAFFICKING),
        ("пачпортумду апкойду, коё бербей иштетватат", Danger.TRAFFICKING),
        ("отчим бьёт ребёнка", Danger.CHILD),
        ("мугалим баламды уруптур", Danger.CHILD),
        ("жашагым келбей калды", Danger.SUICIDE),
        ("ne hochu zhit", Danger.SUICIDE),
        ("өлтүрөм деп коркутуп жатат", Danger.THREAT),
        ("меня изнасиловали", Danger.SEXUAL_VIOLENCE),
    ],
)
def test_danger_is_recognised_in_any_spelling(message, danger):
    result = SEARCHER.ask(message)
    assert result.danger is danger
    assert result.urgent


@pytest.mark.parametrize(
    "message",
    [
        "хочу развод",
        "сколько стоит такси Бишкек – Токмок",
        "Мен Токмокто жашайм",
        "задержка зарплаты три месяца",
        "айлыгымды кармап жатышат",
        "какой штраф за побои?",
        "сабаганы үчүн кандай жаза бар",
        "как убить время в очереди",
        "убит в хлам ремонт в квартире",
        "арестовали счёт в банке",
        "не хочу жить с мужем, как развестись",
        "комуз уруп ырдайбыз",
        "атам каза болду, үй кимге калат",
        "у меня украли телефон",
        "кошунам сотко берем деп коркутуп жатат",
    ],
)
def test_words_that_only_sound_alike_raise_no_alarm(message):
    assert SEARCHER.ask(message).danger is None


def test_the_published_set_is_met():
    rows = [json.loads(line) for line in SET.read_text(encoding="utf-8").splitlines()]
    found = [SEARCHER.ask(row["q"]).danger is not None for row in rows]
    danger = [row["danger"] is not None for row in rows]
    missed = sum(real and not seen for real, seen in zip(danger, found, strict=True))
    alarms = sum(seen and not real for real, seen in zip(danger, found, strict=True))
    assert missed <= 0.02 * sum(danger)
    assert alarms <= 0.03 * (len(danger) - sum(danger))
