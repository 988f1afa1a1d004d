"""Nested answers as flat tables: one for the form, one for each repeat, each row knowing where it hangs.

Columns are the questions of all versions of the form, by their path; a later version's order comes first. What an
answer holds that no version declares is not lost: it comes in the JSON export, and in the stored XML.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from danbe.collect.forms.schema import Schema

# Columns of ours, before those of the form.
SUBMISSION = (
    "instance_id", "root_instance_id", "form_version", "received_at", "submitted_at", "source", "submitter",
    "organisation", "device_id", "encrypted", "complete", "review_state", "review_reason",
)  # fmt: skip
REPEAT = ("key", "parent_key", "instance_id", "position", "review_state", "review_reason")


@dataclass(frozen=True)
class Column:
    """A question: its name in the table (the path below its repeat) and its type."""

    name: str
    path: tuple[str, ...]
    type: str


@dataclass
class Table:
    """One level: the form itself (``repeat`` '') or a repeat by its path."""

    repeat: str
    columns: list[Column] = field(default_factory=list)
    children: list[Table] = field(default_factory=list)

    @property
    def own(self) -> tuple[str, ...]:
        """Our columns of this level."""
        return REPEAT if self.repeat else SUBMISSION

    @property
    def header(self) -> list[str]:
        return [*self.own, *(c.name for c in self.columns)]

    @property
    def relative(self) -> tuple[str, ...]:
        """The path of this repeat below the repeat it stands in."""
        return tuple(self.repeat.split("/")) if self.repeat else ()


def tables(schemas: Iterable[Schema]) -> list[Table]:
    """The tables of a form, the form's own first; ``schemas`` are those of its versions, the latest first."""
    found: dict[str, Table] = {"": Table("")}
    seen: dict[str, set[str]] = {"": set()}
    types: dict[tuple[str, str], str] = {}
    for schema in schemas:
        for entry in schema.get("fields", ()):
            path, kind, repeat = entry["path"], entry["type"], entry["repeat"]
            if kind == "repeat":
                if path not in found:
                    found[path], seen[path] = Table(path), set()
                    found.setdefault(repeat, Table(repeat)).children.append(found[path])
                continue
            if kind in ("group", "note") or path.split("/")[0] == "meta":
                continue
            below = path[len(repeat) + 1 :] if repeat else path
            types.setdefault((repeat, below), kind)
            if types[repeat, below] != kind:
                types[repeat, below] = "string"
            if below not in seen.setdefault(repeat, set()):
                seen[repeat].add(below)
                found.setdefault(repeat, Table(repeat)).columns.append(Column(below, tuple(below.split("/")), kind))
    for repeat, table in found.items():
        table.columns = [Column(_free(c.name, table.own), c.path, types[repeat, c.name]) for c in table.columns]
    return list(found.values())


def _free(name: str, taken: tuple[str, ...]) -> str:
    """A question may bear a name of ours: it is set apart."""
    return f"{name}_" if name in taken else name


def rows(
    own: dict[str, Any], answers: dict[str, Any], table: Table, key: str = "", depth: int = 0
) -> Iterator[tuple[Table, list[Any]]]:
    """(table, row) for a submission: its own row, then those of its repeats, each with the review state of the whole."""
    key = key or str(own["instance_id"])
    yield table, [*(own[name] for name in table.own), *(_value(answers, c.path) for c in table.columns)]
    for child in table.children:
        relative = child.relative[depth:]
        for position, item in enumerate(_items(answers, relative), start=1):
            here = f"{key}/{'/'.join(relative)}[{position}]"
            below = {**own, "key": here, "parent_key": key, "position": position}
            yield from rows(below, item, child, here, len(child.relative))


def _value(answers: dict[str, Any], path: tuple[str, ...]) -> Any:
    value: Any = answers
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def _items(answers: dict[str, Any], path: tuple[str, ...]) -> list[dict[str, Any]]:
    value = _value(answers, path)
    found = value if isinstance(value, list) else [value]
    return [item for item in found if isinstance(item, dict)]


def text(value: Any) -> str:
    """A value as CSV holds it."""
    if value is None:
        return ""
    if isinstance(value, list):
        return " ".join(text(v) for v in value)
    return str(value)
