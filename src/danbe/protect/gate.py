"""The gate: reads figures and a snapshot, writes the protected tables of a release, or refuses and writes nothing.

First form: it refuses what may not leave and withholds primary cells and their nearest complements. It does not yet
prove that no withheld cell can be worked out from all tables together; docs/release.md says what is left.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from danbe.protect.checks import Known, column_reasons, plan_reasons, value_reasons
from danbe.protect.plan import PUBLIC, Plan, Table
from danbe.protect.reasons import Reason, Refused
from danbe.protect.withhold import withhold
from danbe.reference.catalogue.figures import FIGURES
from danbe.reference.folders import sha256_of

if TYPE_CHECKING:
    import pyarrow as pa

GATE_VERSION = "1"
WITHHELD = "withheld"
"""The column every released table of persons bears: the withheld measures of the row, separated by a space."""

__all__ = ["GATE_VERSION", "PUBLIC", "WITHHELD", "GateReport", "Refused", "pass_through"]


@dataclass
class GateReport:
    """What the gate did. ``tables``: per table its rows, dimensions, measures and withheld cells by reason;
    ``kept``: tables declared but not in the plan, which stay in the cluster; ``absent``: planned but not computed;
    ``unverified``: rows left out because they name an organisation or indicator nobody has verified yet."""

    plan: str
    gate: str = GATE_VERSION
    tables: dict[str, dict[str, Any]] = field(default_factory=dict)
    kept: list[str] = field(default_factory=list)
    absent: list[str] = field(default_factory=list)
    unverified: dict[str, int] = field(default_factory=dict)
    cells: list[dict[str, Any]] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        return {
            "plan": self.plan,
            "gate": self.gate,
            "tables": self.tables,
            "kept": self.kept,
            "absent": self.absent,
            "unverified": self.unverified,
            "withheld": self.cells,
        }


def pass_through(
    figures_dir: Path,
    snapshot_dir: Path,
    out_dir: Path,
    plan: Plan = PUBLIC,
    declarations: list[dict[str, Any]] | None = None,
) -> GateReport:
    """Writes ``out_dir``/<table>.parquet for each table the plan lets out, and returns what was decided.

    ``declarations`` are the indicators' declarations (``id``, …) that ``key_figures`` may name. Raises ``Refused``
    with every reason found, before anything is written.
    """
    import pyarrow.parquet as pq

    figures = json.loads((figures_dir / "figures.json").read_text("utf-8"))
    manifest = json.loads((snapshot_dir / "manifest.json").read_text("utf-8"))
    reasons = list(plan_reasons(plan))
    if figures["snapshot_id"] != manifest["snapshot_id"]:
        reasons.append(
            Reason("figures.snapshot", {"found": figures["snapshot_id"], "expected": manifest["snapshot_id"]})
        )
    units = {d["id"]: d.get("unit", "") for d in declarations or []}
    known, unverified, parents = _known(snapshot_dir, manifest, plan, declarations or [])
    report = GateReport(plan.version)
    ready: list[tuple[Table, list[dict], dict[int, dict[str, str]]]] = []
    stated = {t["name"]: t for t in figures["tables"]}
    on_disk = {p.stem for p in figures_dir.glob("*.parquet")}
    for name in sorted(set(stated) | on_disk):
        if name not in FIGURES:
            reasons.append(Reason("figures.unknown_table", {"table": name}))
        elif name not in plan.by_name:
            report.kept.append(name)
    for table in plan.tables:
        path = figures_dir / f"{table.name}.parquet"
        if not path.exists():
            report.absent.append(table.name)
            continue
        if stated.get(table.name, {}).get("sha256") not in (None, sha256_of(path)):
            reasons.append(Reason("figures.hash", {"table": table.name}))
        data = pq.read_table(path)
        broken = list(column_reasons(table, data, plan))
        if not broken:
            rows = data.to_pylist()
            rows, dropped = _verified(rows, unverified)
            if dropped:
                report.unverified[table.name] = dropped
            broken = list(value_reasons(table, rows, known, plan))
            rows.sort(key=lambda row: tuple(str(row[d]) for d in table.dimensions))
            if not broken:
                ready.append((table, rows, withhold(table, rows, plan, parents, units)))
        reasons += broken
    if reasons:
        raise Refused(reasons)
    out_dir.mkdir(parents=True, exist_ok=True)
    for table, rows, cells in ready:
        _write(table, rows, cells, out_dir / f"{table.name}.parquet", report)
    return report


def _known(
    snapshot_dir: Path, manifest: dict[str, Any], plan: Plan, declarations: list[dict[str, Any]]
) -> tuple[Known, dict[str, set[str]], dict[str, str | None]]:
    """What dimensions may hold; the identifiers nobody has verified; the place above each place."""
    places = public_places(snapshot_dir, manifest, plan).to_pylist()
    organisations = read(snapshot_dir, "organisations").to_pylist()
    indicators = read(snapshot_dir, "indicators").to_pylist()
    known = Known(
        {p["place_id"]: int(p["level"]) for p in places},
        frozenset(o["organisation_id"] for o in organisations),
        frozenset(i["indicator_id"] for i in indicators),
        frozenset(d["id"] for d in declarations),
    )
    unverified = {
        "organisation_id": {o["organisation_id"] for o in organisations if o["verified"] is False},
        "indicator_id": {i["indicator_id"] for i in indicators if i["verified"] is False},
    }
    return known, unverified, {p["place_id"]: p["parent_id"] for p in places}


def read(snapshot_dir: Path, dataset: str) -> pa.Table:
    import pyarrow.parquet as pq

    return pq.read_table(snapshot_dir / f"{dataset}.parquet")


def public_places(snapshot_dir: Path, manifest: dict[str, Any], plan: Plan = PUBLIC) -> pa.Table:
    """The verified places of the snapshot's reference division, country to ``plan.lowest_level``."""
    import pyarrow as pa

    table = read(snapshot_dir, "places")
    rows = [
        p
        for p in table.to_pylist()
        if int(p["level"]) <= plan.lowest_level
        and p["verified"] is not False
        and p["version"] in (manifest.get("geography_version"), None, "")
    ]
    return pa.Table.from_pylist(sorted(rows, key=lambda p: (int(p["level"]), p["place_id"])), schema=table.schema)


