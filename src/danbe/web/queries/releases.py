"""Reading releases: the list, the one that stands, and why figures changed between two."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import QuerySet

from danbe.register.models import Role, User
from danbe.web.models import Release


def releases(user: User) -> QuerySet[Release]:
    """Newest first: all of them for an administrator, the published ones for anybody else."""
    found = Release.objects.select_related("snapshot", "approved_by").order_by("-at", "-pk")
    if user.is_superuser or user.role == Role.ADMINISTRATOR:
        return found
    return found.exclude(published_at=None)


def standing(user: User) -> Release | None:
    """The release last published."""
    return releases(user).exclude(published_at=None).order_by("-published_at", "-pk").first()


def release(user: User, name: str) -> Release:
    """A release by its id or the beginning of it; raises ``Release.DoesNotExist`` or ``MultipleObjectsReturned``."""
    return releases(user).get(release_id__startswith=name)


def folder(item: Release) -> Path:
    return Path(settings.DATA) / "releases" / item.release_id


def difference(user: User, old: Release, new: Release, limit: int = 200) -> dict[str, Any]:
    """«Pourquoi le chiffre a changé»: the figures that differ between two releases, with what made them differ.

    Compares what was published: a figure withheld in either release is never compared. Each figure found is
    ``{table, measure, dimensions, labels, old, new, causes}``; ``causes`` maps what happened between the snapshots
    (rows added, corrected, withdrawn, need or target changed, rule changed) to its share of the difference, and is
    empty where the cause was not taken apart. Returns ``{"figures": [...], "more": n}``, the largest first.
    """
    from danbe.protect.difference import differences

    found = differences(folder(old), folder(new))
    causes = _causes(old, new)
    for item in found:
        item["causes"] = causes.get((item["table"], item["measure"], _key(item["dimensions"])), {})
    return {"figures": found[:limit], "more": max(0, len(found) - limit)}


def _key(dimensions: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted((k, str(v)) for k, v in dimensions.items()))


def _causes(old: Release, new: Release) -> dict[Any, dict[str, float]]:
    """The causes ``analyse`` finds between the two snapshots, by figure; none where a snapshot is no longer there."""
    from danbe.analyse.diff import explain_change
    from danbe.analyse.snapshot import SnapshotError, open_snapshot

    data = Path(settings.DATA)
    names = [r.snapshot.snapshot_id for r in (old, new)]
    if names[0] == names[1]:
        return {}
    try:
        a, b = (open_snapshot(data / "snapshots" / name) for name in names)
        found = explain_change(data / "figures" / names[0], data / "figures" / names[1], a, b)
    except SnapshotError:
        return {}
    return {(c.table, c.measure, _key(c.dimensions)): c.causes for c in found}
