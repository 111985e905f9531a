"""The three ways to write formatting in a text: HTML, MarkdownV2 and the old Markdown.

Each parser returns the plain text and its entities, whose offsets count characters of a Python
string; `entities` turns them into Telegram's UTF-16 units. What is refused, and in which words,
follows Telegram's open-source library (tdlib, MessageEntity.cpp).
"""

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

Json = dict[str, Any]
Parsed = tuple[str, list[Json]]

_END = "\0"  # stands after the last character, as in the original, so that look-ahead is safe
_SPACES = " \t\r\n\0\v"
_HTML_TAGS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "a": "text_link",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "tg-emoji": "custom_emoji",
    "tg-time": "date_time",
}
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_REFERENCE = re.compile(r"&(?:#x([0-9a-fA-F]+)|#([0-9]+)|([a-zA-Z]+));?")
_WORD_ENDS = {stop: re.compile(f"[ \t\r\n\0\v{stop}]") for stop in (">", "=", "=>")}
_HTML_SPECIAL = re.compile("[<&]")
_ALLOWED_SCHEMES = {"http", "https", "ftp", "tg", "ton", "tonsite"}
_HOST = re.compile(r"[^\s/?#@:]+\.[^\s/?#@:.]{2,}|localhost")


class MarkupError(ValueError):
    """Formatting that Telegram refuses; the message is its own, without "can't parse entities"."""


def link_entity(url: str) -> Json | None:
    """Return what a link makes of its text: a mention of a user, a link, or nothing at all."""
    parts = urlsplit(url.strip()) if url.isprintable() else None
    if parts is None:
        return None
    if parts.scheme == "tg" and parts.netloc == "user":
        user_id = parts.query.removeprefix("id=")
        if user_id.isdecimal():
            return {"type": "text_mention", "user": {"id": int(user_id)}}
    checked = checked_link(url)
    return {"type": "text_link", "url": checked} if checked else None


def checked_link(url: str) -> str:
    """Return a link as Telegram keeps it (with a scheme, and a path), or "" for a bad one."""
    url = url.strip()
    if not url or any(space in url for space in _SPACES):
        return ""
    try:
        parts = urlsplit(url if "://" in url or url.startswith("tg:") else f"http://{url}")
        host = parts.hostname or ""
    except ValueError:
        return ""
    if parts.scheme not in _ALLOWED_SCHEMES:
        return ""
    if parts.scheme == "tg":
        return url
    if not (_HOST.fullmatch(host) or re.fullmatch(r"[\d.]+", host)):
        return ""
    if not parts.path and not parts.query and not parts.fragment:
        return f"{parts.geturl()}/"
    return parts.geturl()


def _byte_offset(text: str, position: int) -> int:
    return len(text[:position].encode("utf-8", "surrogatepass"))


# --- HTML ---------------------------------------------------------------------------------------


def parse_html(source: str) -> Parsed:
    """Read HTML as Telegram understands it.

    Raises:
        MarkupError: an unknown tag, a tag that isn't closed, and the like.
    """
    if not _HTML_SPECIAL.search(source):
        return source, []
    return _HtmlParser(source).parse()


