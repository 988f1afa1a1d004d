"""Services on the screen: the register, one service, changing or asking to change, requests to decide, referral pathways."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from danbe.reference.catalogue.services import SERVICES
from danbe.reference.codelists import codelist
from danbe.reference.services import is_safe, state_on
from danbe.register.actions import services as actions
from danbe.register.audit import NotAllowed, may
from danbe.register.models import Organisation, Role, Service, User
from danbe.register.queries import services as queries
from danbe.register.services import FieldsRefused, labels_of
from danbe.web.language import _, current
from danbe.web.screens import fields
from danbe.web.screens.session import own_organisation, signed_in

PAGE = 50
_STATES: tuple[tuple[str, Callable[[], str]], ...] = (
    ("current", lambda: _("Vérifié (90 jours au plus)")),
    ("stale", lambda: _("À revérifier")),
    ("hidden", lambda: _("Caché du public (plus de 180 jours)")),
    ("never", lambda: _("Jamais vérifié")),
)
MINE = (*actions.ASKABLE, "longitude", "latitude", "public")


def _find(request: HttpRequest, pk: int) -> tuple[User, Service]:
    user = signed_in(request)
    try:
        return user, queries.service(user, pk)
    except Service.DoesNotExist:
        raise Http404 from None


def _rights(user: User, service: Service) -> dict[str, bool]:
    writes = may(user, "services.record") and queries.may_write(user, service)
    own = user.organisation_id is not None and user.organisation_id == service.organisation_id
    return {
        "writes": writes,
        "asks": own and may(user, "services.ask_change"),
        "verifies": may(user, "services.verify") and (writes or own),
    }


@never_cache
@require_GET
def services(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    need, state, words = (request.GET.get(k, "").strip() for k in ("besoin", "etat", "q"))
    found = queries.services(user, need=need, state=state, words=words)
    today = timezone.localdate()
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [(s, state_on(s.verified_on, today)) for s in page],
        "need": need, "state": state, "words": words,
        "needs": [(i.code, i.label(current())) for i in codelist("protection_need").items],
        "states": [(code, label(), queries.services(user, state=code).count()) for code, label in _STATES],
        "state_labels": {code: label() for code, label in _STATES},
        "adds": may(user, "services.record") or may(user, "services.ask_change"),
        "imports": may(user, "services.import_workbook"),
        "waiting": sum(1 for c in queries.changes(user) if c.state == "asked"),
        "query": "".join(f"{k}={v}&" for k, v in (("besoin", need), ("etat", state), ("q", words)) if v),
    }  # fmt: skip
    return render(request, "services/services.html", context)


@never_cache
@require_GET
def service(request: HttpRequest, pk: int) -> HttpResponse:
    user, found = _find(request, pk)
    shown = [
        c
        for c in SERVICES.columns
        if hasattr(found, c.name) and c.name not in ("name", "verified_on", "source", "longitude", "latitude")
    ]
    context = {
        "service": found,
        "state": state_on(found.verified_on, timezone.localdate()),
        "state_labels": {code: label() for code, label in _STATES},
        "safe": is_safe(found.categories),
        "facts": [
            (c.label(current()), labels_of(c.name, getattr(found, c.name), current()), c.sensitivity)
            for c in shown
            if getattr(found, c.name) not in (None, "")
        ],
        **_rights(user, found),
    }
    return render(request, "services/service.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Writes a service, or asks to: who looks after it writes, its own organisation asks."""
    user = signed_in(request)
    found = _find(request, pk)[1] if pk else None
    if found:
        rights = _rights(user, found)
        writes, asks = rights["writes"], rights["asks"]
    else:
        writes, asks = may(user, "services.record"), may(user, "services.ask_change")
    if not writes and not asks:
        raise NotAllowed(f"{user.username}: service {pk}")
    names = MINE if writes else actions.ASKABLE
    held: dict[str, Any] = {n: getattr(found, n) for n in names} if found else {"public": True}
    if request.method == "POST":
        held = fields.said(request.POST, names)
        try:
            place = fields.place_of(request.POST)
            if writes:
                kept = actions.record_service(user, held, place, fields.organisation_of(request.POST), found)
                messages.success(request, _("Service enregistré."))
                return redirect("service", pk=kept.pk)
            actions.ask_change(user, found, held, place)
        except FieldsRefused as refused:
            fields.tell(request, SERVICES, refused)
        else:
            messages.success(request, _("Demande envoyée à la coordination : elle l’approuve ou dit pourquoi non."))
            return redirect("service_changes")
    context = {
        "service": found, "writes": writes, "items": fields.form(SERVICES, names, held), "typed": request.POST,
        "organisations": Organisation.objects.filter(merged_into=None).order_by("acronym", "name") if writes else [],
    }  # fmt: skip
    return render(request, "services/edit.html", context, status=422 if request.method == "POST" else 200)


