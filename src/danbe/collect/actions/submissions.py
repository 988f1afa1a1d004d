"""Writes of submissions: received as they came, corrected by a new version, reviewed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import IO, Any

from django.utils import timezone

from danbe.collect.actions._receiving import Received, keep_row, region_of
from danbe.collect.forms.answers import binary_names, encrypted_names, to_json, types_of
from danbe.collect.forms.arrival import Arrival, UnknownForm, keep
from danbe.collect.forms.export import Export
from danbe.collect.forms.writing import KINDS
from danbe.collect.messages import FieldRefused
from danbe.collect.models import Attachment, Form, FormVersion, Submission, SubmissionReview
from danbe.collect.queries.forms import may_read_texts, reviewable, submissions, visible
from danbe.collect.sealing import opened, without_texts
from danbe.collect.storage import read_kept
from danbe.register.audit import NotAllowed, action, note
from danbe.register.models import User

NEED_A_REASON = (Submission.Review.REJECTED, Submission.Review.UNFOUNDED)


@action("submissions.receive")
def receive(
    user: User,
    xml: bytes | Arrival,
    attachments: Iterable[tuple[str, bytes | IO[bytes], str]] = (),
    *,
    incomplete: bool = False,
    source: str = Submission.Source.OPENROSA,
    device_id: str = "",
    received_at: datetime | None = None,
) -> Received:
    """Keeps a submission with its files: (name, content, content type). ``incomplete``: more posts of it follow.

    The same XML again adds what files it brings and is no second submission. Raises ``BadXML`` for what cannot be
    read, ``UnknownForm`` when no published version has its id and version, ``Conflict`` when the instance id came with
    another XML. An XML that names a deprecated instance id becomes the current version of that submission.
    """
    arrival = xml if isinstance(xml, Arrival) else keep(xml, attachments)
    version = _version(arrival)
    read = arrival.envelope
    if read.encrypted:
        answers, expected = {}, encrypted_names(read.root)
    else:
        types = types_of(version.pk, version.xform_sha256)
        answers, expected = to_json(read.root, types), binary_names(read.root, types)
        if arrival.sealed:
            answers = without_texts(answers, version)
    submission = Submission(
        form=version.form, form_version=version, instance_id=arrival.instance_id,
        root_instance_id=arrival.instance_id, deprecated_id=read.deprecated_id[:250], raw_sha256=arrival.raw_sha256,
        answers=answers, expected=expected, encrypted=read.encrypted, sealed=arrival.sealed, complete=not incomplete, source=source,
        device_id=(device_id or str(answers.get("deviceid", "")))[:250], user=user,
        organisation_id=user.organisation_id, region=region_of(answers), received_at=received_at or timezone.now(),
    )  # fmt: skip
    return keep_row(submission, arrival.files)


def _version(arrival: Arrival) -> FormVersion:
    read = arrival.envelope
    found = (
        FormVersion.objects.select_related("form").defer("schema", "warnings")
        .filter(form__form_id=read.form_id, version=read.version).exclude(state=FormVersion.State.DRAFT).first()
    )  # fmt: skip
    if found is None:
        raise UnknownForm(f"{read.form_id} {read.version}".strip())
    return found


@action("submissions.review")
def review(
    user: User, submission: Submission, state: str, reason: str = "", *, at: datetime | None = None
) -> SubmissionReview:
    """Gives a submission its review state; the decisions before it are kept. A rejection says why.

    ``at`` is when it was decided, for a decision taken elsewhere (another server, a synthetic year). A supervisor reviews its own organisation's, a regional coordinator its region's. Raises ``FieldRefused``.
    """
    if state not in Submission.Review.values:
        raise FieldRefused("review.state", state=state, states=", ".join(Submission.Review.values))
    if state in NEED_A_REASON and not reason.strip():
        raise FieldRefused("review.reason")
    found = reviewable(user).select_for_update(of=("self",)).filter(pk=submission.pk).first()
    if found is None:
        raise NotAllowed(f"{user.username}: submission {submission.pk}")
    if found.superseded_by_id:
        raise FieldRefused("review.superseded")
    decision = SubmissionReview.objects.create(submission=found, state=state, reason=reason.strip(), user=user)
    if at is not None:
        SubmissionReview.objects.filter(pk=decision.pk).update(at=at)
        decision.at = at
    found.review_state, found.review_reason = state, reason.strip()
    found.save(update_fields=["review_state", "review_reason"])
    note(submission=found.pk, state=state)
    return decision


@action("submissions.open_texts")
def open_texts(user: User, submission: Submission) -> dict[str, Any]:
    """All the answers of a submission under lock, its texts too, and a line in the log: who read which, when.

    An administrator never reads them. Raises ``NotAllowed``, and ``Locked`` when the key is not there.
    """
    found = _readable(user, submission)
    note(submission=found.pk)
    return opened(found)


@action("submissions.open_file")
def open_file(user: User, submission: Submission, attachment: Attachment | None = None) -> bytes:
    """A file of a submission under lock, or its document as it came; a line in the log, as for its texts."""
    found = _readable(user, submission)
    if attachment is not None and attachment.submission_id != found.pk:
        raise NotAllowed(f"{user.username}: attachment {attachment.pk}")
    note(submission=found.pk, attachment=attachment.pk if attachment else None)
    return read_kept(attachment.sha256 if attachment else found.raw_sha256, sealed=found.sealed)


def _readable(user: User, submission: Submission) -> Submission:
    found = visible(user).filter(pk=submission.pk).first() if may_read_texts(user) else None
    if found is None:
        raise NotAllowed(f"{user.username}: texts of submission {submission.pk}")
    return found


@action("submissions.export")
def export(
    user: User, form: Form, kind: str, state: str = "", all_versions: bool = False, *, texts: bool = False
) -> Export:
    """Opens an export of a form's submissions, those the person may see; the log says who took how many.

    ``kind`` is 'csv', 'parquet' or 'json'. ``texts`` also opens what lies under lock, for those who may read it: the log
    says so. ``Export.write(folder)`` then only reads: it holds no one up.
    """
    if texts and not may_read_texts(user):
        raise NotAllowed(f"{user.username}: texts of {form.form_id}")
    if kind not in KINDS:
        raise ValueError(f"{kind}: one of {', '.join(KINDS)}")
    found = visible(user).filter(form=form) if all_versions else submissions(user, form)
    if state:
        found = found.filter(review_state=state)
    note(form=form.form_id, kind=kind, rows=found.count(), state=state, **({"texts": True} if texts else {}))
    return Export(form, found, kind, texts)
