"""24 monthly editions of a made-up 5W with late rows and corrections: what subtracting one from another tells.

    .venv/bin/python bench/disclosure_editions.py [editions] [cercles]

Figures are worked out by ``analyse``, held back by ``protect.late`` and passed through the gate, edition after edition, as a
cluster would. Prints one line: small increments without the gate, with it, and what waited. Everything is synthetic.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

sys.path.insert(0, str(Path(__file__).parent.parent))

from tests.publish.world import VERSION, places

from danbe.analyse.compute import compute
from danbe.analyse.snapshot import IDENTITY
from danbe.protect.late import hold_back
from danbe.protect.plan import PUBLIC
from danbe.protect.release import build_release
from danbe.reference.catalogue import DATASETS
from danbe.reference.catalogue.derive import arrow_schema
from danbe.reference.folders import content_id, sha256_of, write_json

MEASURES = {"monthly": ("services_delivered", "reached"), "reach_sex_age": ("services_delivered", "reached"), "need_target_reached": ("services_delivered", "reached")}  # fmt: skip
COLUMNS = ("reached_f_0_17", "reached_f_18_59", "reached_m_0_17", "reached_m_18_59")


def snapshot(root: Path, rows: list[dict], end: str) -> Path:
    building = root / "building"
    building.mkdir(parents=True)
    organisations = [{"organisation_id": f"org-{x}", "name": x, "verified": True} for x in "abc"]
    indicators = [{"indicator_id": "I1", "aor": "CP", "name_fr": "Assistance", "unit": "PERS", "aggregation": "sum", "verified": True}]  # fmt: skip
    data = {"activities": rows, "places": places(), "organisations": organisations, "indicators": indicators}
    for name in DATASETS:
        pq.write_table(
            pa.Table.from_pylist(data.get(name, []), schema=arrow_schema(DATASETS[name])), building / f"{name}.parquet"
        )
    facts = {p.stem: {"rows": pq.read_metadata(p).num_rows, "sha256": sha256_of(p)} for p in building.glob("*.parquet")}
    manifest: dict = {"country": "MLI", "geography_version": VERSION, "outline_kind": "", "synthetic": True, "rules_version": "1",
                "period": {"start": "2024-01", "end": end}, "datasets": facts}  # fmt: skip
    manifest["snapshot_id"] = content_id({k: manifest[k] for k in IDENTITY})
    write_json(building / "manifest.json", manifest)
    return building.rename(root / manifest["snapshot_id"])


def row(chance: random.Random, number: int, month: str, cercle: dict) -> dict:
    ages = [chance.choice((0, 2, 5, 9, 14, 30)) for _ in COLUMNS]
    return {"activity_id": str(number), "organisation_id": f"org-{chance.choice('abc')}", "report_month": month,
            "aor": chance.choice(("CP", "SCPE", "SCVBG")), "indicator_id": "I1", "population_status": chance.choice(("PDI", "HOTE")),
            "region": cercle["parent_id"], "cercle": cercle["place_id"], "place": cercle["place_id"],
            "reached": sum(ages), **dict(zip(COLUMNS, ages, strict=True))}  # fmt: skip


def small_increments(shown: list[dict[tuple, int]]) -> int:
    """Cells of 1 … 4 that a reader finds by subtracting one edition from another: the same cell, and years to date."""
    found = set()
    last: dict[tuple, int] = {}
    for edition in shown:
        for cell, value in edition.items():
            start = (cell[0], cell[1], cell[2][:7] if "/" in cell[2] else cell[2], *cell[3:])
            for known in (last.get(cell), last.get(start)):
                if known is not None and 0 < abs(value - known) < 5:
                    found.add((cell, known, value))
            last[cell] = value
            if "/" in cell[2]:
                last[start] = value
    return len(found)


def cells(folder: Path) -> dict[tuple, int]:
    found = {}
    for name, measures in MEASURES.items():
        path = folder / f"{name}.parquet"
        for told in pq.read_table(path).to_pylist() if path.exists() else []:
            for measure in measures:
                if told[measure]:
                    dims = [told.get(d) for d in ("place", "aor", "population_status", "sex_age")]
                    found[(name, measure, told["period"], *dims)] = told[measure]
    return found


def main(editions: int = 24, spots: int = 6) -> None:
    chance = random.Random(24)
    cercles = [p for p in places() if p["level"] == "2"][:spots]
    rows: list[dict] = []
    releases: list[Path] = []
    published: Path | None = None
    naive: list[dict[tuple, int]] = []
    waiting = hidden = 0
    began = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)

        def figures(chosen: Path) -> Path:
            return compute(chosen, root / "figures")

        for edition in range(editions):
            month = f"{2024 + edition // 12}-{edition % 12 + 1:02}"
            for late in (r for r in rows if chance.random() < 0.02):
                late["reached_f_18_59"] = max(0, late["reached_f_18_59"] + chance.choice((-2, -1, 1, 3, 40)))
                late["reached"] = sum(late[c] for c in COLUMNS)
            months = [r["report_month"] for r in rows[-1:]] + [month] * 2 * len(cercles)
            rows += [row(chance, len(rows) + i, m, cercles[i % len(cercles)]) for i, m in enumerate(months)]
            made = snapshot(root / "snapshots", rows, month)
            naive.append({k: v for k, v in cells(figures(made)).items() if v >= 5})
            held = hold_back(made, published, releases, figures, root / "snapshots", PUBLIC)
            built = build_release(held.figures, held.snapshot, root / "releases", earlier=releases)
            releases.append(built.folder)
            published, waiting = held.snapshot, waiting + len(held.held)
            hidden = built.report.proof["unproven"] + hidden if built.report else hidden
            print(
                f"{month}: {len(rows)} rows, {len(held.held)} cercle-months wait, {time.perf_counter() - began:.0f} s",
                flush=True,
            )
        told = [cells(r / "tables") for r in releases]
    print(
        f"{editions} editions: {small_increments(naive)} exact small increments when only counts under 5 are hidden, "
        f"{small_increments(told)} through the gate; {waiting} cercle-months waited; {hidden} unproven; "
        f"{time.perf_counter() - began:.0f} s"
    )


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
