"""How like two names are, as people of Kyrgyzstan write them.

Асанов Бакыт Эркинович, Bakyt Asanov, Асан уулу Бакыт and АСАНОВ Б.Э. may all be one person; ОсОО «Ромашка»
and ООО Romashka are one firm. Both scripts become one rough Latin spelling; endings tell what a word is.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from functools import cache
from itertools import product

from rapidfuzz.distance import OSA

LIKELY = 88  # of 100: from here on it may be the same person or firm
DIFFERENT = 70  # of 100: below this, two words are two different names
SHORTENED, UNMARKED, INITIAL = 90, 90, 82  # likeness of what fits without being the same word

_LATIN = str.maketrans(
    {
        **dict(
            zip("абвгдезийклмнопрстуфхыэөүңёқғҳў", "abvgdeziiklmnoprstufhieounekgho", strict=True)
        ),
        **{"ж": "j", "ц": "ts", "ч": "c", "ш": "w", "щ": "w", "ю": "iu", "я": "ia"},
        **dict.fromkeys("ъь'’ʼ`ʻ", ""),
    }
)
# Sounds that Latin letters write in several ways, as one letter. The longest come first.
_SOUNDS = [
    (re.compile(pattern), sound)
    for pattern, sound in (
        (r"dzh|dj|zh", "j"),
        (r"shch|sch|sh", "w"),
        (r"ch", "c"),
        (r"kh", "h"),
        (r"gh", "g"),
        (r"q", "k"),
        (r"x", "ks"),
        (r"(?<=[aeiou])ye|^ye", "e"),
        (r"iye", "ie"),
        (r"y", "i"),
    )
]
_IN_LATIN = re.compile(r"[a-z]")
_TWICE = re.compile(r"(.)\1+")
_BETWEEN = re.compile(r"[,;/\n+&]|\s(?:и|жана|менен|and)\s", re.IGNORECASE)
_QUOTED = re.compile(r"[«“„\"]([^»”“\"]+)[»”“\"]")
_WORD = re.compile(r"[^\W\d_]+")


def rough(word: str) -> str:
    """A word in one rough spelling for both scripts."""
    written = unicodedata.normalize("NFC", word.lower()).replace("дж", "ж")
    said = written.translate(_LATIN)
    if _IN_LATIN.search(written):
        said = "".join(one for one in unicodedata.normalize("NFKD", said) if one.isalpha())
        for pattern, sound in _SOUNDS:
            said = pattern.sub(sound, said)
    return _TWICE.sub(r"\1", said.replace("ng", "n"))


def _roughly(words: str) -> frozenset[str]:
    return frozenset(map(rough, words.split()))


_FIRM = _roughly("ОсОО ООО ОАО ЗАО АО ЖЧК ЖАК ААК ЖАКы LLC OsOO ltd коом фирма компания компаниясы")
_SON_OR_DAUGHTER = _roughly("уулу улуу кызы угли огли оглы ogli o'g'li qizi кизи gizi")
_NO_NAME = _FIRM | _roughly(
    "ИП ЧП гр г-н мой моя моего моей муж мужа бывший бывшая жена жены супруг супруга отец мать брат сестра "
    "сын дочь сосед соседка начальник директор руководитель работодатель хозяин гражданин гражданка менин "
    "күйөөм күйөөсү аялым мурдагы мурунку кошуна кошунам жетекчи иш берүүчү эже эжеке байке аке ава ага апа "
    "агай эжей город шаар банк завод магазин адвокат судья нотариус глава айыл өкмөт өкмөтү башчысы"
)
# Behind a short form of a name: Бакыт, Бакытбек.
_BROAD = ("bek", "bai", "kul", "gul", "jan", "bubu", "kan", "han", "ali", "mirza", "tai", "ke")


class _Kind(Enum):
    """What a word of a name is."""

    GIVEN = auto()  # or a family name without an ending
    FAMILY = auto()  # Асанов
    CHILD = auto()  # Асан уулу: stands for the family name as well as for the father's
    FATHER = auto()  # Асанович
    INITIAL = auto()


@dataclass(frozen=True, slots=True)
class _Part:
    stem: str
    kind: _Kind


@dataclass(frozen=True, slots=True)
class Name:
    """A person's or a firm's name, taken apart."""

    parts: tuple[_Part, ...]
    is_firm: bool = False

    @property
    def is_full(self) -> bool:
        """Tell whether it says who is meant: two words at least, not initials alone."""
        whole = sum(part.kind is not _Kind.INITIAL for part in self.parts)
        return whole > 1

    def has(self, *kinds: _Kind) -> bool:
        """Tell whether a word of it is of one of the kinds."""
        return any(part.kind in kinds for part in self.parts)


def names(text: str | None) -> list[Name]:
    """The names in what somebody wrote; words that are no names are left out."""
    pieces = [piece for piece in _BETWEEN.split(text or "") if _WORD.search(piece)]
    found = [_name(piece) for piece in pieces]
    if len(found) > 1 and all(len(one.parts) <= 1 for one in found):  # Асанов, Бакыт
        found = [_name(" ".join(pieces))]
    return [one for one in found if one.parts]


def _name(piece: str) -> Name:
    quoted = _QUOTED.search(piece)
    words = _WORD.findall(quoted[1] if quoted else piece)
    if quoted or not _FIRM.isdisjoint(map(rough, _WORD.findall(piece))):
        stems = (rough(word) for word in words)
        return Name(tuple(_Part(one, _Kind.GIVEN) for one in stems if one not in _NO_NAME), True)
    return Name(tuple(_parts(words)))


def _parts(words: Sequence[str]) -> Iterator[_Part]:
    roughly = [rough(word) for word in words]
    for place, (word, stem) in enumerate(zip(words, roughly, strict=True)):
        if not stem or stem in _NO_NAME or stem in _SON_OR_DAUGHTER:
            continue
        if len(word) == 1:
            yield _Part(stem[0], _Kind.INITIAL)
        elif place + 1 < len(roughly) and roughly[place + 1] in _SON_OR_DAUGHTER:
            yield _Part(_by_ending(stem).stem, _Kind.CHILD)
        else:
            yield _by_ending(stem)


_ENDINGS = (
    (re.compile(r"(?:ulu|kizi|ogli|ugli)$"), _Kind.CHILD),  # Асанкызы
    (re.compile(r"[oe]?(?:vic|vna)$"), _Kind.FATHER),
    (re.compile(r"[oe]va?$"), _Kind.FAMILY),
    (re.compile(r"(?<=sk)(?:aia|i)$"), _Kind.FAMILY),
)


def _by_ending(stem: str) -> _Part:
    for ending, kind in _ENDINGS:
        without = ending.sub("", stem)
        if without != stem and len(without) > 1:
            return _Part(without, kind)
    return _Part(stem, _Kind.GIVEN)


def most_alike(ours: Sequence[Name], theirs: Sequence[Name]) -> int:
    """How like the two likest of some names are: LIKELY to 100, or 0."""
    return max((likeness(one, other) for one, other in product(ours, theirs)), default=0)


def compared_with(ours: Sequence[Name]) -> Callable[[Sequence[Name]], int]:
    """`most_alike` with some names, for many others: those without a word in common cost next to nothing.

    Initials alone never make two names alike, so one whole word has to fit.
    """
    words = {part.stem for name in ours for part in name.parts if part.kind is not _Kind.INITIAL}

    @cache
    def near(stem: str) -> bool:
        return any(_words(word, stem) >= DIFFERENT for word in words)

    def compare(theirs: Sequence[Name]) -> int:
        close = [name for name in theirs if any(near(part.stem) for part in name.parts)]
        return most_alike(ours, close)

    return compare


def likeness(one: Name, other: Name) -> int:
    """How like two names are: LIKELY to 100, or 0 when they are likely not of one person or firm."""
    score = _firms(one, other) if one.is_firm or other.is_firm else _people(one, other)
    return round(score) if score >= LIKELY else 0


def _firms(one: Name, other: Name) -> float:
    """Firms are one when all words of the shorter name are in the longer."""
    if one.is_firm != other.is_firm and min(len(one.parts), len(other.parts)) < 2:
        return 0  # «Айбек» is no person of that name
    short, long = sorted((one.parts, other.parts), key=len)
    if max(len(part.stem) for part in short) < 4:
        return 0
    best = [max(_words(part.stem, each.stem) for each in long) for part in short]
    return sum(best) / len(best) if min(best) >= DIFFERENT else 0


def _people(one: Name, other: Name) -> float:
    """People are one when two words fit at least, and none of the same kind speaks against it."""
    ranked = sorted(
        (
            (score, here, there)
            for here, there in product(range(len(one.parts)), range(len(other.parts)))
            if (score := _fit(one, other, one.parts[here], other.parts[there])) >= DIFFERENT
        ),
        reverse=True,
    )
    pairs: dict[int, tuple[int, float]] = {}
    for score, here, there in ranked:
        if here not in pairs and there not in {taken for taken, _ in pairs.values()}:
            pairs[here] = there, score
    words = sum(one.parts[here].kind is not _Kind.INITIAL for here in pairs)
    if len(pairs) < 2 or not words or _contradict(one, other, pairs):
        return 0
    return sum(score for _, score in pairs.values()) / len(pairs)


def _contradict(one: Name, other: Name, pairs: dict[int, tuple[int, float]]) -> bool:
    """Tell whether both have a word of one kind that fits nothing of the other: another father, say."""
    lonely = [part for place, part in enumerate(one.parts) if place not in pairs]
    taken = {place for place, _ in pairs.values()}
    others = [part for place, part in enumerate(other.parts) if place not in taken]
    return any(_rivals(here.kind, there.kind) for here, there in product(lonely, others))


def _rivals(one: _Kind, other: _Kind) -> bool:
    return one is other or {one, other} in (
        {_Kind.CHILD, _Kind.FATHER},
        {_Kind.GIVEN, _Kind.INITIAL},
    )


def _fit(one: Name, other: Name, here: _Part, there: _Part) -> float:
    """How well two words fit, by what they are."""
    kinds = {here.kind, there.kind}
    if _Kind.INITIAL in kinds:
        fits = here.stem[0] == there.stem[0] and _Kind.FAMILY not in kinds
        return INITIAL if fits else 0
    if len(kinds) == 1 or kinds in (
        {_Kind.FAMILY, _Kind.CHILD},
        {_Kind.FATHER, _Kind.CHILD},
    ):
        return _words(here.stem, there.stem)
    if kinds == {
        _Kind.GIVEN,
        _Kind.FAMILY,
    }:  # Асан Бакыт: the family name may stand without its ending
        bare = one if here.kind is _Kind.GIVEN else other
        return (
            0
            if bare.has(_Kind.FAMILY, _Kind.CHILD)
            else _words(here.stem, there.stem) * UNMARKED / 100
        )
    return 0


def _words(one: str, other: str) -> float:
    """How like two words are. Short ones have to be the same."""
    if one == other:
        return 100
    short, long = sorted((one, other), key=len)
    if len(short) > 3 and long.startswith(short) and long[len(short) :] in _BROAD:
        return SHORTENED  # Бакыт for Бакытбек
    allowed = 0 if len(long) < 5 else 1 if len(long) < 8 else 2
    slips = OSA.distance(one, other, score_cutoff=allowed)
    return 0 if slips > allowed else 100 - 100 * slips / len(long)
