"""The cells a release lets out, as sentences look them up: shown with a value, withheld, or not there."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from danbe.reference.catalogue.figures import FIGURES, TOTAL

WITHHELD_COLUMN = "withheld"
DERIVED: dict[str, tuple[str, ...]] = {"gap": ("target", "reached"), "coverage": ("target", "reached")}
"""Measures worked out from others, where no plan says it: with any of these withheld they would tell it."""


@dataclass(frozen=True)
class Cell:
    """``value``: the figure, None where it is missing; ``withheld``: the gate hid it; ``unit``: of the measure;
    ``touches_withheld``: worked out from a measure that is withheld in the same row."""

    value: float | int | None
    withheld: bool
    unit: str = ""
    touches_withheld: bool = False


@dataclass(frozen=True)
class Released:
    """One table: its dimensions, its measures, and per key (a code per dimension) the row."""

    dimensions: tuple[str, ...]
    measures: tuple[str, ...]
    rows: Mapping[tuple[str, ...], Mapping[str, Any]]


@dataclass(frozen=True)
class ReleasedCells:
    """The protected tables of a release. ``defaults``: what a dimension left out of a placeholder stands for.
    ``derived``: for each measure worked out from others of its row, which (the plan's ``derived_from``)."""

    tables: Mapping[str, Released] = field(default_factory=dict)
    defaults: Mapping[str, str] = field(default_factory=dict)
    derived: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: DERIVED)

    @classmethod
    def from_tables(
        cls,
        tables: Mapping[str, tuple[tuple[str, ...], Iterable[Mapping[str, Any]]]],
        derived: Mapping[str, tuple[str, ...]] | None = None,
        **defaults: str,
    ) -> ReleasedCells:
        """From rows: table name → (dimensions, rows). A row's withheld measures stand in its column «withheld»."""
        held = {}
        for name, (dimensions, rows) in tables.items():
            listed = [dict(r) for r in rows]
            measures = tuple(
                dict.fromkeys(c for r in listed for c in r if c not in dimensions and c != WITHHELD_COLUMN)
            )
            held[name] = Released(dimensions, measures, {tuple(str(r[d]) for d in dimensions): r for r in listed})
        return cls(
            held, {"aor": TOTAL, "population_status": TOTAL, **defaults}, DERIVED if derived is None else derived
        )

    @classmethod
    def from_folder(cls, release: Path, derived: Mapping[str, tuple[str, ...]] | None = None) -> ReleasedCells:
        """From a release folder."""
        manifest = json.loads((release / "manifest.json").read_text("utf-8"))
        return cls.from_parts(release / "tables", manifest["tables"], manifest["period"], derived)

    @classmethod
    def from_parts(
        cls,
        folder: Path,
        facts: Mapping[str, Any],
        period: Mapping[str, str],
        derived: Mapping[str, tuple[str, ...]] | None = None,
    ) -> ReleasedCells:
        """From the tables of a release being built; ``facts`` and ``period`` as its manifest will have them."""
        import pyarrow.parquet as pq

        tables = {}
        for name, about in facts.items():
            if about.get("dimensions") and about.get("measures"):
                tables[name] = (tuple(about["dimensions"]), pq.read_table(folder / f"{name}.parquet").to_pylist())
        places = pq.read_table(folder / "places.parquet").to_pylist()
        country = next((p["place_id"] for p in places if int(p["level"]) == 0), "")
        span = f"{period['start']}/{period['end']}" if period["start"] != period["end"] else period["start"]
        return cls.from_tables(tables, derived, level="0", place=country, period=span)

    def cell(self, table: str, measure: str, key: tuple[str, ...]) -> Cell | None:
        """The cell, or None when the table has no such row."""
        row = self.tables[table].rows.get(key)
        if row is None:
            return None
        hidden = frozenset((row.get(WITHHELD_COLUMN) or "").split())
        kin = set(self.derived.get(measure, ()))
        declared = FIGURES.get(table)
        unit = declared[measure].unit if declared and measure in declared else ""
        return Cell(row.get(measure), measure in hidden, unit, bool(kin & hidden))
