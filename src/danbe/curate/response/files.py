"""What an import leaves in the data folder beside its rows: issues, progress. ``batches/<id>/``, written atomically."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

from django.conf import settings

from danbe.curate.response.issues import Issue, IssueList
from danbe.curate.response.reading import Rows


def folder(batch_id: int) -> Path:
    """The batch's folder, made if missing."""
    path = Path(settings.DATA) / "batches" / str(batch_id)
    path.mkdir(parents=True, exist_ok=True)
    return path


def write_progress(batch_id: int, done: int, total: int, stage: str) -> None:
    """A file and not a field: an import holds the one writer's place of SQLite while it enters its rows."""
    path = folder(batch_id) / "progress.json"
    beside = path.with_suffix(".tmp")
    beside.write_text(json.dumps({"done": done, "total": total, "stage": stage}), "utf-8")
    beside.replace(path)


def read_progress(batch_id: int) -> dict[str, Any]:
    """{'done', 'total', 'stage'}, or {} before there is any."""
    path = folder(batch_id) / "progress.json"
    return json.loads(path.read_text("utf-8")) if path.exists() else {}


def issues_path(batch_id: int) -> Path:
    return folder(batch_id) / "issues.sqlite3"


# An SQLite file of its own: pages and rules are read without the whole, and Python needs no library to write it.
# A kind is what issues share: a file of a hundred thousand rows has a few dozen.
_TABLES = """
create table kind (id integer primary key, rule text, header text, column_number integer, params text);
create table issue (id integer primary key, kind integer, row integer, value text);
"""
_READ = "select rule, row, header, value, params, column_number from issue join kind on kind.id = issue.kind"


def write_issues(batch_id: int, issues: IssueList, rows: Rows) -> Path:
    """Keeps the issues in the order of the rows; those of the file as a whole (row 0) come first."""
    kinds: dict[tuple[str, str, int], int] = {}
    made: list[tuple[int, str, str, int, str]] = []
    kind_of = []
    for rule, column, params in zip(issues.rules, issues.columns, issues.params, strict=True):
        # add_many shares one mapping among its rows, which the list keeps alive: its id stands for it.
        same = (rule, column, id(params))
        found = kinds.get(same)
        if found is None:
            found = kinds[same] = len(made)
            told = json.dumps(params, ensure_ascii=False, default=str) if params else ""
            made.append((found, rule, rows.headers.get(column, ""), rows.column_numbers.get(column, 0), told))
        kind_of.append(found)
    order = sorted(range(len(issues)), key=issues.positions.__getitem__)
    numbers = rows.row_numbers
    path = issues_path(batch_id)
    beside = path.with_suffix(f".{os.getpid()}.tmp")
    beside.unlink(missing_ok=True)
    with closing(sqlite3.connect(beside)) as file, file:
        file.executescript(f"pragma journal_mode=off; pragma synchronous=off; {_TABLES}")
        file.executemany("insert into kind values (?, ?, ?, ?, ?)", _safe(made))
        file.executemany(
            "insert into issue (kind, row, value) values (?, ?, ?)",
            _safe((kind_of[i], numbers[p] if (p := issues.positions[i]) >= 0 else 0, issues.values[i]) for i in order),
        )
    beside.replace(path)
    return path


def _safe(rows: Iterable[tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
    """Half of a character outside the basic plane, as broken files hold it, cannot be written as UTF-8."""
    for row in rows:
        yield tuple(v if isinstance(v, int) else str(v).encode("utf-8", "replace").decode("utf-8") for v in row)


def read_issues(
    batch_id: int, rule: str | None = None, offset: int = 0, limit: int | None = None
) -> tuple[int, list[Issue]]:
    """(how many there are, those asked for). No file: none."""
    path = issues_path(batch_id)
    if not path.exists():
        return 0, []
    only, values = ("where rule = ?", (rule,)) if rule else ("", ())
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as file:
        counted = f"select count(*) from issue join kind on kind.id = issue.kind {only}"  # noqa: S608 (our own words)
        (total,) = file.execute(counted, values).fetchone()
        page = file.execute(
            f"{_READ} {only} order by issue.id limit ? offset ?", (*values, -1 if limit is None else limit, offset)
        )
        return total, list(_issues(page))


def first_issues(batch_id: int, each: int) -> dict[str, list[Issue]]:
    """Rule → its first ``each`` issues, in the order of the rows."""
    path = issues_path(batch_id)
    if not path.exists():
        return {}
    found: dict[str, list[Issue]] = {}
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as file:
        for (rule,) in file.execute("select rule from kind group by rule order by min(id)").fetchall():
            few = file.execute(f"{_READ} where rule = ? order by issue.id limit ?", (rule, each))
            found[rule] = list(_issues(few))
    return found


def _issues(rows: Iterable[Any]) -> Iterator[Issue]:
    known: dict[str, Mapping[str, Any]] = {"": {}}
    for rule, row, header, value, params, column_number in rows:
        if params not in known:
            known[params] = json.loads(params)
        yield Issue(rule, row or None, header, value, known[params], column_number)
