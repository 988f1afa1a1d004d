"""Counts by several dimensions, printed in several tables: the cells, and the sums that bind them.

A dimension has levels (commune < cercle < region < country; month < quarter); a table takes one level of each. Levels
that do not nest (zones beside regions) are groupings of the leaves and meet in their common total.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product

import numpy as np
import scipy.sparse as sp

TOTAL = ""
"""The level at which a dimension is not told."""
Levels = tuple[str, ...]
"""One level per dimension: what a table is cut by."""


class UnknownDimension(ValueError):
    """A table asks for a level no dimension declares."""


@dataclass(frozen=True)
class Dimension:
    """``groups``: level → the group of each leaf (int array of the same length), coarsest first, the leaves last."""

    name: str
    groups: Mapping[str, np.ndarray]

    @property
    def leaf(self) -> str:
        return tuple(self.groups)[-1]

    @property
    def size(self) -> int:
        return len(self.groups[self.leaf])

    def of(self, level: str) -> np.ndarray:
        """The group of each leaf at ``level``."""
        if level == TOTAL:
            return np.zeros(self.size, np.int64)
        if level not in self.groups:
            raise UnknownDimension(f"{self.name}: no level {level!r}; there are {', '.join(self.groups)}")
        return self.groups[level]

    def count(self, level: str) -> int:
        return 1 if level == TOTAL else int(self.of(level).max()) + 1

    def above(self, level: str) -> list[str]:
        """The levels ``level`` adds up to, nearest first; the total last."""
        mine = self.of(level)
        found = []
        for other in reversed(tuple(self.groups)):
            theirs = self.groups[other]
            if other != level and self.count(other) < self.count(level):
                pairs = {*zip(mine.tolist(), theirs.tolist(), strict=True)}
                if len(pairs) == self.count(level):
                    found.append(other)
        return [*found, TOTAL]


def closed(dimensions: Sequence[Dimension], tables: Iterable[Levels]) -> list[Levels]:
    """The tables with all their margins, coarsest first."""
    every: set[Levels] = set()
    for table in tables:
        if len(table) != len(dimensions):
            raise UnknownDimension(f"{table}: one level for each of {[d.name for d in dimensions]}")
        choices = [
            [TOTAL] if level == TOTAL else [level, *d.above(level)] for d, level in zip(dimensions, table, strict=True)
        ]
        every |= set(product(*choices))
    rank = [{level: i for i, level in enumerate((TOTAL, *d.groups))} for d in dimensions]
    return sorted(every, key=lambda t: (*(r[x] for r, x in zip(rank, t, strict=True)),))


class Cube:
    """The cells of ``tables`` (margins included) in one vector; ``inner`` tables are kept for the proof, never shown."""

    def __init__(self, dimensions: Sequence[Dimension], tables: Iterable[Levels], inner: Iterable[Levels] = ()) -> None:
        self.dimensions = tuple(dimensions)
        shown = closed(self.dimensions, tables)
        hidden = [t for t in dict.fromkeys(inner) if t not in set(shown)]
        self.tables: list[Levels] = [*shown, *hidden]
        self.shown_tables = len(shown)
        self.shape = [tuple(d.count(x) for d, x in zip(self.dimensions, t, strict=True)) for t in self.tables]
        sizes = np.array([int(np.prod(s)) for s in self.shape])
        self.offset = np.concatenate([[0], np.cumsum(sizes)])
        self.at = {t: i for i, t in enumerate(self.tables)}

    def __len__(self) -> int:
        return int(self.offset[-1])

    @cached_property
    def finest(self) -> Levels:
        """The finest level of each dimension that any table shows."""
        shown = self.tables[: self.shown_tables]
        return tuple(max((t[i] for t in shown), key=d.count) for i, d in enumerate(self.dimensions))

    def ids(self, table: Levels) -> np.ndarray:
        """The cell numbers of a table, in its shape."""
        i = self.at[table]
        return np.arange(self.offset[i], self.offset[i + 1]).reshape(self.shape[i])

    @cached_property
    def parts(self) -> list[np.ndarray]:
        """Per dimension (tables × leaves): what a leaf adds to the cell number in each table; see ``cells_of``."""
        found = []
        for d, dimension in enumerate(self.dimensions):
            rows = np.zeros((len(self.tables), dimension.size), np.int64)
            for i, table in enumerate(self.tables):
                stride = int(np.prod(self.shape[i][d + 1 :], dtype=np.int64))
                rows[i] = dimension.of(table[d]) * stride
                if d == 0:
                    rows[i] += self.offset[i]
            found.append(rows)
        return found

    def cells_of(self, leaves: np.ndarray) -> np.ndarray:
        """The cell of each table (n × tables) that records at ``leaves`` (n × dimensions) count in."""
        return sum(part[:, leaves[:, d]] for d, part in enumerate(self.parts)).T  # type: ignore[union-attr]

    def count(self, leaves: np.ndarray, weights: np.ndarray | None = None) -> np.ndarray:
        """All cells (int64) of records at ``leaves`` (n × dimensions), each counting once or by ``weights``."""
        total = np.zeros(len(self), np.int64)
        for i in range(len(self.tables)):
            ids = sum(part[i, leaves[:, d]] for d, part in enumerate(self.parts))
            found = np.bincount(ids - self.offset[i], weights=weights, minlength=int(np.prod(self.shape[i])))
            total[self.offset[i] : self.offset[i + 1]] = np.rint(found).astype(np.int64)
        return total

    def relations(self, tables: Iterable[Levels] | None = None) -> sp.csr_matrix:
        """Every sum between ``tables`` (all by default): +1 for the total, -1 for each part; rows × all cells.

        A table is tied to the nearest coarser tables that are there, along one dimension at a time.
        """
        here = self.tables if tables is None else list(tables)
        inside = set(here)
        pointers: list[np.ndarray] = []
        indices: list[np.ndarray] = []
        for table in here:
            ids = self.ids(table)
            for d, dimension in enumerate(self.dimensions):
                if table[d] == TOTAL:
                    continue
                taken: list[str] = []
                for level in dimension.above(table[d]):
                    above = (*table[:d], level, *table[d + 1 :])
                    if above not in inside or any(level in dimension.above(t) for t in taken):
                        continue
                    taken.append(level)
                    for row_parents, row_parts in self._groups(ids, table, above, d):
                        n, width = row_parts.shape
                        pointers.append(np.full(n, width + 1))
                        indices.append(np.column_stack([row_parents, row_parts]).ravel())
        if not pointers:
            return sp.csr_matrix((0, len(self)), dtype=np.int64)
        widths = np.concatenate(pointers)
        start = np.concatenate([[0], np.cumsum(widths)])
        data = -np.ones(int(start[-1]), np.int64)
        data[start[:-1]] = 1
        return sp.csr_matrix((data, np.concatenate(indices), start), shape=(len(widths), len(self)))

    def _groups(self, ids: np.ndarray, table: Levels, above: Levels, d: int) -> Iterable[tuple[np.ndarray, np.ndarray]]:
        dimension = self.dimensions[d]
        mine, theirs = dimension.of(table[d]), dimension.of(above[d])
        parent = np.zeros(dimension.count(table[d]), np.int64)
        parent[mine] = theirs
        parts = np.moveaxis(ids, d, -1).reshape(-1, ids.shape[d])
        totals = np.moveaxis(self.ids(above), d, -1).reshape(-1, dimension.count(above[d]))
        for group in range(totals.shape[1]):
            members = np.flatnonzero(parent == group)
            if len(members):
                yield totals[:, group], parts[:, members]
