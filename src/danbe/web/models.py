"""Releases: what was approved for publication, by whom, and which one stands."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class Release(models.Model):
    """An immutable folder of protected tables, ``releases/<release_id>``, made from one snapshot."""

    release_id = models.CharField(max_length=16, unique=True)
    snapshot = models.ForeignKey("curate.Snapshot", on_delete=models.PROTECT)
    at = models.DateTimeField(auto_now_add=True)
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT)
    published_at = models.DateTimeField(null=True)
    manifest = models.JSONField(default=dict)
