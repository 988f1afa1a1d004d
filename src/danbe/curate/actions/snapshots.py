"""The verb that freezes the curated data: a folder of Parquet files named by its hash."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils import timezone

from danbe import __version__
from danbe.curate import snapshots
from danbe.curate.models import Snapshot
from danbe.curate.response.rules import RULES_VERSION
from danbe.reference.folders import content_id, folder_beside, settle, sha256_of, write_json
from danbe.register import audit
from danbe.register.models import User

if TYPE_CHECKING:
    import pyarrow as pa


@audit.action("snapshot.make")
def make_snapshot(user: User, note: str = "") -> Snapshot:
    """Freezes the rows in force into ``snapshots/<id>`` and returns its record.

    The same data give the same id and the same folder, whose note and date stay those of the first time. Raises
    ``CannotSnapshot`` when a value does not fit its column.
    """
    tables, gazetteer = snapshots.read_tables()
    tables["outlines"], outline_kind = snapshots.outlines()
    root = Path(settings.DATA) / "snapshots"
    with folder_beside(root) as building:
        datasets = {name: _write(table, building / f"{name}.parquet") for name, table in tables.items()}
        content: dict[str, Any] = {
            "country": settings.COUNTRY_PACK.upper(),
            "geography_version": gazetteer.current,
            "outline_kind": outline_kind,
            "synthetic": (Path(settings.DATA) / "synthetic").exists(),
            "period": _period(tables),
            "datasets": datasets,
            "rules_version": RULES_VERSION,
        }
        snapshot_id = content_id(content)
        target = root / snapshot_id
        made_at = timezone.now().isoformat(timespec="seconds")
        manifest = {
            **content,
            "snapshot_id": snapshot_id,
            "made_at": made_at,
            "danbe_version": __version__,
            "note": note,
        }
        write_json(building / "manifest.json", manifest)
        # A folder of that name that no longer holds what its name says is put right.
        settle(building, target, replace=not _sound(target, datasets))
    found, made = Snapshot.objects.get_or_create(
        snapshot_id=snapshot_id, defaults={"user": user, "note": note, "manifest": manifest}
    )
    audit.note(snapshot_id=snapshot_id, new=made, rows={name: facts["rows"] for name, facts in datasets.items()})
    return found


def _write(table: pa.Table, file: Path) -> dict[str, Any]:
    import pyarrow.parquet as pq

    pq.write_table(table, file, compression="zstd", version="2.6", row_group_size=1 << 17)
    return {"rows": len(table), "sha256": sha256_of(file)}


def _sound(folder: Path, datasets: dict[str, Any]) -> bool:
    """Whether a folder holds these very files (or is not there yet)."""
    if not folder.exists():
        return True
    files = {name: folder / f"{name}.parquet" for name in datasets}
    return (folder / "manifest.json").is_file() and all(
        file.is_file() and sha256_of(file) == datasets[name]["sha256"] for name, file in files.items()
    )


def _period(tables: dict[str, pa.Table]) -> dict[str, str | None]:
    """The first and last month that anything was reported for."""
    months = [m for name in ("activities", "reports") for m in tables[name]["report_month"].unique().to_pylist() if m]
    return {"start": min(months, default=None), "end": max(months, default=None)}
