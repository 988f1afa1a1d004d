"""Interval propagation: each sum narrows each of its cells by what the others leave, until nothing changes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

_EPS = 1e-6


@dataclass
class Narrowed:
    """``low``, ``high`` of each cell; ``by_low``, ``by_high``: the relation that set each (-1: none); ``broken``:
    relations that nothing can satisfy and that were left out."""

    low: np.ndarray
    high: np.ndarray
    by_low: np.ndarray
    by_high: np.ndarray
    broken: list[int]


def propagate(
    matrix: sp.csr_matrix,
    row_low: np.ndarray,
    row_high: np.ndarray,
    low: np.ndarray,
    high: np.ndarray,
    rounds: int = 80,
) -> Narrowed:
    """Whole-number bounds implied relation by relation. Cells without a lower bound keep -inf until one is implied."""
    low, high = low.astype(float).copy(), high.astype(float).copy()
    m, n = matrix.shape
    by_low, by_high = np.full(n, -1, np.int64), np.full(n, -1, np.int64)
    columns, data = matrix.indices.astype(np.int64), matrix.data
    row_of = np.repeat(np.arange(m), np.diff(matrix.indptr))
    by_cell = matrix.tocsc()
    active = np.ones(m, bool)
    broken: list[int] = []
    for _ in range(rounds):
        at = np.flatnonzero(active[row_of])
        if not len(at):
            break
        rows, cells, factor = row_of[at], columns[at], data[at]
        up = factor > 0
        least = np.where(up, factor * low[cells], factor * high[cells])
        most = np.where(up, factor * high[cells], factor * low[cells])
        rest_least, rest_most = _rest(rows, least, m, -np.inf), _rest(rows, most, m, np.inf)
        bad = _impossible(rows, least, most, row_low, row_high, m)
        if bad.any():
            broken += np.flatnonzero(bad).tolist()
            active &= ~bad
            keep = ~bad[row_of]
            row_of, columns, data = row_of[keep], columns[keep], data[keep]
            continue
        top = (row_high[rows] - rest_least) / factor
        bottom = (row_low[rows] - rest_most) / factor
        new_high = np.floor(np.where(up, top, bottom) + _EPS)
        new_low = np.ceil(np.where(up, bottom, top) - _EPS)
        tighter_high, tighter_low = new_high < high[cells] - 0.5, new_low > low[cells] + 0.5
        tighter_high &= ~np.isnan(new_high)
        tighter_low &= ~np.isnan(new_low)
        changed = np.zeros(n, bool)
        for better, bound, by, sign in ((tighter_high, high, by_high, 1), (tighter_low, low, by_low, -1)):
            if better.any():
                c, v, r = cells[better], (new_high if sign > 0 else new_low)[better], rows[better]
                order = np.lexsort((sign * v, c))
                c, v, r = c[order], v[order], r[order]
                first = np.concatenate([[True], c[1:] != c[:-1]])
                bound[c[first]], by[c[first]] = v[first], r[first]
                changed[c[first]] = True
        crossed = changed & (low > high)
        if crossed.any():
            # Two sums contradict one another: neither is believed for this cell.
            for j in np.flatnonzero(crossed):
                broken += [int(r) for r in (by_low[j], by_high[j]) if r >= 0]
                low[j], high[j] = min(low[j], high[j]), max(low[j], high[j])
            gone = np.zeros(m, bool)
            gone[broken] = True
            keep = ~gone[row_of]
            row_of, columns, data = row_of[keep], columns[keep], data[keep]
        active[:] = False
        touched = np.flatnonzero(changed)
        if len(touched):
            spans = (
                [by_cell.indices[by_cell.indptr[j] : by_cell.indptr[j + 1]] for j in touched]
                if len(touched) < 5000
                else None
            )
            active[np.concatenate(spans) if spans is not None else np.unique(by_cell[:, touched].indices)] = True
        active[broken] = False
    return Narrowed(low, high, by_low, by_high, sorted(set(broken)))


def _rest(rows: np.ndarray, terms: np.ndarray, m: int, infinite: float) -> np.ndarray:
    """For each entry the sum of the other entries of its row, infinite where one of them is."""
    endless = np.isinf(terms)
    finite = np.where(endless, 0.0, terms)
    total = np.bincount(rows, weights=finite, minlength=m)
    count = np.bincount(rows, weights=endless, minlength=m)
    others = count[rows] - endless
    return np.where(others > 0, infinite, total[rows] - finite)


def _impossible(
    rows: np.ndarray, least: np.ndarray, most: np.ndarray, row_low: np.ndarray, row_high: np.ndarray, m: int
) -> np.ndarray:
    with np.errstate(invalid="ignore"):
        lowest = np.bincount(rows, weights=np.where(np.isinf(least), -1e30, least), minlength=m)
        highest = np.bincount(rows, weights=np.where(np.isinf(most), 1e30, most), minlength=m)
    seen = np.bincount(rows, minlength=m) > 0
    return seen & ((lowest > row_high + 1e-3) | (highest < row_low - 1e-3))
