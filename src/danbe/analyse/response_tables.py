"""The figure tables of the 5W, assembled from the declared indicators. Columns are those of ``catalogue.figures``.

A cell without a row behind it is absent; a measure without a value is null («n.d.»), never 0.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, Any

from danbe.analyse import response
from danbe.analyse.response_completeness import calendar
from danbe.analyse.response_reach import Reach
from danbe.analyse.response_world import World
from danbe.reference.catalogue.derive import arrow_schema
from danbe.reference.catalogue.figures import FIGURES, TOTAL

if TYPE_CHECKING:
    import pyarrow as pa

# Which declared indicators a table shows, measure by measure. ``key_figures`` shows them by name; ``contributors``
# is for the disclosure gate and shows none.
MEASURES: dict[str, dict[str, str]] = {
    "presence": {"organisations": "operational_presence", "activities": "activities"},
    "presence_matrix": {"activities": "activities", "months_active": "months_active"},
    "need_target_reached": {
        "people_in_need": "people_in_need",
        "target": "target",
        "services_delivered": "services_delivered",
        "reached": "people_reached",
        "reached_lower": "people_reached_lower",
        "reached_upper": "people_reached_upper",
        "excess": "excess",
        "gap": "gap",
        "coverage": "coverage",
    },
    "reach_sex_age": {"services_delivered": "services_delivered", "reached": "people_reached"},
    "monthly": {
        "services_delivered": "services_delivered",
        "reached": "people_reached",
        "organisations": "operational_presence",
        "activities": "activities",
    },
    "by_indicator": {
        "services_delivered": "services_delivered",
        "reached": "people_reached",
        "organisations": "operational_presence",
    },
    "mass_awareness": {"people_exposed": "people_exposed"},
    "completeness": {
        "expected": "reports_expected",
        "received": "reports_received",
        "on_time": "reports_on_time",
        "nothing_to_report": "nothing_to_report",
        "rate": "reporting_rate",
    },
    "completeness_by_organisation": {
        "expected": "reports_expected",
        "received": "reports_received",
        "on_time": "reports_on_time",
    },
}
_PLACED = ["period", "level", "place", "aor"]


class Tables:
    """The figure tables of one world, as Ibis relations; ``arrow`` gives one as it is written."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.reach = Reach(world)

    def rolled(self, relation: Any, keys: list[str], **measures: Callable[[Any], Any]) -> Any:
        """``relation`` summed up at cercle, region and country. Rows of no known cercle count from their region up."""
        import ibis

        levels = (
            ("2", relation.filter(relation.cercle.notnull()), "cercle"),
            ("1", relation.filter(relation.region.notnull()), "region"),
            ("0", relation.mutate(country=ibis.literal(self.world.country)), "country"),
        )
        parts = []
        for level, inside, place in levels:
            grouped = inside.group_by([*keys, place]).agg(**measures).rename(place=place)
            parts.append(grouped.mutate(level=ibis.literal(level)).select(*keys, "level", "place", *measures))
        return ibis.union(*parts)

    def with_total(self, relation: Any) -> Any:
        """``relation`` with each row once for its area and once for TOTAL."""
        import ibis

        return relation.union(relation.mutate(aor=ibis.literal(TOTAL)))

    @cached_property
    def told(self) -> Any:
        """Presence wherever a row tells something: 0 where all that was told is cancelled or planned."""
        return self.world.keep(
            "presence",
            self.rolled(
                self.with_total(self.world.acts_in.filter(self.world.acts_in.kind != "compare")),
                ["period", "kind", "aor"],
                organisations=response.operational_presence,
                activities=response.activities,
            ),
        )

    @cached_property
    def presence(self) -> Any:
        return self.told.filter(self.told.activities > 0)

    @cached_property
    def presence_matrix(self) -> Any:
        acts = self.world.acts_in
        acts = self.with_total(acts.filter((acts.kind == "span") & acts.cercle.notnull() & acts.present))
        return acts.group_by(["period", "organisation_id", "cercle", "aor"]).agg(
            activities=response.activities(acts), months_active=response.months_active(acts)
        ).rename(place="cercle")  # fmt: skip

    @cached_property
    def reached(self) -> Any:
        """Reach of all periods and levels, without needs: what ``need_target_reached`` and ``monthly`` share."""
        found = self.rolled(
            self.reach.cells_and_totals,
            ["period", "kind", "year", "scope", "population_status"],
            services_delivered=response.services_delivered,
            reached=response.people_reached,
            reached_lower=response.people_reached_lower,
            reached_upper=response.people_reached_upper,
            excess=response.excess,
        )
        return self.world.keep("reached", found.rename(aor="scope"))

    @cached_property
    def need_target_reached(self) -> Any:
        import ibis

        keys = ["period", *_PLACED[1:], "population_status"]
        reached = self.reached.filter(self.reached.kind != "month").drop("kind", "year")
        needs = self.world.needs
        needs = needs.group_by(["year", *keys[1:]]).agg(
            people_in_need=response.people_in_need(needs), target=response.target(needs)
        )
        spans = self.world.months.filter(self.world.months.kind != "month").select("period", "year").distinct()
        needs = needs.inner_join(spans, "year").drop("year")
        found = reached.outer_join(needs, keys)
        columns = {k: ibis.coalesce(found[k], found[f"{k}_right"]) for k in keys}
        measures = (
            "services_delivered",
            "reached",
            "reached_lower",
            "reached_upper",
            "excess",
            "people_in_need",
            "target",
        )
        found = found.select(**columns, **{m: found[m].cast("int64") for m in measures})
        return self.world.keep(
            "need_target_reached", found.mutate(gap=response.gap(found), coverage=response.coverage(found))
        )

    @cached_property
    def reach_sex_age(self) -> Any:
        cells = self.reach.by_sex_age
        return self.rolled(
            cells.filter(cells.kind == "span"),
            ["period", "scope", "sex_age"],
            services_delivered=response.services_delivered,
            reached=response.people_reached,
        ).rename(aor="scope")

    @cached_property
    def monthly(self) -> Any:
        presence = self.told.filter(self.told.kind == "month")
        reached = self.reached
        reached = reached.filter((reached.kind == "month") & (reached.population_status == TOTAL))
        reached = reached.select(*_PLACED, "services_delivered", "reached")
        return presence.left_join(reached, _PLACED).select(
            *_PLACED, "services_delivered", "reached", "organisations", "activities"
        )

    @cached_property
    def by_indicator(self) -> Any:
        import ibis

        acts = self.world.acts_in
        acts = acts.filter(acts.kind == "span")
        presence = acts.group_by(["period", "indicator_id", "aor"]).agg(
            organisations=response.operational_presence(acts)
        )
        a = self.reach.amounts
        a = a.filter(a.kind == "span")
        cells = a.group_by(["period", "year", "aor", "indicator_id", "cercle", "unit", "population_status"]).agg(
            services=a.amount.sum().cast("int64")
        )
        caps = self.reach.caps.rename(cercle="place", aor="scope")
        cells = cells.left_join(caps, ["year", "aor", "cercle", "population_status"])
        cells = cells.mutate(capped=ibis.least(cells.services, ibis.coalesce(cells.cap, cells.services)))
        reached = cells.group_by(["period", "indicator_id", "aor"]).agg(
            services_delivered=response.services_delivered(cells), reached=response.people_reached(cells)
        )
        return presence.left_join(reached, ["period", "indicator_id", "aor"]).drop(
            "period_right", "indicator_id_right", "aor_right"
        )

    @cached_property
    def mass_awareness(self) -> Any:
        exposed = self.world.exposed
        exposed = self.with_total(exposed.filter(exposed.kind != "compare"))
        return self.rolled(exposed, ["period", "aor"], people_exposed=response.people_exposed)

    @cached_property
    def calendar(self) -> Any:
        return self.world.keep("calendar", calendar(self.world))

    @cached_property
    def completeness(self) -> Any:
        c = self.calendar
        found = c.group_by(period=c.report_month).agg(
            expected=response.reports_expected(c),
            received=response.reports_received(c),
            on_time=response.reports_on_time(c),
            nothing_to_report=response.nothing_to_report(c),
        )
        return found.mutate(rate=response.reporting_rate(found))

    @cached_property
    def completeness_by_organisation(self) -> Any:
        c = self.calendar
        found = c.group_by(c.organisation_id, period=c.report_month).agg(
            expected=response.reports_expected(c),
            received=response.reports_received(c),
            on_time=response.reports_on_time(c),
        )
        return found.filter(found.expected > 0)

    @cached_property
    def contributors(self) -> Any:
        from danbe.analyse.response_contributors import contributors

        return contributors(self)

    def arrow(self, name: str) -> pa.Table:
        """The table ``name`` with the catalogue's schema, rows in the order of their dimensions."""
        if name == "key_figures":
            from danbe.analyse.response_key import key_figures

            return key_figures(self)
        schema = arrow_schema(FIGURES[name])
        table = getattr(self, name)
        if name in ("need_target_reached",):
            wanted = [p.name for p in self.world.periods if p.kind == "span"]
            table = table.filter(table.period.isin(wanted or [""]))
        found = table.select(schema.names).to_pyarrow().cast(schema)
        return found.sort_by([(d, "ascending") for d in FIGURES[name].key])
