"""Reads of assessments by the rules of incidents; an organisation also sees the actions that are its own to do."""

from __future__ import annotations

from datetime import date, timedelta

from django.db.models import Q, QuerySet

from danbe.curate.assessments.borda import Ranked, borda
from danbe.curate.assessments.delays import Delays, Share, closed_in_time, delays, share
from danbe.curate.assessments.drafts import GROUPS
from danbe.curate.models import Assessment, Incident, Movement, ResponseAction
from danbe.curate.queries.incidents import incidents, rows_of
from danbe.curate.queries.movements import movements
from danbe.register.models import User
from danbe.register.queries.organisations import family

NEAR = 30
"""Days before the field visit within which an alert of the same place is proposed."""


def assessments(user: User, *, state: str = "") -> QuerySet[Assessment]:
    """Assessments the person may see, latest first."""
    seen = rows_of(user)
    found = Assessment.objects.select_related("organisation", "place", "incident", "movement")
    if seen is None:
        return found.none()
    found = found.filter(seen)
    return (found.filter(state=state) if state else found).order_by("-fielded_on", "-pk")


def assessment(user: User, pk: int) -> Assessment:
    """One assessment with its thread; raises ``Assessment.DoesNotExist`` for one the person may not see."""
    thread = ("findings", "ranked", "recommendations__actions__owner", "recommendations__actions__activities")
    return assessments(user).prefetch_related(*thread).get(pk=pk)


def actions(user: User) -> QuerySet[ResponseAction]:
    """Actions of the assessments the person sees, and those of its own organisation; the next due first."""
    seen = Q(recommendation__assessment__in=assessments(user).order_by().values("pk"))
    if user.is_active and user.organisation is not None:
        seen |= Q(owner__in=family(user.organisation))
    elif not user.is_active:
        return ResponseAction.objects.none()
    found = ResponseAction.objects.select_related("owner", "recommendation__assessment__place")
    return found.filter(seen).order_by("deadline", "pk")


def overdue(user: User, today: date) -> QuerySet[ResponseAction]:
    """The same, of those due and not done."""
    return actions(user).filter(done_on=None, deadline__lt=today)


def alert_day(found: Assessment) -> date | None:
    """The day the alert was reported that the assessment answers."""
    alert = found.incident or found.movement
    return alert.reported_on if alert is not None else None


def delays_of(found: Assessment) -> Delays:
    """The delays of one thread."""
    return delays(alert_day(found), found.fielded_on, found.reported_on, found.closed_on)


def ranked(found: Assessment) -> dict[str, list[Ranked]]:
    """The needs of an assessment by group, ranked by Borda's count."""
    ballots: dict[tuple[str, int], list[str]] = {}
    for row in sorted(found.ranked.all(), key=lambda r: r.rank):
        ballots.setdefault((row.group, row.ballot), []).append(row.need)
    return {g: borda([needs for (of, _), needs in ballots.items() if of == g]) for g in GROUPS}


def alerts_without(user: User) -> tuple[QuerySet[Incident], QuerySet[Movement]]:
    """Flash incidents and movements still in alert that nobody has assessed, among those the person may see."""
    flash = incidents(user).filter(record_type="FLASH", assessments=None).exclude(verification__in=("REJ", "DBL"))
    return flash, movements(user, status="ALERTE").filter(assessments=None)


def proposals(user: User, found: Assessment) -> tuple[QuerySet[Incident], QuerySet[Movement]]:
    """Alerts of the same place reported in the days before the visit: a person links one, or none."""
    flash, moved = alerts_without(user)
    days = (found.fielded_on - timedelta(days=NEAR), found.fielded_on)
    here = Q(origin=found.place_id) | Q(destination=found.place_id)
    return flash.filter(place=found.place_id, reported_on__range=days), moved.filter(here, reported_on__range=days)


def figures(user: User, today: date) -> dict[str, Share]:
    """Fielded within 72 h and reported within 7 days of the alert (of those with one), actions closed in time."""
    found = [delays_of(a) for a in assessments(user).exclude(state=Assessment.State.REJECTED)]
    due = actions(user).order_by().values_list("deadline", "done_on")
    return {
        "fielded": share(d.fielded_in_time for d in found),
        "reported": share(d.reported_in_time for d in found),
        "closed": closed_in_time(due, today),
    }
