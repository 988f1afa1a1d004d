"""The one formula by which Danbe says that a figure rose or fell, and how a change is written.

Two formulas stood side by side in earlier publications (a true change and a symmetric difference), and small bases
gave changes of a thousand percent. Hence one function, and no percentage under a base of 30 (field practice).
"""

from __future__ import annotations

import math
from typing import Any

from danbe.reference.words import number, translator

SMALLEST_BASE = 30


def change(value: float | None, previous: float | None) -> float | None:
    """(value − previous) / previous as a ratio; ``None`` where either is missing or the base is below 30."""
    if value is None or previous is None or previous < SMALLEST_BASE:
        return None
    return (value - previous) / previous


# Figures that are a share of something, shown in percent; their changes are in points.
_RATIOS = frozenset({"coverage", "rate", "reporting_rate"})
_FINEST = 4


def is_ratio(name: str) -> bool:
    """Whether the measure or indicator ``name`` is a share."""
    return name in _RATIOS


def pair(old: Any, new: Any, ratio: bool, language: str) -> tuple[str, str]:
    """Both values with as many decimals as it takes to tell them apart. What the gate made a text stays one."""
    if isinstance(old, str) or isinstance(new, str):
        return str(old), str(new)
    decimals = 0
    if None not in (old, new) and not (gap := abs(float(new) - float(old)) * (100 if ratio else 1)).is_integer():
        decimals = min(_FINEST, max(0, math.ceil(-math.log10(gap))))
    return _value(old, ratio, language, decimals), _value(new, ratio, language, decimals)


def share(value: float, ratio: bool, language: str) -> str:
    """What a cause adds or takes away: «+1 300», «−0,9 point»."""
    size = abs(float(value)) * (100 if ratio else 1)
    decimals = 0
    if not size.is_integer():
        decimals = min(_FINEST, max(1, 1 - math.floor(math.log10(size))))
    text = f"{'+' if value > 0 else '−'}{number(size, language, decimals)}"
    return translator(language)("%(n)s point") % {"n": text} if ratio else text


def _value(value: float | None, ratio: bool, language: str, decimals: int) -> str:
    if value is None or not ratio:
        return number(value, language, decimals)
    return number(value * 100, language, decimals) + ("\u202f%" if language == "fr" else "%")
