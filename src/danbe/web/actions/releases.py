"""Approving and publishing: the writes of the release flow. The gate itself is ``danbe.protect``."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.utils import timezone

from danbe.curate.models import Snapshot
from danbe.register.audit import action, note
from danbe.register.models import User
from danbe.web.models import Release


class ReleaseError(ValueError):
    """A release that cannot be made or published; the message (French) says why and what to do."""


def _figures(snapshot: Snapshot) -> Path:
    """The figures of a snapshot, worked out when they are not there yet."""
    from danbe.analyse.compute import compute

    return compute(settings.DATA / "snapshots" / snapshot.snapshot_id, settings.DATA / "figures")


@action("release.build")
def build_release(user: User, snapshot: Snapshot, approve_as: str, made_at: str = "") -> Release:
    """Passes a snapshot's figures through the gate and records who approved, under which role.

    ``approve_as`` is a role title. The same content approved again is the same release. Raises
    ``protect.reasons.Refused``; the release that stands is left as it is.
    """
    from danbe.protect.release import build_release as build

    if not approve_as.strip():
        raise ReleaseError("Indiquer au titre de quelle fonction la publication est approuvée (--approve-as).")
    figures = _figures(snapshot)
    standing = Release.objects.exclude(published_at=None).order_by("published_at").last()
    texts = settings.PACKAGE / "packs" / settings.COUNTRY_PACK / "texts"
    built = build(
        figures,
        settings.DATA / "snapshots" / snapshot.snapshot_id,
        settings.DATA / "releases",
        approved_by=approve_as,
        previous=standing.release_id if standing else "",
        texts=texts if texts.is_dir() else None,
        made_at=made_at,
    )
    release, _ = Release.objects.get_or_create(
        release_id=built.release_id,
        defaults={"snapshot": snapshot, "approved_by": user, "manifest": built.manifest},
    )
    note(release=built.release_id, snapshot=snapshot.snapshot_id, already_there=built.already_there)
    return release


@action("release.publish")
def publish_release(user: User, release: Release, base_url: str = "") -> Release:
    """Builds the site of a release beside the one that stands and swaps them; the previous stays on disk.

    Raises ``protect.release.Damaged`` when a file of the release has changed, ``publish.site.build.SiteError`` when
    the site built is not whole; what is published stays as it is then. ``base_url`` is only for the site map.
    """
    from danbe.protect.release import verify
    from danbe.publish.site.build import publish_site

    folder = settings.DATA / "releases" / release.release_id
    verify(folder)
    report = publish_site(folder, settings.DATA / "site", base_url=base_url)
    release.published_at = timezone.now()
    release.save(update_fields=["published_at"])
    note(release=release.release_id, pages=report.pages)
    return release
