"""Which small cells become the base and which become 0: a greedy start and swaps, so that the margins barely move.

The criterion of the start is the one Langsrud & Heldal (2018) borrow from partial least squares: take next the cell
whose margins lack most, summed over all margins. Their forward–backward steps are replaced by two local searches:
flips and swaps that lessen the sum of squared deviations, then moves aimed at the cells that deviate most.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from typing import Any

import numba as nb
import numpy as np


@dataclass
class State:
    """``up`` (n, bool): candidates that take their base. ``deviation`` (cells, int64): rounded minus true, by cell."""

    up: np.ndarray
    deviation: np.ndarray


def choose(
    cells: np.ndarray,
    truth: np.ndarray,
    base: np.ndarray,
    weights: np.ndarray,
    locked: np.ndarray,
    seed: int,
    passes: int = 6,
) -> State:
    """Rounds ``n`` candidates. ``cells`` (n × margins): the cells each is counted in; ``truth``, ``base`` (n);
    ``weights`` (cells): how much a deviation matters; ``locked`` (n, bool): take the base whatever it costs.

    Deterministic for a seed, whatever the platform: only whole numbers and the order of a seeded permutation decide.
    """
    n, margins = cells.shape
    rng = np.random.default_rng(seed)
    order = rng.permutation(n).astype(np.int64)
    deviation = np.zeros(len(weights), dtype=np.int64)
    for m in range(margins):
        np.subtract.at(deviation, cells[:, m], truth)
        np.add.at(deviation, cells[locked, m], base[locked])
    up = locked.copy()
    if n == 0:
        return State(up, deviation)
    _greedy(cells, base, weights, order, up, deviation)
    starts, members = _members(cells, len(weights))
    for turn in range(passes):
        if _swaps(cells, base, weights, order, starts, members, locked, up, deviation, turn) == 0:
            break
    _lower_worst(cells, base, weights, starts, members, locked, up, deviation)
    return State(up, deviation)


def _members(cells: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray]:
    """The candidates of each cell, as one array and the place where each cell's begin."""
    flat = cells.reshape(-1)
    order = np.argsort(flat, kind="stable")
    starts = np.zeros(count + 1, dtype=np.int64)
    np.cumsum(np.bincount(flat, minlength=count), out=starts[1:])
    return starts, (order // cells.shape[1]).astype(np.int32)


@nb.njit(cache=True)
def _gain(i, cells, base, weights, deviation, sign):
    """What the squared deviations lose when candidate ``i`` takes its base (``sign`` 1) or gives it back (-1)."""
    total = 0
    b = base[i] * sign
    for m in range(cells.shape[1]):
        c = cells[i, m]
        total -= weights[c] * b * (2 * deviation[c] + b)
    return total


@nb.njit(cache=True)
def _greedy(cells, base, weights, order, up, deviation):
    """Raises the candidate of largest gain until none gains. A gain only falls while others rise: a lazy heap is exact."""
    heap: list[Any] = [(np.int64(0), np.int64(0), np.int64(0)) for _ in range(0)]
    for rank in range(len(order)):
        i = order[rank]
        if not up[i]:
            heap.append((-_gain(i, cells, base, weights, deviation, 1), np.int64(rank), i))
    heapq.heapify(heap)
    while len(heap) > 0:
        old, rank, i = heapq.heappop(heap)
        now = -_gain(i, cells, base, weights, deviation, 1)
        if now > old and len(heap) > 0 and (now, rank, i) > heap[0]:
            if now < 0:
                heapq.heappush(heap, (now, rank, i))
            continue
        if now >= 0:
            continue
        up[i] = True
        for m in range(cells.shape[1]):
            deviation[cells[i, m]] += base[i]


@nb.njit(cache=True)
def _swap_gain(i, j, cells, base, weights, deviation):
    """What the squared deviations lose when ``i`` gives its base back and ``j`` takes its own."""
    total = 0
    for m in range(cells.shape[1]):
        a, c = cells[i, m], cells[j, m]
        if a == c:
            step = base[j] - base[i]
            total -= weights[a] * step * (2 * deviation[a] + step)
        else:
            total -= weights[a] * base[i] * (base[i] - 2 * deviation[a])
            total -= weights[c] * base[j] * (base[j] + 2 * deviation[c])
    return total


@nb.njit(cache=True)
def _apply(i, sign, cells, base, up, deviation):
    up[i] = sign > 0
    for m in range(cells.shape[1]):
        deviation[cells[i, m]] += sign * base[i]


@nb.njit(cache=True)
def _swaps(cells, base, weights, order, starts, members, locked, up, deviation, turn):
    """One pass: each candidate flips if that helps, else swaps with the best partner it meets in a margin it shares.

    At most 24 partners of a margin are met; which ones depends on the turn, so that passes complete one another.
    """
    moves = 0
    most = 24
    for rank in range(len(order)):
        i = order[rank]
        if locked[i]:
            continue
        if _gain(i, cells, base, weights, deviation, -1 if up[i] else 1) > 0:
            _apply(i, -1 if up[i] else 1, cells, base, up, deviation)
            moves += 1
            continue
        best, partner = 0, -1
        for m in range(cells.shape[1]):
            first, last = starts[cells[i, m]], starts[cells[i, m] + 1]
            size = last - first
            if size < 2 or size > 4096:
                continue
            begin = (rank * 7 + turn * 31) % size
            for s in range(min(size, most)):
                j = members[first + (begin + s) % size]
                if up[j] == up[i] or locked[j]:
                    continue
                if up[i]:
                    gain = _swap_gain(i, j, cells, base, weights, deviation)
                else:
                    gain = _swap_gain(j, i, cells, base, weights, deviation)
                if gain > best:
                    best, partner = gain, j
        if partner >= 0:
            out, into = (i, partner) if up[i] else (partner, i)
            _apply(out, -1, cells, base, up, deviation)
            _apply(into, 1, cells, base, up, deviation)
            moves += 1
    return moves


@nb.njit(cache=True)
def _over(d, limit):
    """How much a deviation exceeds the limit, squared: what the last search drives to 0."""
    a = abs(d) - limit
    return a * a if a > 0 else 0


@nb.njit(cache=True)
def _move_cost(i, j, cells, base, weights, deviation, limit):
    """(excess, squares) a move adds: ``i`` gives its base back (or -1), ``j`` takes its own (or -1)."""
    excess, squares = 0, 0
    for m in range(cells.shape[1]):
        a = cells[i, m] if i >= 0 else -1
        c = cells[j, m] if j >= 0 else -1
        if a >= 0:
            step = -base[i] + (base[j] if a == c else 0)
            d = deviation[a]
            excess += _over(d + step, limit) - _over(d, limit)
            squares += weights[a] * step * (2 * d + step)
        if c >= 0 and c != a:
            d = deviation[c]
            excess += _over(d + base[j], limit) - _over(d, limit)
            squares += weights[c] * base[j] * (2 * d + base[j])
    return excess, squares


@nb.njit(cache=True)
def _repair(cell, cells, base, weights, starts, members, locked, up, deviation, limit):
    """The best flip or swap that brings ``cell`` back under the limit without pushing others over; True if one helps."""
    high = deviation[cell] > 0
    best_excess, best_squares, best_i, best_j = 0, 0, -1, -1
    met = 0
    for p in range(starts[cell], starts[cell + 1]):
        i = members[p]
        if locked[i] or up[i] != high:
            continue
        met += 1
        if met > 400:
            break
        excess, squares = (
            _move_cost(i, -1, cells, base, weights, deviation, limit)
            if high
            else _move_cost(-1, i, cells, base, weights, deviation, limit)
        )
        if excess < best_excess or (excess == best_excess and excess < 0 and squares < best_squares):
            best_excess, best_squares, best_i, best_j = excess, squares, i, -1
        for m in range(cells.shape[1]):
            first, last = starts[cells[i, m]], starts[cells[i, m] + 1]
            if cells[i, m] == cell or last - first < 2:
                continue
            begin = (p * 13) % (last - first)
            for s in range(min(last - first, 40)):
                j = members[first + (begin + s) % (last - first)]
                if locked[j] or up[j] == up[i]:
                    continue
                excess, squares = (
                    _move_cost(i, j, cells, base, weights, deviation, limit)
                    if high
                    else _move_cost(j, i, cells, base, weights, deviation, limit)
                )
                if excess < best_excess or (excess == best_excess and excess < 0 and squares < best_squares):
                    best_excess, best_squares, best_i, best_j = excess, squares, i, j
    if best_i < 0:
        return False
    _apply(best_i, -1 if high else 1, cells, base, up, deviation)
    if best_j >= 0:
        _apply(best_j, 1 if high else -1, cells, base, up, deviation)
    return True


@nb.njit(cache=True)
def _lower_worst(cells, base, weights, starts, members, locked, up, deviation):
    """Lowers the largest deviation step by step, until a step fails; that step is undone."""
    floor = np.max(base) - 1  # a lone small cell may have to deviate by that much
    while True:
        limit = np.max(np.abs(deviation)) - 1
        if limit < floor:
            return
        kept_up, kept_deviation = up.copy(), deviation.copy()
        worked = True
        for _ in range(200):
            worst = np.flatnonzero(np.abs(deviation) > limit)
            if len(worst) == 0:
                break
            worked = False
            for c in worst:
                if abs(deviation[c]) > limit:
                    worked |= _repair(c, cells, base, weights, starts, members, locked, up, deviation, limit)
            if not worked:
                break
        if np.max(np.abs(deviation)) > limit:
            up[:] = kept_up
            deviation[:] = kept_deviation
            return
