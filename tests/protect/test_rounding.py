"""A rounded cube holds no small count, adds up everywhere, stays near the truth, and never stands beside exact values."""

import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from danbe.protect.plan import Table
from danbe.protect.reasons import Refused
from danbe.protect.rounding import (
    MARKER,
    Axis,
    BadCube,
    Cube,
    every_margin,
    exact_cells_of_release,
    refuse_beside_exact,
    round_cube,
)
from danbe.protect.rounding.beside import refuse_beside_plan

AREA = Axis(
    ("cercle", "region"),
    {"region": {"Mopti": "MOP", "Douentza": "MOP", "Gao": "GAO", "Ansongo": "GAO", "Bourem": "GAO"}},
)
MONTH = Axis(("month", "quarter"), {"quarter": {f"2025-{m:02d}": f"2025-T{(m + 2) // 3}" for m in range(1, 13)}})
KIND = Axis(("type",))


def cube(counts, **more):
    return Cube("incidents", "incidents", (AREA, MONTH, KIND), counts, **more)


counts = st.dictionaries(
    st.tuples(
        st.sampled_from(["Mopti", "Douentza", "Gao", "Ansongo", "Bourem"]),
        st.sampled_from([f"2025-{m:02d}" for m in (1, 2, 3, 4, 7)]),
        st.sampled_from(["VIE", "PROP", "MVT", "VSLC"]),
    ),
    st.integers(0, 14),
    max_size=60,
)


def true_margin(cube, margin):
    out = {}
    for key, n in cube.counts.items():
        cell = cube.project(key, margin)
        out[cell] = out.get(cell, 0) + n
    return out


@given(counts, st.integers(2, 6))
@settings(max_examples=60, deadline=None)
def test_no_small_count_is_left_and_every_sum_holds(inner, base):
    rounded = round_cube(cube(inner), base)
    for key, n in inner.items():
        got = rounded.counts.get(key, 0)
        assert got in (0, base) if n < base else got == n
    for margin in every_margin((AREA, MONTH, KIND)):
        cells = rounded.margin(margin)
        assert all(n >= base for n in cells.values())
        assert sum(cells.values()) == sum(rounded.counts.values())
    regions = rounded.margin(("region",))
    for cercle, n in rounded.margin(("cercle",)).items():
        regions[AREA.parents["region"][cercle[0]],] -= n
    assert set(regions.values()) <= {0}


@given(counts)
@settings(max_examples=30, deadline=None)
def test_deviations_are_those_one_would_measure(inner):
    rounded = round_cube(cube(inner))
    largest = 0
    for margin in rounded.cube.margins:
        truth, shown = true_margin(rounded.cube, margin), rounded.margin(margin)
        sizes = [abs(shown.get(k, 0) - truth.get(k, 0)) for k in truth.keys() | shown.keys()]
        largest = max([largest, *sizes])
    assert rounded.deviations.largest == largest
    assert rounded.deviations.total == sum(rounded.counts.values()) - sum(inner.values())
    assert rounded.deviations.within(largest) == (1 if rounded.deviations.cells else 0)
    assert rounded.deviations.stated_bound(5) >= 4


def test_the_same_seed_gives_the_same_cells_in_whatever_order_they_come():
    inner = {
        (c, f"2025-{m:02d}", "VIE"): (i * m) % 7 for i, c in enumerate(AREA.parents["region"], 1) for m in range(1, 13)
    }
    again = dict(reversed(inner.items()))
    assert round_cube(cube(inner)).counts == round_cube(cube(again)).counts


def test_totals_hardly_move():
    """Sixty cells of 2 sum to 120: independent rounding would be off by tens."""
    inner = {(c, f"2025-{m:02d}", "PROP"): 2 for c in AREA.parents["region"] for m in range(1, 13)}
    rounded = round_cube(cube(inner))
    assert abs(rounded.deviations.total) <= 4
    assert rounded.deviations.largest <= 6


def test_sensitive_types_take_a_larger_base_and_may_hide_that_there_was_none():
    inner = {(c, f"2025-{m:02d}", t): 3 for c in AREA.parents["region"] for m in range(1, 13) for t in ("PROP", "VSLC")}
    del inner["Gao", "2025-05", "VSLC"], inner["Mopti", "2025-02", "VSLC"]
    rounded = round_cube(cube(inner), sensitive={"type": frozenset({"VSLC"})}, zero_share=0.1)
    assert {n for (_, _, kind), n in rounded.counts.items() if kind == "VSLC"} == {10}
    assert {n for (_, _, kind), n in rounded.counts.items() if kind == "PROP"} == {5}
    shown = [key for key in rounded.counts if key[2] == "VSLC"]
    assert any(not inner.get(key) for key in shown), "a sensitive count shown may be a true zero"


