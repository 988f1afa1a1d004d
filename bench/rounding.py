"""Rounds the full cube of synthetic incidents and prints seconds, memory and how far the margins moved, beside two naive ways.

Usage: python bench/rounding.py [incidents] [base], by default 50000 and 5. The incidents are shaped like those of a
protection-monitoring network (10 regions, 56 cercles, 703 communes, 12 months, 12 types, 4 sex and age groups) and come
from a seed: no record of anyone.
"""

from __future__ import annotations

import resource
import sys
import time

import numpy as np

from danbe.protect.rounding import Axis, Cube, round_cube


def incidents(n: int = 50_000, seed: int = 1) -> tuple[tuple[Axis, ...], np.ndarray]:
    """The axes and ``n`` records (commune, month, type, sex and age): long tails, seasons, a mix of types by region."""
    r = np.random.default_rng(seed)
    regions, cercles, communes = 10, 56, 703
    region_of = np.sort(np.r_[np.repeat(np.arange(regions), 3), r.integers(0, regions, cercles - 3 * regions)])
    spread = r.choice(cercles, communes - 4 * cercles, p=r.dirichlet(np.full(cercles, 3.0)))
    cercle_of = np.sort(np.r_[np.repeat(np.arange(cercles), 4), spread])
    heavy = np.array([0.02, 0.03, 0.02, 0.13, 0.30, 0.16, 0.17, 0.03, 0.09, 0.05])
    here = region_of[cercle_of]
    p = r.gamma(0.8, 1, cercles)[cercle_of] * (r.gamma(0.5, 1, communes) + 0.01)
    for g in range(regions):
        p[here == g] *= heavy[g] / p[here == g].sum()
    commune = r.choice(communes, n, p=p / p.sum())
    types = np.array([0.20, 0.16, 0.13, 0.11, 0.09, 0.08, 0.07, 0.05, 0.04, 0.03, 0.025, 0.015])
    mix = np.array([r.dirichlet(types / types.sum() * 30) for _ in range(regions)]).cumsum(1)
    kind = (r.random(n)[:, None] > mix[here[commune]]).sum(1).clip(0, 11)
    season = np.array([1, 1, 1.1, 1.2, 1.3, 1.2, 0.9, 0.8, 0.8, 0.9, 1, 1])
    month = r.choice(12, n, p=season / season.sum())
    who = np.array([r.dirichlet([5, 3, 1.2, 1]) for _ in range(12)]).cumsum(1)
    person = (r.random(n)[:, None] > who[kind]).sum(1).clip(0, 3)
    area = Axis(
        ("commune", "cercle", "region"),
        {
            "cercle": {k: int(c) for k, c in enumerate(cercle_of)},
            "region": {k: int(g) for k, g in enumerate(here)},
        },
    )
    return (area, Axis(("month",)), Axis(("type",)), Axis(("sex_age",))), np.c_[commune, month, kind, person]


def deviations(cube: Cube, keys: list[tuple[int, ...]], change: np.ndarray) -> np.ndarray:
    """The absolute deviation of every cell of every margin when the inner cells change by ``change``."""
    cells, _ = cube.index(keys)
    out = np.zeros(int(cells.max()) + 1, np.int64)
    for m in range(cells.shape[1]):
        np.add.at(out, cells[:, m], change)
    return np.abs(out)


def line(name: str, size: np.ndarray, broken: str) -> None:
    shares = "  ".join(f"≤{d} {(size <= d).mean():6.1%}" for d in (0, 1, 2, 5, 10))
    print(f"{name:34} {size.max():7d} {size.mean():8.2f}  {shares}  {broken}")


def broken_relations(cube: Cube, rng: np.random.Generator, base: int) -> float:
    """The share of sums (a margin's cell = its parts in the next finer margin of one axis) that no longer hold when
    each published cell is rounded by itself."""
    total = broken = 0
    rounded: dict[tuple[tuple[str, ...], tuple[int, ...]], int] = {}
    exact = {margin: _sums(cube, margin) for margin in cube.margins}
    for margin, cells in exact.items():
        for key, n in cells.items():
            low = n // base * base
            rounded[margin, key] = low + base * int(rng.random() < (n - low) / base)
    for fine in cube.margins:
        for axis in range(len(cube.axes)):
            level = next((x for x in fine if cube.axis_of[x] == axis), None)
            if level is None:
                continue
            levels = cube.axes[axis].levels
            up = levels.index(level) + 1
            coarse = tuple(x if x != level else levels[up] for x in fine if x != level or up < len(levels))
            parts: dict[tuple[int, ...], int] = {}
            seen: dict[tuple[int, ...], tuple[int, ...]] = {}
            for inner in cube.counts:
                seen.setdefault(cube.project(inner, fine), cube.project(inner, coarse))
            for cell, parent in seen.items():
                parts[parent] = parts.get(parent, 0) + rounded[fine, cell]
            total += len(parts)
            broken += sum(rounded[coarse, parent] != n for parent, n in parts.items())
    return broken / total


