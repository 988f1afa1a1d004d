"""The rows of an exported workbook put together into submissions through confirmed rules, every row accounted for. Pure.

A row either goes into a submission or stands among the problems with the reason: nothing is dropped, nothing is guessed.
Cells of columns that are no answer lie verbatim in the submission's document.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from danbe.collect.forms.answers import typed
from danbe.collect.forms.exported import Grid, Questions, Source, cell
from danbe.collect.forms.schema import Schema
from danbe.collect.pulls.records import Record
from danbe.reference.text import search_key

# How exports tell KoboToolbox's validation and ODK Central's review, as our state.
REVIEWS = {
    "validation status approved": "validated", "approved": "validated", "approuve": "validated",
    "validation status not approved": "rejected", "not approved": "rejected", "rejected": "rejected",
    "validation status on hold": "in_review", "on hold": "in_review", "hasissues": "in_review",
}  # fmt: skip


@dataclass(frozen=True)
class RowProblem:
    """Why a row is in no submission: a rule of ``collect.messages`` and its values."""

    sheet: str
    row: int
    rule: str
    values: dict[str, Any] = field(default_factory=dict)


@dataclass
class Counted:
    """What became of a sheet's rows: ``rows`` = ``stored`` + ``already`` + ``reported``."""

    sheet: str
    repeat: str
    rows: int = 0
    stored: int = 0
    already: int = 0
    reported: int = 0
    # Columns that are no answer, with how many of their cells are filled.
    kept_aside: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Built:
    """A submission made of rows: how many of each sheet. ``odd`` counts answers that are not of their question's type."""

    record: Record
    rows: dict[str, int]
    odd: int


@dataclass
class Assembled:
    """All that a workbook gives."""

    built: list[Built]
    counted: list[Counted]
    problems: list[RowProblem]
    left_out: dict[str, int]
    """Sheets that no rule names, with their rows: told, not read."""


@dataclass
class _Node:
    """A row on its way into a submission."""

    source: Source
    number: int
    cells: dict[str, str]
    answers: dict[str, Any]
    odd: int
    children: list[_Node] = field(default_factory=list)


def assemble(grids: Iterable[Grid], sources: list[Source], schema: Schema, version: str) -> Assembled:
    """Submissions with their repeats. Raises ``KeyError`` naming a sheet or header that the workbook does not have."""
    held = {g.name: g for g in grids}
    questions = Questions(schema)
    nodes: dict[str, list[_Node]] = {}
    counted: list[Counted] = []
    problems: list[RowProblem] = []
    for source in sources:
        grid = _grid(held, source)
        nodes[source.sheet] = [_node(source, grid, number, row, questions) for number, row in grid.rows]
        aside = {h: n for h, path in source.columns.items() if not path and (n := sum(1 for c in grid.column(h) if c))}
        counted.append(Counted(source.sheet, source.repeat, len(grid.rows), kept_aside=aside))
    mains = _distinct(nodes[sources[0].sheet], sources[0], problems)
    standing = {sources[0].sheet: mains}
    for source in sources[1:]:
        standing[source.sheet] = _hang(nodes[source.sheet], source, standing.get(source.parent, []), problems)
    built = [_build(node, sources[0], version) for node in mains]
    for count in counted:
        count.reported = sum(1 for p in problems if p.sheet == count.sheet)
    named = {s.sheet for s in sources}
    return Assembled(built, counted, problems, {g.name: len(g.rows) for g in held.values() if g.name not in named})


def _grid(held: dict[str, Grid], source: Source) -> Grid:
    grid = held.get(source.sheet)
    if grid is None:
        raise KeyError(source.sheet)
    needed = {*source.columns, source.own, source.id, source.submitted, source.review} - {""}
    if missing := sorted(needed - set(grid.headers)):
        raise KeyError(f"{source.sheet} : {', '.join(missing[:5])}")
    return grid


