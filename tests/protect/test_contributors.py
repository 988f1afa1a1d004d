"""An organisation that subtracts its own records finds no small rest."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from danbe.protect.decide import decide
from danbe.protect.plan import PUBLIC, Plan
from danbe.protect.primary import CONTRIBUTOR, SMALL
from tests.publish.world import COUNTRY, places

from danbe.protect.book import Places  # isort: skip

SPOTS = {p["place_id"]: p for p in places()}
PLACES = Places({k: int(p["level"]) for k, p in SPOTS.items()}, {k: p["parent_id"] for k, p in SPOTS.items()})
MONTHLY = PUBLIC.by_name["monthly"]
PLAN = Plan("months", (MONTHLY,), PUBLIC.measures, categories=PUBLIC.categories, signed_by=PUBLIC.signed_by)
REGIONS = [k for k, p in SPOTS.items() if p["level"] == "1"][:3]
AORS = ("CP", "SCPE")


def table(shares: dict[tuple[str, str], dict[str, int]]) -> tuple[list[dict], dict]:
    """The rows of a month by region and area with their totals, and who brought what to each cell."""
    brought: dict[tuple[str, str], dict[str, int]] = {}
    for (region, aor), parts in shares.items():
        for place, a in product((region, COUNTRY), (aor, "TOTAL")):
            for organisation, n in parts.items():
                cell = brought.setdefault((place, a), {})
                cell[organisation] = cell.get(organisation, 0) + n
    rows = [{"period": "2025-01", "level": SPOTS[p]["level"], "place": p, "aor": a, "services_delivered": sum(by.values()),
             "reached": None, "organisations": 2, "activities": 5} for (p, a), by in brought.items()]  # fmt: skip
    return rows, {key_of(p, a): by for (p, a), by in brought.items()}


def key_of(place: str, aor: str) -> tuple:
    told = {"period": "2025-01", **({} if place == COUNTRY else {"place": place}), **({} if aor == "TOTAL" else {"aor": aor})}  # fmt: skip
    return "services_delivered", tuple(sorted(told.items()))


def made(shares: dict[tuple[str, str], dict[str, int]], plan: Plan = PLAN):
    rows, brought = table(shares)
    return decide([(MONTHLY, rows)], plan, PLACES, brought), brought


GRID = list(product(REGIONS, AORS))


def test_a_cell_that_one_organisation_nearly_fills_is_withheld():
    shares = {at: {"o1": 50, "o2": 50} for at in GRID}
    shares[GRID[0]] = {"o1": 97, "o2": 3}
    decision, _ = made(shares)
    assert decision.hidden[key_of(*GRID[0])] == CONTRIBUTOR
    assert decision.proof["unproven"] == 0 and decision.proof["organisations"] == 2


def test_gender_based_violence_from_a_single_provider_is_withheld():
    shares = {(r, a): {"o1": 50, "o2": 50} for r, a in product(REGIONS, ("CP", "SCVBG", "SCPE"))}
    shares[REGIONS[0], "SCVBG"] = {"o1": 80}
    decision, _ = made(shares)
    assert decision.hidden[key_of(REGIONS[0], "SCVBG")] == CONTRIBUTOR


def test_a_complement_that_is_the_organisations_own_protects_nothing():
    """The small count's neighbours are all of organisation o1, who knows them: something of others is hidden too."""
    shares = {at: {"o2": 100, "o3": 100} for at in GRID}
    shares[REGIONS[0], "CP"] = {"o2": 3}
    shares[REGIONS[0], "SCPE"] = {"o1": 20}
    shares[REGIONS[1], "CP"] = {"o1": 21}
    shares[REGIONS[1], "SCPE"] = {"o1": 22}
    decision, brought = made(shares)
    assert decision.hidden[key_of(REGIONS[0], "CP")] == SMALL
    assert not exact_to(decision, brought, key_of(REGIONS[0], "CP"), "o1")


def exact_to(decision, brought: dict, secret: tuple, organisation: str) -> bool:
    """Whether a reader with the organisation's records finds what others brought to ``secret``, trying every table."""
    inner = [key_of(*at) for at in GRID]
    true = np.array([decision.book.cells.get(k, 0) for k in inner])
    own = np.array([brought.get(k, {}).get(organisation, 0) for k in inner])
    free = [i for i, k in enumerate(inner) if k in decision.hidden]
    spread = range(-4, 5)
    found = set()
    for moves in product(spread, repeat=len(free)):
        other = true.copy()
        other[free] += np.array(moves, dtype=int)
        if (other < own).any():
            continue
        if fits(decision, dict(zip(inner, other, strict=True))):
            found.add(int(other[inner.index(secret)]))
    return len(found) == 1


def fits(decision, other: dict) -> bool:
    """Whether the published totals, and the band of each hidden small count, are those of the table ``other``."""
    for key, value in decision.book.cells.items():
        cell = dict(key[1])
        total = sum(n for (_, c), n in other.items() if cell.items() <= dict(c).items())
        if key not in decision.hidden and total != value:
            return False
        if decision.hidden.get(key) == SMALL and not 0 <= total < decision.book.limits[key]:
            return False
    return True


@settings(max_examples=12, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), min_size=4, max_size=4))
def test_no_organisation_finds_a_small_rest_in_a_random_table(parts):
    grid = list(product(REGIONS[:2], AORS))
    decision, brought = made({at: {o: n for o, n in zip(("o1", "o2"), part, strict=True) if n} or {"o1": 0} for at, part in zip(grid, parts, strict=True)})  # fmt: skip
    assert decision.proof["unproven"] == 0
    for key, by in brought.items():
        for organisation, own in by.items():
            rest = decision.book.cells.get(key, 0) - own
            if own and 0 < rest < PLAN.small and decision.coarsened == []:
                assert key in decision.hidden, (key, organisation, rest)


@pytest.mark.parametrize("minimum", [2, 3])
def test_a_plan_may_ask_for_more_contributors_everywhere(minimum):
    from dataclasses import replace

    plan = replace(PLAN, minimum_contributors=minimum, categories=())
    decision, _ = made({at: {"o1": 50, "o2": 50, "o3": 50} for at in GRID} | {GRID[0]: {"o1": 150}}, plan)
    assert decision.hidden[key_of(*GRID[0])] == CONTRIBUTOR
