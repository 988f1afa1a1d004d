"""What the gate does where nothing can be hidden well enough: the table concerned is let out in less detail.

Cercle to region to country, and months to quarters, one step at a time; the audit says so.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from danbe.protect.book import KEY_FIGURES, Book, Key, Row
from danbe.protect.plan import Plan, Table
from danbe.reference.catalogue.figures import FIGURES
from danbe.reference.words import translator


def _(message: str) -> str:
    """Marks a French source string; it is translated when shown."""
    return message


MONTHS = _("trimestres au lieu de mois")
LEVELS = {1: _("rien au-dessous de la région"), 0: _("le pays seulement")}


def coarser(table: Table, rows: list[Row]) -> Table | None:
    """The next coarser form of a table, or ``None`` when there is none: the finest places go, then the months."""
    levels = {int(r["level"]) for r in rows if r.get("level") is not None} & set(table.levels)
    monthly = "period" in table.dimensions and any("/" not in str(r["period"]) for r in rows)
    if "level" in table.dimensions and len(levels) > 1:
        return replace(table, levels=tuple(sorted(levels))[:-1])
    if monthly and not table.quarters and table.name != KEY_FIGURES:
        return replace(table, quarters=True)
    return None


def step(plan: Plan, book: Book, lost: Iterable[Key]) -> tuple[Plan, dict[str, str]] | None:
    """The plan with the table that prints most of ``lost`` one step coarser, and what was done; ``None`` if none can be."""
    counted: Counter[int] = Counter()
    for key in lost:
        counted.update({p.table for p in book.printed.get(key, ())})
    for number, _ in counted.most_common():
        table, rows = book.tables[number]
        found = coarser(table, rows)
        if found is not None:
            return plan.with_table(found), said(table, found)
    return None


def said(before: Table, after: Table) -> dict[str, str]:
    """What became of a table, in both languages."""
    what = MONTHS if after.quarters != before.quarters else LEVELS[max(after.levels)]
    dataset = FIGURES[after.name]
    return {
        "table": after.name,
        "fr": f"{dataset.fr} : {what}",
        "en": f"{dataset.en}: {translator('en')(what)}",
    }


def applied(table: Table, rows: list[Row], plan: Plan) -> list[Row]:
    """The rows as the table lets them out: levels it names, months added up where it says so."""
    if "level" in table.dimensions:
        rows = [r for r in rows if _leaves(table, int(r["level"]), str(r["period"]))]
    return _quarters(table, rows, plan) if table.quarters else rows


def _leaves(table: Table, level: int, period: str) -> bool:
    """Whether the plan lets out rows of this level and period."""
    return level in table.levels and level <= table.finest and ("/" in period or level <= table.months_to)


def _quarters(table: Table, rows: list[Row], plan: Plan) -> list[Row]:
    """Months added up to calendar quarters; a measure that does not add up over months is «n.d.» there."""
    kept = [r for r in rows if "/" in str(r["period"])]
    groups: dict[tuple[Any, ...], list[Row]] = defaultdict(list)
    for row in rows:
        if "/" not in str(row["period"]):
            at = tuple(quarter_of(row["period"]) if d == "period" else row[d] for d in table.dimensions)
            groups[at].append(row)
    for at, members in groups.items():
        made: Row = dict(zip(table.dimensions, at, strict=True))
        for name in table.measures:
            values = [r[name] for r in members if r[name] is not None]
            made[name] = sum(values) if values and "period" in plan.measure[name].adds_over else None
        kept.append(made)
    return kept


def quarter_of(month: str) -> str:
    """The calendar quarter of a month: '2025-05' → '2025-04/2025-06'."""
    first = (int(month[5:7]) - 1) // 3 * 3 + 1
    return f"{month[:5]}{first:02d}/{month[:5]}{first + 2:02d}"
