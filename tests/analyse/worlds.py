"""Small worlds for the tests: snapshots in memory, built from the catalogue's schema, with one country.

The country ``ML`` has regions ``R1`` (cercles ``C1``, ``C2``) and ``R2`` (cercle ``C3``); each cercle has communes
``C1a``, ``C1b`` and so on.
"""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from danbe.analyse.compute import figure_tables
from danbe.analyse.snapshot import SnapshotReader
from danbe.reference.catalogue import DATASETS
from danbe.reference.catalogue.derive import arrow_schema

REGION_OF = {"C1": "R1", "C2": "R1", "C3": "R2"}
COMMUNES = {f"{c}{x}": c for c in REGION_OF for x in "ab"}


def _places() -> list[dict[str, Any]]:
    units = [("ML", 0, None), ("R1", 1, "ML"), ("R2", 1, "ML")]
    units += [(c, 2, r) for c, r in REGION_OF.items()] + [(k, 3, c) for k, c in COMMUNES.items()]
    return [
        {
            "place_id": i,
            "version": "2021",
            "level": str(level),
            "name": f"Lieu {i}",
            "parent_id": parent,
            "verified": True,
        }
        for i, level, parent in units
    ]


def act(number: int, where: str, reached: int | None = None, **more: Any) -> dict[str, Any]:
    """A 5W row: ``where`` is a commune, a cercle, a region or the country; the rest has defaults."""
    cercle = COMMUNES.get(where, where if where in REGION_OF else None)
    region = REGION_OF.get(cercle or "", where if where.startswith("R") else None)
    return {
        "activity_id": str(number),
        "organisation_id": "o1",
        "report_month": "2025-01",
        "aor": "CP",
        "indicator_id": "I1",
        "population_status": "PDI",
        "region": region,
        "cercle": cercle,
        "commune": where if where in COMMUNES else None,
        "place": where,
        "reached": reached,
        **more,
    }


def indicator(code: str, **more: Any) -> dict[str, Any]:
    """A line of the results framework: persons, summed, overlapping with all others of its area."""
    return {"indicator_id": code, "name_fr": f"Indicateur {code}", "unit": "PERS", "aggregation": "sum", **more}


def cell(place: str, value: int, group: str = "PDI", aor: str = "CP", year: int = 2025) -> dict[str, Any]:
    """People in need or a target; the value goes under both names."""
    return {
        "year": year, "aor": aor, "place": place, "population_status": group, "people_in_need": value, "target": value,
    }  # fmt: skip


def world(
    activities: list[dict[str, Any]],
    *,
    indicators: list[dict[str, Any]] | None = None,
    people_in_need: list[dict[str, Any]] = (),
    targets: list[dict[str, Any]] = (),
    reports: list[dict[str, Any]] = (),
    period: tuple[str, str] | None = None,
    name: str = "w",
) -> SnapshotReader:
    """A snapshot in memory. Columns left out are null; the period is that of the rows unless given."""
    codes = sorted({a["indicator_id"] for a in activities if a["indicator_id"]})
    organisations = sorted({a["organisation_id"] for a in activities} | {r["organisation_id"] for r in reports})
    rows: dict[str, list[dict[str, Any]]] = {
        "activities": activities,
        "indicators": [indicator(c) for c in codes] if indicators is None else indicators,
        "organisations": [{"organisation_id": o, "acronym": o.upper(), "name": o} for o in organisations],
        "places": _places(),
        "people_in_need": list(people_in_need),
        "targets": list(targets),
        "reports": list(reports),
    }
    tables = {}
    for dataset, content in rows.items():
        schema = arrow_schema(DATASETS[dataset])
        tables[dataset] = pa.table(
            {f.name: pa.array([r.get(f.name) for r in content], f.type) for f in schema}, schema=schema
        )
    months = [a["report_month"] for a in activities] + [r["report_month"] for r in reports]
    start, end = period or (min(months, default=None), max(months, default=None))
    manifest = {
        "snapshot_id": name, "country": "ML", "geography_version": "2021", "period": {"start": start, "end": end},
    }  # fmt: skip
    return SnapshotReader(manifest, None, tables)


def figures(snapshot: SnapshotReader, table: str, **filters: Any) -> list[dict[str, Any]]:
    """The rows of one figure table that match."""
    rows = figure_tables(snapshot, [table])[table].to_pylist()
    return [r for r in rows if all(r[k] == v for k, v in filters.items())]


def one(snapshot: SnapshotReader, table: str = "need_target_reached", **filters: Any) -> dict[str, Any]:
    """The one row that matches; the country, all areas and all groups unless said otherwise."""
    defaults = {"need_target_reached": {"place": "ML", "aor": "TOTAL", "population_status": "TOTAL"}}
    rows = figures(snapshot, table, **{**defaults.get(table, {}), **filters})
    assert len(rows) == 1, f"{len(rows)} rows match {filters}"
    return rows[0]
