"""Funding as FTS and HPC state it: answers kept, the amounts and flows read in each. Public figures, no persons."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class FundingAnswer(models.Model):
    """A saved answer; its bytes lie among the stored files under ``sha256``. ``read`` is empty where it was refused."""

    sha256 = models.CharField(max_length=64, unique=True)
    filename = models.CharField(max_length=250)
    kind = models.CharField(max_length=40, blank=True)
    refused = models.TextField(blank=True)
    # The youngest date the answer states; the day it came where it states none.
    as_of = models.DateField()
    pledges = models.BigIntegerField(default=0)
    at = models.DateTimeField(auto_now_add=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")


class FundingAmount(models.Model):
    """A line of requirement and funding in US dollars (``collect.pulls.fts.Amount``). Null: nobody stated it."""

    answer = models.ForeignKey(FundingAnswer, on_delete=models.CASCADE, related_name="amounts")
    grouping = models.CharField(max_length=15)
    key = models.CharField(max_length=40, blank=True)
    name = models.CharField(max_length=250, blank=True)
    sharing = models.CharField(max_length=12)
    year = models.PositiveSmallIntegerField(null=True)
    country = models.CharField(max_length=10, blank=True)
    plan_id = models.CharField(max_length=60, blank=True)
    plan_code = models.CharField(max_length=40, blank=True)
    plan_name = models.CharField(max_length=250, blank=True)
    emergency = models.CharField(max_length=40, blank=True)
    required = models.BigIntegerField(null=True)
    required_at_first = models.BigIntegerField(null=True)
    received = models.BigIntegerField(null=True)
    people_in_need = models.BigIntegerField(null=True)
    people_targeted = models.BigIntegerField(null=True)
    # Null: whoever published it did not say as of when.
    as_of = models.DateField(null=True)
    source = models.CharField(max_length=250, blank=True)


class FundingFlow(models.Model):
    """One flow under the number FTS gives it; the youngest statement of it stands. A pledge is no funding."""

    flow_id = models.CharField(max_length=20, unique=True)
    answer = models.ForeignKey(FundingAnswer, on_delete=models.CASCADE, related_name="flows")
    amount = models.BigIntegerField()
    status = models.CharField(max_length=20)
    boundary = models.CharField(max_length=10)
    on_boundary = models.CharField(max_length=10)
    donor = models.TextField(blank=True)
    fund = models.CharField(max_length=10, blank=True)
    recipient = models.TextField(blank=True)
    clusters = models.JSONField(default=list)
    plan_id = models.CharField(max_length=60, blank=True)
    plan_name = models.CharField(max_length=250, blank=True)
    country = models.CharField(max_length=250, blank=True)
    year = models.PositiveSmallIntegerField(null=True)
    day = models.DateField(null=True)
    as_of = models.DateField()
