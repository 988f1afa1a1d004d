"""The disclosure gate's engine on synthetic cubes: what it hides, how long it takes, what stays unproven.

``python bench/disclosure.py [P1 P2 P3 P5 FULL] [--workers 2] [--out DIR]``. Beside it R's GaussSuppression, where R and
the package are installed. ``--out`` writes each set as public tables, for ``danbe release audit``.
"""

from __future__ import annotations

import argparse
import csv
import json
import resource
import shutil
import subprocess
import sys
import time
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parent))
import disclosure_data as data

from danbe.protect.linked.cascade import cube_of, protect_cube, system_of
from danbe.protect.linked.quick import first_complements
from danbe.protect.linked.suppression import Protection, Unprotectable

K = 5
GOALS = {
    "P1": "≤ 40 secondaries",
    "P2": "≤ 200 secondaries, 0 unproven",
    "P3": "≤ 1,000 secondaries",
    "P5": "≤ 1,700 secondaries, ≥ 89.5 % of cells ≥ 5 exact",
    "FULL": "masked in ≤ 10 s, proved in ≤ 600 s, 0 unproven",
}


def run(name: str, incidents: data.Incidents, workers: int, out: Path | None) -> dict[str, object]:
    cube = cube_of(incidents.dimensions, data.tables(name))
    counts = cube.count(incidents.leaves)
    system = system_of(cube, counts, K)
    shown = np.arange(len(cube)) < cube.offset[cube.shown_tables]
    relations = cube.relations(cube.tables[: cube.shown_tables])
    begin = time.perf_counter()
    first_complements(system, relations)
    mask = time.perf_counter() - begin
    begin = time.perf_counter()
    last = [0.0]

    def progress(done: int, every: int) -> None:
        if sys.stderr.isatty() and time.perf_counter() - last[0] > 1:
            last[0] = time.perf_counter()
            print(f"\r{name}: {done:,} of {every:,} small cells proved", end="", file=sys.stderr)

    try:
        protection = protect_cube(cube, system, workers=workers, progress=progress)
    except Unprotectable as error:
        return {"set": name, "unprotectable": len(error.cells), "seconds": time.perf_counter() - begin}
    seconds = time.perf_counter() - begin
    begin = time.perf_counter()
    lost = len(protection.unproven())
    check = time.perf_counter() - begin
    complements = protection.complements & shown
    large = (counts >= K) & shown
    memory = max(resource.getrusage(w).ru_maxrss for w in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) / 1024
    if out:
        write_tables(out / name, cube, counts, protection)
    return {
        "set": name,
        "cells": int(shown.sum()),
        "small": int(system.small.sum()),
        "secondaries": int(complements.sum()),
        "incidents hidden": int(counts[complements].sum()),
        "≥ 5 exact": f"{1 - complements.sum() / large.sum():.1%}",
        "mask s": round(mask, 1),
        "hide+prove s": round(seconds, 1),
        "check s": round(check, 1),
        "unproven": lost,
        "MB": round(memory),
        "goal": GOALS[name],
    }


def write_tables(folder: Path, cube, counts: np.ndarray, protection: Protection) -> None:
    """The public side: one CSV for each table, an empty value for what is hidden, and what the columns are."""
    folder.mkdir(parents=True, exist_ok=True)
    names = [d.name for d in cube.dimensions]
    index = []
    for number, table in enumerate(cube.tables[: cube.shown_tables]):
        told = [d for d, level in enumerate(table) if level]
        file = f"t{number:02d}.csv"
        with (folder / file).open("w", newline="") as handle:
            writer = csv.writer(handle)
            writer.writerow([*(f"{names[d]}.{table[d]}" for d in told), "value"])
            ids = cube.ids(table)
            for at in np.ndindex(ids.shape):
                cell = ids[at]
                writer.writerow([*(at[d] for d in told), "" if protection.hidden[cell] else int(counts[cell])])
        index.append({"file": file, "levels": {names[d]: table[d] for d in told}})
    groups = {
        d.name: {
            f"{fine}→{coarse}": _parents(d, fine, coarse) for fine in d.groups for coarse in d.above(fine) if coarse
        }
        for d in cube.dimensions
    }
    (folder / "tables.json").write_text(json.dumps({"tables": index, "parents": groups, "k": K}))


def _parents(dimension, fine: str, coarse: str) -> list[int]:
    parent = np.zeros(dimension.count(fine), np.int64)
    parent[dimension.of(fine)] = dimension.of(coarse)
    return parent.tolist()


def gaussian(names: list[str], incidents: data.Incidents) -> None:
    """R's GaussSuppression on the same sets; a line where it is absent."""
    rscript = shutil.which("Rscript")
    here = Path(__file__).with_name("disclosure_gaussian.R")
    if (
        rscript is None
        or subprocess.run([rscript, "-e", "library(GaussSuppression)"], capture_output=True, check=False).returncode
    ):
        print(
            "R or its package GaussSuppression is not installed: no comparison here (bench/disclosure_gaussian.R runs it)."
        )
        return
    table = "\n".join(
        ["region,cercle,commune,month,type,group"]
        + [
            f"{incidents.region[incidents.cercle[k]]},{incidents.cercle[k]},{k},{m},{v},{s}"
            for k, m, v, s in incidents.leaves
        ]
    )
    for name in [n for n in names if n in ("P1", "P2")]:
        subprocess.run([rscript, str(here), name], input=table, text=True, check=True)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("sets", nargs="*", default=["P1", "P2", "P3", "P5"])
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    incidents = data.incidents()
    first_complements(system_of(cube := cube_of(incidents.dimensions, data.tables("P1")), cube.count(incidents.leaves)))
    for name in options.sets:
        for key, value in run(name, incidents, options.workers, options.out).items():
            print(f"{key:>18}  {value:,}" if isinstance(value, int) else f"{key:>18}  {value}", flush=True)
        print()
    gaussian(options.sets, incidents)


if __name__ == "__main__":
    main()
