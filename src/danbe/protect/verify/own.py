"""What an organisation knows beside the public files: its own records, which it subtracts.

``--own-records``: a CSV with dimensions of the figures (place, aor, population_status, sex_age, period as a month…) and one or
more measures; without a measure each row counts one. Every cell is at least what the organisation put into it; a cell
known exactly that leaves 1 … k-1 for all others tells a small count of theirs.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from itertools import product
from pathlib import Path

import numpy as np

from danbe.protect.verify.coding import Cells, Universe
from danbe.protect.verify.findings import OTHERS, Finding, Step


def read_own(path: Path, cells: Cells) -> np.ndarray:
    """What the organisation itself put into each cell (n). Raises ``ValueError`` for a column or code nobody knows."""
    universe = cells.universe
    mine: dict[int, float] = defaultdict(float)
    with path.open(encoding="utf-8-sig", newline="") as file:
        for number, row in enumerate(csv.DictReader(file), 2):
            at = {k: v for k, v in row.items() if k in universe.codes and k != "measure" and v}
            counts = {k: float(v) for k, v in row.items() if v and k in universe.at.get("measure", {})}
            if not counts and len(universe.codes["measure"]) == 2:
                counts = {universe.codes["measure"][1]: float(row.get("value") or row.get("count") or 1)}
            if not counts:
                raise ValueError(
                    f"{path.name}, ligne {number} : aucune mesure connue ({', '.join(universe.codes['measure'][1:])})"
                )
            for key in _above(universe, at, path.name, number):
                for measure, count in counts.items():
                    mine[key + universe.at["measure"][measure] * universe.stride["measure"]] += count
    own = np.zeros(len(cells))
    keys = np.array(list(mine), np.int64)
    if len(keys):
        at_ = cells.find(keys)
        own[at_[at_ >= 0]] = np.array(list(mine.values()))[at_ >= 0]
    return own


def _above(universe: Universe, at: dict[str, str], name: str, number: int) -> list[int]:
    """The keys (without measure) of every cell a record is counted in."""
    choices = []
    for dimension, code in at.items():
        if code not in universe.at[dimension]:
            raise ValueError(f"{name}, ligne {number} : {dimension} «{code}» n’est pas dans la publication")
        reached, todo = set(), [universe.at[dimension][code]]
        while todo:
            digit = todo.pop()
            reached.add(digit)
            for grouping in universe.groupings:
                if grouping.dimension == dimension and grouping.up[digit] >= 0 and grouping.up[digit] not in reached:
                    todo.append(int(grouping.up[digit]))
        choices.append([d * universe.stride[dimension] for d in reached])
    return [sum(parts) for parts in product(*choices)]


def others(cells: Cells, own: np.ndarray, low: np.ndarray, high: np.ndarray, threshold: np.ndarray) -> list[Finding]:
    """Cells known exactly in which the organisation's own records leave 1 … k-1 of others."""
    rest = low - own
    found = []
    for i in np.flatnonzero((own > 0) & (high - low < 0.5) & (rest > 0.5) & (rest < threshold - 0.5)):
        step = Step(f"{low[i]:g} − {own[i]:g} (ses propres fiches) = {rest[i]:g}")
        found.append(
            Finding(OTHERS, cells.universe.decode(int(cells.keys[i])), float(rest[i]), float(rest[i]), int(threshold[i]),
                    "organisation", (step,))
        )  # fmt: skip
    return found
