"""Population movements (flows) and counts of displaced people (stocks), which are never added to each other.

Field brief §1.2, Commission Mouvement de Populations.
"""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models


class Movement(models.Model):
    """One movement of people: cause, from where, to where, how many, how that is known, how far it is confirmed.

    ``individuals`` that nobody counted are households × a documented size of household; ``imputed`` says so. A forced
    movement of an incident names it; its people are counted here and nowhere among victims.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey("register.Organisation", on_delete=models.PROTECT, related_name="movements")
    monitor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    incident = models.ForeignKey("curate.Incident", null=True, on_delete=models.PROTECT, related_name="movements")
    origin = models.ForeignKey("register.Place", null=True, on_delete=models.PROTECT, related_name="+")
    destination = models.ForeignKey("register.Place", null=True, on_delete=models.PROTECT, related_name="+")
    event_date = models.DateField()
    date_precision = models.CharField(max_length=10, default="JOUR")
    reported_on = models.DateField()
    cause = models.CharField(max_length=10)
    population_status = models.CharField(max_length=10, default="INC")
    households = models.PositiveIntegerField(null=True)
    individuals = models.PositiveIntegerField(null=True)
    imputed = models.BooleanField(default=False)
    household_size = models.FloatField(null=True)
    method = models.CharField(max_length=10, blank=True)
    host_type = models.CharField(max_length=10, blank=True)
    wave = models.PositiveSmallIntegerField(null=True)
    status = models.CharField(max_length=10, default="ALERTE")
    assessment = models.CharField(max_length=80, blank=True)
    submission = models.ForeignKey(
        "curate.MappedSubmission", null=True, on_delete=models.PROTECT, related_name="movements"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_reason = models.CharField(max_length=120, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["event_date"]),
            models.Index(fields=["organisation", "event_date"]),
            models.Index(fields=["status"]),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(imputed=False) | models.Q(household_size__isnull=False, households__isnull=False),
                name="imputed_from_a_documented_size",
            )
        ]


class MovementStatus(models.Model):
    """One step of a movement's chain: alert → assessment → confirmed → registered, or refuted."""

    movement = models.ForeignKey(Movement, on_delete=models.CASCADE, related_name="steps")
    status = models.CharField(max_length=10)
    on = models.DateField()
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)


class DisplacementStock(models.Model):
    """How many displaced people a round counted in a place on a day (DTM). A stock: the last one holds, none adds up."""

    counted_on = models.DateField()
    place = models.ForeignKey("register.Place", on_delete=models.PROTECT, related_name="+")
    population_status = models.CharField(max_length=10, default="PDI")
    households = models.PositiveIntegerField(null=True)
    individuals = models.PositiveIntegerField()
    source = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["counted_on", "place", "population_status", "source"], name="one_stock_per_round"
            )
        ]
