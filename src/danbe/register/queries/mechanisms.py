"""Reads of community mechanisms, each with its latest quarter and the score that follows from it."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from danbe.reference.services import functionality
from danbe.register.models import Mechanism, MechanismQuarter, Place, User


@dataclass(frozen=True)
class Scored:
    """A mechanism, the latest quarter it reported if any, and its score 0–5 (``None`` where nothing is known)."""

    mechanism: Mechanism
    latest: MechanismQuarter | None
    score: int | None


def mechanisms(user: User, *, kind: str = "", place: Place | None = None) -> QuerySet[Mechanism]:
    """The mechanisms in being, by place; whoever signs in sees them."""
    found = Mechanism.objects.filter(closed_on=None).select_related("place", "place__parent", "initiator")
    if not user.is_active:
        return found.none()
    if kind:
        found = found.filter(mechanism_type=kind)
    if place:
        found = found.filter(Q(place=place) | Q(place__parent=place) | Q(place__parent__parent=place))
    return found.order_by("place__name", "mechanism_type", "pk")


def mechanism(user: User, pk: int) -> Mechanism:
    """One mechanism. Raises ``Mechanism.DoesNotExist``."""
    found = Mechanism.objects.select_related("place", "initiator")
    return found.get(pk=pk) if user.is_active else found.none().get()


def scored(found: list[Mechanism]) -> list[Scored]:
    """Each mechanism with its score; one query for all their quarters."""
    latest: dict[int, MechanismQuarter] = {}
    for quarter in MechanismQuarter.objects.filter(mechanism__in=[m.pk for m in found]).order_by("quarter"):
        latest[quarter.mechanism_id] = quarter
    return [Scored(m, latest.get(m.pk), score_of(m, latest.get(m.pk))) for m in found]


def score_of(mechanism: Mechanism, latest: MechanismQuarter | None) -> int | None:
    return functionality(
        latest.meetings if latest else None, bool(mechanism.training), mechanism.alert_channel,
        latest.alerts_raised if latest else None, latest.alerts_acted if latest else None,
    )  # fmt: skip
