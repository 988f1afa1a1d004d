"""The audit of a release: its books, editions and texts as one system, attacked."""

from __future__ import annotations

import time
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np

from danbe.protect.verify import attack as engine
from danbe.protect.verify import siege
from danbe.protect.verify.bands import SUBJECT, insider
from danbe.protect.verify.coding import Cells, Grouping, Universe
from danbe.protect.verify.editions import before, increments, link
from danbe.protect.verify.findings import AUTHOR, CONTRADICTION, HIDDEN_PART, REST, UNREAD, Audit, Finding, Step
from danbe.protect.verify.intervals import propagate
from danbe.protect.verify.judge import judge
from danbe.protect.verify.observe import Book, observe
from danbe.protect.verify.own import others, read_own
from danbe.protect.verify.reading import Public, read_folder
from danbe.protect.verify.rows import SHARES, Rows, between_measures, share
from danbe.protect.verify.sentences import said
from danbe.protect.verify.system import relate
from danbe.protect.verify.words import RATIOS, Vocabulary, months

# Measures that are not counts of persons: a small number of them is no small group of people.
NOT_PERSONS = frozenset({"organisations", "activities", "months_active", "expected", "received", "on_time", "nothing_to_report", "value",
                         "previous_value", "gap", "excess"})  # fmt: skip
# What the published method says adds up, where nothing printed lets one check.
ASSUMED = {
    (m, d)
    for m, dimensions in {
        "services_delivered": ("aor", "population_status", "sex_age", "indicator_id", "period", "place"),
        "people_exposed": ("aor", "place"),
        "people_in_need": ("population_status", "place"),
        "target": ("population_status", "place"),
        "reached": ("population_status", "sex_age", "place"),
    }.items()
    for d in dimensions
}
DEFAULT: dict[str, Any] = {"small": 5, "sensitive": ["SCVBG"], "sensitive_small": 10, "sensitive_level": 1}
"""The thresholds of the field brief, for a site without its release."""
_ROLES = ("cluster", "danbe", "coordination", "typst", "xlsxwriter", "openpyxl")


def audit_release(
    folders: list[Path], previous: list[Path], own_records: Path | None, gate_report: Path | None, seconds: float
) -> Audit:
    start = time.perf_counter()
    publics = [read_folder([p]) for p in previous] + [read_folder(folders)]
    places: dict[str, dict[str, Any]] = {}
    for public in reversed(publics):
        places |= {p: f for p, f in public.places.items() if p not in places}
    words = Vocabulary(
        places, set().union(*(p.manifest.get("all_dimensions", set()) for p in publics)),
        set().union(*(p.manifest.get("all_measures", set()) for p in publics)),
    )  # fmt: skip
    books = []
    for public in publics:
        book = observe(public, words)
        said(public, words, book)
        books.append(book)
    names = [f"édition {i}" for i in range(1, len(previous) + 1)] + [""]
    cells, sources, told = _cells(books, names, words)
    reading = time.perf_counter() - start
    if not len(cells):
        return Audit([], {"files": sum(p.files for p in publics), "cells": 0})
    cells, relations, rests = relate(cells, False, ASSUMED)
    rows = Rows(len(cells))
    between_measures(cells, rows)
    link(cells, rows)
    _shares(cells, books, names, rows)
    _sums(cells, books, names, rows)
    relations = rows.onto(relations)
    doubts = _tell(cells, relations, told)
    current = publics[-1]
    threshold, sensitive = _thresholds(cells, current, words)
    spare = np.zeros(len(cells), bool)
    low, high = cells.low, cells.high
    if gate_report is not None:
        known = insider(cells, threshold, gate_report)
        low, high, spare = known.low, known.high, known.spare
        sensitive = (sensitive | (known.why == SUBJECT)) & ~spare
    own = np.zeros(len(cells))
    if own_records is not None:
        own = read_own(own_records, cells)
        edition = cells.universe.digit(cells.keys, "edition") == 0
        own[~edition] = 0
        low = np.where(cells.known, low, np.maximum(low, own))
    target = cells.hidden & ~cells.known
    outcome = engine.attack(relations.matrix, relations.low, relations.high, low, high, target, seconds)
    attacker = "reader" if gate_report is None else "insider"

    def files(i: int) -> tuple[str, ...]:
        return tuple(sources.get(int(cells.keys[i]), ()))[:3]

    result = judge(
        cells, relations, outcome, cells.hidden, threshold, attacker, sensitive, spare, files, lambda i: _label(cells, i, words)
    )  # fmt: skip
    if previous:
        before(cells, relations, cells.hidden, result, seconds)
    persons = ~np.isin(cells.universe.digit(cells.keys, "measure"),
                       [cells.universe.at["measure"][m] for m in NOT_PERSONS if m in cells.universe.at["measure"]])  # fmt: skip
    result.findings += increments(cells, outcome.low, outcome.high, threshold, persons)
    if own_records is not None:
        result.findings += others(cells, own, outcome.low, outcome.high, threshold)
    for at, rest, grouping in rests:
        if 0 < rest < threshold[at] and persons[at]:
            result.findings.append(Finding(REST, cells.universe.decode(int(cells.keys[at])), rest, rest, int(threshold[at]), attacker, (Step(f"total − parties ({grouping}) = {rest:g}", files(at)),)))  # fmt: skip
    result.findings += _hygiene(publics, books, doubts)
    count = np.bincount(outcome.status[target], minlength=6)
    result.facts = {
        "files": sum(p.files for p in publics), "editions": len(publics), "cells": len(cells),
        "shown": int(cells.known.sum()), "hidden": int(cells.hidden.sum()), "sums": int(relations.matrix.shape[0]),
        "relations": dict(Counter(relations.text(r) for r in range(relations.matrix.shape[0]))),
        "attacker": attacker, "attacked": int(target.sum()), "derived": int(count[siege.EXACT]),
        "two_whole_tables": int(count[siege.WHOLE]), "two_tables": int(count[siege.OPEN]),
        "loose": int(count[siege.LOOSE]), "undecided": int(count[siege.UNDECIDED]),
        "contradictions": len(outcome.narrowed.broken) + outcome.contradictions,
        "seconds_reading": round(reading, 1), "seconds": round(time.perf_counter() - start, 1),
    }  # fmt: skip
    return result


