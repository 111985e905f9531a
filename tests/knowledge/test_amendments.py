"""What curators changed in chat is laid over the files, and written back into them."""

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from knowledge.amendments import Amendments, Correction, amended, outdated, without
from knowledge.base import HOME, load_base
from knowledge.export import export
from knowledge.model import Review

WAGES, DIVORCE = "labour/unpaid-wages", "family/divorce"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the whole base."""
    copied = tmp_path / "knowledge"
    shutil.copytree(HOME, copied, ignore=shutil.ignore_patterns("__pycache__", "*.py"))
    return copied


def corrected(folder: Path, part: str, change: Callable[[str], str]) -> Correction:
    """A correction of both languages of the article on wages."""
    article = load_base(folder).articles[WAGES]
    before = {code: article.in_language(code).told()[part] for code in ("ky", "ru")}
    after = {code: tuple(map(change, lines)) for code, lines in before.items()}
    return Correction(WAGES, part, before, after)


def review_of(folder: Path, id: str) -> Review:
    read = load_base(folder).articles[id].text_hash()
    return Review(state="reviewed", by="Проба Тестова", on=date(2026, 12, 1), text=read)


def test_all_that_was_changed_reads_the_same_from_the_files(folder: Path) -> None:
    amendments = Amendments(
        phrasings=(
            (WAGES, "ru", "хозяин: завтра, завтра — и нету"),
            (WAGES, "ky", "эртең дейт, акча жок"),
        ),
        corrections=(
            corrected(folder, "title", lambda line: line + "!"),
            corrected(folder, "answer", lambda line: line + " Бул: «сыноо»."),
            corrected(folder, "mistakes", lambda line: line.replace(".", " — вот так.")),
        ),
        reviews={DIVORCE: review_of(folder, DIVORCE)},
    )
    expected = amended(load_base(folder), amendments)
    done = export(amendments, folder)
    assert load_base(folder).articles == expected.articles
    assert (done.phrasings, done.texts, done.reviews, len(done.files)) == (2, 6, 1, 2)
    assert load_base(folder).articles[DIVORCE].reviewed
    assert export(amendments, folder).files == [], "the second time nothing is left to write"


def test_only_what_differs_is_written(folder: Path) -> None:
    file = folder / "articles" / f"{WAGES}.yaml"
    before = file.read_text("utf-8").splitlines()
    export(Amendments(phrasings=((WAGES, "ru", "не отдают честно заработанное"),)), folder)
    after = file.read_text("utf-8").splitlines()
    assert [line for line in after if line not in before] == ["    - не отдают честно заработанное"]
    assert len(after) == len(before) + 1


def test_a_correction_of_a_text_that_the_files_changed_is_left_out_and_told(folder: Path) -> None:
    correction = corrected(folder, "title", lambda line: line + "!")
    file = folder / "articles" / f"{WAGES}.yaml"
    text = file.read_text("utf-8")
    title = load_base(folder).articles[WAGES].ru.title
    file.write_text(text.replace(f"title: {title}", "title: Совсем другой заголовок"), "utf-8")
    base, amendments = load_base(folder), Amendments(corrections=(correction,))
    assert amended(base, amendments).articles == base.articles
    assert outdated(base, amendments) == [correction]
    assert export(amendments, folder).left_out == [correction]


def test_a_later_correction_builds_on_an_earlier_one(folder: Path) -> None:
    first = corrected(folder, "title", lambda line: line + "!")
    second = Correction(
        WAGES, "title", first.after, {"ky": ("Айлык жок",), "ru": ("Нет зарплаты",)}
    )
    amendments = Amendments(corrections=(first, second))
    assert amended(load_base(folder), amendments).articles[WAGES].ru.title == "Нет зарплаты"
    assert outdated(load_base(folder), amendments) == []
    export(amendments, folder)
    assert load_base(folder).articles[WAGES].ru.title == "Нет зарплаты"


def test_a_correction_ends_a_review(folder: Path) -> None:
    amendments = Amendments(
        corrections=(corrected(folder, "title", lambda line: line + "!"),),
        reviews={WAGES: review_of(folder, WAGES)},
    )
    assert amended(load_base(folder), amendments).articles[WAGES].review_lapsed


def test_a_withdrawn_article_is_in_no_list(folder: Path) -> None:
    base = without(load_base(folder), {WAGES})
    assert base.article(WAGES) is None
    assert all(article.id != WAGES for article in base.on_topic("labour"))
