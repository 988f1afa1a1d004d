"""The 5W dashboard inside: the site's own charts, by region and area of responsibility, and what is behind a number."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from danbe.publish.release import aor_name
from danbe.reference.catalogue import Column
from danbe.reference.catalogue.figures import FIGURES, TOTAL
from danbe.reference.codelists import codelist
from danbe.web.language import _, current
from danbe.web.queries import dashboard as queries
from danbe.web.queries import home
from danbe.web.screens.session import administrator, own_organisation, signed_in

if TYPE_CHECKING:
    from danbe.publish.site.figures import Figure, Scope

# The blocks of the site are imported where they draw: charts and maps are slow to load, and most screens need none.
REACH = ("people_in_need", "target", "services_delivered", "reached", "coverage")
EXPLAINED = frozenset({"people_in_need", "target", "services_delivered", "reached"})


@require_GET
def dashboard(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    aor = request.GET.get("aor", "") or TOTAL
    if aor != TOTAL and aor not in codelist("aor"):
        raise Http404
    seen = queries.shown(user, aor)
    own = own_organisation(user)
    context: dict[str, Any] = {"wide": True, "aor": aor, "own": own}
    if own:
        context |= {"year": home.current_year(), "own_figures": home.own_figures(own, home.current_year())}
    if seen is None or not seen.figures.span:
        return render(request, "dashboard/nothing.html", context)
    from danbe.publish.site.figures import Scope

    figures = seen.figures
    place = figures.places.get(request.GET.get("region", "")) or figures.country
    if int(place["level"]) > 1:
        raise Http404
    scope = Scope(figures, place, current())
    context |= {
        "seen": seen,
        "scope": scope,
        "regions": figures.regions,
        "areas": [(a, aor_name(a, current())) for a in figures.aors],
        "key": _key(scope),
        "rows": _rows(scope),
        "figures": _figures(scope, aor),
        "explained": EXPLAINED if seen.live else frozenset(),
        "total": TOTAL,
    }
    page = "dashboard/part.html" if request.htmx else "dashboard/dashboard.html"  # type: ignore[attr-defined]
    return render(request, page, context)


def _key(scope: Scope) -> list[dict[str, Any]]:
    """The strip of the place and area looked at, each with the measure an explanation would name."""
    from danbe.publish.site.figures import value

    place = scope.place["place_id"]
    reach, present = scope.reach(place), scope.presence(place)
    named = [("organisations", present), *((m, reach) for m in REACH)]
    found = []
    for name, row in named:
        column = _column(name)
        found.append(
            {"measure": name, "label": column.label(current()), "value": value(row, name), "unit": column.unit}
        )
    return found


def _column(measure: str) -> Column:
    return FIGURES["presence" if measure == "organisations" else "need_target_reached"][measure]


def _rows(scope: Scope) -> list[dict[str, Any]]:
    """One line per region of the country, or per cercle of a region."""
    from danbe.publish.site.figures import value

    inside = scope.release.regions if scope.is_country else scope.cercles
    rows = []
    for place in inside:
        reach, present = scope.reach(place["place_id"]), scope.presence(place["place_id"])
        cells = [("organisations", value(present, "organisations")), *((m, value(reach, m)) for m in REACH)]
        rows.append({"place": place, "cells": cells})
    return rows


def _figures(scope: Scope, aor: str) -> list[Figure]:
    from danbe.publish.site import blocks

    drawn = [
        blocks.place_map(scope, "organisations", blocks.map_breaks(scope, "organisations")),
        blocks.place_map(scope, "reached", blocks.map_breaks(scope, "reached")),
        blocks.by_aor(scope) if aor == TOTAL else None,
        blocks.monthly(scope),
        blocks.sex_age(scope),
        blocks.completeness(scope) if scope.is_country and aor == TOTAL else None,
    ]
    return [f for f in drawn if f is not None and f.rows]


@require_GET
def explain(request: HttpRequest) -> HttpResponse:
    """Formula, steps and rows behind one number of the latest snapshot (administrator: it shows everyone's rows)."""
    user = administrator(request)
    from danbe.analyse.explain import explain as explanation_of
    from danbe.analyse.snapshot import open_snapshot
    from danbe.curate.queries import snapshots

    seen = queries.shown(user, TOTAL)
    measure = request.GET.get("mesure", "")
    if seen is None or seen.snapshot is None or measure not in EXPLAINED:
        raise Http404
    place = seen.figures.places.get(request.GET.get("lieu", ""))
    aor = request.GET.get("aor", "") or TOTAL
    if place is None or (aor != TOTAL and aor not in codelist("aor")):
        raise Http404
    filters = {
        "period": seen.figures.span,
        "place": place["place_id"],
        "aor": aor,
        "population_status": TOTAL,
    }
    found = explanation_of(
        open_snapshot(snapshots.folder(seen.snapshot)), "need_target_reached", measure, filters, current()
    )
    column = _column(measure)
    context = {
        "explanation": found,
        "title": _("%(measure)s : %(place)s", measure=column.label(current()), place=place["name"]),
        "place": place,
        "places": seen.figures.places,
        "organisations": seen.figures.organisations,
        "framework": seen.figures.framework,
        "area": aor_name(aor, current()),
        "aor": aor,
        "period": seen.figures.span,
        "bounds": _bounds(seen, place["place_id"], aor) if measure == "reached" else None,
        "rows": found.rows[:500],
    }
    return render(request, "dashboard/explain.html", context)


def _bounds(seen: queries.Shown, place: str, aor: str) -> tuple[Any, Any, Any] | None:
    row = seen.figures.row(
        "need_target_reached", period=seen.figures.span, place=place, aor=aor, population_status=TOTAL
    )
    return (row["reached_lower"], row["reached_upper"], row["excess"]) if row else None
