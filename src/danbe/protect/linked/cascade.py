"""Suppression of a cube of areas: country and regions first, then the cercles of each region, the communes of each cercle.

Each stage moves cells of its own areas only, the areas above staying as they are, so that the areas of one parent are a
small programme of their own, a *room*. What a stage finds is carried down, room by room, to the finest areas: every
witness is then a change of one non-negative cube, not only of tables that happen to add up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import Any, TypeVar

import numpy as np

from danbe.protect.linked.cube import TOTAL, Cube, Dimension, Levels
from danbe.protect.linked.quick import first_complements
from danbe.protect.linked.search import Change
from danbe.protect.linked.stages import Ladder
from danbe.protect.linked.suppression import (
    BRIEF,
    Progress,
    Protection,
    Scope,
    Unprotectable,
    prove_dearly,
    prove_free,
    show_again,
    suppress,
)
from danbe.protect.linked.system import NO_LIMIT, LinkedSystem
from danbe.protect.linked.witnesses import Witnesses

_TURNS = 5
_JOINT_TURNS, _JOINT_TRIES = 40, 60
_INSISTENT = 40
_ONE, _CLEANED = 12_000, 100_000


def cube_of(dimensions: tuple[Dimension, ...], tables: list[Levels]) -> Cube:
    """The cube of ``tables`` with, at each level of areas they use, the table the others come from."""
    area = dimensions[0]
    finest = Cube(dimensions, tables).finest
    used = {t[0] for t in tables} - {TOTAL}
    return Cube(dimensions, tables, [(level, *finest[1:]) for level in area.groups if level in used])


def system_of(cube: Cube, counts: np.ndarray, threshold: int = 5, reach_zero: np.ndarray | None = None) -> LinkedSystem:
    """The system of a cube under one symbol for 0 … threshold-1. Inner tables are hidden and without a band."""
    inner = np.arange(len(cube)) >= cube.offset[cube.shown_tables]
    under = (counts < threshold) & ~inner
    relations = cube.relations()
    return LinkedSystem(
        keys=range(len(cube)),
        values=counts,
        relations=relations,
        rest=np.zeros(relations.shape[0], np.int64),
        small=under & (counts > 0),
        low=np.where(inner | under, 0, threshold),
        high=np.where(under, threshold - 1, NO_LIMIT),
        cost=np.log1p(counts) + 0.5,
        veiled=inner | (under & (counts == 0)),
        reach_zero=np.zeros(len(cube), bool) if reach_zero is None else reach_zero,
    )


class _Areas(Scope):
    """Some ``cells`` of a stage and above, under ``relations``; what is found is carried down from that stage."""

    def __init__(self, ladder: Ladder, stage: int, cells: np.ndarray, relations: Any, patient: bool = False) -> None:
        inside = np.zeros(len(ladder.system), bool)
        inside[cells] = True
        super().__init__(ladder.system, inside, relations)
        self.ladder, self.stage, self.patient = ladder, stage, patient

    def complete(self, change: Change, hidden: np.ndarray, may_hide: bool) -> Change | None:
        return self.ladder.carry(self.stage, change, hidden, may_hide, self.patient)


class _Room(_Areas):
    """The areas of one parent, or the ``cells`` of a few of them."""

    def __init__(
        self, ladder: Ladder, stage: int, room: int, cells: np.ndarray | None = None, patient: bool = False
    ) -> None:
        at = ladder.stages[stage]
        super().__init__(ladder, stage, at.cells(room) if cells is None else cells, at.relations, patient)


class _Joint(_Areas):
    """A few areas of the first stage with a few of the second below each."""

    steps = BRIEF

    def __init__(self, ladder: Ladder, cells: np.ndarray) -> None:
        super().__init__(ladder, 1, cells, ladder.joint)


def protect_cube(
    cube: Cube,
    system: LinkedSystem,
    *,
    workers: int = 1,
    progress: Progress | None = None,
    clean: bool | None = None,
) -> Protection:
    """The complements of a cube by the way that suits its size; raises ``Unprotectable``.

    Small cubes are one programme, which hides least. Larger ones begin with quick complements and are proved room by
    room; the largest keep what the proof does not need, for showing it again costs more than it gives (``clean``).
    """
    if len(cube) <= _ONE:
        return suppress(system, progress)
    shown = cube.relations(cube.tables[: cube.shown_tables])
    first = first_complements(system, shown)
    again = len(cube) <= _CLEANED if clean is None else clean
    return suppress_cube(cube, system, hidden=first, workers=workers, clean=again, progress=progress)


def suppress_cube(
    cube: Cube,
    system: LinkedSystem,
    *,
    hidden: np.ndarray | None = None,
    workers: int = 1,
    clean: bool = True,
    progress: Progress | None = None,
) -> Protection:
    """Hides what the small cells of the cube need; each leaves with a cube of records that says otherwise.

    ``hidden``: complements chosen beforehand, of which only what a witness needs stays. ``workers`` processes share the
    rooms of a stage. ``clean`` looks for witnesses that need fewer. Raises ``Unprotectable``.
    """
    book = Witnesses(system)
    now = system.masked.copy() if hidden is None else hidden | system.masked
    lost: list[int] = []
    number = int(system.small.sum())
    with _Hands(cube, system, workers) as hands:
        for i, stage in enumerate(hands.ladder.stages):
            wanted = system.small & ~_served(book)
            rooms = [r for r in range(stage.rooms) if wanted[stage.cells(r)].any()]
            begun: list[Change] = []
            before = now.copy()
            if len(rooms) == 1 and workers > 1:
                # One large room: its witnesses are found side by side, first the free ones.
                for work in (_prove_some, _hide_for_some):
                    told = {int(c) for change in begun for c in change.cells}
                    targets = [
                        int(j) for j in stage.cells(rooms[0]) if wanted[j] and (j not in told or system.reach_zero[j])
                    ]
                    shares = [(i, rooms[0], now, some) for some in stage.shares(rooms[0], targets, workers)]
                    for changes, more in hands.each(work, shares):
                        now[more] = True
                        begun += changes
            # Showing again searches much; where each search goes down two levels it would cost more than it gives.
            again = clean and len(hands.ladder.stages) - i <= 2
            for changes, more, failed in hands.each(
                _prove_room, [(i, r, before, now.copy(), wanted, begun, again) for r in rooms]
            ):
                now[more] = True
                for change in changes:
                    book.add(change)
                lost += failed
                if progress:
                    progress(int(_served(book).sum()), number)
    lost = [j for j in lost if not book.served(j)]
    if lost:
        raise Unprotectable(lost)
    # What was chosen beforehand and no witness needs is shown.
    now &= system.masked | book.complements()
    return Protection(system, now, book)


def _served(book: Witnesses) -> np.ndarray:
    served = np.zeros(len(book.system), bool)
    served[[j for j, n in book.serves.items() if n]] = True
    return served


def _prove_in_parts(
    ladder: Ladder, stage: int, room: int, book: Witnesses, hidden: np.ndarray, targets: list[int]
) -> None:
    """Witnesses among a few areas at a time: small programmes, where most small cells find theirs."""
    for turn in range(_JOINT_TURNS) if stage == 0 and ladder.joint is not None else []:
        left = [j for j in targets if not book.served(j)]
        for cells in ladder.stages[0].joint_parts(ladder.stages[1], room, turn) if left else []:
            joint = _Joint(ladder, cells)
            some = [j for j in left if joint.inside[j] and not book.served(j)]
            some = np.random.default_rng([stage, room, turn]).permutation(some)[:_JOINT_TRIES].tolist()
            prove_free(book, hidden, some, scope=joint)
    for turn in range(_TURNS):
        for cells in ladder.stages[stage].parts(room, turn):
            scope = _Room(ladder, stage, room, cells)
            prove_free(book, hidden, [j for j in targets if scope.inside[j] and not book.served(j)], scope=scope)


Found = tuple[list[Change], np.ndarray, list[int]]
"""The witnesses of a room, what is hidden more, the small cells nothing there can move."""


def _prove_some(
    ladder: Ladder, stage: int, room: int, hidden: np.ndarray, targets: list[int]
) -> tuple[list[Change], np.ndarray]:
    """Free witnesses of some of a room's small cells; nothing is hidden."""
    book = Witnesses(ladder.system)
    _prove_in_parts(ladder, stage, room, book, hidden, targets)
    prove_free(book, hidden, targets, scope=_Room(ladder, stage, room))
    return list(book.changes.values()), np.zeros(0, np.int64)


