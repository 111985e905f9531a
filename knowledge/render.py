"""Says figures, days, laws and doubts in a language: plain text, for a given day.

Markup belongs to whoever shows the text. All functions are pure; the words they use stand in
knowledge/languages.yaml.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from urllib.parse import urlsplit

from babel import Locale

from knowledge.base import Base
from knowledge.model import LISTS, Article, Contact, Language, LanguageText, Period, Rate
from knowledge.rates import CALCULATION_INDEX, RateUnknown, period_before, period_on

PLACEHOLDER = re.compile(r"\{(?:rate:(?P<rate>[a-z0-9-]+)|units:(?P<units>\d+(?:,\d+)?))\}")
CITE = re.compile(
    r"(?P<term>[а-я]+)\. (?P<n>{one}(?:(?:, |–){one})*)".format(one=r"(?:\d[\d-]*|«[а-я]»)")
)
_SPACE = "\N{NO-BREAK SPACE}"
_GROUPS = re.compile(r"(?<=\d) (?=(?:\d{3}(?!\d)|%))")  # 5 000; 25 %


@dataclass(frozen=True, slots=True)
class Basis:
    """What an article rests on: an act with all places cited, or a page."""

    text: str
    link: str | None


def filled(article: Article, language: Language, day: date, base: Base) -> LanguageText:
    """Return the article as it is to be read on `day`, a calendar day in Bishkek.

    Raises:
        KeyError: a text names a rate that the base doesn't hold; the linter refuses it.
    """
    text = article.in_language(language)
    lists = {
        name: tuple(fill(line, language, day, base) for line in getattr(text, name))
        for name in LISTS
    }
    title, answer = (fill(line, language, day, base) for line in (text.title, text.answer))
    return text.model_copy(update={"title": title, "answer": answer} | lists)


def fill(text: str, language: Language, day: date, base: Base) -> str:
    """Put sums in place of `{rate:…}` and `{units:…}`, and keep the parts of a number together.

    Raises:
        KeyError: the base doesn't hold a rate of that name.
    """

    def said(match: re.Match[str]) -> str:
        if match["units"]:
            return units(Decimal(match["units"].replace(",", ".")), language, day, base)
        return rate(base.rates[match["rate"]], language, day, base)

    return _GROUPS.sub(_SPACE, PLACEHOLDER.sub(said, text))


def sums_named(text: str) -> list[str]:
    """Return the placeholders of a text, as they are written."""
    return [match[0] for match in PLACEHOLDER.finditer(text)]


def known(text: str, base: Base) -> bool:
    """Tell whether the base holds every rate that a text names, so that it can be filled."""
    return all(
        (match["rate"] or CALCULATION_INDEX) in base.rates for match in PLACEHOLDER.finditer(text)
    )


def units(number: Decimal, language: Language, day: date, base: Base) -> str:
    """Say a fine or fee in расчётные показатели: «50 расчётных показателей (5 000 сомов)»."""
    counted = _counted(base.languages[language].units, number, language)
    try:
        index = period_on(base.rates[CALCULATION_INDEX], day)
    except RateUnknown:
        return counted
    return f"{counted} ({som(number * index.amount, language, base)})"


def rate(rate: Rate, language: Language, day: date, base: Base) -> str:
    """Say a sum and the time it holds for; or that it isn't known, what it was and who knows."""
    try:
        period = period_on(rate, day)
    except RateUnknown:
        return _unknown(rate, language, day, base)
    notes = [_time(period, language, base)]
    if period.caveat:
        notes.append(period.caveat.in_language(language))
    return f"{_amount(rate, period, language, base)} ({'; '.join(notes)})"


def som(amount: Decimal, language: Language, base: Base) -> str:
    """Say a sum of money: «5 000 сомов», «8 697,32 сома»."""
    return _counted(base.languages[language].som, amount, language)


def calendar_day(day: date, language: Language, base: Base) -> str:
    """Say a day: «1 января 2026 года», «2026-жылдын 1-январы»."""
    words = base.languages[language]
    return words.date.format(day=day.day, month=words.months[day.month - 1], year=day.year)


