"""All tables as one system: what a reader could work out from several of them together stays ambiguous."""

from __future__ import annotations

from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from danbe.protect.book import Places, filled
from danbe.protect.decide import decide
from danbe.protect.plan import PUBLIC, Grouping, Measure, Plan, Table
from danbe.protect.primary import COMPLEMENT, SENSITIVE, SMALL, TOGETHER, ZERO

PLACES = Places({"ML": 0, "N": 1, "S": 1, "n1": 2, "n2": 2, "s1": 2, "s2": 2}, {"ML": None, "N": "ML", "S": "ML", "n1": "N", "n2": "N", "s1": "S", "s2": "S"})  # fmt: skip
ABOVE = {"n1": ("n1", "N", "ML"), "n2": ("n2", "N", "ML"), "s1": ("s1", "S", "ML"), "s2": ("s2", "S", "ML")}
SPAN = "2025-01/2025-12"
STATUS = Table("need_target_reached", ("period", "level", "place", "aor", "population_status"), ("services_delivered", "reached"))  # fmt: skip
AGES = Table("reach_sex_age", ("period", "level", "place", "aor", "sex_age"), ("services_delivered",), grid=("sex_age",))  # fmt: skip


def plan(*tables: Table, **more) -> Plan:
    return Plan("test", tables, PUBLIC.measures, categories=PUBLIC.categories, signed_by=PUBLIC.signed_by, **more)


def rows(table: Table, counts: dict[tuple, int], code: str, reached: bool = True) -> list[dict]:
    """Rows of a table from (cercle, area, code) → services, with totals of places and areas, and of codes for STATUS."""
    found: dict[tuple, int] = {}
    totals = ("TOTAL",) if code == "population_status" else ()
    for (cercle, aor, value), n in counts.items():
        for place, a, c in product(ABOVE[cercle], (aor, "TOTAL"), (value, *totals)):
            found[place, a, c] = found.get((place, a, c), 0) + n
    return [{"period": SPAN, "level": str(PLACES.levels[p]), "place": p, "aor": a, code: c, "services_delivered": n,
             **({"reached": n} if reached else {})} for (p, a, c), n in found.items()]  # fmt: skip


def key(measure: str, **cell: str) -> tuple:
    return measure, tuple(sorted({"period": SPAN, **cell}.items()))


def test_what_one_table_hides_no_other_tells():
    """Three women of 60 and over in one cercle: the same cercle by status, and its total, must not give them back."""
    by_age = {(c, "CP", a): 40 for c in ABOVE for a in ("F_60", "M_60", "F_18_59")} | {("n1", "CP", "F_60"): 3}
    by_status = {(c, "CP", s): 60 for c in ABOVE for s in ("PDI", "HOTE")} | {("n1", "CP", "PDI"): 23}
    both = plan(STATUS, AGES)
    decision = decide(
        [(STATUS, rows(STATUS, by_status, "population_status", False)), (AGES, rows(AGES, by_age, "sex_age"))],
        both.with_table(Table(STATUS.name, STATUS.dimensions, ("services_delivered",))), PLACES, {},
    )  # fmt: skip
    assert decision.hidden[key("services_delivered", place="n1", aor="CP", sex_age="F_60")] == SMALL
    assert decision.proof["unproven"] == 0
    complements = [k for k, reason in decision.hidden.items() if reason == COMPLEMENT]
    assert complements and all(decision.complement_of[k] for k in complements)


def test_reach_is_withheld_with_the_services_it_cannot_exceed():
    by_status = {(c, a, s): 50 for c in ABOVE for a in ("CP", "SCPE") for s in ("PDI", "HOTE")} | {("n1", "CP", "PDI"): 4}  # fmt: skip
    told = rows(STATUS, by_status, "population_status")
    decision = decide([(STATUS, told)], plan(STATUS), PLACES, {})
    for measure, cell in list(decision.hidden):
        if measure == "services_delivered":
            assert ("reached", cell) in decision.hidden


def test_nothing_is_hidden_for_company_alone():
    """The reach of a complement is shown, or is a complement itself with a witness: hidden without need it would follow
    from its sums, and a reader who works out one hidden figure doubts them all."""
    by_status = {(c, a, s): 50 for c in ABOVE for a in ("CP", "SCPE") for s in ("PDI", "HOTE")} | {("n1", "CP", "PDI"): 4}  # fmt: skip
    told = rows(STATUS, by_status, "population_status")
    decision = decide([(STATUS, told)], plan(STATUS), PLACES, {})
    assert decision.proof["unproven"] == 0
    assert TOGETHER not in decision.hidden.values()


def test_gender_based_violence_below_the_region_does_not_follow_from_the_total_of_all_areas():
    by_status = {(c, a, s): 50 for c in ABOVE for a in ("CP", "SCPE", "SCVBG") for s in ("PDI", "HOTE")}
    shares = {}
    decision = decide([(STATUS, rows(STATUS, by_status, "population_status", False))], plan(Table(STATUS.name, STATUS.dimensions, ("services_delivered",))), PLACES, shares)  # fmt: skip
    for cercle in ABOVE:
        assert decision.hidden[key("services_delivered", place=cercle, aor="SCVBG")] == SENSITIVE
        around = [key("services_delivered", place=cercle, **a) for a in ({}, {"aor": "CP"}, {"aor": "SCPE"})]
        assert any(k in decision.hidden for k in around)


