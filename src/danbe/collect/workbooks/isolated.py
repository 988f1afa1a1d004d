"""Reads .xlsx, .xls and .ods in a process of its own, bounded in memory and time.

A workbook comes from outside, and a few hundred bytes of it can make any reader allocate gigabytes (one value in cell
XFD1048576) or never end. Here that kills this small process, and the person gets a clear refusal. It talks pickle over
its pipes: a request is a tuple, an answer ('ok', …) or ('refused', rule, values).
"""

from __future__ import annotations

import contextlib
import gc
import os
import pickle
import sys
from pathlib import Path
from typing import Any, BinaryIO

# Half of the smallest server we expect (4 GB). 300,000 rows × 40 columns take about 1.1 GB (measured: 84 bytes a cell).
MEMORY_BYTES = 2 * 1024**3
# 100,000 × 40 takes about 5 s on a slow core; the limit leaves room for a loaded one.
CPU_SECONDS = 120
# One 5W of a whole country for a year has under 100,000 rows; later steps hold a batch in memory.
MAX_ROWS = 300_000
# A household survey's export may reach a thousand columns; more is a mistake.
MAX_COLUMNS = 2_000
# Beyond this a sheet is not kept between the look and the reading.
MAX_CELLS = 12_000_000
# A value far below the table is tolerated up to what calamine can hold within MEMORY_BYTES (24–32 bytes a blank cell).
MAX_EXTENT = 45_000_000
HEAD_ROWS = 60


class Refused(Exception):
    def __init__(self, rule: str, **values: Any) -> None:
        super().__init__(rule)
        self.rule, self.values = rule, values


class Reader:
    """One open workbook: what its sheets are, and the columns of one of them."""

    def __init__(self, path: str) -> None:
        from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

        self.book = CalamineWorkbook.from_path(path)
        self.loaded: dict[str, Any] = {}
        self.metadata = [
            (m.name, m.visible == SheetVisibleEnum.Visible)
            for m in self.book.sheets_metadata
            if m.typ == SheetTypeEnum.WorkSheet
        ]

    def describe(self) -> list[dict[str, Any]]:
        """Per sheet: name, visible, rows, columns, offset of the first column, first rows, merged ranges among them."""
        return [self._describe(name, visible) for name, visible in self.metadata]

    def _describe(self, name: str, visible: bool) -> dict[str, Any]:
        sheet = self._sheet(name)
        head: list[list[Any]] = []
        if sheet.start is not None:
            for row in sheet.iter_rows():
                head.append(row)
                if len(head) == HEAD_ROWS:
                    break
        merged = [r for r in (sheet.merged_cell_ranges or []) if r[0][0] < HEAD_ROWS]
        return {
            "name": name,
            "visible": visible,
            "rows": sheet.end[0] + 1 if sheet.end else 0,
            "columns": sheet.width,
            "offset": sheet.start[1] if sheet.start else 0,
            "head": head,
            "merged": merged[:1000],
        }

    def _sheet(self, name: str) -> Any:
        if name in self.loaded:
            return self.loaded[name]
        sheet = self.book.get_sheet_by_name(name)
        self.loaded[name] = sheet
        if sum(s.height * s.width for s in self.loaded.values()) > MAX_CELLS and len(self.loaded) > 1:
            # The widest-spread sheet is the likeliest to be asked for again; the others are read anew if they are.
            largest = max(self.loaded, key=lambda n: self.loaded[n].height * self.loaded[n].width)
            self.loaded = {largest: self.loaded[largest]}
        return sheet

    def columns(self, name: str, skip: int) -> dict[str, Any]:
        """The columns below the first ``skip`` rows, blank rows dropped; a blank column is None."""
        sheet = self._sheet(name)
        self.loaded = {name: sheet}
        if sheet.start is None:
            return {"columns": [], "row_numbers": []}
        if sheet.height * sheet.width > MAX_EXTENT:
            raise Refused("sheet.cells", sheet=name, cells=sheet.height * sheet.width, limit=MAX_EXTENT)
        blank = [""] * sheet.width
        rows, numbers = [], []
        for number, row in enumerate(sheet.iter_rows(), start=1):
            if number > skip and row != blank:
                rows.append(row)
                numbers.append(number)
                if len(rows) > MAX_ROWS:
                    raise Refused("sheet.rows", sheet=name, rows=sheet.height, limit=MAX_ROWS)
        del sheet
        self.loaded = {}
        # Equal texts become one object: less to send and to hold, and '' becomes None on the way.
        seen: dict[str, str | None] = {"": None}
        columns: list[list[Any] | None] = []
        for cells in zip(*rows, strict=True):
            column = [seen.setdefault(v, v) if v.__class__ is str else v for v in cells]
            columns.append(column if column.count(None) < len(column) else None)
        if sum(c is not None for c in columns) > MAX_COLUMNS:
            raise Refused("sheet.columns", sheet=name, columns=sum(c is not None for c in columns), limit=MAX_COLUMNS)
        return {"columns": columns, "row_numbers": numbers}


def _limit() -> None:
    with contextlib.suppress(ImportError, ValueError, OSError):  # where the system knows no such limits, we go on
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
        resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _refusal(error: BaseException) -> tuple[str, str, dict[str, Any]]:
    from python_calamine import PasswordError

    if isinstance(error, Refused):
        return "refused", error.rule, error.values
    if isinstance(error, MemoryError):
        return "refused", "file.memory", {}
    if isinstance(error, PasswordError) or "assword" in str(error):
        return "refused", "file.password", {}
    return "refused", "file.damaged", {}


def serve(source: BinaryIO, sink: BinaryIO) -> None:
    """Answers requests until the other side closes the pipe."""
    reader: Reader | None = None
    while True:
        try:
            verb, *arguments = pickle.load(source)  # noqa: S301 (our own parent writes it)
        except EOFError:
            return
        answer: tuple[Any, ...]
        try:
            if verb == "open":
                reader = Reader(*arguments)
                answer = ("ok", reader.describe())
            else:
                assert reader is not None
                answer = ("ok", reader.columns(*arguments))
        except BaseException as error:  # a panic inside the reader derives from BaseException
            answer = _refusal(error)
        pickle.dump(answer, sink, protocol=5)
        sink.flush()
        del answer


if __name__ == "__main__":
    _limit()
    gc.disable()  # millions of cells, which no cycle holds: they go when their list does
    # What a library prints must not enter the pipe, and a panic's own message must not reach the person's terminal.
    out = os.fdopen(os.dup(1), "wb", buffering=1 << 20)
    with Path(os.devnull).open("w") as nowhere:
        os.dup2(nowhere.fileno(), 1)
        os.dup2(nowhere.fileno(), 2)
        serve(sys.stdin.buffer, out)
