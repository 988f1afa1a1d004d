"""Presence, completeness, key figures, periods, and the one formula of change."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

import pytest

from danbe.analyse.compute import figure_tables
from danbe.analyse.explain import explain
from danbe.analyse.indicator import INDICATORS
from danbe.analyse.periods import periods_of
from danbe.analyse.response_completeness import deadline
from danbe.reference.catalogue.derive import arrow_schema
from danbe.reference.catalogue.figures import FIGURES
from danbe.reference.change import change
from tests.analyse.worlds import act, cell, figures, one, world


def test_presence_counts_organisations_once_at_every_level():
    w = world([
        act(1, "C1a"), act(2, "C1b"), act(3, "C2a", organisation_id="o2"),
        act(4, "C1a", organisation_id="o2", aor="SCVBG", report_month="2025-02"),
    ])  # fmt: skip
    found = {(r["period"], r["place"], r["aor"]): (r["organisations"], r["activities"]) for r in figures(w, "presence")}
    assert found[("2025-01/2025-02", "C1", "TOTAL")] == (2, 3)
    assert found[("2025-01", "C1", "TOTAL")] == (1, 2)
    assert found[("2025-01/2025-02", "R1", "CP")] == (2, 3)
    assert ("2025-02", "C1", "CP") not in found, "nobody reported there: no row, not a zero"
    matrix = {
        (r["organisation_id"], r["place"], r["aor"]): (r["activities"], r["months_active"])
        for r in figures(w, "presence_matrix")
    }
    assert matrix[("o2", "C1", "SCVBG")] == (1, 1)
    assert matrix[("o2", "C2", "TOTAL")] == (1, 1)
    assert matrix[("o1", "C1", "TOTAL")] == (2, 1)


def test_a_cancelled_or_planned_activity_is_no_presence():
    """o2 cancelled, o3 only plans; o4 is suspended where it is, and o5 says nothing of its status."""
    w = world([
        act(1, "C1a", 10), act(2, "C1a", organisation_id="o2", status="ANN"),
        act(3, "C1a", organisation_id="o3", status="PLAN"), act(4, "C1b", organisation_id="o4", status="SUSP"),
        act(5, "C1b", organisation_id="o5"), act(6, "C2a", organisation_id="o2", status="ANN"),
        act(7, "C3a", 5, organisation_id="o2", status="ANN"),
    ])  # fmt: skip
    found = {r["place"]: (r["organisations"], r["activities"]) for r in figures(w, "presence", aor="TOTAL")}
    assert found == {"ML": (3, 3), "R1": (3, 3), "C1": (3, 3)}, "no row where all is cancelled"
    assert {r["organisation_id"] for r in figures(w, "presence_matrix")} == {"o1", "o4", "o5"}
    key = {r["indicator"]: r["value"] for r in figures(w, "key_figures", period="2025-01")}
    assert (key["operational_presence"], key["activities"], key["places_covered"]) == (3, 3, 1)
    # Persons served before the activity was cancelled were served.
    assert key["services_delivered"] == 15
    there = one(w, "monthly", place="C3", aor="TOTAL")
    assert (there["organisations"], there["services_delivered"]) == (0, 5)
    explained = explain(w, "presence", "organisations", {"period": "2025-01", "place": "C1", "aor": "TOTAL"})
    assert explained.value == 3 and len(explained.rows) == 3


def report(organisation, month, day, nil=False):
    return {"organisation_id": organisation, "report_month": month, "received_on": day, "nothing_to_report": nil}


def test_no_report_is_not_zero():
    """o1 has a project to April and misses March; o2 has no dates and misses February; o3 has nothing to report."""
    project = {"start_date": date(2025, 1, 10), "end_date": date(2025, 4, 20)}
    w = world(
        [
            *[act(m, "C1a", 1, report_month=f"2025-0{m}", **project) for m in (1, 2)],
            *[act(10 + m, "C1a", 1, report_month=f"2025-0{m}", organisation_id="o2") for m in (1, 3)],
            act(20, "C1a", 1, organisation_id="elsewhere", aor="HORS"),
        ],
        reports=[
            report("o1", "2025-01", date(2025, 2, 5)), report("o1", "2025-02", date(2025, 3, 6)),
            report("o2", "2025-01", date(2025, 2, 1)), report("o3", "2025-02", date(2025, 3, 1), True),
            report("elsewhere", "2025-01", date(2025, 2, 1)),
        ],
        period=("2025-01", "2025-04"),
    )  # fmt: skip
    found = {
        r["period"][-2:]: tuple(r[m] for m in ("expected", "received", "on_time", "nothing_to_report"))
        for r in figures(w, "completeness")
    }
    assert found == {
        "01": (3, 2, 2, 0),  # o3 reported in February without a project date: expected the month before
        "02": (3, 2, 1, 1),
        "03": (3, 1, 0, 0),  # o2 has rows, though nobody noted when they came in
        "04": (2, 0, 0, 0),  # o1 by its project, o2 after March
    }
    by = {(r["organisation_id"], r["period"]): r["received"] for r in figures(w, "completeness_by_organisation")}
    assert by[("o1", "2025-03")] == 0
    assert ("elsewhere", "2025-01") not in by
    rates = [r["value"] for r in figures(w, "key_figures", indicator="reporting_rate", period="2025-01/2025-04")]
    assert rates == [pytest.approx(5 / 11)], "recomputed from its terms, not averaged"


def test_a_report_is_on_time_until_five_days_after_the_month():
    assert deadline("2025-12") == date(2026, 1, 5)


def test_key_figures_bring_the_period_before():
    w = world(
        [act(1, "C1a", 40, report_month="2024-01"), act(2, "C1a", 60, report_month="2024-09"),
         act(3, "C1a", 70, report_month="2025-01"), act(4, "C2a", 5, report_month="2025-02")],
        targets=[cell("C1", 140)],
    )  # fmt: skip
    found = {(r["indicator"], r["period"]): (r["value"], r["previous_value"]) for r in figures(w, "key_figures")}
    assert found[("people_reached", "2025-01/2025-02")] == (75, 40), "the same months of the year before"
    assert found[("people_reached", "2025-02")] == (5, 70), "the month before"
    assert found[("people_reached", "2024-01/2024-12")] == (100, None)
    assert found[("coverage", "2025-01/2025-02")] == (75 / 140, None)
    assert ("people_in_need", "2025-01/2025-02") not in found
    assert not [r for r in figures(w, "need_target_reached") if r["period"] == "2024-01/2024-02"]


def test_periods():
    names = [(p.name, p.kind, p.previous) for p in periods_of("2024-11", "2025-02")]
    assert names == [
        ("2024-11", "month", ""),
        ("2024-12", "month", "2024-11"),
        ("2025-01", "month", "2024-12"),
        ("2025-02", "month", "2025-01"),
        ("2024-11/2024-12", "span", ""),
        ("2025-01/2025-02", "span", ""),
    ]
    assert periods_of("", "") == []


def test_change_has_one_formula_and_no_percentage_on_a_small_base():
    assert change(8312, 4004) == pytest.approx(1.076, abs=0.001), "published once as +70 %"
    assert change(672, 46) == pytest.approx(13.61, abs=0.01), "published once as +174 %"
    assert change(20, 29) is None
    assert change(None, 100) is None
    assert change(5, None) is None


def test_tables_are_those_of_the_catalogue():
    tables = figure_tables(world([act(1, "C1a", 5)]))
    assert list(tables) == list(FIGURES)
    for name, table in tables.items():
        assert table.schema.equals(arrow_schema(FIGURES[name])), name


def test_every_figure_is_declared_in_both_languages():
    from danbe.analyse.compute import indicators_of

    shown = {i for name in FIGURES for i in indicators_of(name)}
    assert shown == set(INDICATORS)
    for declared in INDICATORS.values():
        assert declared.fr and declared.en and declared.definition_fr and declared.definition_en and declared.formula
        assert (declared.denominator != "") == (declared.period_logic == "ratio")


@pytest.mark.real
def test_presence_on_the_real_mali_file_equals_plain_python(real_data):
    """22,805 rows of the Mali 5W of March 2022: organisations per cercle, by Danbe and by a dictionary of sets."""
    from python_calamine import CalamineWorkbook

    sheet = CalamineWorkbook.from_path(real_data / "workbooks" / "mli_5w_2022-03.xlsx").get_sheet_by_name("ML_5W")
    rows = [[str(v).strip() for v in row] for row in sheet.to_python()[2:]]
    by_hand = defaultdict(set)
    activities = []
    for number, (organisation, _, _, _, cercle, *_) in enumerate(rows):
        by_hand[cercle].add(organisation)
        activities.append(
            act(number, "ML", None, organisation_id=organisation, report_month="2022-03", aor=None, indicator_id=None,
                region="R1", cercle=cercle)
        )  # fmt: skip
    assert len(activities) == 22_805
    found = figures(world(activities), "presence", level="2", aor="TOTAL", period="2022-03")
    assert {r["place"]: r["organisations"] for r in found} == {c: len(o) for c, o in by_hand.items()}
    whole = one(world(activities), "presence", level="0", aor="TOTAL", period="2022-03")
    assert whole["organisations"] == len({r[0] for r in rows})
