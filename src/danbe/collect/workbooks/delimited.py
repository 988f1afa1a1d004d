"""Text files as one sheet: .csv with ; , or tab, in the encodings Excel and Kobo write."""

from __future__ import annotations

import csv
from itertools import islice
from pathlib import Path
from typing import Any

from danbe.collect.messages import Note, WorkbookRefused
from danbe.collect.workbooks.isolated import HEAD_ROWS, MAX_COLUMNS, MAX_ROWS

SEPARATORS = (";", ",", "\t", "|")
# A field longer than this is an unclosed quote that swallowed the file.
MAX_FIELD = 100_000


def decode(content: bytes) -> tuple[str, str]:
    """The text and the encoding it was read with. UTF-8 is strict, so Windows' cp1252 is tried only after it."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace"), "utf-16"
    if content[:4096].count(0) > len(content[:4096]) // 4:
        # UTF-16 without its mark: the zero bytes stand second for little-endian Latin text.
        name = "utf-16-le" if content[1:2] == b"\x00" else "utf-16-be"
        return content.decode(name, errors="replace"), name
    try:
        return content.decode("utf-8-sig"), "utf-8"
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace"), "cp1252"


def separator_of(text: str) -> str:
    """The separator that cuts the first lines into the same number of fields, and into the most of them."""
    sample = text[:65_536]

    def quality(separator: str) -> tuple[float, int]:
        rows = [r for r in islice(csv.reader(sample.splitlines()[:40], delimiter=separator), 40) if any(r)]
        widths = [len(r) for r in rows]
        if not widths or max(widths) < 2:
            return (0.0, 0)
        common = max(set(widths), key=lambda w: (widths.count(w), w))
        return (widths.count(common) / len(widths) if common > 1 else 0.0, common)

    first = sample.split("\n", 1)[0]
    if first.lower().startswith("sep=") and len(first.strip()) == 5:
        return first.strip()[4]
    return max(SEPARATORS, key=quality)


class Delimited:
    """A text file behind the same face as the isolated reader: ``describe`` and ``columns``."""

    def __init__(self, path: Path, filename: str) -> None:
        self.filename = filename
        self.name = Path(filename).stem or "csv"
        self.text, encoding = decode(path.read_bytes())
        csv.field_size_limit(MAX_FIELD)
        try:
            self.separator = separator_of(self.text)
        except csv.Error:
            raise WorkbookRefused("file.damaged", file=filename) from None
        shown = "tabulation" if self.separator == "\t" else self.separator
        self.notes = [Note("note.encoding", {"encoding": encoding, "separator": shown})]

    def _rows(self) -> Any:
        # Excel's own hint line («sep=;») is no data; it stays a row so that row numbers stay true.
        return csv.reader(self.text.replace("\x00", "").splitlines(keepends=True), delimiter=self.separator)

    def describe(self) -> list[dict[str, Any]]:
        try:
            head = [self._clean(r) for r in islice(self._rows(), HEAD_ROWS)]
            rows = sum(1 for _ in self._rows())
        except csv.Error:
            raise WorkbookRefused("file.damaged", file=self.filename) from None
        if head and head[0] and head[0][0].lower().startswith("sep"):
            head[0] = []
        width = max((len(r) for r in head), default=0)
        head = [r + [""] * (width - len(r)) for r in head]
        empty = not any(any(r) for r in head)
        return [
            {
                "name": self.name,
                "visible": True,
                "rows": 0 if empty else rows,
                "columns": 0 if empty else width,
                "offset": 0,
                "head": head,
                "merged": [],
            }
        ]

    @staticmethod
    def _clean(row: list[str]) -> list[str]:
        return [cell if cell.strip() else "" for cell in row]

    def columns(self, name: str, skip: int) -> dict[str, Any]:
        rows, numbers = [], []
        try:
            for number, row in enumerate(self._rows(), start=1):
                if number > skip and any(cell.strip() for cell in row):
                    rows.append(row)
                    numbers.append(number)
                    if len(rows) > MAX_ROWS:
                        total = self.text.count("\n")
                        raise WorkbookRefused("sheet.rows", sheet=name, rows=total, limit=MAX_ROWS)
        except csv.Error:
            raise WorkbookRefused("file.damaged", file=self.filename) from None
        width = max((len(r) for r in rows), default=0)
        if width > MAX_COLUMNS:
            raise WorkbookRefused("sheet.columns", sheet=name, columns=width, limit=MAX_COLUMNS)
        columns: list[list[Any] | None] = []
        for index in range(width):
            cells = [row[index] if index < len(row) and row[index].strip() else None for row in rows]
            columns.append(cells if cells.count(None) < len(cells) else None)
        return {"columns": columns, "row_numbers": numbers}

    def close(self) -> None:
        self.text = ""
