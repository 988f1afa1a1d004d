"""Community mechanisms: committees, relays, RECOPE, alert groups (field brief §1.5). Shape and constraints only.

No member has a name here, nor a telephone: only counts. What is public is told at commune or cercle level (retaliation).
"""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords


class Mechanism(models.Model):
    """One mechanism. ``training``: topics it was trained in, codes parted by a space; ``gaps``: what it lacks."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    mechanism_type = models.CharField(max_length=10)
    label = models.CharField(max_length=120, blank=True)
    place = models.ForeignKey("register.Place", on_delete=models.PROTECT, related_name="mechanisms")
    initiator = models.ForeignKey(
        "register.Organisation", null=True, blank=True, on_delete=models.PROTECT, related_name="mechanisms"
    )
    started_year = models.PositiveSmallIntegerField(null=True, blank=True)
    members_women = models.PositiveIntegerField(null=True, blank=True)
    members_men = models.PositiveIntegerField(null=True, blank=True)
    members_young = models.PositiveIntegerField(null=True, blank=True)
    members_disability = models.PositiveIntegerField(null=True, blank=True)
    members_displaced = models.PositiveIntegerField(null=True, blank=True)
    training = models.CharField(max_length=80, blank=True)
    trained_on = models.DateField(null=True, blank=True)
    alert_channel = models.CharField(max_length=10, blank=True)
    gaps = models.CharField(max_length=400, blank=True)
    public = models.BooleanField(default=True)
    closed_on = models.DateField(null=True, blank=True)
    history = HistoricalRecords()


class MechanismQuarter(models.Model):
    """What a mechanism did in a quarter («2025-T3»): meetings, alerts raised, alerts acted on."""

    mechanism = models.ForeignKey(Mechanism, on_delete=models.PROTECT, related_name="quarters")
    quarter = models.CharField(max_length=7)
    meetings = models.PositiveSmallIntegerField(null=True, blank=True)
    alerts_raised = models.PositiveIntegerField(null=True, blank=True)
    alerts_acted = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["mechanism", "quarter"], name="one_report_per_quarter"),
            models.CheckConstraint(
                condition=Q(alerts_acted__isnull=True) | Q(alerts_raised__gte=F("alerts_acted")),
                name="no_more_alerts_acted_than_raised",
            ),
        ]
