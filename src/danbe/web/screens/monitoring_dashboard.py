"""The dashboards of monitoring and movements inside: filters, key figures each in its unit, charts and their files."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from danbe.analyse.monitoring_queries import Filters
from danbe.analyse.periods import months_between, shift
from danbe.reference.change import SMALLEST_BASE
from danbe.reference.codelists import codelist
from danbe.reference.typology import UNSPECIFIED
from danbe.reference.words import month_name, number, percent
from danbe.register.audit import NotAllowed
from danbe.register.models import User
from danbe.web.language import _, current
from danbe.web.queries import monitoring_dashboard as queries
from danbe.web.screens.session import signed_in

if TYPE_CHECKING:
    from danbe.web.screens.monitoring_figures import Board

# The charts are imported where they draw: maps are slow to load, and most screens need none.
_YEAR = 12
_FILES = {
    "png": ("image/png", "PNG"),
    "svg": ("image/svg+xml; charset=utf-8", "SVG"),
    "csv": ("text/csv; charset=utf-8", "CSV"),
}


def _viewer(request: HttpRequest) -> User:
    user = signed_in(request)
    if queries.sight(user) is None:
        raise NotAllowed(f"{user.username}: dashboards of monitoring")
    return user


def _asked(request: HttpRequest, seen: queries.Seen) -> tuple[Filters, tuple[str, str]] | None:
    """What the address asks for, within the data and what the person may see; ``None`` when there are no data.

    What cannot be read is left out, so that an old link still opens: without it, the last twelve months, everything.
    """
    first, last = seen.dashboard.months()
    if not first:
        return None
    end = _month(request, "au", first, last) or last
    start = _month(request, "du", first, end) or max(first, shift(end, 1 - _YEAR))
    place = seen.places.places.get(request.GET.get("lieu", ""))
    level = int(place["level"]) if place else 0
    region = seen.sight.region
    if region and (place is None or region not in (place["place_id"], place["parent_id"])):
        place, level = seen.places.places.get(region), 1
    return (
        Filters(
            start,
            end,
            str(place["place_id"]) if place and level else "",
            level,
            _code(request, "categorie", "violation_category"),
            _code(request, "groupe", "population_status"),
        ),
        (first, last),
    )


def _month(request: HttpRequest, name: str, first: str, last: str) -> str:
    value = request.GET.get(name, "")
    return value if value in months_between(first, last) else ""


def _code(request: HttpRequest, name: str, listed: str) -> str:
    value = request.GET.get(name, "")
    return value if value in codelist(listed) else ""


def _query(filters: Filters, **changed: str) -> str:
    """The address of what is looked at, with something changed."""
    asked = {
        "lieu": filters.place,
        "du": filters.start,
        "au": filters.end,
        "categorie": filters.category,
        "groupe": filters.population_status,
    }
    return urlencode({k: v for k, v in {**asked, **changed}.items() if v})


@never_cache
@require_GET
def dashboard(request: HttpRequest) -> HttpResponse:
    user = _viewer(request)
    with queries.opened(user) as seen:
        asked = _asked(request, seen) if seen else None
        if seen is None or asked is None:
            return render(request, "monitoring/dashboard_nothing.html", {})
        from danbe.web.screens.monitoring_figures import CHARTS, MOVEMENT_CHARTS, Board, codes

        filters, span = asked
        board = Board(seen, filters, span)
        drawn = [(f, _links(f.id, filters)) for f in (make(board) for make in CHARTS.values()) if f is not None]
        context: dict[str, Any] = {
            "wide": True,
            "board": board,
            "seen": seen,
            "filters": filters,
            "own": user.organisation if seen.sight.organisations else None,
            "places": _places(seen),
            "crumbs": _crumbs(board),
            "months": [(m, month_name(m, current())) for m in months_between(*span)],
            "categories": codes("violation_category"),
            "groups": codes("population_status"),
            "items": _strip(board),
            "lines": _lines(board),
            "monitoring": [d for d in drawn if d[0].id not in MOVEMENT_CHARTS],
            "movements": [d for d in drawn if d[0].id in MOVEMENT_CHARTS],
            "matrix": _matrix(board),
        }
        return render(request, "monitoring/dashboard.html", context)


@never_cache
@require_GET
def chart(request: HttpRequest, name: str, kind: str) -> HttpResponse:
    """One chart as a file: PNG and SVG with title and source, or the data drawn as CSV."""
    from danbe.web.screens.monitoring_figures import CHARTS, Board

    user = _viewer(request)
    if name not in CHARTS or kind not in _FILES:
        raise Http404
    with queries.opened(user) as seen:
        asked = _asked(request, seen) if seen else None
        figure = CHARTS[name](Board(seen, *asked)) if seen and asked else None
    if figure is None:
        raise Http404
    content: str | bytes
    if kind == "csv":
        content = "\ufeff" + figure.csv(current())
    else:
        from danbe.ui.charts import png
        from danbe.ui.charts.framed import framed

        content = framed(figure.wide or figure.svg, figure.title, figure.source, current())
        content = png(content) if kind == "png" else content
    response = HttpResponse(content, content_type=_FILES[kind][0])
    response["Content-Disposition"] = f'attachment; filename="danbe-{name}.{kind}"'
    return response


def _links(name: str, filters: Filters) -> list[dict[str, str]]:
    query = _query(filters)
    return [
        {"href": f"{reverse('monitoring_chart', args=[name, kind])}?{query}", "label": label}
        for kind, (_type, label) in _FILES.items()
    ]


def _strip(board: Board) -> list[dict[str, Any]]:
    """The key figures, each naming its unit; «non précisé» is always told."""
    strip = board.strip
    unknown = board.seen.dashboard.strip(replace(board.filters, category=UNSPECIFIED))["violations"]
    if board.filters.category not in ("", UNSPECIFIED):
        unknown = 0
    sexes = {r["sex_age"]: r["victims"] for r in board.seen.dashboard.pyramid(board.filters)}
    unsaid = sum(sexes.get(c, 0) for c in ("INC", "F_INC", "M_INC"))
    change, why = _change(board)
    told = _("%(n)s de catégorie non précisée", n=number(unknown, current()))
    people = _("personnes ; %(n)s de sexe ou d’âge non précisé", n=number(unsaid, current()))
    monitor = strip["violations_per_monitor"]
    return [
        {"label": _("Violations"), "value": strip["violations"], "change": change, "note": f"{why} · {told}"},
        {"label": _("Incidents"), "value": strip["incidents"], "note": _("incidents documentés ou corroborés")},
        {"label": _("Victimes"), "value": strip["victims"], "note": people},
        {"label": _("Mouvements"), "value": strip["movements"], "note": _("mouvements confirmés, au départ")},
        {"label": _("Personnes déplacées"), "value": strip["displaced"], "note": _("personnes, au départ")},
        {"label": _("Moniteurs actifs"), "value": strip["monitors"], "note": _("moniteurs ayant rapporté un incident")},
        {
            "label": _("Violations par moniteur"),
            "value": number(monitor, current(), 1 if (monitor or 0) < 100 else 0),
            "note": _("violations par moniteur actif"),
        },
        {
            "label": _("Alertes rapides"),
            "value": strip["alerts"],
            "note": _("alertes non documentées, hors violations"),
        },
    ]


def _change(board: Board) -> tuple[str, str]:
    """The change of violations and what it is held against; or no change and why."""
    filters, (first, _last) = board.filters, board.range
    count = len(months_between(filters.start, filters.end))
    back = -1 if count == 1 else -_YEAR
    before = replace(filters, start=shift(filters.start, back), end=shift(filters.end, back))
    if count > _YEAR:
        return "", _("pas d’évolution au-delà de douze mois")
    if before.start < first:
        return "", _("pas d’évolution : rien n’est connu d’avant")
    earlier, change, why = board.seen.dashboard.compared(filters, before)
    if why == "typology":
        return "", _("pas d’évolution : la typologie a changé")
    span = month_name(before.start if count == 1 else f"{before.start}/{before.end}", current())
    if change is None:
        return "", _("pas d’évolution : moins de %(n)s violations (%(span)s)", n=SMALLEST_BASE, span=span)
    sign = "+" if change >= 0 else "−"
    held = _("contre %(n)s (%(span)s)", n=number(earlier, current()), span=span)
    return f"{sign}{percent(abs(change), current())}", held


def _places(seen: queries.Seen) -> list[tuple[dict[str, Any], list[dict[str, Any]]]]:
    """Regions with their cercles, as far as the person's role goes."""
    regions = [r for r in seen.places.regions if seen.sight.region in ("", r["place_id"])]
    return [(r, seen.places.cercles(r["place_id"])) for r in regions]


