"""Steps of keeping another server's records, shared by pulls and by exported workbooks. No verb of its own."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from danbe.collect.actions._receiving import keep_row, region_of
from danbe.collect.forms.arrival import StoredFile
from danbe.collect.models import FormVersion, Submission, SubmissionReview
from danbe.collect.pulls.records import Record
from danbe.collect.sealing import keep_answers, opened, without_texts
from danbe.collect.storage import store, store_sealed
from danbe.register.models import Organisation, User


@dataclass(frozen=True)
class Outcome:
    """What a record did: a new submission, a new version of a known one, a review taken over, or nothing."""

    created: bool = False
    edited: bool = False
    reviewed: bool = False


def keep_record(
    user: User, version: FormVersion, record: Record, source: str, files: tuple[StoredFile, ...] = (),
    organisation: Organisation | None = None,
) -> Outcome:  # fmt: skip
    """A record already here is left as it is; one that changed becomes a new version of its submission.

    A review decided on the other server is taken over where none was decided here.
    """
    known = Submission.objects.filter(form=version.form, root_instance_id=record.root_instance_id)
    current = known.filter(superseded_by=None).first()
    created = edited = reviewed = False
    if not known.filter(instance_id=_instance(record, known)).exists():
        current = _keep(user, version, record, current, source, files, organisation)
        created, edited = not current.deprecated_id, bool(current.deprecated_id)
    if record.review and current is not None and current.review_state == Submission.Review.RECEIVED:
        current.review_state = record.review
        current.save(update_fields=["review_state"])
        SubmissionReview.objects.create(submission=current, state=record.review, reason=source, user=user)
        reviewed = True
    return Outcome(created, edited, reviewed)


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
    return any(opened(row) == record.answers for row in known.select_related("form_version"))


def _keep(
    user: User, version: FormVersion, record: Record, current: Submission | None, source: str,
    files: tuple[StoredFile, ...], organisation: Organisation | None,
) -> Submission:  # fmt: skip
    known = Submission.objects.filter(form=version.form, root_instance_id=record.root_instance_id)
    instance = _instance(record, known)
    sealed, answers = version.form.sensitive, record.answers
    raw_sha256, _size = (store_sealed if sealed else store)(record.raw, len(record.raw))
    if sealed:
        keep_answers(raw_sha256, answers)
        answers = without_texts(answers, version)
    edit_of = record.deprecated_id or (current.instance_id if current is not None else "")
    if not edit_of and instance != record.root_instance_id:
        edit_of = record.root_instance_id  # its original was edited before we ever asked
    row = Submission(
        form=version.form, form_version=version, instance_id=instance[:250], root_instance_id=instance[:250],
        deprecated_id=edit_of[:250], raw_sha256=raw_sha256, answers=answers, source=source,
        device_id=record.device_id[:250], user=user, organisation=organisation, region=region_of(record.answers), received_at=timezone.now(),
        submitted_at=record.submitted_at, sealed=sealed, expected=[name for name, _address in record.attachments],
    )  # fmt: skip
    return keep_row(row, files).submission
