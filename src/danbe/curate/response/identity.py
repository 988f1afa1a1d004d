"""What makes two rows the same line of a report, and what makes them the same altogether; and the row as JSON.

``row_key`` is 25 hex digits of the line's series (organisation, partner, indicator or activity, area, place, site,
population group) followed by the month: the same line a month before has the same first 25 digits.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from hashlib import blake2b
from json.encoder import encode_basestring
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


@dataclass(slots=True)
class Contents:
    """Per row: the catalogue's columns and the file's own as JSON text, and the hash of all the row says and means."""

    values: list[str] = field(default_factory=list)
    extra: list[str] = field(default_factory=list)
    hashes: list[str] = field(default_factory=list)


# Rows of a list of who is present repeat: 22,805 rows of a real one say 1,448 different things. Where they do not, it
# is soon seen, and remembering them would only cost.
LOOK_AHEAD = 2_000


def contents(rows: Rows, resolved: Resolved) -> Contents:
    """Each distinct value of a column is written once, and the pieces joined: no row becomes a dictionary."""
    told = [_pieces(name, column) for name, column in rows.values.items()]
    extra = [_pieces(header, column) for header, column in rows.extra.items()]
    for header, cells in rows.kept.items():
        if header not in rows.extra:
            kept = [None] * rows.n
            for position, value in cells.items():
                kept[position] = value
            extra.append(_pieces(header, kept))
    told, extra = ([column for column in columns if any(column)] for columns in (told, extra))
    places = [p.place_id if p else "" for p in resolved.place]
    first, second = len(told), len(told) + len(extra)
    found = Contents()
    known: dict[tuple[str, ...], tuple[str, str, str]] = {}
    remembers = True
    who = (resolved.organisation, resolved.partner, places, resolved.indicator)
    for position, row in enumerate(zip(*told, *extra, *who, strict=True)):
        what = known.get(row)
        if what is None:
            values = "{" + "".join(row[:first])[1:] + "}"
            more = "{" + "".join(row[first:second])[1:] + "}"
            whole = f"{values}{more}{_SEPARATOR.join(row[second:])}"
            what = (values, more, blake2b(whole.encode(), digest_size=16).hexdigest())
            if remembers:
                known[row] = what
                if position == LOOK_AHEAD and len(known) > LOOK_AHEAD // 2:
                    remembers = False
                    known.clear()
        found.values.append(what[0])
        found.extra.append(what[1])
        found.hashes.append(what[2])
    return found


def _pieces(name: str, column: list[Any]) -> list[str]:
    """«,"name":value» for each cell, '' for an empty one."""
    head = f",{encode_basestring(name)}:"
    pieces = {v: head + _json(v) if v is not None and v != "" else "" for v in set(column)}
    return [pieces[v] for v in column]


def _json(value: Any) -> str:
    """A cell in JSON: what ``json.dumps`` writes, without making an encoder for each of a million cells."""
    if isinstance(value, str):
        return encode_basestring(text_of(value))
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, int | float):
        return json.dumps(value)
    return encode_basestring(text_of(value))
