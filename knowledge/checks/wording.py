"""The lines people read: plain text, sums by name, letters of the right alphabet."""

import re
from collections.abc import Iterator
from datetime import date

from knowledge import render
from knowledge.base import Base
from knowledge.checks import Remark, listed, told
from knowledge.model import LANGUAGES, Article

_WORD = re.compile(r"[^\W\d_]+")
_LATIN = re.compile(r"[A-Za-z]")
_CYRILLIC = re.compile(r"[\u0400-\u04ff]")
_INVISIBLE = re.compile(r"[\u00ad\u200b-\u200f\u2028-\u202e\u2060\ufeff]")
_GLUED = re.compile(r"\{[a-z]+:[^}]*\}-?\w|\w\{[a-z]+:")
_NOT_PLAIN = (
    (re.compile(r"</?[a-z]+>|\*\*|__|`|\]\("), "holds markup", "write plain text"),
    (re.compile("://"), "holds a link", "put it under `law` as a source, or into contacts.yaml"),
    (re.compile('"'), "has straight quotes", "write «…»"),
    (
        re.compile(r"\d (расч[её]тн\w+ показател|эсептик көрсөткүч)"),
        "counts расчётные показатели by hand",
        "write {units:50}: the soms come along",
    ),
)


def plain(article: Article, base: Base, day: date) -> Iterator[Remark]:
    """Texts hold no markup and no links, and sums that change only by their names."""
    for line in told(article):
        for pattern, what, cure in _NOT_PLAIN:
            if pattern.search(line.text):
                yield Remark(f"{line.place} {what}", cure)
        for name in render.sums_named(line.text):
            if not render.known(name, base):
                yield Remark(f"{line.place} names {name}", "add its file to rates/, or correct it")
        if re.search(r"[{}]", render.PLACEHOLDER.sub("", line.text)):
            yield Remark(f"{line.place} has a brace", "write {units:50} or {rate:minimum-wage}")
        if _GLUED.search(line.text):
            cure = "leave a space, and build the sentence so that the sum needs no ending"
            yield Remark(f"{line.place} has letters glued to a sum", cure)


def letters(article: Article, base: Base, day: date) -> Iterator[Remark]:
    """Words are of one alphabet, and of the letters that their language has."""
    for line in told(article):
        for what, cure in misspelled(line.text, base.languages[line.language].letters):
            yield Remark(f"{line.place} {what}", cure)
    for language in LANGUAGES:
        for way in article.in_language(language).phrasings:
            for what, cure in _mixed(way):
                yield Remark(f"{language}.phrasings {what}", cure)


def misspelled(text: str, alphabet: str) -> Iterator[tuple[str, str]]:
    """Find letters that only look right: Latin ones in Cyrillic words, those of other languages."""
    yield from _mixed(text)
    if _INVISIBLE.search(text):
        yield "holds an invisible character", "type the line anew"
    if foreign := set(_CYRILLIC.findall(text.lower())) - set(alphabet):
        yield f"holds «{listed(foreign)}», no letter of the language", "type the word anew"


def _mixed(text: str) -> Iterator[tuple[str, str]]:
    for word in _WORD.findall(text):
        if _LATIN.search(word) and _CYRILLIC.search(word):
            latin = listed(set(_LATIN.findall(word)))
            yield f"holds «{word}», where «{latin}» is Latin", "type the word anew"
