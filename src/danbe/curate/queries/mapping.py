"""Reads of mappings: which there are of a form, what a draft would make of the submissions at hand."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Q, QuerySet

from danbe.collect.models import Form, FormVersion
from danbe.collect.queries import forms as field_forms
from danbe.curate.models import FormMapping, MappedSubmission
from danbe.curate.monitoring.mapping import FormRules, MappingRefused
from danbe.register.models import Role, User


def may_map(user: User) -> bool:
    """Whether the person declares and confirms mappings: the cluster's coordination and administrators."""
    return user.is_active and (user.is_superuser or user.role in (Role.ADMINISTRATOR, Role.COORDINATOR))


def mappings(user: User, form_id: str = "") -> QuerySet[FormMapping]:
    """The mappings, by form, the latest first, each with how many submissions it read and how many it could not."""
    found = FormMapping.objects.select_related("declared_by", "confirmed_by")
    if not may_map(user):
        return found.none()
    if form_id:
        found = found.filter(form_id=form_id)
    return found.annotate(
        read=Count("submissions"), unread=Count("submissions", filter=~Q(submissions__problems=[]))
    ).order_by("form_id", "form_version", "-number")


def in_force(form_id: str, version: str) -> FormMapping | None:
    """The confirmed mapping for a version of a form: its own, else the one for any version."""
    confirmed = FormMapping.objects.filter(form_id=form_id, state=FormMapping.State.CONFIRMED)
    return confirmed.filter(form_version=version).first() or confirmed.filter(form_version="").first()


def unmapped_forms(user: User) -> list[Form]:
    """Forms that have submissions and no mapping at all."""
    if not may_map(user):
        return []
    known = FormMapping.objects.values("form_id")
    return list(Form.objects.filter(submissions__isnull=False).exclude(form_id__in=known).distinct().order_by("title"))


def problems(user: User, mapping: FormMapping) -> QuerySet[MappedSubmission]:
    """The submissions a mapping could not read in full."""
    found = MappedSubmission.objects.filter(mapping=mapping).exclude(problems=[]).order_by("-at", "pk")
    return found if may_map(user) else found.none()


@dataclass(frozen=True)
class Preview:
    """What rules would make of submissions: rows by table, the first few rows, questions of the form they leave out."""

    submissions: int = 0
    rows: dict[str, int] = field(default_factory=dict)
    sample: list[dict[str, Any]] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    error: str = ""


def preview(user: User, form_id: str, rules: dict[str, Any], *, version: str = "", limit: int = 200) -> Preview:
    """Reads the latest submissions through ``rules`` without keeping anything. Narratives are not shown."""
    if not may_map(user):
        return Preview()
    try:
        read = FormRules(rules)
    except MappingRefused as refused:
        return Preview(error=str(refused))
    form = Form.objects.filter(form_id=form_id).first()
    if form is None:
        return Preview()
    found = field_forms.submissions(user, form)
    if version:
        found = found.filter(form_version__version=version)
    answers = [s.answers for s in found[:limit]]
    counts: dict[str, int] = {}
    sample: list[dict[str, Any]] = []
    for answer in answers:
        for row in read.rows(answer):
            counts[row.table] = counts.get(row.table, 0) + 1
            if len(sample) < 5 and row.table in ("incidents", "movements"):
                shown = {k: v for k, v in row.values.items() if k != "narrative" and v not in (None, "")}
                sample.append({"table": row.table, **shown})
    return Preview(len(answers), counts, sample, _left_out(_questions(form, version), read.paths()))


def _questions(form: Form, version: str) -> list[str]:
    found = form.versions.exclude(state=FormVersion.State.DRAFT).order_by("-published_at")
    chosen = found.filter(version=version).first() if version else found.first()
    fields: Iterable[dict[str, Any]] = (chosen.schema if chosen else {}).get("fields", ())
    return [f["path"] for f in fields if f.get("type") not in ("group", "repeat", "note")]


def _left_out(questions: list[str], read: set[str]) -> list[str]:
    return [q for q in questions if q not in read and not q.startswith("meta/")]


def schema_of(form_id: str, version: str = "") -> dict[str, Any]:
    """The schema of a form's version (the latest by default); {} for a form that is not there."""
    form = Form.objects.filter(form_id=form_id).first()
    if form is None:
        return {}
    found = form.versions.order_by("-created_at")
    chosen = found.filter(version=version).first() if version else found.first()
    return dict(chosen.schema) if chosen else {}
