"""The one small helper behind charts and maps: an SVG drawing as text, without ``style`` attributes."""

from __future__ import annotations

import hashlib
import math
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from html import escape
from typing import Any

from danbe.reference import words
from danbe.ui.tokens import COLOURS, FONT_STACK, FONTS

SMALL, TEXT = 11.0, 12.0  # px at the width drawn for; 11 px is the least that reads on a phone
# Widths are those of the shipped typeface; the widest of the systems' own (Verdana, DejaVu Sans) takes a sixth more.
WIDER = 1.16
INK, SOFT, LINE, PAPER = COLOURS["ink"], COLOURS["ink-soft"], COLOURS["line"], COLOURS["paper"]

# Advance widths of Open Sans Regular, thousandths of the size, U+0020 to U+007E: enough to place labels.
_WIDTHS = (
    "260 267 401 646 572 823 730 221 296 296 552 572 245 322 266 367 572 572 572 572 572 572 572 572 572 572 "
    "266 266 572 572 572 429 899 633 648 631 729 556 516 728 738 279 267 614 519 903 754 779 602 779 618 549 "
    "553 728 595 926 577 560 571 329 367 329 542 448 577 556 613 476 613 561 339 548 614 253 253 525 253 930 "
    "614 604 613 613 408 477 353 614 501 778 524 504 468 379 551 379 572 "
)
_ADVANCE = [int(w) for w in _WIDTHS.split()]


