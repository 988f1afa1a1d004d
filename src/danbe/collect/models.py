"""What arrives, kept verbatim."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class Upload(models.Model):
    """A file as received. The bytes lie in the data folder under ``uploads/<sha256>``; the row never changes."""

    sha256 = models.CharField(max_length=64)
    filename = models.CharField(max_length=250)
    size = models.PositiveBigIntegerField()
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT)
    organisation = models.ForeignKey("register.Organisation", null=True, on_delete=models.PROTECT)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["sha256"])]


class ColumnMapping(models.Model):
    """The matching of headers to catalogue columns that a person confirmed, per organisation (null: everyone).

    ``mapping`` is {search key of the header: catalogue column, or "" for «not ours»}.
    """

    organisation = models.ForeignKey("register.Organisation", null=True, on_delete=models.CASCADE)
    dataset = models.CharField(max_length=40, default="activities")
    mapping = models.JSONField()
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT)
    at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "dataset"], name="one_mapping_per_organisation", nulls_distinct=False
            )
        ]
