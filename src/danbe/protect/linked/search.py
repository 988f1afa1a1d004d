"""The cheapest change of whole counts that keeps every sum and moves one cell: a linear programme in HiGHS.

Minimising the sum of absolute changes gives short, nearly always whole changes (Kelly, Golden & Assad 1992; Fischetti &
Salazar 2001). Each search starts from «nothing changes», which is optimal when nothing is asked: few steps lead on.
"""

from __future__ import annotations

from dataclasses import dataclass

import highspy
import numpy as np
import scipy.sparse as sp

_WHOLE = 1e-6
STEPS = 20_000
SHORT = 800
"""Simplex steps of a search, and of one content to leave the hard cells to a later one."""
_NODES = 300
# Larger programmes are not branched: a failure is cheaper than the tree.
_BRANCHED = 4_000
_SHAKEN = 5


@dataclass(frozen=True)
class Change:
    """``cells`` (positions) move by ``by`` (whole, none 0)."""

    cells: np.ndarray
    by: np.ndarray

    def of(self, cell: int) -> int:
        found = np.flatnonzero(self.cells == cell)
        return int(self.by[found[0]]) if len(found) else 0


class _Quiet(highspy.Highs):
    """HiGHS without its banner, which would stand in the JSON of a command: silenced before callbacks are set up."""

    def __init__(self) -> None:
        highspy._core._Highs.__init__(self)
        self.setOptionValue("output_flag", False)


