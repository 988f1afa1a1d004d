"""The figure tables of monitoring, assembled from the declared indicators. Columns are those of the catalogue.

A cell without a row behind it is absent; a measure without a value is null («n.d.»), never 0.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from danbe.analyse import monitoring, monitoring_referrals
from danbe.analyse.module_tables import MODULE_MEASURES, ModuleTables
from danbe.analyse.monitoring_world import MonitoringWorld, rolled, with_totals
from danbe.analyse.movement_tables import MOVEMENT_MEASURES, MovementTables
from danbe.reference.catalogue.derive import arrow_schema
from danbe.reference.catalogue.figures import FIGURES

if TYPE_CHECKING:
    import pyarrow as pa

# Which declared indicators a table shows, measure by measure.
MONITORING_MEASURES: dict[str, dict[str, str]] = {
    "monitoring_incidents": {
        "incidents": "incidents",
        "incidents_received": "incidents_received",
        "flash_alerts": "flash_alerts",
    },
    "monitoring_violations": {"violations": "violations"},
    "monitoring_victims": {"victims": "victims", "killed": "victims_killed", "injured": "victims_injured"},
    "monitoring_victims_status": {"victims": "victims"},
    "monitoring_risks": {"violations": "violations"},
    "monitoring_trend": {
        "violations": "violations",
        "previous_violations": "previous_violations",
        "change": "violations_change",
        "year_before_violations": "year_before_violations",
        "year_change": "violations_year_change",
        "active_monitors": "active_monitors",
        "violations_per_monitor": "violations_per_monitor",
        "incidence": "violation_incidence",
    },
    "monitoring_quality": {
        "incidents_received": "incidents_received",
        "incidents": "incidents",
        "documentation_rate": "documentation_rate",
        "report_delay": "report_delay",
        "validation_delay": "validation_delay",
    },
    "monitoring_referrals": {
        "needs": "referral_needs",
        "accepted": "referrals_accepted",
        "completed": "referrals_completed",
        "no_service": "needs_without_service",
        "acceptance_rate": "referral_acceptance",
        "completion_rate": "referral_completion",
        "no_service_share": "no_service_share",
    },
    "monitoring_perpetrators": {"violations": "violations"},
    "monitoring_contributors": {"violations": "violations", "victims": "victims"},
    **MOVEMENT_MEASURES,
    **MODULE_MEASURES,
}
_PLACED = ["period", "level", "place"]


class MonitoringTables(MovementTables, ModuleTables):
    """The figure tables of monitoring, movements and modules; ``arrow`` gives one as it is written."""

    def __init__(self, world: MonitoringWorld) -> None:
        self.world = world

    def _rolled(self, rows: Any, keys: list[str], **measures: Any) -> Any:
        return rolled(self.world.country, rows.filter(rows.kind != "compare"), keys, **measures)

    def _by(self, rows: Any, category: str, **measures: Any) -> Any:
        if category != "category":
            rows = rows.drop("category", *()) if "category" in rows.columns else rows
            rows = rows.rename(category=category)
        return self._rolled(with_totals(rows, "category"), ["period", "category"], **measures)

    @cached_property
    def monitoring_incidents(self) -> Any:
        return self._rolled(
            self.world.received,
            ["period"],
            incidents=monitoring.incidents,
            incidents_received=monitoring.incidents_received,
            flash_alerts=monitoring.flash_alerts,
        )

    @cached_property
    def monitoring_violations(self) -> Any:
        return self._by(self.world.violations, "category", violations=monitoring.violations)

    @cached_property
    def monitoring_risks(self) -> Any:
        return self._by(self.world.violations, "risk", violations=monitoring.violations)

    @cached_property
    def monitoring_perpetrators(self) -> Any:
        return self._by(self.world.violations, "perpetrator", violations=monitoring.violations)

    @cached_property
    def monitoring_victims(self) -> Any:
        rows = with_totals(self.world.victims, "category", "sex_age")
        return self._rolled(
            rows,
            ["period", "category", "sex_age"],
            victims=monitoring.victims,
            killed=monitoring.victims_killed,
            injured=monitoring.victims_injured,
        )

    @cached_property
    def monitoring_victims_status(self) -> Any:
        rows = with_totals(self.world.victims, "category", "population_status")
        return self._rolled(rows, ["period", "category", "population_status"], victims=monitoring.victims)

    @cached_property
    def monitoring_contributors(self) -> Any:
        keys = ["period", "organisation_id", "category"]
        rows = self.world.violations
        found = self._rolled(with_totals(rows, "category"), keys, violations=monitoring.violations)
        rows = self.world.victims
        people = self._rolled(with_totals(rows, "category"), keys, victims=monitoring.victims)
        return found.left_join(people, [*keys, "level", "place"]).select(
            *keys, "level", "place", "violations", "victims"
        )

    @cached_property
    def monitoring_trend(self) -> Any:
        """Raw and effort-adjusted side by side; a place with reports and no violation has 0, not nothing."""
        world = self.world
        counted = rolled(world.country, world.violations, ["period", "kind"], violations=monitoring.violations)
        counted = world.keep("trend_counts", counted)
        monitors = self._rolled(world.received, ["period"], active_monitors=monitoring.active_monitors)
        found = monitors.left_join(counted, _PLACED).select(*_PLACED, "active_monitors", "violations")
        found = found.mutate(violations=found.violations.fill_null(0))
        before = counted.select(before=counted.period, place=counted.place, earlier=counted.violations)
        for kind, name in (("previous", "previous_violations"), ("year", "year_before_violations")):
            pairs = world.comparisons.filter(world.comparisons.kind_of == kind).select("period", "before")
            found = found.left_join(pairs, "period").drop("period_right")
            found = found.left_join(before, ["before", "place"])
            value = found.before.notnull().ifelse(found.earlier.fill_null(0), None).cast("int64")
            kept = [c for c in found.columns if c not in ("before", "earlier") and not c.endswith("_right")]
            found = found.select(*kept, **{name: value})
        found = found.left_join(world.population, "place").drop("place_right")
        return found.select(
            *_PLACED,
            "violations",
            "active_monitors",
            previous_violations=monitoring.previous_violations(found),
            change=monitoring.violations_change(found),
            year_before_violations=monitoring.year_before_violations(found),
            year_change=monitoring.violations_year_change(found),
            violations_per_monitor=monitoring.violations_per_monitor(found),
            incidence=monitoring.violation_incidence(found),
        )

    @cached_property
    def monitoring_quality(self) -> Any:
        return self._rolled(
            self.world.received,
            ["period"],
            incidents_received=monitoring.incidents_received,
            incidents=monitoring.incidents,
            documentation_rate=monitoring.documentation_rate,
            report_delay=monitoring.report_delay,
            validation_delay=monitoring.validation_delay,
        )

    @cached_property
    def monitoring_referrals(self) -> Any:
        found = self._by(
            self.world.responses,
            "category",
            needs=monitoring_referrals.referral_needs,
            accepted=monitoring_referrals.referrals_accepted,
            completed=monitoring_referrals.referrals_completed,
            no_service=monitoring_referrals.needs_without_service,
        )
        return found.mutate(
            acceptance_rate=monitoring_referrals.referral_acceptance(found),
            completion_rate=monitoring_referrals.referral_completion(found),
            no_service_share=monitoring_referrals.no_service_share(found),
        )

    def arrow(self, name: str) -> pa.Table:
        """The table ``name`` with the catalogue's schema, rows in the order of their dimensions."""
        schema = arrow_schema(FIGURES[name])
        found = getattr(self, name).select(schema.names).to_pyarrow().cast(schema)
        return found.sort_by([(d, "ascending") for d in FIGURES[name].key])