class _HtmlParser:
    def __init__(self, source: str) -> None:
        self.source = source
        self.text = source + _END
        self.position = 0
        self.pieces: list[str] = []
        self.length = 0  # of all pieces
        self.open: list[tuple[str, dict[str, str], int]] = []  # tag, attributes, offset
        self.entities: list[Json] = []

    def parse(self) -> Parsed:
        source = self.source
        while self.position < len(source):
            found = _HTML_SPECIAL.search(source, self.position)
            self._add(source[self.position : found.start() if found else len(source)])
            if found is None:
                break
            self.position = found.start()
            if found[0] == "&":
                self._add(self._reference() or self._one())
            elif self.text[self.position + 1] == "/":
                self._end_tag()
            else:
                self._start_tag()
        if self.open:
            raise MarkupError(
                f'Can\'t find end tag corresponding to start tag "{self.open[-1][0]}"'
            )
        for entity in self.entities:
            if entity["type"] == "code":
                entity.pop("language", None)
        return "".join(self.pieces), self.entities

    def _add(self, piece: str) -> None:
        self.pieces.append(piece)
        self.length += len(piece)

    def _one(self) -> str:
        self.position += 1
        return self.text[self.position - 1]

    def _reference(self) -> str:
        """Read `&lt;` or `&#1234;` and step over it; return "" and stay for anything else."""
        found = _REFERENCE.match(self.source, self.position)
        if not found:
            return ""
        hexadecimal, decimal, name = found.groups()
        if name:
            character = _NAMED.get(name, "")
        else:
            code = int(hexadecimal, 16) if hexadecimal else int(decimal)
            too_long = len(found[0].rstrip(";")) >= 10
            surrogate = 0xD800 <= code <= 0xDFFF
            character = "" if code == 0 or code >= 0x10FFFF or too_long else chr(code)
            if character and surrogate:
                raise MarkupError(
                    "Text contains invalid Unicode characters after decoding HTML entities, "
                    "check for unmatched surrogate code units"
                )
        if character:
            self.position = found.end()
        return character

    def _skip_spaces(self) -> None:
        while self.text[self.position] in _SPACES and self.position < len(self.source):
            self.position += 1

    def _word(self, stop: str) -> str:
        begin = self.position
        found = _WORD_ENDS[stop].search(self.text, begin)
        self.position = found.start() if found else len(self.source)
        return self.text[begin : self.position]

    def _start_tag(self) -> None:
        begin = self.position
        self.position += 1
        tag = self._word(">").lower()
        offset = f"at byte offset {_byte_offset(self.source, begin)}"
        if self.position >= len(self.source):
            raise MarkupError(f"Unclosed start tag {offset}")
        if tag not in _HTML_TAGS:
            raise MarkupError(f'Unsupported start tag "{tag}" {offset}')
        attributes: dict[str, str] = {}
        while self.text[self.position] != ">":
            self._skip_spaces()
            if self.text[self.position] == ">":
                break
            name = self._word("=>" if tag == "blockquote" else "=")
            if not name:
                raise MarkupError(f'Empty attribute name in the tag "{tag}" {offset}')
            self._skip_spaces()
            if self.text[self.position] == "=":
                self.position += 1
                attributes[name] = self._attribute_value(tag, offset)
            elif self.position >= len(self.source):
                raise MarkupError(f'Unclosed start tag "{tag}" {offset}')
            else:
                attributes[name] = ""
        self.position += 1
        if tag == "span" and attributes.get("class") != "tg-spoiler":
            raise MarkupError(f'Tag "span" must have class "tg-spoiler" {offset}')
        self.open.append((tag, attributes, self.length))

    def _attribute_value(self, tag: str, offset: str) -> str:
        self._skip_spaces()
        if self.position >= len(self.source):
            raise MarkupError(f'Unclosed start tag "{tag}" {offset}')
        quote = self.text[self.position]
        if quote in "'\"":
            self.position += 1
            value = self._quoted(quote)
        else:
            begin = self.position
            while (
                self.text[self.position].isascii() and self.text[self.position].isalnum()
            ) or self.text[self.position] in ".-":
                self.position += 1
            value = self.text[begin : self.position].lower()
            if self.text[self.position] not in _SPACES and self.text[self.position] != ">":
                where = _byte_offset(self.source, begin)
                raise MarkupError(f"Unexpected end of name token at byte offset {where}")
        if self.position >= len(self.source):
            raise MarkupError(f"Unclosed start tag {offset}")
        return value

    def _quoted(self, quote: str) -> str:
        end = self.source.find(quote, self.position)
        value = self.source[self.position : end]
        if end >= 0 and "&" not in value:
            self.position = end + 1
            return value
        pieces: list[str] = []
        while self.position < len(self.source) and self.text[self.position] != quote:
            character = self._reference() if self.text[self.position] == "&" else ""
            pieces.append(character or self._one())
        if self.text[self.position] == quote:
            self.position += 1
        return "".join(pieces)

    def _end_tag(self) -> None:
        begin = self.position
        offset = f"at byte offset {_byte_offset(self.source, begin)}"
        if not self.open:
            raise MarkupError(f"Unexpected end tag {offset}")
        self.position += 2
        end_tag = self._word(">").lower()
        self._skip_spaces()
        if self.text[self.position] != ">":
            raise MarkupError(f"Unclosed end tag {offset}")
        self.position += 1
        tag, attributes, start = self.open.pop()
        if end_tag and end_tag != tag:
            raise MarkupError(
                f'Unmatched end tag {offset}, expected "</{tag}>", found "</{end_tag}>"'
            )
        if self.length > start:
            self._close(tag, attributes, start)

    def _close(self, tag: str, attributes: dict[str, str], start: int) -> None:
        entity: Json = {"type": _HTML_TAGS[tag], "offset": start, "length": self.length - start}
        last = self.entities[-1] if self.entities else {}
        same_span = last.get("offset") == start and last.get("length") == entity["length"]
        language = attributes.get("class", "")
        language = language[9:] if tag == "code" and language.startswith("language-") else ""
        if tag == "a":
            url = attributes.get("href") or "".join(self.pieces)[start:]
            link = link_entity(url)
            if link is None:
                return
            entity.update(link)
        elif tag == "tg-emoji":
            emoji_id = attributes.get("emoji-id", "")
            if not emoji_id.isdecimal() or int(emoji_id) == 0:
                raise MarkupError("Invalid custom emoji identifier specified")
            entity["custom_emoji_id"] = emoji_id
        elif tag == "tg-time":
            entity.update(_date_time(attributes))
        elif tag == "blockquote" and "expandable" in attributes:
            entity["type"] = "expandable_blockquote"
        elif tag == "pre" and same_span and last["type"] == "code" and last.get("language"):
            last["type"] = "pre"
            return
        elif tag == "code" and same_span and last["type"] == "pre" and language:
            last["language"] = language
            return
        elif tag == "code" and language:
            entity["language"] = language
        self.entities.append(entity)


