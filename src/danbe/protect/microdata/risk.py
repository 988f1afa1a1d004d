"""How likely the records of an extract are to be recognised: the figure printed beside the HDX benchmark."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from danbe.protect.microdata.classes import groups

HDX_BENCHMARK = 0.03
"""OCHA's Centre for Humanitarian Data shares no microdata of a global risk above 3 % (Guidance Note on SDC, 2019)."""


@dataclass(frozen=True)
class Risk:
    """``expected``: records expected to be re-identified; ``share``: of all records (the global risk); ``highest``: of a
    record; ``smallest``: records in the smallest class; ``classes``: how many there are."""

    expected: float
    share: float
    highest: float
    smallest: int
    classes: int

    @property
    def above_benchmark(self) -> bool:
        return self.share > HDX_BENCHMARK


def measure_risk(codes: np.ndarray, weights: np.ndarray | None = None) -> Risk:
    """The risk of records whose quasi-identifiers are ``codes`` (n × columns).

    Without ``weights`` the file is taken for the whole population: the risk of a record is 1 over its class (the
    prosecutor who knows that someone is in it). With them, classes of the population are estimated by their sums and
    the risk is the Benedetti–Franconi estimate, as in sdcMicro.
    """
    number, sizes = groups(codes)
    if not len(sizes):
        return Risk(0.0, 0.0, 0.0, 0, 0)
    if weights is None:
        by_class = 1 / sizes
    else:
        population = np.maximum(np.bincount(number, weights=weights, minlength=len(sizes)), sizes)
        by_class = _benedetti_franconi(sizes.astype(float), population)
    record = by_class[number]
    return Risk(float(record.sum()), float(record.mean()), float(record.max()), int(sizes.min()), len(sizes))


def _benedetti_franconi(sample: np.ndarray, population: np.ndarray) -> np.ndarray:
    p = sample / population
    whole = p >= 1
    q = np.where(whole, 0.5, p)  # a stand-in where the formula below divides by zero; replaced at the end
    odds = q / (1 - q)
    log = np.log(1 / q)
    out = np.where(sample > 2, q / (sample - (1 - q)), np.where(sample == 2, odds - odds**2 * log, odds * log))
    return np.clip(np.where(whole, 1 / sample, out), 0, 1)
