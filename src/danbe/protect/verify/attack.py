"""The attack: what each hidden cell can still be, given everything shown and every sum.

1. Interval propagation. 2. The rest falls apart into parts that share no cell. In each part linear programmes with
random objectives: one optimum and its opposite are two tables that fit, so every cell that differs by one or more
between two of them is not derivable. 3. Each cell left gets its own least and most. 4. Where these leave few whole
numbers, the same over whole numbers. A cell whose least is its most is derived.
"""

from __future__ import annotations

import time

import numpy as np
import scipy.sparse as sp
from scipy.sparse.csgraph import connected_components

from danbe.protect.verify.areas import LARGE, sweep
from danbe.protect.verify.intervals import propagate
from danbe.protect.verify.siege import EXACT, LOOSE, UNDECIDED, Outcome, Part, Siege


def attack(
    matrix: sp.csr_matrix, row_low: np.ndarray, row_high: np.ndarray, low: np.ndarray, high: np.ndarray,
    target: np.ndarray, seconds: float = 300.0, seed: int = 1, areas: list[np.ndarray] | None = None,
) -> Outcome:  # fmt: skip
    """Attacks the cells of ``target``; others are free or known by ``low`` = ``high``. ``areas``: how to cut a very large system."""
    end = time.monotonic() + seconds
    narrowed = propagate(matrix, row_low, row_high, low, high)
    low, high = narrowed.low, narrowed.high
    n = len(low)
    status = np.zeros(n, np.int8)
    fixed = high - low < 0.5
    status[target & fixed] = EXACT
    out = Outcome(narrowed, low.copy(), high.copy(), np.full(n, np.inf), np.full(n, -np.inf), status)
    keep = np.ones(matrix.shape[0], bool)
    keep[narrowed.broken] = False
    if areas and int((~fixed).sum()) > LARGE:
        swept = sweep(matrix[keep], row_low[keep], row_high[keep], low, high, areas, end)
        again = propagate(matrix, row_low, row_high, swept.low, swept.high)
        out.low, out.high = again.low, again.high
        out.status[target & (out.high - out.low < 0.5)] = EXACT
        out.status[target & (out.status == 0) & swept.loose] = LOOSE
        out.status[target & (out.status == 0)] = UNDECIDED
        return out
    rng = np.random.default_rng(seed)
    for part in _parts(matrix, row_low, row_high, low, high, fixed, target, keep):
        Siege(part, out, target, rng, end).run()
    out.status[target & (out.status == 0)] = UNDECIDED
    return out


def _parts(
    matrix: sp.csr_matrix, row_low: np.ndarray, row_high: np.ndarray, low: np.ndarray, high: np.ndarray,
    fixed: np.ndarray, target: np.ndarray, keep: np.ndarray,
) -> list[Part]:  # fmt: skip
    free = np.flatnonzero(~fixed)
    if not len(free):
        return []
    told = matrix @ np.where(fixed, low, 0.0)
    inner = matrix[:, free].tocsr()
    useful = np.flatnonzero((np.diff(inner.indptr) > 0) & keep)
    inner = inner[useful]
    m = inner.shape[0]
    graph = sp.bmat([[None, inner], [inner.T, None]], format="csr") if m else sp.csr_matrix((len(free), len(free)))
    _n, label = connected_components(graph, directed=False)
    row_label, cell_label = label[:m], label[m:] if m else label
    top = _top(low, high)
    found = []
    row_order, cell_order = np.argsort(row_label, kind="stable"), np.argsort(cell_label, kind="stable")
    row_sorted, cell_sorted = row_label[row_order], cell_label[cell_order]
    for name in np.unique(cell_label[target[free]]):
        cells = cell_order[np.searchsorted(cell_sorted, name) : np.searchsorted(cell_sorted, name, "right")]
        rows = row_order[np.searchsorted(row_sorted, name) : np.searchsorted(row_sorted, name, "right")]
        at = free[cells]
        found.append(
            Part(
                at, useful[rows], inner[rows][:, cells].tocsr(), row_low[useful[rows]] - told[useful[rows]],
                row_high[useful[rows]] - told[useful[rows]], np.maximum(low[at], -top), np.minimum(high[at], top),
            )
        )  # fmt: skip
    return sorted(found, key=lambda p: len(p.at))


def _top(low: np.ndarray, high: np.ndarray) -> float:
    """A number larger than any count there is to fear, so that no programme runs away."""
    finite = np.concatenate([low[np.isfinite(low)], high[np.isfinite(high)], [0.0]])
    return 2 * float(np.abs(finite).max()) + 1000
