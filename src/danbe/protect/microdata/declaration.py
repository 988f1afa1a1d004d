"""What an extract of records holds: its quasi-identifiers with their groupings, its sensitive columns, its thresholds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from danbe.protect.microdata.risk import HDX_BENCHMARK

ALL = "*"
"""The level at which a column says nothing any more: it is left out of the extract."""


@dataclass(frozen=True)
class Hierarchy:
    """How the values of a column are grouped. ``levels``: finest first, the first being the column's own values.

    ``groups``: for each other level, the group of each of the column's values. ``floor``: the finest level that may
    leave. Each level must be a grouping of the one before.
    """

    levels: tuple[str, ...]
    groups: Mapping[str, Mapping[Any, Any]] = field(default_factory=dict)
    floor: str = ""

    def __post_init__(self) -> None:
        missing = [level for level in self.levels[1:] if level not in self.groups]
        if not self.levels or missing or (self.floor and self.floor not in self.levels):
            raise ValueError(f"hierarchy {self.levels}: no groups for {missing}, or unknown floor {self.floor!r}")
        for finer, coarser in zip(self.levels[1:], self.levels[2:], strict=False):
            seen: dict[Any, Any] = {}
            for value, group in self.groups[finer].items():
                if seen.setdefault(group, self.groups[coarser].get(value)) != self.groups[coarser].get(value):
                    raise ValueError(f"{finer} {group!r} falls in two groups of {coarser}: levels must nest")

    @property
    def lowest(self) -> int:
        """The number of the finest level that may leave."""
        return self.levels.index(self.floor) if self.floor else 0

    def at(self, level: str, value: Any) -> Any:
        """The group of a value; raises ``KeyError`` when it has none. A missing value stays missing."""
        return value if value is None or level == self.levels[0] else self.groups[level][value]


@dataclass(frozen=True)
class Quasi:
    """A column by which somebody could be recognised. ``weight``: how much its detail matters to readers (more = kept
    longer). ``droppable``: whether the column may be left out whole when nothing else reaches the thresholds."""

    column: str
    hierarchy: Hierarchy
    weight: float = 1.0
    droppable: bool = False


@dataclass(frozen=True)
class Declaration:
    """One extract. Nothing but ``quasi`` and ``sensitive`` columns leaves.

    ``k``: records that share every quasi-identifier; ``l``: distinct values of each sensitive column among them.
    ``special``: no record is alone in any combination of up to that many released columns. ``suda``: sizes of minimal
    sample uniques looked at in the source. ``max_risk``: global risk not to exceed (None: reported only).
    ``max_suppressed``: the largest share of records that may lose a value or be dropped. ``max_sensitivity``: of the
    columns in the catalogue. ``weight_column``: how many persons of the population a record stands for, if sampled.
    """

    dataset: str
    quasi: tuple[Quasi, ...]
    sensitive: tuple[str, ...] = ()
    k: int = 5
    l: int = 2  # noqa: E741  the method's own letter
    special: int = 2
    suda: int = 3
    max_risk: float | None = HDX_BENCHMARK
    max_suppressed: float = 0.05
    max_sensitivity: int = 1
    weight_column: str = ""

    @property
    def columns(self) -> tuple[str, ...]:
        return (*(q.column for q in self.quasi), *self.sensitive)


def time_hierarchy(values: Iterable[Any], floor: str = "quarter") -> Hierarchy:
    """Months («2025-03») or dates («2025-03-14», ``date``) grouped into quarters («2025-T1») and years («2025»)."""
    known = sorted({str(v) for v in values if v is not None})
    day = any(len(v) > 7 for v in known)
    groups = {
        "month": {v: v[:7] for v in known},
        "quarter": {v: f"{v[:4]}-T{(int(v[5:7]) + 2) // 3}" for v in known},
        "year": {v: v[:4] for v in known},
    }
    levels = ("day", "month", "quarter", "year") if day else ("month", "quarter", "year")
    return Hierarchy(levels, {level: groups[level] for level in levels[1:]}, floor)


_LEVELS = ("country", "region", "cercle", "commune")


def place_hierarchy(places: Iterable[Mapping[str, Any]], own: str, floor: str = "region") -> Hierarchy:
    """Places of level ``own` («commune», «cercle» or «region») grouped up to the country.

    ``places``: rows with ``place_id``, ``level`` (0 country … 3 commune) and ``parent_id``, as in a snapshot.
    """
    by_id = {p["place_id"]: p for p in places}
    start = _LEVELS.index(own)
    levels = tuple(reversed(_LEVELS[: start + 1]))
    groups: dict[str, dict[Any, Any]] = {level: {} for level in levels[1:]}
    for place_id, place in by_id.items():
        if int(place["level"]) != start:
            continue
        above = by_id.get(place["parent_id"])
        while above is not None:
            groups[_LEVELS[int(above["level"])]][place_id] = above["place_id"]
            above = by_id.get(above["parent_id"])
    return Hierarchy(levels, groups, floor if floor in levels else "")
