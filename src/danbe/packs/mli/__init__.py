"""The Mali pack: facts as files, and the pure loaders that read them. No Django here."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from pathlib import Path

from danbe.reference.catalogue import INDICATORS
from danbe.reference.codelists import codelist

FOLDER = Path(__file__).parent

_TRUE = {"true": True, "false": False}


class PackError(ValueError):
    """A file of the pack is wrong: says the file, the line, the column, the value."""


def framework_rows(path: Path | None = None) -> list[dict[str, object]]:
    """The results framework as rows of the catalogue's ``indicators`` dataset, checked against it.

    ``framework.csv`` also has ``evidence`` (S stated in a source, K field knowledge to be validated) and ``source``;
    both are documentation and are not returned. Raises ``PackError`` at the first wrong line.
    """
    path = path or FOLDER / "framework.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = [_indicator(path.name, line, row) for line, row in enumerate(csv.DictReader(file), start=2)]
    _distinct(path.name, rows)
    return rows


def _indicator(file: str, line: int, row: Mapping[str, str]) -> dict[str, object]:
    found: dict[str, object] = {}
    for column in INDICATORS.columns:
        value = (row.get(column.name) or "").strip()
        if column.required and not value:
            raise PackError(f"{file}, line {line}: {column.name} is empty")
        if column.codelist and value not in codelist(column.codelist):
            raise PackError(f"{file}, line {line}: {column.name} {value!r} is not in the list {column.codelist!r}")
        if column.kind == "boolean" and value not in _TRUE:
            raise PackError(f"{file}, line {line}: {column.name} {value!r} is neither 'true' nor 'false'")
        found[column.name] = _TRUE[value] if column.kind == "boolean" else value
    return found


def _distinct(file: str, rows: Iterable[Mapping[str, object]]) -> None:
    """An importer finds an indicator by its code or its name, so neither may occur twice."""
    for name in ("indicator_id", "name_fr", "name_en"):
        seen: set[object] = set()
        for row in rows:
            if row[name] in seen:
                raise PackError(f"{file}: {name} {row[name]!r} occurs twice")
            seen.add(row[name])
