"""People in need and targets, added up the hierarchy of places. Areas of responsibility are never added together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from danbe.reference.catalogue.figures import TOTAL

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass
class Hierarchy:
    """Places by id: their level and the unit above. A unit without a parent stands under the country."""

    country: str
    levels: dict[str, int] = field(default_factory=dict)
    parents: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, places: pa.Table, country: str) -> Hierarchy:
        found = cls(country, {country: 0})
        for place in places.select(["place_id", "level", "parent_id"]).to_pylist():
            found.levels[place["place_id"]] = int(place["level"] or 0)
            if place["place_id"] != country:
                found.parents[place["place_id"]] = place["parent_id"] or country
        return found

    def up(self, place: str, level: int = 2) -> str:
        """The unit of ``level`` or above that holds ``place``: communes and sites become their cercle."""
        while self.levels[place] > level:
            place = self.above(place)
        return place

    def above(self, place: str) -> str:
        """The unit that holds ``place``; the country where its parent is not known."""
        parent = self.parents.get(place, self.country)
        return parent if parent in self.levels else self.country


@dataclass(frozen=True)
class NeedCell:
    """A count of one year, place (country, region or cercle), area or TOTAL, group or TOTAL; in persons."""

    year: int
    level: int
    place: str
    aor: str
    population_status: str
    value: int


def needs(rows: Iterable[dict[str, object]], measure: str, hierarchy: Hierarchy) -> list[NeedCell]:
    """People in need or targets at country, region and cercle, by area and group, with their totals.

    ``rows`` are those of the catalogue's dataset. Communes add up to their cercle, cercles to their region, regions
    to the country; a figure given for a unit itself stands before the sum of what lies within. Across areas the
    largest counts, per cercle and group («somme des plus grandes cibles par cercles», HRP Mali 2019); where an area
    is known at a higher level only, the total there is the larger of that and of the sum below.
    """
    known = _given(rows, measure, hierarchy)
    by_area = dict(known)
    total: dict[tuple[int, str, str], int] = {}
    within: dict[tuple[int, str, str], int] = defaultdict(int)
    for level in (2, 1, 0):
        sums: dict[tuple[int, str, str, str], int] = defaultdict(int)
        for (year, place, aor, group), value in by_area.items():
            if hierarchy.levels[place] == level:
                total[(year, place, group)] = max(total.get((year, place, group), 0), value)
                sums[(year, hierarchy.above(place), aor, group)] += value
        for key3, value in within.items():
            if hierarchy.levels[key3[1]] == level:
                total[key3] = max(total.get(key3, 0), value)
        if level == 0:
            break
        for key, value in sums.items():
            if key not in known:
                by_area[key] = by_area.get(key, 0) + value
        for (year, place, group), value in total.items():
            if hierarchy.levels[place] == level:
                within[(year, hierarchy.above(place), group)] += value
    cells = [NeedCell(y, hierarchy.levels[p], p, a, g, v) for (y, p, a, g), v in by_area.items()]
    cells += [NeedCell(y, hierarchy.levels[p], p, TOTAL, g, v) for (y, p, g), v in total.items()]
    groups: dict[tuple[int, int, str, str], int] = defaultdict(int)
    for cell in cells:
        groups[(cell.year, cell.level, cell.place, cell.aor)] += cell.value
    return cells + [NeedCell(*key, TOTAL, value) for key, value in groups.items()]


def _given(
    rows: Iterable[dict[str, object]], measure: str, hierarchy: Hierarchy
) -> dict[tuple[int, str, str, str], int]:
    """What the rows say of each country, region and cercle: its own figure, else the sum of its communes."""
    own: dict[tuple[int, str, str, str], int] = {}
    below: dict[tuple[int, str, str, str], int] = defaultdict(int)
    for row in rows:
        if row[measure] is None:
            continue
        place, value = str(row["place"]), int(str(row[measure]))
        if place not in hierarchy.levels:
            raise ValueError(f"{measure}: the place {place!r} is not among the places of the snapshot")
        key = (int(str(row["year"])), hierarchy.up(place), str(row["aor"]), str(row["population_status"]))
        if hierarchy.levels[place] > 2:
            below[key] += value
        else:
            own[key] = value
    return {**below, **own}
