"""«Pourquoi le chiffre a changé»: two snapshots compared row by row, and each figure's change taken apart by cause.

The causes are put into the older snapshot one after the other, in a fixed order, and the figures worked out each
time: a cause contributes what its step changes, so the contributions add up to the whole change.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from danbe.analyse.compute import figure_tables
from danbe.analyse.explanation import Change, FigureChange
from danbe.analyse.periods import periods_of
from danbe.analyse.snapshot import SnapshotReader
from danbe.reference.catalogue import DATASETS, MONITORING
from danbe.reference.catalogue.derive import arrow_schema
from danbe.reference.catalogue.figures import FIGURES, dimensions, measures
from danbe.reference.words import translator

if TYPE_CHECKING:
    import pyarrow as pa

CAUSES = {
    "formula_changed": "formule changée",
    "organisation_merged": "organisations fusionnées",
    "place_changed": "lieux précisés ou rattachés autrement",
    "rule_changed": "règle du cadre de résultats changée",
    "need_or_target_changed": "besoins ou cibles changés",
    "report_changed": "rapports reçus",
    "monitoring_changed": "incidents, mouvements ou données des domaines changés",
    "withdrawn": "lignes retirées",
    "corrected": "lignes corrigées",
    "added": "lignes ajoutées",
}
EXPLAINED = ("key_figures", "need_target_reached")
"""The tables whose changes are taken apart unless others are asked for."""

_ORGANISATION = ("organisation_id", "implementing_partner_id")
_PLACE = ("place", "region", "cercle", "commune")
# The same line of a report: what a correction keeps.
_LINE = (*_ORGANISATION, "indicator_id", "report_month", "aor", "place", "site", "population_status")
_RULES = ("aor", "unit", "aggregation", "disjoint_set", "mass_awareness")


def cause_label(cause: str, language: str = "fr") -> str:
    """The cause in words."""
    return translator(language)(CAUSES[cause])


def _by_id(table: pa.Table) -> dict[str, dict[str, Any]]:
    return {row["activity_id"]: row for row in table.to_pylist()}


def _differing(a: dict[str, Any], b: dict[str, Any]) -> set[str]:
    return {k for k in a if a[k] != b[k]}


class _Rows:
    """The 5W rows of two snapshots, sorted by what happened to each."""

    def __init__(self, a: SnapshotReader, b: SnapshotReader) -> None:
        self.old, self.new = _by_id(a.table("activities")), _by_id(b.table("activities"))
        gone = [i for i in self.old if i not in self.new]
        come = [i for i in self.new if i not in self.old]
        self.changed = [i for i in self.old if i in self.new and self.old[i] != self.new[i]]
        merges = self._merges()
        successors: dict[tuple[Any, ...], list[str]] = defaultdict(list)
        for i in come:
            successors[self._line(self.new[i], {})].append(i)
        self.corrected: list[tuple[str, str]] = []
        self.withdrawn: list[str] = []
        for i in gone:
            same = successors.get(self._line(self.old[i], merges))
            if same:
                self.corrected.append((i, same.pop(0)))
            else:
                self.withdrawn.append(i)
        replaced = {i for _, i in self.corrected}
        self.added = [i for i in come if i not in replaced]
        self.merges = merges

    def _merges(self) -> dict[str, str]:
        """Old id of an organisation → the one its rows stand under now."""
        found: dict[str, str] = {}
        for i in self.changed:
            for column in _ORGANISATION:
                before, after = self.old[i][column], self.new[i][column]
                if before and after and before != after:
                    found[before] = after
        return found

    @staticmethod
    def _line(row: dict[str, Any], merges: dict[str, str]) -> tuple[Any, ...]:
        return tuple(merges.get(row[c], row[c]) if c in _ORGANISATION else row[c] for c in _LINE)


def compare(a: SnapshotReader, b: SnapshotReader) -> list[Change]:
    """Every difference of content from snapshot ``a`` to ``b``, by cause and then by key.

    A row that is gone and one that is new under the same organisation, indicator, place, month and group are one
    corrected row.
    """
    rows = _Rows(a, b)
    found = []
    for i in rows.changed:
        old, new = rows.old[i], rows.new[i]
        columns = _differing(old, new)
        for cause, some in (
            ("organisation_merged", columns & set(_ORGANISATION)),
            ("place_changed", columns & set(_PLACE)),
            ("corrected", columns - set(_ORGANISATION) - set(_PLACE)),
        ):
            if some:
                found.append(_change(cause, "activities", i, old, new, some))
    for before, after in rows.corrected:
        old, new = rows.old[before], rows.new[after]
        columns = _differing(old, new) - {"batch", "source_row", "warnings"}
        found.append(_change("corrected", "activities", f"{before} → {after}", old, new, columns))
    found += [Change("withdrawn", "activities", i, rows.old[i], None) for i in rows.withdrawn]
    found += [Change("added", "activities", i, None, rows.new[i]) for i in rows.added]
    found += _keyed(a, b, "indicators", "rule_changed", _RULES)
    for dataset in ("people_in_need", "targets"):
        found += _keyed(a, b, dataset, "need_or_target_changed")
    found += _keyed(a, b, "reports", "report_changed")
    order = list(CAUSES)
    return sorted(found, key=lambda c: (order.index(c.cause), c.dataset, len(c.key), c.key))


def _change(cause: str, dataset: str, key: str, old: dict[str, Any], new: dict[str, Any], columns: set[str]) -> Change:
    names = sorted(columns)
    return Change(cause, dataset, key, {n: old[n] for n in names}, {n: new[n] for n in names})


def _keyed(
    a: SnapshotReader, b: SnapshotReader, dataset: str, cause: str, columns: tuple[str, ...] = ()
) -> list[Change]:
    """Differences of a dataset with a key of its own; only in ``columns``, where given, and in rows both have."""
    key = DATASETS[dataset].key

    def read(s: SnapshotReader) -> dict[str, dict[str, Any]]:
        return {"/".join(str(r[k]) for k in key): r for r in s.table(dataset).to_pylist()}

    old, new = read(a), read(b)
    found = []
    for name in sorted({*old, *new}):
        if name in old and name in new:
            differing = _differing(old[name], new[name]) & set(columns or old[name])
            if differing:
                found.append(_change(cause, dataset, name, old[name], new[name], differing))
        elif not columns:
            found.append(Change(cause, dataset, name, old.get(name), new.get(name)))
    return found


def _worlds(a: SnapshotReader, b: SnapshotReader) -> Iterable[tuple[str, SnapshotReader]]:
    """The older snapshot with one cause after the other put in; the last one has the content of the newer."""
    import pyarrow as pa

    rows = _Rows(a, b)
    schema = arrow_schema(DATASETS["activities"])
    current = dict(rows.old)
    # Months are those of both, so that a figure of the newer one's span is followed all the way.
    manifest = {**b.manifest}
    tables = {name: a.table(name) for name in DATASETS}
    # Names and places only label rows: those of the newer snapshot serve all along, with the older ones beside them.
    tables["organisations"] = b.table("organisations")
    tables["places"] = _both(a.table("places"), b.table("places"), "place_id")
    tables["indicators"] = _both(a.table("indicators"), b.table("indicators"), "indicator_id", prefer_first=True)

    def world() -> SnapshotReader:
        ordered = sorted(current.values(), key=lambda r: (len(r["activity_id"]), r["activity_id"]))
        return SnapshotReader(manifest, None, {**tables, "activities": pa.Table.from_pylist(ordered, schema=schema)})

    def take(ids: Iterable[str], columns: tuple[str, ...] | None = None) -> None:
        for i in ids:
            new = rows.new[i]
            current[i] = new if columns is None else {**current[i], **{c: new[c] for c in columns}}

    def withdraw() -> None:
        for i in rows.withdrawn:
            del current[i]

    def correct() -> None:
        take(rows.changed)
        for old, new in rows.corrected:
            del current[old]
            current[new] = rows.new[new]

    def differs(*datasets: str) -> bool:
        return any(not a.table(d).equals(b.table(d)) for d in datasets)

    yield "", world()
    steps: list[tuple[str, bool, Callable[[], None]]] = [
        ("organisation_merged", bool(rows.merges), lambda: _merge(current, rows.merges, tables)),
        ("place_changed", bool(rows.changed), lambda: take(rows.changed, _PLACE)),
        ("rule_changed", differs("indicators"), lambda: tables.update(indicators=b.table("indicators"))),
        (
            "need_or_target_changed",
            differs("people_in_need", "targets", "places"),
            lambda: tables.update({d: b.table(d) for d in ("people_in_need", "targets", "places")}),
        ),
        ("report_changed", differs("reports"), lambda: tables.update(reports=b.table("reports"))),
        ("monitoring_changed", differs(*MONITORING), lambda: tables.update({d: b.table(d) for d in MONITORING})),
        ("withdrawn", bool(rows.withdrawn), withdraw),
        ("corrected", bool(rows.changed or rows.corrected), correct),
        ("added", bool(rows.added), lambda: take(rows.added)),
    ]
    for cause, happened, step in steps:
        if happened:
            step()
            yield cause, world()


def _merge(current: dict[str, dict[str, Any]], merges: dict[str, str], tables: dict[str, pa.Table]) -> None:
    import pyarrow as pa

    for i, row in current.items():
        current[i] = {**row, **{c: merges.get(row[c], row[c]) for c in _ORGANISATION}}
    reports = [
        {**r, "organisation_id": merges.get(r["organisation_id"], r["organisation_id"])}
        for r in tables["reports"].to_pylist()
    ]
    tables["reports"] = pa.Table.from_pylist(reports, schema=tables["reports"].schema)


def _both(a: pa.Table, b: pa.Table, key: str, prefer_first: bool = False) -> pa.Table:
    """The rows of both tables, one for each key."""
    import pyarrow as pa

    first, second = (a, b) if prefer_first else (b, a)
    rows = {r[key]: r for r in second.to_pylist()} | {r[key]: r for r in first.to_pylist()}
    return pa.Table.from_pylist([rows[k] for k in sorted(rows)], schema=b.schema)


Cells = dict[tuple[str, tuple[Any, ...], str], float | None]


def _cells(tables: dict[str, pa.Table], spans: dict[str, str] | None = None) -> Cells:
    """The figures one by one; ``spans`` renames periods, so that a year to date meets the same year to date."""
    found: Cells = {}
    for name, table in tables.items():
        keys = dimensions(FIGURES[name])
        shown = [m for m in measures(FIGURES[name]) if m != "previous_value"]
        for row in table.to_pylist():
            if spans and "period" in row:
                row["period"] = spans.get(row["period"], row["period"])
            key = tuple(row[k] for k in keys)
            found |= {(name, key, m): row[m] for m in shown}
    return found


def _same_year(a: SnapshotReader, b: SnapshotReader) -> dict[str, str]:
    """Each span of ``a`` → the span of ``b`` in the same year."""
    spans = {p.year: p.name for p in periods_of(*b.period) if p.kind == "span"}
    return {p.name: spans.get(p.year, p.name) for p in periods_of(*a.period) if p.kind == "span"}


def _other_month(cell: tuple[str, tuple[Any, ...], str], before: Cells, after: Cells) -> bool:
    """Whether a key figure is of the last month of one snapshot only: nothing to compare it with."""
    return cell[0] == "key_figures" and "/" not in cell[1][1] and not (cell in before and cell in after)


def figure_changes(
    a: SnapshotReader, b: SnapshotReader, tables: Iterable[str] = EXPLAINED, old: dict[str, pa.Table] | None = None
) -> list[FigureChange]:
    """Every figure of ``tables`` whose value differs between the two snapshots, with its causes; country first.

    ``old`` holds the older figures as they were published; where they differ from what today's formulas give for the
    older snapshot, the cause is 'formula_changed'. A figure that was missing counts from 0 in the contributions.
    """
    names = list(tables)
    before = _cells(old if old is not None else figure_tables(a, names), _same_year(a, b))
    after = _cells(figure_tables(b, names))
    moved = {k for k in {*before, *after} if before.get(k) != after.get(k) and not _other_month(k, before, after)}
    causes: dict[tuple[str, tuple[Any, ...], str], dict[str, float]] = {k: {} for k in moved}
    previous = before
    for cause, world in _worlds(a, b):
        cells = _cells(figure_tables(world, names))
        for key in moved:
            step = (cells.get(key) or 0) - (previous.get(key) or 0)
            if step:
                causes[key][cause or "formula_changed"] = step
        previous = cells
    found = []
    for table, key, measure in moved:
        cell = (table, key, measure)
        named = dict(zip(dimensions(FIGURES[table]), key, strict=True))
        found.append(FigureChange(table, measure, named, before.get(cell), after.get(cell), causes[cell]))
    order = {m: i for i, m in enumerate(("reached", "services_delivered"))}
    return sorted(
        found,
        key=lambda f: (
            names.index(f.table),
            str(f.dimensions.get("level", "")),
            order.get(f.measure, 9),
            f.measure,
            str(list(f.dimensions.values())),
        ),
    )


def explain_change(
    figures_a: Path, figures_b: Path, snapshot_a: SnapshotReader, snapshot_b: SnapshotReader,
    tables: Iterable[str] = EXPLAINED,
) -> list[FigureChange]:  # fmt: skip
    """Why the published figures of ``figures_b`` differ from those of ``figures_a`` (folders made by ``compute``).

    Raises ``SnapshotError`` when a folder does not hold sound figures.
    """
    import pyarrow.parquet as pq

    from danbe.analyse.compute import open_figures

    open_figures(figures_a)
    open_figures(figures_b)
    names = list(tables)
    old = {name: pq.read_table(Path(figures_a) / f"{name}.parquet") for name in names}
    return figure_changes(snapshot_a, snapshot_b, names, old)
