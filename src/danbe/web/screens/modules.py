"""Modules of the areas of responsibility: the workbook to fill, sent, checked, looked at, kept, with a receipt."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from danbe.collect.actions import receive
from danbe.collect.messages import Refused
from danbe.curate.actions.modules import load
from danbe.curate.monitoring.module_template import columns, template
from danbe.curate.needs import TableRefused
from danbe.curate.queries import modules as queries
from danbe.reference.catalogue.column import Dataset
from danbe.reference.codelists import codelist
from danbe.register.audit import NotAllowed
from danbe.register.models import User
from danbe.web.language import _, current
from danbe.web.screens.session import XLSX, signed_in

ENDINGS = (".xlsx", ".xlsm", ".xls", ".ods", ".csv")
SHOWN = 20


def _hands_in(request: HttpRequest) -> tuple[User, list[Dataset]]:
    user = signed_in(request)
    known = queries.modules_of(user)
    if not known:
        raise NotAllowed(f"{user.username}: modules")
    return user, known


def _module(request: HttpRequest, dataset: str) -> tuple[User, Dataset]:
    user, known = _hands_in(request)
    found = next((d for d in known if d.name == dataset), None)
    if found is None:
        raise Http404
    return user, found


@never_cache
@require_GET
def modules(request: HttpRequest) -> HttpResponse:
    """The modules the person hands in, and what was handed in."""
    user, known = _hands_in(request)
    page = Paginator(queries.loads(user), SHOWN).get_page(request.GET.get("page"))
    names = {d.name: d.label(current()) for d in known}
    context = {"modules": known, "standing": queries.standing(user), "page": page, "names": names}
    return render(request, "monitoring/modules.html", {**context, "endings": ",".join(ENDINGS)})


@require_GET
def workbook(request: HttpRequest, dataset: str) -> HttpResponseBase:
    """The workbook to fill."""
    _user, found = _module(request, dataset)
    content = template(found, queries.regions(), current())
    response = FileResponse(BytesIO(content), as_attachment=True, filename=f"{found.name}.xlsx", content_type=XLSX)
    response["Cache-Control"] = "no-store, private"
    return response


@require_POST
def send(request: HttpRequest, dataset: str) -> HttpResponse:
    """Takes a filled workbook; nothing of it is kept as rows yet."""
    user, found = _module(request, dataset)
    file = request.FILES.get("classeur")
    if file is None or file.file is None or not (file.name or "").lower().endswith(ENDINGS):
        messages.error(request, _("Choisissez un classeur .xlsx, .xls, .ods ou .csv."))
        return redirect("modules")
    try:
        upload = receive(user, file.file, file.name or "")
    except Refused as refused:
        messages.error(request, refused.text(current()))
        return redirect("modules")
    return redirect("module_check", dataset=found.name, upload=upload.pk)


@never_cache
@require_http_methods(["GET", "POST"])
def check(request: HttpRequest, dataset: str, upload: int) -> HttpResponse:
    """What would be kept and what not, row by row; POST keeps it."""
    user, found = _module(request, dataset)
    sent = queries.sent(user, upload)
    if sent is None:
        raise Http404
    try:
        seen = queries.checked(user, found.name, sent)
        if request.method == "POST" and seen.own and seen.lines:
            load(user, found.name, sent)
            return redirect("module_receipt", upload=sent.pk)
    except (Refused, TableRefused) as refused:
        messages.error(request, refused.fr if current() == "fr" else refused.en)
        return redirect("modules")
    names = queries.place_names(seen.lines[:SHOWN])
    context: dict[str, Any] = {
        "module": found, "upload": sent, "seen": seen, "problems": _told(found, seen.problems[:200]),
        "columns": columns(found), "lines": [
            (line.number, names.get(line.place or "", ""), _words(found, line.values)) for line in seen.lines[:SHOWN]
        ],
        "kept_out": len({p.number for p in seen.problems}),
    }  # fmt: skip
    return render(request, "monitoring/module_check.html", context)


def _told(module: Dataset, problems: Any) -> list[dict[str, Any]]:
    return [
        {"row": p.number, "column": module[p.problem.column].label(current()), "text": p.problem.text(current())}
        for p in problems
    ]


def _words(module: Dataset, values: dict[str, Any]) -> list[Any]:
    """The values of a row as people read them, in the order of the columns."""
    found = []
    for column in columns(module):
        value = values.get(column.name)
        known = column.codelist and value is not None
        found.append(codelist(column.codelist).label(str(value), current()) if known else value)
    return found


@never_cache
@require_GET
def receipt(request: HttpRequest, upload: int) -> HttpResponse:
    """What a table did, as the log keeps it."""
    user, _known = _hands_in(request)
    done = queries.loads(user).filter(details__upload=upload).first()
    if done is None:
        raise Http404
    sent = get_object_or_404(queries.all_sent(user), pk=upload)
    return render(
        request,
        "monitoring/module_receipt.html",
        {"done": done, "upload": sent, "module": queries.MODULES[done.details["dataset"]]},
    )
