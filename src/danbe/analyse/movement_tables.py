"""The figure tables of movements and of displaced people present, assembled from the declared indicators."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from danbe.analyse import movements
from danbe.analyse.monitoring_world import RETURN, rolled, with_totals

if TYPE_CHECKING:
    from danbe.analyse.monitoring_world import MonitoringWorld

MOVEMENT_MEASURES: dict[str, dict[str, str]] = {
    "movement_flows": {
        "movements": "movements",
        "households": "households_displaced",
        "displaced": "people_displaced",
        "imputed": "people_imputed",
    },
    "movement_net": {"arrivals": "arrivals", "returns": "returns", "net": "net_arrivals"},
    "movement_matrix": {"movements": "movements", "displaced": "people_displaced"},
    "displacement_stock": {"present": "displaced_present", "present_households": "displaced_households_present"},
}


class MovementTables:
    """Flows by place of origin, net by place, origin × destination, and the last round's stock."""

    world: MonitoringWorld

    @property
    def _away(self) -> Any:
        """The movements of displacement, in the periods shown."""
        moved = self.world.moved
        return moved.filter((moved.cause != RETURN) & (moved.kind != "compare"))

    @cached_property
    def movement_flows(self) -> Any:
        return rolled(
            self.world.country,
            with_totals(self._away.rename(category="cause"), "category"),
            ["period", "category"],
            "origin_region",
            "origin_cercle",
            movements=movements.movements,
            households=movements.households_displaced,
            displaced=movements.people_displaced,
            imputed=movements.people_imputed,
        )

    @cached_property
    def movement_net(self) -> Any:
        """Arrivals stand at the destination; returns at the place of displacement that was left."""
        moved = self.world.moved
        moved = moved.filter(moved.kind != "compare")
        come = moved.filter(moved.cause != RETURN)
        come = come.select("period", region=come.destination_region, cercle=come.destination_cercle, arrivals=come.individuals, returns=come.individuals * 0)  # fmt: skip
        gone = moved.filter(moved.cause == RETURN)
        gone = gone.select("period", region=gone.origin_region, cercle=gone.origin_cercle, arrivals=gone.individuals * 0, returns=gone.individuals)  # fmt: skip
        return rolled(
            self.world.country,
            come.union(gone),
            ["period"],
            arrivals=movements.arrivals,
            returns=movements.returns,
            net=movements.net_arrivals,
        )

    @cached_property
    def movement_matrix(self) -> Any:
        import ibis

        parts = []
        for level, name in (("1", "region"), ("2", "cercle")):
            ends = [f"origin_{name}", f"destination_{name}"]
            rows = self._away.filter(self._away[ends[0]].notnull() & self._away[ends[1]].notnull())
            found = rows.group_by(["period", *ends]).agg(
                movements=movements.movements(rows), displaced=movements.people_displaced(rows)
            )
            found = found.rename(origin=ends[0], place=ends[1]).mutate(level=ibis.literal(level))
            parts.append(found.select("period", "level", "origin", "place", "movements", "displaced"))
        return parts[0].union(parts[1])

    @cached_property
    def displacement_stock(self) -> Any:
        """Of each period the rounds up to its end, of each place and source the last one; no two are added.

        Where two sources counted the same place, the later round stands, and of the same day the larger source name.
        """
        import ibis

        stocks = self.world.of("stocks")
        months = self.world.months.filter(self.world.months.kind != "compare")
        ends = months.group_by("period").agg(last=months.report_month.max(), first=months.report_month.min())
        rows = stocks.cross_join(ends)
        rows = rows.filter(rows.month <= rows.last)
        # One round for the whole country holds in a period: the last that was counted by its end.
        newest = ibis.window(group_by=rows.period, order_by=[rows.counted_on.desc(), rows.source.desc()])
        rank = ibis.dense_rank().over(newest)
        held = rows.mutate(rank=rank)
        held = held.filter(held.rank == 0)
        return rolled(
            self.world.country,
            with_totals(held.select("period", "region", "cercle", "population_status", "individuals", "households"), "population_status"),
            ["period", "population_status"],
            present=movements.displaced_present,
            present_households=movements.displaced_households_present,
        )  # fmt: skip
