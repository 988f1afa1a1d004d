"""What an insider knows beside the public files: which hidden cells are small and which are complements.

A restricted gate report is JSON (a list of cells under ``withheld`` or ``cells``: ``table``, dimensions or ``dims``,
``measures`` or ``measure``, ``reason``; a ``value`` in it is not read) or CSV (one column a dimension, ``measure``,
``reason``). «complement» (or «secondary») says k or more; «small…», «zero», «hidden_zero» and «primary…» fewer than k; others
say nothing of the size.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from danbe.protect.verify.coding import Cells

_NOT_DIMENSIONS = frozenset(
    {"table", "measure", "measures", "reason", "level", "value", "why", "fr", "en", "dims", "complement_of", "protects"}
)


def read_report(path: Path) -> Iterator[tuple[dict[str, str], str]]:
    """Each hidden cell with its reason."""
    if path.suffix == ".csv":
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                yield {k: v for k, v in row.items() if v and k not in ("reason", "table", "level")}, row["reason"]
        return
    data = json.loads(path.read_text("utf-8"))
    items = data if isinstance(data, list) else next((data[k] for k in ("cells", "withheld") if k in data), None)
    if items is None:
        raise ValueError(f"{path.name}: no list of cells")
    for entry in items:
        item = {**entry, **entry.get("dims", {})}
        at = {k: str(v) for k, v in item.items() if k not in _NOT_DIMENSIONS and v not in (None, "", "TOTAL")}
        named = item.get("measures") or [item.get("measure", "")]
        reason = item.get("reason", "")
        for measure in named:
            yield {**at, "measure": measure}, str(reason.get(measure, "") if isinstance(reason, dict) else reason)


SMALL, LARGE, TOGETHER, SUBJECT = 1, 2, 3, 4
"""What the report says a cell is hidden for: its size; a small one beside it; another measure of the same line; its subject,
its providers or what an edition said before."""

_REASONS = (
    (SMALL, ("small", "zero", "hidden_zero", "primary")),
    (LARGE, ("complement", "secondary")),
    (TOGETHER, ("together",)),
)


@dataclass
class Insider:
    """``low``, ``high`` of each cell, and ``why`` it is hidden (0 where the report does not say)."""

    low: np.ndarray
    high: np.ndarray
    why: np.ndarray

    @property
    def spare(self) -> np.ndarray:
        """Cells hidden for the sake of others only: of k or more, they may be known."""
        return np.isin(self.why, (LARGE, TOGETHER))


def insider(cells: Cells, threshold: np.ndarray, report: Path) -> Insider:
    """What the report adds to what a reader knows."""
    universe = cells.universe
    found = Insider(cells.low.copy(), cells.high.copy(), np.zeros(len(cells), np.int8))
    keys, why = [], []
    for at, reason in read_report(report):
        if reason and all(c in universe.at.get(d, {}) for d, c in at.items()):
            keys.append(universe.encode(at))
            why.append(next((kind for kind, words in _REASONS if reason.startswith(words)), SUBJECT))
    if not keys:
        return found
    where = cells.find(np.array(keys, np.int64))
    found.why[where[where >= 0]] = np.array(why, np.int8)[where >= 0]
    few, many = ~cells.known & (found.why == SMALL), ~cells.known & (found.why == LARGE)
    found.high[few] = np.minimum(found.high[few], threshold[few] - 1)
    found.low[many] = np.maximum(found.low[many], threshold[many])
    return found