def narrowed(
    cube: Cube, keys: list[tuple[int, ...]], shown: np.ndarray, truth: np.ndarray, base: int, bound: int
) -> tuple[int, int]:
    """(small counts worked out exactly, small counts at all narrowed) by a reader who knows the rule, the bound printed
    beside the cube, and which cells are empty: intervals carried through every margin until nothing moves."""
    small = truth < base
    low = np.where(shown > base, shown, np.where(shown == base, 1, 0))
    high = np.where(shown > base, shown, np.where(shown == base, base, base - 1))
    first_low, first_high = low.copy(), high.copy()
    cells, _ = cube.index(keys)
    size = int(cells.max()) + 1
    for _ in range(50):
        before = low.copy(), high.copy()
        for m in range(cells.shape[1]):
            c = cells[:, m]
            total, least, most = (
                np.bincount(c, weights=x, minlength=size).astype(np.int64) for x in (shown, low, high)
            )
            high = np.minimum(high, (total + bound - least)[c] + low)
            low = np.maximum(low, (total - bound - most)[c] + high)
        if (before[0] == low).all() and (before[1] == high).all():
            break
    return int((small & (low == high)).sum()), int((small & ((low > first_low) | (high < first_high))).sum())


def _sums(cube: Cube, margin: tuple[str, ...]) -> dict[tuple[int, ...], int]:
    out: dict[tuple[int, ...], int] = {}
    for key, n in cube.counts.items():
        cell = cube.project(key, margin)
        out[cell] = out.get(cell, 0) + n
    return out


def main(n: int, base: int) -> None:
    warm = Cube.from_records(
        "incidents", "incidents", (Axis(("a",)), Axis(("b",))), [(i % 3, i % 5) for i in range(40)]
    )
    round_cube(warm, base)  # compiles the search once, outside the clock
    axes, records = incidents(n)
    start = time.perf_counter()
    cube = Cube.from_records("incidents", "incidents", axes, map(tuple, records.tolist()))
    built = time.perf_counter()
    result = round_cube(cube, base)
    done = time.perf_counter()
    keys = list(cube.counts)
    truth = np.array([cube.counts[k] for k in keys])
    small = truth < base
    cells = (703 + 56 + 10 + 1) * 13 * 13 * 5
    print(f"cube of {cells:,} cells ({len(keys):,} inner cells hold a count, {small.sum():,} of them small), {len(cube.margins)} margins, base {base}")  # fmt: skip
    print(f"built in {built - start:.1f} s, rounded in {done - built:.1f} s, peak {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")  # fmt: skip
    d = result.deviations
    print(f"{'':34} {'largest':>7} {'mean':>8}  cells with a count, by absolute deviation")
    change = np.array([result.counts.get(k, 0) for k in keys]) - truth
    size = deviations(cube, keys, change)
    assert size.max() == d.largest and np.isclose(size.mean(), d.mean)
    line("small-count rounding", size, "0 % of sums broken")
    exact, some = narrowed(cube, keys, truth + change, truth, base, d.stated_bound(base))
    print(
        f"{'':34} a reader who knows the rule and the bound ({d.stated_bound(base)}) works out {exact} small counts, narrows {some}"
    )
    rng = np.random.default_rng(1)
    random = np.where(small, np.where(rng.random(len(keys)) < truth / base, base, 0), truth) - truth
    line("inner cells rounded at random", deviations(cube, keys, random), "0 % of sums broken")
    broken = broken_relations(cube, rng, base)
    print(f"{'each published cell by itself':34} {base - 1:7d} {'':8}  {broken:.1%} of sums broken")
    print("by margin: cells, largest, mean")
    for margin, (count, largest, mean) in sorted(d.by_margin.items(), key=lambda item: item[1][0]):
        print(f"  {' × '.join(margin) or 'total':34} {count:8,} {largest:4d} {mean:6.2f}")


if __name__ == "__main__":
    main(*(int(a) for a in sys.argv[1:3]), *(50_000, 5)[len(sys.argv) - 1 :])
