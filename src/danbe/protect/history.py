"""What earlier releases told: their figures stay in the system for ever.

A figure published before is known; one hidden before stays hidden; and a figure that differs from one published before
by 1 … k-1 tells that many people, so it may not be shown. The totals of a year to date, published edition after
edition, are one growing sum: each is tied to the months it holds.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from danbe.protect.across import Knowledge
from danbe.protect.book import KEY_FIGURES, Book, Cell, Key, Places, Row, before, cell_of
from danbe.protect.plan import Plan, Table
from danbe.protect.primary import HELD_BACK, INCREMENT
from danbe.reference.catalogue.figures import FIGURES, TOTAL, dimensions, measures

WITHHELD = "withheld"


@dataclass
class Told:
    """What one release showed (cell → count) and what it hid."""

    shown: dict[Key, int] = field(default_factory=dict)
    hidden: set[Key] = field(default_factory=set)


def told(release: Path, plan: Plan, places: Places) -> Told:
    """Reads the public tables of a release folder, whichever plan it was made under."""
    import pyarrow.parquet as pq

    found = Told()
    for path in sorted((release / "tables").glob("*.parquet")):
        if path.stem not in FIGURES:
            continue
        table = Table(path.stem, dimensions(FIGURES[path.stem]), measures(FIGURES[path.stem]))
        for row in pq.read_table(path).to_pylist():
            hidden = (row.get(WITHHELD) or "").split()
            for column, key in _cells(table, row, plan, places):
                if column in hidden:
                    found.hidden.add(key)
                elif row.get(column) is not None:
                    found.shown[key] = int(row[column])
    return found


def _cells(table: Table, row: Row, plan: Plan, places: Places) -> Iterable[tuple[str, Key]]:
    if table.name == KEY_FIGURES:
        name = plan.figure.get(row["indicator"])
        if name in plan.measure and not plan.measure[name].derived_from:
            for column, period in (("value", row["period"]), ("previous_value", before(row["period"]))):
                yield column, (plan.measure[name].same_as or name, (("period", period),))
        return
    cell = cell_of(table, row, places)
    for name in table.measures:
        measure = plan.measure.get(name)
        if measure is not None and not measure.derived_from and name in row:
            yield name, (measure.same_as or name, cell)


def remember(earlier: Sequence[Told], book: Book, plan: Plan) -> Knowledge:
    """What readers of all ``earlier`` releases (oldest first) know about the cells of this one."""
    knowledge = Knowledge()
    if not earlier:
        return knowledge
    active = _active(book)
    same, growing = _by_cell(earlier, active)
    for key, value in book.cells.items():
        measure, k = plan.measure[key[0]], book.limits[key]
        counted = measure.persons and not measure.estimate
        history = same.get(_settled(key, active), [])
        shown = [v for v in history if v is not None]
        if value in shown:
            knowledge.known.add(key)
            continue
        if None in history:
            knowledge.stay_hidden.add(key)
        if counted and any(0 < abs(value - v) < k for v in shown):
            knowledge.must_hide[key] = HELD_BACK
        for end, v in growing.get(_begun(key), ()):
            if counted and v is not None and end < _end(key) and 0 < abs(value - v) < k:
                knowledge.must_hide.setdefault(key, INCREMENT)
                if value > v:
                    knowledge.floor[key] = max(v, knowledge.floor.get(key, 0))
    _tie(knowledge, growing, book, plan)
    return knowledge


def _by_cell(
    earlier: Sequence[Told], active: dict[Any, list[str]]
) -> tuple[dict[Key, list[int | None]], dict[Key, set[tuple[str, int | None]]]]:
    """Cell → what it was shown as (``None``: hidden); and, for spans, cell from its beginning → (end, value)."""
    same: dict[Key, list[int | None]] = defaultdict(list)
    growing: dict[Key, set[tuple[str, int | None]]] = defaultdict(set)
    for release in earlier:
        values: list[tuple[Key, int | None]] = [*release.shown.items(), *((k, None) for k in release.hidden)]
        for key, value in values:
            same[_settled(key, active)].append(value)
            if _end(key):
                growing[_begun(key)].add((_end(key), value))
    return same, growing


def _active(book: Book) -> dict[Any, list[str]]:
    """(area, place) → the months with an activity there, from the tables told by month."""
    found: dict[Any, set[str]] = defaultdict(set)
    for _, cell in book.cells:
        here = dict(cell)
        period = here.get("period", "")
        if period and "/" not in period and set(here) <= {"period", "aor", "place"}:
            found[here.get("aor", TOTAL), here.get("place", "")].add(period)
    return {k: sorted(v) for k, v in found.items()}


def _settled(key: Key, active: dict[Any, list[str]]) -> Key:
    """The key with its span cut after the last month that had an activity: later editions print the same cell."""
    here = dict(key[1])
    end = _end(key)
    months = [m for m in active.get((here.get("aor", TOTAL), here.get("place", "")), ()) if m <= end]
    if not end or not months:
        return key
    return key[0], _with_period(key[1], f"{here['period'][:7]}/{max(months)}")


def _end(key: Key) -> str:
    """The last month of a key's span; empty for a month."""
    return dict(key[1]).get("period", "").partition("/")[2]


def _begun(key: Key) -> Key:
    """The key with only the beginning of its span."""
    return key[0], _with_period(key[1], dict(key[1]).get("period", "").partition("/")[0] + "/")


def _with_period(cell: Cell, period: str) -> Cell:
    return tuple(sorted((d, period if d == "period" else c) for d, c in cell))


def _tie(knowledge: Knowledge, growing: dict[Key, set[tuple[str, int | None]]], book: Book, plan: Plan) -> None:
    """Ties each earlier year to date to the months it held, where months are published: shown ones are known sums,
    hidden small ones are sums nobody may learn."""
    months: dict[Key, list[Key]] = defaultdict(list)
    for key in book.cells:
        period = dict(key[1]).get("period", "")
        if period and "/" not in period and "period" in plan.measure[key[0]].adds_over:
            months[key[0], _with_period(key[1], "")].append(key)
    for begun, editions in growing.items():
        start = dict(begun[1])["period"][:7]
        held = months.get((begun[0], _with_period(begun[1], "")), [])
        for end, value in editions:
            inside = [m for m in held if start <= dict(m[1])["period"] <= end]
            total = sum(book.cells[m] for m in inside)
            if not inside or (value is not None and value != total):
                continue
            quantity = ("until", begun, end)
            k = max(book.limits[m] for m in inside)
            if value is not None:
                knowledge.extra.fixed.add(quantity)
            elif 0 < total < k:
                knowledge.small[quantity] = k
            else:
                continue
            knowledge.extra.unseen[quantity] = [(m, 1) for m in inside]


def small_changes(book: Book, earlier: Sequence[Told], plan: Plan) -> dict[Key, tuple[int, int]]:
    """The cells published before under the same name whose count differs by 1 … k-1 from one shown: (shown, now)."""
    shown: dict[Key, set[int]] = defaultdict(set)
    for release in earlier:
        for key, value in release.shown.items():
            shown[key].add(value)
    found = {}
    for key, value in book.cells.items():
        measure = plan.measure[key[0]]
        if not measure.persons or measure.estimate or value in shown.get(key, {value}):
            continue
        near = min(shown[key], key=lambda v: abs(v - value))
        if abs(near - value) < book.limits[key]:
            found[key] = (near, value)
    return found