def _date_time(attributes: dict[str, str]) -> Json:
    try:
        moment: Json = {"unix_time": int(attributes.get("unix", ""))}
    except ValueError:
        raise MarkupError("Invalid date-time identifier specified") from None
    if attributes.get("format"):
        moment["date_time_format"] = attributes["format"]
    return moment


# --- MarkdownV2 ---------------------------------------------------------------------------------

_V2_RESERVED = "_*[]()~`>#+-=|{}.!\n"
_V2_NAMES = {
    "bold": "Bold",
    "italic": "Italic",
    "underline": "Underline",
    "strikethrough": "Strikethrough",
    "spoiler": "Spoiler",
    "code": "Code",
    "pre": "Pre",
    "text_link": "TextUrl",
    "custom_emoji": "CustomEmoji",
    "blockquote": "BlockQuote",
}
_V2_SIMPLE = {"*": "bold", "~": "strikethrough", "[": "text_link"}


class _Open:
    """An entity of MarkdownV2 that has begun."""

    __slots__ = ("argument", "kind", "source_position", "start")

    def __init__(self, kind: str, start: int, source_position: int, argument: str = "") -> None:
        self.kind = kind
        self.start = start
        self.source_position = source_position
        self.argument = argument


def parse_markdown_v2(source: str) -> Parsed:
    """Read MarkdownV2.

    Raises:
        MarkupError: a reserved character without a backslash, an entity that isn't closed.
    """
    return _MarkdownV2Parser(source).parse()


