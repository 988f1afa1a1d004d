"""«Pourquoi le chiffre a changé»: the causes of a change add up to it."""

from __future__ import annotations

import pytest

from danbe.analyse.diff import CAUSES, compare, figure_changes
from tests.analyse.worlds import act, cell, indicator, world


@pytest.fixture(scope="module")
def before():
    return world(
        [
            act(1, "C1a", 30),
            act(2, "C1b", 40, organisation_id="o2"),
            act(3, "C2a", 50),
            act(4, "C3a", 10, organisation_id="old-name"),
        ],
        indicators=[indicator("I1"), indicator("I2")],
        people_in_need=[cell("C2", 45)],
        name="a",
    )


def changed(before, activities, **more):
    given = {"indicators": [indicator("I1"), indicator("I2")], "people_in_need": [cell("C2", 45)], "name": "b", **more}
    return world(activities, **given)


def the_reached(before, after):
    """The change of people reached in the country: (old, new, causes)."""
    (found,) = [
        c
        for c in figure_changes(before, after, ["need_target_reached"])
        if c.measure == "reached"
        and (c.dimensions["place"], c.dimensions["aor"], c.dimensions["population_status"]) == ("ML", "TOTAL", "TOTAL")
    ]
    return found.old, found.new, found.causes


def test_the_same_snapshot_has_no_change(before):
    assert compare(before, before) == []
    assert figure_changes(before, before, ["need_target_reached"]) == []


def test_every_cause_has_its_share(before):
    """C1a corrected 30 → 35, C1b withdrawn (−40), C2 may count 50 (+5), C3b added 8, one organisation merged."""
    after = changed(
        before,
        [
            act(3, "C2a", 50),
            act(4, "C3a", 10, organisation_id="o3"),
            act(5, "C1a", 35),
            act(6, "C3b", 8, organisation_id="o3", report_month="2025-02"),
        ],
        people_in_need=[cell("C2", 60)],
    )
    causes = [(c.cause, c.key) for c in compare(before, after)]
    assert causes == [
        ("organisation_merged", "4"),
        ("need_or_target_changed", "2025/CP/C2/PDI"),
        ("withdrawn", "2"),
        ("corrected", "1 → 5"),
        ("added", "6"),
    ]
    (corrected,) = [c for c in compare(before, after) if c.cause == "corrected"]
    assert (corrected.before, corrected.after) == (
        {"activity_id": "1", "reached": 30},
        {"activity_id": "5", "reached": 35},
    )

    old, new, why = the_reached(before, after)
    assert (old, new) == (125, 103)
    assert why == {"need_or_target_changed": 5, "withdrawn": -40, "corrected": 5, "added": 8}
    for change in figure_changes(before, after, ["need_target_reached", "key_figures"]):
        assert sum(change.causes.values()) == pytest.approx((change.new or 0) - (change.old or 0)), change
        assert set(change.causes) <= set(CAUSES)


def test_a_rule_that_changed_is_a_cause(before):
    rows = [act(1, "C1a", 30), act(2, "C1a", 20, indicator_id="I2")]
    old = world(rows, indicators=[indicator("I1", disjoint_set="x"), indicator("I2", disjoint_set="x")])
    new = world(rows, indicators=[indicator("I1", disjoint_set="x"), indicator("I2", disjoint_set="y")])
    assert the_reached(old, new) == (30, 50, {"rule_changed": 20})


def test_a_figure_published_by_another_formula_says_so(before):
    from danbe.analyse.compute import figure_tables

    published = figure_tables(before, ["need_target_reached"])
    table = published["need_target_reached"]
    index = table.schema.get_field_index("reached")
    import pyarrow.compute as pc

    published["need_target_reached"] = table.set_column(index, table.schema.field(index), pc.add(table["reached"], 1))
    changes = [c for c in figure_changes(before, before, ["need_target_reached"], published) if c.measure == "reached"]
    assert changes
    assert all(c.causes == {"formula_changed": -1} for c in changes)
