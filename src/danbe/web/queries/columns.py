"""How the headers of an upload are understood, for the screen where a person confirms it. Kept beside the batch."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from django.conf import settings

from danbe.collect.queries import remembered_mapping
from danbe.collect.storage import upload_path
from danbe.curate.models import Batch
from danbe.reference.catalogue import ACTIVITIES
from danbe.reference.text import clean

SAMPLES = 3
SETTLED = 0.9  # below, the screen asks the person to look twice


@dataclass(frozen=True)
class SheetChoice:
    """A sheet that looks like a 5W table: its name, header row and rows below."""

    sheet: str
    header_row: int
    rows: int


@dataclass(frozen=True)
class HeaderChoice:
    """One header of the file: the column proposed ('' for «not ours»), how sure, why, and a few values under it."""

    index: int
    header: str
    column: str
    confidence: float
    reason: str
    samples: tuple[str, ...] = ()
    empty: bool = False

    @property
    def kind(self) -> str:
        """'sure', 'doubt' or 'none'."""
        return "none" if not self.column else "sure" if self.confidence >= SETTLED else "doubt"


@dataclass(frozen=True)
class Understood:
    """The sheet that was read, the others that could be, and what each header is taken for."""

    sheet: str
    sheets: tuple[SheetChoice, ...]
    headers: tuple[HeaderChoice, ...]
    rows: int

    @property
    def missing(self) -> list[str]:
        """The required columns no header is taken for."""
        taken = {h.column for h in self.headers}
        return [c.name for c in ACTIVITIES.readable if c.required and c.name not in taken]


def understood(batch: Batch) -> Understood:
    """What the file of ``batch`` is taken for, with the person's own choices where made.

    Reads the file the first time a sheet is asked for (seconds for a large one), then the note kept of it. Raises
    ``WorkbookRefused`` for a file that is no workbook.
    """
    sheet = str(batch.options.get("sheet", ""))
    note = Path(settings.DATA) / "batches" / str(batch.pk) / f"columns-{_name(sheet)}.json"
    if note.is_file():
        found = _from_json(json.loads(note.read_text("utf-8")))
    else:
        found = _read(batch, sheet)
        note.parent.mkdir(parents=True, exist_ok=True)
        note.write_text(json.dumps(asdict(found), ensure_ascii=False), "utf-8")
    chosen = batch.options.get("mapping")
    if chosen is None:
        return found
    by_index = {index: column for column, index in chosen.items()}
    headers = tuple(
        h
        if by_index.get(h.index, "") == h.column
        else replace(h, column=by_index.get(h.index, ""), confidence=1.0, reason="decided")
        for h in found.headers
    )
    return replace(found, headers=headers)


def _name(sheet: str) -> str:
    from hashlib import sha256

    return sha256(sheet.encode()).hexdigest()[:12] if sheet else "proposed"


def _read(batch: Batch, sheet: str) -> Understood:
    from danbe.collect.workbooks.columns import FLOOR, propose
    from danbe.collect.workbooks.reading import open_workbook
    from danbe.collect.workbooks.sheets import candidates, read_table

    with open_workbook(upload_path(batch.upload.sha256), batch.upload.filename) as book:
        sheets = tuple(SheetChoice(c.sheet, c.header_row, book.sheet(c.sheet).rows) for c in candidates(book))
        table = read_table(book, sheet=sheet or None)
    matches = propose(table, ACTIVITIES, remembered_mapping(batch.organisation))
    headers = []
    for match in matches:
        samples = _samples(table.columns[match.index])
        taken = match.column if match.column and match.confidence >= FLOOR else ""
        headers.append(
            HeaderChoice(match.index, clean(match.header), taken, match.confidence, match.reason, samples, not samples)
        )
    return Understood(table.sheet, sheets, tuple(headers), len(table))


def _samples(column: list[Any] | None) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for value in column or []:
        text = clean(value)
        if text:
            found.setdefault(text[:60])
            if len(found) == SAMPLES:
                break
    return tuple(found)


def _from_json(data: dict[str, Any]) -> Understood:
    return Understood(
        data["sheet"],
        tuple(SheetChoice(**s) for s in data["sheets"]),
        tuple(HeaderChoice(**{**h, "samples": tuple(h["samples"])}) for h in data["headers"]),
        data["rows"],
    )
