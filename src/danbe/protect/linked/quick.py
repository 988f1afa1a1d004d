"""A first choice of complements, in a second for a million cells: necessary, not yet proved enough.

Each sum with one hidden cell gets its cheapest complement; intervals are propagated to a fixed point, and cells they pin
get one more complement; repeated until nothing is pinned. Proof, and what the proof still asks, come after.
"""

from __future__ import annotations

import numba as nb
import numpy as np
import scipy.sparse as sp

from danbe.protect.linked.system import LinkedSystem

_ROUNDS = 40
_PASSES = 200


@nb.njit(cache=True)
def _complete(start, cells, cell_start, cell_sums, hidden, needs, cost, chosen):
    """Every sum with one hidden cell that needs company gets the cheapest: few new lone cells, small counts."""
    sums = len(start) - 1
    width = sums + 1
    queue = np.arange(width)
    waiting = np.ones(sums, np.bool_)
    head, count, added = 0, sums, 0
    while count:
        r = queue[head]
        head = (head + 1) % width
        count -= 1
        waiting[r] = False
        lone, seen = -1, 0
        for k in range(start[r], start[r + 1]):
            if hidden[cells[k]]:
                seen += 1
                lone = cells[k]
        if seen != 1 or not needs[lone]:
            continue
        best, lowest = -1, np.inf
        for k in range(start[r], start[r + 1]):
            j = cells[k]
            if hidden[j] or cost[j] == np.inf:
                continue
            empty = 0
            for u in range(cell_start[j], cell_start[j + 1]):
                other, any_hidden = cell_sums[u], False
                for w in range(start[other], start[other + 1]):
                    if hidden[cells[w]]:
                        any_hidden = True
                        break
                if not any_hidden:
                    empty += 1
            price = cost[j] * (1.0 + 1.5 * empty)
            if price < lowest:
                lowest, best = price, j
        if best < 0:
            continue
        hidden[best] = needs[best] = chosen[best] = True
        added += 1
        for u in range(cell_start[best], cell_start[best + 1]):
            other = cell_sums[u]
            if not waiting[other]:
                waiting[other] = True
                queue[(head + count) % width] = other
                count += 1
    return added


@nb.njit(cache=True)
def _narrow(start, cells, signs, cell_start, cell_sums, low, high, passes):
    """Intervals of all cells to a fixed point of the sums (total - parts = 0)."""
    sums = len(start) - 1
    width = sums + 1
    queue = np.arange(width)
    waiting = np.ones(sums, np.bool_)
    head, count, done = 0, sums, 0
    while count and done < passes * sums:
        r = queue[head]
        head = (head + 1) % width
        count -= 1
        done += 1
        waiting[r] = False
        for k in range(start[r], start[r + 1]):
            j = cells[k]
            if low[j] == high[j]:
                continue
            # sign · x = -(the rest): between -(most of the rest) and -(least of the rest).
            rest_least, rest_most, rest_open, rest_top = 0.0, 0.0, False, False
            for w in range(start[r], start[r + 1]):
                if w == k:
                    continue
                i = cells[w]
                a, b = (low[i], high[i]) if signs[w] > 0 else (-high[i], -low[i])
                if a == -np.inf:
                    rest_open = True
                else:
                    rest_least += a
                if b == np.inf:
                    rest_top = True
                else:
                    rest_most += b
            new_low = -np.inf if rest_top else -rest_most
            new_high = np.inf if rest_open else -rest_least
            if signs[k] < 0:
                new_low, new_high = -new_high, -new_low
            changed = False
            if new_low > low[j] + 1e-9:
                low[j] = new_low
                changed = True
            if new_high < high[j] - 1e-9:
                high[j] = new_high
                changed = True
            if changed:
                for u in range(cell_start[j], cell_start[j + 1]):
                    other = cell_sums[u]
                    if other != r and not waiting[other]:
                        waiting[other] = True
                        queue[(head + count) % width] = other
                        count += 1
    return done


class Intervals:
    """The intervals a reader reaches by sums alone."""

    def __init__(self, system: LinkedSystem, relations: sp.csr_matrix) -> None:
        self.system = system
        self.start = relations.indptr.astype(np.int64)
        self.cells = relations.indices.astype(np.int64)
        self.signs = relations.data.astype(np.int64)
        by_cell = relations.tocsc()
        self.cell_start = by_cell.indptr.astype(np.int64)
        self.cell_sums = by_cell.indices.astype(np.int64)

    def narrowed(self, hidden: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Lower and upper end (n) for each cell; the count itself where it is shown."""
        system = self.system
        low = np.where(hidden, system.low, system.values).astype(float)
        high = np.where(hidden, system.high, system.values).astype(float)
        high[high > 10**11] = np.inf
        _narrow(self.start, self.cells, self.signs, self.cell_start, self.cell_sums, low, high, _PASSES)
        return low, high


def first_complements(system: LinkedSystem, relations: sp.csr_matrix | None = None) -> np.ndarray:
    """What to hide (n, bool) so that no sum, nor sums one after another, pin a small cell. Fast; not a proof."""
    relations = system.relations if relations is None else relations
    reader = Intervals(system, relations)
    hidden, chosen = system.masked.copy(), np.zeros(len(system), bool)
    needs = system.small.copy()
    cost = np.where(system.known, np.inf, system.cost)
    for _round in range(_ROUNDS):
        _complete(reader.start, reader.cells, reader.cell_start, reader.cell_sums, hidden, needs, cost, chosen)
        low, high = reader.narrowed(hidden)
        pinned = np.flatnonzero(system.small & (high - low < 0.5))
        added = False
        for j in pinned:
            near = np.unique(relations[reader.cell_sums[reader.cell_start[j] : reader.cell_start[j + 1]]].indices)
            shown = near[~hidden[near] & (system.values[near] > 0) & ~system.known[near]]
            if len(shown):
                best = shown[np.argmin(cost[shown])]
                hidden[best] = chosen[best] = needs[best] = added = True
        if not added:
            break
    return chosen
