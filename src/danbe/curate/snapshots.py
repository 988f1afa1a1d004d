"""What a snapshot holds of the curated data, column by column. Reads only; the verb is in ``actions/snapshots``.

Current rows only: of a committed batch, not withdrawn. Merged organisations are followed to the one kept, and places
to the reference division.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from danbe.curate.snapshots_cluster import read_cluster
from danbe.curate.snapshots_funding import read_funding
from danbe.curate.snapshots_monitoring import read_monitoring
from danbe.curate.snapshots_services import read_services
from danbe.reference.catalogue import ACTIVITIES, DATASETS
from danbe.reference.catalogue.derive import arrow_schema
from danbe.reference.geography import Gazetteer, Unit

if TYPE_CHECKING:
    import pyarrow as pa

CHUNK = 5_000
HEAVY = 0.5
"""A row of an old unit goes to the unit that holds at least this share of it, else to what they all lie in."""


class CannotSnapshot(ValueError):
    """The curated data cannot be written as the catalogue declares them; the message says which column and row."""


@dataclass(frozen=True)
class Located:
    """Where a row lies in the reference division: ids, or ``None`` where that level is not known."""

    place: str | None = None
    region: str | None = None
    cercle: str | None = None
    commune: str | None = None


@dataclass
class Locator:
    """The way from any registered place to the reference division. An unverified place keeps its own ids."""

    gazetteer: Gazetteer
    _known: dict[str, Located] = field(default_factory=dict)

    def unit(self, place_id: str) -> Unit:
        """The unit of the reference division that stands for a place; the place itself where no crosswalk leads on."""
        shares = self.gazetteer.to_current(place_id)
        if not shares:
            return self.gazetteer.unit(place_id)
        if shares[0][1] >= HEAVY:
            return shares[0][0]
        chains = [self.gazetteer.ancestors(unit.id) for unit, _ in shares]
        common = [u for level, u in chains[0].items() if all(c.get(level) == u for c in chains)]
        return max(common, key=lambda u: u.level, default=shares[0][0])

    def __call__(self, place_id: str | None) -> Located:
        if not place_id:
            return Located()
        if place_id not in self._known:
            found: dict[int, str] = {}
            unit: Unit | None = self.unit(place_id)
            first = unit
            while unit is not None:
                found.setdefault(unit.level, unit.id)
                unit = self.unit(unit.parent_id) if unit.parent_id else None
            assert first is not None
            self._known[place_id] = Located(first.id, found.get(1), found.get(2), found.get(3))
        return self._known[place_id]

    def split(self, place_id: str, count: int) -> list[tuple[str, int]]:
        """A count of an old unit divided over the units it became, in whole numbers that add up to it."""
        shares = self.gazetteer.to_current(place_id)
        if len(shares) < 2:
            return [(self.unit(place_id).id, count)]
        weight = sum(w for _, w in shares)
        exact = [count * w / weight for _, w in shares]
        whole = [int(e) for e in exact]
        order = sorted(range(len(shares)), key=lambda i: (whole[i] - exact[i], shares[i][0].id))
        for i in order[: count - sum(whole)]:
            whole[i] += 1
        return [(unit.id, n) for (unit, _), n in zip(shares, whole, strict=True)]


def _kept_organisations() -> dict[int, str]:
    """Primary key of every organisation → code of the one it was merged into, however many merges lead there."""
    from danbe.register.models import Organisation

    rows = {pk: (code, into) for pk, code, into in Organisation.objects.values_list("pk", "code", "merged_into_id")}
    found = {}
    for pk in rows:
        kept, seen = pk, {pk}
        while (into := rows[kept][1]) is not None and into not in seen:
            kept = into
            seen.add(into)
        found[pk] = rows[kept][0]
    return found


def _columns(dataset: str, rows: Iterable[dict[str, Any]]) -> pa.Table:
    """Rows as an Arrow table of the dataset's schema."""
    names = [c.name for c in DATASETS[dataset].columns]
    columns: dict[str, list[Any]] = {name: [] for name in names}
    for row in rows:
        for name in names:
            columns[name].append(row[name])
    return _typed(dataset, columns)


