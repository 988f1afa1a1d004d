"""Further relations, as rows to add: between measures of one line, shares of known totals, sums told in sentences."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import scipy.sparse as sp

from danbe.protect.verify.coding import Cells
from danbe.protect.verify.system import Relations

# (name, {measure: factor}, low, high) as the published method states them; each is believed only where every line that
# shows all its measures obeys it.
BETWEEN: tuple[tuple[str, dict[str, float], float, float], ...] = (
    ("écart = cible − atteints", {"target": 1, "reached": -1, "gap": -1}, 0, 0),
    ("borne haute = services", {"reached_upper": 1, "services_delivered": -1}, 0, 0),
    ("borne basse ≤ atteints", {"reached": 1, "reached_lower": -1}, 0, np.inf),
    ("atteints ≤ borne haute", {"reached_upper": 1, "reached": -1}, 0, np.inf),
    ("atteints ≤ services", {"services_delivered": 1, "reached": -1}, 0, np.inf),
    ("atteints ≤ besoin", {"people_in_need": 1, "reached": -1}, 0, np.inf),
    ("cible ≤ besoin", {"people_in_need": 1, "target": -1}, 0, np.inf),
)
# A share: numerator and denominator.
SHARES = {"coverage": ("reached", "target")}


@dataclass
class Rows:
    """Rows being gathered: cells by position."""

    n: int
    at: list[list[int]] = field(default_factory=list)
    factor: list[list[float]] = field(default_factory=list)
    low: list[float] = field(default_factory=list)
    high: list[float] = field(default_factory=list)
    note: list[str] = field(default_factory=list)

    def add(self, at: list[int], factor: list[float], low: float, high: float, note: str) -> None:
        self.at.append(at)
        self.factor.append(factor)
        self.low.append(low)
        self.high.append(high)
        self.note.append(note)

    def onto(self, relations: Relations) -> Relations:
        """``relations`` with these rows below."""
        if not self.at:
            return relations
        rows = np.repeat(np.arange(len(self.at)), [len(a) for a in self.at])
        flat = [j for a in self.at for j in a]
        data = [f for a in self.factor for f in a]
        more = sp.csr_matrix((np.array(data, float), (rows, flat)), shape=(len(self.at), self.n))
        names = {name: len(relations.note) + i for i, name in enumerate(dict.fromkeys(self.note))}
        return Relations(
            sp.vstack([relations.matrix, more], format="csr"),
            np.concatenate([relations.low, self.low]), np.concatenate([relations.high, self.high]),
            [*relations.note, *names], np.concatenate([relations.kind, [names[n] for n in self.note]]).astype(np.int32),
        )  # fmt: skip


def between_measures(cells: Cells, rows: Rows) -> None:
    """Adds the relations of ``BETWEEN`` that hold on all lines that show them (at least five)."""
    universe = cells.universe
    at = universe.at["measure"]
    measure = universe.digit(cells.keys, "measure")
    line = cells.keys - measure * universe.stride["measure"]
    for name, factors, low, high in BETWEEN:
        if not set(factors) <= set(at):
            continue
        first = next(iter(factors))
        base = line[measure == at[first]]
        where = np.column_stack([cells.find(base + at[m] * universe.stride["measure"]) for m in factors])
        where = where[(where >= 0).all(1)]
        if not len(where):
            continue
        factor = np.array(list(factors.values()))
        shown = cells.known[where].all(1)
        told = cells.low[where[shown]] @ factor
        if shown.sum() < 5 or (told < low - 0.5).any() or (told > high + 0.5).any():
            continue
        for positions in where[~shown]:
            rows.add(positions.tolist(), factor.tolist(), low, high, name)


def share(rows: Rows, numerator: int, denominator: int, low: float, high: float, note: str) -> None:
    """numerator / denominator lies in low … high: two rows, linear in both."""
    rows.add([numerator, denominator], [1.0, -low], 0.0, np.inf, note)
    rows.add([numerator, denominator], [1.0, -high], -np.inf, 0.0, note)
