"""The cluster itself: who is a member, how it is built, whom to write to, what it decides, where the law stands.

Shape and constraints only. Contacts are functions: a person's name has no column, here or in any text.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords


def _ends_after_it_starts(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=Q(valid_until=None) | Q(valid_from=None) | Q(valid_until__gte=F("valid_from")), name=name
    )


class Body(models.Model):
    """A part of the cluster during a time: the cluster, a sub-cluster, a thematic group, a regional cluster."""

    code = models.SlugField(max_length=40, unique=True)
    name_fr = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200, blank=True)
    kind = models.CharField(max_length=10)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="parts")
    region = models.ForeignKey("register.Place", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    aor = models.CharField(max_length=10, blank=True)
    valid_from = models.DateField(null=True, blank=True)
    valid_until = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=200, blank=True)
    history = HistoricalRecords()

    class Meta:
        constraints = [_ends_after_it_starts("body_ends_after_it_starts")]

    def __str__(self) -> str:
        return self.name_fr


class Membership(models.Model):
    """An organisation's part in the cluster. Fields that hold several codes (areas of responsibility) part them by a space."""

    organisation = models.OneToOneField("register.Organisation", on_delete=models.PROTECT, related_name="membership")
    status = models.CharField(max_length=12)
    local = models.BooleanField(null=True, blank=True)
    aors = models.CharField(max_length=120, blank=True)
    areas = models.ManyToManyField("register.Place", blank=True, related_name="+")
    public = models.BooleanField(default=True)
    valid_from = models.DateField(null=True, blank=True)
    valid_until = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=200, blank=True)
    history = HistoricalRecords(m2m_fields=[areas])

    class Meta:
        constraints = [_ends_after_it_starts("membership_ends_after_it_starts")]

    def __str__(self) -> str:
        return str(self.organisation)


class Contact(models.Model):
    """A function one may write to or call. ``lead``: whether it leads or co-leads its body; ``visible_to``: who may see it."""

    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="contacts")
    function_fr = models.CharField(max_length=200)
    function_en = models.CharField(max_length=200, blank=True)
    lead = models.CharField(max_length=10, blank=True)
    organisation = models.ForeignKey(
        "register.Organisation", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=60, blank=True)
    visible_to = models.CharField(max_length=12, default="MEMBRES")
    valid_from = models.DateField(null=True, blank=True)
    valid_until = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=200, blank=True)
    history = HistoricalRecords()

    class Meta:
        constraints = [_ends_after_it_starts("contact_ends_after_it_starts")]

    def __str__(self) -> str:
        return self.function_fr


class Meeting(models.Model):
    """A meeting of a body; ``agenda`` and ``minutes`` are Markdown and name functions and organisations only."""

    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="meetings")
    held_on = models.DateField()
    title = models.CharField(max_length=200)
    agenda = models.TextField(blank=True)
    minutes = models.TextField(blank=True)
    present = models.ManyToManyField("register.Organisation", blank=True, related_name="+")
    history = HistoricalRecords(m2m_fields=[present])

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["body", "held_on", "title"], name="one_meeting_per_day_and_title")
        ]

    def __str__(self) -> str:
        return self.title


class FollowUp(models.Model):
    """An action decided in a meeting: what, by which function, until when. Open ones are on the next agenda."""

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="follow_ups")
    what = models.CharField(max_length=400)
    owner = models.CharField(max_length=200)
    deadline = models.DateField()
    closed_on = models.DateField(null=True, blank=True)
    answer = models.CharField(max_length=400, blank=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    history = HistoricalRecords()


class LegalStep(models.Model):
    """A stage an instrument reached (Objective 4): one row per instrument and stage, so that its way is kept."""

    instrument = models.SlugField(max_length=60)
    name_fr = models.CharField(max_length=250)
    name_en = models.CharField(max_length=250, blank=True)
    stage = models.CharField(max_length=10)
    reached_on = models.CharField(max_length=10)
    obstacle = models.CharField(max_length=400, blank=True)
    next_step = models.CharField(max_length=400, blank=True)
    evidence = models.CharField(max_length=400)
    public = models.BooleanField(default=True)
    history = HistoricalRecords()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["instrument", "stage"], name="one_row_per_instrument_and_stage")]
