"""Complements across all tables of a release: the same people counted by place, area, group, sex, age and month.

Every count of persons that adds up becomes a cell of one system (``linked``), whatever table prints it; what one table
hides, no other tells. The proof is kept with the release.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from danbe.protect.linked import NotClosed, build, suppress
from danbe.protect.plan import Plan, Table
from danbe.reference.catalogue.figures import TOTAL

Row = dict[str, Any]
Withheld = dict[int, dict[str, str]]
"""Row number → measure → reason."""
Key = frozenset[tuple[str, str]]
"""What a cell counts: its dimensions other than totals. The country and the whole period are totals."""

# Measures whose parts add up to their total, and along what. Reach is not among them (its total is a maximum): it is
# withheld in the same rows as services. Needs and targets are never added across areas of responsibility.
ADDITIVE: dict[str, tuple[str, ...]] = {
    "services_delivered": ("aor", "population_status", "sex_age", "indicator_id", "period", "place"),
    "people_exposed": ("aor", "place"),
    "people_in_need": ("population_status", "place"),
    "target": ("population_status", "place"),
}


class Disagree(ValueError):
    """Two tables of one release give the same cell two values, or parts exceed their total."""


@dataclass(frozen=True)
class Proof:
    """Per measure: cells, sums, small cells, complements, and small cells without a witness (none, or no release)."""

    measures: dict[str, dict[str, int]]


def complete(
    tables: Sequence[tuple[Table, list[Row], Withheld]],
    plan: Plan,
    parents: Mapping[str, str | None],
    hide: Callable[[Table, Row, dict[str, str], str], None],
) -> Proof:
    """Adds complements to each table's ``Withheld`` until every withheld count has a witness. Raises ``Disagree``.

    ``hide`` withholds one measure of one row and what goes with it, which may withhold further counts: repeated until
    nothing changes.
    """
    proof: dict[str, dict[str, int]] = {}
    for measure in ADDITIVE:
        concerned = [t for t in tables if measure in t[0].measures]
        if concerned:
            proof[measure] = _complete(measure, concerned, plan, parents, hide)
    return Proof(proof)


def _complete(
    measure: str,
    tables: Sequence[tuple[Table, list[Row], Withheld]],
    plan: Plan,
    parents: Mapping[str, str | None],
    hide: Callable[[Table, Row, dict[str, str], str], None],
) -> dict[str, int]:
    cells: dict[Key, int] = {}
    limit: dict[Key, int] = {}
    small: set[Key] = set()
    printed: dict[Key, list[tuple[int, int]]] = defaultdict(list)
    sums: dict[tuple[int, str, Key], list[Key]] = defaultdict(list)
    for t, (table, rows, withheld) in enumerate(tables):
        for i, row in enumerate(rows):
            if row[measure] is None:
                continue
            key = _key(table, row, parents)
            if cells.setdefault(key, row[measure]) != row[measure]:
                raise Disagree(f"{table.name}.{measure}: {row[measure]} ≠ {cells[key]} ({_text(key)})")
            limit[key] = plan.sensitive_small if row.get("aor") in plan.sensitive else plan.small
            printed[key].append((t, i))
            if measure in withheld.get(i, {}):
                small.add(key)
            for dimension, above in _above(key, measure, parents):
                sums[t, dimension, above].append(key)
    for key in [k for k, n in cells.items() if 0 < n < limit[k]]:
        small.discard(key)
    bound = [(above, parts) for (_, _, above), parts in sums.items() if above in cells]
    try:
        system = build(cells, bound, threshold=limit, hide=small)
    except NotClosed as error:
        raise Disagree(f"{measure}: {error}") from None
    protection = suppress(system)
    for j, hidden in enumerate(protection.hidden):
        for t, i in printed[system.keys[j]] if hidden else ():
            table, rows, withheld = tables[t]
            if measure not in withheld.get(i, {}):
                hide(table, rows[i], withheld.setdefault(i, {}), measure)
    return {
        "cells": len(system),
        "sums": int(system.relations.shape[0]),
        "small": int(system.small.sum()),
        "complements": int(protection.complements.sum()),
        "unproven": len(protection.unproven()),
    }


def _key(table: Table, row: Row, parents: Mapping[str, str | None]) -> Key:
    told = []
    for dimension in table.dimensions:
        value = row[dimension]
        if dimension == "level" or value in (None, TOTAL):
            continue
        if dimension == "place" and parents.get(value) is None:
            continue
        if dimension == "period" and "/" in value:
            continue
        told.append((dimension, value))
    return frozenset(told)


def _above(key: Key, measure: str, parents: Mapping[str, str | None]) -> list[tuple[str, Key]]:
    """The totals a cell is a part of, one per dimension it is told by."""
    found = []
    for dimension, value in key:
        if dimension not in ADDITIVE[measure]:
            continue
        above = key - {(dimension, value)}
        if dimension == "place" and (parent := parents.get(value)) and parents.get(parent) is not None:
            above |= {("place", parent)}
        found.append((dimension, above))
    return found


def _text(key: Key) -> str:
    return ", ".join(f"{d} {v}" for d, v in sorted(key)) or "total"
