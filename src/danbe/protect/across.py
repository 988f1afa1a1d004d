"""All tables of a release as one system: the same people counted by place, area, group, sex, age and month.

Every count becomes a cell of one system (``linked``), whatever table prints it, with the sums and bounds a reader
knows (``relations``); what one table hides, no other tells. ``prove`` finds the complements and the witnesses.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
import scipy.sparse as sp

from danbe.protect.book import Book, Disagree, Key, Places
from danbe.protect.linked import LinkedSystem, NotClosed, build
from danbe.protect.plan import Plan
from danbe.protect.primary import SENSITIVE, SMALL
from danbe.protect.relations import Relations, relations

NO_LIMIT = 10**12
_DEAR = {0: 20, 1: 4}
"""How much more hiding a cell costs at the country and the region than below."""


@dataclass
class Knowledge:
    """What readers know beside this release. ``known``: cells they have exactly; ``must_hide``: cells that must stay
    ambiguous because of what was said before, with the reason; ``stay_hidden``: cells hidden before, hidden again;
    ``floor``: what a cell is known to hold at least; ``extra``: further sums and quantities; ``small``: those of its
    quantities that are counts of 1 … k-1 nobody may learn, with their k."""

    known: set[Key] = field(default_factory=set)
    must_hide: dict[Key, str] = field(default_factory=dict)
    stay_hidden: set[Key] = field(default_factory=set)
    floor: dict[Key, int] = field(default_factory=dict)
    extra: Relations = field(default_factory=Relations)
    small: dict[Any, int] = field(default_factory=dict)


class Linked:
    """The system of one release. Positions: the book's cells in their order, then the unseen quantities.

    ``system``: everything, for the proof. ``reasons``: primary cells with their reason. ``unseen``: quantities no table
    prints, as (quantities × cells) coefficients in ``made_of``.
    """

    def __init__(
        self, book: Book, plan: Plan, places: Places, reasons: Mapping[Key, str], knowledge: Knowledge | None = None
    ) -> None:
        self.book, self.plan, self.places = book, plan, places
        self.knowledge = knowledge or Knowledge()
        self.reasons = {**self.knowledge.must_hide, **reasons}
        for key in self.knowledge.known:
            self.reasons.pop(key, None)
        self.found = relations(book, plan, places)
        extra = self.knowledge.extra
        self.unseen = {**self.found.unseen, **extra.unseen}
        self.fixed = self.found.fixed | extra.fixed
        self.keys: list[Any] = [*book.cells, *self.unseen]
        self.place = {key: i for i, key in enumerate(self.keys)}
        self.n = len(book.cells)
        self.sums = [*self.found.sums, *extra.sums]
        self.zeros = self._mask(k for k, n in book.cells.items() if n == 0 and self._hides_zero(k))
        self.system = self._banded(self._whole())

    @cached_property
    def made_of(self) -> sp.csr_matrix:
        """What each unseen quantity is made of (quantities × cells): the change it undergoes when cells change."""
        rows, columns, data = [], [], []
        for r, terms in enumerate(self.unseen.values()):
            for cell, sign in terms:
                rows.append(r)
                columns.append(self.place[cell])
                data.append(sign)
        return sp.csr_matrix((data, (rows, columns)), shape=(len(self.unseen), self.n), dtype=np.int64)

    @cached_property
    def limits(self) -> np.ndarray:
        """The k of each cell (n); 1 where nothing is small."""
        found = np.ones(len(self.keys), dtype=np.int64)
        found[: self.n] = [self.book.limits[k] for k in self.book.cells]
        return found

    @property
    def seen(self) -> np.ndarray:
        """Cells that some table prints."""
        return np.arange(len(self.keys)) < self.n

    def _mask(self, keys: Iterable[Any]) -> np.ndarray:
        found = np.zeros(len(self.keys), bool)
        found[[self.place[k] for k in keys]] = True
        return found

    def _hides_zero(self, key: Key) -> bool:
        return self.plan.zeros_hidden and self.plan.measure[key[0]].persons and key not in self.knowledge.known

    def _whole(self) -> LinkedSystem:
        """The sums of cells, and one row for each unseen quantity: it minus what it is made of is 0."""
        try:
            printed = build(self.book.cells, self.sums, threshold=1, zeros_shown=True)
        except NotClosed as error:
            raise Disagree(str(error)) from None
        amounts = np.asarray(self.made_of @ printed.values, dtype=np.int64)
        quantities = sp.hstack([-self.made_of, sp.identity(len(self.unseen), dtype=np.int64)])
        nothing = sp.csr_matrix((printed.relations.shape[0], len(self.unseen)), dtype=np.int64)
        relations = sp.vstack([sp.hstack([printed.relations, nothing]), quantities]).tocsr()
        values = np.concatenate([printed.values, amounts])
        blank = np.zeros(len(values), bool)
        return LinkedSystem(
            self.keys, values, relations, np.concatenate([printed.rest, np.zeros(len(amounts), np.int64)]),
            blank, values, values, np.log1p(values) + 0.5,
        )  # fmt: skip

    def _banded(self, system: LinkedSystem) -> LinkedSystem:
        """The system with what must be hidden, the band a reader knows for each cell once hidden, and what hiding costs.

        The reader is assumed to know which hidden cell is small and which is a complement (band k … no limit).
        """
        n, values, limits = len(system), system.values, self.limits
        low, high, cost = np.minimum(values, limits), np.full(n, NO_LIMIT), system.cost.copy()
        small, zero = np.zeros(n, bool), np.zeros(n, bool)
        least = 0 if self.plan.zeros_hidden else 1
        for key, reason in self.reasons.items():
            i = self.place[key]
            banded = reason == SMALL or (reason != SENSITIVE and 0 < values[i] < limits[i])
            # That there was nobody is no secret of anybody: a hidden zero bears the symbol but needs no witness.
            small[i] = values[i] > 0
            low[i], high[i] = (least, limits[i] - 1) if banded else (0, NO_LIMIT)
            category = self.plan.category(dict(key[1]))
            zero[i] = banded and least == 0 and category is not None and category.reach_zero
        asked = self._mask(self.reasons)
        plain = self.zeros & ~asked
        low[plain], high[plain] = 0, np.maximum(limits[plain] - 1, 0)
        quiet = (self.zeros | asked | self._mask(self.knowledge.stay_hidden)) & ~small
        for i, key in enumerate(self.book.cells):
            # Readers miss a national figure more than a region's, and a region's more than a cercle's.
            cost[i] *= _DEAR.get(self.places.level(key[1]), 1)
            if not self.plan.measure[key[0]].persons:
                low[i], cost[i] = 0, 0.2 * cost[i]
        low[self.n :] = 0
        for key, k in self.knowledge.small.items():
            i = self.place[key]
            small[i], high[i] = True, k - 1
        for key, least in self.knowledge.floor.items():
            i = self.place[key]
            low[i] = min(max(low[i], least), values[i])
        known = self._mask((*self.fixed, *self.knowledge.known))
        low[known] = high[known] = values[known]
        veiled = (quiet | ~self.seen) & ~known & ~small
        return replace(
            system,
            small=small & ~known, low=low, high=high, cost=cost, veiled=veiled, known=known, reach_zero=zero & ~known,
        )  # fmt: skip

    @cached_property
    def lesser(self) -> dict[Key, list[Key]]:
        """Cell → the cells of the same people that cannot exceed it: withheld with it, or they would bound it."""
        found: dict[Key, list[Key]] = defaultdict(list)
        for key in self.book.cells:
            for name in self.plan.measure[key[0]].at_most:
                greater = (self.plan.measure[name].same_as or name, key[1])
                if greater in self.place:
                    found[greater].append(key)
        return found

    @cached_property
    def largest(self) -> dict[Key, list[Key]]:
        """Total → its parts, where the total is the largest of them or little more."""
        found: dict[Key, list[Key]] = defaultdict(list)
        for kind, total, part in (k for k in self.unseen if isinstance(k, tuple) and len(k) == 3):
            if kind == "room" and part[0] == total[0]:
                found[total].append(part)
        return found

    def told_by_largest(self, hidden: np.ndarray) -> set[Key]:
        """Totals shown that are the largest of their parts, greater than every part shown and equal to a hidden one: a
        reader who knows that the total is a maximum would know that part."""
        cells, found = self.book.cells, set()
        for total, parts in self.largest.items():
            if hidden[self.place[total]] or total in self.knowledge.known or cells[total] == 0:
                continue
            told = [p for p in parts if hidden[self.place[p]] and cells[p] == cells[total]]
            if told and not any(cells[p] == cells[total] for p in parts if not hidden[self.place[p]]):
                found.add(total)
        return found
