"""Shape and constraints of who and where. Writes are in ``actions``, reads in ``queries``."""

from __future__ import annotations

from django.contrib.auth.models import AbstractUser
from django.db import models
from simple_history.models import HistoricalRecords

from danbe.register.models_cluster import Body as Body
from danbe.register.models_cluster import Contact as Contact
from danbe.register.models_cluster import FollowUp as FollowUp
from danbe.register.models_cluster import LegalStep as LegalStep
from danbe.register.models_cluster import Meeting as Meeting
from danbe.register.models_cluster import Membership as Membership
from danbe.register.models_mechanisms import Mechanism as Mechanism
from danbe.register.models_mechanisms import MechanismQuarter as MechanismQuarter
from danbe.register.models_services import (
    PathwayStep as PathwayStep,
)
from danbe.register.models_services import (
    ReferralPathway as ReferralPathway,
)
from danbe.register.models_services import (
    Service as Service,
)
from danbe.register.models_services import (
    ServiceChange as ServiceChange,
)


class Role(models.TextChoices):
    """Who a person is to the cluster (field brief §3). What each may do is in ``register.audit``."""

    ADMINISTRATOR = "administrator", "Administrateur"
    COORDINATOR = "coordinator", "Coordination du cluster"
    SUBCLUSTER = "subcluster", "Coordination de sous-cluster"
    REGIONAL = "regional", "Coordination régionale"
    SUPERVISOR = "supervisor", "Superviseur du monitoring"
    MONITOR = "monitor", "Moniteur de protection"
    PARTNER = "partner", "Partenaire"

    @classmethod
    def of_an_organisation(cls) -> tuple[Role, ...]:
        """The roles whose holders belong to an organisation and see its rows only."""
        return cls.PARTNER, cls.MONITOR, cls.SUPERVISOR


class User(AbstractUser):
    """A person who signs in. A partner's user belongs to one organisation and sees that organisation's rows only.

    ``region`` bounds a regional coordinator, ``aor`` the coordinator of a sub-cluster; monitors and their supervisors
    have an organisation.
    """

    role = models.CharField(max_length=20, choices=Role.choices, default=Role.PARTNER)
    organisation = models.ForeignKey(
        "Organisation", null=True, blank=True, on_delete=models.PROTECT, related_name="users"
    )
    region = models.ForeignKey("Place", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    aor = models.CharField(max_length=10, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(role__in=("partner", "monitor", "supervisor"))
                | models.Q(organisation__isnull=False)
                | models.Q(is_active=False),
                name="partner_has_organisation",
            )
        ]


class ActionLog(models.Model):
    """One line per write, append-only: who did what to what, when. Never holds personal or narrative text."""

    at = models.DateTimeField(auto_now_add=True)
    user = models.ForeignKey(User, null=True, on_delete=models.PROTECT)
    verb = models.CharField(max_length=60)
    target = models.CharField(max_length=120, blank=True)
    details = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["verb", "at"])]


class Organisation(models.Model):
    """An organisation under one name. ``merged_into`` keeps a merge visible and reversible."""

    code = models.SlugField(max_length=80, unique=True)
    acronym = models.CharField(max_length=80, blank=True)
    name = models.CharField(max_length=250)
    organisation_type = models.CharField(max_length=10, blank=True)
    search_key = models.CharField(max_length=350, db_index=True)
    verified = models.BooleanField(default=False)
    merged_into = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="merged")
    history = HistoricalRecords()

    def __str__(self) -> str:
        return self.acronym or self.name


class OrganisationAlias(models.Model):
    """A spelling that means an organisation. ``key`` is the search key of the spelling."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="aliases")
    spelling = models.CharField(max_length=250)
    key = models.CharField(max_length=250, unique=True)
    source = models.CharField(max_length=60, default="person")


class OrganisationMerge(models.Model):
    """One merge of ``gone`` into ``kept``, with all it moved, so that it can be undone."""

    gone = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    kept = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    user = models.ForeignKey(User, null=True, on_delete=models.PROTECT)
    moved = models.JSONField(default=dict)
    undone_at = models.DateTimeField(null=True)


class Place(models.Model):
    """An administrative unit of one dated division (``version``), or an unverified place met in a file.

    ``outline`` is WKB (EPSG:4326, simplified); ``outline_kind`` is '', 'schematic' or 'official'.
    """

    place_id = models.CharField(max_length=80, unique=True)
    version = models.CharField(max_length=20)
    level = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=40, blank=True)
    name = models.CharField(max_length=200)
    search_key = models.CharField(max_length=200)
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    longitude = models.FloatField(null=True)
    latitude = models.FloatField(null=True)
    population = models.PositiveIntegerField(null=True)
    verified = models.BooleanField(default=True)
    outline = models.BinaryField(null=True)
    outline_kind = models.CharField(max_length=20, blank=True)

    class Meta:
        indexes = [models.Index(fields=["version", "level"]), models.Index(fields=["search_key"])]

    def __str__(self) -> str:
        return self.name


class PlaceAlias(models.Model):
    """A spelling of a place within a parent, confirmed once by a person and remembered."""

    place = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="aliases")
    level = models.PositiveSmallIntegerField()
    parent_key = models.CharField(max_length=200, blank=True)
    key = models.CharField(max_length=200)
    code = models.CharField(max_length=40, blank=True)
    confirmed_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["level", "parent_key", "key", "code"], name="one_place_per_alias")
        ]


class PlaceLink(models.Model):
    """The crosswalk: the share (0–1) of ``old`` that became part of ``new`` in a later division."""

    old = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="+")
    new = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="+")
    weight = models.FloatField(default=1.0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["old", "new"], name="one_link_per_pair"),
            models.CheckConstraint(
                condition=models.Q(weight__gt=0) & models.Q(weight__lte=1), name="weight_is_a_share"
            ),
        ]


class Indicator(models.Model):
    """A line of the results framework; the fields are those of the catalogue's ``indicators`` dataset."""

    code = models.CharField(max_length=60, unique=True)
    aor = models.CharField(max_length=10, blank=True)
    objective = models.CharField(max_length=10, blank=True)
    activity_fr = models.CharField(max_length=300, blank=True)
    activity_en = models.CharField(max_length=300, blank=True)
    name_fr = models.CharField(max_length=500)
    name_en = models.CharField(max_length=500, blank=True)
    unit = models.CharField(max_length=10, default="PERS")
    aggregation = models.CharField(max_length=10, default="sum")
    disjoint_set = models.CharField(max_length=60, blank=True)
    mass_awareness = models.BooleanField(default=False)
    verified = models.BooleanField(default=True)
    search_key = models.CharField(max_length=500, db_index=True)

    def __str__(self) -> str:
        return self.name_fr
