"""From a text as it was sent to the text and entities that everybody sees.

Inside, offsets count characters of a Python string; at the borders they are UTF-16 units, as in
the Bot API.
"""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from sandbox.errors import malformed
from sandbox.markup import PARSERS, MarkupError, checked_link

Json = dict[str, Any]

TEXT_LIMIT = 4096
CAPTION_LIMIT = 1024
"""UTF-16 units after parsing."""

_ASTRAL = re.compile("[\U00010000-\U0010ffff]")
_DROPPED = re.compile("[\r\u2028-\u202e\u0333\u033f\u030a]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_COMBINING = "\u0333\u033f\u030a"  # of those dropped, the ones that count as printable
_CONTROL = {code: " " for code in range(32) if code not in (10, 13)}
_SPLITTABLE = ("bold", "italic", "underline", "strikethrough", "spoiler")
_VERBATIM = ("code", "pre")
_QUOTES = ("blockquote", "expandable_blockquote")
_ORDER = {kind: place for place, kind in enumerate((*_QUOTES, "pre", "code", *_SPLITTABLE))}
_GIVEN = frozenset((*_SPLITTABLE, *_VERBATIM, *_QUOTES,
                    "text_link", "text_mention", "custom_emoji", "date_time"))  # fmt: skip
"""What a sender may choose; the other kinds Telegram finds itself."""

_TLD = (
    "com|org|net|info|biz|edu|gov|mil|int|name|pro|app|dev|online|site|store|tech|shop|club|news|"
    "agency|center|community|help|legal|law|xyz|top|io|me|tv|ai|kg|ru|kz|uz|tj|tm|ua|by|az|am|ge|md|"
    "su|uk|us|de|fr|it|es|pl|tr|cn|jp|kr|in|eu|ch|at|be|nl|se|no|fi|dk|cz|ca|au|nz|br|il|ae|co|cc|ly"
)
_FIND = re.compile(
    r"(?P<url>(?<![\w@/.])(?:(?:https?|ftp|tg|ton)://[^\s<>\"«»]+"
    rf"|(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+(?:{_TLD})(?![\w.-]*@)(?![\w-])(?::\d+)?"
    r"(?:[/?#][^\s<>\"«»]*)?))"
    r"|(?P<email>(?<![\w.+-])[a-z0-9_.+-]+@(?:[a-z0-9-]+\.)+[a-z]{2,}(?![\w-]))"
    r"|(?P<mention>(?<![\w@/])@[a-z]\w{2,31}(?!\w))"
    r"|(?P<bot_command>(?<![\w/<>@])/[a-z0-9_]{1,64}(?:@[a-z]\w{2,31})?(?![\w/@<>]))"
    r"|(?P<hashtag>(?<![\w#/])\#(?=\w*[^\W\d])\w{1,256}(?:@[a-z]\w{2,31})?(?!\w))"
    r"|(?P<cashtag>(?<![\w$])\$[A-Z]{1,8}(?!\w))"
    r"|(?P<phone_number>(?<![\w+])\+\d(?:[ ()-]{0,2}\d){9,14}(?!\w))",
    re.IGNORECASE,
)
_SIGN = re.compile(r"[@/#$+]|\.(?=[a-zA-Z])")  # whatever Telegram finds has one of these in it
_SPACE = re.compile(r"\s")


def utf16_length(text: str) -> int:
    """Return how long a text is for Telegram."""
    if text.isascii():
        return len(text)
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def utf16_slice(text: str, entity: Json) -> str:
    """Return the piece of a text that an entity covers."""
    start, end = entity["offset"], entity["offset"] + entity["length"]
    return text.encode("utf-16-le")[2 * start : 2 * end].decode("utf-16-le", "replace")


def formatted(
    text: str,
    parse_mode: str | None,
    given: list[Json] | None,
    *,
    find: bool = True,
) -> tuple[str, list[Json]]:
    """Make of a text and its formatting what Telegram keeps: trimmed, with all its entities.

    Args:
        text: as sent.
        parse_mode: HTML, MarkdownV2, Markdown in any case, or None.
        given: `entities` of the request, used when there is no parse_mode.
        find: also look for links, mentions, commands and the like.

    Returns:
        the text, maybe empty, and entities in Telegram's order with UTF-16 offsets.

    Raises:
        Refused: bad markup, or entities that don't fit the text.
    """
    entities: list[Json] = []
    if parse_mode and parse_mode.lower() != "none":
        parser = PARSERS.get(parse_mode.lower())
        if parser is None:
            raise malformed("unsupported parse_mode")
        try:
            text, entities = parser(text)
        except MarkupError as error:
            raise malformed(f"can't parse entities: {error}") from None
    elif given:
        entities = _from_utf16(text, given)
    text, entities = _trimmed(*_clean(text, entities))
    if entities:
        entities = _arranged(entities)
    if find and _SIGN.search(text):
        entities = _with_found(text, entities)
    if entities and utf16_length(text) != len(text):
        entities = _to_utf16(text, entities)
    return text, entities


def _from_utf16(text: str, given: list[Json]) -> list[Json]:
    units: list[int | None] = []  # UTF-16 unit -> character; None in the middle of a pair
    for index, character in enumerate(text):
        units += (index, None) if character > "\uffff" else (index,)
    units.append(len(text))
    entities = []
    for entity in given:
        start, length = entity["offset"], entity["length"]
        if start < 0 or length < 0:
            raise malformed(
                f"can't parse entities: Receive an entity with incorrect offset {start}"
            )
        if entity["type"] not in _GIVEN or length == 0:
            continue
        entities.append({**_checked(entity), **_span(units, start, start + length)})
    return entities


def _span(units: list[int | None], start: int, end: int) -> Json:
    if start >= len(units):
        raise malformed(f"entity begins after the end of the text at UTF-16 offset {start}")
    if end >= len(units):
        raise malformed(
            f"entity beginning at UTF-16 offset {start} "
            f"ends after the end of the text at UTF-16 offset {end}"
        )
    first, last = units[start], units[end]
    if first is None or last is None:
        verb = "begins" if first is None else f"beginning at UTF-16 offset {start} ends"
        raise malformed(f"entity {verb} in a middle of a UTF-16 symbol")
    return {"offset": first, "length": last - first}


def _checked(entity: Json) -> Json:
    kind = entity["type"]
    needed = {"text_link": "url", "text_mention": "user", "custom_emoji": "custom_emoji_id"}
    if kind in needed and not entity.get(needed[kind]):
        raise malformed(f"can't parse MessageEntity: Can't find field \"{needed[kind]}\"")
    if kind == "text_link":
        url = checked_link(entity["url"])
        if not url:
            raise malformed(f"entity URL '{entity['url']}' is invalid: Wrong HTTP URL")
        return {"type": kind, "url": url}
    keep = ("type", "user", "language", "custom_emoji_id", "unix_time", "date_time_format")
    return {name: entity[name] for name in keep if entity.get(name)}


def _to_utf16(text: str, entities: list[Json]) -> list[Json]:
    pairs = [found.start() for found in _ASTRAL.finditer(text)]
    moved = []
    for entity in entities:
        start, end = entity["offset"], entity["offset"] + entity["length"]
        before = sum(pair < start for pair in pairs)
        inside = sum(start <= pair < end for pair in pairs)
        moved.append({**entity, "offset": start + before, "length": entity["length"] + inside})
    return moved


def _clean(text: str, entities: list[Json]) -> tuple[str, list[Json]]:
    """Drop what Telegram drops from texts: control and direction characters."""
    if text.replace("\n", "").isprintable() and not any(mark in text for mark in _COMBINING):
        return text, entities
    if _SURROGATE.search(text):
        raise malformed("strings must be encoded in UTF-8")
    text = text.translate(_CONTROL)
    dropped = [found.start() for found in _DROPPED.finditer(text)]
    if not dropped:
        return text, entities
    for entity in entities:
        start, end = entity["offset"], entity["offset"] + entity["length"]
        entity["offset"] -= sum(place < start for place in dropped)
        entity["length"] -= sum(start <= place < end for place in dropped)
    return _DROPPED.sub("", text), entities


def _trimmed(text: str, entities: list[Json]) -> tuple[str, list[Json]]:
    """Strip spaces and line breaks; in front only up to the first entity, as Telegram does."""
    text = text.rstrip(" \n")
    kept = []
    for entity in entities:
        entity["length"] = min(entity["length"], len(text) - entity["offset"])
        if entity["length"] > 0:
            kept.append(entity)
    if text[:1] in (" ", "\n"):
        first = min((entity["offset"] for entity in kept), default=len(text))
        cut = min(len(text) - len(text.lstrip(" \n")), first)
        text = text[cut:]
        for entity in kept:
            entity["offset"] -= cut
    if not text.strip(" \n"):
        return "", []
    return text, kept


# --- entities that cross or nest ----------------------------------------------------------------


def _sorted(entities: list[Json]) -> list[Json]:
    return sorted(
        entities,
        key=lambda each: (each["offset"], -each["length"], _ORDER.get(each["type"], 4.5)),
    )


def _end(entity: Json) -> int:
    return int(entity["offset"] + entity["length"])


def _well_nested(entities: list[Json]) -> bool:
    """Tell whether sorted entities only contain one another, and in ways that Telegram allows."""
    around: list[Json] = []
    ends = dict.fromkeys(_SPLITTABLE, -1)
    for entity in entities:
        if ends.get(entity["type"], -1) >= entity["offset"]:
            return False  # neighbours of one kind are to become one
        ends[entity["type"]] = _end(entity) if entity["type"] in _SPLITTABLE else -1
        while around and _end(around[-1]) <= entity["offset"]:
            around.pop()
        for outer in around:
            one_kind = outer["type"] == entity["type"]
            both_quotes = outer["type"] in _QUOTES and entity["type"] in _QUOTES
            whole = outer["type"] not in (*_SPLITTABLE, *_QUOTES)
            if one_kind or both_quotes or outer["type"] in _VERBATIM:
                return False
            if whole and entity["type"] not in _SPLITTABLE:
                return False
            if entity["type"] in _VERBATIM and outer["type"] not in _QUOTES:
                return False
        if around and _end(entity) > _end(around[-1]):
            return False
        around.append(entity)
    return True


def _arranged(entities: list[Json]) -> list[Json]:
    """Sort entities, and cut or drop those that Telegram can't keep as they are."""
    entities = _sorted([entity for entity in entities if entity["length"] > 0])
    if len(entities) < 2 or _well_nested(entities):
        return entities
    quotes = _apart([entity for entity in entities if entity["type"] in _QUOTES])
    whole = _apart(
        [entity for entity in entities if entity["type"] not in (*_SPLITTABLE, *_QUOTES)]
    )
    whole = [entity for entity in whole if not any(_cross(entity, quote) for quote in quotes)]
    borders = [*whole, *quotes]
    split = []
    for kind in _SPLITTABLE:
        spans = _union([entity for entity in entities if entity["type"] == kind])
        for start, end in _without_verbatim(spans, whole):
            for first, last in _cut(start, end, borders):
                split.append({"type": kind, "offset": first, "length": last - first})
    return _sorted([*quotes, *whole, *_nested(split)])


def _apart(entities: list[Json]) -> list[Json]:
    """Keep of sorted entities those that don't touch an earlier one."""
    kept: list[Json] = []
    for entity in entities:
        if not kept or _end(kept[-1]) <= entity["offset"]:
            kept.append(entity)
    return kept


def _cross(one: Json, other: Json) -> bool:
    """Tell whether two spans overlap with neither inside the other."""
    return bool(
        one["offset"] < other["offset"] < _end(one) < _end(other)
        or other["offset"] < one["offset"] < _end(other) < _end(one)
    )


def _union(entities: list[Json]) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    for entity in entities:
        if spans and entity["offset"] <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(spans[-1][1], _end(entity)))
        else:
            spans.append((entity["offset"], _end(entity)))
    return spans


