"""What a reader understands of one cell or number: its value and precision, or that it is hidden or missing."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from danbe.reference.text import search_key

HIDDEN_WORDS = frozenset({"protege", "protected", "withheld", "masque", "suppressed", "confidentiel"})
MISSING_WORDS = frozenset({"n d", "n a", "nd", "na", "none", "null", "nan"})
_BAND = re.compile(r"^\s*[<‹≤]\s*\d+\s*$")
NUMBER = re.compile(r"(?<![\w.,])\d{1,3}(?:[ \u00a0\u202f.,]\d{3})+(?:[.,]\d+)?(?![\d])|(?<![\w.,])\d+(?:[.,]\d+)?")
_PERCENT = re.compile(r"^[ \u00a0\u202f]?%")


@dataclass(frozen=True, slots=True)
class Shown:
    """What a cell says. ``low`` … ``high``: what its printed digits leave possible (a count is one number)."""

    low: float = 0.0
    high: float = 0.0
    hidden: bool = False
    missing: bool = False
    ratio: bool = False


HIDDEN, MISSING = Shown(hidden=True), Shown(missing=True)


def read(value: Any, language: str = "en", ratio: bool = False) -> Shown | None:
    """What a cell says, or ``None`` for a text that is none of that. ``ratio``: the column holds shares."""
    if value is None:
        return MISSING
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        if value != value:
            return MISSING
        return _exact(float(value), ratio, repr(value))
    text = str(value).strip()
    key = search_key(text)
    if not key and not _BAND.match(text):
        return MISSING
    if key in MISSING_WORDS:
        return MISSING
    if key in HIDDEN_WORDS or _BAND.match(text):
        return HIDDEN
    found = NUMBER.match(text) or (NUMBER.match(text[1:]) if text[:1] in "-−'" else None)
    if not found:
        return _exact(float(text), ratio, text) if re.fullmatch(r"[-+]?\d*\.?\d+[eE][-+]?\d+", text) else None
    rest = text[text.index(found.group()) + len(found.group()) :]
    shown = number(found.group(), rest, language, ratio)
    if rest.strip(" \u00a0\u202f%"):
        return None
    if text[:1] in "-−":
        return Shown(-shown.high, -shown.low, ratio=shown.ratio)
    return shown


def number(text: str, rest: str, language: str, ratio: bool = False) -> Shown:
    """A matched ``NUMBER`` with what follows it; «12,5 %» is a share known to half of its last digit."""
    plain = digits(text, language)
    decimals = len(plain.partition(".")[2])
    value = float(plain)
    if _PERCENT.match(rest):
        half = 0.5 * 10.0**-decimals
        return Shown((value - half) / 100, (value + half) / 100, ratio=True)
    if ratio:
        return _exact(value, True, plain)
    if decimals and not value.is_integer():
        half = 0.5 * 10.0**-decimals
        return Shown(value - half, value + half)
    return Shown(value, value)


def digits(text: str, language: str) -> str:
    """The number as Python writes it. French: space for thousands, comma for decimals; English: comma, point."""
    text = re.sub("[ \u00a0\u202f]", "", text)
    if "," in text and "." in text:
        last = max(text.rfind(","), text.rfind("."))
        return re.sub("[.,]", "", text[:last]) + "." + text[last + 1 :]
    if text.count(",") > 1 or ("," in text and language == "en" and re.fullmatch(r"\d{1,3}(,\d{3})+", text)):
        return text.replace(",", "")
    if text.count(".") > 1:
        return text.replace(".", "")
    return text.replace(",", ".")


def _exact(value: float, ratio: bool, text: str) -> Shown:
    if not ratio:
        return Shown(value, value)
    digits_ = len(text.partition(".")[2]) if "e" not in text.lower() else 12
    half = 0.5 * 10.0 ** -max(digits_, 0) if digits_ < 12 else 1e-12
    return Shown(value - half, value + half, ratio=True)


def is_year(text: str) -> bool:
    return bool(re.fullmatch(r"(19|20)\d\d", text))