def _crumbs(board: Board) -> list[dict[str, str]]:
    """From the country down to the place looked at."""
    places = board.seen.places.places
    found: list[dict[str, str]] = []
    at: dict[str, Any] | None = board.place
    while at is not None:
        level = int(at["level"])
        found.append({"label": at["name"], "href": "?" + _query(board.filters, lieu=at["place_id"] if level else "")})
        at = places.get(at["parent_id"]) if level and at["place_id"] != board.seen.sight.region else None
    return found[::-1]


def _lines(board: Board) -> list[dict[str, Any]]:
    """The way down: a line for each region of the country or cercle of the region, and what has no place stated."""
    if board.filters.level == 2:
        return []
    inside = board.seen.places.cercles(board.filters.place) if board.filters.level else board.seen.places.regions
    found = {r["place"]: r["violations"] for r in board.seen.dashboard.by_place(board.filters, board.inside)}
    lines = [
        {
            "name": p["name"],
            "href": "?" + _query(board.filters, lieu=p["place_id"]),
            "violations": found.get(p["place_id"], 0),
        }
        for p in inside
    ]
    whole = int(board.strip["violations"] or 0)
    rest = whole - sum(line["violations"] for line in lines)
    return [*lines, {"name": _("Non précisé"), "href": "", "violations": rest}]


def _matrix(board: Board) -> dict[str, Any] | None:
    """The flows as origin × destination, in people displaced."""
    rows = board.flow_rows
    if not rows:
        return None
    from danbe.ui.maps import class_breaks

    cells = {(r["origin"], r["place"]): r["displaced"] for r in rows}
    named = [
        sorted({(k[i], board.name_of(k[i])) for k in cells}, key=lambda p: (p[0] == UNSPECIFIED, p[1])) for i in (0, 1)
    ]
    return {"rows": named[0], "columns": named[1], "cells": cells, "breaks": class_breaks(cells.values())}
