"""The figures of a snapshot seen as a release, so that the dashboard inside draws with the very blocks of the site.

Nothing here has passed the gate: only administrators are shown it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from danbe.protect.release import CLUSTER
from danbe.publish.release import Release, Row
from danbe.reference.catalogue.figures import TOTAL

_OF_THE_SNAPSHOT = ("places", "organisations", "indicators")


@dataclass(frozen=True)
class Seen(Release):
    """A release of which one area of responsibility is looked at: its rows then stand where TOTAL's stood."""

    aor: str = TOTAL

    def read(self, name: str) -> list[Row]:
        return super().table(name)

    def table(self, name: str) -> list[Row]:
        key = f"{name}:{self.aor}"
        if key not in self._tables:
            rows = self.read(name)
            if self.aor != TOTAL and rows and "aor" in rows[0]:
                rows = [{**r, "aor": TOTAL} for r in rows if r["aor"] == self.aor]
            self._tables[key] = rows
        return self._tables[key]

    @cached_property
    def aors(self) -> list[str]:
        return super().aors if self.aor == TOTAL else replace(self, aor=TOTAL).aors

    @cached_property
    def span(self) -> str:
        return str(super().span) if self.aor == TOTAL else replace(self, aor=TOTAL).span


@dataclass(frozen=True)
class LiveFigures(Seen):
    """``folder`` holds the figures, ``snapshot`` the snapshot they were worked out from."""

    snapshot: Path = Path()

    @cached_property
    def manifest(self) -> dict[str, Any]:
        stated = json.loads((self.snapshot / "manifest.json").read_text("utf-8"))
        return {**stated, "cluster": CLUSTER, "release_id": ""}

    def read(self, name: str) -> list[Row]:
        import pyarrow.parquet as pq

        path = (self.snapshot if name in _OF_THE_SNAPSHOT else self.folder) / f"{name}.parquet"
        if not path.exists():
            return []
        rows = pq.read_table(path).to_pylist()
        if name == "places":
            version = self.manifest["geography_version"]
            rows = [r for r in rows if r["version"] == version and int(r["level"]) <= 2]
        return rows

    @cached_property
    def outlines(self) -> dict[str, Any]:
        import pyarrow.parquet as pq
        from shapely import from_wkb
        from shapely.geometry import mapping

        path = self.snapshot / "outlines.parquet"
        rows = pq.read_table(path).to_pylist() if path.exists() else []
        return {r["place_id"]: mapping(from_wkb(r["wkb"])) for r in rows if r["place_id"] in self.places}