@lru_cache(maxsize=4096)
def text_width(text: str, size: float = TEXT, bold: bool = False) -> float:
    """About how wide ``text`` is, in px. Bold is 6 % wider; accents weigh nothing."""
    plain = (c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    total = sum(_ADVANCE[ord(c) - 32] if 32 <= ord(c) < 127 else 572 for c in plain)
    return total * size / 1000 * (1.06 if bold else 1)


def wrap(text: str, width: float, size: float = TEXT, lines: int = 2) -> list[str]:
    """``text`` on at most ``lines`` lines of ``width`` px; what does not fit ends in «…»."""
    found: list[str] = [""]
    for word in text.split(" "):
        trial = f"{found[-1]} {word}".strip()
        if text_width(trial, size) <= width or not found[-1]:
            found[-1] = trial
        else:
            found.append(word)
    kept = found[:lines]
    if len(found) > lines:
        kept[-1] = f"{kept[-1]} {found[lines]}"
    return [clip(line, width, size) for line in kept]


def clip(text: str, width: float, size: float = TEXT) -> str:
    """``text`` cut to ``width`` px, with «…» where it was cut."""
    if text_width(text, size) <= width:
        return text
    while text and text_width(text + "…", size) > width:
        text = text[:-1]
    return text.rstrip() + "…"


def n(value: float) -> str:
    """A coordinate: one decimal, no trailing zero."""
    text = f"{value:.1f}"
    return "0" if text in ("-0.0", "0.0") else text.removesuffix(".0")


def number(value: float | None, language: str, decimals: int = 0) -> str:
    """As ``words.number``, with no-break spaces that every typeface has (Open Sans lacks U+202F)."""
    return words.number(value, language, decimals).replace("\u202f", "\u00a0")


def percent(value: float | None, language: str) -> str:
    return words.percent(value, language).replace("\u202f", "\u00a0")


def pair(label: object, value: str, language: str) -> str:
    """«Cible : 12» / 'Target: 12'."""
    return f"{label}\u00a0: {value}" if language == "fr" else f"{label}: {value}"


def compact(value: float, language: str) -> str:
    """An axis number: 12 000 → «12 k», 1 500 000 → «1,5 M»."""
    for size, letter in ((1_000_000, "M"), (1_000, "k")):
        if abs(value) >= size:
            scaled = value / size
            return (
                number(scaled, language, 0 if scaled == int(scaled) else 1)
                + ("\u00a0" if language == "fr" else "")
                + letter
            )
    return number(value, language, 0 if value == int(value) else 1)


def ticks(top: float, wanted: int = 4, whole: bool = True) -> list[float]:
    """Round numbers from 0 to at least ``top``."""
    if top <= 0 or (whole and top <= 1):
        return [0, 1]
    rough = top / wanted
    power = 10 ** math.floor(math.log10(rough))
    step = next(m * power for m in (1, 2, 2.5, 5, 10) if m * power >= rough)
    if whole:
        step = max(1, math.ceil(step))
    return [step * i for i in range(math.ceil(top / step - 1e-9) + 1)]


class Drawing:
    """SVG elements in the order they are added. Coordinates are px of a drawing ``width`` wide."""

    def __init__(self, width: float, title: str, description: str, language: str) -> None:
        self.width, self.title, self.description, self.language = width, title, description, language
        self.height = 0.0
        self.parts: list[str] = []
        self.patterns: dict[str, str] = {}

    def add(self, tag: str, content: str = "", /, tip: str = "", **attributes: Any) -> None:
        """One element. ``_`` in a name is ``-``; numbers are rounded; None is left out; ``tip`` is its tooltip."""
        named = "".join(
            f' {key.rstrip("_").replace("_", "-")}="{n(v) if isinstance(v, (int, float)) else escape(str(v))}"'
            for key, v in attributes.items()
            if v is not None
        )
        if tip:
            content = f"<title>{escape(tip, quote=False)}</title>{content}"
        self.parts.append(f"<{tag}{named}>{content}</{tag}>" if content else f"<{tag}{named}/>")

    def rect(self, x: float, y: float, width: float, height: float, fill: str, **more: Any) -> None:
        if width > 0 and height > 0:
            self.add("rect", x=x, y=y, width=width, height=height, fill=fill, **more)

    def line(self, x1: float, y1: float, x2: float, y2: float, stroke: str = LINE, **more: Any) -> None:
        self.add("path", d=f"M{n(x1)} {n(y1)}L{n(x2)} {n(y2)}", stroke=stroke, **more)

    def text(
        self,
        x: float,
        y: float,
        text: str,
        size: float = TEXT,
        anchor: str = "",
        bold: bool = False,
        fill: str = "",
        **more: Any,
    ) -> None:
        """Text whose base line is at ``y``. ``anchor``: '' (start), 'middle', 'end'."""
        self.add(
            "text",
            escape(text, quote=False),
            x=x,
            y=y,
            font_size=None if size == TEXT else size,
            text_anchor=anchor or None,
            font_weight="700" if bold else None,
            fill=fill or None,
            **more,
        )

    def hatch(self, name: str, colour: str, ground: str, dots: bool = False) -> str:
        """A pattern's ``fill`` value: stripes, or dots. Named by the drawing, so that two on one page do not mix."""
        mark = (
            f'<circle cx="2" cy="2" r="1" fill="{colour}"/>'
            if dots
            else f'<path d="M0 5L5 0" stroke="{colour}" stroke-width="1"/>'
        )
        size = 4 if dots else 5
        self.patterns[name] = (
            f'<pattern id="@{name}" width="{size}" height="{size}" patternUnits="userSpaceOnUse">'
            f'<rect width="{size}" height="{size}" fill="{ground}"/>{mark}</pattern>'
        )
        return f"url(#@{name})"

    def svg(self) -> str:
        """The whole element; the same bytes for the same drawing."""
        size = f'width="{n(self.width)}" height="{n(self.height)}" viewBox="0 0 {n(self.width)} {n(self.height)}"'
        body = "".join(self.parts)
        defs = f"<defs>{''.join(self.patterns.values())}</defs>" if self.patterns else ""
        # Ids must be unique in a page: they come from what is drawn ('@' stands for them until then).
        key = "c" + hashlib.sha256(f"{size}{self.title}{self.language}{body}".encode()).hexdigest()[:8]
        inside = f"{defs}{body}".replace('"url(#@', f'"url(#{key}').replace('id="@', f'id="{key}')
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" class="chart" {size} role="img" aria-labelledby="{key}-title {key}-desc" '
            f'font-family="{escape(FONT_STACK)}" font-size="{n(TEXT)}" fill="{INK}" lang="{self.language}">'
            f'<title id="{key}-title">{escape(self.title, quote=False)}</title>'
            f'<desc id="{key}-desc">{escape(self.description, quote=False)}</desc>{inside}</svg>'
        )


def legend(drawing: Drawing, entries: Sequence[tuple[str, str]], x: float, y: float, width: float) -> float:
    """Swatches with their labels, flowing over lines; returns the y below them. Entries: (fill, label)."""
    at = x
    for fill, label in entries:
        label = clip(label, (width - 18) / WIDER, SMALL)
        wide = 16 + text_width(label, SMALL) * WIDER + 12
        if at > x and at + wide - 12 > x + width:
            at, y = x, y + 17
        drawing.rect(at, y - 9, 11, 11, fill, stroke=INK, stroke_width=0.4)
        drawing.text(at + 16, y, label, SMALL)
        at += wide
    return y + 8


def png(svg: str, scale: float = 2) -> bytes:
    """The drawing as PNG, with the typeface that Danbe ships."""
    import vl_convert

    vl_convert.register_font_directory(str(FONTS))
    return bytes(vl_convert.svg_to_png(svg, scale=scale))
