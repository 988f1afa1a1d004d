"""Who went from where to where: arcs over the limits of places, thicker where more people moved."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from danbe.reference.words import translator
from danbe.ui.charts.svg import PAPER, SMALL, SOFT, Drawing, number, pair, text_width
from danbe.ui.maps.choropleth import _path, _project
from danbe.ui.tokens import COLOURS

_THICK = 9.0
_ARC = COLOURS["sand-dark"]


def arcs(
    shapes: Mapping[str, bytes],
    flows: Sequence[tuple[str, str, float]],
    labels: Mapping[str, str],
    title: str,
    unit: str,
    language: str = "fr",
    width: float = 480,
    outline_kind: str = "schematic",
) -> str:
    """``shapes``: WKB by place; ``flows``: (origin, destination, people). A ring stands for movements within a place.

    Flows whose place has no shape are not drawn; the table beside the map holds them.
    """
    import shapely

    ids = sorted(shapes)
    geometry, box = _project([shapely.from_wkb(shapes[i]) for i in ids], width)
    drawn = sorted(((o, d, v) for o, d, v in flows if o in shapes and d in shapes and v > 0), key=lambda f: (-f[2], f))

    def named(flow: tuple[str, str, float]) -> str:
        return f"{labels.get(flow[0], flow[0])} → {labels.get(flow[1], flow[1])}"

    def told(flow: tuple[str, str, float]) -> str:
        return pair(named(flow), f"{number(flow[2], language)} {unit}", language)

    drawing = Drawing(width, title, "; ".join(told(f) for f in drawn[:6]), language)
    drawing.parts.append(f'<g stroke="{COLOURS["line-strong"]}" stroke-width=".6" stroke-linejoin="round">')
    for shape in geometry:
        drawing.add("path", d=_path(shape), fill=COLOURS["canvas"])
    drawing.parts.append("</g>")
    middle = {i: _middle(s) for i, s in zip(ids, geometry, strict=True)}
    high = max((f[2] for f in drawn), default=1)
    for flow in reversed(drawn):
        thick = max(1.2, _THICK * math.sqrt(flow[2] / high))
        _arc(drawing, middle[flow[0]], middle[flow[1]], thick, told(flow))
    _names(drawing, drawn, middle, labels, width)
    drawing.height = box["height"] + 8
    if outline_kind == "schematic":
        drawing.height += 16
        line = translator(language)("Limites schématiques, sans valeur officielle.")
        drawing.text(0, drawing.height - 6, line, SMALL, fill=SOFT)
    return drawing.svg()


def _middle(shape: Any) -> tuple[float, float]:
    point = shape.representative_point()
    return point.x, point.y


def _arc(drawing: Drawing, start: tuple[float, float], end: tuple[float, float], thick: float, tip: str) -> None:
    """A curve bent to the right of its way, so that two opposite flows do not lie on one another; its head at the end."""
    (x1, y1), (x2, y2) = start, end
    long = math.hypot(x2 - x1, y2 - y1)
    if long < 1:
        drawing.add("circle", cx=x1, cy=y1, r=5 + thick / 2, fill="none", stroke=_ARC, stroke_width=thick,
                    stroke_opacity=0.75, tip=tip)  # fmt: skip
        return
    cx, cy = (x1 + x2) / 2 - (y2 - y1) * 0.22, (y1 + y2) / 2 + (x2 - x1) * 0.22
    away = math.hypot(x2 - cx, y2 - cy)
    ux, uy = (x2 - cx) / away, (y2 - cy) / away
    head = min(5 + thick, long / 2)
    bx, by, side = x2 - ux * head, y2 - uy * head, 2.5 + thick * 0.6
    drawing.add("path", d=f"M{x1:.1f} {y1:.1f}Q{cx:.1f} {cy:.1f} {bx:.1f} {by:.1f}", fill="none", stroke=_ARC,
                stroke_width=thick, stroke_opacity=0.75, tip=tip)  # fmt: skip
    corners = f"M{x2:.1f} {y2:.1f}L{bx - uy * side:.1f} {by + ux * side:.1f}L{bx + uy * side:.1f} {by - ux * side:.1f}z"
    drawing.add("path", d=corners, fill=_ARC)


def _names(
    drawing: Drawing,
    drawn: Sequence[tuple[str, str, float]],
    middle: Mapping[str, tuple[float, float]],
    labels: Mapping[str, str],
    width: float,
) -> None:
    """The names of the ends, those of the largest flows first, where they do not cover one another."""
    placed: list[tuple[float, float, float, float]] = []
    for place in dict.fromkeys(p for o, d, _v in drawn for p in (o, d)):
        name = labels.get(place, place)
        half = text_width(name, SMALL, True) / 2
        x, y = min(max(middle[place][0], half + 2), width - half - 2), middle[place][1]
        for shift in (-12, 20, -24, 32):
            frame = (x - half, y + shift - 10, x + half, y + shift + 3)
            if frame[1] > 0 and all(
                frame[2] < p[0] or frame[0] > p[2] or frame[3] < p[1] or frame[1] > p[3] for p in placed
            ):
                placed.append(frame)
                drawing.text(x, y + shift, name, SMALL, "middle", bold=True, stroke=PAPER, stroke_width=3,
                             stroke_linejoin="round", aria_hidden="true")  # fmt: skip
                drawing.text(x, y + shift, name, SMALL, "middle", bold=True)
                break
