"""The two-page factsheet: a release set by Typst as tagged A4 PDF. The same release gives the same bytes."""

from __future__ import annotations

import json
import re
import tempfile
from datetime import datetime
from html import unescape
from pathlib import Path
from typing import Literal

from danbe.publish.factsheet.content import Content
from danbe.publish.release import Release
from danbe.reference.words import LANGUAGES
from danbe.ui.tokens import COLOURS, FONT, FONTS

TEMPLATE = Path(__file__).parent / "factsheet.typ"
# Width in px of each drawing; the template gives each its place, so text comes out near 8 pt.
WIDTHS = {"map": 345.0, "bullets": 345.0, "months": 700.0, "sex_age": 340.0, "reporting": 340.0}
STANDARD: Literal["ua-1"] = "ua-1"  # PDF/UA-1 (ISO 14289-1): tagged, titled, every image described


class FactsheetRefused(ValueError):
    """The sheet cannot be made from this release; the message says why and what to do."""


def build_factsheet(release_dir: Path, language: str, out: Path) -> Path:
    """Writes the factsheet of the release in ``release_dir`` to ``out`` (PDF, two A4 pages) and returns ``out``.

    Reads the release folder only. Fonts come from ``ui/fonts``, never from the machine; the date inside is that of the
    release. Raises ``FactsheetRefused`` for a folder that is not a release, or a language that is not known.
    """
    check(release_dir, language)
    pdf = _compile(Content(Release(release_dir), language))
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_bytes(pdf)
    return out


def check(release_dir: Path, language: str) -> None:
    """Raises ``FactsheetRefused`` for a language that is not known or a folder that is not a release."""
    if language not in LANGUAGES:
        raise FactsheetRefused(f"langue inconnue : {language} ; au choix : {', '.join(LANGUAGES)}")
    missing = [
        n for n in ("manifest.json", "outlines.geojson", "tables/places.parquet") if not (release_dir / n).is_file()
    ]
    if missing:
        raise FactsheetRefused(f"{release_dir} n’est pas une publication : il y manque {', '.join(missing)}")


def typeset(source: Path, made_at: str) -> bytes:
    """The tagged PDF of a Typst file and of what lies beside it, dated ``made_at``."""
    import typst

    try:
        return typst.compile(
            str(source),
            root=str(source.parent),
            font_paths=[str(FONTS)],
            ignore_system_fonts=True,
            format="pdf",
            pdf_standards=[STANDARD],
            timestamp=int(datetime.fromisoformat(made_at).timestamp()),
        )
    except typst.TypstError as error:
        raise FactsheetRefused(f"le document n’a pas pu être mis en page : {error}") from error


def _compile(content: Content) -> bytes:
    told = content.all()
    told["colours"], told["font"] = COLOURS, FONT
    with tempfile.TemporaryDirectory(prefix="danbe-factsheet-") as name:
        folder = Path(name)
        for part, width in WIDTHS.items():
            svg = getattr(content, part)(width)
            (folder / f"{part}.svg").write_text(svg, "utf-8")
            # What is read aloud: what the drawing is, and its figures.
            described = re.search(r"<desc[^>]*>(.*?)</desc>", svg, re.S)
            told["alternatives"][part] += " " + unescape(described[1]) if described else ""
        (folder / "content.json").write_text(json.dumps(told, ensure_ascii=False), "utf-8")
        (folder / "factsheet.typ").write_bytes(TEMPLATE.read_bytes())
        return typeset(folder / "factsheet.typ", str(content.release.manifest["made_at"]))
