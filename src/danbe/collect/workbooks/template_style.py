"""How the template looks: its colours, and the cell formats made from them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format

FONT = "Calibri"
INK, MUTED, PAPER, LINE = "#1B2A38", "#6B7785", "#FFFFFF", "#D9DFE5"
TITLE, ALERT, ALERT_PAPER, NOTE_PAPER = "#14405F", "#A61B1B", "#FBE3E1", "#F3F6F9"

# The five W: the first colour marks a band and its required columns, the second the others.
BANDS = {
    "who": ("#1F5F8B", "#DCE9F2"),
    "what": ("#5B4A8A", "#E6E1F1"),
    "when": ("#80601A", "#F3EAD3"),
    "where": ("#2B6B4F", "#DDEDE4"),
    "whom": ("#9A4A2F", "#F6E3DB"),
    "note": ("#4A5560", "#E6EAEE"),
}

# The first HXL hashtag that fits says which W a column answers.
_BAND_OF_TAG = (
    ("#org", "who"),
    ("#date", "when"),
    ("#adm", "where"),
    ("#loc", "where"),
    ("#geo", "where"),
    ("#population", "whom"),
    ("#targeted", "whom"),
    ("#reached", "whom"),
    ("#value", "whom"),
    ("#affected", "whom"),
    ("#meta", "note"),
)


def band_of(hxl: str) -> str:
    """Which of the five W a column's HXL tag answers; what is none of the others is «what»."""
    return next((band for tag, band in _BAND_OF_TAG if hxl.startswith(tag)), "what")


class Formats:
    """The formats of one workbook, each made once."""

    def __init__(self, workbook: Workbook) -> None:
        self._workbook = workbook
        self._made: dict[tuple[tuple[str, Any], ...], Format] = {}

    def __call__(self, **properties: Any) -> Format:
        whole = {"font_name": FONT, "font_size": 10, "font_color": INK, "valign": "vcenter", **properties}
        key = tuple(sorted(whole.items()))
        if key not in self._made:
            self._made[key] = self._workbook.add_format(whole)
        return self._made[key]

    def title(self) -> Format:
        return self(font_size=15, bold=True, font_color=PAPER, bg_color=TITLE)

    def hint(self, *, alert: bool = False) -> Format:
        if alert:
            return self(bold=True, font_color=ALERT, bg_color=ALERT_PAPER)
        return self(font_color=MUTED, bg_color=NOTE_PAPER)

    def band(self, band: str) -> Format:
        return self(bold=True, font_size=11, font_color=PAPER, bg_color=BANDS[band][0])

    def header(self, band: str, *, required: bool) -> Format:
        dark, light = BANDS[band]
        looks = {"font_color": PAPER, "bg_color": dark} if required else {"font_color": INK, "bg_color": light}
        return self(bold=True, text_wrap=True, border=1, border_color=PAPER, **looks)

    def tag(self) -> Format:
        return self(font_size=7, font_color=MUTED, bg_color=NOTE_PAPER, italic=True)

    def entry(self, kind: str) -> Format:
        """The format of the cells people fill: unlocked, lightly ruled."""
        shapes = {
            "integer": {"num_format": "#,##0"},
            "decimal": {"num_format": "#,##0.00"},
            "date": {"num_format": "yyyy-mm-dd", "align": "left"},
        }
        shape: dict[str, Any] = shapes.get(kind, {"num_format": "@", "align": "left"})
        return self(locked=False, bottom=1, bottom_color=LINE, right=4, right_color=LINE, **shape)
