"""The relations the figures of monitoring, movements and AoR modules start from, in every period they belong to.

Counted are documented and corroborated incidents (DOC, TRI, and CLOS, which only such an incident becomes), by the month
of the event. Its periods are those of its own data: the 5W of a year may stand beside the monitoring of another.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from danbe.analyse.periods import Period, months_between, periods_of, shift
from danbe.analyse.response_world import World
from danbe.reference.catalogue import MONITORING
from danbe.reference.catalogue.figures import TOTAL
from danbe.reference.codelists import codelist
from danbe.reference.typology import MOVEMENT, SEXUAL_VIOLENCE, UNSPECIFIED

if TYPE_CHECKING:
    from danbe.analyse.snapshot import SnapshotReader

DOCUMENTED = ("DOC", "TRI", "CLOS")
ALERT = ("ALERTE", "ENCOURS")
DUPLICATE = "DBL"
CONFIRMED = ("CONF", "ENR")
RETURN = "RET"
_NOT_VIOLATIONS = (MOVEMENT, SEXUAL_VIOLENCE)
# A round of counting holds for the months after it, and opens no period by itself.
_MONTH_OF = {n: "month" if n == "aor_aggregates" else "event_month" for n in MONITORING if n != "stocks"}


def month_range(snapshot: SnapshotReader) -> tuple[str, str]:
    """The first and last month that monitoring, movements or a module speak of; two empty strings when none does."""
    import pyarrow.compute as pc

    found = [pc.min_max(snapshot.table(n)[m]).as_py() for n, m in _MONTH_OF.items() if len(snapshot.table(n))]
    known = [f for f in found if f["min"]]
    return min((f["min"] for f in known), default=""), max((f["max"] for f in known), default="")


class MonitoringWorld(World):
    """Monitoring, movements and modules of one snapshot, seen in the given periods (months and years by default)."""

    def __init__(self, snapshot: SnapshotReader, periods: list[Period] | None = None) -> None:
        self.range = month_range(snapshot)
        super().__init__(snapshot, periods_of(*self.range) if periods is None else periods)

    def of(self, dataset: str) -> Any:
        """A dataset of the snapshot as it stands."""
        return self.load(f"rows_{dataset}", self.snapshot.table(dataset))

    def in_periods(self, name: str, rows: Any, month: str = "event_month") -> Any:
        """``rows`` once for each period their month belongs to: with period and kind."""
        months = self.months.select("period", "kind", "report_month")
        return self.keep(name, rows.inner_join(months, rows[month] == months.report_month).drop("report_month"))

    @cached_property
    def received(self) -> Any:
        """The incidents received but duplicates, in each period: with documented, alert, and the two delays in days."""
        rows = self.of("incidents")
        rows = rows.filter(rows.verification != DUPLICATE)
        # A date known to the week or the month says nothing about days of delay.
        exact = rows.date_precision.fill_null("JOUR") == "JOUR"
        rows = rows.select(
            "event_month",
            "region",
            "cercle",
            "organisation_id",
            "monitor",
            "typology",
            documented=rows.verification.isin(DOCUMENTED),
            alert=rows.verification.isin(ALERT),
            report_days=exact.ifelse(rows.reported_on.delta(rows.event_date, unit="day"), None),
            validation_days=rows.validated_on.delta(rows.reported_on, unit="day"),
        )
        return self.in_periods("received", rows)

    def _counting(self, dataset: str) -> Any:
        """The rows of what is documented and is a violation: forced movements and sexual violence are counted apart."""
        rows = self.of(dataset)
        return rows.filter(rows.verification.isin(DOCUMENTED) & ~rows.category.isin(_NOT_VIOLATIONS))

    @cached_property
    def violations(self) -> Any:
        """The violations that count, in each period; ``category`` INC where an older typology does not tell it."""
        rows = self._counting("violations")
        rows = rows.select(
            "event_month",
            "region",
            "cercle",
            "organisation_id",
            "typology",
            category=known("violation_category", rows.category),
            risk=rows.risk.fill_null(UNSPECIFIED),
            perpetrator=rows.perpetrator.fill_null(UNSPECIFIED),
        )
        return self.in_periods("violations", rows)

    @cached_property
    def victims(self) -> Any:
        """The victim groups of violations that count, in each period."""
        rows = self._counting("victims")
        rows = rows.select(
            "event_month",
            "region",
            "cercle",
            "organisation_id",
            "victims",
            category=known("violation_category", rows.category),
            sex_age=known("sex_age", rows.sex_age),
            population_status=known("population_status", rows.population_status),
            killed=rows.killed.fill_null(0),
            injured=rows.injured.fill_null(0),
        )
        return self.in_periods("victims", rows)

    @cached_property
    def responses(self) -> Any:
        """The responses with consent of incidents not refuted, in each period."""
        rows = self.of("responses")
        rows = rows.filter(rows.consented.fill_null(False) & ~rows.verification.isin([DUPLICATE, "REJ"]))
        outcome = rows.outcome.fill_null("")
        rows = rows.select(
            "event_month",
            "region",
            "cercle",
            category=rows.need,
            accepted=outcome.isin(["ACC", "FAIT"]),
            completed=outcome == "FAIT",
            no_service=outcome == "SANS",
        )
        return self.in_periods("responses", rows)

    @cached_property
    def moved(self) -> Any:
        """The confirmed movements, in each period: with ``guessed``, the individuals worked out from households."""
        rows = self.of("movements")
        rows = rows.filter(rows.status.isin(CONFIRMED))
        people = rows.individuals.fill_null(0)
        rows = rows.select(
            "event_month",
            "cause",
            "origin_region",
            "origin_cercle",
            "destination_region",
            "destination_cercle",
            households=rows.households.fill_null(0),
            individuals=people,
            guessed=rows.imputed.fill_null(False).ifelse(people, 0),
        )
        return self.in_periods("moved", rows)

    @cached_property
    def comparisons(self) -> Any:
        """period, before ('' where nothing may be compared), kind_of: 'previous' or 'year'.

        No comparison leads across a change of typology: every violation of both periods must speak the same one.
        """
        import pyarrow as pa

        rows: list[tuple[str, str, str]] = []
        spoken = self._typologies
        covered = set(months_between(*self.range))
        names = {p.name for p in self.periods}
        for period in self.periods:
            year = tuple(shift(m, -12) for m in period.months)
            before = {"previous": period.previous, "year": year[0] if period.kind == "month" else _name(year)}
            for kind, name in before.items():
                months = year if kind == "year" or period.kind != "month" else (name,)
                comparable = len(spoken(period.months) | spoken(months)) == 1
                if name in names and set(months) <= covered and comparable:
                    rows.append((period.name, name, kind))
        columns: Sequence[Sequence[str]] = list(zip(*rows, strict=True)) or [(), (), ()]
        fields = ("period", "before", "kind_of")
        return self.load("comparisons", pa.table({n: pa.array(c, pa.string()) for n, c in zip(fields, columns, strict=True)}))  # fmt: skip

    @cached_property
    def _typologies(self) -> Callable[[Sequence[str]], set[str]]:
        table = self.snapshot.table("violations").select(["event_month", "typology"])
        by_month: dict[str, set[str]] = {}
        for row in table.group_by(["event_month", "typology"]).aggregate([]).to_pylist():
            by_month.setdefault(row["event_month"], set()).add(row["typology"])
        return lambda months: set().union(*(by_month.get(m, set()) for m in months))

    @cached_property
    def population(self) -> Any:
        """place, population: of the reference division; the sum of the regions where the country has none itself."""
        import pyarrow as pa

        places = self.snapshot.table("places").select(["place_id", "level", "population", "version"]).to_pylist()
        known_ = {p["place_id"]: p["population"] for p in places if p["population"]}
        version = self.snapshot.manifest.get("geography_version")
        regions = [p["population"] for p in places if str(p["level"]) == "1" and p["version"] == version]
        if self.country not in known_ and regions and all(regions):
            known_[self.country] = sum(regions)
        table = {"place": pa.array(list(known_), pa.string()), "population": pa.array(known_.values(), pa.int64())}
        return self.load("population", pa.table(table))


def _name(months: Sequence[str]) -> str:
    return f"{months[0]}/{months[-1]}"


def known(name: str, column: Any) -> Any:
    """``column``, INC where it is empty or no code of the list ``name``: so that totals close."""
    import ibis

    codes = [i.code for i in codelist(name).items]
    return ibis.ifelse(column.isin(codes), column, ibis.literal(UNSPECIFIED))


def rolled(
    country: str, relation: Any, keys: list[str], region: str = "region", cercle: str = "cercle", levels: str = "210",
    **measures: Callable[[Any], Any],
) -> Any:  # fmt: skip
    """``relation`` summed up at cercle, region and country. Rows of no known cercle count from their region up."""
    import ibis

    ways = {
        "2": (relation.filter(relation[cercle].notnull()), cercle),
        "1": (relation.filter(relation[region].notnull()), region),
        "0": (relation.mutate(whole_country=ibis.literal(country)), "whole_country"),
    }
    parts = []
    for level in levels:
        inside, place = ways[level]
        found = inside.group_by([*keys, place]).agg(**measures).rename(place=place)
        parts.append(found.mutate(level=ibis.literal(level)).select(*keys, "level", "place", *measures))
    return ibis.union(*parts) if len(parts) > 1 else parts[0]


def with_totals(relation: Any, *columns: str) -> Any:
    """``relation`` with each row once for its own code and once for TOTAL, in each of ``columns``."""
    import ibis

    for column in columns:
        relation = relation.union(relation.mutate(**{column: ibis.literal(TOTAL)}).select(*relation.columns))
    return relation
