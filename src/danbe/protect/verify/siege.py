"""One part of the system under attack: cells that hang together, and what linear and whole-number programmes find."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

import numpy as np
import scipy.sparse as sp

from danbe.protect.verify.hull import fixed
from danbe.protect.verify.intervals import Narrowed
from danbe.protect.verify.solver import Program

EXACT, OPEN, WHOLE, LOOSE, UNDECIDED = 1, 2, 3, 4, 5
"""Derived; two fractional tables differ there by one or more; two whole tables do; the sums leave it loose, but how far was
not found; the time ran out."""
_ONE = 1 - 1e-4
_ROUNDS = 12
_SMALL = 1_500
_NEAR = 900
_OWN = 20.0


@dataclass
class Outcome:
    """Per cell: ``low`` … ``high`` proved, ``least`` … ``most`` reached by tables that fit, ``status`` of targets, and
    ``rows``: cell → relations that leave it no choice (from the linear programme)."""

    narrowed: Narrowed
    low: np.ndarray
    high: np.ndarray
    least: np.ndarray
    most: np.ndarray
    status: np.ndarray
    rows: dict[int, list[int]] = field(default_factory=dict)
    contradictions: int = 0


@dataclass
class Part:
    """Cells (``at``) and relations (``rows``) that hang together once known cells are taken out."""

    at: np.ndarray
    rows: np.ndarray
    matrix: sp.csr_matrix
    row_low: np.ndarray
    row_high: np.ndarray
    low: np.ndarray
    high: np.ndarray


class Siege:
    """One part under attack: ``least``/``most`` reached by tables that fit, ``low``/``high`` proved."""

    def __init__(self, part: Part, out: Outcome, target: np.ndarray, rng: np.random.Generator, end: float) -> None:
        self.part, self.out, self.rng, self.end = part, out, rng, end
        self.targets = np.flatnonzero(target[part.at])
        n = len(part.at)
        self.least, self.most = np.full(n, np.inf), np.full(n, -np.inf)
        self.whole_least, self.whole_most = np.full(n, np.inf), np.full(n, -np.inf)
        self.low, self.high = part.low.copy(), part.high.copy()
        self.middle: np.ndarray | None = None
        self.loose = np.zeros(n, bool)

    def run(self) -> None:
        part = self.part
        if not part.matrix.shape[0]:
            self.out.status[part.at[self.targets]] = WHOLE
            return
        self.program = Program(
            part.matrix, part.row_low, part.row_high, part.low, part.high, "ipm" if len(part.at) > 20_000 else "simplex"
        )
        self.inside()
        self.widely()
        if self.program_failed():
            self.out.contradictions += int(self.program.impossible)
            return
        self.nearby()
        self.one_by_one()
        self.whole()
        at = part.at
        self.out.least[at], self.out.most[at] = (
            np.minimum(self.out.least[at], self.least),
            np.maximum(self.out.most[at], self.most),
        )
        self.out.low[at], self.out.high[at] = (
            np.maximum(self.out.low[at], self.low),
            np.minimum(self.out.high[at], self.high),
        )
        t = self.targets
        kind = np.where(self.high[t] - self.low[t] < 0.5, EXACT, np.where(
            self.whole_most[t] - self.whole_least[t] > 0.5, WHOLE,
            np.where(self.most[t] - self.least[t] >= _ONE, OPEN, np.where(self.loose[t], LOOSE, UNDECIDED))))  # fmt: skip
        self.out.status[at[t]] = kind

    def program_failed(self) -> bool:
        return not np.isfinite(self.least).any()

    def inside(self) -> None:
        """What is the same in every table, and a table in the midst of them all (parts that one can solve cell by cell: no need)."""
        p = self.part
        if len(p.at) < _SMALL:
            return
        found = fixed(p.matrix, p.row_low, p.row_high, p.low, p.high, self.left())
        if found is None:
            return
        still, self.middle = found
        self.note(self.middle)
        value = np.rint(self.middle)
        sure = still & (np.abs(self.middle - value) < 1e-3)
        self.low[sure] = self.high[sure] = value[sure]
        self.loose = ~still

    def nearby(self) -> None:
        """For each cell left a small programme: its surroundings free, all else as in the table in the midst."""
        if self.middle is None:
            return
        p = self.part
        by_cell = p.matrix.tocsc()
        for j in self.todo():
            if time.monotonic() > self.end:
                return
            if self.most[j] - self.least[j] >= _ONE:
                continue
            cells, rows = _around(p.matrix, by_cell, int(j))
            inner = p.matrix[rows]
            rest = inner @ self.middle - inner[:, cells] @ self.middle[cells]
            slack = 1e-7 * (1 + np.abs(rest))
            local = Program(
                inner[:, cells].tocsr(), p.row_low[rows] - rest - slack, p.row_high[rows] - rest + slack, p.low[cells], p.high[cells]
            )  # fmt: skip
            at = int(np.searchsorted(cells, j))
            for sign in (1, -1):
                x = local.extreme(at, sign, self.left())
                if x is not None:
                    self.least[cells], self.most[cells] = (
                        np.minimum(self.least[cells], x),
                        np.maximum(self.most[cells], x),
                    )

    def widely(self) -> None:
        """Random objectives, each with its opposite, until they stop finding anything."""
        before = len(self.targets)
        for turn in range(_ROUNDS if len(self.part.at) < _SMALL else 3):
            todo = self.todo()
            if not len(todo) or time.monotonic() > self.end:
                return
            cost = np.zeros(len(self.part.at))
            cost[todo] = self.rng.choice([-1.0, 1.0], len(todo)) * self.rng.uniform(0.5, 1.5, len(todo))
            for sign in (1, -1):
                self.note(self.program.best(sign * cost, self.left()))
            if self.program_failed():
                return
            after = len(self.todo())
            if turn > 1 and after > 0.95 * before:
                return
            before = after

    def one_by_one(self) -> None:
        """Each cell no two tables told apart: its own least and most, kept with the relations that hold them."""
        # Of a large part the narrowest only: a programme of its own for each would take hours.
        last = min(self.end, time.monotonic() + (_OWN if len(self.part.at) > _SMALL else 1e9))
        for j in self.todo():
            if time.monotonic() > last:
                return
            if self.most[j] - self.least[j] >= _ONE:
                continue
            rows: list[int] = []
            for sign in (1, -1):
                x = self.program.extreme(int(j), sign, self.left())
                self.note(x)
                if x is None:
                    break
                if sign > 0:
                    self.low[j] = max(self.low[j], np.ceil(x[j] - 1e-5))
                else:
                    self.high[j] = min(self.high[j], np.floor(x[j] + 1e-5))
                rows += self.program.binding()
            if self.high[j] - self.low[j] < 0.5:
                self.out.rows[int(self.part.at[j])] = [int(self.part.rows[r]) for r in dict.fromkeys(rows)]

    def whole(self) -> None:
        """Whole tables: random objectives first, then the least and most of the cells few whole numbers are left for."""
        n = len(self.part.at)
        if n > 3_000:
            return
        todo = self.todo_whole()
        if not len(todo) or time.monotonic() > self.end:
            return
        self.program.integers(True)
        for _ in range(2 if n < 400 else 1):
            cost = np.zeros(n)
            cost[todo] = self.rng.choice([-1.0, 1.0], len(todo)) * self.rng.uniform(0.5, 1.5, len(todo))
            for sign in (1, -1):
                self.note(self.program.best(sign * cost, min(5.0, self.left())))
            todo = self.todo_whole()
        for j in todo if n < 400 else [j for j in todo if self.most[j] - self.least[j] < 2]:
            if time.monotonic() > self.end:
                break
            if self.whole_most[j] - self.whole_least[j] > 0.5:
                continue
            for sign in (1, -1):
                x = self.program.extreme(int(j), sign, min(5.0, self.left()))
                self.note(x)
                if x is not None and sign > 0:
                    self.low[j] = max(self.low[j], np.round(x[j]))
                elif x is not None:
                    self.high[j] = min(self.high[j], np.round(x[j]))
            if self.high[j] - self.low[j] < 0.5:
                near = np.flatnonzero(self.part.matrix[:, int(j)].toarray().ravel())
                self.out.rows.setdefault(int(self.part.at[j]), [int(self.part.rows[r]) for r in near])
        self.program.integers(False)

    def todo(self) -> np.ndarray:
        t = self.targets
        return t[(self.most[t] - self.least[t] < _ONE) & (self.high[t] - self.low[t] > 0.5)]

    def todo_whole(self) -> np.ndarray:
        t = self.targets
        return t[(self.whole_most[t] - self.whole_least[t] < 0.5) & (self.high[t] - self.low[t] > 0.5)]

    def note(self, x: np.ndarray | None, at: np.ndarray | None = None) -> None:
        """A table that fits: what it has in each cell is possible."""
        if x is None:
            return
        x = np.clip(x, self.part.low, self.part.high)
        self.least, self.most = np.minimum(self.least, x), np.maximum(self.most, x)
        near = np.rint(x)
        if np.abs(x - near).max() < 1e-6 and self.fits(near):
            self.whole_least, self.whole_most = np.minimum(self.whole_least, near), np.maximum(self.whole_most, near)

    def fits(self, x: np.ndarray) -> bool:
        told = self.part.matrix @ x
        return bool((told >= self.part.row_low - 1e-6).all() and (told <= self.part.row_high + 1e-6).all())

    def left(self) -> float:
        return max(0.5, self.end - time.monotonic())


def _around(matrix: sp.csr_matrix, by_cell: sp.csc_matrix, j: int) -> tuple[np.ndarray, np.ndarray]:
    """Cells (sorted) and all their relations around a cell, ring by ring."""
    cells = np.array([j])
    for _ in range(6):
        rows = np.unique(by_cell[:, cells].indices)
        wider = np.unique(matrix[rows].indices)
        if len(wider) > _NEAR or len(wider) == len(cells):
            cells = cells if len(cells) > _NEAR // 8 else wider
            break
        cells = wider
    return cells, np.unique(by_cell[:, cells].indices)
