"""Editions over time: a difference between two of them is never a small count of people."""

from __future__ import annotations

import random
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from danbe.protect.book import Places, read
from danbe.protect.history import Told, remember, small_changes
from danbe.protect.late import SNAPSHOT_IDENTITY, changed, hold_back
from danbe.protect.plan import PUBLIC, Plan
from danbe.reference.catalogue import DATASETS
from danbe.reference.catalogue.derive import arrow_schema
from danbe.reference.folders import content_id, sha256_of, write_json
from tests.publish.world import COUNTRY, VERSION, make_figures, places

SPOTS = {p["place_id"]: p for p in places()}
PLACES = Places({k: int(p["level"]) for k, p in SPOTS.items()}, {k: p["parent_id"] for k, p in SPOTS.items()})
CERCLES = [k for k, p in SPOTS.items() if p["level"] == "2"][:4]
MONTHLY = PUBLIC.by_name["monthly"]
PLAN = Plan("months", (MONTHLY,), PUBLIC.measures, categories=PUBLIC.categories, signed_by=PUBLIC.signed_by)


def test_the_id_of_a_snapshot_is_made_of_the_same_everywhere():
    from danbe.analyse.snapshot import IDENTITY

    assert set(SNAPSHOT_IDENTITY) == set(IDENTITY)


def act(month: str, cercle: str, n: int, number: int = 0) -> dict:
    return {"activity_id": f"{month}{cercle}{number}", "organisation_id": "org-a", "report_month": month, "aor": "CP",
            "region": SPOTS[cercle]["parent_id"], "cercle": cercle, "place": cercle, "reached": n}  # fmt: skip


def snapshot(root: Path, rows: list[dict], end: str) -> Path:
    """A snapshot of these 5W rows, from 2024-01 to ``end``."""
    folder = root / "building"
    folder.mkdir(parents=True)
    data = {"activities": rows, "places": list(SPOTS.values())}
    for name in DATASETS:
        table = pa.Table.from_pylist(data.get(name, []), schema=arrow_schema(DATASETS[name]))
        pq.write_table(table, folder / f"{name}.parquet")
    facts = {p.stem: {"rows": pq.read_metadata(p).num_rows, "sha256": sha256_of(p)} for p in folder.glob("*.parquet")}
    manifest = {"country": "MLI", "geography_version": VERSION, "outline_kind": "", "synthetic": True, "rules_version": "1",
                "period": {"start": "2024-01", "end": end}, "datasets": facts}  # fmt: skip
    manifest["snapshot_id"] = content_id(manifest)
    write_json(folder / "manifest.json", manifest)
    return folder.rename(root / manifest["snapshot_id"])


def month_rows(folder: Path) -> list[dict]:
    """Services by month and place, as the figures have them."""
    found: dict[tuple[str, str, str], int] = {}
    for row in pq.read_table(folder / "activities.parquet").to_pylist():
        for place in (row["cercle"], row["region"], COUNTRY):
            for aor in ("CP", "TOTAL"):
                found[row["report_month"], place, aor] = (
                    found.get((row["report_month"], place, aor), 0) + row["reached"]
                )
    return [{"period": m, "level": SPOTS[p]["level"], "place": p, "aor": a, "services_delivered": n, "reached": n,
             "organisations": 1, "activities": 1} for (m, p, a), n in found.items()]  # fmt: skip


def compute(folder: Path) -> Path:
    root = folder.parent.parent / "figures"
    return (
        root / folder.name
        if (root / folder.name).exists()
        else make_figures(root, folder, {"monthly": month_rows(folder)})
    )


def publish(root: Path, edition: int, figures: Path) -> Path:
    """The edition as readers have it: everything of k or more; what is smaller is withheld."""
    folder = root / f"release-{edition:02}"
    (folder / "tables").mkdir(parents=True)
    rows = pq.read_table(figures / "monthly.parquet").to_pylist()
    for row in rows:
        gone = [m for m in ("services_delivered", "reached") if row[m] < 5]
        row |= dict.fromkeys(gone)
        row["withheld"] = " ".join(gone) or None
    pq.write_table(pa.Table.from_pylist(rows), folder / "tables" / "monthly.parquet")
    return folder


def exact_small_increments(releases: list[Path]) -> int:
    """Cells shown in two editions whose difference is 1 … 4: what subtraction gives a reader."""
    seen: dict[tuple, set[int]] = {}
    for folder in releases:
        for row in pq.read_table(folder / "tables" / "monthly.parquet").to_pylist():
            if row["services_delivered"] is not None:
                seen.setdefault((row["period"], row["place"], row["aor"]), set()).add(row["services_delivered"])
    return sum(0 < abs(a - b) < 5 for values in seen.values() for a in values for b in values) // 2


