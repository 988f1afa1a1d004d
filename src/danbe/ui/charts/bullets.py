"""People in need, target, reached: three nested bars a row, with the bounds of the reach as a bracket."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from danbe.reference.words import translator
from danbe.ui.charts.bars import word
from danbe.ui.charts.svg import (
    INK,
    LINE,
    SMALL,
    SOFT,
    TEXT,
    Drawing,
    compact,
    legend,
    pair,
    percent,
    text_width,
    ticks,
    wrap,
)
from danbe.ui.tokens import COLOURS

NEED, TARGET, REACHED = COLOURS["sand-mid"], COLOURS["line-strong"], COLOURS["teal"]

# Widths are those of the shipped typeface; the widest of the systems' own (Verdana, DejaVu Sans) takes a sixth more.
_WIDER = 1.16


def _(message: str) -> str:
    """Marks a French source string; it is translated when drawn."""
    return message


def bullets(
    rows: Sequence[Mapping[str, Any]], title: str, language: str = "fr", width: float = 360, columns: int = 1
) -> str:
    """``rows``: {label, people_in_need, target, reached, reached_lower?, reached_upper?}, persons; on one common scale.

    The sand bar is the need, the framed one the target, the dark one the reach; the bracket runs from the lower to the
    upper bound of the reach. Under each label stand the three numbers, so the drawing reads without its legend.
    """
    gettext = translator(language)
    need, aim, reach = gettext(_("Dans le besoin")), gettext(_("Cible")), gettext(_("Atteintes"))

    def measure(row: Mapping[str, Any], name: str) -> float:
        value = row.get(name)
        return float(value) if isinstance(value, (int, float)) else 0.0

    def numbers(row: Mapping[str, Any]) -> str:
        text = f"{reach} {word(row['reached'], language)} · {aim} {word(row['target'], language)}"
        return f"{text} · {need} {word(row['people_in_need'], language)}"

    spoken = "; ".join(pair(r["label"], numbers(r), language) for r in rows)
    drawing = Drawing(width, title, spoken, language)
    high = max(
        (measure(r, m) for r in rows for m in ("people_in_need", "target", "reached", "reached_upper")), default=0
    )
    marks = ticks(high, 3)
    gap = 24.0
    wide = (width - gap * (columns - 1)) / columns
    scale = (wide - 14) / marks[-1]
    bottom = y = legend(drawing, [(REACHED, reach), ("#ffffff", aim), (NEED, need)], 0, 12, width) + 2
    bottom = _bounds_key(drawing, gettext(_("fourchette de la portée")), rows, y) or y
    start = bottom
    per = -(-len(rows) // columns)
    for i, row in enumerate(rows):
        if i % per == 0:
            y, x = start, (i // per) * (wide + gap)
        coverage = (
            row["reached"] / row["target"]
            if measure(row, "target") and isinstance(row["reached"], (int, float))
            else None
        )
        share = percent(coverage, language) + " " + gettext(_("de la cible")) if coverage is not None else ""
        room = wide - (text_width(share, SMALL, True) + 8 if share else 0)
        y += 15
        drawing.text(x + wide, y, share, SMALL, "end", bold=True, fill=COLOURS["teal-dark"]) if share else None
        for j, line in enumerate(wrap(str(row["label"]), room / _WIDER, TEXT, 2)):
            y += 15 if j else 0
            drawing.text(x, y, line, bold=True)
        y += 5
        for mark in marks[1:]:
            drawing.line(x + mark * scale, y, x + mark * scale, y + 18, LINE)
        drawing.rect(x, y, measure(row, "people_in_need") * scale, 18, NEED)
        drawing.rect(x, y + 2.5, measure(row, "target") * scale, 13, "#ffffff", stroke=INK, stroke_width=0.9)
        drawing.rect(x, y + 5.5, measure(row, "reached") * scale, 7, REACHED)
        lower, upper = measure(row, "reached_lower"), measure(row, "reached_upper")
        if upper > lower and isinstance(row["reached"], (int, float)):
            a, b, m = x + lower * scale, x + upper * scale, y + 9
            ends = f"V{m + 4:.1f}M{a:.1f} {m:.1f}H{b:.1f}M{b:.1f} {m - 4:.1f}V{m + 4:.1f}"
            drawing.add("path", d=f"M{a:.1f} {m - 4:.1f}{ends}",
                        fill="none", stroke=INK, stroke_width=1.3)  # fmt: skip
        y += 31
        for line in wrap(numbers(row), wide / _WIDER, SMALL, 2):
            drawing.text(x, y, line, SMALL, fill=SOFT)
            y += 14
        y -= 6
        bottom = max(bottom, y)
    for c in range(columns if rows else 0):
        for mark in marks:
            at = c * (wide + gap) + mark * scale
            drawing.text(at, bottom + 16, compact(mark, language), SMALL, "" if mark == 0 else "middle", fill=SOFT)
    drawing.height = bottom + 22
    return drawing.svg()


def _bounds_key(drawing: Drawing, label: str, rows: Sequence[Mapping[str, Any]], y: float) -> float:
    """The legend of the bracket, when a row has bounds."""
    if not any((r.get("reached_upper") or 0) > (r.get("reached_lower") or 0) for r in rows if not _withheld(r)):
        return 0.0
    y += 9
    drawing.add("path", d=f"M0 {y - 8:.1f}v8m0 -4h24m0 -4v8", fill="none", stroke=INK, stroke_width=1.3)
    drawing.text(30, y, label, SMALL)
    return y + 8


def _withheld(row: Mapping[str, Any]) -> bool:
    return not all(isinstance(row.get(m), (int, float)) for m in ("reached_lower", "reached_upper"))
