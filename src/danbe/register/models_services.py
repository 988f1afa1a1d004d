"""Services, requests to change them, and referral pathways (field brief §1.5). Shape and constraints only.

A safe space has no coordinates and no address, whoever writes: the database itself refuses them. The focal point is a
function and a duty phone, for members only; a person's name has no column.
"""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from danbe.reference.services import SAFE_CATEGORIES

_NO_SAFE_SPACE = Q()
for _code in sorted(SAFE_CATEGORIES):
    _NO_SAFE_SPACE &= ~Q(categories__contains=_code)


class Service(models.Model):
    """One service at one place. Fields that hold several codes part them by a space.

    ``public``: whether it may be told to the public at all; that it is verified is asked besides. ``source_ref`` is the
    mark of an imported row (a file's own id), so that importing again finds it. ``remarks``: what an import could not take.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(max_length=200)
    search_key = models.CharField(max_length=200, db_index=True)
    organisation = models.ForeignKey(
        "register.Organisation", null=True, blank=True, on_delete=models.PROTECT, related_name="services"
    )
    categories = models.CharField(max_length=120)
    place = models.ForeignKey(
        "register.Place", null=True, blank=True, on_delete=models.PROTECT, related_name="services"
    )
    address = models.CharField(max_length=200, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    latitude = models.FloatField(null=True, blank=True)
    groups = models.CharField(max_length=120, blank=True)
    age_min = models.PositiveSmallIntegerField(null=True, blank=True)
    age_max = models.PositiveSmallIntegerField(null=True, blank=True)
    days = models.CharField(max_length=30, blank=True)
    hours = models.CharField(max_length=60, blank=True)
    always_open = models.BooleanField(default=False)
    capacity_month = models.PositiveIntegerField(null=True, blank=True)
    staff_women = models.PositiveIntegerField(null=True, blank=True)
    staff_men = models.PositiveIntegerField(null=True, blank=True)
    cost = models.CharField(max_length=10, blank=True)
    languages = models.CharField(max_length=80, blank=True)
    disability_access = models.CharField(max_length=10, blank=True)
    conditions = models.CharField(max_length=400, blank=True)
    rape_care_72h = models.BooleanField(null=True, blank=True)
    confidentiality = models.CharField(max_length=400, blank=True)
    public_phone = models.CharField(max_length=60, blank=True)
    focal_function = models.CharField(max_length=120, blank=True)
    focal_phone = models.CharField(max_length=60, blank=True)
    backup_function = models.CharField(max_length=120, blank=True)
    backup_phone = models.CharField(max_length=60, blank=True)
    sop_signed = models.BooleanField(null=True, blank=True)
    valid_until = models.DateField(null=True, blank=True)
    verified_on = models.DateField(null=True, blank=True)
    verified_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    public = models.BooleanField(default=True)
    closed_on = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=120, blank=True)
    source_ref = models.CharField(max_length=120, blank=True)
    remarks = models.JSONField(default=list)
    # What becomes a safe space later leaves no point behind in its history.
    history = HistoricalRecords(excluded_fields=["longitude", "latitude", "address"])

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=_NO_SAFE_SPACE | Q(longitude__isnull=True, latitude__isnull=True, address=""),
                name="no_point_of_a_safe_space",
            ),
            models.UniqueConstraint(
                fields=["source", "source_ref"], condition=~Q(source_ref=""), name="one_service_per_imported_row"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ServiceChange(models.Model):
    """What a partner asks to change of a service, or a service it asks to add; decided by the area's coordination.

    ``before`` and ``after`` hold the fields that differ only.
    """

    class State(models.TextChoices):
        ASKED = "asked", "Demandé"
        APPROVED = "approved", "Approuvé"
        REFUSED = "refused", "Refusé"

    service = models.ForeignKey(Service, null=True, on_delete=models.PROTECT, related_name="changes")
    organisation = models.ForeignKey("register.Organisation", null=True, on_delete=models.PROTECT, related_name="+")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(auto_now_add=True)
    before = models.JSONField(default=dict)
    after = models.JSONField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.ASKED)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=300, blank=True)


class ReferralPathway(models.Model):
    """Where to go first, then next, for one need in one zone (a region or a cercle)."""

    need = models.CharField(max_length=12)
    zone = models.ForeignKey("register.Place", on_delete=models.PROTECT, related_name="pathways")
    verified_on = models.DateField()
    verified_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    public = models.BooleanField(default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["need", "zone"], name="one_pathway_per_need_and_zone")]


class PathwayStep(models.Model):
    """One step: what is done, within which delay, by which service if it is one of the register."""

    pathway = models.ForeignKey(ReferralPathway, on_delete=models.CASCADE, related_name="steps")
    number = models.PositiveSmallIntegerField()
    category = models.CharField(max_length=10, blank=True)
    what_fr = models.CharField(max_length=300)
    what_en = models.CharField(max_length=300, blank=True)
    delay_hours = models.PositiveIntegerField(null=True, blank=True)
    service = models.ForeignKey(Service, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["pathway", "number"], name="one_step_per_number")]
