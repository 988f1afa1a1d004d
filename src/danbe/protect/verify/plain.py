"""A folder of plain tables with ``tables.json``: what its dimensions are and how their codes add up.

``tables.json``: ``{"k": 5, "dims": {"place": {"total": "ML", "parents": {"ML01": "ML"}}, "month": {}}, "tables":
[{"file": "place_month.csv", "dims": ["place", "month"], "measure": "incidents"}]}``. ``total`` (default «TOTAL») is the code of
all; a code without a parent is under it, one whose parent is '' under none; ``parents`` may be a list of such maps, where in all but
the first only the codes it names take part (months under quarters, quarters under the year). A table has its dimensions as columns and ``value``; an empty value is hidden. Dimensions a table lacks are
at their total. All sums close.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

from danbe.protect.verify.coding import Cells, Grouping, Universe

DESCRIPTION = "tables.json"


def is_plain(folder: Path) -> bool:
    return (folder / DESCRIPTION).is_file()


def read_plain(folder: Path) -> tuple[Cells, dict[str, Any]]:
    """The cells of the folder's tables, and its description. Raises ``ValueError`` for two values of one cell."""
    import pyarrow as pa
    import pyarrow.compute as pc
    import pyarrow.csv as pv

    about = json.loads((folder / DESCRIPTION).read_text("utf-8"))
    if any("levels" in t for t in about["tables"]):
        about = _by_levels(about)
    tables = []
    codes: dict[str, dict[str, int]] = {d: {"": 0} for d in about["dims"]}
    measures = sorted({t.get("measure", "value") for t in about["tables"]})
    for table in about["tables"]:
        heads = table.get("columns") or {d: d for d in table["dims"]}
        marks = table.get("marks", {})
        types = {head: pa.string() for head in heads.values()}
        options = pv.ConvertOptions(
            column_types={**types, "value": pa.float64()}, null_values=[""], strings_can_be_null=False
        )
        data = pv.read_csv(folder / table["file"], convert_options=options)
        columns = {}
        for dimension in table["dims"]:
            encoded = pc.dictionary_encode(data.column(heads[dimension])).combine_chunks()
            names = [marks.get(dimension, "") + name for name in encoded.dictionary.to_pylist()]
            total = about["dims"][dimension].get("total", "TOTAL")
            known = codes[dimension]
            number = np.array([0 if name == total else known.setdefault(name, len(known)) for name in names], np.int64)
            columns[dimension] = number[encoded.indices.to_numpy(zero_copy_only=False)]
        tables.append((table, columns, data.column("value").to_numpy()))
    listed = {d: list(c) for d, c in codes.items()}
    universe = Universe({"measure": ["", *measures], **listed}, _groupings(about, listed))
    keys, values = [], []
    for table, columns, value in tables:
        key = np.full(
            len(value), universe.stride["measure"] * (1 + measures.index(table.get("measure", "value"))), np.int64
        )
        for dimension, number in columns.items():
            key += number * universe.stride[dimension]
        keys.append(key)
        values.append(value)
    return _merge(universe, np.concatenate(keys), np.concatenate(values)), about


def _by_levels(about: dict[str, Any]) -> dict[str, Any]:
    """The same from a description by levels: columns «place.cercle» hold numbers, ``parents`` the number above each."""
    dims: dict[str, Any] = {}
    for dimension, groups in about.get("parents", {}).items():
        maps: list[dict[str, str]] = []
        finest: set[str] = set()
        for name, up in groups.items():
            fine, _, coarse = name.partition("→")
            told = {f"{fine}:{i}": f"{coarse}:{p}" for i, p in enumerate(up)}
            if fine in finest or not maps:
                maps.append(told)
            else:
                maps[0] |= told
            finest.add(fine)
        dims[dimension] = {"parents": maps}
    tables = []
    for table in about["tables"]:
        levels = table["levels"]
        for dimension in levels:
            dims.setdefault(dimension, {})
        tables.append(
            {
                "file": table["file"],
                "dims": list(levels),
                "columns": {d: f"{d}.{level}" for d, level in levels.items()},
                "marks": {d: f"{level}:" for d, level in levels.items()},
            }
        )
    return {"k": about.get("k", 5), "dims": dims, "tables": tables}


def _merge(universe: Universe, keys: np.ndarray, values: np.ndarray) -> Cells:
    """One cell for each key: shown where any table shows it, hidden where any hides it."""
    order = np.lexsort((np.isnan(values), keys))
    keys, values = keys[order], values[order]
    unique, first, inverse = np.unique(keys, return_index=True, return_inverse=True)
    shown = values[first]
    differs = ~np.isnan(values) & (values != shown[inverse])
    if differs.any():
        raise ValueError(f"two values for one cell: {universe.decode(int(keys[np.argmax(differs)]))}")
    hidden = np.zeros(len(unique), bool)
    hidden[inverse[np.isnan(values)]] = True
    free = np.isnan(shown)
    return Cells(
        universe, unique, np.where(free, 0.0, shown), np.where(free, np.inf, shown), hidden, np.zeros(len(unique), bool)
    )


def _groupings(about: dict[str, Any], codes: dict[str, list[str]]) -> list[Grouping]:
    found = []
    for dimension, facts in about["dims"].items():
        total = facts.get("total", "TOTAL")
        at = {c: i for i, c in enumerate(codes[dimension])} | {total: 0}
        parents = facts.get("parents") or {}
        for number, up_of in enumerate(parents if isinstance(parents, list) else [parents]):
            # In a further grouping only the codes it names take part.
            up = np.full(len(codes[dimension]), -1 if number else 0, np.int64)
            up[0] = -1
            for child, parent in up_of.items():
                if at.get(child):
                    up[at[child]] = at.get(parent, -1)
            found.append(Grouping(dimension, up, dimension))
    return found