def test_what_cannot_occur_is_never_filled():
    inner = {("Gao", f"2025-{m:02d}", "VSLC"): 2 for m in range(1, 12)}
    empty = frozenset((c, f"2025-{m:02d}", "VSLC") for c in AREA.parents["region"] for m in range(1, 13)) - set(inner)
    rounded = round_cube(cube(inner, impossible=empty), sensitive={"type": frozenset({"VSLC"})})
    assert not set(rounded.counts) & empty


def test_a_table_says_that_it_is_rounded():
    table = round_cube(cube({("Gao", "2025-01", "VIE"): 9, ("Gao", "2025-02", "VIE"): 2})).table(("region", "quarter"))
    assert table.column_names == ["region", "quarter", "incidents", MARKER]
    assert table.to_pylist()[0] | {"incidents": 0} == {"region": "GAO", "quarter": "2025-T1", "incidents": 0, MARKER: 5}
    assert table.schema.metadata[b"rounded"] == b"5"


@pytest.mark.parametrize(
    "cell", [{"region": "GAO"}, {"cercle": "Gao", "type": "TOTAL"}, {}, {"quarter": "2025-T1", "type": "VIE"}]
)
def test_never_beside_exact_values_of_the_same_cells(cell):
    with pytest.raises(Refused) as error:
        refuse_beside_exact(cube({("Gao", "2025-01", "VIE"): 3}), [cell], "édition de mars")
    assert "édition de mars" in error.value.text("fr")
    assert "never both" in error.value.text("en") or "remove one" in error.value.text("en")


def test_other_cells_may_stand_beside_it():
    refuse_beside_exact(cube({("Gao", "2025-01", "VIE"): 3}), [{"aor": "CP"}, {"region": "KID"}], "édition de mars")


def test_a_plan_with_the_exact_table_is_refused():
    tables = [Table("by_type", ("type", "region"), ("incidents",)), Table("by_group", ("status",), ("incidents",))]
    with pytest.raises(Refused, match="by_type"):
        refuse_beside_plan(cube({("Gao", "2025-01", "VIE"): 3}), tables, "plan")
    refuse_beside_plan(cube({("Gao", "2025-01", "VIE"): 3}), tables[1:], "plan")


def test_the_exact_cells_of_a_release_are_found(tmp_path):
    (tmp_path / "tables").mkdir()
    rows = [
        {"level": "1", "place": "GAO", "type": "TOTAL", "incidents": 12},
        {"level": "2", "place": "Gao", "type": "VIE", "incidents": None},
    ]
    pq.write_table(pa.Table.from_pylist(rows), tmp_path / "tables" / "by_type.parquet")
    pq.write_table(
        pa.Table.from_pylist([{"type": "VIE", "incidents": 5, MARKER: 5}]), tmp_path / "tables" / "c.parquet"
    )
    facts = {"dimensions": ["level", "place", "type"], "measures": ["incidents"]}
    manifest = {"tables": {"by_type": facts, "c": {"dimensions": ["type"], "measures": ["incidents"]}}}
    (tmp_path / "manifest.json").write_text(json.dumps(manifest))
    cells = exact_cells_of_release(tmp_path, "incidents", {"place@1": "region", "place@2": "cercle"})
    assert cells == [{"level": "1", "region": "GAO", "type": "TOTAL"}]
    with pytest.raises(Refused):
        refuse_beside_exact(cube({("Gao", "2025-01", "VIE"): 3}), cells, "release")


@pytest.mark.parametrize(
    ("make", "word"),
    [
        (lambda: cube({("Gao", "2025-01", "VIE"): -1}), "whole count"),
        (lambda: cube({("Gao", "2025-01"): 1}), "2 codes for 3 axes"),
        (lambda: cube({("Gao", "2025-01", "VIE"): 1}, margins=(("commune",),)), "unknown level"),
        (lambda: cube({("Gao", "2025-01", "VIE"): 1}, margins=(("cercle", "region"),)), "two levels of one axis"),
        (lambda: round_cube(cube({("Ailleurs", "2025-01", "VIE"): 1})), "belongs to no region"),
        (lambda: round_cube(cube({("Gao", "2025-01", "VIE"): 1}), base=1), "at least 2"),
        (lambda: round_cube(cube({}), sensitive={"kind": frozenset()}), "unknown levels"),
        (lambda: Axis(("month", "year")), "no groups"),
    ],
)
def test_a_cube_that_does_not_hold_together_is_refused(make, word):
    with pytest.raises(BadCube, match=word):
        make()


def test_a_margin_not_declared_cannot_be_read():
    rounded = round_cube(cube({("Gao", "2025-01", "VIE"): 3}, margins=(("region",),)))
    with pytest.raises(BadCube, match="was not declared"):
        rounded.margin(("type",))
