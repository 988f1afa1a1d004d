"""Which further cells to hide so that every small count keeps a witness.

For each small cell without one, the cheapest change of whole counts that fits every sum and moves that cell is found
as a linear programme (Kelly, Golden & Assad 1992; Fischetti & Salazar 2001); the cells it moves are hidden, and the
change itself is the witness. Hiding more never takes a witness away, so one pass proves all. A second pass shows again
what no witness needs.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import highspy
import numpy as np

from danbe.protect.linked.system import LinkedSystem

# Cells already hidden cost almost nothing to move, but not nothing: short witnesses are easier to keep.
_FREE = 1e-3
_WHOLE = 1e-6


class Unprotectable(ValueError):
    """Small cells no whole table can move: the plan is too fine. ``cells`` are their keys."""

    def __init__(self, cells: list) -> None:
        super().__init__(f"{len(cells)} small cell(s) follow from the totals whatever is hidden: {cells[:5]!r}")
        self.cells = cells


@dataclass
class Protection:
    """``hidden`` (n, bool): small cells and complements. ``witness``: position of a small cell → another table (n)."""

    system: LinkedSystem
    hidden: np.ndarray
    witness: dict[int, np.ndarray] = field(default_factory=dict)

    @property
    def complements(self) -> np.ndarray:
        return self.hidden & ~self.system.small

    def unproven(self) -> list[int]:
        """Small cells whose witness is missing or does not stand up to exact integer arithmetic."""
        system = self.system
        return [
            int(j)
            for j in np.flatnonzero(system.small)
            if (w := self.witness.get(int(j))) is None or w[j] == system.values[j] or not system.holds(w, self.hidden)
        ]


def suppress(system: LinkedSystem) -> Protection:
    """Hides the small cells and the complements they need; every small cell leaves with a witness.

    Raises ``Unprotectable`` when even hiding everything would leave a small cell exact.
    """
    if not system.small.any():
        return Protection(system, system.small.copy())
    search = _Search(system)
    hidden = system.small.copy()
    changes: list[np.ndarray] = []
    moved = np.zeros(len(system), bool)
    lost: list[int] = []
    # The cells bound by most sums are the hardest to move: what they need serves the others.
    degree = np.diff(system.by_cell.indptr)
    for j in sorted(np.flatnonzero(system.small), key=lambda i: (-degree[i], system.values[i], i)):
        if moved[j]:
            continue
        change = search.cheapest(int(j), hidden)
        if change is None:
            lost.append(int(j))
            continue
        changes.append(change)
        hidden |= change != 0
        moved |= change != 0
    if lost:
        raise Unprotectable([system.keys[j] for j in lost])
    kept = _clean(system, hidden, np.array(changes))
    witness: dict[int, np.ndarray] = {}
    for change in kept:
        for j in np.flatnonzero((change != 0) & system.small):
            witness.setdefault(int(j), system.values + change)
    return Protection(system, _used(system, kept), witness)


def _used(system: LinkedSystem, changes: np.ndarray) -> np.ndarray:
    return system.small | (changes != 0).any(axis=0)


def _clean(system: LinkedSystem, hidden: np.ndarray, changes: np.ndarray) -> np.ndarray:
    """The changes that remain after showing again, dearest first, each complement that small cells can do without."""
    for s in sorted(np.flatnonzero(hidden & ~system.small), key=lambda i: -system.cost[i]):
        rest = changes[changes[:, s] == 0]
        if len(rest) < len(changes) and len(rest) and (rest != 0).any(axis=0)[system.small].all():
            changes = rest
    return changes


class _Quiet(highspy.Highs):
    """HiGHS without its banner, which would stand in the JSON of a command: silenced before callbacks are set up."""

    def __init__(self) -> None:
        highspy._core._Highs.__init__(self)
        self.setOptionValue("output_flag", False)


class _Search:
    """The linear programme: a change up and a change down for each cell, sums kept, cost of what is still shown."""

    def __init__(self, system: LinkedSystem) -> None:
        self.system = system
        self.n = n = len(system)
        up = np.where(system.high > 10**11, highspy.kHighsInf, (system.high - system.values).astype(float))
        self.up = np.maximum(up, 0)
        # A shown cell may be moved (it is then hidden), down to what its band will be.
        self.down = np.maximum(system.values - system.low, 0).astype(float)
        matrix = system.by_cell.astype(float)
        model = highspy.HighsLp()
        model.num_col_, model.num_row_ = 2 * n, system.relations.shape[0]
        model.col_cost_ = np.zeros(2 * n)
        model.col_lower_ = np.zeros(2 * n)
        model.col_upper_ = np.concatenate([self.up, self.down])
        model.row_lower_ = model.row_upper_ = np.zeros(model.num_row_)
        model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        model.a_matrix_.start_ = np.concatenate([matrix.indptr, matrix.indptr[1:] + matrix.nnz])
        model.a_matrix_.index_ = np.concatenate([matrix.indices, matrix.indices])
        model.a_matrix_.value_ = np.concatenate([matrix.data, -matrix.data])
        self.highs = _Quiet()
        self.highs.setOptionValue("threads", 1)
        self.highs.setOptionValue("random_seed", 1)
        self.highs.passModel(model)
        self.columns = np.arange(2 * n, dtype=np.int32)
        self.whole = False

    def cheapest(self, j: int, hidden: np.ndarray) -> np.ndarray | None:
        """The cheapest whole change (n, int64) with cell ``j`` moved, or ``None``."""
        cost = np.where(hidden, _FREE, self.system.cost)
        self.highs.changeColsCost(2 * self.n, self.columns, np.concatenate([cost, cost]))
        best: tuple[float, np.ndarray] | None = None
        for column, other, limit in ((j, j + self.n, self.up[j]), (j + self.n, j, self.down[j])):
            if limit < 1:
                continue
            self.highs.changeColBounds(column, 1.0, limit)
            self.highs.changeColBounds(other, 0.0, 0.0)
            found = self._solve()
            self.highs.changeColBounds(j, 0.0, self.up[j])
            self.highs.changeColBounds(j + self.n, 0.0, self.down[j])
            if found is not None:
                price = float(cost[(found != 0) & ~hidden].sum()) + _FREE * int((found != 0).sum())
                if best is None or price < best[0]:
                    best = (price, found)
        return best[1] if best else None

    def _solve(self) -> np.ndarray | None:
        """The solution as whole changes. Linked tables are not networks: where the vertex is fractional, branch."""
        for whole in (False, True):
            self._integrality(whole)
            self.highs.run()
            if self.highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
                if whole or self.highs.getModelStatus() == highspy.HighsModelStatus.kInfeasible:
                    return None
                continue
            x = np.array(self.highs.getSolution().col_value)
            change = x[: self.n] - x[self.n :]
            if np.abs(change - np.rint(change)).max() < _WHOLE:
                return np.rint(change).astype(np.int64)
        return None

    def _integrality(self, whole: bool) -> None:
        if whole != self.whole:
            kind = highspy.HighsVarType.kInteger if whole else highspy.HighsVarType.kContinuous
            self.highs.changeColsIntegrality(2 * self.n, self.columns, np.array([kind] * (2 * self.n)))
            self.whole = whole
