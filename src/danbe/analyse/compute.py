"""From a snapshot to its figures: all tables, written once, with what they are and how they were worked out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from danbe import __version__
from danbe.analyse.indicator import INDICATORS
from danbe.analyse.monitoring_tables import MONITORING_MEASURES, MonitoringTables
from danbe.analyse.monitoring_world import MonitoringWorld
from danbe.analyse.response_key import KEY_FIGURES
from danbe.analyse.response_tables import MEASURES, Tables
from danbe.analyse.response_world import World
from danbe.analyse.snapshot import SnapshotError, SnapshotReader, open_snapshot
from danbe.reference.catalogue.figures import FIGURES, dimensions, measures
from danbe.reference.folders import folder_beside, settle, sha256_of, write_json

if TYPE_CHECKING:
    import pyarrow as pa

FORMULAS = "3"
"""The version of the formulas: raised when a figure of the same snapshot may change."""

ALL_MEASURES = {**MEASURES, **MONITORING_MEASURES}
"""Which declared indicators each figure table shows, measure by measure."""


def indicators_of(table: str) -> list[str]:
    """The declared indicators a figure table shows."""
    return list(KEY_FIGURES) if table == "key_figures" else list(dict.fromkeys(ALL_MEASURES.get(table, {}).values()))


def figure_tables(snapshot: SnapshotReader, names: list[str] | None = None) -> dict[str, pa.Table]:
    """The figure tables of a snapshot by name, without writing anything."""
    wanted = names or list(FIGURES)
    found: dict[str, pa.Table] = {}
    if mine := [n for n in wanted if n in MONITORING_MEASURES]:
        monitoring = MonitoringTables(MonitoringWorld(snapshot))
        found = {name: monitoring.arrow(name) for name in mine}
    if others := [n for n in wanted if n not in MONITORING_MEASURES]:
        tables = Tables(World(snapshot))
        found |= {name: tables.arrow(name) for name in others}
    return {name: found[name] for name in wanted}


def compute(snapshot_dir: Path, figures_root: Path) -> Path:
    """Works out all figures of the snapshot in ``snapshot_dir`` and writes them to ``figures_root/<snapshot id>``.

    Returns the folder. Figures already worked out by the same formulas are left as they are; the same snapshot gives
    the same bytes. Raises ``SnapshotError`` when the snapshot was tampered with.
    """
    snapshot = open_snapshot(snapshot_dir)
    target = Path(figures_root) / snapshot.snapshot_id
    if _up_to_date(target, snapshot):
        return target
    with folder_beside(Path(figures_root)) as building:
        described = []
        for name, table in figure_tables(snapshot).items():
            file = building / f"{name}.parquet"
            _write(table, file)
            described.append(_describe(name, len(table), sha256_of(file)))
        used = {i for t in described for i in t["indicators"]}
        start, end = snapshot.period
        write_json(
            building / "figures.json",
            {
                "snapshot_id": snapshot.snapshot_id,
                "danbe_version": __version__,
                "formulas": FORMULAS,
                "period": {"start": start or None, "end": end or None},
                "tables": described,
                "indicators": {i: INDICATORS[i].declaration() for i in sorted(used)},
            },
        )
        return settle(building, target, replace=True)


def open_figures(folder: Path) -> dict[str, Any]:
    """The ``figures.json`` of a folder of figures, each table checked against its hash.

    Raises ``SnapshotError`` (message in French) when something is missing or was changed.
    """
    try:
        described: dict[str, Any] = json.loads((Path(folder) / "figures.json").read_text("utf-8"))
    except (FileNotFoundError, ValueError):
        raise SnapshotError(f"{folder} : pas de chiffres ici ; les calculer avec «danbe figures»") from None
    for table in described["tables"]:
        file = Path(folder) / f"{table['name']}.parquet"
        if not file.is_file() or sha256_of(file) != table["sha256"]:
            raise SnapshotError(f"{file} : absent ou modifié depuis le calcul ; refaire avec «danbe figures»")
    return described


def _write(table: pa.Table, file: Path) -> None:
    import pyarrow.parquet as pq

    pq.write_table(table, file, compression="zstd", version="2.6", write_statistics=True, row_group_size=1 << 20)


def _describe(name: str, rows: int, sha256: str) -> dict[str, Any]:
    dataset = FIGURES[name]
    return {
        "name": name,
        "fr": dataset.fr,
        "en": dataset.en,
        "indicators": indicators_of(name),
        "dimensions": list(dimensions(dataset)),
        "measures": list(measures(dataset)),
        "rows": rows,
        "sha256": sha256,
    }


def _up_to_date(target: Path, snapshot: SnapshotReader) -> bool:
    try:
        described = open_figures(target)
    except SnapshotError:
        return False
    return described.get("formulas") == FORMULAS and described["snapshot_id"] == snapshot.snapshot_id
