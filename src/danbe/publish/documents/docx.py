"""A document as DOCX that people go on working with: real headings, tables with header rows, pictures with alternative text."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any

from danbe.publish.documents.model import Block, Document
from danbe.ui import charts
from danbe.ui.tokens import COLOURS, FONT

PICTURE_CM = 16.0


def write(document: Document, out: Path) -> None:
    """Writes ``out``; the language, title and day inside are those of the document."""
    import docx
    from docx.shared import Cm, Pt, RGBColor

    book = docx.Document()
    page = book.sections[0]
    page.page_width, page.page_height = Cm(21), Cm(29.7)
    page.left_margin = page.right_margin = Cm(2.2)
    page.top_margin = page.bottom_margin = Cm(1.8)
    for style in ("Normal", "Title", "Heading 1", "List Bullet", "List Number", "Quote"):
        book.styles[style].font.name = FONT
    book.styles["Normal"].font.size = Pt(10)
    for style in ("Title", "Heading 1"):
        book.styles[style].font.color.rgb = RGBColor.from_string(COLOURS["teal-dark"].lstrip("#").upper())
    _language(book, document.language)
    made = datetime.fromisoformat(document.made_at).replace(tzinfo=None)
    core = book.core_properties
    core.title, core.author, core.language = document.title, document.cluster, document.language
    core.created = core.modified = made
    book.add_paragraph(f"{document.cluster} · {document.kind}", "Title")
    book.add_paragraph().add_run(document.period).bold = True
    if document.notice:
        book.add_paragraph().add_run(document.notice).bold = True
    for section in document.sections:
        book.add_heading(section.title, 1)
        for block in section.blocks:
            _block(book, block)
    page.footer.paragraphs[0].text = document.source
    page.footer.paragraphs[0].runs[0].font.size = Pt(7)
    book.save(str(out))
    _same_bytes(out, made)


def _same_bytes(path: Path, made: datetime) -> None:
    """Dates the parts of the file by the document, so that the same document gives the same bytes."""
    with zipfile.ZipFile(path) as archive:
        parts = [(info.filename, archive.read(info)) for info in archive.infolist()]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts:
            info = zipfile.ZipInfo(name, made.timetuple()[:6])
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, content)


def _language(book: Any, language: str) -> None:
    from docx.oxml.ns import qn

    fonts = book.styles["Normal"].element.get_or_add_rPr()
    lang = fonts.makeelement(qn("w:lang"), {qn("w:val"): "fr-FR" if language == "fr" else "en-GB"})
    fonts.append(lang)


def _block(book: Any, block: Block) -> None:
    if block.kind == "kpis":
        _table(book, Block("table", columns=[k["label"] for k in block.items], rows=[
            [f"{k['value']}\n{k['note']}" for k in block.items]]), first=False)  # fmt: skip
    elif block.kind == "table":
        _table(book, block)
    elif block.kind == "image":
        _picture(book, block)
    elif block.kind in ("list", "numbered"):
        for item in block.items:
            _runs(book.add_paragraph(style="List Bullet" if block.kind == "list" else "List Number"), item)
    else:
        _runs(book.add_paragraph(style="Quote" if block.kind == "quote" else None), block.runs, block.kind == "missing")


def _runs(paragraph: Any, runs: list[Any], italic: bool = False) -> None:
    for text, bold in runs:
        run = paragraph.add_run(text)
        run.bold, run.italic = bold or None, italic or None


def _table(book: Any, block: Block, first: bool = True) -> None:
    """A table whose first row is repeated on each page and read as its header."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml.ns import qn
    from docx.shared import Pt

    table = book.add_table(rows=1, cols=len(block.columns), style="Light Grid Accent 1")
    for row, texts in enumerate([block.columns, *block.rows]):
        cells = table.rows[0].cells if row == 0 else table.add_row().cells
        for column, text in enumerate(texts):
            paragraph = cells[column].paragraphs[0]
            run = paragraph.add_run(text)
            run.font.size, run.bold = Pt(9), row == 0 or (first and column == 0)
            if column or not first:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT if first and row else WD_ALIGN_PARAGRAPH.LEFT
    properties = table.rows[0]._tr.get_or_add_trPr()
    properties.append(properties.makeelement(qn("w:tblHeader"), {qn("w:val"): "true"}))
    if block.alt:
        of = table._tbl.tblPr
        of.append(of.makeelement(qn("w:tblCaption"), {qn("w:val"): block.alt}))
    book.add_paragraph()


def _picture(book: Any, block: Block) -> None:
    from docx.shared import Cm

    book.add_picture(io.BytesIO(charts.png(block.svg, 2)), width=Cm(PICTURE_CM))
    about = book.inline_shapes[-1]._inline.docPr
    about.set("descr", block.alt)
    book.add_paragraph().add_run(block.alt).italic = True
