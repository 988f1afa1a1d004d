"""The audit as a whole: read, relate, attack, name what fell out."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np

from danbe.protect.verify import attack as engine
from danbe.protect.verify import siege
from danbe.protect.verify.areas import areas_of
from danbe.protect.verify.bands import SUBJECT, Insider, insider
from danbe.protect.verify.coding import Cells
from danbe.protect.verify.findings import Audit
from danbe.protect.verify.judge import judge
from danbe.protect.verify.own import others, read_own
from danbe.protect.verify.plain import is_plain, read_plain
from danbe.protect.verify.system import Relations, relate


def audit(
    folders: list[Path],
    previous: list[Path] | None = None,
    own_records: Path | None = None,
    gate_report: Path | None = None,
    seconds: float = 900.0,
) -> Audit:
    """Attacks the public files of ``folders`` (one edition: a release, its site, or plain tables).

    ``previous``: folders of earlier editions, oldest first. ``own_records``: a CSV of what one organisation reported
    itself. ``gate_report``: the restricted report of the gate, for an attacker who knows which hidden cells are small.
    """
    if len(folders) == 1 and is_plain(folders[0]) and not previous:
        return _plain(folders[0], own_records, gate_report, seconds)
    from danbe.protect.verify.release import audit_release

    return audit_release(folders, previous or [], own_records, gate_report, seconds)


def _plain(folder: Path, own_records: Path | None, gate_report: Path | None, seconds: float) -> Audit:
    start = time.perf_counter()
    cells, about = read_plain(folder)
    cells, relations, _rests = relate(cells, declared=True)
    read_in = time.perf_counter() - start
    threshold = np.full(len(cells), int(about.get("k", 5)))
    own = read_own(own_records, cells) if own_records else None
    result = attack_cells(cells, relations, threshold, gate_report, seconds, own)
    result.facts["seconds_reading"] = round(read_in, 1)
    return result


def attack_cells(
    cells: Cells, relations: Relations, threshold: np.ndarray, gate_report: Path | None, seconds: float,
    own: np.ndarray | None = None,
) -> Audit:  # fmt: skip
    """Attacks all hidden cells as a reader, or as an insider where a gate report is given."""
    start = time.perf_counter()
    known = Insider(cells.low, cells.high, np.zeros(len(cells), np.int8))
    attacker = "reader"
    if gate_report is not None:
        attacker = "insider"
        known = insider(cells, threshold, gate_report)
    if own is not None:
        known.low = np.where(cells.known, known.low, np.maximum(known.low, own))
    target = cells.hidden & ~cells.known
    outcome = engine.attack(
        relations.matrix, relations.low, relations.high, known.low, known.high, target, seconds, areas=areas_of(cells)
    )
    result = judge(
        cells,
        relations,
        outcome,
        target | (cells.hidden & cells.known),
        threshold,
        attacker,
        known.why == SUBJECT,
        known.spare,
    )
    if own is not None:
        result.findings += others(cells, own, outcome.low, outcome.high, threshold)
    count = np.bincount(outcome.status[target], minlength=6)
    result.facts |= {
        "cells": len(cells), "shown": int(cells.known.sum()), "hidden": int(cells.hidden.sum()),
        "sums": int(relations.matrix.shape[0]), "attacker": attacker, "attacked": int(target.sum()),
        "derived": int(count[siege.EXACT]), "two_whole_tables": int(count[siege.WHOLE]),
        "two_tables": int(count[siege.OPEN]), "loose": int(count[siege.LOOSE]), "undecided": int(count[siege.UNDECIDED]),
        "contradictions": len(outcome.narrowed.broken) + outcome.contradictions,
        "seconds_attacking": round(time.perf_counter() - start, 1),
    }  # fmt: skip
    return result
