"""Small worlds of monitoring for the tests: incidents and movements in memory, with the places of ``worlds``."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

import pyarrow as pa

from danbe.analyse.compute import figure_tables
from danbe.analyse.monitoring_tables import MonitoringTables
from danbe.analyse.monitoring_world import MonitoringWorld
from danbe.analyse.periods import Period
from danbe.analyse.snapshot import SnapshotReader
from danbe.reference.catalogue import MONITORING
from danbe.reference.catalogue.derive import arrow_schema
from tests.analyse.worlds import REGION_OF
from tests.analyse.worlds import world as activity_world


def _at(where: str | None) -> dict[str, Any]:
    if where is None:
        return {"region": None, "cercle": None}
    return {"cercle": where, "region": REGION_OF[where]} if where in REGION_OF else {"region": where, "cercle": None}


class Story:
    """Collects what happened, one call a thing; ``snapshot()`` freezes it."""

    def __init__(self) -> None:
        self.rows: dict[str, list[dict[str, Any]]] = {name: [] for name in MONITORING}
        self._number = 0

    def _next(self) -> str:
        self._number += 1
        return str(self._number)

    def incident(
        self, month: str, where: str | None = "C1", verification: str = "DOC", monitor: str = "m1", typology: str = "2020",
        **more: Any,
    ) -> dict[str, Any]:  # fmt: skip
        day = date(int(month[:4]), int(month[5:7]), 10)
        row = {
            "incident_id": self._next(), "record_type": "DOC", "organisation_id": "o1", "monitor": monitor,
            "event_date": day, "event_month": month, "reported_on": day, "verification": verification,
            "typology": typology, "date_precision": "JOUR", **_at(where), **more,
        }  # fmt: skip
        self.rows["incidents"].append(row)
        return row

    def violation(
        self,
        incident: dict[str, Any],
        category: str,
        count: int = 1,
        victims: Iterable[tuple[int, dict[str, Any]]] = (),
    ) -> None:
        """``count`` violations of one category; ``victims`` are (how many, what is known of them) of each."""
        shared = {k: incident[k] for k in ("organisation_id", "event_month", "region", "cercle", "verification")}
        for _ in range(count):
            number = self._next()
            self.rows["violations"].append(
                {**shared, "violation_id": number, "incident_id": incident["incident_id"], "category": category,
                 "typology": incident["typology"], "perpetrator": incident.get("perpetrator")}
            )  # fmt: skip
            for people, known in victims:
                self.rows["victims"].append(
                    {**shared, "group_id": self._next(), "violation_id": number, "category": category, "victims": people,
                     **known}
                )  # fmt: skip

    def violations(self, month: str, where: str | None = "C1", /, monitor: str = "m1", **counts: int) -> None:
        """One documented incident with so many violations of each category."""
        incident = self.incident(month, where, monitor=monitor)
        for category, count in counts.items():
            self.violation(incident, category, count)

    def movement(self, month: str, people: int, origin: str | None = "C1", to: str | None = "C3", **more: Any) -> None:
        start, end = _at(origin), _at(to)
        self.rows["movements"].append(
            {
                "movement_id": self._next(), "event_month": month, "event_date": date(int(month[:4]), int(month[5:7]), 1),
                "status": "CONF", "cause": "ATT", "individuals": people, "imputed": False,
                "origin_region": start["region"], "origin_cercle": start["cercle"], "destination_region": end["region"],
                "destination_cercle": end["cercle"], **more,
            }
        )  # fmt: skip

    def response(self, incident: dict[str, Any], need: str, outcome: str, consented: bool = True) -> None:
        shared = {k: incident[k] for k in ("organisation_id", "event_month", "region", "cercle", "verification")}
        self.rows["responses"].append(
            {**shared, "response_id": self._next(), "incident_id": incident["incident_id"], "need": need,
             "outcome": outcome, "consented": consented}
        )  # fmt: skip

    def stock(self, day: date, people: int, where: str = "C1", source: str = "DTM", group: str = "PDI") -> None:
        self.rows["stocks"].append(
            {"counted_on": day, "month": f"{day:%Y-%m}", "place": where, "individuals": people, "source": source,
             "population_status": group, **_at(where)}
        )  # fmt: skip

    def snapshot(self) -> SnapshotReader:
        base = activity_world([])
        tables = dict(base.tables)
        for name, rows in self.rows.items():
            schema = arrow_schema(MONITORING[name])
            tables[name] = pa.table(
                {f.name: pa.array([r.get(f.name) for r in rows], f.type) for f in schema}, schema=schema
            )
        return SnapshotReader(base.manifest, None, tables)

    def table(self, name: str, periods: list[Period] | None = None, **filters: Any) -> list[dict[str, Any]]:
        """The rows of one figure table that match."""
        snapshot = self.snapshot()
        if periods is None:
            rows = figure_tables(snapshot, [name])[name].to_pylist()
        else:
            rows = MonitoringTables(MonitoringWorld(snapshot, periods)).arrow(name).to_pylist()
        return [r for r in rows if all(r[k] == v for k, v in filters.items())]

    def one(self, name: str, periods: list[Period] | None = None, **filters: Any) -> dict[str, Any]:
        found = self.table(name, periods, **{"place": "ML", **filters})
        assert len(found) == 1, f"{len(found)} rows match {filters}"
        return found[0]
