"""What is withheld, cell by cell, with its proof: primary rules, complements, contributors, history, coarser tables.

Pure: rows in, decision out. ``gate`` reads the files and writes the release.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from danbe.protect import coarsen
from danbe.protect.across import Linked
from danbe.protect.book import Book, Disagree, Key, Places, Row, filled, read, text
from danbe.protect.contributors import Defence, defend, own_records
from danbe.protect.history import Told, remember
from danbe.protect.linked import Unprotectable
from danbe.protect.plan import Plan, Table
from danbe.protect.primary import BEFORE, COMPLEMENT, TOGETHER, ZERO, Shares, primary
from danbe.protect.prove import Prover
from danbe.protect.reasons import Reason, Refused

Progress = Callable[[str, int, int], None]
"""Called with the stage («sums», «bounds», «contributors»), how much is done and how much there is."""
_ROUNDS, _STEPS = 8, 12


@dataclass
class Decision:
    """``tables``: what leaves, as rows; ``withheld``: per table, row → column → reason. ``hidden``: cell → reason;
    ``complement_of``: complement → the cells it protects; ``proof``: counts; ``totals``: cells that add up others;
    ``coarsened``: what was done to which table."""

    plan: Plan
    tables: list[tuple[Table, list[Row]]]
    book: Book
    hidden: dict[Key, str]
    complement_of: dict[Key, list[Key]]
    proof: dict[str, int]
    totals: set[Key] = field(default_factory=set)
    coarsened: list[dict[str, str]] = field(default_factory=list)
    withheld: list[dict[int, dict[str, str]]] = field(default_factory=list)


def decide(
    tables: Sequence[tuple[Table, list[Row]]],
    plan: Plan,
    places: Places,
    shares: Shares,
    earlier: Sequence[Told] = (),
    progress: Progress | None = None,
) -> Decision:
    """Withholds until every hidden count is proved ambiguous, coarsening a table where that cannot be.

    Raises ``Refused`` where no coarser table helps, and where figures contradict one another.
    """
    coarsened: list[dict[str, str]] = []
    lost: list[Key] = []
    for _ in range(_STEPS):
        shown = [
            (
                plan.by_name[t.name],
                filled(plan.by_name[t.name], coarsen.applied(plan.by_name[t.name], rows, plan), plan),
            )
            for t, rows in tables
        ]
        try:
            book = read(shown, plan, places)
            found = _decided(book, plan, places, shares, earlier, progress)
        except Disagree as error:
            raise Refused([Reason("figures.not_closed", {"what": str(error)})]) from None
        if isinstance(found, Decision):
            found.coarsened = coarsened
            return found
        lost = found
        further = coarsen.step(plan, book, lost)
        if further is None:
            break
        plan = further[0]
        coarsened.append(further[1])
    raise Refused([Reason("gate.unprotectable", {"n": len(lost), "cell": f"{lost[0][0]} ({text(lost[0])})"})])


def _decided(
    book: Book, plan: Plan, places: Places, shares: Shares, earlier: Sequence[Told], progress: Progress | None
) -> Decision | list[Key]:
    """The decision, or the cells nothing can protect in tables this fine."""
    tell = progress or (lambda _stage, _done, _all: None)
    reasons = primary(book, plan, places, shares)
    known = _from_outside(book, plan)
    knowledge = remember(earlier, book, plan)
    knowledge.known |= known
    linked = Linked(book, plan, places, reasons, knowledge)
    prover = Prover(linked)
    try:
        prover.keep(prover.sums(lambda done, of: tell("sums", done, of)))
    except Unprotectable as error:
        return list(error.cells)
    organisations = own_records(linked, shares)
    defence: Defence | None = None
    for _ in range(_ROUNDS):
        lost = prover.finish(lambda done, of: tell("bounds", done, of))
        if lost:
            return _printed(lost, linked)
        prover.tidy(None if defence is None else defence.needed)
        tell("contributors", 0, len(organisations))
        defence = defend(prover, organisations, defence)
        if defence.unproven:
            return _printed([key for _, key in defence.unproven], linked)
        prover.let_go(defence.needed)
        told = linked.told_by_largest(prover.hidden)
        if not told:
            break
        prover.ask(told)
    return _decision(book, plan, linked, prover, defence or Defence(), reasons)


def _from_outside(book: Book, plan: Plan) -> set[Key]:
    """The figures published elsewhere, as cells readers have; those we do not print join the book."""
    found = set()
    for figure in plan.outside:
        key = (plan.measure[figure.measure].same_as or figure.measure, tuple(sorted(figure.cell)))
        if key not in book.cells:
            book.cells[key], book.limits[key] = figure.value, 1
        found.add(key)
    return found


def _printed(lost: list[Key], linked: Linked) -> list[Key]:
    """Cells that some table prints: an unseen quantity stands for what it is made of."""
    found: list[Key] = []
    for key in lost:
        found += [cell for cell, _ in linked.unseen[key]] if key in linked.unseen else [key]
    return found


def _decision(
    book: Book, plan: Plan, linked: Linked, prover: Prover, defence: Defence, reasons: Mapping[Key, str]
) -> Decision:
    why: dict[int, set[int]] = {s: set(small) for s, small in prover.why.items()}
    for s, small in defence.why.items():
        why.setdefault(s, set()).update(small)
    hidden: dict[Key, str] = {}
    complement_of: dict[Key, list[Key]] = {}
    for i in np.flatnonzero(prover.hidden[: linked.n]).tolist():
        key = linked.keys[i]
        if key in linked.reasons:
            hidden[key] = linked.reasons[key]
        elif linked.zeros[i]:
            hidden[key] = ZERO
        elif key in linked.knowledge.stay_hidden:
            hidden[key] = BEFORE
        elif i in why or prover.system.small[i]:
            hidden[key] = COMPLEMENT
            complement_of[key] = [linked.keys[j] for j in sorted(why.get(i, ())) if j < linked.n and j != i]
        else:
            hidden[key] = TOGETHER
    # What an earlier release told is known to readers; it is not repeated all the same.
    hidden |= {key: reason for key, reason in reasons.items() if key not in hidden}
    proof = {
        "cells": linked.n,
        "sums": len(linked.sums),
        "bounds": len(linked.unseen),
        "hidden": len(hidden),
        "small": int(prover.system.small.sum()),
        "unproven": len(prover.unproven()),
        "organisations": defence.organisations,
        "looked_at_for_organisations": defence.looked_at,
    }
    decision = Decision(plan, list(book.tables), book, hidden, complement_of, proof)
    decision.totals = {total for total, _ in linked.sums}
    decision.withheld = _columns(book, hidden)
    return decision


def _columns(book: Book, hidden: Mapping[Key, str]) -> list[dict[int, dict[str, str]]]:
    """Per table, row → withheld column → reason; what is worked out from a withheld cell goes with it."""
    found: list[dict[int, dict[str, str]]] = [{} for _ in book.tables]
    for key, reason in hidden.items():
        for at in book.printed.get(key, ()):
            found[at.table].setdefault(at.row, {})[at.column] = reason
    for at, sources in book.derived:
        if any(s in hidden for s in sources):
            found[at.table].setdefault(at.row, {})[at.column] = TOGETHER
    return found
