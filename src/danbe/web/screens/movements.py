"""Population movements on the screen: the list, one movement and its chain of states."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from danbe.curate.actions import movements as actions
from danbe.curate.models import Movement
from danbe.curate.monitoring.drafts import DraftRefused
from danbe.curate.movements.drafts import NEXT
from danbe.curate.queries import movements as queries
from danbe.reference.codelists import codelist
from danbe.register.audit import may
from danbe.register.models import User
from danbe.web.language import _, current
from danbe.web.screens.monitoring import PAGE, month_asked, sees_rows, told


def _find(request: HttpRequest, pk: int) -> tuple[User, Movement]:
    user = sees_rows(request)
    try:
        return user, queries.movement(user, pk)
    except Movement.DoesNotExist:
        raise Http404 from None


@never_cache
@require_GET
def movements(request: HttpRequest) -> HttpResponse:
    user = sees_rows(request)
    status, month = request.GET.get("etat", ""), month_asked(request)
    statuses = codelist("movement_status")
    found = queries.movements(user, status=status if status in statuses else "", month=month)
    counts = queries.counts(user)
    context = {
        "page": Paginator(found, PAGE).get_page(request.GET.get("page")),
        "status": status,
        "month": month,
        "statuses": [(i.code, i.label(current()), counts.get(i.code, 0)) for i in statuses.items],
    }
    return render(request, "monitoring/movements.html", context)


@never_cache
@require_GET
def movement(request: HttpRequest, pk: int) -> HttpResponse:
    user, found = _find(request, pk)
    advances = may(user, "movements.advance") and found.withdrawn_at is None
    context = {
        "movement": found,
        "steps": NEXT.get(found.status, ()) if advances else (),
        "advances": advances,
        "chain": found.steps.order_by("pk"),
    }
    return render(request, "monitoring/movement.html", context)


@require_POST
def advance(request: HttpRequest, pk: int) -> HttpResponse:
    user, found = _find(request, pk)
    try:
        actions.advance(user, found, request.POST.get("etat", ""), assessment=request.POST.get("evaluation", ""))
    except DraftRefused as refused:
        told(request, refused)
    return redirect("movement", pk=pk)


@require_POST
def count(request: HttpRequest, pk: int) -> HttpResponse:
    """The numbers an assessment found."""
    user, found = _find(request, pk)
    try:
        actions.count(
            user,
            found,
            households=_whole(request, "menages"),
            individuals=_whole(request, "personnes"),
            household_size=_decimal(request, "taille"),
        )
    except ValueError as refused:
        if isinstance(refused, DraftRefused):
            told(request, refused)
        else:
            messages.error(request, _("Écrivez des nombres."))
    return redirect("movement", pk=pk)


def _whole(request: HttpRequest, name: str) -> int | None:
    value = request.POST.get(name, "").strip()
    return int(value) if value else None


def _decimal(request: HttpRequest, name: str) -> float | None:
    value = request.POST.get(name, "").strip().replace(",", ".")
    return float(value) if value else None