class Search:
    """Changes of the ``columns`` (positions) of a system, all other cells staying as they are.

    ``up``, ``down`` (per column): how far each may rise and fall. ``price`` (per column): what moving it costs per unit.
    Counted work is bounded (simplex steps, nodes), never by the clock: the same input gives the same answer.
    """

    def __init__(
        self, relations: sp.csr_matrix, columns: np.ndarray, up: np.ndarray, down: np.ndarray, price: np.ndarray
    ) -> None:
        self.columns = columns
        self.n = n = len(columns)
        self.local = {int(j): i for i, j in enumerate(columns)}
        self.up = np.where(up > 10**9, highspy.kHighsInf, up.astype(float))
        self.down = down.astype(float)
        self.price = price.astype(float)
        inside = relations[:, columns].tocsr()
        self.rows = np.flatnonzero(np.diff(inside.indptr) > 0)
        """The sums the columns are in."""
        matrix = inside[self.rows].tocsc()
        model = highspy.HighsLp()
        model.num_col_, model.num_row_ = 2 * n, matrix.shape[0]
        model.col_cost_ = np.concatenate([self.price, self.price])
        model.col_lower_ = np.zeros(2 * n)
        model.col_upper_ = np.concatenate([self.up, self.down])
        model.row_lower_ = model.row_upper_ = np.zeros(matrix.shape[0])
        model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        model.a_matrix_.start_ = np.concatenate([matrix.indptr, matrix.indptr[1:] + matrix.nnz])
        model.a_matrix_.index_ = np.concatenate([matrix.indices, matrix.indices])
        model.a_matrix_.value_ = np.concatenate([matrix.data, -matrix.data]).astype(float)
        self.highs = _Quiet()
        for option, value in (("threads", 1), ("random_seed", 1), ("presolve", "off"), ("mip_max_nodes", _NODES)):
            self.highs.setOptionValue(option, value)
        self.highs.setOptionValue("simplex_iteration_limit", STEPS)
        self.highs.passModel(model)
        self.still = highspy.HighsBasis()
        self.still.col_status = [highspy.HighsBasisStatus.kLower] * (2 * n)
        self.still.row_status = [highspy.HighsBasisStatus.kBasic] * matrix.shape[0]
        self.still.valid = True
        self.indices = np.arange(2 * n, dtype=np.int32)
        self.random = np.random.default_rng(1)
        self.forbidden: dict[int, tuple[float, float]] = {}

    def limit(self, steps: int) -> None:
        self.highs.setOptionValue("simplex_iteration_limit", steps)

    def set_price(self, price: np.ndarray) -> None:
        self.price = price.astype(float)
        self.highs.changeColsCost(2 * self.n, self.indices, np.concatenate([self.price, self.price]))

    def forbid(self, cell: int) -> None:
        """The cell no longer moves, until ``allow``."""
        i = self.local[cell]
        self._bounds(i, 0.0, 0.0)
        self._bounds(i + self.n, 0.0, 0.0)
        self.forbidden[cell] = (self.up[i], self.down[i])
        self.up[i] = self.down[i] = 0.0

    def allow(self, cell: int) -> None:
        i = self.local[cell]
        self.up[i], self.down[i] = self.forbidden.pop(cell)
        self._bounds(i, 0.0, self.up[i])
        self._bounds(i + self.n, 0.0, self.down[i])

    def cheapest(self, cell: int, steps: tuple[int, ...] = (1, -1), branch: bool = True) -> Change | None:
        """The cheaper of the changes that move ``cell`` by each of ``steps``, or ``None`` when none is found."""
        best: tuple[float, np.ndarray] | None = None
        for step in steps:
            found = self._moved(self.local[cell], step, branch)
            if found is not None:
                cost = float((self.price * (found != 0)).sum())
                if best is None or cost < best[0]:
                    best = cost, found
        return self._as_change(best[1] if best else None)

    def first(self, cell: int, steps: tuple[int, ...] = (1, -1), branch: bool = False) -> Change | None:
        """As ``cheapest``, content with the first step that works; without ``branch`` a hard one is left alone."""
        for step in steps:
            found = self._moved(self.local[cell], step, branch)
            if found is not None:
                return self._as_change(found)
        return None

    def balancing(self, sums: np.ndarray, branch: bool = True) -> Change | None:
        """The cheapest change after which each of ``rows`` adds up to ``sums`` (0: as before), or ``None``."""
        at = np.flatnonzero(sums).astype(np.int32)
        asked = sums[at].astype(float)
        for row, value in zip(at, asked, strict=True):
            self.highs.changeRowBounds(int(row), value, value)
        try:
            found = self._solve(branch)
        finally:
            for row in at:
                self.highs.changeRowBounds(int(row), 0.0, 0.0)
        return self._as_change(found)

    def _as_change(self, found: np.ndarray | None) -> Change | None:
        if found is None:
            return None
        at = np.flatnonzero(found)
        return Change(self.columns[at], found[at])

    def _bounds(self, column: int, low: float, high: float) -> None:
        self.highs.changeColBounds(column, low, high)

    def _moved(self, i: int, step: int, branch: bool) -> np.ndarray | None:
        column, other = (i, i + self.n) if step > 0 else (i + self.n, i)
        if (self.up[i] if step > 0 else self.down[i]) < abs(step):
            return None
        self._bounds(column, abs(step), abs(step))
        self._bounds(other, 0.0, 0.0)
        try:
            return self._solve(branch)
        finally:
            self._bounds(i, 0.0, self.up[i])
            self._bounds(i + self.n, 0.0, self.down[i])

    def _solve(self, branch: bool) -> np.ndarray | None:
        """The solution as whole changes (n). Linked tables are not networks: where a vertex is not whole, other prices
        lead to other vertices, and at last one branches."""
        found = self._run()
        for _again in range(_SHAKEN if branch or self.n <= _BRANCHED else 1):
            if found is None or found.dtype == np.int64:
                return found
            jitter = np.tile(self.price * self.random.uniform(0.6, 1.4, self.n), 2)
            self.highs.changeColsCost(2 * self.n, self.indices, jitter)
            found = self._run()
            self.highs.changeColsCost(2 * self.n, self.indices, np.tile(self.price, 2))
        if found is None or found.dtype == np.int64:
            return found
        return self._branch() if branch and self.n <= _BRANCHED else None

    def _run(self) -> np.ndarray | None:
        self.highs.setBasis(self.still)
        self.highs.run()
        if self.highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return None
        return self._change()

    def _change(self) -> np.ndarray:
        x = np.array(self.highs.getSolution().col_value)
        change = x[: self.n] - x[self.n :]
        whole = np.rint(change)
        return whole.astype(np.int64) if np.abs(change - whole).max() < _WHOLE else change

    def _branch(self) -> np.ndarray | None:
        self._kind(highspy.HighsVarType.kInteger)
        try:
            self.highs.run()
            if self.highs.getInfo().primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
                return None
            found = self._change()
            return found if found.dtype == np.int64 else None
        finally:
            self._kind(highspy.HighsVarType.kContinuous)

    def _kind(self, kind: highspy.HighsVarType) -> None:
        self.highs.changeColsIntegrality(2 * self.n, self.indices, np.array([kind] * (2 * self.n)))
