"""People reached: small worlds worked out by hand, and random ones against the method written in plain Python."""

from __future__ import annotations

import random
from collections import defaultdict

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from danbe.analyse.compute import figure_tables
from tests.analyse.brute import SETS, dedup
from tests.analyse.worlds import COMMUNES, REGION_OF, act, cell, figures, indicator, one, world


def measures(row, *names):
    return tuple(row[n] for n in names)


def test_overlapping_indicators_count_the_largest():
    """C1a: I1 reached 30 + 10, I2 reached 25: the 25 may be among the 40."""
    w = world([act(1, "C1a", 30), act(2, "C1a", 10, report_month="2025-02"), act(3, "C1a", 25, indicator_id="I2")])
    row = one(w)
    assert measures(row, "services_delivered", "reached", "reached_lower", "reached_upper") == (65, 40, 40, 65)


def test_disjoint_sets_add_up_and_a_blank_one_overlaps_with_all():
    """Girls' clubs (x) and boys' clubs (y) share nobody: 30 + 20; two of x overlap; a blank of 45 loses to 50."""
    framework = [
        indicator("J1", disjoint_set="x"),
        indicator("J2", disjoint_set="x"),
        indicator("J3", disjoint_set="y"),
        indicator("I1"),
    ]
    rows = [
        act(1, "C1a", 30, indicator_id="J1"),
        act(2, "C1a", 25, indicator_id="J2"),
        act(3, "C1a", 20, indicator_id="J3"),
    ]
    assert one(world(rows, indicators=framework))["reached"] == 50
    assert one(world([*rows, act(4, "C1a", 45)], indicators=framework))["reached"] == 50
    assert one(world([*rows, act(4, "C1a", 55)], indicators=framework))["reached"] == 55


def test_across_areas_the_largest_and_across_places_the_sum():
    w = world([
        act(1, "C1a", 30), act(2, "C1a", 50, aor="SCVBG", indicator_id="I2"),
        act(3, "C1b", 10), act(4, "C3a", 7, aor="SCVBG", indicator_id="I2"),
    ])  # fmt: skip
    reached = {
        (r["place"], r["aor"]): r["reached"] for r in figures(w, "need_target_reached", population_status="TOTAL")
    }
    assert reached[("C1", "CP")] == 40
    assert reached[("C1", "SCVBG")] == 50
    assert reached[("C1", "TOTAL")] == 50 + 10, "the largest area of each commune"
    assert reached[("ML", "TOTAL")] == reached[("R1", "TOTAL")] + reached[("R2", "TOTAL")] == 67


def test_a_second_organisation_reporting_the_same_raises_services_not_the_other_indicators():
    before = [act(1, "C1a", 30), act(2, "C1a", 50, indicator_id="I2")]
    after = [*before, act(3, "C1a", 15, organisation_id="o2")]
    assert measures(one(world(before)), "services_delivered", "reached") == (80, 50)
    assert measures(one(world(after)), "services_delivered", "reached") == (95, 50)


def test_the_cap_shows_the_excess_and_sub_totals_still_close():
    """70 of 100 reached are in need: girls, women and the rest give way in proportion, in whole numbers."""
    w = world(
        [act(1, "C1a", 100, reached_f_0_17=33, reached_f_18_59=33)],
        people_in_need=[cell("C1", 70)],
        targets=[cell("C1", 140)],
    )
    row = one(w)
    assert measures(row, "people_in_need", "reached", "excess", "reached_lower", "gap", "coverage") == (
        70,
        70,
        30,
        70,
        70,
        0.5,
    )
    parts = {r["sex_age"]: r["reached"] for r in figures(w, "reach_sex_age", place="C1", aor="TOTAL")}
    assert parts == {"F_0_17": 23, "F_18_59": 23, "INC": 24}


def test_people_in_need_of_communes_add_up_then_cap_the_cercle():
    w = world([act(1, "C1a", 60), act(2, "C1b", 10)], people_in_need=[cell("C1a", 20), cell("C1b", 45)])
    assert measures(one(w, place="C1"), "people_in_need", "reached", "excess") == (65, 65, 5)


def test_areas_of_need_are_never_added():
    needs = [cell("C1", 70), cell("C1", 90, aor="SCVBG"), cell("C2", 40), cell("C1", 5, group="HOTE")]
    row = one(world([act(1, "C1a", 1)], people_in_need=needs, targets=needs))
    assert measures(row, "people_in_need", "target") == (90 + 40 + 5, 135)


