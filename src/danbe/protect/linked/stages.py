"""The stages of a cube of areas, from the coarsest to the finest, and how a change of one is carried down to the next."""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp

from danbe.protect.linked.cube import TOTAL, Cube, Levels
from danbe.protect.linked.search import SHORT, STEPS, Change, Search
from danbe.protect.linked.suppression import BRIEF, FREE
from danbe.protect.linked.system import LinkedSystem

# Programmes grow fast with the number of areas; few suffice for most cells.
_AREAS = 3


class Stage:
    """One level of areas: the sums its cells are in, and its rooms, the areas of one parent."""

    def __init__(self, cube: Cube, system: LinkedSystem, levels: tuple[str, ...], parent: str) -> None:
        self.cube, self.system, self.parent = cube, system, parent
        self.tables = [t for t in cube.tables if t[0] in levels]
        area = cube.dimensions[0]
        self.relations: sp.csr_matrix = cube.relations(
            [*self.tables, *(t for t in cube.tables if t[0] == parent and t not in self.tables)]
        )
        # The cells of each level that make out which areas a change touches.
        self.inner: Levels = (levels[-1], *cube.finest[1:])
        self.start = int(cube.offset[cube.at[self.inner]])
        self.wide = int(np.prod(cube.shape[cube.at[self.inner]][1:]))
        self.areas = area.count(levels[-1])
        self.rooms = area.count(parent)
        self._cells: dict[int, np.ndarray] = {}
        self._bound: dict[int, tuple[np.ndarray, sp.csr_matrix]] = {}

    def cells(self, room: int) -> np.ndarray:
        """The cells of the areas under one parent."""
        if room not in self._cells:
            area = self.cube.dimensions[0]
            found = []
            for table in self.tables:
                mine = np.zeros(area.count(table[0]), bool)
                mine[area.of(table[0])[area.of(self.parent) == room]] = True
                found.append(self.cube.ids(table)[mine].ravel())
            self._cells[room] = np.sort(np.concatenate(found))
        return self._cells[room]

    def parts(self, room: int, turn: int) -> list[np.ndarray]:
        """The cells of the room's areas a few areas at a time, grouped otherwise at each turn."""
        area = self.cube.dimensions[0]
        level = self.inner[0]
        mine = np.unique(area.of(level)[area.of(self.parent) == room])
        order = np.random.default_rng([self.start, room, turn]).permutation(mine)
        groups = -(-len(order) // _AREAS)
        return [self._cells_of(np.sort(order[g::groups])) for g in range(groups)]

    def joint_parts(self, below: Stage, room: int, turn: int) -> list[np.ndarray]:
        """As ``parts``, each area with a few of its own areas: what a change means below is found in one programme."""
        area = self.cube.dimensions[0]
        random = np.random.default_rng([self.start, room, turn, 1])
        mine = random.permutation(np.unique(area.of(self.inner[0])[area.of(self.parent) == room]))
        found = []
        for g in range(groups := -(-len(mine) // _AREAS)):
            some = mine[g::groups]
            under = [np.unique(area.of(below.inner[0])[area.of(self.inner[0]) == a]) for a in some]
            finer = np.concatenate([random.permutation(u)[:_AREAS] for u in under])
            found.append(np.union1d(self._cells_of(np.sort(some)), below.only(np.sort(finer))))
        return found

    def only(self, areas: np.ndarray) -> np.ndarray:
        """The cells of some areas of this level, without what is above them."""
        return np.concatenate([self.cube.ids(t)[areas].ravel() for t in self.tables if t[0] == self.inner[0]])

    def shares(self, room: int, cells: list[int], number: int) -> list[list[int]]:
        """The cells in ``number`` shares of neighbouring areas: who works on one seldom needs what the other moves."""
        area = np.full(len(self.system), -1)
        for table in self.tables:
            if table[0] == self.inner[0]:
                ids = self.cube.ids(table)
                area[ids] = np.arange(self.areas).reshape(-1, *[1] * (ids.ndim - 1))
        order = sorted(cells, key=lambda j: (area[j], j))
        size = -(-len(order) // number)
        return [order[k : k + size] for k in range(0, len(order), size)]

    def _cells_of(self, areas: np.ndarray) -> np.ndarray:
        found = [self.cube.ids(t)[areas if t[0] == self.inner[0] else slice(None)].ravel() for t in self.tables]
        return np.sort(np.concatenate(found))

    def bound(self, room: int) -> tuple[np.ndarray, sp.csr_matrix]:
        """The sums that bind a room to the areas above it, and what of them is above."""
        if room not in self._bound:
            inside = np.zeros(len(self.system), bool)
            inside[self.cells(room)] = True
            mine = self.relations[:, self.cells(room)].tocsr()
            rows = np.flatnonzero(np.diff(mine.indptr) > 0)
            above = self.relations[rows].tocoo()
            out = ~inside[above.col]
            outside = sp.csr_matrix((above.data[out], (above.row[out], above.col[out])), shape=above.shape)
            self._bound[room] = rows, outside
        return self._bound[room]

    def touched(self, change: Change) -> list[int]:
        """The areas of this level whose inner cells a change moves."""
        inside = (change.cells >= self.start) & (change.cells < self.start + self.areas * self.wide)
        return sorted({int(a) for a in (change.cells[inside] - self.start) // self.wide})


class Ladder:
    """The stages from the coarsest areas to the finest, and how a change of one is carried down to the next."""

    def __init__(self, cube: Cube, system: LinkedSystem) -> None:
        self.cube, self.system = cube, system
        used = [x for x in cube.dimensions[0].groups if any(t[0] == x for t in cube.tables)]
        steps = [((TOTAL, used[0]) if i == 0 else (x,), used[i - 1] if i else TOTAL) for i, x in enumerate(used)]
        self.stages = [Stage(cube, system, levels, parent) for levels, parent in steps]
        self.up = np.maximum(system.high - system.values, 0)
        self.down = np.maximum(system.values - system.low, 0)
        self.joint = self._joint()
        self._free: dict[tuple[int, int], tuple[int, Search]] = {}
        self._dear: dict[tuple[int, int], Search] = {}

    def _joint(self) -> sp.csr_matrix | None:
        """The sums of the first two stages as one, where the second is told by the same cuts as the first: few changes of
        the first alone could be followed there. ``None`` elsewhere."""
        if len(self.stages) < 2:
            return None
        shown = self.cube.tables[: self.cube.shown_tables]
        above, below = (s.tables for s in self.stages[:2])
        cuts = [{t[1:] for t in tables if t in shown} for tables in (above, below)]
        # The first stage's own tables include those of its parent, the whole.
        return self.cube.relations([*above, *below]) if cuts[1] >= cuts[0] else None

    def carry(
        self, stage: int, change: Change, hidden: np.ndarray, may_hide: bool, patient: bool = False
    ) -> Change | None:
        """The change with what it means for all finer areas; ``None`` where they cannot follow."""
        if stage + 1 == len(self.stages):
            return change
        below = self.stages[stage + 1]
        parts = [change]
        moved = np.zeros(len(self.system), np.int64)
        moved[change.cells] = change.by
        for room in self.stages[stage].touched(change):
            found = self._follow(stage + 1, room, below, moved, hidden, may_hide, patient)
            if found is None:
                return None
            parts.append(found)
        finer = Change(np.concatenate([p.cells for p in parts[1:]]), np.concatenate([p.by for p in parts[1:]]))
        carried = self.carry(stage + 1, finer, hidden, may_hide, patient)
        if carried is None:
            return None
        return Change(np.concatenate([change.cells, carried.cells]), np.concatenate([change.by, carried.by]))

    def _follow(
        self, stage: int, room: int, below: Stage, moved: np.ndarray, hidden: np.ndarray, may_hide: bool, patient: bool
    ) -> Change | None:
        cells = below.cells(room)
        found = self._balanced(self._search_free(stage, room, below, cells, hidden), below, room, moved, False)
        if found is not None or not may_hide:
            return found
        dear = self._dear.get((stage, room))
        columns = cells[~self.system.known[cells]]
        if dear is None:
            dear = self._dear[stage, room] = self._search(below, columns, self._price(columns, hidden))
        dear.set_price(self._price(columns, hidden))
        dear.limit(STEPS if patient else BRIEF)
        return self._balanced(dear, below, room, moved, patient)

    def _search_free(self, stage: int, room: int, below: Stage, cells: np.ndarray, hidden: np.ndarray) -> Search:
        """The search among hidden cells, made anew when more of them are hidden."""
        columns = cells[hidden[cells]]
        kept = self._free.get((stage, room))
        if kept is None or kept[0] != len(columns):
            kept = self._free[stage, room] = len(columns), self._search(below, columns, np.ones(len(columns)))
            kept[1].limit(SHORT)
        return kept[1]

    def _price(self, cells: np.ndarray, hidden: np.ndarray) -> np.ndarray:
        return np.where(hidden[cells], FREE, self.system.cost[cells])

    def _search(self, below: Stage, columns: np.ndarray, price: np.ndarray) -> Search:
        return Search(below.relations, columns, self.up[columns], self.down[columns], price)

    def _balanced(self, search: Search, below: Stage, room: int, moved: np.ndarray, branch: bool) -> Change | None:
        rows, above = below.bound(room)
        asked = np.zeros(below.relations.shape[0], np.int64)
        asked[rows] = -(above @ moved)
        sums = asked[search.rows]
        if np.count_nonzero(sums) < np.count_nonzero(asked):
            return None  # an area above moves and nothing here may follow
        return search.balancing(sums, branch)
