"""What the first page shows: a partner's months and figures; what waits for an administrator."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Max, Q
from django.utils import timezone

from danbe.curate.models import Activity, Batch, Report, Snapshot
from danbe.register.models import Organisation, Place, User
from danbe.register.queries.users import is_administrator

# Field brief §1.4: the month's reports are due five days after it ends.
DAYS_TO_REPORT = 5


@dataclass(frozen=True)
class MonthState:
    """One month of an organisation: ``state`` is 'received', 'nothing', 'late', 'due' (may still come) or 'future'."""

    month: str
    state: str
    received_on: date | None = None
    rows: int = 0
    on_time: bool = True


@dataclass(frozen=True)
class OwnFigures:
    """A partner's own rows of one year. ``services_delivered`` counts a person once per service, months added."""

    activities: int
    services_delivered: int
    cercles: int
    months: int


def years(user: User) -> list[int]:
    """The years anyone in the cluster has reported for, and the current one, latest first."""
    known = {int(m[:4]) for m in Report.objects.values_list("report_month", flat=True).distinct()}
    return sorted(known | {timezone.localdate().year}, reverse=True)


def current_year() -> int:
    """The year the cluster last reported for; the calendar's when no one has."""
    latest = Report.objects.aggregate(latest=Max("report_month"))["latest"]
    return int(latest[:4]) if latest else timezone.localdate().year


def due_day(month: str) -> date:
    """The last day on which a month's report is on time."""
    year, number = int(month[:4]), int(month[5:7])
    return date(year + number // 12, number % 12 + 1, DAYS_TO_REPORT)


def month_states(organisation: Organisation, year: int, today: date | None = None) -> list[MonthState]:
    """The twelve months of ``year`` for one organisation, in order."""
    today = today or timezone.localdate()
    reports: dict[str, Report] = {}
    for report in Report.objects.filter(organisation=organisation, report_month__startswith=f"{year}-").order_by("pk"):
        reports.setdefault(report.report_month, report)
        if not report.nothing_to_report:  # rows sent after a «rien à signaler» are the true report
            reports[report.report_month] = report
    live = Activity.objects.filter(organisation=organisation, withdrawn_by=None, report_month__startswith=f"{year}-")
    rows = dict(live.values_list("report_month").annotate(n=Count("pk")))
    states = []
    for number in range(1, 13):
        month = f"{year}-{number:02d}"
        found = reports.get(month)
        if found or rows.get(month):
            received = found.received_on if found else None
            states.append(
                MonthState(
                    month,
                    "nothing" if found and found.nothing_to_report and not rows.get(month) else "received",
                    received,
                    rows.get(month, 0),
                    received is None or received <= due_day(month),
                )
            )
        elif today < date(year, number, 1):
            states.append(MonthState(month, "future"))
        else:
            states.append(MonthState(month, "due" if today <= due_day(month) else "late"))
    return states


def own_figures(organisation: Organisation, year: int) -> OwnFigures:
    """Activities, services delivered and cercles of an organisation's live rows of ``year``."""
    live = Activity.objects.filter(organisation=organisation, withdrawn_by=None, report_month__startswith=f"{year}-")
    services, cercles, months, count = 0, set(), set(), 0
    for month, values in live.values_list("report_month", "values").iterator():
        count += 1
        months.add(month)
        services += int(values.get("reached") or 0)
        if values.get("cercle"):
            cercles.add(values["cercle"])
    return OwnFigures(count, services, len(cercles), len(months))


def waiting(user: User) -> dict[str, Any]:
    """What an administrator has to look at: drafts, unverified organisations and places, the last snapshot."""
    if not is_administrator(user):
        return {}
    batches = Batch.objects.aggregate(
        drafts=Count("pk", filter=Q(state__in=[Batch.State.DRAFT, Batch.State.READING])),
        failed=Count("pk", filter=Q(state=Batch.State.FAILED)),
    )
    return {
        **batches,
        "organisations": Organisation.objects.filter(verified=False, merged_into=None).count(),
        "places": Place.objects.filter(verified=False).count(),
        "snapshot": Snapshot.objects.order_by("-at", "-pk").first(),
        "rows": Activity.objects.filter(withdrawn_by=None).count(),
    }
