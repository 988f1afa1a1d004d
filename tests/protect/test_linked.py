"""Every small count keeps a second table that fits everything a reader knows; brute force agrees."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from danbe.protect.linked import LinkedSystem, NotClosed, Unprotectable, build, suppress

TOTAL = "*"


def crossed(inner: dict[tuple[str, ...], int]):
    """Cells and sums of a table with all its margins. ``inner``: one code per dimension → count."""
    axes = [sorted({k[i] for k in inner}) for i in range(len(next(iter(inner))))]
    cells, sums = {}, []
    for key in product(*([*axis, TOTAL] for axis in axes)):
        cells[key] = sum(n for k, n in inner.items() if all(a in (b, TOTAL) for a, b in zip(key, k, strict=True)))
        for i, code in enumerate(key):
            if code == TOTAL:
                sums.append((key, [(*key[:i], part, *key[i + 1 :]) for part in axes[i]]))
    return cells, sums


def all_tables(system: LinkedSystem, hidden: np.ndarray, inner: list, most: int) -> np.ndarray:
    """Every table of inner counts up to ``most`` that a reader cannot tell from the true one (tables × cells)."""
    sums = np.array([[all(a in (b, TOTAL) for a, b in zip(key, k, strict=True)) for k in inner] for key in system.keys])
    counts = np.stack(np.meshgrid(*[np.arange(most + 1)] * len(inner), indexing="ij"), -1).reshape(-1, len(inner))
    tables = counts @ sums.T.astype(np.int64)
    fits = (tables[:, ~hidden] == system.values[~hidden]).all(axis=1)
    fits &= ((tables >= system.low) & (tables <= system.high))[:, hidden].all(axis=1)
    return tables[fits]


def test_a_lone_small_count_takes_a_rectangle_with_it():
    """The textbook case: one small cell in a 3 × 3 table needs three complements (Handbook on SDC, ch. 4)."""
    cells, sums = crossed({(r, c): 3 if (r, c) == ("a", "x") else 20 for r in "abc" for c in "xyz"})
    protection = suppress(build(cells, sums))
    assert protection.complements.sum() == 3
    assert protection.unproven() == []


def test_the_cheapest_complements_are_taken():
    inner = {("a", "x"): 3, ("a", "y"): 900, ("a", "z"): 8, ("b", "x"): 9, ("b", "y"): 800, ("b", "z"): 7}
    cells, sums = crossed(inner)
    system = build(cells, sums)
    protection = suppress(system)
    hidden = {system.keys[i] for i in np.flatnonzero(protection.complements)}
    assert hidden == {("a", "z"), ("b", "x"), ("b", "z")}


def test_a_small_count_alone_under_its_total_takes_the_total():
    cells = {"country": 40, "north": 3, "south": 37, "village": 3}
    sums = [("country", ["north", "south"]), ("north", ["village"])]
    system = build(cells, sums)
    protection = suppress(system)
    assert protection.unproven() == []
    assert protection.hidden[system.keys.index("south")]


def test_a_region_of_another_table_is_the_same_cell():
    """Two tables share a margin: what one hides, the other may not tell."""
    cells = {"R": 50, "m1": 2, "m2": 48, "f": 20, "m": 30}
    linked = suppress(build(cells, [("R", ["m1", "m2"]), ("R", ["f", "m"])]))
    assert linked.unproven() == []
    shown = {k for k, h in zip(linked.system.keys, linked.hidden, strict=True) if not h}
    assert "R" in shown and "m2" not in shown


def test_a_small_count_that_follows_from_nothing_hidden_is_named():
    with pytest.raises(Unprotectable, match="part"):
        # The band of a count under 2, where zeros are shown, holds nothing but 1.
        suppress(build({"all": 1, "part": 1}, [("all", ["part"])], threshold=2))


def test_parts_that_exceed_their_total_are_refused():
    with pytest.raises(NotClosed, match="exceed"):
        build({"all": 3, "a": 2, "b": 2}, [("all", ["a", "b"])])


def test_a_negative_count_is_refused():
    with pytest.raises(NotClosed, match="negative"):
        build({"all": -1}, [])


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 7), min_size=4, max_size=4), st.booleans())
def test_brute_force_finds_no_exact_small_count(counts, zeros_shown):
    inner = dict(zip(product("ab", "xy"), counts, strict=True))
    cells, sums = crossed(inner)
    system = build(cells, sums, threshold=3, zeros_shown=zeros_shown)
    everything = all_tables(
        system, np.ones(len(system), bool) & ((system.values > 0) | (not zeros_shown)), list(inner), 12
    )
    try:
        protection = suppress(system)
    except Unprotectable as error:
        # Even a reader shown nothing but the bands and the zeros would know these.
        for key in error.cells:
            assert len(set(everything[:, system.keys.index(key)])) == 1
        return
    assert protection.unproven() == []
    tables = all_tables(system, protection.hidden, list(inner), 12)
    assert (tables == system.values).all(axis=1).any()
    for j in np.flatnonzero(system.small):
        assert len(set(tables[:, j])) > 1, system.keys[j]


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(0, 30), min_size=24, max_size=24))
def test_three_ways_linked_are_proved(counts):
    inner = dict(zip(product("abc", "xy", "1234"), counts, strict=True))
    cells, sums = crossed(inner)
    system = build(cells, sums, zeros_shown=False)
    try:
        protection = suppress(system)
    except Unprotectable:
        return
    assert protection.unproven() == []
    assert (system.relations @ system.values == system.rest).all()
