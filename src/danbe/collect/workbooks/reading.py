"""Opening any workbook a partner sends: .xlsx .xlsm .xls .ods .csv, each behind the same face.

The file is judged by its bytes (``guards``), then read by calamine in a process of its own (``isolated``). Nothing here
knows what a 5W is: see ``sheets`` for finding the table and ``columns`` for what its columns mean.
"""

from __future__ import annotations

import contextlib
import pickle
import subprocess
import sys
import threading
import weakref
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from danbe.collect.messages import Note, WorkbookRefused
from danbe.collect.workbooks.guards import kind_of, tallest_sheet
from danbe.collect.workbooks.isolated import MAX_ROWS

# Wall-clock seconds for one answer of the reader; its own limit is on processor time.
PATIENCE = 300
CHILD = "danbe.collect.workbooks.isolated"


@dataclass(frozen=True)
class Sheet:
    """One sheet of a workbook. ``rows`` and ``columns`` are the extent of what is written in it, blanks left out.

    ``head`` holds the first rows (at most 60) from row 1 on, starting at column ``offset`` (0 is A); ``merged`` the
    merged ranges among them as ((row, column), (row, column)) from 0.
    """

    name: str
    visible: bool
    rows: int
    columns: int
    offset: int = 0
    head: list[list[Any]] = field(default_factory=list, repr=False, compare=False)
    merged: list[tuple[tuple[int, int], tuple[int, int]]] = field(default_factory=list, repr=False, compare=False)


class Backend(Protocol):
    def describe(self) -> list[dict[str, Any]]: ...
    def columns(self, name: str, skip: int) -> dict[str, Any]: ...
    def close(self) -> None: ...


class Workbook:
    """An open workbook. Close it, or use it in a ``with``: it holds a process."""

    def __init__(self, backend: Backend, filename: str, notes: list[Note] | None = None) -> None:
        self._backend = backend
        self.filename = filename
        self.notes = notes or []
        self.sheets = [Sheet(**description) for description in backend.describe()]
        if not any(s.rows for s in self.sheets):
            self.close()
            raise WorkbookRefused("workbook.empty", file=filename)

    def sheet(self, name: str) -> Sheet:
        """The sheet of that name, spaces and case apart; raises ``WorkbookRefused`` naming those there are."""
        for sheet in self.sheets:
            if sheet.name == name:
                return sheet
        for sheet in self.sheets:
            if sheet.name.strip().casefold() == name.strip().casefold():
                return sheet
        raise WorkbookRefused("sheet.missing", sheet=name, sheets=", ".join(f"« {s.name} »" for s in self.sheets))

    def columns(self, name: str, skip: int = 0) -> tuple[list[list[Any] | None], list[int]]:
        """The cells below row ``skip``, column by column from the sheet's ``offset``, and the rows' numbers from 1.

        Blank rows are left out, a blank column is ``None``, a blank cell is ``None``.
        """
        found = self._backend.columns(self.sheet(name).name, skip)
        return found["columns"], found["row_numbers"]

    def rows(self, name: str) -> list[list[Any]]:
        """All rows of a sheet that hold something, as lists of cells from the sheet's first filled column on."""
        columns, numbers = self.columns(name)
        blank = [None] * len(numbers)
        return [list(row) for row in zip(*(c or blank for c in columns), strict=True)]

    def close(self) -> None:
        self._backend.close()

    def __enter__(self) -> Workbook:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def open_workbook(path: Path, filename: str = "") -> Workbook:
    """Opens the file at ``path``, called ``filename`` by the person who sent it.

    Raises ``WorkbookRefused`` for whatever is no readable workbook: never another error.
    """
    return begin(path, filename)()


def begin(path: Path, filename: str = "") -> Callable[[], Workbook]:
    """Begins to open a workbook; what is returned waits for it. In between there is time for something else."""
    name = filename or path.name
    if not path.is_file():
        raise FileNotFoundError(path)
    if kind_of(path, name) == "text":
        return lambda: _open_text(path, name)
    reader = Isolated(path, name)
    return lambda: Workbook(reader, name)


def _open_text(path: Path, name: str) -> Workbook:
    from danbe.collect.workbooks.delimited import Delimited

    delimited = Delimited(path, name)
    workbook = Workbook(delimited, name, delimited.notes)
    if all(s.columns < 2 for s in workbook.sheets):
        raise WorkbookRefused("file.unknown", file=name)
    return workbook


class Isolated:
    """The reader in its own process: asks it over a pipe, and turns its death into a refusal."""

    def __init__(self, path: Path, filename: str) -> None:
        self.filename = filename
        self.path = path.resolve()
        # -P: what lies in the folder we were started from must not become the code that reads the file.
        self.process = subprocess.Popen(  # noqa: S603 (our own module)
            [sys.executable, "-P", "-m", CHILD], stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=1 << 20
        )
        self._end = weakref.finalize(self, _end, self.process)
        self._send("open", str(self.path))

    def describe(self) -> list[dict[str, Any]]:
        """Of the sheets, once the file is open: it began to be when this was made."""
        found: list[dict[str, Any]] = self._answer()
        return found

    def columns(self, name: str, skip: int) -> dict[str, Any]:
        self._send("columns", name, skip)
        found: dict[str, Any] = self._answer()
        return found

    def _send(self, *request: Any) -> None:
        assert self.process.stdin is not None
        # Where the process has died the pipe is broken; the answer, which does not come, tells of what.
        with contextlib.suppress(OSError):
            pickle.dump(request, self.process.stdin)
            self.process.stdin.flush()

    def _answer(self) -> Any:
        assert self.process.stdout is not None
        late = threading.Event()
        timer = threading.Timer(PATIENCE, self._stop, (late,))
        timer.daemon = True
        timer.start()
        try:
            answer = pickle.load(self.process.stdout)  # noqa: S301 (our own child writes it)
        except (EOFError, OSError, pickle.UnpicklingError):
            self._refuse_death(late.is_set())
        finally:
            timer.cancel()
        if answer[0] == "ok":
            return answer[1]
        self.close()
        raise WorkbookRefused(answer[1], **{"file": self.filename, **answer[2]})

    def _stop(self, late: threading.Event) -> None:
        late.set()
        self.process.kill()

    def _refuse_death(self, late: bool) -> None:
        """The process died: of its time limit (SIGXCPU, or our timer) or of its memory limit (abort, kill)."""
        code = self.process.wait()
        self.close()
        if late or code == -24 or code == -9:
            raise WorkbookRefused("file.time", file=self.filename, limit=PATIENCE) from None
        rows = tallest_sheet(self.path)
        if rows > MAX_ROWS:
            raise WorkbookRefused("sheet.rows", sheet=self.filename, rows=rows, limit=MAX_ROWS) from None
        raise WorkbookRefused("file.memory", file=self.filename) from None

    def close(self) -> None:
        self._end()


def _end(process: subprocess.Popen[bytes]) -> None:
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            with contextlib.suppress(OSError):
                pipe.close()
    if process.poll() is None:
        process.kill()
    process.wait()


__all__ = ["Sheet", "Workbook", "WorkbookRefused", "open_workbook"]
