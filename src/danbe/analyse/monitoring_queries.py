"""What the dashboards of monitoring and movements ask of a snapshot: filters in, rows out, in the right unit each.

Queries run on DuckDB over the snapshot's Parquet files as they lie, so a million incidents need no memory to speak of.
``Dashboard`` may be kept between requests; it reads nothing but the folder of its snapshot.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from danbe.analyse.monitoring_world import ALERT, CONFIRMED, DOCUMENTED, DUPLICATE, RETURN, known
from danbe.analyse.snapshot import SnapshotError
from danbe.reference.catalogue import MONITORING
from danbe.reference.change import change
from danbe.reference.typology import MOVEMENT, SEXUAL_VIOLENCE, UNSPECIFIED

Rows = list[dict[str, Any]]
_LEVEL = {1: "region", 2: "cercle"}


@dataclass(frozen=True)
class Filters:
    """What a dashboard is narrowed to. ``start`` and ``end`` are months, both included; '' for no bound.

    ``place`` lies at ``level`` (1 region, 2 cercle). With a ``population_status``, violations are those that have victims
    of that status, and victims only those.
    """

    start: str = ""
    end: str = ""
    place: str = ""
    level: int = 0
    category: str = ""
    population_status: str = ""


class Dashboard:
    """The questions of the dashboards, over the snapshot in ``folder``."""

    def __init__(self, folder: Path) -> None:
        import ibis

        self.folder = Path(folder).resolve()
        self._connection = ibis.duckdb.connect()
        con = self._connection.con
        quoted = str(self.folder).replace("'", "''")
        con.execute(f"SET allowed_directories = ['{quoted}']")
        con.execute("SET enable_external_access = false")
        for name in MONITORING:
            path = self.folder / f"{name}.parquet"
            if not path.is_file():
                raise SnapshotError(f"{path} : ce fichier manque ; refaire l’instantané avec «danbe snapshot»")
            self._connection.read_parquet(str(path), table_name=name)

    def _table(self, name: str) -> Any:
        return self._connection.table(name)

    def _within(self, rows: Any, filters: Filters, *, region: str = "region", cercle: str = "cercle") -> Any:
        if filters.start:
            rows = rows.filter(rows.event_month >= filters.start)
        if filters.end:
            rows = rows.filter(rows.event_month <= filters.end)
        if filters.place:
            rows = rows.filter(rows[{1: region, 2: cercle}[filters.level]] == filters.place)
        return rows

    def _of_category(self, rows: Any, filters: Filters) -> Any:
        if filters.category == UNSPECIFIED:
            return rows.filter(known("violation_category", rows.category) == UNSPECIFIED)
        return rows.filter(rows.category == filters.category) if filters.category else rows

    def _violations(self, filters: Filters) -> Any:
        rows = self._within(self._table("violations"), filters)
        rows = rows.filter(rows.verification.isin(DOCUMENTED) & ~rows.category.isin((MOVEMENT, SEXUAL_VIOLENCE)))
        rows = self._of_category(rows, filters)
        if filters.population_status:
            groups = self._within(self._table("victims"), filters)
            groups = groups.filter(groups.population_status == filters.population_status)
            rows = rows.semi_join(groups, "violation_id")
        return rows

    def _victims(self, filters: Filters) -> Any:
        rows = self._within(self._table("victims"), filters)
        rows = rows.filter(rows.verification.isin(DOCUMENTED) & ~rows.category.isin((MOVEMENT, SEXUAL_VIOLENCE)))
        rows = self._of_category(rows, filters)
        if filters.population_status:
            rows = rows.filter(rows.population_status == filters.population_status)
        return rows

    def _received(self, filters: Filters) -> Any:
        rows = self._within(self._table("incidents"), filters)
        return rows.filter(rows.verification != DUPLICATE)

    def _moved(self, filters: Filters, end: str = "origin") -> Any:
        rows = self._table("movements")
        rows = self._within(rows, filters, region=f"{end}_region", cercle=f"{end}_cercle")
        return rows.filter(rows.status.isin(CONFIRMED) & (rows.cause != RETURN))

    def strip(self, filters: Filters, before: Filters | None = None) -> dict[str, float | None]:
        """The strip of key figures: each unit under its own name, never a sum of two.

        incidents, violations, victims, killed, movements, displaced, alerts, monitors, violations_per_monitor; with
        ``before`` (the period to compare with) also violations_change. A category or a population status narrows
        violations and victims, and nothing else: an incident, a movement and a monitor have neither.
        """
        victims, received, moved = self._victims(filters), self._received(filters), self._moved(filters)
        found: dict[str, float | None] = {"violations": _one(self._violations(filters).count())}
        found |= _sums(victims.aggregate(victims=victims.victims.sum(), killed=victims.killed.sum()))
        found |= _sums(moved.aggregate(movements=moved.count(), displaced=moved.individuals.sum()))
        found |= _sums(
            received.aggregate(
                incidents=received.verification.isin(DOCUMENTED).sum(),
                alerts=received.verification.isin(ALERT).sum(),
                monitors=received.monitor.nunique(),
            )
        )
        monitors = found["monitors"]
        found["violations_per_monitor"] = found["violations"] / monitors if monitors else None  # type: ignore[operator]
        if before is not None:
            earlier = _one(self._violations(before).count()) if self._comparable(filters, before) else None
            found["violations_change"] = change(found["violations"], earlier)
        return found

    def _comparable(self, filters: Filters, before: Filters) -> bool:
        """Whether both periods speak one typology."""
        spoken = {
            row["typology"]
            for each in (filters, before)
            for row in self._within(self._table("violations"), each)
            .select("typology")
            .distinct()
            .to_pyarrow()
            .to_pylist()
        }
        return len(spoken) <= 1

    def by_month(self, filters: Filters) -> Rows:
        """event_month, category, violations: the stacked columns."""
        rows = self._violations(filters)
        found = rows.group_by(["event_month", "category"]).agg(violations=rows.count())
        return _rows(_listed(found, "category", "violation_category", "violations"), "event_month", "category")

    def by_place(self, filters: Filters, level: int) -> Rows:
        """place, violations: the map, at regions (1) or cercles (2)."""
        rows = self._violations(filters)
        rows = rows.filter(rows[_LEVEL[level]].notnull())
        return _rows(rows.group_by(place=rows[_LEVEL[level]]).agg(violations=rows.count()), "place")

    def heat(self, filters: Filters, level: int = 1) -> Rows:
        """place, category, violations: the heat map."""
        rows = self._violations(filters)
        keys = {"place": rows[_LEVEL[level]].fill_null("INC")}
        found = rows.group_by("category", **keys).agg(violations=rows.count())
        return _rows(_listed(found, "category", "violation_category", "violations"), "place", "category")

    def pyramid(self, filters: Filters) -> Rows:
        """sex_age, victims; «non précisé» is a row like the others, so the bars add up to the victims."""
        rows = self._victims(filters)
        found = rows.group_by("sex_age").agg(victims=rows.victims.sum())
        return _rows(_listed(found, "sex_age", "sex_age", "victims"), "sex_age")

    def perpetrators(self, filters: Filters) -> Rows:
        """perpetrator, violations. Restricted: never outside the cluster."""
        rows = self._violations(filters)
        found = rows.group_by("perpetrator").agg(violations=rows.count())
        return _rows(_listed(found, "perpetrator", "perpetrator_category", "violations"), "perpetrator")

    def movements_by_month(self, filters: Filters) -> Rows:
        """event_month, cause, movements, displaced."""
        rows = self._moved(filters)
        found = rows.group_by(["event_month", "cause"]).agg(movements=rows.count(), displaced=rows.individuals.sum())
        return _rows(found, "event_month", "cause")

    def arcs(self, filters: Filters, level: int = 1) -> Rows:
        """origin, place, movements, displaced: who went from where to where."""
        rows = self._moved(filters)
        ends = {"origin": rows[f"origin_{_LEVEL[level]}"], "place": rows[f"destination_{_LEVEL[level]}"]}
        found = rows.group_by(**ends).agg(movements=rows.count(), displaced=rows.individuals.sum())
        return _rows(found.filter(found.origin.notnull() & found.place.notnull()), "origin", "place")

    def months(self) -> tuple[str, str]:
        """The first and last month of an event; two empty strings when there is none."""
        rows = self._table("incidents")
        found = rows.aggregate(first=rows.event_month.min(), last=rows.event_month.max()).to_pyarrow().to_pylist()[0]
        return found["first"] or "", found["last"] or ""


def _one(value: Any) -> Any:
    return value.to_pyarrow().as_py()


def _listed(found: Any, column: str, codelist: str, measure: str) -> Any:
    """Counts by code, those outside the list put together as «non précisé»: after counting, for there are few then."""
    found = found.mutate(**{column: known(codelist, found[column])})
    keys = [c for c in found.columns if c != measure]
    return found.group_by(keys).agg(**{measure: found[measure].sum().cast("int64")})


def _sums(relation: Any) -> dict[str, float | None]:
    """The one row of an aggregate; a sum over nothing is 0."""
    return {name: value or 0 for name, value in relation.to_pyarrow().to_pylist()[0].items()}


def _rows(relation: Any, *order: str) -> Rows:
    found: Rows = relation.order_by(list(order)).to_pyarrow().to_pylist()
    return found