def _verified(rows: list[dict], unverified: dict[str, set[str]]) -> tuple[list[dict], int]:
    """Rows whose organisation and indicator somebody has verified: a name typed in a workbook is free text until then."""
    kept = [row for row in rows if not any(row.get(c) in ids for c, ids in unverified.items())]
    return kept, len(rows) - len(kept)


def _write(table: Table, rows: list[dict], cells: dict[int, dict[str, str]], path: Path, report: GateReport) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    from danbe.reference.catalogue.derive import arrow_field

    counted: Counter[str] = Counter()
    shown = []
    for i, row in enumerate(rows):
        hidden = cells.get(i, {})
        counted.update(hidden.values())
        out = {c: (None if c in hidden else row[c]) for c in (*table.dimensions, *table.measures)}
        out[WITHHELD] = " ".join(m for m in table.measures if m in hidden) or None
        shown.append(out)
        for reason in sorted(set(hidden.values())):
            report.cells.append(
                {
                    "table": table.name,
                    **{d: row[d] for d in table.dimensions},
                    "measures": [m for m in table.measures if hidden.get(m) == reason],
                    "reason": reason,
                }
            )
    fields = [arrow_field(FIGURES[table.name][c]) for c in (*table.dimensions, *table.measures)]
    schema = pa.schema([*fields, pa.field(WITHHELD, pa.string())], metadata={"dataset": table.name})
    pq.write_table(pa.Table.from_pylist(shown, schema=schema), path)
    report.tables[table.name] = {
        "rows": len(rows),
        "dimensions": list(table.dimensions),
        "measures": list(table.measures),
        "withheld": dict(sorted(counted.items())),
    }
