"""Writes the open data of a release into a folder: every format says the same, from the same declarations.

CSV: header, HXL row, rows; UTF-8, comma, point for decimals. Two runs on the same release give the same bytes.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from danbe.publish.data.columns import public_dataset, tables, values
from danbe.publish.data.workbook import workbook
from danbe.publish.release import Release, is_withheld
from danbe.reference.catalogue.column import Dataset
from danbe.reference.catalogue.derive import hxl_tags, table_schema
from danbe.reference.catalogue.figures import FIGURES, TOTAL
from danbe.reference.catalogue.services import SERVICE_REGISTERS
from danbe.reference.folders import sha256_of, write_json

LICENCE = {"name": "CC-BY-4.0", "title": "Creative Commons Attribution 4.0", "path": "https://creativecommons.org/licenses/by/4.0/"}  # fmt: skip
# What a map reader wants beside an outline: all areas of responsibility, whole period.
GEO_MEASURES = {
    "presence": ("organisations", "activities"),
    "need_target_reached": ("people_in_need", "target", "services_delivered", "reached", "coverage"),
}


SEALS = {
    "approvals.json": "approbations",
    "approvals.sig": "signature",
    "manifest.json": "manifeste",
    "public-keys.json": "clés publiques",
    "SHA256SUMS.sig": "signature",
}


@dataclass(frozen=True)
class File:
    """One file of the open data; ``dataset`` is empty where it holds several tables."""

    path: str
    dataset: str
    format: str
    bytes: int
    rows: int


@dataclass(frozen=True)
class Signer:
    """The cluster's hand, lent to what publishes: ``keys`` is the document of its public keys, ``sign`` signs bytes."""

    keys: bytes
    sign: Callable[[bytes], bytes]


def export(release: Release, out: Path, signer: Signer | None = None) -> list[File]:
    """Writes all files into ``out`` (made when missing) and returns what was written.

    With a ``signer``, the public keys are among them and the check sums are signed (``SHA256SUMS.sig``).
    """
    out.mkdir(parents=True, exist_ok=True)
    files: list[File] = []
    resources = []

    def wrote(path: Path, dataset: str, kind: str, rows: int) -> None:
        files.append(File(path.name, dataset, kind, path.stat().st_size, rows))

    for name in tables(release):
        dataset = public_dataset(release, name)
        rows = release.table(name)
        path = out / f"{name}.csv"
        path.write_text(csv_text(release, dataset, rows), "utf-8", newline="")
        wrote(path, name, "CSV", len(rows))
        resources.append(_resource(path, dataset))
        path = out / f"{name}.parquet"
        path.write_bytes(_parquet(release, dataset, rows))
        wrote(path, name, "Parquet", len(rows))
    for dataset in registers(release):
        rows = release.register(dataset.name)
        path = out / f"{dataset.name}.csv"
        path.write_text(
            _rows_as_csv(dataset, [[row[c.name] for c in dataset.columns] for row in rows]), "utf-8", newline=""
        )
        wrote(path, dataset.name, "CSV", len(rows))
        resources.append(_resource(path, dataset))
    for language, stem in (("fr", "danbe-5w"), ("en", "danbe-5w-en")):
        path = out / f"{stem}.xlsx"
        path.write_bytes(workbook(release, language))
        wrote(path, "", "XLSX", 0)
    for level, stem in ((1, "regions"), (2, "cercles")):
        path = out / f"{stem}.geojson"
        features = geojson(release, level)
        path.write_text(json.dumps(features, ensure_ascii=False, sort_keys=True, separators=(",", ":")) + "\n", "utf-8")
        wrote(path, "", "GeoJSON", len(features["features"]))
    write_json(out / "datapackage.json", _package(release, resources))
    wrote(out / "datapackage.json", "", "Data Package", 0)
    for name, content in _sealed(release, signer).items():
        (out / name).write_bytes(content)
        wrote(out / name, "", SEALS[name], 0)
    sums = "".join(f"{sha256_of(out / f.path)}  {f.path}\n" for f in sorted(files, key=lambda f: f.path))
    (out / "SHA256SUMS").write_text(sums, "utf-8")
    if signer:
        (out / "SHA256SUMS.sig").write_bytes(signer.sign(sums.encode()))
        files.append(File("SHA256SUMS.sig", "", SEALS["SHA256SUMS.sig"], 64, 0))
    return files


def _sealed(release: Release, signer: Signer | None) -> dict[str, bytes]:
    """What lets anyone check who approved: the manifest the approvals name, the approvals, signature, public keys."""
    found = dict(release.seal)
    if found:
        found["manifest.json"] = (release.folder / "manifest.json").read_bytes()
    if signer:
        found["public-keys.json"] = signer.keys
    return found


