"""Which published figures differ between two releases. Reads public tables only: what is withheld is never compared."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from danbe.reference.catalogue.figures import FIGURES, dimensions, measures
from danbe.reference.codelists import codelist


def differences(old: Path, new: Path) -> list[dict[str, Any]]:
    """Each figure shown in both releases (or in one, its row being absent from the other) whose value differs.

    ``{table, measure, dimensions, labels, old, new}``, largest relative difference first; totals before parts.
    """
    found: list[dict[str, Any]] = []
    for name, dataset in FIGURES.items():
        keys = dimensions(dataset)
        before, after = _rows(old, name, keys), _rows(new, name, keys)
        for key in sorted(before.keys() | after.keys()):
            a: dict[str, Any] = before.get(key, {})
            b: dict[str, Any] = after.get(key, {})
            hidden = {*(a.get("withheld") or "").split(), *(b.get("withheld") or "").split()}
            for measure in measures(dataset):
                if measure not in hidden and a.get(measure) != b.get(measure):
                    values = dict(zip(keys, key, strict=True))
                    found.append(
                        {
                            "table": name,
                            "measure": measure,
                            "dimensions": values,
                            "labels": _labels(values, new, old),
                            "old": a.get(measure),
                            "new": b.get(measure),
                        }
                    )
    found.sort(key=lambda f: (str(f["dimensions"].get("level", "0")), -_size(f)))
    return found


def _size(figure: dict[str, Any]) -> float:
    return abs((figure["new"] or 0) - (figure["old"] or 0))


def _rows(release: Path, table: str, keys: tuple[str, ...]) -> dict[tuple[str, ...], dict[str, Any]]:
    import pyarrow.parquet as pq

    path = release / "tables" / f"{table}.parquet"
    rows = pq.read_table(path).to_pylist() if path.exists() else []
    return {tuple(str(r[k]) for k in keys): r for r in rows}


def _labels(values: dict[str, Any], *releases: Path) -> list[str]:
    """The dimensions in words; the level says nothing beside its place, TOTAL nothing at all."""
    words = []
    for name, value in values.items():
        if name == "level" or value == "TOTAL":
            continue
        if name == "place":
            words.append(_place_names(*releases).get(value, value))
        elif name in ("aor", "population_status", "sex_age"):
            words.append(codelist(name).label(value, "fr"))
        else:
            words.append(value)
    return words


def _place_names(*releases: Path) -> dict[str, str]:
    import pyarrow.parquet as pq

    if releases not in _NAMES:
        _NAMES[releases] = {
            p["place_id"]: p["name"]
            for r in releases
            for p in pq.read_table(r / "tables" / "places.parquet").to_pylist()
        }
    return _NAMES[releases]


_NAMES: dict[tuple[Path, ...], dict[str, str]] = {}
"""Names by pair of releases; releases never change, so neither does this."""
