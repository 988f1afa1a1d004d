"""What the cluster itself says on the public site: its texts, each version kept, and which key figures it shows."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class TextVersion(models.Model):
    """One version of an editorial text (Markdown) in one language; the newest stands, older ones stay."""

    name = models.SlugField(max_length=40)
    language = models.CharField(max_length=2)
    body = models.TextField()
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    saved_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-saved_at", "-pk"]
        indexes = [models.Index(fields=["name", "language"])]


class KeyFigureChoice(models.Model):
    """The key figures of the site in their order, as the coordination chose them; the newest choice stands."""

    indicators = models.JSONField(default=list)
    chosen_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    chosen_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-chosen_at", "-pk"]