def test_what_is_missing_is_null_never_zero():
    w = world([act(1, "C1a", 10), act(2, "C2a", 0), act(3, "C3a", None)], targets=[cell("C1", 40), cell("C3", 5)])
    reached = {r["place"]: r for r in figures(w, "need_target_reached", aor="TOTAL", population_status="TOTAL")}
    assert measures(reached["C1"], "people_in_need", "excess", "reached") == (None, None, 10)
    assert measures(reached["C2"], "reached", "services_delivered", "target", "coverage") == (0, 0, None, None)
    assert measures(reached["C3"], "reached", "gap", "coverage") == (None, None, None), "presence only: nobody knows"


def test_rows_that_are_not_new_persons_do_not_count():
    framework = [indicator("I1"), indicator("M", unit="MEN"), indicator("R", mass_awareness=True)]
    w = world(
        [
            act(1, "C1a", 10, recurrent=500),
            act(2, "C1a", 99, indicator_id="M"),
            act(3, "C1a", 98, unit="MEN"),
            act(4, "C1a", 7000, indicator_id="R"),
            act(5, "C1a", 97, aor="HORS"),
            act(6, "C1a", 96, directness="IND"),
        ],
        indicators=framework,
    )
    assert measures(one(w), "services_delivered", "reached") == (10, 10)
    assert one(w, "mass_awareness", place="ML", aor="TOTAL", period="2025-01/2025-01")["people_exposed"] == 7000
    assert one(w, "presence", place="ML", aor="TOTAL", period="2025-01")["activities"] == 5
    by = {
        r["indicator_id"]: (r["services_delivered"], r["organisations"]) for r in figures(w, "by_indicator", aor="CP")
    }
    assert by == {"I1": (10, 1), "M": (None, 1), "R": (None, 1)}


def test_an_area_or_indicator_left_blank_is_shown_as_not_specified():
    w = world([act(1, "C1a", 10, aor=None, indicator_id=None), act(2, "C1a", 4)])
    assert one(w, aor="INC")["reached"] == 10
    assert one(w)["reached"] == 10
    assert one(w, "by_indicator", indicator_id="INC")["services_delivered"] == 10


@pytest.mark.parametrize(("rule", "expected"), [("sum", 60), ("max", 30), ("last", 20)])
def test_indicators_that_do_not_add_up_over_months_keep_one_month_of_each_organisation(rule, expected):
    months = [act(i, "C1a", n, report_month=f"2025-0{i}") for i, n in ((1, 10), (2, 30), (3, 20))]
    assert one(world(months, indicators=[indicator("I1", aggregation=rule)]))["reached"] == expected


def test_places_without_a_known_cercle_count_from_their_region_up():
    w = world([act(1, "R1", 10), act(2, "ML", 5), act(3, "C1a", 2)], people_in_need=[cell("C1", 100)])
    rows = {r["place"]: r["reached"] for r in figures(w, "need_target_reached", aor="TOTAL", population_status="TOTAL")}
    assert rows == {"C1": 2, "R1": 12, "ML": 17}


def test_months_are_worked_out_on_their_own():
    w = world([act(1, "C1a", 30), act(2, "C1a", 40, indicator_id="I2", report_month="2025-02")])
    months = {r["period"]: r["reached"] for r in figures(w, "monthly", place="ML", aor="TOTAL")}
    assert months == {"2025-01": 30, "2025-02": 40}
    assert one(w)["reached"] == 40, "the year counts the largest indicator, not the sum of months"


AREAS, INDICATORS, GROUPS = ("CP", "SCVBG", "SCPE"), ("I1", "I2", "I3", *SETS), ("PDI", "HOTE", "INC")
PLACES = (*COMMUNES, *REGION_OF, "R1", "ML")
rows_ = st.lists(
    st.tuples(
        st.sampled_from(PLACES), st.integers(0, 400), st.sampled_from(AREAS), st.sampled_from(INDICATORS),
        st.sampled_from(GROUPS), st.sampled_from(("o1", "o2")), st.sampled_from(("2025-01", "2025-02")),
        st.tuples(*[st.integers(0, 4)] * 3),
    ),
    min_size=1, max_size=40,
)  # fmt: skip
needs_ = st.dictionaries(
    st.tuples(st.sampled_from(tuple(REGION_OF)), st.sampled_from(AREAS[:2]), st.sampled_from(GROUPS)),
    st.integers(0, 500),
    max_size=8,
)


