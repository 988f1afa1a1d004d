"""The attack of a reader who is also a contributor: an organisation that subtracts its own records from what is public.

For each organisation the proof is done again with its own records known: no hidden cell can hold less than it brought.
Where what the others brought is 1 … k-1 the cell must stay ambiguous for it; where it does not, more is hidden.
(Handbook on Statistical Disclosure Control, ESSNet, ch. 4.2; measured on linked tables of incidents: 13–33 % of published
cells let some contributor find an exact small rest when nobody looks.)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from danbe.protect.across import Linked
from danbe.protect.book import Key
from danbe.protect.linked import LinkedSystem
from danbe.protect.linked.search import Change
from danbe.protect.primary import Shares
from danbe.protect.prove import Prover


@dataclass(frozen=True)
class OwnRecords:
    """What one organisation brought, at the positions of a system's cells (n, int64; 0 elsewhere)."""

    organisation: str
    own: np.ndarray


@dataclass
class Defence:
    """``needed`` (n, bool): what the organisations' witnesses need hidden; ``unproven``: what stays exact for whom."""

    organisations: int = 0
    looked_at: int = 0
    needed: np.ndarray = field(default_factory=lambda: np.zeros(0, bool))
    why: dict[int, set[int]] = field(default_factory=dict)
    unproven: list[tuple[str, Key]] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    """Witnesses found for organisations; they serve the next round too."""


def own_records(linked: Linked, shares: Shares) -> list[OwnRecords]:
    """The records of each organisation, never more than the cell holds (reach is capped at people in need)."""
    values = linked.system.values
    found: dict[str, np.ndarray] = {}
    for key, brought in shares.items():
        i = linked.place.get(key)
        if i is None:
            continue
        for organisation, amount in brought.items():
            own = found.setdefault(organisation, np.zeros(len(values), dtype=np.int64))
            own[i] = min(amount, values[i])
    return [OwnRecords(o, own) for o, own in sorted(found.items())]


def defend(prover: Prover, organisations: list[OwnRecords], before: Defence | None = None) -> Defence:
    """Proves, and where it must hides more (in ``prover.hidden``), until no organisation finds a small rest exactly.

    ``before``: what an earlier round found, when fewer cells had to be ambiguous.
    """
    linked = prover.linked
    defence = before or Defence(needed=np.zeros(len(linked.keys), bool))
    defence.organisations, defence.looked_at = len(organisations), 0
    public = _Pool(list(prover.book.changes.values()))
    for each in organisations:
        system = _seen_by(prover.system, each)
        targets = _targets(linked, system, each, prover.hidden)
        defence.looked_at += int(targets.sum())
        left = targets & ~public.possible(system) & ~_Pool(defence.changes).possible(system)
        if not left.any():
            continue
        own = Prover(linked, _asked(system, left, prover.hidden), prover.hidden)
        defence.unproven += [(each.organisation, key) for key in own.finish()]
        for change in own.book.changes.values():
            defence.changes.append(change)
            defence.needed[change.cells] = True
            for cell in change.cells:
                defence.why.setdefault(int(cell), set()).update(int(c) for c in change.cells if left[c])
    return defence


def _seen_by(system: LinkedSystem, each: OwnRecords) -> LinkedSystem:
    """The system as the organisation sees it: nothing holds less than it brought."""
    return replace(system, low=np.maximum(system.low, each.own))


def _targets(linked: Linked, system: LinkedSystem, each: OwnRecords, hidden: np.ndarray) -> np.ndarray:
    """The cells that must be ambiguous to the organisation: those small to everyone, and small rests beside its own."""
    rest = system.values - each.own
    own_rest = hidden & (each.own > 0) & (rest > 0) & (rest < linked.limits)
    # In a cell it filled alone there is nothing of others to learn.
    alone = (each.own > 0) & (rest == 0)
    return (system.small | own_rest) & ~alone & ~system.known


class _Pool:
    """Changes laid end to end, so that all are held against an organisation's records at once."""

    def __init__(self, changes: Sequence[Change]) -> None:
        nothing = np.zeros(0, dtype=np.int64)
        self.cells = np.concatenate([nothing, *(c.cells for c in changes)]).astype(np.int64)
        self.by = np.concatenate([nothing, *(c.by for c in changes)])
        self.of = np.repeat(np.arange(len(changes)), [len(c.cells) for c in changes])
        self.n = len(changes)

    def possible(self, system: LinkedSystem) -> np.ndarray:
        """The cells (n, bool) moved by some change that the organisation cannot rule out."""
        after = system.values[self.cells] + self.by
        wrong = (after < system.low[self.cells]) | (after > system.high[self.cells])
        ruled_out = np.zeros(self.n, bool)
        ruled_out[self.of[wrong]] = True
        moved = np.zeros(len(system), bool)
        moved[self.cells[~ruled_out[self.of]]] = True
        return moved


def _asked(system: LinkedSystem, left: np.ndarray, hidden: np.ndarray) -> LinkedSystem:
    """The system in which ``left`` must be protected and whatever is hidden already costs nothing."""
    nothing = np.zeros(len(system), bool)
    return replace(system, small=left, veiled=hidden & ~left & ~system.known, reach_zero=nothing)
