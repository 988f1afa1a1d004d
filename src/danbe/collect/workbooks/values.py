"""What a cell of a partner's workbook means as text, number, month or date; pure, and called once per distinct value.

Each function returns the value, ``None`` for an empty cell, or raises ``Unreadable`` with the reason: ``text`` (no
number or date in it), ``decimal`` (a part of a person), ``negative``, ``range`` (no such month, day or size),
``ambiguous`` (several readings), ``year`` (a month without a year, and no year was given).
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from typing import Any

from danbe.reference.text import clean, search_key

# Beyond this a count of persons is a phone number or an identifier: no country has so many people.
LARGEST_COUNT = 2_000_000_000
# The years a report can speak of; outside, a number is not a date.
FIRST_YEAR, LAST_YEAR = 1990, 2100
EXCEL_EPOCH = date(1899, 12, 30)
# What partners write for «nothing here». «0» is not one of them: zero is an answer.
EMPTY = frozenset(
    {
        "",
        "n/a",
        "na",
        "n.a.",
        "n.a",
        "nd",
        "n.d.",
        "n.d",
        "-",
        "--",
        "–",
        "—",
        "null",
        "none",
        "#n/a",
        "#na",
        "ras",
        "néant",
        "?",
        "/",
    }
)

_NUMBER = re.compile(r"[+-]?[0-9][0-9 .,']*")
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "janvier january janv jan",
            "fevrier february fevr fev feb",
            "mars march mar",
            "avril april avr apr",
            "mai may",
            "juin june jun",
            "juillet july juil jul",
            "aout august aou aug",
            "septembre september sept sep",
            "octobre october oct",
            "novembre november nov",
            "decembre december dec",
        ),
        start=1,
    )
    for name in names.split()
}


class Unreadable(ValueError):
    """A value that does not mean what its column asks; ``rule`` says how."""

    def __init__(self, rule: str) -> None:
        super().__init__(rule)
        self.rule = rule


def to_text(value: Any) -> str | None:
    """The trimmed text of a cell, or ``None``; dates as ISO text, whole floats without decimals."""
    if isinstance(value, datetime):
        return value.isoformat(" ") if value.time() != time(0) else value.date().isoformat()
    return clean(value) or None


def to_decimal(value: Any) -> float | None:
    """A number. Text is read as French or English write it: «1 234,5», «1,234.5», «12 000», «1.234.567».

    One separator followed by three digits («1,234») is thousands in one language and decimals in the other: whole
    groups of three are read as thousands, as no count of persons has three decimals; «1,2345» is a decimal.
    """
    if value is None:
        return None
    if isinstance(value, bool):
        raise Unreadable("text")
    if isinstance(value, int | float):
        if value != value or value in (float("inf"), float("-inf")):
            raise Unreadable("range")
        return float(value)
    if isinstance(value, date | time | timedelta):
        # An empty cell formatted as a date comes as midnight; a zero does too.
        if value == time(0) or value == timedelta(0):
            return None
        raise Unreadable("text")
    text = clean(value)
    if text.casefold() in EMPTY:
        return None
    if not _NUMBER.fullmatch(text):
        raise Unreadable("text")
    return _parse(text)


def _parse(text: str) -> float:
    sign = -1.0 if text[0] == "-" else 1.0
    body = text.lstrip("+-").replace(" ", "").replace("'", "")
    points, commas = body.count("."), body.count(",")
    if points and commas:
        decimal = max(".", ",", key=body.rfind)
        other = "," if decimal == "." else "."
        if body.count(decimal) > 1:
            raise Unreadable("ambiguous")
        whole, _, rest = body.partition(decimal)
        _check_groups(whole.split(other))
        return sign * float(f"{whole.replace(other, '')}.{rest or 0}")
    mark = "." if points else ","
    parts = body.split(mark)
    if len(parts) == 1:
        return sign * float(body)
    if len(parts) > 2:
        _check_groups(parts)
        return sign * float("".join(parts))
    if len(parts[1]) == 3 and 1 <= len(parts[0]) <= 3 and parts[0] != "0":
        return sign * float("".join(parts))
    return sign * float(f"{parts[0] or 0}.{parts[1] or 0}")


def _check_groups(parts: list[str]) -> None:
    if not 1 <= len(parts[0]) <= 3 or any(len(p) != 3 for p in parts[1:]):
        raise Unreadable("ambiguous")


def to_integer(value: Any) -> int | None:
    """A count: a whole number from 0. Raises ``decimal`` and ``negative`` apart, since the rules name them apart."""
    found = to_decimal(value)
    if found is None:
        return None
    if found < 0:
        raise Unreadable("negative")
    if not found.is_integer():
        raise Unreadable("decimal")
    if found > LARGEST_COUNT:
        raise Unreadable("range")
    return int(found)


def to_date(value: Any) -> date | None:
    """A day, from a date cell, an Excel serial number, ISO text or day-first text (31/12/2024, 31 décembre 2024).

    Text such as 03/04/2025 is read day first, as French does; a second part above 12 (12/31/2024) shows month first.
    """
    if isinstance(value, datetime):
        return _in_years(value.date())
    if isinstance(value, date):
        return _in_years(value)
    if value is None or (isinstance(value, time | timedelta) and not _seconds(value)):
        return None
    if isinstance(value, bool | time | timedelta):
        raise Unreadable("text")
    if isinstance(value, int | float):
        return _serial(float(value))
    text = clean(value)
    if text.casefold() in EMPTY:
        return None
    numbers = re.findall(r"\d+", text)
    words = [w for w in search_key(text).split() if not w.isdigit()]
    if not words or re.fullmatch(r"\d{4}-\d\d?-\d\d?[T ].*", text):
        return _from_numbers(numbers, text)
    named = [_MONTHS[w] for w in words if w in _MONTHS]
    if len(named) == 1 and len(numbers) == 2:
        day, year = (numbers[1], numbers[0]) if len(numbers[0]) == 4 else (numbers[0], numbers[1])
        return _day(_year(year), named[0], int(day))
    raise Unreadable("text")


def _seconds(value: time | timedelta) -> float:
    if isinstance(value, timedelta):
        return value.total_seconds()
    return value.hour * 3600 + value.minute * 60 + value.second


def _serial(value: float) -> date:
    if 19900101 <= value <= 21001231:  # 20250331, typed as a number
        text = str(int(value))
        return _day(int(text[:4]), int(text[4:6]), int(text[6:]))
    if not 1 <= value < 80_000:
        raise Unreadable("range")
    return _in_years(EXCEL_EPOCH + timedelta(days=int(value)))


def _from_numbers(numbers: list[str], text: str) -> date:
    if len(numbers) == 1:
        return _serial(float(numbers[0]))
    if len(numbers) < 3:
        raise Unreadable("ambiguous" if len(numbers) == 2 else "text")
    if len(numbers) > 3 and ":" not in text:
        raise Unreadable("ambiguous")
    first, second, third = numbers[:3]
    if len(first) == 4:
        return _day(int(first), int(second), int(third))
    if int(second) > 12 >= int(first):
        return _day(_year(third), int(first), int(second))
    return _day(_year(third), int(second), int(first))


def _year(text: str) -> int:
    year = int(text)
    return year + 2000 if len(text) == 2 else year


def _day(year: int, month: int, day: int) -> date:
    try:
        return _in_years(date(year, month, day))
    except ValueError as error:
        raise error if isinstance(error, Unreadable) else Unreadable("range") from None


def _in_years(found: date) -> date:
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise Unreadable("range")
    return found


def to_month(value: Any, default_year: int | None = None) -> str | None:
    """A month as 'YYYY-MM': from a date, «mars 2025», 'March-2025', '03/2025', '2025-03', 202503.

    ``default_year`` is the year of the report, used only where the cell names a month alone («mars», ' February', 3).
    """
    if value is None or (isinstance(value, time | timedelta) and not _seconds(value)):
        return None
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _month_of_number(float(value), default_year)
    if not isinstance(value, str):
        return _month_of(to_date(value))
    text = clean(value)
    if text.casefold() in EMPTY:
        return None
    numbers = re.findall(r"\d+", text)
    words = [w for w in re.findall(r"[a-z]+", search_key(text)) if w not in ("mois", "month", "de", "of", "en", "d")]
    named = {_MONTHS[w] for w in words if w in _MONTHS}
    if len(named) > 1:
        raise Unreadable("ambiguous")
    if len(words) > len([w for w in words if w in _MONTHS]) and not re.match(r"\d{4}-\d\d", text):
        raise Unreadable("text")
    if named:
        month = named.pop()
        if not numbers:
            return _month(_needed(default_year), month)
        if len(numbers) == 1:
            return _month(_year(numbers[0]), month)
        return _month_of(to_date(text))
    if len(numbers) == 1 and numbers[0] == text:
        return _month_of_number(float(text), default_year)
    if len(numbers) == 2:
        first, second = numbers
        return _month(int(first), int(second)) if len(first) == 4 else _month(_year(second), int(first))
    return _month_of(to_date(text))


def _month_of(found: date | None) -> str | None:
    return None if found is None else _month(found.year, found.month)


def _month_of_number(value: float, default_year: int | None) -> str:
    if not value.is_integer():
        found = _serial(value)
        return _month(found.year, found.month)
    whole = int(value)
    if 1 <= whole <= 12:
        return _month(_needed(default_year), whole)
    if FIRST_YEAR * 100 <= whole <= LAST_YEAR * 100 + 12:  # 202503
        return _month(whole // 100, whole % 100)
    found = _serial(float(whole))
    return _month(found.year, found.month)


def _needed(year: int | None) -> int:
    if year is None:
        raise Unreadable("year")
    return year


def _month(year: int, month: int) -> str:
    if not (1 <= month <= 12 and FIRST_YEAR <= year <= LAST_YEAR):
        raise Unreadable("range")
    return f"{year:04d}-{month:02d}"
