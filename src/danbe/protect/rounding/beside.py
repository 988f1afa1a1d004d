"""A rounded cube never stands beside exact values of its own cells: the difference would give the small counts back."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from danbe.protect.reasons import Reason, Refused
from danbe.protect.reasons_records import RecordReason
from danbe.protect.rounding.cube import Cube
from danbe.protect.rounding.result import MARKER

# In figure tables these columns locate or stand for a cell without being a code of its own.
_NOT_CODES = frozenset({"level", "withheld", MARKER})
_ALL = frozenset({"TOTAL", None, ""})


def refuse_beside_exact(cube: Cube, exact: Iterable[Mapping[str, Any]], where: str) -> None:
    """Raises ``Refused`` when one of the ``exact`` cells counts the same records as the cube.

    ``exact``: cells published or planned with their true value, each {level: code} with totals left out or «TOTAL»,
    of the cube's own measure. A cell cut by anything the cube is not cut by is another cell: its sum over that
    dimension belongs to the linked system, which must know the cube's margins. ``where`` names the release or plan.
    """
    held: dict[str, set[Any]] = {}
    for i, axis in enumerate(cube.axes):
        finest = {key[i] for key in cube.counts}
        for level in axis.levels:
            held[level] = {axis.code(level, code) for code in finest}
    for cell in exact:
        codes = {level: code for level, code in cell.items() if code not in _ALL and level not in _NOT_CODES}
        if all(level in held and code in held[level] for level, code in codes.items()):
            shown = ", ".join(f"{level} = {code}" for level, code in codes.items()) or "TOTAL"
            raise Refused(
                [RecordReason("rounding.beside_exact", {"measure": cube.measure, "where": where, "cell": shown})]
            )


def refuse_beside_plan(cube: Cube, tables: Iterable[Any], where: str) -> None:
    """The same for a plan: refuses a planned table of exact values of the cube's measure whose dimensions the cube
    covers. ``tables``: objects with ``name``, ``dimensions`` and ``measures``."""
    reasons: list[Reason] = []
    for table in tables:
        cuts = set(table.dimensions) - _NOT_CODES
        if cube.measure in table.measures and cuts <= set(cube.axis_of):
            reasons.append(
                RecordReason("rounding.beside_table", {"measure": cube.measure, "where": where, "table": table.name})
            )
    if reasons:
        raise Refused(reasons)


def exact_cells_of_release(folder: Path, measure: str, rename: Mapping[str, str] | None = None) -> list[dict[str, Any]]:
    """The cells of a release folder that show ``measure`` exactly: tables bearing the marker column are left out.

    ``rename``: the cube's level name for a column's («place» at level 1 → «region» is given as {"place@1": "region"}).
    """
    import pyarrow.parquet as pq

    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    cells: list[dict[str, Any]] = []
    for name, facts in sorted(manifest["tables"].items()):
        if measure not in facts.get("measures", ()):
            continue
        table = pq.read_table(folder / "tables" / f"{name}.parquet")
        if MARKER in table.column_names:
            continue
        for row in table.to_pylist():
            if row[measure] is None:
                continue
            names = {
                d: f"{d}@{row['level']}" if f"{d}@{row.get('level')}" in (rename or {}) else d
                for d in facts["dimensions"]
            }
            cells.append({(rename or {}).get(names[d], d): row[d] for d in facts["dimensions"]})
    return cells
