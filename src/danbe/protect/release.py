"""The release: an immutable folder of protected tables with its audit, named by the hash of what it holds.

Built beside and renamed into place, so a release exists whole or not at all; a refused one leaves the previous standing.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from danbe.protect.decide import Progress
from danbe.protect.gate import GATE_VERSION, GateReport, pass_through, public_places, read
from danbe.protect.plan import PUBLIC, Plan
from danbe.protect.registers import FOLDER as REGISTERS
from danbe.protect.registers import Register, write_registers
from danbe.protect.text import ReleasedCells, settle_folder
from danbe.reference.folders import content_id, folder_beside, settle, sha256_of, write_json

# What the id of a release is made of: what it says, not when it was made. Who approved it is said and signed beside it
# (``signature``), in words that name this id.
IDENTITY = ("cluster", "files", "snapshot_id")
CLUSTER = {"fr": "Cluster Protection", "en": "Protection Cluster"}
ORGANISATION_COLUMNS = ("organisation_id", "acronym", "name", "organisation_type")


@dataclass(frozen=True)
class Built:
    """A release in place: its folder, its manifest, what the gate did, and whether it was already there."""

    folder: Path
    manifest: dict[str, Any]
    report: GateReport | None
    already_there: bool

    @property
    def release_id(self) -> str:
        return str(self.manifest["release_id"])


class Damaged(ValueError):
    """A release whose files are not those its manifest names; the message says which."""


def build_release(
    figures_dir: Path,
    snapshot_dir: Path,
    releases_root: Path,
    *,
    previous: str = "",
    plan: Plan = PUBLIC,
    declarations: list[dict[str, Any]] | None = None,
    texts: Path | None = None,
    cluster: dict[str, str] | None = None,
    made_at: str = "",
    earlier: Sequence[Path] | None = None,
    progress: Progress | None = None,
    suggested: Sequence[str] = (),
    registers: Sequence[Register] = (),
    key_figures: Sequence[str] = (),
) -> Built:
    """Passes the figures through the gate and settles ``releases_root``/<release id>.

    ``previous``: the id of the release that stands; it and those before it are what readers already know, unless
    ``earlier`` names the folders of all that was ever published, oldest first (an older one may stand again). ``texts`` is
    a folder of editorial Markdown (``home.fr.md``…) that the release carries with the figures they name filled in. ``made_at`` is an ISO time in UTC,
    now by default. ``suggested``: see ``gate.pass_through``. ``registers``: what leaves as rows (``registers/<name>.parquet``); how
    fresh a row is counts from ``made_at``. ``key_figures``: the ones the coordination chose to show, in order. Raises ``Refused``; nothing is left behind then, nor after an interruption.
    """
    snapshot = json.loads((snapshot_dir / "manifest.json").read_text("utf-8"))
    figures = json.loads((figures_dir / "figures.json").read_text("utf-8"))
    made_at = made_at or datetime.now(UTC).isoformat(timespec="seconds")
    if declarations is None:
        declarations = list(figures.get("indicators", {}).values())
    with folder_beside(releases_root) as building:
        tables = building / "tables"
        known = editions(releases_root, previous) if earlier is None else list(earlier)
        report = pass_through(figures_dir, snapshot_dir, tables, plan, declarations, known, progress, suggested)
        listed = write_registers(
            snapshot_dir, building / REGISTERS, registers, date.fromisoformat(made_at[:10]),
            country=str(snapshot["country"]).lower(), small=plan.small,
        )  # fmt: skip
        _companions(tables, snapshot_dir, snapshot, plan, building / REGISTERS)
        _outlines(building / "outlines.geojson", tables / "places.parquet", snapshot_dir)
        used = {i for t in figures["tables"] if t["name"] in report.tables for i in t.get("indicators", [])}
        used |= _named_figures(tables)
        write_json(building / "indicators.json", {"indicators": [d for d in declarations if d["id"] in used]})
        audit = {**report.as_dict(), "thresholds": thresholds(plan)}
        if listed:
            audit["registers"] = {name: r.as_dict() for name, r in listed.items()}
        write_json(building / "audit.json", audit)
        facts = {name: _table_facts(tables / f"{name}.parquet", report) for name in _names(tables)}
        if key_figures:
            write_json(building / "choices.json", {"key_figures": list(key_figures)})
        if texts is not None:
            _texts(texts, building, facts, snapshot["period"], plan)
        manifest = {
            "snapshot_id": snapshot["snapshot_id"],
            "previous": previous or None,
            "made_at": made_at,
            "country": snapshot["country"],
            "cluster": cluster or CLUSTER,
            "period": snapshot["period"],
            "outline_kind": snapshot.get("outline_kind", ""),
            "synthetic": bool(snapshot.get("synthetic")),
            "plan": plan.version,
            "thresholds_signed_by": list(plan.signed_by),
            "gate": GATE_VERSION,
            "tables": facts,
            "registers": {name: r.rows_out for name, r in listed.items()},
            "files": _hashes(building),
        }
        manifest["release_id"] = release_id(manifest)
        target = releases_root / manifest["release_id"]
        if target.exists():
            return Built(target, verify(target), report, True)
        write_json(building / "manifest.json", manifest)
        for file in building.rglob("*"):
            file.chmod(0o755 if file.is_dir() else 0o444)
        settle(building, target)
        return Built(target, manifest, report, False)


def _texts(texts: Path, building: Path, facts: dict[str, Any], period: dict[str, str], plan: Plan) -> None:
    """The editorial texts with their figures, each a released cell; raises ``Refused`` for a typed figure or a person."""
    import pyarrow.parquet as pq

    derived = {m.name: m.derived_from for m in plan.measures if m.derived_from}
    cells = ReleasedCells.from_parts(building / "tables", facts, period, derived)
    organisations = pq.read_table(building / "tables" / "organisations.parquet").to_pylist()
    known = {str(o[c]) for o in organisations for c in ("name", "acronym") if o[c]}
    settle_folder(texts, building / "texts", cells, known=known)


def editions(releases_root: Path, newest: str) -> list[Path]:
    """The folders of a release and of all those before it that are still there, oldest first."""
    found: list[Path] = []
    while newest and (folder := releases_root / newest) not in found and (folder / "manifest.json").is_file():
        found.append(folder)
        newest = json.loads((folder / "manifest.json").read_text("utf-8")).get("previous") or ""
    return found[::-1]


def thresholds(plan: Plan) -> dict[str, Any]:
    """The thresholds of a plan, as the audit states them."""
    return {
        "small": plan.small,
        "sensitive": sorted(plan.sensitive),
        "sensitive_small": plan.sensitive_small,
        "sensitive_level": plan.sensitive_level,
        "lowest_level": plan.lowest_level,
        "zeros_hidden": plan.zeros_hidden,
        "minimum_contributors": plan.minimum_contributors,
        "sensitive_minimum_contributors": max((c.minimum_contributors for c in plan.categories), default=1),
        "signed_by": list(plan.signed_by),
    }


def release_id(manifest: dict[str, Any]) -> str:
    # Releases made when one person approved carry that role in their manifest.
    return content_id({key: manifest[key] for key in (*IDENTITY, "approved_by") if key in manifest})


def verify(folder: Path) -> dict[str, Any]:
    """The manifest of a release after every file has been hashed again.

    Raises ``Damaged`` (French) for a missing, changed or additional file, or an id that does not follow.
    """
    try:
        manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    except (FileNotFoundError, ValueError):
        raise Damaged(
            f"{folder} : ce dossier n’est pas une publication (manifest.json manque ou est illisible)"
        ) from None
    found = _hashes(folder)
    for name, digest in sorted(manifest.get("files", {}).items()):
        if name not in found:
            raise Damaged(f"{folder.name} : le fichier {name} manque")
        if found[name] != digest:
            raise Damaged(f"{folder.name} : le fichier {name} a changé depuis l’approbation (empreinte différente)")
    if extra := sorted(set(found) - set(manifest.get("files", {}))):
        raise Damaged(f"{folder.name} : le fichier {extra[0]} ne fait pas partie de la publication")
    if any(key not in manifest for key in IDENTITY) or release_id(manifest) != manifest.get("release_id"):
        raise Damaged(f"{folder.name} : l’identifiant ne correspond pas au contenu du manifeste")
    return manifest


def _names(tables: Path) -> list[str]:
    return sorted(p.stem for p in tables.glob("*.parquet"))


def _hashes(folder: Path) -> dict[str, str]:
    files = (p for p in sorted(folder.rglob("*")) if p.is_file() and p.name != "manifest.json")
    return {p.relative_to(folder).as_posix(): sha256_of(p) for p in files}


def _table_facts(path: Path, report: GateReport) -> dict[str, Any]:
    import pyarrow.parquet as pq

    facts = report.tables.get(path.stem, {})
    return {
        "rows": pq.read_metadata(path).num_rows,
        "sha256": sha256_of(path),
        "dimensions": facts.get("dimensions", []),
        "measures": facts.get("measures", []),
    }


def _named_figures(tables: Path) -> set[str]:
    import pyarrow.parquet as pq

    path = tables / "key_figures.parquet"
    return set(pq.read_table(path, columns=["indicator"]).column(0).to_pylist()) if path.exists() else set()


def _companions(tables: Path, snapshot_dir: Path, snapshot: dict[str, Any], plan: Plan, registers: Path) -> None:
    """The places, organisations and indicators the figures and registers name, and no others; verified ones only."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    def used(column: str) -> set[str]:
        values: set[str] = set()
        for path in (*tables.glob("*.parquet"), *registers.glob("*.parquet")):
            if column in pq.read_schema(path).names:
                values |= set(pq.read_table(path, columns=[column]).column(0).to_pylist())
        return values

    organisations, indicators = used("organisation_id"), used("indicator_id")
    pq.write_table(public_places(snapshot_dir, snapshot, plan), tables / "places.parquet")
    for name, key, ids, columns in (
        ("organisations", "organisation_id", organisations, ORGANISATION_COLUMNS),
        ("indicators", "indicator_id", indicators, ()),
    ):
        table = read(snapshot_dir, name)
        table = table.select(columns or [c for c in table.column_names if c != "verified"])
        rows = sorted((r for r in table.to_pylist() if r[key] in ids), key=lambda r: r[key])
        pq.write_table(pa.Table.from_pylist(rows, schema=table.schema), tables / f"{name}.parquet")


def _outlines(path: Path, places: Path, snapshot_dir: Path) -> None:
    """The outlines of the public places as GeoJSON, coordinates to four decimals (about ten metres)."""
    import pyarrow.parquet as pq
    import shapely

    levels = {p["place_id"]: int(p["level"]) for p in pq.read_table(places).to_pylist()}
    features = []
    file = snapshot_dir / "outlines.parquet"
    for row in pq.read_table(file).to_pylist() if file.exists() else []:
        if row["place_id"] in levels and row["wkb"]:
            shape = shapely.set_precision(shapely.from_wkb(row["wkb"]), 0.0001)
            features.append(
                {
                    "type": "Feature",
                    "properties": {"place_id": row["place_id"], "level": levels[row["place_id"]]},
                    "geometry": json.loads(shapely.to_geojson(shape)),
                }
            )
    features.sort(key=lambda f: (f["properties"]["level"], f["properties"]["place_id"]))
    text = json.dumps({"type": "FeatureCollection", "features": features}, separators=(",", ":"), sort_keys=True)
    path.write_text(text + "\n", "utf-8")