def when(as_of: str, language: Language, base: Base) -> str:
    """Say when something was so: «в 2021 году», «в марте 2026 года»."""
    words = base.languages[language]
    year, *rest = as_of.split("-")
    if rest:
        return words.in_month.format(month=words.months_in[int(rest[0]) - 1], year=year)
    return words.in_years["one"].format(years=year)


def number(amount: Decimal) -> str:
    """Write a number as people read it: thousands apart, a comma before hundredths."""
    plain = f"{amount:,f}".replace(",", _SPACE).replace(".", ",")
    return plain.rstrip("0").rstrip(",") if "," in plain else plain


def basis(article: Article, language: Language, base: Base) -> tuple[Basis, ...]:
    """Return what the article rests on: acts first, each once with all its places, then pages."""
    places: dict[str, dict[str, None]] = {}
    pages: dict[str, Basis] = {}
    for entry in article.law:
        if entry.act:
            cited = places.setdefault(entry.act, {})
            if entry.article:
                cited[cite(entry.article, language, base)] = None
        elif entry.source:
            host = urlsplit(entry.source).netloc.removeprefix("www.")
            pages.setdefault(entry.source, Basis(host, entry.source))
    acts = (_act(id, "; ".join(cited), language, base) for id, cited in places.items())
    return (*acts, *pages.values())


def cite(place: str, language: Language, base: Base) -> str:
    """Say a place in an act, written as «ст. 94, ч. 4», in a language: «94-берене, 4-бөлүк»."""
    terms = base.languages[language].cites

    def said(match: re.Match[str]) -> str:
        return terms[match["term"]].format(n=match["n"]) if match["term"] in terms else match[0]

    return CITE.sub(said, place)


def doubt(contact: Contact, language: Language, base: Base) -> str | None:
    """Say that nothing recent confirms a contact, and how old the word is; None where it's sure."""
    if not contact.unconfirmed:
        return None
    said = base.languages[language].dated_contact
    return said.format(when=when(contact.as_of, language, base))


def _act(id: str, places: str, language: Language, base: Base) -> Basis:
    act = base.acts[id]
    dated = [calendar_day(act.date, language, base)] if act.date else []
    marks = ", ".join([*dated, *([f"№ {act.number}"] if act.number else [])])
    text = act.in_language(language) + (f" ({marks})" if marks else "")
    return Basis(f"{text}: {places}" if places else text, act.link)


def _amount(rate: Rate, period: Period, language: Language, base: Base) -> str:
    if rate.unit == "percent":
        return base.languages[language].percent.format(number=number(period.amount))
    return som(period.amount, language, base)


def _time(period: Period, language: Language, base: Base) -> str:
    """Say the time a sum holds for; a calendar year in one word."""
    words, start, end = base.languages[language], period.start, period.end
    if end is None:
        month = words.months_since[start.month - 1]
        return words.since.format(day=start.day, month=month, year=start.year)
    if (start, end) == (date(start.year, 1, 1), date(start.year, 12, 31)):
        return words.year.format(year=start.year)
    return " — ".join(calendar_day(day, language, base) for day in (start, end))


def _unknown(rate: Rate, language: Language, day: date, base: Base) -> str:
    words = base.languages[language]
    name = rate.in_language(language)
    told = [words.unknown_why.format(name=name[:1].lower() + name[1:])]
    if (last := period_before(rate, day)) and last.end:
        years = sorted({str(last.start.year), str(last.end.year)})
        in_years = words.in_years["other" if len(years) > 1 else "one"]
        amount = _amount(rate, last, language, base)
        told.append(words.was.format(when=in_years.format(years="–".join(years)), sum=amount))
    if rate.ask and (contact := base.contacts.get(rate.ask)):
        who = ", ".join([contact.in_language(language).name, *(p.short for p in contact.phones)])
        told.append(words.ask.format(who=who))
    return f"{words.unknown} ({'; '.join(told)})"


def _counted(forms: Mapping[str, str], count: Decimal, language: Language) -> str:
    """Choose the form of number by Unicode's plural rules."""
    form = _locale(language).plural_form(count.normalize() + 0)
    return forms.get(form, forms["other"]).format(number=number(count))


@cache
def _locale(language: Language) -> Locale:
    return Locale.parse(language)