def test_zones_that_overlap_regions_are_in_the_system():
    """A river zone of one cercle of each region, published beside the regions."""
    zones = (Grouping("place", "river", ("n1", "s1")),)
    places = Places({**PLACES.levels, "river": 1}, {**PLACES.parents, "river": None})
    counts = {(c, "CP", "PDI"): n for c, n in {"n1": 3, "n2": 40, "s1": 50, "s2": 60}.items()}
    only = Table(STATUS.name, STATUS.dimensions, ("services_delivered",))
    told = rows(only, counts, "population_status", False)
    told += [{**r, "place": "river", "level": "1", "services_delivered": 53} for r in told if r["place"] == "n1"]
    decision = decide([(only, told)], plan(only, groupings=zones), places, {})
    hidden = {dict(c).get("place") for m, c in decision.hidden if dict(c).get("aor") == "CP"}
    assert {"n1"} < hidden and {"s1", "river"} & hidden, "the zone would tell the cercle"


def test_a_zero_bears_the_symbol_unless_nothing_at_all_is_behind_it():
    by_age = {("n1", "CP", "F_60"): 40, ("n1", "CP", "M_60"): 30, ("n2", "CP", "F_60"): 50}
    told = filled(AGES, rows(AGES, by_age, "sex_age", False), PUBLIC)
    men = [r for r in told if r["place"] == "n2" and r["sex_age"] == "M_60"]
    assert [r["services_delivered"] for r in men] == [0, 0]
    assert not [r for r in told if r["place"] == "s1"]
    decision = decide([(AGES, told)], plan(AGES), PLACES, {})
    assert decision.hidden[key("services_delivered", place="n2", aor="CP", sex_age="M_60")] == ZERO


def test_a_largest_of_parts_does_not_tell_the_part_that_is_hidden():
    """People reached across areas are the largest of them: alone above what is shown, it is the hidden area's."""
    from danbe.protect.across import Linked
    from danbe.protect.book import read

    counts = {"TOTAL": 80, "CP": 30, "SCPE": 80}
    told = [{"period": SPAN, "level": "2", "place": "n1", "aor": a, "population_status": "TOTAL", "services_delivered": None, "reached": n} for a, n in counts.items()]  # fmt: skip
    book = read([(STATUS, told)], plan(STATUS), PLACES)
    linked = Linked(book, plan(STATUS), PLACES, {})
    hidden = linked.system.masked.copy()
    hidden[linked.place[key("reached", place="n1", aor="SCPE")]] = True
    assert linked.told_by_largest(hidden) == {key("reached", place="n1")}


COUNT = Table("monthly", ("period", "level", "place", "aor"), ("services_delivered",))
ONE = Plan("one", (COUNT,), (Measure("services_delivered", adds_over=("aor", "place")),), small=3, zeros_hidden=False, remainder=False)  # fmt: skip


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(0, 6), min_size=4, max_size=4))
def test_brute_force_agrees_that_no_small_count_is_exact(counts):
    """Every table of whole counts a reader cannot tell from the true one, by enumeration: each small count varies."""
    at = list(product(("n1", "n2"), ("CP", "SCPE")))
    cells: dict[tuple, int] = {}
    for (cercle, aor), n in zip(at, counts, strict=True):
        for place, a in product((cercle, "N"), (aor, "TOTAL")):
            cells[place, a] = cells.get((place, a), 0) + n
    told = [{"period": SPAN, "level": str(PLACES.levels[p]), "place": p, "aor": a, "services_delivered": n} for (p, a), n in cells.items()]  # fmt: skip
    decision = decide([(COUNT, told)], ONE, PLACES, {})
    if decision.coarsened:
        return
    seen: dict[tuple, set[int]] = {k: set() for k, reason in decision.hidden.items() if reason == SMALL}
    for other in product(range(12), repeat=4):
        world = dict(zip(at, other, strict=True))
        totals = {
            k: sum(n for (p, a), n in world.items() if {"n1": "N", "n2": "N"}[p] and k[0] in (p, "N") and k[1] in (a, "TOTAL"))
            for k in cells
        }  # fmt: skip
        if all(_fits(decision, _cell(k), totals[k], cells[k]) for k in cells):
            for k in cells:
                if _cell(k) in seen:
                    seen[_cell(k)].add(totals[k])
    assert all(len(values) > 1 for values in seen.values())


def _cell(at: tuple[str, str]) -> tuple:
    return key("services_delivered", place=at[0], **({} if at[1] == "TOTAL" else {"aor": at[1]}))


def _fits(decision, cell: tuple, other: int, true: int) -> bool:
    if cell not in decision.hidden:
        return other == true
    return 1 <= other < 3 if decision.hidden[cell] == SMALL else other >= min(true, 3)