def editions(root: Path, months: int, seed: int) -> tuple[list[Path], int]:
    """Monthly editions with late rows and corrections; returns the releases, and the small increments that waited."""
    chance = random.Random(seed)
    rows: list[dict] = []
    releases: list[Path] = []
    published: Path | None = None
    waited = 0
    for edition in range(months):
        month = f"{2024 + edition // 12}-{edition % 12 + 1:02}"
        for row in rows:
            if chance.random() < 0.06:
                row["reached"] = max(0, row["reached"] + chance.choice((-30, -3, -1, 1, 2, 4, 60)))
        if rows and chance.random() < 0.7:
            rows.append(
                act(chance.choice(rows)["report_month"], chance.choice(CERCLES), chance.choice((1, 3, 25)), len(rows))
            )
        rows += [act(month, c, chance.choice((0, 3, 40, 90)), len(rows)) for c in CERCLES if chance.random() < 0.8]
        made = snapshot(root / "snapshots", rows, month)
        found = hold_back(made, published, releases, compute, root / "snapshots", PLAN)
        waited += len(found.because)
        releases.append(publish(root, edition, found.figures))
        published = found.snapshot
    return releases, waited


def test_24_editions_with_late_data_and_corrections_tell_no_small_increment(tmp_path):
    releases, waited = editions(tmp_path, 24, 24)
    assert waited > 20, "the years bring late rows and corrections that would tell"
    assert exact_small_increments(releases) == 0


@settings(max_examples=3, deadline=None)
@given(st.integers(0, 10_000))
def test_whatever_comes_late_tells_no_small_increment(seed):
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        releases, _ = editions(Path(folder), 5, seed)
        assert exact_small_increments(releases) == 0


def test_what_waits_is_let_in_together_once_its_changes_are_large(tmp_path):
    gao, bourem = CERCLES[:2]
    first = snapshot(tmp_path / "snapshots", [act("2024-01", gao, 40), act("2024-01", bourem, 60)], "2024-01")
    releases = [publish(tmp_path, 0, compute(first))]
    late = [act("2024-01", gao, 40), act("2024-01", bourem, 60), act("2024-01", gao, 3, 1)]
    held = hold_back(snapshot(tmp_path / "snapshots", late, "2024-02"), first, releases, compute, tmp_path / "snapshots", PLAN)  # fmt: skip
    assert held.held == {("2024-01", gao): 1} and set(held.because.values()) == {(40, 43), (100, 103)}
    assert changed(held.snapshot, first) == {}
    more = [*late, act("2024-01", gao, 20, 2)]
    freed = hold_back(snapshot(tmp_path / "snapshots", more, "2024-03"), held.snapshot, releases, compute, tmp_path / "snapshots", PLAN)  # fmt: skip
    assert freed.held == {} and freed.let_in == {("2024-01", gao): 2}
    assert {r["services_delivered"] for r in month_rows(freed.snapshot) if r["place"] == gao} == {63}


def book(rows: list[dict]):
    return read([(MONTHLY, rows)], PLAN, PLACES)


def row(period: str, n: int | None, place: str = CERCLES[0]) -> dict:
    return {"period": period, "level": "2", "place": place, "aor": "CP", "services_delivered": n, "reached": None,
            "organisations": 1, "activities": 1}  # fmt: skip


def key(period: str) -> tuple:
    return "services_delivered", (("aor", "CP"), ("period", period), ("place", CERCLES[0]))


def test_what_was_published_is_known_and_what_was_hidden_stays_hidden():
    before = Told({key("2024-01"): 40}, {key("2024-02")})
    knowledge = remember([before], book([row("2024-01", 40), row("2024-02", 30)]), PLAN)
    assert knowledge.known == {key("2024-01")} and knowledge.stay_hidden == {key("2024-02")}


def test_a_year_to_date_that_grew_by_few_is_not_shown():
    before = Told({key("2024-01/2024-01"): 40}, set())
    knowledge = remember([before], book([row("2024-01/2024-02", 43), row("2024-02", 3)]), PLAN)
    assert knowledge.must_hide == {key("2024-01/2024-02"): "increment"}


def test_a_year_to_date_without_a_new_activity_is_the_same_cell():
    before = Told({}, {key("2024-01/2024-01")})
    knowledge = remember([before], book([row("2024-01/2024-02", 40), row("2024-01", 40)]), PLAN)
    assert key("2024-01/2024-02") in knowledge.stay_hidden


@pytest.mark.parametrize(("now", "told"), [(40, False), (41, True), (44, True), (45, False), (36, True), (35, False)])
def test_a_change_of_one_to_four_is_small(now, told):
    found = small_changes(book([row("2024-01", now)]), [Told({key("2024-01"): 40}, set())], PLAN)
    assert (key("2024-01") in found) == told
