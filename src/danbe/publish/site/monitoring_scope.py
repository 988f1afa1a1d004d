"""What the pages of monitoring and movements share: their periods, code lists, source lines, and figures with files.

Their months are those of their own tables: the 5W of a year may stand beside the monitoring of another.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from danbe.publish.release import Release, Row
from danbe.publish.site import drawings
from danbe.publish.site.figures import PLACE, REGION, Figure, Scope, Value, measure, shown, value
from danbe.reference.catalogue.column import Column
from danbe.reference.catalogue.figures import FIGURES, TOTAL
from danbe.reference.change import change
from danbe.reference.codelists import codelist
from danbe.reference.typology import UNSPECIFIED
from danbe.reference.words import month_name, percent
from danbe.ui import Protected, charts
from danbe.ui.tokens import COLOURS

NARROW, WIDE = 328.0, 480.0
MONTHS = 24
BREAKS = [25.0, 50.0, 100.0, 250.0, 500.0]
"""Class breaks of the maps, the same in every edition: a colour keeps its meaning, and no break tells a cell."""
REST = "protected"
_TYPOLOGY = "2020-01"
"""Categories before are those of another typology: nothing is compared across (docs/monitoring.md)."""


@dataclass(frozen=True)
class Board:
    """The figures of one tool in a release; ``table`` is the one its periods are read from."""

    scope: Scope
    table: str

    @property
    def release(self) -> Release:
        return self.scope.release

    @property
    def language(self) -> str:
        return self.scope.language

    @cached_property
    def periods(self) -> set[str]:
        return {r["period"] for r in self.release.table(self.table)}

    @cached_property
    def span(self) -> str:
        """The last span of months of the table, else its last month."""
        return max((p for p in self.periods if "/" in p), default=max(self.periods, default=""))

    @cached_property
    def months(self) -> list[str]:
        """The last 24 months at most."""
        return sorted(p for p in self.periods if "/" not in p)[-MONTHS:]

    @property
    def period(self) -> str:
        return month_name(self.span, self.language)

    @property
    def country(self) -> str:
        return str(self.release.country["place_id"])

    def source(self, period: str = "", table: str = "") -> str:
        """Who, where, when, which snapshot."""
        return self.scope._("%(who)s, %(place)s, %(period)s ; instantané %(snapshot)s.") % {
            "who": self.scope._(FIGURES[table or self.table].source),
            "place": self.release.country["name"],
            "period": period or self.period,
            "snapshot": self.release.manifest["snapshot_id"],
        }

    @property
    def source_of_months(self) -> str:
        if not self.months:
            return self.source()
        return self.source(month_name(f"{self.months[0]}/{self.months[-1]}", self.language))

    def codes(self, name: str) -> dict[str, str]:
        """The codes of a list with their labels, «non précisé» last and never missing."""
        found = {i.code: i.label(self.language) for i in codelist(name).items if i.code != UNSPECIFIED}
        return {**found, UNSPECIFIED: self.scope._("Non précisé")}

    def row(self, table: str, period: str, place: str, **told: str) -> Row | None:
        """The row of a table; dimensions not named are TOTAL."""
        others = {
            d: TOTAL for d in ("category", "sex_age", "population_status") if d in FIGURES[table] and d not in told
        }
        return self.release.row(table, period=period, place=place, **others, **told)

    def part(self, table: str, name: str, period: str, place: str, **told: str) -> Value:
        """A code's count: 0 where the place has counts and none of this code, as no row is behind it."""
        row = self.row(table, period, place, **told)
        return 0 if row is None and self.row(table, period, place) else value(row, name)

    def rise(self, table: str, name: str) -> tuple[str, str]:
        """The change of the country's figure against the same months a year before, by the one formula, and against
        what; or no change and why."""
        _ = self.scope._
        start, _sep, end = self.span.partition("/")
        earlier = "/".join(f"{int(m[:4]) - 1}{m[4:]}" for m in (start, end) if m)
        before = value(self.row(table, earlier, self.country), name)
        now = value(self.row(table, self.span, self.country), name)
        if earlier < _TYPOLOGY <= self.span:
            return "", _("pas de comparaison : la typologie a changé")
        if not isinstance(before, int | float) or not isinstance(now, int | float):
            return "", _("pas de comparaison : aucun chiffre publié pour les mêmes mois un an avant")
        rate = change(now, before)
        if rate is None:
            return "", _("pas de comparaison : moins de 30 un an avant")
        sign = "+" if rate >= 0 else "−"
        return sign + percent(abs(rate), self.language), _("par rapport aux mêmes mois un an avant")


