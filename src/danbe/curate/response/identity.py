"""What makes two rows the same line of a report, and what makes them the same altogether; and the row as JSON.

``row_key`` is 25 hex digits of the line's series (organisation, partner, indicator or activity, area, place, site,
population group) followed by the month: the same line a month before has the same first 25 digits.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

from danbe.curate.response.reading import Rows, text_of
from danbe.curate.response.resolving import Resolved
from danbe.reference.text import search_key

SERIES = 25
_SEPARATOR = "\x1f"


@dataclass(frozen=True, slots=True)
class Identity:
    """Per row: what was done where for whom (``line``, without organisations), and the key of the series."""

    line: list[str]
    series: list[str]

    def row_key(self, position: int, month: str) -> str:
        return self.series[position] + month


def line_of(indicator: str, activity: str, aor: str, place_id: str, site: str, group: str) -> str:
    """What was done where for whom, as one string; the activity's words stand in where there is no indicator."""
    return _SEPARATOR.join((indicator or search_key(activity), aor, place_id, search_key(site), group))


def series_of(organisation: str, partner: str, line: str) -> str:
    """The series of a line: who reports it, month after month."""
    # A partner that is the organisation itself says nothing: files write it both ways.
    who = f"{organisation}{_SEPARATOR}{partner if partner != organisation else ''}{_SEPARATOR}{line}"
    return blake2b(who.encode(), digest_size=16).hexdigest()[:SERIES]


def identify(rows: Rows, resolved: Resolved) -> Identity:
    """The identity of every row."""
    activities = _keyed(rows.texts("activity"))
    words = _keyed(rows.texts("indicator"))
    sites = _keyed(rows.texts("site"))
    places = [p.place_id or f"?{p.key}" if p else "" for p in resolved.place]
    lines = [
        _SEPARATOR.join(cell)
        for cell in zip(
            [i or w or a for i, w, a in zip(resolved.indicator, words, activities, strict=True)],
            rows.values["aor"], places, sites, groups_of(rows), strict=True,
        )
    ]  # fmt: skip
    memo: dict[tuple[str, str, str], str] = {}
    series = []
    for who in zip(resolved.organisation, resolved.partner, lines, strict=True):
        found = memo.get(who)
        if found is None:
            found = memo[who] = series_of(*who)
        series.append(found)
    return Identity(lines, series)


def groups_of(rows: Rows) -> list[str]:
    """The population group of each row, or the words of a cell that names several: those are another line."""
    codes, raw = rows.texts("population_status"), rows.raw.get("population_status")
    if raw is None:
        return codes
    words = {v: search_key(v) for v in set(raw)}
    return [code or words[v] for code, v in zip(codes, raw, strict=True)]


def _keyed(column: list[str]) -> list[str]:
    keys = {v: search_key(v) for v in set(column)}
    return [keys[v] for v in column]


def content(rows: Rows, resolved: Resolved) -> Iterator[tuple[str, str, str]]:
    """Row by row: ``values`` and ``extra`` as JSON text, and the hash of all the row says and was resolved to.

    Each distinct value of a column is written once, and the pieces joined: no row becomes a dictionary.
    """
    values = [_pieces(name, column) for name, column in rows.values.items()]
    extra = [_pieces(header, column) for header, column in rows.extra.items()]
    for header, cells in rows.kept.items():
        if header not in rows.extra:
            kept = [None] * rows.n
            for position, value in cells.items():
                kept[position] = value
            extra.append(_pieces(header, kept))
    places = [p.place_id if p else "" for p in resolved.place]
    rows_of_values = zip(*values, strict=True) if values else iter([()] * rows.n)
    rows_of_extra = zip(*extra, strict=True) if extra else iter([()] * rows.n)
    who = zip(resolved.organisation, resolved.partner, places, resolved.indicator, strict=True)
    for value, more, ids in zip(rows_of_values, rows_of_extra, who, strict=True):
        told = "{" + ",".join(filter(None, value)) + "}"
        kept_apart = "{" + ",".join(filter(None, more)) + "}"
        whole = f"{told}{kept_apart}{_SEPARATOR.join(ids)}"
        yield told, kept_apart, blake2b(whole.encode(), digest_size=16).hexdigest()


def _pieces(name: str, column: list[Any]) -> list[str]:
    """«"name":value» for each cell, '' for an empty one."""
    head = json.dumps(name, ensure_ascii=False) + ":"
    pieces = {
        v: head + json.dumps(_plain(v), ensure_ascii=False) if v is not None and v != "" else "" for v in set(column)
    }
    return [pieces[v] for v in column]


def _plain(value: Any) -> str | int | float:
    if isinstance(value, float):
        return int(value) if value.is_integer() else value
    return value if isinstance(value, int) else text_of(value)
