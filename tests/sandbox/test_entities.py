"""Formatting: what Telegram makes of a text, and which words it refuses it with."""

from __future__ import annotations

from html import escape
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram import Message, MessageEntity, User
from telegram.helpers import escape_markdown

from sandbox.entities import formatted, utf16_length, utf16_slice
from sandbox.errors import Refused

SIMPLE = {
    "b": "bold",
    "i": "italic",
    "u": "underline",
    "s": "strikethrough",
    "tg-spoiler": "spoiler",
    "code": "code",
}


def pieces(text: str, entities: list[dict[str, Any]]) -> list[tuple[str, str]]:
    return [(entity["type"], utf16_slice(text, entity)) for entity in entities]


@pytest.mark.parametrize(
    ("source", "text", "expected"),
    [
        ("<b>Айлык</b> төлөнбөсө", "Айлык төлөнбөсө", [("bold", "Айлык")]),
        ("<strong>a</strong><EM>b</EM>", "ab", [("bold", "a"), ("italic", "b")]),
        ("<b>one <i>two</i></b>", "one two", [("bold", "one two"), ("italic", "two")]),
        ("&lt;b&gt; &amp; &quot;x&quot; &#1042; &#x1F600; &nbsp;", '<b> & "x" В 😀 &nbsp;', []),
        ("😀<b>😀жирный</b>", "😀😀жирный", [("bold", "😀жирный")]),
        ('<span class="tg-spoiler">тайна</span>', "тайна", [("spoiler", "тайна")]),
        ("<blockquote>цитата</blockquote>", "цитата", [("blockquote", "цитата")]),
        (
            "<blockquote expandable>много</blockquote>",
            "много",
            [("expandable_blockquote", "много")],
        ),
        ('<pre><code class="language-sql">x</code></pre>', "x", [("pre", "x")]),
        ("<b>a<code>b</code>c</b>", "abc", [("bold", "a"), ("code", "b"), ("bold", "c")]),
        ("<b>a<b>b</b></b>", "ab", [("bold", "ab")]),
        ("<b></b>x", "x", []),
        ("  \n слева и справа \n ", "слева и справа", []),
        ("<a href='http://a.kg?x=1&amp;y'>тут</a>", "тут", [("text_link", "тут")]),
        ("<a href='нет такого'>тут</a>", "тут", []),
    ],
)
def test_html(source: str, text: str, expected: list[tuple[str, str]]) -> None:
    got, entities = formatted(source, "HTML", None)
    assert (got, pieces(got, entities)) == (text, expected)


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("<b>открыто", 'Can\'t find end tag corresponding to start tag "b"'),
        ("<p>абзац</p>", 'Unsupported start tag "p" at byte offset 0'),
        ("да <br/> нет", 'Unsupported start tag "br/" at byte offset 5'),
        ("<b>x</i>", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
        ("лишнее</b>", "Unexpected end tag at byte offset 12"),
        ("5 < 7", 'Unsupported start tag "" at byte offset 2'),
        ("<b", "Unclosed start tag at byte offset 0"),
        ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        ("&#xD800;", "Text contains invalid Unicode characters after decoding HTML entities, "
         "check for unmatched surrogate code units"),
    ],
)  # fmt: skip
def test_html_that_is_refused(source: str, reason: str) -> None:
    with pytest.raises(Refused) as refusal:
        formatted(source, "HTML", None)
    assert refusal.value.description == f"Bad Request: can't parse entities: {reason}"
    assert refusal.value.violation


