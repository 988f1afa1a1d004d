"""Columns month by month, stacked by series; and the small line of a trend."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from danbe.reference.words import month_name, translator
from danbe.ui import Protected
from danbe.ui.charts.svg import INK, LINE, PAPER, SMALL, SOFT, Drawing, compact, legend, number, pair, text_width, ticks
from danbe.ui.tokens import AOR, COLOURS, SERIES

_LETTERS = "JFMAMJJASOND"  # the same in French and English


def _(message: str) -> str:
    """Marks a French source string; it is translated when drawn."""
    return message


def months_between(start: str, end: str) -> list[str]:
    """'2025-11', '2026-01' → ['2025-11', '2025-12', '2026-01']."""
    year, month = map(int, start.split("-"))
    found = []
    while (at := f"{year}-{month:02}") <= end:
        found.append(at)
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    return found


def colours(series: Sequence[str]) -> dict[str, str]:
    """A colour for each series: that of its area of responsibility when it is one, else the next free one."""
    if len(series) == 1 and series[0] not in AOR:
        return {series[0]: COLOURS["teal"]}
    free = iter([c for s, c in zip([*AOR], SERIES, strict=True) if s not in series] * 4)
    return {s: AOR.get(s) or next(free) for s in series}


def monthly_columns(
    rows: Sequence[Mapping[str, Any]],
    series_labels: Mapping[str, str],
    title: str,
    y_label: str,
    language: str = "fr",
    width: float = 360,
    height: float = 230,
    paints: Mapping[str, str] | None = None,
) -> str:
    """Stacked columns. ``rows``: {period 'YYYY-MM', series, value}; series are drawn in the order of ``series_labels``.

    ``paints`` gives series colours of their own.
    A month without any value is marked «n.d.», one wholly withheld «protégé»: neither is a column of height 0.
    """
    gettext = translator(language)
    periods = sorted({r["period"] for r in rows})
    months = months_between(periods[0], periods[-1]) if periods else []
    order = [s for s in series_labels if any(r["series"] == s and isinstance(r["value"], (int, float)) for r in rows)]
    values = {(r["period"], r["series"]): r["value"] for r in rows}
    totals = {m: sum(v for s in order if isinstance(v := values.get((m, s)), (int, float))) for m in months}
    known = {m for m in months if any(isinstance(values.get((m, s)), (int, float)) for s in order)}
    withheld = {
        m for m in months if m not in known and any(isinstance(v, Protected) for (p, _s), v in values.items() if p == m)
    }

    text = gettext(_("De %(first)s à %(last)s. Maximum : %(top)s.")) % {
        "first": month_name(months[0], language) if months else "–",
        "last": month_name(months[-1], language) if months else "–",
        "top": number(max(totals.values(), default=None), language),
    }
    drawing = Drawing(width, title, f"{y_label}. {text}", language)
    marks = ticks(max(totals.values(), default=0))
    left = max(text_width(compact(t, language), SMALL) for t in marks) + 8
    step = (width - left) / max(1, len(months))
    labelled = step > 40
    top, floor = 34.0 if labelled else 26.0, height - 34
    scale = (floor - top) / marks[-1]
    drawing.text(0, 11, y_label, SMALL, fill=SOFT)
    for mark in marks:
        y = floor - mark * scale
        drawing.line(left, y, width, y, LINE if mark else SOFT)
        drawing.text(left - 5, y + 4, compact(mark, language), SMALL, "end", fill=SOFT)
    bar = min(step * 0.74, 46)
    paint = {**colours(order), **(paints or {})}
    for i, month in enumerate(months):
        x, y = left + i * step + (step - bar) / 2, floor
        for s in order:
            value = values.get((month, s))
            if isinstance(value, (int, float)) and value > 0:
                y -= value * scale
                tip = pair(f"{month_name(month, language)}, {series_labels[s]}", number(value, language), language)
                thick = value * scale
                drawing.rect(x, y, bar, max(0.6, thick - 0.7 if thick > 2 else thick), paint[s], tip=tip)
        middle = x + bar / 2
        if month not in known:
            word = gettext(_("protégé")) if month in withheld else number(None, language)
            drawing.text(
                middle + 4, floor - 6, word, SMALL, fill=SOFT, transform=f"rotate(-90 {middle + 4:.1f} {floor - 6:.1f})"
            )
        elif labelled:
            drawing.text(middle, y - 5, compact(totals[month], language), SMALL, "middle", bold=True)
        number_ = int(month[5:]) - 1
        letter = month_name(month, language).split()[0] if step > 62 else _LETTERS[number_]
        drawing.text(middle, floor + 14, letter, SMALL, "middle", fill=INK)
        if i == 0 or number_ == 0:
            drawing.text(
                x if step < 30 else middle, floor + 28, month[:4], SMALL, "" if step < 30 else "middle", fill=SOFT
            )
    drawing.height = height
    if len(order) > 1:
        drawing.height = legend(drawing, [(paint[s], series_labels[s]) for s in order], 0, height + 8, width)
    return drawing.svg()


def sparkline(
    values: Sequence[float | None], title: str, language: str = "fr", width: float = 120, height: float = 28
) -> str:
    """The line of a trend with its last point; missing months break the line."""
    known = [v for v in values if v is not None]
    last = number(known[-1] if known else None, language)
    first = number(known[0] if known else None, language)
    text = translator(language)(_("De %(first)s à %(last)s.")) % {"first": first, "last": last}
    drawing = Drawing(width, title, text, language)
    drawing.height = height
    high = max(known, default=0) or 1
    step = (width - 8) / max(1, len(values) - 1)
    path, pen = "", "M"
    for i, value in enumerate(values):
        if value is None:
            pen = "M"
            continue
        x, y = 4 + i * step, height - 4 - value / high * (height - 8)
        path, pen = f"{path}{pen}{x:.1f} {y:.1f}", "L"
        end = (x, y)
    if known:
        drawing.line(0, height - 1, width, height - 1)
        drawing.add("path", d=path, fill="none", stroke=COLOURS["teal"], stroke_width=1.5, stroke_linejoin="round")
        drawing.add("circle", cx=end[0], cy=end[1], r=3, fill=COLOURS["teal"], stroke=PAPER)
    else:
        drawing.text(4, height - 8, last, SMALL, fill=SOFT)
    return drawing.svg()
