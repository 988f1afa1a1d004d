"""A figure of monitoring, movements or a module, explained: its formula, and the places (or codes) it is the sum of.

Rows of incidents are confidential and stand in no explanation: the steps are cells of the same table, one level down.
"""

from __future__ import annotations

from typing import Any

from danbe.analyse.explanation import Explanation, Step
from danbe.analyse.indicator import INDICATORS
from danbe.analyse.labels import Labels
from danbe.analyse.monitoring_tables import MONITORING_MEASURES, MonitoringTables
from danbe.analyse.monitoring_world import MonitoringWorld
from danbe.analyse.periods import Period
from danbe.analyse.snapshot import SnapshotReader
from danbe.reference.catalogue.figures import FIGURES, TOTAL

_TERMS = {
    "change": ("violations", "previous_violations"),
    "year_change": ("violations", "year_before_violations"),
    "violations_per_monitor": ("violations", "active_monitors"),
    "documentation_rate": ("incidents", "incidents_received"),
    "acceptance_rate": ("accepted", "needs"),
    "completion_rate": ("completed", "accepted"),
    "no_service_share": ("no_service", "needs"),
    "net": ("arrivals", "returns"),
}
# Measures whose parts do not add up to the whole: a monitor works in two cercles, a median is no sum.
_WHOLE = frozenset({"active_monitors", "report_delay", "validation_delay", "providers", "incidence", "civilian_share"})
_ELSEWHERE = "lieu non précisé à ce niveau"
_PART = "%(name)s : %(n)s"
Row = dict[str, Any]


class UnknownCell(ValueError):
    """There is no such measure, dimension or period; the message (in French) says which there are."""


def periods_known(snapshot: SnapshotReader) -> list[Period]:
    """The periods monitoring's figures are worked out for."""
    return [p for p in MonitoringWorld(snapshot).periods if p.kind != "compare"]


def explain_monitoring(
    snapshot: SnapshotReader, table: str, measure: str, filters: dict[str, str], labels: Labels
) -> Explanation:
    """The explanation of ``measure`` of ``table`` in the cell ``filters`` name; what they leave out is the whole.

    Raises ``UnknownCell``.
    """
    if measure not in MONITORING_MEASURES[table]:
        known = ", ".join(MONITORING_MEASURES[table])
        raise UnknownCell(f"mesure inconnue dans {table} : «{measure}» ; il y a : {known}")
    cell = _completed(snapshot, table, filters)
    rows = MonitoringTables(MonitoringWorld(snapshot)).arrow(table).to_pylist()
    return _explained(snapshot, rows, table, measure, cell, labels)


def _completed(snapshot: SnapshotReader, table: str, filters: dict[str, str]) -> dict[str, str]:
    keys = [k for k in FIGURES[table].key if k != "level"]
    strange = sorted(set(filters) - set(keys) - {"level"})
    if strange:
        raise UnknownCell(f"la table {table} n’a pas la dimension {', '.join(strange)} ; elle a : {', '.join(keys)}")
    found = {k: v for k, v in filters.items() if k != "level"}
    names = [p.name for p in periods_known(snapshot)]
    found.setdefault("period", next((n for n in reversed(names) if "/" in n), ""))
    if found["period"] not in names:
        raise UnknownCell(f"période inconnue : «{found['period']}» ; il y a : {', '.join(names) or 'aucune'}")
    found.setdefault("place", snapshot.country)
    for key in keys:
        if key not in found and FIGURES[table][key].codelist:
            found[key] = TOTAL
    missing = [k for k in keys if k not in found]
    if missing:
        raise UnknownCell(f"préciser {', '.join(missing)} : la table {table} n’a pas de total sur cette dimension")
    return {k: found[k] for k in keys}


def _explained(
    snapshot: SnapshotReader, rows: list[Row], table: str, measure: str, cell: dict[str, str], labels: Labels
) -> Explanation:
    declared = INDICATORS[MONITORING_MEASURES[table][measure]]
    row = next((r for r in rows if all(r[k] == v for k, v in cell.items())), None)
    value = None if row is None else row[measure]
    parts = [_explained(snapshot, rows, table, term, cell, labels) for term in _TERMS.get(measure, ())]
    steps = [] if parts or measure in _WHOLE or not row else _steps(snapshot, rows, table, measure, cell, row, labels)
    return Explanation(
        table, measure, cell, value, declared.label(labels.language), declared.unit, declared.formula,
        declared.definition(labels.language), steps, [], parts,
    )  # fmt: skip


def _steps(
    snapshot: SnapshotReader, rows: list[Row], table: str, measure: str, cell: dict[str, str], row: Row, labels: Labels
) -> list[Step]:
    """The places one level below; where there is none, the codes of the first dimension that stands at TOTAL."""
    places = snapshot.table("places").select(["place_id", "parent_id"]).to_pylist()
    parents = {p["place_id"]: p["parent_id"] for p in places}
    below = str(int(row["level"]) + 1) if "level" in row else ""
    others = {k: v for k, v in cell.items() if k != "place"}

    def inside(r: Row) -> bool:
        return r["level"] == "1" if row["level"] == "0" else parents.get(r["place"]) == cell["place"]

    found = [
        _part(labels, labels.place(r["place"]), r[measure], r["place"])
        for r in rows
        if r.get("level") == below and all(r[k] == v for k, v in others.items()) and r[measure] and inside(r)
    ]
    if not found:
        cut = next((k for k, v in cell.items() if v == TOTAL), "")
        same = {k: v for k, v in cell.items() if k != cut}
        codes = [r for r in rows if cut and r[cut] != TOTAL and all(r[k] == v for k, v in same.items())]
        listed = FIGURES[table][cut].codelist if cut else ""
        found = [
            _part(labels, labels.code(listed, r[cut]) if listed else r[cut], r[measure]) for r in codes if r[measure]
        ]
    rest = (row[measure] or 0) - sum(s.contribution for s in found)
    if rest:
        found.append(_part(labels, labels.say(_ELSEWHERE) if found else labels.place(cell["place"]), rest))
    return found


def _part(labels: Labels, name: str, n: float, place: str = "") -> Step:
    return Step("value", labels.say(_PART, name=name, n=labels.number(n)), n, n, place=place)