@pytest.mark.parametrize(
    ("source", "text", "expected"),
    [
        ("*жирный* _курсив_ __черта__", "жирный курсив черта",
         [("bold", "жирный"), ("italic", "курсив"), ("underline", "черта")]),
        ("||тайна|| ~нет~ `код`", "тайна нет код",
         [("spoiler", "тайна"), ("strikethrough", "нет"), ("code", "код")]),
        ("__*и то и то*__", "и то и то", [("bold", "и то и то"), ("underline", "и то и то")]),
        ("[сайт](https://a\\.kg/\\(1\\))", "сайт", [("text_link", "сайт")]),
        ("```python\nx = 1\n```", "x = 1", [("pre", "x = 1")]),
        (">раз\n>два\nтри", "раз\nдва\nтри", [("blockquote", "раз\nдва\n")]),
        (">раз\n>два||", "раз\nдва", [("expandable_blockquote", "раз\nдва")]),
        ("![👍](tg://emoji?id=5368324170671202286)", "👍", [("custom_emoji", "👍")]),
        ("1\\. Статья 5\\-1\\!", "1. Статья 5-1!", []),
    ],
)  # fmt: skip
def test_markdown_v2(source: str, text: str, expected: list[tuple[str, str]]) -> None:
    got, entities = formatted(source, "MarkdownV2", None)
    assert (got, pieces(got, entities)) == (text, expected)


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("Статья 5.", "Character '.' is reserved and must be escaped with the preceding '\\'"),
        ("a > b", "Character '>' is reserved and must be escaped with the preceding '\\'"),
        ("да *нет", "Can't find end of Bold entity at byte offset 5"),
        ("```sql\nx", "Can't find end of PreCode entity at byte offset 0"),
        ("[a](b", "Can't find end of a URL at byte offset 4"),
    ],
)
def test_markdown_v2_that_is_refused(source: str, reason: str) -> None:
    with pytest.raises(Refused) as refusal:
        formatted(source, "MarkdownV2", None)
    assert refusal.value.description == f"Bad Request: can't parse entities: {reason}"


def test_the_old_markdown() -> None:
    text, entities = formatted("*a* _b_ [c](a.kg) `d` 5\\_6", "markdown", None)
    assert text == "a b c d 5_6"
    assert [entity["type"] for entity in entities] == ["bold", "italic", "text_link", "code"]
    with pytest.raises(Refused, match="Can't find end of the entity starting at byte offset 1"):
        formatted("5_6", "Markdown", None)


def test_neighbours_of_one_kind_become_one() -> None:
    assert formatted("<i>a</i><i>b</i>", "HTML", None)[1] == [
        {"type": "italic", "offset": 0, "length": 2}
    ]


def test_what_telegram_finds_itself() -> None:
    source = (
        "/start@jigerduu_demo_bot @ainura #укук $KGS https://cbd.minjust.gov.kg/1). "
        "minjust.gov.kg, a@b.kg +996 312 123-456 file.txt и т.д. 2/3"
    )
    text, entities = formatted(source, None, None)
    assert pieces(text, entities) == [
        ("bot_command", "/start@jigerduu_demo_bot"),
        ("mention", "@ainura"),
        ("hashtag", "#укук"),
        ("cashtag", "$KGS"),
        ("url", "https://cbd.minjust.gov.kg/1"),
        ("url", "minjust.gov.kg"),
        ("email", "a@b.kg"),
        ("phone_number", "+996 312 123-456"),
    ]
    assert formatted("<code>/start</code>", "HTML", None)[1] == [
        {"type": "code", "offset": 0, "length": 6}
    ]


@pytest.mark.parametrize(
    ("entities", "reason"),
    [
        ([{"type": "bold", "offset": 9, "length": 1}], "begins after the end of the text"),
        ([{"type": "bold", "offset": 0, "length": 9}], "ends after the end of the text"),
        ([{"type": "bold", "offset": 1, "length": 1}], "in a middle of a UTF-16 symbol"),
        ([{"type": "text_link", "offset": 0, "length": 2, "url": "tel:112"}], "is invalid"),
    ],
)
def test_given_entities_that_do_not_fit(entities: list[dict[str, Any]], reason: str) -> None:
    with pytest.raises(Refused, match=reason):
        formatted("😀 ab", None, entities)


def test_half_a_character_is_refused() -> None:
    with pytest.raises(Refused, match="strings must be encoded in UTF-8"):
        formatted("a\ud800", None, None)


