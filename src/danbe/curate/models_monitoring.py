"""Incidents as the cluster holds them: incident → violations → victim groups → responses (field brief §1.1).

Shape only. No name, phone or exact point has a column here; the narrative lies encrypted in a table of its own. A row
of these tables is confidential (sensitivity 2): reads go through ``queries/incidents``.
"""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models

# Codes are those of the code lists the catalogue names for the columns of ``incidents``, ``violations``, ``victims``.
COUNTED = ("DOC", "TRI", "CLOS")
"""The verification states whose violations figures count; an incident is closed only once it was documented."""


class FormMapping(models.Model):
    """How the answers of a form become rows of the catalogue: declared as data, versioned, confirmed by a person.

    ``rules`` is what ``monitoring.mapping.Mapping`` reads. A confirmed version never changes: a correction is the next
    version. ``form_version`` '' is any version of the form that has no mapping of its own.
    """

    class State(models.TextChoices):
        DRAFT = "draft", "À vérifier"
        CONFIRMED = "confirmed", "Confirmée"
        RETIRED = "retired", "Remplacée"

    form_id = models.CharField(max_length=250)
    form_version = models.CharField(max_length=250, blank=True)
    number = models.PositiveSmallIntegerField()
    rules = models.JSONField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    declared_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    declared_at = models.DateTimeField(auto_now_add=True)
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["form_id", "form_version", "number"], name="one_mapping_per_number"),
            models.UniqueConstraint(
                fields=["form_id", "form_version"],
                condition=models.Q(state="confirmed"),
                name="one_mapping_in_force",
            ),
        ]


class MappedSubmission(models.Model):
    """A submission that was read through a mapping: so that it is read once, and again when it was edited.

    ``source_id`` is the submission's root instance id, ``version`` the instance id of the edit that was read,
    ``review_state`` what its review said then. ``problems`` are the reasons why nothing, or not all, was made of it.
    """

    form_id = models.CharField(max_length=250)
    source_id = models.CharField(max_length=250)
    version = models.CharField(max_length=250)
    review_state = models.CharField(max_length=20, blank=True)
    mapping = models.ForeignKey(FormMapping, on_delete=models.PROTECT, related_name="submissions")
    problems = models.JSONField(default=list)
    at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["form_id", "source_id"], name="one_reading_per_submission")]


class Incident(models.Model):
    """One event. What happened in it are its violations; who suffered are their victim groups; all are counts.

    ``monitor`` is the account that reported, ``duplicate_of`` the incident kept of a pair that a person merged (both
    remain). ``typology`` is the version of the list of violations the monitor worked with.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey("register.Organisation", on_delete=models.PROTECT, related_name="incidents")
    monitor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="incidents")
    place = models.ForeignKey("register.Place", null=True, on_delete=models.PROTECT, related_name="incidents")
    record_type = models.CharField(max_length=10, default="DOC")
    event_date = models.DateField()
    date_precision = models.CharField(max_length=10, default="JOUR")
    reported_on = models.DateField()
    location_type = models.CharField(max_length=10, blank=True)
    perpetrator = models.CharField(max_length=10, default="INC")
    source_type = models.CharField(max_length=10, blank=True)
    source_reliability = models.CharField(max_length=1, default="F")
    information_credibility = models.CharField(max_length=1, default="6")
    verification = models.CharField(max_length=10, default="ALERTE")
    consent = models.CharField(max_length=10, blank=True)
    typology = models.CharField(max_length=10, default="2020")
    validated_on = models.DateField(null=True)
    validated_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    duplicate_of = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="duplicates")
    # The state an incident had before it was merged, so that the merge can be undone.
    verification_before = models.CharField(max_length=10, blank=True)
    submission = models.ForeignKey(MappedSubmission, null=True, on_delete=models.PROTECT, related_name="incidents")
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_reason = models.CharField(max_length=120, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["event_date"]),
            models.Index(fields=["organisation", "event_date"]),
            models.Index(fields=["place", "event_date"]),
            models.Index(fields=["verification"]),
        ]


class Violation(models.Model):
    """One violation of an incident: a category of the incident's typology and, where known, a kind within it."""

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="violations")
    category = models.CharField(max_length=10)
    subtype = models.CharField(max_length=20, blank=True)
    risk = models.CharField(max_length=10, blank=True)


class VictimGroup(models.Model):
    """How many persons of one sex, age and status suffered a violation. ``unknown`` of the ``victims`` have no sex or
    age recorded; ``killed``, ``injured`` and ``with_disability`` are parts of ``victims`` (WG-SS)."""

    violation = models.ForeignKey(Violation, on_delete=models.CASCADE, related_name="victims")
    sex = models.CharField(max_length=3, default="INC")
    age_group = models.CharField(max_length=6, default="INC")
    population_status = models.CharField(max_length=10, default="INC")
    directness = models.CharField(max_length=3, default="DIR")
    victims = models.PositiveIntegerField()
    unknown = models.PositiveIntegerField(default=0)
    killed = models.PositiveIntegerField(default=0)
    injured = models.PositiveIntegerField(default=0)
    with_disability = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(unknown__lte=models.F("victims"))
                & models.Q(with_disability__lte=models.F("victims"))
                & models.Q(victims__gte=models.F("killed") + models.F("injured")),
                name="parts_within_victims",
            )
        ]


class Response(models.Model):
    """What was done for those concerned: a need, whether they agreed to be referred, what became of it.

    The referral itself happens off this system: no person and no case is named here.
    """

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="responses")
    need = models.CharField(max_length=10)
    consented = models.BooleanField(default=False)
    outcome = models.CharField(max_length=10, blank=True)
    service_id = models.CharField(max_length=80, blank=True)
    referred_on = models.DateField(null=True)
    completed_on = models.DateField(null=True)


class Narrative(models.Model):
    """What a monitor wrote about an incident, as an age file. The key lies in the data folder, not in the database.

    ``found`` are the kinds of personal data the writer was warned of (kinds and counts, never the text).
    """

    incident = models.OneToOneField(Incident, on_delete=models.CASCADE, related_name="narrative")
    ciphertext = models.BinaryField()
    found = models.JSONField(default=dict)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField(auto_now=True)


class DuplicateProposal(models.Model):
    """Two incidents that may be one, with what speaks for it; a person decides."""

    class State(models.TextChoices):
        OPEN = "open", "À décider"
        MERGED = "merged", "Même incident"
        DISTINCT = "distinct", "Incidents distincts"

    first = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="+")
    second = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="+")
    score = models.FloatField()
    reasons = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["first", "second"], name="one_proposal_per_pair")]
        indexes = [models.Index(fields=["state", "-score"])]


class ModuleRow(models.Model):
    """A row that an area of responsibility hands in: aggregates of GBV and MRM, accidents, disputes, documents…

    ``values`` holds the columns of the catalogue's dataset ``dataset`` by name (dates as ISO text), as the 5W row does;
    ``row_key`` is its key, so that a table handed in again takes the place of the one before.
    """

    dataset = models.CharField(max_length=40)
    organisation = models.ForeignKey("register.Organisation", null=True, on_delete=models.PROTECT, related_name="+")
    place = models.ForeignKey("register.Place", null=True, on_delete=models.PROTECT, related_name="+")
    month = models.CharField(max_length=7)
    row_key = models.CharField(max_length=64)
    values = models.JSONField()
    source = models.CharField(max_length=200, blank=True)
    source_row = models.PositiveIntegerField(default=0)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["dataset", "row_key"], name="one_module_row_per_key")]
        indexes = [models.Index(fields=["dataset", "month"])]
