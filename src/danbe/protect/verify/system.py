"""The sums that bind the cells, found from the cells alone: what adds up wherever it can be checked is taken to add up."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

import numpy as np
import scipy.sparse as sp

from danbe.protect.verify.coding import Cells, Grouping

# What a sum of the published figures was found to obey, wherever all of it is shown.
SUM, AT_MOST, AT_LEAST, DOMINATES = "=", "≤", "≥", "max"
_ENOUGH = 3
_WIDELY = 5


@dataclass
class Relations:
    """``matrix`` (m × n): +1 the total, -1 each part; ``low`` ≤ matrix · cells ≤ ``high``. ``note``: what each row is."""

    matrix: sp.csr_matrix
    low: np.ndarray
    high: np.ndarray
    note: list[str] = field(default_factory=list)
    kind: np.ndarray = field(default_factory=lambda: np.zeros(0, np.int32))

    def text(self, row: int) -> str:
        return self.note[int(self.kind[row])]


@dataclass
class Family:
    """The sums of one grouping: ``child`` positions and, for each, the number of its sum; ``parent`` positions."""

    grouping: Grouping
    child: np.ndarray
    of: np.ndarray
    parent: np.ndarray


def families(cells: Cells) -> tuple[Cells, list[Family]]:
    """All sums; totals that two breakdowns share without any file printing them become free cells."""
    for _ in range(3):
        above = [np.zeros(0, np.int64), *(np.unique(k) for _g, _c, k in _above(cells))]
        keys, counts = np.unique(np.concatenate(above), return_counts=True)
        more = cells.with_latent(keys[counts > 1].astype(np.int64))
        if len(more) == len(cells):
            break
        cells = more
    found = []
    for grouping, child, keys in _above(cells):
        unique, of = np.unique(keys, return_inverse=True)
        at = cells.find(unique)
        keep = at[of] >= 0
        if keep.any():
            number = np.cumsum(at >= 0) - 1
            found.append(Family(grouping, child[keep], number[of[keep]], at[at >= 0]))
    return cells, found


def _above(cells: Cells) -> list[tuple[Grouping, np.ndarray, np.ndarray]]:
    found = []
    universe = cells.universe
    for grouping in universe.groupings:
        digit = universe.digit(cells.keys, grouping.dimension)
        up = grouping.up[digit]
        child = np.flatnonzero(up >= 0)
        found.append(
            (grouping, child, cells.keys[child] + (up[child] - digit[child]) * universe.stride[grouping.dimension])
        )
    return found


def relate(
    cells: Cells, declared: bool, assumed: AbstractSet[tuple[str, str]] = frozenset()
) -> tuple[Cells, Relations, list[tuple]]:
    """Cells (with shared totals added), their relations, and the rests of ≤-sums that are all shown: (parent, rest).

    ``declared``: all sums are said to close. Otherwise a sum holds as far as the shown ones of its class hold: first those
    under the same parent code, then those of the same dimensions, then all of its measure; with none to check,
    ``assumed`` (measure, dimension) are taken to add up, as the published method says.
    """
    cells, found = families(cells)
    blocks: list[sp.csr_matrix] = []
    low: list[np.ndarray] = []
    high: list[np.ndarray] = []
    note: list[str] = []
    kind: list[np.ndarray] = []
    rests: list[tuple] = []
    n = len(cells)

    def put(rows: np.ndarray, columns: np.ndarray, data: np.ndarray, m: int, lo: float, hi: float, text: str) -> None:
        if m:
            blocks.append(sp.csr_matrix((data, (rows, columns)), shape=(m, n)))
            low.append(np.full(m, lo))
            high.append(np.full(m, hi))
            kind.append(np.full(m, len(note), np.int32))
            note.append(text)

    for family in found:
        m = len(family.parent)
        verdict = np.full(m, SUM, object) if declared else _verdicts(cells, family, assumed, rests)
        for sign, lo, hi in ((SUM, 0.0, 0.0), (AT_MOST, 0.0, np.inf), (AT_LEAST, -np.inf, 0.0)):
            chosen = verdict == sign
            number = np.cumsum(chosen) - 1
            inside = chosen[family.of]
            rows = np.concatenate([number[chosen], number[family.of[inside]]])
            columns = np.concatenate([family.parent[chosen], family.child[inside]])
            data = np.concatenate([np.ones(int(chosen.sum())), -np.ones(int(inside.sum()))])
            put(
                rows,
                columns,
                data,
                int(chosen.sum()),
                lo,
                hi,
                family.grouping.name or family.grouping.dimension,
            )
        inside = np.flatnonzero((verdict == DOMINATES)[family.of])
        each = np.arange(len(inside))
        put(
            np.concatenate([each, each]), np.concatenate([family.parent[family.of[inside]], family.child[inside]]),
            np.concatenate([np.ones(len(inside)), -np.ones(len(inside))]), len(inside), 0.0, np.inf,
            family.grouping.name or family.grouping.dimension,
        )  # fmt: skip
    matrix = sp.vstack(blocks, format="csr") if blocks else sp.csr_matrix((0, n))
    empty = np.zeros(0)
    return cells, Relations(
        matrix, np.concatenate([empty, *low]), np.concatenate([empty, *high]), note,
        np.concatenate([np.zeros(0, np.int32), *kind]),
    ), rests  # fmt: skip


def _verdicts(cells: Cells, family: Family, assumed: AbstractSet[tuple[str, str]], rests: list[tuple]) -> np.ndarray:
    universe = cells.universe
    m = len(family.parent)
    known = cells.known
    value = np.where(known, cells.low, 0.0)
    parts = np.bincount(family.of, weights=value[family.child], minlength=m)
    largest = np.zeros(m)
    np.maximum.at(largest, family.of, value[family.child])
    open_ = np.bincount(family.of, weights=~known[family.child], minlength=m) > 0
    tested = ~open_ & known[family.parent] & ~cells.latent[family.parent]
    rest = value[family.parent] - parts
    facts = {
        SUM: np.abs(rest) < 0.5,
        AT_MOST: rest > -0.5,
        AT_LEAST: rest < 0.5,
        DOMINATES: value[family.parent] >= largest,
    }
    shape = universe.signature(cells.keys[family.parent])
    measure = (
        universe.digit(cells.keys[family.parent], "measure") if "measure" in universe.codes else np.zeros(m, np.int64)
    )
    parent = universe.digit(cells.keys[family.parent], family.grouping.dimension)
    fine = shape * len(universe.codes[family.grouping.dimension]) + parent
    verdict = np.full(m, "", object)
    decided = np.zeros(m, bool)
    for group, enough, signs in (
        (fine, _ENOUGH, (SUM,)), (shape, 1, (SUM,)), (measure, 1, (SUM,)),
        (shape, _WIDELY, (AT_MOST, AT_LEAST, DOMINATES)), (measure, _WIDELY, (AT_MOST, AT_LEAST, DOMINATES)),
    ):  # fmt: skip
        _unique, inverse = np.unique(group, return_inverse=True)
        tests = np.bincount(inverse, weights=tested)
        for sign in signs:
            holds = np.bincount(inverse, weights=tested & facts[sign])
            sure = (tests >= enough) & (holds == tests)
            chosen = ~decided & sure[inverse]
            verdict[chosen] = sign
            decided |= chosen
    names = universe.codes.get("measure", [""])
    _unique, inverse = np.unique(measure, return_inverse=True)
    untested = (np.bincount(inverse, weights=tested) == 0)[inverse]
    for i in np.flatnonzero(untested & ~decided):
        if (names[int(measure[i])], family.grouping.dimension) in assumed:
            verdict[i] = SUM
    for i in np.flatnonzero(tested & (verdict == AT_MOST) & (rest > 0.5)):
        rests.append((int(family.parent[i]), float(rest[i]), family.grouping.name))
    return verdict
