"""Writes of pulls: a page of another server's submissions kept at a time, with where to go on from."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from danbe.collect.actions._receiving import keep_row, region_of
from danbe.collect.forms.arrival import StoredFile
from danbe.collect.forms.schema import XForm, read_xform
from danbe.collect.models import Form, FormVersion, PullSource, Submission, SubmissionReview
from danbe.collect.pulls.records import Page, Record
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
        known = Submission.objects.filter(form=version.form, root_instance_id=record.root_instance_id)
        current = known.filter(superseded_by=None).first()
        if not known.filter(instance_id=_instance(record, known)).exists():
            current = _keep(user, source, version, record, current, (files or {}).get(record.instance_id, ()))
            created, edited = created + (not current.deprecated_id), edited + bool(current.deprecated_id)
        if record.review and current is not None and current.review_state == Submission.Review.RECEIVED:
            current.review_state = record.review
            current.save(update_fields=["review_state"])
            SubmissionReview.objects.create(submission=current, state=record.review, reason=source.kind, user=user)
            reviewed += 1
    source.cursor, source.pulled_at = page.cursor, timezone.now()
    source.save(update_fields=["cursor", "pulled_at"])
    note(form=source.form_id, created=created, edited=edited, reviewed=reviewed)
    return Kept(source, created, edited, reviewed)


def _instance(record: Record, known: Any) -> str:
    """The id under which the record stands here; a server that keeps the id through an edit gets one by content."""
    same = known.filter(instance_id=record.instance_id).first()
    if same is None or same.raw_sha256 == _sha(record) or _same_answers(known, record):
        return record.instance_id
    return f"{record.instance_id}#{_sha(record)[:12]}"


def _sha(record: Record) -> str:
    return hashlib.sha256(record.raw).hexdigest()


def _same_answers(known: Any, record: Record) -> bool:
    """Only what the server says around the answers moved (a review, a counter): no new version."""
    return any(row.answers == record.answers for row in known)


def _keep(
    user: User, source: PullSource, version: FormVersion, record: Record, current: Submission | None,
    files: tuple[StoredFile, ...],
) -> Submission:  # fmt: skip
    known = Submission.objects.filter(form=version.form, root_instance_id=record.root_instance_id)
    instance = _instance(record, known)
    raw_sha256, _size = store(record.raw, len(record.raw))
    edit_of = record.deprecated_id or (current.instance_id if current is not None else "")
    if not edit_of and instance != record.root_instance_id:
        edit_of = record.root_instance_id  # its original was edited before we ever asked
    row = Submission(
        form=version.form, form_version=version, instance_id=instance[:250], root_instance_id=instance[:250],
        deprecated_id=edit_of[:250], raw_sha256=raw_sha256, answers=record.answers, source=source.kind,
        device_id=record.device_id[:250], user=user, region=region_of(record.answers), received_at=timezone.now(),
        submitted_at=record.submitted_at, expected=[name for name, _address in record.attachments],
    )  # fmt: skip
    return keep_row(row, files).submission
