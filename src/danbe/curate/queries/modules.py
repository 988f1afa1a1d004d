"""Reads of AoR modules: which ones a person hands in, what a table would do, what was handed in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Max, QuerySet

from danbe.collect.models import Upload
from danbe.collect.storage import upload_path
from danbe.curate.actions._monitoring import place_keys
from danbe.curate.models import ModuleRow
from danbe.curate.monitoring.modules import AGGREGATES, ModuleLine, ModuleProblem, asked, check
from danbe.curate.needs import read_rows
from danbe.reference.catalogue.aor_modules import AREA_OF, AREA_OF_AGGREGATE, MODULES
from danbe.reference.catalogue.column import Dataset
from danbe.register.audit import may
from danbe.register.models import ActionLog, Place, Role, User
from danbe.register.queries.geography import current_version, matcher


@dataclass(frozen=True)
class Checked:
    """What loading a table would do: rows new, changed, the same; ``own`` is False for another area's."""

    added: int
    changed: int
    same: int
    problems: tuple[ModuleProblem, ...]
    lines: tuple[ModuleLine, ...]
    own: bool


def modules_of(user: User) -> list[Dataset]:
    """The modules a person hands in: a sub-cluster's coordinator those of its area, coordination all."""
    if not may(user, "modules.load"):
        return []
    if user.role != Role.SUBCLUSTER:
        return list(MODULES.values())
    areas = set(AREA_OF_AGGREGATE.values())
    return [d for d in MODULES.values() if AREA_OF[d.name] == user.aor or (d.name == AGGREGATES and user.aor in areas)]


def own_area(user: User, dataset: str, lines: Iterable[ModuleLine]) -> bool:
    """Whether these rows are the person's to hand in: for a sub-cluster's coordinator, those of its own area."""
    if user.role != Role.SUBCLUSTER:
        return True
    if dataset == AGGREGATES:
        return {AREA_OF_AGGREGATE[str(line.values["module"])] for line in lines} <= {user.aor}
    return AREA_OF[dataset] == user.aor


def rows_of(upload: Upload, declared: Dataset) -> list[tuple[int, dict[str, object]]]:
    """The rows of an upload. Raises ``WorkbookRefused`` or ``TableRefused``."""
    return read_rows(upload_path(upload.sha256), asked(declared), upload.filename)


def checked(user: User, dataset: str, upload: Upload) -> Checked:
    """Reads a table as ``modules.load`` would, and keeps nothing. Raises ``WorkbookRefused`` or ``TableRefused``."""
    declared = MODULES[dataset]
    lines, problems = check(rows_of(upload, declared), declared, matcher())
    places = place_keys(line.place for line in lines)
    stored = {row.row_key: row for row in ModuleRow.objects.filter(dataset=dataset)}
    added = changed = 0
    for line in lines:
        row = stored.get(line.key[:64])
        added += row is None
        changed += row is not None and (row.values, row.place_id) != (line.values, places.get(line.place or ""))
    own = own_area(user, dataset, lines)
    return Checked(added, changed, len(lines) - added - changed, tuple(problems), tuple(lines), own)


def sent(user: User, pk: int) -> Upload | None:
    """A table that this person sent."""
    return Upload.objects.filter(user=user, pk=pk).first() if may(user, "modules.load") else None


def place_names(lines: Iterable[ModuleLine]) -> dict[str, str]:
    """{place id: name} of the places of these rows."""
    wanted = {line.place for line in lines if line.place}
    return dict(Place.objects.filter(place_id__in=wanted).values_list("place_id", "name"))


def all_sent(user: User) -> QuerySet[Upload]:
    """The tables whose receipt the person may see."""
    return Upload.objects.filter(pk__in=[log.details["upload"] for log in loads(user)])


def standing(user: User) -> dict[str, dict[str, object]]:
    """{module: rows held and its last month} of those the person hands in."""
    names = [d.name for d in modules_of(user)]
    rows = ModuleRow.objects.filter(dataset__in=names).values("dataset").annotate(rows=Count("pk"), last=Max("month"))
    return {str(r["dataset"]): dict(r) for r in rows}


def loads(user: User) -> QuerySet[ActionLog]:
    """The tables handed in through the screen, the latest first: a sub-cluster's coordinator sees its own."""
    found = ActionLog.objects.filter(verb="modules.load", details__has_key="upload").select_related("user")
    if not may(user, "modules.load"):
        return found.none()
    return (found.filter(user=user) if user.role == Role.SUBCLUSTER else found).order_by("-pk")


def regions() -> list[str]:
    """The regions of the reference division, by name."""
    found = Place.objects.filter(level=1, version=current_version())
    return list(found.order_by("search_key").values_list("name", flat=True))
