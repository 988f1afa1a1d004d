"""Makes an extract of synthetic incidents and prints what it keeps, what it risks and how long it takes.

Usage: python bench/microdata.py [incidents], by default 50000. Records come from the seed of bench/rounding.py.
"""

from __future__ import annotations

import json
import resource
import sys
import time

import pyarrow as pa

from danbe.protect.microdata import Declaration, Hierarchy, Quasi, make_extract, time_hierarchy
from danbe.protect.reasons import Refused
from danbe.reference.catalogue.column import Column, Dataset

INCIDENTS = Dataset(
    "incidents",
    "Incidents",
    "Incidents",
    "",
    "",
    (
        Column("commune", "Commune", "Commune", role="dimension", sensitivity=1),
        Column("month", "Mois", "Month", "month", role="dimension"),
        Column("type", "Type", "Type", "code", role="dimension", codelist="violation_subtype_v2018_2019"),
        Column("sex", "Sexe", "Sex", "code", codelist="sex"),
        Column("status", "Statut", "Status", "code", codelist="population_status"),
    ),
)


def main(n: int) -> None:
    from rounding import incidents

    (area, *_), records = incidents(n)
    table = pa.table(
        {
            "commune": records[:, 0],
            "month": [f"2025-{m + 1:02d}" for m in records[:, 1]],
            "type": records[:, 2],
            "sex": [("F", "M")[s % 2] for s in records[:, 3]],
            "status": [("PDI", "HOTE", "PDIR", "REF")[s] for s in records[:, 3]],
        }
    )
    region = {c: f"R{g}" for c, g in area.parents["region"].items()}
    places = Hierarchy(
        ("commune", "cercle", "region", "country"),
        {"cercle": dict(area.parents["cercle"]), "region": region, "country": dict.fromkeys(region, "ML")},
        floor="region",
    )
    groups = {t: "ABCCD"[min(t // 3, 4)] for t in range(12)}
    kinds = Hierarchy(("type", "group", "any"), {"group": groups, "any": dict.fromkeys(groups, "-")}, floor="group")
    for k in (5, 10):
        for sensitive in ((), ("status",)):
            declaration = Declaration(
                "incidents",
                (
                    Quasi("commune", places),
                    Quasi("month", time_hierarchy(table.column("month").to_pylist())),
                    Quasi("type", kinds),
                    Quasi("sex", Hierarchy(("sex",)), droppable=True),
                ),
                sensitive,
                k=k,
            )
            start = time.perf_counter()
            try:
                extract = make_extract(table, declaration, INCIDENTS)
            except Refused as refused:
                print(f"k {k}, {sensitive or 'no sensitive column'}: {refused.text('en')}")
                continue
            print(f"k {k}, {sensitive or 'no sensitive column'}: {time.perf_counter() - start:.1f} s, {len(extract.margins)} margin cells")  # fmt: skip
            print("  " + json.dumps(extract.facts()))
    print(f"peak {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 50_000)
