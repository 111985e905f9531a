"""One article: what it names is there, its languages say the same, and its figures have facts."""

import re
from collections.abc import Iterator
from datetime import date, timedelta

from knowledge import render
from knowledge.base import Base
from knowledge.checks import Remark, listed, placed, told
from knowledge.faults import Level
from knowledge.figures import figures
from knowledge.model import LANGUAGES, LISTS, Article, Contact, LanguageText

ID, TITLE, ANSWER, ITEM, PHRASING = 50, 60, 600, 300, 300  # characters
MESSAGE = 4096  # Telegram's own limit
HEADINGS = 700  # of it, for headings, numbers to call and the word on the review
FEWEST_PHRASINGS, GOOD_PHRASINGS = 10, 20
REVIEW_HOLDS = timedelta(days=365)


def references(article: Article, base: Base, day: date) -> Iterator[Remark]:
    """All that an article names must be there."""
    if article.topic not in base.topics:
        yield Remark(f"topic {article.topic} is unknown", "move the file, or add it to topics.yaml")
    for act in sorted({entry.act for entry in article.law if entry.act} - base.acts.keys()):
        yield Remark(f"act {act} is unknown", "correct the id, or add the act to acts.yaml")
    for contact in sorted(set(article.contacts) - base.contacts.keys()):
        yield Remark(f"contact {contact} is unknown", "correct the id, or add it to contacts.yaml")
    if article.urgent and not article.contacts:
        yield Remark("is urgent, but names no contacts", "add the numbers to call first")
    if any(base.article(id) is article for id in article.related):
        yield Remark("is related to itself", "remove its id from `related`")
    if unwritten := [id for id in article.related if base.article(id) is None]:
        what = f"`related` names what is not written yet ({listed(unwritten)})"
        yield Remark(what, "write it, or correct the id", "note")


def citations(article: Article, base: Base, day: date) -> Iterator[Remark]:
    """Places in acts are written so that every language can say them."""
    terms = {term for words in base.languages.values() for term in words.cites}
    for entry in article.law:
        rest = render.CITE.sub(
            lambda match: "" if match["term"] in terms else match[0], entry.article or ""
        )
        if re.search(r"[^,;\s]", rest):
            cure = f"use {listed(term + '.' for term in terms)} with numbers: «ст. 94, ч. 4»"
            yield Remark(f"`law` cites «{entry.article}», which has no translation", cure)


def parallel(article: Article, base: Base, day: date) -> Iterator[Remark]:
    """All languages say the same: as many items, and the same figures in each."""
    first, *others = LANGUAGES
    here = article.in_language(first).told()
    for other in others:
        there = article.in_language(other).told()
        for part in here:
            if len(here[part]) != len(there[part]):
                what = f"{first} has {len(here[part])} {part}, {other} has {len(there[part])}"
                yield Remark(what, "add the missing one, or join two")
                continue
            for index, (one, two) in enumerate(zip(here[part], there[part], strict=True)):
                place = placed(part, index)
                yield from _lacking(f"{first}.{place}", _sums(two) - _sums(one))
                yield from _lacking(f"{other}.{place}", _sums(one) - _sums(two))


def _sums(text: str) -> set[str]:
    return figures(text) | set(render.sums_named(text))


def _lacking(place: str, sums: set[str]) -> Iterator[Remark]:
    if sums:
        cure = "tell the same figures in both languages, in digits"
        yield Remark(f"{place} lacks {listed(sums)}", cure)


def lengths(article: Article, base: Base, day: date) -> Iterator[Remark]:
    """Titles fit on a button, ids into its 64 bytes of data, answers on a screen."""
    if len(article.id) > ID:
        yield Remark(f"its id has {len(article.id)} characters", f"{ID} is the limit: rename it")
    limits = {"title": TITLE, "answer": ANSWER}
    for line in told(article):
        limit = limits.get(line.part, ITEM)
        if len(line.text) > limit:
            yield Remark(f"{line.place} has {len(line.text)} characters", f"{limit} is the limit")
    for language in LANGUAGES:
        for index, way in enumerate(article.in_language(language).phrasings):
            if len(way) > PHRASING:
                what = f"{language}.phrasings[{index}] has {len(way)} characters"
                yield Remark(what, f"{PHRASING} is the limit")


def messages(article: Article, base: Base, day: date) -> Iterator[Remark]:
    """What stays together when a long answer is folded fits into one message of Telegram."""
    acts = {entry.act for entry in article.law if entry.act}
    if acts - base.acts.keys() or not all(render.known(line.text, base) for line in told(article)):
        return  # `references` and `wording.plain` tell what is unknown
    for language in LANGUAGES:
        folded = _folded(render.filled(article, language, day, base))
        folded["law"] = "\n".join(one.text for one in render.basis(article, language, base))
        for part, text in folded.items():
            if len(text) > MESSAGE - HEADINGS:
                what = f"{language}: {part} make a message of {len(text)} characters"
                yield Remark(what, f"{MESSAGE - HEADINGS} is the limit, sums written out")


def _folded(text: LanguageText) -> dict[str, str]:
    """Return the messages of an answer whose every part is folded."""
    parts = text.told()
    front = [*parts["title"], *parts["answer"], *parts["steps"]]
    folded = {part: "\n".join(parts[part]) for part in LISTS if part != "steps"}
    return {"title, answer and steps": "\n".join(front)} | folded


def figures_have_facts(article: Article, base: Base, day: date) -> Iterator[Remark]:
    """Every figure told stands in a fact, is the year of one, or belongs to a contact."""
    facts = [f"{entry.fact} ; {(entry.as_of or '')[:4]}" for entry in article.law]
    contacts = [base.contacts[id] for id in article.contacts if id in base.contacts]
    stated = figures(" ; ".join([*facts, *map(_told_of, contacts)]))
    for line in told(article):
        if unstated := figures(line.text) - stated:
            cure = "add the fact with its source, name the contact, or leave the figure out"
            yield Remark(f"{line.place} tells {listed(unstated)}, which no `law` fact states", cure)


def _told_of(contact: Contact) -> str:
    texts = [dict(contact.in_language(language)).values() for language in LANGUAGES]
    words = [word for values in texts for word in values if word]
    return " ; ".join([*words, *(phone.short for phone in contact.phones)])


def phrasings(article: Article, base: Base, day: date) -> Iterator[Remark]:
    """There are enough ways to ask, each once."""
    for language in LANGUAGES:
        ways = article.in_language(language).phrasings
        if len(ways) < GOOD_PHRASINGS:
            level: Level = "error" if len(ways) < FEWEST_PHRASINGS else "note"
            what = f"{language} has {len(ways)} phrasings"
            yield Remark(what, f"write {GOOD_PHRASINGS} or more", level)
        seen: set[str] = set()
        for way in ways:
            if spoken(way) in seen:
                yield Remark(f"{language}.phrasings has «{way}» twice", "remove one")
            seen.add(spoken(way))


def spoken(phrasing: str) -> str:
    """Return the words of a phrasing: case, punctuation and ё make no difference."""
    return " ".join(re.findall(r"\w+", phrasing.casefold().replace("ё", "е")))


def review(article: Article, base: Base, day: date) -> Iterator[Remark]:
    """A review holds for the text as it was, and for a year."""
    if article.review_lapsed:
        cure = (
            f"have it read again; `python -m knowledge review-hash {article.id}` then says `text`"
        )
        yield Remark(f"changed since {article.review.by} reviewed it", cure, "warning")
    elif article.review.on and article.review.on + REVIEW_HOLDS < day:
        yield Remark(f"was reviewed on {article.review.on}", "have it read again", "warning")
