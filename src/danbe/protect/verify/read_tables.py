"""Plain tables: CSV with its HXL row, Parquet, JSON and GeoJSON."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

from danbe.protect.verify.reading import Public, Sheet
from danbe.reference.text import slug


def csv_file(path: Path, name: str, found: Public) -> None:
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file, delimiter="\t" if path.suffix == ".tsv" else ","))
    if not rows:
        return
    tags = rows[1] if len(rows) > 1 and any(c.startswith("#") for c in rows[1]) else []
    language = path.name[:2] if path.name[:3] in ("fr-", "en-") else "en"
    # A CSV is for machines: its numbers have decimal points whatever its language.
    sheet = Sheet(name, rows[0], rows[2 if tags else 1 :], tags, "en", title=path.stem)
    sheet.place = slug_place(path.stem[3:] if language and path.name[2:3] == "-" else path.stem)
    found.sheets.append(sheet)


def slug_place(stem: str) -> str:
    """«regions-kidal-by-place» → «slug:kidal-by-place»; who knows the places takes the longest that fits."""
    return f"slug:{stem.removeprefix('regions-')}" if stem.startswith("regions-") else ""


def parquet(path: Path, name: str, found: Public) -> None:
    import pyarrow.parquet as pq

    file = pq.ParquetFile(path)
    table = file.read()
    columns = [table.column(i).to_pylist() for i in range(table.num_columns)]
    found.sheets.append(
        Sheet(name, list(table.column_names), [list(r) for r in zip(*columns, strict=True)], title=path.stem)
    )
    for key, value in (file.schema_arrow.metadata or {}).items():
        if key.decode("utf-8", "replace").lower() in ("author", "creator", "user", "last_modified_by") and value:
            found.authors.append((name, key.decode(), value.decode("utf-8", "replace")))


def json_file(path: Path, name: str, found: Public) -> None:
    """Every list of alike objects in a JSON file is a table; the properties of a GeoJSON too."""
    _walk(json.loads(path.read_text("utf-8")), name, found)


def _walk(data: Any, name: str, found: Public) -> None:
    if isinstance(data, dict):
        if data.get("type") == "FeatureCollection":
            data = [f.get("properties", {}) for f in data.get("features", [])]
        else:
            for key, value in data.items():
                if isinstance(value, dict | list):
                    _walk(value, f"{name}#{key}", found)
            return
    if isinstance(data, list) and data and all(isinstance(item, dict) for item in data):
        columns = list(dict.fromkeys(k for item in data for k in item))
        rows = [[_flat(item.get(c)) for c in columns] for item in data]
        found.sheets.append(Sheet(name, columns, rows, title=slug(Path(name).stem)))


def _flat(value: Any) -> Any:
    if isinstance(value, list) and all(isinstance(v, str) for v in value):
        return " ".join(value)
    return None if isinstance(value, dict | list) else value
