"""Sentences about monitoring: templates over cells of the figure tables. No figure is typed; each names its cell.

A published text once gave 42 % to the wrong category: here the words and the number come from the same row.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from danbe.analyse.compute import figure_tables
from danbe.analyse.labels import Labels
from danbe.analyse.snapshot import SnapshotReader
from danbe.reference.catalogue.figures import TOTAL
from danbe.reference.words import month_name, percent

_TOP = (
    "%(period)s : %(total)s violations documentées. La première catégorie est «%(category)s» : %(count)s violations "
    "(%(share)s)."
)
_NONE = "%(period)s : aucune violation documentée."
_ROSE = "C’est %(change)s par rapport à %(before)s violations un an plus tôt."
_MOVED = (
    "%(movements)s mouvements de population ont déplacé %(displaced)s personnes : elles ne sont pas des violations."
)
_TABLES = ("monitoring_violations", "monitoring_trend", "movement_flows")


@dataclass(frozen=True)
class Cell:
    """The cell a number of a sentence comes from."""

    table: str
    measure: str
    dimensions: dict[str, str]
    value: float


@dataclass(frozen=True)
class Sentence:
    """What is said, and the cells it says it from."""

    text: str
    cells: tuple[Cell, ...] = field(default=())


def sentences(snapshot: SnapshotReader, period: str, place: str = "", language: str = "fr") -> list[Sentence]:
    """What a bulletin says of a period (a month or a span the figures are worked out for) in a place."""
    tables = figure_tables(snapshot, list(_TABLES))
    here = {"period": period, "place": place or snapshot.country}
    labels = Labels(snapshot, language)
    found = [_top(tables, here, labels)]
    for sentence in (_change(tables, here, labels), _moved(tables, here, labels)):
        if sentence is not None:
            found.append(sentence)
    return found


def _rows(tables: dict[str, Any], name: str, here: dict[str, str]) -> list[dict[str, Any]]:
    return [r for r in tables[name].to_pylist() if all(r[k] == v for k, v in here.items())]


def _cell(table: str, measure: str, row: dict[str, Any]) -> Cell:
    return Cell(table, measure, {k: row[k] for k in ("period", "place", "category") if k in row}, row[measure])


def _top(tables: dict[str, Any], here: dict[str, str], labels: Labels) -> Sentence:
    name = "monitoring_violations"
    rows = {r["category"]: r for r in _rows(tables, name, here)}
    period = month_name(here["period"], labels.language)
    period = period[0].upper() + period[1:]
    whole = rows.pop(TOTAL, None)
    if whole is None:
        return Sentence(labels.say(_NONE, period=period))
    first = max(rows.values(), key=lambda r: (r["violations"], r["category"]))
    text = labels.say(
        _TOP,
        period=period,
        total=labels.number(whole["violations"]),
        category=labels.code("violation_category", first["category"]),
        count=labels.number(first["violations"]),
        share=percent(first["violations"] / whole["violations"], labels.language),
    )
    return Sentence(text, (_cell(name, "violations", whole), _cell(name, "violations", first)))


def _change(tables: dict[str, Any], here: dict[str, str], labels: Labels) -> Sentence | None:
    name = "monitoring_trend"
    row = next(iter(_rows(tables, name, here)), None)
    if row is None or row["year_change"] is None:
        return None
    sign = "+" if row["year_change"] >= 0 else "−"
    share = sign + percent(abs(row["year_change"]), labels.language)
    text = labels.say(_ROSE, change=share, before=labels.number(row["year_before_violations"]))
    return Sentence(text, (_cell(name, "year_change", row), _cell(name, "year_before_violations", row)))


def _moved(tables: dict[str, Any], here: dict[str, str], labels: Labels) -> Sentence | None:
    name = "movement_flows"
    row = next(iter(_rows(tables, name, {**here, "category": TOTAL})), None)
    if row is None:
        return None
    text = labels.say(_MOVED, movements=labels.number(row["movements"]), displaced=labels.number(row["displaced"]))
    return Sentence(text, (_cell(name, "movements", row), _cell(name, "displaced", row)))
