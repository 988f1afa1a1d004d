"""Work done outside a request by the worker that ``danbe serve`` starts. Arguments are ids, never content.

A task that a person waits for returns ``{"error": "…"}`` when refused, ``{"next": "/…"}`` when done.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
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
def build_release(user_id: int, snapshot_pk: int, options: dict[str, Any] | None = None) -> dict[str, Any]:
    """Passes a snapshot through the gate, then builds the pages to read again."""
    from danbe.curate.models import Snapshot
    from danbe.web.actions.releases import build_preview, pass_gate, start_draft
    from danbe.web.models import Draft

    user = User.objects.get(pk=user_id)
    draft = start_draft(user, Snapshot.objects.get(pk=snapshot_pk), options)
    told = _told(lambda: pass_gate(user, draft))
    draft.refresh_from_db()
    if draft.state == Draft.State.REFUSED:
        return {"next": reverse("draft", args=[draft.pk])}
    release = draft.release
    if told or release is None:
        return told
    return _told(lambda: build_preview(user, release)) or {"next": reverse("release", args=[release.release_id])}


@task()
def preview_release(user_id: int, release_pk: int) -> dict[str, Any]:
    """Builds the pages of a release as they would be published."""
    from danbe.web.actions.releases import build_preview
    from danbe.web.models import Release

    release = Release.objects.get(pk=release_pk)
    told = _told(lambda: build_preview(User.objects.get(pk=user_id), release))
    return told or {"next": reverse("release", args=[release.release_id])}


@task()
def suggest_release(user_id: int, release_pk: int) -> dict[str, Any]:
    """Looks for plans that would hide less."""
    from danbe.web.actions.releases import suggest
    from danbe.web.models import Release

    release = Release.objects.get(pk=release_pk)
    told = _told(lambda: suggest(User.objects.get(pk=user_id), release))
    return told or {"next": reverse("release", args=[release.release_id]) + "#moins"}


@task()
def publish_release(user_id: int, release_pk: int) -> dict[str, Any]:
    """Builds the site of a release and swaps it in."""
    from danbe.web.actions.releases_approve import publish_release as publish
    from danbe.web.models import Release

    release = Release.objects.get(pk=release_pk)
    told = _told(lambda: publish(User.objects.get(pk=user_id), release))
    return told or {"next": reverse("release", args=[release.release_id])}


def _told(work: Callable[[], Any]) -> dict[str, Any]:
    """What a person is told when the release flow refuses; nothing when the work is done."""
    from danbe.protect.release import Damaged
    from danbe.protect.signature import SignatureError
    from danbe.publish.site.build import SiteError
    from danbe.web.actions.releases import ReleaseError
    from danbe.web.lock import Busy

    try:
        work()
    except (ReleaseError, SignatureError) as refused:
        return {"error": refused.text("fr"), "error_en": refused.text("en")}
    except (Damaged, SiteError) as refused:
        return {"error": str(refused)}
    except Busy:
        busy = "Un autre travail est en cours sur cette publication : attendez qu’il finisse."
        return {"error": busy, "error_en": "Other work on this release is under way: wait until it is done."}
    return {}


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
