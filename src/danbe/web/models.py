"""Releases: what passed the gate, who approved it, what was published, and which one stands."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from danbe.web.models_editorial import KeyFigureChoice as KeyFigureChoice
from danbe.web.models_editorial import TextVersion as TextVersion


class Release(models.Model):
    """An immutable folder of protected tables, ``releases/<release_id>``, made from one snapshot, and how far it got.

    ``against`` is the release that stood when it passed the gate (``None``: nothing was public). What approvers compare
    and what the gate takes as known is that one: should another be published meanwhile, the gate is passed again.
    """

    class State(models.TextChoices):
        PREVIEW = "preview", "À relire"
        APPROVED = "approved", "Approuvée"
        SIGNED = "signed", "Signée"
        PUBLISHED = "published", "En ligne"
        SUPERSEDED = "superseded", "Remplacée"
        WITHDRAWN = "withdrawn", "Retirée"

    release_id = models.CharField(max_length=16, unique=True)
    snapshot = models.ForeignKey("curate.Snapshot", on_delete=models.PROTECT)
    at = models.DateTimeField(auto_now_add=True)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT)
    state = models.CharField(max_length=12, choices=State.choices, default=State.PREVIEW)
    state_at = models.DateTimeField(auto_now_add=True)
    against = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    published_at = models.DateTimeField(null=True)
    manifest = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["state"], condition=models.Q(state="published"), name="one_release_stands")
        ]


class Draft(models.Model):
    """One passage of a snapshot through the gate: a draft that became a release, or was refused and why.

    ``reasons`` is a list of ``{rule, fr, en}``; ``options`` what the proposer asked the gate for (a cheaper plan).
    """

    class State(models.TextChoices):
        GATE = "gate", "Au contrôle"
        PASSED = "passed", "Passé"
        REFUSED = "refused", "Refusé"
        STOPPED = "stopped", "Interrompu"

    snapshot = models.ForeignKey("curate.Snapshot", on_delete=models.PROTECT)
    at = models.DateTimeField(auto_now_add=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    state = models.CharField(max_length=12, choices=State.choices, default=State.GATE)
    state_at = models.DateTimeField(auto_now_add=True)
    options = models.JSONField(default=dict)
    reasons = models.JSONField(default=list)
    release = models.ForeignKey(Release, null=True, on_delete=models.PROTECT, related_name="drafts")


class Approval(models.Model):
    """One person's approval of a release, in a role (a code of the list ``approver``), of the manifest of that hash.

    ``void`` once the release was withdrawn or went through the gate again: what was approved is no longer what stands.
    """

    release = models.ForeignKey(Release, on_delete=models.PROTECT, related_name="approvals")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    role = models.CharField(max_length=20)
    at = models.DateTimeField()
    manifest_sha256 = models.CharField(max_length=64)
    void = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["release", "user"], condition=models.Q(void=False), name="one_approval_a_person"
            )
        ]
