"""The colours, sizes and type of the house, declared once. Style sheet, charts, maps and factsheet read them."""

from __future__ import annotations

from pathlib import Path

# A calm blue-green (protection), sand for what is secondary, dark text on light ground.
COLOURS: dict[str, str] = {
    "ink": "#15313a",
    "ink-soft": "#4a5f66",
    "paper": "#ffffff",
    "canvas": "#f7f5f0",
    "line": "#d8d2c4",
    "line-strong": "#7d8b8f",
    "teal-dark": "#0b474c",
    "teal": "#0f5e63",
    "teal-mid": "#25858a",
    "teal-light": "#d9ecea",
    "sand": "#f3ecdd",
    "sand-mid": "#d9c7a0",
    "sand-dark": "#7a5c26",
    "good": "#1d6336",
    "good-light": "#e5f3e9",
    "warn": "#7d4600",
    "warn-light": "#fcf0da",
    "bad": "#96201d",
    "bad-light": "#fbeae8",
}

# Five steps of one hue, light to dark: order shows in any colour vision and in a grey print.
SEQUENTIAL: tuple[str, ...] = ("#d3ebe8", "#9dd0cc", "#5aadac", "#247f85", "#0b4f56")

# One colour per area of responsibility, after Paul Tol's «muted» set (2021), the light ones darkened to stand on white.
# Eight hues cannot all differ in every colour vision: charts also order them alike, part them in white, and label them.
AOR: dict[str, str] = {
    "CP": "#0f5e63",
    "SCVBG": "#882255",
    "SCPE": "#c9596b",
    "GT-LAMH": "#8a7a1f",
    "GT-LTPRN": "#b8860b",
    "GT-DOC": "#332288",
    "GT-CS": "#4d96b8",
    "CMP": "#8f4f9f",
    "HORS": "#6b7280",
}
SERIES: tuple[str, ...] = tuple(AOR.values())

SIZES: dict[str, str] = {"step": "0.5rem", "radius": "0.375rem", "measure": "44rem", "page": "72rem"}

FONT = "Open Sans"
"""The typeface shipped for PDF and PNG (``ui/fonts``). The web uses the reader's own: nothing to download."""
FONT_STACK = "'Open Sans',system-ui,'Segoe UI',Roboto,'Noto Sans',Arial,sans-serif"
FONTS = Path(__file__).parent / "fonts"

# Pairs (text, ground) that the style sheet and the charts use; a test holds each to WCAG 2.2 AA (4.5:1).
TEXT_PAIRS: tuple[tuple[str, str], ...] = (
    ("ink", "paper"),
    ("ink", "canvas"),
    ("ink", "sand"),
    ("ink", "teal-light"),
    ("ink", "sand-mid"),
    ("ink-soft", "paper"),
    ("ink-soft", "canvas"),
    ("ink-soft", "sand"),
    ("teal", "paper"),
    ("teal", "canvas"),
    ("teal", "teal-light"),
    ("teal-dark", "teal-light"),
    ("paper", "teal"),
    ("paper", "teal-dark"),
    ("sand-dark", "paper"),
    ("sand-dark", "canvas"),
    ("sand-dark", "sand"),
    ("good", "good-light"),
    ("warn", "warn-light"),
    ("bad", "bad-light"),
    ("bad", "paper"),
)


def luminance(colour: str) -> float:
    """Relative luminance of ``#rrggbb`` (WCAG 2.2)."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, 1 to 21 (WCAG 2.2)."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def text_on(ground: str) -> str:
    """The one of ink and paper that reads better on ``ground``."""
    return max((COLOURS["ink"], COLOURS["paper"]), key=lambda c: contrast(c, ground))


START, END = "/* tokens (from ui/tokens.py; `python -m danbe.ui.tokens` rewrites them) */", "/* end of tokens */"


def css() -> str:
    """The ``:root`` rule of the style sheet."""
    values = COLOURS | {f"seq-{i}": c for i, c in enumerate(SEQUENTIAL, 1)} | SIZES
    return ":root{" + ";".join(f"--{name}:{value}" for name, value in values.items()) + "}"


def write_css() -> None:
    """Puts the tokens into ``static/danbe.css``."""
    path = Path(__file__).parent / "static" / "danbe.css"
    text = path.read_text("utf-8")
    before, _, rest = text.partition(START)
    after = rest.partition(END)[2]
    path.write_text(f"{before}{START}\n{css()}\n{END}{after}", "utf-8")


if __name__ == "__main__":
    write_css()
