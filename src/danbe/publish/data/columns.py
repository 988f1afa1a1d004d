"""The columns of the open data: those of the figure tables, with names beside identifiers. All from the catalogue."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from danbe.publish.release import Release, Row, aor_name
from danbe.reference.catalogue import DATASETS
from danbe.reference.catalogue.column import Column, Dataset
from danbe.reference.catalogue.figures import FIGURES, LABELS

WITHHELD = Column(
    "withheld", "Mesures protégées", "Withheld measures", "text", "#meta+withheld",
    help_fr="Mesures de la ligne que la protection des données retire ; une cellule vide qui n’y figure pas n’est pas disponible.",
    help_en="Measures of the row withheld to protect people; an empty cell not listed here is not available.",
)  # fmt: skip


def public_dataset(release: Release, name: str) -> Dataset:
    """The declaration of a public table: the figure table with labels beside its identifiers, or a register."""
    if name not in FIGURES:
        source = DATASETS[name]
        import pyarrow.parquet as pq

        present = pq.read_schema(release.folder / "tables" / f"{name}.parquet").names
        return replace(source, columns=tuple(c for c in source.columns if c.name in present))
    source = FIGURES[name]
    columns: list[Column] = []
    shown = (*release.manifest["tables"][name]["dimensions"], *release.manifest["tables"][name]["measures"])
    for column in (c for c in source.columns if c.name in shown):
        columns.append(column)
        columns += LABELS.get(column.name, ())
    return replace(source, columns=(*columns, WITHHELD))


def tables(release: Release) -> list[str]:
    """The public tables of a release: figures in the catalogue's order, then the registers they refer to."""
    names = set(release.manifest["tables"])
    return [n for n in FIGURES if n in names] + [n for n in ("organisations", "indicators", "places") if n in names]


def values(release: Release, dataset: Dataset, row: Row, language: str = "fr") -> list[Any]:
    """The cells of one row of a public table, labels filled in."""
    declared = {d["id"]: d for d in release.declarations}
    place = release.places.get(row.get("place", ""), {})
    framework = release.framework.get(row.get("indicator_id", ""), {})
    extra = {
        "place_code": place.get("code"),
        "place_name": place.get("name"),
        "aor_name": aor_name(row["aor"], language) if "aor" in row else None,
        "organisation": release.organisations.get(row.get("organisation_id", ""), {}).get("name"),
        "indicator_name": framework.get(f"name_{language}") or framework.get("name_fr")
        or declared.get(row.get("indicator", ""), {}).get(language),
    }  # fmt: skip
    if dataset.name not in FIGURES:
        return [row[c.name] for c in dataset.columns]
    labels = {c.name for group in LABELS.values() for c in group}
    return [extra[c.name] if c.name in labels else row.get(c.name) for c in dataset.columns]
