"""Cells and the sums that bind them, whatever tables they are printed in; what of them a reader is taken to know."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
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
    ``small`` (n, bool): cells that may not be shown and must stay ambiguous. ``veiled``: hidden under the same symbol
    without being a secret (zeros, tables kept for the proof). ``known``: what a reader has from elsewhere; never hidden.
    ``low``, ``high`` (n): the band a reader knows for each cell once hidden. ``reach_zero``: small cells that must be
    able to be 0. ``cost`` (n): what hiding a cell takes from readers. ``keys``: what each cell is.
    """

    keys: Sequence[Key]
    values: np.ndarray
    relations: sp.csr_matrix
    rest: np.ndarray
    small: np.ndarray
    low: np.ndarray
    high: np.ndarray
    cost: np.ndarray
    veiled: np.ndarray = field(default_factory=lambda: np.zeros(0, bool))
    known: np.ndarray = field(default_factory=lambda: np.zeros(0, bool))
    reach_zero: np.ndarray = field(default_factory=lambda: np.zeros(0, bool))

    def __post_init__(self) -> None:
        for name in ("veiled", "known", "reach_zero"):
            if not len(getattr(self, name)):
                object.__setattr__(self, name, np.zeros(len(self.values), bool))

    def __len__(self) -> int:
        return len(self.values)

    @cached_property
    def by_cell(self) -> sp.csc_matrix:
        return self.relations.tocsc()

    @property
    def masked(self) -> np.ndarray:
        """What is hidden before any complement."""
        return self.small | self.veiled

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
    known: Iterable[Key] = (),
    reach_zero: Iterable[Key] = (),
    floor: Mapping[Key, int] | None = None,
) -> LinkedSystem:
    """The system of ``cells`` (key → count) under ``sums`` (total, parts); keys without a cell are not published.

    Counts 1 … threshold-1 are small, as are the cells of ``hide``. With ``zeros_shown`` a reader knows that a small
    cell is at least 1; otherwise zeros carry the symbol too and its band begins at 0. A cell of ``hide`` has the band
    0 … no limit. ``known`` cells are never hidden, however small. The witness of a ``reach_zero`` cell is 0 there.
    ``floor`` raises the lower end of a band (an organisation's own records). Raises ``NotClosed``.
    """
    keys = tuple(cells)
    place = {key: i for i, key in enumerate(keys)}
    values = np.array([cells[k] for k in keys], dtype=np.int64)
    if (values < 0).any():
        raise NotClosed(f"negative count: {keys[int(np.argmin(values))]!r}")
    limits = np.array([threshold if isinstance(threshold, int) else threshold.get(k, 5) for k in keys], dtype=np.int64)
    relations = _relations(place, sums)
    rest = np.asarray(relations @ values)
    if (rest < 0).any():
        total = keys[relations[int(np.argmin(rest))].indices[0]]
        raise NotClosed(f"the parts of {total!r} exceed it by {-int(rest.min())}")

    def marked(some: Iterable[Key]) -> np.ndarray:
        mask = np.zeros(len(keys), bool)
        mask[[place[k] for k in some if k in place]] = True
        return mask

    out = marked(known)
    asked = marked(hide) & ~out
    banded = (values > 0) & (values < limits) & ~asked & ~out
    veiled = (values == 0) & ~asked & ~out if not zeros_shown else np.zeros(len(keys), bool)
    low = np.where(banded | veiled, int(zeros_shown), np.where(asked, 0, np.minimum(values, limits)))
    high = np.where(banded | veiled, limits - 1, NO_LIMIT)
    for key, least in (floor or {}).items():
        if key in place:
            low[place[key]] = min(max(low[place[key]], least), values[place[key]])
    cost = np.log1p(values) + 0.5
    return LinkedSystem(keys, values, relations, rest, banded | asked, low, high, cost, veiled, out, marked(reach_zero))


def _relations(place: Mapping[Key, int], sums: Iterable[tuple[Key, Sequence[Key]]]) -> sp.csr_matrix:
    """One row for each sum whose total is printed with at least one part."""
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
    return sp.csr_matrix((data, (rows, columns)), shape=(m, len(place)), dtype=np.int64)