def built(rows, needs):
    activities = []
    for n, (place, reached, area, code, group, organisation, month, (girls, boys, women)) in enumerate(rows):
        share = reached // 12
        more = {"reached_f_0_17": girls * share, "reached_m_0_17": boys * share, "reached_f_18_59": women * share}
        activities.append(
            act(n, place, reached, aor=area, indicator_id=code, population_status=group, organisation_id=organisation,
                report_month=month, **more)
        )  # fmt: skip
    framework = [indicator(i, disjoint_set=SETS.get(i)) for i in INDICATORS]
    cells = [cell(place, value, group, area) for (place, area, group), value in needs.items()]
    return world(activities, indicators=framework, people_in_need=cells, period=("2025-01", "2025-02")), activities


@settings(max_examples=10, deadline=None, phases=[Phase.generate])
@given(rows_, needs_)
def test_random_worlds_equal_the_method_in_plain_python(rows, needs):
    snapshot, activities = built(rows, needs)
    tables = figure_tables(snapshot, ["need_target_reached", "reach_sex_age"])
    need = tables["need_target_reached"].to_pylist()
    found = {(r["level"], r["place"], r["aor"], r["population_status"]): r for r in need}
    for area in (*AREAS, None):
        cells = dedup(activities, needs, area)
        expected = defaultdict(lambda: defaultdict(int))
        lowest = defaultdict(int)
        for (region, cercle, group), c in cells.items():
            for level, place in (("0", "ML"), ("1", region), ("2", cercle)):
                for g in (group, "TOTAL"):
                    for name in ("services", "reached", "raw"):
                        expected[(level, place, g)][name] += c[name] if place else 0
                expected[(level, place, group)]["lowest"] += c["lowest"]
        # The lower bound across groups: the largest group of each cercle.
        for region, cercle in {(r, k) for r, k, _ in cells}:
            largest = max(c["lowest"] for (r, k, _), c in cells.items() if (r, k) == (region, cercle))
            for level, place in (("0", "ML"), ("1", region), ("2", cercle)):
                lowest[(level, place, "TOTAL")] += largest
        for (level, place, group), c in expected.items():
            if place is None:
                continue
            row = found[(level, place, area or "TOTAL", group)]
            assert measures(row, "services_delivered", "reached") == (c["services"], c["reached"])
            assert row["reached_lower"] == (lowest[(level, place, group)] if group == "TOTAL" else c["lowest"])
            assert (row["excess"] or 0) == c["raw"] - c["reached"], "what the cap takes away is shown"
            assert row["reached_lower"] <= row["reached"] <= row["reached_upper"]

    sums = defaultdict(lambda: [0, 0])
    for r in tables["reach_sex_age"].to_pylist():
        cell_ = sums[(r["level"], r["place"], r["aor"])]
        cell_[0] += r["services_delivered"]
        cell_[1] += r["reached"]
    whole = {k[:3]: list(measures(r, "services_delivered", "reached")) for k, r in found.items() if k[3] == "TOTAL"}
    assert {k: v for k, v in whole.items() if v != [None, None]} == dict(sums), "sex and age close"


@settings(max_examples=3, deadline=None, phases=[Phase.generate])
@given(rows_, needs_, st.randoms())
def test_the_order_of_rows_does_not_matter(rows, needs, shuffled: random.Random):
    snapshot, activities = built(rows, needs)
    other = world(
        shuffled.sample(activities, len(activities)),
        indicators=snapshot.table("indicators").to_pylist(),
        people_in_need=snapshot.table("people_in_need").to_pylist(),
        period=("2025-01", "2025-02"),
    )
    names = ["need_target_reached", "reach_sex_age", "by_indicator", "key_figures"]
    assert figure_tables(snapshot, names) == figure_tables(other, names)


@settings(max_examples=4, deadline=None, phases=[Phase.generate])
@given(rows_, needs_)
def test_reporting_more_never_lowers_reach(rows, needs):
    snapshot, _ = built(rows, needs)
    more, _ = built([*rows, rows[0]], needs)
    assert one(more)["services_delivered"] == one(snapshot)["services_delivered"] + rows[0][1]
    assert one(more)["reached"] >= one(snapshot)["reached"]
