"""People reached without double counting, and its bounds (field brief §1.4, «De-duplication»; docs/figures.md).

A(i, c, g) is the sum of new persons of indicator i in spot c (the commune, or the finest place known) and group g.
Per area: the largest A of overlapping indicators, the sum over declared disjoint sets of the largest in each; a blank
set overlaps with everything, so the area has max(largest blank, that sum). Across areas: the largest. Per cercle and
group the sum over spots is capped at people in need. Sex and age come from the winning rows.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

from danbe.analyse import response
from danbe.analyse.lines import SEX_AGE
from danbe.analyse.response_world import World
from danbe.reference.catalogue.figures import TOTAL

_UNIT = ["period", "kind", "year", "scope", "region", "cercle", "unit", "population_status"]
_SPOT = ["period", "kind", "year", "aor", "region", "cercle", "unit", "spot", "population_status"]


class Reach:
    """The relations of people reached. ``scope`` is an area of responsibility, or TOTAL across them."""

    def __init__(self, world: World) -> None:
        self.world = world

    @cached_property
    def amounts(self) -> Any:
        """A(i, c, g): ``amount`` per period, aor, spot, group and indicator."""
        new = self.world.new
        found = new.group_by([*_SPOT, "indicator_id", "disjoint_set"]).agg(amount=new.reached.sum().cast("int64"))
        return self.world.keep("amounts", found)

    @cached_property
    def kept(self) -> Any:
        """The winning A of each scope, spot and group: ``amount`` adds up to the people reached before the cap."""
        import ibis

        a = self.amounts
        spot = [a.period, a.aor, a.spot, a.population_status]
        first = ibis.row_number().over(
            ibis.window(group_by=[*spot, a.disjoint_set], order_by=[a.amount.desc(), a.indicator_id])
        )
        best = a.mutate(place_in_set=first).filter(ibis._.place_in_set == 0).drop("place_in_set")
        at = ibis.window(group_by=[best.period, best.aor, best.spot, best.population_status])
        blank = best.disjoint_set == ""
        best = best.mutate(
            overlapping=ibis.cases((blank, best.amount), else_=-1).max().over(at),
            disjoint=ibis.cases((~blank, best.amount), else_=0).sum().over(at).cast("int64"),
        )
        wins = ibis.ifelse(best.disjoint_set == "", best.overlapping >= best.disjoint, best.disjoint > best.overlapping)
        area = best.filter(wins)
        area = area.mutate(
            of_area=area.amount.sum().over(
                ibis.window(group_by=[area.period, area.aor, area.spot, area.population_status])
            )
        )
        rank = ibis.dense_rank().over(
            ibis.window(
                group_by=[area.period, area.spot, area.population_status],
                order_by=[area.of_area.desc(), area.aor],
            )
        )
        ranked = area.mutate(rank=rank)
        columns = [*_SPOT, "indicator_id", "disjoint_set", "amount"]
        own = ranked.select(*columns, scope=ranked.aor)
        overall = ranked.filter(ranked.rank == 0).select(*columns, scope=ibis.literal(TOTAL))
        return self.world.keep("kept", own.union(overall))

    @cached_property
    def caps(self) -> Any:
        """year, scope, cercle, group → ``cap``: people in need of the area, else of all areas; only where known."""
        import ibis

        n = self.world.needs
        n = n.filter((n.level == "2") & (n.population_status != TOTAL) & n.people_in_need.notnull())
        own = n.select("year", "place", "population_status", scope=n.aor, cap=n.people_in_need)
        overall = own.filter(own.scope == TOTAL)
        scopes = self.amounts.select(scope=self.amounts.aor).union(own.select("scope"), distinct=True).distinct()
        every = overall.drop("scope").rename(overall="cap").cross_join(scopes)
        found = every.left_join(own, ["year", "place", "population_status", "scope"])
        return found.select("year", "place", "population_status", "scope", cap=ibis.coalesce(found.cap, found.overall))

    @cached_property
    def cells(self) -> Any:
        """Per scope, cercle and group, in persons.

        services (ΣA), raw (reached before the cap), cap, capped (people reached), excess, lowest (the largest single
        A, capped). lowest ≤ capped ≤ services; see docs/figures.md for the proof.
        """
        import ibis

        a = self.amounts
        drop = ("aor",)
        scoped = a.mutate(scope=a.aor).drop(*drop).union(a.mutate(scope=ibis.literal(TOTAL)).drop(*drop))
        all_ = scoped.group_by(_UNIT).agg(
            services=scoped.amount.sum().cast("int64"), largest=scoped.amount.max().cast("int64")
        )
        won = self.kept.group_by(["period", "scope", "unit", "population_status"]).agg(
            raw=self.kept.amount.sum().cast("int64")
        )
        found = all_.inner_join(won, ["period", "scope", "unit", "population_status"])
        caps = self.caps.rename(cercle="place")
        found = found.left_join(caps, ["year", "scope", "cercle", "population_status"]).select(
            *_UNIT, "services", "largest", "raw", "cap"
        )
        found = found.mutate(capped=ibis.least(found.raw, ibis.coalesce(found.cap, found.raw)))
        # Without a known need nobody can say whether there is an excess.
        excess = ibis.ifelse(found.cap.isnull(), ibis.null("int64"), found.raw - found.capped)
        found = found.mutate(excess=excess, lowest=ibis.least(found.largest, found.capped))
        return self.world.keep("cells", found)

    @cached_property
    def cells_and_totals(self) -> Any:
        """The cells, and per cercle their total over groups (of which the lower bound is the largest group's)."""
        import ibis

        c = self.cells
        unit = [u for u in _UNIT if u != "population_status"]
        whole = c.group_by(unit).agg(
            services=response.services_delivered(c).cast("int64"),
            capped=response.people_reached(c).cast("int64"),
            excess=response.excess(c).cast("int64"),
            lowest=c.lowest.max(),
        )
        whole = whole.mutate(population_status=ibis.literal(TOTAL))
        names = [*_UNIT, "services", "capped", "excess", "lowest"]
        return c.select(names).union(whole.select(names))

    @cached_property
    def by_sex_age(self) -> Any:
        """Per scope, cercle, group and sex_age: ``services`` of all lines, ``won`` and ``capped`` of the winning ones.

        Where the cap bites, each sex and age gives way in proportion, in whole numbers (largest remainder), so that
        the cells add up to the capped total.
        """
        import ibis

        new = self.world.new
        keys = ["period", "aor", "spot", "population_status", "indicator_id"]
        lines = new.group_by([*_SPOT, "indicator_id", "sex_age"]).agg(amount=new.reached.sum().cast("int64"))
        own = lines.mutate(scope=lines.aor)
        overall = lines.mutate(scope=ibis.literal(TOTAL))
        columns = [*_UNIT, "sex_age"]
        every = own.select(*columns, "amount").union(overall.select(*columns, "amount"))
        services = every.group_by(columns).agg(services=every.amount.sum().cast("int64"))
        kept = self.kept.select(*keys, "scope")
        won = lines.inner_join(kept, keys)
        raw = won.group_by(["period", "scope", "unit", "population_status", "sex_age"]).agg(
            won=won.amount.sum().cast("int64")
        )
        found = services.left_join(raw, ["period", "scope", "unit", "population_status", "sex_age"])
        found = found.select(*columns, "services", won=found.won.fill_null(0))
        cells = self.cells.select("period", "scope", "unit", "population_status", "raw", "capped")
        found = found.inner_join(cells, ["period", "scope", "unit", "population_status"])
        product, divisor = found.won * found.capped, ibis.greatest(found.raw, 1)
        found = found.mutate(share=(product // divisor).cast("int64"), rest=(product % divisor).cast("int64"))
        position = found.sex_age.find_in_set(list(SEX_AGE))
        cell = [found.period, found.scope, found.unit, found.population_status]
        found = found.mutate(
            left=found.capped - found.share.sum().over(ibis.window(group_by=cell)),
            rank=ibis.row_number().over(ibis.window(group_by=cell, order_by=[found.rest.desc(), position])),
        )
        capped = found.share + ibis.ifelse(found.rank < found.left, 1, 0)
        return found.select(*columns, "services", "won", capped=capped.cast("int64"))
