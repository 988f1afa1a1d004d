"""Synthetic incidents shaped like Mali's, seeded, for the benchmarks of the disclosure gate. No real data.

50,000 incidents over 10 regions, 56 cercles and 703 communes, 12 months, 12 types of violation, 4 groups of sex and age;
most are in three regions, types differ by region, a few large communes and many nearly empty ones.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from danbe.protect.linked.cube import TOTAL, Cube, Dimension

MONTHS, TYPES, GROUPS = 12, 12, 4
# Tables of each set: area level (N country, R region, C cercle, K commune), then m month, v type, s sex and age.
SETS: dict[str, list[tuple[str, str]]] = {
    "P1": [("R", "mv")],
    "P2": [("C", "mv")],
    "P3": [("C", "mv"), ("C", "vs"), ("R", "mvs")],
    "P5": [("K", "v"), ("K", "m"), ("K", "s"), ("C", "mv"), ("C", "vs"), ("C", "ms"), ("R", "mvs")],
    "FULL": [("K", "mvs")],
}


@dataclass(frozen=True)
class Incidents:
    """``leaves`` (n × 4): commune, month, type, group of each incident; ``organisation`` (n); the levels of places."""

    leaves: np.ndarray
    organisation: np.ndarray
    region: np.ndarray
    cercle: np.ndarray

    @property
    def dimensions(self) -> tuple[Dimension, ...]:
        def flat(name: str, n: int) -> Dimension:
            return Dimension(name, {name: np.arange(n)})

        communes = np.arange(len(self.cercle))
        area = Dimension("area", {"R": self.region[self.cercle], "C": self.cercle, "K": communes})
        return area, flat("m", MONTHS), flat("v", TYPES), flat("s", GROUPS)


def incidents(n: int = 50_000, seed: int = 1, regions: int = 10, cercles: int = 56, communes: int = 703) -> Incidents:
    """The synthetic year: the same numbers for the same seed."""
    random = np.random.default_rng(seed)
    region = np.sort(
        np.concatenate([np.repeat(np.arange(regions), 3), random.integers(0, regions, cercles - 3 * regions)])
    )
    some = random.choice(cercles, communes - 4 * cercles, p=random.dirichlet(np.full(cercles, 3.0)))
    cercle = np.sort(np.concatenate([np.repeat(np.arange(cercles), 4), some]))
    weight = np.array([0.02, 0.03, 0.02, 0.13, 0.30, 0.16, 0.17, 0.03, 0.09, 0.05])
    weight /= weight.sum()
    by_cercle, by_commune = random.gamma(0.8, 1, cercles), random.gamma(0.5, 1, communes) + 0.01
    of_region = region[cercle]
    p = weight[of_region] * by_cercle[cercle] * by_commune
    for r in range(regions):
        p[of_region == r] *= weight[r] / p[of_region == r].sum()
    p /= p.sum()
    commune = random.choice(communes, n, p=p)
    types = np.array([0.20, 0.16, 0.13, 0.11, 0.09, 0.08, 0.07, 0.05, 0.04, 0.03, 0.025, 0.015])
    types /= types.sum()
    mix = np.array([random.dirichlet(types * 30) for _ in range(regions)]).cumsum(1)
    kind = (random.random(n)[:, None] > mix[of_region[commune]]).sum(1).clip(0, TYPES - 1)
    season = np.array([1, 1, 1.1, 1.2, 1.3, 1.2, 0.9, 0.8, 0.8, 0.9, 1, 1])
    month = random.choice(MONTHS, n, p=season / season.sum())
    sexes = np.array([random.dirichlet([5, 3, 1.2, 1]) for _ in range(TYPES)])
    group = (random.random(n)[:, None] > sexes.cumsum(1)[kind]).sum(1).clip(0, GROUPS - 1)
    organisation = random.choice(25, n, p=random.dirichlet(np.full(25, 0.6)))
    return Incidents(np.column_stack([commune, month, kind, group]), organisation, region, cercle)


def tables(name: str) -> list[tuple[str, ...]]:
    """The tables of a set as levels of (area, month, type, group)."""
    return [(TOTAL if area == "N" else area, *(x if x in cut else TOTAL for x in "mvs")) for area, cut in SETS[name]]


def cube(name: str, data: Incidents) -> Cube:
    return Cube(data.dimensions, tables(name))
