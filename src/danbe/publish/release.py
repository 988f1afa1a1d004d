"""A release as its readers see it: protected tables, places, organisations, outlines. Nothing else is ever read here."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from danbe.reference.catalogue.figures import TOTAL
from danbe.reference.codelists import codelist
from danbe.reference.words import translator

Row = dict[str, Any]


@dataclass(frozen=True)
class Release:
    """The folder ``releases/<id>``; tables are read once and kept as rows (they hold at most some ten thousand)."""

    folder: Path

    @cached_property
    def manifest(self) -> dict[str, Any]:
        return json.loads((self.folder / "manifest.json").read_text("utf-8"))

    @cached_property
    def audit(self) -> dict[str, Any]:
        return json.loads((self.folder / "audit.json").read_text("utf-8"))

    @cached_property
    def declarations(self) -> list[dict[str, Any]]:
        return json.loads((self.folder / "indicators.json").read_text("utf-8"))["indicators"]

    @cached_property
    def key_figures(self) -> list[str]:
        """The key figures the coordination chose, in order; [] where it has not chosen."""
        path = self.folder / "choices.json"
        return list(json.loads(path.read_text("utf-8"))["key_figures"]) if path.is_file() else []

    @property
    def id(self) -> str:
        return str(self.manifest["release_id"])

    @cached_property
    def seal(self) -> dict[str, bytes]:
        """Who approved the release and the signature of it, as they lie beside the folder: {name of the file: bytes}."""
        folder = self.folder.resolve()
        named = {name: folder.with_name(f"{folder.name}.{name}") for name in ("approvals.json", "approvals.sig")}
        return {name: path.read_bytes() for name, path in named.items() if path.is_file()}

    def approved_by(self, language: str) -> str:
        """The roles that approved, in words; '' before the approvals are in (a preview)."""
        if "approvals.json" not in self.seal:
            # A release made when one person approved.
            return translator(language)(self.manifest["approved_by"]) if "approved_by" in self.manifest else ""
        return " · ".join(a[language] for a in json.loads(self.seal["approvals.json"])["approvals"])

    @cached_property
    def _tables(self) -> dict[str, list[Row]]:
        return {}

    def table(self, name: str) -> list[Row]:
        """The rows of a released table; an absent table has none."""
        if name not in self._tables:
            import pyarrow.parquet as pq

            path = self.folder / "tables" / f"{name}.parquet"
            self._tables[name] = pq.read_table(path).to_pylist() if path.exists() else []
        return self._tables[name]

    def register(self, name: str) -> list[Row]:
        """The rows of a released register (members, services…); [] when the release holds none of it.

        An organisation's name is in ``organisations``, a place's in ``register_places``.
        """
        if (key := f"registers/{name}") not in self._tables:
            import pyarrow.parquet as pq

            path = self.folder / "registers" / f"{name}.parquet"
            self._tables[key] = pq.read_table(path).to_pylist() if path.exists() else []
        return self._tables[key]

    @cached_property
    def register_places(self) -> dict[str, Row]:
        """The places that registers name (down to the level each may show) and those they lie in, by place id."""
        return {p["place_id"]: p for p in self.register("places")} | self.places

    def rows(self, name: str, **filters: Any) -> list[Row]:
        """The rows of a table whose dimensions equal ``filters``."""
        return [r for r in self.table(name) if all(r[k] == v for k, v in filters.items())]

    def row(self, name: str, **filters: Any) -> Row | None:
        found = self.rows(name, **filters)
        return found[0] if found else None

    @cached_property
    def places(self) -> dict[str, Row]:
        return {p["place_id"]: p for p in self.table("places")}

    def _level(self, level: int) -> list[Row]:
        return sorted(
            (p for p in self.places.values() if int(p["level"]) == level), key=lambda p: p["code"] or p["name"]
        )

    @cached_property
    def country(self) -> Row:
        return self._level(0)[0]

    @cached_property
    def regions(self) -> list[Row]:
        return self._level(1)

    def cercles(self, region: str | None = None) -> list[Row]:
        return [p for p in self._level(2) if region in (None, p["parent_id"])]

    @cached_property
    def organisations(self) -> dict[str, Row]:
        return {o["organisation_id"]: o for o in self.table("organisations")}

    @cached_property
    def framework(self) -> dict[str, Row]:
        return {i["indicator_id"]: i for i in self.table("indicators")}

    @cached_property
    def outlines(self) -> dict[str, Any]:
        """GeoJSON geometry by place id."""
        features = json.loads((self.folder / "outlines.geojson").read_text("utf-8"))["features"]
        return {f["properties"]["place_id"]: f["geometry"] for f in features}

    @cached_property
    def span(self) -> str:
        """The period pages speak of: the last span of months of the tables ('2025-01/2025-12'), else their last month."""
        stated = {r["period"] for name in ("need_target_reached", "presence") for r in self.table(name)}
        return max((p for p in stated if "/" in p), default=max(stated, default=""))

    @cached_property
    def months(self) -> list[str]:
        """The months of ``span``, as far as the monthly table has them."""
        start, _, end = self.span.partition("/")
        months = {r["period"] for r in self.table("monthly") if "/" not in r["period"]}
        return sorted(m for m in months if start <= m <= (end or start))

    @cached_property
    def aors(self) -> list[str]:
        """Areas of responsibility that occur in the figures, in the order of the code list; never TOTAL."""
        found = {r["aor"] for name in ("need_target_reached", "presence", "monthly") for r in self.table(name)}
        return [i.code for i in codelist("aor").items if i.code in found]

    def organisation_name(self, organisation_id: str) -> str:
        item = self.organisations.get(organisation_id, {})
        return item.get("acronym") or item.get("name") or organisation_id


def aor_name(code: str, language: str) -> str:
    """The name of an area of responsibility; TOTAL is «Tous les domaines»."""
    return translator(language)("Tous les domaines") if code == TOTAL else codelist("aor").label(code, language)


def is_withheld(row: Row | None, measure: str) -> bool:
    """Whether the gate withheld this cell (as against «n.d.», which nobody reported)."""
    return bool(row) and measure in ((row or {}).get("withheld") or "").split()
