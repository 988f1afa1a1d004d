"""Matching the columns of a table to the catalogue: one each, with confidence and reason, for a person to confirm.

Evidence, strongest first: what a person confirmed before, the header's words, its HXL tag, a near spelling, and the
values underneath (a header of persons over words is not believed). What matches nothing is «not ours»: kept and listed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from danbe.collect.workbooks.assign import assign
from danbe.collect.workbooks.headers import by_tag, by_words
from danbe.collect.workbooks.table import Table
from danbe.collect.workbooks.values import Unreadable, to_date, to_decimal, to_month
from danbe.reference.catalogue import Column, Dataset
from danbe.reference.codelists import codelist
from danbe.reference.text import clean, search_key

FLOOR = 0.7
REMEMBERED = 1.0
SAMPLE = 300
# A column whose values are of another kind loses this share of its confidence, and falls below the floor.
CONTRADICTED = 0.55
# Where no header names the column, the one of the other stands in: many 3W files have one organisation column only,
# called «Implementing Organization», and the organisation that reports is then the one that implements.
STAND_IN = {"implementing_partner": "organisation"}
STAND_IN_SHARE = 0.85
# Values alone may propose a column, never settle it.
BY_VALUES = 0.5
_PCODE = re.compile(r"^[A-Z]{2,3}[0-9]{2,}[A-Z0-9]*$")


@dataclass(frozen=True)
class Match:
    """What one header is taken for. ``column`` is ``None`` for «not ours» (kept, and listed); ``confidence`` is 0–1.

    ``reason``: remembered, name, label, synonym, shortened (brackets or line left out), hxl, hxl_kind, near_spelling,
    stand_in, values, taken (another header fits the same column better), unknown.
    """

    index: int
    header: str
    column: str | None
    confidence: float
    reason: str


def propose(table: Table, dataset: Dataset, remembered: Mapping[str, str] | None = None) -> list[Match]:
    """One ``Match`` per column of the table, in its order; no catalogue column is given twice.

    ``remembered`` is {search key of a header: column, or '' for «not ours»}, as ``collect.queries`` returns it.
    """
    samples = [_sample(column) for column in table.columns]
    scores: list[dict[str, tuple[float, str]]] = []
    for index, header in enumerate(table.headers):
        known = _recalled(header, remembered or {}, dataset)
        scores.append(known if known is not None else _evidence(header, table.hxl[index], samples[index], dataset))
    chosen = assign(
        [
            {
                # Of two columns equally well named, the one more filled wins, then the first.
                c: e[0] * _weight(dataset[c]) + _filled(table.columns[i]) / 1000 - i / 1e6
                for c, e in s.items()
            }
            for i, s in enumerate(scores)
        ]
    )
    matches = []
    for index, (header, found) in enumerate(zip(table.headers, scores, strict=True)):
        column = chosen[index]
        if column is not None:
            confidence, reason = found[column]
            matches.append(Match(index, header, column, round(confidence, 3), reason))
        else:
            recalled = _recalled(header, remembered or {}, dataset) == {}
            reason = "remembered" if recalled else "taken" if found else "unknown"
            matches.append(Match(index, header, None, REMEMBERED if recalled else 0.0, reason))
    return [_by_values(m, samples[m.index], dataset, set(chosen)) for m in matches]


def mapping_of(matches: Sequence[Match], floor: float = FLOOR) -> dict[str, int]:
    """{catalogue column: index in the table} of the matches at or above ``floor``."""
    return {m.column: m.index for m in matches if m.column and m.confidence >= floor}


def not_ours(matches: Sequence[Match], floor: float = FLOOR) -> list[Match]:
    """The columns that no catalogue column takes: kept with each row, and listed to the person."""
    return [m for m in matches if not m.column or m.confidence < floor]


def _recalled(header: str, remembered: Mapping[str, str], dataset: Dataset) -> dict[str, tuple[float, str]] | None:
    """What a person confirmed for this header: one column, nothing ({} is «not ours»), or ``None``: never asked."""
    key = search_key(header)
    if key not in remembered:
        return None
    column = remembered[key]
    return {column: (REMEMBERED, "remembered")} if column in dataset and not dataset[column].derived else {}


def _evidence(header: str, tag: str, sample: list[Any], dataset: Dataset) -> dict[str, tuple[float, str]]:
    found = dict(by_words(header[:200], dataset.name))
    for column, (confidence, reason) in by_tag(tag, dataset.name).items():
        known = found.get(column)
        if known is None:
            found[column] = (confidence, reason)
        else:  # words and tag agree
            found[column] = (max(known[0], confidence), known[1] if known[0] >= confidence else reason)
    for column, stands_for in STAND_IN.items():
        if column in found and stands_for in dataset and stands_for not in found:
            found[stands_for] = (found[column][0] * STAND_IN_SHARE, "stand_in")
    return {c: (v * (CONTRADICTED if _contradicts(sample, dataset[c]) else 1.0), r) for c, (v, r) in found.items()}


def _weight(column: Column) -> float:
    """A required column that goes without costs more than an optional one."""
    return 3.0 if column.required else 1.0


def _filled(values: list[Any]) -> float:
    return 1 - values.count(None) / len(values) if values else 0.0


def _sample(values: list[Any]) -> list[Any]:
    """Up to ``SAMPLE`` distinct non-blank values, taken from the whole height of the column."""
    step = max(1, len(values) // (SAMPLE * 4))
    distinct = dict.fromkeys(v for v in values[::step] if v is not None)
    if not distinct:
        distinct = dict.fromkeys(v for v in values if v is not None)
    return list(distinct)[:SAMPLE]


def _share(sample: list[Any], test: Any) -> float:
    return sum(1 for v in sample if test(v)) / len(sample)


def _reads(reader: Any) -> Any:
    def test(value: Any) -> bool:
        try:
            reader(value)
        except Unreadable as error:
            return error.rule in ("year", "negative", "decimal")
        return True

    return test


_MONTH, _DATE, _NUMBER = _reads(to_month), _reads(to_date), _reads(to_decimal)


def _is_pcode(value: Any) -> bool:
    return isinstance(value, str) and bool(_PCODE.match(value.strip().upper()))


def _contradicts(sample: list[Any], column: Column) -> bool:
    """Whether the values are plainly of another kind than the column's; an empty column contradicts nothing."""
    if not sample:
        return False
    if column.is_number:
        return _share(sample, _NUMBER) < 0.3
    if column.kind == "date":
        return _share(sample, _DATE) < 0.3
    if column.kind == "month":
        return _share(sample, _MONTH) < 0.3
    numbers = _share(sample, lambda v: isinstance(v, int | float) and not isinstance(v, bool))
    if column.name.endswith("_name"):
        return numbers > 0.7 or (len(sample) > 2 and _share(sample, _is_pcode) > 0.7)
    if column.name in ("organisation", "implementing_partner", "donor", "sector", "aor", "activity", "indicator"):
        return numbers > 0.7 and len(sample) > 2
    return False


def _by_values(match: Match, sample: list[Any], dataset: Dataset, taken: set[str | None]) -> Match:
    """For a header nobody knows: the free code column whose list holds nearly all its values, as a mere proposal."""
    if match.reason != "unknown" or not sample:
        return match
    for column in dataset.readable:
        if column.codelist and column.name not in taken:
            known = codelist(column.codelist)
            if len(sample) > 1 and _share(sample, lambda v, known=known: known.find(clean(v)) is not None) >= 0.8:
                taken.add(column.name)
                return replace(match, column=column.name, confidence=BY_VALUES, reason="values")
    return match
