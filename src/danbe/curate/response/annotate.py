"""Gives a partner its own workbook back: cells coloured, comments, a summary sheet first, its formatting kept.

Files that are not .xlsx, and workbooks too large to be edited in memory, come back as a new workbook of the table, each
cell where it was (``annotate_copy``).
"""

from __future__ import annotations

import io
import os
import re
import zipfile
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any

from danbe.curate.models import Batch
from danbe.curate.response import files, summary
from danbe.curate.response.issues import RULES, Issue, what

# Beyond this many bytes of sheets, openpyxl needs gigabytes; a sheet that declares a million empty rows is one of them.
LARGEST_EDITED = 32 * 1024 * 1024
LARGEST_PIVOTS = 1024 * 1024
_PIVOT_PARTS = re.compile(
    rb"<pivotCaches>.*?</pivotCaches>|<(?:Relationship|Override)\b[^>]*/(?:pivotCache|pivotTable)[^>]*?/>", re.DOTALL
)
MOST_COMMENTS = 5000
COLOURS = {"block": "FFC7CE", "warn": "FFE699"}
ROW_COLOUR = "FDECEE"
# A font without a name is drawn in a serif by LibreOffice.
FONT = "Calibri"


def annotate(upload_path: Path, batch: Batch, issues: Sequence[Issue], language: str = "fr") -> Path:
    """Writes ``annotated-<language>.xlsx`` beside the batch and returns its path. ``upload_path`` is not touched."""
    path = files.folder(batch.pk) / f"annotated-{language}.xlsx"
    beside = path.with_name(f"{path.stem}.{os.getpid()}.tmp.xlsx")
    if batch.upload.filename.lower().endswith((".xlsx", ".xlsm")) and editable(upload_path):
        _edit(upload_path, beside, batch.result, issues, language)
    else:
        from danbe.curate.response.annotate_copy import write_copy

        write_copy(upload_path, batch.upload.filename, beside, batch.result, issues, language)
    beside.replace(path)
    return path


def editable(path: Path) -> bool:
    """Whether the workbook is a zip of sheets small enough to be opened and changed in memory."""
    try:
        with zipfile.ZipFile(path) as archive:
            parts = [i for i in archive.infolist() if i.filename.startswith("xl/")]
            return bool(parts) and sum(i.file_size for i in parts) <= LARGEST_EDITED
    except zipfile.BadZipFile:
        return False


def _edit(source: Path, target: Path, result: dict[str, Any], issues: Sequence[Issue], language: str) -> None:
    import openpyxl

    # Macros stay behind: what comes from outside does not leave us with a program in it.
    # An upload is named by its hash, and openpyxl goes by the ending: it is given the open file.
    with _without_large_pivots(source) as file:
        workbook = openpyxl.load_workbook(file, keep_vba=False)
    sheet = workbook[result["sheet"]] if result.get("sheet") in workbook.sheetnames else workbook.worksheets[0]
    _defuse(workbook)
    if sheet.sheet_state != "visible":
        sheet.sheet_state = "visible"
    shown, capped = _mark(sheet, issues, language)
    _status(sheet, result, issues, language)
    _summary(workbook, summary.entries(result, issues, language, shown, capped), language)
    workbook.save(target)


