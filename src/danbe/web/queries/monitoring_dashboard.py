"""Whose rows the dashboards of monitoring count for a person: the latest snapshot's, narrowed to what the role may see.

Administrators and coordinators: all; a regional coordinator: its region's; a supervisor: its organisation's; the others none.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from danbe.analyse.monitoring_queries import Dashboard, Filters, Rows
from danbe.analyse.snapshot import SnapshotError
from danbe.curate.models import Snapshot
from danbe.curate.queries import snapshots
from danbe.curate.queries.incidents import rows_of
from danbe.reference.catalogue.figures import TOTAL
from danbe.reference.change import SMALLEST_BASE, change
from danbe.reference.typology import UNSPECIFIED
from danbe.register.models import Organisation, Role, User
from danbe.register.queries.organisations import family
from danbe.web.live import LiveFigures

_WHOLE = (Role.ADMINISTRATOR, Role.COORDINATOR)
_ROLES = (*_WHOLE, Role.REGIONAL, Role.SUPERVISOR)
_LEVEL = {1: "region", 2: "cercle"}
_ENDS = {"origin": "origin", "place": "destination"}


@dataclass(frozen=True)
class Sight:
    """The rows counted for a person; both empty: all. ``organisations`` are codes, as in the snapshot."""

    region: str = ""
    organisations: tuple[str, ...] = ()


def sight(user: User) -> Sight | None:
    """What ``user`` may see counted; ``None`` for nothing at all."""
    if rows_of(user) is None or not (user.is_superuser or user.role in _ROLES):
        return None
    if user.is_superuser or user.role in _WHOLE:
        return Sight()
    if user.role == Role.REGIONAL and user.region is not None:
        return Sight(region=user.region.place_id)
    if user.organisation is None:
        return None
    codes = Organisation.objects.filter(pk__in=family(user.organisation)).values_list("code", flat=True)
    return Sight(organisations=tuple(sorted(codes)))


class Narrowed(Dashboard):
    """The dashboard's questions over the rows of one ``Sight``: every table is narrowed before anything is asked of it."""

    def __init__(self, folder: Path, seen: Sight) -> None:
        super().__init__(folder)
        self.sight = seen

    def _table(self, name: str) -> Any:
        rows = super()._table(name)
        if self.sight.organisations:
            rows = rows.filter(rows.organisation_id.isin(self.sight.organisations))
        if self.sight.region and name == "movements":
            region = self.sight.region
            return rows.filter((rows.origin_region == region) | (rows.destination_region == region))
        return rows.filter(rows.region == self.sight.region) if self.sight.region else rows

    def monitors_by_month(self, filters: Filters) -> dict[str, int]:
        """The active monitors of each month: those with an incident received."""
        rows = self._received(filters)
        found = rows.group_by("event_month").agg(monitors=rows.monitor.nunique()).to_pyarrow().to_pylist()
        return {r["event_month"]: r["monitors"] for r in found}

    def flows(self, filters: Filters, level: int) -> Rows:
        """origin, place, movements, displaced: from and to the place looked at; an unknown end is «non précisé»."""
        rows = self._moved(replace(filters, place="", level=0))
        if filters.place:
            inside = _LEVEL[filters.level]
            rows = rows.filter(
                (rows[f"origin_{inside}"] == filters.place) | (rows[f"destination_{inside}"] == filters.place)
            )
        ends = {n: rows[f"{end}_{_LEVEL[level]}"].fill_null(UNSPECIFIED) for n, end in _ENDS.items()}
        found = rows.group_by(**ends).agg(movements=rows.count(), displaced=rows.individuals.fill_null(0).sum())
        ordered: Rows = found.order_by(["origin", "place"]).to_pyarrow().to_pylist()
        return ordered

    def compared(self, filters: Filters, before: Filters) -> tuple[int, float | None, str]:
        """Violations of ``before``, the change since then, and why there is none: '', 'typology' or 'base'."""
        now, earlier = (int(self._violations(f).count().to_pyarrow().as_py()) for f in (filters, before))
        if not self._comparable(filters, before):
            return earlier, None, "typology"
        return earlier, change(now, earlier), "base" if earlier < SMALLEST_BASE else ""

    def close(self) -> None:
        self._connection.disconnect()


@dataclass(frozen=True)
class Seen:
    """The snapshot looked at, its places and outlines, and the questions to ask of it."""

    snapshot: Snapshot
    places: LiveFigures
    dashboard: Narrowed
    sight: Sight


@contextmanager
def opened(user: User) -> Iterator[Seen | None]:
    """The latest snapshot as ``user`` may see it counted; ``None`` when there is none with monitoring in it."""
    may, latest = sight(user), Snapshot.objects.order_by("-at", "-pk").first()
    if may is None or latest is None:
        yield None
        return
    folder = snapshots.folder(latest)
    try:
        dashboard = Narrowed(folder, may)
    except SnapshotError:
        yield None
        return
    try:
        figures = snapshots.figures_root() / latest.snapshot_id
        yield Seen(latest, LiveFigures(figures, TOTAL, folder), dashboard, may)
    finally:
        dashboard.close()
