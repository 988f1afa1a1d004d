"""Why presence and completeness are what they are: which organisations, which rows, which months."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import Any

from danbe.analyse.explain_reach import exposed_rows, row_of
from danbe.analyse.explanation import Row, Step
from danbe.analyse.labels import Labels
from danbe.analyse.response_tables import Tables
from danbe.reference.catalogue.figures import TOTAL

# What a measure counts once: the column whose distinct values it counts; '' when every row counts.
COUNTED = {
    "organisations": "organisation_id",
    "activities": "",
    "months_active": "report_month",
    "places_covered": "cercle",
}


REPORTED = ("expected", "received", "on_time", "nothing_to_report")


def _here(relation: Any, tables: Tables, filters: dict[str, str]) -> list[dict[str, Any]]:
    hierarchy = tables.world.hierarchy
    place = filters.get("place", hierarchy.country)
    column = {1: "region", 2: "cercle"}.get(hierarchy.levels.get(place, 0))
    if column:
        relation = relation.filter(relation[column] == place)
    elif place != hierarchy.country:
        return []
    for name in ("aor", "organisation_id", "indicator_id"):
        if filters.get(name, TOTAL) != TOTAL:
            relation = relation.filter(relation[name] == filters[name])
    rows: list[dict[str, Any]] = relation.to_pyarrow().to_pylist()
    return sorted(rows, key=lambda r: (len(r["activity_id"]), r["activity_id"]))


def explain_presence(
    tables: Tables, measure: str, filters: dict[str, str], labels: Labels
) -> tuple[list[Step], list[Row]]:
    """One step for each thing counted; the first row of each contributes 1 (every row, when rows are counted)."""
    counted = COUNTED[measure]
    acts = _here(tables.world.acts_in.filter(tables.world.acts_in.present), tables, filters)
    if counted == "cercle":
        acts = [a for a in acts if a["cercle"]]
    groups: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for act in acts:
        groups[act[counted or "organisation_id"]].append(act)
    named: dict[str, Callable[[str], str]] = {
        "organisation_id": labels.organisation,
        "cercle": labels.place,
        "report_month": str,
    }
    steps, rows = [], []
    for key, members in sorted(groups.items()):
        name = named[counted or "organisation_id"](key)
        text = labels.say("%(name)s : %(rows)s ligne(s)", name=name, rows=labels.number(len(members)))
        steps.append(Step("value", text, len(members), 1 if counted else len(members)))
        rows += [row_of(a, labels, 1, 1 if i == 0 or not counted else 0) for i, a in enumerate(members)]
    return steps, rows


def explain_exposed(tables: Tables, filters: dict[str, str], labels: Labels) -> tuple[list[Step], list[Row]]:
    """The rows of mass awareness."""
    sums: dict[str, dict[str, Any]] = {}
    for line in _here(tables.world.exposed, tables, filters):
        act = sums.setdefault(line["activity_id"], {**line, "reached": 0, "population_status": ""})
        act["reached"] += line["reached"]
    return exposed_rows(sums.values(), labels)


def explain_reports(
    tables: Tables, measure: str, filters: dict[str, str], labels: Labels
) -> tuple[list[Step], list[Row]]:
    """One step per organisation and month; what was expected and did not come is a step of 0."""
    months = set(tables.world.periods[0].months)
    steps, rows = [], []
    for entry in sorted(
        tables.calendar.to_pyarrow().to_pylist(), key=lambda e: (e["report_month"], e["organisation_id"])
    ):
        wanted = filters.get("organisation_id", TOTAL)
        if (
            entry["report_month"] not in months
            or not entry["expected"]
            or wanted not in (TOTAL, entry["organisation_id"])
        ):
            continue
        name = labels.organisation(entry["organisation_id"])
        if not entry["received"]:
            state = labels.say("pas de rapport")
        elif entry["nothing_to_report"]:
            state = labels.say("rien à signaler")
        elif entry["on_time"]:
            state = labels.say("reçu à temps")
        else:
            state = labels.say("reçu en retard ou sans date")
        text = labels.say("%(month)s, %(name)s : %(state)s", month=entry["report_month"], name=name, state=state)
        gives = entry[measure]
        steps.append(Step("value", text, gives, gives, bool(gives)))
        key = f"reports/{entry['organisation_id']}/{entry['report_month']}"
        rows.append(Row(key, name, entry["report_month"], "", state, "", gives, gives))
    return steps, rows
