"""A snapshot as the figures read it: Parquet files checked against their manifest. Pure; nothing is written here."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from danbe.reference.catalogue import DATASETS, LATER
from danbe.reference.catalogue.derive import arrow_schema
from danbe.reference.folders import content_id, sha256_of

if TYPE_CHECKING:
    import pyarrow as pa

# What the id of a snapshot is made of: what is in it, not when or by which version it was made.
IDENTITY = ("country", "datasets", "geography_version", "outline_kind", "period", "rules_version", "synthetic")


class SnapshotError(ValueError):
    """A snapshot that cannot be read as what it claims to be; the message says which file and what to do."""


@dataclass
class SnapshotReader:
    """The datasets of one snapshot, as Arrow tables with the catalogue's schema.

    ``manifest`` is the snapshot's ``manifest.json``. A reader may also be made in memory (``folder`` is then ``None``),
    which is how the difference of two snapshots is taken apart.
    """

    manifest: dict[str, Any]
    folder: Path | None = None
    tables: dict[str, pa.Table] = field(default_factory=dict)

    @property
    def snapshot_id(self) -> str:
        return str(self.manifest["snapshot_id"])

    @property
    def period(self) -> tuple[str, str]:
        """First and last month, 'YYYY-MM'; two empty strings when nothing has been reported."""
        return self.manifest["period"]["start"] or "", self.manifest["period"]["end"] or ""

    def table(self, name: str) -> pa.Table:
        """The dataset ``name`` of the catalogue (or ``outlines``)."""
        if name not in self.tables:
            import pyarrow.parquet as pq

            if name in LATER and not self._has(name):
                # Made before the cluster did this with Danbe.
                self.tables[name] = arrow_schema(LATER[name]).empty_table()
                return self.tables[name]
            if self.folder is None:
                raise SnapshotError(f"instantané {self.snapshot_id} : il n’a pas de jeu de données «{name}»")
            self.tables[name] = pq.read_table(self.folder / f"{name}.parquet")
        return self.tables[name]

    def _has(self, name: str) -> bool:
        return self.folder is not None and name in self.manifest["datasets"]

    def replaced(self, **tables: pa.Table) -> SnapshotReader:
        """The same snapshot in memory with some datasets exchanged."""
        kept = {name: self.table(name) for name in DATASETS}
        return SnapshotReader(self.manifest, None, {**kept, **tables})

    @property
    def country(self) -> str:
        """The place id of the country in the reference division."""
        places = self.table("places").select(["place_id", "level", "version"]).to_pylist()
        version = self.manifest["geography_version"]
        top = [p for p in places if str(p["level"]) == "0"]
        top.sort(key=lambda p: (p["version"] != version, p["place_id"]))
        return str(top[0]["place_id"]) if top else str(self.manifest["country"])


def identity(manifest: dict[str, Any]) -> str:
    """The id that follows from a manifest's content: the same data make the same snapshot."""
    return content_id({key: manifest[key] for key in IDENTITY})


def open_snapshot(path: Path) -> SnapshotReader:
    """Opens a snapshot folder after checking every file against the manifest.

    Raises ``SnapshotError`` (message in French) when the folder or a file is missing, or when a byte was changed.
    """
    path = Path(path)
    try:
        manifest = json.loads((path / "manifest.json").read_text("utf-8"))
    except FileNotFoundError:
        raise SnapshotError(f"{path} : ce dossier n’est pas un instantané (manifest.json manque)") from None
    except ValueError:
        raise SnapshotError(f"{path}/manifest.json : illisible ; refaire l’instantané avec «danbe snapshot»") from None
    missing = [key for key in (*IDENTITY, "snapshot_id") if key not in manifest]
    if missing:
        raise SnapshotError(f"{path}/manifest.json : il manque {', '.join(missing)} ; refaire l’instantané")
    for name, facts in sorted(manifest["datasets"].items()):
        file = path / f"{name}.parquet"
        if not file.is_file():
            raise SnapshotError(f"{file} : ce fichier manque ; refaire l’instantané avec «danbe snapshot»")
        if sha256_of(file) != facts["sha256"]:
            raise SnapshotError(f"{file} : modifié depuis sa création (empreinte différente) ; il n’est pas lu")
    if identity(manifest) != manifest["snapshot_id"]:
        raise SnapshotError(
            f"{path}/manifest.json : modifié depuis sa création (identifiant différent) ; il n’est pas lu"
        )
    absent = sorted(set(DATASETS) - set(LATER) - set(manifest["datasets"]))
    if absent:
        raise SnapshotError(f"{path} : jeux de données absents : {', '.join(absent)} ; refaire l’instantané")
    return SnapshotReader(manifest, path)
