"""Complements and witnesses of a release: first sum by sum, then against every bound readers know.

The sums of one measure fall into separate systems, which ``linked.suppress`` protects one by one. Each witness is then
held against the bounds between measures (reach is at most services, a total at least each area…). Where one does not
stand, the same change is made to the measure that stood in the way; where that does not help, a change that obeys
sums and bounds alike is searched for, hiding more where it must. What is proved in the end is proved on the whole.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import scipy.sparse as sp
from scipy.sparse import csgraph

from danbe.protect.across import NO_LIMIT, Linked
from danbe.protect.book import Key
from danbe.protect.linked import LinkedSystem, Unprotectable, suppress
from danbe.protect.linked.search import Change, Search
from danbe.protect.linked.witnesses import Witnesses, steps_of

Progress = Callable[[int, int], None]
# How many cells around one are looked at, first and then.
_NEAR = (400, 3_000)
_MIRRORS = 5


class Prover:
    """``hidden`` grows until every small cell of the system has a witness in ``book``; ``lost`` has none at any price."""

    def __init__(self, linked: Linked, system: LinkedSystem | None = None, hidden: np.ndarray | None = None) -> None:
        self.linked = linked
        self.system = linked.system if system is None else system
        self.hidden = self.system.masked.copy() if hidden is None else hidden
        self.book = Witnesses(self.system)
        self._whole_columns = np.flatnonzero(~self.system.known)

    def sums(self, progress: Progress | None = None) -> list[Change]:
        """Protects each separate system of sums; returns the witnesses found. ``hidden`` holds what they need."""
        changes: list[Change] = []
        targets, done = int(self.system.small.sum()), 0
        for cells, part in self._parts():
            # What must go with cells hidden so far costs nothing more.
            veiled = self.hidden[cells] & ~part.small & ~part.known
            found = suppress(replace(part, veiled=veiled))
            self.hidden[cells] |= found.hidden
            self._hide_lesser(cells[found.hidden])
            changes += [Change(cells[c.cells], c.by) for c in found.book.changes.values()]
            done += int(part.small.sum())
            if progress:
                progress(done, targets)
        return changes

    def _hide_lesser(self, positions: Iterable[int]) -> None:
        keys = self.linked.keys
        todo = [keys[i] for i in positions if i < self.linked.n]
        while todo:
            for key in self.linked.lesser.get(todo.pop(), ()):
                i = self.linked.place[key]
                if not self.hidden[i] and not self.system.known[i]:
                    self.hidden[i] = True
                    todo.append(key)

    def _parts(self) -> Iterator[tuple[np.ndarray, LinkedSystem]]:
        """The separate systems of sums with something to protect; what bounds others comes before what it bounds."""
        system, n = self.system, self.linked.n
        sums = system.relations[: system.relations.shape[0] - len(self.linked.unseen), :n].tocsr()
        _, label = csgraph.connected_components(sp.bmat([[None, sums], [sums.T, None]]), directed=False)
        label = label[sums.shape[0] :]
        order = list(self.linked.plan.measure)
        rank = np.array([order.index(k[0]) for k in self.linked.keys[:n]])
        parts = [(int(rank[label == c].min()), c) for c in np.unique(label[system.small[:n]])]
        by_cell = sums.tocsc()
        for _, c in sorted(parts):
            cells = np.flatnonzero(label == c)
            rows = np.unique(by_cell[:, cells].indices)
            yield cells, LinkedSystem(
                [self.linked.keys[i] for i in cells], system.values[cells], sums[rows][:, cells].tocsr(), system.rest[rows],
                *(getattr(system, f)[cells] for f in ("small", "low", "high", "cost", "veiled", "known", "reach_zero")),
            )  # fmt: skip

    def keep(self, changes: list[Change]) -> None:
        """Adds to ``book`` those witnesses that stand, or can be made to stand, against every bound."""
        self._relax()
        for change in changes:
            whole = self._mended(change)
            if whole is not None:
                self.book.add(whole)

    def _relax(self) -> None:
        """Cells hidden only because they go with others may hold anything: no reader can tell them from complements."""
        free = self.hidden & ~self.system.masked
        low = np.where(free, np.minimum(self.system.low, self.linked.limits), self.system.low)
        self.system = replace(self.system, low=low)
        self.book.system = self.system

    def _mended(self, change: Change) -> Change | None:
        """The change with the unseen quantities it moves, other measures following where they must; or ``None``."""
        delta = np.zeros(self.linked.n, dtype=np.int64)
        delta[change.cells] = change.by
        mirrored: set[tuple[str, Any]] = set()
        for _ in range(_MIRRORS):
            whole = self._extended(delta)
            wrong = self._violated(whole)
            if not len(wrong):
                return whole if self.book.fits(whole, self.hidden) else None
            followed = [self._mirror(delta, self.linked.keys[i], mirrored) for i in wrong]
            if not any(followed):
                return None
        return None

    def _extended(self, delta: np.ndarray) -> Change:
        at = np.flatnonzero(delta)
        moved = np.asarray(self.linked.made_of[:, at] @ delta[at])
        unseen = np.flatnonzero(moved)
        return Change(np.concatenate([at, unseen + self.linked.n]), np.concatenate([delta[at], moved[unseen]]))

    def _violated(self, change: Change) -> np.ndarray:
        after = self.system.values[change.cells] + change.by
        wrong = (after < self.system.low[change.cells]) | (after > self.system.high[change.cells])
        return change.cells[wrong & (change.cells >= self.linked.n)]

    def _mirror(self, delta: np.ndarray, quantity: Any, mirrored: set[tuple[str, Any]]) -> bool:
        """Makes the change of the greater measure to the lesser one, in the part of the tables where they collide."""
        if not (isinstance(quantity, tuple) and quantity[0] == "room") or quantity[1][0] == quantity[2][0]:
            return False
        (_, (greater, _), (lesser, cell)) = quantity
        adds = self.linked.plan.measure[lesser].adds_over
        slice_ = frozenset(pair for pair in cell if pair[0] not in adds)
        if (lesser, slice_) in mirrored:
            return False
        mirrored.add((lesser, slice_))
        followed = False
        for i in np.flatnonzero(delta):
            measure, at = self.linked.keys[i]
            if measure != greater or frozenset(p for p in at if p[0] not in adds) != slice_:
                continue
            j = self.linked.place.get((lesser, at))
            if j is None or not self.hidden[j]:
                return False
            delta[j] += delta[i]
            followed = True
        return followed

    def ask(self, keys: Iterable[Key]) -> None:
        """Adds cells that must be hidden and stay ambiguous; ``finish`` then sees to it."""
        small = self.system.small.copy()
        for key in keys:
            i = self.linked.place[key]
            small[i] = self.hidden[i] = True
            self._hide_lesser([i])
        self.system = replace(self.system, small=small, veiled=self.system.veiled & ~small)
        before, self.book = self.book, Witnesses(self.system)
        for change in before.changes.values():
            self.book.add(change)

    def tidy(self, keep: np.ndarray | None = None) -> None:
        """Shows again what no witness needs, but for what goes with a hidden cell: more room to search in."""
        self.let_go(keep)
        self._hide_lesser(np.flatnonzero(self.hidden))

    def let_go(self, keep: np.ndarray | None = None) -> None:
        """Shows again what no witness needs: none moves it, so all of them still stand. ``keep`` (n, bool): what others
        need hidden. Hidden without need a figure would be worked out by readers, who then doubt the rest."""
        needed = self.system.masked | self.book.complements()
        self.hidden &= needed if keep is None else needed | keep

    @property
    def why(self) -> dict[int, list[int]]:
        """Complement → the small cells whose witnesses need it hidden."""
        small = self.system.small
        return {
            s: sorted({int(c) for n in numbers for c in self.book.changes[n].cells if small[c]})
            for s, numbers in self.book.needs.items()
            if numbers and s < self.linked.n
        }

    def finish(self, progress: Progress | None = None) -> list[Key]:
        """Searches a witness for every small cell that has none yet; returns those nothing can protect."""
        left = [int(j) for j in np.flatnonzero(self.system.small) if not self.book.served(int(j))]
        left.sort(key=lambda i: (self.system.values[i], i))
        needy = self._among_hidden(left, progress)
        lost = []
        for count, j in enumerate(needy):
            if progress:
                progress(len(left) - len(needy) + count, len(left))
            if not self.book.served(j) and not self._dearly(j):
                lost.append(self.linked.keys[j])
        return lost

    def _among_hidden(self, targets: list[int], progress: Progress | None) -> list[int]:
        """Witnesses among cells hidden already, near ones first; returns the targets that have none."""
        columns = np.flatnonzero(self.hidden & ~self.system.known)
        for size in _NEAR:
            needy = []
            for count, j in enumerate(targets):
                if progress and count % 20 == 0:
                    progress(count, len(targets))
                if self.book.served(j):
                    continue
                found = self._look(j, columns, size).first(j, steps_of(self.system, j))
                if found is not None and self.book.fits(found, self.hidden):
                    self.book.add(found)
                else:
                    needy.append(j)
            targets = needy
        return targets

    def _dearly(self, j: int) -> bool:
        """The cheapest witness at all: what it moves is hidden. Near first."""
        steps = steps_of(self.system, j)
        for size in (*_NEAR, len(self.system)):
            found = self._look(j, self._whole_columns, size).cheapest(j, steps)
            if found is not None:
                fresh = found.cells[~self.hidden[found.cells]]
                self.hidden[found.cells] = True
                self._hide_lesser(fresh)
                self.book.add(found)
                return True
        return False

    def _look(self, j: int, columns: np.ndarray, size: int) -> Search:
        system = self.system
        near = self._near(j, columns, size) if size < len(columns) else columns
        up, down = np.maximum(system.high - system.values, 0), np.maximum(system.values - system.low, 0)
        price = np.where(self.hidden, 1e-3, system.cost)
        return Search(system.relations, near, up[near], down[near], price[near])

    def _near(self, cell: int, columns: np.ndarray, size: int) -> np.ndarray:
        """The columns reached from ``cell`` by sums and bounds, nearest first, about ``size`` of them."""
        by_sum, by_cell = self.system.relations, self.system.by_cell
        inside, seen = np.zeros(len(self.system), bool), np.zeros(len(self.system), bool)
        passed = np.zeros(by_sum.shape[0], bool)
        inside[columns] = True
        seen[cell] = True
        edge, count = np.array([cell]), 1
        while len(edge) and count < size:
            sums = _members(by_cell, edge)
            sums = np.unique(sums[~passed[sums]])
            passed[sums] = True
            cells = _members(by_sum, sums)
            edge = np.unique(cells[~seen[cells] & inside[cells]])
            seen[edge] = True
            count += len(edge)
        # A cell at the rim drags its unseen quantities along.
        rim = _members(by_sum, np.unique(_members(by_cell, np.flatnonzero(seen))))
        seen[rim[(rim >= self.linked.n) & inside[rim]]] = True
        return np.flatnonzero(seen & inside)

    def unproven(self) -> list[Key]:
        """The small cells without a witness that stands up to exact integer arithmetic on the whole system."""
        sound = {n for n, change in self.book.changes.items() if self.book.fits(change, self.hidden)}
        small = np.flatnonzero(self.system.small)
        return [self.linked.keys[j] for j in small if not (self.book.serves.get(int(j), set()) & sound)]


def _members(matrix: sp.csr_matrix | sp.csc_matrix, lines: np.ndarray) -> np.ndarray:
    """What stands in these rows (or columns) of a compressed matrix, with repetitions."""
    start = matrix.indptr[lines]
    counts = matrix.indptr[lines + 1] - start
    ends = np.cumsum(counts)
    return matrix.indices[np.arange(ends[-1] if len(ends) else 0) + np.repeat(start - (ends - counts), counts)]


__all__ = ["NO_LIMIT", "Prover", "Unprotectable"]
