"""Why each cell is withheld and what the plan costs: for the people who prepare and approve a release, never outside.

Which hidden cell is small and which is a complement is itself a secret: the public audit holds sums only.
"""

from __future__ import annotations

from collections import Counter
from functools import partial
from typing import Any

from danbe.protect.book import Key
from danbe.protect.decide import Decision
from danbe.protect.primary import COMPLEMENT, ZERO

SHOWN = 5


def cells(decision: Decision) -> list[dict[str, Any]]:
    """One entry for each withheld figure: table, dims, measure, value, reason, complement_of.

    ``complement_of``: the withheld figures that subtraction would give back, each ``{table, dims, measure}``, those of
    its own line first, at most ``SHOWN`` of them; ``protects`` says how many there are.
    """
    keys = {(p.table, p.row, p.column): key for key, prints in decision.book.printed.items() for p in prints}
    found = []
    for t, (table, rows) in enumerate(decision.tables):
        for i, columns in sorted(decision.withheld[t].items()):
            for column, reason in sorted(columns.items()):
                key = keys.get((t, i, column))
                protected = sorted(decision.complement_of.get(key, []), key=partial(_apart, key)) if key else []
                found.append(
                    {
                        "table": table.name,
                        "dims": {d: rows[i][d] for d in table.dimensions},
                        "measure": column,
                        "value": rows[i][column],
                        "reason": reason,
                        "complement_of": [_printed(decision, k) for k in protected[:SHOWN]],
                        "protects": len(protected),
                    }
                )
    return found


def _apart(one: Key, other: Key) -> tuple[bool, int]:
    """How far a cell is from another: of another measure, and told by how many other values."""
    return one[0] != other[0], len({d for d, _ in set(one[1]) ^ set(other[1])})


def _printed(decision: Decision, key: Key) -> dict[str, Any]:
    """Where a cell is printed first."""
    at = decision.book.printed[key][0]
    table, rows = decision.tables[at.table]
    return {"table": table.name, "dims": {d: rows[at.row][d] for d in table.dimensions}, "measure": at.column}


def costs(decision: Decision) -> dict[str, Any]:
    """What the plan costs: cells, hidden by reason, persons hidden, and the share of cells of k or more kept exact."""
    book, plan, hidden = decision.book, decision.plan, decision.hidden
    persons = [k for k in book.cells if plan.measure[k[0]].persons]
    large = [k for k in persons if book.cells[k] >= book.limits[k]]
    large_open = [k for k in large if plan.category(dict(k[1])) is None]
    reasons = Counter(hidden[k] for k in persons if k in hidden)
    complements = [k for k in persons if hidden.get(k) == COMPLEMENT]
    return {
        "cells": len(persons),
        "hidden": sum(reasons.values()),
        "by_reason": dict(sorted(reasons.items())),
        "small": sum(0 < book.cells[k] < book.limits[k] for k in persons),
        "zeros": reasons[ZERO],
        "complements": len(complements),
        "persons_hidden": _persons(decision),
        "exact": _share(large, hidden),
        "exact_outside_sensitive": _share(large_open, hidden),
        "tables": {
            table.name: {"rows": len(rows), "withheld": sum(len(c) for c in decision.withheld[t].values())}
            for t, (table, rows) in enumerate(decision.tables)
        },
    }


def _persons(decision: Decision) -> int:
    """The persons in hidden cells that are no total of others, in the table where there are most of them."""
    book, found = decision.book, [0]
    for t in range(len(decision.tables)):
        printed = Counter({key[0]: 0 for key in book.cells})
        for key in decision.hidden:
            if key not in decision.totals and any(p.table == t for p in book.printed[key]):
                printed[key[0]] += book.cells[key]
        found += [
            n for m, n in printed.items() if decision.plan.measure[m].persons and not decision.plan.measure[m].estimate
        ]
    return max(found)


def _share(keys: list[Key], hidden: dict[Key, str]) -> float:
    """The share of ``keys`` that is shown exactly; 1 where there is none."""
    return round(sum(k not in hidden for k in keys) / len(keys), 4) if keys else 1.0
