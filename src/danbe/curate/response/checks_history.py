"""Rows beside other rows: repeated ones, two organisations on one line, and a line month after month.

Months before come from the rows the cluster already holds and from the file itself; where both tell of the same line
and month, the file is the newer word.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from statistics import median
from typing import Any, Protocol

from danbe.curate.response.checks import Checked
from danbe.curate.response.identity import SERIES, Identity
from danbe.reference.catalogue import ACTIVITIES

# How far back a line is followed, how many months a median needs, and what makes a spike (field brief §1.4: ≥ 3×).
MONTHS_BACK = 6
FEWEST_FOR_MEDIAN = 3
SPIKE = 3
# Months of unbroken rise that look like a running total: with parts that rise too, or with the total alone.
RISING_WITH_PARTS, RISING_TOTAL = 3, 4

_PARTS = tuple(c.name for c in ACTIVITIES.facets("reached"))


@dataclass(frozen=True, slots=True)
class Past:
    """A row the cluster holds: ``organisation`` and ``partner`` are codes, ``parts`` the parts of ``reached``."""

    row_key: str
    organisation: str
    partner: str
    line: str
    month: str
    reached: int
    parts: tuple[int | None, ...]


class History(Protocol):
    """Gives the rows held of some organisations (as lead or as partner) in some months."""

    def __call__(self, organisations: Collection[str], months: Collection[str]) -> Iterable[Past]: ...


def month_before(month: str, back: int = 1) -> str:
    """'2025-01' is '2024-12' one month back."""
    number = int(month[:4]) * 12 + int(month[5:]) - 1 - back
    return f"{number // 12:04d}-{number % 12 + 1:02d}"


def check_history(c: Checked, identity_of_rows: Callable[[], Identity], history: History) -> None:
    """Duplicates, double reporting and the shape of each line over time, on rows that nothing blocks."""
    blocked = c.issues.blocked()
    reached, months = c.rows.numbers("reached"), c.rows.values["report_month"]
    # Without a number and without an indicator a row only says «present»: saying it twice harms nothing.
    telling = [j for j in range(c.rows.n) if j not in blocked and (reached[j] is not None or c.resolved.indicator[j])]
    _repeated_presence(c, blocked, set(telling))
    if not telling:
        return
    identity = identity_of_rows()  # which takes time, and which a list of who is present does without
    _duplicates(c, identity, telling)
    mine = {c.resolved.organisation[j] for j in telling} | {c.resolved.partner[j] for j in telling} - {""}
    spoken = {months[j] for j in telling}
    back = {month_before(m, n) for m in spoken for n in range(1, MONTHS_BACK + 1)}
    past = list(history(mine, spoken | back))
    _both_report(c, identity, telling, [p for p in past if p.month in spoken])
    _over_time(c, identity, telling, past)


def _repeated_presence(c: Checked, blocked: set[int], telling: set[int]) -> None:
    reached = c.rows.numbers("reached")
    present = [j for j in range(c.rows.n) if j not in telling and j not in blocked and reached[j] is None]
    if not present:
        return
    said = {
        (c.resolved.organisation[j], c.resolved.partner[j], p.place_id if (p := c.resolved.place[j]) else "")
        for j in present
    }
    if "reached" not in c.rows.values:
        c.issues.add("presence_only")
    if len(said) < len(present):
        c.issues.add("presence_repeated", rows=len(present) - len(said))


def _duplicates(c: Checked, identity: Identity, telling: list[int]) -> None:
    months = c.rows.values["report_month"]
    first: dict[tuple[str, str], int] = {}
    for j in telling:
        seen = first.setdefault((identity.series[j], months[j]), j)
        if seen != j:
            c.issues.add("duplicate_row", j, first=c.rows.row_numbers[seen])


def _both_report(c: Checked, identity: Identity, telling: list[int], past: list[Past]) -> None:
    """The lead names a partner, and the partner reports the same line itself: one activity, counted twice."""
    months, leads, partners = c.rows.values["report_month"], c.resolved.organisation, c.resolved.partner
    by_lead: dict[tuple[str, str, str], list[int]] = defaultdict(list)
    with_partner = [j for j in telling if partners[j] and partners[j] != leads[j]]
    named = {p.partner for p in past} - {""}
    if not with_partner and not named:
        return
    for j in telling:
        by_lead[leads[j], identity.line[j], months[j]].append(j)
    held = {(p.organisation, p.line, p.month) for p in past}

    def tell(position: int, lead: str, partner: str) -> None:
        names = {"organisation": c.names.get(lead, lead), "partner": c.names.get(partner, partner)}
        c.issues.add("lead_and_partner", position, "implementing_partner", **names)

    for j in with_partner:
        key = (partners[j], identity.line[j], months[j])
        if key in by_lead or key in held:
            tell(j, leads[j], partners[j])
        for other in by_lead.get(key, ()):
            tell(other, leads[j], partners[j])
    for p in past:
        if p.partner and p.partner != p.organisation:
            for j in by_lead.get((p.partner, p.line, p.month), ()):
                tell(j, p.organisation, p.partner)


@dataclass(slots=True)
class _Month:
    reached: int
    parts: tuple[int | None, ...]
    positions: list[int]


def _over_time(c: Checked, identity: Identity, telling: list[int], past: list[Past]) -> None:
    reached, months = c.rows.numbers("reached"), c.rows.values["report_month"]
    parts = list(zip(*(c.rows.numbers(n) for n in _PARTS), strict=True))
    told: dict[str, dict[str, _Month]] = defaultdict(dict)
    for j in telling:
        if reached[j] is None:
            continue
        month = told[identity.series[j]].get(months[j])
        if month is None:
            told[identity.series[j]][months[j]] = _Month(reached[j], parts[j], [j])
        else:
            month.reached += reached[j]
            month.parts = _added(month.parts, parts[j])
            month.positions.append(j)
    before: dict[str, dict[str, _Month]] = defaultdict(dict)
    for p in past:
        series = p.row_key[:SERIES]
        if series not in told or p.month in told[series]:
            continue
        month = before[series].get(p.month)
        if month is None:
            before[series][p.month] = _Month(p.reached, p.parts, [])
        else:
            month.reached += p.reached
            month.parts = _added(month.parts, p.parts)
    for series, found in told.items():
        line = {**before.get(series, {}), **found}
        if len(line) > 1:
            for one in found:
                _one_month(c, line, one)


def _added(a: tuple[int | None, ...], b: tuple[int | None, ...]) -> tuple[int | None, ...]:
    return tuple(y if x is None else x if y is None else x + y for x, y in zip(a, b, strict=True))


def _one_month(c: Checked, line: dict[str, _Month], month: str) -> None:
    now = line[month]
    if not now.reached:
        return
    column = "reached" if "reached" in c.rows.headers else ""

    def tell(rule: str, **params: Any) -> None:
        c.issues.add_many(rule, now.positions, column, [str(now.reached)] * len(now.positions), **params)

    last = line.get(month_before(month))
    if last is not None and (last.reached, last.parts) == (now.reached, now.parts):
        tell("same_as_last_month")
    trailing = [line[m].reached for n in range(1, MONTHS_BACK + 1) if (m := month_before(month, n)) in line]
    if len(trailing) >= FEWEST_FOR_MEDIAN and (middle := median(trailing)) > 0 and now.reached >= SPIKE * middle:
        tell("spike", reached=now.reached, median=f"{middle:g}")
    since, length, with_parts = month, 1, any(p is not None for p in now.parts)
    while (earlier := line.get(month_before(since))) is not None and _rises(earlier, line[since]):
        since, length = month_before(since), length + 1
    if length >= (RISING_WITH_PARTS if with_parts else RISING_TOTAL):
        tell("cumulative", since=since)


def _rises(earlier: _Month, later: _Month) -> bool:
    """Strictly more in all, and no part that falls. A total growing from nothing is a start, not a running total."""
    return 0 < earlier.reached < later.reached and all(
        a is None or b is None or a <= b for a, b in zip(earlier.parts, later.parts, strict=True)
    )