def _without_verbatim(spans: list[tuple[int, int]], whole: list[Json]) -> list[tuple[int, int]]:
    """Take code out of spans: nothing else may format it."""
    for code in (entity for entity in whole if entity["type"] in _VERBATIM):
        pieces = []
        for start, end in spans:
            pieces.append((start, min(end, max(start, code["offset"]))))
            pieces.append((max(start, min(end, _end(code))), end))
        spans = [(start, end) for start, end in pieces if start < end]
    return spans


def _cut(start: int, end: int, borders: list[Json]) -> list[tuple[int, int]]:
    """Cut a span where it would cross one of the entities that can't be cut themselves."""
    cuts = {start, end}
    span = {"offset": start, "length": end - start}
    for border in borders:
        if _cross(span, border):
            cuts.add(border["offset"] if border["offset"] > start else _end(border))
    ordered = sorted(cuts)
    return list(pairwise(ordered))


def _nested(split: list[Json]) -> list[Json]:
    """Cut splittable entities of different kinds where they cross one another."""
    result: list[Json] = []
    waiting = _sorted(split)
    while waiting:
        entity = waiting.pop(0)
        crossed = next((other for other in result if _cross(other, entity)), None)
        if crossed is None:
            result.append(entity)
            continue
        middle = _end(crossed) if crossed["offset"] < entity["offset"] else crossed["offset"]
        for first, last in ((entity["offset"], middle), (middle, _end(entity))):
            waiting.append({**entity, "offset": first, "length": last - first})
    return result


