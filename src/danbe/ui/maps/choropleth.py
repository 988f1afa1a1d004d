"""A choropleth as inline SVG: shapes as WKB in degrees, values by id, classes, legend, the kind of limits."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from itertools import pairwise
from typing import Any

from danbe.reference.words import translator
from danbe.ui.charts.svg import INK, PAPER, SMALL, SOFT, TEXT, Drawing, legend, number, pair, text_width
from danbe.ui.maps.breaks import class_of
from danbe.ui.tokens import COLOURS, SEQUENTIAL


def _(message: str) -> str:
    """Marks a French source string; it is translated when drawn."""
    return message


def choropleth(
    shapes: Mapping[str, bytes],
    values: Mapping[str, float | None],
    labels: Mapping[str, str],
    breaks: Sequence[float],
    language: str = "fr",
    width: float = 360,
    withheld: Collection[str] = frozenset(),
    title: str = "",
    outline_kind: str = "schematic",
    unit: str = "",
    outlines: Mapping[str, bytes] | None = None,
    outline_labels: Mapping[str, str] | None = None,
    zero_label: str = "",
    decimals: int = 0,
) -> str:
    """The map of ``values`` (one number a shape; None or absent = «n.d.»; ids in ``withheld`` = «protégé»).

    ``breaks`` are the lower bounds of the darker classes (``class_breaks``); zero is a class of its own (``zero_label``,
    such as «aucune organisation»). ``outlines`` are drawn on top (regions), with ``outline_labels`` where they fit.
    Projection: equirectangular, longitudes shrunk by the cosine of the mean latitude. ``outline_kind`` 'schematic' adds
    the line «limites schématiques». Shared borders stay shared: shapes are simplified together.
    """
    import shapely

    gettext = translator(language)
    ids = sorted(shapes)
    geometry, box = _project([shapely.from_wkb(shapes[i]) for i in ids], width)
    text = _describe(ids, values, labels, withheld, language, unit)
    drawing = Drawing(width, title, text, language)
    breaks = list(breaks)
    classes = len(breaks) + 1
    palette = _palette(classes)
    missing = drawing.hatch("h", COLOURS["line-strong"], PAPER)
    hidden = drawing.hatch("d", COLOURS["sand-dark"], COLOURS["sand"], dots=True)
    used: set[str] = set()
    drawing.parts.append(f'<g stroke="{PAPER}" stroke-width=".7" stroke-linejoin="round">')
    for place, shape in zip(ids, geometry, strict=True):
        value = values.get(place)
        if place in withheld:
            fill, said, kind = hidden, gettext(_("protégé")), "hidden"
        elif value is None:
            fill, said, kind = missing, number(None, language), "missing"
        elif value == 0:
            fill, said, kind = COLOURS["sand"], zero_label or number(0, language), "zero"
        else:
            fill, kind = palette[class_of(value, breaks)], "value"
            said = f"{number(value, language, decimals)} {unit}".strip()
        used.add(kind)
        edge = COLOURS["line-strong"] if kind != "value" else None
        drawing.add("path", d=_path(shape), fill=fill, stroke=edge, stroke_width=0.4 if edge else None,
                    tip=pair(labels.get(place, place), said, language))  # fmt: skip
    drawing.parts.append("</g>")
    if outlines:
        _overlay(drawing, outlines, outline_labels or {}, box, width)
    drawn = [v for i, v in values.items() if i in shapes and v is not None and v > 0]
    foot = _legend(
        drawing, gettext, language, breaks, palette, used, box["height"] + 20, width, unit, zero_label, decimals,
        drawn, missing, hidden,
    )  # fmt: skip
    if outline_kind == "schematic":
        foot += 11
        drawing.text(0, foot, gettext(_("Limites schématiques, sans valeur officielle.")), SMALL, fill=SOFT)
    drawing.height = foot + 6
    return drawing.svg()


def _palette(classes: int) -> list[str]:
    """``classes`` steps of the sequential colours, spread over their whole range."""
    if classes == 1:
        return [SEQUENTIAL[2]]
    return [SEQUENTIAL[round(i * (len(SEQUENTIAL) - 1) / (classes - 1))] for i in range(classes)]


def _project(
    geometry: Sequence[Any], width: float, box: dict[str, float] | None = None
) -> tuple[list[Any], dict[str, float]]:
    """Shapes in px (y downwards), simplified together to about half a pixel, and the frame used."""
    import numpy as np
    import shapely

    if box is None:
        west, south, east, north = shapely.total_bounds(geometry)
        shrink = math.cos(math.radians((south + north) / 2))
        scale = (width - 2) / ((east - west) * shrink)
        # Tall countries must not fill a phone's screen twice.
        if (north - south) * scale > width * 1.25:
            scale = width * 1.25 / (north - south)
        spare = (width - (east - west) * shrink * scale) / 2
        box = {
            "west": west,
            "north": north,
            "shrink": shrink,
            "scale": scale,
            "spare": spare,
            "height": (north - south) * scale + 2,
        }
    b = box

    def to_px(xy: Any) -> Any:
        return np.column_stack(
            ((xy[:, 0] - b["west"]) * b["shrink"] * b["scale"] + b["spare"], (b["north"] - xy[:, 1]) * b["scale"] + 1)
        )

    projected = list(shapely.transform(np.array(geometry, dtype=object), to_px))
    tolerance = 0.7 if width <= 480 else 0.9
    try:
        simple = shapely.coverage_simplify(projected, tolerance)
    except (shapely.errors.GEOSException, shapely.errors.UnsupportedGEOSVersionError):
        simple = shapely.simplify(projected, tolerance)
    return list(simple), box


def _rings(shape: Any) -> list[Any]:
    """Rings worth drawing: islands under half a square pixel are left out, unless nothing else would be left."""
    polygons = [p for p in getattr(shape, "geoms", [shape]) if p.geom_type == "Polygon"]
    large = [p for p in polygons if p.area > 0.5] or polygons
    return [ring for p in large for ring in (p.exterior, *p.interiors)]


def _path(shape: Any) -> str:
    """Path data in tenths of a px, relative and without repeated points."""
    text = ""
    for ring in _rings(shape):
        points = [(round(x * 10), round(y * 10)) for x, y in ring.coords]
        at = points[0]
        text += f"M{_tenth(at[0])} {_tenth(at[1])}l"
        steps = []
        for point in points[1:-1]:
            dx, dy = point[0] - at[0], point[1] - at[1]
            if dx or dy:
                steps.append(f"{_tenth(dx)} {_tenth(dy)}")
                at = point
        text += " ".join(steps).replace(" -", "-") + "z"
    return text


def _tenth(value: int) -> str:
    text = f"{value / 10:.1f}".removesuffix(".0")
    return text.replace("0.", ".", 1) if text.startswith(("0.", "-0.")) else text


def _overlay(
    drawing: Drawing, outlines: Mapping[str, bytes], names: Mapping[str, str], box: dict[str, float], width: float
) -> None:
    """Region limits, and their names where the region is wide enough to hold them."""
    import shapely
    from shapely.ops import polylabel

    ids = sorted(outlines)
    shapes, _box = _project([shapely.from_wkb(outlines[i]) for i in ids], width, box)
    drawing.add(
        "path", d="".join(_path(s) for s in shapes), fill="none", stroke=INK, stroke_width=0.9, stroke_linejoin="round"
    )
    placed: list[tuple[float, float, float, float]] = []
    for place, shape in zip(ids, shapes, strict=True):
        name = names.get(place)
        if not name:
            continue
        half = text_width(name, SMALL, True) / 2
        spot = polylabel(max(getattr(shape, "geoms", [shape]), key=lambda p: p.area), 1)
        x = min(max(spot.x, half + 2), width - half - 2)
        for shift in (0, 12, -12, 22, -22):
            y = spot.y + 4 + shift
            frame = (x - half, y - 10, x + half, y + 3)
            if all(frame[2] < p[0] or frame[0] > p[2] or frame[3] < p[1] or frame[1] > p[3] for p in placed):
                placed.append(frame)
                # Halo and letters are two texts: some renderers ignore paint-order.
                drawing.text(x, y, name, SMALL, "middle", bold=True, stroke=PAPER, stroke_width=3,
                             stroke_linejoin="round",
                             aria_hidden="true")  # fmt: skip
                drawing.text(x, y, name, SMALL, "middle", bold=True)
                break


def _legend(
    drawing: Drawing, gettext: Any, language: str, breaks: list[float], palette: list[str], used: set[str], y: float,
    width: float, unit: str, zero_label: str, decimals: int, known: list[float], missing: str, hidden: str,
) -> float:  # fmt: skip
    """Classes in words, from the smallest value met to the largest."""
    entries: list[tuple[str, str]] = []
    if "zero" in used:
        entries.append((COLOURS["sand"], zero_label or number(0, language)))
    if known:
        entries += zip(palette, class_labels(breaks, known, language, decimals), strict=True)
    if "hidden" in used:
        entries.append((hidden, gettext(_("protégé"))))
    if "missing" in used:
        entries.append((missing, number(None, language)))
    if unit:
        drawing.text(0, y, unit[:1].upper() + unit[1:], TEXT, bold=True)
        y += 18
    return legend(drawing, entries, 0, y, width)


def class_labels(breaks: Sequence[float], known: Sequence[float], language: str, decimals: int = 0) -> list[str]:
    """The classes in words, lowest first; ``known`` are the positive values on the map.

    Breaks are those of the whole country, so a region may have no value in the first class or in the last: these then
    say «less than» and «and more», and mean the same on every page.
    """
    gettext = translator(language)
    low, high = min(known), max(known)
    if not breaks:
        return [number(low, language, decimals) if low == high else _span(low, high, language, decimals)]
    whole = all(float(v).is_integer() for v in (*known, *breaks))
    while decimals < 6 and len({number(b, language, decimals) for b in breaks}) < len(breaks):
        decimals += 1
    if whole:
        ends = [b - 1 for b in breaks[1:]]
        first = _span(low if low < breaks[0] else 1, breaks[0] - 1, language, decimals)
        middle = [_span(start, end, language, decimals) for start, end in zip(breaks, ends, strict=False)]
    else:
        told = [number(b, language, decimals) for b in breaks]
        first = gettext(_("moins de %(b)s")) % {"b": told[0]}
        middle = [gettext(_("de %(a)s à moins de %(b)s")) % {"a": a, "b": b} for a, b in pairwise(told)]
    if high >= breaks[-1]:
        last = _span(breaks[-1], high, language, decimals)
    else:
        last = gettext(_("%(a)s et plus")) % {"a": number(breaks[-1], language, decimals)}
    return [first, *middle, last]


def _span(start: float, end: float, language: str, decimals: int) -> str:
    a, b = number(start, language, decimals), number(end, language, decimals)
    return a if a == b else f"{a} – {b}"


def _describe(
    ids: Sequence[str],
    values: Mapping[str, float | None],
    labels: Mapping[str, str],
    withheld: Collection[str],
    language: str,
    unit: str,
) -> str:
    """One sentence for those who do not see the map: extremes, zeros, missing."""
    gettext = translator(language)
    known = {i: float(v) for i in ids if i not in withheld and (v := values.get(i)) is not None}
    if not known:
        return gettext(_("Aucune valeur."))
    top = sorted(known, key=lambda i: (-known[i], labels.get(i, i)))[:3]
    most = ", ".join(f"{labels.get(i, i)} ({number(known[i], language)})" for i in top)
    return gettext(_("%(n)s zones ; les plus élevées : %(most)s ; à zéro : %(zero)s ; sans donnée : %(missing)s.")) % {
        "n": len(ids),
        "most": most,
        "zero": sum(v == 0 for v in known.values()),
        "missing": sum(values.get(i) is None for i in ids),
    }