@require_POST
def verify(request: HttpRequest, pk: int) -> HttpResponse:
    user, found = _find(request, pk)
    actions.verify_service(user, found)
    messages.success(request, _("Vérifié aujourd’hui : le service reste visible du public pendant 180 jours."))
    return redirect("service", pk=pk)


@require_POST
def close(request: HttpRequest, pk: int) -> HttpResponse:
    user, found = _find(request, pk)
    actions.close_service(user, found)
    messages.success(request, _("Service fermé : plus personne n’y est orienté."))
    return redirect("services")


@never_cache
@require_GET
def changes(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    rows = []
    for change in queries.changes(user):
        differences = [
            (SERVICES[f].label(current()) if f in SERVICES else f, labels_of(f, change.before.get(f), current()), labels_of(f, v, current()))
            for f, v in change.after.items()
        ]  # fmt: skip
        waits = change.state == "asked" and may(user, "services.decide_change") and queries.may_decide(user, change)
        rows.append({"change": change, "differences": differences, "decides": waits})
    return render(request, "services/changes.html", {"rows": rows, "partner": own_organisation(user) is not None})


@require_POST
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    user = signed_in(request)
    found = next((c for c in queries.changes(user) if c.pk == pk), None)
    if found is None:
        raise Http404
    try:
        actions.decide_change(user, found, request.POST.get("decision") == "oui", request.POST.get("raison", ""))
    except FieldsRefused as refused:
        fields.tell(request, SERVICES, refused)
    else:
        messages.success(request, _("Décision enregistrée."))
    return redirect("service_changes")


@never_cache
@require_http_methods(["GET", "POST"])
def pathways(request: HttpRequest) -> HttpResponse:
    """The pathways that stand, and a form to draw one: one step a line, «CODE | que faire | délai en heures»."""
    user = signed_in(request)
    draws = may(user, "services.draw_pathway") and user.role not in Role.of_an_organisation()
    if request.method == "POST":
        if not draws:
            raise NotAllowed(f"{user.username}: pathways")
        try:
            zone = fields.place_of(request.POST)
            if zone is None:
                raise FieldsRefused([])
            actions.draw_pathway(user, request.POST.get("besoin", ""), zone, _steps(request.POST.get("etapes", "")))
        except FieldsRefused as refused:
            fields.tell(request, SERVICES, refused)
            if not refused.problems:
                messages.error(request, _("Dites la zone : une région, ou une région et un cercle."))
        else:
            messages.success(request, _("Circuit enregistré."))
            return redirect("pathways")
    context = {
        "pathways": queries.pathways(user).prefetch_related("steps", "steps__service"),
        "draws": draws, "typed": request.POST,
        "needs": [(i.code, i.label(current())) for i in codelist("protection_need").items],
        "categories": [(i.code, i.label(current())) for i in codelist("service_category").items],
    }  # fmt: skip
    return render(request, "services/pathways.html", context)


def _steps(text: str) -> list[dict[str, Any]]:
    steps = []
    for line in filter(None, map(str.strip, text.splitlines())):
        category, what, delay = [*(p.strip() for p in line.split("|")), "", ""][:3]
        code = codelist("service_category").find(category)
        if "|" not in line:
            code, what = None, line
        steps.append({"category": code or "", "what_fr": what, "delay_hours": delay})
    return steps
