"""What an extract tells as counts: its margins, as cells that join the linked system of everything else published."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow as pa

Key = tuple[tuple[str, Any], ...]
"""A cell: (dimension, code) pairs in the order of the columns; ``()`` is the number of records. A column grouped to a
coarser level is named «column@level»."""


@dataclass(frozen=True)
class MarginCell:
    """``count``: records of the extract in the cell. The true count lies in ``low`` … ``high``: the same number where
    nothing was blanked or dropped, else up to all that might belong there."""

    count: int
    low: int
    high: int

    @property
    def exact(self) -> bool:
        return self.low == self.high


def margin_cells(
    table: pa.Table, names: Mapping[str, str], dropped: int, blanked: frozenset[str], largest: int | None = None
) -> dict[Key, MarginCell]:
    """Every margin of an extract ``table`` over the columns of ``names`` (column → dimension), cut by up to ``largest``
    of them. Blank values are not a code: the records they hide widen the bounds. Cells of 0 are left out."""
    columns = list(names)
    values = {c: table.column(c).to_pylist() for c in columns}
    cells: dict[Key, MarginCell] = {(): MarginCell(table.num_rows, table.num_rows, table.num_rows + dropped)}
    for size in range(1, min(largest or len(columns), len(columns)) + 1):
        for subset in combinations(columns, size):
            counted = Counter(zip(*(values[c] for c in subset), strict=True))
            cells.update(_cells(subset, counted, names, dropped, blanked))
    return cells


def _cells(
    subset: Sequence[str],
    counted: Counter[tuple[Any, ...]],
    names: Mapping[str, str],
    dropped: int,
    blanked: frozenset[str],
) -> dict[Key, MarginCell]:
    open_rows = {k: n for k, n in counted.items() if None in k} if blanked & set(subset) else {}
    out: dict[Key, MarginCell] = {}
    for key, n in counted.items():
        if None in key:
            continue
        more = sum(m for other, m in open_rows.items() if all(o in (None, v) for o, v in zip(other, key, strict=True)))
        out[tuple((names[c], v) for c, v in zip(subset, key, strict=True))] = MarginCell(n, n, n + more + dropped)
    return out
