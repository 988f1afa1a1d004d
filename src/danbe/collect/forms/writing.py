"""Export files: CSV (one per repeat level), Parquet (the same, typed), JSON (nested). Written row by row."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any, Protocol

from danbe.collect.forms.flat import Table, rows, text

KINDS = ("csv", "parquet", "json")
BATCH = 5000
_PARQUET = {"int": "int64", "decimal": "float64", "position": "int64", "encrypted": "bool", "complete": "bool"}


class Writer(Protocol):
    """Takes submissions one by one."""

    def add(self, own: dict[str, Any], answers: dict[str, Any]) -> None: ...

    def close(self) -> dict[str, int]: ...


def file_name(stem: str, table: Table, ending: str) -> str:
    """«alerte.csv», «alerte-person.csv», «alerte-person-document.csv»."""
    return "-".join([stem, *table.repeat.split("/")] if table.repeat else [stem]) + ending


class CsvWriter:
    """UTF-8 with its mark, so that Excel reads the accents."""

    def __init__(self, folder: Path, stem: str, tables: list[Table]) -> None:
        self.main, self.counts = tables[0], dict.fromkeys((file_name(stem, t, ".csv") for t in tables), 0)
        self.files = {
            t.repeat: (folder / file_name(stem, t, ".csv")).open("w", encoding="utf-8-sig", newline="") for t in tables
        }
        self.names = {t.repeat: file_name(stem, t, ".csv") for t in tables}
        self.writers = {t.repeat: csv.writer(self.files[t.repeat]) for t in tables}
        for table in tables:
            self.writers[table.repeat].writerow(table.header)

    def add(self, own: dict[str, Any], answers: dict[str, Any]) -> None:
        for table, row in rows(own, answers, self.main):
            self.writers[table.repeat].writerow([text(v) for v in row])
            self.counts[self.names[table.repeat]] += 1

    def close(self) -> dict[str, int]:
        for file in self.files.values():
            file.close()
        return self.counts


class ParquetWriter:
    """Typed by the form: int64, float64, else text. A value that is not of its type makes the column's cell null."""

    def __init__(self, folder: Path, stem: str, tables: list[Table]) -> None:
        import pyarrow as pa
        import pyarrow.parquet as pq

        self.main, self.pa = tables[0], pa
        self.names = {t.repeat: file_name(stem, t, ".parquet") for t in tables}
        self.types = {
            t.repeat: [
                *(_PARQUET.get(n, "string") for n in t.own),
                *(_PARQUET.get(c.type, "string") for c in t.columns),
            ]
            for t in tables
        }
        self.schemas = {
            t.repeat: pa.schema(
                [
                    (n, getattr(pa, k if k != "bool" else "bool_")())
                    for n, k in zip(t.header, self.types[t.repeat], strict=True)
                ]
            )
            for t in tables
        }
        self.writers = {
            t.repeat: pq.ParquetWriter(folder / self.names[t.repeat], self.schemas[t.repeat], compression="zstd")
            for t in tables
        }
        self.waiting: dict[str, list[list[Any]]] = {t.repeat: [] for t in tables}
        self.counts = dict.fromkeys(self.names.values(), 0)

    def add(self, own: dict[str, Any], answers: dict[str, Any]) -> None:
        for table, row in rows(own, answers, self.main):
            waiting = self.waiting[table.repeat]
            waiting.append(row)
            if len(waiting) >= BATCH:
                self._flush(table.repeat)

    def _flush(self, repeat: str) -> None:
        waiting = self.waiting[repeat]
        if not waiting:
            return
        columns = [
            self.pa.array([_of(v, kind) for v in column], type=field.type)
            for column, kind, field in zip(
                zip(*waiting, strict=True), self.types[repeat], self.schemas[repeat], strict=True
            )
        ]
        self.writers[repeat].write_table(self.pa.Table.from_arrays(columns, schema=self.schemas[repeat]))
        self.counts[self.names[repeat]] += len(waiting)
        waiting.clear()

    def close(self) -> dict[str, int]:
        for repeat, writer in self.writers.items():
            self._flush(repeat)
            writer.close()
        return self.counts


def _of(value: Any, kind: str) -> Any:
    if value is None:
        return None
    if kind == "int64":
        return value if isinstance(value, int) and -(2**63) <= value < 2**63 else None
    if kind == "float64":
        return float(value) if isinstance(value, int | float) else None
    return value if kind == "bool" else text(value)


class JsonWriter:
    """One array of objects: our columns, and ``answers`` as they are nested."""

    def __init__(self, folder: Path, stem: str, tables: list[Table]) -> None:
        self.name, self.count = f"{stem}.json", 0
        self.file = (folder / self.name).open("w", encoding="utf-8")
        self.file.write("[")

    def add(self, own: dict[str, Any], answers: dict[str, Any]) -> None:
        self.file.write((",\n" if self.count else "\n") + json.dumps({**own, "answers": answers}, ensure_ascii=False))
        self.count += 1

    def close(self) -> dict[str, int]:
        self.file.write("\n]\n")
        self.file.close()
        return {self.name: self.count}


def writer(kind: str, folder: Path, stem: str, tables: list[Table]) -> Writer:
    """The writer of one of ``KINDS``."""
    made: dict[str, type] = {"csv": CsvWriter, "parquet": ParquetWriter, "json": JsonWriter}
    found: Writer = made[kind](folder, stem, tables)
    return found
