"""Both languages are equal: whatever the bot says in one it says in the other."""

from datetime import UTC, datetime

import pytest

from handlers import articles, contacts
from handlers.resources import Resources, today
from handlers.screens import LONGEST, Screen
from knowledge.model import LANGUAGES
from knowledge.render import filled
from locales import all_texts
from locales.check import faults
from tests.conftest import _resources

DAY = today(datetime(2026, 11, 23, tzinfo=UTC))


@pytest.fixture(scope="module")
def resources() -> Resources:
    return _resources()


def test_every_text_exists_in_every_language() -> None:
    assert list(faults()) == []
    assert set(all_texts()) == set(LANGUAGES)


def letters(screen: Screen) -> list[str]:
    """The sections that a screen offers behind buttons."""
    data = [(button.data or "").split(":") for row in screen.buttons for button in row]
    return [parts[3] for parts in data if parts[0] == "a" and len(parts) == 4]


def test_no_article_is_too_long_and_nothing_of_it_is_cut(resources: Resources) -> None:
    for article in resources.base.articles.values():
        for language in LANGUAGES:
            short = articles.drawn(resources, 0, article.id, language, "", DAY)
            screens = [short] + [
                articles.drawn(resources, 0, article.id, language, letter, DAY)
                for letter in letters(short)
            ]
            assert max(articles.visible_length(one.text) for one in screens) <= LONGEST, article.id
            shown = "\n".join(one.text for one in screens)
            told = filled(article, language, DAY, resources.base).told()
            for line in (line for lines in told.values() for line in lines):
                assert articles.plain(line) in shown, article.id


def test_no_list_of_contacts_is_too_long(resources: Resources) -> None:
    base = resources.base
    for need in base.needs:
        for region in (None, *base.regions):
            for language in LANGUAGES:
                screen = contacts.need_screen(base, need, region, language)
                assert articles.visible_length(screen.text) <= LONGEST, (need, region)
                for one in base.help_for(need, region):
                    assert articles.plain(one.in_language(language).name) in screen.text