def _cells(
    books: list[Book], names: list[str], words: Vocabulary
) -> tuple[Cells, dict[int, list[str]], list[tuple[int, float, float, str]]]:
    """All editions' cells in one universe; where each is printed; and what maps and sentences tell of some."""
    listed: dict[str, dict[str, None]] = {"measure": {"": None}, "edition": {"": None}}
    for book in books:
        for key in [*book.cells, *(k for k, *_ in book.bounds), *(k for ks, *_ in book.sums for k in ks)]:
            for dimension, code in key:
                if not (dimension == "measure" and code in RATIOS):
                    listed.setdefault(dimension, {"": None})[code] = None
    codes = {d: list(c) for d, c in listed.items()}
    codes["edition"] = ["", *[n for n in names if n]]
    for place in words.places if "place" in codes else ():
        if place not in codes["place"]:
            codes["place"].append(place)
    universe = Universe(codes, _groupings(codes, words))
    found: dict[int, tuple[float, float, bool, bool]] = {}
    sources: dict[int, list[str]] = {}
    told = []
    for book, name in zip(books, names, strict=True):
        for key, seen in book.cells.items():
            if dict(key)["measure"] in RATIOS or not (seen.shown or seen.hidden):
                continue
            number = universe.encode({**dict(key), "edition": name})
            exact = bool(seen.shown) and seen.low == seen.high
            floor = -np.inf if dict(key)["measure"] == "gap" else 0.0
            found[number] = (
                (seen.low, seen.high, bool(seen.hidden), False) if exact
                else (max(floor, np.ceil(seen.low - 1e-9)), np.floor(seen.high + 1e-9), bool(seen.hidden), False)
            )  # fmt: skip
            sources[number] = seen.shown or seen.hidden
        for key, low, high, source in book.bounds:
            if dict(key)["measure"] in RATIOS:
                continue
            number = universe.encode({**dict(key), "edition": name})
            found.setdefault(number, (0.0, np.inf, False, True))
            told.append((number, low, high, source))
            sources.setdefault(number, []).append(source)
        for keys, *_rest in book.sums:
            for key in keys:
                if dict(key)["measure"] not in RATIOS:
                    found.setdefault(universe.encode({**dict(key), "edition": name}), (0.0, np.inf, False, True))
    numbers = np.array(sorted(found), np.int64)
    facts = [found[int(k)] for k in numbers]
    return (
        Cells(
            universe, numbers, np.array([f[0] for f in facts]), np.array([f[1] for f in facts]),
            np.array([f[2] for f in facts], bool), np.array([f[3] for f in facts], bool),
        ),
        sources,
        told,
    )  # fmt: skip


def _groupings(codes: dict[str, list[str]], words: Vocabulary) -> list[Grouping]:
    found = []
    for dimension, listed in codes.items():
        at = {c: i for i, c in enumerate(listed)}
        if dimension in ("measure", "edition", "organisation_id", "indicator"):
            continue
        if dimension == "place":
            up = [at.get(str(words.places.get(c, {}).get("parent_id") or ""), -1) if c else -1 for c in listed]
            found.append(Grouping(dimension, np.array([u if u > 0 else -1 for u in up]), "lieu"))
        elif dimension == "period":
            spans = [c for c in listed if "/" in c]
            for span in spans:
                inside = set(months(span))
                up = [at[span] if c in inside else -1 for c in listed]
                found.append(Grouping(dimension, np.array(up), "mois"))
        else:
            found.append(Grouping(dimension, np.array([-1, *[0] * (len(listed) - 1)]), dimension))
    return found


