"""A small knowledge base of one good article, which tests spoil one thing at a time."""

import copy
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from knowledge.base import HOME, Base, load_base
from knowledge.check import check
from knowledge.faults import Fault

ASKED_IN = {
    "ky": ("айлык бербейт", "акчамды бере элек", "жумушта алдап кетти"),
    "ru": ("не дают зарплату", "задолжали за работу", "обманул хозяин"),
}


def ways_to_ask(language: str) -> list[str]:
    return [f"{way} {word}" for way in ASKED_IN[language] for word in "абвгдеж"]


GOOD: dict[str, Any] = {
    "law": [
        {
            "act": "labour-code",
            "article": "ст. 94, ч. 4",
            "fact": "За задержку доплачивают 0,25 % от долга в день; штраф 50 показателей.",
            "as_of": date(2025, 7, 10),
        }
    ],
    "contacts": ["contacts/1229"],
    "review": {"state": "draft"},
    "ky": {
        "title": "Айлыгымды бербей жатышат",
        "answer": "Ар бир күн үчүн 0,25 % кошуп төлөөгө тийиш. Айып — {units:50}.",
        "steps": ["Кат жүзүндө талап кылыңыз.", "1229 номерине чалыңыз."],
        "phrasings": ways_to_ask("ky"),
    },
    "ru": {
        "title": "Мне не платят зарплату",
        "answer": "За каждый день должны доплатить 0,25 %. Штраф — {units:50}.",
        "steps": ["Потребуйте деньги письменно.", "Позвоните по номеру 1229."],
        "phrasings": ways_to_ask("ru"),
    },
}


class House:
    """The files of a knowledge base in a folder of its own."""

    def __init__(self, path: Path) -> None:
        self.path = path
        for name in ("languages", "topics", "acts", "contacts", "regions"):
            shutil.copy(HOME / f"{name}.yaml", path)
        (path / "rates").mkdir()
        self.rate("calculation-index", periods=[{"from": date(2020, 1, 1), "amount": 100}])
        self.article("labour/unpaid-wages")

    def article(self, id: str, **changes: Any) -> None:
        """Write the good article under an id; `ky__title="…"` changes a key inside a language."""
        content = copy.deepcopy(GOOD)
        for key, value in changes.items():
            *outer, last = key.split("__")
            place = content
            for step in outer:
                place = place[step]
            place[last] = value
        self.write(f"articles/{id}.yaml", yaml.safe_dump(content, allow_unicode=True))

    def rate(self, name: str, *, periods: list[dict[str, Any]], **keys: Any) -> None:
        dated = [{"source": "https://24.kg/1", "as_of": 2026} | period for period in periods]
        content = {"ru": "Выплата", "ky": "Төлөм", "unit": "som", "periods": dated} | keys
        self.write(f"rates/{name}.yaml", yaml.safe_dump(content, allow_unicode=True))

    def write(self, file: str, content: str) -> None:
        path = self.path / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")

    def load(self) -> Base:
        return load_base(self.path)

    def faults(self, day: date = date(2026, 11, 23), *, strict: bool = False) -> list[Fault]:
        return check(self.path, day=day, strict=strict)

    def complaints(self, day: date = date(2026, 11, 23), *, strict: bool = False) -> str:
        """Return what the linter says, without the folder's name."""
        told = "\n".join(map(str, self.faults(day, strict=strict)))
        return told.replace(f"{self.path}/", "")


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path)


@pytest.fixture(scope="session")
def base() -> Base:
    """The knowledge base as it is published."""
    return load_base()


@pytest.fixture
def spoiled(house: House) -> Callable[..., str]:
    """Change the good article, and return what the linter says of it."""

    def spoil(id: str = "labour/unpaid-wages", **changes: Any) -> str:
        house.article(id, **changes)
        return house.complaints()

    return spoil
