"""Key figures: the whole country in a line each, with the value of the period before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from danbe.analyse import response
from danbe.analyse.periods import Period
from danbe.reference.catalogue.derive import arrow_schema
from danbe.reference.catalogue.figures import FIGURES, TOTAL

if TYPE_CHECKING:
    import pyarrow as pa

    from danbe.analyse.response_tables import Tables

_FROM_REACH = {
    "services_delivered": "services_delivered",
    "people_reached": "reached",
    "people_reached_lower": "reached_lower",
    "people_reached_upper": "reached_upper",
    "excess": "excess",
    "people_in_need": "people_in_need",
    "target": "target",
    "gap": "gap",
    "coverage": "coverage",
}
KEY_FIGURES = (
    "operational_presence",
    "places_covered",
    "activities",
    *_FROM_REACH,
    "people_exposed",
    "reports_expected",
    "reports_received",
    "reporting_rate",
)
_OF_MONTHS = ("people_in_need", "target", "gap", "coverage")


def values(tables: Tables) -> dict[tuple[str, str], float | None]:
    """(indicator, period) → value for the whole country; what has no value is absent or ``None``."""
    world = tables.world
    found: dict[tuple[str, str], float | None] = {}
    acts = world.acts_in
    for row in acts.group_by("period").agg(
        operational_presence=response.operational_presence(acts),
        places_covered=response.places_covered(acts),
        activities=response.activities(acts),
    ).to_pyarrow().to_pylist():  # fmt: skip
        found |= _named(row)
    exposed = world.exposed
    for row in exposed.group_by("period").agg(people_exposed=response.people_exposed(exposed)).to_pyarrow().to_pylist():
        found |= _named(row)
    whole = (world.country, TOTAL, TOTAL)
    spans = tables.need_target_reached
    months = tables.reached.filter(tables.reached.kind == "month")
    for table, skipped in ((spans, ()), (months, _OF_MONTHS)):
        table = table.filter(
            (table.place == whole[0]) & (table.aor == whole[1]) & (table.population_status == whole[2])
        )
        for row in table.to_pyarrow().to_pylist():
            for name, measure in _FROM_REACH.items():
                if name not in skipped:
                    found[(name, row["period"])] = row[measure]
    c = tables.calendar.inner_join(world.months, "report_month")
    reports = c.group_by("period").agg(expected=response.reports_expected(c), received=response.reports_received(c))
    for row in reports.mutate(rate=response.reporting_rate(reports)).to_pyarrow().to_pylist():
        names = {"reports_expected": "expected", "reports_received": "received", "reporting_rate": "rate"}
        found |= {(name, row["period"]): row[column] for name, column in names.items()}
    return found


def _named(row: dict[str, Any]) -> dict[tuple[str, str], float | None]:
    period = row.pop("period")
    return {(name, period): value for name, value in row.items()}


def shown(periods: list[Period]) -> list[Period]:
    """The periods key figures are given for: each year's span, and the last month."""
    months = [p for p in periods if p.kind == "month"]
    return [p for p in periods if p.kind == "span"] + months[-1:]


def key_figures(tables: Tables) -> pa.Table:
    """indicator, period, value, previous_value; one row for each figure that has a value."""
    import pyarrow as pa

    found = values(tables)
    rows = []
    for period in shown(tables.world.periods):
        for name in KEY_FIGURES:
            value = found.get((name, period.name))
            if value is not None:
                previous = found.get((name, period.previous))
                rows.append((name, period.name, float(value), None if previous is None else float(previous)))
    schema = arrow_schema(FIGURES["key_figures"])
    columns = list(zip(*sorted(rows, key=lambda r: r[:2]), strict=True)) or [()] * 4
    return pa.table([pa.array(c, f.type) for c, f in zip(columns, schema, strict=True)], schema=schema)
