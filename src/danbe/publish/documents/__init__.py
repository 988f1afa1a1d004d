"""Documents of a release: the two-page presentation of the cluster and the monthly bulletin, each as PDF and as DOCX.

What a document says is a list of sections (``model``), worked out from the release alone; ``pdf`` and ``docx`` only set it.
"""

from __future__ import annotations

from pathlib import Path

from danbe.publish.documents.bulletin import bulletin
from danbe.publish.documents.model import Document
from danbe.publish.documents.presentation import presentation
from danbe.publish.factsheet import FactsheetRefused, check
from danbe.publish.release import Release

KINDS = {"presentation": presentation, "bulletin": bulletin}
FORMATS = ("pdf", "docx")

__all__ = ["FORMATS", "KINDS", "Document", "build_document"]


def build_document(kind: str, release_dir: Path, language: str, out: Path) -> Path:
    """Writes the document ``kind`` of a release to ``out``, whose ending (.pdf, .docx) says the format; returns ``out``.

    Raises ``FactsheetRefused`` for an unknown kind, format or language, or a folder that is not a release.
    """
    if kind not in KINDS or (form := out.suffix.lstrip(".")) not in FORMATS:
        raise FactsheetRefused(
            f"document inconnu : {kind} en {out.suffix or '?'} ; au choix : {', '.join(KINDS)}, en {', '.join(FORMATS)}"
        )
    check(release_dir, language)
    document = KINDS[kind](Release(release_dir), language)
    out.parent.mkdir(parents=True, exist_ok=True)
    if form == "pdf":
        from danbe.publish.documents.pdf import write
    else:
        from danbe.publish.documents.docx import write
    write(document, out)
    return out