def _without_large_pivots(source: Path) -> IO[bytes]:
    """The file; where pivots keep a copy of all the data, without them: their tables stay as plain cells.

    openpyxl turns each value of a pivot's cache into an object: minutes for a table that is read in a second.
    """
    with zipfile.ZipFile(source) as archive:
        if sum(i.file_size for i in archive.infolist() if "/pivotCache/" in i.filename) <= LARGEST_PIVOTS:
            return source.open("rb")
        lighter = io.BytesIO()
        with zipfile.ZipFile(lighter, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as kept:
            for part in archive.infolist():
                if part.filename.startswith(("xl/pivotCache/", "xl/pivotTables/")):
                    continue
                content = archive.read(part)
                if part.filename.endswith((".rels", "[Content_Types].xml")) or part.filename == "xl/workbook.xml":
                    content = _PIVOT_PARTS.sub(b"", content)
                kept.writestr(part.filename, content)
    lighter.seek(0)
    return lighter


def _defuse(workbook: Any) -> None:
    """Formulas that call a program or the network become text; the partner's sums stay sums."""
    for sheet in workbook.worksheets:
        for cell in _filled(sheet):
            if cell.data_type == "f" and _calls_out(cell.value):
                cell.value = str(getattr(cell.value, "text", cell.value))
                cell.data_type = "s"


def _filled(sheet: Any) -> list[Any]:
    """The cells that exist. Walking the sheet's rows would make the millions that do not."""
    return list(sheet._cells.values())


def _calls_out(formula: Any) -> bool:
    text = str(getattr(formula, "text", formula)).upper()
    return "|" in text or any(
        name in text for name in ("WEBSERVICE(", "HYPERLINK(", "CALL(", "REGISTER(", "DDE(", "RTD(")
    )


def _mark(sheet: Any, issues: Sequence[Issue], language: str) -> tuple[int, bool]:
    """Colours cells and comments them. Returns how many comments there are, and whether some were left out."""
    from openpyxl.cell.cell import MergedCell
    from openpyxl.comments import Comment
    from openpyxl.styles import PatternFill

    fills = {severity: PatternFill("solid", fgColor=colour) for severity, colour in COLOURS.items()}
    pale = PatternFill("solid", fgColor=ROW_COLOUR)
    blocked = {i.row for i in issues if i.row and RULES[i.rule].severity == "block"}
    for cell in _filled(sheet):
        if cell.row in blocked and not isinstance(cell, MergedCell):
            cell.fill = pale
    comments = 0
    at = by_cell(issues)
    for (row, column), here in at.items():
        cell = sheet.cell(row, column)
        if isinstance(cell, MergedCell):
            continue
        worst = "block" if any(RULES[i.rule].severity == "block" for i in here) else "warn"
        cell.fill = fills[worst]
        if comments < MOST_COMMENTS:
            text = "\n".join(
                dict.fromkeys(f"{what(i, language)} {RULES[i.rule].remedy(language)}".strip() for i in here)
            )
            before = f"{cell.comment.text}\n— — —\n" if cell.comment else ""
            cell.comment = Comment(
                before + text, "Danbe", width=340, height=max(60, min(320, 22 * (1 + len(text) // 45)))
            )
            comments += 1
    return comments, len(at) > comments


def by_cell(issues: Sequence[Issue]) -> dict[tuple[int, int], list[Issue]]:
    """(row, column number) → the blocking and warning issues told there; those of no column stand in the first."""
    found: dict[tuple[int, int], list[Issue]] = defaultdict(list)
    for issue in issues:
        if issue.row and RULES[issue.rule].severity != "note":
            found[issue.row, issue.column_number or 1].append(issue)
    return found


def by_row(issues: Sequence[Issue]) -> dict[int, list[Issue]]:
    found: dict[int, list[Issue]] = defaultdict(list)
    for issue in issues:
        if issue.row and RULES[issue.rule].severity != "note":
            found[issue.row].append(issue)
    return found


def _status(sheet: Any, result: dict[str, Any], issues: Sequence[Issue], language: str) -> None:
    """A last column that says of each row what became of it; where it stood already it is written again."""
    from openpyxl.styles import Alignment, Font

    header_row = int(result.get("header_row") or 1)
    titles = {summary.status_header("fr"), summary.status_header("en")}
    filled = _filled(sheet)
    ours = [c.column for c in filled if c.row == header_row and c.value in titles]
    column = ours[0] if ours else max(c.column for c in filled if c.value is not None) + 1
    for cell in filled:
        if cell.column == column:
            cell.value = None
    head = sheet.cell(header_row, column)
    write_text(head, summary.status_header(language))
    head.font = Font(name=FONT, bold=True)
    sheet.column_dimensions[head.column_letter].width = 60
    for row, here in by_row(issues).items():
        cell = sheet.cell(row, column)
        write_text(cell, summary.status_text(here, language))
        cell.alignment = Alignment(wrap_text=False, vertical="top")


def write_text(cell: Any, text: str) -> None:
    """Writes text as text: what starts with «=» is not to be computed."""
    cell.value = text
    if cell.data_type == "f":
        cell.data_type = "s"


def _summary(workbook: Any, lines: Sequence[summary.Entry], language: str) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.worksheet.hyperlink import Hyperlink

    for title in (summary.sheet_title("fr"), summary.sheet_title("en")):
        if title in workbook.sheetnames:
            del workbook[title]
    sheet = workbook.create_sheet(summary.sheet_title(language), 0)
    for letter, width in zip("ABCDE", (16, 72, 10, 72, 16), strict=True):
        sheet.column_dimensions[letter].width = width
    fills = {look: PatternFill("solid", fgColor=colour) for look, colour in COLOURS.items()}
    fonts = {"title": Font(name=FONT, bold=True, size=16), "head": Font(name=FONT, bold=True)}
    for row, line in enumerate(lines, 1):
        for column, text in enumerate(line.cells, 1):
            cell = sheet.cell(row, column)
            write_text(cell, text)
            wraps = column in (2, 4) and len(line.cells) > 2
            cell.alignment = Alignment(
                wrap_text=wraps, vertical="top", horizontal="right" if column == 3 else None, indent=int(column == 4)
            )
            if line.look in fonts:
                cell.font = fonts[line.look]
        # A row written by a program does not grow by itself to hold its wrapped text.
        sheet.row_dimensions[row].height = 24 if line.look == "title" else 15 * summary.lines_of(line)
        if line.look in fills:
            sheet.cell(row, 1).fill = fills[line.look]
        if line.link:
            cell = sheet.cell(row, len(line.cells))
            cell.hyperlink = Hyperlink(ref=cell.coordinate, location=line.link, display=line.cells[-1])
            cell.font = Font(name=FONT, color="0563C1", underline="single")
    sheet.sheet_view.showGridLines = False
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A4
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    workbook.active = 0
    for other in workbook.worksheets[1:]:
        other.sheet_view.tabSelected = False
