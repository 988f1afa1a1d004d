"""Reading releases: the list, drafts, the one that stands, who approved, and why figures changed between two."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet

from danbe.curate.models import Snapshot
from danbe.reference.catalogue.figures import FIGURES
from danbe.register.audit import NotAllowed, may
from danbe.register.models import User
from danbe.web import inside
from danbe.web.models import Approval, Draft, Release

State = Release.State


def takes_part(user: User) -> bool:
    """Whether ``user`` may see what is not public yet, and approve it."""
    return may(user, "release.approve")


def releases(user: User) -> QuerySet[Release]:
    """Newest first: all of them for those who approve, those that were published for anybody else."""
    found = Release.objects.select_related("snapshot", "proposed_by", "against").order_by("-at", "-pk")
    return found if takes_part(user) else found.filter(state__in=(State.PUBLISHED, State.SUPERSEDED))


def standing(user: User) -> Release | None:
    """The release that is online."""
    return releases(user).filter(state=State.PUBLISHED).first()


def open_releases(user: User) -> QuerySet[Release]:
    """The releases that wait to be read, approved or put online."""
    return releases(user).filter(state__in=(State.PREVIEW, State.APPROVED, State.SIGNED))


def release(user: User, name: str) -> Release:
    """A release by its id or the beginning of it; raises ``Release.DoesNotExist`` or ``MultipleObjectsReturned``."""
    return releases(user).get(release_id__startswith=name)


def drafts(user: User, limit: int = 10) -> list[Draft]:
    """The latest drafts that did not become a release: at the gate, refused or stopped. One whose process is gone
    reads as stopped."""
    if not takes_part(user):
        raise NotAllowed(f"{user.username}: drafts")
    found = Draft.objects.filter(~Q(state=Draft.State.PASSED)).select_related("snapshot", "user").order_by("-at", "-pk")
    return [_seen(draft) for draft in found[:limit]]


def draft(user: User, pk: int) -> Draft:
    """One draft; raises ``Draft.DoesNotExist``, or ``NotAllowed``."""
    if not takes_part(user):
        raise NotAllowed(f"{user.username}: drafts")
    return _seen(Draft.objects.select_related("snapshot", "user", "release").get(pk=pk))


def _seen(found: Draft) -> Draft:
    from danbe.web.lock import held

    if found.state == Draft.State.GATE and not held(Path(settings.DATA) / "locks" / f"draft-{found.pk}"):
        found.state = Draft.State.STOPPED
    return found


def snapshots(user: User) -> QuerySet[Snapshot]:
    """The snapshots a release may be made from, newest first."""
    if not takes_part(user):
        raise NotAllowed(f"{user.username}: snapshots")
    return Snapshot.objects.select_related("user").order_by("-at", "-pk")


def approvals(user: User, item: Release) -> QuerySet[Approval]:
    """The approvals of a release that hold, first given first."""
    if not takes_part(user):
        raise NotAllowed(f"{user.username}: approvals")
    return item.approvals.filter(void=False).select_related("user").order_by("at", "pk")


def told(user: User, item: Release) -> dict[str, Any]:
    """What the gate told about a release for people inside: hidden cells, costs, proof, what changed."""
    if not takes_part(user):
        raise NotAllowed(f"{user.username}: what the gate told")
    return inside.read(item.release_id)


def taken_up(user: User, item: Release) -> list[str]:
    """The suggestions of the gate with which this release was made."""
    if not takes_part(user):
        raise NotAllowed(f"{user.username}: drafts")
    made = item.drafts.filter(state=Draft.State.PASSED).order_by("pk").last()
    return list(made.options.get("suggestions", [])) if made else []


def folder(item: Release) -> Path:
    return inside.folder(item.release_id)


def difference(user: User, old: Release, new: Release, limit: int = 200) -> dict[str, Any]:
    """«Pourquoi le chiffre a changé»: the figures that differ between two releases, with what made them differ.

    Compares what was published: a figure withheld in either release is never compared. Each figure found is
    ``{table, measure, dimensions, labels, old, new, causes}``; ``causes`` maps what happened between the snapshots
    (rows added, corrected, withdrawn, need or target changed, rule changed) to its share of the difference; it is
    empty where a snapshot is no longer there. Returns ``{"figures": [...], "more": n}``: the country first, key
    figures before tables, the largest first.
    """
    # Late rows may have been held back from the snapshot a release was asked for.
    return compare(old.release_id, old.manifest["snapshot_id"], new.release_id, new.manifest["snapshot_id"], limit)


def compare(old: str, old_snapshot: str, new: str, new_snapshot: str, limit: int = 200) -> dict[str, Any]:
    """As ``difference``, by ids: of releases, the second of which may be a draft without a record yet."""
    from danbe.protect.difference import differences

    found = differences(inside.folder(old), inside.folder(new))
    order = {name: place for place, name in enumerate(FIGURES)}
    found.sort(key=lambda f: (str(f["dimensions"].get("level", "0")), order[f["table"]]))
    causes = _causes(old_snapshot, new_snapshot, [name for name in order if any(f["table"] == name for f in found)])
    for item in found:
        item["causes"] = causes.get((item["table"], item["measure"], _key(item["dimensions"])), {})
    return {"figures": found[:limit], "more": max(0, len(found) - limit)}


def _key(dimensions: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted((k, str(v)) for k, v in dimensions.items()))


def _causes(old: str, new: str, tables: list[str]) -> dict[Any, dict[str, float]]:
    """The causes ``analyse`` finds between two snapshots, by figure; none where a snapshot is no longer there."""
    from danbe.analyse.compute import open_figures
    from danbe.analyse.diff import explain_change
    from danbe.analyse.snapshot import SnapshotError, open_snapshot

    data = Path(settings.DATA)
    if old == new or not tables:
        return {}
    try:
        a, b = (open_snapshot(data / "snapshots" / name) for name in (old, new))
        named = [{t["name"] for t in open_figures(data / "figures" / name)["tables"]} for name in (old, new)]
        both = [t for t in tables if t in named[0] & named[1]]
        found = explain_change(data / "figures" / old, data / "figures" / new, a, b, both)
    except SnapshotError:
        return {}
    return {(c.table, c.measure, _key(c.dimensions)): c.causes for c in found}