def _tell(cells: Cells, relations: Any, told: list[tuple[int, float, float, str]]) -> list[tuple[str, str]]:
    """Believes what maps and sentences say where nothing shown contradicts it; what is contradicted is handed back."""
    first = propagate(relations.matrix, relations.low, relations.high, cells.low, cells.high, rounds=30)
    doubts = []
    for number, low, high, source in told:
        i = int(cells.find(np.array([number]))[0])
        if cells.known[i]:
            continue
        low, high = np.ceil(low - 1e-9), np.floor(high + 1e-9)
        if (
            low > high
            or low > first.high[i] + 0.5
            or high < first.low[i] - 0.5
            or low > cells.high[i]
            or high < cells.low[i]
        ):
            doubts.append((source, f"{cells.universe.decode(number)}"))
            continue
        cells.low[i], cells.high[i] = max(cells.low[i], low), min(cells.high[i], high)
    return doubts


def _shares(cells: Cells, books: list[Book], names: list[str], rows: Rows) -> None:
    for book, name in zip(books, names, strict=True):
        shown = [
            (k, s.low, s.high, s.shown[0]) for k, s in book.cells.items() if s.shown and dict(k)["measure"] in SHARES
        ]
        shown += [b for b in book.bounds if dict(b[0])["measure"] in SHARES]
        for key, low, high, source in shown:
            at = dict(key)
            over, under = (_at(cells, {**at, "measure": m, "edition": name}) for m in SHARES[at["measure"]])
            if over >= 0 and under >= 0 and not (cells.known[over] and cells.known[under]):
                share(rows, over, under, low, high, f"part affichée ({source})")


def _sums(cells: Cells, books: list[Book], names: list[str], rows: Rows) -> None:
    for book, name in zip(books, names, strict=True):
        for keys, low, high, source in book.sums:
            at = [_at(cells, {**dict(k), "edition": name}) for k in keys]
            if min(at) >= 0:
                rows.add(at, [1.0] * len(at), low, high, f"somme dite ({source})")


def _at(cells: Cells, cell: dict[str, str]) -> int:
    universe = cells.universe
    cell = {d: c for d, c in cell.items() if c}
    if any(c not in universe.at.get(d, {}) for d, c in cell.items()):
        return -1
    return int(cells.find(np.array([universe.encode(cell)]))[0])


def _thresholds(cells: Cells, public: Public, words: Vocabulary) -> tuple[np.ndarray, np.ndarray]:
    """The k of each cell, and the cells hidden for their subject (a sensitive area below the level it may be shown at)."""
    rules: dict[str, Any] = public.thresholds or DEFAULT
    threshold = np.full(len(cells), int(rules.get("small", rules.get("k", 5))))
    sensitive = np.zeros(len(cells), bool)
    universe = cells.universe
    listed = [universe.at["aor"][a] for a in rules.get("sensitive", ()) if a in universe.at.get("aor", {})]
    if listed:
        inside = np.isin(universe.digit(cells.keys, "aor"), listed)
        threshold[inside] = int(rules.get("sensitive_small", 10))
        levels = np.array(
            [int(words.places.get(c, {}).get("level", 0)) if c else 0 for c in universe.codes.get("place", [""])]
        )
        level = levels[universe.digit(cells.keys, "place")] if "place" in universe.codes else np.zeros(len(cells), int)
        sensitive = inside & (level > int(rules.get("sensitive_level", 1)))
    return threshold, sensitive


def _label(cells: Cells, i: int, words: Vocabulary) -> str:
    at = cells.universe.decode(int(cells.keys[i]))
    if at.get("place") in words.places:
        facts = words.places[at["place"]]
        at["place"] = f"{facts['name']} ({facts.get('code') or facts['level']})"
    measure = at.pop("measure", "")
    return f"{measure} · {' · '.join(at.values())}"


def _hygiene(publics: list[Public], books: list[Book], doubts: list[tuple[str, str]]) -> list[Finding]:
    """Names of persons in file properties; parts of files one does not see; files and tables not understood."""
    found = []
    for public in publics:
        for file, label, value in public.authors:
            if not any(role in value.casefold() for role in _ROLES):
                found.append(
                    Finding(AUTHOR, {"file": file, "field": label}, steps=(Step(f"{label} : {value}", (file,)),))
                )
        found += [Finding(HIDDEN_PART, {"file": f}, steps=(Step(what, (f,)),)) for f, what in public.hidden_parts]
        found += [Finding(UNREAD, {"file": f}, steps=(Step(why, (f,)),)) for f, why in public.unread]
    for file, why in [d for b in books for d in b.doubts] + doubts:
        found.append(Finding(CONTRADICTION, {"file": file}, steps=(Step(why, (file,)),)))
    return found
