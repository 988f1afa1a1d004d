"""Ranked needs and delays, against what a person works out by hand."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from danbe.curate.assessments.borda import Ranked, borda
from danbe.curate.assessments.delays import Share, closed_in_time, days, delays, hours, overdue, share


def test_borda_by_hand():
    """Four needs, so a first place is worth 4 points.

    | ballot              | SAN | EAU | ABR | NOU |
    | SAN, EAU, ABR, NOU  |  4  |  3  |  2  |  1  |
    | EAU, SAN            |  3  |  4  |  0  |  0  |
    | EAU, ABR, SAN       |  2  |  4  |  3  |  0  |
    | sum                 |  9  | 11  |  5  |  1  |
    """
    ballots = [["SAN", "EAU", "ABR", "NOU"], ["EAU", "SAN"], ["EAU", "ABR", "SAN"]]
    assert borda(ballots) == [Ranked("EAU", 11, 1), Ranked("SAN", 9, 2), Ranked("ABR", 5, 3), Ranked("NOU", 1, 4)]


def test_needs_of_equal_points_share_a_place():
    """A: 3 + 2 = 5, B: 2 + 3 = 5, C: 1 + 1 = 2: two firsts, and C is third."""
    assert borda([["A", "B", "C"], ["B", "A", "C"]]) == [Ranked("A", 5, 1), Ranked("B", 5, 1), Ranked("C", 2, 3)]
    assert borda([]) == []


def test_a_need_twice_in_a_ballot_is_refused():
    with pytest.raises(ValueError, match="twice"):
        borda([["A", "A"]])


@given(st.lists(st.permutations("ABCDE"), min_size=1, max_size=8))
def test_points_of_whole_ballots_add_up(ballots):
    """Each whole ballot of five gives 5 + 4 + 3 + 2 + 1 = 15 points, and the order of ballots changes nothing."""
    found = borda(ballots)
    assert sum(r.points for r in found) == 15 * len(ballots)
    assert borda(ballots[::-1]) == found


def test_delays_by_hand():
    """Alert on 27 February 2024; in the field on 1 March (28, 29, 1: three days, a leap year); report on 5 March (seven
    days after the alert, four after the field); closed on 27 March (29 days: two left of February, 27 of March)."""
    found = delays(date(2024, 2, 27), date(2024, 3, 1), date(2024, 3, 5), date(2024, 3, 27))
    assert (found.alert_to_field, found.field_to_report) == (3, 4)
    assert (found.alert_to_report, found.alert_to_closure) == (7, 29)
    assert (found.fielded_in_time, found.reported_in_time) == (True, True)
    assert hours(found.alert_to_field) == 72


def test_a_day_later_is_too_late_and_an_unknown_day_is_no_delay():
    late = delays(date(2024, 2, 27), date(2024, 3, 2), date(2024, 3, 6))
    assert (late.fielded_in_time, late.reported_in_time, late.alert_to_closure) == (False, False, None)
    unknown = delays(None, date(2024, 3, 2), None)
    assert (unknown.alert_to_field, unknown.fielded_in_time, unknown.reported_in_time) == (None, None, None)
    assert days(None, None) is None and hours(None) is None


def test_overdue_and_shares_by_hand():
    today = date(2024, 4, 10)
    assert overdue(date(2024, 4, 3), None, today) == 7
    assert overdue(date(2024, 4, 3), date(2024, 4, 5), today) == 2
    assert overdue(today, None, today) == 0
    assert share([True, False, None, True]) == Share(2, 3)
    assert share([]).rate is None
    # Done in time; done late; due and not done; not due yet (not counted); done before its deadline came.
    due = [
        (date(2024, 4, 3), date(2024, 4, 3)),
        (date(2024, 4, 3), date(2024, 4, 4)),
        (date(2024, 4, 3), None),
        (date(2024, 4, 10), None),
        (date(2024, 5, 1), date(2024, 4, 9)),
    ]
    assert closed_in_time(due, today) == Share(2, 4)
