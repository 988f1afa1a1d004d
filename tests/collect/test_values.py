"""What a cell means, whatever way a partner typed it."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from danbe.collect.workbooks.values import Unreadable, to_date, to_decimal, to_integer, to_month, to_text
from danbe.reference.words import month_name, number


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        (68.0, 68),
        ("12 000", 12_000),
        ("12\u202f000", 12_000),
        ("12\u00a0000", 12_000),
        ("1,234", 1234),
        ("1.234.567", 1_234_567),
        ("45,0", 45),
        (" 7 ", 7),
        ("0", 0),
        ("", None),
        ("N/A", None),
        ("-", None),
        (None, None),
        (time(0, 0), None),
    ],
)
def test_counts(cell, value):
    assert to_integer(cell) == value


@pytest.mark.parametrize(
    ("cell", "rule"),
    [
        (-3.0, "negative"),
        ("-3", "negative"),
        (2.5, "decimal"),
        ("2,5", "decimal"),
        ("douze", "text"),
        ("12 personnes", "text"),
        ("=1+1", "text"),
        (True, "text"),
        (date(2025, 1, 1), "text"),
        (1e18, "range"),
        (float("nan"), "range"),
        ("1.234,567.8", "ambiguous"),
        ("12.34.567", "ambiguous"),
    ],
)
def test_counts_refused_say_why(cell, rule):
    with pytest.raises(Unreadable) as caught:
        to_integer(cell)
    assert caught.value.rule == rule


@pytest.mark.parametrize(
    ("cell", "value"),
    [("1 234,5", 1234.5), ("1,234.5", 1234.5), ("1.234,5", 1234.5), ("0,125", 0.125), ("-2,50", -2.5)],
)
def test_decimals_french_and_english(cell, value):
    assert to_decimal(cell) == value


@pytest.mark.parametrize(
    ("cell", "month"),
    [
        (datetime(2025, 3, 31, 12, 0), "2025-03"),  # noqa: DTZ001 (a cell knows no zone)
        (date(2025, 3, 1), "2025-03"),
        ("mars 2025", "2025-03"),
        ("Mars-25", "2025-03"),
        ("March-2025", "2025-03"),
        ("août 2024", "2024-08"),
        ("Déc. 2024", "2024-12"),
        ("03/2025", "2025-03"),
        ("2025-03", "2025-03"),
        ("2025-03-31 00:00:00", "2025-03"),
        ("31/03/2025", "2025-03"),
        (202503, "2025-03"),
        (202503.0, "2025-03"),
        ("202503", "2025-03"),
        (45_717.0, "2025-03"),
        ("mois de mars 2025", "2025-03"),
        (None, None),
        ("  ", None),
    ],
)
def test_months(cell, month):
    assert to_month(cell) == month


def test_a_month_alone_needs_the_year_of_the_report():
    assert to_month("      June", 2021) == "2021-06"
    assert to_month(6.0, 2021) == "2021-06"
    for cell in ("      June", 6.0):
        with pytest.raises(Unreadable) as caught:
            to_month(cell)
        assert caught.value.rule == "year"


@pytest.mark.parametrize(
    ("cell", "rule"), [("mars-avril 2025", "ambiguous"), ("13/2025", "range"), ("bientôt", "text"), (202513, "range")]
)
def test_months_refused_say_why(cell, rule):
    with pytest.raises(Unreadable) as caught:
        to_month(cell)
    assert caught.value.rule == rule


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("31/12/2024", date(2024, 12, 31)),
        ("12/31/2024", date(2024, 12, 31)),
        ("03/04/2025", date(2025, 4, 3)),
        ("2024-12-31", date(2024, 12, 31)),
        ("2024-12-31T00:00:00", date(2024, 12, 31)),
        ("31 décembre 2024", date(2024, 12, 31)),
        ("1-Jan-21", date(2021, 1, 1)),
        (45_657.0, date(2024, 12, 31)),
        (20241231, date(2024, 12, 31)),
        (time(0, 0), None),
        ("N/A", None),
    ],
)
def test_days(cell, day):
    assert to_date(cell) == day


@pytest.mark.parametrize(
    ("cell", "rule"), [("31/02/2024", "range"), ("TBC", "text"), ("12/2024", "ambiguous"), (-5, "range")]
)
def test_days_refused_say_why(cell, rule):
    with pytest.raises(Unreadable) as caught:
        to_date(cell)
    assert caught.value.rule == rule


def test_texts():
    assert [to_text(v) for v in (" A\u00a0 b\n", 12.0, None, "", date(2025, 1, 2))] == [
        "A b",
        "12",
        None,
        None,
        "2025-01-02",
    ]


@given(st.integers(0, 2_000_000_000), st.sampled_from(["fr", "en"]))
def test_a_count_written_for_people_reads_back(value, language):
    assert to_integer(number(value, language)) == value


@given(st.dates(date(1990, 1, 1), date(2100, 12, 31)), st.sampled_from(["fr", "en"]))
def test_a_month_written_for_people_reads_back(day, language):
    month = f"{day:%Y-%m}"
    assert to_month(month_name(month, language)) == month
    assert to_date(f"{day:%d/%m/%Y}") == day == to_date(day.isoformat())


ANYTHING = st.one_of(
    st.text(max_size=30),
    st.floats(),
    st.integers(),
    st.booleans(),
    st.dates(),
    st.datetimes(),
    st.times(),
    st.timedeltas(timedelta(-99), timedelta(99)),
    st.none(),
)


@given(ANYTHING)
def test_whatever_a_cell_holds_it_is_read_or_refused(cell):
    for reader in (to_integer, to_decimal, to_month, to_date, to_text):
        try:
            reader(cell)
        except Unreadable as error:
            assert error.rule in ("text", "decimal", "negative", "range", "ambiguous", "year")
