"""What a table of figures must be before a cell of it is looked at: declared, planned, public, without free text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from danbe.protect.plan import Plan, Table
from danbe.protect.reasons import Reason
from danbe.reference.catalogue import DATASETS
from danbe.reference.catalogue.figures import FIGURES, TOTAL
from danbe.reference.codelists import codelist

if TYPE_CHECKING:
    import pyarrow as pa

UNSPECIFIED = "INC"
"""«Non précisé», as ``analyse`` writes it where a row says neither its area nor its indicator."""
_MONTH = r"\d{4}-(0[1-9]|1[0-2])"
_PERIOD = re.compile(rf"{_MONTH}(/{_MONTH})?")


@dataclass(frozen=True)
class Known:
    """What a dimension may hold: public places by level, organisations and indicators of the snapshot, declarations."""

    places: dict[str, int]
    organisations: frozenset[str]
    indicators: frozenset[str]
    declarations: frozenset[str]


def _sensitivity(table: str, column: str) -> int:
    """The sensitivity of a column name: as declared for this table, else the highest any dataset gives that name."""
    if table in FIGURES and column in FIGURES[table]:
        return FIGURES[table][column].sensitivity
    return max((d[column].sensitivity for d in DATASETS.values() if column in d), default=0)


def column_reasons(table: Table, data: pa.Table, plan: Plan) -> Iterator[Reason]:
    """The columns of a table against the plan."""
    import pyarrow.types as types

    planned = (*table.dimensions, *table.measures)
    for name in data.column_names:
        sensitivity = _sensitivity(table.name, name)
        if sensitivity > plan.max_sensitivity:
            yield Reason(
                "figures.confidential_column", {"table": table.name, "column": name, "sensitivity": sensitivity}
            )
        elif name not in planned:
            yield Reason("figures.unlisted_column", {"table": table.name, "column": name})
        elif name in table.measures:
            kind = data.schema.field(name).type
            if not (types.is_integer(kind) or types.is_floating(kind) or types.is_null(kind)):
                yield Reason("figures.type", {"table": table.name, "column": name})
    for name in planned:
        if name not in data.column_names:
            yield Reason("figures.missing_column", {"table": table.name, "column": name})


def value_reasons(table: Table, rows: list[dict], known: Known, plan: Plan) -> Iterator[Reason]:
    """The values of the dimensions: one reason for each column and offending value, so that the report stays short."""
    seen: set[tuple] = set()
    told: set[tuple[str, str]] = set()

    def tell(rule: str, column: str, value: object) -> Iterator[Reason]:
        if (column, str(value)) not in told:
            told.add((column, str(value)))
            yield Reason(rule, {"table": table.name, "column": column, "value": str(value)[:60]})

    for row in rows:
        key = tuple(row[d] for d in table.dimensions)
        if key in seen:
            yield from tell("figures.repeated", "", " · ".join(map(str, key)))
        seen.add(key)
        for name in table.dimensions:
            value = row[name]
            if name == "level":
                if str(value) not in {str(x) for x in table.levels if x <= plan.lowest_level}:
                    yield from tell("figures.level", name, value)
            elif name == "place":
                level = known.places.get(value)
                stated = row.get("level")
                # A table without a level column (the matrix) is by cercle.
                if level is None or str(level) != str(stated if stated is not None else plan.lowest_level):
                    yield from tell("figures.place", name, value)
            elif not _allowed(table.name, name, value, known):
                yield from tell("figures.value", name, value)


def _allowed(table: str, name: str, value: object, known: Known) -> bool:
    if not isinstance(value, str):
        return False
    if name == "period":
        return bool(_PERIOD.fullmatch(value))
    if name == "organisation_id":
        return value in known.organisations
    if value == UNSPECIFIED and name in ("indicator_id", "aor", "category"):
        # A row of the 5W may leave them out, an older typology may not tell a category; what is not said is a code of
        # its own, never lost and never free text.
        return True
    if name == "indicator_id":
        return value in known.indicators
    if name == "indicator":
        return value in known.declarations
    listed = FIGURES[table][name].codelist
    return value == TOTAL or (bool(listed) and value in codelist(listed))
