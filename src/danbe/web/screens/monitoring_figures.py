"""The charts of the monitoring and movements dashboards: each with the very table it draws, one unit a chart."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import shapely
from shapely.geometry import shape

from danbe.analyse.monitoring_queries import Filters
from danbe.analyse.periods import months_between, shift
from danbe.publish.site.figures import MONTH, PLACE, SEX_AGE, Figure
from danbe.reference.catalogue import Column
from danbe.reference.catalogue.figures import FIGURES
from danbe.reference.codelists import codelist
from danbe.reference.typology import UNSPECIFIED
from danbe.reference.words import month_name
from danbe.ui import charts, maps
from danbe.ui.charts.heat import heat
from danbe.ui.charts.lines import Panel, monthly_lines
from danbe.ui.maps.arcs import arcs
from danbe.ui.tokens import COLOURS
from danbe.web.language import _, current
from danbe.web.queries.monitoring_dashboard import Seen

NARROW, WIDE = 328.0, 480.0
MONTHS = 24
ARCS = 15
VIOLATIONS = FIGURES["monitoring_violations"]["violations"]
VICTIMS = FIGURES["monitoring_victims"]["victims"]
MONITORS = FIGURES["monitoring_trend"]["active_monitors"]
EFFORT = FIGURES["monitoring_trend"]["violations_per_monitor"]
MOVEMENTS = FIGURES["movement_flows"]["movements"]
DISPLACED = FIGURES["movement_flows"]["displaced"]
_ORIGIN = Column("origin", "Lieu de départ", "Place of origin", hxl="#loc+origin+name")
_DESTINATION = Column("destination", "Lieu d’arrivée", "Place of destination", hxl="#loc+dest+name")


def codes(name: str) -> dict[str, str]:
    """The codes of a list with their labels, «non précisé» last and never missing."""
    found = {i.code: i.label(current()) for i in codelist(name).items if i.code != UNSPECIFIED}
    return {**found, UNSPECIFIED: _("Non précisé")}


@dataclass(frozen=True)
class Board:
    """The figures of what was asked: ``filters`` always name their first and last month."""

    seen: Seen
    filters: Filters
    range: tuple[str, str]

    @cached_property
    def place(self) -> dict[str, Any]:
        return self.seen.places.places.get(self.filters.place) or self.seen.places.country

    @property
    def inside(self) -> int:
        """The level of the places compared with one another: regions of the country, else cercles."""
        return 2 if self.filters.level else 1

    @property
    def period(self) -> str:
        return self._span(self.filters.start, self.filters.end)

    def _span(self, start: str, end: str) -> str:
        return month_name(end if start == end else f"{start}/{end}", current())

    def _source(self, start: str = "", place: str = "") -> str:
        return _(
            "Cluster Protection, monitoring de protection, %(place)s, %(period)s ; instantané %(snapshot)s ; "
            "réservé au cluster.",
            place=self.name_of(place) if place else self.place["name"],
            period=self._span(start or self.filters.start, self.filters.end),
            snapshot=self.seen.snapshot.snapshot_id,
        )

    def name_of(self, place: str) -> str:
        return self.seen.places.places[place]["name"] if place in self.seen.places.places else _("Non précisé")

    @cached_property
    def _window(self) -> tuple[Filters, tuple[str, ...]]:
        """The 24 months up to the end of the period, as far as there are data."""
        start = max(shift(self.filters.end, 1 - MONTHS), self.range[0])
        return replace(self.filters, start=start), months_between(start, self.filters.end)

    @cached_property
    def _by_month(self) -> dict[tuple[str, str], int]:
        rows = self.seen.dashboard.by_month(self._window[0])
        return {(r["event_month"], r["category"]): r["violations"] for r in rows}

    def months(self) -> Figure:
        filters, months = self._window
        labels = codes("violation_category")
        found = self._by_month
        title = _("Violations par mois et catégorie")
        drawn = [{"period": m, "series": c, "value": found.get((m, c), 0)} for m in months for c in labels]
        svg, wide = (
            charts.monthly_columns(
                drawn, labels, title, VIOLATIONS.label(current()), current(), w, paints={"INC": COLOURS["line-strong"]}
            )
            for w in (NARROW, WIDE)
        )
        rows = [[month_name(m, current()), *(found.get((m, c), 0) for c in labels), self._total(m)] for m in months]
        columns = (
            MONTH,
            *(Column(c, label, label, "integer", hxl=f"#event+{c.lower()}") for c, label in labels.items()),
            VIOLATIONS,
        )
        note = _("Vingt-quatre mois au plus, jusqu’à la fin de la période, tels que la typologie de 2020 les dit.")
        return Figure("mois", title, columns, rows, self._source(filters.start), svg, wide, note)

    def _total(self, month: str) -> int:
        return sum(v for (m, _c), v in self._by_month.items() if m == month)

    def effort(self) -> Figure:
        filters, months = self._window
        monitors = self.seen.dashboard.monitors_by_month(filters)
        rate = {m: self._total(m) / monitors[m] if monitors.get(m) else None for m in months}
        title = _("Tendance brute et tendance par moniteur actif")
        panels = [
            Panel(VIOLATIONS.label(current()), [(m, self._total(m)) for m in months]),
            Panel(EFFORT.label(current()), [(m, rate[m]) for m in months], 1, COLOURS["sand-dark"]),
        ]
        svg = monthly_lines(panels, title, current(), NARROW)
        wide = monthly_lines(panels, title, current(), WIDE, 2)
        rows = [[month_name(m, current()), self._total(m), monitors.get(m, 0), _rounded(rate[m])] for m in months]
        note = _("Plus de moniteurs voient plus : une hausse brute sans hausse par moniteur vient de l’effort.")
        columns = (MONTH, VIOLATIONS, MONITORS, EFFORT)
        return Figure("effort", title, columns, rows, self._source(filters.start), svg, wide, note)

    def breaks(self) -> list[float]:
        """Frozen: of as many months as the period has, the last of the snapshot, all cercles, categories and groups."""
        count = len(months_between(self.filters.start, self.filters.end))
        reference = Filters(max(shift(self.range[1], 1 - count), self.range[0]), self.range[1])
        return maps.class_breaks([r["violations"] for r in self.seen.dashboard.by_place(reference, 2)])

    @cached_property
    def strip(self) -> dict[str, float | None]:
        return self.seen.dashboard.strip(self.filters)

    def _cercles(self) -> list[dict[str, Any]]:
        """The cercles the map shows: a cercle is seen among those of its region."""
        region = self.place["parent_id"] if self.filters.level == 2 else self.filters.place
        return self.seen.places.cercles(region or None)

    def map(self) -> Figure | None:
        asked, outlines = self.filters, self.seen.places.outlines
        if asked.level == 2:
            asked = replace(asked, place=self.place["parent_id"], level=1)
        found = {r["place"]: r["violations"] for r in self.seen.dashboard.by_place(asked, 2)}
        whole = self.strip if asked == self.filters else self.seen.dashboard.strip(asked)
        cercles = self._cercles()
        values: dict[str, float | None] = {c["place_id"]: found.get(c["place_id"], 0) for c in cercles}
        shapes = {c["place_id"]: outlines[c["place_id"]] for c in cercles if c["place_id"] in outlines}
        if not shapes:
            return None
        title = _("Violations par cercle")
        marked = {0: self.seen.places.regions, 1: cercles, 2: [self.place]}[self.filters.level]
        over = {p["place_id"]: p["name"] for p in marked if p["place_id"] in outlines}
        svg, wide = (
            maps.choropleth(
                _wkb(shapes), values, {c["place_id"]: c["name"] for c in cercles}, self.breaks(), current(), w,
                title=title, unit=VIOLATIONS.label(current()), outlines=_wkb({p: outlines[p] for p in over}),
                outline_labels=over, outline_kind=str(self.seen.places.manifest["outline_kind"]),
            )
            for w in (NARROW, WIDE)
        )  # fmt: skip
        rows = [[c["name"], self.name_of(c["parent_id"]), values[c["place_id"]]] for c in cercles]
        rows.append([_("Non précisé"), "–", int(whole["violations"] or 0) - sum(int(v or 0) for v in values.values())])
        note = _("Classes fixées sur tout le pays pour une période de cette durée : une couleur garde son sens.")
        region = Column("region", "Région", "Region", hxl="#adm1+name")
        return Figure(
            "carte", title, (PLACE, region, VIOLATIONS), rows, self._source(place=asked.place), svg, wide, note
        )

    def heat(self) -> Figure:
        found = {
            (r["place"], r["category"]): r["violations"] for r in self.seen.dashboard.heat(self.filters, self.inside)
        }
        labels = codes("violation_category")
        places = [p["place_id"] for p in (self._cercles() if self.filters.level else self.seen.places.regions)]
        if self.filters.level == 2:
            places = [self.filters.place]
        elsewhere = {p for p, _c in found} - set(places)
        cells = {k: v for k, v in found.items() if k[0] not in elsewhere}
        for (place, category), n in found.items():
            if place in elsewhere:
                cells[UNSPECIFIED, category] = cells.get((UNSPECIFIED, category), 0) + n
        lines = [(p, self.name_of(p)) for p in [*places, UNSPECIFIED]]
        title = _("Catégories par cercle") if self.filters.level else _("Catégories par région")
        steps = maps.class_breaks(cells.values())
        svg, wide = (
            heat(lines, [*labels.items()], cells, steps, title, _("violations"), current(), w) for w in (NARROW, WIDE)
        )
        rows = [[name, *(cells.get((p, c), 0) for c in labels)] for p, name in lines]
        columns = (
            PLACE,
            *(Column(c, label, label, "integer", hxl=f"#event+{c.lower()}") for c, label in labels.items()),
        )
        return Figure("categories", title, columns, rows, self._source(), svg, wide)

    def pyramid(self) -> Figure:
        found = {r["sex_age"]: r["victims"] for r in self.seen.dashboard.pyramid(self.filters)}
        labels = codes("sex_age")
        title = _("Victimes par sexe et âge")
        drawn = [{"sex_age": c, "value": found.get(c, 0)} for c in labels if c in found or c == UNSPECIFIED]
        svg, wide = (charts.pyramid(drawn, title, current(), w) for w in (NARROW, WIDE))
        rows = [[label, found.get(c, 0)] for c, label in labels.items()]
        note = _("Une personne qui a subi deux violations compte dans chacune.")
        return Figure("pyramide", title, (SEX_AGE, VICTIMS), rows, self._source(), svg, wide, note)

    def moved(self) -> Figure:
        filters, months = self._window
        labels = {c: label for c, label in codes("movement_cause").items() if c != "RET"}
        found: dict[tuple[str, str], list[int]] = {}
        for r in self.seen.dashboard.movements_by_month(filters):
            cause = r["cause"] if r["cause"] in labels else UNSPECIFIED
            before = found.get((r["event_month"], cause), [0, 0])
            found[r["event_month"], cause] = [before[0] + r["movements"], before[1] + (r["displaced"] or 0)]
        title = _("Personnes déplacées par mois et cause, au départ")
        drawn = [{"period": m, "series": c, "value": found.get((m, c), [0, 0])[1]} for m in months for c in labels]
        shown = {c: label for c, label in labels.items() if c == UNSPECIFIED or any((m, c) in found for m in months)}
        svg, wide = (
            charts.monthly_columns(
                drawn, shown, title, DISPLACED.label(current()), current(), w, paints={"INC": COLOURS["line-strong"]}
            )
            for w in (NARROW, WIDE)
        )
        cause_ = Column("cause", "Cause", "Cause", hxl="#cause+name")
        rows = [
            [month_name(m, current()), labels[c], *found.get((m, c), (0, 0))]
            for m in months
            for c in shown
            if (m, c) in found or c == UNSPECIFIED
        ]
        note = _("Mouvements confirmés, hors retours. La catégorie et le groupe choisis ne s’y appliquent pas.")
        columns = (MONTH, cause_, MOVEMENTS, DISPLACED)
        return Figure("deplaces", title, columns, rows, self._source(filters.start), svg, wide, note)

    @cached_property
    def flow_rows(self) -> list[dict[str, Any]]:
        """The flows, those that moved most people first."""
        rows = self.seen.dashboard.flows(self.filters, self.inside)
        return sorted(rows, key=lambda r: (-r["displaced"], r["origin"], r["place"]))

    def flows(self) -> Figure | None:
        rows = self.flow_rows
        if not rows:
            return None
        title = _("Qui est parti d’où vers où")
        names = {p: self.name_of(p) for r in rows for p in (r["origin"], r["place"])}
        bars = [{"label": f"{names[r['origin']]} → {names[r['place']]}", "value": r["displaced"]} for r in rows[:ARCS]]
        svg = charts.bars(bars, title, DISPLACED.label(current()), current(), NARROW, COLOURS["sand-dark"])
        outlines = self.seen.places.outlines
        level = (
            self._cercle_shapes(rows[:ARCS])
            if self.filters.level
            else [r["place_id"] for r in self.seen.places.regions]
        )
        shapes = _wkb({p: outlines[p] for p in level if p in outlines})
        top = [(r["origin"], r["place"], float(r["displaced"])) for r in rows[:ARCS]]
        kind = str(self.seen.places.manifest["outline_kind"])
        wide = arcs(shapes, top, names, title, _("personnes"), current(), WIDE, kind) if shapes else ""
        note = _(
            "Les %(n)s flux les plus grands sont dessinés ; l’anneau : déplacements à l’intérieur du lieu. Le tableau les a tous.",
            n=ARCS,
        )
        table = [[names[r["origin"]], names[r["place"]], r["movements"], r["displaced"]] for r in rows]
        if not any(UNSPECIFIED in (r["origin"], r["place"]) for r in rows):
            table.append([_("Non précisé"), _("Non précisé"), 0, 0])
        columns = (_ORIGIN, _DESTINATION, MOVEMENTS, DISPLACED)
        return Figure("flux", title, columns, table, self._source(), svg, wide, note)

    def _cercle_shapes(self, rows: list[dict[str, Any]]) -> list[str]:
        """The cercles of the region looked at and those the flows lead from and to."""
        ends = {p for r in rows for p in (r["origin"], r["place"])}
        return sorted({c["place_id"] for c in self._cercles()} | ends)


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 2)


def _wkb(shapes: dict[str, Any]) -> dict[str, bytes]:
    return {place: shapely.to_wkb(shape(outline)) for place, outline in shapes.items()}


CHARTS: dict[str, Callable[[Board], Figure | None]] = {
    "mois": Board.months,
    "effort": Board.effort,
    "carte": Board.map,
    "categories": Board.heat,
    "pyramide": Board.pyramid,
    "deplaces": Board.moved,
    "flux": Board.flows,
}
MOVEMENT_CHARTS = frozenset({"deplaces", "flux"})
