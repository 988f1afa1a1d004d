"""Finding the table: which sheet among many, hidden ones too, which row is its header, and where its data begin.

Each row near the top of each sheet is read as if it were the header and judged by how much of the catalogue it names,
times the rows below it. Title rows, two-row headers, merged parents and HXL rows are recognised on the way.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any

from danbe.collect.messages import Note, WorkbookRefused
from danbe.collect.workbooks.columns import FLOOR
from danbe.collect.workbooks.headers import JOIN, is_hxl, recognised
from danbe.collect.workbooks.reading import Sheet, Workbook
from danbe.collect.workbooks.table import Table
from danbe.reference.catalogue import ACTIVITIES, Dataset
from danbe.reference.text import clean, search_key

# A header stands near the top, below titles, logos and instructions.
DEEPEST_HEADER = 40
# Fewer recognised columns than this is a list or a pivot, not a table of activities.
FEWEST_COLUMNS = 2
# How many rows of a sheet are weighed in full.
LIKELY_ROWS = 3
# Hidden sheets are often working copies, so a visible sheet as good is preferred; a hidden one far better still wins.
HIDDEN_SHARE = 0.9
# Two header rows are joined only if that names this much more of the catalogue than the lower one alone.
JOIN_GAIN = 1.5
# Sheets at least this close to the best are named to the person.
NEARLY = 0.4
_TOTALS = frozenset({"total", "totaux", "total general", "grand total", "sous total", "somme"})


@dataclass(frozen=True)
class Candidate:
    """A sheet and its (last) header row, from 1; ``score`` compares candidates of one workbook only.

    ``first_header_row`` differs from ``header_row`` where two rows are joined; ``hxl_row`` is 0 where there is none.
    ``reasons``: 'columns:N' recognised, 'rows:N' below, 'hidden', 'hxl', 'joined'.
    """

    sheet: str
    header_row: int
    score: float
    reasons: tuple[str, ...]
    first_header_row: int = 0
    hxl_row: int = 0

    @property
    def data_after(self) -> int:
        return max(self.header_row, self.hxl_row)


def candidates(workbook: Workbook, dataset: Dataset = ACTIVITIES) -> list[Candidate]:
    """The best header of each sheet that looks like a table of ``dataset``, best sheet first."""
    found = [best for sheet in workbook.sheets if (best := _best_of(sheet, dataset))]
    return sorted(found, key=lambda c: -c.score)


def read_table(
    workbook: Workbook, candidate: Candidate | None = None, sheet: str | None = None, dataset: Dataset = ACTIVITIES
) -> Table:
    """The table of ``candidate``, or the best of ``sheet``, or the best of the workbook.

    A sheet that the person names is read even if nothing in it is recognised: its fullest row of texts is the header.
    Raises ``WorkbookRefused`` (``sheet.none``, ``sheet.missing``, ``sheet.rows``…).
    """
    notes = list(workbook.notes)
    if candidate is None and sheet is not None:
        chosen = workbook.sheet(sheet)
        candidate = _best_of(chosen, dataset) or _plain_header(chosen)
    elif candidate is None:
        ranked = candidates(workbook, dataset)
        if ranked:
            candidate = ranked[0]
            near = [c.sheet for c in ranked[1:] if c.score >= ranked[0].score * NEARLY]
            if near:
                notes.append(Note("note.other_sheets", {"sheets": ", ".join(f"« {s} »" for s in near)}))
    if candidate is None:
        shown = ", ".join(f"« {s.name} »" for s in workbook.sheets)
        raise WorkbookRefused("sheet.none", file=workbook.filename, sheets=shown)
    return _read(workbook, candidate, notes)


def _best_of(sheet: Sheet, dataset: Dataset) -> Candidate | None:
    """The row that names most of the catalogue; near spellings, which take time, are weighed for the likeliest only."""
    rows = [r for r in range(min(len(sheet.head), DEEPEST_HEADER)) if _may_be_header(sheet.head[r])]
    likely = sorted(rows, key=lambda r: (-_judge(sheet, r, dataset, near=False).score, r))[:LIKELY_ROWS]
    judged = [c for c in (_judge(sheet, r, dataset, near=True) for r in likely) if c.score > 0]
    return max(judged, key=lambda c: (c.score, -c.header_row)) if judged else None


def _judge(sheet: Sheet, row: int, dataset: Dataset, near: bool) -> Candidate:
    """Row ``row`` (from 0) read as the header, alone or joined with the row above; a score of 0 says it is none."""
    hxl = _hxl_row(sheet, row)
    tags = _tags(sheet, hxl)
    worth, count = _worth(_texts(sheet, row), tags, dataset, near)
    first = row
    upper = _texts(sheet, row - 1) if row else []
    if any(upper) and not any(is_hxl(t) for t in upper):
        joined = _worth(_header_texts(sheet, row - 1, row), tags, dataset, near)
        if joined[0] >= worth + JOIN_GAIN:
            (worth, count), first = joined, row - 1
    below = max(sheet.rows - max(row + 1, hxl), 0)
    reasons = [f"columns:{count}", f"rows:{below}"]
    reasons += ["hidden"] * (not sheet.visible) + ["hxl"] * bool(hxl) + ["joined"] * (first != row)
    score = worth * math.log10(10 + below) * (1.0 if sheet.visible else HIDDEN_SHARE)
    return Candidate(
        sheet.name, row + 1, round(score, 3) if count >= FEWEST_COLUMNS else 0.0, tuple(reasons), first + 1, hxl
    )


def _may_be_header(cells: list[Any]) -> bool:
    """Several short texts that differ, and hardly a number: what a header looks like."""
    filled = [c for c in cells if c != ""]
    texts = [c for c in filled if isinstance(c, str) and not is_hxl(c) and len(c) < 400]
    return len(texts) >= FEWEST_COLUMNS and len(texts) >= 0.6 * len(filled) and len(set(texts)) >= 0.5 * len(texts)


def _worth(headers: list[str], tags: list[str], dataset: Dataset, near: bool) -> tuple[float, int]:
    """How much of the catalogue a header names: (weight, number of columns)."""
    found = {c: v for c, v in recognised(headers, tags, dataset, near).items() if v >= FLOOR}
    return sum(v * (2.0 if dataset[c].required else 1.0) for c, v in found.items()), len(found)


def _texts(sheet: Sheet, row: int) -> list[str]:
    return [c if isinstance(c, str) else clean(c) for c in sheet.head[row]]


def _header_texts(sheet: Sheet, first: int, last: int) -> list[str]:
    """The header texts of rows ``first``–``last`` (from 0): merged parents filled rightwards, then joined."""
    lower = _texts(sheet, last)
    if first == last:
        # A header merged downwards over two rows, or rightwards over two columns, stands in its first cell only.
        return lower
    upper = _texts(sheet, first)
    spans = {(r[0][1] - sheet.offset): (r[1][1] - sheet.offset) for r in sheet.merged if r[0][0] == first}
    parents, parent, until = [], "", -1
    for column, text in enumerate(upper):
        if text:
            # Where the file tells what is merged we believe it; a text format cannot, so there a parent spans on.
            parent, until = text, spans.get(column, column if sheet.merged else len(upper))
        parents.append(parent if column <= until else "")
    return [f"{p}{JOIN}{t}" if p and t and p != t else t or p for p, t in zip(parents, lower, strict=True)]


def _hxl_row(sheet: Sheet, header: int) -> int:
    """The number (from 1) of the HXL row next to the header, or 0."""
    for row in (header + 1, header - 1):
        if 0 <= row < len(sheet.head):
            filled = [c for c in sheet.head[row] if c != ""]
            if filled and sum(is_hxl(c) for c in filled) >= 0.5 * len(filled):
                return row + 1
    return 0


def _tags(sheet: Sheet, hxl_row: int) -> list[str]:
    if not hxl_row:
        return [""] * sheet.columns
    return [c.strip() if is_hxl(c) else "" for c in sheet.head[hxl_row - 1]]


def _plain_header(sheet: Sheet) -> Candidate | None:
    """The fullest row of texts near the top, for a sheet in which nothing is recognised."""
    rows = [(sum(isinstance(c, str) and c != "" for c in r), -i) for i, r in enumerate(sheet.head[:DEEPEST_HEADER])]
    if not rows or max(rows)[0] == 0:
        return None
    row = -max(rows)[1]
    return Candidate(
        sheet.name, row + 1, 0.0, ("columns:0", f"rows:{sheet.rows - row - 1}"), row + 1, _hxl_row(sheet, row)
    )


def _read(workbook: Workbook, candidate: Candidate, notes: list[Note]) -> Table:
    sheet = workbook.sheet(candidate.sheet)
    first = candidate.first_header_row or candidate.header_row
    columns, numbers = workbook.columns(sheet.name, candidate.data_after)
    width = max(len(columns), sheet.columns)
    headers = [h.strip() for h in _header_texts(sheet, first - 1, candidate.header_row - 1)]
    headers += [""] * (width - len(headers))
    tags = _tags(sheet, candidate.hxl_row)
    tags += [""] * (width - len(tags))
    columns += [None] * (width - len(columns))
    kept = [i for i in range(width) if headers[i] or tags[i] or columns[i] is not None]
    table = Table(
        sheet=sheet.name,
        header_row=candidate.header_row,
        headers=[headers[i] for i in kept],
        columns=[columns[i] or [None] * len(numbers) for i in kept],
        row_numbers=numbers,
        hxl=[tags[i] for i in kept],
        notes=notes,
        column_numbers=[i + sheet.offset + 1 for i in kept],
    )
    _explain(table, sheet, candidate, first)
    return _without_totals(_without_repeats(table))


def _explain(table: Table, sheet: Sheet, candidate: Candidate, first: int) -> None:
    if not sheet.visible:
        table.notes.append(Note("note.hidden_sheet", {"sheet": sheet.name}))
    above = sum(1 for r in sheet.head[: first - 1] if any(c != "" for c in r)) - (0 < candidate.hxl_row < first)
    if above:
        table.notes.append(Note("note.title_rows", {"count": above, "row": candidate.header_row}))
    if first != candidate.header_row:
        table.notes.append(Note("note.header_rows", {"first": first, "last": candidate.header_row}))
    if candidate.hxl_row:
        table.notes.append(Note("note.hxl", {"row": candidate.hxl_row}))


def _without_totals(table: Table) -> Table:
    """Leaves out «TOTAL» rows that close the table: they would count everyone twice. Each is named in a note."""
    left_out = []
    for row in range(len(table) - 1, max(len(table) - 4, -1), -1):
        texts = [c[row] for c in table.columns if isinstance(c[row], str)]
        filled = sum(c[row] is not None for c in table.columns)
        if texts and len(texts) <= 2 and search_key(texts[0]) in _TOTALS and filled < max(3, len(table.columns)):
            left_out.append(row)
    for row in left_out:
        table.notes.append(Note("note.totals", {"row": table.row_numbers[row]}))
    return _drop(table, set(left_out))


def _without_repeats(table: Table) -> Table:
    """Leaves out rows that repeat the header: tables pasted one below the other."""
    named = [i for i, h in enumerate(table.headers) if h]
    if not named:
        return table
    probe = table.columns[named[0]]
    repeats = {
        row
        for row, value in enumerate(probe)
        if isinstance(value, str)
        and value.strip() == table.headers[named[0]]
        and all(clean(table.columns[i][row]) == clean(table.headers[i]) for i in named)
    }
    return _drop(table, repeats)


def _drop(table: Table, rows: set[int]) -> Table:
    if not rows:
        return table
    kept = [r for r in range(len(table)) if r not in rows]
    return replace(
        table, columns=[[c[r] for r in kept] for c in table.columns], row_numbers=[table.row_numbers[r] for r in kept]
    )


__all__ = ["Candidate", "candidates", "read_table"]
