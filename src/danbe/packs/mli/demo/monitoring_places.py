"""Where the synthetic incidents take place: communes of the current division, regions in crisis more often."""

from __future__ import annotations

import math
from random import Random

from danbe.packs.mli.demo.monitoring_profiles import REGION_WEIGHT
from danbe.reference.geography import Gazetteer, Unit
from danbe.reference.text import search_key

Codes = tuple[str, str, str]


def code(unit: Unit) -> str:
    """What the forms call a unit: its P-code, or its id where the division has none for it."""
    return unit.code or unit.id


class Places:
    """Draws communes, as (region, cercle, commune) in the codes of the forms."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._drawn: list[Codes] = []
        self._weights: list[float] = []
        for region in gazetteer.units(1, gazetteer.current):
            weight = REGION_WEIGHT.get(search_key(region.name), 0.0)
            communes = [
                (cercle, commune)
                for cercle in gazetteer.children(region.id)
                for commune in gazetteer.children(cercle.id)
                if weight and cercle.version == commune.version == gazetteer.current and commune.level == 3
            ]
            sizes = [1 / math.sqrt(n + 1) for n in range(len(communes))]
            for (cercle, commune), size in zip(communes, sizes, strict=True):
                self._drawn.append((code(region), code(cercle), code(commune)))
                self._weights.append(weight * size / sum(sizes))

    def draw(self, rng: Random) -> Codes:
        return rng.choices(self._drawn, self._weights)[0]

    def region(self, rng: Random, region: str) -> Codes:
        """A commune of one region."""
        inside = [c for c in self._drawn if c[0] == region]
        return rng.choice(inside)
