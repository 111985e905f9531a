"""Places as people write them."""

from __future__ import annotations

from collections.abc import Iterable

from rapidfuzz import fuzz, process, utils

from knowledge.model import District, Region

SURE = 88  # of 100: "Кара Суу", "кара-су" and "Карасуу" are one place, "Карасай" is another
LONGEST_NAME = 40
# Words that stand beside a name and tell no two places apart.
KINDS = ("район", "району", "область", "облусу", "город", "шаары", "г.", "ш.")


def _bare(name: str) -> str:
    folded = name.lower().replace("ө", "о").replace("ү", "у").replace("ң", "н").replace("ё", "е")
    words = utils.default_process(folded).split()
    return " ".join(word for word in words if word not in KINDS)


def _names(place: Region | District) -> set[str]:
    return {_bare(name) for name in (place.ky, place.ru, *place.aliases)}


def find_place(regions: Iterable[Region], typed: str) -> tuple[str, str | None] | None:
    """Region and district codes of a typed name; None when it is no name of a place we know."""
    if len(typed) > LONGEST_NAME or not _bare(typed):
        return None
    names: dict[str, tuple[str, str | None]] = {}
    for region in regions:
        for district in region.districts.values():
            names |= dict.fromkeys(_names(district), (region.code, district.code))
        # An oblast and its town may share a name: the wider one is the safer guess.
        names |= dict.fromkeys(_names(region), (region.code, None))
    best = process.extractOne(_bare(typed), names.keys(), scorer=fuzz.ratio, score_cutoff=SURE)
    return names[best[0]] if best else None