def _hide_for_some(
    ladder: Ladder, stage: int, room: int, before: np.ndarray, targets: list[int]
) -> tuple[list[Change], np.ndarray]:
    """Witnesses of some of a room's small cells that hide what they must, and what that is."""
    hidden = before.copy()
    book = Witnesses(ladder.system)
    _hide_in_parts(ladder, stage, room, book, hidden, targets, range(_TURNS, 3 * _TURNS))
    return list(book.changes.values()), np.flatnonzero(hidden & ~before)


def _hide_in_parts(
    ladder: Ladder,
    stage: int,
    room: int,
    book: Witnesses,
    hidden: np.ndarray,
    targets: list[int],
    turns: range,
    patient: bool = False,
) -> None:
    for turn in turns:
        targets = [j for j in targets if not book.served(j)]
        for cells in ladder.stages[stage].parts(room, turn) if targets else []:
            part = _Room(ladder, stage, room, cells, patient)
            prove_dearly(book, hidden, [j for j in targets if part.inside[j] and not book.served(j)], scope=part)


def _prove_room(
    ladder: Ladder,
    stage: int,
    room: int,
    before: np.ndarray,
    now: np.ndarray,
    wanted: np.ndarray,
    begun: list[Change],
    clean: bool,
) -> Found:
    """The witnesses of a room; ``begun``: some it has already. Only what was hidden since ``before`` is tried again."""
    scope = _Room(ladder, stage, room)
    hidden = now.copy()
    book = Witnesses(ladder.system)
    for change in begun:
        book.add(change)
    lost = [int(j) for j in np.flatnonzero(wanted & scope.inside) if not book.served(int(j))]
    if not begun:
        _prove_in_parts(ladder, stage, room, book, hidden, lost)
        lost = prove_free(book, hidden, lost, scope=scope)
        _hide_in_parts(ladder, stage, room, book, hidden, lost, range(_TURNS, 3 * _TURNS))
    lost = prove_dearly(book, hidden, [j for j in lost if not book.served(j)], scope=scope)
    # A search can fail where a change exists (a vertex that is not whole): other areas, other programmes.
    _hide_in_parts(ladder, stage, room, book, hidden, lost, range(3 * _TURNS, 3 * _TURNS + _INSISTENT), patient=True)
    if clean:
        show_again(book, hidden, scope=scope, keep=before)
    return list(book.changes.values()), np.flatnonzero(hidden & ~now), [j for j in lost if not book.served(j)]


