"""What each organisation brought to each count of persons: for the disclosure gate, never for the public.

A cell that one organisation fills, or nearly fills, tells that organisation the rest. The gate can only see to it if it
knows who brought what; this table says so for every cell the public tables cut, and for no finer one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from danbe.reference.catalogue.figures import TOTAL

if TYPE_CHECKING:
    from danbe.analyse.response_tables import Tables

_KEYS = ("aor", "population_status", "sex_age", "indicator_id")
# The cuts of the public tables: by area alone, by population group, by sex and age, by indicator (country only).
_CUTS: tuple[tuple[str, ...], ...] = (
    ("aor",),
    ("aor", "population_status"),
    ("aor", "sex_age"),
    ("aor", "indicator_id"),
)


def contributors(tables: Tables) -> Any:
    """period, organisation_id, level, place, aor, population_status, sex_age, indicator_id, and three measures.

    ``services_delivered``: the organisation's own new beneficiaries in the cell. ``reached``: those of its rows that
    win in ``people_reached``, before the cap at people in need. ``people_exposed``: its mass awareness.
    """
    import ibis

    world, kept = tables.world, tables.reach.kept
    new = world.new.filter(world.new.kind != "compare")
    own = new.mutate(scope=new.aor).union(new.mutate(scope=ibis.literal(TOTAL)))
    spot = ["period", "aor", "spot", "population_status", "indicator_id", "scope"]
    won = own.semi_join(kept, spot)
    exposed = world.exposed.filter(world.exposed.kind != "compare")
    exposed = exposed.mutate(scope=exposed.aor).union(exposed.mutate(scope=ibis.literal(TOTAL)))
    parts = []
    for measure, lines, cuts in (
        ("services_delivered", own, _CUTS),
        ("reached", won, _CUTS),
        ("people_exposed", exposed, _CUTS[:1]),
    ):
        lines = lines.drop("aor").rename(aor="scope")
        for cut in cuts:
            cells = lines.mutate(**{k: ibis.literal(TOTAL) for k in _KEYS if k not in cut})
            if cut != ("aor",):
                # Months are published by area only.
                cells = cells.filter(cells.kind == "span")
            found = tables.rolled(
                cells, ["period", "organisation_id", *_KEYS], value=lambda t: t.reached.sum().cast("int64")
            )
            if "indicator_id" in cut:
                found = found.filter(found.level == "0")
            parts.append(found.mutate(measure=ibis.literal(measure)))
    every = ibis.union(*parts)
    keys = ["period", "organisation_id", "level", "place", *_KEYS]

    def of(measure: str) -> Any:
        return every.value.sum(where=every.measure == measure).cast("int64")

    return every.group_by(keys).agg(
        services_delivered=of("services_delivered"), reached=of("reached"), people_exposed=of("people_exposed")
    )
