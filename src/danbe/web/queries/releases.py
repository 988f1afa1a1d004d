"""Reading releases: the list, the one that stands, and why figures changed between two."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import QuerySet

from danbe.register.models import Role, User
from danbe.web.models import Release


def releases(user: User) -> QuerySet[Release]:
    """Newest first: all of them for an administrator, the published ones for anybody else."""
    found = Release.objects.select_related("snapshot", "approved_by").order_by("-at", "-pk")
    if user.is_superuser or user.role == Role.ADMINISTRATOR:
        return found
    return found.exclude(published_at=None)


def standing(user: User) -> Release | None:
    """The release last published."""
    return releases(user).exclude(published_at=None).order_by("-published_at", "-pk").first()


def release(user: User, name: str) -> Release:
    """A release by its id or the beginning of it; raises ``Release.DoesNotExist`` or ``MultipleObjectsReturned``."""
    return releases(user).get(release_id__startswith=name)


def folder(item: Release) -> Path:
    return Path(settings.DATA) / "releases" / item.release_id


def difference(user: User, old: Release, new: Release, limit: int = 200) -> dict[str, Any]:
    """«Pourquoi le chiffre a changé»: the figures that differ between two releases, with what made them differ.

    Compares what was published (a withheld cell is never compared), and adds the causes found between the two
    snapshots for the figures that both releases show. Returns ``{"figures": [...], "more": n, "tables": {...}}``.
    """
    from danbe.web.release_difference import compare

    return compare(folder(old), folder(new), Path(settings.DATA), limit)
