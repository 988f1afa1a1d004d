"""What an import leaves in the data folder beside its rows: issues, progress. ``batches/<id>/``, written atomically."""

from __future__ import annotations

import json
import os
from array import array
from collections.abc import Iterable, Iterator, Mapping
from itertools import accumulate
from pathlib import Path
from typing import Any

from django.conf import settings

from danbe.curate.response.issues import RULES, Issue, IssueList
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
    return folder(batch_id) / "issues.parquet"


def write_issues(batch_id: int, issues: IssueList, rows: Rows) -> Path:
    """Columns: rule, severity, row (0: the file), column, column_number (0: none), value, params (JSON); by row."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    order = sorted(range(len(issues)), key=issues.positions.__getitem__)
    rules = [issues.rules[i] for i in order]
    columns = [issues.columns[i] for i in order]
    told: dict[int, str] = {}

    def params(given: Mapping[str, Any]) -> str:
        # add_many shares one mapping among its rows: write it once.
        if id(given) not in told:
            told[id(given)] = json.dumps(given, ensure_ascii=False, default=str) if given else ""
        return told[id(given)]

    table = pa.table(
        {
            "rule": _texts(rules),
            "severity": _texts([RULES[r].severity for r in rules]),
            "row": _integers(rows.row_numbers[p] if (p := issues.positions[i]) >= 0 else 0 for i in order),
            "column": _texts([rows.headers.get(c, "") for c in columns]),
            "column_number": _integers(rows.column_numbers.get(c, 0) for c in columns),
            "value": _texts([str(issues.values[i]) for i in order]),
            "params": _texts([params(issues.params[i]) for i in order]),
        }
    )
    path = issues_path(batch_id)
    beside = path.with_suffix(f".{os.getpid()}.tmp")
    pq.write_table(table, beside, compression="zstd")
    beside.replace(path)
    return path


def _texts(values: list[str]) -> Any:
    """An Arrow array of texts from its buffers: given a list, Arrow would first load pandas where it is installed."""
    import pyarrow as pa

    encoded = [v.encode("utf-8", "replace") for v in values]
    offsets = array("i", [0, *accumulate(map(len, encoded))])
    buffers = [None, pa.py_buffer(offsets.tobytes()), pa.py_buffer(b"".join(encoded))]
    return pa.Array.from_buffers(pa.string(), len(values), buffers)


def _integers(values: Iterable[int]) -> Any:
    import pyarrow as pa

    found = array("i", values)
    return pa.Array.from_buffers(pa.int32(), len(found), [None, pa.py_buffer(found.tobytes())])


def read_issues(
    batch_id: int, rule: str | None = None, offset: int = 0, limit: int | None = None
) -> tuple[int, list[Issue]]:
    """(how many there are, those asked for). No file: none."""
    path = issues_path(batch_id)
    if not path.exists():
        return 0, []
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    table = pq.read_table(path)
    if rule:
        table = table.filter(pc.equal(table["rule"].cast("string"), rule))
    return table.num_rows, list(_issues(table.slice(offset, limit)))


def first_issues(batch_id: int, each: int) -> dict[str, list[Issue]]:
    """Rule → its first ``each`` issues, in the order of the rows, from one reading of the file."""
    path = issues_path(batch_id)
    if not path.exists():
        return {}
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    table = pq.read_table(path)
    rules = table["rule"].cast("string")
    return {
        rule: list(_issues(table.filter(pc.equal(rules, rule)).slice(0, each))) for rule in pc.unique(rules).to_pylist()
    }


def _issues(table: Any) -> Iterator[Issue]:
    for row in table.to_pylist():
        params = json.loads(row["params"]) if row["params"] else {}
        yield Issue(row["rule"], row["row"] or None, row["column"], row["value"], params, row["column_number"])
