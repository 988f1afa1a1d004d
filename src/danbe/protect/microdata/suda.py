"""Special uniques: records alone in a combination of few columns (SUDA).

Elliot, Manning, Mayes, Gurd & Bane (2005), *SUDA: a program for detecting special uniques*; the data intrusion
simulation (DIS) of Skinner & Elliot (2002). A minimal sample unique (MSU) is a set of columns in which a record is
alone while it is alone in no part of that set: the fewer columns it takes, the more telling it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from math import prod

import numpy as np

from danbe.protect.microdata.classes import BLANK, groups


@dataclass(frozen=True)
class Suda:
    """``scores`` (n): SUDA score; ``dis`` (n): DIS-SUDA score, a probability; ``smallest`` (n): size of the record's
    smallest MSU, 0 for none; ``by_size``: MSUs of each size; ``contribution``: share of all scores each column has part in."""

    scores: np.ndarray
    dis: np.ndarray
    smallest: np.ndarray
    by_size: dict[int, int]
    contribution: np.ndarray

    @property
    def uniques(self) -> int:
        """Records with an MSU."""
        return int((self.smallest > 0).sum())


def suda(codes: np.ndarray, largest: int = 3, fraction: float = 1.0, within: Sequence[int] | None = None) -> Suda:
    """Looks for MSUs of up to ``largest`` columns in ``codes`` (n × columns; a blank matches nobody).

    ``fraction``: the share of the population the records are. 1 means that whoever is sought is surely among them, so
    that a unique record is a certain match. ``within``: count only MSUs having one of these columns.
    """
    n, width = codes.shape
    largest = min(largest, width)
    alone: dict[tuple[int, ...], np.ndarray] = {}
    scores, smallest = np.zeros(n), np.zeros(n, np.int64)
    parts, by_size = np.zeros(width), dict.fromkeys(range(1, largest + 1), 0)
    for size in range(1, largest + 1):
        worth = float(prod(width - i for i in range(size, width)))
        for subset in combinations(range(width), size):
            found = _alone(codes[:, subset])
            alone[subset] = found
            minimal = found.copy()
            if size > 1:
                for part in combinations(subset, size - 1):
                    minimal &= ~alone[part]
            if within is not None and not set(within) & set(subset):
                continue
            count = int(minimal.sum())
            by_size[size] += count
            scores[minimal] += worth
            smallest[minimal & (smallest == 0)] = size
            parts[list(subset)] += count * worth
    total = scores.sum()
    return Suda(scores, _dis(codes, scores, fraction), smallest, by_size, parts / total if total else parts)


def _alone(codes: np.ndarray) -> np.ndarray:
    """Rows alone with their values; a row with a blank among them is not."""
    whole = (codes != BLANK).all(axis=1)
    out = np.zeros(len(codes), bool)
    number, sizes = groups(codes[whole])
    out[whole] = sizes[number] == 1 if len(sizes) else False
    return out


def _dis(codes: np.ndarray, scores: np.ndarray, fraction: float) -> np.ndarray:
    """DIS-SUDA: the probability that a unique match is correct, shared out among records by their scores."""
    _, sizes = groups(codes)
    uniques, pairs = int((sizes == 1).sum()), 2 * int((sizes == 2).sum())
    out = np.zeros(len(scores))
    hit = scores > 0
    if not hit.any() or not uniques:
        return out
    correct = uniques * fraction / (uniques * fraction + pairs * (1 - fraction))
    power = 1 + (8 - codes.shape[1]) / 20
    scaled = scores[hit] ** power * (scores[hit] ** -power).sum()
    out[hit] = 1 / (1 + (uniques / correct - uniques) / scaled)
    return out
