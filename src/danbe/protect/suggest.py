"""What would cost less: coarser tables and tables left out, each tried and measured before anyone decides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from danbe.protect import explain
from danbe.protect.coarsen import coarser, said
from danbe.protect.decide import Decision, decide
from danbe.protect.history import Told
from danbe.protect.plan import Plan, Table
from danbe.protect.reasons import Refused
from danbe.reference.catalogue.figures import FIGURES
from danbe.reference.words import translator

if TYPE_CHECKING:
    from danbe.protect.gate import Inputs


def _(message: str) -> str:
    """Marks a French source string; it is translated when shown."""
    return message


LEFT_OUT = _("sans la table «%(table)s»")
FEWER = _("%(what)s (jusqu’à %(n)s chiffres masqués de moins)")
MOST = 3
"""The tables that hide most are the ones a suggestion is tried for."""


def candidates(plan: Plan, decision: Decision, most: int = MOST) -> list[tuple[str, dict[str, str], Plan]]:
    """Cheaper plans worth trying, as (id, {fr, en}, plan): a level less, or no such table, where most is hidden."""
    counted = [(sum(len(c) for c in cells.values()), t) for t, cells in enumerate(decision.withheld)]
    found = []
    for n, t in sorted(counted, reverse=True)[:most]:
        table, rows = decision.tables[t]
        if n == 0 or table.name not in plan.by_name:
            continue
        less = coarser(table, rows)
        if less is not None:
            what = "quarters" if less.quarters != table.quarters else f"level{max(less.levels)}"
            found.append((f"{table.name}:{what}", _words(said(table, less)), plan.with_table(less)))
        told = {x: translator(x)(LEFT_OUT) % {"table": getattr(FIGURES[table.name], x)} for x in ("fr", "en")}
        found.append((f"{table.name}:out", told, plan.without(table.name)))
    return found


def _words(told: dict[str, str]) -> dict[str, str]:
    return {"fr": told["fr"], "en": told["en"]}


def at_a_glance(plan: Plan, decision: Decision) -> list[dict[str, Any]]:
    """The candidates without trying them: ``{id, fr, en, fewer}``, ``fewer`` the withheld figures that would be gone."""
    found = []
    for name, words, other in candidates(plan, decision):
        table = other.by_name.get(name.partition(":")[0])
        fewer = 0
        for t, (shown, rows) in enumerate(decision.tables):
            if shown.name == name.partition(":")[0]:
                fewer = sum(len(c) for i, c in decision.withheld[t].items() if table is None or _goes(table, rows[i]))
        if fewer:
            told = {x: translator(x)(FEWER) % {"what": words[x], "n": fewer} for x in ("fr", "en")}
            found.append({"id": name, **told, "fewer": fewer})
    return sorted(found, key=lambda s: -s["fewer"])


def _goes(table: Table, row: dict[str, Any]) -> bool:
    """Whether a row is no longer there in a coarser table."""
    level = row.get("level")
    return (level is not None and int(level) not in table.levels) or (table.quarters and "/" not in row["period"])


def suggestions(inputs: Inputs, decision: Decision, earlier: Sequence[Told] = ()) -> list[dict[str, Any]]:
    """The cheaper plans that keep more cells exact, best first: ``{id, fr, en, exact, hidden, costs}``.

    Every candidate passes the whole gate, so this takes as long as that many releases. A candidate that would be
    refused is left out.
    """
    now, found = explain.costs(decision), []
    for name, words, plan in candidates(inputs.plan, decision):
        tables = [(t, rows) for t, rows in inputs.tables if t.name in plan.by_name]
        try:
            costs = explain.costs(decide(tables, plan, inputs.places, inputs.shares, earlier))
        except Refused:
            continue
        if costs["exact"] > now["exact"] or costs["hidden"] < now["hidden"]:
            found.append({"id": name, **words, "exact": costs["exact"], "hidden": costs["hidden"], "costs": costs})
    return sorted(found, key=lambda s: (-s["exact"], s["hidden"]))


def taken_up(plan: Plan, name: str) -> Plan:
    """The plan with the suggestion of this id taken up; unchanged where the id names nothing of it."""
    table, _sep, what = name.partition(":")
    if table not in plan.by_name:
        return plan
    chosen = plan.by_name[table]
    if what == "out":
        return plan.without(table)
    if what == "quarters":
        return plan.with_table(replace(chosen, quarters=True))
    if what in ("level0", "level1"):
        return plan.with_table(replace(chosen, levels=tuple(n for n in chosen.levels if n <= int(what[-1]))))
    return plan


def take_up(inputs: Inputs, names: Sequence[str]) -> tuple[Inputs, list[dict[str, str]]]:
    """Figures found fit, under the plan with these suggestions taken up; and what became of which table, in words."""
    plan, done = inputs.plan, []
    for name in names:
        table = name.partition(":")[0]
        after = taken_up(plan, name)
        if after is plan:
            continue
        if table in after.by_name:
            done.append(said(plan.by_name[table], after.by_name[table]))
        else:
            words = {x: translator(x)(LEFT_OUT) % {"table": getattr(FIGURES[table], x)} for x in ("fr", "en")}
            done.append({"table": table, **words})
        plan = after
    tables = [(t, rows) for t, rows in inputs.tables if t.name in plan.by_name]
    return replace(inputs, plan=plan, tables=tables), done
