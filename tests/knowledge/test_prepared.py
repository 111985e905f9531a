"""The search is kept ready between starts, and never of other articles than today's."""

from pathlib import Path

from knowledge import prepared as module
from knowledge.prepared import prepared

QUESTION = "как развестись если есть дети"


def test_what_is_kept_finds_the_same(tmp_path: Path) -> None:
    file = tmp_path / "kept"
    base, built = prepared(file)
    written = file.stat().st_mtime_ns
    again, read = prepared(file)
    assert file.stat().st_mtime_ns == written, "it was read, not made anew"
    assert again.articles == base.articles
    assert read.ask(QUESTION) == built.ask(QUESTION)


def test_what_is_damaged_or_of_other_articles_is_made_anew(tmp_path: Path) -> None:
    file = tmp_path / "kept"
    prepared(file)
    whole = file.read_bytes()
    for damaged in (b"", whole[:40], whole[:-100], b"x" + whole[1:]):
        file.write_bytes(damaged)
        _, searcher = prepared(file)
        assert searcher.ask(QUESTION).ids
        assert file.read_bytes()[:32] == whole[:32]


def test_a_folder_that_cannot_be_written_to_is_no_trouble() -> None:
    _, searcher = prepared(Path("/proc/nowhere/kept"))
    assert searcher.ask(QUESTION).ids
    assert module.FILE.parent.name == "__pycache__"
