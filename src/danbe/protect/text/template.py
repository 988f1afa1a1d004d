"""Sentences over released cells: ``{figure:table.measure[dim=code, …]}``, ``{share:A / B}``, ``{change:A / B}``.

A placeholder is resolved against what the gate let out and nothing else. A withheld cell is written «protégé». A share
or a change of a withheld cell is refused: one could work the cell back from it. Dimensions left out stand for the
whole: all areas, the whole country, the period of the release.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from danbe.protect.reasons import Reason, Refused
from danbe.protect.reasons_text import PROTECTED, TextReason, position
from danbe.protect.text.cells import Cell, ReleasedCells
from danbe.reference.change import change
from danbe.reference.words import number, percent, translator

PLACEHOLDER = re.compile(r"\{[^{}\n]*\}")
_CALL = re.compile(r"\{\s*(figure|share|change)\s*:(.+)\}")
_CELL = re.compile(r"\s*([a-z][a-z0-9_]*)\.([a-z][a-z0-9_]*)\s*(?:\[([^\[\]]*)\])?\s*")


@dataclass(frozen=True)
class Resolved:
    """One placeholder: where it stands, what replaces it, and what is wrong with it."""

    start: int
    end: int
    words: str
    reasons: tuple[TextReason, ...] = ()


def render(template: str, cells: ReleasedCells, language: str) -> str:
    """The sentence with its figures, in ``language``; raises ``Refused`` with every placeholder that does not hold."""
    out, last = [], 0
    reasons: list[Reason] = []
    for found in resolve(template, cells, language):
        reasons += found.reasons
        out += [template[last : found.start], found.words]
        last = found.end
    if reasons:
        raise Refused(reasons)
    return "".join([*out, template[last:]])


def resolve(template: str, cells: ReleasedCells, language: str) -> Iterator[Resolved]:
    """Each placeholder of ``template``, in order."""
    for match in PLACEHOLDER.finditer(template):
        where = position(template, match.start())
        try:
            words = _words(match.group(), cells, language)
            yield Resolved(*match.span(), words)
        except _Wrong as wrong:
            yield Resolved(*match.span(), "", (TextReason(wrong.rule, where | wrong.details),))


class _Wrong(Exception):
    def __init__(self, rule: str, **details: Any) -> None:
        self.rule, self.details = rule, details
        super().__init__(rule)


def _words(placeholder: str, cells: ReleasedCells, language: str) -> str:
    call = _CALL.fullmatch(placeholder)
    if not call:
        raise _Wrong("text.placeholder", value=placeholder)
    verb, body = call.groups()
    # A slash inside brackets belongs to a period («2025-01/2025-12»); the one between cells stands outside.
    parts = re.split(r"/(?![^\[]*\])", body)
    if len(parts) != (1 if verb == "figure" else 2):
        raise _Wrong("text.placeholder", value=placeholder)
    looked = [_look_up(part, placeholder, cells) for part in parts]
    if verb == "figure":
        table, cell = looked[0]
        if cell.withheld:
            return translator(language)(PROTECTED)
        if cell.touches_withheld:
            raise _Wrong("text.tells", table=table)
        return percent(cell.value, language) if cell.unit == "ratio" else _number(cell.value, language)
    for table, cell in looked:
        if cell.withheld or cell.touches_withheld:
            raise _Wrong("text.tells", table=table)
    (_, a), (_, b) = looked
    if a.unit != b.unit:
        raise _Wrong("text.unlike", value=placeholder)
    if verb == "change":
        ratio = change(a.value, b.value)
        return percent(ratio, language) if ratio is None or ratio < 0 else f"+{percent(ratio, language)}"
    return percent(a.value / b.value if a.value is not None and b.value else None, language)


def _number(value: float | int | None, language: str) -> str:
    whole = value is None or float(value).is_integer()
    return number(value, language, 0 if whole else 1)


def _look_up(part: str, placeholder: str, cells: ReleasedCells) -> tuple[str, Cell]:
    match = _CELL.fullmatch(part)
    if not match:
        raise _Wrong("text.placeholder", value=placeholder)
    table, measure, listed = match.groups()
    if table not in cells.tables:
        raise _Wrong("text.unknown_table", value=table)
    held = cells.tables[table]
    if measure not in held.measures:
        raise _Wrong("text.unknown_measure", table=table, value=measure)
    given: dict[str, str] = {}
    for item in filter(None, (x.strip() for x in (listed or "").split(","))):
        name, equals, code = (x.strip() for x in item.partition("="))
        if not equals:
            raise _Wrong("text.placeholder", value=placeholder)
        if name not in held.dimensions:
            raise _Wrong("text.unknown_dimension", table=table, value=name)
        given[name] = code
    missing = [d for d in held.dimensions if d not in given and d not in cells.defaults]
    if missing:
        raise _Wrong("text.missing_dimension", table=table, value=missing[0])
    key = tuple(given.get(d, cells.defaults.get(d, "")) for d in held.dimensions)
    cell = cells.cell(table, measure, key)
    if cell is None:
        shown = ", ".join(f"{d} = {code}" for d, code in zip(held.dimensions, key, strict=True))
        raise _Wrong("text.no_cell", table=table, value=shown)
    return table, cell
