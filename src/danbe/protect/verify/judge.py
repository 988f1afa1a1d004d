"""From bounds to findings: which derived cells matter, and by which published cells each follows."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from danbe.protect.verify.attack import Outcome
from danbe.protect.verify.coding import Cells
from danbe.protect.verify.findings import (
    EXACT_HIDDEN,
    EXACT_SENSITIVE,
    EXACT_SMALL,
    EXACT_ZERO,
    NARROW,
    SPARE,
    Audit,
    Finding,
    Step,
)
from danbe.protect.verify.system import Relations

_DEPTH = 6
_WIDE = 14
_MOST = 2_000


def judge(
    cells: Cells,
    relations: Relations,
    outcome: Outcome,
    target: np.ndarray,
    threshold: np.ndarray,
    attacker: str,
    sensitive: np.ndarray | None = None,
    spare: np.ndarray | None = None,
    files: Callable[[int], tuple[str, ...]] = lambda _i: (),
    name: Callable[[int], str] | None = None,
) -> Audit:
    """Findings for the cells of ``target`` whose bounds close. ``sensitive``: cells hidden for their subject, whatever
    their size; ``spare``: cells known to be hidden for the sake of others only. ``files`` gives where a cell is printed, ``name`` what to call it."""
    result = Audit()
    low, high = outcome.low, outcome.high
    exact = target & (high - low < 0.5)
    tight = target & ~exact & (low >= 1) & (high < threshold)
    sensitive = np.zeros(len(cells), bool) if sensitive is None else sensitive
    spare = np.zeros(len(cells), bool) if spare is None else spare
    teller = _Teller(cells, relations, outcome, files, name or (lambda i: _name(cells, i)))
    told = 0
    for i in np.flatnonzero(exact | tight):
        value = low[i]
        if tight[i]:
            kind = NARROW
        elif sensitive[i] and value > 0:
            kind = EXACT_SENSITIVE
        elif value < 0.5:
            kind = EXACT_ZERO
        else:
            kind = EXACT_SMALL if value < threshold[i] else SPARE if spare[i] else EXACT_HIDDEN
        matters = kind not in (EXACT_ZERO, NARROW)
        steps = teller.chain(int(i)) if matters and told < _MOST else ()
        told += matters
        result.findings.append(
            Finding(kind, cells.universe.decode(int(cells.keys[i])), float(low[i]), float(high[i]), int(threshold[i]), attacker, steps,
                teller.name(int(i)),
            )
        )  # fmt: skip
    return result


def _name(cells: Cells, i: int) -> str:
    at = cells.universe.decode(int(cells.keys[i]))
    measure = at.pop("measure", "")
    return f"{measure}({', '.join(at.values()) or 'TOTAL'})"


class _Teller:
    """Chains of sums, each with the figures that print it."""

    def __init__(
        self, cells: Cells, relations: Relations, outcome: Outcome, files: Callable[[int], tuple[str, ...]], name: Callable[[int], str]
    ) -> None:  # fmt: skip
        self.cells, self.relations, self.outcome = cells, relations, outcome
        self.files, self.name = files, name

    def chain(self, i: int) -> tuple[Step, ...]:
        if self.cells.known[i]:
            return (Step(f"{self.name(i)} = {self.cells.low[i]:.15g}", self.files(i)),)
        rows = self.outcome.rows.get(i)
        if rows is not None:
            return tuple(self._step(r) for r in rows[:_WIDE])
        steps: list[Step] = []
        done: set[int] = set()
        queue, seen = [i], {i}
        while queue and len(steps) < _DEPTH:
            j = queue.pop(0)
            for row in (self.outcome.narrowed.by_low[j], self.outcome.narrowed.by_high[j]):
                if row < 0 or int(row) in done:
                    continue
                done.add(int(row))
                steps.append(self._step(int(row)))
                for other in self._of(int(row)):
                    if other not in seen and not self.cells.known[other]:
                        seen.add(other)
                        queue.append(other)
        # From what is printed towards what follows.
        return tuple(reversed(steps))

    def _of(self, row: int) -> np.ndarray:
        m = self.relations.matrix
        return m.indices[m.indptr[row] : m.indptr[row + 1]]

    def _step(self, row: int) -> Step:
        m = self.relations.matrix
        at, data = self._of(row), m.data[m.indptr[row] : m.indptr[row + 1]]
        files: list[str] = []
        sides: tuple[list[str], list[str]] = ([], [])
        for j, factor in sorted(zip(at, data, strict=True), key=lambda p: (-p[1], p[0])):
            known = self.cells.known[j]
            size = "" if abs(abs(factor) - 1) < 1e-9 else f"{abs(factor):.6g} × "
            sides[int(factor < 0)].append(
                f"{size}{self.name(int(j))} [{f'{self.cells.low[j]:.15g}' if known else '?'}]"
            )
            if known:
                files += self.files(int(j))
        low, high = self.relations.low[row], self.relations.high[row]
        if low and np.isfinite(low) and low != high and np.isfinite(high):
            sides[1].append(f"{low:g} … {high:g}")
        elif np.isfinite(low) and low:
            sides[1].append(f"{low:g}")
        sign = "≥" if np.isinf(high) else "≤" if np.isinf(low) else "="
        left, right = (" + ".join(_short(side)) or "0" for side in sides)
        return Step(f"{self.relations.text(row)} : {left} {sign} {right}", tuple(dict.fromkeys(files))[:6])


def _short(terms: list[str]) -> list[str]:
    return terms if len(terms) <= 12 else [*terms[:10], f"… ({len(terms) - 10})"]