T = TypeVar("T")
_LADDER: Ladder | None = None


def _begin(cube: Cube, system: LinkedSystem) -> None:
    global _LADDER
    _LADDER = Ladder(cube, system)


def _do(task: tuple[Callable[..., Any], tuple[Any, ...]]) -> Any:
    assert _LADDER is not None
    work, arguments = task
    return work(_LADDER, *arguments)


class _Hands:
    """Processes that share the rooms of a stage. Spawned, not forked: a solver's threads do not survive a fork."""

    def __init__(self, cube: Cube, system: LinkedSystem, workers: int) -> None:
        self.ladder = Ladder(cube, system)
        self.pool: ProcessPoolExecutor | None = None
        if workers > 1:
            context = get_context("spawn")
            self.pool = ProcessPoolExecutor(workers, mp_context=context, initializer=_begin, initargs=(cube, system))

    def __enter__(self) -> _Hands:
        return self

    def __exit__(self, *_: object) -> None:
        if self.pool:
            self.pool.shutdown(cancel_futures=True)

    def each(self, work: Callable[..., T], arguments: list[tuple[Any, ...]]) -> Iterator[T]:
        """What ``work`` finds for each of the arguments, in their order."""
        if self.pool is None:
            yield from (work(self.ladder, *some) for some in arguments)
        else:
            yield from self.pool.map(_do, [(work, some) for some in arguments])
