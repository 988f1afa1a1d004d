"""Reads of this room: files received, matchings remembered."""

from __future__ import annotations

from django.db.models import QuerySet

from danbe.collect.models import ColumnMapping, Upload
from danbe.register.models import Organisation, Role, User


def remembered_mapping(organisation: Organisation | None, dataset: str = "activities") -> dict[str, str]:
    """{search key of a header: column, or '' for «not ours»}: everyone's, the organisation's own above it."""
    found = ColumnMapping.objects.filter(dataset=dataset)
    common = found.filter(organisation=None).first()
    own = found.filter(organisation=organisation).first() if organisation is not None else None
    return {**(common.mapping if common else {}), **(own.mapping if own else {})}


def uploads(user: User) -> QuerySet[Upload]:
    """The files received, newest first: all for an administrator, those of its own organisation for a partner."""
    found = Upload.objects.select_related("organisation", "user").order_by("-at", "-pk")
    if not user.is_active:
        return found.none()
    if user.role == Role.ADMINISTRATOR or user.is_superuser:
        return found
    return found.filter(organisation=user.organisation_id) if user.organisation_id else found.none()