# --- entities that Telegram finds itself --------------------------------------------------------


def _with_found(text: str, entities: list[Json]) -> list[Json]:
    taken = [each for each in entities if each["type"] not in (*_SPLITTABLE, *_QUOTES)]
    found = []
    for match in _matches(text):
        kind, piece = match.lastgroup, match[0]
        if kind == "url":
            piece = _url_end(piece)
        entity = {"type": kind, "offset": match.start(), "length": len(piece)}
        free = all(_end(each) <= match.start() or each["offset"] >= _end(entity) for each in taken)
        if free and not any(
            _cross(entity, quote) for quote in entities if quote["type"] in _QUOTES
        ):
            found.append(entity)
    return _sorted([*entities, *found]) if found else entities


def _matches(text: str) -> Iterator[re.Match[str]]:
    """Look only at words that have a sign in them: the whole pattern is slow on long texts."""
    end = 0
    for sign in _SIGN.finditer(text):
        if sign.start() < end:
            continue
        start = max(
            end, text.rfind(" ", 0, sign.start()) + 1, text.rfind("\n", 0, sign.start()) + 1
        )
        longest = 32 if sign[0] == "+" else 0  # a phone number is written with spaces
        space = _SPACE.search(text, sign.start() + longest)
        end = space.start() if space else len(text)
        yield from _FIND.finditer(text, start, end)


def _url_end(url: str) -> str:
    """Leave the punctuation after a link out of it, and a bracket that it doesn't open."""
    while url and (
        url[-1] in ".,:;!?'…*"
        or (url[-1] in ")]}" and url.count(url[-1]) > url.count("([{"[")]}".index(url[-1])]))
    ):
        url = url[:-1]
    return url
