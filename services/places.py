"""Places as people write them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from rapidfuzz import process
from rapidfuzz.distance import OSA

from knowledge.model import District, Region

LONGEST_NAME = 40  # characters; more is no name
Place = tuple[str, str | None]  # codes of a region and of a district in it
_LOOSE = str.maketrans("өүңё", "оуне")  # as people type them
# Words that stand beside a name, and where they decide: «Ош облусу» is not «Ош шаары».
_KINDS = re.compile(
    r"\b(район\w*|р н|облус\w*|облас\w*|обл|город\w*|шаар\w*|г|ш|айыл\w*|сел[оа]|в|из)\b"
)
_ENDING = re.compile(r"(?<=\w\w)([дт][аео]н?|[еу])$")  # Бишкек-те, Ош-то, в Бишкек-е


def find_place(regions: Iterable[Region], typed: str) -> Place | None:
    """The place that a typed name means; None when it is no name of a place we know.

    Of several places of one name it is the widest: an oblast before its raion or town.
    """
    regions = list(regions)
    if len(typed) > LONGEST_NAME:
        return None
    for simplified in (_words, _joined, _bare, _bare_joined):  # from the strict to the generous
        names = _names(regions, simplified)
        for form in (simplified(typed), _ENDING.sub("", simplified(typed))):
            if form in names:
                return names[form]
    return _misspelt(_names(regions, _bare), _bare(typed))


def _misspelt(names: dict[str, Place], typed: str) -> Place | None:
    """The one place whose name differs by a letter or, in long names, two."""
    slips = 2 if len(typed) > 8 else 1 if len(typed) > 4 else 0
    found = process.extract(typed, list(names), scorer=OSA.distance, score_cutoff=slips, limit=None)
    least = min((distance for _, distance, _ in found), default=None)
    meant = {names[name] for name, distance, _ in found if distance == least}
    return meant.pop() if len(meant) == 1 else None


def _names(regions: Iterable[Region], simplified: Callable[[str], str]) -> dict[str, Place]:
    names: dict[str, Place] = {}
    for place, called in _called(regions):
        for name in called:
            names.setdefault(simplified(name), place)
    return names


def _called(regions: Iterable[Region]) -> Iterator[tuple[Place, tuple[str, ...]]]:
    """Every place with its names, the widest places first."""
    for region in regions:
        yield (region.code, None), _all_names(region)
    for region in regions:
        for district in region.districts.values():
            yield (region.code, district.code), _all_names(district)


def _all_names(place: Region | District) -> tuple[str, ...]:
    return (place.ky, place.ru, *place.aliases)


def _words(text: str) -> str:
    return " ".join(re.findall(r"[^\W_]+", text.lower().translate(_LOOSE)))


def _joined(text: str) -> str:
    """All words in one, for «карасуу»; only after `_words`, which tells «Кара-Көл» from «Каракол»."""
    return _words(text).replace(" ", "")


def _bare(text: str) -> str:
    """The name alone, without the kind of place."""
    return " ".join(_KINDS.sub("", _words(text)).split())


def _bare_joined(text: str) -> str:
    return _bare(text).replace(" ", "")
