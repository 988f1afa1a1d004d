"""Records that look alike: how many share each combination, how diverse they are, and the values blanked to get there."""

from __future__ import annotations

from itertools import combinations

import numpy as np

BLANK = -1
"""The code of a value that was blanked, or that was missing in the source: a reader cannot tell which."""


def groups(codes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """For each row of ``codes`` (n × columns) the number of its class, and the size of each class."""
    if codes.shape[1] == 0 or len(codes) == 0:
        return np.zeros(len(codes), np.int64), np.array([len(codes)] if len(codes) else [], dtype=np.int64)
    packed = np.zeros(len(codes), np.int64)
    for column in codes.T:
        # Packing anew after each column keeps the numbers small whatever the number of columns.
        _, packed = np.unique(packed * (int(column.max()) + 2) + column + 1, return_inverse=True)
        packed = packed.reshape(-1).astype(np.int64)
    return packed, np.bincount(packed)


def diversity(number: np.ndarray, sensitive: np.ndarray, count: int) -> np.ndarray:
    """The distinct values of one sensitive column in each class; a class where all are blank counts as safe."""
    known = sensitive != BLANK
    pairs = np.unique(np.c_[number[known], sensitive[known]], axis=0)
    out = np.bincount(pairs[:, 0], minlength=count) if len(pairs) else np.zeros(count, np.int64)
    out[out == 0] = np.iinfo(np.int64).max
    return out


def failing(codes: np.ndarray, sensitive: np.ndarray, k: int, l: int) -> np.ndarray:  # noqa: E741
    """Rows whose class has fewer than ``k`` records, or fewer than ``l`` values of some sensitive column."""
    number, sizes = groups(codes)
    bad = sizes < k
    for column in sensitive.T:
        bad |= diversity(number, column, len(sizes)) < l
    return bad[number] if len(sizes) else np.zeros(0, bool)


def blank(
    codes: np.ndarray,
    sensitive: np.ndarray,
    weights: np.ndarray,
    k: int,
    l: int,  # noqa: E741
) -> tuple[np.ndarray, np.ndarray]:
    """Local suppression: blanks as little as it can until every row kept is in a class of ``k`` with ``l`` values.

    Returns the codes (blanked values are ``BLANK``) and which rows are kept. A blank is a value of its own when
    classes are formed, which is stricter than letting it match anything. Sets of columns are tried from the cheapest
    (``weights``); a row that would have to lose every value is dropped.
    """
    codes = codes.copy()
    kept = np.ones(len(codes), bool)
    bad = failing(codes, sensitive, k, l)
    columns = range(codes.shape[1])
    for size in range(1, codes.shape[1]):
        for subset in sorted(combinations(columns, size), key=lambda s: (sum(float(weights[i]) for i in s), s)):
            if not bad.any():
                return codes, kept
            trial = codes.copy()
            trial[np.ix_(bad, np.array(subset))] = BLANK
            still = failing(trial, sensitive, k, l)
            healed = bad & ~still
            if healed.any():
                # Only rows of classes that hold by themselves are taken; the others wait for a dearer subset.
                codes[healed] = trial[healed]
                bad = bad & ~healed
    kept[bad] = False
    return codes, kept
