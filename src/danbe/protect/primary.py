"""Primary protection: which cells are too small, or too near to someone, to be shown; and why.

Thresholds: field brief §3 (IASC Operational Guidance on Data Responsibility, 2021, leaves them to each cluster);
contributors: Handbook on Statistical Disclosure Control (ESSNet), ch. 4.2, threshold and dominance rules.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from danbe.protect.book import Book, Key, Places, Row, cell_of
from danbe.protect.plan import Plan, Table

SMALL, SENSITIVE, CONTRIBUTOR, COMPLEMENT = "small_count", "sensitive_level", "contributor", "complement"
ZERO, HELD_BACK, INCREMENT, BEFORE = "hidden_zero", "held_back", "increment", "hidden_before"
TOGETHER = "together"
"""Counts the same people as a withheld cell, or is worked out from one."""

Shares = Mapping[Key, Mapping[str, int]]
"""Cell → organisation → what it brought."""

CONTRIBUTORS, MONITORING_CONTRIBUTORS = "contributors", "monitoring_contributors"
"""The restricted figure tables that say who brought what: of the 5W, and of monitoring."""


def shares_of(rows: Iterable[Row], table: Table, plan: Plan, places: Places) -> dict[Key, dict[str, int]]:
    """The contributions in the restricted table ``contributors``, by cell."""
    found: dict[Key, dict[str, int]] = defaultdict(dict)
    for row in rows:
        cell = tuple(pair for pair in cell_of(table, row, places) if pair[0] != "organisation_id")
        for name in table.measures:
            if row[name] is not None and name in plan.measure:
                found[name, cell][row["organisation_id"]] = int(row[name])
    return found


def primary(book: Book, plan: Plan, places: Places, shares: Shares) -> dict[Key, str]:
    """The cells that may not be shown for what they are themselves, with the reason."""
    found: dict[Key, str] = {}
    for key, value in book.cells.items():
        measure, k = plan.measure[key[0]], book.limits[key]
        if not measure.persons:
            continue
        category = plan.category(dict(key[1]))
        if category is not None and places.level(key[1]) > category.lowest_level:
            found[key] = SENSITIVE
        elif 0 < value < k:
            found[key] = SMALL
        elif value > 0 and not measure.estimate and _too_few(key, value, k, plan, shares):
            found[key] = CONTRIBUTOR
    return found


def _too_few(key: Key, value: int, k: int, plan: Plan, shares: Shares) -> bool:
    """Too few organisations behind a cell, or one of them could subtract its own and find a small rest."""
    brought = shares.get(key)
    category, measure = plan.category(dict(key[1])), plan.measure[key[0]]
    needed = max(
        plan.minimum_contributors, measure.minimum_contributors, category.minimum_contributors if category else 1
    )
    if brought is None and measure.contributed_by:
        behind = _behind(key, measure.contributed_by, shares)
        return sum(n > 0 for n in behind.values()) < needed
    if brought is None:
        # Nobody knows who brought it: where more than one is required, that is not shown to be so. Bounds of
        # reach (lower, upper) have no shares of their own; the measure they bound has.
        return needed > 1 and not plan.measure[key[0]].at_most
    if sum(n > 0 for n in brought.values()) < needed:
        return True
    rest = value - max(brought.values(), default=0)
    return plan.remainder and 0 < rest < k


def _behind(key: Key, measure: str, shares: Shares) -> Mapping[str, int]:
    """Who is behind a cell of which nobody states who brought it: those behind the nearest broader cell of ``measure``
    whose contributions are stated (a sex and age within its category, a risk within its place)."""
    cell = tuple(pair for pair in key[1] if pair[0] in STATED)
    return shares.get((measure, cell), {})


STATED = ("period", "place", "violation_category")
"""What ``monitoring_contributors`` tells contributions by."""
