"""A drawing that leaves its page: with its title above and its source below, on paper."""

from __future__ import annotations

import re

from danbe.ui.charts.svg import PAPER, SMALL, SOFT, Drawing, wrap

_SIZE = re.compile(r'^<svg [^>]*?width="([\d.]+)" height="([\d.]+)"')
_MARGIN = 14.0


def framed(svg: str, title: str, source: str, language: str = "fr") -> str:
    """One SVG: title, ``svg`` (a drawing of this room), source."""
    found = _SIZE.match(svg)
    if not found:
        raise ValueError("framed() takes the SVG of a drawing, which states its width and height first")
    inside, high = float(found[1]), float(found[2])
    drawing = Drawing(inside + 2 * _MARGIN, title, source, language)
    heads, feet = wrap(title, inside / 1.3, lines=3), wrap(source, inside, SMALL, 4)
    y = _MARGIN
    for line in heads:
        y += 18
        drawing.text(_MARGIN, y, line, 15, bold=True)
    y += 12
    drawing.parts.append(svg.replace("<svg ", f'<svg x="{_MARGIN}" y="{y}" ', 1))
    y += high + 6
    for line in feet:
        y += 15
        drawing.text(_MARGIN, y, line, SMALL, fill=SOFT)
    drawing.height = y + _MARGIN
    ground = f'<rect width="{drawing.width}" height="{drawing.height}" fill="{PAPER}"/>'
    drawing.parts.insert(0, ground)
    return drawing.svg()
