"""The annotated copy of a table as a new .xlsx, written row by row: for .xls, .ods, .csv and very large workbooks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from danbe.collect.workbooks.reading import open_workbook
from danbe.collect.workbooks.sheets import read_table
from danbe.collect.workbooks.table import Table
from danbe.curate.response import summary
from danbe.curate.response.annotate import COLOURS, MOST_COMMENTS, ROW_COLOUR, by_cell, by_row
from danbe.curate.response.issues import RULES, Issue, what


def write_copy(
    source: Path, filename: str, target: Path, result: dict[str, Any], issues: Sequence[Issue], language: str
) -> None:
    """Writes the table of the batch's sheet at the rows and columns it had, coloured and commented, summary first."""
    import xlsxwriter

    with open_workbook(source, filename) as workbook:
        table = read_table(workbook, sheet=result.get("sheet") or None)
    at = by_cell(issues)
    options = {"strings_to_formulas": False, "strings_to_urls": False, "constant_memory": True}
    book = xlsxwriter.Workbook(str(target), options)
    try:
        lines = summary.entries(result, issues, language, min(len(at), MOST_COMMENTS), len(at) > MOST_COMMENTS)
        _summary(book, lines, language)
        _table(book, table, at, by_row(issues), language)
    finally:
        book.close()


def _summary(book: Any, lines: Sequence[summary.Entry], language: str) -> None:
    sheet = book.add_worksheet(summary.sheet_title(language))
    sheet.hide_gridlines(2)
    for column, width in enumerate((16, 72, 10, 72, 16)):
        sheet.set_column(column, column, width)
    top = {"valign": "top"}
    looks = {
        "title": book.add_format({"bold": True, "font_size": 16}),
        "head": book.add_format({"bold": True, **top}),
        "block": book.add_format({"bg_color": "#" + COLOURS["block"], **top}),
        "warn": book.add_format({"bg_color": "#" + COLOURS["warn"], **top}),
    }
    wrapped, right, plain = (book.add_format({**top, **f}) for f in ({"text_wrap": True}, {"align": "right"}, {}))
    link = book.add_format({"font_color": "#0563C1", "underline": 1, **top})
    for row, line in enumerate(lines):
        sheet.set_row(row, 24 if line.look == "title" else 15 * summary.lines_of(line))
        for column, text in enumerate(line.cells):
            if column == 0 or line.look in ("title", "head"):
                look = looks.get(line.look, plain)
            else:
                look = wrapped if column in (1, 3) else right if column == 2 else plain
            if line.link and column == len(line.cells) - 1:
                sheet.write_url(row, column, f"internal:{line.link}", link, text)
            else:
                sheet.write_string(row, column, text, look)


def _table(
    book: Any, table: Table, at: dict[tuple[int, int], list[Issue]], rows: dict[int, list[Issue]], language: str
) -> None:
    sheet = book.add_worksheet(table.sheet[:31])
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
    formats: dict[tuple[str, str], Any] = {}

    def look(colour: str, kind: str) -> Any:
        if (colour, kind) not in formats:
            shape = {"bg_color": f"#{colour}"} if colour else {}
            if kind:
                shape["num_format"] = kind
            formats[colour, kind] = book.add_format(shape)
        return formats[colour, kind]

    columns = [n - 1 for n in table.column_numbers]
    last = max(columns, default=-1) + 1
    sheet.set_column(0, last, 16)
    sheet.set_column(last, last, 60)
    for column, header in zip(columns, table.headers, strict=True):
        sheet.write_string(table.header_row - 1, column, header, bold)
    sheet.write_string(table.header_row - 1, last, summary.status_header(language), bold)
    comments = 0
    for position, number in enumerate(table.row_numbers):
        here = rows.get(number, ())
        blocked = any(RULES[i.rule].severity == "block" for i in here)
        marked = {column for row, column in ((number, i.column_number or 1) for i in here) if (row, column) in at}
        for column, values in zip(columns, table.columns, strict=True):
            value = values[position]
            colour = ROW_COLOUR if blocked else ""
            if column + 1 in marked:
                told = at[number, column + 1]
                colour = COLOURS["block" if any(RULES[i.rule].severity == "block" for i in told) else "warn"]
                if comments < MOST_COMMENTS:
                    text = "\n".join(
                        dict.fromkeys(f"{what(i, language)} {RULES[i.rule].remedy(language)}" for i in told)
                    )
                    sheet.write_comment(number - 1, column, text, {"x_scale": 2.4, "author": "Danbe"})
                    comments += 1
            _write(sheet, number - 1, column, value, look, colour)
        if here:
            sheet.write_string(number - 1, last, summary.status_text(here, language))


def _write(sheet: Any, row: int, column: int, value: Any, look: Any, colour: str) -> None:
    shape = look(colour, "") if colour else None
    if value is None or value == "":
        if colour:
            sheet.write_blank(row, column, None, shape)
    elif isinstance(value, bool):
        sheet.write_boolean(row, column, value, shape)
    elif isinstance(value, int | float):
        sheet.write_number(row, column, value, shape)
    elif isinstance(value, datetime):
        sheet.write_datetime(row, column, value, look(colour, "dd/mm/yyyy hh:mm"))
    elif isinstance(value, date):
        sheet.write_datetime(row, column, value, look(colour, "dd/mm/yyyy"))
    elif isinstance(value, time | timedelta):
        sheet.write_datetime(row, column, value, look(colour, "hh:mm:ss"))
    else:
        sheet.write_string(row, column, str(value)[:32767], shape)
