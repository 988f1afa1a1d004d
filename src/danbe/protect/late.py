"""Frozen periods: late rows and corrections wait until they change no published figure by a small count.

A month once published stands. What reaches it later is held back, cercle by cercle, while any figure published before
would change by 1 … k-1: those few people would be the difference of two editions. Rows, not figures, are held back, so
every figure of an edition is worked out from the same rows and all totals close. What waits is let in together,
as soon as the changes it makes are all large.
"""

from __future__ import annotations

import json
import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from danbe.protect.book import Key, Places, read
from danbe.protect.coarsen import applied
from danbe.protect.gate import load
from danbe.protect.history import small_changes, told
from danbe.protect.plan import Plan
from danbe.reference.folders import content_id, folder_beside, settle, sha256_of, write_json

if TYPE_CHECKING:
    import pyarrow as pa

# What the id of a snapshot is made of; the same as where snapshots are made and read (a test holds it).
SNAPSHOT_IDENTITY = (
    "country", "datasets", "geography_version", "outline_kind", "period", "rules_version", "synthetic",
)  # fmt: skip
# What a row says, not where it was written or which checks it met.
_NOT_SAID = ("activity_id", "batch", "source_row", "warnings")
NEEDS = ("people_in_need", "targets")
_ROUNDS = 12

Unit = tuple[str, str]
"""A month and a cercle (or the region, or nothing, where a row names no cercle); or a year and ``NEEDS``."""
Compute = Callable[[Path], Path]
"""From the folder of a snapshot to the folder of its figures."""


@dataclass
class Held:
    """``snapshot``, ``figures``: the folders to build the release from. ``held``: unit → rows that differ and wait;
    ``let_in``: units whose rows had differed and are in this edition; ``because``: figures that made them wait."""

    snapshot: Path
    figures: Path
    held: dict[Unit, int] = field(default_factory=dict)
    let_in: dict[Unit, int] = field(default_factory=dict)
    because: dict[Key, tuple[int, int]] = field(default_factory=dict)

    def as_list(self) -> list[dict[str, Any]]:
        """What waits and what was let in, for those who prepare the release."""
        return [
            {"period": unit[0], "place": unit[1], "rows": n, "waits": waits}
            for units, waits in ((self.held, True), (self.let_in, False))
            for unit, n in sorted(units.items())
        ]


def hold_back(
    snapshot: Path, published: Path | None, releases: Sequence[Path], compute: Compute, root: Path, plan: Plan
) -> Held:
    """The snapshot to publish: ``snapshot`` with the changes that must wait taken back to what was published.

    ``published``: the snapshot folder of the release that stands (itself perhaps with rows held back); ``releases``:
    the folders of all releases published before, oldest first; ``root``: where a snapshot with rows held back is
    settled, named by its content. Without a published release nothing is held back.
    """
    if published is None or not releases or not published.is_dir():
        return Held(snapshot, compute(snapshot))
    differing = changed(snapshot, published)
    held: set[Unit] = set()
    because: dict[Key, tuple[int, int]] = {}
    for _ in range(_ROUNDS):
        chosen = _without(snapshot, published, held, root) if held else snapshot
        figures = compute(chosen)
        small = _small(figures, chosen, releases, plan)
        further = {u for key in small for u in _units_of(key, differing, published)} - held
        because |= small
        if not small or not differing.keys() - held:
            break
        # A small change nobody's rows explain: what else differs waits too.
        held |= further or (differing.keys() - held)
    let_in = {u: n for u, n in differing.items() if u not in held}
    return Held(chosen, figures, {u: differing[u] for u in sorted(held)}, let_in, because if held else {})


def changed(snapshot: Path, published: Path) -> dict[Unit, int]:
    """The units already published whose rows differ, with how many rows do."""
    last = json.loads((published / "manifest.json").read_text("utf-8"))["period"]["end"] or ""
    old, new = (_rows(folder, "activities") for folder in (published, snapshot))
    found: Counter[Unit] = Counter()
    for row, n in ((old - new) + (new - old)).items():
        unit = _unit(dict(row))
        if unit[0] <= last:
            found[unit] += n
    for dataset in NEEDS:
        old, new = (_rows(folder, dataset) for folder in (published, snapshot))
        for row, n in ((old - new) + (new - old)).items():
            found[str(dict(row)["year"]), dataset] += n
    return dict(found)