def _node(source: Source, grid: Grid, number: int, row: list[Any], questions: Questions) -> _Node:
    cells = {h: text for h, value in zip(grid.headers, row, strict=True) if h and (text := cell(value)) != ""}
    answers: dict[str, Any] = {}
    odd = 0
    for header, path in source.columns.items():
        kind = questions.types.get(path, "string")
        if not path or (value := typed(cells.get(header, ""), kind)) is None:
            continue
        odd += kind in ("int", "decimal") and isinstance(value, str)
        place = answers
        *groups, name = (path[len(source.repeat) + 1 :] if source.repeat else path).split("/")
        for group in groups:
            place = place.setdefault(group, {})
        place[name] = value
    return _Node(source, number, cells, answers, odd)


def _distinct(mains: list[_Node], source: Source, problems: list[RowProblem]) -> list[_Node]:
    """The rows of submissions, the first of each identifier; what repeats one is told."""
    seen: dict[str, int] = {}
    kept = []
    for node in mains:
        said = node.cells.get(source.id, "") if source.id else ""
        if said and said in seen:
            problems.append(RowProblem(source.sheet, node.number, "export.twice", {"id": said, "first": seen[said]}))
            continue
        seen[said] = node.number
        kept.append(node)
    return kept


def _hang(rows: list[_Node], source: Source, parents: list[_Node], problems: list[RowProblem]) -> list[_Node]:
    """The rows of a repeat whose parent stands, put below it; the others are told."""
    homes: dict[str, list[_Node]] = {}
    for parent in parents:
        if said := parent.cells.get(source.theirs, ""):
            homes.setdefault(said, []).append(parent)
    kept = []
    for row in rows:
        said = row.cells.get(source.own, "")
        found = homes.get(said, []) if said else []
        if len(found) != 1:
            rule = "export.ambiguous" if found else "export.orphan"
            values = {"own": source.own, "value": said or "∅", "theirs": source.theirs, "parent": source.parent}
            problems.append(RowProblem(source.sheet, row.number, rule, values))
            continue
        found[0].children.append(row)
        kept.append(row)
    return kept


def _build(main: _Node, source: Source, version: str) -> Built:
    rows: dict[str, int] = {}
    document: dict[str, list[dict[str, str]]] = {}
    odd = 0

    def gather(node: _Node) -> None:
        nonlocal odd
        rows[node.source.sheet] = rows.get(node.source.sheet, 0) + 1
        odd += node.odd
        document.setdefault(node.source.sheet, []).append(node.cells)
        above = f"{node.source.repeat}/" if node.source.repeat else ""
        for child in node.children:
            gather(child)
            place = node.answers
            *groups, name = child.source.repeat[len(above) :].split("/")
            for group in groups:
                place = place.setdefault(group, {})
            place.setdefault(name, []).append(child.answers)

    gather(main)
    raw = json.dumps(document, ensure_ascii=False, sort_keys=True).encode()
    identity = (
        _identity(main.cells.get(source.id, "") if source.id else "") or f"sha256:{hashlib.sha256(raw).hexdigest()}"
    )
    record = Record(
        root_instance_id=identity, instance_id=identity, version=version, raw=raw, answers=main.answers,
        submitted_at=_moment(main.cells.get(source.submitted, "")) if source.submitted else None,
        device_id=str(main.answers.get("deviceid") or "")[:250],
        review=REVIEWS.get(search_key(main.cells.get(source.review, "")), "") if source.review else "",
    )  # fmt: skip
    return Built(record, rows, odd)


def _identity(said: str) -> str:
    """'' for none. The instance id that phones sent; what is no UUID stands as it is, so that another import finds it again."""
    if not said or said.startswith("uuid:"):
        return said
    try:
        return f"uuid:{UUID(said)}" if len(said) == 36 else said
    except ValueError:
        return said


def _moment(said: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(said.replace("Z", "+00:00"))
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
