"""Reads of services, requests to change them and pathways: whoever signs in sees the register, its focal points too."""

from __future__ import annotations

from datetime import date, timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from danbe.reference.services import CURRENT_DAYS, HIDDEN_DAYS, NEEDS, areas_of
from danbe.reference.text import search_key
from danbe.register.models import Organisation, Place, ReferralPathway, Role, Service, ServiceChange, User


def known_names() -> frozenset[str]:
    """Names of organisations, which no detector should take for a person's."""
    pairs = Organisation.objects.values_list("name", "acronym")
    return frozenset(n for pair in pairs for n in pair if n)


def within(place: Place, above: int) -> bool:
    """Whether ``place`` is the unit whose primary key is ``above``, or lies in it."""
    at: Place | None = place
    while at is not None:
        if at.pk == above:
            return True
        at = at.parent
    return False


def may_write(user: User, service: Service) -> bool:
    """Whether ``user`` looks after ``service``: the cluster's coordination, its area's, or its region's."""
    if user.is_superuser or user.role in (Role.ADMINISTRATOR, Role.COORDINATOR):
        return True
    if user.role == Role.SUBCLUSTER:
        return user.aor in areas_of(service.categories)
    if user.role == Role.REGIONAL:
        return service.place is not None and user.region_id is not None and within(service.place, user.region_id)
    return False


def services(
    user: User, *, need: str = "", category: str = "", place: Place | None = None, state: str = "", words: str = "",
    today: date | None = None,
) -> QuerySet[Service]:  # fmt: skip
    """The services in being, by name. ``state``: current, stale, hidden, never; ``place``: a unit and what lies in it."""
    found = Service.objects.filter(closed_on=None).select_related("organisation", "place", "place__parent")
    if not user.is_active:
        return found.none()
    wanted = NEEDS.get(need, ()) or ((category,) if category else ())
    if wanted:
        any_of = Q()
        for code in wanted:
            # Codes are parted by spaces and none is part of another but AV and EREE, which no code contains.
            any_of |= Q(categories__regex=rf"(^| ){code}( |$)")
        found = found.filter(any_of)
    if place:
        found = found.filter(
            Q(place=place)
            | Q(place__parent=place)
            | Q(place__parent__parent=place)
            | Q(place__parent__parent__parent=place)
        )
    if words:
        found = found.filter(search_key__contains=search_key(words))
    day = today or timezone.localdate()
    current, shown = day - timedelta(days=CURRENT_DAYS), day - timedelta(days=HIDDEN_DAYS)
    by_state = {
        "current": Q(verified_on__gte=current),
        "stale": Q(verified_on__lt=current, verified_on__gte=shown),
        "hidden": Q(verified_on__lt=shown),
        "never": Q(verified_on=None),
    }
    return found.filter(by_state.get(state, Q())).order_by("search_key", "pk")


def service(user: User, pk: int) -> Service:
    """One service, closed ones too. Raises ``Service.DoesNotExist``."""
    found = Service.objects.select_related("organisation", "place", "verified_by")
    return found.get(pk=pk) if user.is_active else found.none().get()


def changes(user: User) -> list[ServiceChange]:
    """The requests ``user`` made for its organisation or may decide, those that wait first."""
    found = ServiceChange.objects.select_related("service", "service__place", "organisation", "asked_by", "decided_by")
    if not user.is_active:
        return []
    if user.role in Role.of_an_organisation():
        mine = list(found.filter(organisation=user.organisation_id).order_by("-asked_at"))
    else:
        mine = [c for c in found.order_by("-asked_at") if may_decide(user, c)]
    return sorted(mine, key=lambda c: c.state != ServiceChange.State.ASKED)


def may_decide(user: User, change: ServiceChange) -> bool:
    """Whether ``user`` looks after the service a request is about."""
    asked = change.service or Service(
        categories=change.after.get("categories", ""),
        place=Place.objects.filter(place_id=change.after.get("place", "")).first(),
    )
    return may_write(user, asked)


def pathways(user: User) -> QuerySet[ReferralPathway]:
    found = ReferralPathway.objects.select_related("zone").order_by("need", "zone__name")
    return found if user.is_active else found.none()
