"""Writes of exported workbooks: their mapping declared and confirmed, their rows kept as submissions."""

from __future__ import annotations

from dataclasses import asdict

from django.db.models import Max
from django.utils import timezone

from danbe.collect.actions._records import keep_record
from danbe.collect.forms.exported import Rules, RulesRefused, checked
from danbe.collect.messages import FieldRefused
from danbe.collect.models import ExportImport, ExportMapping, FormVersion, Submission, Upload
from danbe.collect.queries.exports import add, assembled, grids, known, started
from danbe.register.audit import action, note
from danbe.register.models import Organisation, User


@action("exports.declare")
def declare(user: User, version: FormVersion, rules: Rules) -> ExportMapping:
    """Keeps a draft of how workbooks stand to a form version. Raises ``RulesRefused``.

    A draft not yet confirmed takes the new rules; a confirmed one stays and the draft is its next version.
    """
    checked(rules, version.schema)
    same = ExportMapping.objects.select_for_update().filter(version=version)
    draft = same.filter(state=ExportMapping.State.DRAFT).first()
    if draft is None:
        draft = ExportMapping(version=version, number=(same.aggregate(last=Max("number"))["last"] or 0) + 1)
    draft.rules, draft.declared_by = rules, user
    draft.save()
    note(form=version.form.form_id, version=version.version, number=draft.number)
    return draft


@action("exports.confirm")
def confirm(user: User, mapping: ExportMapping) -> ExportMapping:
    """Puts a draft in force; the one before it is kept as replaced. Raises ``RulesRefused``."""
    found = ExportMapping.objects.select_for_update().select_related("version__form").get(pk=mapping.pk)
    if found.state != ExportMapping.State.DRAFT:
        raise RulesRefused("cette version est déjà confirmée ou remplacée : déclarez-en une nouvelle")
    checked(found.rules, found.version.schema)
    ExportMapping.objects.filter(version=found.version, state=ExportMapping.State.CONFIRMED).update(
        state=ExportMapping.State.RETIRED
    )
    found.state, found.confirmed_by, found.confirmed_at = ExportMapping.State.CONFIRMED, user, timezone.now()
    found.save()
    note(form=found.version.form.form_id, version=found.version.version, number=found.number)
    return found


@action("exports.load")
def load(user: User, mapping: ExportMapping, upload: Upload, organisation: Organisation | None = None) -> ExportImport:
    """Keeps the submissions of a workbook through a confirmed mapping, all of them or none; the report closes.

    A submission that is here already is left as it is; one whose answers changed since an earlier workbook becomes its
    next version. One that a phone or a server brought is not replaced by a workbook. ``organisation`` is whose they
    are. Raises ``WorkbookRefused`` and ``FieldRefused``.
    """
    if mapping.state != ExportMapping.State.CONFIRMED:
        raise FieldRefused("export.draft")
    version = FormVersion.objects.select_related("form").get(pk=mapping.version_id)
    if version.state == FormVersion.State.DRAFT:
        raise FieldRefused("export.form", form=version.form.form_id)
    found = assembled(version, mapping.rules, grids(upload))
    report = started(found)
    here = known(version, [b.record.root_instance_id for b in found.built])
    for built in found.built:
        source = here.get(built.record.root_instance_id)
        if source not in (None, Submission.Source.WORKBOOK):
            report.already += 1
            add(report, built.rows, "already")
            continue
        done = keep_record(user, version, built.record, Submission.Source.WORKBOOK, organisation=organisation)
        report.created, report.edited = report.created + done.created, report.edited + done.edited
        report.reviewed += done.reviewed
        stored = done.created or done.edited
        report.already += not stored
        add(report, built.rows, "stored" if stored else "already")
    note(
        form=version.form.form_id, mapping=mapping.number, created=report.created, edited=report.edited,
        already=report.already, reported=sum(s["reported"] for s in report.sheets),
    )  # fmt: skip
    return ExportImport.objects.create(
        upload=upload, mapping=mapping, organisation=organisation, by=user, report=asdict(report)
    )