def csv_text(release: Release, dataset: Dataset, rows: list[dict[str, Any]]) -> str:
    """A public table as CSV text with its HXL row (HXL 1.1)."""
    return _rows_as_csv(dataset, [values(release, dataset, row) for row in rows])


def _rows_as_csv(dataset: Dataset, rows: list[list[Any]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([c.name for c in dataset.columns])
    writer.writerow(hxl_tags(dataset))
    for row in rows:
        writer.writerow([plain(v) for v in row])
    return text.getvalue()


def registers(release: Release) -> list[Dataset]:
    """The registers of services and mechanisms that the release holds, each with the columns that left."""
    found = [(dataset, release.register(name)) for name, dataset in SERVICE_REGISTERS.items()]
    return [
        replace(dataset, columns=tuple(c for c in dataset.columns if c.name in rows[0]))
        for dataset, rows in found
        if rows
    ]


def plain(value: Any) -> Any:
    """A cell as CSV text. A text that a spreadsheet would run as a formula gets an apostrophe (OWASP, CSV injection)."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return f"{value:.6g}" if abs(value) < 1 else f"{value:.10g}"
    if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r"):
        return "'" + value
    return value


def _parquet(release: Release, dataset: Dataset, rows: list[dict[str, Any]]) -> bytes:
    import pyarrow as pa
    import pyarrow.parquet as pq

    from danbe.reference.catalogue.derive import arrow_schema

    names = [c.name for c in dataset.columns]
    data = [dict(zip(names, values(release, dataset, row), strict=True)) for row in rows]
    buffer = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(data, schema=arrow_schema(dataset)), buffer)
    return buffer.getvalue()


def schema(dataset: Dataset, language: str = "fr") -> dict[str, Any]:
    """The Table Schema of a public table: TOTAL and spans of months are admitted where the figures use them."""
    found = table_schema(dataset, language)
    for field in found["fields"]:
        if field["name"] in ("aor", "population_status") and dataset.name in FIGURES:
            field["constraints"]["enum"] = [*field["constraints"]["enum"], TOTAL]
        if not field["unit"]:
            del field["unit"]
    return found


def _resource(path: Path, dataset: Dataset) -> dict[str, Any]:
    return {
        "name": dataset.name.replace("_", "-"),
        "title": dataset.fr,
        "description": dataset.about_fr,
        "path": path.name,
        "profile": "tabular-data-resource",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": path.stat().st_size,
        "hash": f"sha256:{sha256_of(path)}",
        # The second row holds HXL tags and begins with «#».
        "dialect": {"header": True, "delimiter": ",", "lineTerminator": "\r\n", "commentChar": "#"},
        "schema": schema(dataset),
    }


def _package(release: Release, resources: list[dict[str, Any]]) -> dict[str, Any]:
    manifest = release.manifest
    return {
        "profile": "tabular-data-package",
        "name": f"danbe-5w-{manifest['country'].lower()}-{release.id}",
        "id": release.id,
        "title": f"{manifest['cluster']['fr']} {release.country['name']} : présence opérationnelle et réponse (5W)",
        "created": manifest["made_at"],
        "version": release.id,
        "licenses": [LICENCE],
        "synthetic": manifest["synthetic"],
        "snapshot": manifest["snapshot_id"],
        "approvedBy": release.approved_by("fr"),
        "temporal": manifest["period"],
        "resources": resources,
    }


def geojson(release: Release, level: int) -> dict[str, Any]:
    """Outlines of a level with the figures of the whole period; a withheld figure is null and named in ``withheld``."""
    features = []
    for place in release.regions if level == 1 else release.cercles():
        if place["place_id"] not in release.outlines:
            continue
        properties: dict[str, Any] = {
            "place_id": place["place_id"], "code": place["code"], "name": place["name"], "level": level,
            "parent_id": place["parent_id"], "period": release.span, "outline": release.manifest["outline_kind"],
        }  # fmt: skip
        withheld = []
        for table, measures in GEO_MEASURES.items():
            where = {"period": release.span, "place": place["place_id"], "aor": TOTAL}
            if table == "need_target_reached":
                where["population_status"] = TOTAL
            row = release.row(table, **where)
            for measure in measures:
                properties[measure] = row[measure] if row else None
                if is_withheld(row, measure):
                    withheld.append(measure)
        properties["withheld"] = withheld
        features.append({"type": "Feature", "properties": properties, "geometry": release.outlines[place["place_id"]]})
    return {"type": "FeatureCollection", "features": features}
