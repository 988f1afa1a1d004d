"""Several editions together: what did not change is the same number, and what changed little is a small count.

Between two editions in a row, a month (or span) in which every count that both show is equal is taken as frozen: a count
that one hides and the other shows is then known. Where counts only ever grew, the later is at least the earlier. An exact
difference of 1 … k-1 is itself a small count: so many people were added since.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

import numpy as np

from danbe.protect.verify.attack import attack
from danbe.protect.verify.coding import Cells
from danbe.protect.verify.findings import EARLIER, INCREMENT, Audit, Finding, Step
from danbe.protect.verify.rows import Rows
from danbe.protect.verify.system import Relations

_ENOUGH = 3


def pairs(cells: Cells) -> list[tuple[np.ndarray, np.ndarray]]:
    """Positions (earlier, later) of the same count in editions that follow one another; the current one is code 0."""
    universe = cells.universe
    if "edition" not in universe.codes:
        return []
    last = len(universe.codes["edition"]) - 1
    found = []
    digit = universe.digit(cells.keys, "edition")
    for edition in range(1, last + 1):
        earlier = np.flatnonzero(digit == edition)
        # Editions are numbered from the oldest (1); after the last comes the current one (0).
        step = (edition + 1 if edition < last else 0) - edition
        later = cells.find(cells.keys[earlier] + step * universe.stride["edition"])
        found.append((earlier[later >= 0], later[later >= 0]))
    return found


def link(cells: Cells, rows: Rows) -> None:
    """Adds what two editions tell together."""
    universe = cells.universe
    measure = universe.digit(cells.keys, "measure")
    period = universe.digit(cells.keys, "period") if "period" in universe.codes else np.zeros(len(cells), np.int64)
    for earlier, later in pairs(cells):
        both = cells.known[earlier] & cells.known[later]
        change = np.where(both, cells.low[later], 0) - np.where(both, cells.low[earlier], 0)
        grows = {int(m): bool((change[both & (measure[earlier] == m)] >= 0).all()) for m in np.unique(measure[earlier])}
        group = measure[earlier] * len(universe.codes.get("period", [""])) + period[earlier]
        frozen = {}
        for g in np.unique(group):
            inside = both & (group == g)
            frozen[int(g)] = inside.sum() >= _ENOUGH and not change[inside].any()
        for a, b, shown, g in zip(earlier, later, both, group, strict=True):
            if shown:
                continue
            if frozen[int(g)]:
                rows.add([int(b), int(a)], [1.0, -1.0], 0.0, 0.0, "inchangé entre deux éditions")
            elif grows[int(measure[a])]:
                rows.add([int(b), int(a)], [1.0, -1.0], 0.0, np.inf, "ne fait que croître entre deux éditions")


def increments(
    cells: Cells, low: np.ndarray, high: np.ndarray, threshold: np.ndarray, persons: np.ndarray
) -> list[Finding]:
    """Small differences between counts known in both editions; also between spans that begin together."""
    universe = cells.universe
    exact = high - low < 0.5
    found = [
        _finding(cells, int(a), int(b), low, int(threshold[b]))
        for earlier, later in pairs(cells)
        for a, b in zip(earlier, later, strict=True)
        if exact[a] and exact[b] and persons[b] and 0 < abs(low[b] - low[a]) < threshold[b]
    ]
    if "period" not in universe.codes or "edition" not in universe.codes:
        return found
    starts: dict[str, list[str]] = defaultdict(list)
    for code in universe.codes["period"]:
        if "/" in code:
            starts[code.partition("/")[0]].append(code)
    digit = universe.digit(cells.keys, "period")
    for spans in starts.values():
        for first, second in zip(sorted(spans), sorted(spans)[1:], strict=False):
            one, two = universe.at["period"][first], universe.at["period"][second]
            later = np.flatnonzero(digit == two)
            for edition in range(len(universe.codes["edition"])):
                away = edition - universe.digit(cells.keys[later], "edition")
                at = cells.find(
                    cells.keys[later] + (one - two) * universe.stride["period"] + away * universe.stride["edition"]
                )
                for a, b in zip(at, later, strict=True):
                    if a >= 0 and exact[a] and exact[b] and persons[b] and 0 < low[b] - low[a] < threshold[b]:
                        found.append(_finding(cells, int(a), int(b), low, int(threshold[b])))
    return found


def _finding(cells: Cells, a: int, b: int, low: np.ndarray, threshold: int) -> Finding:
    before, after = cells.universe.decode(int(cells.keys[a])), cells.universe.decode(int(cells.keys[b]))
    difference = float(low[b] - low[a])
    step = Step(
        f"{low[b]:g} − {low[a]:g} = {difference:+g} ({before.get('edition', '')} → {after.get('edition', 'édition actuelle')})"
    )
    return Finding(INCREMENT, after, difference, difference, threshold, "reader", (step,))


def before(cells: Cells, relations: Relations, hidden: np.ndarray, result: Audit, seconds: float) -> None:
    """What of earlier editions was derivable without the current one is theirs to answer for: a remark."""
    current = cells.universe.digit(cells.keys, "edition") == 0
    low, high = np.where(current, -np.inf, cells.low), np.where(current, np.inf, cells.high)
    target = hidden & ~current
    alone = attack(relations.matrix, relations.low, relations.high, low, high, target, seconds / 2)
    old = target & (alone.high - alone.low < 0.5)
    known = {frozenset(cells.universe.decode(int(k)).items()) for k in cells.keys[old]}
    result.findings = [
        replace(f, kind=EARLIER) if f.is_leak and frozenset(f.cell.items()) in known else f for f in result.findings
    ]
