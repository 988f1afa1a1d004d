"""Steps of receiving, shared by the door and the pulls: a row kept once, put into the chain of its versions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q

from danbe.collect.forms.arrival import Conflict, StoredFile
from danbe.collect.models import Attachment, Form, Submission
from danbe.register.audit import note
from danbe.register.models import Place

# Questions whose answer is the P-code (or our id) of a region: by them a regional coordinator finds its submissions.
REGION_QUESTIONS = ("admin1", "region", "admin1_code", "admin1_pcode", "adm1", "adm1_pcode", "region_code")


@dataclass(frozen=True)
class Received:
    """A submission that stands; ``created`` says whether this post brought it."""

    submission: Submission
    created: bool

    @property
    def pk(self) -> int:
        return self.submission.pk


def keep_row(submission: Submission, files: Iterable[StoredFile]) -> Received:
    if submission.deprecated_id:
        # An edit waits for originals under way, and they for it, so that one of them sees the other.
        Form.objects.select_for_update().get(pk=submission.form_id)
    created = True
    try:
        with transaction.atomic():
            submission.save(force_insert=True)
    except IntegrityError:
        found = Submission.objects.select_for_update().get(
            form_id=submission.form_id, instance_id=submission.instance_id
        )
        if found.raw_sha256 != submission.raw_sha256:
            raise Conflict(submission.instance_id) from None
        if submission.complete and not found.complete:
            found.complete = True
            found.save(update_fields=["complete"])
        submission, created = found, False
    if created:
        _link(submission)
    for file in files:
        Attachment.objects.get_or_create(
            submission=submission, filename=file.filename, sha256=file.sha256,
            defaults={"size": file.size, "content_type": file.content_type},
        )  # fmt: skip
    note(form=submission.form_id, submission=submission.pk, created=created)
    return Received(submission, created)


def _link(new: Submission) -> None:
    """Puts a new row into the chain of its versions, whatever the order in which they came; one of them is current."""
    same_form = Submission.objects.filter(form_id=new.form_id)
    if new.deprecated_id:
        parent = same_form.filter(instance_id=new.deprecated_id).first()
        new.root_instance_id = parent.root_instance_id if parent else new.deprecated_id
    children = same_form.filter(deprecated_id=new.instance_id).exclude(pk=new.pk)
    if not new.deprecated_id and not children.exists():
        return
    if new.root_instance_id != new.instance_id:
        new.save(update_fields=["root_instance_id"])
        # Later versions that came first took this one for the root.
        same_form.filter(root_instance_id=new.instance_id).exclude(pk=new.pk).update(
            root_instance_id=new.root_instance_id
        )
    same_root = same_form.filter(root_instance_id=new.root_instance_id)
    rows = list(same_root.defer("answers").order_by("received_at", "pk"))
    replaced_by = {row.deprecated_id: row for row in rows if row.deprecated_id}
    # Current is the last to come of those that no other corrects; two edits of one original may both be such.
    # (A circle of corrections, which no real client makes, has no such row: its last stands.)
    latest = ([row for row in rows if row.instance_id not in replaced_by] or rows)[-1]
    for row in rows:
        follower = None if row is latest else replaced_by.get(row.instance_id, latest)
        if row.superseded_by_id != (follower.pk if follower else None):
            row.superseded_by = follower
            row.save(update_fields=["superseded_by"])
    new.refresh_from_db(fields=["superseded_by"])


def region_of(answers: dict[str, Any]) -> Place | None:
    """The region that the answers name by code, outside any repeat."""
    for value in _region_values(answers):
        same = Q(code__iexact=value) | Q(place_id__iexact=value)
        if found := Place.objects.filter(same, level=1).order_by("-version").first():
            return found
    return None


def _region_values(answers: dict[str, Any]) -> list[str]:
    found = []
    for name, value in answers.items():
        if isinstance(value, dict):
            found += _region_values(value)
        elif isinstance(value, str) and name.lower() in REGION_QUESTIONS:
            found.append(value)
    return found
