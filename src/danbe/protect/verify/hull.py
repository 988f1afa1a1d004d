"""Which cells of a part are the same in every table that fits, all found at once.

A cell is fixed because it stands at a bound in all tables, or because the sums alone determine it. The first are found by one
linear programme for a point with the largest support (Freund, Roundy & Todd 1985): in the cone over all tables, where
size is no limit, a slack that can be positive at all can be 1. The second by a random vector projected on the null space
of the sums (as in Langsrud 2024, by elimination there): where it vanishes, no change is possible.
"""

from __future__ import annotations

import highspy
import numpy as np
import scipy.sparse as sp

from danbe.protect.verify.solver import Program


def fixed(
    matrix: sp.csr_matrix, row_low: np.ndarray, row_high: np.ndarray, low: np.ndarray, high: np.ndarray, seconds: float
) -> tuple[np.ndarray, np.ndarray] | None:
    """(which cells are fixed, a table in the midst of all); ``None`` when no point was found."""
    n = matrix.shape[1]
    equal = row_low == row_high
    gap = high - low
    found = _support(matrix, row_low, row_high, low, gap, equal, seconds)
    if found is None:
        return None
    middle, (bound_low, bound_high) = found
    free = ~(bound_low | bound_high)
    # Sums that are ranges bind only where they hold with equality in every table: those tight in the midst.
    told = matrix @ middle
    tight = equal | (np.abs(told - row_low) < 1e-7) | (np.abs(told - row_high) < 1e-7)
    still = np.ones(n, bool)
    still[free] = determined(matrix[tight][:, np.flatnonzero(free)])
    return still, middle


def _support(
    matrix: sp.csr_matrix, row_low: np.ndarray, row_high: np.ndarray, low: np.ndarray, gap: np.ndarray,
    equal: np.ndarray, seconds: float,
) -> tuple[np.ndarray, tuple[np.ndarray, np.ndarray]] | None:  # fmt: skip
    """Columns: s (0…1) and r (≥ 0) with cell = low + (s + r)/θ, u (0…1) the room below the upper bound, and θ ≥ 1."""
    m, n = matrix.shape
    base = matrix @ low
    capped = np.flatnonzero(np.isfinite(gap))
    k = len(capped)
    one = sp.identity(n, format="csr")[capped]
    none = sp.csr_matrix((m, k))
    up, down = np.where(np.isfinite(row_high), row_high - base, 0), np.where(np.isfinite(row_low), row_low - base, 0)
    has_up, has_down = np.flatnonzero(np.isfinite(row_high)), np.flatnonzero(np.isfinite(row_low))
    blocks = [
        [matrix[has_up], matrix[has_up], none[has_up], sp.csr_matrix(-up[has_up][:, None])],
        [-matrix[has_down], -matrix[has_down], none[has_down], sp.csr_matrix(down[has_down][:, None])],
        [one, one, sp.identity(k, format="csr"), sp.csr_matrix(-gap[capped][:, None])],
    ]
    if equal.all():
        blocks = [blocks[0], blocks[2]]
        sizes = np.array([len(has_up), k])
    else:
        sizes = np.array([len(has_up), len(has_down), k])
    whole = sp.bmat(blocks, format="csr")
    row_high_ = np.zeros(int(sizes.sum()))
    row_low_ = np.full(int(sizes.sum()), -np.inf)
    if equal.all():
        row_low_[: len(has_up)] = 0.0
    lower = np.zeros(2 * n + k + 1)
    lower[-1] = 1.0
    upper = np.concatenate([np.ones(n), np.full(n, np.inf), np.ones(k), [np.inf]])
    program = Program(whole, row_low_, row_high_, lower, upper, "ipm" if n > 3_000 else "simplex")
    cost = np.concatenate([np.full(n, -1.0), np.zeros(n), np.full(k, -1.0), [0.0]])
    x = program.best(cost, seconds)
    if x is None or program.status != highspy.HighsModelStatus.kOptimal:
        return None
    s, r, u, theta = x[:n], x[n : 2 * n], x[2 * n : 2 * n + k], x[-1]
    bound_high = np.zeros(n, bool)
    bound_high[capped] = u < 0.5
    return low + (s + r) / theta, (s < 0.5, bound_high)


def determined(matrix: sp.csr_matrix, seed: int = 1) -> np.ndarray:
    """Columns that are zero in every vector of the null space: zero in two random ones."""
    n = matrix.shape[1]
    matrix = matrix[np.diff(matrix.indptr) > 0]
    if not matrix.shape[0]:
        return np.zeros(n, bool)
    rng = np.random.default_rng(seed)
    weight = 1 / np.asarray(abs(matrix).multiply(abs(matrix)).sum(1)).ravel()
    largest = np.zeros(n)
    for _ in range(2):
        w = rng.choice([-1.0, 1.0], n) * rng.uniform(0.5, 1.5, n)
        z, r = np.zeros(matrix.shape[0]), matrix @ w
        first = np.linalg.norm(r)
        p = y = weight * r
        ry = r @ y
        for _step in range(4_000):
            if np.linalg.norm(r) <= 1e-11 * first:
                break
            q = matrix @ (matrix.T @ p)
            step = ry / (p @ q)
            z, r = z + step * p, r - step * q
            y = weight * r
            ry, before = r @ y, ry
            p = y + (ry / before) * p
        largest = np.maximum(largest, np.abs(w - matrix.T @ z))
    return largest < 1e-6