class _MarkdownV2Parser:
    def __init__(self, source: str) -> None:
        self.source = source
        self.text = source + _END * 3
        self.position = 0
        self.out: list[str] = []  # one item a character: its length is the offset
        self.open: list[_Open] = []
        self.entities: list[Json] = []
        self.in_blockquote = False
        self.line_start = True

    def parse(self) -> Parsed:
        while self.position < len(self.source):
            self._step()
        if self.in_blockquote:
            self._finish_blockquote()
        if self.open:
            raise self._unclosed()
        return "".join(self.out), self.entities

    def _step(self) -> None:
        character = self.text[self.position]
        if character == "\\" and "\0" < self.text[self.position + 1] <= "~":
            self._put(self.text[self.position + 1])
            self.position += 2
            return
        verbatim = bool(self.open) and self.open[-1].kind in ("code", "pre")
        if character not in ("`" if verbatim else _V2_RESERVED):
            self._put(character)
            self.position += 1
        elif self._ends_here(character):
            self._end(character)
        else:
            self._begin(character)

    def _put(self, character: str) -> None:
        self.out.append(character)
        if character != "\r":
            self.line_start = character == "\n"

    def _ahead(self, marker: str) -> bool:
        return self.text.startswith(marker, self.position)

    def _ends_here(self, character: str) -> bool:
        if not self.open:
            return False
        if self.in_blockquote and character == "\n" and self.text[self.position + 1] != ">":
            return True
        match self.open[-1].kind:
            case "bold":
                return character == "*"
            case "italic":
                return character == "_" and not self._ahead("__")
            case "underline":
                return self._ahead("__")
            case "strikethrough":
                return character == "~"
            case "spoiler":
                return self._ahead("||")
            case "code":
                return character == "`"
            case "pre":
                return self._ahead("```")
            case "text_link" | "custom_emoji":
                return character == "]"
        return False

    def _reserved(self, character: str) -> MarkupError:
        return MarkupError(
            f"Character '{character}' is reserved and must be escaped with the preceding '\\'"
        )

    def _unclosed(self) -> MarkupError:
        last = self.open[-1]
        name = "PreCode" if last.kind == "pre" and last.argument else _V2_NAMES[last.kind]
        where = _byte_offset(self.source, last.source_position)
        return MarkupError(f"Can't find end of {name} entity at byte offset {where}")

    def _begin(self, character: str) -> None:
        begin = self.position
        argument = ""
        if character in _V2_SIMPLE:
            kind = _V2_SIMPLE[character]
            self.position += 1
        elif character == "_":
            kind = "underline" if self._ahead("__") else "italic"
            self.position += 2 if kind == "underline" else 1
        elif self._ahead("||"):
            kind = "spoiler"
            self.position += 2
        elif self._ahead("```"):
            kind, argument = "pre", self._language()
        elif character == "`":
            kind = "code"
            self.position += 1
        elif self._ahead("!["):
            kind = "custom_emoji"
            self.position += 2
        elif character == "\n":
            self._put("\n")
            self.position += 1
            return
        elif character == ">" and self.line_start:
            self.position += 1
            if self.in_blockquote:
                return
            kind = "blockquote"
            self.in_blockquote = True
        else:
            raise self._reserved(character)
        self.open.append(_Open(kind, len(self.out), begin, argument))

    def _language(self) -> str:
        """Step over the opening of a code block: its language and one line break after it."""
        self.position += 3
        end = self.position
        while self.text[end] not in _SPACES and self.text[end] != "`":
            end += 1
        language = ""
        if end != self.position and end < len(self.source) and self.text[end] != "`":
            language = self.text[self.position : end]
            self.position = end
        if self.text[self.position] in "\r\n":
            pair = self.text[self.position : self.position + 2]
            self.position += 2 if pair in ("\r\n", "\n\r") else 1
        return language

    def _end(self, character: str) -> None:
        last = self.open[-1]
        kind = last.kind
        if character == "\n" and kind != "blockquote":
            kind = self._expandable_mark()
            last = self.open[-1]
        entity: Json = {"type": kind}
        keep = len(self.out) > last.start
        if kind in ("underline", "spoiler"):
            self.position += 2
        elif kind == "pre":
            self.position += 3
            if last.argument:
                entity["language"] = last.argument
        elif kind == "text_link":
            url = self._address("a URL")
            link = link_entity("".join(self.out[last.start :]) if url is None else url)
            keep = keep and link is not None
            entity.update(link or {})
        elif kind == "custom_emoji":
            entity.update(self._emoji())
        elif kind in ("blockquote", "expandable_blockquote"):
            self.in_blockquote = False
            self._put("\n")
            keep = True
            self.position += 1
        else:
            self.position += 1
        if keep:
            entity["offset"] = last.start
            entity["length"] = len(self.out) - last.start
            self.entities.append(entity)
        self.open.pop()

    def _expandable_mark(self) -> str:
        """Take `||` at the end of a quotation, which makes it expandable, off the stack."""
        mark = self.open[-1]
        since = self.position - mark.source_position
        before_return = since == 3 and bool(self.out) and self.out[-1] == "\r"
        if mark.kind != "spoiler" or not (since == 2 or before_return):
            raise self._unclosed()
        self.open.pop()
        if self.open[-1].kind != "blockquote":
            raise self._unclosed()
        return "expandable_blockquote"

    def _address(self, name: str) -> str | None:
        """Read `(address)` after `]`; None when there is none."""
        self.position += 1
        if self.text[self.position] != "(":
            return None
        self.position += 1
        begin = self.position
        pieces: list[str] = []
        while self.position < len(self.source) and self.text[self.position] != ")":
            if self.text[self.position] == "\\" and "\0" < self.text[self.position + 1] <= "~":
                self.position += 1
            pieces.append(self.text[self.position])
            self.position += 1
        if self.position >= len(self.source):
            where = _byte_offset(self.source, begin)
            raise MarkupError(f"Can't find end of {name} at byte offset {where}")
        self.position += 1
        return "".join(pieces)

    def _emoji(self) -> Json:
        """Read the address after `![…]`: a custom emoji, or (newer) a moment in time."""
        address = self._address("a custom emoji URL")
        if address is None:
            raise MarkupError("Custom emoji entity must contain a tg://emoji URL")
        parts = urlsplit(address)
        query = dict(pair.partition("=")[::2] for pair in parts.query.split("&"))
        if parts.netloc == "time":
            return {"type": "date_time", **_date_time(query)}
        if parts.scheme != "tg" or parts.netloc != "emoji":
            raise MarkupError("Custom emoji URL must have scheme tg")
        if not query.get("id", "").isdecimal():
            raise MarkupError("Custom emoji URL must have an emoji identifier")
        return {"custom_emoji_id": query["id"]}

    def _finish_blockquote(self) -> None:
        kind = "blockquote"
        if (
            self.open[-1].kind == "spoiler"
            and self.open[-1].source_position == len(self.source) - 2
        ):
            self.open.pop()
            kind = "expandable_blockquote"
        if self.open[-1].kind == "blockquote":
            start = self.open.pop().start
            if len(self.out) > start:
                self.entities.append(
                    {"type": kind, "offset": start, "length": len(self.out) - start}
                )


