"""«Financement» on the public site: required and received by year, by area of responsibility, by donor. FTS and HPC.

A requirement nobody stated is «n.d.», and so are its coverage and gap. Shared funding and what names no cluster stay apart.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from danbe.publish.release import aor_name
from danbe.publish.site.figures import Figure, Scope
from danbe.reference.catalogue.column import Column
from danbe.reference.catalogue.funding import FUNDING, FUNDING_FLOWS
from danbe.ui.charts.bars import bars

PLAN = "PLAN"
_GAP = Column("gap", "Manque", "Gap", "integer", "#value+funding+gap+usd", "amount", "USD")
_COVERAGE = Column("coverage", "Couverture", "Coverage", "decimal", "#value+funding+pct", "amount", "ratio")
_KIND = Column("kind", "Nature", "Kind", hxl="#org+funder+type+name")
_SHARE = Column("part_name", "Part du plan", "Part of the plan", hxl="#subsector+name")
_NARROW, _WIDE = 328.0, 680.0


def _(message: str) -> str:
    return message


PARTS = {PLAN: _("Plan entier"), "NON_PRECISE": _("Non précisé"), "PARTAGE": _("Partagé entre plusieurs clusters")}
FUNDS = {"cerf": _("CERF"), "pooled": _("Fonds commun"), None: _("Donateur")}


def funding(scope: Scope) -> dict[str, Any]:
    """``figures``: by year, by part of the last plan, donors; ``last``: the whole plan of the last year; ``day``: as of when."""
    rows = scope.release.register("funding")
    flows = scope.release.register("funding_flows")
    year = max((r["year"] for r in rows), default=None)
    plans = {r["year"]: r for r in rows if r["part"] == PLAN}
    return {
        "last": plans[max(plans)] if plans else None,
        "last_coverage": _coverage(plans[max(plans)]) if plans else None,
        "year": year,
        "figures": {
            "by_year": _by_year(scope, rows),
            "by_part": _by_part(scope, rows),
            "donors": _donors(scope, flows) if flows else None,
        },
    }


def _coverage(row: dict[str, Any]) -> float | None:
    return row["received"] / row["required"] if row["required"] and row["received"] is not None else None


def _gap(row: dict[str, Any]) -> int | None:
    return None if row["required"] is None or row["received"] is None else row["required"] - row["received"]


def _money(row: dict[str, Any]) -> list[Any]:
    return [row["required"], row["received"], _gap(row), _coverage(row), row["as_of"], row["source"]]


_MONEY = (FUNDING["required"], FUNDING["received"], _GAP, _COVERAGE, FUNDING["as_of"], FUNDING["source"])


def _source(scope: Scope) -> str:
    return scope._("OCHA (FTS, HPC) et publications citées ; instantané %(snapshot)s.") % scope.cited


def _part(scope: Scope, part: str) -> str:
    return scope._(PARTS[part]) if part in PARTS else aor_name(part, scope.language)


def _drawn(scope: Scope, title: str, items: list[tuple[str, Any, Any]]) -> tuple[str, str]:
    """Two bars a line: required, then received."""
    required, received = (scope._(w) for w in (_("requis"), _("reçu")))
    lines = []
    for label, need, got in items:
        lines.append({"label": f"{label}, {required}", "value": need, "colour": "#9fb4ba"})
        lines.append({"label": f"{label}, {received}", "value": got})
    narrow, wide = (bars(lines, title, "USD", scope.language, width) for width in (_NARROW, _WIDE))
    return narrow, wide


def _by_year(scope: Scope, rows: list[dict[str, Any]]) -> Figure:
    found = sorted((r for r in rows if r["part"] in (PLAN, "CP")), key=lambda r: (r["year"], r["part"] != PLAN))
    title = scope._("Requis et reçu par année")
    table = [[r["year"], _part(scope, r["part"]), *_money(r)] for r in found]
    svg, wide = _drawn(
        scope, title, [(str(r["year"]), r["required"], r["received"]) for r in found if r["part"] == PLAN]
    )
    note = scope._("n.d. : personne n’a publié ce chiffre ; ce n’est pas zéro. Les promesses ne comptent pas.")
    year = Column("year", "Année", "Year", "text", "#date+year")
    return Figure("funding-years", title, (year, _SHARE, *_MONEY), table, _source(scope), svg, wide, note)


def _by_part(scope: Scope, rows: list[dict[str, Any]]) -> Figure | None:
    """The last year that says more than the plan's total."""
    years = [r["year"] for r in rows if r["part"] != PLAN]
    if not years:
        return None
    year = max(years)
    found = sorted(
        (r for r in rows if r["year"] == year and r["part"] != PLAN), key=lambda r: (r["part"] in PARTS, r["part"])
    )
    title = scope._("Financement par domaine, %(year)s") % {"year": year}
    table = [[_part(scope, r["part"]), *_money(r)] for r in found]
    svg, wide = _drawn(scope, title, [(_part(scope, r["part"]), r["required"], r["received"]) for r in found])
    note = scope._(
        "Ce qui est partagé ou non précisé peut aussi servir la protection : il n’est réparti entre personne."
    )
    return Figure("funding-areas", title, (_SHARE, *_MONEY), table, _source(scope), svg, wide, note)


def _donors(scope: Scope, flows: list[dict[str, Any]]) -> Figure:
    sums: dict[tuple[int, str, str | None], int] = defaultdict(int)
    for flow in flows:
        sums[flow["year"] or 0, flow["donor"] or "", flow["fund"]] += flow["amount"]
    unstated = PARTS["NON_PRECISE"]
    unknown = scope._(unstated)
    table = [
        [str(year or "n.d."), donor or unknown, scope._(FUNDS[fund]), amount]
        for (year, donor, fund), amount in sorted(sums.items(), key=lambda kv: (-kv[0][0], -kv[1]))
    ]
    title = scope._("Qui finance")
    note = scope._(
        "Contributions payées ou engagées. CERF et fonds communs sont dits à part : leurs propres donateurs les ont déjà alimentés."
    )
    year = Column("year", "Année", "Year", "text", "#date+year")
    columns = (year, FUNDING_FLOWS["donor"], _KIND, FUNDING_FLOWS["amount"])
    return Figure("donors", title, columns, table, _source(scope), note=note)
