"""Cells and the sums that bind them, whatever tables they are printed in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import scipy.sparse as sp

Key = Any  # whatever names a cell; hashable
NO_LIMIT = 10**12


class NotClosed(ValueError):
    """A sum whose parts exceed its total, or a cell that is negative or appears with two values."""


@dataclass(frozen=True)
class LinkedSystem:
    """``n`` cells bound by ``m`` sums.

    ``values`` (n, int64): the true counts. ``relations`` (m × n, csr): +1 for the total, -1 for each part.
    ``rest`` (m): what total minus parts leaves, which the reader is assumed to know (0 when parts are complete).
    ``small`` (n, bool): cells that may not be shown. ``low``, ``high`` (n): the band a reader knows for each cell once
    hidden. ``cost`` (n): what hiding a cell takes from readers. ``keys``: what each cell is.
    """

    keys: tuple[Key, ...]
    values: np.ndarray
    relations: sp.csr_matrix
    rest: np.ndarray
    small: np.ndarray
    low: np.ndarray
    high: np.ndarray
    cost: np.ndarray

    def __len__(self) -> int:
        return len(self.values)

    @cached_property
    def by_cell(self) -> sp.csc_matrix:
        return self.relations.tocsc()

    def holds(self, other: np.ndarray, hidden: np.ndarray) -> bool:
        """Whether ``other`` (n, whole counts) fits every sum, every published cell and every band of a hidden one."""
        return bool(
            (other >= 0).all()
            and (self.relations @ other == self.rest).all()
            and (other[~hidden] == self.values[~hidden]).all()
            and (other[hidden] >= self.low[hidden]).all()
            and (other[hidden] <= self.high[hidden]).all()
        )


def build(
    cells: Mapping[Key, int],
    sums: Iterable[tuple[Key, Sequence[Key]]],
    *,
    threshold: int | Mapping[Key, int] = 5,
    hide: Iterable[Key] = (),
    zeros_shown: bool = True,
) -> LinkedSystem:
    """The system of ``cells`` (key → count) under ``sums`` (total, parts); keys without a cell are not published.

    Counts 1 … threshold-1 are small, as are the cells of ``hide``. With ``zeros_shown`` a reader knows that a small
    cell is at least 1; otherwise zeros carry the symbol too and its band begins at 0. A cell of ``hide`` has the band
    0 … no limit. Raises ``NotClosed``.
    """
    keys = tuple(cells)
    place = {key: i for i, key in enumerate(keys)}
    values = np.array([cells[k] for k in keys], dtype=np.int64)
    if (values < 0).any():
        raise NotClosed(f"negative count: {keys[int(np.argmin(values))]!r}")
    limits = np.array([threshold if isinstance(threshold, int) else threshold.get(k, 5) for k in keys], dtype=np.int64)
    rows: list[int] = []
    columns: list[int] = []
    data: list[int] = []
    m = 0
    for total, parts in sums:
        inside = [place[p] for p in parts if p in place]
        if total not in place or not inside:
            continue
        rows += [m] * (len(inside) + 1)
        columns += [place[total], *inside]
        data += [1, *([-1] * len(inside))]
        m += 1
    relations = sp.csr_matrix((data, (rows, columns)), shape=(m, len(keys)), dtype=np.int64)
    rest = np.asarray(relations @ values)
    if (rest < 0).any():
        total = keys[relations[int(np.argmin(rest))].indices[0]]
        raise NotClosed(f"the parts of {total!r} exceed it by {-int(rest.min())}")
    zero = (values == 0) & (not zeros_shown)
    small = ((values > 0) & (values < limits)) | zero
    asked = np.zeros(len(keys), bool)
    asked[[place[k] for k in hide if k in place]] = True
    banded = small & ~asked
    low = np.where(banded, int(zeros_shown), np.where(asked, 0, np.minimum(values, limits)))
    high = np.where(banded, limits - 1, NO_LIMIT)
    return LinkedSystem(keys, values, relations, rest, small | asked, low, high, np.log1p(values) + 0.5)


def labels(system: LinkedSystem, mask: np.ndarray) -> list[Any]:
    """The keys of the cells in ``mask``."""
    return [system.keys[i] for i in np.flatnonzero(mask)]