def stacked(board: Board, key: str, title: str, table: str, name: str, labels: Mapping[str, str], note: str) -> Figure:
    """Columns by month, stacked by category, and their table with its total. What is withheld of a month whose total is
    shown stands as one part of its own, so that columns are as high as the total."""
    _ = board.scope._
    found = {(r["period"], r["category"]): r for r in board.release.rows(table, place=board.country)}
    drawn: list[dict[str, Any]] = []
    for month in board.months:
        parts = {c: board.part(table, name, month, board.country, category=c) for c in labels}
        total = value(found.get((month, TOTAL)), name)
        drawn += [{"period": month, "series": c, "value": v} for c, v in parts.items()]
        rest = shown(total)
        if rest is not None and any(isinstance(v, Protected) for v in parts.values()):
            rest -= sum(shown(v) or 0 for v in parts.values())
            drawn.append({"period": month, "series": REST, "value": rest})
    names = {**labels, REST: _("Protégé, ensemble")}
    paints = {UNSPECIFIED: COLOURS["line-strong"], REST: COLOURS["sand-mid"]}
    unit = measure(table, name)
    svg, wide = (
        charts.monthly_columns(drawn, names, title, unit.label(board.language), board.language, w, paints=paints)
        if drawn
        else ""
        for w in (NARROW, WIDE)
    )
    rows = [
        [
            month_name(m, board.language),
            *(board.part(table, name, m, board.country, category=c) for c in labels),
            value(found.get((m, TOTAL)), name),
        ]
        for m in board.months
    ]
    columns = (Column("period", "Mois", "Month", hxl="#date+period"), *code_columns(labels), unit)
    return Figure(key, title, columns, rows, board.source_of_months, svg, wide, note, exports=True)


def code_columns(labels: Mapping[str, str]) -> tuple[Column, ...]:
    """A number column for each code."""
    return tuple(Column(c, label, label, "integer", hxl=f"#event+{_tag(c)}") for c, label in labels.items())


def _tag(code: str) -> str:
    return code.lower().replace("-", "_")


def by_cercle(board: Board, key: str, title: str, table: str, name: str, note: str) -> Figure | None:
    """A map of the cercles over the whole span; what lies in no known cercle stands in the table as «non précisé»."""
    _ = board.scope._
    scope = board.scope
    cercles = scope.release.cercles()
    cells = {c["place_id"]: value(board.row(table, board.span, c["place_id"]), name) for c in cercles}
    unit = measure(table, name)
    svg, wide = drawings.choropleth(scope, cells, title, unit.label(board.language), BREAKS)
    if not svg:
        return None
    regions = {p["place_id"]: p["name"] for p in scope.release.regions}
    rows: list[list[Any]] = [[c["name"], regions[c["parent_id"]], cells[c["place_id"]]] for c in cercles]
    rows.append([_("Non précisé ou protégé"), "–", left_over(board, table, name, cells.values())])
    return Figure(key, title, (PLACE, REGION, unit), rows, board.source(table=table), svg, wide, note, exports=True)


def left_over(board: Board, table: str, name: str, parts: Iterable[Value]) -> Value:
    """What the country's total holds beside the parts shown: withheld cells and what names no place, together."""
    total = value(board.row(table, board.span, board.country), name)
    known = shown(total)
    return total if known is None else int(known - sum(shown(v) or 0 for v in parts))


def listed(
    board: Board, key: str, title: str, table: str, dimension: str, labels: Mapping[str, str], note: str = ""
) -> Figure | None:
    """The codes of a dimension for the country and span: bars of the first measure, a table of all of them, TOTAL last;
    ``None`` where the release has no such table."""
    _ = board.scope._
    names = [m for m in board.release.manifest["tables"].get(table, {}).get("measures", []) if m in FIGURES[table]]
    if not names:
        return None
    rows: list[list[Any]] = []
    for code, label in {**labels, TOTAL: _("Ensemble")}.items():
        row = board.row(table, board.span, board.country, **{dimension: code})
        if row or code in (UNSPECIFIED, TOTAL):
            told = {dimension: code}
            rows.append([label, *(board.part(table, n, board.span, board.country, **told) for n in names)])
    bars = [{"label": r[0], "value": r[1]} for r in rows[:-1]]
    svg = wide = ""
    if any(shown(r[1]) is not None for r in rows[:-1]):
        unit = measure(table, names[0]).label(board.language)
        svg, wide = (charts.bars(bars, title, unit, board.language, w) for w in (NARROW, WIDE))
    columns = (FIGURES[table][dimension], *(measure(table, n) for n in names))
    return Figure(key, title, columns, rows, board.source(table=table), svg, wide, note, exports=True)
