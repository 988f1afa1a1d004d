"""Reads of imports and of 5W rows: a partner sees those of its own organisation, an administrator all."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db.models import Q, QuerySet

from danbe.collect.storage import upload_path
from danbe.curate.models import Activity, Batch, Report
from danbe.curate.response import files
from danbe.curate.response.issues import Issue
from danbe.register.models import Role, User
from danbe.register.queries.organisations import family


@dataclass(frozen=True)
class IssuePage:
    """``total`` issues of the kind asked, those from ``offset`` on, and the sheet they are in."""

    total: int
    issues: list[Issue]
    sheet: str


def _sees_all(user: User) -> bool:
    return user.is_active and (user.role == Role.ADMINISTRATOR or user.is_superuser)


def batches(user: User) -> QuerySet[Batch]:
    """Batches, latest first: a partner's are those of its organisation's files."""
    found = Batch.objects.select_related("upload", "organisation", "user").order_by("-pk")
    if _sees_all(user):
        return found
    if not user.is_active or user.organisation is None:
        return found.none()
    return found.filter(Q(organisation__in=family(user.organisation)) | Q(user=user))


def batch(user: User, pk: int) -> Batch:
    """One batch; raises ``Batch.DoesNotExist`` for one the user may not see."""
    return batches(user).get(pk=pk)


def issues(user: User, batch: Batch, rule: str | None = None, offset: int = 0, limit: int | None = 100) -> IssuePage:
    """Issues of a batch in the order of its rows, of one rule if given. Raises ``Batch.DoesNotExist`` as ``batch``."""
    found = batches(user).get(pk=batch.pk)
    total, page = files.read_issues(found.pk, rule, offset, limit)
    return IssuePage(total, page, found.result.get("sheet", ""))


def first_issues(user: User, batch: Batch, each: int) -> dict[str, list[Issue]]:
    """Rule → its first ``each`` issues, to show all kinds at once. Raises ``Batch.DoesNotExist`` as ``batch``."""
    return files.first_issues(batches(user).get(pk=batch.pk).pk, each)


def annotated(user: User, batch: Batch, language: str = "fr") -> Path:
    """The partner's own workbook with the remarks in it; made when first asked for, and again after a new reading.

    Raises ``Batch.DoesNotExist`` for a batch the user may not see, ``FileNotFoundError`` where it was never read.
    """
    from danbe.curate.response.annotate import annotate

    found = batches(user).get(pk=batch.pk)
    told = files.issues_path(found.pk)
    if not told.exists():
        raise FileNotFoundError(told)
    path = files.folder(found.pk) / f"annotated-{language}.xlsx"
    if path.exists() and path.stat().st_mtime >= told.stat().st_mtime:
        return path
    return annotate(upload_path(found.upload.sha256), found, files.read_issues(found.pk)[1], language)


def progress(user: User, batch: Batch) -> dict[str, Any]:
    """{'done', 'total', 'stage'} of a batch being read; {} before it starts."""
    return files.read_progress(batches(user).get(pk=batch.pk).pk)


def activities(
    user: User,
    *,
    organisation: str = "",
    months: Collection[str] = (),
    aor: str = "",
    batch: Batch | None = None,
) -> QuerySet[Activity]:
    """Rows in force, narrowed by the code of an organisation, months, an area or a batch; a partner's own only."""
    found = Activity.objects.filter(withdrawn_by=None).select_related(
        "organisation", "implementing_partner", "place", "indicator"
    )
    if not _sees_all(user):
        if not user.is_active or user.organisation is None:
            return found.none()
        found = found.filter(organisation__in=family(user.organisation))
    if organisation:
        found = found.filter(organisation__code=organisation)
    if months:
        found = found.filter(report_month__in=list(months))
    if aor:
        found = found.filter(aor=aor)
    if batch is not None:
        found = found.filter(batch=batch)
    return found.order_by("report_month", "organisation__search_key", "pk")


def reports(user: User) -> QuerySet[Report]:
    """Reports received, latest first; a partner's own only."""
    found = Report.objects.select_related("organisation").order_by("-report_month", "-pk")
    if _sees_all(user):
        return found
    if not user.is_active or user.organisation is None:
        return found.none()
    return found.filter(organisation__in=family(user.organisation))
