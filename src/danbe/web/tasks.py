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
    from danbe.web.actions.releases import ReleaseError
    from danbe.web.actions.releases import build_release as build

    try:
        release = build(User.objects.get(pk=user_id), Snapshot.objects.get(pk=snapshot_pk), approve_as)
    except Refused as refused:
        return {"error": refused.text("fr"), "error_en": refused.text("en")}
    except ReleaseError as refused:
        return {"error": str(refused)}
    return {"next": reverse("release", args=[release.release_id])}


@task()
def publish_release(user_id: int, release_pk: int) -> dict[str, Any]:
    """Builds the site of a release and swaps it in."""
    from danbe.web.actions.releases import ReleaseError
    from danbe.web.actions.releases import publish_release as publish
    from danbe.web.models import Release

    release = Release.objects.get(pk=release_pk)
    try:
        publish(User.objects.get(pk=user_id), release)
    except (ReleaseError, ValueError) as refused:
        return {"error": str(refused)}
    return {"next": reverse("release", args=[release.release_id])}


@task()
def read_batch(batch_pk: int, user_pk: int, options: dict[str, Any], then: str) -> dict[str, Any]:
    """Reads, matches and checks an upload; the batch keeps the proposal. ``then`` is the step shown next."""
    from danbe.collect.workbooks.reading import WorkbookRefused
    from danbe.curate.actions.response import ImportOptions, Refused, start_import
    from danbe.curate.models import Batch

    batch = Batch.objects.select_related("upload").get(pk=batch_pk)
    try:
        start_import(User.objects.get(pk=user_pk), batch.upload, ImportOptions.from_json(options), batch=batch)
    except WorkbookRefused as refused:
        return {"error": refused.fr, "error_en": refused.en}
    except Refused as refused:
        return {"error": str(refused)}
    return {"next": reverse(then, args=[batch_pk])}


@task()
def commit_batch(batch_pk: int, user_pk: int) -> dict[str, Any]:
    """Enters the rows of a draft."""
    from danbe.collect.workbooks.reading import WorkbookRefused
    from danbe.curate.actions.response import Refused, commit_import
    from danbe.curate.models import Batch

    try:
        commit_import(User.objects.get(pk=user_pk), Batch.objects.get(pk=batch_pk))
    except WorkbookRefused as refused:
        return {"error": refused.fr, "error_en": refused.en}
    except Refused as refused:
        return {"error": str(refused)}
    return {"next": reverse("batch", args=[batch_pk])}
