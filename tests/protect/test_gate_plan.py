"""A release plan is data: what it must be, and how it says what is wrong with it."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from danbe.protect.plan import PUBLIC, Category, Grouping, Measure, Outside, Table
from danbe.protect.plan_check import plan_reasons
from danbe.protect.plan_file import parse
from danbe.protect.reasons import Refused


def faults(**changes) -> set[str]:
    reasons = list(plan_reasons(replace(PUBLIC, **changes)))
    for reason in reasons:
        assert reason.text("fr") != reason.text("en")
    return {r.rule for r in reasons}


def test_the_public_plan_has_no_fault():
    assert faults() == set()
    assert {t.name for t in PUBLIC.tables} >= {"need_target_reached", "monthly", "presence"}
    assert len(PUBLIC.signed_by) == 2


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"small": 1}, "plan.threshold"),
        ({"categories": (Category("aor", frozenset({"SCVBG"}), small=3),)}, "plan.threshold"),
        ({"minimum_contributors": 0}, "plan.threshold"),
        ({"categories": (Category("aor", frozenset({"NOWHERE"})),)}, "plan.unknown_code"),
        ({"categories": (Category("colour", frozenset({"red"})),)}, "plan.unknown_dimension"),
        ({"signed_by": ("COORD",)}, "plan.unsigned"),
        ({"signed_by": ("COORD", "COORD")}, "plan.unsigned"),
        ({"tables": (*PUBLIC.tables, PUBLIC.tables[0])}, "plan.repeated"),
        ({"tables": (Table("incident_rows", ("period",), ("value",)),)}, "plan.unknown_table"),
        ({"tables": (replace(PUBLIC.by_name["monthly"], levels=(0, 1, 2, 3)),)}, "plan.level"),
        ({"tables": (replace(PUBLIC.by_name["monthly"], grid=("sex_age",)),)}, "plan.unknown_dimension"),
        ({"measures": PUBLIC.measures[1:]}, "plan.unknown_measure"),
        ({"measures": (*PUBLIC.measures, Measure("x", adds_over=("weather",)))}, "plan.unknown_dimension"),
        ({"measures": (*PUBLIC.measures, Measure("x", adds_over=("aor",), largest_over=("aor",)))}, "plan.overlap"),
        ({"measures": (*PUBLIC.measures, Measure("x", at_most=("y",)), Measure("y", at_most=("x",)))}, "plan.cycle"),
        ({"groupings": (Grouping("place", "north", ("a", "a")),)}, "plan.overlap"),
        ({"groupings": (Grouping("place", "north", ("a",)), Grouping("place", "north", ("b",)))}, "plan.repeated"),
        ({"groupings": (Grouping("place", "north", ("zone",)), Grouping("place", "zone", ("north",)))}, "plan.cycle"),
        ({"groupings": (Grouping("weather", "wet", ("a",)),)}, "plan.unknown_dimension"),
        ({"outside": (Outside("steps", (("aor", "CP"),), 12),)}, "plan.unknown_measure"),
        ({"outside": (Outside("reached", (("aor", "CP"),), -1),)}, "plan.threshold"),
    ],
)
def test_a_faulty_plan_says_which_fault(changes, rule):
    assert rule in faults(**changes)


def test_the_strictest_threshold_that_applies_counts():
    assert PUBLIC.threshold("reached", {}) == 5
    assert PUBLIC.threshold("reached", {"aor": "SCVBG"}) == 10
    assert PUBLIC.threshold("organisations", {"aor": "SCVBG"}) == 1
    assert PUBLIC.threshold("reached", {}, replace(PUBLIC.by_name["monthly"], small=20)) == 20


def test_a_plan_is_read_from_json_as_from_toml():
    said = {"version": "v", "measures": {"reached": {"adds_over": ["place"]}}, "tables": [{"name": "monthly"}], "signed_by": ["COORD", "IM"]}  # fmt: skip
    plan = parse(json.dumps(said), "plan.json")
    assert plan.by_name["monthly"].measures == ("services_delivered", "reached", "organisations", "activities")
    assert plan.measure["reached"].adds_over == ("place",)


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("version = ", "plan.unreadable"),
        ("[[tables]]\nnam = 'monthly'", "plan.shape"),
        ("tables = 'monthly'", "plan.shape"),
        ("[thresholds]\nsmall = 'five'", "plan.shape"),
        ("[measures.reached]\nadds_over = 'place'", "plan.shape"),
        ("[[groupings]]\ndimension = 'place'", "plan.shape"),
    ],
)
def test_a_file_that_is_no_plan_says_where(text, rule):
    with pytest.raises(Refused) as refusal:
        parse(text)
    assert [r.rule for r in refusal.value.reasons] == [rule]
