"""Lines month by month, one panel for each measure: two units never share an axis."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from danbe.reference.words import month_name
from danbe.ui.charts.svg import LINE, PAPER, SMALL, SOFT, Drawing, compact, number, pair, text_width, ticks
from danbe.ui.tokens import COLOURS

_LETTERS = "JFMAMJJASOND"
_HIGH = 168.0


@dataclass(frozen=True)
class Panel:
    """One measure: its values as (month 'YYYY-MM', value or None), the months without a gap."""

    label: str
    values: Sequence[tuple[str, float | None]]
    decimals: int = 0
    colour: str = ""


def monthly_lines(
    panels: Sequence[Panel], title: str, language: str = "fr", width: float = 360, columns: int = 1
) -> str:
    """The panels one under the other, or in ``columns``. A month without a value breaks the line: it is not zero."""
    gap = 28.0
    wide = (width - gap * (columns - 1)) / columns
    spoken = "; ".join(pair(p.label, _ends(p, language), language) for p in panels)
    drawing = Drawing(width, title, spoken, language)
    for i, panel in enumerate(panels):
        _draw(drawing, panel, language, (i % columns) * (wide + gap), (i // columns) * (_HIGH + 14), wide)
    drawing.height = -(-len(panels) // columns) * (_HIGH + 14)
    return drawing.svg()


def _ends(panel: Panel, language: str) -> str:
    known = [v for _m, v in panel.values if v is not None]
    first, last = (known[0], known[-1]) if known else (None, None)
    return f"{number(first, language, panel.decimals)} → {number(last, language, panel.decimals)}"


def _draw(drawing: Drawing, panel: Panel, language: str, x: float, y: float, width: float) -> None:
    colour = panel.colour or COLOURS["teal"]
    known = [v for _m, v in panel.values if v is not None]
    marks = ticks(max(known, default=0), 3, whole=not panel.decimals)
    left = x + max(text_width(compact(m, language), SMALL) for m in marks) + 8
    top, floor = y + 30, y + _HIGH - 34
    scale = (floor - top) / marks[-1]
    drawing.text(x, y + 12, panel.label, bold=True)
    for mark in marks:
        at = floor - mark * scale
        drawing.line(left, at, x + width, at, LINE if mark else SOFT)
        drawing.text(left - 5, at + 4, compact(mark, language), SMALL, "end", fill=SOFT)
    step = (x + width - left) / max(1, len(panel.values))
    path, pen = "", "M"
    for i, (month, value) in enumerate(panel.values):
        middle = left + step * (i + 0.5)
        # Where letters would touch, only the first month of each quarter has its own.
        if step >= 11 or month[5:] in ("01", "04", "07", "10"):
            drawing.text(middle, floor + 14, _LETTERS[int(month[5:]) - 1], SMALL, "middle")
        if i == 0 or month.endswith("-01"):
            drawing.text(middle - step / 2, floor + 28, month[:4], SMALL, fill=SOFT)
        if value is None:
            pen = "M"
            continue
        path, pen = f"{path}{pen}{middle:.1f} {floor - value * scale:.1f}", "L"
    if path:
        drawing.add("path", d=path, fill="none", stroke=colour, stroke_width=1.8, stroke_linejoin="round")
    for i, (month, value) in enumerate(panel.values):
        if value is not None:
            said = pair(month_name(month, language), number(value, language, panel.decimals), language)
            drawing.add("circle", cx=left + step * (i + 0.5), cy=floor - value * scale, r=2.6, fill=colour,
                        stroke=PAPER, stroke_width=0.8, tip=f"{said} ({panel.label})")  # fmt: skip
