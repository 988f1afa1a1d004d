"""A document as tagged A4 PDF (PDF/UA-1), set by Typst with the house's own fonts."""

from __future__ import annotations

import json
import tempfile
from dataclasses import asdict
from pathlib import Path

from danbe.publish.documents.model import Document
from danbe.publish.factsheet import typeset
from danbe.ui.tokens import COLOURS, FONT

TEMPLATE = Path(__file__).parent / "document.typ"


def write(document: Document, out: Path) -> None:
    """Raises ``FactsheetRefused`` where it cannot be set."""
    told = asdict(document) | {"colours": COLOURS, "font": FONT}
    with tempfile.TemporaryDirectory(prefix="danbe-document-") as name:
        folder = Path(name)
        for s, section in enumerate(told["sections"]):
            for b, block in enumerate(section["blocks"]):
                if svg := block.pop("svg"):
                    block["file"] = f"{s}-{b}.svg"
                    (folder / block["file"]).write_text(svg, "utf-8")
        (folder / "content.json").write_text(json.dumps(told, ensure_ascii=False), "utf-8")
        (folder / "document.typ").write_bytes(TEMPLATE.read_bytes())
        out.write_bytes(typeset(folder / "document.typ", document.made_at))
