"""Which figures a person may look at: an administrator the latest snapshot's, a partner those of the public release."""

from __future__ import annotations

from dataclasses import dataclass

from danbe.curate.models import Activity, Snapshot
from danbe.curate.queries import snapshots
from danbe.publish.release import Release as Released
from danbe.register.models import User
from danbe.register.queries.users import is_administrator
from danbe.web.live import LiveFigures, Seen
from danbe.web.queries import releases


@dataclass(frozen=True)
class Shown:
    """What the dashboard draws from. ``live``: figures of ``snapshot``, which never passed the gate."""

    figures: Released
    live: bool
    snapshot: Snapshot | None
    rows_since: int = 0


def shown(user: User, aor: str) -> Shown | None:
    """The figures ``user`` may see, one area in front (or 'TOTAL'); ``None`` when there are none yet."""
    if not is_administrator(user):
        standing = releases.standing(user)
        if standing is None or not releases.folder(standing).is_dir():
            return None
        return Shown(Seen(releases.folder(standing), aor), False, None)
    latest = snapshots.find(user)
    if latest is None:
        return None
    folder = snapshots.figures_root() / latest.snapshot_id
    if not (folder / "figures.json").is_file():
        from danbe.analyse.compute import compute

        compute(snapshots.folder(latest), snapshots.figures_root())
    newer = Activity.objects.filter(batch__committed_at__gt=latest.at).count()
    return Shown(LiveFigures(folder, aor, snapshots.folder(latest)), True, latest, newer)
