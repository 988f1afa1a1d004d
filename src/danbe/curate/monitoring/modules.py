"""Tables that areas of responsibility hand in, read and checked row by row. Reads only; ``actions/modules`` stores.

Aggregates of GBV, MRM and child protection are taken by region only: a row that names a cercle or a commune is refused,
and no column of theirs holds free text or an agency.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from danbe.curate.monitoring.drafts import Problem
from danbe.curate.monitoring.reading import cast
from danbe.reference.catalogue.aor_modules import TYPES
from danbe.reference.catalogue.column import Dataset
from danbe.reference.codelists import codelist
from danbe.reference.geography import PlaceMatcher
from danbe.reference.text import clean

AGGREGATES = "aor_aggregates"
_MONTH = r"\d{4}-(?:0[1-9]|1[0-2])"
_PERIOD = re.compile(rf"{_MONTH}(?:/{_MONTH})?")
# Worked out here, never read from a table.
DERIVED = frozenset({"event_month", "month", "place", "region", "cercle", "commune"})

_MISSING = "«%(column)s» est vide : cette colonne est nécessaire."
_BELOW = "Les agrégats se remettent par région : retirez le cercle et la commune."
_NOWHERE = "Lieu non reconnu : donnez le nom de la région et, hors agrégats, du cercle."
_TYPE = "«%(value)s» n’est pas dans la liste %(list)s : choisissez un de ses codes."
_BAD_PERIOD = "«%(value)s» n’est pas une période : écrivez 2025-03, ou 2025-01/2025-03 pour un trimestre."
_TWICE = "Même clé qu’à la ligne %(row)s : gardez une seule ligne."
_MORE = "%(part)s dépasse %(whole)s : une partie ne dépasse pas le tout."
_PARTS = {"served": "cases", "women": "participants", "youth": "participants"}


@dataclass(frozen=True, slots=True)
class ModuleLine:
    """One good row: its key, place (id of the reference division), month, and values by catalogue name."""

    number: int
    key: str
    place: str | None
    month: str
    values: dict[str, Any]


@dataclass(frozen=True, slots=True)
class ModuleProblem:
    """Why a row was kept out."""

    number: int
    problem: Problem


def asked(dataset: Dataset) -> Dataset:
    """The module as a table gives it: what is worked out here need not stand in it; the place comes by names."""
    columns = tuple(replace(c, required=False) if c.name in DERIVED else c for c in dataset.columns)
    return replace(dataset, columns=columns)


def check(
    rows: Iterable[tuple[int, Mapping[str, object]]], dataset: Dataset, matcher: PlaceMatcher
) -> tuple[list[ModuleLine], list[ModuleProblem]]:
    """The good lines and the problems; ``rows`` are (row number, {catalogue column: value})."""
    lines: dict[str, ModuleLine] = {}
    problems: list[ModuleProblem] = []
    for number, row in rows:
        if not any(clean(v) for v in row.values()):
            continue
        line, wrong = _line(number, row, dataset, matcher)
        if line is not None and line.key in lines:
            wrong.append(Problem(dataset.key[0], _TWICE, {"row": str(lines[line.key].number)}))
        problems += [ModuleProblem(number, p) for p in wrong]
        if line is not None and not wrong:
            lines[line.key] = line
    return list(lines.values()), problems


def _line(
    number: int, row: Mapping[str, object], dataset: Dataset, matcher: PlaceMatcher
) -> tuple[ModuleLine | None, list[Problem]]:
    wrong: list[Problem] = []
    values: dict[str, Any] = {}
    for column in dataset.columns:
        if column.name in DERIVED:
            continue
        value = row.get(column.name)
        if not clean(value):
            if column.required:
                wrong.append(Problem(column.name, _MISSING, {"column": column.fr}))
            elif column.role == "count":
                values[column.name] = 0
            continue
        read = cast(column, clean(value), wrong)
        values[column.name] = read.isoformat() if column.kind == "date" and read is not None else read
    for part, whole in _PARTS.items():
        if part in values and (values[part] or 0) > (values.get(whole) or 0):
            wrong.append(Problem(part, _MORE, {"part": dataset[part].fr, "whole": dataset[whole].fr}))
    place = _place(row, dataset, matcher, wrong)
    month = _month(values, dataset, wrong)
    if dataset.name == AGGREGATES and (module := values.get("module")) in TYPES:
        listed = TYPES[str(module)]
        if str(values.get("type")) not in codelist(listed):
            wrong.append(Problem("type", _TYPE, {"value": str(values.get("type")), "list": listed}))
        values.setdefault("sex", "INC")
        values.setdefault("age_band", "INC")
    key = "/".join(str(place if k == "region" else values.get(k)) for k in dataset.key)
    return (None if wrong else ModuleLine(number, key, place, month, values)), wrong


def _place(row: Mapping[str, object], dataset: Dataset, matcher: PlaceMatcher, wrong: list[Problem]) -> str | None:
    # «Région» and «Cercle» are names of the dataset's own columns too, by which a table may be understood.
    own = {1: "region", 2: "cercle", 3: "commune"}
    names = {n: clean(row.get(f"admin{n}_name")) or clean(row.get(own[n])) for n in own}
    codes = {n: clean(row.get(f"admin{n}_code")) for n in (1, 2, 3)}
    if dataset.name == AGGREGATES and (names[2] or names[3] or codes[2] or codes[3]):
        wrong.append(Problem("region", _BELOW))
        return None
    match = matcher.match({n: v for n, v in names.items() if v}, {n: v for n, v in codes.items() if v})
    if match.unit is None or not match.is_certain or not match.is_complete:
        wrong.append(Problem("region" if dataset.name == AGGREGATES else "place", _NOWHERE))
        return None
    return match.unit.id


def _month(values: dict[str, Any], dataset: Dataset, wrong: list[Problem]) -> str:
    if dataset.name != AGGREGATES:
        return str(values.get("event_date") or "")[:7]
    period = str(values.get("period") or "")
    if period and not _PERIOD.fullmatch(period):
        wrong.append(Problem("period", _BAD_PERIOD, {"value": period}))
    return period[-7:]
