"""Cells as whole numbers: each dimension a digit, so that totals of millions of cells are found by arithmetic."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np


@dataclass
class Grouping:
    """One way the codes of a dimension add up. ``up`` (codes): the code above each code, -1 where none. Code 0 is the
    total of the dimension."""

    dimension: str
    up: np.ndarray
    name: str = ""


@dataclass
class Universe:
    """``codes``: dimension → its codes; the first is the total, named ''. The key of a cell is its codes in mixed radix."""

    codes: dict[str, list[str]]
    groupings: list[Grouping] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.stride: dict[str, int] = {}
        step = 1
        for dimension, codes in self.codes.items():
            self.stride[dimension] = step
            step *= max(1, len(codes))
        if step >= 2**62:
            raise ValueError("too many dimensions and codes to number the cells")
        self.at = {d: {c: i for i, c in enumerate(codes)} for d, codes in self.codes.items()}

    def digit(self, keys: np.ndarray, dimension: str) -> np.ndarray:
        """The code number of each cell in a dimension."""
        return (keys // self.stride[dimension]) % len(self.codes[dimension])

    def encode(self, cell: dict[str, str]) -> int:
        return sum(self.at[d][c] * self.stride[d] for d, c in cell.items())

    def decode(self, key: int) -> dict[str, str]:
        """The cell of a key: its dimensions other than totals."""
        found = {}
        for dimension, codes in self.codes.items():
            code = codes[int(key) // self.stride[dimension] % len(codes)]
            if code:
                found[dimension] = code
        return found

    def signature(self, keys: np.ndarray) -> np.ndarray:
        """Which dimensions of each cell are not at their total, as bits; ``measure`` by its code."""
        bits = np.zeros(len(keys), np.int64)
        for i, dimension in enumerate(d for d in self.codes if d != "measure"):
            bits += (self.digit(keys, dimension) > 0).astype(np.int64) << i
        if "measure" in self.codes:
            bits = bits * len(self.codes["measure"]) + self.digit(keys, "measure")
        return bits


@dataclass
class Cells:
    """The cells of a system, in order of key. Each is shown (``low`` = ``high``), or free within ``low`` … ``high``.

    ``hidden``: a file withholds it (these are what an attacker is after). ``latent``: printed nowhere, made as the
    common total of what is.
    """

    universe: Universe
    keys: np.ndarray
    low: np.ndarray
    high: np.ndarray
    hidden: np.ndarray
    latent: np.ndarray

    def __len__(self) -> int:
        return len(self.keys)

    @property
    def known(self) -> np.ndarray:
        return self.low == self.high

    def find(self, keys: np.ndarray) -> np.ndarray:
        """Positions of keys; -1 where there is no such cell."""
        at = np.minimum(np.searchsorted(self.keys, keys), max(0, len(self.keys) - 1))
        return np.where(self.keys[at] == keys, at, -1) if len(self.keys) else np.full(len(keys), -1)

    def with_latent(self, keys: np.ndarray) -> Cells:
        """The cells with free ones added for ``keys``."""
        keys = np.setdiff1d(keys, self.keys)
        if not len(keys):
            return self
        every = np.concatenate([self.keys, keys])
        order = np.argsort(every, kind="stable")
        n, m = len(self.keys), len(keys)

        def put(old: np.ndarray, new: float | bool) -> np.ndarray:
            return np.concatenate([old, np.full(m, new, old.dtype)])[order]

        return Cells(
            self.universe, every[order], put(self.low, 0.0), put(self.high, np.inf), put(self.hidden, False),
            put(np.zeros(n, bool) | self.latent, True),
        )  # fmt: skip