def _typed(dataset: str, columns: dict[str, list[Any]]) -> pa.Table:
    import pyarrow as pa

    schema = arrow_schema(DATASETS[dataset])
    arrays = []
    for arrow in schema:
        values = columns[arrow.name]
        try:
            if pa.types.is_date(arrow.type) and any(isinstance(v, str) for v in values):
                arrays.append(pa.array(values, pa.string()).cast(arrow.type))
            elif pa.types.is_string(arrow.type):
                arrays.append(pa.array([None if v is None or v == "" else v for v in values], arrow.type))
            else:
                arrays.append(pa.array([None if v == "" else v for v in values], arrow.type))
        except (pa.ArrowInvalid, pa.ArrowTypeError) as error:
            raise CannotSnapshot(
                f"{dataset}, colonne «{arrow.name}» : une valeur n’est pas du type {arrow.type} ({error}) ; "
                "corriger la ligne, puis refaire l’instantané"
            ) from None
    return pa.table(arrays, schema=schema)


def activities(locate: Locator, organisations: dict[int, str]) -> pa.Table:
    """The 5W rows in force, in the order they came in."""
    from danbe.curate.models import Activity, Batch

    derived: dict[str, Callable[[tuple[Any, ...]], Any]] = {
        "activity_id": lambda r: str(r[0]),
        "batch": lambda r: str(r[1]),
        "source_row": lambda r: r[2],
        "organisation_id": lambda r: organisations[r[3]],
        "implementing_partner_id": lambda r: organisations[r[4]] if r[4] else None,
        "report_month": lambda r: r[5],
        "aor": lambda r: r[6],
        "place": lambda r: locate(r[7]).place,
        "region": lambda r: locate(r[7]).region,
        "cercle": lambda r: locate(r[7]).cercle,
        "commune": lambda r: locate(r[7]).commune,
        "indicator_id": lambda r: r[8],
        "warnings": lambda r: r[9],
    }
    reported = [c.name for c in ACTIVITIES.columns if c.name not in derived]
    columns: dict[str, list[Any]] = {c.name: [] for c in ACTIVITIES.columns}
    rows = (
        Activity.objects.filter(withdrawn_by=None, batch__state=Batch.State.COMMITTED)
        .order_by("pk")
        .values_list(
            "pk", "batch_id", "source_row", "organisation_id", "implementing_partner_id", "report_month", "aor",
            "place__place_id", "indicator__code", "warnings", "values",
        )
    )  # fmt: skip
    fillers = [(columns[name].append, of) for name, of in derived.items()]
    readers = [(columns[name].append, name) for name in reported]
    for row in rows.iterator(chunk_size=CHUNK):
        for append, of in fillers:
            append(of(row))
        value = row[10].get
        for append, name in readers:
            append(value(name))
    return _typed("activities", columns)


def organisations(_: Locator, __: dict[int, str]) -> pa.Table:
    from danbe.register.models import Organisation

    rows = Organisation.objects.filter(merged_into=None).order_by("code")
    fields = ("code", "acronym", "name", "organisation_type", "verified")
    return _columns(
        "organisations",
        ({"organisation_id": r["code"], **{f: r[f] for f in fields[1:]}} for r in rows.values(*fields)),
    )


def places(locate: Locator, _: dict[int, str]) -> pa.Table:
    units = sorted(locate.gazetteer.units(), key=lambda u: u.id)
    return _columns(
        "places",
        (
            {
                "place_id": u.id,
                "version": u.version,
                "level": str(u.level),
                "code": u.code,
                "name": u.name,
                "parent_id": u.parent_id,
                "longitude": u.longitude,
                "latitude": u.latitude,
                "population": u.population,
                "verified": u.verified,
            }
            for u in units
        ),
    )


