"""The one shape in which a partner's data sheet leaves this room, whatever the file it came in."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from danbe.collect.messages import Note


@dataclass
class Table:
    """The data rows of one sheet, column by column.

    ``headers`` are the header texts as in the file (two header rows are joined by « / »), made unique nowhere: a
    workbook may repeat a header. ``columns[i][j]`` is the value of column ``i`` in data row ``j``: ``str``, ``float``,
    ``int``, ``bool``, ``date``, ``datetime``, ``time``, ``timedelta`` or ``None``; calamine gives whole numbers as
    floats. ``row_numbers[j]`` is that row's number in the sheet and ``column_numbers[i]`` the column's, both from 1 as
    a person counts them. ``header_row`` is the (last) row of the header. ``hxl[i]`` is the column's HXL tag or ''.
    """

    sheet: str
    header_row: int
    headers: list[str]
    columns: list[list[Any]]
    row_numbers: list[int]
    hxl: list[str]
    notes: list[Note] = field(default_factory=list)
    column_numbers: list[int] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.row_numbers)

    def cell(self, index: int, row: int) -> str:
        """The address of a cell as a person finds it: column ``index`` and data row ``row`` (both from 0) as «C14»."""
        return f"{column_letters(self.column_numbers[index])}{self.row_numbers[row]}"


def column_letters(number: int) -> str:
    """1 is A, 27 is AA: a column's name in a spreadsheet."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


__all__ = ["Note", "Table", "column_letters"]
