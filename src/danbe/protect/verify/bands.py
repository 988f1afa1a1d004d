"""What an insider knows beside the public files: which hidden cells are small and which are complements.

A restricted gate report is JSON (a list of cells under ``withheld`` or ``cells``: ``table``, dimensions or ``dims``,
``measures`` or ``measure``, ``reason``; a ``value`` in it is not read) or CSV (one column a dimension, ``measure``, ``reason``). Reasons beginning with «complement» (or
«secondary») say k or more; «small…», «zero», «hidden_zero» and «primary…» say fewer than k; others say nothing.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from danbe.protect.verify.coding import Cells

_SMALL, _LARGE = ("small", "zero", "hidden_zero", "primary"), ("complement", "secondary")
_NOT_DIMENSIONS = frozenset(
    {"table", "measure", "measures", "reason", "level", "value", "why", "fr", "en", "dims", "complement_of"}
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


def insider(cells: Cells, threshold: np.ndarray, report: Path) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """``low``, ``high`` of each cell for the insider, and which cells the report calls small."""
    universe = cells.universe
    low, high = cells.low.copy(), cells.high.copy()
    keys, small = [], []
    for at, reason in read_report(report):
        if not reason.startswith((*_SMALL, *_LARGE)) or any(c not in universe.at.get(d, {}) for d, c in at.items()):
            continue
        keys.append(universe.encode(at))
        small.append(reason.startswith(_SMALL))
    told = np.zeros(len(cells), bool)
    if not keys:
        return low, high, told
    where = cells.find(np.array(keys, np.int64))
    is_small = np.array(small)
    usable = (where >= 0) & ~cells.known[where]
    few, many = where[usable & is_small], where[usable & ~is_small]
    high[few] = np.minimum(high[few], threshold[few] - 1)
    low[many] = np.maximum(low[many], threshold[many])
    told[few] = True
    return low, high, told
