"""Systems too large for one programme: attacked area by area, with the sums that stay inside each.

Fewer sums leave a cell more room, so whatever is derived this way is derived. What is not may still follow from
sums of several areas and their bounds together; the null space of the whole system is probed for what follows from sums alone.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from danbe.protect.verify.coding import Cells
from danbe.protect.verify.hull import determined, fixed

LARGE = 60_000
_TOP = 1e6


@dataclass
class Swept:
    """Per cell: ``low``, ``high`` narrowed; ``exact``: derived here; ``loose``: seen to move."""

    low: np.ndarray
    high: np.ndarray
    exact: np.ndarray
    loose: np.ndarray


def areas_of(cells: Cells) -> list[np.ndarray]:
    """For each code with codes below it in the deepest grouping: the cells of it and of those directly below, smallest first."""
    universe = cells.universe
    if not universe.groupings:
        return []

    def depth(up: np.ndarray) -> int:
        steps, at = 0, np.arange(len(up))
        while (at >= 0).any() and steps < 9:
            at = np.where(at >= 0, up[np.maximum(at, 0)], -1)
            steps += 1
        return steps

    deepest = max(universe.groupings, key=lambda g: depth(g.up))
    digit = universe.digit(cells.keys, deepest.dimension)
    above = deepest.up[digit]
    found = [np.flatnonzero((digit == p) | (above == p)) for p in np.unique(deepest.up[deepest.up >= 0])]
    return sorted(found, key=len)


def sweep(
    matrix: sp.csr_matrix, row_low: np.ndarray, row_high: np.ndarray, low: np.ndarray, high: np.ndarray,
    areas: list[np.ndarray], end: float,
) -> Swept:  # fmt: skip
    """Attacks each area; returns what each gave."""
    low, high = low.copy(), np.minimum(high, _TOP)
    free = high - low > 0.5
    position = np.cumsum(free) - 1
    inner = matrix[:, np.flatnonzero(free)].tocsc()
    width = np.bincount(inner.indices, minlength=matrix.shape[0])
    told = matrix @ np.where(free, 0.0, low)
    out = Swept(low, high, np.zeros(len(low), bool), np.zeros(len(low), bool))
    whole = np.flatnonzero(free)
    still = determined(inner.tocsr()[row_low == row_high])
    out.loose[whole] = ~still
    for area in areas:
        if time.monotonic() > end:
            break
        cells = area[free[area]]
        columns = position[cells]
        hits = np.bincount(inner[:, columns].indices, minlength=matrix.shape[0])
        rows = np.flatnonzero((hits == width) & (hits > 0))
        if not len(rows) or len(cells) > LARGE:
            continue
        found = fixed(
            inner[:, columns].tocsr()[rows], row_low[rows] - told[rows], row_high[rows] - told[rows], low[cells], high[cells],
            max(1.0, end - time.monotonic()),
        )  # fmt: skip
        if found is None:
            continue
        same, middle = found
        value = np.rint(middle)
        sure = same & (np.abs(middle - value) < 1e-3)
        out.low[cells[sure]] = out.high[cells[sure]] = value[sure]
        out.exact[cells[sure]] = True
        out.loose[cells[sure]] = False
    return out
