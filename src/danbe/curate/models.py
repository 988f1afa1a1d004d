"""The 5W rows the cluster holds true, the batches that brought them, reports, needs and targets, snapshots; incidents
and movements in the two files beside this one."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from danbe.curate.models_assessments import (
    Assessment,
    Finding,
    RankedNeed,
    Recommendation,
    ResponseAction,
)
from danbe.curate.models_funding import FundingAmount, FundingAnswer, FundingFlow
from danbe.curate.models_monitoring import (
    COUNTED,
    DuplicateProposal,
    FormMapping,
    Incident,
    MappedSubmission,
    ModuleRow,
    Narrative,
    Response,
    VictimGroup,
    Violation,
)
from danbe.curate.models_movements import DisplacementStock, Movement, MovementStatus

__all__ = [
    "COUNTED",
    "Activity",
    "Assessment",
    "Batch",
    "Cell",
    "DisplacementStock",
    "DuplicateProposal",
    "Finding",
    "FormMapping",
    "FundingAmount",
    "FundingAnswer",
    "FundingFlow",
    "Incident",
    "MappedSubmission",
    "ModuleRow",
    "Movement",
    "MovementStatus",
    "Narrative",
    "PeopleInNeed",
    "RankedNeed",
    "Recommendation",
    "Report",
    "Response",
    "ResponseAction",
    "Snapshot",
    "Target",
    "VictimGroup",
    "Violation",
]


class Batch(models.Model):
    """One import of one upload. Committed whole or not at all; undone whole.

    ``options`` is what the person chose (sheet, mapping, month, register…), ``result`` the counts shown afterwards.
    The issues lie in the data folder, ``batches/<id>/issues.sqlite3``, with the annotated workbook beside them.
    """

    class State(models.TextChoices):
        READING = "reading", "En lecture"
        DRAFT = "draft", "À vérifier"
        COMMITTED = "committed", "Importé"
        UNDONE = "undone", "Annulé"
        FAILED = "failed", "Échoué"

    upload = models.ForeignKey("collect.Upload", on_delete=models.PROTECT, related_name="batches")
    organisation = models.ForeignKey("register.Organisation", null=True, on_delete=models.PROTECT)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT)
    state = models.CharField(max_length=12, choices=State.choices, default=State.DRAFT)
    options = models.JSONField(default=dict)
    result = models.JSONField(default=dict)
    progress = models.JSONField(default=dict)
    created_at = models.DateTimeField(auto_now_add=True)
    committed_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)


class Activity(models.Model):
    """A 5W row as accepted. Content never changes: a correction adds a row and withdraws the old one.

    ``values`` holds the catalogue's columns by name (months and dates as ISO text), ``extra`` the columns of the file
    that the catalogue does not know. What is joined or filtered on has a field of its own.
    """

    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="activities")
    source_row = models.PositiveIntegerField()
    organisation = models.ForeignKey("register.Organisation", on_delete=models.PROTECT, related_name="activities")
    implementing_partner = models.ForeignKey(
        "register.Organisation", null=True, on_delete=models.PROTECT, related_name="+"
    )
    report_month = models.CharField(max_length=7)
    aor = models.CharField(max_length=10, blank=True)
    place = models.ForeignKey("register.Place", null=True, on_delete=models.PROTECT)
    indicator = models.ForeignKey("register.Indicator", null=True, on_delete=models.PROTECT)
    # The same organisation, partner, indicator, place, site, month and group: the same line of a report.
    row_key = models.CharField(max_length=32)
    # The same content altogether.
    content_hash = models.CharField(max_length=32)
    values = models.JSONField()
    extra = models.JSONField(default=dict)
    warnings = models.CharField(max_length=200, blank=True)
    withdrawn_by = models.ForeignKey(Batch, null=True, on_delete=models.PROTECT, related_name="withdrew")
    withdrawn_reason = models.CharField(max_length=20, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["organisation", "report_month"]),
            models.Index(fields=["withdrawn_by"]),
        ]


class Report(models.Model):
    """An organisation reported for a month (possibly «rien à signaler»)."""

    organisation = models.ForeignKey("register.Organisation", on_delete=models.PROTECT)
    report_month = models.CharField(max_length=7)
    received_on = models.DateField()
    nothing_to_report = models.BooleanField(default=False)
    batch = models.ForeignKey(Batch, null=True, on_delete=models.PROTECT)

    class Meta:
        indexes = [models.Index(fields=["organisation", "report_month"])]


class Cell(models.Model):
    """People in need or targets of one year, area of responsibility, place and population group."""

    year = models.PositiveSmallIntegerField()
    aor = models.CharField(max_length=10)
    place = models.ForeignKey("register.Place", on_delete=models.PROTECT)
    population_status = models.CharField(max_length=10)
    source = models.CharField(max_length=200, blank=True)

    class Meta:
        abstract = True


class Target(Cell):
    target = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["year", "aor", "place", "population_status"], name="one_target_per_cell")
        ]


class PeopleInNeed(Cell):
    people_in_need = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["year", "aor", "place", "population_status"], name="one_need_per_cell")
        ]


class Snapshot(models.Model):
    """An immutable folder of Parquet files, named by its hash: ``snapshots/<snapshot_id>``."""

    snapshot_id = models.CharField(max_length=16, unique=True)
    at = models.DateTimeField(auto_now_add=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT)
    note = models.CharField(max_length=250, blank=True)
    manifest = models.JSONField(default=dict)
