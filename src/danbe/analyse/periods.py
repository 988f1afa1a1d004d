"""Months and spans of months: which periods a snapshot's figures are worked out for."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Period:
    """A month ('2025-03') or a span ('2025-01/2025-12'). ``kind``: 'month', 'span', or 'compare' for a span that only
    serves as the previous value of another."""

    name: str
    kind: str
    months: tuple[str, ...]
    previous: str = ""

    @property
    def year(self) -> int:
        """The year whose needs and targets the period is held against: that of its last month."""
        return int(self.months[-1][:4])


def shift(month: str, by: int) -> str:
    """The month ``by`` months later ('2025-01', -1 → '2024-12')."""
    count = int(month[:4]) * 12 + int(month[5:7]) - 1 + by
    return f"{count // 12:04d}-{count % 12 + 1:02d}"


def months_between(start: str, end: str) -> tuple[str, ...]:
    """All months from ``start`` to ``end``, both included; none when ``start`` is empty or later."""
    if not start or not end or start > end:
        return ()
    found = [start]
    while found[-1] < end:
        found.append(shift(found[-1], 1))
    return tuple(found)


def span_name(months: tuple[str, ...]) -> str:
    return f"{months[0]}/{months[-1]}"


def periods_of(start: str, end: str) -> list[Period]:
    """The months from ``start`` to ``end``, and one span for each calendar year within them.

    The previous period of a month is the month before; that of a span, the same months of the year before (field
    brief §2). Where those are not covered in full there is none.
    """
    months = months_between(start, end)
    found = [Period(m, "month", (m,), shift(m, -1) if m != start else "") for m in months]
    spans: list[Period] = []
    for year in sorted({m[:4] for m in months}):
        inside = tuple(m for m in months if m[:4] == year)
        before = tuple(shift(m, -12) for m in inside)
        covered = set(before) <= set(months)
        spans.append(Period(span_name(inside), "span", inside, span_name(before) if covered else ""))
    names = {s.name for s in spans}
    for span in list(spans):
        if span.previous and span.previous not in names:
            earlier = tuple(shift(m, -12) for m in span.months)
            spans.append(Period(span.previous, "compare", earlier))
    return found + spans
