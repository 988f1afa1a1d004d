"""Rounding a cube, and the cube that comes out: its tables, labelled, and how far they are from the truth."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from danbe.protect.rounding.cube import BadCube, Code, Cube, Margin
from danbe.protect.rounding.search import choose

if TYPE_CHECKING:
    import pyarrow as pa

MARKER = "arrondi"
"""The column every table of a rounded cube bears: the base (5) to which its small counts were rounded."""


@dataclass(frozen=True)
class Deviations:
    """How far the published cells are from the true counts: for those who approve, never for the public.

    ``cells``: published cells with a count; ``largest`` and ``mean``: of the absolute deviation; ``histogram``: number of
    cells by absolute deviation; ``by_margin``: (cells, largest, mean) per margin; ``total``: deviation of the whole.
    """

    cells: int
    largest: int
    mean: float
    root_mean_square: float
    histogram: Mapping[int, int]
    by_margin: Mapping[Margin, tuple[int, int, float]]
    total: int

    def within(self, most: int) -> float:
        """The share of cells that deviate by at most ``most``."""
        return sum(n for d, n in self.histogram.items() if d <= most) / max(self.cells, 1)

    def stated_bound(self, base: int) -> int:
        """What may be printed beside the cube. Never below base - 1: a smaller bound would narrow the small cells."""
        return max(self.largest, base - 1)


@dataclass(frozen=True)
class RoundedCube:
    """``counts``: the rounded inner cells that are not 0. ``base``: that of ordinary cells; ``sensitive_base`` that of
    sensitive ones. All tables are sums of ``counts``, so that they agree with one another."""

    cube: Cube
    counts: Mapping[tuple[Code, ...], int]
    base: int
    sensitive_base: int
    deviations: Deviations

    def margin(self, margin: Margin) -> dict[tuple[Code, ...], int]:
        """The rounded counts of a declared margin; raises ``BadCube`` for another."""
        wanted = next((m for m in self.cube.margins if set(m) == set(margin)), None)
        if wanted is None:
            raise BadCube(f"margin {margin} was not declared when the cube was rounded; declared: {self.cube.margins}")
        out: dict[tuple[Code, ...], int] = {}
        for key, n in self.counts.items():
            cell = self.cube.project(key, wanted)
            out[cell] = out.get(cell, 0) + n
        return out

    def table(self, margin: Margin) -> pa.Table:
        """A margin as a table: one column per level, the measure, and the marker. Cells of 0 are left out.

        The schema says ``rounded`` in its metadata too, for readers that drop columns.
        """
        import pyarrow as pa

        wanted = next((m for m in self.cube.margins if set(m) == set(margin)), tuple(margin))
        cells = sorted(self.margin(margin).items(), key=lambda item: tuple(map(str, item[0])))
        columns: dict[str, Any] = {level: pa.array([key[i] for key, _ in cells]) for i, level in enumerate(wanted)}
        columns[self.cube.measure] = pa.array([n for _, n in cells], pa.int64())
        columns[MARKER] = pa.array([self.base] * len(cells), pa.int64())
        return pa.table(columns).replace_schema_metadata(
            {"dataset": self.cube.dataset, "rounded": str(self.base), "rounded_sensitive": str(self.sensitive_base)}
        )


def round_cube(
    cube: Cube,
    base: int = 5,
    *,
    sensitive: Mapping[str, frozenset[Code]] | None = None,
    sensitive_base: int = 10,
    zero_share: float = 0.1,
    weights: Mapping[Margin, int] | None = None,
    seed: int = 2018,
) -> RoundedCube:
    """Rounds the inner cells 1 … base-1 of ``cube`` to 0 or ``base`` so that its margins move as little as possible.

    ``sensitive`` names the codes, by level, whose cells take ``sensitive_base`` instead. Of their cells that show that
    base, about ``zero_share`` are truly 0, so that nobody can say "there was at least one" (zeros as candidates:
    SmallCountRounding's ``zeroCandidates``). ``weights``: margins that matter more than 1. The same cube, parameters
    and seed give the same cells. Raises ``BadCube`` for a base below 2 or an unknown level.
    """
    if base < 2 or sensitive_base < base:
        raise BadCube(f"base {base}, sensitive base {sensitive_base}: at least 2, and the second not below the first")
    unknown = {level for level in sensitive or {} if level not in cube.axis_of}
    unknown_margins = {m for m in weights or {} if m not in cube.margins}
    if unknown or unknown_margins:
        raise BadCube(f"unknown levels {sorted(unknown)} or margins {sorted(unknown_margins)}")
    keys = [key for key, n in sorted(cube.counts.items(), key=lambda item: tuple(map(str, item[0]))) if n]
    touchy = _touchy(cube, keys, sensitive or {})
    count = np.array([cube.counts[key] for key in keys], dtype=np.int64)
    bases = np.where(touchy, sensitive_base, base).astype(np.int64)
    small = count < bases
    rng = np.random.default_rng(seed)
    zeros = _true_zeros(cube, [k for k, s, t in zip(keys, small, touchy, strict=True) if s and t], zero_share, rng, int(count[small & touchy].sum()) // sensitive_base, sensitive or {})  # fmt: skip
    every = keys + zeros
    cells, numbers = cube.index(every)
    moving = np.concatenate([np.flatnonzero(small), np.arange(len(keys), len(every))])
    truth = np.concatenate([count, np.zeros(len(zeros), np.int64)])
    bases = np.concatenate([bases, np.full(len(zeros), sensitive_base, np.int64)])
    heavy = np.concatenate([np.full(len(n), (weights or {}).get(m, 1), np.int64) for m, n in zip(cube.margins, numbers, strict=True)])  # fmt: skip
    state = choose(cells[moving], truth[moving], bases[moving], heavy, moving >= len(keys), seed)
    rounded = truth.copy()
    rounded[moving] = np.where(state.up, bases[moving], 0)
    counts = {key: int(n) for key, n in zip(every, rounded, strict=True) if n}
    return RoundedCube(cube, counts, base, sensitive_base, _measure(cube, state.deviation, numbers))


def _touchy(cube: Cube, keys: list[tuple[Code, ...]], sensitive: Mapping[str, frozenset[Code]]) -> np.ndarray:
    out = np.zeros(len(keys), bool)
    for level, codes in sensitive.items():
        axis = cube.axis_of[level]
        out |= np.array([cube.axes[axis].code(level, key[axis]) in codes for key in keys], bool)
    return out


def _true_zeros(
    cube: Cube,
    small: list[tuple[Code, ...]],
    share: float,
    rng: np.random.Generator,
    expected: int,
    sensitive: Mapping[str, frozenset[Code]],
) -> list[tuple[Code, ...]]:
    """Empty sensitive cells that will show the base: neighbours of small ones (one code changed), drawn by the seed.

    They are drawn before the search and never dropped by it: a search free to avoid them would, and then a base would
    again mean "at least one".
    """
    wanted = round(expected * share) if share else 0
    if small and share and not wanted:
        wanted = 1
    codes: list[list[Code]] = [sorted({key[i] for key in cube.counts}, key=str) for i in range(len(cube.axes))]
    found: dict[tuple[Code, ...], None] = {}
    for _ in range(50 * wanted):
        if len(found) == wanted:
            break
        key = list(small[int(rng.integers(len(small)))])
        axis = int(rng.integers(len(key)))
        key[axis] = codes[axis][int(rng.integers(len(codes[axis])))]
        new = tuple(key)
        if not cube.counts.get(new) and new not in cube.impossible and _touchy(cube, [new], sensitive)[0]:
            found[new] = None
    return list(found)


def _measure(cube: Cube, deviation: np.ndarray, numbers: list[dict[tuple[Code, ...], int]]) -> Deviations:
    size = np.abs(deviation)
    by_margin, start = {}, 0
    for margin, cells in zip(cube.margins, numbers, strict=True):
        part = size[start : start + len(cells)]
        by_margin[margin] = (len(cells), int(part.max(initial=0)), float(part.mean()) if len(part) else 0.0)
        start += len(cells)
    inner = deviation[: len(numbers[0])] if numbers else deviation
    return Deviations(
        cells=len(size),
        largest=int(size.max(initial=0)),
        mean=float(size.mean()) if len(size) else 0.0,
        root_mean_square=float(np.sqrt((size.astype(float) ** 2).mean())) if len(size) else 0.0,
        histogram={int(d): int(n) for d, n in zip(*np.unique(size, return_counts=True), strict=True)},
        by_margin=by_margin,
        total=int(inner.sum()),
    )
