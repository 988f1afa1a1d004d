"""Which further cells to hide so that every small count keeps a witness.

First what costs nothing: changes among cells hidden anyway. Where there is none, the cheapest change at all is found and
the shown cells it moves are hidden; the change is the witness (Fischetti & Salazar 2001, heuristically). Hiding more
never takes a witness away, so one pass proves all. At last each complement is shown again, dearest first, if the small
cells it served find another witness.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from danbe.protect.linked.search import SHORT, STEPS, Change, Search
from danbe.protect.linked.system import LinkedSystem
from danbe.protect.linked.witnesses import Witnesses, steps_of

# Cells already hidden cost almost nothing to move, but not nothing: short witnesses are easier to keep.
FREE = 1e-3
# A search over more cells than this begins with those near the cell in question.
_NEAR = 1_500
_HARD = 3_000
_DEAR = 5_000
BRIEF = 1_500
"""Simplex steps of a search that may be given up: others follow."""
_UNSERVED = 0.2
_REPRICE = 5
_WHOLE = 12_000

Progress = Callable[[int, int], None]
"""Called with the number of small cells proved and the number there are."""


class Unprotectable(ValueError):
    """Small cells no whole table can move: the plan is too fine. ``cells`` are their keys."""

    def __init__(self, cells: list) -> None:
        super().__init__(f"{len(cells)} small cell(s) follow from the totals whatever is hidden: {cells[:5]!r}")
        self.cells = cells


@dataclass
class Protection:
    """``hidden`` (n, bool): small cells, those under the same symbol, and complements. ``book``: the witnesses."""

    system: LinkedSystem
    hidden: np.ndarray
    book: Witnesses

    @property
    def complements(self) -> np.ndarray:
        return self.hidden & ~self.system.masked

    def witness(self, cell: int) -> np.ndarray | None:
        """Another whole table (n) that differs at the small cell in this position."""
        return self.book.table(cell)

    def unproven(self) -> list[int]:
        """Small cells whose witness is missing or does not stand up to exact integer arithmetic."""
        sound = {n for n, change in self.book.changes.items() if self.book.fits(change, self.hidden)}
        return [int(j) for j in np.flatnonzero(self.system.small) if not (self.book.serves.get(int(j), set()) & sound)]

    @cached_property
    def why(self) -> dict[int, list[int]]:
        """Complement (position) → the small cells (positions) it keeps ambiguous."""
        return {
            int(s): sorted(
                {int(c) for n in self.book.needs[int(s)] for c in self.book.changes[n].cells if self.system.small[c]}
            )
            for s in np.flatnonzero(self.complements)
        }


def suppress(system: LinkedSystem, progress: Progress | None = None) -> Protection:
    """Hides the small cells and the complements they need; every small cell leaves with a witness.

    Raises ``Unprotectable`` when even hiding everything would leave a small cell exact.
    """
    book = Witnesses(system)
    hidden = system.masked.copy()
    targets = [int(j) for j in np.flatnonzero(system.small)]
    tell = progress or (lambda _done, _all: None)
    needy = prove_free(book, hidden, targets, lambda done: tell(done, len(targets)))
    lost = prove_dearly(book, hidden, needy)
    if lost:
        raise Unprotectable([system.keys[j] for j in lost])
    show_again(book, hidden)
    tell(len(targets), len(targets))
    return Protection(system, hidden, book)


def prove_free(
    book: Witnesses,
    hidden: np.ndarray,
    targets: list[int],
    tell: Callable[[int], None] | None = None,
    scope: Scope | None = None,
) -> list[int]:
    """Witnesses among hidden cells only; returns the targets that have none.

    Small cells without a witness are cheaper to move, so that one search serves many. Large scopes leave what is hard.
    """
    system = book.system
    scope = scope or Scope(system)
    columns = np.flatnonzero(hidden & scope.inside)
    price = np.where(system.small, _UNSERVED, 1.0)
    scopes = _Scopes(scope, columns, lambda cells: price[cells])
    scopes.steps = scope.steps or (SHORT if len(columns) > _HARD or not scope.patient else STEPS)
    needy = []
    for count, j in enumerate(targets):
        if tell and count % 200 == 0:
            tell(count)
        if book.served(j):
            continue
        change = scopes.find(j, steps_of(system, j))
        if change is not None:
            change = scope.complete(change, hidden, False)
        if change is None:
            needy.append(j)
            continue
        book.add(change)
        price[change.cells] = 1.0
        if len(book.changes) % _REPRICE == 0:
            scopes.changed()
    return [j for j in needy if not book.served(j)]


def prove_dearly(book: Witnesses, hidden: np.ndarray, targets: list[int], scope: Scope | None = None) -> list[int]:
    """Witnesses that hide what they must (``hidden`` grows); returns the targets nothing can move."""
    system = book.system
    # The cells bound by most sums are the hardest to move: what they need serves the others.
    degree = np.diff(system.by_cell.indptr)
    scope = scope or Scope(system)
    columns = np.flatnonzero(~system.known & scope.inside)
    scopes = _Scopes(scope, columns, lambda cells: np.where(hidden[cells], FREE, system.cost[cells]))
    scopes.steps = BRIEF if not scope.patient else _DEAR if len(columns) > _HARD else STEPS
    lost = []
    for j in sorted(targets, key=lambda i: (-degree[i], system.values[i], i)):
        if book.served(j):
            continue
        change = scopes.find(j, steps_of(system, j), best=True)
        if change is not None:
            # The room below may not be able to follow one way, and be able to follow the other.
            asked, change = change, scope.complete(change, hidden, True)
            if change is None and len(steps_of(system, j)) > 1:
                other = scopes.find(j, (-1 if asked.of(j) > 0 else 1,))
                change = None if other is None else scope.complete(other, hidden, True)
        if change is None:
            lost.append(j)
            continue
        if not hidden[change.cells].all():
            hidden[change.cells] = True
            scopes.changed()
        book.add(change)
    return lost


def show_again(book: Witnesses, hidden: np.ndarray, scope: Scope | None = None, keep: np.ndarray | None = None) -> None:
    """Shows, dearest first, each complement whose small cells find another witness among what stays hidden.

    ``keep`` (n, bool): complements that witnesses of another book need.
    """
    system = book.system
    scope = scope or Scope(system)
    kept = system.masked | ~scope.inside if keep is None else system.masked | ~scope.inside | keep
    hidden &= kept | book.complements()
    complements = sorted(map(int, np.flatnonzero(hidden & ~kept)), key=lambda i: -system.cost[i])
    if not complements:
        return
    scopes = _Scopes(scope, np.flatnonzero(hidden & scope.inside), lambda cells: np.ones(len(cells)))
    if not scope.patient:
        scopes.steps = SHORT
    for s in complements:
        lost = book.needs[s].copy()
        scopes.forbid(s)
        hidden[s] = False
        found: list[Change] = []
        moved: set[int] = set()
        for j in book.only_through(s):
            if j in moved:
                continue
            change = scopes.find(j, steps_of(system, j)) if j in scopes else None
            if change is not None:
                change = scope.complete(change, hidden, False)
            if change is None:
                break
            found.append(change)
            moved |= {int(c) for c in change.cells if not system.reach_zero[c] or c == j}
        else:
            book.drop(lost)
            for change in found:
                book.add(change)
            continue
        scopes.allow(s)
        hidden[s] = True


class Scope:
    """Where witnesses are looked for: the cells ``inside`` (n, bool) under ``relations``, all others staying as they are.

    ``complete`` makes a change whole (a room may know more cells than the scope); here there is nothing to add.
    ``patient``: whether a hard search is worth its time. ``steps``: how long a free search is, where it is not the usual.
    """

    patient = True
    steps = 0

    def __init__(self, system: LinkedSystem, inside: np.ndarray | None = None, relations: Any = None) -> None:
        self.system = system
        self.inside = np.ones(len(system), bool) if inside is None else inside
        self.relations = system.relations if relations is None else relations

    def complete(self, change: Change, hidden: np.ndarray, may_hide: bool) -> Change | None:
        return change


class _Scopes:
    """Searches over part of a scope first, then over all of it, built when first asked for."""

    def __init__(self, scope: Scope, columns: np.ndarray, price: Callable[[np.ndarray], np.ndarray]) -> None:
        self.system = system = scope.system
        self.patient = scope.patient
        self.relations = scope.relations
        self.columns, self.price = columns, price
        self.inside = np.zeros(len(system), bool)
        self.inside[columns] = True
        self.up = np.maximum(system.high - system.values, 0)
        self.down = np.maximum(system.values - system.low, 0)
        self.whole: Search | None = None
        self.forbidden: set[int] = set()
        self.stale = False
        self.steps = STEPS

    def find(self, cell: int, steps: tuple[int, ...], best: bool = False) -> Change | None:
        if len(self.columns) > _WHOLE:
            columns = self._near(cell)
            near = self._search(columns[~np.isin(columns, list(self.forbidden))])
            found = near.cheapest(cell, steps, self.patient) if best else near.first(cell, steps)
            if found is not None:
                return found
        if self.whole is None:
            self.whole = self._search(self.columns)
            for other in self.forbidden:
                self.whole.forbid(other)
        elif self.stale:
            self.whole.set_price(self.price(self.columns))
        self.stale = False
        return self.whole.cheapest(cell, steps, self.patient) if best else self.whole.first(cell, steps)

    def __contains__(self, cell: int) -> bool:
        return bool(self.inside[cell])

    def changed(self) -> None:
        """Prices are no longer what they were."""
        self.stale = True

    def forbid(self, cell: int) -> None:
        self.forbidden.add(cell)
        if self.whole:
            self.whole.forbid(cell)

    def allow(self, cell: int) -> None:
        self.forbidden.discard(cell)
        if self.whole:
            self.whole.allow(cell)

    def _search(self, columns: np.ndarray) -> Search:
        search = Search(self.relations, columns, self.up[columns], self.down[columns], self.price(columns))
        search.limit(self.steps)
        return search

    def _near(self, cell: int) -> np.ndarray:
        """The columns reached from ``cell`` by sums, nearest first, about ``_NEAR`` of them."""
        by_sum, by_cell = self.relations, self.system.by_cell
        seen = np.zeros(len(self.system), bool)
        seen[cell] = True
        edge = np.array([cell])
        while len(edge) and seen.sum() < _NEAR:
            sums = np.unique(by_cell[:, edge].indices)
            cells = np.unique(by_sum[sums].indices)
            edge = cells[~seen[cells] & self.inside[cells]]
            seen[edge] = True
        return np.flatnonzero(seen & self.inside)
