"""The response thread on the screen: the board of assessments and actions, and one thread with its delays."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from danbe.curate.actions import assessments as actions
from danbe.curate.assessments.delays import overdue
from danbe.curate.models import Assessment
from danbe.curate.monitoring.drafts import DraftRefused
from danbe.curate.queries import assessments as queries
from danbe.register.audit import may
from danbe.register.models import User
from danbe.web.screens.monitoring import PAGE, sees_rows, told


def _find(request: HttpRequest, pk: int) -> tuple[User, Assessment]:
    user = sees_rows(request)
    try:
        return user, queries.assessment(user, pk)
    except Assessment.DoesNotExist:
        raise Http404 from None


@never_cache
@require_GET
def assessments(request: HttpRequest) -> HttpResponse:
    """The board: shares within the standard, alerts nobody assessed, actions overdue first, the assessments."""
    user, today = sees_rows(request), timezone.localdate()
    flash, moved = queries.alerts_without(user)
    late = queries.overdue(user, today)
    context = {
        "figures": queries.figures(user, today),
        "flash": flash.count(),
        "moved": moved.count(),
        "late": [(a, overdue(a.deadline, a.done_on, today)) for a in late[:PAGE]],
        "late_count": late.count(),
        "page": Paginator(queries.assessments(user), PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "monitoring/assessments.html", context)


@never_cache
@require_GET
def assessment(request: HttpRequest, pk: int) -> HttpResponse:
    """One thread, from alert to closure."""
    user, found = _find(request, pk)
    today = timezone.localdate()
    alone = found.incident is None and found.movement is None
    flash, moved = queries.proposals(user, found) if alone and may(user, "assessments.link") else ((), ())
    context = {
        "found": found,
        "alert_day": queries.alert_day(found),
        "delays": queries.delays_of(found),
        "ranked": [(group, rows) for group, rows in queries.ranked(found).items() if rows],
        "todo": [
            (r, [(a, overdue(a.deadline, a.done_on, today)) for a in r.actions.all()])
            for r in found.recommendations.all()
        ],
        "flash": flash,
        "moved": moved,
    }
    return render(request, "monitoring/assessment.html", context)


@require_POST
def link(request: HttpRequest, pk: int) -> HttpResponse:
    """Links the proposed alert a person chose: ``incident:<pk>`` or ``movement:<pk>``."""
    user, found = _find(request, pk)
    kind, _colon, number = request.POST.get("alerte", "").partition(":")
    flash, moved = queries.proposals(user, found)
    key = int(number) if number.isdecimal() else 0
    try:
        if kind == "incident" and (incident := flash.filter(pk=key).first()):
            actions.link(user, found, incident=incident)
        elif kind == "movement" and (movement := moved.filter(pk=key).first()):
            actions.link(user, found, movement=movement)
    except DraftRefused as refused:
        told(request, refused)
    return redirect("assessment", pk=pk)
