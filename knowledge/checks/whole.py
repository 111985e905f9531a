"""The base as a whole: no phrasing has two owners, and the tables around the articles hold."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta

from knowledge.base import Base, shown
from knowledge.checks import listed
from knowledge.checks.articles import spoken
from knowledge.checks.wording import misspelled
from knowledge.faults import Fault
from knowledge.model import LANGUAGES, ContactText
from knowledge.rates import RateUnknown, period_on

RATE_ENDS_SOON = timedelta(days=40)

_WITHOUT_KYRGYZ_LETTERS = str.maketrans("өүң", "оун")  # as many people type


def claims(base: Base, day: date) -> Iterator[Fault]:
    """A phrasing belongs to one article, titles too; ө ү ң typed as о у н are no difference."""
    owners: dict[str, dict[str, str]] = defaultdict(dict)
    for article in base.articles.values():
        for language in LANGUAGES:
            text = article.in_language(language)
            for way in (text.title, *text.phrasings):
                owners[spoken(way).translate(_WITHOUT_KYRGYZ_LETTERS)][article.id] = way
    for ways in owners.values():
        for id, way in ways.items():
            if others := ways.keys() - {id}:
                what = f"«{way}» belongs to {listed(others)} as well"
                yield Fault(base.file(id), what, "leave it to the one that answers it best")


def sums(base: Base, day: date) -> Iterator[Fault]:
    """Rates name what exists, and their next period is entered in time."""
    for rate in base.rates.values():
        file = shown(base.home / "rates" / f"{rate.name}.yaml")
        if rate.ask is not None and rate.ask not in base.contacts:
            yield Fault(file, f"contact {rate.ask} is unknown", "correct `ask`")
        for act in {period.act for period in rate.periods if period.act} - base.acts.keys():
            yield Fault(file, f"act {act} is unknown", "correct the id, or add it to acts.yaml")
        try:
            ends = period_on(rate, day).end
        except RateUnknown:
            yield Fault(file, f"no period covers {day}", "enter the present sum", "warning")
            continue
        followed = any(period.start > day for period in rate.periods)
        if ends and ends - day <= RATE_ENDS_SOON and not followed:
            what = f"ends {ends}, {(ends - day).days} days from now"
            yield Fault(file, what, "enter the next period", "warning")


def contacts(base: Base, day: date) -> Iterator[Fault]:
    """Contacts name needs and regions that exist."""
    file = shown(base.home / "contacts.yaml")
    for contact in base.contacts.values():
        for need in set(contact.needs) - base.needs.keys():
            yield Fault(file, f"{contact.id}: need {need} is unknown", "add it under `needs`")
        for region in set(contact.regions) - base.regions.keys():
            yield Fault(file, f"{contact.id}: region {region} is unknown", "see regions.yaml")


def names(base: Base, day: date) -> Iterator[Fault]:
    """Names and descriptions are spelled with the letters of their language."""
    for table in ("acts", "contacts", "needs", "topics", "regions", "rates"):
        file = shown(base.home / ("contacts.yaml" if table == "needs" else f"{table}.yaml"))
        for id, item in getattr(base, table).items():
            for language in LANGUAGES:
                for what, cure in misspelled(
                    _joined(item.in_language(language)), base.languages[language].letters
                ):
                    yield Fault(file, f"{id}.{language} {what}", cure)


def _joined(said: str | ContactText) -> str:
    return said if isinstance(said, str) else " ".join(filter(None, dict(said).values()))
