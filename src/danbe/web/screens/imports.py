"""Imports: the list, the upload, the progress of the reading, the files that go back to the partner."""

from __future__ import annotations

import contextlib
from pathlib import PurePosixPath
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from danbe.collect.actions import receive
from danbe.curate.actions import response as actions
from danbe.curate.models import Batch
from danbe.curate.queries import response as queries
from danbe.register.models import User
from danbe.register.queries.users import is_administrator
from danbe.web import tasks
from danbe.web.language import _, current
from danbe.web.queries.work import work_on
from danbe.web.screens.organisations import organisation_choices
from danbe.web.screens.session import XLSX, download, own_organisation, signed_in

ENDINGS = (".xlsx", ".xls", ".ods", ".csv", ".xlsm", ".xlsb")


def find_batch(request: HttpRequest, pk: int) -> tuple[User, Batch]:
    """The batch of that number if the person may see it; 404 otherwise, as if it did not exist."""
    user = signed_in(request)
    return user, get_object_or_404(queries.batches(user).select_related("upload", "organisation"), pk=pk)


@require_GET
def batches(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    state = request.GET.get("etat", "")
    found = queries.batches(user).select_related("upload", "organisation").order_by("-created_at", "-pk")
    if state in Batch.State.values:
        found = found.filter(state=state)
    context = {
        "page": Paginator(found, 30).get_page(request.GET.get("page")),
        "state": state,
        "administrator": is_administrator(user),
    }
    return render(request, "imports/imports.html", context)


@require_http_methods(["GET", "POST"])
def upload(request: HttpRequest) -> HttpResponse:
    """Takes a file, keeps it verbatim, and hands its reading to the worker."""
    user = signed_in(request)
    administrator = is_administrator(user)
    choices = organisation_choices(user) if administrator else []
    context: dict[str, Any] = {
        "administrator": administrator,
        "organisations": choices,
        "limit": settings.UPLOAD_LIMIT_BYTES,
        "endings": ",".join(ENDINGS),
    }
    if request.method == "GET":
        return render(request, "imports/upload.html", context)
    file = request.FILES.get("fichier")
    context["error"] = _wrong(file)
    if file is None or file.file is None or context["error"]:
        return render(request, "imports/upload.html", context, status=422)
    organisation = own_organisation(user)
    if administrator and (code := request.POST.get("organisation", "")):
        organisation = next((o for o in choices if o.code == code), None)
        if organisation is None:
            raise Http404
    # An administrator's file may hold many organisations; a partner's is its own.
    options = actions.ImportOptions(
        organisation=organisation.code if organisation else "",
        mode="add" if request.POST.get("mode") == "add" else "replace",
        month=_month(request.POST.get("mois", "")),
    )
    with transaction.atomic():
        received = receive(user, file.file, file.name or "", organisation)
        batch = actions.open_batch(user, received, options)
        transaction.on_commit(lambda: tasks.read_batch.enqueue(batch.pk, user.pk, options.to_json(), "columns"))
    return redirect("batch", pk=batch.pk)


def _month(value: str) -> str:
    with contextlib.suppress(ValueError):
        return actions.ImportOptions(month=value).month
    return ""


def _wrong(file: object) -> str:
    """Why the file is not even read; '' when it is worth reading. The door itself looks inside."""
    name, size = getattr(file, "name", ""), getattr(file, "size", 0)
    if file is None:
        return _("Choisissez d’abord un fichier.")
    if not str(name).lower().endswith(ENDINGS):
        return _(
            "«%(name)s» n’est pas un classeur. Envoyez un fichier %(endings)s.", name=name, endings=", ".join(ENDINGS)
        )
    if size == 0:
        return _("Ce fichier est vide. Enregistrez-le de nouveau dans votre tableur, puis renvoyez-le.")
    if size > settings.UPLOAD_LIMIT_BYTES:
        limit = settings.UPLOAD_LIMIT_BYTES // 1024 // 1024
        return _(
            "Ce fichier dépasse %(limit)s Mo. Retirez-en les images et les feuilles sans rapport, puis renvoyez-le.",
            limit=limit,
        )
    return ""


@never_cache
@require_GET
def batch(request: HttpRequest, pk: int) -> HttpResponse:
    """The page of a batch: its progress while it is read, the next step of a draft, the result once entered."""
    user, found = find_batch(request, pk)
    work = work_on(found, current())
    context = {"batch": found, "work": work, "progress": queries.progress(user, found)}
    if work.busy:
        return render(request, "imports/progress.html", context)
    if work.failed or (found.state == Batch.State.FAILED):
        return render(request, "imports/failed.html", context)
    if work.error:
        messages.error(request, work.error)
    if found.state == Batch.State.DRAFT:
        return redirect(work.next if work.name == "read_batch" and work.next else _address(found, "columns"))
    if found.state == Batch.State.READING:
        return render(request, "imports/progress.html", context)
    return render(request, "imports/result.html", context)


@never_cache
@require_GET
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """The part of the progress page that htmx asks for again."""
    user, found = find_batch(request, pk)
    work = work_on(found, current())
    if not work.busy and (work.name or found.state != Batch.State.READING):
        return HttpResponse(headers={"HX-Redirect": _address(found)})
    return render(
        request, "imports/progress_part.html", {"batch": found, "work": work, "progress": queries.progress(user, found)}
    )


def _address(found: Batch, name: str = "batch") -> str:
    return reverse(name, args=[found.pk])


@require_GET
def annotated(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The partner's own workbook, its cells coloured and commented."""
    user, found = find_batch(request, pk)
    if found.state in (Batch.State.READING, Batch.State.FAILED):
        raise Http404
    path = queries.annotated(user, found, current())
    stem = PurePosixPath(found.upload.filename).stem
    return download(path, f"{stem}_{_('annoté')}.xlsx", XLSX)


@require_GET
def receipt(request: HttpRequest, pk: int) -> HttpResponse:
    """What the partner keeps: file, fingerprint, when, what was kept and what was not. Made to be printed."""
    _user, found = find_batch(request, pk)
    if found.state not in (Batch.State.COMMITTED, Batch.State.UNDONE):
        raise Http404
    return render(request, "imports/receipt.html", {"batch": found})