def _rows(folder: Path, dataset: str) -> Counter[tuple[tuple[str, Any], ...]]:
    table = _read(folder, dataset)
    kept = [c for c in table.column_names if c not in _NOT_SAID]
    return Counter(tuple((k, _plain(v)) for k, v in row.items()) for row in table.select(kept).to_pylist())


def _plain(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _unit(row: dict[str, Any]) -> Unit:
    return str(row["report_month"]), str(row.get("cercle") or row.get("region") or "")


def _read(folder: Path, dataset: str) -> pa.Table:
    import pyarrow.parquet as pq

    return pq.read_table(folder / f"{dataset}.parquet")


def _small(figures: Path, snapshot: Path, releases: Sequence[Path], plan: Plan) -> dict[Key, tuple[int, int]]:
    """The published figures this snapshot would change by a small count."""
    declarations = list(json.loads((figures / "figures.json").read_text("utf-8")).get("indicators", {}).values())
    inputs = load(figures, snapshot, plan, declarations)
    tables = [(table, applied(table, rows, plan)) for table, rows in inputs.tables]
    book = read(tables, plan, inputs.places)
    return small_changes(book, [told(r, plan, inputs.places) for r in releases], plan)


def _units_of(key: Key, differing: Iterable[Unit], published: Path) -> set[Unit]:
    """The differing units a figure counts."""
    cell = dict(key[1])
    start, _, end = cell.get("period", "").partition("/")
    places = _places(published)
    here = cell.get("place", "")
    found = set()
    for month, place in differing:
        if place in NEEDS:
            continue
        above, inside = place, not here
        while above and not inside:
            inside, above = above == here, places.parents.get(above) or ""
        if inside and start <= month <= (end or start):
            found.add((month, place))
    return found


def _places(folder: Path) -> Places:
    rows = _read(folder, "places").select(["place_id", "level", "parent_id"]).to_pylist()
    return Places({p["place_id"]: int(p["level"]) for p in rows}, {p["place_id"]: p["parent_id"] for p in rows})


def _without(snapshot: Path, published: Path, held: set[Unit], root: Path) -> Path:
    """The snapshot with the rows of ``held`` units as they were published, settled under ``root``."""
    import pyarrow.parquet as pq

    manifest = json.loads((snapshot / "manifest.json").read_text("utf-8"))
    with folder_beside(root) as building:
        for file in sorted(snapshot.glob("*.parquet")):
            shutil.copyfile(file, building / file.name)
        _exchange(building, published, "activities", _unit, held)
        for dataset in NEEDS:
            _exchange(building, published, dataset, partial(_year, dataset), held)
        for name, facts in manifest["datasets"].items():
            path = building / f"{name}.parquet"
            facts |= {"rows": pq.read_metadata(path).num_rows, "sha256": sha256_of(path)}
        manifest["held_back"] = sorted([*unit] for unit in held)
        manifest["held_from"] = manifest["snapshot_id"]
        manifest["snapshot_id"] = content_id({k: manifest[k] for k in SNAPSHOT_IDENTITY if k in manifest})
        write_json(building / "manifest.json", manifest)
        return settle(building, root / manifest["snapshot_id"])


def _year(dataset: str, row: dict[str, Any]) -> Unit:
    return str(row["year"]), dataset


def _exchange(
    building: Path, published: Path, dataset: str, unit: Callable[[dict[str, Any]], Unit], held: set[Unit]
) -> None:
    """Rows of units that wait give way to those published."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    new, old = _read(building, dataset), _read(published, dataset)
    rows = new.to_pylist()
    kept = [r for r in rows if unit(r) not in held] + [r for r in old.to_pylist() if unit(r) in held]
    if kept != rows:
        pq.write_table(pa.Table.from_pylist(kept, schema=new.schema), building / f"{dataset}.parquet")
