"""Writes of pulls: a page of another server's submissions kept at a time, with where to go on from."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from django.utils import timezone

from danbe.collect.actions._records import keep_record
from danbe.collect.forms.arrival import StoredFile
from danbe.collect.forms.schema import XForm, read_xform
from danbe.collect.models import Form, FormVersion, PullSource
from danbe.collect.pulls.records import Page
from danbe.collect.storage import store
from danbe.register.audit import action, note
from danbe.register.models import User


@dataclass(frozen=True)
class Kept:
    """What a page brought."""

    source: PullSource
    created: int
    edited: int
    reviewed: int

    @property
    def pk(self) -> int:
        return self.source.pk


@action("pulls.open")
def open_source(user: User, kind: str, server: str, remote_form: str, xform: bytes, project: str = "") -> PullSource:
    """The source of that form, made at its first pull; its current definition becomes a version of the form here.

    The version stays off phones: the form lives on the other server. Raises ``BadXML`` for what is no XForm.
    """
    version = _keep_definition(user, xform)
    source, _new = PullSource.objects.get_or_create(
        kind=kind, server=server.rstrip("/"), project=project, remote_form=remote_form, defaults={"form": version.form}
    )
    if source.form_id != version.form_id:
        source.form = version.form
        source.save(update_fields=["form"])
    note(kind=kind, form=version.form.form_id, version=version.version)
    return source


def _keep_definition(user: User, xform: bytes, as_version: str | None = None) -> FormVersion:
    read: XForm = read_xform(xform)
    form, _new = Form.objects.get_or_create(
        form_id=read.form_id[:250], defaults={"title": read.title[:250], "open": False}
    )
    if read.narrative and not form.sensitive:
        form.sensitive = True
        form.save(update_fields=["sensitive"])
    sha256, _size = store(xform, len(xform))
    version, _new = FormVersion.objects.get_or_create(
        form=form, version=(read.version if as_version is None else as_version)[:250],
        defaults={
            "title": read.title[:250], "state": FormVersion.State.SUPERSEDED, "xform_sha256": sha256,
            "xform_md5": hashlib.md5(xform, usedforsecurity=False).hexdigest(), "schema": read.schema,
            "encrypted": read.encrypted, "created_by": user, "published_at": timezone.now(),
        },
    )  # fmt: skip
    return version


@action("pulls.define")
def keep_definition(user: User, source: PullSource, version: str, xform: bytes) -> FormVersion:
    """Keeps what a version of the source's form asks, under the name its records bear."""
    note(form=source.form_id, version=version)
    return _keep_definition(user, xform, version)


@action("pulls.keep")
def keep_page(
    user: User, source: PullSource, page: Page, files: dict[str, tuple[StoredFile, ...]] | None = None
) -> Kept:
    """Keeps the records of a page and moves the cursor, both or neither: a pull cut short goes on from there.

    Raises ``FormVersion.DoesNotExist`` for a record whose version was not kept before (``keep_definition``).
    A record already here is left as it is; one that changed becomes a new version of its submission. A review decided
    on the other server is taken over where none was decided here.
    """
    created = edited = reviewed = 0
    versions: dict[str, FormVersion] = {}
    for record in page.records:
        version = versions.get(record.version)
        if version is None:
            same = FormVersion.objects.filter(form=source.form, version=record.version[:250])
            version = versions[record.version] = same.select_related("form").get()
        kept = keep_record(user, version, record, source.kind, (files or {}).get(record.instance_id, ()))
        created, edited, reviewed = created + kept.created, edited + kept.edited, reviewed + kept.reviewed
    source.cursor, source.pulled_at = page.cursor, timezone.now()
    source.save(update_fields=["cursor", "pulled_at"])
    note(form=source.form_id, created=created, edited=edited, reviewed=reviewed)
    return Kept(source, created, edited, reviewed)
