"""The bot's own words: one gettext catalogue a language, and how a text, a date or a number is said.

A language is a folder here with `LC_MESSAGES/bot.po`; adding one needs no code. The keys are the English
sentences of the code; Babel gathers them (`make messages`).
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from gettext import GNUTranslations
from pathlib import Path
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_skeleton, format_time
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

FOLDER = Path(__file__).parent
HERE = ZoneInfo("Asia/Bishkek")
DEFAULT = "ru"  # for a phone set to neither language: read by nearly everybody in the country


def catalogue(language: str) -> Path:
    """The file with the texts of a language."""
    return FOLDER / language / "LC_MESSAGES" / "bot.po"


def _translations(language: str) -> GNUTranslations:
    with catalogue(language).open("rb") as source:
        parsed = read_po(source, locale=language)
    compiled = io.BytesIO()
    write_mo(compiled, parsed)
    compiled.seek(0)
    return GNUTranslations(compiled)


@dataclass(frozen=True)
class Texts:
    """The texts of one language. Call it with the English sentence and what goes into its places."""

    language: str
    _translations: GNUTranslations
    locale: Locale

    def __call__(self, message: str, /, **places: object) -> str:
        """The sentence in this language, its named places filled."""
        said = self._translations.gettext(message)
        return said.format(**places) if places else said

    def plural(self, one: str, many: str, number: int, /, **places: object) -> str:
        """The sentence in the form that goes with a number; `{number}` may be one of its places."""
        return self._translations.ngettext(one, many, number).format(number=number, **places)

    def day(self, moment: datetime) -> str:
        """A day as people here write it: 9-декабрь / 9 декабря."""
        # The skeleton, not a pattern: "d MMMM" gives wrong Kyrgyz.
        return format_skeleton("MMMMd", moment.astimezone(HERE), locale=self.locale)

    def weekday(self, moment: datetime) -> str:
        """The day of the week in Bishkek: шейшемби / вторник."""
        return format_date(moment.astimezone(HERE), "EEEE", locale=self.locale)

    def time(self, moment: datetime) -> str:
        """Hours and minutes in Bishkek."""
        return format_time(moment.astimezone(HERE), "HH:mm", locale=self.locale)


@cache
def all_texts() -> Mapping[str, Texts]:
    """Every language there is, by its code, read once."""
    codes = sorted(folder.parent.parent.name for folder in FOLDER.glob("*/LC_MESSAGES/bot.po"))
    return {code: Texts(code, _translations(code), Locale.parse(code)) for code in codes}


def texts(language: str | None) -> Texts:
    """The texts of a language; the default's for an unknown one."""
    known = all_texts()
    return known.get(language or DEFAULT) or known[DEFAULT]


def guess(telegram_code: str | None) -> str:
    """The language for somebody who has not chosen: that of their Telegram, if we speak it."""
    code = (telegram_code or "").split("-")[0]
    return code if code in all_texts() else DEFAULT
