"""The drawings of ``ui`` for the figures of a page: one for phones (360 px) and one for large screens."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from danbe.publish.site.figures import Figure, Scope, Value, shown
from danbe.ui import Protected
from danbe.ui import charts as ui_charts
from danbe.ui import maps as ui_maps
from danbe.ui.charts.framed import framed

_NARROW, _WIDE = 328.0, 680.0
_HALF = 480.0


def breaks(values: list[float]) -> list[float]:
    """The class breaks of a map, taken over the whole country."""
    return ui_maps.class_breaks(values)


def choropleth(
    scope: Scope, cells: Mapping[str, Value], title: str, unit: str, steps: list[float] | None = None
) -> tuple[str, str]:
    """A map of cercles; ("", "") where the release has no outline of them.

    A withheld cercle is hatched, a missing one blank; neither has a colour of the scale.
    """
    import shapely
    from shapely.geometry import shape

    outlines = scope.release.outlines
    shapes = {p: outlines[p] for p in cells if p in outlines}
    if not shapes:
        return "", ""
    labels = {p: scope.release.places[p]["name"] for p in cells}
    known = {k: shown(v) for k, v in cells.items()}
    options: dict[str, Any] = {
        "language": scope.language,
        "withheld": {k for k, v in cells.items() if isinstance(v, Protected)},
        "title": title,
        "outline_kind": str(scope.release.manifest["outline_kind"]),
        "unit": unit,
    }
    if scope.is_country:
        regions = [r for r in scope.release.regions if r["place_id"] in scope.release.outlines]
        options["outlines"] = {
            r["place_id"]: shapely.to_wkb(shape(scope.release.outlines[r["place_id"]])) for r in regions
        }
        options["outline_labels"] = {r["place_id"]: r["name"] for r in regions}
    wkb = {k: shapely.to_wkb(shape(g)) for k, g in shapes.items()}
    found = steps if steps is not None else breaks([v for v in known.values() if v is not None])
    return ui_maps.choropleth(wkb, known, labels, found, width=_NARROW, **options), ui_maps.choropleth(
        wkb, known, labels, found, width=_HALF, **options
    )


def bullets(scope: Scope, rows: list[list[Any]], title: str) -> tuple[str, str]:
    """``rows``: label, need, target, services, reached, coverage."""
    items = [{"label": r[0], "people_in_need": r[1], "target": r[2], "reached": r[4]} for r in rows]
    if not items:
        return "", ""
    return (
        ui_charts.bullets(items, title, scope.language, _NARROW),
        ui_charts.bullets(items, title, scope.language, _HALF),
    )


def months(scope: Scope, series: list[tuple[str, Value]], title: str, label: str) -> tuple[str, str]:
    """Columns of one series by month."""
    rows = [{"period": m, "series": "all", "value": v} for m, v in series]
    if not rows:
        return "", ""
    names = {"all": label}
    return (
        ui_charts.monthly_columns(rows, names, title, label, scope.language, _NARROW),
        ui_charts.monthly_columns(rows, names, title, label, scope.language, _WIDE),
    )


def sex_age(scope: Scope, cells: Mapping[str, Value], title: str) -> tuple[str, str]:
    """The pyramid of a place."""
    rows = [{"sex_age": code, "value": v} for code, v in cells.items()]
    if not rows:
        return "", ""
    return (
        ui_charts.pyramid(rows, title, scope.language, _NARROW),
        ui_charts.pyramid(rows, title, scope.language, _HALF),
    )


def exported(figure: Figure, language: str, folder: Path, stem: str) -> dict[str, tuple[str, int]]:
    """Writes a figure's drawing, with title and source on it, as SVG and PNG; format → (name of the file, bytes)."""
    whole = framed(figure.wide or figure.svg, figure.title, figure.source, language)
    found = {}
    for kind, content in (("png", ui_charts.png(whole)), ("svg", whole.encode())):
        name = f"{stem}-{figure.id}.{kind}"
        (folder / name).write_bytes(content)
        found[kind.upper()] = (name, len(content))
    return found
