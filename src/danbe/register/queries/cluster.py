"""Reads of the cluster itself: members, bodies, contacts, meetings, actions to follow up, the law's way.

Whoever signs in is of the cluster and sees its composition; a contact is seen by whom it is meant for.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet
from django.utils import timezone

from danbe.register.models import Body, Contact, FollowUp, LegalStep, Meeting, Membership, Role, User

COORDINATES = (Role.ADMINISTRATOR, Role.COORDINATOR, Role.SUBCLUSTER, Role.REGIONAL)


def in_force(day: date) -> Q:
    """What is valid on ``day``."""
    return (Q(valid_from=None) | Q(valid_from__lte=day)) & (Q(valid_until=None) | Q(valid_until__gte=day))


def may_write_body(user: User, body: Body | None) -> bool:
    """The cluster's coordination writes every body's affairs, a sub-cluster's those of its area's, a regional one its region's."""
    if user.is_superuser or user.role in (Role.ADMINISTRATOR, Role.COORDINATOR):
        return True
    if body is None:
        return False
    if user.role == Role.SUBCLUSTER:
        return bool(user.aor) and body.aor == user.aor
    return user.role == Role.REGIONAL and user.region_id is not None and body.region_id == user.region_id


def members(user: User, *, status: str = "", aor: str = "", on: date | None = None) -> QuerySet[Membership]:
    """Members and observers on a day (today), by name."""
    found = Membership.objects.filter(in_force(on or timezone.localdate())).select_related("organisation")
    if not user.is_active:
        return found.none()
    if status:
        found = found.filter(status=status)
    if aor:
        # Codes are parted by spaces.
        found = found.filter(aors__regex=rf"(^| ){aor}( |$)")
    return found.prefetch_related("areas").order_by("organisation__search_key", "pk")


def bodies(user: User, on: date | None = None) -> QuerySet[Body]:
    """The cluster and its parts on a day (today), the cluster first."""
    found = Body.objects.filter(in_force(on or timezone.localdate())).select_related("parent", "region")
    return found.order_by("parent__pk", "pk") if user.is_active else found.none()


def contacts(user: User, on: date | None = None) -> QuerySet[Contact]:
    """Contacts on a day (today) that ``user`` may see: the coordinators' own are for coordinators."""
    found = Contact.objects.filter(in_force(on or timezone.localdate())).select_related("body", "organisation")
    if not user.is_active:
        return found.none()
    if not (user.is_superuser or user.role in COORDINATES):
        found = found.exclude(visible_to="COORD")
    return found.order_by("body__pk", "-lead", "pk")


def meetings(user: User, body: Body | None = None) -> QuerySet[Meeting]:
    """Meetings, the latest first."""
    found = Meeting.objects.select_related("body").prefetch_related("present")
    if not user.is_active:
        return found.none()
    return (found.filter(body=body) if body else found).order_by("-held_on", "-pk")


@dataclass(frozen=True)
class Followed:
    """An action decided and where it stands on a day."""

    follow_up: FollowUp
    overdue: bool


def follow_ups(
    user: User, *, body: Body | None = None, still_open: bool = True, on: date | None = None
) -> list[Followed]:
    """Actions decided, by deadline. Those of ``body`` still open are what its next agenda begins with."""
    day = on or timezone.localdate()
    found = FollowUp.objects.select_related("meeting", "meeting__body").order_by("deadline", "pk")
    if not user.is_active:
        return []
    if body:
        found = found.filter(meeting__body=body)
    if still_open:
        found = found.filter(closed_on=None)
    return [Followed(f, f.closed_on is None and f.deadline < day) for f in found]


def legal_steps(user: User) -> QuerySet[LegalStep]:
    """The stages each instrument reached, in order of time."""
    found = LegalStep.objects.order_by("instrument", "reached_on", "pk")
    return found if user.is_active else found.none()
