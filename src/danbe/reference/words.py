"""French and English: French source strings, one English ``.po`` file per room, merged when first needed.

A room that shows text to people keeps its translations in ``locale/en/<room>.po``. No room lists the words of another.
"""

from __future__ import annotations

import gettext as _gettext
from collections.abc import Callable
from functools import lru_cache
from io import BytesIO
from pathlib import Path

LANGUAGES = ("fr", "en")
LOCALE = Path(__file__).parent.parent / "locale"


@lru_cache
def english() -> _gettext.GNUTranslations:
    """All rooms' English words as one gettext catalogue, read from the ``.po`` files themselves."""
    from babel.messages.catalog import Catalog
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    merged = Catalog(locale="en", domain="danbe")
    for path in sorted((LOCALE / "en").glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale="en"):
                if message.id and message.string:
                    merged.add(message.id, message.string, context=message.context)
    compiled = BytesIO()
    write_mo(compiled, merged)
    compiled.seek(0)
    return _gettext.GNUTranslations(compiled)


def translator(language: str) -> Callable[[str], str]:
    """The function that turns a French source string into ``language`` ('fr' or 'en')."""
    if language not in LANGUAGES:
        raise ValueError(f"unknown language {language!r}: expected one of {LANGUAGES}")
    return english().gettext if language == "en" else str


def plural_translator(language: str) -> Callable[[str, str, int], str]:
    """``ngettext`` for ``language``; French counts 0 and 1 as singular, English only 1."""
    if language == "en":
        return english().ngettext
    return lambda one, many, n: one if abs(n) < 2 else many


def number(value: float | int | None, language: str, decimals: int = 0) -> str:
    """A figure as people of ``language`` write it («12 345,6»); a missing one is «n.d.» / 'n/a', never 0."""
    if value is None:
        return "n.d." if language == "fr" else "n/a"
    text = f"{value:,.{decimals}f}"
    if language == "fr":
        # U+202F, the narrow no-break space, is the French thousands separator.
        return text.replace(",", "\u202f").replace(".", ",")
    return text


def percent(value: float | None, language: str) -> str:
    """A ratio (0.25) as a whole percentage («25 %» / '25%'); what is more than nothing is never «0 %»."""
    if value is None:
        return number(None, language)
    if 0 < value < 0.005:
        return "<\u202f1\u202f%" if language == "fr" else "<1%"
    return f"{value * 100:.0f}\u202f%" if language == "fr" else f"{value * 100:.0f}%"


_MONTHS = {
    "fr": [
        "janvier",
        "février",
        "mars",
        "avril",
        "mai",
        "juin",
        "juillet",
        "août",
        "septembre",
        "octobre",
        "novembre",
        "décembre",
    ],
    "en": [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
}


def month_name(month: str, language: str) -> str:
    """'2025-03' as «mars 2025» / 'March 2025'; a span '2025-01/2025-12' as «janvier – décembre 2025»."""
    if "/" in month:
        start, end = month.split("/")
        if start == end:
            return month_name(start, language)
        first, last = month_name(start, language), month_name(end, language)
        if start[:4] == end[:4]:
            first = first.rsplit(" ", 1)[0]
        return f"{first} – {last}"
    year, _, number_ = month.partition("-")
    return f"{_MONTHS[language][int(number_) - 1]} {year}" if number_ else year
