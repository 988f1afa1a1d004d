"""One part of the system in HiGHS: the least and most a combination of its cells can be."""

from __future__ import annotations

import highspy
import numpy as np
import scipy.sparse as sp


class _Quiet(highspy.Highs):
    """HiGHS without its banner, which would stand in the JSON of a command."""

    def __init__(self) -> None:
        highspy._core._Highs.__init__(self)
        self.setOptionValue("output_flag", False)


class Program:
    """Cells ``low`` … ``high`` under ``row_low`` ≤ matrix · cells ≤ ``row_high``."""

    def __init__(
        self, matrix: sp.csr_matrix, row_low: np.ndarray, row_high: np.ndarray, low: np.ndarray, high: np.ndarray,
        method: str = "simplex",
    ) -> None:  # fmt: skip
        by_cell = matrix.tocsc()
        self.n = matrix.shape[1]
        model = highspy.HighsLp()
        model.num_col_, model.num_row_ = self.n, matrix.shape[0]
        model.col_cost_ = np.zeros(self.n)
        model.col_lower_, model.col_upper_ = _open(low), _open(high)
        model.row_lower_, model.row_upper_ = _open(row_low), _open(row_high)
        model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        model.a_matrix_.start_, model.a_matrix_.index_ = by_cell.indptr, by_cell.indices
        model.a_matrix_.value_ = by_cell.data.astype(float)
        self.highs = _Quiet()
        self.highs.setOptionValue("threads", 1)
        self.highs.setOptionValue("random_seed", 1)
        self.highs.setOptionValue("solver", method)
        if method == "ipm":
            self.highs.setOptionValue("run_crossover", "off")
        self.highs.passModel(model)
        self.columns = np.arange(self.n, dtype=np.int32)
        self.whole = False

    def best(self, cost: np.ndarray, seconds: float = 60.0) -> np.ndarray | None:
        """The cells where ``cost`` · cells is least; ``None`` when not found (see ``status``)."""
        self.highs.changeColsCost(self.n, self.columns, cost.astype(float))
        self.highs.setOptionValue("time_limit", self.highs.getRunTime() + seconds)
        self.highs.run()
        self.status = self.highs.getModelStatus()
        if self.status != highspy.HighsModelStatus.kOptimal:
            return None
        return np.array(self.highs.getSolution().col_value)

    def extreme(self, j: int, sign: int, seconds: float = 60.0) -> np.ndarray | None:
        cost = np.zeros(self.n)
        cost[j] = sign
        return self.best(cost, seconds)

    def between(self, at: np.ndarray, low: np.ndarray, high: np.ndarray) -> None:
        """New bounds for some cells."""
        self.highs.changeColsBounds(len(at), at.astype(np.int32), _open(low), _open(high))

    def integers(self, whole: bool) -> None:
        if whole != self.whole:
            kind = highspy.HighsVarType.kInteger if whole else highspy.HighsVarType.kContinuous
            self.highs.changeColsIntegrality(self.n, self.columns, np.array([kind] * self.n))
            self.whole = whole

    @property
    def impossible(self) -> bool:
        return bool(self.status == highspy.HighsModelStatus.kInfeasible)

    def binding(self, most: int = 12) -> list[int]:
        """The relations that hold the last optimum where it is, the strongest first."""
        dual = np.abs(np.array(self.highs.getSolution().row_dual))
        order = np.argsort(-dual)[:most]
        return [int(i) for i in order if dual[i] > 1e-7]


def _open(bound: np.ndarray) -> np.ndarray:
    return np.clip(bound.astype(float), -highspy.kHighsInf, highspy.kHighsInf)
