"""Work done outside a request by the worker that ``danbe serve`` starts. Arguments are ids, never content.

A task that a person waits for returns ``{"error": "…"}`` when refused, ``{"next": "/…"}`` when done.
"""

from __future__ import annotations

import logging
from typing import Any

from django.urls import reverse
from django_tasks import task

from danbe.register.models import User

log = logging.getLogger("danbe")


@task()
def make_snapshot(user_id: int, note: str) -> dict[str, Any]:
    """Freezes the curated data and works out its figures."""
    from danbe.curate.actions.snapshots import make_snapshot as make
    from danbe.web.actions.releases import _figures

    snapshot = make(User.objects.get(pk=user_id), note=note)
    _figures(snapshot)
    return {"next": reverse("releases")}


@task()
def build_release(user_id: int, snapshot_pk: int, approve_as: str) -> dict[str, Any]:
    """Passes a snapshot through the gate."""
    from danbe.curate.models import Snapshot
    from danbe.protect.reasons import Refused
    from danbe.web.actions.releases import ReleaseError, build_release as build

    try:
        release = build(User.objects.get(pk=user_id), Snapshot.objects.get(pk=snapshot_pk), approve_as)
    except (Refused, ReleaseError) as refused:
        return {"error": str(refused)}
    return {"next": reverse("release", args=[release.release_id])}


@task()
def publish_release(user_id: int, release_pk: int) -> dict[str, Any]:
    """Builds the site of a release and swaps it in."""
    from danbe.web.actions.releases import ReleaseError, publish_release as publish
    from danbe.web.models import Release

    release = Release.objects.get(pk=release_pk)
    try:
        publish(User.objects.get(pk=user_id), release)
    except (ReleaseError, ValueError) as refused:
        return {"error": str(refused)}
    return {"next": reverse("release", args=[release.release_id])}
