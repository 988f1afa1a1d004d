"""Reads of movements and stocks, by the same rules as incidents."""

from __future__ import annotations

from django.db.models import Count, QuerySet

from danbe.curate.models import DisplacementStock, Movement
from danbe.curate.queries.incidents import rows_of
from danbe.register.models import User


def movements(user: User, *, status: str = "", month: str = "", withdrawn: bool = False) -> QuerySet[Movement]:
    """Movements in force that the person may see, latest first, narrowed if asked."""
    seen = rows_of(user, place_fields=("origin", "destination"))
    found = Movement.objects.select_related("organisation", "origin", "destination")
    if seen is None:
        return found.none()
    found = found.filter(seen)
    if not withdrawn:
        found = found.filter(withdrawn_at=None)
    if status:
        found = found.filter(status=status)
    if month:
        found = found.filter(event_date__year=int(month[:4]), event_date__month=int(month[5:7]))
    return found.order_by("-event_date", "-pk")


def movement(user: User, pk: int) -> Movement:
    """One movement with its steps; raises ``Movement.DoesNotExist`` for one the person may not see."""
    return movements(user, withdrawn=True).prefetch_related("steps__user").get(pk=pk)


def counts(user: User) -> dict[str, int]:
    """How many movements stand in each state, among those the person may see."""
    rows = movements(user).order_by().values("status").annotate(n=Count("pk"))
    return {row["status"]: row["n"] for row in rows}


def stocks(user: User) -> QuerySet[DisplacementStock]:
    """The rounds, latest first; figures of another body, seen by whoever sees rows of movements."""
    found = DisplacementStock.objects.select_related("place").order_by("-counted_on", "place__name", "pk")
    return found if rows_of(user) is not None else found.none()
