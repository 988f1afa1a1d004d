"""Referral pathways as printable sheets: one A5 page for a need and a zone, set by Typst. Fonts are ours; same input, same bytes."""

from __future__ import annotations

import json
import tempfile
from datetime import datetime
from pathlib import Path
from typing import Any

from danbe.reference.text import slug
from danbe.ui.tokens import COLOURS, FONT, FONTS

TEMPLATE = Path(__file__).parent / "pathway.typ"


class SheetRefused(ValueError):
    """A sheet that cannot be set, or does not fit its page; the message says why."""


def sheet_name(step: dict[str, Any]) -> str:
    """The file of the pathway a step belongs to."""
    return f"circuit-{slug(step['pathway_id'])}.pdf"


def sheet(told: dict[str, Any], made_at: str) -> bytes:
    """One A5 page. ``told``: ``title``, ``need``, ``zone``, ``language``, ``steps`` (number, what, delay, who, phone), ``words``,
    ``foot``. Raises ``SheetRefused``."""
    import typst

    with tempfile.TemporaryDirectory(prefix="danbe-pathway-") as name:
        folder = Path(name)
        (folder / "content.json").write_text(
            json.dumps({**told, "colours": COLOURS, "font": FONT}, ensure_ascii=False), "utf-8"
        )
        (folder / "pathway.typ").write_bytes(TEMPLATE.read_bytes())
        try:
            pdf: bytes = typst.compile(
                str(folder / "pathway.typ"), root=str(folder), font_paths=[str(FONTS)], ignore_system_fonts=True,
                format="pdf", pdf_standards=["ua-1"], timestamp=int(datetime.fromisoformat(made_at).timestamp()),
            )  # fmt: skip
        except typst.TypstError as error:
            raise SheetRefused(f"{told['title']} : {error}") from error
    return pdf
