"""The gate: reads figures and a snapshot, writes the protected tables of a release, or refuses and writes nothing.

It refuses what may not leave, withholds what is too small or too near to someone, and proves that no withheld figure
can be worked out from all tables, all editions and any organisation's own records together (``decide``).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from danbe.protect import explain
from danbe.protect.book import Key, Places, Row
from danbe.protect.checks import Known, column_reasons, value_reasons
from danbe.protect.decide import Decision, Progress, decide
from danbe.protect.history import WITHHELD, told
from danbe.protect.plan import PUBLIC, Plan, Table
from danbe.protect.plan_check import plan_reasons
from danbe.protect.primary import CONTRIBUTORS, MONITORING_CONTRIBUTORS, Shares, shares_of
from danbe.protect.reasons import Reason, Refused
from danbe.protect.suggest import at_a_glance
from danbe.reference.catalogue.figures import FIGURES, dimensions, measures
from danbe.reference.catalogue.figures_monitoring import MONITORING_FIGURES
from danbe.reference.folders import sha256_of

if TYPE_CHECKING:
    import pyarrow as pa

GATE_VERSION = "2"
PROVED_BY = "danbe.protect.prove (HiGHS; witnesses checked in whole numbers)"

__all__ = ["GATE_VERSION", "PUBLIC", "WITHHELD", "GateReport", "Inputs", "Refused", "load", "pass_through"]


@dataclass
class GateReport:
    """What the gate did.

    ``tables``: per table its rows, dimensions, measures and the number of withheld figures; ``kept``: tables declared
    but not in the plan, which stay in the cluster; ``absent``: planned but not computed; ``unverified``: rows left out
    because they name an organisation or indicator nobody has verified yet; ``proof``: what was proved, by which code;
    ``coarsened``: tables let out in less detail than planned. Not for the public, who could tell small from complement:
    ``cells`` (each withheld figure with why, see ``explain.cells``), ``costs``, and ``suggestions`` that would cost less.
    """

    plan: str
    gate: str = GATE_VERSION
    tables: dict[str, dict[str, Any]] = field(default_factory=dict)
    kept: list[str] = field(default_factory=list)
    absent: list[str] = field(default_factory=list)
    unverified: dict[str, int] = field(default_factory=dict)
    proof: dict[str, Any] = field(default_factory=dict)
    coarsened: list[dict[str, str]] = field(default_factory=list)
    cells: list[dict[str, Any]] = field(default_factory=list)
    costs: dict[str, Any] = field(default_factory=dict)
    suggestions: list[dict[str, Any]] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        """What the public audit says: sums and proofs, no cell."""
        names = ("plan", "gate", "tables", "kept", "absent", "unverified", "proof", "coarsened")
        return {name: getattr(self, name) for name in names}

    def as_restricted(self) -> dict[str, Any]:
        """Everything, for those who prepare and approve a release."""
        return {**self.as_dict(), "cells": self.cells, "costs": self.costs, "suggestions": self.suggestions}


@dataclass
class Inputs:
    """Figures found fit to be looked at cell by cell. ``tables``: those the plan lets out, as rows."""

    plan: Plan
    tables: list[tuple[Table, list[Row]]]
    places: Places
    shares: Shares
    report: GateReport


def pass_through(
    figures_dir: Path,
    snapshot_dir: Path,
    out_dir: Path,
    plan: Plan = PUBLIC,
    declarations: list[dict[str, Any]] | None = None,
    earlier: Sequence[Path] = (),
    progress: Progress | None = None,
    suggested: Sequence[str] = (),
) -> GateReport:
    """Writes ``out_dir``/<table>.parquet for each table the plan lets out, and returns what was decided.

    ``declarations`` are the indicators' declarations (``id``, …) that ``key_figures`` may name. ``earlier``: the folders
    of the releases published before, oldest first. ``suggested``: ids of ``suggest`` that whoever prepares the release
    took up. Raises ``Refused`` with every reason found, before anything is written.
    """
    from danbe.protect.suggest import take_up

    inputs = load(figures_dir, snapshot_dir, plan, declarations)
    before = [told(release, plan, inputs.places) for release in earlier]
    inputs, chosen = take_up(inputs, suggested)
    decision = decide(inputs.tables, inputs.plan, inputs.places, inputs.shares, before, progress)
    report = inputs.report
    report.coarsened = [*chosen, *decision.coarsened]
    report.cells, report.costs = explain.cells(decision), explain.costs(decision)
    report.suggestions = at_a_glance(inputs.plan, decision)
    report.proof = {**decision.proof, "editions": len(before), "by": PROVED_BY}
    out_dir.mkdir(parents=True, exist_ok=True)
    for t in range(len(decision.tables)):
        _write(decision, t, out_dir, report)
    return report


def load(
    figures_dir: Path, snapshot_dir: Path, plan: Plan = PUBLIC, declarations: list[dict[str, Any]] | None = None
) -> Inputs:
    """The figures of a folder after every check that looks at no count. Raises ``Refused`` with every reason found."""
    import pyarrow.parquet as pq

    figures = json.loads((figures_dir / "figures.json").read_text("utf-8"))
    manifest = json.loads((snapshot_dir / "manifest.json").read_text("utf-8"))
    reasons = list(plan_reasons(plan))
    if figures["snapshot_id"] != manifest["snapshot_id"]:
        reasons.append(
            Reason("figures.snapshot", {"found": figures["snapshot_id"], "expected": manifest["snapshot_id"]})
        )
    known, unverified, parents = _known(snapshot_dir, manifest, plan, declarations or [])
    places = Places(known.places, parents)
    report = GateReport(plan.version)
    ready: list[tuple[Table, list[Row]]] = []
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
        data = data.drop_columns([c for c in table.inside if c in data.column_names])
        broken = list(column_reasons(table, data, plan))
        if not broken:
            rows = data.to_pylist()
            if not rows and table.name in MONITORING_FIGURES:
                # A tool the cluster does not use yet says nothing, rather than a table of nothing.
                report.absent.append(table.name)
                continue
            rows, dropped = _verified(rows, unverified)
            if dropped:
                report.unverified[table.name] = dropped
            broken = list(value_reasons(table, rows, known, plan))
            ready.append((table, rows))
        reasons += broken
    if reasons:
        raise Refused(reasons)
    return Inputs(plan, ready, places, _shares(figures_dir, plan, places), report)


def _shares(figures_dir: Path, plan: Plan, places: Places) -> Shares:
    """Who brought what, from the restricted tables beside the figures; empty where they were not worked out."""
    import pyarrow.parquet as pq

    found: dict[Key, dict[str, int]] = {}
    for name in (CONTRIBUTORS, MONITORING_CONTRIBUTORS):
        path = figures_dir / f"{name}.parquet"
        if path.exists():
            table = Table(name, dimensions(FIGURES[name]), measures(FIGURES[name]))
            found |= shares_of(pq.read_table(path).to_pylist(), table, plan, places)
    return found


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


def _write(decision: Decision, number: int, out_dir: Path, report: GateReport) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    from danbe.reference.catalogue.derive import arrow_field

    table, rows = decision.tables[number]
    cells = decision.withheld[number]
    shown = []
    for i, row in enumerate(rows):
        hidden = cells.get(i, {})
        out = {c: (None if c in hidden else row[c]) for c in (*table.dimensions, *table.measures)}
        out[WITHHELD] = " ".join(m for m in table.measures if m in hidden) or None
        shown.append(out)
    shown.sort(key=lambda row: tuple(str(row[d]) for d in table.dimensions))
    fields = [arrow_field(FIGURES[table.name][c]) for c in (*table.dimensions, *table.measures)]
    schema = pa.schema([*fields, pa.field(WITHHELD, pa.string())], metadata={"dataset": table.name})
    pq.write_table(pa.Table.from_pylist(shown, schema=schema), out_dir / f"{table.name}.parquet")
    count = sum(len(c) for c in cells.values())
    report.tables[table.name] = {
        "rows": len(rows),
        "dimensions": list(table.dimensions),
        "measures": list(table.measures),
        "withheld": {"withheld": count} if count else {},
    }
