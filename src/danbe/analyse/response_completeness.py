"""Reporting completeness: who was expected to report, who did, and in time. «Pas de rapport» is never a zero."""

from __future__ import annotations

from datetime import date
from typing import Any

from danbe.analyse.periods import months_between, shift
from danbe.analyse.response_world import World

DAYS_TO_REPORT = 5
"""J+5: days after the end of the month (field brief §1.4, «Cycle»)."""


def deadline(month: str) -> date:
    """The last day on which the report of ``month`` is on time: the fifth of the month after."""
    after = shift(month, 1)
    return date(int(after[:4]), int(after[5:7]), DAYS_TO_REPORT)


def calendar(world: World) -> Any:
    """organisation_id, report_month, and 0 or 1 in expected, received, on_time, nothing_to_report.

    Expected: those that reported; those with a project under way whose dates span the month; and, where the months
    around were reported without project dates, those that reported the month before or after. Received: a report
    (possibly «rien à signaler») or rows for the month. Organisations that only work for other clusters are left out.
    """
    import ibis

    months = _months(world)
    rows = world.load("all_activities", world.snapshot.table("activities"))
    reports = world.load("reports", world.snapshot.table("reports"))
    others = rows.select("organisation_id").distinct().anti_join(world.acts, "organisation_id")
    reports = reports.anti_join(others, "organisation_id")
    reports = reports.group_by(["organisation_id", "report_month"]).agg(
        received_on=reports.received_on.min(), nil=reports.nothing_to_report.fill_null(False).all()
    )
    acts = world.acts
    active = acts.group_by(["organisation_id", "report_month"]).agg(
        rows_of_month=acts.activity_id.count(), dated=acts.dated.any()
    )
    organisations = active.select("organisation_id").union(reports.select("organisation_id"), distinct=True)
    grid = organisations.cross_join(months)
    same = ["organisation_id", "report_month"]
    grid = grid.left_join(active, same).select(*grid.columns, "rows_of_month", "dated")
    found = grid.left_join(reports, same).select(*grid.columns, "received_on", "nil")
    found = found.mutate(received=found.rows_of_month.notnull() | found.nil.notnull())

    projects = acts.filter(acts.dated & acts.under_way)
    projects = projects.select("organisation_id", "first_month", "last_month").distinct()
    spanned = projects.cross_join(months)
    spanned = spanned.filter(spanned.report_month.between(spanned.first_month, spanned.last_month))
    spanned = spanned.select("organisation_id", "report_month").distinct().mutate(spanned=ibis.literal(True))
    undated = found.filter(found.received & ~found.dated.fill_null(False)).inner_join(months, "report_month")
    around = undated.select("organisation_id", report_month=undated.before).union(
        undated.select("organisation_id", report_month=undated.after)
    )
    around = around.distinct().mutate(around=ibis.literal(True))
    found = found.left_join(spanned, same).select(*found.columns, "spanned")
    found = found.left_join(around, same).select(*found.columns, "around")
    return found.select(
        *same,
        expected=(found.received | found.spanned.fill_null(False) | found.around.fill_null(False)).cast("int64"),
        received=found.received.cast("int64"),
        on_time=(found.received_on <= found.deadline).fill_null(False).cast("int64"),
        nothing_to_report=(found.nil.fill_null(False) & found.rows_of_month.isnull()).cast("int64"),
    )


def _months(world: World) -> Any:
    """report_month, the months before and after, and the deadline of its report, for the whole snapshot."""
    import pyarrow as pa

    months = months_between(*world.snapshot.period)
    return world.load(
        "reporting_months",
        pa.table(
            {
                "report_month": pa.array(months, pa.string()),
                "before": pa.array([shift(m, -1) for m in months], pa.string()),
                "after": pa.array([shift(m, 1) for m in months], pa.string()),
                "deadline": pa.array([deadline(m) for m in months], pa.date32()),
            }
        ),
    )
