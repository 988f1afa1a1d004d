"""Reads of imports and of 5W rows: a partner sees those of its own organisation. (interface first, body follows)"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from danbe.curate.models import Activity, Batch
from danbe.curate.response.issues import Issue
from danbe.register.models import User


@dataclass(frozen=True)
class IssuePage:
    """``total`` issues, those from ``offset``, and the sheet they are in."""

    total: int
    issues: list[Issue]
    sheet: str


def batches(user: User) -> QuerySet[Batch]:
    """Batches, latest first."""
    raise NotImplementedError


def issues(user: User, batch: Batch, rule: str | None = None, offset: int = 0, limit: int = 100) -> IssuePage:
    """Issues of a batch in the order of its rows."""
    raise NotImplementedError


def progress(user: User, batch: Batch) -> dict[str, Any]:
    """{'done', 'total', 'stage'} of a batch being read; {} before it starts."""
    raise NotImplementedError


def activities(user: User, **filters: Any) -> QuerySet[Activity]:
    """Rows that hold (not withdrawn)."""
    raise NotImplementedError
