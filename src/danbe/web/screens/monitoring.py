"""Incidents on the screen: the list, one incident with what may be done with it, its narrative under lock."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from danbe.curate.actions import incidents as actions
from danbe.curate.models import Incident
from danbe.curate.monitoring.drafts import DraftRefused
from danbe.curate.monitoring.narratives import NarrativeLocked
from danbe.curate.queries import incidents as queries
from danbe.reference.codelists import codelist
from danbe.register.audit import NotAllowed, may
from danbe.register.models import User
from danbe.web.language import _, current
from danbe.web.screens.session import signed_in

PAGE = 40


def sees_rows(request: HttpRequest) -> User:
    """The person signed in, if its role sees rows of monitoring at all; else the 403 page."""
    user = signed_in(request)
    if queries.rows_of(user) is None:
        raise NotAllowed(f"{user.username}: monitoring")
    return user


def month_asked(request: HttpRequest) -> str:
    """The month of the filter, '' for what is none."""
    value = request.GET.get("mois", "")
    year, _dash, number = value.partition("-")
    good = len(value) == 7 and year.isdigit() and number.isdigit() and 1 <= int(number) <= 12
    return value if good else ""


def told(request: HttpRequest, refused: DraftRefused) -> None:
    """Tells a person everything that is wrong, each by itself."""
    for problem in refused.problems:
        messages.error(request, problem.text(current()))


def _find(request: HttpRequest, pk: int) -> tuple[User, Incident]:
    user = sees_rows(request)
    try:
        return user, queries.incident(user, pk)
    except Incident.DoesNotExist:
        raise Http404 from None


@never_cache
@require_GET
def incidents(request: HttpRequest) -> HttpResponse:
    user = sees_rows(request)
    state, category = request.GET.get("etat", ""), request.GET.get("categorie", "")
    month = month_asked(request)
    states, categories = codelist("verification_status"), codelist("violation_category_v2020")
    found = queries.listed(
        queries.incidents(
            user,
            verification=state if state in states else "",
            month=month,
            category=category if category in categories else "",
        )
    )
    counts = queries.counts(user)
    context = {
        "page": Paginator(found, PAGE).get_page(request.GET.get("page")),
        "state": state,
        "month": month,
        "category": category,
        "states": [(i.code, i.label(current()), counts.get(i.code, 0)) for i in states.items],
        "categories": [(i.code, i.label(current())) for i in categories.items],
        "proposals": queries.proposals(user).count() if may(user, "incidents.merge") else 0,
        "may_map": may(user, "mapping.declare"),
    }
    return render(request, "monitoring/incidents.html", context)


@never_cache
@require_GET
def incident(request: HttpRequest, pk: int) -> HttpResponse:
    user, found = _find(request, pk)
    return render(request, "monitoring/incident.html", _context(user, found))


def _context(user: User, found: Incident, **more: Any) -> dict[str, Any]:
    verifies = may(user, "incidents.verify") and found.withdrawn_at is None
    return {
        "incident": found,
        "steps": actions.NEXT.get(found.verification, ()) if verifies else (),
        "may_grade": verifies,
        "may_withdraw": verifies,
        "reads": queries.may_read_narratives(user),
        "has_narrative": hasattr(found, "narrative"),
        "reliabilities": _items("source_reliability"),
        "credibilities": _items("information_credibility"),
        **more,
    }


def _items(name: str) -> list[tuple[str, str]]:
    return [(i.code, i.label(current())) for i in codelist(name).items]


@require_POST
def verify(request: HttpRequest, pk: int) -> HttpResponse:
    """One step on for an incident; a refutation says why."""
    user, found = _find(request, pk)
    try:
        actions.verify(user, found, request.POST.get("etat", ""), request.POST.get("raison", ""))
    except DraftRefused as refused:
        told(request, refused)
    return redirect("incident", pk=pk)


@require_POST
def grade(request: HttpRequest, pk: int) -> HttpResponse:
    user, found = _find(request, pk)
    try:
        actions.grade(user, found, request.POST.get("fiabilite", ""), request.POST.get("credibilite", ""))
    except DraftRefused as refused:
        told(request, refused)
    return redirect("incident", pk=pk)


@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    user, found = _find(request, pk)
    try:
        actions.withdraw(user, found, request.POST.get("raison", ""))
    except DraftRefused as refused:
        told(request, refused)
    else:
        messages.success(request, _("Incident retiré des chiffres. Il reste ici, avec la raison."))
    return redirect("incident", pk=pk)


@never_cache
@require_POST
def read_narrative(request: HttpRequest, pk: int) -> HttpResponse:
    """Shows the narrative once, on this page only: asked for by POST, because each reading is written in the log."""
    user, found = _find(request, pk)
    try:
        text = actions.read_narrative(user, found)
    except NarrativeLocked as locked:
        messages.error(request, str(locked))
        return redirect("incident", pk=pk)
    response = render(request, "monitoring/incident.html", _context(user, found, narrative=text))
    response["Cache-Control"] = "no-store, private"
    return response


@never_cache
@require_POST
def write_narrative(request: HttpRequest, pk: int) -> HttpResponse:
    """Keeps the narrative; what looks like personal data is shown first and must be taken out or confirmed."""
    user, found = _find(request, pk)
    text = request.POST.get("recit", "")
    try:
        actions.write_narrative(user, found, text, sure=request.POST.get("certain") == "oui")
    except actions.PersonalData as warned:
        context = _context(user, found, draft=text, findings=warned.findings)
        response = render(request, "monitoring/incident.html", context, status=422)
        response["Cache-Control"] = "no-store, private"
        return response
    except DraftRefused as refused:
        told(request, refused)
    else:
        messages.success(request, _("Récit gardé, chiffré."))
    return redirect("incident", pk=pk)
