"""Severity phases equal the worked examples; people add up; an override says why."""

from __future__ import annotations

from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from danbe.curate.severity.phases import (
    CriteriaRefused,
    Criterion,
    Override,
    changed,
    people_by_phase,
    people_in_need,
    severity,
)

# Violations per 100,000 inhabitants, displaced people as a share, services verified within 90 days (less is worse).
VIOLATIONS = Criterion("violations", (D(5), D(20), D(50), D(100)), weight=D(2), source="exemple")
DISPLACED = Criterion("displaced", (D("0.02"), D("0.05"), D("0.15"), D("0.30")), source="exemple")
SERVICES = Criterion("services", (D(8), D(5), D(2), D(0)), source="exemple")
CRITICAL = Criterion("killed", (D(1), D(5), D(10), D(50)), critical=True, source="exemple")


def test_a_value_on_a_threshold_has_reached_the_phase_it_opens():
    assert [VIOLATIONS.phase(D(v)) for v in (0, 4, 5, 20, 49, 50, 100)] == [1, 1, 2, 3, 3, 4, 5]
    assert [SERVICES.phase(D(v)) for v in (9, 8, 5, 3, 2, 1, 0)] == [1, 2, 3, 3, 4, 4, 5]


def test_the_phase_of_a_cercle_is_the_weighted_mean_of_its_indicators():
    # 60 violations: 4, twice; 0.05 displaced: 3; 9 services: 1. (2×4 + 3 + 1) / 4 = 3.
    found = severity([VIOLATIONS, DISPLACED, SERVICES], {"violations": D(60), "displaced": D("0.05"), "services": D(9)})
    assert found is not None and (found.phase, found.mean, found.raised_by) == (3, D(3), "")


def test_half_a_phase_is_rounded_to_the_worse():
    found = severity([DISPLACED, SERVICES], {"displaced": D("0.02"), "services": D(5)})
    assert found is not None and (found.mean, found.phase) == (D("2.5"), 3)


def test_a_critical_indicator_is_a_floor():
    found = severity([DISPLACED, CRITICAL], {"displaced": D(0), "killed": D(12)})
    assert found is not None and (found.mean, found.phase, found.raised_by) == (D("2.5"), 4, "killed")


def test_what_is_missing_counts_in_nothing_and_is_told():
    found = severity([VIOLATIONS, DISPLACED], {"violations": D(100), "displaced": None})
    assert found is not None and (found.phase, found.missing) == (5, ("displaced",))
    assert severity([VIOLATIONS], {}) is None
    with pytest.raises(CriteriaRefused, match="rumeurs"):
        severity([VIOLATIONS], {"rumeurs": D(1)})


def test_people_in_need_are_those_of_phases_3_to_5():
    # 1,001 people: 100.1, 400.4, 300.3, 150.15, 50.05 → the largest remainder, of phase 2, takes the last one.
    people = people_by_phase(1001, {1: D("0.1"), 2: D("0.4"), 3: D("0.3"), 4: D("0.15"), 5: D("0.05")})
    assert people == {1: 100, 2: 401, 3: 300, 4: 150, 5: 50}
    assert people_in_need(people) == 500


@given(st.integers(0, 10**7), st.lists(st.integers(0, 1000), min_size=5, max_size=5).filter(sum))
def test_people_per_phase_always_add_up_to_the_population(population, weights):
    shares = {p: D(w) / D(1000) for p, w in zip(range(1, 6), weights, strict=True)}
    shares[1] += 1 - sum(shares.values())
    if shares[1] < 0:
        with pytest.raises(CriteriaRefused):
            people_by_phase(population, shares)
    else:
        people = people_by_phase(population, shares)
        assert sum(people.values()) == population and min(people.values()) >= 0


@pytest.mark.parametrize("reason", ["", "   ", "vu"])
def test_an_override_without_a_reason_is_refused(reason):
    with pytest.raises(CriteriaRefused, match="reason"):
        Override(4, reason)
    assert Override(4, "Accès coupé depuis août, aucun moniteur.").phase == 4


@pytest.mark.parametrize("thresholds", [(1, 3, 2, 4), (1, 1, 2, 3)])
def test_thresholds_that_do_not_rise_or_fall_are_refused(thresholds):
    with pytest.raises(CriteriaRefused, match="thresholds"):
        Criterion("x", tuple(map(D, thresholds)), source="exemple")


def test_two_versions_are_compared_unit_by_unit():
    assert changed({"gao": 3, "kidal": 4}, {"gao": 4, "kidal": 4, "mopti": 2}) == {"gao": (3, 4), "mopti": (None, 2)}
