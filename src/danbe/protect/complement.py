"""Second cells withheld so that subtraction along one dimension does not give the first ones back.

A first, greedy form of complementary suppression (Handbook on Statistical Disclosure Control, ESSNet, ch. 4): each sum
with exactly one withheld part gets a second one. It does not look across tables or across several sums at once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from danbe.protect.plan import Table
from danbe.reference.catalogue.figures import TOTAL

Row = dict
Withheld = dict[int, dict[str, str]]
"""Row number → measure → reason."""

# Measures whose parts add up to their total. Reach is not among them (its total is a maximum): it is withheld in the
# same rows as services. Needs and targets are never added across areas of responsibility.
ADDITIVE: dict[str, tuple[str, ...]] = {
    "services_delivered": ("aor", "population_status", "sex_age", "place"),
    "people_exposed": ("aor", "place"),
    "people_in_need": ("population_status", "place"),
    "target": ("population_status", "place"),
}
# Dimensions without a total of their own, whose total stands in another table of the same release.
TOTAL_ELSEWHERE = {"reach_sex_age": ("sex_age",), "monthly": ("period",), "by_indicator": ("indicator_id",)}


@dataclass(frozen=True)
class Family:
    """A sum: the row of its total (``None`` where the total is shown in another table) and the rows of its parts."""

    total: int | None
    parts: tuple[int, ...]


def complete(
    table: Table,
    rows: list[Row],
    found: Withheld,
    parents: Mapping[str, str | None],
    hide: Callable[[Table, Row, dict[str, str], str], None],
) -> None:
    """Adds to ``found`` until no shown total has exactly one withheld part. ``hide`` withholds one cell of a row."""
    for measure in (m for m in ADDITIVE if m in table.measures):
        families = _families(table, rows, measure, parents)
        of: dict[int, list[Family]] = defaultdict(list)
        for family in families:
            for i in family.parts:
                of[i].append(family)

        def hidden(i: int, measure: str = measure) -> bool:
            return measure in found.get(i, {})

        queue = list(families)
        while queue:
            family = queue.pop()
            if family.total is not None and (rows[family.total][measure] is None or hidden(family.total)):
                continue
            gone = [i for i in family.parts if hidden(i)]
            if len(gone) != 1:
                continue
            mate = _mate(family, gone[0], rows, measure, of, hidden)
            if mate is None:
                continue
            hide(table, rows[mate], found.setdefault(mate, {}), measure)
            queue.extend(of[mate])
            # A total withheld is itself a part of other sums.
            queue.extend(f for f in families if f.total == mate)


def _mate(
    family: Family,
    gone: int,
    rows: list[Row],
    measure: str,
    of: Mapping[int, list[Family]],
    hidden: Callable[..., bool],
) -> int | None:
    """The cell to withhold beside ``gone``: where it helps most sums, then the smallest; a zero only for want of others."""
    shown = [i for i in family.parts if i != gone and rows[i][measure] is not None and not hidden(i)]
    if not shown:
        # Alone in its sum: only the total tells it. A place alone in its parent is the parent, which is public.
        return family.total if family.total is not None and not _is_place(family, rows) else None

    def cost(i: int) -> tuple:
        lonely = sum(1 for f in of[i] if sum(map(hidden, f.parts)) == 0)
        return (rows[i][measure] == 0, lonely, rows[i][measure], i)

    return min(shown, key=cost)


def _is_place(family: Family, rows: list[Row]) -> bool:
    return family.total is not None and rows[family.total].get("place") != rows[family.parts[0]].get("place")


def _families(table: Table, rows: list[Row], measure: str, parents: Mapping[str, str | None]) -> list[Family]:
    families = []
    elsewhere = TOTAL_ELSEWHERE.get(table.name, ())
    for dimension in (*ADDITIVE[measure], *elsewhere):
        if dimension not in table.dimensions or dimension == "place":
            continue
        groups: dict[tuple, list[int]] = defaultdict(list)
        others = [d for d in table.dimensions if d != dimension]
        for i, row in enumerate(rows):
            groups[tuple(row[d] for d in others)].append(i)
        for members in groups.values():
            total = next((i for i in members if rows[i][dimension] == TOTAL), None)
            parts = tuple(i for i in members if rows[i][dimension] != TOTAL)
            if parts and (total is not None or dimension in elsewhere):
                families.append(Family(total, parts))
    if "place" in table.dimensions and "place" in ADDITIVE[measure]:
        families += _place_families(table, rows, parents)
    return families


def _place_families(table: Table, rows: list[Row], parents: Mapping[str, str | None]) -> list[Family]:
    others = [d for d in table.dimensions if d not in ("place", "level")]
    at = {(*(row[d] for d in others), row["place"]): i for i, row in enumerate(rows)}
    parts: dict[int, list[int]] = defaultdict(list)
    for i, row in enumerate(rows):
        above = at.get((*(row[d] for d in others), parents.get(row["place"])))
        if above is not None:
            parts[above].append(i)
    return [Family(total, tuple(members)) for total, members in parts.items()]
