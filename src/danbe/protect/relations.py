"""The sums and bounds that tie the cells of a release together, as a reader can work them out from the plan.

A bound is a sum with a part nobody prints: what ``a ≤ b`` leaves is a cell of its own. Such cells are never shown.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from danbe.protect.book import Book, Disagree, Key, Places, text
from danbe.protect.plan import Plan


@dataclass
class Relations:
    """``sums``: (total, parts) of cells. ``unseen``: quantities no table prints but readers know to be 0 or more: key →
    what it is made of, (cell, +1 or -1). ``fixed``: those a reader knows exactly."""

    sums: list[tuple[Key, list[Key]]] = field(default_factory=list)
    unseen: dict[Any, list[tuple[Key, int]]] = field(default_factory=dict)
    fixed: set[Any] = field(default_factory=set)

    def at_most(
        self, greater: Key, parts: list[Key], cells: Mapping[Key, int], *, tight_is_known: bool = False
    ) -> None:
        """``parts`` together are no more than ``greater``; nothing is added where that does not hold."""
        room = cells[greater] - sum(cells[p] for p in parts)
        if room < 0:
            return
        rest = ("room", greater, parts[0])
        self.unseen[rest] = [(greater, 1), *((p, -1) for p in parts)]
        if tight_is_known and room == 0:
            self.fixed.add(rest)

    def together(self, total: Key, parts: list[Key], cells: Mapping[Key, int], along: str, *, known: bool) -> None:
        """``parts`` together are at least ``total``; ``known``: and readers know by how much."""
        if sum(cells[p] for p in parts) < cells[total]:
            return
        rest = ("overlap", total, along)
        self.unseen[rest] = [*((p, 1) for p in parts), (total, -1)]
        if known:
            self.fixed.add(rest)


def relations(book: Book, plan: Plan, places: Places) -> Relations:
    """Every sum and bound of the book's cells. Raises ``Disagree`` where parts exceed a total that adds up."""
    found, cells = Relations(), book.cells
    spans = _spans(cells)
    parts: dict[tuple[Key, str], list[Key]] = defaultdict(list)
    for key in cells:
        measure = plan.measure[key[0]]
        for dimension, above in _above(key, plan, places, spans):
            if above in cells and dimension.partition(":")[0] in (*measure.adds_over, *measure.largest_over):
                parts[above, dimension].append(key)
    for (total, along), members in parts.items():
        measure, dimension = plan.measure[total[0]], along.partition(":")[0]
        if dimension in measure.largest_over:
            for member in members:
                found.at_most(total, [member], cells)
            found.together(total, members, cells, along, known=False)
        elif sum(cells[m] for m in members) <= cells[total]:
            found.sums.append((total, members))
        elif dimension in measure.loose or total not in book.printed:
            # A figure of another publisher need not close with ours; how far it does not is known too.
            found.together(total, members, cells, along, known=True)
        elif any(m not in book.printed for m in members):
            continue
        else:
            whole = sum(cells[m] for m in members)
            raise Disagree(f"{total[0]}: {whole} > {cells[total]} ({text(total)}; {dimension})")
    for key in cells:
        measure = plan.measure[key[0]]
        top = [key, *(k for m in measure.on_top if (k := (m, key[1])) in cells)]
        for names, told in ((measure.at_most, False), (measure.caps, True)):
            for name in names:
                greater = (plan.measure[name].same_as or name, key[1])
                if greater in cells:
                    found.at_most(greater, [key] if told else top, cells, tight_is_known=told)
    return found


def _spans(cells: Iterable[Key]) -> dict[str, list[str]]:
    """Month → the spans of months that hold it, among those that occur."""
    periods = {code for _, cell in cells for dimension, code in cell if dimension == "period"}
    months = [p for p in periods if "/" not in p]
    spans = [p for p in periods if "/" in p]
    inside = {p: [s for s in spans if s[:7] <= p <= s[8:]] for p in months}
    for p in spans:
        # A quarter lies in the year; spans that begin together are one growing sum, tied by ``history``.
        inside[p] = [
            s for s in spans if s != p and s[:7] <= p[:7] and p[8:] <= s[8:] and is_quarter(p) and not is_quarter(s)
        ]
    return inside


def is_quarter(period: str) -> bool:
    """Whether a span of months is a calendar quarter."""
    start, _, end = period.partition("/")
    return start[5:7] in ("01", "04", "07", "10") and end == f"{start[:5]}{int(start[5:7]) + 2:02d}"


def _above(key: Key, plan: Plan, places: Places, spans: Mapping[str, list[str]]) -> list[tuple[str, Key]]:
    """The totals a cell is a part of: (dimension, or dimension:kind where there are several, total)."""
    measure, cell = key
    found: list[tuple[str, Key]] = []
    for at, (dimension, code) in enumerate(cell):
        others = (*cell[:at], *cell[at + 1 :])

        def put(value: str, dimension: str = dimension, others: Any = others) -> Key:
            return measure, tuple(sorted((*others, (dimension, value))))

        if dimension == "period":
            # Months of a span and quarters of it are two ways to add it up.
            kind = "period" if "/" not in code else "period:quarter"
            found += [(kind, put(span)) for span in spans.get(code, ())]
        elif dimension == "place":
            parent = places.parents.get(code)
            if parent is not None:
                above = (measure, others) if places.levels.get(parent) == 0 else put(parent)
                found.append((f"place:{places.levels.get(code)}", above))
        elif not any(g.dimension == dimension and g.total == code for g in plan.groupings):
            # A grouping overlaps the codes it groups: it is a total of its own, never a part beside them.
            found.append((dimension, (measure, others)))
        found += [
            (f"{dimension}:{g.total}", put(g.total))
            for g in plan.groupings
            if g.dimension == dimension and code in g.parts
        ]
    return found
