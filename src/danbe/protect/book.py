"""The cells of a release: every count, whatever table prints it, once; and where each stands printed.

A key is ``(measure, ((dimension, code), …))`` with totals left out: the country, «TOTAL» of a code list. Two tables
that print the same count print the same cell.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from danbe.protect.plan import Measure, Plan, Table
from danbe.reference.catalogue.figures import TOTAL

Row = dict[str, Any]
Cell = tuple[tuple[str, str], ...]
Key = tuple[str, Cell]
KEY_FIGURES = "key_figures"
_COLUMNS = ("value", "previous_value")


class Disagree(ValueError):
    """Two tables of one release give the same cell two values, a count is negative, or parts exceed their total."""


@dataclass(frozen=True)
class Print:
    """Where a cell stands: table and row by number, column."""

    table: int
    row: int
    column: str


@dataclass
class Book:
    """``cells``: key → count; ``printed``: key → where; ``limits``: key → its k (1 where no person is counted)."""

    tables: Sequence[tuple[Table, list[Row]]]
    cells: dict[Key, int] = field(default_factory=dict)
    printed: dict[Key, list[Print]] = field(default_factory=lambda: defaultdict(list))
    limits: dict[Key, int] = field(default_factory=dict)
    derived: list[tuple[Print, tuple[Key, ...]]] = field(default_factory=list)
    """Figures worked out from cells, with the cells they go with."""


@dataclass(frozen=True)
class Places:
    """The public places: level and parent of each."""

    levels: Mapping[str, int]
    parents: Mapping[str, str | None]

    def level(self, cell: Cell) -> int:
        return max((self.levels.get(code, 0) for dimension, code in cell if dimension == "place"), default=0)


def read(tables: Sequence[tuple[Table, list[Row]]], plan: Plan, places: Places) -> Book:
    """The book of these tables. Raises ``Disagree``."""
    book = Book(tables)
    for t, (table, rows) in enumerate(tables):
        if table.name == KEY_FIGURES:
            _read_key_figures(book, t, table, rows, plan)
            continue
        for i, row in enumerate(rows):
            cell = cell_of(table, row, places)
            for name in table.measures:
                if row[name] is not None:
                    _enter(book, Print(t, i, name), name, cell, row[name], plan, table)
    return book


def cell_of(table: Table, row: Row, places: Places) -> Cell:
    """The dimensions a row is told by, totals left out, in the order of their names."""
    told = []
    for dimension in table.dimensions:
        value = row[dimension]
        if dimension == "level" or value in (None, TOTAL):
            continue
        if dimension == "place" and places.levels.get(value) == 0:
            continue
        told.append((table.told_by(dimension), str(value)))
    return tuple(sorted(told))


def _enter(book: Book, where: Print, name: str, cell: Cell, value: Any, plan: Plan, table: Table) -> None:
    measure = plan.measure[name]
    if measure.derived_from:
        book.derived.append((where, tuple((_base(s, plan), cell) for s in measure.derived_from)))
        return
    if not _in_system(measure, plan):
        return
    key = (_base(name, plan), cell)
    if value != int(value):
        raise Disagree(f"{table.name}.{name}: {value} ({text(key)})")
    if value < 0:
        raise Disagree(f"{table.name}.{name}: {int(value)} < 0 ({text(key)})")
    if book.cells.setdefault(key, int(value)) != value:
        raise Disagree(f"{table.name}.{name}: {int(value)} ≠ {book.cells[key]} ({text(key)})")
    book.printed[key].append(where)
    book.limits[key] = max(book.limits.get(key, 1), plan.threshold(key[0], dict(cell), table))


def _base(name: str, plan: Plan) -> str:
    return plan.measure[name].same_as or name


def _in_system(measure: Measure, plan: Plan) -> bool:
    """Counts of persons, and whatever is tied to them by a sum or a comparison."""
    return measure.persons or bool(measure.same_as or measure.adds_over or measure.largest_over or measure.at_most)


def _read_key_figures(book: Book, t: int, table: Table, rows: list[Row], plan: Plan) -> None:
    """Each key figure is a cell of the country; its previous value, the cell of the period before."""
    for i, row in enumerate(rows):
        name = plan.figure.get(row["indicator"])
        if name is None:
            continue
        for column in _COLUMNS:
            value = row.get(column)
            period = row["period"] if column == "value" else before(row["period"])
            if value is not None and period:
                _enter(book, Print(t, i, column), name, (("period", period),), value, plan, table)


def before(period: str) -> str:
    """The period a key figure is compared with: the month before, or the same months of the year before."""
    start, _, end = period.partition("/")
    if not end:
        return shift(start, -1)
    return f"{shift(start, -12)}/{shift(end, -12)}"


def shift(month: str, by: int) -> str:
    """The month ``by`` months later ('2025-01', -1 → '2024-12')."""
    count = int(month[:4]) * 12 + int(month[5:7]) - 1 + by
    return f"{count // 12:04d}-{count % 12 + 1:02d}"


def filled(table: Table, rows: list[Row], plan: Plan) -> list[Row]:
    """The rows with a zero for each code of ``table.grid`` that is missing beside others.

    Where nothing at all is behind the cell above (no activity row), nothing is added: that zero is structural and
    stays visible. Rows are copied, not changed.
    """
    rows = [dict(row) for row in rows]
    for dimension in table.grid:
        others = [d for d in table.dimensions if d != dimension]
        counted = [
            m
            for m in table.measures
            if not plan.measure[m].estimate and not plan.measure[m].derived_from and _in_system(plan.measure[m], plan)
        ]
        codes = sorted({row[dimension] for row in rows} - {TOTAL})
        groups: dict[tuple[Any, ...], dict[str, Row]] = defaultdict(dict)
        for row in rows:
            groups[tuple(row[d] for d in others)][row[dimension]] = row
        for at, members in groups.items():
            active = [m for m in counted if any(row[m] is not None for row in members.values())]
            for code in codes if active else ():
                row = members.get(code, {})
                if not row:
                    empty: Row = dict.fromkeys(table.measures)
                    row = {**dict(zip(others, at, strict=True)), dimension: code, **empty}
                    rows.append(row)
                for m in active:
                    if row[m] is None:
                        row[m] = 0
    return rows


def text(key: Key) -> str:
    """A cell in words, for messages and reports."""
    return ", ".join(f"{d} {v}" for d, v in key[1]) or "total"


def values(keys: Iterable[Key], cells: Mapping[Key, int]) -> int:
    """The sum of the cells of ``keys`` that exist."""
    return sum(cells.get(k, 0) for k in keys)
