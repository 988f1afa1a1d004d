"""The book of witnesses: for each small cell, other whole tables that fit everything a reader sees and differ there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

import numpy as np

from danbe.protect.linked.search import Change
from danbe.protect.linked.system import LinkedSystem


def steps_of(system: LinkedSystem, cell: int) -> tuple[int, ...]:
    """By how much a cell must move: to zero where zero must be possible, else by one either way."""
    return (-int(system.values[cell]),) if system.reach_zero[cell] else (-1, 1)


class Witnesses:
    """Changes by number; which small cells each serves, and which complements it needs."""

    def __init__(self, system: LinkedSystem) -> None:
        self.system = system
        self.changes: dict[int, Change] = {}
        self.serves: dict[int, set[int]] = defaultdict(set)
        """Small cell → the changes that move it."""
        self.needs: dict[int, set[int]] = defaultdict(set)
        """Cell hidden only as a complement → the changes that move it."""
        self._next = 0

    def add(self, change: Change) -> None:
        """Keeps a change whose cells are all hidden (or about to be)."""
        system = self.system
        number, self._next = self._next, self._next + 1
        self.changes[number] = change
        moved = change.cells
        told = system.small[moved] & (~system.reach_zero[moved] | (system.values[moved] + change.by == 0))
        for cell in moved[told]:
            self.serves[int(cell)].add(number)
        for cell in moved[~system.masked[moved]]:
            self.needs[int(cell)].add(number)

    def drop(self, numbers: Iterable[int]) -> None:
        for number in list(numbers):
            change = self.changes.pop(number)
            for cell in change.cells:
                self.serves[int(cell)].discard(number)
                self.needs[int(cell)].discard(number)

    def served(self, cell: int) -> bool:
        return bool(self.serves.get(cell))

    def only_through(self, complement: int) -> list[int]:
        """The small cells that lose their last witness when ``complement`` is shown."""
        lost = self.needs[complement]
        cells = {int(c) for n in lost for c in self.changes[n].cells if n in self.serves.get(int(c), ())}
        return sorted(c for c in cells if self.serves[c] <= lost)

    def complements(self) -> np.ndarray:
        """The cells (n, bool) that some witness needs hidden beyond those hidden anyway."""
        mask = np.zeros(len(self.system), bool)
        mask[[cell for cell, numbers in self.needs.items() if numbers]] = True
        return mask

    def table(self, cell: int) -> np.ndarray | None:
        """Another whole table (n) that differs at ``cell``, or ``None``."""
        if not self.served(cell):
            return None
        change = self.changes[min(self.serves[cell])]
        other = self.system.values.copy()
        other[change.cells] += change.by
        return other

    def fits(self, change: Change, hidden: np.ndarray) -> bool:
        """Whether the change stands up to exact integer arithmetic: sums kept, only hidden cells moved, bands held."""
        system, cells = self.system, change.cells
        after = system.values[cells] + change.by
        if not (hidden[cells].all() and (after >= np.maximum(system.low[cells], 0)).all()):
            return False
        if not (after <= system.high[cells]).all():
            return False
        return not np.any(system.by_cell[:, cells] @ change.by)
