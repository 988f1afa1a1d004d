"""Reads of incidents, by what a role may see (field brief §3): rows for those who document, aggregates for the others.

State members see no incident row by default: they may be parties. An administrator sees rows to repair them, and no
narrative.
"""

from __future__ import annotations

from django.db.models import Count, Prefetch, Q, QuerySet, Sum

from danbe.curate.models import DuplicateProposal, Incident, VictimGroup, Violation
from danbe.register.models import Role, User
from danbe.register.queries.organisations import family

STATE = "GOUV"
_WHOLE = (Role.ADMINISTRATOR, Role.COORDINATOR)


def _of_the_state(user: User) -> bool:
    return user.organisation is not None and user.organisation.organisation_type == STATE


def within(region_pk: int | None, field: str = "place") -> Q:
    """The condition that ``field`` lies in a region, at whatever level it is known."""
    up = [field, f"{field}__parent", f"{field}__parent__parent", f"{field}__parent__parent__parent"]
    condition = Q()
    for name in up:
        condition |= Q(**{name: region_pk})
    return condition


def rows_of(user: User, *, place_fields: tuple[str, ...] = ("place",)) -> Q | None:
    """The condition on rows of monitoring a person may see; ``None`` for none at all, an empty one for all."""
    if not user.is_active or _of_the_state(user):
        return None
    if user.is_superuser or user.role in _WHOLE:
        return Q()
    if user.role == Role.REGIONAL and user.region_id:
        condition = Q()
        for field in place_fields:
            condition |= within(user.region_id, field)
        return condition
    if user.role == Role.SUPERVISOR and user.organisation is not None:
        return Q(organisation__in=family(user.organisation))
    if user.role == Role.MONITOR:
        return Q(monitor=user) | Q(created_by=user)
    return None


def incidents(
    user: User, *, verification: str = "", month: str = "", category: str = "", withdrawn: bool = False
) -> QuerySet[Incident]:
    """Incidents in force that the person may see, latest first, narrowed if asked."""
    seen = rows_of(user)
    found = Incident.objects.select_related("organisation", "place", "monitor")
    if seen is None:
        return found.none()
    found = found.filter(seen)
    if not withdrawn:
        found = found.filter(withdrawn_at=None)
    if verification:
        found = found.filter(verification=verification)
    if month:
        found = found.filter(event_date__year=int(month[:4]), event_date__month=int(month[5:7]))
    if category:
        found = found.filter(pk__in=Violation.objects.filter(category=category).values("incident"))
    return found.order_by("-event_date", "-pk")


def listed(found: QuerySet[Incident]) -> QuerySet[Incident]:
    """The same incidents with what a list shows of them: their violations and how many victims."""
    groups = Violation.objects.annotate(people=Sum("victims__victims")).order_by("pk")
    return found.prefetch_related(Prefetch("violations", groups))


def incident(user: User, pk: int) -> Incident:
    """One incident with all its parts; raises ``Incident.DoesNotExist`` for one the person may not see."""
    groups = VictimGroup.objects.order_by("pk")
    found = incidents(user, withdrawn=True).select_related("narrative", "duplicate_of", "submission")
    return found.prefetch_related(
        Prefetch("violations", Violation.objects.order_by("pk").prefetch_related(Prefetch("victims", groups))),
        "responses",
        "duplicates",
    ).get(pk=pk)


def may_read_narratives(user: User) -> bool:
    """The coordinator of the cluster, the supervisor for its own organisation, the monitor for its own incidents."""
    return user.is_active and not _of_the_state(user) and user.role in (Role.COORDINATOR, Role.SUPERVISOR, Role.MONITOR)


def proposals(user: User, state: str = DuplicateProposal.State.OPEN) -> QuerySet[DuplicateProposal]:
    """Likely duplicates whose both incidents the person may see, the likeliest first."""
    mine = incidents(user).order_by().values("pk")
    found = DuplicateProposal.objects.filter(first__in=mine, second__in=mine)
    if state:
        found = found.filter(state=state)
    return found.select_related(
        "first__place", "second__place", "first__organisation", "second__organisation"
    ).order_by("-score", "pk")


def counts(user: User) -> dict[str, int]:
    """How many incidents stand in each state of verification, among those the person may see."""
    rows = incidents(user).order_by().values("verification").annotate(n=Count("pk"))
    return {row["verification"]: row["n"] for row in rows}