# --- Markdown -----------------------------------------------------------------------------------


def parse_markdown(source: str) -> Parsed:
    """Read the old Markdown: nothing nests, and only `_ * [` and the back quote mean anything.

    Raises:
        MarkupError: an entity that isn't closed.
    """
    text = source + _END * 3
    out: list[str] = []
    entities: list[Json] = []
    position = 0
    while position < len(source):
        character = text[position]
        if character == "\\" and text[position + 1] in "_*`[":
            out.append(text[position + 1])
            position += 2
        elif character in "_*`[":
            position = _markdown_entity(text, position, out, entities)
        else:
            out.append(character)
            position += 1
    return "".join(out), entities


def _markdown_entity(text: str, begin: int, out: list[str], entities: list[Json]) -> int:
    """Read one entity of the old Markdown and return the position after it."""
    size = len(text) - 3
    is_pre = text.startswith("```", begin)
    closing = "```" if is_pre else "]" if text[begin] == "[" else text[begin]
    position = begin + len("```" if is_pre else closing)
    language = ""
    if is_pre:
        found = re.compile(r"([^\s`]*)(?:\r\n|\n\r|\r|\n)").match(text, position)
        if found:
            language, position = found[1], found.end()
    start = len(out)
    end = text.find(closing, position)
    if end < 0 or end >= size:
        where = _byte_offset(text, begin)
        raise MarkupError(f"Can't find end of the entity starting at byte offset {where}")
    out.extend(text[position:end])
    after = end + len(closing)
    entity: Json | None = {"type": {"_": "italic", "*": "bold", "`": "code"}.get(closing, "pre")}
    if closing == "]":
        url = text[position:end]
        if text[after] == "(":
            close = text.find(")", after)
            close = size if close < 0 else close
            url, after = text[after + 1 : close], close + 1
        entity = link_entity(url)
    elif language and entity is not None:
        entity["language"] = language
    if entity is not None and len(out) > start:
        entities.append({**entity, "offset": start, "length": len(out) - start})
    return after


PARSERS: dict[str, Callable[[str], Parsed]] = {
    "html": parse_html,
    "markdownv2": parse_markdown_v2,
    "markdown": parse_markdown,
}
"""By `parse_mode` in lower case: Telegram doesn't mind its case."""
