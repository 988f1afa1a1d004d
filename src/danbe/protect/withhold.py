"""Primary protection: which cells are too small or too near to be shown. A withheld cell is null and says so.

Thresholds: field brief §3 (IASC Operational Guidance on Data Responsibility leaves them to each cluster). One reason,
``small_count``, covers small cells and those withheld so that subtraction does not tell them: a reader cannot tell which.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from danbe.protect.complement import Row, Withheld, complete
from danbe.protect.plan import DERIVED, TOGETHER, Plan, Table

PERSON_UNITS = frozenset({"personnes", "services"})
SMALL, SENSITIVE = "small_count", "sensitive_level"


def withhold(
    table: Table,
    rows: list[Row],
    plan: Plan,
    parents: Mapping[str, str | None] | None = None,
    units: Mapping[str, str] | None = None,
) -> Withheld:
    """The cells of ``rows`` that may not be shown; ``rows`` are left as they are.

    Rules: (1) counts of persons of a sensitive area below its level; (2) counts of persons 1 … k-1; (3) measures of the
    same persons or worked out from a withheld one; (4) where a total minus what is shown would give a withheld cell
    back, one more cell is withheld. Rule 4 closes the sums along one dimension at a time; see docs/release.md for what
    that does not prove. ``parents`` gives the place above each place, ``units`` the unit of each
    indicator of ``key_figures``.
    """
    if table.name == "key_figures":
        return _key_figures(rows, plan, units or {})
    if not table.persons:
        return {}
    found: Withheld = defaultdict(dict)
    for i, row in enumerate(rows):
        sensitive = row.get("aor") in plan.sensitive
        k = plan.sensitive_small if sensitive else plan.small
        for measure in table.persons:
            value = row[measure]
            if value is None:
                continue
            if sensitive and _level(row) > plan.sensitive_level:
                found[i][measure] = SENSITIVE
            elif 0 < value < k:
                found[i][measure] = SMALL
        _spread(table, row, found[i])
    complete(table, rows, found, parents or {}, _hide)
    return {i: cells for i, cells in found.items() if cells}


def _key_figures(rows: list[Row], plan: Plan, units: Mapping[str, str]) -> Withheld:
    found: Withheld = {}
    for i, row in enumerate(rows):
        if units.get(row["indicator"]) in PERSON_UNITS:
            cells = {m: SMALL for m in ("value", "previous_value") if row[m] is not None and 0 < row[m] < plan.small}
            if cells:
                found[i] = cells
    return found


def _hide(table: Table, row: Row, cells: dict[str, str], measure: str) -> None:
    cells[measure] = SMALL
    _spread(table, row, cells)


def _level(row: Row) -> int:
    return int(row["level"]) if row.get("level") is not None else 0


def _spread(table: Table, row: Row, cells: dict[str, str]) -> None:
    """Withholds what goes with a withheld cell of the same row."""
    for group in TOGETHER:
        reasons = [cells[m] for m in group if m in cells]
        if reasons:
            for m in group & set(table.measures):
                if row[m] is not None:
                    cells.setdefault(m, reasons[0])
    for derived, sources in DERIVED.items():
        if derived in table.measures and row[derived] is not None:
            reason = next((cells[s] for s in sources if s in cells), None)
            if reason:
                cells.setdefault(derived, reason)
