"""Community mechanisms on the screen: the list with scores, one mechanism, what it did in a quarter."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from danbe.reference.catalogue.services import MECHANISMS
from danbe.reference.codelists import codelist
from danbe.register.actions import mechanisms as actions
from danbe.register.audit import may
from danbe.register.models import Mechanism, Organisation, Role
from danbe.register.queries import mechanisms as queries
from danbe.register.services import FieldsRefused
from danbe.web.language import _, current
from danbe.web.screens import fields
from danbe.web.screens.session import signed_in

PAGE = 50
NAMES = tuple(n for n in actions.FIELDS if n in MECHANISMS)


@never_cache
@require_GET
def mechanisms(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    kinds = codelist("cb_mechanism")
    kind = request.GET.get("type", "")
    page = Paginator(queries.mechanisms(user, kind=kind if kind in kinds else ""), PAGE).get_page(
        request.GET.get("page")
    )
    context = {
        "page": page, "rows": queries.scored(list(page)), "kind": kind,
        "kinds": [(i.code, i.label(current())) for i in kinds.items], "adds": may(user, "mechanisms.record"),
    }  # fmt: skip
    return render(request, "services/mechanisms.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    user = signed_in(request)
    found = _find(request, pk) if pk else None
    held: dict[str, Any] = {n: getattr(found, n) for n in NAMES} if found else {"public": True}
    if request.method == "POST":
        held = fields.said(request.POST, NAMES)
        own = user.organisation if user.role in Role.of_an_organisation() else fields.organisation_of(request.POST)
        try:
            kept = actions.record_mechanism(user, held, fields.place_of(request.POST), own, found)
        except FieldsRefused as refused:
            fields.tell(request, MECHANISMS, refused)
        else:
            messages.success(request, _("Mécanisme enregistré."))
            return redirect("mechanism", pk=kept.pk)
    scored = queries.scored([found])[0] if found else None
    context = {
        "mechanism": found, "scored": scored, "items": fields.form(MECHANISMS, NAMES, held), "typed": request.POST,
        "quarters": found.quarters.order_by("-quarter") if found else [], "writes": may(user, "mechanisms.record"),
        "organisations": [] if user.role in Role.of_an_organisation() else Organisation.objects.filter(merged_into=None).order_by("acronym", "name"),
    }  # fmt: skip
    return render(request, "services/mechanism.html", context, status=422 if request.method == "POST" else 200)


@require_POST
def quarter(request: HttpRequest, pk: int) -> HttpResponse:
    user, found = signed_in(request), _find(request, pk)
    try:
        actions.report_quarter(user, found, request.POST.get("trimestre", "").strip(), fields.said(
            request.POST, ("meetings", "alerts_raised", "alerts_acted")))  # fmt: skip
    except FieldsRefused as refused:
        fields.tell(request, MECHANISMS, refused)
    else:
        messages.success(request, _("Trimestre enregistré."))
    return redirect("mechanism", pk=pk)


def _find(request: HttpRequest, pk: int) -> Mechanism:
    try:
        return queries.mechanism(signed_in(request), pk)
    except Mechanism.DoesNotExist:
        raise Http404 from None
