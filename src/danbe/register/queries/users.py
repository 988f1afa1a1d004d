"""Reads of people who sign in: administrators see all accounts, the others none."""

from __future__ import annotations

from django.db.models import QuerySet

from danbe.register.audit import NotAllowed
from danbe.register.models import ActionLog, Role, User


def is_administrator(user: User) -> bool:
    """Whether ``user`` sees the whole cluster, not one organisation."""
    return user.is_active and (user.role == Role.ADMINISTRATOR or user.is_superuser)


def users(user: User) -> QuerySet[User]:
    """All accounts with their organisation, by user name. Raises ``NotAllowed`` for anyone but an administrator."""
    if not is_administrator(user):
        raise NotAllowed(f"{user.username}: users")
    return User.objects.select_related("organisation").order_by("username")


def action_log(user: User, *, verb: str = "") -> QuerySet[ActionLog]:
    """The action log, latest first, of one verb if given. Raises ``NotAllowed`` for anyone but an administrator."""
    if not is_administrator(user):
        raise NotAllowed(f"{user.username}: action log")
    lines = ActionLog.objects.select_related("user").order_by("-at", "-pk")
    return lines.filter(verb=verb) if verb else lines


def verbs(user: User) -> list[str]:
    """The verbs that stand in the log."""
    return sorted(action_log(user).order_by().values_list("verb", flat=True).distinct())
