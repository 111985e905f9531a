"""How easily a text is read: long sentences, long words, the language of offices.

Russian is measured by the reading ease of Flesch with the weights of Oborneva (2005) for Russian:
0 to 100, the higher the easier. No such weights are known for Kyrgyz, so its measure is built like
Björnsson's LIX (1968), words a sentence and the share of long words, the lower the easier. Kyrgyz
words grow by endings: long is what has five syllables or more, not seven letters as in Swedish.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import NamedTuple

from knowledge import render
from knowledge.base import Base
from knowledge.checks import Remark, listed, told
from knowledge.faults import Level
from knowledge.model import LANGUAGES, Article, Language

GOOD_SENTENCE, LONGEST_SENTENCE = 25, 45  # words; what the plain language guide of GOV.UK asks for
GOOD_FLESCH, WORST_FLESCH = 45, 25  # the articles lie between 38 and 73, half of them above 57
GOOD_LIX, WORST_LIX = 16, 30  # the articles lie between 8 and 20, half of them under 12
_LONG_WORD = 5  # syllables

_SENTENCE = re.compile(r"(?<=[.!?…])\s+(?=[«A-ZА-ЯЁӨҮҢ\d])|;\s+")
_WORD = re.compile(r"\d{1,3}(?: \d{3})+(?!\d)|[^\W_]+(?:[-.,][^\W_]+)*")
_VOWELS: Mapping[Language, re.Pattern[str]] = {
    "ru": re.compile(r"[аеёиоуыэюя]", re.IGNORECASE),
    "ky": re.compile(r"[аоуыеэиөүяёю]+", re.IGNORECASE),
}
_OFFICIALESE: Mapping[Language, tuple[tuple[re.Pattern[str], str], ...]] = {
    "ru": tuple(
        (re.compile(rf"(?i)(?<!\w)(?:{pattern})(?!\w)"), cure)
        for pattern, cure in (
            (r"осуществл\w+", "say who does what: «делает», «ведёт»"),
            (r"в целях", "write «чтобы»"),
            (r"в соответствии с", "write «по»"),
            (r"данн(?:ый|ого|ому|ом|ая|ой|ую|ое)", "write «этот»"),
            (r"явля(?:ется|ются)", "leave it out, or write «это»"),
            (r"(?:выше|ниже)(?:указанн|следующ|изложенн)\w+", "name the thing"),
            (r"надлежащ\w+", "say what is right"),
            (r"в (?:установленн|предусмотренн)\w+ (?:\w+ )?порядке", "say how, or leave it out"),
            (r"производ(?:ится|ятся)", "say who does it"),
            (r"посредством|путём", "write «через», or use a verb"),
            (r"(?:\w{3,}ни(?:е|я|ю|ем|и|й) ){2}\w{3,}ни[еяюий]\w?", "use verbs for nouns in -ние"),
        )
    ),
    "ky": tuple(
        (re.compile(rf"(?i)(?<!\w)(?:{pattern})(?!\w)"), cure)
        for pattern, cure in (
            (r"болуп (?:саналат|эсептелет)\w*", "leave it out, or write «бул —»"),
            (r"жүзөгө ашыр\w+", "say who does what"),
            (r"максатында", "write «үчүн»"),
            (r"ылайык[^.!?]{1,60} ылайык", "make two sentences, or write «боюнча»"),
            (r"белгиленген тартипте", "say how, or leave it out"),
            (r"(?:жогоруда|төмөндө) (?:көрсөтүлгөн|аталган)\w*", "name the thing"),
            (r"тарабынан", "say who does it: «сот чечет», not «сот тарабынан чечилет»"),
        )
    ),
}


class Ease(NamedTuple):
    """What is counted in a text."""

    sentences: int
    words: int
    syllables: int
    long_words: int

    @property
    def flesch(self) -> float:
        """Reading ease by Flesch and Oborneva."""
        return 206.835 - 1.3 * self.words / self.sentences - 60.1 * self.syllables / self.words

    @property
    def lix(self) -> float:
        """Words a sentence and long words in a hundred."""
        return self.words / self.sentences + 100 * self.long_words / self.words


def sentences(text: str) -> list[list[str]]:
    """Split a text into its sentences' words."""
    parts = _SENTENCE.split(render.PLACEHOLDER.sub("0", text))
    return [words for part in parts if (words := _WORD.findall(part))]


def measured(texts: list[str], language: Language) -> Ease | None:
    """Count sentences, words and syllables."""
    told_in = [words for text in texts for words in sentences(text)]
    syllables = [
        max(1, len(_VOWELS[language].findall(word))) for words in told_in for word in words
    ]
    if not syllables:
        return None
    long_words = sum(count >= _LONG_WORD for count in syllables)
    return Ease(len(told_in), len(syllables), sum(syllables), long_words)


def long_sentences(article: Article, base: Base, day: date) -> Iterator[Remark]:
    """No sentence is too long to be kept in mind."""
    for line in told(article):
        if (most := max(map(len, sentences(line.text)), default=0)) > GOOD_SENTENCE:
            what = f"{line.place} has a sentence of {most} words"
            level: Level = "error" if most > LONGEST_SENTENCE else "note"
            yield Remark(what, "make two of it", level)


def officialese(article: Article, base: Base, day: date) -> Iterator[Remark]:
    """Texts speak as people do, not as offices write."""
    for line in told(article):
        for pattern, cure in _OFFICIALESE[line.language]:
            if found := {match[0] for match in pattern.finditer(line.text)}:
                what = f"{line.place} speaks like an office («{listed(found)}»)"
                yield Remark(what, cure, "note")


def ease(article: Article, base: Base, day: date) -> Iterator[Remark]:
    """The whole article is easy to read in each language."""
    for language in LANGUAGES:
        lines = [line for line in told(article) if line.language == language]
        counted = measured([line.text for line in lines if line.part != "title"], language)
        if counted is None:
            continue
        if language == "ru":
            hard, worst = counted.flesch < GOOD_FLESCH, counted.flesch < WORST_FLESCH
            what = f"ru is hard to read: {counted.flesch:.0f} by Flesch, {GOOD_FLESCH} is good"
        else:
            hard, worst = counted.lix > GOOD_LIX, counted.lix > WORST_LIX
            what = f"ky is hard to read: {counted.lix:.0f} by LIX, {GOOD_LIX} is good"
        if hard:
            cure = "write shorter sentences and shorter words"
            yield Remark(what, cure, "error" if worst else "note")
