"""The figures that the 5W pages are made of, for the country and for each region alike."""

from __future__ import annotations

from typing import Any

from danbe.publish.release import aor_name
from danbe.publish.site import drawings
from danbe.publish.site.figures import (
    AOR,
    INDICATOR,
    MONTH,
    PLACE,
    REGION,
    SEX_AGE,
    Figure,
    Scope,
    measure,
    shown,
    value,
)
from danbe.reference.catalogue.figures import TOTAL
from danbe.reference.codelists import codelist
from danbe.reference.words import month_name

_REACH = ("people_in_need", "target", "services_delivered", "reached", "coverage")
_REACH_COLUMNS = tuple(measure("need_target_reached", m) for m in _REACH)


def place_map(scope: Scope, name: str, breaks: list[float] | None = None) -> Figure | None:
    """A choropleth of the cercles by a measure of presence (``organisations``) or of reach (``reached``)."""
    _ = scope._
    table = "presence" if name == "organisations" else "need_target_reached"
    titles = {"organisations": _("Organisations présentes par cercle"), "reached": _("Personnes atteintes par cercle")}
    look = scope.presence if name == "organisations" else scope.reach
    cells = {c["place_id"]: value(look(c["place_id"]), name) for c in scope.cercles}
    column = measure(table, name)
    svg, wide = drawings.choropleth(scope, cells, titles[name], column.label(scope.language), breaks)
    if not svg:
        return None
    regions = {p["place_id"]: p for p in scope.release.regions}
    rows = [[c["name"], regions[c["parent_id"]]["name"], cells[c["place_id"]]] for c in scope.cercles]
    return Figure(f"map-{name}", titles[name], (PLACE, REGION, column), rows, scope.source, svg, wide)


def map_breaks(scope: Scope, name: str) -> list[float]:
    """Class breaks taken over the whole country, so that a colour means the same on every page."""
    look = scope.presence if name == "organisations" else scope.reach
    found = [shown(value(look(c["place_id"]), name)) for c in scope.release.cercles()]
    return drawings.breaks([v for v in found if v is not None])


def by_aor(scope: Scope) -> Figure:
    """Needs, targets and reach of each area of responsibility; areas are never added together."""
    _ = scope._
    rows: list[list[Any]] = []
    for aor in scope.release.aors:
        row = scope.reach(scope.place["place_id"], aor)
        if row:
            rows.append([aor_name(aor, scope.language), *(value(row, m) for m in _REACH)])
    title = _("Besoin, cible et personnes atteintes par domaine")
    note = _("Une même personne peut relever de plusieurs domaines : les domaines ne s’additionnent pas.")
    svg, wide = drawings.bullets(scope, rows, title)
    return Figure("by-aor", title, (AOR, *_REACH_COLUMNS), rows, scope.source, svg, wide, note)


def by_place(scope: Scope) -> Figure:
    """Needs, targets and reach of the regions of the country, or of the cercles of a region."""
    _ = scope._
    inside = scope.release.regions if scope.is_country else scope.cercles
    rows = [[p["name"], *(value(scope.reach(p["place_id"]), m) for m in _REACH)] for p in inside]
    title = (
        _("Besoin, cible et personnes atteintes par région")
        if scope.is_country
        else _("Besoin, cible et personnes atteintes par cercle")
    )
    svg, wide = drawings.bullets(scope, rows, title)
    return Figure("by-place", title, (PLACE, *_REACH_COLUMNS), rows, scope.source, svg, wide)


def monthly(scope: Scope) -> Figure:
    """Services delivered and organisations, month by month. A month without a report is «n.d.», not zero."""
    _ = scope._
    place = scope.place["place_id"]
    found = {r["period"]: r for r in scope.release.rows("monthly", place=place, aor=TOTAL)}
    names = ("services_delivered", "reached", "organisations", "activities")
    rows = [
        [month_name(m, scope.language), *(value(found.get(m), name) for name in names)] for m in scope.release.months
    ]
    title = _("Services rendus, mois par mois")
    note = _(
        "Les personnes atteintes d’un mois ne s’additionnent pas d’un mois à l’autre : la même personne peut revenir."
    )
    columns = (MONTH, *(measure("monthly", name) for name in names))
    series = [(m, value(found.get(m), "services_delivered")) for m in scope.release.months]
    svg, wide = drawings.months(scope, series, title, measure("monthly", "services_delivered").label(scope.language))
    return Figure("monthly", title, columns, rows, scope.source, svg, wide, note)


def sex_age(scope: Scope) -> Figure:
    """People reached by sex and age; what nobody specified is a bar like the others."""
    _ = scope._
    found = {
        r["sex_age"]: r
        for r in scope.release.rows(
            "reach_sex_age", period=scope.release.span, place=scope.place["place_id"], aor=TOTAL
        )
    }
    names = ("services_delivered", "reached")
    items = codelist("sex_age").items
    rows = [[i.label(scope.language), *(value(found[i.code], n) for n in names)] for i in items if i.code in found]
    title = _("Personnes atteintes par sexe et âge")
    svg, wide = drawings.sex_age(
        scope, {i.code: value(found[i.code], "reached") for i in items if i.code in found}, title
    )
    columns = (SEX_AGE, *(measure("reach_sex_age", n) for n in names))
    return Figure("sex-age", title, columns, rows, scope.source, svg, wide)


def completeness(scope: Scope) -> Figure:
    """Reports expected and received each month, for the country."""
    _ = scope._
    names = ("expected", "received", "on_time", "nothing_to_report", "rate")
    found = {r["period"]: r for r in scope.release.table("completeness")}
    months = scope.release.months
    rows = [[month_name(m, scope.language), *(value(found.get(m), n) for n in names)] for m in months]
    title = _("Complétude du rapportage")
    note = _("«Rien à signaler» est un rapport ; pas de rapport n’est pas zéro.")
    columns = (MONTH, *(measure("completeness", n) for n in names))
    series = [(m, value(found.get(m), "received")) for m in months]
    svg, wide = drawings.months(scope, series, title, measure("completeness", "received").label(scope.language))
    return Figure("completeness", title, columns, rows, scope.source, svg, wide, note)


def by_indicator(scope: Scope) -> Figure:
    """Services and reach of each indicator of the framework, for the country."""
    _ = scope._
    rows: list[list[Any]] = []
    names = ("services_delivered", "reached", "organisations")
    for row in scope.release.rows("by_indicator", period=scope.release.span):
        item = scope.release.framework.get(row["indicator_id"], {})
        label = item.get(f"name_{scope.language}") or item.get("name_fr") or row["indicator_id"]
        rows.append([label, aor_name(row["aor"], scope.language), *(value(row, n) for n in names)])
    columns = (INDICATOR, AOR, *(measure("by_indicator", n) for n in names))
    return Figure("by-indicator", _("Par indicateur du cadre de résultats"), columns, rows, scope.source)


def mass_awareness(scope: Scope) -> Figure | None:
    """People exposed to mass awareness, by area; never among people reached."""
    _ = scope._
    rows = [
        [aor_name(r["aor"], scope.language), value(r, "people_exposed")]
        for r in scope.release.rows("mass_awareness", period=scope.release.span, place=scope.place["place_id"])
        if r["aor"] != TOTAL
    ]
    columns = (AOR, measure("mass_awareness", "people_exposed"))
    note = _("Comptée à part, jamais dans les personnes atteintes.")
    title = _("Sensibilisation de masse")
    return Figure("mass-awareness", title, columns, rows, scope.source, note=note) if rows else None
