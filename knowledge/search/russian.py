"""Russian dictionary forms, by the dictionary of pymorphy3.

Only its word list is used: its guessing of unknown words costs five times as much, and unknown
words are mostly Kyrgyz or misspelt here, which other parts of the search handle better.
"""

from functools import cache, lru_cache
from typing import Any

from knowledge.search.normal import skeleton


@cache
def _dictionary() -> tuple[Any, Any]:
    import pymorphy3  # type: ignore[import-untyped]  # 26 MB and 0.2 s: only when the first question or article comes

    morph = pymorphy3.MorphAnalyzer(lang="ru", probability_estimator_cls=None)
    return morph.dictionary, morph.char_substitutes


def term(word: str) -> str:
    """Return the skeleton of a word's dictionary form; a verb keeps its ь («брать» is no «брат»)."""
    form = lemma(word) or word
    if form == "быть":  # its skeleton is that of «бить»
        return form
    return skeleton(form) + "ь" * form.endswith("ь")


@lru_cache(maxsize=65_536)
def lemma(word: str) -> str | None:
    """Return the dictionary form of a lower-case Russian word, or None for an unknown one."""
    dictionary, substitutes = _dictionary()
    for spelled, parses in dictionary.words.similar_items(word, substitutes):
        for paradigm, form in parses:
            return str(dictionary.build_normal_form(paradigm, form, spelled))
    return None


def is_name(word: str, *, perhaps: bool = False) -> bool:
    """Tell whether a lower-case word can only be a person's name; with `perhaps`, whether it may be one."""
    dictionary, substitutes = _dictionary()
    tags = [
        str(dictionary.build_tag_info(paradigm, form))
        for _, parses in dictionary.words.similar_items(word, substitutes)
        for paradigm, form in parses
    ]
    named = [any(kind in tag for kind in ("Name", "Patr", "Surn")) for tag in tags]
    return any(named) if perhaps else bool(named) and all(named)
