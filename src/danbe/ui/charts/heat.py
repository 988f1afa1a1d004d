"""A heat map: places by categories, each cell with its number, darker where there is more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from danbe.reference.words import translator
from danbe.ui import Protected
from danbe.ui.charts.svg import SMALL, SOFT, WIDER, Drawing, clip, legend, number, pair, text_width, wrap
from danbe.ui.maps.breaks import class_of
from danbe.ui.tokens import COLOURS, SEQUENTIAL, text_on

_CELL = 25.0


def _(message: str) -> str:
    """Marks a French source string; it is translated when drawn."""
    return message


def heat(
    rows: Sequence[tuple[str, str]],
    columns: Sequence[tuple[str, str]],
    cells: Mapping[tuple[str, str], float | Protected | None],
    breaks: Sequence[float],
    title: str,
    unit: str,
    language: str = "fr",
    width: float = 360,
) -> str:
    """``rows``, ``columns``: (id, label); ``cells``: {(row, column): count}, absent = 0, None = «n.d.», or «protégé»;
    ``breaks``: see ``class_breaks``."""
    counts = {k: v for k, v in cells.items() if isinstance(v, (int, float))}
    top = sorted(counts, key=lambda k: (-counts[k], k))[:3]
    names = {**dict(rows), **dict(columns)}
    said = "; ".join(pair(f"{names[r]}, {names[c]}", number(counts[r, c], language), language) for r, c in top)
    drawing = Drawing(width, title, f"{unit}. {said}", language)
    left = min(width * 0.3, max((text_width(label) * WIDER for _id, label in rows), default=0)) + 8
    step = (width - left) / max(1, len(columns))
    head = _heads(drawing, [label for _id, label in columns], left, step)
    palette = _palette(len(breaks) + 1)
    hidden = ""
    withheld = translator(language)(_("protégé"))
    for i, (row, label) in enumerate(rows):
        y = head + i * _CELL
        drawing.text(left - 6, y + 16, clip(label, (left - 6) / WIDER), anchor="end")
        for j, (column, said_column) in enumerate(columns):
            value = cells.get((row, column), 0)
            x = left + j * step
            if isinstance(value, Protected):
                hidden = hidden or drawing.hatch("d", COLOURS["sand-dark"], COLOURS["sand"], dots=True)
                tip = pair(f"{label}, {said_column}", withheld, language)
                drawing.rect(x, y, step - 1, _CELL - 1, hidden, tip=tip)
                continue
            if value is None:
                drawing.text(x + 0.5 * step, y + 16, "–", SMALL, "middle", fill=SOFT)
                continue
            fill = palette[class_of(value, list(breaks))] if value else COLOURS["canvas"]
            text = number(value, language)
            drawing.rect(x, y, step - 1, _CELL - 1, fill,
                         tip=pair(f"{label}, {said_column}", f"{text} {unit}", language))  # fmt: skip
            size = SMALL if text_width(text, SMALL) < step - 2 else SMALL - 2
            drawing.text(left + (j + 0.5) * step, y + 16, text, size, "middle", fill=text_on(fill))
    drawing.height = head + len(rows) * _CELL + 2
    if hidden:
        drawing.height = legend(drawing, [(hidden, withheld)], 0, drawing.height + 14, width)
    return drawing.svg()


def _heads(drawing: Drawing, labels: Sequence[str], left: float, step: float) -> float:
    """The heads of the columns, upright where they fit; returns the y below them."""
    if step > 58:
        lines = [wrap(label, (step - 4) / WIDER, SMALL, 7) for label in labels]
        tall = float(max((len(found) for found in lines), default=0) * 13 + 8)
        for j, found in enumerate(lines):
            for k, line in enumerate(found):
                drawing.text(left + (j + 0.5) * step, tall - 8 - (len(found) - 1 - k) * 13, line, SMALL, "middle")
        return tall
    deep = min(218.0, max((text_width(label, SMALL) * WIDER for label in labels), default=0)) + 10
    for j, label in enumerate(labels):
        x, y = left + (j + 0.5) * step + 4, deep - 5
        drawing.text(x, y, clip(label, 208 / WIDER, SMALL), SMALL, transform=f"rotate(-90 {x:.1f} {y:.1f})")
    return deep


def _palette(classes: int) -> list[str]:
    if classes == 1:
        return [SEQUENTIAL[2]]
    return [SEQUENTIAL[round(i * (len(SEQUENTIAL) - 1) / (classes - 1))] for i in range(classes)]
