"""Rapid protection assessments and what follows them: alert → assessment → recommendations → actions → closure.

Field brief §1.3. An assessment holds counts and findings, no name, phone or exact point: its texts pass the detector
before they are kept. Reads go through ``queries/assessments``.
"""

from __future__ import annotations

import uuid

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models


class Assessment(models.Model):
    """One rapid assessment (ERP). Its alert is an incident or a movement, or none: an assessment may be the first to know.

    ``reported_on`` is the day its report was handed in, ``fielded_on`` the day the team went; the delays of the thread
    are worked out of these days (``assessments.delays``) and kept nowhere.
    """

    class State(models.TextChoices):
        DRAFT = "draft", "Brouillon"
        REVIEW = "review", "En revue"
        VALIDATED = "validated", "Validée"
        REJECTED = "rejected", "Rejetée"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey("register.Organisation", on_delete=models.PROTECT, related_name="assessments")
    monitor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    incident = models.ForeignKey("curate.Incident", null=True, on_delete=models.PROTECT, related_name="assessments")
    movement = models.ForeignKey("curate.Movement", null=True, on_delete=models.PROTECT, related_name="assessments")
    place = models.ForeignKey("register.Place", on_delete=models.PROTECT, related_name="+")
    fielded_on = models.DateField()
    reported_on = models.DateField(null=True)
    informants_women = models.PositiveSmallIntegerField(default=0)
    informants_men = models.PositiveSmallIntegerField(default=0)
    focus_groups = models.PositiveSmallIntegerField(default=0)
    observations = models.PositiveSmallIntegerField(default=0)
    people_affected = models.PositiveIntegerField(null=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    state_reason = models.CharField(max_length=200, blank=True)
    validated_on = models.DateField(null=True)
    closed_on = models.DateField(null=True)
    closure = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["state"]), models.Index(fields=["place", "fielded_on"])]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(incident=None) | models.Q(movement=None), name="one_alert_per_assessment"
            ),
            models.CheckConstraint(
                condition=models.Q(reported_on=None) | models.Q(reported_on__gte=models.F("fielded_on")),
                name="assessment_reported_after_fielded",
            ),
        ]


class Finding(models.Model):
    """A PAF risk found: the threat, who is vulnerable to it, what capacities there are, how severe (1–5) and why."""

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="findings")
    risk = models.CharField(max_length=10)
    threat = models.TextField()
    vulnerability = models.TextField(blank=True)
    capacity = models.TextField(blank=True)
    severity = models.PositiveSmallIntegerField(validators=[MinValueValidator(1), MaxValueValidator(5)])
    justification = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["assessment", "risk"], name="one_finding_per_risk"),
            models.CheckConstraint(condition=models.Q(severity__range=(1, 5)), name="finding_severity_1_to_5"),
        ]


class RankedNeed(models.Model):
    """One place of a need in one ballot: a ballot is what one group (women, men, girls, boys) said in one discussion."""

    class Group(models.TextChoices):
        WOMEN = "women", "Femmes"
        MEN = "men", "Hommes"
        GIRLS = "girls", "Filles"
        BOYS = "boys", "Garçons"

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="ranked")
    group = models.CharField(max_length=6, choices=Group.choices)
    ballot = models.PositiveSmallIntegerField(default=1)
    rank = models.PositiveSmallIntegerField()
    need = models.CharField(max_length=10)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["assessment", "group", "ballot", "need"], name="one_rank_per_need"),
            models.UniqueConstraint(fields=["assessment", "group", "ballot", "rank"], name="one_need_per_rank"),
        ]


class Recommendation(models.Model):
    """What an assessment recommends; what is done about it are its actions."""

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="recommendations")
    text = models.TextField()


class ResponseAction(models.Model):
    """What an organisation does about a recommendation, by when, and the 5W rows that show it."""

    recommendation = models.ForeignKey(Recommendation, on_delete=models.CASCADE, related_name="actions")
    owner = models.ForeignKey("register.Organisation", on_delete=models.PROTECT, related_name="response_actions")
    text = models.TextField(blank=True)
    agreed_on = models.DateField()
    deadline = models.DateField()
    done_on = models.DateField(null=True)
    activities = models.ManyToManyField("curate.Activity", related_name="response_actions")

    class Meta:
        indexes = [models.Index(fields=["owner", "deadline"])]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(deadline__gte=models.F("agreed_on")), name="action_due_after_agreed"
            ),
        ]
