"""Why people in need and targets are what they are: the year's cells, the largest area of each cercle and group."""

from __future__ import annotations

from collections import defaultdict

from danbe.analyse.explanation import Row, Step
from danbe.analyse.labels import Labels
from danbe.analyse.response_needs import needs
from danbe.analyse.response_world import World
from danbe.reference.catalogue.figures import TOTAL


def explain_need(world: World, measure: str, filters: dict[str, str], labels: Labels) -> tuple[list[Step], list[Row]]:
    """The rows of the year's table that make up a count of people in need or of targets, and the areas that lost."""
    dataset = "people_in_need" if measure == "people_in_need" else "targets"
    given = [
        r
        for r in world.snapshot.table(dataset).to_pylist()
        if r["year"] == world.periods[0].year and r[measure] is not None
    ]
    hierarchy = world.hierarchy
    values = {(c.place, c.aor, c.population_status): c.value for c in needs(given, measure, hierarchy)}
    inside: dict[str, set[str]] = defaultdict(set)
    for place, _, _ in values:
        if place != hierarchy.country:
            inside[hierarchy.above(place)].add(place)
    own = {(r["place"], r["aor"], r["population_status"]) for r in given if hierarchy.levels[r["place"]] <= 2}
    communes: dict[tuple[str, str, str], list[dict[str, object]]] = defaultdict(list)
    for r in given:
        at = r["place"] if hierarchy.levels[r["place"]] <= 2 else hierarchy.up(r["place"])
        if hierarchy.levels[r["place"]] <= 2 or (at, r["aor"], r["population_status"]) not in own:
            communes[(at, r["aor"], r["population_status"])].append(r)
    steps: list[Step] = []
    rows: list[Row] = []

    def area(place: str, aor: str, group: str) -> None:
        """Adds the rows behind one area's count: the unit's own, else those of the units within."""
        if (place, aor, group) not in communes:
            for child in sorted(inside[place]):
                area(child, aor, group)
            return
        value = 0
        for r in communes[(place, aor, group)]:
            count = int(str(r[measure]))
            value += count
            key = f"{dataset}/{r['year']}/{aor}/{r['place']}/{group}"
            shown = (labels.place(str(r["place"])), labels.code("aor", aor), labels.code("population_status", group))
            rows.append(Row(key, "", str(r["year"]), *shown, count, count))
        steps.append(step(place, aor, group, value, True))

    def step(place: str, aor: str, group: str, value: int, kept: bool) -> Step:
        text = labels.say(
            "%(place)s, %(group)s, %(aor)s : %(value)s (%(reason)s)",
            place=labels.place(place),
            group=labels.code("population_status", group),
            aor=labels.code("aor", aor),
            value=labels.number(value),
            reason=labels.say("retenu") if kept else labels.say("non retenu, un autre domaine est plus grand"),
        )
        return Step("value", text, value, value if kept else 0, kept, place, group, aor)

    def overall(place: str, group: str) -> None:
        """Adds what the total across areas is made of: the units within, or the unit's largest area."""
        value = values.get((place, TOTAL, group))
        if value is None:
            return
        areas = sorted(a for p, a, g in values if (p, g) == (place, group) and a != TOTAL)
        largest = next((a for a in areas if values[(place, a, group)] == value), None)
        below = sorted(c for c in inside[place] if (c, TOTAL, group) in values)
        # A need of 0 is a figure too: a unit with nothing below stands for itself.
        if largest is None or (below and sum(values[(c, TOTAL, group)] for c in below) == value):
            for child in below:
                overall(child, group)
            return
        area(place, largest, group)
        steps.extend(step(place, a, group, values[(place, a, group)], False) for a in areas if a != largest)

    place, aor, group = filters["place"], filters["aor"], filters["population_status"]
    groups = sorted({g for p, _, g in values if p == place and g != TOTAL}) if group == TOTAL else [group]
    for g in groups:
        if aor == TOTAL:
            overall(place, g)
        else:
            area(place, aor, g)
    return steps, rows
