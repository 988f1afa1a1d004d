"""Movements are flows, rounds are stocks, and the two are never added."""

from __future__ import annotations

from datetime import date

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from danbe.reference.catalogue.figures import FIGURES
from tests.analyse.monitoring_worlds import Story


def test_only_confirmed_movements_count_and_imputed_people_are_shown_apart():
    story = Story()
    story.movement("2022-01", 100)
    story.movement("2022-01", 54, status="ENR", imputed=True)
    for status in ("ALERTE", "EVAL", "INF"):
        story.movement("2022-01", 1000, status=status)
    found = story.one("movement_flows", period="2022-01", category="TOTAL")
    assert (found["movements"], found["displaced"], found["imputed"]) == (2, 154, 54)


def test_net_is_arrivals_minus_returns_and_no_sum_of_stocks():
    story = Story()
    story.movement("2022-01", 300, "C1", "C3")
    story.movement("2022-02", 80, "C3", "C1", cause="RET")
    story.stock(date(2022, 1, 31), 10_000, "C3")
    story.stock(date(2022, 2, 28), 9_000, "C3")
    year = "2022-01/2022-02"
    there = story.one("movement_net", period=year, place="C3")
    assert (there["arrivals"], there["returns"], there["net"]) == (300, 80, 220)
    assert story.one("displacement_stock", period=year, population_status="TOTAL")["present"] == 9_000, "the last round"
    assert story.one("displacement_stock", period="2022-01", population_status="PDI")["present"] == 10_000
    flows = {r["category"] for r in story.table("movement_flows")}
    assert "RET" not in flows, "a return is no displacement"


def test_a_round_holds_until_the_next_one():
    story = Story()
    story.stock(date(2021, 12, 31), 350_110)
    for month in ("2022-01", "2022-02"):
        story.violations(month, PROP=1)
    held = {r["period"]: r["present"] for r in story.table("displacement_stock", place="ML", population_status="TOTAL")}
    assert held == {"2022-01": 350_110, "2022-02": 350_110, "2022-01/2022-02": 350_110}


def test_the_matrix_says_who_went_where():
    story = Story()
    story.movement("2022-01", 10, "C1", "C2")
    story.movement("2022-01", 20, "C1", "C3")
    story.movement("2022-01", 40, None, "C3")
    cercles = {
        (r["origin"], r["place"]): r["displaced"] for r in story.table("movement_matrix", period="2022-01", level="2")
    }
    assert cercles == {("C1", "C2"): 10, ("C1", "C3"): 20}
    regions = {
        (r["origin"], r["place"]): r["displaced"] for r in story.table("movement_matrix", period="2022-01", level="1")
    }
    assert regions == {("R1", "R1"): 10, ("R1", "R2"): 20}
    assert all(FIGURES["movement_matrix"][c].sensitivity for c in ("origin", "place", "displaced"))


def test_stocks_and_flows_have_no_table_in_common():
    for name, stock in (("movement_flows", False), ("movement_net", False), ("displacement_stock", True)):
        held = {c.name for c in FIGURES[name].columns}
        assert ("present" in held) == stock and ("displaced" in held or "arrivals" in held) != stock


moves = st.lists(
    st.tuples(
        st.sampled_from(["2022-01", "2022-02"]), st.integers(0, 500), st.sampled_from(["C1", "C2", "C3", None]),
        st.sampled_from(["C1", "C3", None]), st.sampled_from(["ATT", "COMM", "RET"]), st.sampled_from(["CONF", "ENR", "ALERTE", "INF"]),
    ),
    max_size=10,
)  # fmt: skip


@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
@given(moves)
def test_flows_close(moved):
    story = Story()
    for month, people, origin, to, cause, status in moved:
        story.movement(month, people, origin, to, cause=cause, status=status)
    counted = [m for m in moved if m[5] in ("CONF", "ENR")]
    away = [m for m in counted if m[4] != "RET"]
    whole = [r for r in story.table("movement_flows", place="ML") if "/" not in r["period"]]
    totals = [r for r in whole if r["category"] == "TOTAL"]
    assert sum(r["displaced"] for r in totals) == sum(m[1] for m in away)
    assert sum(r["movements"] for r in totals) == len(away) == sum(r["movements"] for r in whole) - len(away)
    net = [r for r in story.table("movement_net", place="ML") if "/" not in r["period"]]
    assert sum(r["net"] for r in net) == sum(m[1] for m in away) - sum(m[1] for m in counted if m[4] == "RET")