def test_crossing_entities_are_cut() -> None:
    given_entities = [
        {"type": "bold", "offset": 0, "length": 4},
        {"type": "italic", "offset": 2, "length": 4},
    ]
    text, entities = formatted("abcdef", None, given_entities)
    assert pieces(text, entities) == [("bold", "abcd"), ("italic", "cd"), ("italic", "ef")]


# --- properties ---------------------------------------------------------------------------------

words = st.text(
    st.characters(blacklist_categories=["Cs", "Cc", "Cf", "Zl", "Zp"], blacklist_characters="\u0333\u033f\u030a"),
    max_size=12,
)  # fmt: skip


@st.composite
def trees(draw: st.DrawFn, depth: int = 3) -> tuple[str, str]:
    """Some HTML and the text in it."""
    source, text = "", ""
    for _ in range(draw(st.integers(1, 3))):
        word = draw(words)
        inner_source, inner_text = escape(word, quote=False), word
        if depth and draw(st.booleans()):
            inner_source, inner_text = draw(trees(depth - 1))
        tag = draw(st.sampled_from(["", *SIMPLE]))
        source += f"<{tag}>{inner_source}</{tag}>" if tag else inner_source
        text += inner_text
    return source, text


@given(trees())
def test_html_keeps_the_text_and_nests_well(tree: tuple[str, str]) -> None:
    source, text = tree
    got, entities = formatted(source, "HTML", None, find=False)
    assert got.strip(" \n") == text.strip(" \n")
    assert entities == sorted(entities, key=lambda each: (each["offset"], -each["length"]))
    spans = [(each["offset"], each["offset"] + each["length"]) for each in entities]
    for start, end in spans:
        assert 0 <= start < end <= utf16_length(got)
        assert not any(start < a < end < b or a < start < b < end for a, b in spans)


@given(st.text(max_size=60), st.sampled_from(["HTML", "MarkdownV2", "Markdown"]))
def test_any_text_is_parsed_or_refused_in_words(source: str, mode: str) -> None:
    try:
        text, entities = formatted(source, mode, None)
    except Refused as refusal:
        assert refusal.description.startswith("Bad Request: can't parse entities: ")
    else:
        assert all(0 < each["length"] <= utf16_length(text) for each in entities)


@given(st.lists(st.sampled_from(["<b>", "</b>", "<i>", "</i>", "&lt;", "<", ">", "а", "😀", " ",
                                 "<a href='a.kg'>", "</a>", "<code>", "</code>", "&#0;"])))  # fmt: skip
def test_broken_html_never_breaks_the_parser(parts: list[str]) -> None:
    try:
        text, entities = formatted("".join(parts), "HTML", None)
    except Refused:
        return
    assert all(utf16_slice(text, each) for each in entities)


@given(words.filter(lambda word: word.strip()))
def test_escaped_text_comes_back_as_it_was(word: str) -> None:
    assert formatted(escape(word), "HTML", None, find=False)[0] == word.strip(" \n")
    markdown = escape_markdown(word, version=2)
    assert formatted(markdown, "MarkdownV2", None, find=False)[0] == word.strip(" \n")


@given(trees())
def test_what_python_telegram_bot_writes_back_means_the_same(tree: tuple[str, str]) -> None:
    text, entities = formatted(tree[0], "HTML", None, find=False)
    if not text:
        return
    message = Message(
        1, None, None, text=text,  # type: ignore[arg-type]
        entities=[MessageEntity(**each) for each in entities], from_user=User(1, "a", False),
    )  # fmt: skip
    again, entities_again = formatted(message.text_html, "HTML", None, find=False)
    assert again == text
    assert _marks(again, entities_again) == _marks(text, entities)


def _marks(text: str, entities: list[dict[str, Any]]) -> list[set[str]]:
    """Tell for each UTF-16 unit which formatting it has."""
    marks: list[set[str]] = [set() for _ in range(utf16_length(text))]
    for each in entities:
        for place in range(each["offset"], each["offset"] + each["length"]):
            marks[place].add(each["type"])
    return marks