def indicators(_: Locator, __: dict[int, str]) -> pa.Table:
    from danbe.register.models import Indicator

    names = [c.name for c in DATASETS["indicators"].columns if c.name != "indicator_id"]
    rows = Indicator.objects.order_by("code").values("code", *names)
    return _columns("indicators", ({"indicator_id": r.pop("code"), **r} for r in rows))


def _cells(model: Any, dataset: str, measure: str, locate: Locator) -> pa.Table:
    found: dict[tuple[int, str, str, str], int] = defaultdict(int)
    for year, aor, place, group, value in model.objects.order_by("pk").values_list(
        "year", "aor", "place__place_id", "population_status", measure
    ):
        for unit, share in locate.split(place, value):
            found[(year, aor, unit, group)] += share
    names = ("year", "aor", "place", "population_status")
    return _columns(dataset, ({**dict(zip(names, k, strict=True)), measure: found[k]} for k in sorted(found)))


def targets(locate: Locator, _: dict[int, str]) -> pa.Table:
    from danbe.curate.models import Target

    return _cells(Target, "targets", "target", locate)


def people_in_need(locate: Locator, _: dict[int, str]) -> pa.Table:
    from danbe.curate.models import PeopleInNeed

    return _cells(PeopleInNeed, "people_in_need", "people_in_need", locate)


def reports(_: Locator, organisations: dict[int, str]) -> pa.Table:
    """One line per organisation and month: the day of the first report; nil only when all its reports were."""
    from django.db.models import Q

    from danbe.curate.models import Batch, Report

    standing = Q(batch=None) | Q(batch__state=Batch.State.COMMITTED)
    found: dict[tuple[str, str], list[tuple[Any, bool]]] = defaultdict(list)
    for organisation, month, day, nil in Report.objects.filter(standing).values_list(
        "organisation_id", "report_month", "received_on", "nothing_to_report"
    ):
        found[(organisations[organisation], month)].append((day, nil))
    return _columns(
        "reports",
        (
            {
                "organisation_id": organisation,
                "report_month": month,
                "received_on": min(day for day, _ in found[(organisation, month)]),
                "nothing_to_report": all(nil for _, nil in found[(organisation, month)]),
            }
            for organisation, month in sorted(found)
        ),
    )


TABLES: dict[str, Callable[[Locator, dict[int, str]], pa.Table]] = {
    "activities": activities,
    "organisations": organisations,
    "places": places,
    "indicators": indicators,
    "targets": targets,
    "people_in_need": people_in_need,
    "reports": reports,
}


def read_tables() -> tuple[dict[str, pa.Table], Gazetteer]:
    """Every dataset of the catalogue as it stands now, and the gazetteer by which its places were found."""
    from danbe.register.queries.geography import gazetteer

    names = gazetteer()
    locate, kept = Locator(names), _kept_organisations()
    tables = {name: of(locate, kept) for name, of in TABLES.items()} | read_monitoring(locate, kept, _columns)
    tables |= read_services(locate, kept, _columns) | read_funding(_columns)
    tables |= read_cluster(locate, kept, _columns)
    return {name: tables[name] for name in DATASETS}, names


def outlines() -> tuple[pa.Table, str]:
    """The outlines of country, regions and cercles (place_id, kind, wkb), and what kind they are.

    Where some are schematic the whole is called schematic: a map must not claim more than its weakest line.
    """
    import pyarrow as pa

    from danbe.register.queries.geography import outlines as registered

    found = sorted(registered().items())
    kinds = {kind for _, (_, kind) in found}
    table = pa.table(
        {
            "place_id": pa.array([i for i, _ in found], pa.string()),
            "kind": pa.array([kind for _, (_, kind) in found], pa.string()),
            "wkb": pa.array([wkb for _, (wkb, _) in found], pa.binary()),
        }
    )
    return table, "schematic" if "schematic" in kinds else next(iter(kinds), "")
