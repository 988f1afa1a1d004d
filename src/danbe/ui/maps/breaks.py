"""Class breaks of a map: quantiles brought to round numbers, so that they can be said, compared and frozen."""

from __future__ import annotations

import math
from collections.abc import Iterable

_NICE = (1, 1.5, 2, 2.5, 3, 4, 5, 6, 8)


def class_breaks(values: Iterable[float | None], n: int = 5) -> list[float]:
    """The lower bounds of classes 2 … n (at most n-1 ascending numbers); a value belongs above the bounds ≤ it.

    Quantiles of the positive values (Brewer & Pickle 2002 found quantile classes the best read on choropleths), each
    rounded to 1–2 significant digits and kept apart; whole numbers when all values are whole. Zero and missing values
    take no part: a map shows them as classes of their own. Publish the breaks of the first month and pass the same
    list for the following ones, so that colours keep their meaning.
    """
    known = sorted(float(v) for v in values if v is not None and v > 0)
    whole = all(v.is_integer() for v in known)
    distinct = sorted(set(known))
    if len(distinct) <= n and whole:
        return distinct[1:]
    found: list[float] = []
    for i in range(1, n):
        quantile = known[min(len(known) - 1, len(known) * i // n)]
        nice = _round(quantile, whole)
        if nice > known[0] and nice <= known[-1] and (not found or nice > found[-1]):
            found.append(nice)
    return found


def _round(value: float, whole: bool) -> float:
    """The nearest «nice» number in ratio; whole numbers stay whole."""
    power = 10.0 ** math.floor(math.log10(value))
    choices = [m * power for m in (*_NICE, 10)]
    if whole:
        choices = [c for c in choices if c.is_integer()] if value >= 1 else [1.0]
    return min(choices, key=lambda c: (abs(math.log(c / value)), c))


def class_of(value: float, breaks: list[float]) -> int:
    """0 for the lowest class."""
    return sum(value >= b for b in breaks)
