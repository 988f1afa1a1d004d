"""A cube of areas: each small count keeps another cube of records; brute force over whole cubes agrees."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from danbe.protect.linked.cascade import cube_of, protect_cube, suppress_cube, system_of
from danbe.protect.linked.cube import TOTAL, Cube, Dimension, UnknownDimension
from danbe.protect.linked.quick import Intervals, first_complements
from danbe.protect.linked.suppression import Unprotectable

AREA = Dimension("area", {"region": np.array([0, 0, 0, 1, 1, 1]), "cercle": np.arange(6)})
MONTH = Dimension("month", {"quarter": np.array([0, 0, 0, 1, 1, 1]), "month": np.arange(6)})
KIND = Dimension("kind", {"kind": np.arange(3)})


def records(seed: int, n: int, dimensions) -> np.ndarray:
    random = np.random.default_rng(seed)
    return np.column_stack([random.choice(d.size, n, p=random.dirichlet(np.full(d.size, 1.5))) for d in dimensions])


def test_a_table_comes_with_its_margins_and_every_sum_closes():
    cube = Cube((AREA, MONTH, KIND), [("cercle", "month", "kind")])
    assert len(cube.tables) == 3 * 3 * 2
    leaves = records(1, 400, cube.dimensions)
    counts = cube.count(leaves)
    assert counts[cube.ids((TOTAL, TOTAL, TOTAL))].item() == 400
    assert not (cube.relations() @ counts).any()
    # A quarter is tied to its months, the year to its quarters: no sum is said twice.
    assert cube.relations().shape[0] == len({tuple(r.indices) for r in cube.relations()})


def test_groupings_that_do_not_nest_meet_in_the_total():
    zones = Dimension(
        "area", {"region": np.array([0, 0, 1, 1]), "zone": np.array([0, 1, 1, 0]), "cercle": np.arange(4)}
    )
    cube = Cube((zones, KIND), [("zone", "kind"), ("region", "kind"), ("cercle", TOTAL)])
    assert zones.above("zone") == [TOTAL] and set(zones.above("cercle")) == {"region", "zone", TOTAL}
    counts = cube.count(records(2, 90, cube.dimensions))
    assert not (cube.relations() @ counts).any()
    parents = {int(r.indices[r.data == 1][0]) for r in cube.relations()}
    assert set(cube.ids(("region", TOTAL)).ravel()) | set(cube.ids(("zone", TOTAL)).ravel()) <= parents


def test_an_unknown_level_is_named():
    with pytest.raises(UnknownDimension, match="no level 'village'"):
        Cube((AREA, KIND), [("village", "kind")])


@pytest.mark.parametrize("tables", [
    [("cercle", "month", "kind")],
    [("cercle", "month", TOTAL), ("cercle", TOTAL, "kind"), ("region", "month", "kind")],
])  # fmt: skip
def test_every_witness_is_a_cube_of_records(tables):
    """Cyclic plans too: tables that fit one another need not come from one cube; a witness must."""
    cube = cube_of((AREA, MONTH, KIND), tables)
    leaves = records(3, 900, cube.dimensions)
    counts = cube.count(leaves)
    protection = suppress_cube(cube, system_of(cube, counts))
    assert protection.unproven() == []
    inner = cube.ids(("cercle", *cube.finest[1:]))
    for j in np.flatnonzero(protection.system.small)[::7]:
        other = protection.witness(int(j))
        assert other[j] != counts[j] and (other >= 0).all()
        # Recounted from its records, nothing else: the same tables.
        at = np.argwhere(other[inner] > 0)
        leaf = np.column_stack([at[:, 0], at[:, 1], at[:, 2]])
        assert (cube.count(leaf, weights=other[inner][tuple(at.T)]) == other).all()
        assert (other[~protection.hidden] == counts[~protection.hidden]).all()


def test_workers_find_the_same_as_one():
    cube = cube_of((AREA, MONTH, KIND), [("cercle", "month", "kind")])
    system = system_of(cube, cube.count(records(4, 700, cube.dimensions)))
    alone, together = suppress_cube(cube, system), suppress_cube(cube, system, workers=2)
    assert alone.unproven() == together.unproven() == []


def test_where_zero_must_be_possible_the_witness_is_zero():
    cube = cube_of((AREA, KIND), [("cercle", "kind")])
    counts = cube.count(records(5, 120, cube.dimensions))
    zero = (counts > 0) & (counts < 5)
    protection = protect_cube(cube, system_of(cube, counts, reach_zero=zero))
    assert zero.any()
    assert all(protection.witness(int(j))[j] == 0 for j in np.flatnonzero(zero))


def test_intervals_are_those_of_the_textbook():
    """A lone hidden cell is its total minus the rest; two hidden ones share what is left, within their bands."""
    cube = cube_of((Dimension("x", {"x": np.arange(3)}),), [("x",)])
    system = system_of(cube, np.array([53, 3, 10, 40]))
    low, high = Intervals(system, system.relations).narrowed(np.array([False, True, False, False]))
    assert (low[1], high[1]) == (3, 3)
    low, high = Intervals(system, system.relations).narrowed(np.array([False, True, True, False]))
    assert (low[1], high[1]) == (0, 4) and (low[2], high[2]) == (9, 13)


SMALL = (
    Dimension("area", {"region": np.array([0, 0, 1]), "cercle": np.arange(3)}),
    Dimension("kind", {"kind": np.arange(2)}),
)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(0, 6), min_size=6, max_size=6))
def test_brute_force_over_whole_cubes_agrees(counts):
    """All cubes of up to 8 a cell that show the same: every small count takes at least two values among them."""
    cube = cube_of(SMALL, [("cercle", "kind")])
    leaves = np.array(list(product(range(3), range(2))))
    values = cube.count(leaves, weights=np.array(counts))
    system = system_of(cube, values, threshold=3)
    try:
        protection = suppress_cube(cube, system, hidden=first_complements(system))
    except Unprotectable:
        return
    assert protection.unproven() == []
    grid = np.stack(np.meshgrid(*[np.arange(9)] * 6, indexing="ij"), -1).reshape(-1, 6)
    member = np.zeros((6, len(cube)), np.int64)
    for i, row in enumerate(cube.cells_of(leaves)):
        member[i, row] = 1
    tables = grid @ member
    hidden = protection.hidden
    fits = (tables[:, ~hidden] == values[~hidden]).all(1)
    fits &= ((tables >= system.low) & (tables <= system.high))[:, hidden].all(1)
    for j in np.flatnonzero(system.small):
        assert len(np.unique(tables[fits, j])) > 1
