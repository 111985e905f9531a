"""Writes what curators changed in chat back into the files of articles."""

import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap
from ruamel.yaml.scalarstring import FoldedScalarString

from knowledge.amendments import Amendments, Correction, amended, outdated
from knowledge.base import HOME, load_base
from knowledge.model import LANGUAGES, LISTS, Article

_BREAKS = ". ", "? ", "! "


@dataclass(slots=True)
class Exported:
    """What was written."""

    files: list[Path] = field(default_factory=list)
    phrasings: int = 0
    texts: int = 0
    reviews: int = 0
    left_out: list[Correction] = field(default_factory=list)  # the files say something else by now


def export(amendments: Amendments, home: Path = HOME) -> Exported:
    """Write amendments into the articles under `home`; what stands there already is left alone.

    Raises:
        KnowledgeFaulty: the articles there can't be used.
    """
    base = load_base(home)
    whole = amended(base, amendments)
    exported = Exported(left_out=outdated(base, amendments))
    for id, article in whole.articles.items():
        before = base.articles[id]
        if article == before:
            continue
        file = home / "articles" / f"{id}.yaml"
        _rewrite(file, before, article, exported)
        exported.files.append(file)
    return exported


def _rewrite(file: Path, before: Article, article: Article, exported: Exported) -> None:
    """Change what differs; the rest of the file stays to the letter."""
    yaml = YAML()
    yaml.width = 1_000_000  # sentences stay on their lines
    yaml.preserve_quotes = True
    yaml.indent(mapping=2, sequence=4, offset=2)
    document = yaml.load(file.read_text("utf-8"))
    for language, part in _texts_changed(before, article):
        lines = article.in_language(language).told()[part]
        document[language][part] = list(lines) if part in LISTS else _folded(lines[0])
        exported.texts += 1
    for language in LANGUAGES:
        known = len(before.in_language(language).phrasings)
        new = article.in_language(language).phrasings[known:]
        document[language]["phrasings"].extend(new)
        exported.phrasings += len(new)
    if article.review != before.review:
        document["review"] = _flow(article.review.model_dump(mode="python", exclude_none=True))
        exported.reviews += 1
    written = io.StringIO()
    yaml.dump(document, written)
    file.write_text(written.getvalue(), "utf-8")


def _texts_changed(before: Article, article: Article) -> Iterator[tuple[Any, str]]:
    for language in LANGUAGES:
        told, was = (one.in_language(language).told() for one in (article, before))
        yield from ((language, part) for part in told if told[part] != was[part])


def _flow(values: dict[str, Any]) -> CommentedMap:
    """Write a mapping on one line."""
    review = CommentedMap(values)
    review.fa.set_flow_style()
    return review


def _folded(text: str) -> FoldedScalarString | str:
    """Write a text of several sentences with a sentence a line."""
    places = sorted(_sentence_ends(text))
    if not places:
        return text
    folded: FoldedScalarString = FoldedScalarString(text)
    folded.fold_pos = places  # type: ignore[attr-defined]  # as the library's own reader sets it
    return folded


def _sentence_ends(text: str) -> Iterable[int]:
    for mark in _BREAKS:
        at = text.find(mark)
        while at >= 0:
            yield at + 1  # the space that becomes the end of a line
            at = text.find(mark, at + 1)
