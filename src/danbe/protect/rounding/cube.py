"""A cube of counts: its axes with their groupings, its inner cells, and the margins that may be read from it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import product
from typing import Any

import numpy as np

Code = Any  # what a dimension holds: text or whole number
Margin = tuple[str, ...]
"""The levels a margin is cut by, at most one per axis; ``()`` is the grand total."""


class BadCube(ValueError):
    """A cube that does not hold together: says which axis, level, code or cell, and what to do."""


@dataclass(frozen=True)
class Axis:
    """One dimension. ``levels``: names, finest first («commune», «cercle», «region»); a cube's level names are unique.

    ``parents``: for each level but the first, the code of that level for each code of the finest. Levels need not be
    nested in one another: quarters and seasons may both group months.
    """

    levels: tuple[str, ...]
    parents: Mapping[str, Mapping[Code, Code]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        missing = [level for level in self.levels[1:] if level not in self.parents]
        if not self.levels or missing:
            raise BadCube(f"axis {self.levels}: no groups given for the levels {missing}")

    def code(self, level: str, finest: Code) -> Code:
        """The code at ``level`` of the finest code; raises ``BadCube`` when it has none."""
        if level == self.levels[0]:
            return finest
        try:
            return self.parents[level][finest]
        except KeyError:
            raise BadCube(f"{self.levels[0]} {finest!r} belongs to no {level}: add it to the groups") from None


def every_margin(axes: Sequence[Axis]) -> tuple[Margin, ...]:
    """All margins of a full cube: each axis at one of its levels or left out."""
    return tuple(tuple(x for x in pick if x) for pick in product(*[(*axis.levels, "") for axis in axes]))


@dataclass(frozen=True)
class Cube:
    """Counts of one ``measure`` of one ``dataset``, by the finest codes of ``axes`` (key: one code per axis, in order).

    Zeros need not be listed. ``margins``: what readers may ask for; the inner cells always belong to it. ``impossible``
    holds keys that cannot occur (structural zeros), which no rounding may fill. Raises ``BadCube``.
    """

    dataset: str
    measure: str
    axes: tuple[Axis, ...]
    counts: Mapping[tuple[Code, ...], int]
    margins: tuple[Margin, ...] = ()
    impossible: frozenset[tuple[Code, ...]] = frozenset()

    def __post_init__(self) -> None:
        names = [level for axis in self.axes for level in axis.levels]
        if len(set(names)) < len(names):
            raise BadCube(f"two axes share the name of a level: {sorted(n for n in names if names.count(n) > 1)}")
        inner = tuple(axis.levels[0] for axis in self.axes)
        margins = self.margins or every_margin(self.axes)
        ordered = []
        for margin in margins:
            unknown = set(margin) - set(names)
            if unknown:
                raise BadCube(f"margin {margin}: unknown level {sorted(unknown)}; the cube has {names}")
            picked = [[x for x in margin if x in axis.levels] for axis in self.axes]
            if any(len(p) > 1 for p in picked):
                raise BadCube(f"margin {margin}: two levels of one axis; take one")
            ordered.append(tuple(p[0] for p in picked if p))
        object.__setattr__(self, "margins", tuple(dict.fromkeys((inner, *ordered))))
        for key, n in self.counts.items():
            if len(key) != len(self.axes):
                raise BadCube(f"cell {key!r}: {len(key)} codes for {len(self.axes)} axes")
            if isinstance(n, bool) or int(n) != n or n < 0:
                raise BadCube(f"cell {key!r}: {n!r} is not a whole count of 0 or more")
            if n and key in self.impossible:
                raise BadCube(f"cell {key!r} counts {n} though declared impossible")

    @classmethod
    def from_records(
        cls,
        dataset: str,
        measure: str,
        axes: Sequence[Axis],
        records: Iterable[Sequence[Code]],
        margins: tuple[Margin, ...] = (),
    ) -> Cube:
        """The cube that counts ``records``, each the finest codes of one record."""
        counts: dict[tuple[Code, ...], int] = {}
        for record in records:
            key = tuple(record)
            counts[key] = counts.get(key, 0) + 1
        return cls(dataset, measure, tuple(axes), counts, margins)

    @cached_property
    def axis_of(self) -> dict[str, int]:
        """The axis of each level."""
        return {level: i for i, axis in enumerate(self.axes) for level in axis.levels}

    def project(self, key: tuple[Code, ...], margin: Margin) -> tuple[Code, ...]:
        """The cell of ``margin`` in which the inner cell ``key`` is counted."""
        return tuple(self.axes[self.axis_of[level]].code(level, key[self.axis_of[level]]) for level in margin)

    def index(self, keys: Sequence[tuple[Code, ...]]) -> tuple[np.ndarray, list[dict[tuple[Code, ...], int]]]:
        """For each key and margin the number of the cell it is counted in (keys × margins, int32; numbered across all
        margins), and per margin the number of each cell."""
        columns: dict[str, np.ndarray] = {}
        labels: dict[str, list[Code]] = {}
        for axis_number, axis in enumerate(self.axes):
            finest = [key[axis_number] for key in keys]
            for level in axis.levels:
                known: dict[Code, int] = {}
                place: dict[Code, int] = {}
                for code in dict.fromkeys(finest):
                    place[code] = known.setdefault(axis.code(level, code), len(known))
                columns[level] = np.array([place[c] for c in finest], dtype=np.int64)
                labels[level] = list(known)
        out = np.zeros((len(keys), len(self.margins)), dtype=np.int32)
        cells: list[dict[tuple[Code, ...], int]] = []
        start = 0
        for m, margin in enumerate(self.margins):
            packed = np.zeros(len(keys), dtype=np.int64)
            for level in margin:
                packed = packed * len(labels[level]) + columns[level]
            _, first, number = np.unique(packed, return_index=True, return_inverse=True)
            out[:, m] = start + number.reshape(-1)
            names = (tuple(labels[level][columns[level][i]] for level in margin) for i in first)
            cells.append({name: start + j for j, name in enumerate(names)})
            start += len(first)
        return out, cells
