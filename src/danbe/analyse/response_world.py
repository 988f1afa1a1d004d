"""The relations all 5W figures start from: activity rows and their lines, in every period they belong to.

Ibis expressions on DuckDB, in memory. A relation that several figures use is worked out once and kept.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from danbe.analyse.lines import UNSPECIFIED, lines
from danbe.analyse.periods import Period, periods_of
from danbe.analyse.response_needs import Hierarchy, needs

if TYPE_CHECKING:
    import pyarrow as pa

    from danbe.analyse.snapshot import SnapshotReader

OUTSIDE = "HORS"
"""The area of responsibility of rows that other clusters answer for; no figure counts them."""

# Indicators that may be reported again each month about the same people: one month of each organisation is kept.
STOCKS = ("max", "last", "distinct")

# Who plans an activity is not there yet, and who cancelled one is there no more (for it). A suspended one waits where it is.
ABSENT = ("PLAN", "ANN")


class World:
    """The 5W of one snapshot, seen in the given periods (all of them by default)."""

    def __init__(self, snapshot: SnapshotReader, periods: list[Period] | None = None) -> None:
        import ibis

        self.snapshot = snapshot
        self.country = snapshot.country
        self.periods = periods_of(*snapshot.period) if periods is None else periods
        self.connection = ibis.duckdb.connect()
        # Names of figures come from the data; nothing may reach files or the network from a query.
        self.connection.con.execute("SET enable_external_access = false")

    def load(self, name: str, table: pa.Table) -> Any:
        """An Arrow table as a relation."""
        self.connection.con.register(name, table)
        return self.connection.table(name)

    def keep(self, name: str, relation: Any) -> Any:
        """A relation worked out once, for those that build on it."""
        import ibis

        self.connection.con.execute(f'CREATE TABLE "{name}" AS {ibis.to_sql(relation, dialect="duckdb")}')
        return self.connection.table(name)

    @cached_property
    def hierarchy(self) -> Hierarchy:
        return Hierarchy.of(self.snapshot.table("places"), self.country)

    @cached_property
    def months(self) -> Any:
        """period, kind, year, report_month: which months a period is made of."""
        import pyarrow as pa

        rows = [(p.name, p.kind, p.year, m) for p in self.periods for m in p.months]
        names = ("period", "kind", "year", "report_month")
        types = (pa.string(), pa.string(), pa.int64(), pa.string())
        columns = zip(*rows, strict=True) if rows else ((), (), (), ())
        return self.load("months", pa.table({n: pa.array(c, t) for n, c, t in zip(names, columns, types, strict=True)}))

    @cached_property
    def acts(self) -> Any:
        """The activity rows that figures count, one row each.

        activity_id, organisation_id, report_month, aor, indicator_id, region, cercle, ``unit`` (the cercle, or the
        region or country when no cercle is known), ``spot`` (the commune, or ``unit``), people (new persons are
        counted), mass (persons exposed to mass awareness), present (the row tells of presence: its activity is neither
        cancelled nor merely planned), aggregation, disjoint_set.
        """
        import ibis

        rows = self.load("activities", self.snapshot.table("activities"))
        framework = self.load("indicators", self.snapshot.table("indicators"))
        framework = framework.select(
            "indicator_id",
            framework_aor=framework.aor,
            framework_unit=framework.unit,
            aggregation=framework.aggregation,
            disjoint_set=framework.disjoint_set,
            mass_awareness=framework.mass_awareness,
        )
        rows = rows.left_join(framework, "indicator_id")

        def said(column: Any, other: Any) -> Any:
            return column.nullif("").fill_null(other)

        # A row counts persons when neither its indicator nor the row itself names another unit.
        persons = (said(rows.framework_unit, "PERS") == "PERS") & (said(rows.unit, "PERS") == "PERS")
        direct = said(rows.directness, "DIR") != "IND"
        mass = rows.mass_awareness.fill_null(False)
        unit = said(rows.cercle, said(rows.region, self.country))
        found = rows.select(
            "activity_id",
            "organisation_id",
            "report_month",
            aor=said(rows.aor, said(rows.framework_aor, UNSPECIFIED)),
            indicator_id=said(rows.indicator_id, UNSPECIFIED),
            region=rows.region.nullif(""),
            cercle=rows.cercle.nullif(""),
            unit=unit,
            spot=said(rows.commune, unit),
            people=persons & direct & ~mass,
            mass=persons & mass,
            aggregation=said(rows.aggregation, "sum"),
            disjoint_set=said(rows.disjoint_set, ""),
            dated=rows.start_date.notnull() & rows.end_date.notnull(),
            first_month=rows.start_date.cast("string").substr(0, 7),
            last_month=rows.end_date.cast("string").substr(0, 7),
            present=~said(rows.status, "COURS").isin(list(ABSENT)),
            under_way=~said(rows.status, "COURS").isin(["PLAN", "ANN", "SUSP"]),
        )
        found = found.filter(found.aor != OUTSIDE)
        # A cercle lies in one region: were rows to differ, its cells would split and be counted twice.
        region = found.region.max().over(ibis.window(group_by=found.cercle))
        return self.keep("acts", found.mutate(region=ibis.ifelse(found.cercle.isnull(), found.region, region)))

    @cached_property
    def acts_in(self) -> Any:
        """The activity rows once for each period they belong to: ``acts`` with period, kind and year."""
        return self.keep("acts_in", self.acts.inner_join(self.months, "report_month"))

    @cached_property
    def lines(self) -> Any:
        """The lines of all rows: activity_id, population_status, sex_age, reached, estimated."""
        return self.load("lines", lines(self.snapshot.table("activities")))

    @cached_property
    def exposed(self) -> Any:
        """The lines of mass awareness, in each period."""
        return self.acts_in.filter(self.acts_in.mass).inner_join(self.lines, "activity_id")

    @cached_property
    def new(self) -> Any:
        """The lines that count new persons, in each period.

        Of an indicator that does not add up over months (aggregation max, last or distinct), one month of each
        organisation, spot and group stands: the last, or the largest.
        """
        import ibis

        found = self.acts_in.filter(self.acts_in.people).inner_join(self.lines, "activity_id")
        flows = found.filter(~found.aggregation.isin(STOCKS))
        stocks = found.filter(found.aggregation.isin(STOCKS))
        same = ["period", "organisation_id", "aor", "indicator_id", "spot", "population_status"]
        months = stocks.group_by([*same, "aggregation", "report_month"]).agg(amount=stocks.reached.sum())
        order = [
            ibis.cases((months.aggregation == "last", months.report_month), else_="").desc(),
            months.amount.desc(),
            months.report_month.desc(),
        ]
        rank = ibis.row_number().over(ibis.window(group_by=[months[s] for s in same], order_by=order))
        chosen = months.mutate(rank=rank).filter(ibis._.rank == 0).select(*same, "report_month")
        stocks = stocks.semi_join(chosen, [*same, "report_month"])
        return self.keep("new_lines", flows.union(stocks))

    @cached_property
    def needs(self) -> Any:
        """year, level, place, aor, population_status, people_in_need, target (both with their totals)."""
        import pyarrow as pa

        values: dict[tuple[Any, ...], dict[str, int]] = {}
        for dataset, measure in (("people_in_need", "people_in_need"), ("targets", "target")):
            for cell in needs(self.snapshot.table(dataset).to_pylist(), measure, self.hierarchy):
                key = (cell.year, str(cell.level), cell.place, cell.aor, cell.population_status)
                values.setdefault(key, {})[measure] = cell.value
        names = ("year", "level", "place", "aor", "population_status")
        keys = list(zip(*values, strict=True)) or [()] * 5
        columns = {n: pa.array(k, pa.int64() if n == "year" else pa.string()) for n, k in zip(names, keys, strict=True)}
        for measure in ("people_in_need", "target"):
            columns[measure] = pa.array([v.get(measure) for v in values.values()], pa.int64())
        return self.load("needs", pa.table(columns))
