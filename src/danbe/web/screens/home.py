"""The first page after sign-in, the month's template, and «rien à signaler»."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from danbe.reference.words import month_name
from danbe.register.models import Organisation, User
from danbe.register.queries.users import is_administrator
from danbe.web.language import _, current
from danbe.web.queries import home as queries
from danbe.web.screens.session import XLSX, download, own_organisation, signed_in

_MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """A partner's own months and figures, what waits for the administrator, or for those who approve releases."""
    user = signed_in(request)
    organisation = own_organisation(user)
    from danbe.curate.queries import response

    latest = response.batches(user).order_by("-created_at", "-pk")[:5]
    if organisation is None and not is_administrator(user):
        from danbe.web.queries import releases

        ready = {"open": releases.open_releases(user), "standing": releases.standing(user)}
        return render(request, "home_approver.html", ready)
    if organisation is None:
        from danbe.web.queries.releases import standing

        context = {"waiting": queries.waiting(user), "standing": standing(user), "batches": latest}
        return render(request, "home_administrator.html", context)
    known = queries.years(user)
    asked = request.GET.get("annee", "")
    year = int(asked) if asked.isdigit() and int(asked) in known else queries.current_year()
    months = queries.month_states(organisation, year)
    return render(
        request,
        "home_partner.html",
        {
            "organisation": organisation,
            "year": year,
            "years": known,
            "months": months,
            "next_month": _next_month(months),
            "figures": queries.own_figures(organisation, year),
            "batches": latest,
        },
    )


def _next_month(months: list[queries.MonthState]) -> str:
    """The month a partner most likely comes for: the first that is awaited, else the last past one."""
    awaited = [m.month for m in months if m.state in ("late", "due")]
    past = [m.month for m in months if m.state != "future"]
    return awaited[0] if awaited else (past or [months[0].month])[-1]


def asked_month(request: HttpRequest) -> str:
    """The month of the request, 'YYYY-MM'; raises 404 for anything else or a month to come."""
    month = (request.POST if request.method == "POST" else request.GET).get("mois", "")
    if not _MONTH.fullmatch(month) or month > timezone.localdate().strftime("%Y-%m"):
        raise Http404
    return month


def asked_organisation(request: HttpRequest, user: User) -> Organisation:
    """A partner's own organisation, whatever the request says; an administrator's choice."""
    own = own_organisation(user)
    if own:
        return own
    from danbe.register.queries.organisations import organisations

    code = (request.POST if request.method == "POST" else request.GET).get("organisation", "")
    found = organisations(user).filter(code=code).first()
    if found is None:
        raise Http404
    return found


@require_GET
def template(request: HttpRequest) -> HttpResponseBase:
    """The month's workbook for an organisation, last month's projects filled in."""
    user = signed_in(request)
    organisation, month = asked_organisation(request, user), asked_month(request)
    from danbe.collect.workbooks.template import write_template
    from danbe.curate.queries.template import template_context

    try:
        context = template_context(user, organisation, month, current())
    except ValueError as missing:  # no framework or no places loaded: the administrator's to mend
        messages.error(request, str(missing))
        return redirect("home")
    with tempfile.TemporaryDirectory() as folder:
        path = write_template(Path(folder) / "5w.xlsx", context)
        return download(path, f"5W_{organisation.code}_{month}.xlsx", XLSX)


@require_POST
def nil_report(request: HttpRequest) -> HttpResponse:
    """«Rien à signaler» for a month."""
    user = signed_in(request)
    organisation, month = asked_organisation(request, user), asked_month(request)
    from danbe.curate.actions import response

    try:
        response.nil_report(user, organisation, month)
    except response.Refused as refused:
        messages.error(request, str(refused))
        return redirect("home")
    said = _("Reçu : rien à signaler pour %(month)s. Merci.", month=month_name(month, current()))
    messages.success(request, said)
    return redirect("home")
