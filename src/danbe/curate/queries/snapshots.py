"""Which snapshots there are. They hold every organisation's rows, so only administrators see them."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.db.models import QuerySet

from danbe.curate.models import Snapshot
from danbe.register.models import Role, User


def visible(user: User) -> QuerySet[Snapshot]:
    """The snapshots ``user`` may read, newest first."""
    if user.is_active and (user.role == Role.ADMINISTRATOR or user.is_superuser):
        return Snapshot.objects.order_by("-at", "-pk")
    return Snapshot.objects.none()


def find(user: User, name: str = "latest") -> Snapshot | None:
    """The snapshot called ``name`` ('latest', an id, or the beginning of one); ``None`` when none or several match."""
    found = visible(user)
    if name == "latest":
        return found.first()
    matching = list(found.filter(snapshot_id__startswith=name)[:2])
    return matching[0] if len(matching) == 1 else None


def folder(snapshot: Snapshot) -> Path:
    """Where the files of a snapshot lie."""
    return Path(settings.DATA) / "snapshots" / snapshot.snapshot_id


def figures_root() -> Path:
    """Where the figures of all snapshots lie."""
    return Path(settings.DATA) / "figures"
