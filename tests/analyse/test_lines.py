"""Rows taken apart: whatever a row says, its lines add up to it, by group and by sex and age."""

from __future__ import annotations

import time
from collections import Counter

import numpy as np
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from danbe.analyse.lines import GROUP_COLUMNS, apportion, cross, lines
from danbe.reference.catalogue import ACTIVITIES
from danbe.reference.catalogue.derive import arrow_schema
from tests.analyse.worlds import act, world


def taken_apart(**row):
    """{(group, sex and age): persons} of one row."""
    found = lines(world([act(1, "C1a", **row)]).table("activities")).to_pylist()
    return {(line["population_status"], line["sex_age"]): line["reached"] for line in found}


def test_what_a_breakdown_leaves_unsaid_is_not_specified():
    assert taken_apart(reached=100, reached_f_0_17=30, reached_m=50, reached_m_18_59=45) == {
        ("PDI", "F_0_17"): 30,
        ("PDI", "M_18_59"): 45,
        ("PDI", "M_INC"): 5,
        ("PDI", "INC"): 20,
    }


def test_fine_ages_become_children():
    assert taken_apart(reached=30, reached_f_0_5=5, reached_f_6_11=10, reached_f_12_17=15) == {("PDI", "F_0_17"): 30}


def test_without_a_total_the_larger_breakdown_stands():
    assert sum(taken_apart(reached_f=30, reached_m=20, reached_hote=40).values()) == 50
    assert sum(taken_apart(reached_f=3, reached_hote=40, reached_pdi=2).values()) == 42


def test_groups_given_apart_are_crossed_with_ages_and_marked_as_estimated():
    table = lines(
        world([act(1, "C1a", 10, reached_pdi=6, reached_hote=3, reached_f_18_59=5, reached_m_18_59=5)]).table(
            "activities"
        )
    )
    groups, ages = Counter(), Counter()
    for line in table.to_pylist():
        groups[line["population_status"]] += line["reached"]
        ages[line["sex_age"]] += line["reached"]
        assert line["estimated"]
    assert groups == {"PDI": 6, "HOTE": 3, "INC": 1}
    assert ages == {"F_18_59": 5, "M_18_59": 5}


def test_one_group_is_not_an_estimate():
    table = lines(world([act(1, "C1a", 10, reached_pdi=10, reached_f=4)]).table("activities"))
    assert table["estimated"].to_pylist() == [False, False]


def test_a_report_of_zero_is_a_line_and_presence_only_is_none():
    assert taken_apart(reached=0) == {("PDI", "INC"): 0}
    assert taken_apart(reached_f=0) == {("PDI", "INC"): 0}
    assert taken_apart(reached=None) == {}


def test_parts_beyond_the_total_shrink_to_it():
    assert sum(taken_apart(reached=10, reached_f=8, reached_m=8).values()) == 10


counts = st.one_of(st.none(), st.integers(0, 60))
AGES = [c.name for c in ACTIVITIES.facets("reached") if c.facet[0][0] == "sex"]


@settings(max_examples=150, deadline=None)
@given(
    counts,
    st.dictionaries(st.sampled_from(AGES), counts),
    st.dictionaries(st.sampled_from(list(GROUP_COLUMNS)), counts),
)
def test_lines_always_add_up(total, ages, groups):
    row = act(1, "C1a", total, **ages, **groups)
    found = lines(world([row]).table("activities")).to_pylist()
    given_groups = {c: v for c, v in groups.items() if v is not None}
    if total is not None:
        assert sum(line["reached"] for line in found) == total
    assert all(line["reached"] > 0 for line in found) or len(found) == 1
    assert len({(line["population_status"], line["sex_age"]) for line in found}) == len(found)
    if total is not None and sum(given_groups.values()) <= total:
        for column, value in given_groups.items():
            code = GROUP_COLUMNS[column]
            if code != "INC":
                assert sum(line["reached"] for line in found if line["population_status"] == code) == value


margins = st.lists(st.integers(0, 500), min_size=9, max_size=9)


@settings(max_examples=200, deadline=None)
@given(margins, st.lists(st.integers(0, 100), min_size=5, max_size=5))
def test_both_margins_of_a_crossing_are_exact(ages, weights):
    columns = (
        apportion(np.array([sum(ages)]), np.array([weights])) if sum(weights) else np.array([[sum(ages), 0, 0, 0, 0]])
    )
    table = cross(np.array([ages]), columns)
    assert (table >= 0).all()
    assert table.sum(axis=2).tolist() == [ages]
    assert table.sum(axis=1).tolist() == columns.tolist()


def test_a_hundred_thousand_rows_take_seconds():
    n = 100_000
    numbers = np.random.default_rng(1)
    columns = {f.name: pa.nulls(n, f.type) for f in arrow_schema(ACTIVITIES)}
    columns["activity_id"] = pa.array([str(i) for i in range(n)])
    columns["reached"] = pa.array(numbers.integers(50, 200, n))
    for name in ("reached_f_0_17", "reached_m_18_59", "reached_pdi", "reached_hote"):
        columns[name] = pa.array(numbers.integers(0, 13, n))
    table = pa.table(columns, schema=arrow_schema(ACTIVITIES))
    start = time.process_time()
    found = lines(table)
    assert time.process_time() - start < 10
    assert sum(found["reached"].to_pylist()) == sum(table["reached"].to_pylist())
