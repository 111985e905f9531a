"""Whether the catalogues are whole: every text in every language, with the same places."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from string import Formatter

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from locales import all_texts, catalogue

ROOT = Path(__file__).parent.parent
SOURCES = ("bot", "handlers")
KEYWORDS: dict[str, tuple[int, ...] | None] = {"t": None, "plural": (1, 2), "n_": None}


def used() -> set[str]:
    """The English sentences that the code says."""
    found: set[str] = set()
    for folder in SOURCES:
        for _, _, message, _, _ in extract_from_dir(
            ROOT / folder, [("**.py", "python")], keywords=KEYWORDS, comment_tags=("Translators:",)
        ):
            found.add(_forms(message)[0])
    return found


def _places(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def _forms(said: str | list[str] | tuple[str, ...] | None) -> tuple[str, ...]:
    """A text and its plural forms."""
    return (said or "",) if isinstance(said, str | None) else tuple(said)


def _message_faults(message: Message) -> Iterator[str]:
    said = _forms(message.string)
    if not all(said):
        yield "has no translation"
        return
    wanted = {place for text in _forms(message.id) for place in _places(text)}
    for text in said:
        if not _places(text) <= wanted:
            yield f"has places that the English has not: {_places(text) - wanted}"
        elif wanted - _places(text) - {"number"}:
            yield f"lacks the places {wanted - _places(text)}"


def faults() -> Iterator[str]:
    """One line for each text that is missing, left over or has other places, with its file."""
    needed = used()
    for language in all_texts():
        file = catalogue(language)
        with file.open("rb") as source:
            parsed: Catalog = read_po(source, locale=language)
        name = file.relative_to(ROOT)
        known = {_forms(message.id)[0]: message for message in parsed if message.id}
        for message_id in sorted(needed - known.keys()):
            yield f'{name}: lacks "{message_id[:60]}": add it'
        for message_id in sorted(known.keys() - needed):
            yield f'{name}: "{message_id[:60]}" is said nowhere: delete it'
        for message_id, message in known.items():
            for fault in _message_faults(message):
                yield f'{name}: "{message_id[:60]}" {fault}'
