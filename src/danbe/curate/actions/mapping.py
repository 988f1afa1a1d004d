"""Writes of mappings: declared as data, confirmed by a person, then submissions read through them, each once.

A submission that was corrected is read again: what was made of it is withdrawn and made anew. A review moves what was
made of it along, unless a person here has decided since.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from django.db.models import Max
from django.utils import timezone

from danbe.collect.models import Submission, SubmissionReview
from danbe.collect.queries import forms as field_forms
from danbe.collect.sealing import has_texts, opened
from danbe.curate.actions._monitoring import From, keep_incidents, keep_movements
from danbe.curate.models import FormMapping, Incident, MappedSubmission, Movement, MovementStatus
from danbe.curate.monitoring.drafts import Problem
from danbe.curate.monitoring.mapping import FormRules, MappingRefused
from danbe.curate.monitoring.reading import Read, Reader
from danbe.curate.queries.mapping import in_force
from danbe.register.audit import action, note
from danbe.register.models import Place, User
from danbe.register.queries.geography import matcher

CHUNK = 500
_Review = Submission.Review
# What the review of a submission says of an incident and of a movement made from it.
INCIDENT_STATE: dict[str, str] = {
    _Review.RECEIVED: "ENCOURS", _Review.IN_REVIEW: "ENCOURS", _Review.VALIDATED: "DOC", _Review.TRIANGULATED: "TRI",
    _Review.REJECTED: "REJ", _Review.UNFOUNDED: "REJ",
}  # fmt: skip
MOVEMENT_STATE: dict[str, str] = {
    _Review.RECEIVED: "ALERTE", _Review.IN_REVIEW: "EVAL", _Review.VALIDATED: "CONF", _Review.TRIANGULATED: "CONF",
    _Review.REJECTED: "INF", _Review.UNFOUNDED: "INF",
}  # fmt: skip
_SETTLED = (_Review.VALIDATED, _Review.TRIANGULATED)
DOCUMENTED = ("DOC", "TRI")
_NO_ORGANISATION = "Cet envoi n’a pas d’organisation : rattachez son compte à une organisation."


@dataclass
class Applied:
    """What reading the submissions of a form did."""

    read: int = 0
    incidents: int = 0
    movements: int = 0
    refused: int = 0
    corrected: int = 0
    moved_on: int = 0
    unmapped: int = 0
    opened: int = 0
    problems: list[str] = field(default_factory=list)


@action("mapping.declare")
def declare(user: User, form_id: str, form_version: str, rules: Mapping[str, Any]) -> FormMapping:
    """Keeps a new draft of the mapping of a form ('' for any version). Raises ``MappingRefused``.

    A draft not yet confirmed takes the new rules; a confirmed one stays and the draft is its next version.
    """
    FormRules(rules)
    same = FormMapping.objects.select_for_update().filter(form_id=form_id, form_version=form_version)
    draft = same.filter(state=FormMapping.State.DRAFT).first()
    if draft is None:
        number = (same.aggregate(last=Max("number"))["last"] or 0) + 1
        draft = FormMapping(form_id=form_id, form_version=form_version, number=number)
    draft.rules, draft.declared_by = dict(rules), user
    draft.save()
    note(form=form_id, version=form_version, number=draft.number)
    return draft


@action("mapping.confirm")
def confirm(user: User, mapping: FormMapping) -> FormMapping:
    """Puts a draft in force; the version before it is kept as replaced. Raises ``MappingRefused``."""
    found = FormMapping.objects.select_for_update().get(pk=mapping.pk)
    if found.state != FormMapping.State.DRAFT:
        raise MappingRefused("cette version est déjà confirmée ou remplacée : déclarez-en une nouvelle")
    FormRules(found.rules)
    FormMapping.objects.filter(
        form_id=found.form_id, form_version=found.form_version, state=FormMapping.State.CONFIRMED
    ).update(state=FormMapping.State.RETIRED)
    found.state, found.confirmed_by, found.confirmed_at = FormMapping.State.CONFIRMED, user, timezone.now()
    found.save()
    note(form=found.form_id, version=found.form_version, number=found.number)
    return found


@action("mapping.apply")
def apply(user: User, form_id: str) -> Applied:
    """Reads the submissions of a form that were not read yet, or changed since, through the mappings in force."""
    done = Applied()
    # A unit without a P-code of its division goes by its id.
    rows = Place.objects.values_list("version", "code", "place_id")
    codes = {(version, (code or place_id).upper()): place_id for version, code, place_id in rows}
    readers: dict[str, tuple[FormMapping, Reader] | None] = {}
    known = {m.source_id: m for m in MappedSubmission.objects.filter(form_id=form_id)}
    fresh: list[tuple[Submission, FormMapping, Reader]] = []
    for submission in _current(user, form_id):
        mapped = known.get(submission.root_instance_id)
        version = submission.form_version.version
        if version not in readers:
            mapping = in_force(form_id, version)
            readers[version] = (
                (mapping, Reader(FormRules(mapping.rules), codes, matcher(), timezone.localdate())) if mapping else None
            )
        way = readers[version]
        if way is None:
            done.unmapped += 1
        elif mapped is None or mapped.version != submission.instance_id or mapped.mapping_id != way[0].pk:
            if mapped is not None:
                done.corrected += _withdraw(mapped)
            fresh.append((submission, *way))
        elif mapped.review_state != submission.review_state:
            done.moved_on += _move_on(user, mapped, submission)
    for start in range(0, len(fresh), CHUNK):
        _take(user, form_id, fresh[start : start + CHUNK], known, done)
    note(
        form=form_id, read=done.read, incidents=done.incidents, movements=done.movements, refused=done.refused,
        **({"opened": done.opened} if done.opened else {}),
    )  # fmt: skip
    return done


def _current(user: User, form_id: str) -> list[Submission]:
    """The current, complete, readable submissions of a form, the oldest first."""
    found = field_forms.submissions(user).filter(form__form_id=form_id, complete=True, encrypted=False)
    return list(found.order_by("received_at", "pk"))


def _take(
    user: User, form_id: str, fresh: Sequence[tuple[Submission, FormMapping, Reader]],
    known: Mapping[str, MappedSubmission], done: Applied,
) -> None:  # fmt: skip
    incidents: list[tuple[Any, From]] = []
    movements: list[tuple[Any, From, int | None]] = []
    reviews = _reviews([s for s, _, _ in fresh])
    for submission, mapping, reader in fresh:
        answers = submission.answers
        if submission.sealed and has_texts(submission.form_version, reader.rules.paths()):
            # From lock to lock: a narrative is locked again before the transaction ends.
            answers, done.opened = opened(submission), done.opened + 1
        read = reader.read(answers, _day(submission))
        if not submission.organisation_id:
            read = Read(problems=[*read.problems, Problem("organisation_id", _NO_ORGANISATION)])
        row = known.get(submission.root_instance_id) or MappedSubmission(
            form_id=form_id, source_id=submission.root_instance_id
        )
        row.version, row.mapping, row.review_state = submission.instance_id, mapping, submission.review_state
        row.problems = [p.to_json() for p in read.problems]
        row.save()
        done.read += 1
        if read.problems:
            done.refused += 1
            done.problems += [f"{submission.instance_id} {p.column}: {p.text()}" for p in read.problems][:3]
            continue
        of = _from(submission, row, reviews.get(submission.pk))
        base = len(incidents)
        for draft in read.incidents:
            state = _state(draft.record_type, of.verification)
            settled = state in DOCUMENTED
            day, person = (of.validated_on, of.validated_by_id) if settled else (None, None)
            incidents.append((draft, replace(of, verification=state, validated_on=day, validated_by_id=person)))
        movements += [(draft, of, None if at is None else base + at) for draft, at in read.movements]
    made = keep_incidents(user, incidents)
    kept = keep_movements(
        user, [(d, of) for d, of, _ in movements], [None if at is None else made[at] for _, _, at in movements]
    )
    done.incidents += len(made)
    done.movements += len(kept)


def _state(record_type: str, said: str) -> str:
    """A flash alert that was validated is a true alert; only its documentation makes it a documented incident."""
    if record_type != "FLASH":
        return said
    return {"ENCOURS": "ALERTE", "DOC": "ENCOURS", "TRI": "ENCOURS"}.get(said, said)


def _day(submission: Submission) -> date:
    return timezone.localtime(submission.submitted_at or submission.received_at).date()


def _reviews(submissions: Sequence[Submission]) -> dict[int, tuple[date, int | None]]:
    """submission → the day it was validated, and by whom."""
    settled = [s.pk for s in submissions if s.review_state in _SETTLED]
    found: dict[int, tuple[date, int | None]] = {}
    rows = SubmissionReview.objects.filter(submission__in=settled, state__in=_SETTLED).order_by("at")
    for submission, at, user in rows.values_list("submission_id", "at", "user_id"):
        found.setdefault(submission, (timezone.localtime(at).date(), user))
    return found


def _from(submission: Submission, row: MappedSubmission, review: tuple[date, int | None] | None) -> From:
    assert submission.organisation_id is not None
    return From(
        submission.organisation_id,
        submission.user_id,
        row,
        INCIDENT_STATE[submission.review_state],
        MOVEMENT_STATE[submission.review_state],
        *(review or (None, None)),
    )


def _withdraw(mapped: MappedSubmission) -> int:
    """What an earlier version of a submission, or of its mapping, had made is withdrawn."""
    now = timezone.now()
    reason = "corrigé"
    found = Incident.objects.filter(submission=mapped, withdrawn_at=None)
    gone = found.update(withdrawn_at=now, withdrawn_reason=reason)
    gone += Movement.objects.filter(submission=mapped, withdrawn_at=None).update(
        withdrawn_at=now, withdrawn_reason=reason
    )
    return int(gone > 0)


def _move_on(user: User, mapped: MappedSubmission, submission: Submission) -> int:
    """Carries a new review onto what was made of the submission, where no person has decided here since."""
    state = INCIDENT_STATE[submission.review_state]
    review = _reviews([submission]).get(submission.pk)
    open_ = Incident.objects.filter(submission=mapped, withdrawn_at=None, verification__in=("ALERTE", "ENCOURS"))
    moved = open_.filter(record_type="FLASH").update(verification=_state("FLASH", state))
    said = {"validated_on": review[0], "validated_by_id": review[1]} if review else {}
    moved += open_.exclude(record_type="FLASH").update(verification=state, **said)
    step = MOVEMENT_STATE[submission.review_state]
    waiting = Movement.objects.filter(submission=mapped, withdrawn_at=None, status__in=("ALERTE", "EVAL"))
    for movement in waiting.exclude(status=step):
        movement.status = step
        movement.save(update_fields=["status"])
        MovementStatus.objects.create(
            movement=movement, status=step, on=review[0] if review else timezone.localdate(), user=user
        )
        moved += 1
    mapped.review_state = submission.review_state
    mapped.save(update_fields=["review_state"])
    return int(moved > 0)
